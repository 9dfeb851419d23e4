"""A plate that is opened is read in a thread; one that was left already is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.bodies import make_body
from triggermap.body.plates import Body
from triggermap.ui.readahead import ReadAhead, _Warm


@pytest.fixture
def body(tmp_path: Path) -> Body:
    return make_body(tmp_path / "body", "computed")


@pytest.fixture
def ahead(qapp: QObject) -> Iterator[ReadAhead]:
    ahead = ReadAhead(QObject(qapp))
    yield ahead
    ahead.close()


def test_the_first_plate_is_left_to_the_loader_and_the_next_is_read(
    ahead: ReadAhead, body: Body, qtbot: QtBot
) -> None:
    ahead.show(body.plates["front"])
    assert not ahead.busy
    ahead.show(body.plates["back"])
    qtbot.waitUntil(lambda: not ahead.busy)
    assert set(body.plates["back"].id_maps) == {"superficial", "deep"}
    assert "id_maps" not in vars(body.plates["front"])


def test_a_plate_that_was_left_is_not_read(ahead: ReadAhead, body: Body) -> None:
    ahead.show(body.plates["front"])
    _Warm(ahead, body.plates["back"]).run()
    assert "id_maps" not in vars(body.plates["back"])


def test_a_damaged_plate_is_left_to_the_stage(ahead: ReadAhead, body: Body) -> None:
    (body.folder / "front" / "deep.ids.npz").unlink()
    ahead.show(body.plates["front"])
    _Warm(ahead, body.plates["front"]).run()
    assert "superficial" in body.plates["front"].id_maps


def test_closing_waits(ahead: ReadAhead, body: Body) -> None:
    for name in ("front", "back", "flank-left"):
        ahead.show(body.plates[name])
    ahead.close()
    assert not ahead.busy

"""What the loader reads ahead once the window is full: memory is bounded, and damage stops nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bodies import make_body
from triggermap import paths
from triggermap.body.plates import Body, Plate
from triggermap.opening import Loader
from triggermap.state import State

LARGE = {"id_maps", "regions"}
SMALL = {"outlines", "dot_counts", "depth"}


def read_ahead(body: Body, state: State) -> None:
    Loader(paths.data_dir(), paths.assets_dir(), state)._read_ahead(body)


def held(plate: Plate) -> set[str]:
    return (LARGE | SMALL) & set(vars(plate))


@pytest.fixture
def body(qapp: object, tmp_path: Path) -> Body:
    return make_body(tmp_path / "body", "computed")


def test_the_open_plate_is_read_whole_and_of_the_others_the_little_that_a_choice_asks_for(body: Body) -> None:
    read_ahead(body, State("back", "superficial"))
    assert held(body.plates["back"]) == LARGE | SMALL
    assert {layer.id for layer in body.plates["back"].layers[1:]} == set(body.plates["back"].id_maps)
    for name in ("front", "flank-left", "flank-right"):
        assert held(body.plates[name]) == SMALL


def test_a_state_of_a_plate_that_is_gone_reads_no_large_array(body: Body) -> None:
    read_ahead(body, State("no-such-plate", "superficial"))
    assert all(held(plate) == SMALL for plate in body.plates.values())


def test_a_damaged_plate_stops_nothing(body: Body) -> None:
    (body.folder / "back" / "outlines.npz").unlink()
    (body.folder / "front" / "dots.npz").write_bytes(b"no archive")
    read_ahead(body, State("back", "superficial"))
    assert held(body.plates["flank-right"]) == SMALL
    assert "id_maps" in held(body.plates["back"])

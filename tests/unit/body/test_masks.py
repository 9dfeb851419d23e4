"""Where nerves, vessels, organs and the lung zone are seen on a plate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bodies import make_body
from triggermap.body.masks import Mask, masks_of, near_of, seen_of, table_of
from triggermap.body.plates import Body, Grid
from triggermap.errors import TriggermapError


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


def thread(body: Body, side: str = "l") -> int:
    return body.by_mesh[f"nerves/thread.{side}"].id


def test_a_mask_is_cut_out_of_the_overlay_and_lies_where_it_lay(body: Body) -> None:
    plate = body.plates["front"]
    (mask,) = masks_of(plate, body, (thread(body),))
    whole = plate.overlay_map("nerves")
    assert int(mask.cells.sum()) == int((whole.ids == thread(body)).sum()) > 0
    assert not mask.cells[:2].any()
    assert not mask.cells[:, :2].any()
    for u, v in mask.places():
        assert whole.at(float(u), float(v)) == thread(body)


def test_both_sides_together_are_one_mask(body: Body) -> None:
    plate = body.plates["front"]
    (left,) = masks_of(plate, body, (thread(body),))
    (both,) = masks_of(plate, body, (thread(body), thread(body, "r")))
    assert both.cells.sum() == 2 * left.cells.sum()
    assert {float(np.sign(u)) for u, _ in both.places()} == {-1.0, 1.0}


def test_what_no_overlay_shows_has_no_mask(body: Body) -> None:
    muscle = body.by_mesh["muscles/trapezius.l.1"].id
    assert masks_of(body.plates["front"], body, (muscle,)) == []
    assert masks_of(body.plates["back"], body, (thread(body),)) == []  # that plate has no overlays
    assert masks_of(body.plates["front"], body, ()) == []


def test_places_are_few_and_even() -> None:
    grid = Grid(np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]), (100, 100))
    places = Mask(np.ones((100, 100), np.bool_), grid).places()
    assert 150 <= len(places) <= 250
    assert places[:, 1].min() < -95 < -5 < places[:, 1].max()


def test_what_is_seen_and_what_is_near(body: Body) -> None:
    plate, left, right = body.plates["front"], thread(body), thread(body, "r")
    muscle = body.by_mesh["muscles/trapezius.l.1"].id
    assert seen_of(plate, body, (left, right, muscle)) == {left, right}
    assert seen_of(body.plates["back"], body, (left,)) == frozenset()
    assert near_of(plate, body, (left, right), [(150.0, 1300.0)], 30.0) == {left}
    assert near_of(plate, body, (left, right), [(150.0, 1300.0)], 8.0) == frozenset()
    assert near_of(plate, body, (left, right), [(150.0, 1300.0), (-150.0, 1300.0)], 30.0) == {left, right}
    assert near_of(plate, body, (left,), [(9000.0, 0.0)], 30.0) == frozenset()


def test_a_damaged_map_is_named(tmp_path: Path) -> None:
    own = make_body(tmp_path / "body")
    overlay = own.plates["front"].overlay("nerves")
    assert overlay is not None
    overlay.ids.write_bytes(b"PK\x03\x04 no archive")
    for ask in (masks_of, seen_of):
        with pytest.raises(TriggermapError, match=r"nerves.ids.npz"):
            ask(own.plates["front"], own, (thread(own),))


def test_a_table_knows_its_ids() -> None:
    table = table_of((3, 65535))
    assert np.flatnonzero(table).tolist() == [3, 65535]

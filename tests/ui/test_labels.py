"""Names on the plate stand on what they name, once for a pair."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bodies import BOXES, make_body
from triggermap.body.plates import Body, Grid, IdMap
from triggermap.ui.stage.labels import label_places

PAIRED = {box.label for box in BOXES if box.paired}


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


def drawn(body: Body, boxes: dict[str, tuple[int, int, int, int]]) -> IdMap:
    """A map of 1 mm cells, 400 x 400, with boxes (rows and columns from and to) by mesh."""
    ids: NDArray[np.uint16] = np.zeros((400, 400), np.uint16)
    for mesh, (top, bottom, left, right) in boxes.items():
        ids[top:bottom, left:right] = body.by_mesh[mesh].id
    return IdMap(ids, Grid(np.array([[1.0, 0.0, -199.5], [0.0, -1.0, 199.5]]), (400, 400)))


def names(ids: IdMap, body: Body) -> list[str]:
    return [name for name, *_ in label_places(ids, body)]


@pytest.mark.parametrize("plate", ["front", "back"])
@pytest.mark.parametrize("layer", ["superficial", "deep"])
def test_a_name_stands_on_its_own_structure(body: Body, plate: str, layer: str) -> None:
    ids = body.plates[plate].id_map(layer)
    found = label_places(ids, body)
    assert found
    for name, u, v in found:
        structure = body.structures[ids.at(u, v)]
        assert structure.label == name
        assert structure.side in ("left", "mid")


@pytest.mark.parametrize("plate", ["front", "back"])
def test_a_pair_is_named_once(body: Body, plate: str) -> None:
    found = names(body.plates[plate].id_map("superficial"), body)
    assert len(found) == len(set(found))
    assert PAIRED & set(found) >= {"Trapezius, upper", "Serratus anterior"}
    assert "Spine" in found


def test_the_largest_claim_room_first(body: Body) -> None:
    ids = drawn(
        body,
        {
            "muscles/rhomboid.l": (0, 40, 0, 40),
            "muscles/trapezius.l.1": (100, 200, 0, 100),
            "muscles/trapezius.l.2": (300, 360, 0, 60),
        },
    )
    assert names(ids, body) == ["Trapezius, upper", "Trapezius, lower", "Rhomboid"]


def test_a_lone_right_side_is_named(body: Body) -> None:
    found = label_places(drawn(body, {"muscles/rhomboid.r": (0, 40, 200, 240)}), body)
    assert [name for name, *_ in found] == ["Rhomboid"]


def test_the_name_of_a_pair_stands_on_the_left(body: Body) -> None:
    ids = drawn(body, {"muscles/rhomboid.l": (0, 40, 0, 40), "muscles/rhomboid.r": (0, 60, 200, 260)})
    ((_, u, v),) = label_places(ids, body)
    assert body.structures[ids.at(u, v)].side == "left"


def test_a_sliver_of_the_left_does_not_take_the_name_of_the_right(body: Body) -> None:
    ids = drawn(body, {"muscles/rhomboid.l": (0, 4, 0, 4), "muscles/rhomboid.r": (0, 60, 200, 260)})
    assert names(ids, body) == ["Rhomboid"]


def test_what_is_too_small_has_no_name(body: Body) -> None:
    assert names(drawn(body, {"muscles/rhomboid.l": (0, 4, 0, 12)}), body) == []
    assert names(drawn(body, {"muscles/rhomboid.l": (0, 9, 0, 9)}), body) == ["Rhomboid"]


def test_nerves_and_skin_have_no_name(body: Body) -> None:
    ids = drawn(body, {"skin/skin": (0, 300, 0, 300), "nerves/thread.l": (300, 400, 0, 400)})
    assert names(ids, body) == []


def test_a_name_does_not_stand_in_the_hollow_of_a_bent_structure(body: Body) -> None:
    ids = drawn(body, {"muscles/trapezius.l.1": (0, 300, 0, 300), "muscles/rhomboid.l": (20, 300, 20, 280)})
    for name, u, v in label_places(ids, body):
        assert body.structures[ids.at(u, v)].label == name


def test_a_name_stands_in_the_middle(body: Body) -> None:
    ((_, u, v),) = label_places(drawn(body, {"muscles/rhomboid.l": (100, 300, 200, 300)}), body)
    assert u == pytest.approx(50, abs=4)
    assert v == pytest.approx(0, abs=4)


def test_an_empty_map_has_no_names(body: Body) -> None:
    assert names(drawn(body, {}), body) == []


def test_an_id_that_the_body_does_not_know_has_no_name(body: Body) -> None:
    ids = drawn(body, {})
    ids.ids[:] = 999
    assert names(ids, body) == []

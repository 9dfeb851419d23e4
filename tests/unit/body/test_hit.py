"""What is under the pointer: a mark, then what the layer shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.bodies import make_body
from triggermap.body.hit import NOTHING, Mark, Target, _nearest_of, hit
from triggermap.body.masks import table_of
from triggermap.body.plates import Body, Grid, IdMap, Overlay, Plate


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="module")
def back(body: Body) -> Plate:
    return body.plates["back"]


def mark(u: float, v: float, point: str = "p") -> Mark:
    return Mark(point, "left", "1", u, v, False)


def test_a_mark_beats_the_structure_under_it(body: Body, back: Plate) -> None:
    trapezius = Target("structure", body.by_mesh["muscles/trapezius.l.1"].id)
    assert hit(back, "superficial", -50, 1400) == trapezius
    marks = (mark(-52, 1400),)
    assert hit(back, "superficial", -50, 1400, marks, 3.0) == Target("mark", 0)
    assert hit(back, "superficial", -50, 1400, marks, 1.9) == trapezius
    assert hit(back, "skin", -50, 1400, marks, 3.0) == Target("mark", 0)


def test_a_mark_is_hit_off_the_body_too(back: Plate) -> None:
    assert hit(back, "superficial", 176, 1700, (mark(175, 1700),), 2.0) == Target("mark", 0)


def test_the_nearest_mark_is_hit_and_of_two_at_one_place_the_one_on_top(back: Plate) -> None:
    marks = (mark(0, 1400, "a"), mark(4, 1400, "b"), mark(4, 1400, "c"))
    assert hit(back, "deep", 1.5, 1400, marks, 5.0) == Target("mark", 0)
    assert hit(back, "deep", 2.5, 1400, marks, 5.0) == Target("mark", 2)


def test_a_mark_reaches_in_a_circle(back: Plate) -> None:
    marks = (mark(-60, 1400),)
    assert hit(back, "superficial", -57, 1404, marks, 5.0) == Target("mark", 0)
    assert hit(back, "superficial", -56, 1404, marks, 5.0).kind == "structure"


def test_the_skin_gives_a_region_and_the_others_a_structure(body: Body, back: Plate) -> None:
    (blade,) = body.region_values("shoulder-blade-lower", ("left",))
    assert hit(back, "skin", -60, 1350) == Target("region", blade)
    assert hit(back, "deep", -60, 1360) == Target("structure", body.by_mesh["muscles/rhomboid.l"].id)
    assert hit(back, "deep", 60, 1360) == Target("structure", body.by_mesh["muscles/rhomboid.r"].id)


def test_a_thread_is_hit_by_a_hand_that_is_a_little_off(back: Plate) -> None:
    ids = np.zeros((41, 41), np.uint16)
    ids[:, 20] = 9
    fine = Grid(np.array([[0.5, 0.0, -10.0], [0.0, -0.5, 10.0]]), ids.shape)
    plate = replace(back, grid=fine)
    vars(plate)["id_maps"] = {"deep": IdMap(ids, fine)}
    for side in (-1, 1):
        assert hit(plate, "deep", side * 1.5, 0.0) == Target("structure", 9)
        assert hit(plate, "deep", side * 2.0, 0.0) is NOTHING


@pytest.mark.parametrize("layer", ["skin", "superficial", "deep"])
def test_an_overlay_on_show_is_hit_before_the_layer(body: Body, layer: str) -> None:
    front = body.plates["front"]
    thread = Target("structure", body.by_mesh["nerves/thread.l"].id)
    under = hit(front, layer, 162.9, 1300)
    assert under != thread
    assert hit(front, layer, 162.9, 1300, overlays=("nerves",)) == under  # out of reach
    for u in (164.5, 167.5):  # its cells are coarser than those of the layer
        assert hit(front, layer, u, 1300, overlays=("nerves", "veins")) == thread
    assert hit(front, "skin", 164.5, 1300).kind == "region"
    assert hit(front, layer, 164.5, 1300, (mark(164, 1300),), 2.0, ("nerves",)) == Target("mark", 0)


def test_what_lies_over_all_is_not_in_the_way(body: Body) -> None:
    front = body.plates["front"]
    spine = body.by_mesh["skeleton/spine"].id
    assert front.overlay_map("bone-outline").at(0, 1300) == spine
    (bone,) = body.region_values("breastbone", ("left",))
    assert hit(front, "skin", 0, 1300, overlays=("bone-outline", "nerves")) == Target("region", bone)


def test_of_two_overlays_the_one_on_top_is_hit(body: Body) -> None:
    front = body.plates["front"]
    bones, nerves = front.overlays
    both = replace(front, overlays=(replace(bones, id="organs"), nerves))
    for top, first, last in ((1, 9, 8), (0, 8, 9)):
        plate = replace(both, overlays=(both.overlays[1 - top], both.overlays[top]))
        maps = {"organs": np.full((5, 5), 8, np.uint16), "nerves": np.full((5, 5), 9, np.uint16)}
        where = Grid(np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 1300.0]]), (5, 5))
        vars(plate)["overlay_maps"] = {name: IdMap(ids, where) for name, ids in maps.items()}
        assert hit(plate, "deep", 2, 1298, overlays=("organs", "nerves")) == Target("structure", first)
        alone = {8: "organs", 9: "nerves"}[last]
        assert hit(plate, "deep", 2, 1298, overlays=(alone,)) == Target("structure", last)


def test_an_overlay_that_the_plate_lacks_changes_nothing(back: Plate) -> None:
    assert hit(back, "deep", -60, 1360, overlays=("nerves",)) == hit(back, "deep", -60, 1360)


@pytest.mark.parametrize("layer", ["skin", "superficial", "deep"])
def test_beside_the_body_is_nothing(back: Plate, layer: str) -> None:
    assert hit(back, layer, 176, 1700) is NOTHING
    assert hit(back, layer, 9000, -9000) is NOTHING
    assert hit(back, layer, 9000, -9000, (mark(0, 1400),), 5.0) is NOTHING


def test_the_skin_is_not_hit_beside_itself(back: Plate) -> None:
    assert hit(back, "skin", 169.9, 1500).kind == "region"
    assert hit(back, "skin", 170.1, 1500) is NOTHING


def test_another_layer_is_a_mistake_of_the_program(back: Plate) -> None:
    with pytest.raises(KeyError):
        hit(back, "bone", 0, 1400)


# --- hazard zones -----------------------------------------------------------------------------------------


def test_a_hazard_zone_on_show_is_hit_before_overlays_and_layer_and_after_marks(body: Body) -> None:
    front, thread = body.plates["front"], body.by_mesh["nerves/thread.l"].id
    table = table_of((thread,))
    found = Target("hazard", thread)
    assert hit(front, "skin", 164.5, 1300, hazards=table) == found
    assert hit(front, "deep", 164.5, 1300, overlays=("nerves",), hazards=table) == found
    assert hit(front, "deep", 167.4, 1300, hazards=table) == found  # a hand is a little off
    assert hit(front, "deep", 160.0, 1300, hazards=table).kind != "hazard"
    assert hit(front, "deep", 164.5, 1300, (mark(164, 1300),), 2.0, hazards=table) == Target("mark", 0)
    assert hit(front, "skin", 164.5, 1300).kind == "region"


def test_what_no_hazard_is_about_is_not_hit_as_one(body: Body) -> None:
    front = body.plates["front"]
    other = table_of((body.by_mesh["skeleton/spine"].id,))
    assert hit(front, "skin", 164.5, 1300, hazards=other).kind == "region"
    assert hit(body.plates["back"], "skin", -60, 1350, hazards=other).kind == "region"


def test_the_thin_lies_over_the_wide_and_the_wide_is_hit_where_it_is(back: Plate) -> None:
    lung, thread = np.zeros((41, 41), np.uint16), np.zeros((41, 41), np.uint16)
    lung[:, 10:] = 8
    thread[:, 20] = 9
    fine = Grid(np.array([[0.5, 0.0, -10.0], [0.0, -0.5, 10.0]]), lung.shape)
    nothing = Path()
    rect = (-10.0, -10.0, 20.0, 20.0)
    overlays = tuple(Overlay(name, name, nothing, nothing, rect, 1.0) for name in ("lung-zone", "nerves"))
    plate = replace(back, grid=fine, overlays=overlays)
    vars(plate)["overlay_maps"] = {"lung-zone": IdMap(lung, fine), "nerves": IdMap(thread, fine)}
    table = table_of((8, 9))
    assert hit(plate, "deep", 0.5, 0.0, hazards=table) == Target("hazard", 9)
    assert hit(plate, "deep", 3.0, 0.0, hazards=table) == Target("hazard", 8)
    assert hit(plate, "deep", 0.0, 0.0, hazards=table_of((8,))) == Target("hazard", 8)
    # A lung reaches no farther than it is drawn: it is wide enough for any hand.
    assert _nearest_of(IdMap(lung, fine), table, -5.5, 0.0, 0.0) == 0

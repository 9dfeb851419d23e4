"""What is under the pointer: a mark, then what the layer shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.bodies import make_body
from triggermap.body.hit import NOTHING, Mark, Target, hit
from triggermap.body.plates import Body, Grid, IdMap, Plate


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

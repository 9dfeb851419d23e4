"""Where the things of the dataset stand on the body: sides, mirrors, parts and plates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.bodies import BOXES, make_body
from tests.unit.builders import build, ids
from triggermap import placing
from triggermap.body.plates import Body, Dots, Plate, Structure
from triggermap.dataset.models import Dataset, Muscle, TriggerPoint, Zone
from triggermap.errors import TriggermapError
from triggermap.state import Side, State


def two_parts(values: dict[str, Any]) -> None:
    """Give the trapezius a lower part, to which its second point belongs."""
    trapezius = next(m for m in values["muscles"] if m["id"] == "trapezius")
    trapezius["parts"].append(
        {
            "id": "trapezius-lower",
            "name": "Lower trapezius",
            "latin": "Pars ascendens",
            "ids": ids(),
            "meshes": ["muscles/trapezius.l.2"],
        }
    )
    trapezius["trigger_points"][1]["part"] = "trapezius-lower"


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    folder: Path = tmp_path_factory.mktemp("body")
    return make_body(folder)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build(two_parts)


@pytest.fixture(scope="module")
def trapezius(dataset: Dataset) -> Muscle:
    return next(m for m in dataset.muscles if m.id == "trapezius")


@pytest.fixture(scope="module")
def serratus(dataset: Dataset) -> Muscle:
    return next(m for m in dataset.muscles if m.id == "serratus-anterior")


def meshes(structures: list[Structure]) -> list[str]:
    return [structure.mesh for structure in structures]


def zone(region: str, side: str = "ipsilateral") -> Zone:
    return Zone.model_validate({"region": region, "side": side, "references": ["smith-2001"]})


def named(body: Body, values: list[int]) -> list[tuple[str, str]]:
    return [(body.regions[value].region, body.regions[value].side) for value in values]


@pytest.fixture(scope="module")
def flanked(tmp_path_factory: pytest.TempPathFactory) -> Body:
    """A body with two plates of one side."""
    return make_body(tmp_path_factory.mktemp("flanked"), "mirrored")


# --- views --------------------------------------------------------------------------------------------


def layered(body: Body, *ids: str) -> Plate:
    plate = body.plates["front"]
    return replace(plate, layers=tuple(replace(plate.layers[0], id=one) for one in ids))


@pytest.mark.parametrize(
    ("ids", "wanted", "found"),
    [
        ("skin superficial deep bone", "superficial", "superficial"),
        ("skin superficial deep bone", "intermediate", "superficial"),  # of two equally near the first
        ("skin superficial deep", "bone", "deep"),
        ("intermediate deep bone", "skin", "intermediate"),
        ("skin superficial bone", "deep", "bone"),
        ("skin intermediate deep bone", "superficial", "intermediate"),
        ("skin deep bone", "superficial", "deep"),
        ("skin superficial jaw bone", "deep", "jaw"),
        ("skin superficial deep jaw", "jaw", "jaw"),
        ("skin superficial deep bone", "jaw", "deep"),
        ("skin superficial suboccipital jaw", "plantar-3", "suboccipital"),
        ("skin", "bone", "skin"),
    ],
)
def test_the_layer_at_the_nearest_depth(body: Body, ids: str, wanted: str, found: str) -> None:
    assert placing.nearest_layer(layered(body, *ids.split()), wanted) == found


@pytest.mark.parametrize(
    ("plate", "side", "found"),
    [
        ("front", "right", "front"),
        ("flank-left", "left", "flank-left"),
        ("flank-left", "both", "flank-left"),
        ("flank-left", "right", "flank-right"),
        ("flank-right", "left", "flank-left"),
        ("flank-right", "both", "flank-right"),
    ],
)
def test_the_plate_for_a_side(flanked: Body, plate: str, side: Side, found: str) -> None:
    assert placing.plate_for_side(flanked, flanked.plates[plate], side).id == found


def test_a_plate_whose_counterpart_was_not_made_stays(flanked: Body) -> None:
    alone = replace(flanked, plates={"flank-left": flanked.plates["flank-left"]})
    assert placing.plate_for_side(alone, alone.plates["flank-left"], "right").id == "flank-left"


def test_a_view_with_overlays(body: Body) -> None:
    placing.check_view(body, State("back", "deep", "left", overlays=("landmarks", "lung-zone", "veins")))
    with pytest.raises(TriggermapError, match=r"no overlay 'ghosts': choose one of arteries, .*, veins\."):
        placing.check_view(body, State("back", "deep", "left", overlays=("ghosts", "nerves")))


# --- structures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("left", ["l.1", "l.2"]),
        ("right", ["r.1", "r.2"]),
        ("both", ["l.1", "l.2", "r.1", "r.2"]),
    ],
)
def test_structures_of_a_side(body: Body, trapezius: Muscle, side: Side, expected: list[str]) -> None:
    found = placing.structures_of(body, trapezius, side)
    assert meshes(found) == [f"muscles/trapezius.{end}" for end in expected]


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_a_part_is_its_own_meshes(body: Body, trapezius: Muscle, side: Side) -> None:
    found = placing.structures_of(body, trapezius, side, "trapezius-lower")
    ends = {"left": ["l"], "right": ["r"], "both": ["l", "r"]}[side]
    assert meshes(found) == [f"muscles/trapezius.{end}.2" for end in ends]


def test_a_part_without_meshes_is_the_whole_muscle(body: Body, trapezius: Muscle) -> None:
    bare = trapezius.parts[1].model_copy(update={"meshes": ()})
    muscle = trapezius.model_copy(update={"parts": (trapezius.parts[0], bare)})
    assert meshes(placing.structures_of(body, muscle, "left", "trapezius-lower")) == ["muscles/trapezius.l.1"]
    assert len(placing.structures_of(body, trapezius, "left", "no-such-part")) == 2


def test_what_lies_in_the_middle_belongs_to_both_sides_and_stands_once(body: Body, serratus: Muscle) -> None:
    muscle = serratus.model_copy(update={"meshes": ("skeleton/spine", "muscles/serratus_anterior.l")})
    assert meshes(placing.structures_of(body, muscle, "right")) == [
        "skeleton/spine",
        "muscles/serratus_anterior.r",
    ]
    assert meshes(placing.structures_of(body, muscle, "both")).count("skeleton/spine") == 1


def test_a_mesh_that_the_body_lacks_is_left_out(body: Body, serratus: Muscle) -> None:
    muscle = serratus.model_copy(update={"meshes": ("muscles/nowhere.l",)})
    assert placing.structures_of(body, muscle, "both") == []


def test_muscles_by_structure_of_both_sides(body: Body, dataset: Dataset) -> None:
    found = placing.muscles_by_structure(body, dataset.muscles)
    by_mesh = {body.structures[number].mesh: muscle for number, muscle in found.items()}
    assert by_mesh == {
        **{f"muscles/serratus_anterior.{side}": "serratus-anterior" for side in "lr"},
        **{f"muscles/trapezius.{side}.{n}": "trapezius" for side in "lr" for n in (1, 2)},
    }


def test_the_part_of_a_mesh(trapezius: Muscle) -> None:
    assert placing.part_of(trapezius, "muscles/trapezius.l.2") == "trapezius-lower"
    assert placing.part_of(trapezius, "muscles/soleus.l") is None


# --- points -------------------------------------------------------------------------------------------


def test_the_right_is_the_mirror_of_the_left(trapezius: Muscle) -> None:
    for point in trapezius.trigger_points:
        left, right = placing.position(point, "left"), placing.position(point, "right")
        assert left.tolist() == list(point.position.at)
        assert right.tolist() == (left * [-1, 1, 1]).tolist()


@pytest.mark.parametrize(
    ("side", "places"),
    [
        ("left", [("trapezius-2", -60.0), ("trapezius-1", -70.0)]),
        ("right", [("trapezius-2", 60.0), ("trapezius-1", 70.0)]),
        (
            "both",
            [("trapezius-2", -60.0), ("trapezius-2", 60.0), ("trapezius-1", -70.0), ("trapezius-1", 70.0)],
        ),
    ],
)
def test_marks_of_a_side_the_chosen_one_on_top(
    body: Body, trapezius: Muscle, side: Side, places: list[tuple[str, float]]
) -> None:
    marks = placing.marks(body.plates["back"], trapezius, side, "trapezius-1")
    assert [(mark.point, mark.u) for mark in marks] == places
    assert [mark.selected for mark in marks] == [point == "trapezius-1" for point, _ in places]
    assert {mark.v for mark in marks} == {1440.0, 1350.0}
    assert {mark.label for mark in marks} == {"1", "2"}


def test_a_mark_bears_the_hazard_of_its_point(body: Body, trapezius: Muscle) -> None:
    hazards = {"trapezius-2": ("Pneumothorax", True)}
    found = placing.marks(body.plates["back"], trapezius, "left", None, hazards)
    assert {(mark.point, mark.hazard, mark.grave) for mark in found} == {
        ("trapezius-1", "", False),
        ("trapezius-2", "Pneumothorax", True),
    }


def test_no_mark_stands_on_a_plate_that_does_not_see_it(
    body: Body, trapezius: Muscle, serratus: Muscle
) -> None:
    assert placing.marks(body.plates["front"], trapezius, "both", None) == ()
    assert placing.marks(body.plates["back"], serratus, "both", None) == ()
    (mark,) = placing.marks(body.plates["front"], serratus, "right", None)
    assert (mark.side, mark.u, mark.v, mark.selected) == ("right", -140.0, 1240.5, False)


def test_a_mark_stands_on_its_muscle(body: Body, dataset: Dataset) -> None:
    for muscle in dataset.muscles:
        own = {s.id for s in placing.structures_of(body, muscle, "both")}
        for plate in body.plates.values():
            for mark in placing.marks(plate, muscle, "both", None):
                hit = plate.id_map("superficial").at(mark.u, mark.v)
                assert hit in own
                assert body.structures[hit].side == mark.side


# --- zones --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("felt", "side", "expected"),
    [
        ("ipsilateral", "left", ("left",)),
        ("ipsilateral", "right", ("right",)),
        ("ipsilateral", "both", ("left", "right")),
        ("contralateral", "left", ("right",)),
        ("contralateral", "right", ("left",)),
        ("contralateral", "both", ("left", "right")),
        ("bilateral", "left", ("left", "right")),
        ("bilateral", "right", ("left", "right")),
        ("bilateral", "both", ("left", "right")),
    ],
)
def test_where_a_zone_is_felt(felt: str, side: Side, expected: tuple[str, ...]) -> None:
    assert placing.felt_on(zone("temple", felt), side) == expected


def test_values_of_zones(body: Body) -> None:
    zones = (zone("temple"), zone("side-of-chest", "contralateral"), zone("breastbone"))
    assert named(body, placing.zone_values(body, zones, "right")) == [
        ("temple", "right"),
        ("side-of-chest", "left"),
        ("breastbone", "mid"),
    ]
    both = named(body, placing.zone_values(body, zones, "both"))
    assert sorted(both) == sorted(
        [
            ("temple", "left"),
            ("temple", "right"),
            ("side-of-chest", "left"),
            ("side-of-chest", "right"),
            ("breastbone", "mid"),
        ]
    )


def test_a_zone_that_is_named_twice_and_one_without_skin(body: Body) -> None:
    zones = (zone("temple"), zone("temple", "bilateral"), zone("behind-eye"))
    assert named(body, placing.zone_values(body, zones, "left")) == [("temple", "left"), ("temple", "right")]


# --- plates -------------------------------------------------------------------------------------------


def point(at: tuple[float, float, float], essential: tuple[Zone, ...] = ()) -> TriggerPoint:
    sample = build().muscles[0].trigger_points[0]
    where = sample.position.model_copy(update={"at": at})
    return sample.model_copy(update={"position": where, "essential": essential, "spillover": ()})


def test_the_plate_that_shows_the_point_comes_first(body: Body) -> None:
    # The breastbone is seen from the front alone, the site from behind alone.
    site = point((50.0, 1400.0, -80.0), (zone("breastbone"),))
    assert placing.plates_for_point(body, site, "left") == ["back", "front"]
    site = point((50.0, 1400.0, 80.0), (zone("shoulder-blade-lower"),))
    assert placing.plates_for_point(body, site, "left") == ["front", "back"]


def test_a_plate_that_shows_nothing_of_a_point_is_not_named(body: Body) -> None:
    assert placing.plates_for_point(body, point((50.0, 1400.0, -80.0)), "both") == ["back"]
    site = point((50.0, 1400.0, 80.0), (zone("breastbone"),))
    assert placing.plates_for_point(body, site, "both") == ["front"]


def test_of_two_plates_without_the_point_the_one_with_more_of_the_pattern_comes_first(body: Body) -> None:
    hidden = (50.0, 1400.0, 0.0)
    site = point(hidden, (zone("shoulder-blade-lower"), zone("temple")))
    assert placing.plates_for_point(body, site, "left") == ["back", "front"]
    site = point(hidden, (zone("breastbone"), zone("temple")))
    assert placing.plates_for_point(body, site, "left") == ["front", "back"]
    site = point(hidden, (zone("temple"),))
    assert placing.plates_for_point(body, site, "left") == ["front", "back"]  # equal: in the body's order
    assert placing.plates_for_point(body, point(hidden), "left") == []


def test_plates_of_a_region(body: Body) -> None:
    assert placing.plates_for_region(body, "shoulder-blade-lower", "left") == ["back"]
    assert placing.plates_for_region(body, "breastbone", "right") == ["front"]
    assert placing.plates_for_region(body, "temple", "both") == ["front", "back"]
    assert placing.plates_for_region(body, "behind-eye", "both") == []


def test_plates_of_one_side_are_for_that_side(flanked: Body, serratus: Muscle) -> None:
    chest = serratus.trigger_points[0]
    for side, own in (("left", ["flank-left"]), ("right", ["flank-right"]), ("both", ["flank-left"])):
        for found in (
            placing.plates_for_muscle(flanked, serratus, side),  # type: ignore[arg-type]  # a side it is
            placing.plates_for_point(flanked, chest, side),  # type: ignore[arg-type]
            placing.plates_for_region(flanked, "side-of-chest", side),  # type: ignore[arg-type]
        ):
            assert [plate for plate in found if plate.startswith("flank")] == own


def crowd(body: Body, number: int) -> Body:
    """The body with many parts that all show the same."""
    back = body.plates["back"]
    parts = {f"part-{n}": replace(back, id=f"part-{n}", group="thorax") for n in range(number)}
    return replace(body, plates={**parts, **body.plates})


def test_the_whole_body_comes_first_and_the_list_is_short(body: Body, trapezius: Muscle) -> None:
    many = crowd(body, 9)
    site = trapezius.trigger_points[0]
    first = ["back", "part-0", "part-1", "part-2", "part-3", "part-4"]
    assert placing.plates_for_point(many, site, "left")[0] == "back"
    assert placing.plates_for_region(many, "shoulder-blade-lower", "left") == first
    assert placing.plates_for_muscle(many, trapezius, "left")[:1] == ["back"]
    for found in (
        placing.plates_for_point(many, site, "both"),
        placing.plates_for_muscle(many, trapezius, "both"),
    ):
        assert len(found) == len(set(found)) == placing.MOST_PLATES


def seeing(whole: Plate, every: int = 1, *, blind: bool = False, name: str = "part") -> Plate:
    """A plate that sees every so-manieth dot of another one, and its sites unless it is ``blind``."""
    plate = replace(whole, id=name, group="whole" if name == "back" else "thorax")
    dots = whole.dots
    vars(plate)["dots"] = Dots(dots.points[::every], dots.region[::every], dots.rank[::every])
    entry = whole.depth.entry * np.nan if blind else whole.depth.entry
    vars(plate)["depth"] = replace(whole.depth, entry=entry)
    return plate


def with_plates(body: Body, *plates: Plate) -> Body:
    return replace(body, plates={plate.id: plate for plate in plates})


def test_a_part_of_the_body_is_named_where_it_shows_the_thing_well(body: Body) -> None:
    front, back = body.plates["front"], body.plates["back"]
    site = point((50.0, 1400.0, -80.0), (zone("shoulder-blade-lower"), zone("breastbone")))
    few, most, hidden = seeing(back, 10, name="few"), seeing(back), seeing(back, blind=True, name="hidden")
    several = with_plates(body, hidden, few, most, front, back)
    assert placing.plates_for_point(several, site, "left") == ["back", "front", "part"]
    assert placing.plates_for_region(several, "shoulder-blade-lower", "left") == ["back", "hidden", "part"]


def test_a_view_of_the_whole_body_that_hardly_shows_the_thing_is_not_named(body: Body) -> None:
    front = body.plates["front"]
    site = point((50.0, 1400.0, 80.0), (zone("breastbone"),))
    for every, named in ((8, ["front", "back"]), (12, ["front"])):
        whole = with_plates(body, front, seeing(front, every, blind=True, name="back"))
        assert placing.plates_for_point(whole, site, "left") == named


def test_the_part_comes_first_where_the_whole_body_shows_little(body: Body) -> None:
    back = body.plates["back"]
    for every, first in ((2, "back"), (5, "part")):
        plates = with_plates(body, seeing(back, every, name="back"), seeing(back))
        assert placing.plates_for_region(plates, "shoulder-blade-lower", "left")[0] == first
    site = point((50.0, 1400.0, -80.0), (zone("shoulder-blade-lower"),))
    for blind, first in ((False, "back"), (True, "part")):  # the mark weighs more than the skin
        plates = with_plates(body, seeing(back, 5, blind=blind, name="back"), seeing(back))
        assert placing.plates_for_point(plates, site, "left")[0] == first


def test_a_muscle_on_the_far_side_is_seen_from_the_other(body: Body, trapezius: Muscle) -> None:
    bare = trapezius.model_copy(update={"trigger_points": ()})
    centres = {
        "muscles/trapezius.l.1": (60.0, 1400.0, -77.0),
        "muscles/trapezius.r.1": (-60.0, 1400.0, -77.0),
    }
    structures = {n: replace(s, centre=centres.get(s.mesh)) for n, s in body.structures.items()}
    one = bare.model_copy(update={"meshes": ("muscles/trapezius.l.1",), "parts": ()})
    assert placing.plates_for_muscle(replace(body, structures=structures), one, "left") == ["back"]
    assert placing.plates_for_muscle(body, one, "left") == ["front", "back"]


def test_plates_of_a_muscle(body: Body, trapezius: Muscle, serratus: Muscle) -> None:
    assert placing.plates_for_muscle(body, trapezius, "both") == ["back", "front"]
    assert placing.plates_for_muscle(body, serratus, "both") == ["front", "back"]
    bare = trapezius.model_copy(update={"trigger_points": ()})
    assert placing.plates_for_muscle(body, bare, "both") == ["front", "back"]


def test_the_area_of_a_ring() -> None:
    square = np.array([[10, 10], [14, 10], [14, 13], [10, 13]], np.float32)
    assert placing.ring_area(square) == pytest.approx(12.0)
    assert placing.ring_area(square[::-1]) == pytest.approx(12.0)
    assert placing.ring_area(square[:2]) == 0.0


def test_the_area_of_each_box(body: Body) -> None:
    for box in BOXES:
        x0, x1, y0, y1, *_ = box.at
        for plate in body.plates.values():
            rings = plate.outlines.rings(body.by_mesh[box.mesh].id)
            assert sum(map(placing.ring_area, rings)) == pytest.approx((x1 - x0) * (y1 - y0))


def test_a_point_of_one_side_is_marked_on_that_side_alone(body: Body) -> None:
    def right_only(values: dict[str, Any]) -> None:
        trapezius = next(m for m in values["muscles"] if m["id"] == "trapezius")
        trapezius["trigger_points"][1]["only"] = "right"

    muscle = next(m for m in build(right_only).muscles if m.id == "trapezius")
    plate = body.plates["back"]
    for side, expected in (("left", []), ("right", ["right"]), ("both", ["right"])):
        found = placing.marks(plate, muscle, cast("Side", side), None)
        assert [mark.side for mark in found if mark.point == "trapezius-2"] == expected

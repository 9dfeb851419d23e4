"""From a state to what the stage paints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.bodies import make_body
from tests.unit.builders import build, ids
from triggermap.body.plates import Body
from triggermap.dataset.models import Dataset
from triggermap.session import Session
from triggermap.state import Side, State
from triggermap.ui.stage.scene import Anchor, Scene, scene_of

POINT = State("back", "superficial", "left", muscle="trapezius", point="trapezius-1")


def change(values: dict[str, Any]) -> None:
    """A part of its own for the second point; a deep region behind, a zone on the other side."""
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
    trapezius["trigger_points"][1]["spillover"] = [
        {"region": "side-of-chest", "side": "contralateral", "references": ["smith-2001"]},
        {"region": "nape-deep", "side": "bilateral", "references": ["smith-2001"]},
    ]
    values["regions"].append(
        {
            "id": "nape-deep",
            "name": "Deep in the nape",
            "clinical": "Suboccipital",
            "group": "head",
            "anchor": [20.0, 1500.0, -80.0],
            "icon": "neck",
        }
    )
    values["regions"].append(
        {
            "id": "throat",
            "name": "Throat",
            "clinical": "Pharynx",
            "group": "head",
            "paired": False,
            "anchor": [0.0, 1500.0, 80.0],
            "icon": "throat",
        }
    )


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build(change)


@pytest.fixture
def session(body: Body, dataset: Dataset) -> Session:
    made = Session(State("back", "superficial", "left"))
    made.take_body(body)
    made.take_dataset(dataset)
    return made


def shown(session: Session, state: State) -> Scene:
    session.show(state)
    return scene_of(session)


def meshes(session: Session, numbers: tuple[int, ...]) -> list[str]:
    assert session.body is not None
    return [session.body.structures[number].mesh.removeprefix("muscles/") for number in numbers]


def regions(session: Session, values: tuple[int, ...]) -> list[tuple[str, str]]:
    assert session.body is not None
    return [(session.body.regions[value].region, session.body.regions[value].side) for value in values]


def test_nothing_selected_is_the_bare_plate(session: Session) -> None:
    assert shown(session, State("front", "deep", "both")) == Scene("front", "deep")
    assert shown(session, State("front", "skin", "left", labels=True)) == Scene("front", "skin", labels=True)
    assert not Scene("front", "deep").has_pattern


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("left", [("temple", "left")]),
        ("right", [("temple", "right")]),
        ("both", [("temple", "left"), ("temple", "right")]),
    ],
)
def test_a_region_is_lit_on_the_shown_side(
    session: Session, side: Side, expected: list[tuple[str, str]]
) -> None:
    scene = shown(session, State("front", "skin", side, region="temple"))
    assert regions(session, scene.region) == expected
    assert (scene.selected, scene.marks, scene.has_pattern) == ((), (), False)


def test_a_region_of_the_middle_is_lit_once(session: Session) -> None:
    scene = shown(session, State("front", "skin", "both", region="breastbone"))
    assert regions(session, scene.region) == [("breastbone", "mid")]


@pytest.mark.parametrize(
    ("plate", "layer", "mesh", "ghosted"),
    [
        ("back", "superficial", "muscles/rhomboid.l", True),
        ("back", "deep", "muscles/rhomboid.l", False),
        ("back", "skin", "muscles/rhomboid.l", True),
        ("front", "superficial", "muscles/pectoral.l", False),
        ("back", "superficial", "muscles/pectoral.l", True),
        # 110 x 150 mm, of which the pectoral hides 80 x 70 and the spine nothing: less than nine tenths.
        ("front", "superficial", "muscles/trapezius.l.1", True),
        ("back", "superficial", "muscles/trapezius.l.1", False),
    ],
)
def test_what_is_covered_is_ghosted(
    body: Body, dataset: Dataset, plate: str, layer: str, mesh: str, ghosted: bool
) -> None:
    bare = dataset.model_copy(update={"muscles": ()})
    session = Session(State(plate, layer, "left", structure=mesh))
    session.take_body(body)
    session.take_dataset(bare)
    scene = scene_of(session)
    assert scene.selected == (body.by_mesh[mesh].id,)
    assert scene.ghosts == ((body.by_mesh[mesh].id,) if ghosted else ())


def test_a_muscle_has_its_structures_and_marks(session: Session) -> None:
    scene = shown(session, State("back", "superficial", "both", muscle="trapezius"))
    assert meshes(session, scene.selected) == [
        "trapezius.l.1",
        "trapezius.l.2",
        "trapezius.r.1",
        "trapezius.r.2",
    ]
    assert sorted((mark.point, mark.side) for mark in scene.marks) == [
        (f"trapezius-{number}", side) for number in (1, 2) for side in ("left", "right")
    ]
    assert not any(mark.selected for mark in scene.marks)
    assert (scene.essential, scene.spillover, scene.anchors, scene.has_pattern) == ((), (), (), False)


def test_a_point_narrows_the_muscle_to_its_part_and_keeps_the_other_marks(session: Session) -> None:
    scene = shown(session, replace(POINT, point="trapezius-2"))
    assert meshes(session, scene.selected) == ["trapezius.l.2"]
    assert [(mark.point, mark.selected) for mark in scene.marks] == [
        ("trapezius-1", False),
        ("trapezius-2", True),
    ]


@pytest.mark.parametrize(
    ("side", "essential", "spillover"),
    [
        ("left", [("temple", "left")], [("breastbone", "mid")]),
        ("right", [("temple", "right")], [("breastbone", "mid")]),
        ("both", [("temple", "left"), ("temple", "right")], [("breastbone", "mid")]),
    ],
)
def test_the_pattern_follows_the_side(
    session: Session, side: Side, essential: list[tuple[str, str]], spillover: list[tuple[str, str]]
) -> None:
    scene = shown(session, replace(POINT, side=side))
    assert regions(session, scene.essential) == essential
    assert regions(session, scene.spillover) == spillover
    assert scene.has_pattern


@pytest.mark.parametrize(
    ("side", "felt"), [("left", ["right"]), ("right", ["left"]), ("both", ["left", "right"])]
)
def test_a_zone_of_the_other_side(session: Session, side: Side, felt: list[str]) -> None:
    scene = shown(session, replace(POINT, point="trapezius-2", side=side))
    assert regions(session, scene.spillover) == [("side-of-chest", one) for one in felt]


def test_a_deep_region_is_anchored_where_it_is_seen(session: Session) -> None:
    eye = Anchor("Behind the eye", "eye", 32.0, 1640.0, essential=True)
    assert shown(session, replace(POINT, plate="front")).anchors == (eye,)
    assert shown(session, replace(POINT, plate="front", side="right")).anchors == (replace(eye, u=-32.0),)
    assert shown(session, POINT).anchors == ()


def test_a_deep_region_of_both_sides_is_anchored_twice(session: Session) -> None:
    scene = shown(session, replace(POINT, point="trapezius-2"))
    assert scene.anchors == (
        Anchor("Deep in the nape", "neck", -20.0, 1500.0, essential=False),
        Anchor("Deep in the nape", "neck", 20.0, 1500.0, essential=False),
    )
    assert shown(session, replace(POINT, point="trapezius-2", plate="front")).anchors == ()


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_a_deep_region_of_the_middle_is_anchored_once(body: Body, side: Side) -> None:
    def throat(values: dict[str, Any]) -> None:
        change(values)
        point = values["muscles"][1]["trigger_points"][0]
        point["essential"] = [{"region": "throat", "references": ["smith-2001"]}]
        point["spillover"] = []

    session = Session(replace(POINT, plate="front", side=side))
    session.take_body(body)
    session.take_dataset(build(throat))
    scene = scene_of(session)
    assert scene.anchors == (Anchor("Throat", "throat", 0.0, 1500.0, essential=True),)
    assert scene.has_pattern
    assert (scene.essential, scene.spillover) == ((), ())


def test_a_deep_region_that_is_chosen_is_marked_and_is_no_pattern(session: Session) -> None:
    left = Anchor("Behind the eye", "eye", 32.0, 1640.0, essential=True)
    scene = shown(session, State("front", "skin", "both", region="behind-eye"))
    assert scene.region_anchors == (left, replace(left, u=-32.0))
    assert (scene.region, scene.anchors, scene.has_pattern) == ((), (), False)
    assert shown(session, State("back", "skin", "both", region="behind-eye")).region_anchors == ()
    assert shown(session, State("back", "skin", "both", region="temple")).region_anchors == ()


def test_before_the_dataset_a_muscle_is_the_bare_plate(body: Body) -> None:
    session = Session(POINT)
    session.take_body(body)
    assert scene_of(session) == Scene("back", "superficial")


def test_equal_states_are_equal_scenes(session: Session) -> None:
    first = shown(session, POINT)
    session.clear()
    assert shown(session, POINT) == first
    assert hash(shown(session, POINT)) == hash(first)

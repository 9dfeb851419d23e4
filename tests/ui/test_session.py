"""The session tells what changed and nothing else, and never holds a state that does not exist."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.bodies import change_manifest, make_body, write_body
from tests.unit.builders import build
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Dataset
from triggermap.errors import TriggermapError
from triggermap.session import WARM_PLATES, Session
from triggermap.state import Side, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

BACK = State("back", "superficial", "left")
FACTS = ("view_changed", "selection_changed", "body_loaded", "dataset_loaded")


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build()


@pytest.fixture
def session(qtbot: QtBot, body: Body, dataset: Dataset) -> Session:
    made = Session(BACK)
    made.take_body(body)
    made.take_dataset(dataset)
    return made


@contextmanager
def tells(qtbot: QtBot, session: Session, *facts: str) -> Iterator[None]:
    """Hold the session to telling each of ``facts`` once, and none of the others."""
    heard: list[str] = []
    slots = {name: lambda name=name: heard.append(name) for name in FACTS}
    for name, slot in slots.items():
        getattr(session, name).connect(slot)
    signals = [getattr(session, name) for name in facts]
    with qtbot.waitSignals(signals, timeout=1000) if signals else nullcontext():
        yield
    for name, slot in slots.items():
        getattr(session, name).disconnect(slot)
    assert sorted(heard) == sorted(facts)


def refused(session: Session, action: Callable[[], object], words: str) -> None:
    """Hold ``action`` to one sentence, and the session to staying as it is."""
    before = session.state
    heard: list[int] = []
    session.view_changed.connect(lambda: heard.append(1))
    session.selection_changed.connect(lambda: heard.append(2))
    with pytest.raises(TriggermapError) as caught:
        action()
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert session.state == before
    assert heard == []


# --- facts --------------------------------------------------------------------------------------------


def test_another_view_is_told_and_the_selection_is_not(qtbot: QtBot, session: Session) -> None:
    session.select_muscle("trapezius", "trapezius-1")
    for change in (
        lambda: session.show_layer("deep"),
        lambda: session.show_plate("front"),
        lambda: session.show_side("both"),
        lambda: session.show_labels(True),
        lambda: session.toggle_overlay("nerves"),
        lambda: session.toggle_overlay("nerves"),
        lambda: session.set_probe(True),
        lambda: session.set_probe(False),
        session.next_plate,
        session.next_side,
    ):
        with tells(qtbot, session, "view_changed"):
            change()
    assert session.state == State(
        "back", "deep", "left", muscle="trapezius", point="trapezius-1", labels=True
    )


def test_another_selection_is_told_and_the_view_is_not(qtbot: QtBot, session: Session) -> None:
    with tells(qtbot, session, "selection_changed"):
        session.select_muscle("trapezius")
    with tells(qtbot, session, "selection_changed"):
        session.select_muscle("trapezius", "trapezius-1")
    with tells(qtbot, session, "selection_changed"):
        session.select_region("temple")
    with tells(qtbot, session, "selection_changed"):
        session.clear()
    assert session.state == BACK


def test_what_stays_the_same_is_not_told(qtbot: QtBot, session: Session) -> None:
    session.select_muscle("trapezius", "trapezius-1")
    for change in (
        lambda: session.show_plate("back"),
        lambda: session.show_layer("superficial"),
        lambda: session.show_side("left"),
        lambda: session.show_labels(False),
        lambda: session.set_probe(False),
        lambda: session.select_muscle("trapezius", "trapezius-1"),
        lambda: session.show(session.state),
    ):
        with tells(qtbot, session):
            change()
    with qtbot.assertNotEmitted(session.selection_changed):
        session.show_layer("deep")


def test_both_are_told_when_both_change(qtbot: QtBot, session: Session) -> None:
    with tells(qtbot, session, "view_changed", "selection_changed"):
        session.show(State("front", "skin", "right", region="temple"))
    assert session.region is not None
    assert session.region.name == "Temple"


def test_the_state_is_new_before_anyone_is_told(session: Session) -> None:
    seen: list[State] = []
    session.view_changed.connect(lambda: seen.append(session.state))
    session.selection_changed.connect(lambda: seen.append(session.state))
    wanted = State("front", "deep", "both", muscle="trapezius")
    session.show(wanted)
    assert seen == [wanted, wanted]


def test_contradictions_are_settled_before_they_are_shown(session: Session) -> None:
    session.show(State("back", "deep", "left", muscle="trapezius", region="temple"))
    assert session.state == State("back", "deep", "left", muscle="trapezius")


# --- what cannot be -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State("inside", "deep", "left"), "no plate 'inside'"),
        (State("back", "bone", "left"), "no layer 'bone'"),
        (State("back", "deep", "left", structure="muscles/nowhere.l"), "no structure 'muscles/nowhere.l'"),
        (State("back", "deep", "left", muscle="nobody"), "no muscle 'nobody'"),
        (State("back", "deep", "left", muscle="trapezius", point="p"), "no trigger point 'p'"),
        (
            State("back", "deep", "left", muscle="trapezius", point="serratus-anterior-1"),
            "no trigger point 'serratus-anterior-1' in 'trapezius'",
        ),
        (State("back", "deep", "left", region="nowhere"), "no pain region 'nowhere'"),
        (State("back", "deep", "left", overlays=("ghosts",)), "no overlay 'ghosts'"),
    ],
)
def test_an_impossible_state_is_refused(session: Session, state: State, words: str) -> None:
    session.select_muscle("trapezius", "trapezius-2")
    refused(session, lambda: session.show(state), words)


def test_impossible_wishes_are_refused(session: Session) -> None:
    session.select_region("temple")
    wishes: list[tuple[Callable[[], Any], str]] = [
        (lambda: session.show_layer("bone"), "no layer 'bone'"),
        (lambda: session.select_muscle("nobody"), "no muscle 'nobody'"),
        (lambda: session.select_muscle("trapezius", "p"), "no trigger point 'p'"),
        (lambda: session.select_region("nowhere"), "no pain region 'nowhere'"),
        (lambda: session.select_region("nowhere", turn=True), "no pain region 'nowhere'"),
        (lambda: session.toggle_overlay("ghosts"), "no overlay 'ghosts'"),
    ]
    for wish, words in wishes:
        refused(session, wish, words)


def test_a_plate_that_is_not_there_is_refused(session: Session) -> None:
    refused(session, lambda: session.show_plate("inside"), "no plate 'inside'")


# --- loading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["body", "dataset"])
def test_the_wished_state_holds_in_whatever_order_things_come(
    qtbot: QtBot, body: Body, dataset: Dataset, first: str
) -> None:
    wished = State("front", "deep", "right", muscle="serratus-anterior", point="serratus-anterior-1")
    session = Session(wished)
    assert (session.plate, session.muscle, session.point, session.structure) == (None, None, None, None)
    for what in (first, "dataset" if first == "body" else "body"):
        if what == "body":
            session.take_body(body)
        else:
            session.take_dataset(dataset)
        assert session.state == wished
    assert session.plate is body.plates["front"]
    assert session.muscle is dataset.muscles[0]
    assert session.point is dataset.muscles[0].trigger_points[0]
    assert session.muscle_of(body.by_mesh["muscles/serratus_anterior.r"]) == "serratus-anterior"
    assert session.muscle_of(body.by_mesh["muscles/pectoral.l"]) is None


def test_loading_is_told(qtbot: QtBot, body: Body, dataset: Dataset) -> None:
    session = Session(BACK)
    with qtbot.waitSignals([session.body_loaded, session.view_changed], timeout=1000):
        session.take_body(body)
    with qtbot.waitSignals([session.dataset_loaded, session.selection_changed], timeout=1000):
        session.take_dataset(dataset)


@pytest.mark.parametrize(
    ("remembered", "shown"),
    [
        (State("inside", "deep", "left", labels=True), State("front", "deep", "left", labels=True)),
        (State("back", "bone", "right"), State("back", "deep", "right")),
        (State("inside", "jaw", "both"), State("front", "deep", "both")),
        (
            State("inside", "skin", "left", muscle="trapezius", point="trapezius-1"),
            State("front", "skin", "left", muscle="trapezius", point="trapezius-1"),
        ),
        (
            State("back", "skin", "left", overlays=("ghosts", "nerves"), probe=True),
            State("back", "skin", "left", overlays=("nerves",), probe=True),
        ),
        (State("back", "deep", "left", structure="muscles/nowhere.l"), State("back", "deep", "left")),
        (State("back", "skin", "left", muscle="nobody"), State("back", "skin", "left")),
        (State("back", "skin", "left", muscle="trapezius", point="p"), State("back", "skin", "left")),
        (State("back", "skin", "left", region="nowhere"), State("back", "skin", "left")),
    ],
)
@pytest.mark.parametrize("first", ["body", "dataset"])
def test_a_remembered_state_that_is_gone_falls_back(
    qtbot: QtBot, body: Body, dataset: Dataset, first: str, remembered: State, shown: State
) -> None:
    session = Session(remembered)
    if first == "body":
        session.take_body(body)
        session.take_dataset(dataset)
    else:
        session.take_dataset(dataset)
        session.take_body(body)
    assert session.state == shown


def test_a_new_dataset_without_the_selected_muscle_clears_it(qtbot: QtBot, session: Session) -> None:
    session.select_muscle("trapezius", "trapezius-1")

    def without_trapezius(values: dict[str, Any]) -> None:
        values["muscles"] = values["muscles"][:1]

    with qtbot.waitSignals([session.dataset_loaded, session.selection_changed], timeout=1000):
        session.take_dataset(build(without_trapezius))
    assert session.state == BACK
    assert session.muscle is None


def test_a_new_dataset_with_the_selected_muscle_keeps_it(session: Session) -> None:
    session.select_muscle("trapezius", "trapezius-1")
    session.take_dataset(build())
    assert session.state.point == "trapezius-1"
    assert session.point is session.muscles["trapezius"].trigger_points[0]


@pytest.mark.parametrize("structure", ["muscles/nowhere.l", "muscles/pectoral.l"])
def test_a_selection_that_the_body_settles_is_told(
    qtbot: QtBot, body: Body, dataset: Dataset, structure: str
) -> None:
    session = Session(State("back", "deep", "left", structure=structure))
    session.take_dataset(dataset)
    with qtbot.waitSignal(session.selection_changed, timeout=100):
        session.take_body(body)


# --- choosing -----------------------------------------------------------------------------------------


def test_steps_go_round(session: Session) -> None:
    sides = []
    for _ in range(3):
        session.next_side()
        sides.append(session.state.side)
    assert sides == ["right", "both", "left"]
    plates = []
    for _ in range(2):
        session.next_plate()
        plates.append(session.state.plate)
    assert plates == ["front", "back"]


def test_a_click_selects_the_muscle_of_the_dataset_or_the_structure(body: Body, session: Session) -> None:
    session.select_structure(body.by_mesh["muscles/trapezius.l.2"])
    assert session.state == replace(BACK, structure="muscles/trapezius.l.2")
    session.select_structure(body.by_mesh["muscles/trapezius.l.1"])
    assert session.state == replace(BACK, muscle="trapezius")
    session.select_structure(body.by_mesh["muscles/pectoral.r"])
    assert session.state == replace(BACK, side="right", structure="muscles/pectoral.r")
    assert session.structure is body.by_mesh["muscles/pectoral.r"]


@pytest.mark.parametrize(
    ("side", "mesh", "expected"),
    [
        ("left", "muscles/trapezius.r.1", "right"),
        ("right", "muscles/trapezius.l.1", "left"),
        ("both", "muscles/trapezius.r.1", "both"),
        ("right", "skeleton/spine", "right"),
    ],
)
def test_a_click_on_the_other_side_turns_the_side(
    body: Body, session: Session, side: Any, mesh: str, expected: str
) -> None:
    session.show_side(side)
    session.select_structure(body.by_mesh[mesh])
    assert session.state.side == expected


def test_the_plate_turns_to_what_was_chosen(session: Session) -> None:
    session.select_muscle("serratus-anterior", "serratus-anterior-1")
    assert session.state.plate == "front"
    session.select_muscle("trapezius")
    assert session.state.plate == "back"
    session.select_muscle("serratus-anterior", turn=False)
    assert session.state.plate == "back"
    session.select_region("breastbone", turn=True)
    assert (session.state.plate, session.state.layer) == ("front", "skin")
    session.select_region("shoulder-blade-lower")
    assert session.state.plate == "front"


def test_the_open_plate_stays_where_it_shows_what_was_chosen(session: Session) -> None:
    session.show_layer("deep")
    session.select_muscle("trapezius", "trapezius-2")
    assert (session.state.plate, session.state.layer) == ("back", "deep")


def test_a_deep_region_has_no_plate_and_is_selected_all_the_same(session: Session) -> None:
    session.select_region("behind-eye", turn=True)
    assert (session.state.plate, session.state.region) == ("back", "behind-eye")


def test_a_point_of_the_selected_muscle(session: Session) -> None:
    session.select_muscle("trapezius")
    found = session.point_of("trapezius-2")
    assert found is not None
    assert found.label == "2"
    assert session.point_of("serratus-anterior-1") is None
    session.clear()
    assert session.point_of("trapezius-2") is None


def test_before_the_body_wishes_are_kept(qtbot: QtBot) -> None:
    session = Session(BACK)
    session.next_plate()
    session.select_muscle("trapezius")
    session.show_layer("deep")
    assert session.state == State("back", "deep", "left", muscle="trapezius")


def test_overlays_stay_when_plate_and_selection_change(session: Session) -> None:
    for overlay in ("veins", "landmarks", "nerves"):
        session.toggle_overlay(overlay)
    session.toggle_overlay("veins")
    session.set_probe(True)
    session.show_plate("front")
    session.select_muscle("trapezius")
    session.clear()
    assert session.state == State("back", "superficial", "left", overlays=("landmarks", "nerves"), probe=True)


# --- plates of one side -------------------------------------------------------------------------------


@pytest.fixture
def flanked(qtbot: QtBot, tmp_path: Path, dataset: Dataset) -> Session:
    """A session whose body has two plates of one side beside front and back."""
    made = Session(BACK)
    made.take_body(make_body(tmp_path, "mirrored"))
    made.take_dataset(dataset)
    return made


def test_the_side_turns_the_plate_of_one_side(qtbot: QtBot, flanked: Session) -> None:
    flanked.show_plate("flank-left")
    flanked.select_muscle("serratus-anterior", "serratus-anterior-1")
    assert flanked.state.plate == "flank-left"
    seen = []
    sides: tuple[Side, ...] = ("right", "both", "left", "both", "left")
    for side in sides:
        with tells(qtbot, flanked, "view_changed"):
            flanked.show_side(side)
        seen.append((flanked.state.plate, flanked.state.layer, flanked.state.point))
    assert [plate for plate, *_ in seen] == [
        "flank-right",
        "flank-right",
        "flank-left",
        "flank-left",
        "flank-left",
    ]
    assert {tuple(rest) for _, *rest in seen} == {("superficial", "serratus-anterior-1")}


@pytest.mark.parametrize(
    ("side", "plate", "turned"),
    [
        ("left", "flank-right", "right"),
        ("right", "flank-left", "left"),
        ("left", "flank-left", "left"),
        ("both", "flank-left", "both"),
        ("right", "back", "right"),
    ],
)
def test_a_plate_of_one_side_turns_the_side(flanked: Session, side: Side, plate: str, turned: Side) -> None:
    flanked.show_side(side)
    flanked.show_plate(plate)
    assert (flanked.state.plate, flanked.state.side) == (plate, turned)


def test_what_was_chosen_opens_the_plate_of_its_side(flanked: Session) -> None:
    flanked.show(State("back", "deep", "right"))
    flanked.select_muscle("serratus-anterior")
    assert (flanked.state.plate, flanked.state.side) == ("front", "right")
    flanked.show_plate("flank-right")
    flanked.select_muscle("serratus-anterior", "serratus-anterior-1")
    assert flanked.state.plate == "flank-right"
    flanked.select_muscle("trapezius")
    assert (flanked.state.plate, flanked.state.layer) == ("back", "deep")


def test_steps_go_through_the_plates_of_one_part_and_side(flanked: Session) -> None:
    flanked.show_plate("flank-left")
    flanked.next_plate()
    assert (flanked.state.plate, flanked.state.side) == ("flank-left", "left")
    flanked.show_side("both")
    steps = []
    for _ in range(2):
        flanked.next_plate()
        steps.append(flanked.state.plate)
    assert steps == ["flank-right", "flank-left"]
    flanked.show_plate("back")
    flanked.next_plate()
    assert flanked.state.plate == "front"


def test_the_layer_is_kept_by_its_depth(tmp_path: Path, qtbot: QtBot) -> None:
    folder = write_body(tmp_path)
    plates = json.loads((folder / "manifest.json").read_text("utf-8"))["plates"]
    back = plates[1]["layers"]
    back[1]["id"], back[2]["id"] = "intermediate", "jaw"
    change_manifest(folder, plates=plates)
    session = Session(State("front", "deep", "both"))
    session.take_body(load_body(folder))
    session.show_plate("back")
    assert session.state.layer == "jaw"
    session.show_plate("front")
    assert session.state.layer == "deep"
    session.show_layer("superficial")
    session.show_plate("back")
    assert session.state.layer == "intermediate"
    session.show_plate("front")
    assert session.state.layer == "superficial"


def test_plates_that_were_left_let_go_of_their_arrays(body: Body, qtbot: QtBot) -> None:
    back = body.plates["back"]
    many = {f"back-{n}": replace(back, id=f"back-{n}") for n in range(WARM_PLATES + 1)}
    session = Session(State("back-0", "deep", "left"))
    session.take_body(replace(body, plates=many))
    for plate in many.values():
        session.show_plate(plate.id)
        plate.warm()
    assert ["id_maps" in vars(plate) for plate in many.values()] == [False] + [True] * WARM_PLATES
    session.show_plate("back-1")
    session.show_plate("back-0")
    assert ["id_maps" in vars(plate) for plate in many.values()][1:3] == [True, False]

"""The body and the notes held against each other, on the small body of tests/bodies.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stacked import write_stacked_body
from tests.unit.builders import Change, Raw, build
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Dataset
from triggermap.dataset.rules import Finding
from triggermap.safety import missing, report, ways
from triggermap.safety.missing import Missing
from triggermap.safety.page import page
from triggermap.safety.report import PointReport, reports
from triggermap.safety.stored import Ways

THREAD = "nerves/thread"
POINT = ("muscles", 0, "trigger_points", 0, "id")


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return load_body(write_stacked_body(tmp_path_factory.mktemp("body")))


@pytest.fixture
def over_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the thread stand for the lung zone."""
    monkeypatch.setattr(ways, "LUNG", THREAD)


def at_the_thread(*changes: Change) -> Dataset:
    """The small dataset with its first point at the thread, which the pneumothorax hazard is about."""

    def change(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["position"]["at"] = [150.0, 1300.0, 1.0]
        values["hazards"][1]["structures"] = [THREAD]
        for one in changes:
            one(values)

    return build(change)


def without_notes(values: Raw) -> None:
    for muscle in values["muscles"]:
        muscle["safety"] = [note for note in muscle["safety"] if note["hazard"] != "pneumothorax"]


def answer(*points: str, structures: str = THREAD) -> Change:
    def change(values: Raw) -> None:
        values["answers"] = [
            {"id": "far", "structures": [structures], "points": list(points), "reason": "It is a thread."}
        ]

    return change


def found(dataset: Dataset, body: Body) -> list[PointReport]:
    return [one for one in reports(dataset, Ways(body)) if one.point == "serratus-anterior-1"]


def firsts(findings: Iterator[Finding]) -> list[Finding]:
    return [one for one in findings if one.path[:3] == POINT[:3] and one.path[3] == 0]


# --- the lung ------------------------------------------------------------------------------------


def test_a_point_over_the_lung_needs_its_note_on_both_sides(body: Body, over_thread: None) -> None:
    dataset = at_the_thread()
    assert list(report.lung_noted(dataset, found(dataset, body))) == []
    dataset = at_the_thread(without_notes)
    missed = list(report.lung_noted(dataset, found(dataset, body)))
    assert [one.path for one in missed] == [POINT] * 2
    assert "(left)" in missed[0].message
    assert "(right)" in missed[1].message


def test_no_answer_stands_for_the_note_about_a_lung_that_is_met(body: Body, over_thread: None) -> None:
    dataset = at_the_thread(without_notes, answer("serratus-anterior-1"))
    assert len(list(report.lung_noted(dataset, found(dataset, body)))) == 2


def test_a_note_about_another_point_does_not_answer(body: Body, over_thread: None) -> None:
    def narrowed(values: Raw) -> None:
        muscle = values["muscles"][0]
        second = {**muscle["trigger_points"][0], "id": "serratus-anterior-2", "label": "2"}
        muscle["trigger_points"].append(second)
        muscle["safety"][0]["points"] = ["serratus-anterior-1"]

    dataset = at_the_thread(narrowed)
    missed = report.lung_noted(dataset, list(reports(dataset, Ways(body))))
    assert {one.path for one in missed} == {("muscles", 0, "trigger_points", 1, "id")}


# --- nerves and vessels --------------------------------------------------------------------------


def test_what_comes_near_takes_a_note_or_an_answer(body: Body) -> None:
    dataset = at_the_thread()
    assert [one.open for one in found(dataset, body)] == [(), ()]
    dataset = at_the_thread(without_notes)
    rows = found(dataset, body)
    assert [one.open for one in rows] == [(THREAD,), (THREAD,)]
    missed = list(report.all_said(dataset, rows))
    assert [one.path for one in missed] == [POINT]  # once a point, not once a side
    assert THREAD in missed[0].message


def test_great_vessels_are_asked_for_on_slanted_ways_too(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where the thread is met by slanted ways alone, and not near the straight one."""

    def aside(values: Raw) -> None:
        without_notes(values)
        values["muscles"][0]["trigger_points"][0]["position"]["at"] = [140.0, 1300.0, 14.0]

    dataset = at_the_thread(aside)
    (left, _) = found(dataset, body)
    assert [one.straight for one in left.found.met if one.structure.mesh == "nerves/thread.l"] == [False]
    assert [near for near in left.found.near if not near.bridged] == []
    assert left.open == ()
    monkeypatch.setattr(report, "_GREAT", (THREAD,))
    assert found(dataset, body)[0].open == (THREAD,)


@pytest.mark.parametrize(
    ("answered", "still_open"),
    [
        (answer("serratus-anterior-1"), False),
        (answer(), False),
        (answer("trapezius-upper-1"), True),
        (answer("serratus-anterior-1", structures="nerves/other*"), True),
        (answer("serratus-anterior-1", structures="nerves/*"), False),
    ],
)
def test_an_answer_holds_for_its_structures_and_points(
    body: Body, answered: Change, still_open: bool
) -> None:
    dataset = at_the_thread(without_notes, answered)
    assert bool(list(report.all_said(dataset, found(dataset, body)))) == still_open


@pytest.mark.parametrize(
    ("answered", "path"),
    [
        (answer("serratus-anterior-1"), None),
        (answer(), None),
        (answer("serratus-anterior-1", "trapezius-upper-1"), ("answers", 0, "points", 1)),
        (answer(structures="organs/*"), ("answers", 0, "id")),
        (answer("trapezius-upper-1", structures="computed/lung_zone"), None),
    ],
)
def test_an_answer_to_nothing_is_a_fault(
    body: Body, answered: Change, path: tuple[str | int, ...] | None
) -> None:
    dataset = at_the_thread(answered)
    wrong = list(report.answers_needed(dataset, list(reports(dataset, Ways(body)))))
    assert [one.path for one in wrong] == ([path] if path else [])


# --- notes that the body doesn't show -------------------------------------------------------------


def unseen(dataset: Dataset, body: Body) -> list[Finding]:
    rows = list(reports(dataset, Ways(body)))
    return [one for one in report.unseen_explained(dataset, rows) if one.path[1] == 0]


def explained(values: Raw) -> None:
    values["muscles"][0]["safety"][0]["unseen"] = "A needle may be angled."


def elsewhere(values: Raw) -> None:
    values["hazards"][1]["structures"] = ["nerves/other"]


def test_a_note_that_the_body_does_not_show_says_why(body: Body) -> None:
    assert unseen(at_the_thread(), body) == []
    missed = unseen(at_the_thread(elsewhere), body)
    assert [one.path for one in missed] == [("muscles", 0, "safety", 0, "hazard")]
    assert "serratus-anterior-1" in missed[0].message
    assert unseen(at_the_thread(elsewhere, explained), body) == []


def test_a_hazard_that_the_body_lacks_explains_itself(body: Body) -> None:
    def lacking(values: Raw) -> None:
        values["hazards"][1]["structures"] = []
        values["hazards"][1]["unseen"] = "Some people have it."

    assert unseen(at_the_thread(lacking), body) == []


def test_an_explanation_of_what_is_shown_is_wrong(body: Body) -> None:
    missed = unseen(at_the_thread(explained), body)
    assert [one.path for one in missed] == [("muscles", 0, "safety", 0, "unseen")]


def test_hazards_and_answers_are_about_something(body: Body) -> None:
    def every_one(values: Raw) -> None:
        for hazard in values["hazards"]:
            hazard["structures"] = [THREAD]

    assert list(report.structures_exist(at_the_thread(every_one), body)) == []
    paths = [one.path for one in report.structures_exist(at_the_thread(every_one, elsewhere), body)]
    assert paths == [("hazards", 1, "structures", 0)]
    wrong = at_the_thread(every_one, answer(structures="veins/none"))
    assert [one.path for one in report.structures_exist(wrong, body)] == [("answers", 0, "structures", 0)]

    def nothing(values: Raw) -> None:
        values["hazards"][1]["structures"] = []

    paths = [one.path for one in report.structures_exist(at_the_thread(every_one, nothing), body)]
    assert paths == [("hazards", 1, "id")]


# --- by place alone ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "on_trunk"),
    [
        ((150.0, 1300.0, 1.0), True),
        ((20.0, 1060.0, -60.0), True),
        ((45.0, 1475.0, 10.0), True),
        ((20.0, 1020.0, -60.0), False),
        ((20.0, 1520.0, -60.0), False),
        ((230.0, 1300.0, 0.0), False),
    ],
)
def test_every_point_of_the_trunk_says_something_of_the_lung(
    at: tuple[float, float, float], on_trunk: bool
) -> None:
    def moved(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["position"]["at"] = list(at)

    def missed(*changes: Change) -> bool:
        dataset = at_the_thread(moved, *changes)
        return bool(firsts(report.trunk_answered(dataset)))

    assert not missed()
    assert missed(without_notes) == on_trunk
    assert not missed(without_notes, answer("serratus-anterior-1", structures="computed/lung_zone"))
    # An answer for every point is none: each of these is looked at by itself.
    assert missed(without_notes, answer(structures="computed/lung_zone")) == on_trunk


def test_a_nerve_that_the_body_lacks_is_noted_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    nerve = Missing("lost nerve", "pneumothorax", ("muscles/serratus_anterior",), 1200.0, 1400.0)
    monkeypatch.setattr(report, "MISSING", (nerve,))
    assert firsts(report.missing_noted(at_the_thread())) == []
    missed = firsts(report.missing_noted(at_the_thread(without_notes)))
    assert [one.path for one in missed] == [POINT]
    assert "lost nerve" in missed[0].message

    def higher(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["position"]["at"][1] = 1401.0

    assert firsts(report.missing_noted(at_the_thread(without_notes, higher))) == []


def test_the_nerves_that_the_body_lacks_are_those_of_its_readme() -> None:
    names = {nerve.name for nerve in missing.MISSING}
    assert names == {"greater occipital nerve", "phrenic nerve", "great auricular nerve"}


# --- what is printed -----------------------------------------------------------------------------


def test_a_report_says_what_is_met_and_what_is_written(body: Body, over_thread: None) -> None:
    first = found(at_the_thread(without_notes), body)[0]
    assert (first.side, first.over_lung, first.unanswered) == ("left", True, True)
    data = first.as_json()
    assert data["pneumothorax_note"] is False
    assert data["open"] == [THREAD]
    (row,) = (one for one in data["structures_met"] if one["mesh"] == "nerves/thread.l")  # type: ignore[attr-defined]
    assert (row["name"], row["system"], row["straight"]) == ("Thread (left)", "nerves", True)
    assert row["ways"] == next(m.ways for m in first.found.met if m.structure.mesh == "nerves/thread.l")
    (near,) = data["centre_lines_near"]  # type: ignore[misc]
    assert (near["mesh"], near["bridged"]) == ("nerves/thread.l", False)  # type: ignore[has-type]
    head, met, beside, open_ = first.lines()
    assert (
        head
        == "serratus-anterior-1 (left): over the lung zone, NO PNEUMOTHORAX NOTE; written: not documented"
    )
    assert "Thread (left)" in met
    assert "Thread (left)" in beside
    assert open_ == f"    NO NOTE AND NO ANSWER: {THREAD}"
    right = found(at_the_thread(), body)[1]
    assert "Thread (right) (bridged)" in "\n".join(right.lines())


def test_a_point_of_one_side_has_one_report(body: Body) -> None:
    def right_only(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["only"] = "right"

    assert [one.side for one in found(at_the_thread(right_only), body)] == ["right"]


def test_the_page_has_one_row_a_point(body: Body) -> None:
    dataset = at_the_thread(without_notes, answer("serratus-anterior-1"))
    text = page(dataset, reports(dataset, Ways(body)))
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    points = [point.id for muscle in dataset.muscles for point in muscle.trigger_points]
    assert [row.split("`")[1] for row in rows] == points
    assert rows[0] == "| `serratus-anterior-1` |  |  | Thread L, ~Thread R | not documented | 1 |"
    assert text.endswith("## Reasons\n\n1. It is a thread.\n")

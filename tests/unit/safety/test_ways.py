"""What lies on the ways to a site, on the small body of tests/bodies.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.stacked import write_stacked_body
from tests.unit.builders import Change, Raw, build
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Position
from triggermap.safety import ways
from triggermap.safety.ways import Surroundings, lung_answered, reports


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return load_body(write_stacked_body(tmp_path_factory.mktemp("body")))


@pytest.fixture(scope="module")
def around(body: Body) -> Surroundings:
    return Surroundings(body)


def position(*at: float, **more: Any) -> Position:
    return Position(mesh="muscles/trapezius.l.1", at=at, rule="For a test.", **more)  # type: ignore[arg-type]


def met(around: Surroundings, place: Position, side: str = "left") -> dict[str, bool]:
    return {one.structure.mesh: one.straight for one in around.met(place, side)}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((140, 1300, 0), (1, 0, 0)),
        ((60, 1400, -80), (0, 0, -1)),
        ((60, 1400, 80), (0, 0, 1)),
    ],
)
def test_the_way_out_is_that_to_the_nearest_skin(
    around: Surroundings, at: tuple[float, float, float], expected: tuple[float, float, float]
) -> None:
    assert np.dot(around.outward(position(*at), "left"), expected) > 0.97
    mirrored = np.array(expected) * (-1, 1, 1)
    assert np.dot(around.outward(position(*at), "right"), mirrored) > 0.97


def test_an_approach_is_taken_at_its_word(around: Surroundings) -> None:
    assert around.outward(position(140, 1300, 0, approach="front"), "left").tolist() == [0, 0, 1]
    assert around.outward(position(140, 1300, 0, approach="lateral"), "right").tolist() == [-1, 0, 0]


def test_what_lies_before_and_behind_a_site_is_met_on_both_sides(around: Surroundings) -> None:
    # From the side: the thread lies before the site, the spine 54 mm behind it.
    assert met(around, position(150, 1300, 1)) == {"nerves/thread.l": True}
    assert met(around, position(150, 1300, 1), "right") == {"nerves/thread.r": True}
    assert met(around, position(60, 1300, 1, approach="lateral"))["skeleton/spine"]
    assert met(around, position(68, 1300, 1, approach="lateral")).get("skeleton/spine") is None


def test_what_only_a_slanted_way_meets_is_told_so(around: Surroundings) -> None:
    assert met(around, position(150, 1300, 40)) == {}
    assert met(around, position(140, 1300, 12))["nerves/thread.l"] is False


def test_bone_never_ends_a_way(around: Surroundings) -> None:
    # Through the spine to what lies on the other side of it.
    found = met(around, position(6, 1300, 1, approach="lateral"))
    assert found["skeleton/spine"]
    assert "nerves/thread.l" in found


def over_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the thread stand for the lung zone."""
    monkeypatch.setattr(ways, "LUNG", "nerves/thread")


def without_notes(values: Raw) -> None:
    for muscle in values["muscles"]:
        muscle["safety"] = [note for note in muscle["safety"] if note["hazard"] != "pneumothorax"]


def at_the_thread(*changes: Change) -> Change:
    def change(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["position"]["at"] = [150.0, 1300.0, 1.0]
        for one in changes:
            one(values)

    return change


def test_a_point_over_the_lung_needs_its_note_on_both_sides(
    body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    over_thread(monkeypatch)
    assert list(lung_answered(build(at_the_thread()), body)) == []
    found = list(lung_answered(build(at_the_thread(without_notes)), body))
    assert [one.path for one in found] == [("muscles", 0, "trigger_points", 0, "id")] * 2
    assert "(left)" in found[0].message
    assert "(right)" in found[1].message


def test_a_note_about_another_point_does_not_answer(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    def narrowed(values: Raw) -> None:
        muscle = values["muscles"][0]
        second = {**muscle["trigger_points"][0], "id": "serratus-anterior-2", "label": "2"}
        muscle["trigger_points"].append(second)
        muscle["safety"][0]["points"] = ["serratus-anterior-1"]

    over_thread(monkeypatch)
    found = list(lung_answered(build(at_the_thread(narrowed)), body))
    assert {one.path for one in found} == {("muscles", 0, "trigger_points", 1, "id")}


def test_a_report_says_what_is_met_and_what_is_written(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    over_thread(monkeypatch)
    first = next(reports(build(at_the_thread()), body))
    assert (first.point, first.side, first.over_lung, first.unanswered) == (
        "serratus-anterior-1", "left", True, False,
    )  # fmt: skip
    data = first.as_json()
    assert data["pneumothorax_note"] is True
    assert (
        data["structures_met"]
        == [
            {
                "mesh": "nerves/thread.l",
                "name": "Thread (left)",
                "system": "nerves",
                "straight": True,
                "ways": 19,
            }
        ]
        or data["structures_met"]
    )
    head, met_line = first.lines()
    assert head.startswith("serratus-anterior-1 (left): over the lung zone; written: pneumothorax")
    assert "Thread" in met_line


def test_a_point_of_one_side_has_one_report(body: Body) -> None:
    def right_only(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["only"] = "right"

    sides = [r.side for r in reports(build(right_only), body) if r.point == "serratus-anterior-1"]
    assert sides == ["right"]

"""What was computed of the ways to points is looked up; what was not is computed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import bodies
from tests.stacked import write_stacked_body
from tests.unit.builders import Raw, build
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Dataset, TriggerPoint
from triggermap.errors import TriggermapError
from triggermap.safety import stored
from triggermap.safety.stored import Ways, computed
from triggermap.safety.ways import Surroundings


def near_thread(values: Raw) -> None:
    values["muscles"][0]["trigger_points"][0]["position"]["at"] = [150.0, 1300.0, 1.0]


@pytest.fixture
def dataset() -> Dataset:
    return build(near_thread)


@pytest.fixture
def folder(tmp_path: Path, dataset: Dataset) -> Path:
    made = write_stacked_body(tmp_path)
    (made / "ways.json").write_text(computed(dataset, load_body(made)), "utf-8")
    bodies.change_manifest(made, ways="ways.json")
    return made


def first(dataset: Dataset) -> TriggerPoint:
    return dataset.muscles[0].trigger_points[0]


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_stored_is_what_is_computed(
    folder: Path, dataset: Dataset, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = load_body(folder)
    walked = Surroundings(body).found(first(dataset).position, side)
    assert walked.met
    assert walked.near
    monkeypatch.setattr(stored, "Surroundings", _must_not_be_made)
    assert Ways(body).of(first(dataset), side) == walked


def test_a_point_that_moved_is_walked_anew(folder: Path, dataset: Dataset) -> None:
    def moved(values: Raw) -> None:
        values["muscles"][0]["trigger_points"][0]["position"]["at"] = [150.0, 1300.0, 40.0]

    ways = Ways(load_body(folder))
    point = first(build(moved))
    assert ways.kept(point, "left") is None
    assert ways.of(point, "left") == Surroundings(load_body(folder)).found(point.position, "left")
    assert ways.of(point, "left") is ways.of(point, "left")  # once


def test_another_way_in_is_walked_anew(folder: Path) -> None:
    def from_the_front(values: Raw) -> None:
        near_thread(values)
        values["muscles"][0]["trigger_points"][0]["position"]["approach"] = "front"

    assert Ways(load_body(folder)).kept(first(build(from_the_front)), "left") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is missing"),
        ("", "is damaged"),
        ("[]", "is damaged"),
        ('{"format": 1}', "is damaged"),
        ('{"format": 1, "ways": [{"point": "a", "side": "left"}]}', "is damaged"),
        ('{"format": 2, "ways": []}', "has format 2"),
        ("\x00\x01", "is damaged"),
    ],
)
def test_a_broken_file_is_one_sentence_with_its_name(
    folder: Path, dataset: Dataset, text: str | None, words: str
) -> None:
    path = folder / "ways.json"
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "utf-8")
    for ask in (Ways(load_body(folder)).check, lambda: Ways(load_body(folder)).of(first(dataset), "left")):
        with pytest.raises(TriggermapError, match=words) as caught:
            ask()
        assert "ways.json" in str(caught.value)


def test_a_row_that_names_what_the_body_lacks_is_damage(folder: Path, dataset: Dataset) -> None:
    path = folder / "ways.json"
    content = json.loads(path.read_text("utf-8"))
    for row in content["ways"]:
        row["met"] = [[9999, 1, 1]]
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(TriggermapError, match="is damaged"):
        Ways(load_body(folder)).of(first(dataset), "left")


def test_a_body_without_the_file_says_so(tmp_path: Path, dataset: Dataset) -> None:
    folder = write_stacked_body(tmp_path)
    bodies.change_manifest(folder, ways=None)
    body = load_body(folder)
    with pytest.raises(TriggermapError, match="lists no file of ways"):
        Ways(body).check()


def test_a_body_without_centre_lines_says_so(tmp_path: Path, dataset: Dataset) -> None:
    folder = write_stacked_body(tmp_path)
    bodies.change_manifest(folder, lines=None)
    with pytest.raises(TriggermapError, match="no centre lines"):
        Surroundings(load_body(folder)).found(first(dataset).position, "left")


def _must_not_be_made(body: Body) -> Surroundings:
    raise AssertionError("the ways were walked again")

"""Where the general thorax warning stands, and what is said with it."""

from __future__ import annotations

import pytest

from tests.unit.builders import Raw, build
from triggermap import paths
from triggermap.body.plates import Structure
from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, Muscle
from triggermap.safety import general
from triggermap.safety.general import general_applies, general_applies_to
from triggermap.safety.hazards import cautions

TRUNK = {"neck", "shoulder", "thorax", "back", "abdomen"}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load(paths.data_dir())


def elsewhere(*places: list[float]) -> Muscle:
    """The serratus anterior as a muscle of the arm, with points at other places."""

    def change(values: Raw) -> None:
        muscle = values["muscles"][0]
        muscle["group"] = "arm"
        (point,) = muscle["trigger_points"]
        muscle["trigger_points"] = [
            point | {"id": f"p-{n}", "position": point["position"] | {"at": place}}
            for n, place in enumerate(places)
        ]
        muscle["safety"] = []

    return build(change).muscles[0]


def test_it_stands_at_every_muscle_of_trunk_neck_and_shoulder(dataset: Dataset) -> None:
    found = {muscle.id for muscle in dataset.muscles if general_applies(muscle)}
    assert found >= {muscle.id for muscle in dataset.muscles if muscle.group in TRUNK}
    feet_and_hands = {muscle.id for muscle in dataset.muscles if muscle.group in ("foot", "leg", "hand")}
    assert feet_and_hands
    assert not found & feet_and_hands


def test_no_point_with_a_pneumothorax_note_is_without_it(dataset: Dataset) -> None:
    """It is said in place of the notes when they can't be trusted: it must reach at least as far."""
    count = 0
    for muscle in dataset.muscles:
        for point in muscle.trigger_points:
            if any(caution.hazard.id == "pneumothorax" for caution in cautions(dataset, muscle, point.id)):
                count += 1
                assert general_applies(muscle, point), point.id
                assert general_applies(muscle), muscle.id
    assert count > 80


@pytest.mark.parametrize(
    ("place", "applies"),
    [
        ([140.0, 1240.0, 20.0], True),
        ([-140.0, 1240.0, 20.0], True),
        ([200.0, 1000.0, 0.0], True),
        ([0.0, 1500.0, 0.0], True),
        ([230.0, 1240.0, 0.0], False),
        ([100.0, 900.0, 0.0], False),
        ([40.0, 1600.0, 0.0], False),
    ],
)
def test_a_site_counts_by_its_place_whatever_its_muscle(place: list[float], applies: bool) -> None:
    muscle = elsewhere(place)
    assert general_applies(muscle) is applies
    assert general_applies(muscle, muscle.trigger_points[0]) is applies


def test_one_point_on_the_trunk_is_enough_for_a_muscle_and_stands_for_itself() -> None:
    muscle = elsewhere([250.0, 1200.0, 0.0], [150.0, 1300.0, 0.0])
    assert general_applies(muscle)
    assert [general_applies(muscle, point) for point in muscle.trigger_points] == [False, True]
    assert not general_applies(elsewhere())


def test_a_structure_counts_by_its_middle_and_without_one_in_any_case() -> None:
    def structure(centre: tuple[float, float, float] | None) -> Structure:
        return Structure(1, "skeleton/x", "skeleton", "x", "X", "left", None, None, centre)

    assert general_applies_to(structure((100.0, 1300.0, 0.0)))
    assert not general_applies_to(structure((100.0, 100.0, 0.0)))
    assert general_applies_to(structure(None))


def test_it_says_what_is_wrong_and_what_to_do() -> None:
    assert general.in_one_line(["a.npz: the file is missing."]) == (
        "Safety data is not available: a.npz: the file is missing. " + general.WHAT_TO_DO
    )
    assert " 1 more fault was found. " in general.what_is_wrong(["A.", "B."])
    assert " 2 more faults were found. " in general.what_is_wrong(["A.", "B.", "C."])


def test_its_sources_are_in_the_dataset(dataset: Dataset) -> None:
    assert {*general.GENERAL_REFERENCES} <= {reference.key for reference in dataset.references}

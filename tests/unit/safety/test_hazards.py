"""Which warnings a muscle or a point has, and in which order they are read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import Raw, build, claim
from triggermap.dataset.models import Dataset
from triggermap.safety.hazards import Caution, cautions


def note(hazard: str, severity: str, *points: str, text: str = "Something to know here.") -> Raw:
    return {
        "hazard": hazard,
        "severity": severity,
        "text": text,
        "points": list(points),
        "references": ["smith-2001"],
    }


def with_notes(*notes: Raw) -> Dataset:
    """The dataset with two more hazards, and these notes at the trapezius."""

    def change(values: dict[str, Any]) -> None:
        for name, severity in (("bleeding", "serious"), ("spinal-cord", "life-threatening")):
            values["hazards"].append(
                {
                    "id": name,
                    "name": name.capitalize(),
                    "icon": "general",
                    "severity": severity,
                    "summary": claim("A kind of harm."),
                }
            )
        next(m for m in values["muscles"] if m["id"] == "trapezius")["safety"] = list(notes)

    return build(change)


def found(dataset: Dataset, point: str | None = None) -> tuple[Caution, ...]:
    return cautions(dataset, next(m for m in dataset.muscles if m.id == "trapezius"), point)


def names(dataset: Dataset, point: str | None = None) -> list[str]:
    return [caution.hazard.id for caution in found(dataset, point)]


def test_pneumothorax_leads_whatever_else_is_there() -> None:
    dataset = with_notes(
        note("spinal-cord", "life-threatening"),
        note("bleeding", "serious"),
        note("pneumothorax", "minor"),
        note("nerve-injury", "minor"),
    )
    assert names(dataset) == ["pneumothorax", "spinal-cord", "bleeding", "nerve-injury"]


def test_the_worst_of_two_notes_on_the_lung_leads() -> None:
    dataset = with_notes(
        note("pneumothorax", "serious", text="The lesser one."),
        note("pneumothorax", "life-threatening", text="The worse one."),
    )
    assert [caution.note.text for caution in found(dataset)] == ["The worse one.", "The lesser one."]


@pytest.mark.parametrize("turn", [1, -1])
def test_equals_stand_in_the_order_in_which_they_are_written(turn: int) -> None:
    notes = [note("nerve-injury", "serious"), note("bleeding", "serious")]
    assert names(with_notes(*notes[::turn])) == ["nerve-injury", "bleeding"][::turn]


def test_a_note_comes_with_the_hazard_it_is_about() -> None:
    dataset = with_notes(note("bleeding", "minor"))
    (caution,) = found(dataset)
    assert caution.hazard.name == "Bleeding"
    assert caution.note.severity.value == "minor"


def test_a_point_has_its_own_notes_and_those_of_all_points() -> None:
    dataset = with_notes(
        note("pneumothorax", "life-threatening", "trapezius-1"),
        note("nerve-injury", "serious", "trapezius-2"),
        note("bleeding", "minor"),
    )
    assert names(dataset) == ["pneumothorax", "nerve-injury", "bleeding"]
    assert names(dataset, "trapezius-1") == ["pneumothorax", "bleeding"]
    assert names(dataset, "trapezius-2") == ["nerve-injury", "bleeding"]


def test_a_note_may_name_several_points() -> None:
    dataset = with_notes(note("pneumothorax", "life-threatening", "trapezius-1", "trapezius-2"))
    assert names(dataset, "trapezius-1") == names(dataset, "trapezius-2") == ["pneumothorax"]


def test_no_notes_are_no_warnings() -> None:
    assert found(with_notes()) == ()
    assert found(with_notes(), "trapezius-1") == ()


def test_every_note_of_the_dataset_is_shown() -> None:
    dataset = build()
    for muscle in dataset.muscles:
        shown = cautions(dataset, muscle)
        assert sorted(c.note.text for c in shown) == sorted(n.text for n in muscle.safety)
        assert shown[0].hazard.id == "pneumothorax"

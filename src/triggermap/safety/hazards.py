"""Which written hazards apply to a muscle or to one of its points, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For types alone: the stage marks points by their hazards, and is there before pydantic is.
    from triggermap.dataset.models import Dataset, Hazard, Muscle, SafetyNote

LIFE_THREATENING = "life-threatening"


@dataclass(frozen=True, slots=True)
class Caution:
    """A safety note with the hazard it is about."""

    hazard: Hazard
    note: SafetyNote


def cautions(dataset: Dataset, muscle: Muscle, point: str | None = None) -> tuple[Caution, ...]:
    """The notes of ``muscle`` (those that touch ``point``, if one is given), worst first.

    Pneumothorax leads whatever else is there: it is the harm that this product exists to prevent.
    Equals stand in the order of the dataset, which puts the likelier first.
    """
    hazards = {hazard.id: hazard for hazard in dataset.hazards}
    found = [
        Caution(hazards[note.hazard], note) for note in muscle.safety if point is None or note.touches(point)
    ]
    return tuple(sorted(found, key=lambda caution: caution.note.urgency))

"""What the window draws: which structures of the body are at risk at a trigger point, and under a plate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from triggermap.body.plates import Body, Structure
from triggermap.body.stems import matches
from triggermap.dataset.models import Dataset, Hazard, Muscle, TriggerPoint
from triggermap.safety.hazards import cautions
from triggermap.safety.stored import Ways, sides_of
from triggermap.safety.ways import Found


@dataclass(frozen=True, slots=True)
class Risk:
    """A written hazard of a point, and those of its structures that lie on or near the way to it."""

    hazard: Hazard
    structures: tuple[int, ...]


class Advice:
    """What the body and a dataset together say of safety: the window asks this."""

    def __init__(self, dataset: Dataset, body: Body) -> None:
        self._dataset, self._body = dataset, body
        self._ways = Ways(body)

    def check(self) -> None:
        """Read what is stored; raise :class:`~triggermap.errors.TriggermapError` if it can't be."""
        self._ways.check()

    def found(self, point: TriggerPoint, sides: Iterable[str]) -> dict[str, Found]:
        """What the body shows at a trigger point, by side, for those sides on which it is described.

        Raises :class:`~triggermap.errors.TriggermapError` where that can't be read.
        """
        return {side: self._ways.of(point, side) for side in sides_of(point) if side in sides}

    def risks(self, muscle: Muscle, point: TriggerPoint, sides: Iterable[str]) -> tuple[Risk, ...]:
        """What is at risk at a trigger point on the sides named, the worst first.

        A hazard that the body doesn't show on the way has no structures. Raises like :meth:`found`.
        """
        there: dict[int, Structure] = {}
        for found in self.found(point, sides).values():
            there |= found.structures()
        hazards = {caution.hazard.id: caution.hazard for caution in cautions(self._dataset, muscle, point.id)}
        return tuple(
            Risk(hazard, tuple(n for n, s in there.items() if matches(s.mesh, hazard.structures)))
            for hazard in hazards.values()
        )

    @cached_property
    def hazards_by_structure(self) -> dict[int, Hazard]:
        """The hazard that a structure stands for on a safety overlay: the gravest that is about it."""
        ranked = sorted(self._dataset.hazards, key=lambda h: (h.urgency, h.id))
        found: dict[int, Hazard] = {}
        for structure in self._body.structures.values():
            hazard = next((h for h in ranked if matches(structure.mesh, h.structures)), None)
            if hazard is not None:
                found[structure.id] = hazard
        return found


def muscles_with(dataset: Dataset, hazard: str) -> list[Muscle]:
    """The muscles that have a note about a hazard, in the order of the dataset."""
    return [muscle for muscle in dataset.muscles if any(note.hazard == hazard for note in muscle.safety)]

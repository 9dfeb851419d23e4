"""Nerves that the reference body lacks, and where they run all the same (limit 2 of the body's README).

No mesh tells of them, so a table does: the muscles that each of them pierces, crosses or lies on, as the
hazards of the dataset describe it with their sources. A trigger point there needs the note.
"""

from __future__ import annotations

from dataclasses import dataclass

from triggermap.body.stems import matches
from triggermap.dataset.models import Position


@dataclass(frozen=True, slots=True)
class Missing:
    """A nerve without a mesh: the hazard that is about it, and the muscles by which it runs.

    ``lowest`` and ``highest`` bound the part of those muscles, in body mm above the ground.
    """

    name: str
    hazard: str
    muscles: tuple[str, ...]
    lowest: float = 0.0
    highest: float = 2000.0

    def runs_by(self, position: Position) -> bool:
        """Whether a site lies on one of the muscles, where the nerve runs."""
        return matches(position.mesh, self.muscles) and self.lowest <= position.at[1] <= self.highest


_C3 = 1495.0  # mm: the height of the third cervical vertebra

MISSING = (
    Missing(
        "greater occipital nerve",
        "greater-occipital-nerve",
        (
            "muscles/semispinalis_capitis",
            "muscles/obliquus_inferior_capitis",
            "muscles/rectus_posterior_major_capitis",
            "muscles/occipital*",
            "muscles/trapezius",
        ),
        lowest=_C3,
    ),
    Missing("phrenic nerve", "phrenic-nerve", ("muscles/scalenus_anterior", "muscles/omohyoid")),
    Missing(
        "great auricular nerve",
        "great-auricular-nerve",
        ("muscles/sternocleidomastoid", "muscles/platysma"),
        lowest=1470.0,
        highest=1560.0,
    ),
)

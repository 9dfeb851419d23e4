"""What the reference body shows at a trigger point, in plain names for people: no depth, no distance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from triggermap.body.plates import Structure
from triggermap.safety.ways import BRIDGED_NEAR_MM, NEAR_MM, Found

# Bones are met on most ways and end none: they are left out.
_ORDER = {"computed": 0, "organs": 1, "nerves": 2, "arteries": 3, "veins": 3}
ON_THE_WAY = "On the way to it or beyond it"
SLANTED = "On a slanted way only"
NEAR = f"Within {NEAR_MM:.0f} mm of the straight way"
BRIDGED = f"Within {BRIDGED_NEAR_MM:.0f} mm, bridged: the body has a gap here"
NOTHING_NAMED = "It shows no organ, nerve or vessel there"


@dataclass(frozen=True, slots=True)
class Shown:
    """Names of lungs, organs, nerves and vessels, in this order; what one side alone shows says so."""

    on_the_way: tuple[str, ...]
    slanted: tuple[str, ...]
    near: tuple[str, ...]
    bridged: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether there is anything to name."""
        return bool(self.rows())

    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The words before the names, and the names; empty rows are left out."""
        rows = (
            (ON_THE_WAY, self.on_the_way),
            (SLANTED, self.slanted),
            (NEAR, self.near),
            (BRIDGED, self.bridged),
        )
        return tuple(row for row in rows if row[1])


def shown(found: Mapping[str, Found]) -> Shown:
    """What was found at a point, by side, in words; what the straight way meets is not near it as well."""
    straight = {m.structure.label for one in found.values() for m in one.met if m.straight}
    met = _names(found, lambda one: (m.structure for m in one.met))
    near = _names(found, lambda one: (n.structure for n in one.near if not n.bridged))
    bridged = _names(found, lambda one: (n.structure for n in one.near if n.bridged))
    return Shown(
        tuple(name for label, name in met if label in straight),
        tuple(name for label, name in met if label not in straight),
        tuple(name for label, name in near if label not in straight),
        tuple(name for label, name in bridged if label not in straight),
    )


def _names(found: Mapping[str, Found], of: Callable[[Found], Iterable[Structure]]) -> list[tuple[str, str]]:
    """Label and name of each structure, once."""
    sides: dict[str, set[str]] = {}
    rank: dict[str, int] = {}
    for side, one in found.items():
        for structure in of(one):
            if structure.system in _ORDER:
                sides.setdefault(structure.label, set()).add(side)
                rank.setdefault(structure.label, _ORDER[structure.system])
    return [
        (label, label if len(sides[label]) == len(found) else f"{label} ({min(sides[label])} side only)")
        for label in sorted(sides, key=lambda label: rank[label])
    ]

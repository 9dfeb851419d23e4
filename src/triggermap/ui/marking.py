"""How structures that a probe meets are named and marked as hazards: by icon, word and rank. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triggermap.body.plates import Structure
    from triggermap.body.probe import Stratum

# Icon, word and whether it can kill, by the system of a structure.
_HAZARDS = {
    "computed": ("lung", "lung zone", True),
    "nerves": ("nerve", "nerve", False),
    "arteries": ("artery", "artery", False),
    "veins": ("vein", "vein", False),
    "organs": ("organ", "organ", False),
}
_LUNG = ("lung", "lung", True)


@dataclass(frozen=True, slots=True)
class Item:
    """A structure of the list; a hazard has an icon and a word that names its kind."""

    text: str
    icon: str = ""
    kind: str = ""
    grave: bool = False

    @property
    def full(self) -> str:
        """The text with the word of the hazard, unless it says it by itself."""
        return f"{self.text} ({self.kind})" if self.kind and self.kind not in self.text.lower() else self.text


def item_of(structure: Structure, *, sided: bool = False) -> Item:
    """A structure with its mark; with ``sided`` its side is said. The one place where marks are given."""
    icon, kind, grave = _HAZARDS.get(structure.system, ("", "", False))
    if structure.system == "organs" and ("lung" in structure.mesh or "pleura" in structure.mesh):
        icon, kind, grave = _LUNG
    return Item(structure.title if sided else structure.label, icon, kind, grave)


def on_both_sides(strata: Iterable[Stratum]) -> bool:
    """Whether structures of both sides are met: then each is named with its side."""
    return {"left", "right"} <= {s.structure.side for s in strata}


def items_of(strata: Sequence[Stratum]) -> tuple[Item, ...]:
    """The structures in the order in which they are met, each once; the skin again for another limb.

    Sides are said where both are met: from the front all of it lies on one side, and the place tells which.
    """
    # A skin has a number of its own, so that only other structures are taken for the same.
    marked = [(s.structure, n if s.structure.system == "skin" else 0) for n, s in enumerate(strata)]
    sided = on_both_sides(strata)
    found: list[Item] = []
    for structure, _ in dict.fromkeys(marked):
        item = item_of(structure, sided=sided)
        if not found or found[-1].text != item.text:
            found.append(item)
    return tuple(found)


def side_of(strata: Iterable[Stratum]) -> str:
    """The side on which everything lies that has one, else nothing."""
    sides = {s.structure.side for s in strata if s.structure.side in ("left", "right")}
    return sides.pop() if len(sides) == 1 else ""

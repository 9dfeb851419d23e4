"""What lies under the pointer: a pure function of plate, layer, marks and position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from triggermap.body.plates import Plate

# What these show covers the muscles like a wash or a line: it is looked at, and never in the way.
_UNTOUCHED = ("lung-zone", "bone-outline")
# Thin structures are hit within this distance, so that a hand with a mouse can reach them.
SLACK_MM = 1.5


@dataclass(frozen=True, slots=True)
class Mark:
    """A trigger point of one side where it is drawn on a plate (plate mm)."""

    point: str
    side: str
    label: str
    u: float
    v: float
    selected: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What was hit. ``id`` is a structure id, a region value or the index of a mark."""

    kind: Literal["nothing", "structure", "region", "mark"]
    id: int = 0


NOTHING = Target("nothing")


def hit(
    plate: Plate,
    layer: str,
    u: float,
    v: float,
    marks: tuple[Mark, ...] = (),
    mark_radius: float = 0.0,
    overlays: tuple[str, ...] = (),
) -> Target:
    """The target at plate mm (u, v): a mark within ``mark_radius`` mm, then ``overlays``, then the layer.

    Of the overlays on show the last one drawn comes first. On the skin layer the target is a pain
    region, elsewhere a structure.
    """
    best, reach = NOTHING, mark_radius * mark_radius
    for index, mark in enumerate(marks):
        distance = (mark.u - u) ** 2 + (mark.v - v) ** 2
        if distance <= reach:
            best, reach = Target("mark", index), distance
    if best is not NOTHING:
        return best
    for overlay in reversed(plate.overlays):
        if overlay.id in overlays and overlay.id not in _UNTOUCHED:
            structure = plate.overlay_map(overlay.id).near(u, v, SLACK_MM)
            if structure:
                return Target("structure", structure)
    if layer == "skin":
        value = plate.regions.at(u, v)
        return Target("region", value) if value else NOTHING
    structure = plate.id_map(layer).near(u, v, SLACK_MM)
    return Target("structure", structure) if structure else NOTHING

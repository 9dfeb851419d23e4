"""What lies under the pointer: a pure function of plate, layer, marks and position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triggermap.body.plates import IdMap, Plate

# What these show covers the muscles like a wash or a line: it is looked at, and never in the way.
_UNTOUCHED = ("lung-zone", "bone-outline")
# Thin structures are hit within this distance, so that a hand with a mouse can reach them.
SLACK_MM = 1.5
# What a needle can hit, the thinnest first: a nerve is found where it crosses the lung.
_HAZARDOUS = ("nerves", "arteries", "veins", "organs", "lung-zone")
_THIN = ("nerves", "arteries", "veins")


@dataclass(frozen=True, slots=True)
class Mark:
    """A trigger point of one side where it is drawn on a plate (plate mm).

    ``hazard`` names the gravest hazard at the point, if there is one; ``grave`` is set where it can be
    life-threatening.
    """

    point: str
    side: str
    label: str
    u: float
    v: float
    selected: bool
    hazard: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What was hit. ``id`` is a structure id (of a hazard too), a region value or the index of a mark."""

    kind: Literal["nothing", "structure", "region", "mark", "hazard"]
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
    hazards: NDArray[np.bool_] | None = None,
) -> Target:
    """The target at plate mm (u, v): a mark within ``mark_radius`` mm, then ``overlays``, then the layer.

    Of the overlays on show the last one drawn comes first. On the skin layer the target is a pain
    region, elsewhere a structure. ``hazards`` says of each structure id whether its hazard zone is on show:
    such a zone comes before the overlays.
    """
    best, reach = NOTHING, mark_radius * mark_radius
    for index, mark in enumerate(marks):
        distance = (mark.u - u) ** 2 + (mark.v - v) ** 2
        if distance <= reach:
            best, reach = Target("mark", index), distance
    if best is not NOTHING:
        return best
    if hazards is not None:
        structure = _hazard_at(plate, hazards, u, v)
        if structure:
            return Target("hazard", structure)
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


def _hazard_at(plate: Plate, hazards: NDArray[np.bool_], u: float, v: float) -> int:
    """The structure of a hazard zone at plate mm (u, v), or a thin one close by; 0 without one."""
    for overlay in _HAZARDOUS:
        if plate.overlay(overlay) is not None:
            id_map = plate.overlay_map(overlay)
            found = _nearest_of(id_map, hazards, u, v, SLACK_MM if overlay in _THIN else 0.0)
            if found:
                return found
    return 0


def _nearest_of(id_map: IdMap, wanted: NDArray[np.bool_], u: float, v: float, radius: float) -> int:
    """The nearest of the wanted ids within ``radius`` mm of plate mm (u, v); 0 without one."""
    cell = id_map.grid.cell(u, v)
    if cell is None:
        return 0
    step = abs(float(id_map.grid.affine[0, 0]))
    reach = int(np.ceil(radius / step))
    top, left = max(cell[0] - reach, 0), max(cell[1] - reach, 0)
    window = id_map.ids[top : cell[0] + reach + 1, left : cell[1] + reach + 1]
    rows, cols = np.nonzero(wanted[window])
    if not len(rows):
        return 0
    distance = np.hypot(rows + top - cell[0], cols + left - cell[1])
    best = int(np.argmin(distance))
    return int(window[rows[best], cols[best]]) if distance[best] * step <= radius else 0

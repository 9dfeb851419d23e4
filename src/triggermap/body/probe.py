"""The probe: what lies under a place of a plate, from the skin inward, with the depths on this one body.

It is a look-up in the peel stack of the plate's axis. A view from the other end is the same list
reversed. The list is cut to the plate's own skin, so that the medial side of a thigh begins at that thigh.
The depths are those of one reference body and say nothing of a patient's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from triggermap.body.plates import OPEN_MM, Body, FloatArray, Plate, Structure
from triggermap.body.stacks import Stack, load_stack
from triggermap.errors import TriggermapError

#: Shown wherever depths are.
CAVEAT = "One reference body; it says nothing of a patient's depths."
#: A plate's skin and that of a stack's cell are the same if they begin within this distance along the view:
#: the cell is 2 mm wide, the pixel is not, and skin may be steep (999 of 1000 differ by less than 8.5).
SAME_SKIN_MM = 10.0
_NAMES = "xyz"


@dataclass(frozen=True, slots=True)
class Stratum:
    """A structure under the place: depths in mm from the skin's surface inward."""

    structure: Structure
    entry: float
    exit: float

    @property
    def thickness(self) -> float:
        """How far the ray runs in it, in mm."""
        return round(self.exit - self.entry, 1)

    def as_json(self) -> dict[str, str | float]:
        """The stratum as ``triggermap probe --json`` prints it."""
        return {
            "structure": self.structure.mesh,
            "label": self.structure.label,
            "side": self.structure.side,
            "system": self.structure.system,
            "entry_mm": self.entry,
            "exit_mm": self.exit,
            "thickness_mm": self.thickness,
        }


@dataclass(frozen=True, slots=True)
class Probe:
    """Everything under a place of a plate, by entry; the first is the skin.

    ``u, v`` are plate mm; ``at`` names the same place in body mm, horizontal first:
    ``(("x", -60.0), ("y", 1350.0))``.
    """

    plate: str
    u: float
    v: float
    at: tuple[tuple[str, float], tuple[str, float]]
    strata: tuple[Stratum, ...]


def axis_of(plate: Plate) -> str | None:
    """``z`` or ``x``, the axis along which the plate looks; None for another, which has no stack."""
    axis = _index(plate.toward)
    return _NAMES[axis] if axis in (0, 2) and _index(plate.up) == 1 else None


def why_not(plate: Plate) -> str | None:
    """A sentence to show where the plate has no cross-section, else None."""
    if axis_of(plate) is not None:
        return None
    return "This view has no cross-section: it is computed for views from the front, back and sides."


def body_axes(plate: Plate) -> tuple[str, str]:
    """The body coordinates that run along the width and the height of a plate: ``("x", "y")``."""
    return _NAMES[_index(plate.right)], _NAMES[_index(plate.up)]


def on_plate(plate: Plate, horizontal: float, vertical: float) -> tuple[float, float]:
    """Plate mm (u, v) of a place in the body coordinates of :func:`body_axes`; it is its own inverse."""
    return horizontal * _sign(plate.right), vertical * _sign(plate.up)


def probe(body: Body, plate: Plate, u: float, v: float) -> Probe | None:
    """What lies under plate mm (u, v); None beside the body or where there is no stack (:func:`why_not`).

    Raises :class:`TriggermapError` where the stack's file is missing or damaged.
    """
    axis = axis_of(plate)
    cell = plate.depth.grid.cell(u, v)
    if axis is None or cell is None:
        return None
    near, far = float(plate.depth.entry[cell]), float(plate.depth.exit[cell])
    if not (math.isfinite(near) and math.isfinite(far)):
        return None
    strata = _cut(_facing(body, plate, axis, u, v), near, far)
    if not strata:
        return None
    (across, up), (horizontal, vertical) = body_axes(plate), on_plate(plate, u, v)
    return Probe(plate.id, u, v, ((across, horizontal), (up, vertical)), strata)


def stack_of(body: Body, axis: str) -> Stack:
    """The stack of an axis, read at the first call."""
    if axis not in body.stacks:
        raise TriggermapError(
            f"{body.folder / 'manifest.json'} lists no peel stack for axis {axis}: run 'make plates'."
        )
    return load_stack(body.stacks[axis])


def _facing(body: Body, plate: Plate, axis: str, u: float, v: float) -> list[tuple[Structure, float, float]]:
    """Structures with ``p . toward`` (mm) of the plate where the ray enters and leaves them."""
    stack = stack_of(body, axis)
    point = u * plate.right + v * plate.up
    entries = stack.at(float(point[0] if axis == "z" else -point[2]), float(point[1]))
    found = []
    for e in entries:
        structure = body.structures.get(e.structure)
        if structure is None:
            raise TriggermapError(
                f"{body.stacks[axis]} names structure {e.structure}, which the body plates don't have: "
                "run 'make plates'."
            )
        first, last = stack.reference - e.entry, stack.reference - e.exit
        found.append((structure, first, last) if _sign(plate.toward) > 0 else (structure, -last, -first))
    return found


def _cut(rows: list[tuple[Structure, float, float]], near: float, far: float) -> tuple[Stratum, ...]:
    """The rows between the plate's own skin at ``near`` and ``far``, as depths from its surface."""
    skins = [(first, last) for structure, first, last in rows if structure.system == "skin"]
    top = _nearest([first for first, _ in skins], near)
    if near - far < OPEN_MM:  # the plate's skin was cut open behind: that of the body closes it
        far = min((last for first, last in skins if last < top <= first), default=far)
    bottom = _nearest([last for _, last in skins], far)
    top = max((min(first, top) for first, last in skins if last < top and first > bottom), default=top)
    strata = [
        Stratum(structure, round(top - min(first, top), 1), round(top - max(last, bottom), 1))
        for structure, first, last in rows
        if last < top and first > bottom
    ]
    return tuple(sorted(strata, key=lambda s: (s.entry, -s.exit, s.structure.system != "skin")))


def _nearest(surfaces: list[float], wanted: float) -> float:
    """The surface that is the wanted one, else the wanted place itself."""
    best = min(surfaces, key=lambda at: abs(at - wanted), default=wanted)
    return best if abs(best - wanted) <= SAME_SKIN_MM else wanted


def _index(axis: FloatArray) -> int:
    return int(np.abs(axis).argmax())


def _sign(axis: FloatArray) -> float:
    return float(np.sign(axis[_index(axis)]))

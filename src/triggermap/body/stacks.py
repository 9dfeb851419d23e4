"""Peel stacks: what a straight line through the body meets, in order, with the depths, as a look-up.

The arrays are those of ``docs/assets-format.md``; the platemaker computes them. A stack is read when it
is first asked for and kept; a look-up is two array reads.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triggermap.errors import TriggermapError

UNITS_PER_MM = 10.0
_ARRAYS = ("axis", "step", "origin", "shape", "reference", "start", "structure", "entry", "exit")


@dataclass(frozen=True, slots=True)
class Entry:
    """A structure on a ray: its id, and where the ray enters and leaves it (mm behind the reference)."""

    structure: int
    entry: float
    exit: float


@dataclass(frozen=True)
class Stack:
    """The peel stack of one axis.

    ``u, v`` are those of the front plate (u = x, v = y) for axis ``z`` and of the left plate (u = -z, v = y)
    for axis ``x``. Depths count from the plane ``p . toward = reference`` (mm) away from the viewer, who
    looks from the front or from the left.
    """

    axis: str
    step: float
    origin: tuple[float, float]
    shape: tuple[int, int]  # columns, rows
    reference: float
    start: NDArray[np.uint32]
    structure: NDArray[np.uint16]
    entry: NDArray[np.int16]
    exit: NDArray[np.int16]

    def at(self, u: float, v: float) -> list[Entry]:
        """What the ray through the cell at (u, v) meets, by entry, the skin first; empty off the body."""
        column = math.floor((u - self.origin[0]) / self.step)
        row = math.floor((v - self.origin[1]) / self.step)
        if not (0 <= column < self.shape[0] and 0 <= row < self.shape[1]):
            return []
        cell = row * self.shape[0] + column
        part = slice(int(self.start[cell]), int(self.start[cell + 1]))
        rows = zip(
            self.structure[part].tolist(), self.entry[part].tolist(), self.exit[part].tolist(), strict=True
        )
        return [Entry(number, first / UNITS_PER_MM, last / UNITS_PER_MM) for number, first, last in rows]


@lru_cache(maxsize=4)
def load_stack(path: Path) -> Stack:
    """Read the stack of one axis; it is read once and kept.

    Raises :class:`TriggermapError` that names the file if it is missing or damaged.
    """
    try:
        # Opened here: np.load leaves a file open that turns out to be no archive.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as pack:
            return _stack({name: pack[name] for name in _ARRAYS})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TriggermapError(
            f"{path} with what lies under the skin cannot be read ({error}): run 'make plates'."
        ) from error


def _stack(arrays: dict[str, NDArray[Any]]) -> Stack:
    wide, high = (int(n) for n in arrays["shape"])
    u0, v0 = (float(n) for n in arrays["origin"])
    start, structure, entry, leave = (arrays[name] for name in ("start", "structure", "entry", "exit"))
    axis, step, reference = (arrays[name].item() for name in ("axis", "step", "reference"))
    sound = (
        len(start) == wide * high + 1
        and start[0] == 0
        and len(structure) == len(entry) == len(leave) == start[-1]
        and step > 0
    )
    if not sound:
        raise ValueError("its arrays don't fit together")
    return Stack(axis, step, (u0, v0), (wide, high), reference, start, structure, entry, leave)

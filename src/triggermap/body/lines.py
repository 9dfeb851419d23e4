"""Centre lines of nerves and vessels, from which distances to them are measured.

The file is written by ``platemaker.lines``; see docs/assets-format.md.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triggermap.errors import TriggermapError

_UNITS_PER_MM = 10.0
_ARRAYS = ("points", "structure", "bridged")

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Near:
    """A nerve or vessel by its structure id, and how near its centre line comes to a way (mm).

    ``bridged``: the body has a gap there, and the line is a bridge over it.
    """

    structure: int
    distance: float
    bridged: bool


@dataclass(frozen=True)
class Lines:
    """Points along all centre lines: places (N, 3) in body mm, structure ids and ``bridged`` (N,)."""

    points: NDArray[np.float32]
    structure: NDArray[np.uint16]
    bridged: NDArray[np.bool_]

    def near(self, start: Vector, end: Vector, within: float, bridged_within: float) -> list[Near]:
        """The structures whose lines come within so many mm of a straight way, the nearest first.

        ``start`` and ``end`` (3,) are body mm. Bridges are guesses: they have a reach of their own.
        """
        low = np.minimum(start, end) - max(within, bridged_within)
        high = np.maximum(start, end) + max(within, bridged_within)
        rows = np.flatnonzero(((self.points >= low) & (self.points <= high)).all(1))
        along = end - start
        gap = self.points[rows] - start
        share = np.clip(gap @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
        apart = np.linalg.norm(gap - share[:, None] * along, axis=1)
        best: dict[tuple[int, bool], float] = {}
        found = zip(self.structure[rows].tolist(), self.bridged[rows].tolist(), apart.tolist(), strict=True)
        for structure, bridged, distance in found:
            if distance <= (bridged_within if bridged else within):
                key = structure, bridged
                best[key] = min(best.get(key, distance), distance)
        nearest = (Near(s, round(distance, 1), bridged) for (s, bridged), distance in best.items())
        return sorted(nearest, key=lambda n: (n.distance, n.structure))


@lru_cache(maxsize=4)
def load_lines(path: Path) -> Lines:
    """Read ``lines.npz``; it is read once and kept.

    Raises :class:`TriggermapError` that names the file if it is missing or damaged.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as pack:
            points, structure, bridged = (pack[name] for name in _ARRAYS)
        if points.shape != (len(structure), 3) or len(bridged) != len(structure) or not len(structure):
            raise ValueError("its arrays don't fit together")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TriggermapError(
            f"{path} with the centre lines of nerves and vessels cannot be read ({error}): run 'make plates'."
        ) from error
    return Lines((points / _UNITS_PER_MM).astype(np.float32), structure, bridged.astype(np.bool_))

"""What a plate of one side looks like in a mirror, where it serves the other side too.

Structures become their pairs, regions those of the other side, ``u`` becomes ``-u``. Depths stay: the
viewing direction is mirrored with the body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_IDS = int(np.iinfo(np.uint16).max) + 1


@dataclass(frozen=True)
class Mirror:
    """What each id becomes on the other side, as tables (65536,) that arrays of ids are looked up in."""

    structures: NDArray[np.uint16]
    regions: NDArray[np.uint16]


def table(pairs: Iterable[tuple[int, int | None]]) -> NDArray[np.uint16]:
    """A table of ids to what they become; an id without a pair stays itself."""
    ids = np.arange(_IDS, dtype=np.uint16)
    for one, other in pairs:
        if other is not None:
            ids[one] = other
    return ids


def flipped(array: NDArray[Any]) -> NDArray[Any]:
    """An array (rows, columns) turned left to right."""
    return np.ascontiguousarray(array[:, ::-1])


def flipped_affine(affine: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The affine (2, 3) of a flipped array of so many columns, with ``u`` turned to ``-u``."""
    a, b, c = affine[0]
    d, e, f = affine[1]
    last = columns - 1
    return np.array([[a, -b, -(a * last + c)], [-d, e, d * last + f]])


def flipped_points(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points (N, 2) of a plate with ``u`` turned to ``-u``."""
    return points * np.array([-1.0, 1.0], np.float32)


def flipped_rings(start: NDArray[np.int64], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The points of closed rings in a mirror, each ring in reverse, so that it still runs the same way.

    Ring ``k`` is ``points[start[k]:start[k + 1]]``, before and after.
    """
    order = np.repeat(start[:-1] + start[1:] - 1, np.diff(start)) - np.arange(len(points))
    return flipped_points(points[order])

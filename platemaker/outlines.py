"""Silhouettes of structures as closed rings: marching squares on a coverage field."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from platemaker.geometry import Floats

# For each of the 16 cases of a cell (bits: 1 top left, 2 top right, 4 bottom right, 8 bottom left) the
# segments as (from side, to side) with the filled part on the left hand as seen with rows going down.
# Sides: 0 top, 1 right, 2 bottom, 3 left.
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def rings_of(field: npt.NDArray[np.float32], level: float = 0.5) -> list[Floats]:
    """Closed rings (n, 2) of (column, row) where ``field`` (height, width) crosses ``level``.

    The field must be below the level on its border.
    """
    height, width = field.shape
    inside = field > level
    case = (inside[:-1, :-1] * 1 + inside[:-1, 1:] * 2 + inside[1:, 1:] * 4 + inside[1:, :-1] * 8).astype(
        np.int8
    )
    # A side is known by a number: horizontal sides first, then vertical ones.
    vertical_base = height * width
    following: dict[int, int] = {}
    for number, segments in _SEGMENTS.items():
        rows, cols = np.nonzero(case == number)
        if not len(rows):
            continue
        sides = (
            rows * width + cols,
            vertical_base + rows * width + cols + 1,
            (rows + 1) * width + cols,
            vertical_base + rows * width + cols,
        )
        for start, end in segments:
            following.update(zip(sides[start].tolist(), sides[end].tolist(), strict=True))
    rings: list[Floats] = []
    while following:
        first = next(iter(following))
        ring = []
        here = first
        while here in following:
            ring.append(here)
            here = following.pop(here)
        rings.append(_positions(np.array(ring), field, level, vertical_base))
    return rings


def _positions(
    sides: npt.NDArray[np.int64], field: npt.NDArray[np.float32], level: float, vertical_base: int
) -> Floats:
    """Where the level is crossed on each side, by linear interpolation."""
    width = field.shape[1]
    vertical = sides >= vertical_base
    rows, cols = np.divmod(np.where(vertical, sides - vertical_base, sides), width)
    one = field[rows, cols]
    two = field[rows + vertical, cols + ~vertical]
    share = (level - one) / np.where(np.abs(two - one) < 1e-9, 1.0, two - one)
    return np.stack([cols + share * ~vertical, rows + share * vertical], axis=1).astype(np.float64)


def ring_area(ring: Floats) -> float:
    """Signed area of a closed ring."""
    x, y = ring.T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def simplified(ring: Floats, tolerance: float) -> Floats:
    """Douglas-Peucker: drop points of a closed ring that lie within ``tolerance`` of the line."""
    count = len(ring)
    if count < 8:
        return ring
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(1)))
    keep = np.zeros(count + 1, np.bool_)
    closed = np.concatenate([ring, ring[:1]])
    keep[[0, far, count]] = True
    stack = [(0, far), (far, count)]
    while stack:
        low, high = stack.pop()
        if high - low < 2:
            continue
        a, b = closed[low], closed[high]
        line = b - a
        length = float(np.hypot(*line))
        between = closed[low + 1 : high] - a
        if length < 1e-9:
            away = np.hypot(between[:, 0], between[:, 1])
        else:
            away = np.abs(between[:, 0] * line[1] - between[:, 1] * line[0]) / length
        worst = int(np.argmax(away))
        if away[worst] > tolerance:
            middle = low + 1 + worst
            keep[middle] = True
            stack += [(low, middle), (middle, high)]
    return ring[keep[:-1]]

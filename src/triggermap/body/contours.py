"""Contours of structures that have none in the assets: nerves, vessels, organs and the lung zone.

They are traced from the id maps of a plate's overlays, which show a structure through whatever covers it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triggermap.body.plates import Body, Grid, IdMap, Plate

FloatArray = NDArray[np.float32]

# The overlay in which the structures of a system are found.
OVERLAY_OF = {
    "arteries": "arteries",
    "attachments": "attachments",
    "computed": "lung-zone",
    "nerves": "nerves",
    "organs": "organs",
    "veins": "veins",
}

# For each of the cases of four neighbouring cells (bits: 1 top left, 2 top right, 4 bottom right, 8 bottom
# left) the segments from side to side, with what is filled on one hand. Sides: top, right, bottom, left.
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)), 11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),),
    14: ((0, 3),),
}  # fmt: skip
_SPECK_MM = 4.0  # a ring shorter than this is a speck between structures that hide each other
_SMOOTHINGS = 2
_MOST_PLACES = 400


@dataclass(frozen=True)
class Shape:
    """Structures as a plate shows them: closed rings (N, 2), and places inside (M, 2), in plate mm."""

    rings: tuple[FloatArray, ...]
    inside: FloatArray


def shape_of(plate: Plate, body: Body, structures: Collection[int]) -> Shape:
    """The shape of some structures together; empty where the plate has nothing of them.

    Raises :class:`~triggermap.errors.TriggermapError` if an id map can't be read.
    """
    rings: list[FloatArray] = []
    inside = [np.zeros((0, 2), np.float32)]
    for id_map, numbers in _maps(plate, body, structures):
        mask = table_of(numbers)[id_map.ids]
        rings += traced(mask, id_map.grid)
        inside.append(_places(mask, id_map.grid))
    return Shape(tuple(rings), np.concatenate(inside))


def seen_of(plate: Plate, body: Body, structures: Collection[int]) -> frozenset[int]:
    """Those of some structures that a plate's overlays show. Raises like :func:`shape_of`."""
    return frozenset(
        number
        for id_map, numbers in _maps(plate, body, structures)
        for number in numbers
        if number < len(id_map.counts) and id_map.counts[number]
    )


def _maps(plate: Plate, body: Body, structures: Collection[int]) -> Iterator[tuple[IdMap, list[int]]]:
    """The id maps in which structures are looked for, each with its own."""
    by_overlay: dict[str, list[int]] = {}
    for number in structures:
        overlay = OVERLAY_OF.get(body.structures[number].system)
        if overlay is not None and plate.overlay(overlay) is not None:
            by_overlay.setdefault(overlay, []).append(number)
    for overlay, numbers in by_overlay.items():
        yield plate.overlay_map(overlay), numbers


def table_of(structures: Collection[int]) -> NDArray[np.bool_]:
    """Which ids are among ``structures``: ``table[ids]`` is ten times faster than ``np.isin``."""
    table = np.zeros(int(np.iinfo(np.uint16).max) + 1, np.bool_)
    table[list(structures)] = True
    return table


def traced(mask: NDArray[np.bool_], grid: Grid) -> list[FloatArray]:
    """The contour of a mask on a grid, smooth, as closed rings (N, 2) in plate mm."""
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return []
    top, left = int(rows[0]), int(cols[0])
    step = abs(float(grid.affine[0, 0]))
    found = []
    for ring in _traced(np.pad(mask[top : rows[-1] + 1, left : cols[-1] + 1], 1)):
        if len(ring) * step * 0.7 < _SPECK_MM:
            continue
        cells = _smooth(ring) + np.array([left - 1, top - 1])
        found.append((cells @ grid.affine[:, :2].T + grid.affine[:, 2]).astype(np.float32))
    return found


def _places(mask: NDArray[np.bool_], grid: Grid) -> FloatArray:
    """Some places inside a mask (N, 2), evenly, in plate mm."""
    cells = np.flatnonzero(mask)
    rows, cols = np.divmod(cells[:: max(len(cells) // _MOST_PLACES, 1)], mask.shape[1])
    found: FloatArray = (np.stack([cols, rows], 1) @ grid.affine[:, :2].T + grid.affine[:, 2]).astype(
        np.float32
    )
    return found


def _traced(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Closed rings (n, 2) of (column, row) halfway between cells in and out of a mask with a free border."""
    width = mask.shape[1]
    inside = mask.view(np.uint8)
    case = inside[:-1, :-1] | inside[:-1, 1:] << 1 | inside[1:, 1:] << 2 | inside[1:, :-1] << 3
    rows, cols = np.nonzero((case > 0) & (case < 15))
    kinds = case[rows, cols]
    # A side is known by the middle of it in half cells, so no two sides share a number.
    wide = 2 * width
    at = rows * 2 * wide + cols * 2
    sides = (at + 1, at + wide + 2, at + 2 * wide + 1, at + wide)
    following: dict[int, int] = {}
    for number, segments in _SEGMENTS.items():
        chosen = np.flatnonzero(kinds == number)
        for start, end in segments:
            following.update(zip(sides[start][chosen].tolist(), sides[end][chosen].tolist(), strict=True))
    rings = []
    while following:
        first, here = following.popitem()
        ring = [first]
        while here != first:
            ring.append(here)
            here = following.pop(here)
        row, col = np.divmod(np.array(ring), wide)
        rings.append(np.stack([col, row], axis=1) / 2.0)
    return rings


def _smooth(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """A closed ring without the steps of its cells."""
    for _ in range(_SMOOTHINGS):
        ring = (np.roll(ring, 1, 0) + 2.0 * ring + np.roll(ring, -1, 0)) / 4.0
    return ring

"""Where structures that have no outline are seen on a plate: nerves, vessels, organs and the lung zone.

The id maps of the overlays show them through whatever covers them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triggermap.body.plates import Body, Grid, IdMap, Plate

# The overlay in which the structures of a system are found.
OVERLAY_OF = {
    "arteries": "arteries",
    "attachments": "attachments",
    "computed": "lung-zone",
    "nerves": "nerves",
    "organs": "organs",
    "veins": "veins",
}
_MOST_PLACES = 200
Rect = tuple[float, float, float, float]
_PAD = 2


@dataclass(frozen=True)
class Mask:
    """Which cells show something, with a free border of two; ``grid`` is where they lie on the plate."""

    cells: NDArray[np.bool_]
    grid: Grid

    def places(self) -> NDArray[np.float32]:
        """Some places inside (N, 2), evenly, in plate mm."""
        found = np.flatnonzero(self.cells)
        rows, cols = np.divmod(found[:: max(len(found) // _MOST_PLACES, 1)], self.cells.shape[1])
        affine = self.grid.affine
        result: NDArray[np.float32] = (np.stack([cols, rows], 1) @ affine[:, :2].T + affine[:, 2]).astype(
            np.float32
        )
        return result


def masks_of(plate: Plate, body: Body, structures: Collection[int]) -> list[Mask]:
    """What a plate shows of some structures together, a mask for each overlay that has any.

    Raises :class:`~triggermap.errors.TriggermapError` if an id map can't be read.
    """
    found = []
    for id_map, numbers in _maps(plate, body, structures):
        cells = table_of(numbers)[id_map.ids]
        rows, cols = np.flatnonzero(cells.any(1)), np.flatnonzero(cells.any(0))
        if len(rows):
            part = np.pad(cells[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1], _PAD)
            affine = id_map.grid.affine.copy()
            affine[:, 2] = affine @ np.array([cols[0] - _PAD, rows[0] - _PAD, 1.0])
            found.append(Mask(part, Grid(affine, (part.shape[0], part.shape[1]))))
    return found


def rect_of(plate: Plate, body: Body, structures: Collection[int]) -> Rect | None:
    """The rectangle (left, bottom, width, height; plate mm) in which a plate shows structures, if it does.

    Raises like :func:`masks_of`.
    """
    rects = [mask.grid.rect for mask in masks_of(plate, body, structures)]
    if not rects:
        return None
    left, bottom = min(r[0] for r in rects), min(r[1] for r in rects)
    right, top = max(r[0] + r[2] for r in rects), max(r[1] + r[3] for r in rects)
    return left, bottom, right - left, top - bottom


def seen_of(plate: Plate, body: Body, structures: Collection[int]) -> frozenset[int]:
    """Those of some structures that a plate's overlays show. Raises like :func:`masks_of`."""
    return frozenset(
        number
        for id_map, numbers in _maps(plate, body, structures)
        for number in numbers
        if number < len(id_map.counts) and id_map.counts[number]
    )


def near_of(
    plate: Plate,
    body: Body,
    structures: Collection[int],
    places: Collection[tuple[float, float]],
    reach: float,
) -> frozenset[int]:
    """Those of some structures that come within about ``reach`` mm of a place (u, v). Raises likewise."""
    found: set[int] = set()
    for id_map, numbers in _maps(plate, body, structures):
        rows, cols = id_map.ids.shape
        step = abs(float(id_map.grid.affine[0, 0]))
        wanted = table_of(numbers)
        for place in places:
            col, row = id_map.grid.cells(np.array([place]))[0]
            top, bottom = (int(np.clip(row + sign * reach / step, 0, rows)) for sign in (-1, 1))
            left, right = (int(np.clip(col + sign * reach / step, 0, cols)) for sign in (-1, 1))
            window = id_map.ids[top:bottom, left:right]
            found.update(np.unique(window[wanted[window]]).tolist())
    return frozenset(found)


def table_of(structures: Collection[int]) -> NDArray[np.bool_]:
    """Which ids are among ``structures``: ``table[ids]`` is ten times faster than ``np.isin``."""
    table = np.zeros(int(np.iinfo(np.uint16).max) + 1, np.bool_)
    table[list(structures)] = True
    return table


def _maps(plate: Plate, body: Body, structures: Collection[int]) -> Iterator[tuple[IdMap, list[int]]]:
    """The id maps in which structures are looked for, each with its own."""
    by_overlay: dict[str, list[int]] = {}
    for number in structures:
        overlay = OVERLAY_OF.get(body.structures[number].system)
        if overlay is not None and plate.overlay(overlay) is not None:
            by_overlay.setdefault(overlay, []).append(number)
    for overlay, numbers in by_overlay.items():
        yield plate.overlay_map(overlay), numbers

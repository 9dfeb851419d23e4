"""Brush strokes on the skin: how a pattern is drawn where it is known more finely than by regions.

A stroke is a line of corners on the skin with a width. Its strength at a place of a plate follows from
the distance in space between the skin that is seen there and the line, so a stroke looks the same on
every plate and at every zoom. Pure numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triggermap.body.plates import Grid, Plate

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]
Corner = tuple[float, float, float]

_RIM_MM = 3.0  # a stroke fades out over so much beyond its width
_ESSENTIAL_FADE_MM = 6.0  # and has its full strength from so far inside its rim
_SPILL_FADE_MM = 14.0  # spillover thins out over more


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke on one side of the body: its width and its corners in body mm."""

    width: float
    corners: tuple[Corner, ...]


def strength(plate: Plate, lines: tuple[Line, ...], grid: Grid, *, spillover: bool) -> FloatImage:
    """How strongly lines colour the skin seen at each cell of ``grid``: 0..1, 0 where there is no skin."""
    found = np.zeros(grid.shape, np.float32)
    skin, cells = _skin(plate, grid)
    if not len(skin):
        return found
    flat = np.zeros(len(skin))
    for line in lines:
        inside = line.width / 2.0 - _distance(skin, np.array(line.corners))
        fade = min(_SPILL_FADE_MM if spillover else _ESSENTIAL_FADE_MM, line.width * 0.4)
        share = np.clip((inside + _RIM_MM) / (fade + _RIM_MM), 0.0, 1.0)
        np.maximum(flat, share * share * (3.0 - 2.0 * share), out=flat)
    found[cells] = flat
    return found


def _skin(plate: Plate, grid: Grid) -> tuple[FloatArray, tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The points of the skin seen at the cells of a grid (N, 3), and these cells (rows, columns)."""
    rows, cols = np.indices(grid.shape)
    cells = np.stack([cols.ravel(), rows.ravel(), np.ones(cols.size)])
    u, v = grid.affine @ cells
    depth = plate.depth
    at = np.rint(depth.grid.cells(np.stack([u, v], axis=1))).astype(np.int64)
    there = (at[:, 0] >= 0) & (at[:, 0] < depth.grid.shape[1]) & (at[:, 1] >= 0)
    there &= at[:, 1] < depth.grid.shape[0]
    entry = np.full(len(at), np.nan)
    entry[there] = depth.entry[at[there, 1], at[there, 0]]
    kept = np.flatnonzero(~np.isnan(entry))
    points = u[kept, None] * plate.right + v[kept, None] * plate.up + entry[kept, None] * plate.toward
    return points, (rows.ravel()[kept], cols.ravel()[kept])


def _distance(points: FloatArray, corners: FloatArray) -> FloatArray:
    """Distance in mm from each of ``points`` (N, 3) to the line through ``corners`` (M, 3)."""
    nearest = np.full(len(points), np.inf)
    for start, end in pairwise(corners):
        along = end - start
        length = float(along @ along)
        share = np.clip((points - start) @ along / length, 0.0, 1.0) if length else np.zeros(len(points))
        gap = points - start - share[:, None] * along
        np.minimum(nearest, np.einsum("ij,ij->i", gap, gap), out=nearest)
    result: FloatArray = np.sqrt(nearest)
    return result

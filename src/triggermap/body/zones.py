"""A referral pattern as it is drawn: smooth essential zones and thinning spillover dots.

Both are computed from the region map of a plate, so a pattern is the same shape on the same skin
wherever it is seen. Pure numpy; colours and painting are the stage's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triggermap.body import shapes
from triggermap.body.plates import Dots, Grid, IdMap, Plate

FloatImage = NDArray[np.float32]

# Borders of regions are rounded and faded over about this distance (mm, sigma of the blur). Wide
# enough that the pieces of a pattern flow into one another as in the classic drawings, narrow
# enough that a fingertip keeps its own zone.
BLUR_MM = 7.0
SPILL_BLUR_MM = 9.0
# Zones are blurred wider than this, so computing them on coarser cells than the map costs nothing.
CELL_MM = 2.0
_FULL = 0.72  # of the blurred mask: from here on a zone has its full strength


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pattern that is drawn by strokes: its lines, and ``own``, the region values that bound them."""

    plate: Plate
    essential: tuple[shapes.Line, ...]
    spillover: tuple[shapes.Line, ...]
    own: tuple[int, ...]


@dataclass(frozen=True)
class Pattern:
    """What the stage paints: an alpha image with its rectangle, and dots, in plate mm."""

    alpha: FloatImage  # 0..1, row 0 at the top
    rect: tuple[float, float, float, float]  # left, bottom, width, height
    dots: NDArray[np.float32]  # (N, 2)
    order: NDArray[np.float32]  # (N,) in 0..1: the first half of it is an even stipple of half the dots

    @property
    def empty(self) -> bool:
        """True where nothing of the pattern is seen on this plate."""
        return not len(self.dots) and not self.alpha.size


def pattern(
    regions: IdMap, dots: Dots, essential: list[int], spillover: list[int], drawn: Drawn | None = None
) -> Pattern:
    """The pattern of region values as it appears on one plate.

    ``essential`` and ``spillover`` are values of the plate's region map. A value in both counts
    as essential. ``drawn`` adds strokes, which end where the pattern's own regions do.
    """
    spill = [value for value in spillover if value not in essential]
    own = drawn.own if drawn else ()
    window = _window(regions, [*essential, *spill, *own])
    if window is None:
        none = np.zeros((0, 2), np.float32)
        return Pattern(np.zeros((0, 0), np.float32), (0, 0, 0, 0), none, none[:, 0])
    rows, cols = window
    stride, step = _stride(regions)
    ids = regions.ids[rows, cols]
    grid = _subgrid(regions.grid, rows, cols, ids.shape)
    skin = ids != 0
    part = (slice(rows.start // stride, rows.start // stride + ids.shape[0]),
            slice(cols.start // stride, cols.start // stride + ids.shape[1]))  # fmt: skip
    solid = _soft(_is_any(ids, essential), skin_weight(regions, BLUR_MM)[part], BLUR_MM / step)
    for value in essential:
        _lift_strip(solid, ids == value)
    alpha = np.where(skin, _smoothstep(0.28, _FULL, solid), 0.0).astype(np.float32)
    density = _smoothstep(
        0.1, 0.9, _soft(_is_any(ids, spill), skin_weight(regions, SPILL_BLUR_MM)[part], SPILL_BLUR_MM / step)
    )
    if drawn is not None:
        # A stroke on the palm must not shine through to the back of the hand.
        near = _soft(_is_any(ids, list(own)), skin_weight(regions, BLUR_MM)[part], BLUR_MM / step)
        bound = np.where(skin, _smoothstep(0.15, 0.5, near), 0.0)
        solid = bound * shapes.strength(drawn.plate, drawn.essential, grid, spillover=False)
        alpha = np.maximum(alpha, solid).astype(np.float32)
        thin = bound * shapes.strength(drawn.plate, drawn.spillover, grid, spillover=True)
        density = np.maximum(density, thin).astype(np.float32)
    return Pattern(alpha, grid.rect, *_dots(dots, grid, density * (1.0 - alpha)))


def _lift_strip(solid: FloatImage, cells: NDArray[np.bool_]) -> None:
    """Bring a region that is seen as a narrow strip to full strength, or the blur would lose it."""
    seen = solid[cells]
    if len(seen) and 0.0 < (peak := float(seen.max())) < _FULL:
        solid[cells] = seen * (_FULL / peak)


def _window(regions: IdMap, values: list[int]) -> tuple[slice, slice] | None:
    """The rows and columns that hold any of ``values``, with room for the blur, every n-th alone."""
    found = [regions.extents[value] for value in values if value in regions.extents]
    if not found:
        return None
    stride, step = _stride(regions)
    margin = int(np.ceil(3 * SPILL_BLUR_MM / step)) * stride
    rows, cols = regions.grid.shape
    return (
        _span(min(e.top for e in found), max(e.bottom for e in found), margin, rows, stride),
        _span(min(e.left for e in found), max(e.right for e in found), margin, cols, stride),
    )


def _span(first: int, last: int, margin: int, end: int, stride: int) -> slice:
    """A slice that begins on the coarse grid, so that windows of one plate share their cells."""
    return slice(max(first - margin, 0) // stride * stride, min(last + margin, end), stride)


def _stride(regions: IdMap) -> tuple[int, float]:
    """How many cells of the map make a cell of a pattern, and how wide that is (mm)."""
    cell = abs(float(regions.grid.affine[0, 0]))
    stride = max(int(CELL_MM / cell), 1)
    return stride, stride * cell


def skin_weight(regions: IdMap, blur: float) -> FloatImage:
    """How much skin lies round each coarse cell of a map; computed once for a map and a blur (mm)."""
    if blur not in regions.weights:
        stride, step = _stride(regions)
        skin = (regions.ids[::stride, ::stride] != 0).astype(np.float32)
        regions.weights[blur] = np.maximum(_blur(skin, blur / step), 1e-4)
    return regions.weights[blur]


def _subgrid(grid: Grid, rows: slice, cols: slice, shape: tuple[int, ...]) -> Grid:
    affine = grid.affine.copy()
    affine[:, :2] *= rows.step
    affine[:, 2] = grid.affine @ np.array([cols.start, rows.start, 1.0])
    return Grid(affine, (shape[0], shape[1]))


def _is_any(ids: NDArray[np.uint16], values: list[int]) -> NDArray[np.bool_]:
    """Which cells hold one of ``values``: a table look-up, ten times faster than np.isin."""
    table = np.zeros(int(np.iinfo(np.uint16).max) + 1, bool)
    table[values] = True
    return table[ids]


def _soft(mask: NDArray[np.bool_], weight: FloatImage, sigma: float) -> FloatImage:
    """Blur of a mask over the skin only: a zone doesn't fade towards the edge of the body."""
    result: FloatImage = _blur(mask.astype(np.float32), sigma) / weight
    return result


def _blur(image: FloatImage, sigma: float) -> FloatImage:
    """Three box filters along each axis: a Gaussian of ``sigma`` cells to within 3 %."""
    width = max(round(float(np.sqrt(4.0 * sigma**2 + 1.0))) | 1, 1)
    for _ in range(3):
        image = _box(_box(image, width).T, width).T
    return image


def _box(image: FloatImage, width: int) -> FloatImage:
    half = width // 2
    padded = np.pad(image, ((half + 1, half), (0, 0)))
    total = np.cumsum(padded, axis=0, dtype=np.float32)
    result: FloatImage = (total[width:] - total[:-width]) / np.float32(width)
    return result


def _smoothstep(low: float, high: float, values: FloatImage) -> FloatImage:
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    result: FloatImage = (t * t * (3.0 - 2.0 * t)).astype(np.float32)
    return result


def _dots(dots: Dots, grid: Grid, density: FloatImage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The dots whose rank is below the local density, and how far below."""
    cells = np.rint(grid.cells(dots.points.astype(np.float64))).astype(np.int64)
    col, row = cells[:, 0], cells[:, 1]
    inside = (row >= 0) & (row < grid.shape[0]) & (col >= 0) & (col < grid.shape[1])
    kept = np.flatnonzero(inside)
    local = density[row[kept], col[kept]]
    below = dots.rank[kept] < local
    kept = kept[below]
    return dots.points[kept], (dots.rank[kept] / local[below]).astype(np.float32)

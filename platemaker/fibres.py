"""Fine streaks along the fibres, drawn in the picture plane by line integral convolution.

White noise is averaged along the projected fibre direction: neighbours on a fibre look alike,
neighbours across differ. The noise is fixed, so the streaks are the same in every run.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from platemaker.geometry import Floats
from platemaker.rays import Floats32, Hits
from platemaker.scenemesh import SceneMesh

SEED = 7
FINE_MM = 4.0  # half length of the fine streaks
BROAD_MM = 16.0  # half length of the bundles
BUNDLE_MM = 0.55  # width of a bundle (standard deviation)


def streaks(
    mesh: SceneMesh, hits: Hits, ids: npt.NDArray[np.uint16], axes: Floats, mm_per_px: float
) -> Floats32:
    """Tone (height, width) around 0 with a standard deviation of about 1; 0 where there are no fibres."""
    height, width = ids.shape
    fibre = np.zeros((height * width, 2), np.float32)
    found = np.flatnonzero(hits.face >= 0)
    corners = mesh.faces[hits.face[found]]
    grain = mesh.grain[corners]
    first = grain[:, 0]
    sign = np.where((grain * first[:, None]).sum(2) < 0, np.float32(-1), np.float32(1))
    weight = np.stack([1 - hits.u[found] - hits.v[found], hits.u[found], hits.v[found]], axis=1)
    way = (grain * (sign * weight)[:, :, None]).sum(1)
    flat = np.stack([way @ axes[0].astype(np.float32), -(way @ axes[1].astype(np.float32))], axis=1)
    length = np.hypot(flat[:, 0], flat[:, 1])
    fibre[found] = flat / np.maximum(length, 1e-6)[:, None]
    seen = np.zeros(height * width, np.float32)
    seen[found] = np.clip((length - 0.12) / 0.4, 0.0, 1.0)
    field = fibre.reshape(height, width, 2)

    random = np.random.default_rng(SEED)
    noise = random.standard_normal((height, width)).astype(np.float32)
    fine = ndimage.gaussian_filter(noise, 0.5)
    broad = ndimage.gaussian_filter(noise, BUNDLE_MM / mm_per_px)
    fine /= fine.std()
    broad /= broad.std()

    start = np.flatnonzero(seen > 0)
    rows, cols = np.divmod(start, width)
    home = ids.ravel()[start]
    fine_steps = max(2, round(FINE_MM / mm_per_px))
    broad_steps = max(3, round(BROAD_MM / mm_per_px / 2))
    fine_sum = fine[rows, cols].copy()
    fine_count = np.ones(len(start), np.float32)
    broad_sum = broad[rows, cols].copy()
    broad_count = np.ones(len(start), np.float32)
    for direction in (1.0, -1.0):
        for stride, steps, source, total, count in (
            (1.0, fine_steps, fine, fine_sum, fine_count),
            (2.0, broad_steps, broad, broad_sum, broad_count),
        ):
            _walk(field, ids, source, rows, cols, home, direction * stride, steps, total, count)
    fine_tone = fine_sum / np.sqrt(fine_count)
    broad_tone = broad_sum / np.sqrt(broad_count)
    tone = np.zeros(height * width, np.float32)
    tone[start] = (0.65 * fine_tone + 0.35 * broad_tone) * seen[start]
    return tone.reshape(height, width)


def _walk(
    field: Floats32,
    ids: npt.NDArray[np.uint16],
    source: Floats32,
    rows: npt.NDArray[np.int64],
    cols: npt.NDArray[np.int64],
    home: npt.NDArray[np.uint16],
    stride: float,
    steps: int,
    total: Floats32,
    count: Floats32,
) -> None:
    """Follow the field from every start and add up the source, until another structure begins."""
    height, width = ids.shape
    x = cols.astype(np.float32)
    y = rows.astype(np.float32)
    way = field[rows, cols] * np.float32(np.sign(stride))
    alive = np.arange(len(rows))
    for _ in range(steps):
        x[alive] += abs(stride) * way[alive, 0]
        y[alive] += abs(stride) * way[alive, 1]
        col = np.rint(x[alive]).astype(np.int64)
        row = np.rint(y[alive]).astype(np.int64)
        inside = (col >= 1) & (col < width - 1) & (row >= 1) & (row < height - 1)
        alive, row, col = alive[inside], row[inside], col[inside]
        same = ids[row, col] == home[alive]
        alive, row, col = alive[same], row[same], col[same]
        if not len(alive):
            return
        # Between pixels the noise is interpolated: a rounding error on another machine must not
        # pick another pixel's noise.
        left, top = np.floor(x[alive]).astype(np.int64), np.floor(y[alive]).astype(np.int64)
        a, b = x[alive] - left, y[alive] - top
        total[alive] += (source[top, left] * (1 - a) + source[top, left + 1] * a) * (1 - b) + (
            source[top + 1, left] * (1 - a) + source[top + 1, left + 1] * a
        ) * b
        count[alive] += 1
        here = field[row, col]
        turn = np.where((here * way[alive]).sum(1) < 0, np.float32(-1), np.float32(1))
        way[alive] = here * turn[:, None]

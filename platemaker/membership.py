"""Which muscles are taken away to open a deeper layer of a plate.

Counted on a coarse raster: a muscle is a coverer where much of it is seen and much of what lies
straight under it are muscles that are otherwise hidden. A short table corrects the count.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from platemaker.body import Body
from platemaker.rays import Scene
from platemaker.render import Raster
from platemaker.scenemesh import SceneMesh

STEP = 2.0  # mm a pixel of the count
SKIP = 0.15  # mm behind a hit where the next ray starts
DEPTHS = 24  # surfaces met at most on one ray
SEEN = 0.30  # visible share of its silhouette from which a muscle can be a coverer
HIDDEN = 0.45  # visible share below which a muscle counts as hidden
COVERS = 0.40  # share of its visible part that must lie over hidden muscles


def peel(mesh: SceneMesh, scene: Scene, raster: Raster) -> npt.NDArray[np.uint16]:
    """Structure ids met along each viewing ray, nearest first, as (pixels, ``DEPTHS``); 0 at the end."""
    height, width = raster.shape
    rows, cols = np.divmod(np.arange(height * width), width)
    origins = raster.origins(rows, cols, 0.0, 0.0)
    way = raster.direction
    found = np.zeros((height * width, DEPTHS), np.uint16)
    alive = np.arange(height * width)
    for depth in range(DEPTHS):
        hits = scene.first(origins[alive], way)
        hit = hits.face >= 0
        alive = alive[hit]
        if not len(alive):
            break
        found[alive, depth] = mesh.structure[hits.face[hit]]
        origins[alive] += (hits.distance[hit, None] + np.float32(SKIP)) * way
    return found


def coverers(body: Body, stack: npt.NDArray[np.uint16], bone_stops: bool = False) -> set[str]:
    """Names of the muscles that cover others in a view; ``stack`` comes from :func:`peel`.

    ``bone_stops``: what lies behind a bone doesn't count as covered, so that the last muscle on a bone
    stays (infraspinatus before the scapula, whatever lies behind that).
    """
    seen: Counter[str] = Counter()
    outline: Counter[str] = Counter()
    name_of = {s.id: s.name for s in body.structures if s.system == "muscles"}
    for number, count in zip(*np.unique(stack[:, 0], return_counts=True), strict=True):
        if int(number) in name_of:
            seen[name_of[int(number)]] += int(count)
    for number in np.unique(stack):
        if int(number) in name_of:
            outline[name_of[int(number)]] += int((stack == number).any(axis=1).sum())
    share = {name: seen[name] / outline[name] for name in outline}
    covers: Counter[str] = Counter()
    first = stack[:, 0]
    # The next muscle along the ray that is not a part of the first one.
    names = sorted(outline)
    index = np.zeros(int(stack.max()) + 1, np.int32)
    for number, name in name_of.items():
        if name in outline and number < len(index):
            index[number] = names.index(name) + 1
    top = index[first]
    under = index[stack]
    other = (under > 0) & (under != top[:, None])
    if bone_stops:
        bones = np.zeros(int(stack.max()) + 1, np.bool_)
        bones[[s.id for s in body.structures if s.system == "skeleton" and s.id < len(bones)]] = True
        other &= ~np.logical_or.accumulate(bones[stack], axis=1)
    place = other.argmax(axis=1)
    below = np.where(other.any(axis=1), under[np.arange(len(under)), place], 0)
    pairs, counts = np.unique(np.stack([top, below], 1)[(top > 0) & (below > 0)], axis=0, return_counts=True)
    for (a, b), count in zip(pairs.tolist(), counts.tolist(), strict=True):
        if share[names[b - 1]] < HIDDEN:
            covers[names[a - 1]] += count
    return {name for name in names if share[name] >= SEEN and covers[name] >= COVERS * max(seen[name], 1)}

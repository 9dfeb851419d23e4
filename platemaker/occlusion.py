"""Ambient occlusion at vertices: how much of the sky above a point is free.

One fixed set of directions serves all vertices. Neighbours share their rays, so the result is smooth
and the same in every run; there is no random number in it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from platemaker.rays import Floats32, Scene, in_threads

FADE = 45.0  # mm: a blocker at distance d counts exp(-d / FADE)
LIFT = 0.25  # mm: rays start this far above the surface, so that they do not meet it


def sphere_directions(count: int) -> npt.NDArray[np.float64]:
    """``count`` evenly spread unit vectors (count, 3): the Fibonacci lattice on the sphere."""
    k = np.arange(count) + 0.5
    y = 1.0 - 2.0 * k / count
    angle = np.pi * (1.0 + 5.0**0.5) * k
    ring = np.sqrt(1.0 - y * y)
    return np.stack([ring * np.cos(angle), y, ring * np.sin(angle)], axis=1)


def openness(scene: Scene, points: Floats32, normals: Floats32, directions: int = 192) -> Floats32:
    """Openness (N,) in 0..1 of each point: 1 where nothing is in the way."""
    ways = sphere_directions(directions).astype(np.float32)
    groups = 8
    total = np.zeros((groups, len(points)), np.float32)
    weight = np.zeros((groups, len(points)), np.float32)

    def group(g: int) -> None:
        for k in range(g, directions, groups):
            facing = normals @ ways[k]
            seen = np.flatnonzero(facing > 0.03)
            origins = points[seen] + LIFT * (normals[seen] + ways[k])
            hit = scene.first(origins, ways[k], threads=False)
            free = 1.0 - np.exp(-hit.distance / np.float32(FADE))
            total[g, seen] += facing[seen] * free
            weight[g, seen] += facing[seen]

    in_threads(group, groups)
    # Sums over groups in a fixed order: the same bytes whatever thread was first.
    return np.asarray(total.sum(0) / np.maximum(weight.sum(0), 1e-6), dtype=np.float32)

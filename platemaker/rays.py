"""Ray casting with Embree: one scene, many rays, spread over two threads.

Rays are cut into fixed blocks and every block writes its own slice, so that the result does not
depend on the order of the threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

Floats32 = npt.NDArray[np.float32]
Ints32 = npt.NDArray[np.int32]

BLOCK = 1 << 18
_POOL = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1))


def in_threads(work: Callable[[int], None], count: int) -> None:
    """Run ``work(0) .. work(count - 1)``; each call must write to places of its own only."""
    for _ in _POOL.map(work, range(count)):
        pass


@dataclass(frozen=True)
class Hits:
    """What a bundle of rays met first: all arrays have one entry a ray."""

    face: Ints32  # index of the face, -1 where nothing was hit
    u: Floats32  # barycentric weight of the face's second corner
    v: Floats32  # barycentric weight of the face's third corner
    distance: Floats32  # mm along the ray, inf where nothing was hit


class Scene:
    """A triangle mesh ready for rays."""

    def __init__(self, vertices: npt.NDArray[np.floating], faces: npt.NDArray[np.integer]) -> None:
        self._scene = rtcore_scene.EmbreeScene(robust=True)
        self._keep = TriangleMesh(
            self._scene,
            np.ascontiguousarray(vertices, dtype=np.float32),
            np.ascontiguousarray(faces, dtype=np.int32),
        )
        # The first call commits the scene, which must not happen in two threads at once.
        self._scene.run(np.zeros((1, 3), np.float32), np.array([[0, 0, 1]], np.float32), query="OCCLUDED")

    def first(self, origins: Floats32, directions: Floats32, threads: bool = True) -> Hits:
        """The first hit of each ray; ``directions`` is (N, 3) or one shared (3,).

        ``threads`` is False where the caller itself is one of several threads.
        """
        count = len(origins)
        face = np.empty(count, np.int32)
        u = np.empty(count, np.float32)
        v = np.empty(count, np.float32)
        distance = np.empty(count, np.float32)

        def block(k: int) -> None:
            part = slice(k * BLOCK, min((k + 1) * BLOCK, count))
            ray = np.ascontiguousarray(origins[part], dtype=np.float32)
            way = np.ascontiguousarray(
                directions[part] if directions.ndim == 2 else np.broadcast_to(directions, ray.shape),
                dtype=np.float32,
            )
            found = self._scene.run(ray, way, output=1)
            face[part] = found["primID"]
            u[part] = found["u"]
            v[part] = found["v"]
            distance[part] = np.where(found["primID"] >= 0, found["tfar"], np.inf)

        blocks = -(-count // BLOCK)
        if threads:
            in_threads(block, blocks)
        else:
            for k in range(blocks):
                block(k)
        return Hits(face, u, v, distance)

"""Closes a surface where a box cut it, so that nobody looks into a hollow body."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from platemaker.geometry import Floats
from platemaker.scenemesh import SceneMesh


def capped(mesh: SceneMesh) -> SceneMesh:
    """The mesh with a flat fan over each of its open rims; new vertices come after the old ones."""
    vertices, normals, faces = [mesh.vertices], [mesh.normals], [mesh.faces]
    count = len(mesh.vertices)
    for rim in _rims(mesh):
        points = mesh.vertices[rim].astype(np.float64)
        middle = points.mean(axis=0)
        # Twice the area vector of the polygon: the rim runs against its faces, so this looks outward.
        way = np.cross(points - middle, np.roll(points, -1, axis=0) - middle).sum(axis=0)
        length = float(np.linalg.norm(way))
        if length < 1.0:
            continue
        # A box drops whole faces, so the rim has teeth: the cap lies flat before the longest of them.
        way /= length
        height = (points - middle) @ way
        points += np.outer(height.max() - height, way)
        middle += height.max() * way
        ring = len(rim)
        here = np.arange(ring)
        fan = np.stack([here, (here + 1) % ring, np.full(ring, ring)], axis=1) + count
        vertices.append(np.concatenate([points, middle[None]]).astype(np.float32))
        normals.append(np.broadcast_to(way.astype(np.float32), (ring + 1, 3)))
        faces.append(fan.astype(np.int32))
        count += ring + 1
    added, more = count - len(mesh.vertices), sum(len(f) for f in faces[1:])
    structure = mesh.structure[0] if len(mesh.structure) else 0
    return replace(
        mesh,
        vertices=np.concatenate(vertices),
        normals=np.concatenate(normals),
        faces=np.concatenate(faces),
        structure=np.concatenate([mesh.structure, np.full(more, structure, np.uint16)]),
        grain=np.concatenate([mesh.grain, np.zeros((added, 3), np.float32)]),
        tendon=np.concatenate([mesh.tendon, np.zeros(added, np.float32)]),
        cut=np.concatenate([mesh.cut, np.zeros(more, np.uint8)]),
    )


def _rims(mesh: SceneMesh) -> list[Floats]:
    """Closed runs of edges that only one face has, as vertex numbers against the winding of that face."""
    a, b = (
        np.concatenate([mesh.faces[:, k] for k in order]).astype(np.int64) for order in ((0, 1, 2), (1, 2, 0))
    )
    forward, back = a * len(mesh.vertices) + b, b * len(mesh.vertices) + a
    lone = ~np.isin(forward, back)
    after: dict[int, list[int]] = defaultdict(list)
    for start, end in zip(b[lone].tolist(), a[lone].tolist(), strict=True):
        after[start].append(end)
    rims = []
    for first in sorted(after):
        while after[first]:
            rim, here = [first], after[first].pop()
            while here != first and after[here]:
                rim.append(here)
                here = after[here].pop()
            if here == first and len(rim) > 2:
                rims.append(np.array(rim))
    return rims

"""Plain operations on triangle meshes: normals, adjacency, subdivision, smoothing, clipping.

Shapes: vertices are (N, 3) float64 millimetres, faces (M, 3) int64 indices into them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def unit(vectors: Floats) -> Floats:
    """``vectors`` (..., 3) scaled to length 1; zero vectors stay zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 1e-12, length, 1.0)


def face_normals(vertices: Floats, faces: Ints) -> Floats:
    """Face normals (M, 3) whose length is twice the face's area."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def vertex_normals(vertices: Floats, faces: Ints) -> Floats:
    """Unit normals (N, 3): face normals weighted by the angle at the vertex.

    Angle weights do not depend on how a surface is cut into triangles, area weights do.
    """
    normals = unit(face_normals(vertices, faces))
    total = np.zeros_like(vertices)
    for k in range(3):
        here = vertices[faces[:, k]]
        one = unit(vertices[faces[:, (k + 1) % 3]] - here)
        two = unit(vertices[faces[:, (k + 2) % 3]] - here)
        angle = np.arccos(np.clip((one * two).sum(1), -1.0, 1.0))
        for axis in range(3):
            total[:, axis] += np.bincount(
                faces[:, k], weights=normals[:, axis] * angle, minlength=len(vertices)
            )
    return unit(total)


def edges_of(faces: Ints) -> tuple[Ints, Ints, Ints]:
    """Unique undirected edges (E, 2), the edge of each face side (M, 3) and the uses of each edge (E,).

    Side k of a face runs from its corner k to corner k + 1.
    """
    sides = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    edges, inverse, uses = np.unique(sides, axis=0, return_inverse=True, return_counts=True)
    return edges, inverse.reshape(-1, 3).astype(np.int64), uses.astype(np.int64)


def adjacency(count: int, edges: Ints, weights: Floats | None = None) -> sparse.csr_matrix:
    """Symmetric sparse (count, count) matrix of ``edges`` with the given weights (1 by default)."""
    data = np.ones(len(edges)) if weights is None else weights
    row = np.concatenate([edges[:, 0], edges[:, 1]])
    col = np.concatenate([edges[:, 1], edges[:, 0]])
    return sparse.csr_matrix((np.concatenate([data, data]), (row, col)), shape=(count, count))


def subdivide_loop(vertices: Floats, faces: Ints, rounds: int = 1) -> tuple[Floats, Ints]:
    """Loop's subdivision: each round cuts every face in four and rounds the surface off.

    Rims stay smooth curves; edges with more than two faces keep their plain middle.
    """
    for _ in range(rounds):
        count = len(vertices)
        edges, side, uses = edges_of(faces)
        middle = 0.5 * (vertices[edges[:, 0]] + vertices[edges[:, 1]])
        inner = uses == 2
        opposite = np.zeros_like(middle)
        for k in range(3):
            corner = vertices[faces[:, (k + 2) % 3]]
            for axis in range(3):
                opposite[:, axis] += np.bincount(side[:, k], weights=corner[:, axis], minlength=len(edges))
        middle[inner] = 0.75 * middle[inner] + 0.125 * opposite[inner]

        graph = adjacency(count, edges)
        degree = np.asarray(graph.sum(axis=1)).ravel()
        rim_edges = edges[uses != 2]
        rim = adjacency(count, rim_edges)
        rim_degree = np.asarray(rim.sum(axis=1)).ravel()
        safe = np.maximum(degree, 1.0)
        beta = (0.625 - (0.375 + 0.25 * np.cos(2 * np.pi / safe)) ** 2) / safe
        moved = (1 - safe * beta)[:, None] * vertices + beta[:, None] * (graph @ vertices)
        on_rim = rim_degree > 0
        moved[on_rim] = vertices[on_rim]
        curve = rim_degree == 2
        moved[curve] = 0.75 * vertices[curve] + 0.125 * (rim @ vertices)[curve]
        moved[degree == 0] = vertices[degree == 0]

        m01, m12, m20 = (count + side[:, k] for k in range(3))
        a, b, c = faces.T
        faces = np.concatenate(
            [
                np.stack([a, m01, m20], 1),
                np.stack([b, m12, m01], 1),
                np.stack([c, m20, m12], 1),
                np.stack([m01, m12, m20], 1),
            ]
        )
        vertices = np.concatenate([moved, middle])
    return vertices, faces


def smooth_taubin(
    vertices: Floats,
    faces: Ints,
    rounds: int,
    weight: Floats | None = None,
    shrink: float = 0.5,
    grow: float = -0.53,
) -> Floats:
    """Smooth without shrinking: alternate a step inward and one outward (Taubin 1995).

    ``weight`` (N,) in 0..1 scales the movement of each vertex (default 1).
    """
    edges, _, _ = edges_of(faces)
    graph = adjacency(len(vertices), edges)
    degree = np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1.0)[:, None]
    share = np.ones((len(vertices), 1)) if weight is None else weight[:, None]
    for _ in range(rounds):
        for step in (shrink, grow):
            vertices = vertices + step * share * (graph @ vertices / degree - vertices)
    return vertices


def compact(vertices: Floats, faces: Ints) -> tuple[Floats, Ints, Ints]:
    """Drop vertices that no face uses; the third value is the old index of each kept vertex."""
    used, inverse = np.unique(faces, return_inverse=True)
    return vertices[used], inverse.reshape(-1, 3).astype(np.int64), used.astype(np.int64)


def boundary_loops(faces: Ints) -> list[Ints]:
    """The closed rims of a mesh as vertex index lists, in the direction that fills them.

    A filling face over a loop (a, b, c, ...) has the orientation of its neighbours.
    """
    directed = np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2)
    base = int(faces.max()) + 1
    forward = directed[:, 0] * base + directed[:, 1]
    backward = directed[:, 1] * base + directed[:, 0]
    rim = directed[~np.isin(forward, backward)]
    following: dict[int, list[int]] = {}
    for start, end in rim.tolist():
        following.setdefault(end, []).append(start)
    loops: list[Ints] = []
    for first in sorted(following):
        while following.get(first):
            loop = [first]
            here = following[first].pop()
            while here != first and following.get(here):
                loop.append(here)
                here = following[here].pop()
            if here == first and len(loop) >= 3:
                loops.append(np.array(loop, dtype=np.int64))
    return loops


def clip(vertices: Floats, faces: Ints, height: Floats) -> tuple[Floats, Ints, Bools]:
    """Keep what has no positive ``height`` (N,); faces on the zero line are cut along it.

    Returns vertices, faces and a mask (N,) of the new vertices on the cut. The cut stays open.
    """
    outside = height > 0
    corner_out = outside[faces]
    out_count = corner_out.sum(1)
    kept = [faces[out_count == 0]]
    extra: list[Floats] = []
    index: dict[tuple[int, int], int] = {}

    def crossing(a: int, b: int) -> int:
        key = (a, b) if a < b else (b, a)
        if key not in index:
            share = height[key[0]] / (height[key[0]] - height[key[1]])
            extra.append(vertices[key[0]] + share * (vertices[key[1]] - vertices[key[0]]))
            index[key] = len(vertices) + len(extra) - 1
        return index[key]

    cut: list[tuple[int, int, int]] = []
    for face in np.flatnonzero((out_count == 1) | (out_count == 2)).tolist():
        flags = corner_out[face]
        lone = int(np.flatnonzero(flags)[0]) if flags.sum() == 1 else int(np.flatnonzero(~flags)[0])
        a, b, c = (int(faces[face, (lone + k) % 3]) for k in range(3))
        ab, ac = crossing(a, b), crossing(a, c)
        if flags.sum() == 1:
            cut += [(ab, b, c), (ab, c, ac)]
        else:
            cut.append((a, ab, ac))
    if cut:
        kept.append(np.array(cut, dtype=np.int64))
    points = np.concatenate([vertices, np.array(extra)]) if extra else vertices
    points, trimmed, old = compact(points, np.concatenate(kept))
    return points, trimmed, old >= len(vertices)

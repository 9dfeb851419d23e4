"""Hold positions against the meshes of the reference body, which only developers have."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triggermap.dataset.models import Dataset
from triggermap.dataset.rules import Finding, points
from triggermap.errors import TriggermapError

MAX_DISTANCE = 8.0
"""How far, in mm, a position may be from its own mesh."""

Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Corners of the triangles of one mesh, (M, 3, 3), and whether they enclose a volume."""

    triangles: Vectors
    closed: bool


class BodyMeshes:
    """The meshes of a folder with ``index.csv`` and ``meshes/*.npz``, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arrays: dict[str, tuple[NDArray[np.float32], NDArray[np.int32]]] = {}
        try:
            with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
                self._rows = {row["id"]: row for row in csv.DictReader(stream)}
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise TriggermapError(f"The body's index {folder / 'index.csv'} cannot be read.") from error

    def ids(self) -> frozenset[str]:
        """Ids of all meshes."""
        return frozenset(self._rows)

    def mesh(self, mesh_id: str) -> Mesh:
        """Return one mesh; KeyError if there is none of that id."""
        row = self._rows[mesh_id]
        vertices, faces = self._system(row["system"])
        first, count = int(row["vertex_start"]), int(row["vertex_count"])
        start, length = int(row["face_start"]), int(row["face_count"])
        own = vertices[first : first + count].astype(np.float64)
        return Mesh(own[faces[start : start + length]], closed=row["open_edges"] == "0")

    def to_skin(self, point: Vectors) -> Vectors:
        """The way from a point to the nearest vertex of the skin."""
        vertices, _ = self._system("skin")
        apart = vertices.astype(np.float64) - point
        way: Vectors = apart[int(np.einsum("ij,ij->i", apart, apart).argmin())]
        return way

    def _system(self, name: str) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        if name not in self._arrays:
            path = self._folder / "meshes" / f"{name}.npz"
            try:
                with np.load(path) as arrays:
                    self._arrays[name] = (arrays["vertices"], arrays["faces"])
            except (OSError, KeyError, ValueError) as error:
                raise TriggermapError(f"The body's meshes {path} cannot be read.") from error
        return self._arrays[name]


def near_own_mesh(dataset: Dataset, body: BodyMeshes) -> Iterator[Finding]:
    """Every position lies on, in or near its mesh, and its mirror image near the mirrored mesh."""
    known = body.ids()
    for path, point in points(dataset):
        at = np.asarray(point.position.at, dtype=np.float64)
        left = point.position.mesh
        for mesh_id, where, side in (
            (left, at, "the position"),
            (mirrored(left), at * (-1.0, 1.0, 1.0), "the position, mirrored to the right,"),
        ):
            if mesh_id not in known:
                # That the left mesh exists is another rule's concern.
                continue
            apart = distance(where, body.mesh(mesh_id))
            if apart > MAX_DISTANCE:
                yield Finding(
                    (*path, "position", "at"),
                    f"{side} lies {apart:.1f} mm from {mesh_id}",
                    f"Move it within {MAX_DISTANCE:.0f} mm, or name the mesh on which it lies",
                )


#: From which way a site is reached: the direction from the site outwards, on the left.
OUTWARDS = {
    "front": (0.0, 0.0, 1.0),
    "back": (0.0, 0.0, -1.0),
    "lateral": (1.0, 0.0, 0.0),
    "medial": (-1.0, 0.0, 0.0),
    "above": (0.0, 1.0, 0.0),
    "below": (0.0, -1.0, 0.0),
}
_CONE = 35.0
"""Degrees about the way to a site within which what covers it is looked for."""


def lies_under(dataset: Dataset, body: BodyMeshes) -> Iterator[Finding]:
    """What the words say lies over a site is met on the way out of it, straight or a little slanted."""
    known = body.ids()
    for path, point in points(dataset):
        at = np.asarray(point.position.at, dtype=np.float64)
        for index, mesh_id in enumerate(point.position.covered_by):
            where = (*path, "position", "covered_by", index)
            if mesh_id not in known:
                yield Finding(where, f"the body has no mesh '{mesh_id}'", "Write an id of the body's index")
            elif not _is_over(at, point.position.approach, body, mesh_id):
                yield Finding(
                    where,
                    f"{mesh_id} does not lie over the site",
                    "Correct the site, the words, or the side it is reached from ('approach')",
                )


def _is_over(at: Vectors, approach: str | None, body: BodyMeshes, mesh_id: str) -> bool:
    outward = np.asarray(OUTWARDS[approach]) if approach else body.to_skin(at)
    triangles = body.mesh(mesh_id).triangles
    return any(_meets(at, way, triangles) for way in cone(outward, ((_CONE / 2, 12), (_CONE, 12))))


def cone(axis: Vectors, rings: Iterable[tuple[float, int]]) -> list[Vectors]:
    """Unit vectors: the axis, and on each ring (degrees from the axis, how many) directions about it."""
    axis = axis / np.linalg.norm(axis)
    side = np.cross(axis, (0.0, 1.0, 0.0) if abs(axis[1]) < 0.9 else (1.0, 0.0, 0.0))
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    ways = [axis]
    for tilt, turns in rings:
        for turn in range(turns):
            t, a = np.radians(tilt), 2 * np.pi * turn / turns
            ways.append(np.cos(t) * axis + np.sin(t) * (np.cos(a) * side + np.sin(a) * other))
    return ways


def _meets(start: Vectors, way: Vectors, triangles: Vectors) -> bool:
    """Whether a ray meets any triangle (Moeller and Trumbore's test)."""
    corner = triangles[:, 0]
    one, two = triangles[:, 1] - corner, triangles[:, 2] - corner
    across = np.cross(way, two)
    size = np.einsum("ij,ij->i", one, across)
    flat = np.abs(size) < 1e-12
    scale = 1.0 / np.where(flat, 1.0, size)
    gap = start - corner
    u = np.einsum("ij,ij->i", gap, across) * scale
    turned = np.cross(gap, one)
    v = turned @ way * scale
    far = np.einsum("ij,ij->i", two, turned) * scale
    return bool((~flat & (u >= 0) & (v >= 0) & (u + v <= 1) & (far > 0)).any())


def mirrored(mesh_id: str) -> str:
    """Return the id of the mesh on the other side; a mesh of the midline is its own mirror."""
    stem, dot, last = mesh_id.rpartition(".")
    if dot and last.isdigit():
        return f"{mirrored(stem)}.{last}"
    return f"{stem}.r" if dot and last == "l" else mesh_id


def distance(point: Vectors, mesh: Mesh) -> float:
    """Return the distance in mm from a point to a mesh; 0 inside a closed one."""
    if not len(mesh.triangles):
        return float("inf")
    apart = float(np.sqrt(_squared_distances(point, mesh.triangles).min()))
    return 0.0 if mesh.closed and apart > 0 and inside(point, mesh.triangles) else apart


def inside(point: Vectors, triangles: Vectors) -> bool:
    """Tell whether closed ``triangles`` wind around a point: their solid angles add up to 4 pi."""
    a, b, c = (triangles[:, corner] - point for corner in range(3))
    la, lb, lc = (np.linalg.norm(edge, axis=1) for edge in (a, b, c))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c))
    base = (
        la * lb * lc
        + np.einsum("ij,ij->i", a, b) * lc
        + np.einsum("ij,ij->i", b, c) * la
        + np.einsum("ij,ij->i", c, a) * lb
    )
    return abs(float(np.arctan2(volume, base).sum())) > np.pi


def _squared_distances(point: Vectors, triangles: Vectors) -> Vectors:
    """Squared distance from a point to each triangle: to its inner side, or to the nearest edge."""
    a, b, c = (triangles[:, corner] for corner in range(3))
    best = np.minimum(np.minimum(_to_edges(point, a, b), _to_edges(point, b, c)), _to_edges(point, c, a))
    normal = np.cross(b - a, c - a)
    area = np.einsum("ij,ij->i", normal, normal)
    # The foot of the perpendicular lies within the triangle if it is left of all three edges.
    within = area > 0
    for start, end in ((a, b), (b, c), (c, a)):
        within &= np.einsum("ij,ij->i", np.cross(end - start, point - start), normal) >= 0
    height = np.einsum("ij,ij->i", point - a, normal) ** 2 / np.where(area > 0, area, 1.0)
    return np.where(within, height, best)


def _to_edges(point: Vectors, start: Vectors, end: Vectors) -> Vectors:
    along = end - start
    length = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", point - start, along) / np.where(length > 0, length, 1.0)
    foot = start + np.clip(share, 0.0, 1.0)[:, None] * along
    gap = point - foot
    result: Vectors = np.einsum("ij,ij->i", gap, gap)
    return result

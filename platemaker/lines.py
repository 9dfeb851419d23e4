"""Centre lines of nerves and vessels: the points from which a way's distance to them is measured.

A cell of a peel stack tells that a thin tube touches it, not where its middle runs. Here the wall of each
tube is sampled, from every sample a ray runs inward to the opposite wall, and the middle of that chord lies
on the centre line; such middles are averaged over half the tube's width and in cells of :data:`CELL` mm. A
chord much longer than is usual for its tube ran along it (from a cap, or through a fork) and is left out. A
tube without chords, such as an open ribbon, is told by its wall.

The neck vessels of the source stop in mid-neck (limit 2 of the body's README). A needle doesn't care:
what must run there is bridged by a straight line, and every such point says so (``bridged``):

- the carotid from the upper end of the common to the lower end of the internal carotid;
- the jugular vein from its upper end on, beside the carotid, at the distance that it has from it there, up
  to the height of the upper edge of the atlas, where it comes from the skull behind the carotid;
- the vertebral artery from the subclavian up to its lower end, the part before it enters the spine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.files import npz_bytes
from platemaker.geometry import Floats, Ints
from platemaker.rays import Scene
from platemaker.stacks import TUBES, pieces
from platemaker.workshop import Workshop

PATH = "lines.npz"
ATLAS = "skeleton/atlas_c1"
CELL = 1.5  # mm between points of a line
SPACING = 1.2  # mm between samples of a wall
LONG = 2.5  # times the median chord of a tube: longer ones ran along it
UNIT = 10.0  # points are stored in tenths of a millimetre
_IN = 0.02  # mm: where a ray starts behind its own wall


def line_files(shop: Workshop) -> dict[str, bytes]:
    """``lines.npz``: ``points`` int16 (N, 3) in tenths of mm, ``structure`` uint16, ``bridged`` bool (N,)."""
    found = lines(shop.body)
    points = [line for _, line, _ in found]
    return {
        PATH: npz_bytes(
            {
                "points": np.rint(np.concatenate(points) * UNIT).astype(np.int16),
                "structure": np.concatenate([np.full(len(p), s, np.uint16) for s, p, _ in found]),
                "bridged": np.concatenate([np.full(len(p), b, np.bool_) for _, p, b in found]),
            }
        )
    }


def lines(body: Body) -> list[tuple[int, Floats, bool]]:
    """Structure id, points (N, 3) in mm, and whether they bridge a gap; bridges come last."""
    by_mesh = {s.mesh: s.id for s in body.structures if s.system in TUBES}
    found = {mesh: centre_line(*body.mesh(mesh)) for mesh in by_mesh}
    plain = [(by_mesh[mesh], line, False) for mesh, line in found.items()]
    skull = float(body.mesh(ATLAS)[0][:, 1].max())
    return plain + [(by_mesh[mesh], line, True) for mesh, line in bridges(found, skull)]


def centre_line(vertices: Floats, faces: Ints) -> Floats:
    """Points (N, 3) along the middle of a tube, about :data:`CELL` mm apart, in no order."""
    points, faces, _ = pieces(vertices, faces)
    wall, normal = _samples(points, faces)
    inward = -normal
    hits = Scene(points, faces).first(
        (wall + _IN * inward).astype(np.float32), inward.astype(np.float32), threads=False
    )
    chord = hits.distance.astype(np.float64)
    met = np.isfinite(chord)
    if met.any():
        met &= chord <= LONG * np.median(chord[met])
    if not met.any():
        return _thinned(wall)
    middle = _thinned(wall[met] + 0.5 * chord[met, None] * inward[met])
    # A flat face of a coarse tube spreads its middles by as much as it is wide.
    return _thinned(_drawn_together(middle, 0.5 * float(np.median(chord[met]))))


def _drawn_together(points: Floats, radius: float) -> Floats:
    """Each point at the mean of those within a radius (mm) of it."""
    pairs = cKDTree(points).query_pairs(radius, output_type="ndarray")
    total, count = points.copy(), np.ones(len(points))
    for one, other in ((0, 1), (1, 0)):
        np.add.at(total, pairs[:, one], points[pairs[:, other]])
        count += np.bincount(pairs[:, one], minlength=len(points))
    mean: Floats = total / count[:, None]
    return mean


def _samples(points: Floats, faces: Ints) -> tuple[Floats, Floats]:
    """Places on every face, about :data:`SPACING` mm apart, and the outward normals there, (N, 3) each."""
    corner = points[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    size = np.linalg.norm(normal, axis=1)
    corner, normal, size = corner[size > 0], normal[size > 0], size[size > 0]
    normal /= size[:, None]
    longest = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max(1)
    parts = np.clip(np.ceil(longest / SPACING).astype(np.int64), 1, 40)
    places, normals = [], []
    for count in np.unique(parts):
        mine = parts == count
        i, j = np.mgrid[0:count, 0:count]
        inside = i + j < count
        u, v = (i[inside] + 1 / 3) / count, (j[inside] + 1 / 3) / count
        weight = np.stack([1 - u - v, u, v], 1)
        places.append(np.einsum("kc,fcd->fkd", weight, corner[mine]).reshape(-1, 3))
        normals.append(np.repeat(normal[mine], len(weight), 0))
    return np.concatenate(places), np.concatenate(normals)


def _thinned(points: Floats) -> Floats:
    """The mean of the points in each cell of :data:`CELL` mm, in the order of the cells."""
    cell = np.floor(points / CELL).astype(np.int64)
    _, inverse, count = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    return np.stack([np.bincount(inverse, points[:, k]) / count for k in range(3)], 1)


# --- the gap of the neck -------------------------------------------------------------------------------


def bridges(found: dict[str, Floats], skull: float) -> list[tuple[str, Floats]]:
    """Mesh ids with the points that bridge what the source leaves out of the neck, both sides.

    ``skull`` is the height (mm) at which the jugular vein comes from the skull.
    """
    made = []
    for side, word in (("l", "left"), ("r", "right")):
        common, internal, jugular, vertebral, subclavian = (
            _of(found, f"{system}/{word}_{name}.{side}")
            for system, name in (
                ("arteries", "common_carotid_artery"),
                ("arteries", "internal_carotid_artery"),
                ("veins", "internal_jugular_vein"),
                ("arteries", "vertebral_artery"),
                ("arteries", "subclavian_artery"),
            )
        )
        gap = _straight(_end(common, top=True), _end(internal, top=False))
        carotid = np.concatenate([gap, internal])
        carotid = carotid[np.argsort(carotid[:, 1])]
        top = _end(jugular, top=True)
        beside = top - carotid[np.abs(carotid[:, 1] - top[1]).argmin()]
        low = _end(vertebral, top=False)
        root = subclavian[np.linalg.norm(subclavian - low, axis=1).argmin()]
        upper = carotid[(carotid[:, 1] > top[1]) & (carotid[:, 1] + beside[1] < skull)] + beside
        made += [
            (f"arteries/{word}_common_carotid_artery.{side}", gap),
            (f"veins/{word}_internal_jugular_vein.{side}", upper),
            (f"arteries/{word}_vertebral_artery.{side}", _straight(root, low)),
        ]
    return made


def _of(found: dict[str, Floats], mesh: str) -> Floats:
    if mesh not in found:
        raise PlatemakerError(f"The body has no '{mesh}', which bridges the gap of the neck vessels.")
    return found[mesh]


def _end(line: Floats, *, top: bool) -> Floats:
    """The middle of the uppermost or lowest 4 mm of a line."""
    height = line[:, 1]
    near = height > height.max() - 4.0 if top else height < height.min() + 4.0
    middle: Floats = line[near].mean(0)
    return middle


def _straight(start: Floats, end: Floats) -> Floats:
    """Points from one place to another, :data:`CELL` mm apart."""
    steps = max(int(np.ceil(np.linalg.norm(end - start) / CELL)), 1)
    share: npt.NDArray[np.float64] = np.linspace(0.0, 1.0, steps + 1)[:, None]
    line: Floats = start + share * (end - start)
    return line

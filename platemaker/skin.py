"""The skin, mended: one closed, smooth, symmetric surface with ears and a neutral groin.

The source has holes, long edges, crossing faces at the fingers and no ears. Patching it triangle by
triangle would leave scars, so it is rebuilt from a field: the signed distance to the source skin on
a grid, averaged with its own mirror image (the two sides differ by 1.3 mm), smoothed where the plates
must be neutral, and cut at zero by surface nets. The auricles are added as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from platemaker.body import Body
from platemaker.geometry import (
    Bools,
    Floats,
    Ints,
    adjacency,
    boundary_loops,
    compact,
    edges_of,
    smooth_taubin,
    subdivide_loop,
    vertex_normals,
)
from platemaker.rays import Scene

Field = npt.NDArray[np.float32]

CELL = 2.0  # mm: edge of a grid cell
BAND = 8.0  # mm: distances beyond this are cut off
MARGIN = 6  # cells around the body
EPS = 1e-3

#: Patches of the ``regions`` system that together are the auricle.
AURICLE = (
    "anterior_notch_of_auricle",
    "antihelix",
    "antitragus",
    "apex_of_auricle",
    "auricular_tubercle",
    "cavity_of_concha",
    "crura_of_antihelix",
    "cymba_conchae",
    "eminentia_conchae",
    "eminentia_fossae_triangularis",
    "eminentia_scaphae",
    "fossa_antihelica",
    "helix",
    "intertragic_incisure",
    "lobule_of_auricle",
    "posterior_auricular_groove",
    "scapha",
    "tragus",
    "triangular_fossa",
)

#: The groin is covered by a plain surface inside this box (x half width, y low, y high, z low), mm.
GROIN_HALF_WIDTH, GROIN_LOW, GROIN_HIGH, GROIN_BACK = 62.0, 715.0, 885.0, -45.0
GROIN_BALL = 34.0  # mm: whatever a ball of this radius does not fit into is taken away

SLOT_HALF_WIDTH, SLOT_TOP = 7.0, 800.0  # mm: the gap between the thighs below the groin

#: Boxes of (low, high) for |x|, y and z in which the surface is smoothed, mm.
Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
EYES: Box = ((14.0, 52.0), (1572.0, 1608.0), (55.0, 110.0))
FLANK: Box = ((130.0, 178.0), (1165.0, 1228.0), (-85.0, 5.0))
STUMP: Box = ((150.0, 260.0), (1195.0, 1275.0), (-110.0, 60.0))

#: The plane across the left upper arm just below the deltoid, and the sheet beside the flank, mm.
ARM_CUT_AT = (206.0, 1240.0, -36.0)
ARM_CUT_NORMAL = (0.17, -0.98, -0.07)
FLANK_LOW, FLANK_X, FLANK_SLOPE = 1150.0, 157.0, 0.14


@dataclass(frozen=True)
class Skin:
    """A skin surface: vertices (N, 3) mm, faces (M, 3), unit normals (N, 3) pointing outward."""

    vertices: Floats
    faces: Ints
    normals: Floats


@dataclass(frozen=True)
class Grid:
    """Cell centres at ``low + CELL * index``; symmetric in x."""

    low: Floats
    shape: tuple[int, int, int]

    def axis(self, k: int) -> Floats:
        """Coordinates of the cell centres along one axis."""
        return np.asarray(self.low[k] + CELL * np.arange(self.shape[k]))


@dataclass(frozen=True)
class Skins:
    """The mended skin, whole and with both arms cut off below the deltoid."""

    whole: Skin
    armless: Skin


def mended_skins(body: Body) -> Skins:
    """The skin of the body, closed and symmetric, with the auricles; whole and without the arms."""
    vertices, faces = body.mesh("skin/skin")
    vertices, faces = filled(vertices, faces)
    vertices, faces = subdivide_loop(vertices, faces, 2)
    half = np.ceil(np.abs(vertices[:, 0]).max() / CELL) + MARGIN
    low = np.floor(vertices.min(0) / CELL) - MARGIN
    high = np.ceil(vertices.max(0) / CELL) + MARGIN
    grid = Grid(
        np.array([-half, low[1], low[2]]) * CELL,
        (int(2 * half) + 1, int(high[1] - low[1]) + 1, int(high[2] - low[2]) + 1),
    )
    field = signed_distance(grid, vertices, faces)
    field = 0.5 * (field + field[::-1])
    field = _neutral_groin(grid, field)
    field = _softened(grid, field, EYES, 1.6)
    field = ndimage.gaussian_filter(field, 0.8)
    ears = auricles(body)
    return Skins(_surface(grid, field, ears), _surface(grid, _without_arms(grid, field), ears))


def _surface(grid: Grid, field: Field, ears: tuple[Floats, Ints, Floats]) -> Skin:
    vertices, faces = surface_net(field)
    vertices, faces = _largest(grid.low + CELL * vertices, faces)
    vertices = smooth_taubin(vertices, faces, 10)
    return Skin(
        np.concatenate([vertices, ears[0]]),
        np.concatenate([faces, ears[1] + len(vertices)]),
        np.concatenate([vertex_normals(vertices, faces), ears[2]]),
    )


def _without_arms(grid: Grid, field: Field) -> Field:
    """The field with both arms cut off below the deltoid.

    The armpit of this skin lies below the deltoid, so one plane across the arm is not enough: a
    second, almost upright one parts the arm from the flank. What hangs below is then a loose part,
    which the caller drops.
    """
    x, y, z = np.meshgrid(*(grid.axis(k).astype(np.float32) for k in range(3)), indexing="ij", sparse=True)
    x = np.abs(x)
    beyond = sum((p - c) * n for p, c, n in zip((x, y, z), ARM_CUT_AT, ARM_CUT_NORMAL, strict=True))
    lateral = x - (FLANK_X + FLANK_SLOPE * (y - FLANK_LOW))
    cut = np.minimum(np.minimum(beyond, lateral), y - FLANK_LOW)
    parted = np.maximum(field, np.clip(cut, -BAND, BAND).astype(np.float32))
    parted = _softened(grid, parted, FLANK, 4.0)
    return _softened(grid, parted, STUMP, 1.6)


def filled(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Every hole closed by a fan around its middle."""
    points, fans = [vertices], [faces]
    count = len(vertices)
    for loop in boundary_loops(faces):
        points.append(vertices[loop].mean(0, keepdims=True))
        fans.append(np.stack([loop, np.roll(loop, -1), np.full(len(loop), count)], 1))
        count += 1
    return np.concatenate(points), np.concatenate(fans)


def signed_distance(grid: Grid, vertices: Floats, faces: Ints) -> Field:
    """Distance to the surface on the grid in mm, negative inside, cut off at ``BAND``."""
    inside = _inside(grid, vertices, faces)
    field = np.where(inside, np.float32(-BAND), np.float32(BAND))
    reach = int(np.ceil(BAND / CELL)) + 1
    near = np.zeros(grid.shape, np.bool_)
    index = np.rint((vertices - grid.low) / CELL).astype(np.int64)
    near[tuple(index.T)] = True
    near = ndimage.binary_dilation(near, ndimage.generate_binary_structure(3, 1), iterations=reach)
    cells = np.argwhere(near)
    normals = vertex_normals(vertices, faces)
    tree = cKDTree(vertices)
    points = grid.low + CELL * cells
    away, nearest = tree.query(points, workers=-1)
    # The distance to the tangent plane is exact to second order where the nearest vertex is not
    # the nearest point; far from the surface the distance to the vertex itself is the safer one.
    plane = np.abs(((points - vertices[nearest]) * normals[nearest]).sum(1))
    distance = np.where(away < 2.5 * CELL, plane, away)
    signs = np.where(inside[near], -1.0, 1.0)
    field[near] = (signs * np.minimum(distance, BAND)).astype(np.float32)
    return field


def _inside(grid: Grid, vertices: Floats, faces: Ints) -> Bools:
    """True in cells inside the surface: the majority of ray parities along x, y and z."""
    scene = Scene(vertices, faces)
    votes = np.zeros(grid.shape, np.int8)
    for axis in range(3):
        one, two = (k for k in range(3) if k != axis)
        a, b = np.meshgrid(grid.axis(one), grid.axis(two), indexing="ij")
        origins = np.zeros((a.size, 3), np.float32)
        # A hair beside the grid: rays exactly through the plane x = 0 would run along edges.
        origins[:, one] = a.ravel() + 0.013
        origins[:, two] = b.ravel() + 0.017
        origins[:, axis] = grid.low[axis] - CELL
        way = np.zeros(3, np.float32)
        way[axis] = 1.0
        crossings = np.zeros((a.size, grid.shape[axis] + 1), np.int16)
        alive = np.arange(a.size)
        for _ in range(64):
            hits = scene.first(origins[alive], way)
            found = hits.face >= 0
            alive = alive[found]
            if not len(alive):
                break
            origins[alive, axis] += hits.distance[found] + np.float32(EPS)
            cell = np.ceil((origins[alive, axis] - grid.low[axis]) / CELL).astype(np.int64)
            crossings[alive, cell.clip(0, grid.shape[axis])] += 1
        parity = (np.cumsum(crossings, axis=1)[:, :-1] % 2).reshape(*a.shape, grid.shape[axis])
        votes += np.moveaxis(parity, 2, axis).astype(np.int8)
    inside = votes >= 2
    inside = ndimage.binary_fill_holes(inside)
    parts, _ = ndimage.label(inside)
    biggest = np.bincount(parts.ravel())[1:].argmax() + 1
    return np.asarray(parts == biggest)


def _neutral_groin(grid: Grid, field: Field) -> Field:
    """The field with a plain, smooth surface at the groin."""
    x, y, z = (grid.axis(k) for k in range(3))
    pad = GROIN_BALL + 12.0
    box = tuple(
        slice(*np.searchsorted(axis, (low - pad, high + pad)))
        for axis, low, high in (
            (x, -GROIN_HALF_WIDTH, GROIN_HALF_WIDTH),
            (y, GROIN_LOW, GROIN_HIGH),
            (z, GROIN_BACK, float(z[-1])),
        )
    )
    part = field[box]
    inside = part < 0
    depth = ndimage.distance_transform_edt(np.pad(inside, 1, mode="edge"), sampling=CELL)[1:-1, 1:-1, 1:-1]
    core = depth > GROIN_BALL
    reach = ndimage.distance_transform_edt(~core, sampling=CELL)
    opened = (reach - GROIN_BALL).astype(np.float32)
    opened = ndimage.gaussian_filter(np.clip(opened, -BAND, BAND), 4.0)
    weight = (
        _plateau(x[box[0]], -GROIN_HALF_WIDTH, GROIN_HALF_WIDTH, 16.0)[:, None, None]
        * _plateau(y[box[1]], GROIN_LOW, GROIN_HIGH, 20.0)[None, :, None]
        * _plateau(z[box[2]], GROIN_BACK, 1e4, 20.0)[None, None, :]
    ).astype(np.float32)
    mended = np.maximum(part, opened)
    # Between the thighs the ball fits into thigh and scrotum together: a slot parts them.
    slot = np.minimum(
        SLOT_HALF_WIDTH - np.abs(x[box[0]])[:, None, None], SLOT_TOP - y[box[1]][None, :, None]
    ).astype(np.float32)
    mended = np.maximum(mended, np.clip(slot, -BAND, BAND))
    mended = ndimage.gaussian_filter(mended, 2.5)
    out = field.copy()
    out[box] = part * (1 - weight) + mended * weight
    return out


def _softened(grid: Grid, field: Field, box: Box, cells: float) -> Field:
    """The field smoothed inside a box of (low, high) for |x|, y and z; its edges fade over 10 mm."""
    x, y, z = (grid.axis(k) for k in range(3))
    weight = (
        _plateau(np.abs(x), *box[0], 10.0)[:, None, None]
        * _plateau(y, *box[1], 10.0)[None, :, None]
        * _plateau(z, *box[2], 10.0)[None, None, :]
    ).astype(np.float32)
    rows = np.flatnonzero(weight.any(axis=(0, 2)))
    part = slice(rows[0], rows[-1] + 1)
    out = field.copy()
    soft = ndimage.gaussian_filter(field[:, part], cells)
    out[:, part] += weight[:, part] * (soft - field[:, part])
    return out


def _plateau(values: Floats, low: float, high: float, soft: float) -> Floats:
    """1 between low and high, falling smoothly to 0 within ``soft`` outside."""
    away = np.maximum(np.maximum(low - values, values - high), 0.0) / soft
    t = np.clip(1.0 - away, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def surface_net(field: Field) -> tuple[Floats, Ints]:
    """The zero surface of a grid as triangles (naive surface nets), in grid units.

    Each cell that the surface crosses gets one vertex, the mean of the crossings of its 12 edges.
    """
    inside = field < 0
    corner = np.stack(
        [
            inside[
                dx : inside.shape[0] - 1 + dx, dy : inside.shape[1] - 1 + dy, dz : inside.shape[2] - 1 + dz
            ]
            for dx in (0, 1)
            for dy in (0, 1)
            for dz in (0, 1)
        ]
    )
    mixed = corner.any(0) & ~corner.all(0)
    cells = np.argwhere(mixed)
    number = np.full(mixed.shape, -1, np.int64)
    number[mixed] = np.arange(len(cells))
    total = np.zeros((len(cells), 3))
    count = np.zeros(len(cells))
    for axis in range(3):
        step = np.eye(3, dtype=np.int64)[axis]
        one, two = (np.eye(3, dtype=np.int64)[k] for k in range(3) if k != axis)
        for a in (0, 1):
            for b in (0, 1):
                start = cells + a * one + b * two
                f0 = field[tuple(start.T)].astype(np.float64)
                f1 = field[tuple((start + step).T)].astype(np.float64)
                cross = (f0 < 0) != (f1 < 0)
                share = f0[cross] / (f0[cross] - f1[cross])
                total[cross] += start[cross] + share[:, None] * step
                count[cross] += 1
    vertices = total / count[:, None]
    faces = []
    for axis in range(3):
        step = np.eye(3, dtype=np.int64)[axis]
        one, two = (np.eye(3, dtype=np.int64)[(axis + k) % 3] for k in (1, 2))
        size = np.array(field.shape) - step
        first = inside[tuple(slice(0, s) for s in size)]
        second = inside[tuple(slice(d, None) for d in step)]
        start = np.argwhere(first != second)
        start = start[(start[:, [k for k in range(3) if k != axis]] > 0).all(1)]
        start = start[(start < np.array(field.shape) - 1).all(1)]
        a, b, c, d = (
            number[tuple((start - i * one - j * two).T)] for i, j in ((1, 1), (0, 1), (0, 0), (1, 0))
        )
        outward = first[tuple(start.T)]
        quad = np.stack([a, b, c, d], 1)
        quad[~outward] = quad[~outward][:, ::-1]
        faces += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return vertices, np.concatenate(faces)


def _largest(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """The connected part with the most vertices."""
    edges, _, _ = edges_of(faces)
    _, part = connected_components(adjacency(len(vertices), edges), directed=False)
    keep = part == np.bincount(part).argmax()
    vertices, faces, _ = compact(vertices, faces[keep[faces[:, 0]]])
    return vertices, faces


def auricles(body: Body) -> tuple[Floats, Ints, Floats]:
    """Vertices, faces and normals of both ears, the patches welded and smoothed."""
    points, triangles, count = [], [], 0
    for name in AURICLE:
        vertices, faces = body.mesh(f"regions/{name}")
        points.append(vertices)
        triangles.append(faces + count)
        count += len(vertices)
    vertices, faces = np.concatenate(points), np.concatenate(triangles)
    key = np.rint(vertices / 0.02).astype(np.int64)
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    vertices, faces = vertices[first], inverse.ravel()[faces]
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    # The left ear is wound inside out in places: both ears are made from the right one.
    right = (vertices[faces][:, :, 0] < 0).all(1)
    vertices, faces, _ = compact(vertices, faces[whole & right])
    vertices, faces = subdivide_loop(vertices, faces, 1)
    normals = vertex_normals(vertices, faces)
    flip = np.array([-1.0, 1.0, 1.0])
    return (
        np.concatenate([vertices, vertices * flip]),
        np.concatenate([faces, faces[:, ::-1] + len(vertices)]),
        np.concatenate([normals, normals * flip]),
    )

"""Peel stacks: for every 2 mm cell of an axis what a ray meets, with the depths where it enters and leaves.

What a cell has:

- **Solid structures** (skin, muscles, bones, cartilages, discs, organs, lung zone) by the ray through the
  middle of the cell. Every connected piece of a mesh is first closed and turned outward by itself: a hole
  gets a fan around the middle of its rim, and a piece of negative volume is turned round. The ray is inside
  a piece where its winding number is not zero, and inside the structure where it is inside any piece: pieces
  that overlap merge, and closed cavities (air cells of bones) count as the structure. A thin sheet that the
  ray crosses keeps at least a tenth of a millimetre. A solid that no ray meets is entered like a nerve.
- **Hollow organs** (:data:`HOLLOW`) count with their lumen: the gap between two of their walls is theirs
  where the wall surrounds it in a section along or across the ray.
- **A wall without a partner** is left where a mesh is torn so that no rim can be followed. Walls of the piece
  are then paired in order along the ray, and one that stays alone is taken for a sheet of :data:`SHEET` mm,
  from the wall to its inner side.
- **Lungs** are not closed with fans. A run of a lobe begins where the ray enters it and ends at its exit.
  Where a wall is missing it ends where the next lobe begins or the closed pleura ends, whatever comes first,
  and begins where the lobe before ends or the pleura begins.
- **Nerves and vessels** are in every cell that their projection touches (triangle against square, exact in
  the plane), from the nearest to the farthest depth that their wall has over the cell, and through the tube
  where the middle of the cell lies in it. Depths are rounded outward, so no entry has length zero.
- **The skin clips everything.** The source's skin is a registered mesh and some structures stand out of it:
  what lies wholly outside, but no farther than :data:`ASTRAY` mm, is entered as a tenth of a millimetre at
  the skin's surface instead of vanishing; what is farther is left out.
- **The left-right axis has no arms** below the deltoid, like the left plate: the armless skin clips, and
  muscles of the arm are not in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse
from scipy.sparse.csgraph import connected_components

from platemaker.body import Body, Structure
from platemaker.files import npz_bytes
from platemaker.geometry import Bools, Floats, Ints
from platemaker.layers import VIEWS, View, is_arm
from platemaker.skin import Skin, Skins, filled
from platemaker.workshop import Workshop

#: Where the stack of an axis lies in ``assets/body``.
FILES = {"z": "stacks/front-back.npz", "x": "stacks/left-right.npz"}
STEP = 2.0  # mm: edge of a cell
UNIT = 10.0  # depths are stored in tenths of a millimetre
SHEET = 1.0  # mm: thickness given to a wall without a partner
ASTRAY = 12.0  # mm: how far outside the skin a structure may lie and still be entered at its surface
NEAR = 0.05  # mm: runs of a structure that come closer than this are one
SOLID = ("muscles", "skeleton", "organs", "computed")
TUBES = ("nerves", "arteries", "veins")
PLEURA = "organs/pleura"
#: Organs that the source models as walls around a lumen that is open somewhere.
HOLLOW = ("organs/bladder", "organs/colon", "organs/heart_", "organs/oesophagus")
#: A hair beside the middle of a cell: meshes have vertices and edges on even numbers and in x = 0.
_HAIR = np.array([0.0137, 0.0171])
_TOUCH = 1e-9  # mm: a side that runs along the edge of a cell touches it
_BLOCK = 1 << 21  # pairs of triangle and cell that are looked at together


@dataclass(frozen=True)
class Cells:
    """The cells of an axis: ``origin`` is the corner of lowest (u, v) in mm, ``shape`` columns and rows."""

    origin: tuple[float, float]
    shape: tuple[int, int]

    @property
    def count(self) -> int:
        """How many cells there are."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True)
class Runs:
    """Stretches of rays inside something, (N,) each: cell, entry and exit in mm away from the viewer."""

    cell: Ints
    entry: Floats
    exit: Floats

    def __len__(self) -> int:
        return len(self.cell)


_NONE = Runs(np.empty(0, np.int64), np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Walls:
    """Where rays cross a mesh, (N,) each: cell, depth in mm, +1 for entering and -1 for leaving, face."""

    cell: Ints
    depth: Floats
    sign: Ints
    face: Ints


def stack_files(shop: Workshop) -> dict[str, bytes]:
    """The two npz files of the peel stacks by their path in ``assets/body``."""
    shop.give_computed()
    found = stacks(shop.body, shop.skins, stacked(shop.body))
    return {FILES[axis]: npz_bytes(arrays) for axis, arrays in found.items()}


def stacks(
    body: Body, skins: Skins, structures: Iterable[Structure]
) -> dict[str, dict[str, npt.NDArray[np.generic]]]:
    """The arrays of the stacks by axis, ``z`` and ``x``, of some structures of a body and its skin.

    What the arrays are stands in ``docs/assets-format.md``.
    """
    axes = [
        _Axis(body, "z", VIEWS["front"], skins.whole, skins.whole),
        _Axis(body, "x", VIEWS["left"], skins.armless, skins.whole),
    ]
    for structure in structures:
        mesh = pieces(*body.mesh(structure.mesh), close=not is_lobe(structure))
        for axis in axes:
            if axis.shows(structure):
                axis.take(structure, *mesh)
    return {axis.axis: axis.arrays() for axis in axes}


def stacked(body: Body) -> Iterator[Structure]:
    """The structures that stacks hold, but for the skin."""
    return (s for s in body.structures if s.system in (*SOLID, *TUBES) or _is_cartilage(s))


def _is_cartilage(structure: Structure) -> bool:
    words = ("costal_cartilage", "intervertebral_disk")
    return structure.system == "connective" and any(word in structure.mesh for word in words)


def is_lobe(structure: Structure) -> bool:
    """Whether the structure is a lobe of a lung, an open mesh that the pleura closes."""
    return structure.system == "organs" and "_lobe_of_" in structure.mesh and structure.mesh.endswith("_lung")


# --- meshes -------------------------------------------------------------------------------------------


def pieces(vertices: Floats, faces: Ints, close: bool = True) -> tuple[Floats, Ints, Ints]:
    """A mesh with every connected piece wound outward, and the number (M,) of the piece of each face.

    With ``close`` every hole is closed first, by a fan around the middle of its rim.
    """
    if close:
        vertices, faces = filled(vertices, faces)
    count = len(vertices)
    ends = np.concatenate([faces[:, :2], faces[:, 1:]])
    links = sparse.coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, of_vertex = connected_components(links, directed=False)
    piece = of_vertex[faces[:, 0]].astype(np.int64)
    a, b, c = (vertices[faces[:, k]] - vertices[faces[0, 0]] for k in range(3))
    volume = np.bincount(piece, weights=(np.cross(a, b) * c).sum(1))
    inside_out = volume[piece] < 0
    return vertices, np.where(inside_out[:, None], faces[:, ::-1], faces), piece


# --- rays ---------------------------------------------------------------------------------------------


def walls(cells: Cells, points: Floats, faces: Ints) -> Walls:
    """Every crossing of the rays through the middles of the cells with a mesh.

    ``points`` (N, 3) are u, v and depth in mm. The side of an edge on which a ray passes is computed in the
    same way for both of its faces, so that no ray slips between them.
    """
    uv, depth = points[:, :2], points[:, 2]
    corner = uv[faces]
    middle = np.array(cells.origin) + 0.5 * STEP + _HAIR
    low = np.ceil((corner.min(1) - middle) / STEP).astype(np.int64)
    high = np.floor((corner.max(1) - middle) / STEP).astype(np.int64)
    found = [Walls(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64))]
    for face, col, row in _pairs(cells, low, high):
        at = middle + STEP * np.stack([col, row], 1)
        weight = np.empty((len(face), 3))
        left = np.empty((len(face), 3), np.bool_)
        for k in range(3):
            one, two = faces[face, (k + 1) % 3], faces[face, (k + 2) % 3]
            first, second = uv[np.minimum(one, two)], uv[np.maximum(one, two)]
            side = _cross(second - first, at - first)
            forward = one < two
            left[:, k] = (side > 0) == forward
            weight[:, k] = np.where(forward, side, -side)
        total = weight.sum(1)
        hit = (left.all(1) | ~left.any(1)) & (total != 0)
        where = (weight[hit] * depth[faces[face[hit]]]).sum(1) / total[hit]
        sign = np.where(left[hit, 0], 1, -1)
        found.append(Walls((row * cells.shape[0] + col)[hit], where, sign, face[hit]))
    return Walls(
        *(np.concatenate([getattr(w, name) for w in found]) for name in ("cell", "depth", "sign", "face"))
    )


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _pairs(cells: Cells, low: Ints, high: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Blocks of (face, column, row): each face with every cell of its range that lies on the grid."""
    low = np.maximum(low, 0)
    high = np.minimum(high, np.array(cells.shape) - 1)
    size = np.maximum(high - low + 1, 0)
    count = size[:, 0] * size[:, 1]
    some = np.flatnonzero(count)
    until = np.cumsum(count[some])
    start = 0
    while start < len(some):
        done = int(until[start - 1]) if start else 0
        stop = max(int(np.searchsorted(until, done + _BLOCK, "right")), start + 1)
        part = some[start:stop]
        face = np.repeat(part, count[part])
        place = np.arange(len(face)) - np.repeat(until[start:stop] - count[part] - done, count[part])
        width = size[face, 0]
        yield face, low[face, 0] + place % width, low[face, 1] + place // width
        start = stop


def runs_of(crossings: Walls, piece: Ints) -> tuple[Runs, list[tuple[int, list[tuple[float, int]]]]]:
    """Where rays are inside a piece; second, per ray and piece whose walls don't pair: its cell and walls.

    ``piece`` (M,) is the number of the piece of each face.
    """
    group = crossings.cell * (int(piece.max(initial=0)) + 1) + piece[crossings.face]
    order = np.lexsort((-crossings.sign, crossings.depth, group))
    group, cell = group[order], crossings.cell[order]
    depth, sign = crossings.depth[order], crossings.sign[order]
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else np.empty(0, np.int64)
    size = np.diff(np.r_[first, len(group)])
    odd = np.add.reduceat(sign, first) != 0 if len(group) else np.empty(0, np.bool_)
    torn = [
        (int(cell[k]), list(zip(depth[k : k + n].tolist(), sign[k : k + n].tolist(), strict=True)))
        for k, n in zip(first[odd].tolist(), size[odd].tolist(), strict=True)
    ]
    whole = ~np.repeat(odd, size)
    winding = np.cumsum(sign[whole])  # all groups that are left end with 0
    enters = (winding != 0) & (np.r_[0, winding[:-1]] == 0)
    leaves = (winding == 0) & (np.r_[0, winding[:-1]] != 0)
    return Runs(cell[whole][enters], depth[whole][enters], depth[whole][leaves]), torn


def mended(torn: list[tuple[int, list[tuple[float, int]]]], hull: Hull | None = None) -> Runs:
    """Runs of rays whose walls don't pair, by the rule for walls without a partner, or by a hull."""
    out: list[tuple[int, float, float]] = []
    for cell, group in torn:
        entry: float | None = None
        for depth, sign in group:
            if sign > 0:
                entry = depth if entry is None else entry
            else:
                start = entry if entry is not None else hull.begin(cell, depth) if hull else None
                out.append((cell, depth - SHEET if start is None else start, depth))
                entry = None
        if entry is not None:
            end = hull.end(cell, entry) if hull else None
            out.append((cell, entry, entry + SHEET if end is None else end))
    cells, entries, exits = zip(*out, strict=True) if out else ((), (), ())
    return Runs(np.array(cells, np.int64), np.array(entries, float), np.array(exits, float))


class Hull:
    """What closes lobes of lungs: surfaces at which a run may begin or end, by cell."""

    def __init__(self, pleura: Runs, lobes: list[Walls]) -> None:
        self._begins: dict[int, list[float]] = {}
        self._ends: dict[int, list[float]] = {}
        for table, ends, sign in ((self._begins, pleura.entry, -1), (self._ends, pleura.exit, 1)):
            cells = [pleura.cell, *(w.cell[w.sign == sign] for w in lobes)]
            depths = [ends, *(w.depth[w.sign == sign] for w in lobes)]
            for cell, depth in zip(
                np.concatenate(cells).tolist(), np.concatenate(depths).tolist(), strict=True
            ):
                table.setdefault(cell, []).append(depth)
            for found in table.values():
                found.sort()

    def end(self, cell: int, entry: float) -> float | None:
        """The first surface behind an entry at which a lobe may end, None where there is none."""
        found = self._ends.get(cell, [])
        place = bisect_right(found, entry + STEP)
        return found[place] if place < len(found) else None

    def begin(self, cell: int, leave: float) -> float | None:
        """The last surface before an exit at which a lobe may begin, None where there is none."""
        found = self._begins.get(cell, [])
        place = bisect_left(found, leave - STEP)
        return found[place - 1] if place else None


def joined(parts: list[Runs]) -> Runs:
    """The union of runs of one structure, sorted by cell and entry."""
    cell = np.concatenate([p.cell for p in parts])
    entry = np.concatenate([p.entry for p in parts])
    leave = np.concatenate([p.exit for p in parts])
    order = np.lexsort((entry, cell))
    cell, entry, leave = cell[order], entry[order], leave[order]
    if not len(cell):
        return Runs(cell, entry, leave)
    # Rays laid end to end, so that one running maximum serves all of them.
    low = min(entry.min(), leave.min())
    span = max(entry.max(), leave.max()) - low + 1.0
    offset = cell * span - low
    reach = np.maximum.accumulate(leave + offset)
    fresh = np.r_[True, (entry + offset)[1:] > reach[:-1] + NEAR]
    start = np.flatnonzero(fresh)
    last = np.r_[start[1:] - 1, len(cell) - 1]
    return Runs(cell[start], entry[start], (reach - offset)[last])


def touched(cells: Cells, points: Floats, faces: Ints) -> Runs:
    """Every cell that a triangle of a mesh touches, with the depths that the triangle has over the cell.

    ``points`` (N, 3) are u, v and depth in mm. A triangle and a square overlap in the plane unless a side of
    one of them parts the two.
    """
    corner = points[faces]
    origin = np.array(cells.origin)
    low = np.floor((corner[..., :2].min(1) - origin) / STEP).astype(np.int64)
    high = np.floor((corner[..., :2].max(1) - origin) / STEP).astype(np.int64)
    found = [_NONE]
    for face, col, row in _pairs(cells, low, high):
        centre = origin + STEP * (np.stack([col, row], 1) + 0.5)
        meets = _overlap(corner[face, :, :2], centre)
        entry, leave = _depths_over(corner[face[meets]], centre[meets])
        found.append(Runs((row * cells.shape[0] + col)[meets], entry, leave))
    return Runs(*(np.concatenate([getattr(r, name) for r in found]) for name in ("cell", "entry", "exit")))


def with_lumen(cells: Cells, runs: Runs, wall: Runs) -> Runs:
    """Runs of a hollow organ with the gaps that its wall surrounds in one of the three sections.

    ``wall`` are the runs of :func:`touched`: a wall thinner than a cell has no holes in them.
    """
    every = joined([runs, wall])
    column, row = every.cell % cells.shape[0], every.cell // cells.shape[0]
    left, below, front = column.min() - 1, row.min() - 1, every.entry.min() - STEP

    def layer(depth: Floats) -> Ints:
        return np.asarray(((depth - front) / STEP).astype(np.int64))

    block = np.zeros((column.max() - left + 2, row.max() - below + 2, layer(every.exit).max() + 2), np.bool_)
    for col, line, first, last in zip(
        column - left, row - below, layer(every.entry), layer(every.exit), strict=True
    ):
        block[col, line, first : last + 1] = True
    inside = np.zeros_like(block)
    for axis in range(3):
        plane = np.moveaxis(ndimage.generate_binary_structure(3, 1), axis, 0)
        plane[[0, 2]] = False  # a view: spreads within the section only
        inside |= ndimage.binary_fill_holes(block, np.moveaxis(plane, 0, axis))
    gap = np.flatnonzero(runs.cell[1:] == runs.cell[:-1])
    cell, entry, leave = runs.cell[gap], runs.exit[gap], runs.entry[gap + 1]
    ours = np.array(
        [
            inside[c % cells.shape[0] - left, c // cells.shape[0] - below, first : last + 1].all()
            for c, first, last in zip(cell, layer(entry), layer(leave), strict=True)
        ],
        np.bool_,
    )
    return joined([runs, Runs(cell[ours], entry[ours], leave[ours])])


def _overlap(triangle: Floats, centre: Floats) -> Bools:
    """Whether triangles (N, 3, 2) and the cells around ``centre`` (N, 2) have a point in common.

    The caller has compared their bounding boxes; what is left is whether a side of the triangle parts them.
    """
    meets = np.ones(len(triangle), np.bool_)
    for k in range(3):
        one, two, other = (triangle[:, (k + n) % 3] for n in range(3))
        way = two - one
        away = _cross(way, centre - one)
        slack = 0.5 * STEP * np.abs(way).sum(1)
        rise = _cross(way, other - one)
        meets &= (away - slack <= np.maximum(rise, 0)) & (away + slack >= np.minimum(rise, 0))
    return meets


def _depths_over(triangle: Floats, centre: Floats) -> tuple[Floats, Floats]:
    """The nearest and farthest depth of triangles (N, 3, 3) over the cells around ``centre`` (N, 2).

    What a triangle and a square share has its corners where sides of the triangle enter and leave the
    square, and where corners of the square lie in the triangle.
    """
    half = 0.5 * STEP + _TOUCH
    low, high = np.full(len(triangle), np.inf), np.full(len(triangle), -np.inf)
    for k in range(3):
        one, way = triangle[:, k], triangle[:, (k + 1) % 3] - triangle[:, k]
        still = np.abs(way[:, :2]) < 1e-12
        ends = (centre[:, None] + np.array([[-half], [half]]) - one[:, None, :2]) / np.where(
            still, 1.0, way[:, :2]
        )[:, None]
        first = np.where(still, 0.0, ends.min(1)).max(1).clip(min=0.0)
        last = np.where(still, 1.0, ends.max(1)).min(1).clip(max=1.0)
        beside = (still & (np.abs(one[:, :2] - centre) > half)).any(1) | (first > last)
        for share in (first, last):
            depth = one[:, 2] + share * way[:, 2]
            low = np.minimum(low, np.where(beside, np.inf, depth))
            high = np.maximum(high, np.where(beside, -np.inf, depth))
    a, b, c = (triangle[:, k] for k in range(3))
    area = _cross(b - a, c - a)
    for corner in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        at = centre + 0.5 * STEP * np.array(corner)
        weight = np.stack(
            [_cross(c - b, at - b[:, :2]), _cross(a - c, at - c[:, :2]), _cross(b - a, at - a[:, :2])]
        )
        inside = (np.abs(area) > 1e-12) & ((weight * np.sign(area)) >= 0).all(0)
        depth = (weight.T * triangle[..., 2]).sum(1) / np.where(inside, area, 1.0)
        low = np.minimum(low, np.where(inside, depth, np.inf))
        high = np.maximum(high, np.where(inside, depth, -np.inf))
    # Where rounding finds no such corner the whole triangle is the safe answer.
    none = low > high
    return np.where(none, triangle[..., 2].min(1), low), np.where(none, triangle[..., 2].max(1), high)


# --- one axis -----------------------------------------------------------------------------------------


def along(view: View, points: Floats) -> Floats:
    """Body mm (N, 3) to u, v and depth away from the viewer."""
    return np.asarray(points @ (view.axes * np.array([[1.0], [1.0], [-1.0]])).T)


def cells_over(points: Floats) -> Cells:
    """The cells that cover points (N, 3) in u, v and depth, with a free one around them."""
    low = np.floor(points[:, :2].min(0) / STEP).astype(int) - 1
    high = np.floor(points[:, :2].max(0) / STEP).astype(int) + 2
    columns, rows = (high - low).tolist()
    return Cells((float(low[0] * STEP), float(low[1] * STEP)), (columns, rows))


class _Axis:
    """Collects the runs of all structures along one axis, clipped to the skin, in stored units."""

    def __init__(self, body: Body, axis: str, view: View, skin: Skin, whole: Skin) -> None:
        self.axis, self.view = axis, view
        points = along(view, skin.vertices)
        self.cells = cells_over(points)
        self.reference = float(np.ceil(-points[:, 2].min())) + 1.0
        self._pleura: Runs | None = None
        self._lobes: list[tuple[int, Walls, Ints]] = []
        cell, entry, leave = self._units(self._solid(*pieces(skin.vertices, skin.faces)), outward=False)
        self._skin = _by_rank(cell, entry, leave, self.cells.count)
        self._outer = self._skin
        if whole is not skin:
            everything = self._solid(*pieces(whole.vertices, whole.faces))
            self._outer = _by_rank(*self._units(everything, outward=False), self.cells.count)
        self._found = [(np.full(len(cell), body.by_mesh["skin/skin"].id), cell, entry, leave)]

    def shows(self, structure: Structure) -> bool:
        """Whether the structure belongs to this axis: the lateral one has no arms."""
        return self.axis == "z" or not is_arm(structure)

    def take(self, structure: Structure, vertices: Floats, faces: Ints, piece: Ints) -> None:
        """Add a structure, a mesh as :func:`pieces` returns it."""
        if is_lobe(structure):
            crossings = walls(self.cells, along(self.view, vertices), faces)
            self._lobes.append((structure.id, crossings, piece))
            return
        runs = self._solid(vertices, faces, piece)
        # A small solid that no ray meets is entered like a tube, so that nothing is nowhere.
        tube = structure.system in TUBES or not len(runs)
        hollow = structure.mesh.startswith(HOLLOW)
        if tube or hollow:
            wall = touched(self.cells, along(self.view, vertices), faces)
            runs = with_lumen(self.cells, runs, wall) if hollow else joined([wall, runs])
        if structure.mesh == PLEURA:
            self._pleura = runs
        self._add(structure.id, runs, tube)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What the npz holds: see ``docs/assets-format.md``."""
        pleura = self._pleura or _NONE
        hull = Hull(pleura, [crossings for _, crossings, _ in self._lobes])
        for number, crossings, piece in self._lobes:
            runs, torn = runs_of(crossings, piece)
            self._add(number, joined([runs, mended(torn, hull)]), tube=False)
        structure, cell, entry, leave = (np.concatenate(c) for c in zip(*self._found, strict=True))
        behind_skin = np.arange(len(cell)) >= len(self._found[0][0])
        order = np.lexsort((structure, behind_skin, -leave, entry, cell))
        start = np.r_[0, np.cumsum(np.bincount(cell, minlength=self.cells.count))]
        return {
            "axis": np.array(self.axis),
            "step": np.array(STEP),
            "origin": np.array(self.cells.origin),
            "shape": np.array(self.cells.shape, np.int32),
            "reference": np.array(self.reference),
            "start": start.astype(np.uint32),
            "structure": structure[order].astype(np.uint16),
            "entry": entry[order].astype(np.int16),
            "exit": leave[order].astype(np.int16),
        }

    def _solid(self, vertices: Floats, faces: Ints, piece: Ints) -> Runs:
        runs, torn = runs_of(walls(self.cells, along(self.view, vertices), faces), piece)
        return joined([runs, mended(torn)])

    def _units(self, runs: Runs, outward: bool) -> tuple[Ints, Ints, Ints]:
        """Cell, entry and exit of runs in stored units; no run is shorter than one."""
        entry, leave = ((self.reference + depth) * UNIT for depth in (runs.entry, runs.exit))
        first = (np.floor(entry) if outward else np.rint(entry)).astype(np.int64)
        last = (np.ceil(leave) if outward else np.rint(leave)).astype(np.int64)
        return runs.cell, first, np.maximum(last, first + 1)

    def _add(self, number: int, runs: Runs, tube: bool) -> None:
        """Add the runs of a structure, cut to the skin."""
        cell, entry, leave = self._units(runs, outward=tube)
        inside = np.zeros(len(cell), np.bool_)
        for low, high in self._skin:
            first, last = np.maximum(entry, low[cell]), np.minimum(leave, high[cell])
            kept = last > first
            inside |= kept
            self._found.append((np.full(kept.sum(), number), cell[kept], first[kept], last[kept]))
        for low, high in self._outer:
            inside |= np.minimum(leave, high[cell]) > np.maximum(entry, low[cell])
        lost = ~inside & ~np.isin(cell, cell[inside])
        self._add_astray(number, cell[lost], entry[lost], leave[lost])

    def _add_astray(self, number: int, cell: Ints, entry: Ints, leave: Ints) -> None:
        """Add what would vanish, for it stands wholly out of the skin, at the skin's surface."""
        best = np.full(len(cell), int(ASTRAY * UNIT) + 1)
        place = np.zeros(len(cell), np.int64)
        for low, high in self._skin:
            there = high[cell] > low[cell]
            for gap, at in ((low[cell] - leave, low[cell]), (entry - high[cell], high[cell] - 1)):
                nearer = there & (gap >= 0) & (gap < best)
                best[nearer], place[nearer] = gap[nearer], at[nearer]
        near = best <= int(ASTRAY * UNIT)
        cell, place = np.unique(np.stack([cell[near], place[near]]), axis=1)
        self._found.append((np.full(len(cell), number), cell, place, place + 1))


def _by_rank(cell: Ints, entry: Ints, leave: Ints, count: int) -> list[tuple[Ints, Ints]]:
    """Runs sorted by cell and entry as tables (count,): the first run of every cell, the second, ...

    A cell without a run of that rank has an exit before its entry.
    """
    first = np.searchsorted(cell, cell)
    rank = np.arange(len(cell)) - first
    tables = []
    for k in range(int(rank.max(initial=-1)) + 1):
        low, high = np.full(count, 1), np.full(count, -1)
        here = rank == k
        low[cell[here]], high[cell[here]] = entry[here], leave[here]
        tables.append((low, high))
    return tables

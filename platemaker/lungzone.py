"""The extended lung zone: where a needle can meet lung or pleura, one closed mesh a side.

The source's pleura follows the lungs at rest and leaves out the recesses (limit 1 of the body's README).
The zone is the pleura and the lung lobes of a side, together with

- the recesses: a layer along the inside of ribs, costal cartilages and sternum, from the first rib down
  to the line of pleural reflection;
- the dome of the pleura: the sac's own top, stretched until it stands 25 mm above the medial third of the
  clavicle.

The line of reflection runs, on each side's own bones, through

- the sternal end of the seventh costal cartilage,
- rib 8 in the midclavicular line,
- rib 10 in the midaxillary line,
- rib 12 at the lateral border of erector spinae,
- 10 mm below the neck of rib 12,

where "at a rib" means its lower border, save at erector spinae, where it is the middle of the rib. See
docs/adr/0006-lung-zone.md for the choices.

Sources: limit 1 of the body's README (ribs 8, 10, 12; 10 mm below the neck; a dome of 20-30 mm). Opened to
check it, as stored excerpts:

- radiologyweb.org, Anatomy: thorax 72: ribs 8, 10 and 12, about 1 cm below the rear end of rib 12, the
  start 1 inch above the clavicle's medial third; on the left the line leaves the midline at rib 4;
- epomedicine.com, Surface Anatomy of Pleura and Lung: ribs 8, 10 and 12, the start 2 cm above;
- pharmacy-notebook.com, costal pleural reflection: rib 12 at the junction of shaft and neck, the pleura
  below it beside the spine;
- issuhub.com 34511, pages 293-294, a textbook's surface marking of the pleura: rib 12 at the lateral
  border of sacrospinalis, then below the rib to the lower border of T12; a dome of 2.5 cm; on the left
  the sternal margin from the fourth to the sixth cartilage;
- PMC7056339, figure 7: rib 10 in the midaxillary line, "variably" along rib 12, its lateral half free;
- gpnotebook.com, Surface anatomy (pleura): 3 cm above the medial first rib.

Nothing is mirrored: the left zone is made from left meshes, the right one from right meshes. Only the
coordinates of the right side are turned over while it is computed, so that both go the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import trimesh
from scipy import ndimage
from scipy.interpolate import PchipInterpolator

from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.geometry import Bools, Floats, Ints, smooth_taubin
from platemaker.landmarks import DOWN, LEFT, RIGHT, UP, Field, between, cut, far
from platemaker.rays import Scene
from platemaker.scenemesh import outward
from platemaker.skin import CELL, Grid, signed_distance, surface_net

LEFT_ZONE, RIGHT_ZONE = "computed/lung_zone.l", "computed/lung_zone.r"

DOME = 25.0  # mm: how far the zone stands above the clavicle's medial third
BELOW_NECK = 10.0  # mm: how far it reaches below the neck of rib 12
NECK_SHARE = 0.15  # of the width of rib 12, from its head: where its neck is
HEAD_SHARE = 0.05  # of a rib's width: how long its head is
RECESS = 8.0  # mm: thickness of the layer inside the chest wall
BRIDGE = 6.0  # mm: gaps of twice this width are filled
THIN, THICKER = 5.0, 4.0  # mm: parts of the lungs thinner than twice the first get the second all round
GROWN = 1.5  # mm: added all round, for what smoothing takes away
BEHIND_STERNUM = 5.0  # mm: how near the layer comes to the midline behind the sternum
STERNAL_END = 5.0  # mm from the medial tip of the seventh cartilage: where the line begins
DOME_ONLY = 15.0  # mm below the sac's top: where the layer ends, so that the dome stands free
STRETCHED_FROM = 40.0  # mm below the sac's top: where the dome begins
SOFT = 1.6  # cells: how much the field is smoothed
DRAWN = 12  # rounds of smoothing the mesh and drawing it back onto the field's surface
COARSE = 2.3  # grid cells to a cell of the mesh
AXIS = (45.0, 0.0)  # x (lateral) and z, mm: an upright line inside all ribs of a side
LATERAL = 100.0  # degrees to either side: as far the wall is that of the ribs
MEDIAL = 140.0  # degrees from lateral to the front: beyond it lies no chest wall
DEGREES = 360  # directions around that line
PAD = 16.0  # mm of grid around the sac and the rule's points

_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
          "eleventh", "twelfth")  # fmt: skip
_STERNUM = ("manubrium_of_sternum", "body_of_sternum", "xiphoid_process")


def lung_zone(body: Body) -> dict[str, tuple[Floats, Ints]]:
    """The extended lung zone: ``{"computed/lung_zone.l": (vertices, faces), "computed/lung_zone.r": ...}``.

    Vertices (N, 3) float64 mm in the body frame, faces (M, 3) int64, closed and wound outward. Raises
    PlatemakerError where the pleura has no closed sac or the rule's points can't be found.
    """
    field = Field(body)
    return {LEFT_ZONE: _zone(_Side(field, "l")), RIGHT_ZONE: _zone(_Side(field, "r"))}


@dataclass(frozen=True)
class _Side:
    """The meshes of one side, with x turned so that lateral is positive."""

    field: Field
    end: str

    @property
    def sign(self) -> float:
        return 1.0 if self.end == "l" else -1.0

    def turned(self, points: Floats) -> Floats:
        """Points of the body in the turned frame, or back again."""
        return np.asarray(points * np.array([self.sign, 1.0, 1.0]))

    def mesh(self, name: str) -> tuple[Floats, Ints]:
        """A mesh in the turned frame; its winding is only right on the left."""
        vertices, faces = self.field.mesh(name)
        return self.turned(vertices), faces

    def lowest(self, names: tuple[str, ...], axis: int, level: float, lift: float = 0.0) -> Floats:
        """Lowest point of meshes at a level of an axis, raised by a share of the section's height."""
        at = level * self.sign if axis == 0 else level
        meshes = tuple(f"{name}.{self.end}" for name in names)
        low, high = (cut(meshes, axis, at, way)(self.field)[1] for way in (DOWN, UP))
        point = self.turned(low)
        return np.asarray(point + np.array([0.0, lift * (high[1] - low[1]), 0.0]))

    def bones(self) -> tuple[Floats, Ints]:
        """Ribs, costal cartilages and the sternum as one mesh in the turned frame."""
        names = [f"skeleton/{word}_rib.{self.end}" for word in _WORDS]
        names += [f"skeleton/costal_cartilage_of_{word}_rib.{self.end}" for word in _WORDS[:10]]
        names += [f"skeleton/{part}" for part in _STERNUM]
        return _joined([self.mesh(name) for name in names])

    def first_rib(self) -> tuple[Floats, Ints]:
        """The first rib with its cartilage in the turned frame."""
        names = ("first_rib", "costal_cartilage_of_first_rib")
        return _joined([self.mesh(f"skeleton/{name}.{self.end}") for name in names])

    def sac(self) -> tuple[Floats, Ints]:
        """The outer shell of the side's pleural sac in the turned frame.

        The source's pleura is several nested shells a side: the one with the largest volume is outermost.
        """
        vertices, faces = self.mesh("organs/pleura")
        shells = trimesh.Trimesh(vertices, faces, process=False).split(only_watertight=True)
        mine = [shell for shell in shells if shell.vertices[:, 0].mean() > 0]
        if not mine:
            raise PlatemakerError(f"organs/pleura has no closed sac on the side {self.end}: mend the body.")
        outer = max(mine, key=lambda shell: abs(float(shell.volume)))
        return np.asarray(outer.vertices, np.float64), np.asarray(outer.faces, np.int64)

    def lobes(self) -> Floats:
        """Points all over the surface of the side's lung lobes, in the turned frame."""
        word = {"l": "left", "r": "right"}[self.end]
        names = [n for n in self.field.body.names("organs") if n.endswith(f"_lobe_of_{word}_lung")]
        vertices, faces = _joined([self.mesh(name) for name in names])
        corners = vertices[faces]
        sides = 0.5 * (corners + np.roll(corners, 1, axis=1)).reshape(-1, 3)
        return np.concatenate([vertices, corners.mean(1), sides])


@dataclass(frozen=True)
class _Wall:
    """The inside of the chest wall as distances from the side's axis, by direction and height."""

    low: float  # mm: height of the first row
    radius: Floats  # (DEGREES, rows) mm
    top: Floats  # (DEGREES,) mm: height of the first rib

    def at(self, angle: Floats, y: Floats) -> Floats:
        """Distance of the wall from the axis at angles (degrees, -180..180) and heights (mm)."""
        where = np.stack([angle + 180.0, np.broadcast_to((y - self.low) / CELL, angle.shape)])
        return np.asarray(ndimage.map_coordinates(self.radius, where, order=1, mode="nearest"))


def _zone(side: _Side) -> tuple[Floats, Ints]:
    sac, faces = side.sac()
    top = float(sac[:, 1].max())
    line, lowest = _reflection(side)
    low = np.array([-20.0, lowest - PAD, sac[:, 2].min() - PAD])
    high = np.array([sac[:, 0].max() + PAD, _clavicle_top(side) + DOME + PAD, sac[:, 2].max() + PAD])
    low = np.floor(np.minimum(low, sac.min(0) - PAD) / CELL) * CELL
    shape = np.ceil((high - low) / CELL).astype(int) + 1
    grid = Grid(low, (int(shape[0]), int(shape[1]), int(shape[2])))

    pleura = signed_distance(grid, sac, faces)
    solid = np.asarray(pleura < 0)
    solid |= _dome(grid, pleura, top, _clavicle_top(side) + DOME)
    cells = np.rint((side.lobes() - grid.low) / CELL).astype(np.int64)
    solid[tuple(cells.T)] = True
    wall = _wall(grid, side.bones(), side.first_rib())
    angle, inside = _within(grid, wall)
    solid |= _thin_edges(solid) & (inside | (np.abs(angle) > LATERAL))
    solid |= _recess(grid, wall, inside, line, (_rear_border(side), _front_border(side)), top - DOME_ONLY)
    solid = _mended(solid)

    distance = ndimage.distance_transform_edt(~solid) - ndimage.distance_transform_edt(solid)
    vertices, triangles = _surface(ndimage.gaussian_filter(distance, SOFT) - GROWN / CELL)
    return outward(side.turned(grid.low + CELL * vertices), triangles)


def _surface(field: Floats) -> tuple[Floats, Ints]:
    """The zero surface of a fine field as a coarse mesh, in grid units.

    Surface nets alone leave teeth along thin rims: smoothed, then drawn back onto the surface in turn, the
    mesh loses them and keeps its place.
    """
    rooms = [int(size / COARSE) for size in field.shape]
    coarse = ndimage.affine_transform(field, np.full(3, COARSE), output_shape=rooms, order=1)
    vertices, triangles = surface_net(_unchecked(coarse).astype(np.float32))
    vertices *= COARSE
    slope = [np.gradient(field, axis=axis) for axis in range(3)]
    for _ in range(DRAWN):
        vertices = smooth_taubin(vertices, triangles, 1, shrink=0.5, grow=-0.2)
        way = np.stack([ndimage.map_coordinates(part, vertices.T, order=1) for part in slope], axis=1)
        height = ndimage.map_coordinates(field, vertices.T, order=1)
        steep = np.maximum((way**2).sum(1), 0.25)
        vertices -= (np.clip(height, -1.0, 1.0) / steep)[:, None] * way
    return vertices, triangles


def _unchecked(field: Floats) -> Floats:
    """The field with every checkerboard of four neighbours filled.

    Surface nets join four faces at one edge there, and the mesh must be closed edge by edge.
    """
    field = field.copy()
    while True:
        inside = field < 0
        checked = np.zeros_like(inside)
        for axis in range(3):
            here, there = np.moveaxis(inside, axis, 2), np.moveaxis(checked, axis, 2)
            a, b, c, d = here[:-1, :-1], here[1:, :-1], here[:-1, 1:], here[1:, 1:]
            check = (a == d) & (b == c) & (a != b)
            for part in (there[:-1, :-1], there[1:, :-1], there[:-1, 1:], there[1:, 1:]):
                np.logical_or(part, check, out=part)
        if not (checked & ~inside).any():
            return field
        field[checked & ~inside] = -0.1


def _reflection(side: _Side) -> tuple[Callable[[Floats], Floats], float]:
    """Height of the line of pleural reflection by angle, and its lowest height."""
    field = side.field
    clavicle = abs(float(field.point("clavicle-middle")[0]))
    axilla = float(between("axillary-fold-anterior", "axillary-fold-posterior")(field)[2])
    muscle = f"muscles/iliocostalis_lumborum.{side.end}"
    level = float(field.point("spinous-l1")[1])
    erector = cut(muscle, 1, level, LEFT if side.end == "l" else RIGHT)(field)[1]
    twelfth, seventh = "skeleton/twelfth_rib", "skeleton/costal_cartilage_of_seventh_rib"
    rib, cartilage = (side.mesh(f"{name}.{side.end}")[0][:, 0] for name in (twelfth, seventh))
    neck = float(rib.min() + NECK_SHARE * np.ptp(rib))
    points = np.array(
        [
            side.lowest((twelfth,), 0, neck) - np.array([0.0, BELOW_NECK, 0.0]),
            side.lowest((twelfth,), 0, float(side.turned(erector)[0]), lift=0.5),
            side.lowest(("skeleton/tenth_rib",), 2, axilla),
            side.lowest(("skeleton/eighth_rib", "skeleton/costal_cartilage_of_eighth_rib"), 0, clavicle),
            side.lowest((seventh,), 0, float(cartilage.min() + STERNAL_END)),
        ]
    )
    angles = _angle(points[:, 0], points[:, 2])
    if (np.diff(angles) <= 0).any():
        raise PlatemakerError(
            f"The points of the pleura's reflection on the side {side.end} don't follow each other from the "
            "spine to the sternum: check the ribs of the body."
        )
    curve = PchipInterpolator(angles, points[:, 1])
    return lambda angle: np.asarray(curve(np.clip(angle, angles[0], angles[-1]))), float(points[:, 1].min())


def _rear_border(side: _Side) -> Callable[[Floats], Floats]:
    """The direction of the heads of the ribs by height, where the recess ends beside the spine."""
    heads = []
    for word in reversed(_WORDS):
        vertices, _ = side.mesh(f"skeleton/{word}_rib.{side.end}")
        x = vertices[:, 0]
        heads.append(vertices[x <= x.min() + HEAD_SHARE * np.ptp(x)].mean(0))
    place = np.array(heads)
    return lambda y: np.asarray(np.interp(y, place[:, 1], _angle(place[:, 0], place[:, 2])))


def _front_border(side: _Side) -> Callable[[Floats], Floats]:
    """How near the recess comes to the midline in front, x in mm by height.

    From the sternoclavicular joint it nears the midline, reached at the sternal angle. On the left it
    leaves it again, at the fourth costal cartilage for the margin of the sternum at the sixth: the heart
    lies there.
    """
    x, joint = far("skeleton/manubrium_of_sternum", LEFT)(side.field)[1][:2]
    knots = [(float(side.field.point("sternal-angle")[1]), BEHIND_STERNUM), (float(joint), float(x))]
    if side.end == "l":
        fourth, sixth = (
            far(f"skeleton/costal_cartilage_of_{word}_rib.l", RIGHT)(side.field)[1][1]
            for word in ("fourth", "sixth")
        )
        margin = cut("skeleton/body_of_sternum", 1, float(sixth), LEFT)(side.field)[1][0]
        knots = [(float(sixth), float(margin)), (float(fourth), BEHIND_STERNUM), *knots]
    heights, reach = zip(*knots, strict=True)
    return lambda y: np.asarray(np.interp(y, heights, reach))


def _clavicle_top(side: _Side) -> float:
    """Height of the clavicle's upper border in the middle of its medial third."""
    inner, outer = side.field.point("clavicle-sternal-end"), side.field.point("clavicle-acromial-end")
    x = abs(float(inner[0] + (outer[0] - inner[0]) / 6.0)) * side.sign
    return float(cut(f"skeleton/clavicle.{side.end}", 0, x, UP)(side.field)[1][1])


def _dome(grid: Grid, pleura: npt.NDArray[np.float32], top: float, target: float) -> Bools:
    """The cells of the sac's top, stretched upward until it ends at the target height."""
    base = top - STRETCHED_FROM
    y = grid.axis(1)
    source = np.where(y > base, base + (y - base) * (top - base) / (target - base), y)
    row = (source - grid.low[1]) / CELL
    below = np.clip(np.floor(row).astype(np.int64), 0, grid.shape[1] - 2)
    share = (row - below).astype(np.float32)[None, :, None]
    stretched = (1 - share) * pleura[:, below] + share * pleura[:, below + 1]
    return np.asarray(stretched < 0)


def _wall(grid: Grid, bones: tuple[Floats, Ints], first_rib: tuple[Floats, Ints]) -> _Wall:
    """The inside of ribs, cartilages and sternum; between two ribs it runs straight."""
    y = grid.axis(1)
    found = _outward_hits(y, bones)
    met = np.isfinite(found)
    bony = np.flatnonzero(met.any(1))
    radius = np.empty_like(found)
    for k in range(DEGREES):
        column = _nearest_direction(bony, k)
        radius[k] = np.interp(y, y[met[column]], found[column, met[column]])
    # The inner faces of the ribs count, not their rounded edges.
    radius = ndimage.minimum_filter1d(radius, 3, axis=1)
    radius = ndimage.gaussian_filter(radius, (2.0, 3.0), mode="nearest")

    ring = np.isfinite(_outward_hits(y, first_rib))
    ringed = np.flatnonzero(ring.any(1))
    top = np.array([y[ring[_nearest_direction(ringed, k)]].mean() for k in range(DEGREES)])
    return _Wall(float(grid.low[1]), np.minimum(radius, np.where(met, found, np.inf)), top)


def _outward_hits(y: Floats, mesh: tuple[Floats, Ints]) -> Floats:
    """Distance of a mesh from the side's axis in each direction at each height (DEGREES, heights)."""
    turn, height = np.meshgrid(np.radians(np.arange(DEGREES) - 180.0), y, indexing="ij")
    origins = np.stack([np.full(turn.size, AXIS[0]), height.ravel(), np.full(turn.size, AXIS[1])], 1)
    ways = np.stack([np.cos(turn), np.zeros_like(turn), np.sin(turn)], 2).reshape(-1, 3)
    hits = Scene(*mesh).first(origins.astype(np.float32), ways.astype(np.float32))
    return hits.distance.astype(np.float64).reshape(turn.shape)


def _nearest_direction(directions: Ints, k: int) -> int:
    return int(directions[np.abs(directions - k).argmin()])


def _within(grid: Grid, wall: _Wall) -> tuple[Floats, Bools]:
    """The direction of each cell from the side's axis, and whether it is inside the chest wall."""
    x, y, z = np.meshgrid(*(grid.axis(k) for k in range(3)), indexing="ij", sparse=True)
    angle = _angle(x, z) + 0.0 * y
    return angle, np.asarray(np.hypot(x - AXIS[0], z - AXIS[1]) <= wall.at(angle, y + 0.0 * angle))


def _recess(
    grid: Grid,
    wall: _Wall,
    inside: Bools,
    line: Callable[[Floats], Floats],
    borders: tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]],
    top: float,
) -> Bools:
    """The cells of the layer inside the chest wall, above the line of reflection."""
    x, y, z = np.meshgrid(*(grid.axis(k) for k in range(3)), indexing="ij", sparse=True)
    flat = _angle(x, z)
    depth = CELL * ndimage.distance_transform_edt(inside)
    upper = np.minimum(wall.top[np.rint(flat + 180.0).astype(np.int64) % DEGREES], top)
    kept = inside & (depth <= RECESS) & (y >= line(flat)) & (y <= upper)
    rear, front = borders
    kept &= (flat >= rear(y)) & (flat <= MEDIAL)
    return np.asarray(kept & ((flat < 0) | (x >= front(y))))


def _thin_edges(solid: Bools) -> Bools:
    """The cells around what is thin: smoothing would eat the sharp lower edges of the lungs."""
    depth = ndimage.distance_transform_edt(solid, sampling=CELL)
    opened = ndimage.distance_transform_edt(depth <= THIN, sampling=CELL) <= THIN + CELL
    away = ndimage.distance_transform_edt(~(solid & ~opened), sampling=CELL)
    return np.asarray(away <= THICKER)


def _mended(solid: Bools) -> Bools:
    """One body without slits, hollows and crumbs."""
    room = int(np.ceil(BRIDGE / CELL)) + 1
    padded = np.pad(solid, room)
    near = ndimage.distance_transform_edt(~padded, sampling=CELL) <= BRIDGE
    closed = ndimage.distance_transform_edt(near, sampling=CELL) > BRIDGE
    closed = ndimage.binary_fill_holes(closed | padded)
    parts, _ = ndimage.label(closed)
    biggest = np.bincount(parts.ravel())[1:].argmax() + 1
    return np.asarray((parts == biggest)[room:-room, room:-room, room:-room])


def _angle(x: Floats, z: Floats) -> Floats:
    """Direction from the side's axis in degrees: 0 lateral, 90 to the front, -90 to the back."""
    return np.asarray(np.degrees(np.arctan2(z - AXIS[1], x - AXIS[0])))


def _joined(meshes: list[tuple[Floats, Ints]]) -> tuple[Floats, Ints]:
    start = np.cumsum([0] + [len(vertices) for vertices, _ in meshes])
    return (
        np.concatenate([vertices for vertices, _ in meshes]),
        np.concatenate([faces + first for (_, faces), first in zip(meshes, start[:-1], strict=True)]),
    )

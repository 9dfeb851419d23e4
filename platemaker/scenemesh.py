"""All drawn meshes of the body joined to one triangle soup with smooth normals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator
from scipy.spatial import cKDTree

from platemaker.body import Body, Structure
from platemaker.geometry import Floats, Ints, clip, subdivide_loop, vertex_normals
from platemaker.skin import ARM_CUT_AT, ARM_CUT_NORMAL
from platemaker.tissue import fibre_directions, tendon_share

#: Meshes are subdivided until their typical edge is below this, mm: facets would show at 0.5 mm a pixel.
FINE_EDGE = {"muscles": 3.6, "skeleton": 4.0, "fascia": 3.6, "connective": 5.0}
MAX_ROUNDS = 2


def _over_rectus(vertices: Floats) -> Floats:
    """Positive on the sheath of rectus abdominis, mm: medial of the semilunar line."""
    line = PchipInterpolator(*zip(*SEMILUNAR, strict=True), extrapolate=True)(vertices[:, 1])
    line = np.where(vertices[:, 1] > SEMILUNAR[-1][0], -1.0, np.maximum(line, 10.0))
    return np.where(vertices[:, 2] > 20.0, line - np.abs(vertices[:, 0]), -1.0)


def _before_rectus(vertices: Floats) -> Floats:
    """As :func:`_over_rectus`, only below the arcuate line, where the sheath has no back."""
    return np.where(vertices[:, 1] < 985.0, _over_rectus(vertices), -1.0)


def _beside_strip(vertices: Floats) -> Floats:
    """Positive outside the strip of the iliotibial tract, mm.

    The source has a wide sheet of fascia lata over the side of the hip and thigh; charts show the
    strip, and vastus lateralis and gluteus medius beside it.
    """
    _, y, z = vertices.T
    front = z - (4.0 + 0.05 * (y - 400.0))
    back = -27.0 + 0.01 * (y - 400.0) - z
    return np.asarray(np.maximum(np.maximum(front, back), y - 775.0 - 2.0 * np.abs(z)))


#: The lateral border of rectus abdominis: (y, x), mm.
SEMILUNAR = ((840.0, 16.0), (860.0, 27.0), (890.0, 42.0), (920.0, 58.0), (950.0, 67.0), (980.0, 72.0),
             (1070.0, 76.0), (1120.0, 79.0), (1160.0, 78.5), (1190.0, 70.0), (1212.0, 55.0), (1228.0, 36.0),
             (1236.0, 10.0))  # fmt: skip

#: Meshes cut down, by the name without the side: what has a positive height is never drawn.
TRIMS: dict[str, Callable[[Floats], Floats]] = {"iliotibial_tract": _beside_strip}


def below_deltoid(vertices: Floats) -> Floats:
    """Positive in the arm below the deltoid, mm beyond the plane that also cuts the skin."""
    left = np.concatenate([np.abs(vertices[:, :1]), vertices[:, 1:]], axis=1)
    return np.asarray((left - np.array(ARM_CUT_AT)) @ np.array(ARM_CUT_NORMAL))


def _ramus(vertices: Floats) -> Floats:
    """Positive in the ramus of the mandible, mm: its hind edge with the condyle, and the angle, stay."""
    _, y, z = vertices.T
    return np.asarray(np.minimum(np.minimum(z - 12.0 - 0.1 * (1560.0 - y), y - 1531.0), 52.0 - z))


def _arch_behind(vertices: Floats) -> Floats:
    """Positive in the zygomatic process of the temporal bone, mm, before the articular tubercle."""
    x, y, z = vertices.T
    return np.asarray(np.minimum(np.minimum(z - 17.0, np.abs(x) - 56.0), 1588.0 - y))


def _arch_before(vertices: Floats) -> Floats:
    """Positive in the temporal process of the zygomatic bone, mm."""
    return np.asarray(46.0 - vertices[:, 2])


SHEATH, ARM, JAW = 1, 2, 3

#: Parts of a structure that a layer or a plate leaves out, by the name without the side: the part is
#: where the height is positive. Sheaths are aponeuroses that the source models as part of a muscle:
#: the oblique muscles reach the midline and would hide rectus abdominis, which no chart of trigger
#: points does. The humerus is cut where a plate is drawn without arms. The ramus of the mandible and the
#: zygomatic arch hide the pterygoid muscles; they are cut straight through from side to side, so that
#: in profile no cut surface is seen.
CUTS: dict[str, tuple[int, Callable[[Floats], Floats]]] = {
    "external_abdominal_oblique": (SHEATH, _over_rectus),
    "internal_abdominal_oblique": (SHEATH, _over_rectus),
    "transversus_abdominis": (SHEATH, _before_rectus),
    "humerus": (ARM, below_deltoid),
    "mandible": (JAW, _ramus),
    "temporal_bone": (JAW, _arch_behind),
    "zygomatic_bone": (JAW, _arch_before),
}


@dataclass(frozen=True)
class SceneMesh:
    """Triangles of many structures; the corner indices count from the first vertex of all."""

    vertices: npt.NDArray[np.float32]  # (N, 3) mm
    normals: npt.NDArray[np.float32]  # (N, 3) unit
    faces: npt.NDArray[np.int32]  # (M, 3)
    structure: npt.NDArray[np.uint16]  # (M,) structure id of each face
    grain: npt.NDArray[np.float32]  # (N, 3) unit direction of the fibres, 0 where there are none
    tendon: npt.NDArray[np.float32]  # (N,) 0 for flesh, 1 for tendon
    cut: npt.NDArray[np.uint8]  # (M,) what a layer may leave out of a structure: SHEATH, ARM, JAW or 0

    def only(self, ids: npt.NDArray[np.uint16], without: tuple[int, ...] = ()) -> SceneMesh:
        """The part of the mesh that belongs to the given structures, less the cuts ``without``."""
        wanted = np.zeros(1 + int(max(self.structure.max(initial=0), ids.max(initial=0))), np.bool_)
        wanted[ids] = True
        keep = wanted[self.structure]
        for cut in without:
            keep &= self.cut != cut
        return self.kept(keep)

    def kept(self, keep: npt.NDArray[np.bool_]) -> SceneMesh:
        """The faces (M,) for which ``keep`` is true, with the vertices that they use."""
        faces = self.faces[keep]
        needed = np.zeros(len(self.vertices), np.bool_)
        needed[faces] = True
        used = np.flatnonzero(needed)
        place = np.cumsum(needed, dtype=np.int32) - 1
        return SceneMesh(
            self.vertices[used],
            self.normals[used],
            place[faces].astype(np.int32),
            self.structure[keep],
            self.grain[used],
            self.tendon[used],
            self.cut[keep],
        )

    def inside(self, box: tuple[float, float, float, float, float, float]) -> SceneMesh:
        """The faces whose middle lies in a box (x low, x high, y low, y high, z low, z high), mm."""
        return self.kept(self.within(box))

    def within(self, box: tuple[float, float, float, float, float, float]) -> npt.NDArray[np.bool_]:
        """Which faces (M,) have their middle in a box."""
        middle = self.vertices[self.faces].mean(axis=1)
        low, high = np.array(box[::2], np.float32), np.array(box[1::2], np.float32)
        return np.asarray(((middle >= low) & (middle <= high)).all(axis=1))

    def alone(self, structure: int) -> SceneMesh:
        """One structure of a mesh made by :func:`joined`, where each lies in one piece."""
        low, high = np.searchsorted(self.structure, [structure, structure + 1])
        faces = self.faces[low:high]
        first, last = int(faces.min()), int(faces.max()) + 1
        return SceneMesh(
            self.vertices[first:last],
            self.normals[first:last],
            faces - np.int32(first),
            self.structure[low:high],
            self.grain[first:last],
            self.tendon[first:last],
            self.cut[low:high],
        )

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """The arrays by name, to store them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Part:
    """One structure, ready to be joined to others."""

    structure: int
    vertices: Floats
    faces: Ints
    normals: Floats
    grain: Floats | None = None
    tendon: npt.NDArray[np.float32] | None = None
    cut: npt.NDArray[np.uint8] | None = None


def joined(parts: list[Part]) -> SceneMesh:
    """Join structures, given in ascending order of their ids, to one mesh."""
    offset = np.cumsum([0] + [len(p.vertices) for p in parts])
    return SceneMesh(
        np.concatenate([p.vertices for p in parts]).astype(np.float32),
        np.concatenate([p.normals for p in parts]).astype(np.float32),
        np.concatenate([p.faces + o for p, o in zip(parts, offset[:-1], strict=True)]).astype(np.int32),
        np.concatenate([np.full(len(p.faces), p.structure, np.uint16) for p in parts]),
        np.concatenate([np.zeros_like(p.vertices) if p.grain is None else p.grain for p in parts]).astype(
            np.float32
        ),
        np.concatenate([np.zeros(len(p.vertices)) if p.tendon is None else p.tendon for p in parts]).astype(
            np.float32
        ),
        np.concatenate([np.zeros(len(p.faces), np.uint8) if p.cut is None else p.cut for p in parts]),
    )


def smooth_structure(body: Body, structure: Structure) -> Part:
    """One structure, subdivided until it shows no facets; muscles with fibres and tendons."""
    vertices, faces = outward(*body.mesh(structure.mesh))
    trim = TRIMS.get(bare_name(structure.mesh))
    rounds = 0
    target = FINE_EDGE[structure.system]
    while rounds < MAX_ROUNDS and _typical_edge(vertices, faces) > target:
        vertices, faces = subdivide_loop(vertices, faces)
        rounds += 1
    if trim:
        vertices, faces, _ = clip(vertices, faces, trim(vertices))
    normals = vertex_normals(vertices, faces)
    grain, tendon = np.zeros_like(vertices), np.zeros(len(vertices), np.float32)
    if structure.system == "muscles":
        grain = fibre_directions(vertices, faces, normals, structure.name, structure.part, structure.side)
        tendon = tendon_share(vertices, faces, normals, structure.name)
    if bare_name(structure.mesh) not in CUTS:
        return Part(structure.id, vertices, faces, normals, grain, tendon)
    kind, height_of = CUTS[bare_name(structure.mesh)]
    height = height_of(vertices)
    rest, part = clip(vertices, faces, height), clip(vertices, faces, -height)
    points = np.concatenate([rest[0], part[0]])
    _, nearest = cKDTree(vertices).query(points)
    pieces = Part(
        structure.id,
        points,
        np.concatenate([rest[1], part[1] + len(rest[0])]),
        normals[nearest],
        grain[nearest],
        tendon[nearest],
        np.repeat(np.array([0, kind], np.uint8), [len(rest[1]), len(part[1])]),
    )
    return _capped(pieces, rest[0][rest[2]]) if kind == ARM else pieces


def _capped(part: Part, ring: Floats) -> Part:
    """The part with a flat cap over a cut, whose points ``ring`` (n, 3) lie around their middle."""
    middle = ring.mean(0)
    way = np.array(ARM_CUT_NORMAL) * np.array([np.sign(middle[0]), 1.0, 1.0])
    way /= np.linalg.norm(way)
    across = np.cross(way, [0.0, 0.0, 1.0])
    angle = np.arctan2((ring - middle) @ np.cross(way, across), (ring - middle) @ across)
    points = np.concatenate([ring[np.argsort(angle, kind="stable")], middle[None]])
    count, start = len(ring), len(part.vertices)
    here = np.arange(count)
    fan = np.stack([here, (here + 1) % count, np.full(count, count)], axis=1) + start
    assert part.grain is not None
    assert part.tendon is not None
    assert part.cut is not None
    return Part(
        part.structure,
        np.concatenate([part.vertices, points]),
        np.concatenate([part.faces, fan]),
        np.concatenate([part.normals, np.broadcast_to(way, points.shape)]),
        np.concatenate([part.grain, np.zeros_like(points)]),
        np.concatenate([part.tendon, np.zeros(len(points), np.float32)]),
        np.concatenate([part.cut, np.zeros(count, np.uint8)]),
    )


def bare_name(mesh: str) -> str:
    """The name in a mesh id without system, side and part: ``connective/left_iliotibial_tract.l``."""
    return mesh.split("/", 1)[1].split(".", 1)[0].removeprefix("left_").removeprefix("right_")


def outward(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """The mesh wound so that its normals point outward: many of the left side are inside out."""
    a, b, c = (vertices[faces[:, k]] - vertices.mean(0) for k in range(3))
    inside_out = float((np.cross(a, b) * c).sum()) < 0
    return vertices, faces[:, ::-1].copy() if inside_out else faces


def _typical_edge(vertices: Floats, faces: Ints) -> float:
    """Edge length around most of the surface: the mean, edges weighed by the area of their faces."""
    sides = vertices[faces] - vertices[np.roll(faces, -1, axis=1)]
    length = np.linalg.norm(sides, axis=-1).mean(axis=1)
    area = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    return float((length * area).sum() / max(float(area.sum()), 1e-9))

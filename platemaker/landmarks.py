"""Named bony and surface landmarks, each found on the reference body's meshes by a rule.

A rule is written for the left side or the midline. Its right fellow is the mirror image in x = 0,
brought to the nearest point of the right-hand mesh. Boxes within a mesh are in shares of its bounding
box: x from 0 (the subject's right) to 1 (left), y from 0 (bottom) to 1 (top), z from 0 (back) to 1 (front).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from platemaker import settings
from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.geometry import Floats, Ints, unit

NAME = "landmarks.json"
LICENCE = "CC BY-SA 4.0"

Vector = tuple[float, float, float]
Share = tuple[float, float]
LEFT: Vector = (1, 0, 0)
RIGHT: Vector = (-1, 0, 0)
UP: Vector = (0, 1, 0)
DOWN: Vector = (0, -1, 0)
FRONT: Vector = (0, 0, 1)
BACK: Vector = (0, 0, -1)
ALL: Share = (0.0, 1.0)
SKIN = "skin/skin"


@dataclass(frozen=True)
class Landmark:
    """A named point on a mesh of the body, in body millimetres."""

    id: str
    name: str
    latin: str | None
    group: str
    kind: str
    side: str
    pair: str | None
    at: Vector
    mesh: str
    rule: str


class Field:
    """What rules look at: the meshes, and the left and midline points found so far."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.mesh = cache(body.mesh)
        self._found: dict[str, tuple[str, Floats]] = {}
        self._pending: set[str] = set()

    def found(self, rule: str) -> tuple[str, Floats]:
        """The mesh and the point of a rule, by its id."""
        if rule not in self._found:
            if rule in self._pending:
                raise PlatemakerError(f"The landmark rule {rule} refers to itself.")
            self._pending.add(rule)
            self._found[rule] = BY_ID[rule].find(self)
        return self._found[rule]

    def point(self, rule: str) -> Floats:
        """The point of a rule, by its id."""
        return self.found(rule)[1]


Find = Callable[[Field], tuple[str, Floats]]
Place = Callable[[Field], Floats]


@dataclass(frozen=True)
class Rule:
    """A landmark before it is found."""

    id: str
    name: str
    latin: str | None
    group: str
    paired: bool
    kind: str
    find: Find
    text: str


# --- ways to find a point ----------------------------------------------------------------------------


def far(mesh: str, toward: Vector, x: Share = ALL, y: Share = ALL, z: Share = ALL) -> Find:
    """The vertex furthest ``toward`` a direction, of those in a box within the mesh."""

    def find(field: Field) -> tuple[str, Floats]:
        vertices, _ = field.mesh(mesh)
        return mesh, _furthest(_boxed(vertices, vertices, (x, y, z)), toward, mesh)

    return find


def cut(
    mesh: str | tuple[str, ...],
    axis: int,
    level: float | Place,
    toward: Vector,
    x: Share = ALL,
    y: Share = ALL,
    z: Share = ALL,
) -> Find:
    """The point furthest ``toward`` a direction on the section of a mesh at a level of an axis.

    A level is in mm, or that of a point. Of several meshes the one that reaches furthest counts.
    """
    meshes = (mesh,) if isinstance(mesh, str) else mesh

    def find(field: Field) -> tuple[str, Floats]:
        at = level if isinstance(level, float | int) else float(level(field)[axis])
        best: tuple[str, Floats] | None = None
        for name in meshes:
            vertices, faces = field.mesh(name)
            section = _boxed(_section(vertices, faces, axis, at), vertices, (x, y, z))
            if len(section):
                point = _furthest(section, toward, name)
                if best is None or (point - best[1]) @ np.array(toward) > 0:
                    best = name, point
        if best is None:
            raise PlatemakerError(f"{' and '.join(meshes)} have no section at {'xyz'[axis]} = {at:.1f}.")
        return best

    return find


def midline(mesh: str, toward: Vector, x: Share = ALL, y: Share = ALL, z: Share = ALL) -> Find:
    """The point furthest ``toward`` a direction on the section of a mesh in the median plane."""
    return cut(mesh, 0, 0.0, toward, x, y, z)


def surface(mesh: str, toward: Vector, through: Place) -> Find:
    """Where the line through a place in a direction leaves the mesh."""

    def find(field: Field) -> tuple[str, Floats]:
        return mesh, _leaving(*field.mesh(mesh), through(field), toward, mesh)

    return find


def near(mesh: str, to: Place) -> Find:
    """The nearest point of the mesh to a place."""

    def find(field: Field) -> tuple[str, Floats]:
        return mesh, nearest(*field.mesh(mesh), to(field))

    return find


def crease(mesh: str, toward: Vector, through: Place, reach: float, span: float) -> Find:
    """The deepest point of a level crease within ``reach`` mm above and below a place.

    Deepest is where the surface, seen along the direction, lies furthest below the middle of its
    two points ``span`` mm higher and lower.
    """

    def find(field: Field) -> tuple[str, Floats]:
        middle = through(field)
        vertices, faces = field.mesh(mesh)
        steps = np.arange(-reach - span, reach + span + 1.0)
        ray = np.array(
            [_leaving(vertices, faces, middle + np.array([0.0, step, 0.0]), toward, mesh) for step in steps]
        )
        height = ray @ np.array(toward)
        gap = int(span)
        depth = 0.5 * (height[2 * gap :] + height[: -2 * gap]) - height[gap:-gap]
        return mesh, ray[gap + int(depth.argmax())]

    return find


def spot(rule: str) -> Place:
    """The place of another landmark."""
    return lambda field: field.point(rule)


def between(one: str, two: str, share: float = 0.5) -> Place:
    """The place at a share of the way between two landmarks."""
    return lambda field: (1 - share) * field.point(one) + share * field.point(two)


def mean(*rules: str) -> Place:
    """The mean place of landmarks."""
    return lambda field: np.array([field.point(rule) for rule in rules]).mean(axis=0)


def middle(mesh: str, x: Share = ALL, y: Share = ALL, z: Share = ALL) -> Place:
    """The middle of a part of a mesh: that of the box round its vertices."""

    def place(field: Field) -> Floats:
        part = _boxed(field.mesh(mesh)[0], field.mesh(mesh)[0], (x, y, z))
        centre: Floats = 0.5 * (part.min(0) + part.max(0))
        return centre

    return place


def extreme(mesh: str, toward: Vector) -> Place:
    """The place of a vertex of any mesh that reaches furthest in a direction."""
    return lambda field: _furthest(field.mesh(mesh)[0], toward, mesh)


def _furthest(points: Floats, toward: Vector, mesh: str) -> Floats:
    if not len(points):
        raise PlatemakerError(f"A landmark rule finds no point of {mesh} in its box.")
    point: Floats = points[int((points @ np.array(toward, dtype=float)).argmax())]
    return point


def _boxed(points: Floats, whole: Floats, box: tuple[Share, Share, Share]) -> Floats:
    low, size = whole.min(0), np.ptp(whole, axis=0)
    shares = np.array(box)
    kept = (points >= low + shares[:, 0] * size - 1e-6) & (points <= low + shares[:, 1] * size + 1e-6)
    inside: Floats = points[kept.all(axis=1)]
    return inside


def _section(vertices: Floats, faces: Ints, axis: int, level: float) -> Floats:
    """The corners of the section of a mesh by a plane."""
    height = vertices[:, axis] - level
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    crossed = sides[(height[sides[:, 0]] > 0) != (height[sides[:, 1]] > 0)]
    one, two = height[crossed[:, 0]], height[crossed[:, 1]]
    share = (one / (one - two))[:, None]
    points: Floats = vertices[crossed[:, 0]] * (1 - share) + vertices[crossed[:, 1]] * share
    return points


def _leaving(vertices: Floats, faces: Ints, through: Floats, toward: Vector, mesh: str) -> Floats:
    """The last crossing of a mesh by a line (Möller and Trumbore 1997, all faces at once)."""
    direction = unit(np.array(toward, dtype=float))
    a = vertices[faces[:, 0]]
    one, two = vertices[faces[:, 1]] - a, vertices[faces[:, 2]] - a
    across = np.cross(direction, two)
    volume = (one * across).sum(1)
    safe = np.where(np.abs(volume) < 1e-12, np.inf, volume)
    away = through - a
    u = (away * across).sum(1) / safe
    turned = np.cross(away, one)
    v = turned @ direction / safe
    inside = np.isfinite(safe) & (u >= 0) & (v >= 0) & (u + v <= 1)
    if not inside.any():
        raise PlatemakerError(f"A line through {through.round(1).tolist()} misses {mesh}.")
    along = ((two * turned).sum(1) / safe)[inside]
    point: Floats = through + along.max() * direction
    return point


def nearest(vertices: Floats, faces: Ints, point: Floats) -> Floats:
    """The nearest point of a mesh's surface."""
    low, high = vertices[faces].min(axis=1), vertices[faces].max(axis=1)
    # No face counts whose box is further off than the nearest vertex: the exact test is slow on the skin.
    reach = float(np.linalg.norm(vertices[np.unique(faces)] - point, axis=1).min()) + 1e-6
    kept = np.linalg.norm(np.maximum(np.maximum(low - point, point - high), 0.0), axis=1) <= reach
    triangles = vertices[faces[kept]]
    closest: Floats = trimesh.triangles.closest_point(
        triangles, np.repeat(point[None], len(triangles), axis=0)
    )
    here: Floats = closest[int(np.linalg.norm(closest - point, axis=1).argmin())]
    return here


# --- the table ---------------------------------------------------------------------------------------

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip
_FINGERS = ("thumb", "index finger", "middle finger", "ring finger", "little finger")
_TOES = ("great toe", "second toe", "third toe", "fourth toe", "little toe")


def _bone(name: str) -> str:
    return f"skeleton/{name}"


def _table(
    group: str, paired: bool, *rows: tuple[str, str, str | None, Find, str], kind: str = "bone"
) -> list[Rule]:
    return [Rule(id_, name, latin, group, paired, kind, find, text) for id_, name, latin, find, text in rows]


def _head() -> list[Rule]:
    frontal, occipital, mandible = _bone("frontal_bone"), _bone("occipital_bone"), _bone("mandible")
    temporal, zygomatic = _bone("temporal_bone.l"), _bone("zygomatic_bone.l")
    half: Share = (0.5, 1.0)
    return [
        *_table(
            "head", False,
            ("vertex", "Vertex of the skull", "Vertex", midline(_bone("parietal_bone.l"), UP),
             "highest point of the parietal bone in the median plane"),
            ("bregma", "Bregma", "Bregma", midline(frontal, UP),
             "highest point of the frontal bone in the median plane"),
            ("lambda", "Lambda", "Lambda", midline(occipital, UP),
             "highest point of the occipital bone in the median plane"),
            ("inion", "External occipital protuberance (inion)", "Protuberantia occipitalis externa",
             surface(occipital, BACK, lambda field: extreme(
                 "attachments/ascending_part_of_trapezius", UP)(field) * np.array([0.0, 1.0, 1.0])),
             "rear of the occipital bone in the median plane, level with the top of trapezius's attachment"),
            ("glabella", "Glabella", "Glabella", midline(frontal, FRONT, y=(0.1, 0.22)),
             "foremost point of the frontal bone between the brows, in the median plane"),
            ("nasion", "Nasion", "Nasion", midline(frontal, (0, -1, 0.5), z=(0.6, 1.0)),
             "lowest front point of the frontal bone in the median plane"),
            ("mental-protuberance", "Mental protuberance", "Protuberantia mentalis",
             midline(mandible, FRONT, y=(0.0, 0.25)),
             "foremost point of the lower mandible in the median plane"),
            ("menton", "Lower border of the chin", None, midline(mandible, DOWN),
             "lowest point of the mandible in the median plane"),
        ),
        *_table(
            "head", True,
            ("asterion", "Asterion", "Asterion", far(temporal, BACK),
             "rearmost vertex of the temporal bone"),
            ("pterion", "Pterion", "Pterion", far(_bone("sphenoid_bone"), UP, x=(0.85, 1.0)),
             "highest vertex of the outer part of the sphenoid's greater wing"),
            ("mastoid-tip", "Mastoid process, tip", "Processus mastoideus",
             far(temporal, DOWN, x=(0.7, 1.0), z=(0.0, 0.45)),
             "lowest vertex of the outer rear part of the temporal bone"),
            ("styloid-process-skull", "Styloid process of the temporal bone, tip", "Processus styloideus",
             far(temporal, DOWN, z=(0.45, 0.8)),
             "lowest vertex of the middle part of the temporal bone"),
            ("zygomatic-arch", "Zygomatic arch", "Arcus zygomaticus",
             far(temporal, LEFT, y=(0.2, 0.6), z=(0.65, 1.0)),
             "most lateral vertex of the front part of the temporal bone"),
            ("zygomatic-bone-prominence", "Cheekbone, most prominent point", None,
             far(zygomatic, (1, -0.2, 1)),
             "vertex of the zygomatic bone furthest forward and outward"),
            ("frontozygomatic-suture", "Frontozygomatic suture", "Sutura frontozygomatica",
             far(zygomatic, UP), "highest vertex of the zygomatic bone"),
            ("mandibular-angle", "Angle of the mandible", "Angulus mandibulae",
             far(mandible, (0.4, -1, -1), x=half),
             "vertex of the mandible furthest down and back"),
            ("mandibular-condyle", "Head of the mandible (condyle), lateral pole", "Caput mandibulae",
             far(mandible, LEFT, x=half, y=(0.92, 1.0), z=(0.0, 0.25)),
             "most lateral vertex of the rear upper end of the ramus"),
            ("coronoid-process-mandible", "Coronoid process of the mandible, tip", "Processus coronoideus",
             far(mandible, UP, x=half, z=(0.25, 0.6)),
             "highest vertex of the front part of the ramus"),
        ),
    ]  # fmt: skip


def _neck() -> list[Rule]:
    hyoid = _bone("hyoid_bone")
    return [
        *_table(
            "neck", False,
            ("hyoid-body", "Hyoid bone, body", "Corpus ossis hyoidei", midline(hyoid, FRONT),
             "foremost point of the hyoid bone in the median plane"),
            ("laryngeal-prominence", "Laryngeal prominence", "Prominentia laryngea",
             midline(_bone("thyroid_cartilage"), FRONT),
             "foremost point of the thyroid cartilage in the median plane"),
            ("cricoid-arch", "Cricoid cartilage, arch", "Arcus cartilaginis cricoideae",
             midline(_bone("cricoid_cartilage"), FRONT),
             "foremost point of the cricoid cartilage in the median plane"),
        ),
        *_table(
            "neck", True,
            ("hyoid-greater-horn", "Hyoid bone, greater horn, tip", "Cornu majus",
             far(hyoid, BACK, x=(0.5, 1.0)), "rearmost vertex of the hyoid bone"),
        ),
    ]  # fmt: skip


def _vertebra(level: str) -> str:
    return _bone({"C1": "atlas_c1", "C2": "axis_c2"}.get(level, f"vertebra_{level.lower()}"))


def _spine() -> list[Rule]:
    sacrum, coccyx = _bone("sacrum"), _bone("coccyx")
    rules = _table(
        "spine", False,
        ("c1-posterior-tubercle", "Posterior tubercle of the atlas (C1)", "Tuberculum posterius",
         midline(_vertebra("C1"), BACK), "rearmost point of the atlas in the median plane"),
        ("spinous-s1", "Median sacral crest, tubercle of S1", "Crista sacralis mediana",
         midline(sacrum, (0, 0.5, -0.86), y=(0.70, 0.85)),
         "rearmost bump of the median sacral crest at the level of S1"),
        ("spinous-s2", "Median sacral crest, tubercle of S2", "Crista sacralis mediana",
         midline(sacrum, (0, 0.5, -0.86), y=(0.5, 0.68)),
         "rearmost bump of the median sacral crest at the level of S2"),
        ("spinous-s3", "Median sacral crest, tubercle of S3", "Crista sacralis mediana",
         midline(sacrum, BACK, y=(0.3, 0.48)),
         "rearmost bump of the median sacral crest at the level of S3"),
        ("sacral-promontory", "Sacral promontory", "Promontorium",
         midline(sacrum, (0, 0.3, 1)), "upper front edge of the sacrum in the median plane"),
        ("sacral-hiatus", "Sacral hiatus, apex", "Hiatus sacralis",
         midline(sacrum, (0, -1, -1.5), y=(0.08, 0.3)),
         "lower end of the median sacral crest in the median plane"),
        ("coccyx-tip", "Coccyx, tip", "Os coccygis", midline(coccyx, DOWN),
         "lowest point of the coccyx in the median plane"),
    )  # fmt: skip
    lateral = _table(
        "spine", True,
        ("sacral-cornu", "Sacral horn", "Cornu sacrale",
         far(sacrum, (0, -1, -1.2), x=(0.5, 0.75), y=(0.05, 0.25)),
         "vertex beside the sacral hiatus furthest down and back"),
        ("sacral-inferior-lateral-angle", "Inferior lateral angle of the sacrum", None,
         far(sacrum, (1, -1, 0)), "vertex of the sacrum furthest down and outward"),
    )  # fmt: skip
    # Tips lie straight behind in the neck and loins and point down in the chest.
    slant = {"C": 0.3, "T": 0.5, "L": 0.0}
    for letter, count in (("C", 7), ("T", 12), ("L", 5)):
        for number in range(1, count + 1):
            level, mesh = f"{letter}{number}", _vertebra(f"{letter}{number}")
            if level != "C1":
                rules += _table(
                    "spine", False,
                    (f"spinous-{level.lower()}", f"Spinous process of {level}, tip", "Processus spinosus",
                     midline(mesh, (0, -slant[letter], -1)),
                     f"rearmost low point of {level} in the median plane"),
                )  # fmt: skip
            # The eleventh and twelfth have knobs in place of processes.
            if level not in ("T11", "T12"):
                # In the neck the articular pillar behind the process reaches as far out.
                front: Share = (0.7, 1.0) if letter == "C" and number > 1 else ALL
                process = "Processus costiformis" if letter == "L" else "Processus transversus"
                lateral += _table(
                    "spine", True,
                    (f"transverse-{level.lower()}", f"Transverse process of {level}, tip", process,
                     far(mesh, LEFT, z=front),
                     f"most lateral {'front ' if front != ALL else ''}vertex of {level}"),
                )  # fmt: skip
    return rules + lateral


def _thorax() -> list[Rule]:
    manubrium, sternum, xiphoid = (
        _bone("manubrium_of_sternum"),
        _bone("body_of_sternum"),
        _bone("xiphoid_process"),
    )
    cartilages = [_bone(f"costal_cartilage_of_{word}_rib.l") for word in _ORDINALS[:10]]
    rules = [
        *_table(
            "thorax", False,
            ("jugular-notch", "Jugular notch", "Incisura jugularis", midline(manubrium, (0, 1, 0.3)),
             "upper front edge of the manubrium in the median plane"),
            ("sternal-angle", "Sternal angle", "Angulus sterni", midline(sternum, (0, 1, 0.6)),
             "upper front edge of the body of the sternum in the median plane"),
            ("xiphisternal-joint", "Xiphisternal joint", "Symphysis xiphosternalis",
             midline(sternum, (0, -1, 0.5)),
             "lower front edge of the body of the sternum in the median plane"),
            ("xiphoid-tip", "Xiphoid process, tip", "Processus xiphoideus", midline(xiphoid, DOWN),
             "lowest point of the xiphoid process in the median plane"),
        ),
        *_table(
            "thorax", True,
            ("costal-margin-midclavicular", "Costal margin in the midclavicular line", "Arcus costalis",
             cut(tuple(cartilages[6:]), 0, spot("clavicle-middle"), DOWN),
             "lowest point of the costal cartilages straight below the clavicle's middle"),
            ("costal-margin-lowest", "Costal margin, lowest point", "Arcus costalis",
             far(cartilages[9], DOWN), "lowest vertex of the tenth costal cartilage"),
        ),
    ]  # fmt: skip
    for number, word in enumerate(_ORDINALS, 1):
        rib = _bone(f"{word}_rib.l")
        if 2 <= number <= 9:
            rules += _table(
                "thorax", True,
                (f"rib-{number:02}-midclavicular", f"Rib {number} in the midclavicular line", None,
                 cut((rib, cartilages[number - 1]), 0, spot("clavicle-middle"), FRONT),
                 f"foremost point of rib {number} or its cartilage, straight below the clavicle's middle"),
            )  # fmt: skip
        if 3 <= number <= 11:
            rules += _table(
                "thorax", True,
                (f"rib-{number:02}-midaxillary", f"Rib {number} in the midaxillary line", None,
                 cut(rib, 2, between("axillary-fold-anterior", "axillary-fold-posterior"), LEFT),
                 f"most lateral point of rib {number} midway from front to back between the axillary folds"),
            )  # fmt: skip
        if number <= 10:
            rules += _table(
                "thorax", True,
                (f"rib-{number:02}-angle", f"Angle of rib {number}", "Angulus costae",
                 far(rib, (0.35, 0, -1)),
                 f"vertex of rib {number} furthest back and a little outward"),
            )  # fmt: skip
        else:
            rules += _table(
                "thorax", True,
                (f"rib-{number:02}-tip", f"Rib {number}, tip", None,
                 far(rib, (0.5, -1, 0.5)), f"free front end of rib {number}"),
            )  # fmt: skip
    return rules


def _shoulder() -> list[Rule]:
    scapula, clavicle = _bone("scapula.l"), _bone("clavicle.l")
    return _table(
        "shoulder", True,
        ("acromion-lateral", "Acromion, lateral edge", "Acromion", far(scapula, LEFT),
         "most lateral vertex of the scapula"),
        ("acromion-tip", "Acromion, tip", "Acromion", far(scapula, FRONT, x=(0.8, 1.0), y=(0.9, 1.0)),
         "foremost vertex of the acromion"),
        ("acromial-angle", "Acromial angle", "Angulus acromii",
         far(scapula, (0.6, -0.3, -0.6), y=(0.85, 1.0)), "rear outer corner of the acromion"),
        ("coracoid-tip", "Coracoid process, tip", "Processus coracoideus", far(scapula, (0.3, 0, 1)),
         "foremost vertex of the scapula"),
        ("scapula-inferior-angle", "Scapula, inferior angle", "Angulus inferior", far(scapula, DOWN),
         "lowest vertex of the scapula"),
        ("scapula-superior-angle", "Scapula, superior angle", "Angulus superior",
         far(scapula, UP, x=(0.0, 0.45)), "highest vertex of the medial part of the scapula"),
        ("scapular-spine-root", "Spine of the scapula, root at the medial border", None,
         far(scapula, (-1, 0, -0.5), y=(0.72, 0.76)),
         "vertex of the medial border furthest back and inward where the spine begins"),
        ("scapular-spine-middle", "Spine of the scapula, middle", "Spina scapulae",
         cut(scapula, 0, between("scapular-spine-root", "acromial-angle"), BACK, y=(0.6, 1.0)),
         "rearmost point of the spine halfway between its root and the acromial angle"),
        ("scapula-medial-border-middle", "Medial border of the scapula, middle", "Margo medialis",
         cut(scapula, 1, between("scapula-superior-angle", "scapula-inferior-angle"), RIGHT),
         "most medial point of the scapula halfway between its superior and inferior angles"),
        ("scapula-lateral-border-middle", "Lateral border of the scapula, middle", "Margo lateralis",
         cut(scapula, 1, between("scapula-inferior-angle", "acromial-angle", 0.4), LEFT),
         "most lateral point of the scapula two fifths of the way up from its inferior angle"),
        ("clavicle-sternal-end", "Clavicle, sternal end", "Extremitas sternalis",
         far(clavicle, (-1, 0.3, 0.5)),
         "medial front vertex of the clavicle"),
        ("clavicle-acromial-end", "Clavicle, acromial end", "Extremitas acromialis", far(clavicle, LEFT),
         "most lateral vertex of the clavicle"),
        ("clavicle-middle", "Clavicle, middle", "Corpus claviculae",
         cut(clavicle, 0, between("clavicle-sternal-end", "clavicle-acromial-end"), FRONT),
         "foremost point of the clavicle halfway between its ends"),
    )  # fmt: skip


def _arm() -> list[Rule]:
    humerus, radius, ulna = _bone("humerus.l"), _bone("radius.l"), _bone("ulna.l")
    return _table(
        "arm", True,
        ("humerus-greater-tubercle", "Greater tubercle of the humerus", "Tuberculum majus",
         far(humerus, LEFT, y=(0.95, 1.0)), "most lateral vertex of the upper end of the humerus"),
        ("humerus-lesser-tubercle", "Lesser tubercle of the humerus", "Tuberculum minus",
         far(humerus, FRONT, y=(0.85, 1.0)), "foremost vertex of the upper end of the humerus"),
        ("deltoid-tuberosity", "Deltoid tuberosity", "Tuberositas deltoidea",
         near(humerus, extreme("muscles/deltoid.l.2", DOWN)),
         "point of the humerus nearest to the lowest vertex of the deltoid's acromial part"),
        ("humerus-lateral-epicondyle", "Lateral epicondyle of the humerus", "Epicondylus lateralis",
         far(humerus, (1, 0, -0.3), y=(0.06, 0.14)),
         "most lateral vertex of the lower end of the humerus above the capitulum"),
        ("humerus-medial-epicondyle", "Medial epicondyle of the humerus", "Epicondylus medialis",
         far(humerus, RIGHT, y=(0.0, 0.14)), "most medial vertex of the lower end of the humerus"),
        ("olecranon", "Olecranon", "Olecranon", far(ulna, (0, 0.7, -1), y=(0.9, 1.0)),
         "vertex of the upper end of the ulna furthest back and up"),
        ("coronoid-process-ulna", "Coronoid process of the ulna", "Processus coronoideus",
         far(ulna, FRONT, y=(0.85, 1.0)), "foremost vertex of the upper end of the ulna"),
        ("radial-head", "Head of the radius", "Caput radii", far(radius, LEFT, y=(0.94, 1.0)),
         "most lateral vertex of the upper end of the radius"),
        ("radial-tuberosity", "Radial tuberosity", "Tuberositas radii",
         far(radius, (-1, 0, 0.5), y=(0.82, 0.92)),
         "vertex below the neck of the radius furthest inward and forward"),
        ("radial-styloid", "Styloid process of the radius", "Processus styloideus radii",
         far(radius, (0.6, -1, 0)), "lowest lateral vertex of the radius"),
        ("lister-tubercle", "Dorsal tubercle of the radius (Lister)", "Tuberculum dorsale",
         far(radius, BACK, y=(0.0, 0.08)), "rearmost vertex of the lower end of the radius"),
        ("ulnar-styloid", "Styloid process of the ulna", "Processus styloideus ulnae", far(ulna, DOWN),
         "lowest vertex of the ulna"),
        ("ulnar-head", "Head of the ulna", "Caput ulnae", far(ulna, FRONT, y=(0.0, 0.1)),
         "foremost vertex of the lower end of the ulna"),
    )  # fmt: skip


def _hand() -> list[Rule]:
    thumb = _bone("first_metacarpal_bone.l")
    rules = _table(
        "hand", True,
        ("pisiform", "Pisiform", "Os pisiforme", far(_bone("pisiform_bone.l"), FRONT),
         "foremost vertex of the pisiform"),
        ("hook-of-hamate", "Hook of the hamate", "Hamulus ossis hamati",
         far(_bone("hamate_bone.l"), FRONT), "foremost vertex of the hamate"),
        ("scaphoid-tubercle", "Tubercle of the scaphoid", "Tuberculum ossis scaphoidei",
         far(_bone("scaphoid_bone.l"), (0.3, -0.8, 1)), "vertex of the scaphoid furthest forward and down"),
        ("trapezium-tubercle", "Tubercle of the trapezium", "Tuberculum ossis trapezii",
         far(_bone("trapezium_bone.l"), FRONT), "foremost vertex of the trapezium"),
        ("capitate-dorsal", "Capitate, dorsal side", "Os capitatum", far(_bone("capitate_bone.l"), BACK),
         "rearmost vertex of the capitate"),
        ("thumb-base", "Base of the first metacarpal", "Basis ossis metacarpi",
         far(thumb, (0.4, 1, 0), y=(0.6, 1.0)), "upper lateral vertex of the first metacarpal"),
        ("metacarpal-5-base", "Base of the fifth metacarpal", "Basis ossis metacarpi",
         far(_bone("fifth_metacarpal_bone.l"), (-1, 0.5, 0), y=(0.8, 1.0)),
         "upper medial vertex of the fifth metacarpal"),
    )  # fmt: skip
    for number, finger in enumerate(_FINGERS, 1):
        word = _ORDINALS[number - 1]
        metacarpal = _bone(f"{word}_metacarpal_bone.l")
        knuckle = (0.8, 0.0, -0.6) if number == 1 else (0.0, -0.3, -1.0)
        tip = (0.6, -1.0, 0.0) if number == 1 else DOWN
        rules += _table(
            "hand", True,
            (f"metacarpal-{number}-head", f"Head of metacarpal {number} (knuckle of the {finger})",
             "Caput ossis metacarpi", surface(metacarpal, knuckle, middle(metacarpal, y=(0.0, 0.2))),
             f"back of the hand's side of the {word} metacarpal's lower end"),
            (f"finger-{number}-tip", f"Tip of the {finger}'s last phalanx", "Tuberositas phalangis distalis",
             far(_bone(f"distal_phalanx_of_{word}_finger_of_hand.l"), tip),
             f"furthest vertex of the {finger}'s last phalanx"),
        )  # fmt: skip
    return rules


def _pelvis() -> list[Rule]:
    hip = _bone("hip_bone.l")
    return [
        *_table(
            "pelvis", False,
            ("pubic-symphysis-top", "Pubic symphysis, upper edge", "Symphysis pubica",
             far(hip, UP, x=(0.0, 0.02), z=(0.6, 1.0)),
             "highest vertex of the left pubic bone at the symphysis"),
            ("pubic-symphysis-bottom", "Pubic symphysis, lower edge", "Symphysis pubica",
             far(hip, DOWN, x=(0.0, 0.02), z=(0.4, 1.0)),
             "lowest vertex of the left pubic bone at the symphysis"),
        ),
        *_table(
            "pelvis", True,
            ("asis", "Anterior superior iliac spine", "Spina iliaca anterior superior",
             far(hip, FRONT, y=(0.5, 0.85)), "foremost vertex of the ilium: the front end of the crest"),
            ("aiis", "Anterior inferior iliac spine", "Spina iliaca anterior inferior",
             far(hip, FRONT, x=(0.4, 1.0), y=(0.42, 0.53)),
             "foremost vertex of the ilium above the acetabulum"),
            ("iliac-crest-top", "Iliac crest, highest point", "Crista iliaca", far(hip, UP),
             "highest vertex of the hip bone"),
            ("iliac-tubercle", "Iliac tubercle", "Tuberculum iliacum", far(hip, LEFT, y=(0.7, 1.0)),
             "most lateral vertex of the iliac crest"),
            ("psis", "Posterior superior iliac spine", "Spina iliaca posterior superior",
             far(hip, BACK, y=(0.5, 1.0)), "rearmost vertex of the ilium: the rear end of the crest"),
            ("piis", "Posterior inferior iliac spine", "Spina iliaca posterior inferior",
             far(hip, (0, -1, -1), y=(0.5, 0.7)),
             "vertex of the ilium below the PSIS furthest down and back"),
            ("sacroiliac-joint-line", "Sacroiliac joint line, rear", "Articulatio sacroiliaca",
             near(hip, between("psis", "piis")),
             "point of the hip bone nearest to the middle between PSIS and PIIS"),
            ("ischial-spine", "Ischial spine", "Spina ischiadica", far(hip, (-0.5, 0, -1), y=(0.22, 0.42)),
             "vertex of the ischium between the sciatic notches furthest back and inward"),
            ("ischial-tuberosity", "Ischial tuberosity, lowest point", "Tuber ischiadicum",
             far(hip, (0, -1, -0.3)), "vertex of the hip bone furthest down and a little back"),
            ("pubic-tubercle", "Pubic tubercle", "Tuberculum pubicum",
             far(hip, (0.3, 0.5, 1), x=(0.05, 0.3), y=(0.1, 0.35)),
             "vertex of the pubic crest's outer end furthest forward and up"),
        ),
    ]  # fmt: skip


def _thigh() -> list[Rule]:
    femur, patella = _bone("femur.l"), _bone("patella.l")
    return _table(
        "thigh and knee", True,
        ("greater-trochanter-top", "Greater trochanter, tip", "Trochanter major",
         far(femur, UP, x=(0.72, 1.0)), "highest vertex of the lateral part of the femur's upper end"),
        ("greater-trochanter-lateral", "Greater trochanter, lateral side", "Trochanter major",
         far(femur, LEFT, y=(0.8, 1.0)), "most lateral vertex of the femur"),
        ("lesser-trochanter", "Lesser trochanter", "Trochanter minor",
         far(femur, (-1, 0, -1), y=(0.76, 0.86)),
         "vertex below the neck of the femur furthest back and inward"),
        ("femoral-head", "Head of the femur, front", "Caput femoris",
         far(femur, FRONT, x=(0.0, 0.6), y=(0.88, 1.0)),
         "foremost vertex of the head of the femur"),
        ("linea-aspera-middle", "Linea aspera, middle", "Linea aspera",
         cut(femur, 1, between("greater-trochanter-top", "femur-lateral-epicondyle"), BACK),
         "rearmost point of the femur halfway down its shaft"),
        ("femur-lateral-epicondyle", "Lateral epicondyle of the femur", "Epicondylus lateralis",
         far(femur, LEFT, y=(0.03, 0.09)), "most lateral vertex of the lower end of the femur"),
        ("femur-medial-epicondyle", "Medial epicondyle of the femur", "Epicondylus medialis",
         far(femur, RIGHT, y=(0.03, 0.09)), "most medial vertex of the lower end of the femur"),
        ("adductor-tubercle", "Adductor tubercle", "Tuberculum adductorium",
         far(femur, (-1, 0.5, -0.3), y=(0.09, 0.14)), "vertex above the medial epicondyle furthest inward"),
        ("femur-medial-condyle", "Medial condyle of the femur, rear", "Condylus medialis",
         far(femur, BACK, x=(0.0, 0.35), y=(0.0, 0.15)), "rearmost vertex of the medial condyle"),
        ("femur-lateral-condyle", "Lateral condyle of the femur, rear", "Condylus lateralis",
         far(femur, BACK, x=(0.4, 0.8), y=(0.0, 0.15)), "rearmost vertex of the lateral condyle"),
        ("patella-base", "Patella, base (upper pole)", "Basis patellae", far(patella, UP),
         "highest vertex of the patella"),
        ("patella-apex", "Patella, apex (lower pole)", "Apex patellae", far(patella, DOWN),
         "lowest vertex of the patella"),
        ("patella-medial", "Patella, medial edge", None, far(patella, RIGHT),
         "most medial vertex of the patella"),
        ("patella-lateral", "Patella, lateral edge", None, far(patella, LEFT),
         "most lateral vertex of the patella"),
    )  # fmt: skip


def _leg() -> list[Rule]:
    tibia, fibula = _bone("tibia.l"), _bone("fibula.l")
    return _table(
        "leg", True,
        ("tibial-tuberosity", "Tibial tuberosity", "Tuberositas tibiae", far(tibia, FRONT, y=(0.86, 0.94)),
         "foremost vertex of the upper end of the tibia"),
        ("gerdy-tubercle", "Gerdy's tubercle", None,
         surface(tibia, (1, 0, 1), between("tibial-tuberosity", "fibular-head")),
         "front outer side of the tibia, from the middle between its tuberosity and the fibular head"),
        ("tibial-plateau-medial", "Tibial plateau, medial edge", "Condylus medialis",
         far(tibia, (-1, 0.3, 0), y=(0.92, 1.0)), "most medial vertex of the upper end of the tibia"),
        ("tibial-plateau-lateral", "Tibial plateau, lateral edge", "Condylus lateralis",
         far(tibia, (1, 0.3, 0), y=(0.92, 1.0)), "most lateral vertex of the upper end of the tibia"),
        ("tibia-anterior-border-middle", "Shin, middle of the anterior border", "Margo anterior",
         cut(tibia, 1, between("tibial-tuberosity", "medial-malleolus"), FRONT),
         "foremost point of the tibia halfway between its tuberosity and the medial malleolus"),
        ("fibular-head", "Head of the fibula, apex", "Apex capitis fibulae", far(fibula, UP),
         "highest vertex of the fibula"),
        ("medial-malleolus", "Medial malleolus, tip", "Malleolus medialis",
         far(tibia, DOWN, x=(0.0, 0.35)), "lowest vertex of the medial part of the tibia"),
        ("lateral-malleolus", "Lateral malleolus, tip", "Malleolus lateralis", far(fibula, DOWN),
         "lowest vertex of the fibula"),
        ("medial-malleolus-prominence", "Medial malleolus, most prominent point", "Malleolus medialis",
         far(tibia, RIGHT, y=(0.0, 0.12)), "most medial vertex of the lower end of the tibia"),
        ("lateral-malleolus-prominence", "Lateral malleolus, most prominent point", "Malleolus lateralis",
         far(fibula, LEFT, y=(0.0, 0.15)), "most lateral vertex of the lower end of the fibula"),
    )  # fmt: skip


def _foot() -> list[Rule]:
    calcaneus = _bone("calcaneus.l")
    rules = _table(
        "foot", True,
        ("calcaneal-tuberosity", "Calcaneal tuberosity, rear", "Tuber calcanei", far(calcaneus, BACK),
         "rearmost vertex of the calcaneus"),
        ("calcaneal-medial-process", "Calcaneal tuberosity, medial process",
         "Processus medialis tuberis calcanei", far(calcaneus, (-0.2, -1, 0.1), z=(0.0, 0.5)),
         "lowest medial vertex of the rear part of the calcaneus"),
        ("sustentaculum-tali", "Sustentaculum tali", "Sustentaculum tali",
         far(calcaneus, RIGHT, y=(0.45, 1.0), z=(0.4, 1.0)),
         "most medial vertex of the upper front part of the calcaneus"),
        ("talus-head", "Head of the talus, medial side", "Caput tali",
         far(_bone("talus.l"), (-1, 0, 1)), "vertex of the talus furthest forward and inward"),
        ("navicular-tuberosity", "Tuberosity of the navicular", "Tuberositas ossis navicularis",
         far(_bone("navicular_bone.l"), (-1, -0.3, 0)), "most medial vertex of the navicular"),
        ("metatarsal-1-base", "Base of the first metatarsal, dorsal side", "Basis ossis metatarsi",
         far(_bone("first_metatarsal_bone.l"), (0, 1, -0.3), z=(0.0, 0.3)),
         "highest vertex of the rear end of the first metatarsal"),
        ("metatarsal-5-tuberosity", "Tuberosity of the fifth metatarsal",
         "Tuberositas ossis metatarsi quinti",
         far(_bone("fifth_metatarsal_bone.l"), (1, 0, -1.2), z=(0.0, 0.3)),
         "vertex of the fifth metatarsal furthest back and outward"),
    )  # fmt: skip
    for number, toe in enumerate(_TOES, 1):
        word = _ORDINALS[number - 1]
        metatarsal = _bone(f"{word}_metatarsal_bone.l")
        rules += _table(
            "foot", True,
            (f"metatarsal-{number}-head", f"Head of metatarsal {number}, plantar side",
             "Caput ossis metatarsi", surface(metatarsal, DOWN, middle(metatarsal, z=(0.82, 1.0))),
             f"underside of the {word} metatarsal's front end"),
            (f"toe-{number}-tip", f"Tip of the {toe}'s last phalanx", "Tuberositas phalangis distalis",
             far(_bone(f"distal_phalanx_of_{word}_finger_of_foot.l"), FRONT),
             f"foremost vertex of the {toe}'s last phalanx"),
        )  # fmt: skip
    return rules


def _surface() -> list[Rule]:
    def axilla(muscle: str, share: float) -> Place:
        """The lower edge of a muscle where it bridges from the chest to the arm."""
        edge = cut(muscle, 0, between("rib-04-angle", "deltoid-tuberosity", share), DOWN)
        return lambda field: edge(field)[1]

    return [
        *_table(
            "surface", False,
            ("nose-tip", "Tip of the nose", "Apex nasi", midline(SKIN, FRONT, y=(0.88, 0.95)),
             "foremost point of the face in the median plane"),
            ("navel", "Navel", "Umbilicus", far(SKIN, BACK, x=(0.48, 0.52), y=(0.59, 0.612), z=(0.7, 1.0)),
             "deepest vertex of the pit of the belly"),
            kind="surface",
        ),
        *_table(
            "surface", True,
            ("mouth-corner", "Corner of the mouth", "Angulus oris",
             near(SKIN, extreme("regions/labial_commissure", LEFT)),
             "point of the skin nearest to the outer end of the labial commissure"),
            ("axillary-fold-anterior", "Anterior axillary fold", "Plica axillaris anterior",
             near(SKIN, axilla("muscles/pectoralis_major.l.0", 0.5)),
             "point of the skin nearest to the lower edge of pectoralis major between chest and arm"),
            ("axillary-fold-posterior", "Posterior axillary fold", "Plica axillaris posterior",
             near(SKIN, axilla("muscles/teres_major.l", 0.62)),
             "point of the skin nearest to the lower edge of teres major between scapula and arm"),
            ("cubital-crease", "Crease of the elbow, middle", None,
             surface(SKIN, FRONT, between("humerus-lateral-epicondyle", "humerus-medial-epicondyle")),
             "front of the skin before the middle between the epicondyles of the humerus"),
            ("wrist-crease", "Crease of the wrist, middle", None,
             surface(SKIN, FRONT, between("pisiform", "scaphoid-tubercle")),
             "front of the skin before the middle between pisiform and scaphoid tubercle"),
            ("mid-inguinal-point", "Mid-inguinal point", None,
             surface(SKIN, FRONT, between("asis", "pubic-symphysis-top")),
             "front of the skin before the middle between ASIS and pubic symphysis"),
            ("gluteal-fold", "Gluteal fold, middle", "Sulcus glutealis",
             crease(SKIN, BACK, spot("ischial-tuberosity"), 45.0, 15.0),
             "deepest point of the skin's crease behind and below the ischial tuberosity"),
            ("popliteal-crease", "Crease of the knee, middle", None,
             surface(SKIN, BACK, mean("tibial-plateau-medial", "tibial-plateau-lateral",
                                      "femur-medial-epicondyle", "femur-lateral-epicondyle")),
             "rear of the skin behind the mean of the femur's epicondyles and the tibial plateau's edges"),
            kind="surface",
        ),
    ]  # fmt: skip


RULES: tuple[Rule, ...] = tuple(
    sorted(
        [
            *_head(), *_neck(), *_spine(), *_thorax(), *_shoulder(), *_arm(), *_hand(), *_pelvis(),
            *_thigh(), *_leg(), *_foot(), *_surface(),
        ],
        key=lambda rule: rule.id,
    )
)  # fmt: skip
BY_ID = {rule.id: rule for rule in RULES}


# --- the points --------------------------------------------------------------------------------------


def find(body_folder: Path) -> list[Landmark]:
    """All landmarks of the body, sorted by id; a paired one has ``.l`` or ``.r`` at its end."""
    field = Field(Body(body_folder))
    landmarks = [landmark for rule in RULES for landmark in _sides(rule, field)]
    return sorted(landmarks, key=lambda landmark: landmark.id)


def landmark_files(body_folder: Path | None = None) -> dict[str, bytes]:
    """The file of the landmarks; the body is that of the settings unless named."""
    content: dict[str, Any] = {
        "format": 1,
        "licence": LICENCE,
        "landmarks": [asdict(landmark) for landmark in find(body_folder or settings.body_folder())],
    }
    return {NAME: (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()}


def _sides(rule: Rule, field: Field) -> list[Landmark]:
    mesh, point = field.found(rule.id)
    if not rule.paired:
        return [_landmark(rule, "mid", point, mesh)]
    other = mesh
    structure = field.body.by_mesh[mesh]
    if structure.pair is not None:
        other = field.body.by_id[structure.pair].mesh
    mirrored = nearest(*field.mesh(other), point * np.array([-1.0, 1.0, 1.0]))
    return [_landmark(rule, "left", point, mesh), _landmark(rule, "right", mirrored, other)]


def _landmark(rule: Rule, side: str, point: Floats, mesh: str) -> Landmark:
    ends = {"left": ".l", "right": ".r", "mid": ""}
    pair = {"left": f"{rule.id}.r", "right": f"{rule.id}.l"}.get(side)
    # Adding zero turns -0.0 into 0.0.
    x, y, z = (round(float(value), 1) + 0.0 for value in point)
    return Landmark(
        rule.id + ends[side],
        rule.name,
        rule.latin,
        rule.group,
        rule.kind,
        side,
        pair,
        (x, y, z),
        mesh,
        rule.text,
    )

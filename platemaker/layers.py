"""What a plate and a layer are, and which structures a layer draws.

The plates themselves are data: see :mod:`platemaker.plates`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from platemaker.body import Body, Structure
from platemaker.geometry import Floats
from platemaker.scenemesh import ARM, SHEATH, bare_name

Side = Literal["left", "right"]
Box = tuple[float, float, float, float, float, float]
Window = tuple[float, float, float, float]


@dataclass(frozen=True)
class View:
    """An orthographic direction: unit axes in body space."""

    id: str
    right: tuple[float, float, float]
    up: tuple[float, float, float]
    toward: tuple[float, float, float]

    @property
    def axes(self) -> Floats:
        """(3, 3): rows right, up, toward."""
        return np.array([self.right, self.up, self.toward])


VIEWS = {
    "front": View("front", (1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "back": View("back", (-1, 0, 0), (0, 1, 0), (0, 0, -1)),
    "left": View("left", (0, 0, -1), (0, 1, 0), (1, 0, 0)),
    "right": View("right", (0, 0, 1), (0, 1, 0), (-1, 0, 0)),
    "above": View("above", (-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "below": View("below", (1, 0, 0), (0, 0, 1), (0, -1, 0)),
}


@dataclass(frozen=True)
class Layer:
    """One picture of a plate: what is drawn of which systems.

    ``without`` leaves out: ``platysma``; ``sheaths``, the aponeuroses before rectus abdominis.
    ``opens`` takes away the muscles that cover others in the layer before (counted in
    :mod:`platemaker.membership`), and all that was taken before; with ``bone_stops`` a muscle that covers
    others only through a bone stays. ``keep`` and ``take`` correct the count: ``keep`` are names that it
    would take though they are what the layer should show; ``take`` are names that it would leave though
    they hide deeper ones. ``hide`` leaves out further structures on this layer alone, ``only`` leaves out
    every muscle but those named. All of them are names of muscles (``trapezius``), of one head
    (``biceps_femoris.0``, with its part) or of other meshes without system, side and part (``mandible``).
    ``cuts`` are further parts of structures to leave out, see :data:`platemaker.scenemesh.CUTS`.
    """

    id: str
    title: str
    systems: tuple[str, ...]
    without: tuple[str, ...] = ()
    opens: bool = False
    bone_stops: bool = False
    keep: frozenset[str] = frozenset()
    take: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    cuts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plate:
    """One view of the body at one scale; ``window`` is (u low, u high, v low, v high) in mm.

    ``side`` is set where the plate shows one side of the body; with ``one_sided`` the structures of the
    other side are not drawn at all. ``within`` drops all faces whose middle lies outside a box
    (x low, x high, y low, y high, z low, z high; mm), ``skin_within`` those of the skin alone.
    ``mirrors``: the plate of the other side is this one in a mirror, with ids of the other side.
    ``mirrored_from`` names the plate whose files a mirrored plate uses.
    """

    id: str
    view: View
    title: str
    note: str | None
    window: Window
    mm_per_px: float
    layers: tuple[Layer, ...]
    without_arms: bool = False
    leave_out: tuple[str, ...] = ()  # words in mesh ids
    group: str = "whole"
    short: str = ""
    side: Side | None = None
    one_sided: bool = False
    within: Box | None = None
    skin_within: Box | None = None
    mirrors: bool = False
    counterpart: str | None = None
    mirrored_from: str | None = None

    def shows(self, structure: Structure) -> bool:
        """Whether the plate has the structure at all, on whatever layer."""
        if self.without_arms and is_arm(structure):
            return False
        return not (self.one_sided and structure.side not in (self.side, "mid", "both", ""))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        u0, u1, v0, v1 = self.window
        return round((u1 - u0) / self.mm_per_px), round((v1 - v0) / self.mm_per_px)

    @property
    def affine(self) -> list[list[float]]:
        """(2, 3): pixel centre (column, row) to plate mm (u, v)."""
        return affine_of(self.window, self.mm_per_px)

    def layer_before(self, layer: Layer) -> Layer | None:
        """The layer with muscles that lies over the given one, None where it is the first."""
        place = [k.id for k in self.layers].index(layer.id)
        over = [k for k in self.layers[:place] if "muscles" in k.systems]
        return over[-1] if over else None


_MIRROR = np.array([-1.0, 1.0, 1.0])
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
#: Views whose name changes in a mirror.
_MIRROR_VIEW = {"left": "right", "right": "left"}


def other_side(plate: Plate) -> Plate:
    """The plate that shows the other side the same way: mirrored where ``mirrors``, else computed anew."""
    assert plate.side is not None
    side = _OTHER[plate.side]
    axes = plate.view.axes
    right, up, toward = (tuple((row * _MIRROR + 0.0).tolist()) for row in (-axes[0], axes[1], axes[2]))
    u0, u1, v0, v1 = plate.window
    return replace(
        plate,
        id=f"{plate.id.removesuffix('-' + plate.side)}-{side}" if plate.id != plate.side else side,
        view=View(_MIRROR_VIEW.get(plate.view.id, plate.view.id), right, up, toward),
        title=plate.title.replace(plate.side, side).replace(plate.side.capitalize(), side.capitalize()),
        short=plate.short.replace(plate.side.capitalize(), side.capitalize()),
        window=(-u1, -u0, v0, v1),
        side=side,
        within=_mirrored_box(plate.within),
        skin_within=_mirrored_box(plate.skin_within),
        counterpart=plate.id,
        mirrored_from=plate.id if plate.mirrors else None,
    )


def both_sides(plate: Plate) -> tuple[Plate, Plate]:
    """A plate of one side with its counterpart; each names the other."""
    other = other_side(plate)
    return replace(plate, counterpart=other.id), other


def _mirrored_box(box: Box | None) -> Box | None:
    return None if box is None else (-box[1], -box[0], *box[2:])


def affine_of(window: Window, mm_per_px: float) -> list[list[float]]:
    """Affine of a raster over a window: row 0 is the top row, pixel centres lie half a pixel inside."""
    u0, _, _, v1 = window
    return [
        [mm_per_px, 0.0, u0 + 0.5 * mm_per_px],
        [0.0, -mm_per_px, v1 - 0.5 * mm_per_px],
    ]


#: What layers with muscles draw.
FLESH = ("muscles", "skeleton", "fascia", "connective")
SKIN = Layer("skin", "Skin", ("skin",))
SUPERFICIAL = Layer("superficial", "Superficial muscles", FLESH, ("platysma", "sheaths"))
INTERMEDIATE = Layer("intermediate", "Intermediate muscles", FLESH, ("platysma",), opens=True)
DEEP = Layer("deep", "Deep muscles", FLESH, ("platysma",), opens=True, bone_stops=True)
BONE = Layer("bone", "Bones", ("skeleton",))

#: Muscles of the arm below the deltoid, by name: left out where a plate is drawn without arms.
ARM_MUSCLES = frozenset(
    """
        abductor_digiti_minimi_of_hand abductor_pollicis_brevis abductor_pollicis_longus
        adductor_pollicis anconeus biceps_brachii brachialis brachioradialis coracobrachialis
        dorsal_interossei_muscles_of_hand extensor_carpi_radialis_brevis extensor_carpi_radialis_longus
        extensor_carpi_ulnaris extensor_digiti_minimi extensor_digitorum extensor_indicis
        extensor_pollicis_brevis extensor_pollicis_longus flexor_carpi_radialis flexor_carpi_ulnaris
        flexor_digiti_minimi_of_hand flexor_digitorum_profundus flexor_digitorum_superficialis
        flexor_pollicis_brevis flexor_pollicis_longus lumbrical_muscles_of_hand
        opponens_digiti_minimi_muscle_of_hand opponens_pollicis palmar_interossei_muscles
        palmaris_longus pronator_quadratus pronator_teres supinator triceps_brachii
        """.split()  # noqa: SIM905
)

#: Sheets and tendons that are drawn; the others would hide the muscles under them.
FASCIA = ("calcaneal_tendon", "linea_alba_connective", "extensor_digitorum_brevis_connective")
#: Words in mesh ids of what is taken away together with the coverers.
SURFACE_ONLY = ("linea_alba", "iliotibial_tract")


def name_in_layers(structure: Structure) -> str:
    """The name by which layers speak of a structure: of a muscle, or of a mesh without side and part."""
    return structure.name if structure.system == "muscles" else bare_name(structure.mesh)


def is_arm(structure: Structure) -> bool:
    """True for what lies in the arm below the deltoid."""
    if structure.system == "muscles":
        return structure.name in ARM_MUSCLES
    if "humerus" in structure.mesh:  # its upper end is drawn: see scenemesh.CUTS
        return False
    return min(abs(structure.low[0]), abs(structure.high[0])) > 140.0


def cuts_of(plate: Plate, layer: Layer) -> tuple[int, ...]:
    """The parts of structures that a layer of a plate leaves out."""
    sheaths = (SHEATH,) if "sheaths" in layer.without else ()
    return (*sheaths, *((ARM,) if plate.without_arms else ()), *layer.cuts)


def drawn_in(body: Body, plate: Plate, layer: Layer, taken: frozenset[str]) -> list[Structure]:
    """The structures of a layer on a plate; ``taken`` are the names that were taken away to open it."""
    out = []
    for s in body.structures:
        name = name_in_layers(s)
        left_out = (
            s.system not in layer.systems
            or not plate.shows(s)
            or ("platysma" in layer.without and s.name == "platysma")
            or name in taken | layer.hide
            or f"{name}.{s.part}" in taken | layer.hide  # one head of a muscle
            or (layer.opens and any(w in s.mesh for w in SURFACE_ONLY))
            or (bool(layer.only) and s.system == "muscles" and s.name not in layer.only)
            or (s.system == "fascia" and s.name not in FASCIA)
            or any(word in s.mesh for word in plate.leave_out)
        )
        if not left_out:
            out.append(s)
    return out

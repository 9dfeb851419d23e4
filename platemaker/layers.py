"""What is drawn: the plates and their layers, as data.

A new plate is a new entry of ``PLATES``, a new layer a new entry of its ``layers``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from platemaker.body import Body, Structure
from platemaker.geometry import Floats
from platemaker.scenemesh import ARM, SHEATH


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
}


@dataclass(frozen=True)
class Layer:
    """One picture of a plate: what is drawn of which systems.

    ``without`` leaves out: ``platysma``; ``sheaths``, the aponeuroses before rectus abdominis;
    ``coverers``, the muscles that hide others in this view.
    """

    id: str
    title: str
    systems: tuple[str, ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plate:
    """One view of the body at one scale; ``window`` is (u low, u high, v low, v high) in mm."""

    id: str
    view: View
    title: str
    note: str | None
    window: tuple[float, float, float, float]
    mm_per_px: float
    layers: tuple[Layer, ...]
    without_arms: bool = False
    leave_out: tuple[str, ...] = ()  # words in mesh ids

    def shows(self, structure: Structure) -> bool:
        """Whether the plate has the structure at all, on whatever layer."""
        return not (self.without_arms and is_arm(structure))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        u0, u1, v0, v1 = self.window
        return round((u1 - u0) / self.mm_per_px), round((v1 - v0) / self.mm_per_px)

    @property
    def affine(self) -> list[list[float]]:
        """(2, 3): pixel centre (column, row) to plate mm (u, v)."""
        return affine_of(self.window, self.mm_per_px)


def affine_of(window: tuple[float, float, float, float], mm_per_px: float) -> list[list[float]]:
    """Affine of a raster over a window: row 0 is the top row, pixel centres lie half a pixel inside."""
    u0, _, _, v1 = window
    return [
        [mm_per_px, 0.0, u0 + 0.5 * mm_per_px],
        [0.0, -mm_per_px, v1 - 0.5 * mm_per_px],
    ]


SKIN = Layer("skin", "Skin", ("skin",))
SUPERFICIAL = Layer(
    "superficial",
    "Superficial muscles",
    ("muscles", "skeleton", "fascia", "connective"),
    ("platysma", "sheaths"),
)
DEEP = Layer(
    "deep", "Deep muscles", ("muscles", "skeleton", "fascia", "connective"), ("platysma", "coverers")
)
BONE = Layer("bone", "Bones", ("skeleton",))
WHOLE_BODY = (SKIN, SUPERFICIAL, DEEP, BONE)

FRONT_WINDOW = (-350.0, 350.0, 0.0, 1720.0)
SIDE_WINDOW = (-170.0, 190.0, 0.0, 1720.0)

PLATES = (
    Plate(
        "front",
        VIEWS["front"],
        "Whole body, front",
        None,
        FRONT_WINDOW,
        0.5,
        WHOLE_BODY,
        # The sphincter hangs between the thighs where nobody looks for it from the front.
        leave_out=("iliotibial_tract", "external_anal_sphincter"),
    ),
    Plate(
        "back",
        VIEWS["back"],
        "Whole body, back",
        None,
        FRONT_WINDOW,
        0.5,
        WHOLE_BODY,
        leave_out=("iliotibial_tract",),
    ),
    Plate(
        "left",
        VIEWS["left"],
        "Whole body, left side",
        "The arms are left out below the deltoid, so that the side of the trunk can be seen.",
        SIDE_WINDOW,
        0.5,
        WHOLE_BODY,
        without_arms=True,
    ),
)

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

#: Corrections to the coverers that :mod:`platemaker.membership` counts. ``KEEP``: muscles that the count
#: would take away though they are themselves what the deep layer should show, or belong to a group of
#: small ones that is shown whole. ``TAKE``: muscles that it would leave though they hide deeper ones.
KEEP: dict[str, frozenset[str]] = {
    "front": frozenset(
        """
            extensor_hallucis_longus vastus_medialis gracilis levator_anguli_oris mentalis
            lateral_rectus medial_rectus depressor_labii_inferioris dorsal_interossei_muscles_of_foot
            flexor_pollicis_longus adductor_pollicis fibularis_longus pectineus
            """.split()  # noqa: SIM905
    ),
    "back": frozenset(
        """
            anconeus dorsal_interossei_muscles_of_hand extensor_indicis extensor_pollicis_longus
            extensor_pollicis_brevis fibularis_brevis flexor_digiti_minimi_of_foot
            abductor_digiti_minimi_of_foot semimembranosus vastus_lateralis occipitalis gluteus_medius
            flexor_digitorum_brevis
            """.split()  # noqa: SIM905
    ),
    "left": frozenset(
        """
            scalenus_medius stylohyoid extensor_digitorum_brevis abductor_digiti_minimi_of_foot
            fibularis_longus
            """.split()  # noqa: SIM905
    ),
}
TAKE: dict[str, frozenset[str]] = {
    "front": frozenset({"rectus_abdominis", "trapezius", "splenius_capitis"}),
    "back": frozenset(
        {"splenius_capitis", "splenius_colli", "external_abdominal_oblique", "sternocleidomastoid"}
    ),
    "left": frozenset({"rectus_abdominis", "splenius_capitis", "gastrocnemius", "zygomaticus_major"}),
}

#: Sheets and tendons that are drawn; the others would hide the muscles under them.
FASCIA = ("calcaneal_tendon", "linea_alba_connective", "extensor_digitorum_brevis_connective")
#: Words in mesh ids of what is taken away together with the coverers.
SURFACE_ONLY = ("linea_alba", "iliotibial_tract")


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
    return (*sheaths, ARM) if plate.without_arms else sheaths


def drawn_in(body: Body, plate: Plate, layer: Layer, coverers: frozenset[str]) -> list[Structure]:
    """The structures of a layer on a plate; ``coverers`` are the names that open its deep layer."""
    out = []
    for s in body.structures:
        left_out = (
            s.system not in layer.systems
            or not plate.shows(s)
            or ("platysma" in layer.without and s.name == "platysma")
            or (
                "coverers" in layer.without and (s.name in coverers or any(w in s.mesh for w in SURFACE_ONLY))
            )
            or (s.system == "fascia" and s.name not in FASCIA)
            or any(word in s.mesh for word in plate.leave_out)
        )
        if not left_out:
            out.append(s)
    return out

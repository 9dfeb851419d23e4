"""Upper arm, forearm and hand, thigh, leg and foot.

The left limb is computed, the right one is its mirror image. A limb leaves the picture where it goes on, so
that nothing is cut open within sight. The layers are those of the dissecting room, named one by one: muscles
of a limb lie side by side, and a count of what covers what would take away half of them at the first step.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from platemaker.layers import (
    BONE,
    DEEP,
    INTERMEDIATE,
    SKIN,
    SUPERFICIAL,
    VIEWS,
    Box,
    Layer,
    Plate,
    View,
    Window,
    both_sides,
)

MM_PER_PX = 0.25

#: The back of the foot, seen from before and above (65 degrees): from straight above the leg would hide half
#: of it.
_FROM_BEFORE_AND_ABOVE = View("above", (1.0, 0.0, 0.0), (0.0, 0.422618, -0.906308), (0.0, 0.906308, 0.422618))
#: The left side of the body: views from the side would show the other leg behind.
_LEFT_HALF = (0.0, 400.0, -100.0, 1800.0, -400.0, 400.0)
#: The same without the hand, which hangs before the thigh.
_LEFT_LEG = (0.0, 200.0, -100.0, 1800.0, -400.0, 400.0)
#: The sole is seen from below: what lies above the ankle would show beside it.
_LEFT_FOOT = (0.0, 200.0, -100.0, 110.0, -200.0, 200.0)

DEEPEST = replace(DEEP, id="deepest", title="Deepest muscles")
_PELVIC_FLOOR = ("coccyx", "coccygeus", "pubo_analis", "external_anal_sphincter")
#: The wall of the belly, before iliacus and psoas.
_WALL = """
    external_abdominal_oblique internal_abdominal_oblique transversus_abdominis rectus_abdominis pyramidalis
    linea_alba_connective
    """
_NO_TRACT = "The iliotibial tract is left out, so that the muscle under it can be seen."


def _peeled(*steps: tuple[Layer, str]) -> tuple[Layer, ...]:
    """Skin, the given layers and bone; each layer loses the muscles named with it and all named before."""
    layers, gone = [], ""
    for layer, names in steps:
        gone += " " + names
        layers.append(replace(layer, opens=False, take=frozenset(gone.split())))
    return (SKIN, *layers, BONE)


def _limb(
    name: str,
    group: str,
    view: View,
    title: str,
    short: str,
    window: Window,
    layers: tuple[Layer, ...],
    *,
    note: str | None = None,
    leave_out: tuple[str, ...] = (),
    within: Box | None = None,
) -> Plate:
    """A plate of the left limb that serves the right one too."""
    return Plate(
        f"{name}-left",
        view,
        f"{title}, left",
        note,
        window,
        MM_PER_PX,
        layers,
        leave_out=leave_out,
        group=group,
        short=short,
        side="left",
        one_sided=True,
        within=within,
        mirrors=True,
    )


_LEFT = (
    _limb(
        "arm-front",
        "arm",
        VIEWS["front"],
        "Upper arm, front",
        "Front",
        (118.0, 290.0, 1050.0, 1425.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, "deltoid pectoralis_major"),
            (DEEP, "biceps_brachii"),
        ),
    ),
    _limb(
        "arm-back",
        "arm",
        VIEWS["back"],
        "Upper arm, back",
        "Back",
        (-290.0, -118.0, 1050.0, 1425.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, "deltoid"),
            # The long and the lateral head, before the medial one.
            (DEEP, "triceps_brachii.0 triceps_brachii.2"),
        ),
    ),
    _limb(
        "forearm-front",
        "forearm-hand",
        VIEWS["front"],
        "Forearm and hand, palmar side",
        "Palm",
        (174.0, 345.0, 690.0, 1150.0),
        _peeled(
            (SUPERFICIAL, ""),
            (
                INTERMEDIATE,
                """brachioradialis pronator_teres flexor_carpi_radialis palmaris_longus
                abductor_pollicis_brevis""",
            ),
            (
                DEEP,
                """flexor_digitorum_superficialis flexor_carpi_ulnaris biceps_brachii flexor_pollicis_brevis
                abductor_digiti_minimi_of_hand flexor_digiti_minimi_of_hand""",
            ),
            (
                DEEPEST,
                """flexor_digitorum_profundus flexor_pollicis_longus lumbrical_muscles_of_hand brachialis
                opponens_pollicis opponens_digiti_minimi_muscle_of_hand extensor_carpi_radialis_longus
                extensor_carpi_radialis_brevis""",
            ),
        ),
    ),
    _limb(
        "forearm-back",
        "forearm-hand",
        VIEWS["back"],
        "Forearm and hand, dorsal side",
        "Back",
        (-345.0, -174.0, 690.0, 1150.0),
        _peeled(
            (SUPERFICIAL, ""),
            (DEEP, "extensor_digitorum extensor_digiti_minimi extensor_carpi_ulnaris anconeus"),
        ),
    ),
    _limb(
        "thigh-front",
        "thigh",
        VIEWS["front"],
        "Thigh, front",
        "Front",
        (0.0, 182.0, 345.0, 1000.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, f"sartorius rectus_femoris tensor_fasciae_latae {_WALL}"),
            (DEEP, "vastus_medialis vastus_lateralis pectineus adductor_longus gracilis"),
        ),
        note=_NO_TRACT,
        leave_out=("iliotibial_tract", *_PELVIC_FLOOR),
    ),
    _limb(
        "thigh-back",
        "thigh",
        VIEWS["back"],
        "Thigh, back",
        "Back",
        (-182.0, 0.0, 345.0, 900.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, "gluteus_maximus"),
            # The long head of biceps, before the short one.
            (DEEP, "semitendinosus biceps_femoris.0"),
        ),
        note=_NO_TRACT,
        leave_out=("iliotibial_tract", "external_anal_sphincter"),
    ),
    _limb(
        "thigh-medial",
        "thigh",
        VIEWS["right"],
        "Thigh, medial side",
        "Medial",
        # Higher up, the two sides are one body, and the skin would be cut open.
        (-136.0, 94.0, 330.0, 794.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, "gracilis sartorius"),
            (DEEP, "semitendinosus semimembranosus adductor_longus vastus_medialis"),
        ),
        within=_LEFT_LEG,
    ),
    _limb(
        "leg-front",
        "leg",
        VIEWS["front"],
        "Leg, front",
        "Front",
        (15.0, 160.0, 0.0, 480.0),
        _peeled(
            (SUPERFICIAL, ""),
            (
                DEEP,
                """tibialis_anterior extensor_digitorum_longus extensor_digitorum_brevis_connective
                fibularis_longus""",
            ),
        ),
        leave_out=("iliotibial_tract",),
    ),
    _limb(
        "leg-back",
        "leg",
        VIEWS["back"],
        "Leg, back",
        "Back",
        (-160.0, -15.0, 0.0, 520.0),
        _peeled(
            (SUPERFICIAL, ""),
            (INTERMEDIATE, "gastrocnemius"),
            (DEEP, "soleus plantaris calcaneal_tendon"),
            (DEEPEST, "flexor_digitorum_longus flexor_hallucis_longus"),
        ),
        leave_out=("iliotibial_tract",),
    ),
    _limb(
        "leg-lateral",
        "leg",
        VIEWS["left"],
        "Leg, lateral side",
        "Lateral",
        (-145.0, 135.0, 0.0, 480.0),
        _peeled(
            (SUPERFICIAL, ""),
            (
                DEEP,
                """fibularis_longus extensor_digitorum_longus extensor_digitorum_brevis_connective
                tibialis_anterior iliotibial_tract gastrocnemius""",
            ),
        ),
        within=_LEFT_HALF,
    ),
    _limb(
        "foot-above",
        "foot",
        _FROM_BEFORE_AND_ABOVE,
        "Foot, dorsum",
        "Above",
        (25.0, 165.0, -130.0, 100.0),
        _peeled(
            (SUPERFICIAL, ""),
            (
                DEEP,
                """extensor_digitorum_longus extensor_digitorum_brevis_connective tibialis_anterior
                extensor_hallucis_longus fibularis_tertius""",
            ),
            (
                replace(DEEP, id="interossei", title="Interossei"),
                "extensor_digitorum_brevis extensor_hallucis_brevis",
            ),
        ),
    ),
    _limb(
        "foot-below",
        "foot",
        VIEWS["below"],
        "Foot, sole",
        "Sole",
        (30.0, 160.0, -125.0, 145.0),
        _peeled(
            (
                replace(SUPERFICIAL, title="First layer"),
                "",
            ),
            (
                replace(INTERMEDIATE, title="Second layer"),
                "flexor_digitorum_brevis abductor_hallucis abductor_digiti_minimi_of_foot",
            ),
            (
                replace(DEEP, title="Third layer"),
                """quadratus_plantae flexor_digitorum_longus flexor_hallucis_longus
                lumbrical_muscles_of_foot""",
            ),
            (
                replace(DEEP, id="interossei", title="Fourth layer"),
                "flexor_hallucis_brevis adductor_hallucis flexor_digiti_minimi_of_foot",
            ),
        ),
        within=_LEFT_FOOT,
    ),
)

#: Every plate of a limb, each left one beside its right counterpart.
LIMBS: tuple[Plate, ...] = tuple(chain.from_iterable(both_sides(plate) for plate in _LEFT))

"""The whole body from four sides."""

from __future__ import annotations

from dataclasses import replace

from platemaker.layers import BONE, DEEP, INTERMEDIATE, SKIN, SUPERFICIAL, VIEWS, Plate, both_sides

FRONT_WINDOW = (-350.0, 350.0, 0.0, 1720.0)
SIDE_WINDOW = (-170.0, 190.0, 0.0, 1720.0)

#: The tenth and eleventh ribs of the source come through the slips of external oblique.
OUTER = replace(
    SUPERFICIAL,
    hide=frozenset({"tenth_rib", "eleventh_rib", "tenth_costal_cartilage", "costal_cartilage_of_tenth_rib"}),
)

#: Kept: shown by the layer they belong to, or part of a group of small ones that is shown whole.
FRONT_INTERMEDIATE = replace(
    INTERMEDIATE,
    keep=frozenset(
        """
        extensor_hallucis_longus vastus_medialis gracilis levator_anguli_oris mentalis
        lateral_rectus medial_rectus depressor_labii_inferioris dorsal_interossei_muscles_of_foot
        flexor_pollicis_longus adductor_pollicis fibularis_longus pectineus
        """.split()  # noqa: SIM905
    ),
    take=frozenset({"rectus_abdominis", "trapezius", "splenius_capitis"}),
)
FRONT_DEEP = replace(
    DEEP,
    keep=frozenset(
        """
        adductor_magnus vastus_intermedius brachialis scalenus_anterior scalenus_medius scalenus_posterior
        levator_anguli_oris bucinator mentalis dorsal_interossei_muscles_of_foot adductor_pollicis
        """.split()  # noqa: SIM905
    ),
    # The wall of the belly goes, so that psoas, iliacus, quadratus lumborum and diaphragm are seen.
    take=frozenset({"transversus_abdominis", "pyramidalis", "pectoralis_minor", "sternohyoid"}),
)

BACK_INTERMEDIATE = replace(
    INTERMEDIATE,
    keep=frozenset(
        """
        anconeus dorsal_interossei_muscles_of_hand extensor_indicis extensor_pollicis_longus
        extensor_pollicis_brevis fibularis_brevis flexor_digiti_minimi_of_foot
        abductor_digiti_minimi_of_foot semimembranosus vastus_lateralis occipitalis gluteus_medius
        flexor_digitorum_brevis triceps_brachii
        """.split()  # noqa: SIM905
    ),
    take=frozenset(
        {"splenius_capitis", "splenius_colli", "external_abdominal_oblique", "sternocleidomastoid"}
    ),
)
BACK_DEEP = replace(
    DEEP,
    keep=frozenset(
        """
        adductor_magnus infraspinatus supraspinatus teres_minor piriformis quadratus_femoris
        superior_gemellus inferior_gemellus obturator_internus popliteus supinator
        dorsal_interossei_muscles_of_hand semispinalis_thoracis obliquus_superior_capitis coccygeus
        """.split()  # noqa: SIM905
    ),
    take=frozenset({"serratus_posterior_inferior", "serratus_posterior_superior", "plantaris"}),
    # Without the muscles above it the tendon would hang in the air.
    hide=frozenset({"calcaneal_tendon"}),
)

SIDE_INTERMEDIATE = replace(
    INTERMEDIATE,
    keep=frozenset(
        """
        scalenus_medius stylohyoid extensor_digitorum_brevis abductor_digiti_minimi_of_foot
        fibularis_longus
        """.split()  # noqa: SIM905
    ),
    take=frozenset({"rectus_abdominis", "splenius_capitis", "gastrocnemius", "zygomaticus_major"}),
    hide=frozenset({"calcaneal_tendon"}),
)
SIDE_DEEP = replace(DEEP, take=frozenset({"plantaris"}), hide=frozenset({"calcaneal_tendon"}))

WHOLE = (
    Plate(
        "front",
        VIEWS["front"],
        "Whole body, front",
        None,
        FRONT_WINDOW,
        0.5,
        (SKIN, OUTER, FRONT_INTERMEDIATE, FRONT_DEEP, BONE),
        # The sphincter hangs between the thighs where nobody looks for it from the front.
        leave_out=("iliotibial_tract", "external_anal_sphincter"),
        short="Front",
    ),
    Plate(
        "back",
        VIEWS["back"],
        "Whole body, back",
        None,
        FRONT_WINDOW,
        0.5,
        (SKIN, OUTER, BACK_INTERMEDIATE, BACK_DEEP, BONE),
        leave_out=("iliotibial_tract",),
        short="Back",
    ),
    *both_sides(
        Plate(
            "left",
            VIEWS["left"],
            "Whole body, left side",
            "The arms are left out below the deltoid, so that the side of the trunk can be seen.",
            SIDE_WINDOW,
            0.5,
            (SKIN, OUTER, SIDE_INTERMEDIATE, SIDE_DEEP, BONE),
            without_arms=True,
            short="Left",
            side="left",
        )
    ),
)

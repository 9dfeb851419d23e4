"""Thorax, back, abdomen, hip and pelvic floor."""

from __future__ import annotations

from dataclasses import replace

from platemaker.layers import (
    BONE,
    FLESH,
    SKIN,
    SUPERFICIAL,
    VIEWS,
    Layer,
    Plate,
    both_sides,
)

FINE = 0.25  # mm a pixel


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


INTERCOSTALS = "external_intercostal_muscles internal_intercostal_muscles innermost_intercostal_muscles"
ERECTOR = """
    iliocostalis_lumborum iliocostalis_thoracis iliocostalis_colli longissimus_thoracis longissimus_colli
    longissimus_capitis spinalis_thoracis spinalis_colli
"""
SEMISPINALIS = "semispinalis_thoracis semispinalis_colli semispinalis_capitis"
MULTIFIDUS = "multifidus_lumborum multifidus_thoracis multifidus_colli"
LEVATORES = "levatores_breves_costarum levatores_longi_costarum"
#: The small muscles between neighbouring vertebrae.
SEGMENTAL = """
    interspinales_thoracis_muscles interspinales_lumborum_muscles interspinales_colli_muscles
    dorsal_parts_of_lateral_intertransversarii_lumborum_muscles
    ventral_parts_of_lateral_intertransversarii_lumborum_muscles
"""
SCALENES = "scalenus_anterior scalenus_medius scalenus_posterior"
SHORT_ROTATORS = "piriformis superior_gemellus inferior_gemellus obturator_internus quadratus_femoris"
HAMSTRINGS = "biceps_femoris semimembranosus semitendinosus"
GLUTEI = "gluteus_maximus gluteus_medius gluteus_minimus"
#: Bones that lie over the wall of the chest.
SHOULDER_BLADE = _names("scapula clavicle humerus")
#: Cartilages that hide transversus thoracis in profile.
CARTILAGES = _names(
    """
    costal_cartilage_of_third_rib costal_cartilage_of_fourth_rib costal_cartilage_of_fifth_rib
    costal_cartilage_of_sixth_rib
    """
)

# The layers below are not opened by count but named: in the trunk a muscle is often seen beside the one
# that covers it, and what matters on a layer is one sheet of a wall, with its neighbours left in place.

THORAX_LEFT = Plate(
    "thorax-left",
    VIEWS["left"],
    "Thorax and flank, left side",
    "The arm is left out below the deltoid, on the deep layers the shoulder girdle too.",
    (-134.0, 146.0, 900.0, 1430.0),
    FINE,
    (
        SKIN,
        # The tenth and eleventh ribs come through the slips of external oblique.
        replace(
            SUPERFICIAL,
            hide=_names("tenth_rib eleventh_rib tenth_costal_cartilage costal_cartilage_of_tenth_rib"),
        ),
        Layer(
            "intermediate",
            "Serratus anterior, internal oblique, pectoralis minor",
            FLESH,
            ("platysma", "sheaths"),
            take=_names("deltoid external_abdominal_oblique latissimus_dorsi pectoralis_major trapezius"),
            hide=_names("humerus"),
        ),
        Layer(
            "deep",
            "External intercostals, transversus, serratus posterior",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(
                f"""{INTERCOSTALS} {ERECTOR} {SCALENES} {GLUTEI} transversus_abdominis quadratus_lumborum
                serratus_posterior_superior serratus_posterior_inferior rectus_abdominis
                tensor_fasciae_latae"""
            ),
        ),
        Layer(
            "deepest",
            "Innermost intercostals, transversus thoracis, diaphragm, quadratus lumborum",
            FLESH,
            hide=SHOULDER_BLADE | CARTILAGES | _names("linea_alba_connective inguinal_ligament"),
            only=_names(
                f"""innermost_intercostal_muscles transversus_thoracis diaphragm quadratus_lumborum
                psoas_major iliacus gluteus_minimus {LEVATORES} {SEGMENTAL} {MULTIFIDUS}"""
            ),
        ),
        BONE,
    ),
    without_arms=True,
    group="thorax",
    short="Left",
    side="left",
    one_sided=True,
)

BACK_TORSO = Plate(
    "back-torso",
    VIEWS["back"],
    "Torso, back",
    "The arms are left out below the deltoid, from serratus posterior on the shoulder girdle too.",
    (-172.0, 172.0, 905.0, 1475.0),
    FINE,
    (
        SKIN,
        SUPERFICIAL,
        Layer(
            "intermediate",
            "Rhomboids, levator scapulae, serratus posterior inferior",
            FLESH,
            ("platysma",),
            take=_names("trapezius latissimus_dorsi"),
        ),
        Layer(
            "serratus",
            "Serratus posterior and splenius",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(
                f"""{ERECTOR} {SEMISPINALIS} {INTERCOSTALS} {SCALENES} gluteus_medius
                serratus_posterior_superior serratus_posterior_inferior splenius_capitis splenius_colli
                external_abdominal_oblique internal_abdominal_oblique"""
            ),
        ),
        Layer(
            "erector",
            "Erector spinae and semispinalis",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(
                f"""{ERECTOR} {SEMISPINALIS} {INTERCOSTALS} {SCALENES} gluteus_medius
                internal_abdominal_oblique"""
            ),
        ),
        Layer(
            "deep",
            "Multifidus, quadratus lumborum, levatores costarum",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(
                f"""{MULTIFIDUS} {LEVATORES} {INTERCOSTALS} {SCALENES} quadratus_lumborum
                transversus_abdominis gluteus_minimus piriformis"""
            ),
        ),
        Layer(
            "rotatores",
            "Rotatores and levatores costarum",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(f"rotatores {LEVATORES} internal_intercostal_muscles quadratus_lumborum"),
        ),
        Layer(
            "deepest",
            "Interspinales, intertransversarii, short levatores costarum",
            FLESH,
            hide=SHOULDER_BLADE,
            only=_names(f"{SEGMENTAL} levatores_breves_costarum psoas_major diaphragm"),
        ),
        BONE,
    ),
    without_arms=True,
    leave_out=("iliotibial_tract",),
    group="thorax",
    short="Back",
)

ABDOMEN_FRONT = Plate(
    "abdomen-front",
    VIEWS["front"],
    "Abdomen, front",
    None,
    (-160.0, 160.0, 755.0, 1290.0),
    FINE,
    (
        SKIN,
        SUPERFICIAL,
        Layer(
            "intermediate",
            "Internal oblique and rectus abdominis",
            FLESH,
            ("platysma", "sheaths"),
            take=_names("external_abdominal_oblique pectoralis_major"),
        ),
        Layer(
            "deep",
            "Transversus abdominis and pyramidalis",
            FLESH,
            ("platysma",),
            take=_names(
                "external_abdominal_oblique internal_abdominal_oblique rectus_abdominis pectoralis_major"
            ),
        ),
        Layer(
            "posterior-wall",
            "Diaphragm, psoas, iliacus and quadratus lumborum; the wall before them left out",
            FLESH,
            hide=_names("linea_alba_connective"),
            only=_names("diaphragm psoas_major iliacus quadratus_lumborum"),
        ),
        BONE,
    ),
    # The pelvic floor hangs between the thighs where nobody looks for it from the front.
    leave_out=("iliotibial_tract", "external_anal_sphincter", "pubo_analis", "coccygeus"),
    group="abdomen",
    short="Front",
)

HIP_BACK = Plate(
    "hip-back-left",
    VIEWS["back"],
    "Hip and buttock, back, left",
    None,
    (-172.0, 28.0, 700.0, 1015.0),
    FINE,
    (
        SKIN,
        SUPERFICIAL,
        Layer(
            "intermediate",
            "Gluteus medius and piriformis",
            FLESH,
            take=_names("gluteus_maximus"),
        ),
        Layer(
            "deep",
            "Gluteus minimus and the short rotators",
            FLESH,
            only=_names(
                f"""gluteus_minimus {SHORT_ROTATORS} coccygeus iliococcygeus pubococcygeus adductor_magnus
                multifidus_lumborum quadratus_lumborum"""
            ),
        ),
        Layer(
            "deepest",
            "Obturators",
            FLESH,
            only=_names("obturator_internus obturator_externus coccygeus iliacus psoas_major"),
        ),
        BONE,
    ),
    leave_out=("iliotibial_tract",),
    group="hip",
    short="Back",
    side="left",
    one_sided=True,
    mirrors=True,
)

HIP_SIDE = Plate(
    "hip-left",
    VIEWS["left"],
    "Hip, left side",
    "The arm is left out.",
    (-85.0, 137.0, 690.0, 1020.0),
    FINE,
    (
        SKIN,
        SUPERFICIAL,
        Layer(
            "intermediate",
            "Gluteus medius",
            FLESH,
            take=_names("gluteus_maximus tensor_fasciae_latae"),
            hide=_names("iliotibial_tract"),
        ),
        Layer(
            "deep",
            "Gluteus minimus and piriformis",
            FLESH,
            take=_names(f"gluteus_maximus gluteus_medius tensor_fasciae_latae sartorius {HAMSTRINGS}"),
            hide=_names("iliotibial_tract"),
        ),
        BONE,
    ),
    without_arms=True,
    group="hip",
    short="Side",
    side="left",
    one_sided=True,
    mirrors=True,
)

PELVIC_FLOOR = Plate(
    "pelvic-floor",
    VIEWS["below"],
    "Pelvic floor, from below",
    "The thighs are left out; the skin ends where they begin.",
    (-148.0, 148.0, -125.0, 75.0),
    FINE,
    (
        SKIN,
        Layer(
            "superficial",
            "Anal sphincter and gluteus maximus",
            FLESH,
            only=_names("external_anal_sphincter gluteus_maximus pubo_analis pubococcygeus iliococcygeus"),
        ),
        Layer(
            "deep",
            "Levator ani, coccygeus and obturator internus",
            FLESH,
            only=_names("pubo_analis pubococcygeus iliococcygeus coccygeus obturator_internus piriformis"),
        ),
        Layer(
            "deepest",
            "Pubococcygeus, iliococcygeus and coccygeus",
            FLESH,
            only=_names("pubococcygeus iliococcygeus coccygeus obturator_internus piriformis"),
        ),
        BONE,
    ),
    leave_out=("femur", "vertebra", "linea_alba", "inguinal_ligament", "iliotibial_tract"),
    group="pelvic-floor",
    short="Below",
    within=(-175.0, 175.0, 700.0, 1015.0, -135.0, 80.0),
    skin_within=(-175.0, 175.0, 780.0, 885.0, -140.0, 90.0),
)

TRUNK: tuple[Plate, ...] = (
    *both_sides(THORAX_LEFT),
    BACK_TORSO,
    ABDOMEN_FRONT,
    *both_sides(HIP_BACK),
    *both_sides(HIP_SIDE),
    PELVIC_FLOOR,
)

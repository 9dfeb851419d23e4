"""Head, neck and shoulder girdle.

The first layers below the skin are counted; where anatomy and not the count decides, a layer names what
it draws (``only``) and the bones that would hide it (``hide``).
"""

from __future__ import annotations

from dataclasses import replace

from platemaker.layers import (
    ARM_MUSCLES,
    BONE,
    FLESH,
    INTERMEDIATE,
    SKIN,
    SUPERFICIAL,
    VIEWS,
    Layer,
    Plate,
    both_sides,
)
from platemaker.scenemesh import JAW


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What the plates of the head need not look at; the shoulders reach well beyond their windows.
HEAD_BOX = (-330.0, 330.0, 1290.0, 1750.0, -300.0, 300.0)
SHOULDER_BOX = (-330.0, 330.0, 1060.0, 1750.0, -300.0, 300.0)

#: The neck stands on them at the lower rim of the plates of the head: they stay with the clavicle.
SHOULDER = _names("deltoid pectoralis_major pectoralis_minor subclavius")
SHOULDER_BONES = _names("clavicle scapula humerus")
JAW_BONES = _names(
    """
    mandible lower_canine lower_first_molar_tooth lower_first_premolar lower_lateral_incisor
    lower_medial_incisor lower_second_molar_tooth lower_second_premolar
    """
)
LARYNX = _names("hyoid_bone thyroid_cartilage cricoid_cartilage arytenoid_cartilage corniculate_cartilage")
RIBCAGE = _names(
    """
    first_rib second_rib third_rib fourth_rib fifth_rib sixth_rib seventh_rib eighth_rib ninth_rib
    tenth_rib eleventh_rib twelfth_rib manubrium_of_sternum body_of_sternum xiphoid_process
    costal_cartilage_of_first_rib costal_cartilage_of_second_rib costal_cartilage_of_third_rib
    costal_cartilage_of_fourth_rib costal_cartilage_of_fifth_rib costal_cartilage_of_sixth_rib
    costal_cartilage_of_seventh_rib costal_cartilage_of_eighth_rib costal_cartilage_of_ninth_rib
    costal_cartilage_of_tenth_rib eighth_costal_cartilage linea_alba_connective
    """
)

SCALP = _names("frontalis temporalis occipitalis")
EYE = _names(
    """
    superior_rectus inferior_rectus lateral_rectus medial_rectus superior_oblique inferior_oblique
    levator_palpebrae_superioris
    """
)
SCALENES = _names("scalenus_anterior scalenus_medius scalenus_posterior")
SUBOCCIPITAL = _names(
    """
    rectus_posterior_major_capitis rectus_posterior_minor_capitis obliquus_superior_capitis
    obliquus_inferior_capitis rectus_lateralis_capitis
    """
)
PREVERTEBRAL = _names("longus_colli longus_capitis rectus_anterior_capitis rectus_lateralis_capitis")
#: Deep muscles along the neck bones and the upper back.
SPINE = _names(
    """
    semispinalis_colli semispinalis_thoracis multifidus_colli multifidus_thoracis rotatores
    interspinales_colli_muscles interspinales_thoracis_muscles spinalis_colli spinalis_thoracis
    levatores_breves_costarum levatores_longi_costarum
    """
)
LONG_BACK = _names(
    """
    semispinalis_capitis longissimus_capitis longissimus_colli longissimus_thoracis iliocostalis_colli
    iliocostalis_thoracis
    """
)
INTERCOSTALS = _names(
    """
    external_intercostal_muscles internal_intercostal_muscles innermost_intercostal_muscles
    """
)
INFRAHYOID = _names("sternohyoid omohyoid sternothyroid thyrohyoid")
PHARYNX = _names(
    """
    superior_pharyngeal_constrictor middle_pharyngeal_constrictor inferior_pharyngeal_constrictor
    stylopharyngeus palatopharyngeus
    """
)

PLATYSMA = Layer("platysma", "Platysma", FLESH, ("sheaths",))

FRONT_INTERMEDIATE = replace(
    INTERMEDIATE,
    title="Deep face, eye and hyoid muscles",
    keep=SHOULDER
    | EYE
    | _names("depressor_labii_inferioris levator_anguli_oris mentalis omohyoid sternohyoid"),
)
#: Scalenes and the strap muscles below sternohyoid; the shoulder goes, for it hides their lower ends.
FRONT_INFRAHYOID = Layer(
    "infrahyoid",
    "Sternothyroid, thyrohyoid and scalenes (clavicles left out)",
    FLESH,
    only=SCALP
    | SCALENES
    | INTERCOSTALS
    | _names(
        """
        bucinator sternothyroid thyrohyoid cricothyroid digastric mylohyoid stylohyoid trapezius
        levator_scapulae splenius_capitis longus_capitis longus_colli inferior_pharyngeal_constrictor
        procerus nasalis corrugator_supercilii
        """
    )
    | EYE,
    hide=_names("clavicle"),
)
FRONT_DEEP = Layer(
    "deep",
    "Muscles before the spine (jaw, larynx and clavicles left out)",
    FLESH,
    only=SCALP | SCALENES | INTERCOSTALS | PREVERTEBRAL | _names("levator_scapulae trapezius"),
    # The disc's mesh stands 6 mm before its vertebrae, like a bar across the neck.
    hide=JAW_BONES | LARYNX | _names("clavicle intervertebral_disk_of_fifth_cervical_vertebra"),
)

SIDE_INTERMEDIATE = replace(
    INTERMEDIATE,
    title="Deep face; scalenes, levator scapulae and splenius",
    keep=SHOULDER | EYE | SCALP | _names("digastric stylohyoid levator_scapulae splenius_capitis"),
    take=_names("masseter zygomaticus_major zygomaticus_minor"),
)
SIDE_JAW = Layer(
    "jaw",
    "Pterygoids (ramus of the jaw and zygomatic arch cut away)",
    FLESH,
    only=INFRAHYOID
    | SCALENES
    | SHOULDER
    | PHARYNX
    | EYE
    | _names(
        """
        lateral_pterygoid medial_pterygoid bucinator orbicularis_oris frontalis occipitalis nasalis
        levator_scapulae splenius_capitis digastric stylohyoid mylohyoid semispinalis_capitis
        longus_capitis geniohyoid genioglossus hyoglossus
        """
    ),
    cuts=(JAW,),
)
SIDE_DEEP = Layer(
    "deep",
    "Deep neck (shoulder girdle left out)",
    FLESH,
    only=SCALP
    | SCALENES
    | PREVERTEBRAL
    | SUBOCCIPITAL
    | SPINE
    | LONG_BACK
    | INTERCOSTALS
    | PHARYNX
    | EYE
    | _names("sternothyroid thyrohyoid mylohyoid geniohyoid bucinator"),
    hide=SHOULDER_BONES,
)
#: The side of the skull before the ear goes, so that the orbit, the mouth and the pharynx lie open.
SIDE_MOUTH = Layer(
    "mouth",
    "Eye, floor of the mouth and pharynx (jaw, cheekbone and sphenoid bone left out)",
    FLESH,
    only=EYE
    | PHARYNX
    | PREVERTEBRAL
    | _names(
        """
        mylohyoid digastric stylohyoid thyrohyoid sternothyroid cricothyroid hyoglossus genioglossus
        frontalis occipitalis
        """
    ),
    hide=JAW_BONES | SHOULDER_BONES | _names("zygomatic_bone sphenoid_bone"),
    cuts=(JAW,),
)
SIDE_THROAT = Layer(
    "throat",
    "Tongue and larynx (jaw and thyroid cartilage left out)",
    FLESH,
    only=EYE
    | PREVERTEBRAL
    | _names(
        """
        hyoglossus genioglossus geniohyoid stylopharyngeus palatopharyngeus frontalis occipitalis
        thyro_arytenoid oblique_arytenoid transverse_arytenoid lateral_crico_arytenoid
        posterior_crico_arytenoid cricothyroid
        """
    ),
    hide=JAW_BONES | SHOULDER_BONES | _names("zygomatic_bone sphenoid_bone thyroid_cartilage"),
    cuts=(JAW,),
)

BACK_INTERMEDIATE = replace(
    INTERMEDIATE,
    title="Splenius and levator scapulae",
    keep=SCALP,
    take=_names("rhomboid_major rhomboid_minor serratus_posterior_superior"),
)
_BACK_SHOULDER = _names("supraspinatus infraspinatus deltoid teres_minor teres_major serratus_anterior")
BACK_DEEP = Layer(
    "deep",
    "Semispinalis and longissimus",
    FLESH,
    only=SCALP | SCALENES | LONG_BACK | SPINE | SUBOCCIPITAL | INTERCOSTALS | _BACK_SHOULDER,
)
BACK_SUBOCCIPITAL = Layer(
    "suboccipital",
    "Suboccipital muscles and multifidus",
    FLESH,
    only=SCALP | SPINE | SUBOCCIPITAL | INTERCOSTALS | _BACK_SHOULDER,
)

SHOULDER_BACK_INTERMEDIATE = replace(
    INTERMEDIATE,
    title="Rhomboids and levator scapulae",
    keep=ARM_MUSCLES | _names("deltoid latissimus_dorsi sternocleidomastoid occipitalis"),
)
SHOULDER_BACK_CUFF = Layer(
    "cuff",
    "Cuff: supraspinatus, infraspinatus and teres muscles; serratus posterior superior",
    FLESH,
    only=SCALP
    | LONG_BACK
    | SPINE
    | INTERCOSTALS
    | _names(
        """
        supraspinatus infraspinatus teres_minor teres_major subscapularis triceps_brachii brachialis
        serratus_anterior levator_scapulae splenius_capitis splenius_colli serratus_posterior_superior
        """
    ),
)
SHOULDER_BACK_DEEP = Layer(
    "deep",
    "Multifidus, rotatores and short levators of the ribs",
    FLESH,
    only=SCALP
    | SUBOCCIPITAL
    | INTERCOSTALS
    | _names(
        """
        multifidus_colli multifidus_thoracis rotatores levatores_breves_costarum
        interspinales_colli_muscles interspinales_thoracis_muscles supraspinatus infraspinatus
        teres_minor teres_major subscapularis serratus_anterior triceps_brachii brachialis
        """
    ),
)

SHOULDER_FRONT_INTERMEDIATE = replace(
    INTERMEDIATE,
    title="Pectoralis minor, coracobrachialis and subclavius",
    keep=ARM_MUSCLES
    | _names("sternocleidomastoid trapezius external_abdominal_oblique rectus_abdominis scalenus_posterior"),
    take=_names("deltoid pectoralis_major"),
)
SHOULDER_FRONT_SERRATUS = Layer(
    "serratus",
    "Serratus anterior",
    FLESH,
    only=INTERCOSTALS
    | SCALENES
    | INFRAHYOID
    | _names("serratus_anterior subscapularis supraspinatus teres_major latissimus_dorsi triceps_brachii"),
    hide=_names("clavicle linea_alba_connective"),
)
SHOULDER_FRONT_CUFF = Layer(
    "cuff",
    "Subscapularis (rib cage, clavicle and serratus anterior left out)",
    FLESH,
    only=_names("subscapularis supraspinatus teres_major latissimus_dorsi triceps_brachii"),
    hide=RIBCAGE | LARYNX | _names("clavicle"),
)

HEAD = (
    Plate(
        "head-front",
        VIEWS["front"],
        "Head and neck, front",
        "The windpipe is drawn with the organs.",
        (-120.0, 120.0, 1370.0, 1720.0),
        0.25,
        (SKIN, PLATYSMA, SUPERFICIAL, FRONT_INTERMEDIATE, FRONT_INFRAHYOID, FRONT_DEEP, BONE),
        group="head-neck",
        short="Front",
        within=HEAD_BOX,
    ),
    *both_sides(
        Plate(
            "head-left",
            VIEWS["left"],
            "Head and neck, left side",
            "Muscles and paired bones of the other side are left out.",
            (-128.0, 126.0, 1370.0, 1720.0),
            0.25,
            (
                SKIN,
                PLATYSMA,
                SUPERFICIAL,
                SIDE_INTERMEDIATE,
                SIDE_JAW,
                SIDE_DEEP,
                SIDE_MOUTH,
                SIDE_THROAT,
                BONE,
            ),
            group="head-neck",
            short="Left",
            side="left",
            one_sided=True,
            mirrors=True,
            within=HEAD_BOX,
        )
    ),
    Plate(
        "head-back",
        VIEWS["back"],
        "Head and neck, back",
        None,
        (-120.0, 120.0, 1345.0, 1720.0),
        0.25,
        (SKIN, SUPERFICIAL, BACK_INTERMEDIATE, BACK_DEEP, BACK_SUBOCCIPITAL, BONE),
        group="head-neck",
        short="Back",
        within=HEAD_BOX,
    ),
    *both_sides(
        Plate(
            "shoulder-back-left",
            VIEWS["back"],
            "Shoulder girdle, back, left",
            None,
            (-284.0, 20.0, 1110.0, 1585.0),
            0.25,
            (SKIN, SUPERFICIAL, SHOULDER_BACK_INTERMEDIATE, SHOULDER_BACK_CUFF, SHOULDER_BACK_DEEP, BONE),
            group="shoulder",
            short="Back",
            side="left",
            mirrors=True,
            within=SHOULDER_BOX,
        )
    ),
    *both_sides(
        Plate(
            "shoulder-front-left",
            VIEWS["front"],
            "Shoulder girdle, front, left",
            None,
            (-20.0, 276.0, 1145.0, 1455.0),
            0.25,
            (
                SKIN,
                SUPERFICIAL,
                SHOULDER_FRONT_INTERMEDIATE,
                SHOULDER_FRONT_SERRATUS,
                SHOULDER_FRONT_CUFF,
                BONE,
            ),
            group="shoulder",
            short="Front",
            side="left",
            mirrors=True,
            within=SHOULDER_BOX,
        )
    ),
)

"""Readable English names of meshes, without the side: "Trapezius, descending part", "Rib 5".

The source writes muscles as ``rectus_posterior_major_capitis`` and bones as "Fifth rib"; heads and
parts stand in a note where they were matched, else only as a number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

#: Names whose words the source spells or orders oddly, or that need a word more to be understood.
NAMES: dict[str, str] = {
    "bucinator": "Buccinator",
    "rectus_posterior_major_capitis": "Rectus capitis posterior major",
    "rectus_posterior_minor_capitis": "Rectus capitis posterior minor",
    "rectus_anterior_capitis": "Rectus capitis anterior",
    "rectus_lateralis_capitis": "Rectus capitis lateralis",
    "obliquus_inferior_capitis": "Obliquus capitis inferior",
    "obliquus_superior_capitis": "Obliquus capitis superior",
    "levator_nasolabialis": "Levator labii superioris alaeque nasi",
    # "colli" is used by the source for the neck parts of the back muscles; longus colli is right.
    "spinalis_colli": "Spinalis cervicis",
    "longissimus_colli": "Longissimus cervicis",
    "iliocostalis_colli": "Iliocostalis cervicis",
    "semispinalis_colli": "Semispinalis cervicis",
    "splenius_colli": "Splenius cervicis",
    "multifidus_colli": "Multifidus cervicis",
    "interspinales_colli_muscles": "Interspinalis cervicis",
    "interspinales_thoracis_muscles": "Interspinalis thoracis",
    "interspinales_lumborum_muscles": "Interspinalis lumborum",
    "multifidus_thoracis": "Multifidus thoracis",
    "multifidus_lumborum": "Multifidus lumborum",
    "dorsal_parts_of_lateral_intertransversarii_lumborum_muscles": (
        "Lateral lumbar intertransversarius, dorsal part"
    ),
    "ventral_parts_of_lateral_intertransversarii_lumborum_muscles": (
        "Lateral lumbar intertransversarius, ventral part"
    ),
    "external_abdominal_oblique": "External oblique",
    "internal_abdominal_oblique": "Internal oblique",
    "transversus_abdominis": "Transversus abdominis",
    "external_intercostal_muscles": "External intercostal",
    "internal_intercostal_muscles": "Internal intercostal",
    "innermost_intercostal_muscles": "Innermost intercostal",
    "levatores_breves_costarum": "Levator costae brevis",
    "levatores_longi_costarum": "Levator costae longus",
    "dorsal_interossei_muscles_of_hand": "Dorsal interosseous of hand",
    "dorsal_interossei_muscles_of_foot": "Dorsal interosseous of foot",
    "palmar_interossei_muscles": "Palmar interosseous",
    "plantar_interossei_muscles": "Plantar interosseous",
    "lumbrical_muscles_of_hand": "Lumbrical of hand",
    "lumbrical_muscles_of_foot": "Lumbricals of foot",
    "opponens_digiti_minimi_muscle_of_foot": "Opponens digiti minimi of foot",
    "opponens_digiti_minimi_muscle_of_hand": "Opponens digiti minimi of hand",
    "flexor_digiti_minimi_of_foot": "Flexor digiti minimi brevis of foot",
    "flexor_digiti_minimi_of_hand": "Flexor digiti minimi brevis of hand",
    "superior_gemellus": "Gemellus superior",
    "inferior_gemellus": "Gemellus inferior",
    "superior_rectus": "Superior rectus of eye",
    "inferior_rectus": "Inferior rectus of eye",
    "medial_rectus": "Medial rectus of eye",
    "lateral_rectus": "Lateral rectus of eye",
    "superior_oblique": "Superior oblique of eye",
    "inferior_oblique": "Inferior oblique of eye",
    "thyro_arytenoid": "Thyro-arytenoid",
    "oblique_arytenoid": "Oblique arytenoid",
    "lateral_crico_arytenoid": "Lateral crico-arytenoid",
    "posterior_crico_arytenoid": "Posterior crico-arytenoid",
    "pubo_analis": "Pubo-analis",
    "frontalis": "Frontalis (frontal belly of occipitofrontalis)",
    "occipitalis": "Occipitalis (occipital belly of occipitofrontalis)",
    # Fascia and tendons: the source calls them after the group of meshes in which they came.
    "linea_alba_connective": "Linea alba",
    "calcaneal_tendon": "Calcaneal tendon",
    # By their place these are the tendons of the long extensor on the back of the foot.
    "extensor_digitorum_brevis_connective": "Tendon of extensor digitorum longus",
    "epicranius_connective": "Epicranial aponeurosis",
}

#: Organs, vessels and nerves whose names in the source need a word more, or one less.
INNER_NAMES: dict[str, str] = {
    "heart left_atrium": "Left atrium of the heart",
    "heart right_atrium": "Right atrium of the heart",
    "heart left_ventricle": "Left ventricle of the heart",
    "heart right_ventricle": "Right ventricle of the heart",
    "heart pulmonary_trunk": "Pulmonary trunk",
    "parotid": "Parotid gland",
    "thyroid": "Thyroid gland",
    "spinal dura": "Spinal dura (spinal canal)",
    "Spinal dura": "Spinal dura (spinal canal)",
    "(Communicating branch of median nerve with ulnar nerve)": (
        "Communicating branch of median nerve with ulnar nerve"
    ),
    "Subclavian nerve": "Nerve to subclavius",
    "Superior subscapular nerve": "Upper subscapular nerve",
    "Inferior subscapular nerve": "Lower subscapular nerve",
    "Roots of brachial plexus": "Roots of the brachial plexus",
    # By their place they are something else than their names say: no calcaneal branch lies at the hip.
    "set of calcaneal branches of posterior tibial artery": "Artery at the hip (misnamed in the source body)",
    "tributary of deep palmar venous arch": "Vein of the foot (misnamed in the source body)",
    "Meningeal branch of maxillary nerve": "Nerve of the temple (misnamed in the source body)",
}
COMPUTED_NAMES = {"lung_zone": "Lung zone (pleura, extended)"}

#: Heads and parts that the source only numbers; told apart by their place on the body.
PARTS: dict[str, str] = {
    "cricothyroid 0": "straight part",
    "digastric 0": "anterior belly",
    "digastric 1": "posterior belly",
    "flexor_digitorum_superficialis 0": "humero-ulnar head",
    "flexor_digitorum_superficialis 1": "radial head",
    "flexor_pollicis_brevis 1": "deep head",
    "lateral_pterygoid 0": "upper head",
    "lateral_pterygoid 1": "lower head",
    "latissimus_dorsi 0": "lower part",
    "latissimus_dorsi 1": "upper part",
    "masseter 0": "deep part",
    "masseter 1": "superficial part",
    "orbicularis_oculi 0": "orbital part",
    "orbicularis_oculi 1": "palpebral part",
    "thyro_arytenoid 0": "upper part",
    "thyro_arytenoid 1": "lower part",
}

#: Series whose numbers of the source follow no order: counted from above, or from the thumb side.
FROM_ABOVE = frozenset(
    """
        external_intercostal_muscles internal_intercostal_muscles innermost_intercostal_muscles
        levatores_breves_costarum levatores_longi_costarum multifidus_thoracis multifidus_lumborum
        interspinales_colli_muscles interspinales_thoracis_muscles interspinales_lumborum_muscles
        dorsal_parts_of_lateral_intertransversarii_lumborum_muscles
        ventral_parts_of_lateral_intertransversarii_lumborum_muscles
        """.split()  # noqa: SIM905
)
FROM_LATERAL = frozenset({"dorsal_interossei_muscles_of_hand", "lumbrical_muscles_of_hand"})

#: Series that the source numbers in order, from the medial side.
IN_ORDER = frozenset({"dorsal_interossei_muscles_of_foot", "plantar_interossei_muscles"})
#: Muscles with loose crumbs beside the whole mesh: the crumbs carry the same label.
FRAGMENTED = frozenset(
    {"flexor_digitorum_profundus", "iliocostalis_thoracis", "semispinalis_colli", "spinalis_thoracis"}
)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
             "eleventh", "twelfth")  # fmt: skip
_NUMBER = {word: number for number, word in enumerate(_ORDINALS, start=1)}
_SPINE = (
    [f"C{k}" for k in range(1, 8)] + [f"T{k}" for k in range(1, 13)] + [f"L{k}" for k in range(1, 6)] + ["S1"]
)
_PARTED = re.compile(r"^(?P<part>.*\b(?:head|part|belly))\b(?: \(\w+\))? of ")


def labels_of(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Label of each row of the index (muscles, bones, fascia, ligaments, skin), by mesh id."""
    rows = list(rows)
    series = _series(rows)
    # Some notes stand on one side only: the left one serves both.
    notes = {(r["name"], r["part"]): r["note"] for r in sorted(rows, key=_left_last) if r["note"]}
    return {
        row["id"]: _label({**row, "note": notes.get((row["name"], row["part"]), "")}, series) for row in rows
    }


def _left_last(row: Mapping[str, str]) -> tuple[bool, str]:
    return row["side"] == "left", row["id"]


def _series(rows: list[Mapping[str, str]]) -> dict[tuple[str, str], int]:
    """The number shown for each (name, part) of the series that are counted by place."""
    places: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in rows:
        if row["side"] == "right" or row["system"] != "muscles":
            continue
        if row["name"] in FROM_ABOVE:
            places[row["name"]].append((-float(row["ymin"]) - float(row["ymax"]), row["part"]))
        elif row["name"] in FROM_LATERAL:
            places[row["name"]].append((-float(row["xmin"]) - float(row["xmax"]), row["part"]))
    return {
        (name, part): number
        for name, found in places.items()
        for number, (_, part) in enumerate(sorted(found), start=1)
    }


def _label(row: Mapping[str, str], series: dict[tuple[str, str], int]) -> str:
    name, part = row["name"], row["part"]
    if row["system"] == "skeleton":
        return _bone(name)
    if row["system"] == "connective":
        return _ligament(name)
    if row["system"] in ("organs", "arteries", "veins", "nerves"):
        return INNER_NAMES.get(name) or _sideless(name.removeprefix("set of "))
    if row["system"] == "attachments":
        bare = re.sub(r"_[oe]\d+[lr]$", "", row["id"].split("/")[1].rsplit(".", 1)[0])
        part = NAMES.get(bare) or _plain(bare)
        return f"Attachment of {part[:1].lower()}{part[1:]}"
    if row["system"] == "computed":
        return COMPUTED_NAMES[name]
    if row["system"] == "fascia":
        return NAMES.get(name) or "Fascia and tendon: " + _plain(name.removesuffix("_connective")).lower()
    base = NAMES.get(name) or _plain(name)
    if (name, part) in series:
        return _numbered(base, series[name, part])
    if name in IN_ORDER and part:
        return _numbered(base, int(part) + 1)
    if f"{name} {part}" in PARTS:
        return f"{base}, {PARTS[f'{name} {part}']}"
    matched = _PARTED.match(row["note"])
    if matched:
        return f"{base}, {matched['part']}"
    return f"{base}, part {int(part) + 1}" if part and name not in FRAGMENTED else base


def _numbered(base: str, number: int) -> str:
    """The number put before the place: ``Dorsal interosseous 1 of hand``."""
    head, of, tail = base.partition(" of ")
    return f"{head} {number}{of}{tail}"


def _plain(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _bone(name: str) -> str:
    """``Fifth rib`` becomes ``Rib 5``, ``Distal phalanx of first finger of hand`` that of the thumb."""
    words = name.lower().split()
    if len(words) == 2 and words[0] in _NUMBER and words[1] == "rib":
        return f"Rib {_NUMBER[words[0]]}"
    if name.lower().startswith("costal cartilage of"):
        return f"Costal cartilage {_NUMBER[words[3]]}"
    if words[0] in _NUMBER and words[1] in ("metacarpal", "metatarsal"):
        return f"{words[1].capitalize()} {_NUMBER[words[0]]}"
    digit = re.match(r"(\w+) phalanx of (\w+) finger of (hand|foot)", name.lower())
    if digit:
        row, which, limb = digit[1].capitalize(), _NUMBER[digit[2]], digit[3]
        if limb == "foot":
            return f"{row} phalanx of " + ("great toe" if which == 1 else f"toe {which}")
        return f"{row} phalanx of " + ("thumb" if which == 1 else f"finger {which}")
    return name


def _sideless(name: str) -> str:
    """``left axillary artery`` becomes ``Axillary artery``, and the like within a name."""
    plain = re.sub(r"\b(of |from )?(left|right) ", r"\1", name, flags=re.IGNORECASE).replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _ligament(name: str) -> str:
    plain = re.sub(r"^(left|right) ", "", name, flags=re.IGNORECASE)
    plain = re.sub(r" of (left|right) ", " of ", plain, flags=re.IGNORECASE)
    cartilage = re.match(r"(\w+) costal cartilage", plain.lower())
    if cartilage:
        return f"Costal cartilage {_NUMBER[cartilage[1]]}"
    disc = re.match(r"intervertebral disk of (\w+)(?: (\w+) vertebra)?", plain.lower())
    if disc:
        if disc[1] == "axis":
            upper = 1
        else:
            start = {"cervical": 0, "thoracic": 7, "lumbar": 19}[disc[2]]
            upper = start + _NUMBER[disc[1]] - 1
        return f"Intervertebral disc {_SPINE[upper]}/{_SPINE[upper + 1]}"
    return plain[:1].upper() + plain[1:]

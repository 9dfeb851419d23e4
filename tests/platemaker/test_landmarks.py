"""Landmarks: the ways to find a point on shapes that can be worked out by hand, and the table on the body."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import trimesh

from platemaker import settings
from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.geometry import Floats
from platemaker.landmarks import (
    BACK,
    BY_ID,
    DOWN,
    FRONT,
    LEFT,
    NAME,
    RIGHT,
    RULES,
    UP,
    Field,
    Find,
    Landmark,
    crease,
    cut,
    extreme,
    far,
    find,
    landmark_files,
    midline,
    near,
    surface,
)
from tests.platemaker.shapes import box, sphere, write_body

on_the_body = pytest.mark.skipif(
    not (settings.body_folder() / "index.csv").is_file(), reason="the reference body is not here"
)

BALL = "skeleton/ball.l"
BRICK = "skeleton/brick"


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Field:
    """A ball of 30 mm round (100, 50, 0) and a brick of 20 x 40 x 60 mm round the origin."""
    folder = tmp_path_factory.mktemp("body") / "shapes"
    write_body(folder, {BALL: sphere(30.0, (100, 50, 0), 4), BRICK: box((-10, -20, -30), (10, 20, 30))})
    return Field(Body(folder))


def at(*point: float) -> Floats:
    return np.array(point, dtype=float)


# --- ways to find a point ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (far(BALL, UP), (100, 80, 0)),
        (far(BALL, LEFT, y=(0.4, 0.6)), (130, 50, 0)),
        (far(BALL, FRONT, x=(0.0, 0.5)), (100, 50, 30)),
        (midline(BRICK, (0, 1, 0.1)), (0, 20, 30)),
        (midline(BRICK, (0, -1, -0.1)), (0, -20, -30)),
        (cut(BALL, 0, 118.0, FRONT), (118, 50, 24)),
        (cut((BRICK, BALL), 1, 10.0, (1, 0, 0.5)), (10, 10, 30)),
        (cut((BRICK, BALL), 1, lambda field: field.mesh(BALL)[0].mean(axis=0), RIGHT), (70, 50, 0)),
        (surface(BALL, BACK, lambda _: at(100, 68, 5)), (100, 68, -24)),
        (surface(BRICK, (1, 0, 1), lambda _: at(0, 3, 0)), (10, 3, 10)),
        (near(BRICK, lambda _: at(4, 5, 99)), (4, 5, 30)),
        (near(BRICK, extreme(BALL, DOWN)), (10, 20, 0)),
    ],
)
def test_rules_find_what_can_be_worked_out_by_hand(
    shapes: Field, rule: Find, expected: tuple[float, float, float]
) -> None:
    mesh, point = rule(shapes)
    assert mesh in (BALL, BRICK)
    assert point == pytest.approx(at(*expected), abs=0.6)


def test_a_crease_is_found_at_its_deepest(tmp_path: Path) -> None:
    """Two balls one above the other meet in a level furrow at y = 4."""
    vertices, faces = sphere(20.0, (0, 20, 0), 4)
    below, more = sphere(20.0, (0, -12, 0), 4)
    joined = np.concatenate([vertices, below]), np.concatenate([faces, more + len(vertices)])
    write_body(tmp_path / "body", {"skeleton/eight": joined})
    field = Field(Body(tmp_path / "body"))
    _, point = crease("skeleton/eight", BACK, lambda _: at(0, 0, 0), 8.0, 6.0)(field)
    assert point == pytest.approx(at(0, 4, -12), abs=1.0)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (far(BALL, UP, x=(0.0, 0.01), y=(0.99, 1.0)), "finds no point of skeleton/ball.l"),
        (cut(BALL, 0, 5.0, UP), "no section at x = 5.0"),
        (surface(BALL, UP, lambda _: at(0, 0, 0)), "misses skeleton/ball.l"),
    ],
)
def test_a_rule_that_finds_nothing_says_so(shapes: Field, rule: Find, message: str) -> None:
    with pytest.raises(PlatemakerError, match=message):
        rule(shapes)


# --- the table ---------------------------------------------------------------------------------------


def test_the_table_is_sorted_and_each_rule_is_whole() -> None:
    assert len(RULES) >= 120
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert rule.kind in ("bone", "surface")
        assert rule.name
        assert rule.text
        assert rule.latin is None or rule.latin[0].isupper()


# --- the table on the body ---------------------------------------------------------------------------


@cache
def landmarks() -> dict[str, Landmark]:
    return {landmark.id: landmark for landmark in find(settings.body_folder())}


def height(name: str) -> float:
    return landmarks()[name].at[1]


@on_the_body
def test_there_are_enough_landmarks_in_order() -> None:
    found = find(settings.body_folder())
    ids = [landmark.id for landmark in found]
    assert ids == sorted(set(ids))
    assert sum(landmark.side != "right" for landmark in found) == len(RULES) >= 120
    assert {name.removesuffix(".l").removesuffix(".r") for name in ids} == set(BY_ID)


@on_the_body
def test_every_landmark_lies_on_its_mesh() -> None:
    body = Body(settings.body_folder())
    for landmark in landmarks().values():
        vertices, faces = body.mesh(landmark.mesh)
        closest = trimesh.triangles.closest_point(vertices[faces], np.tile(landmark.at, (len(faces), 1)))
        assert np.linalg.norm(closest - landmark.at, axis=1).min() < 1.0, landmark.id
        system = landmark.mesh.split("/")[0]
        assert system == ("skeleton" if landmark.kind == "bone" else "skin"), landmark.id


@on_the_body
def test_sides_agree_with_the_mesh_and_the_sign_of_x() -> None:
    body = Body(settings.body_folder())
    for landmark in landmarks().values():
        x = landmark.at[0]
        if landmark.side == "mid":
            assert abs(x) < 6.0, landmark.id
            continue
        assert (x > 0) == (landmark.side == "left"), landmark.id
        assert body.by_mesh[landmark.mesh].side in (landmark.side, "mid"), landmark.id


@on_the_body
def test_left_and_right_are_mirror_images() -> None:
    for landmark in landmarks().values():
        if landmark.pair is None:
            assert landmark.side == "mid"
            continue
        other = landmarks()[landmark.pair]
        assert other.pair == landmark.id
        assert other.name == landmark.name
        assert np.linalg.norm(np.array(landmark.at) * (-1, 1, 1) - other.at) < 6.0, landmark.id


SPINE = [f"C{n}" for n in range(2, 8)] + [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)]
DESCENDING = {
    "spinous processes": [f"spinous-{level.lower()}" for level in [*SPINE, "S1", "S2", "S3"]]
    + ["sacral-hiatus", "coccyx-tip"],
    "transverse processes": [
        f"transverse-{level.lower()}.l" for level in ["C1", *SPINE] if level not in ("T11", "T12")
    ],
    "ribs in the midclavicular line": [f"rib-{n:02}-midclavicular.l" for n in range(2, 10)]
    + ["costal-margin-midclavicular.l", "costal-margin-lowest.l"],
    "ribs in the midaxillary line": [f"rib-{n:02}-midaxillary.l" for n in range(3, 12)] + ["rib-11-tip.l"],
    "angles of the ribs": [f"rib-{n:02}-angle.l" for n in range(1, 11)],
    "middle of the head and neck": [
        "vertex", "bregma", "lambda", "glabella", "nasion", "inion", "mental-protuberance", "hyoid-body",
        "laryngeal-prominence", "cricoid-arch", "jugular-notch", "sternal-angle", "xiphisternal-joint",
        "xiphoid-tip", "navel", "pubic-symphysis-top", "pubic-symphysis-bottom",
    ],
    "jaw": ["zygomatic-arch.l", "mandibular-condyle.l", "mastoid-tip.l", "mandibular-angle.l", "menton"],
    "scapula": [
        "acromion-lateral.l", "scapula-superior-angle.l", "acromial-angle.l", "scapular-spine-middle.l",
        "scapular-spine-root.l", "scapula-medial-border-middle.l", "scapula-inferior-angle.l",
    ],
    "arm": [
        "clavicle-acromial-end.l", "humerus-greater-tubercle.l", "deltoid-tuberosity.l",
        "humerus-lateral-epicondyle.l", "radial-head.l", "radial-tuberosity.l", "lister-tubercle.l",
        "radial-styloid.l", "thumb-base.l", "metacarpal-1-head.l", "finger-1-tip.l",
    ],
    "pelvis": [
        "iliac-crest-top.l", "iliac-tubercle.l", "psis.l", "asis.l", "sacroiliac-joint-line.l", "piis.l",
        "aiis.l", "ischial-spine.l", "greater-trochanter-top.l", "pubic-tubercle.l",
        "greater-trochanter-lateral.l", "ischial-tuberosity.l", "gluteal-fold.l",
    ],
    "leg": [
        "lesser-trochanter.l", "linea-aspera-middle.l", "adductor-tubercle.l", "femur-medial-epicondyle.l",
        "patella-medial.l", "popliteal-crease.l", "patella-apex.l", "tibial-plateau-medial.l",
        "gerdy-tubercle.l", "tibial-tuberosity.l", "tibia-anterior-border-middle.l",
        "medial-malleolus-prominence.l", "medial-malleolus.l", "lateral-malleolus.l",
        "calcaneal-tuberosity.l", "calcaneal-medial-process.l",
    ],
}  # fmt: skip


@on_the_body
@pytest.mark.parametrize("chain", DESCENDING)
def test_landmarks_descend_as_they_do_in_a_body(chain: str) -> None:
    heights = [height(name) for name in DESCENDING[chain]]
    for upper, lower, name in zip(heights[:-1], heights[1:], DESCENDING[chain][1:], strict=True):
        assert upper > lower, name


@on_the_body
@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("acromion-lateral.l", "coracoid-tip.l"),
        ("coracoid-tip.l", "clavicle-middle.l"),
        ("clavicle-middle.l", "clavicle-sternal-end.l"),
        ("humerus-lateral-epicondyle.l", "humerus-medial-epicondyle.l"),
        ("radial-styloid.l", "ulnar-styloid.l"),
        ("trapezium-tubercle.l", "hook-of-hamate.l"),
        ("hook-of-hamate.l", "pisiform.l"),
        ("metacarpal-2-head.l", "metacarpal-5-head.l"),
        ("asis.l", "pubic-tubercle.l"),
        ("femur-lateral-epicondyle.l", "femur-medial-epicondyle.l"),
        ("fibular-head.l", "tibial-tuberosity.l"),
        ("lateral-malleolus.l", "medial-malleolus.l"),
        ("metatarsal-5-head.l", "metatarsal-1-head.l"),
        ("transverse-c1.l", "transverse-c2.l"),
        ("mandibular-angle.l", "hyoid-greater-horn.l"),
    ],
)  # fmt: skip
def test_outer_landmarks_lie_outside_inner_ones(outer: str, inner: str) -> None:
    """Palms face forward: the radius and the thumb are on the outer side."""
    assert landmarks()[outer].at[0] > landmarks()[inner].at[0]


@on_the_body
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("asis.l", "psis.l"),
        ("patella-medial.l", "femur-medial-condyle.l"),
        ("mandibular-condyle.l", "mastoid-tip.l"),
        ("zygomatic-arch.l", "mandibular-condyle.l"),
        ("coracoid-tip.l", "acromial-angle.l"),
        ("axillary-fold-anterior.l", "axillary-fold-posterior.l"),
        ("cubital-crease.l", "olecranon.l"),
        ("hook-of-hamate.l", "capitate-dorsal.l"),
        ("metatarsal-5-head.l", "metatarsal-5-tuberosity.l"),
        ("navicular-tuberosity.l", "sustentaculum-tali.l"),
        ("rib-08-midaxillary.l", "rib-08-angle.l"),
        ("spinous-t1", "spinous-t3"),
    ],
)
def test_front_landmarks_lie_before_rear_ones(front: str, back: str) -> None:
    assert landmarks()[front].at[2] > landmarks()[back].at[2]


@on_the_body
def test_the_file_is_the_same_each_time_and_rounded(tmp_path: Path) -> None:
    first = landmark_files()[NAME]
    assert landmark_files(settings.body_folder())[NAME] == first
    content = json.loads(first)
    assert content["format"] == 1
    assert [entry["id"] for entry in content["landmarks"]] == list(landmarks())
    for entry in content["landmarks"]:
        assert [round(value, 1) for value in entry["at"]] == entry["at"]
    assert b"-0.0," not in first

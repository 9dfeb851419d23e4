"""The pain regions on the reference body: whole, in one piece each, smooth, alike on both sides, visible."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pytest
import yaml
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from platemaker import settings
from platemaker.body import Body
from platemaker.geometry import Floats, Ints, adjacency, edges_of, face_normals
from platemaker.layers import VIEWS
from platemaker.rays import Scene
from platemaker.regions import (
    BESIDE_FLANK,
    SAME_PLACE,
    firmness,
    mirrored,
    on_armless,
    read_regions,
    values_of,
)
from platemaker.render import Raster, cast
from platemaker.skin import FLANK_LOW, FLANK_SLOPE, FLANK_X
from platemaker.workshop import Workshop

on_the_body = pytest.mark.skipif(
    not (settings.body_folder() / "index.csv").is_file(), reason="the reference body is not here"
)

GRAIN = 2.6  # mm: the longest way from a vertex of the skin to its mirror image's nearest one, and a border
STEP = 2.0  # mm between rays
FEET = 130.0  # mm: plates of the foot from above end here
#: Deep regions whose place on the skin belongs to another part of the body than they do.
ELSEWHERE = {"pelvis-inside": "abdomen"}

#: What the classic patterns name, and the regions for it.
NAMED = {
    "head": "temple brow vertex mastoid jaw-angle jaw-joint ear forehead occiput parietal cheek behind-eye",
    "neck": "neck-side-upper neck-side-lower neck-angle under-jaw suboccipital neck-base throat-upper",
    "scapula": "scapula-superior-angle scapula-inferior-angle scapula-supraspinous scapula-lateral"
    " scapula-infraspinous-upper scapula-infraspinous-lower"
    " scapula-medial-upper scapula-medial-middle scapula-medial-lower",
    "back": "interscapular-upper interscapular-middle thoracic-paravertebral-lower infrascapular",
    "pelvis": "sacroiliac sacrum-upper coccyx iliac-crest-posterior gluteal-fold"
    " buttock-upper buttock-middle buttock-lower buttock-inner buttock-lateral",
    "webs": "thumb-web web-index-middle web-middle-ring web-ring-little"
    " toe-web-1-2 toe-web-2-3 toe-web-3-4 toe-web-4-5",
    "foot": "heel-back heel-sole heel-lateral heel-medial arch sole-lateral ball-medial ball-lateral",
    "deep": "upper-teeth-front upper-teeth-back lower-teeth-front lower-teeth-back tongue palate behind-eye"
    " ear-deep throat-deep rectum vagina testicle-labia pelvis-inside pelvic-floor hip-joint knee-joint",
}
THIRDS = ("upper", "middle", "lower")
NAMED["limbs"] = " ".join(
    [f"arm-{side}-{third}" for side in ("front", "back", "medial", "lateral") for third in THIRDS]
    + [f"forearm-{side}-{third}" for side in ("palmar", "dorsal", "radial", "ulnar") for third in THIRDS]
    + [f"thigh-{side}-{third}" for side in ("front", "back", "medial", "lateral") for third in THIRDS]
    + [f"leg-{side}-{third}" for side in ("front", "medial", "lateral") for third in THIRDS]
    + [f"calf-{side}-{third}" for side in ("medial", "lateral") for third in THIRDS[:2]]
    + ["calf-lower", "achilles"]
)
FINGERS = ("thumb", "index", "middle", "ring", "little")
TOES = ("great-toe", "toe-2", "toe-3", "toe-4", "toe-5")
NAMED["digits"] = " ".join(
    [f"{finger}-{face}" for finger in FINGERS for face in ("palmar", "dorsal")]
    + [f"{toe}-{face}" for toe in TOES for face in ("plantar", "dorsal")]
)


class Skinned:
    """The partition of the whole skin, and what the tests measure on it."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.skin = shop.skins.whole
        self.label = shop.skin_regions.astype(np.int64)
        self.values = shop.region_values
        self.edges, self.sides, _ = edges_of(self.skin.faces)
        number = {(v.region, v.side): v.value for v in self.values}
        other = {"left": "right", "right": "left", "mid": "mid"}
        self.swap = np.array([0] + [number[v.region, other[v.side]] for v in self.values])

    def name(self, value: int) -> str:
        """A region in words."""
        return f"{self.values[value - 1].region} ({self.values[value - 1].side})"

    @cached_property
    def area(self) -> Floats:
        """Mm2 by value; a third of each face goes to each of its corners."""
        faces = self.skin.faces
        third = 0.5 * np.linalg.norm(face_normals(self.skin.vertices, faces), axis=1) / 3
        total = np.zeros(len(self.values) + 1)
        np.add.at(total, self.label[faces].ravel(), np.repeat(third, 3))
        return total

    @cached_property
    def rim(self) -> Ints:
        """The vertices with a neighbour of another region."""
        ends = self.edges[self.label[self.edges[:, 0]] != self.label[self.edges[:, 1]]]
        return np.unique(ends)

    def border_length(self, firm: Floats, rounds: int) -> float:
        """Mm of all borders, which ``firm`` places on the edges, after rounds of smoothing along them."""
        one, two = self.edges.T
        share = (firm[one] / (firm[one] + firm[two]))[:, None]
        point = self.skin.vertices[one] * (1 - share) + self.skin.vertices[two] * share
        crossed = (self.label[one] != self.label[two])[self.sides]
        through = crossed.sum(1) == 2
        piece = self.sides[through][crossed[through]].reshape(-1, 2)
        count = len(self.edges)
        links = sparse.coo_matrix((np.ones(len(piece)), piece.T), shape=(count, count)).tocsr()
        links = links + links.T
        free = np.asarray(links.sum(1)).ravel() == 2  # where three regions meet, the border is held
        for _ in range(rounds):
            point[free] = 0.5 * point[free] + 0.25 * (links @ point)[free]
        return float(np.linalg.norm(point[piece[:, 0]] - point[piece[:, 1]], axis=1).sum())


@pytest.fixture(scope="module")
def skinned() -> Skinned:
    return Skinned(Workshop(Body(settings.body_folder()), settings.CACHE, settings.REGIONS))


@pytest.fixture(scope="module")
def armless(skinned: Skinned) -> npt.NDArray[np.uint16]:
    cut = skinned.shop.skins.armless
    label = skinned.shop.skin_regions
    return on_armless(cut.vertices, cut.faces, skinned.skin.vertices, label, skinned.values)


def test_the_classic_places_have_regions_with_names_for_everybody() -> None:
    rows = yaml.safe_load(settings.REGIONS.read_text(encoding="utf-8"))["regions"]
    by_id = {row["id"]: row for row in rows}
    for part, ids in NAMED.items():
        assert set(ids.split()) <= by_id.keys(), part
    assert len({row["name"] for row in rows}) == len(rows)
    assert len({row["clinical"] for row in rows}) == len(rows)
    assert [row["id"] for row in rows if not row.get("synonyms")] == []
    assert len(values_of(read_regions(settings.REGIONS))) >= 300


@pytest.mark.slow
@on_the_body
def test_the_whole_skin_is_divided_into_regions_of_one_piece(skinned: Skinned) -> None:
    assert set(np.unique(skinned.label)) == {v.value for v in skinned.values}  # no gap, and none is lost
    same = skinned.label[skinned.edges[:, 0]] == skinned.label[skinned.edges[:, 1]]
    graph = adjacency(len(skinned.label), skinned.edges[same])
    _, piece = connected_components(graph, directed=False)
    pieces = np.unique(np.stack([skinned.label, piece]), axis=1)[0]
    count = np.bincount(pieces)
    # The auricle is a mesh of its own, set upon the skin around it.
    torn = {skinned.name(v) for v in np.flatnonzero(count > 1).tolist()}
    assert torn == {"ear (left)", "ear (right)"}
    assert count.max() == 2


@pytest.mark.slow
@on_the_body
def test_no_region_is_a_sliver(skinned: Skinned) -> None:
    small = {skinned.name(v.value): skinned.area[v.value] for v in skinned.values}
    assert min(small.values()) > 120.0, min(small, key=lambda k: small[k])
    to_rim, _ = cKDTree(skinned.skin.vertices[skinned.rim]).query(skinned.skin.vertices)
    depth = np.zeros(len(skinned.values) + 1)
    np.maximum.at(depth, skinned.label, to_rim)
    # A circle of 7 mm fits into each: the web spaces of the toes are the narrowest.
    thin = {skinned.name(v.value): depth[v.value] for v in skinned.values if depth[v.value] < 3.5}
    assert thin == {}


@pytest.mark.slow
@on_the_body
def test_borders_run_smoothly_through_the_triangles(skinned: Skinned) -> None:
    halfway = np.ones(len(skinned.label))
    firm = firmness(skinned.skin.faces, skinned.label).astype(np.float64)
    smooth = skinned.border_length(firm, 12)
    assert skinned.border_length(firm, 0) < 1.02 * smooth
    # The measure can tell: borders halfway between the vertices have teeth.
    assert skinned.border_length(halfway, 0) > 1.08 * smooth


@pytest.mark.slow
@on_the_body
def test_both_sides_are_mirror_images(skinned: Skinned) -> None:
    area = skinned.area[1:]
    other = skinned.area[skinned.swap[1:]]
    unlike = np.abs(area - other) / np.maximum(0.03 * area, 15.0)  # a web space of a toe has 190 mm2
    assert unlike.max() < 1.0, skinned.name(int(unlike.argmax()) + 1)
    vertices = skinned.skin.vertices
    _, nearest = cKDTree(vertices).query(mirrored(vertices))
    wrong = np.flatnonzero(skinned.label[nearest] != skinned.swap[skinned.label])
    to_rim, _ = cKDTree(vertices[skinned.rim]).query(vertices[wrong])
    assert to_rim.max() < GRAIN
    way = np.array([0] + [{"left": 1, "right": -1, "mid": 0}[v.side] for v in skinned.values])
    assert (way[skinned.label] * vertices[:, 0]).min() > -1.5  # nothing of the right lies on the left


@pytest.mark.slow
@on_the_body
def test_every_region_is_visible(skinned: Skinned, armless: npt.NDArray[np.uint16]) -> None:
    whole, cut = skinned.skin, skinned.shop.skins.armless
    feet = whole.faces[(whole.vertices[whole.faces][:, :, 1] < FEET).all(axis=1)]
    scenes: dict[str, tuple[Scene, Ints, npt.NDArray[np.integer]]] = {
        "whole": (Scene(whole.vertices, whole.faces), whole.faces, skinned.label),
        "armless": (Scene(cut.vertices, cut.faces), cut.faces, armless),
        "feet": (Scene(whole.vertices, feet), feet, skinned.label),
    }
    low = np.minimum(whole.vertices.min(axis=0), -whole.vertices.max(axis=0)) - STEP
    high = np.maximum(whole.vertices.max(axis=0), -whole.vertices.min(axis=0)) + STEP
    seen = np.zeros(len(skinned.values) + 1)
    looks = {"whole": tuple(VIEWS), "armless": ("left", "right"), "feet": ("above",)}
    for kind, views in looks.items():
        scene, faces, label = scenes[kind]
        for view in views:
            axes = VIEWS[view].axes
            ends = np.sort(np.stack([axes @ low, axes @ high]), axis=0)
            hits = cast(scene, Raster(axes, (ends[0, 0], ends[1, 0], ends[0, 1], ends[1, 1]), STEP))
            corner = label[faces[hits.face[hits.face >= 0], 0]]
            seen = np.maximum(seen, STEP**2 * np.bincount(corner, minlength=len(seen)))
    hidden = {skinned.name(v.value): seen[v.value] for v in skinned.values if seen[v.value] < 100.0}
    assert hidden == {}


@pytest.mark.slow
@on_the_body
def test_without_the_arm_the_flank_is_divided_too(skinned: Skinned, armless: npt.NDArray[np.uint16]) -> None:
    cut = skinned.shop.skins.armless
    x, y = np.abs(cut.vertices[:, 0]), cut.vertices[:, 1]
    away, nearest = cKDTree(skinned.skin.vertices).query(cut.vertices)
    new = away >= SAME_PLACE
    stump = x > FLANK_X + FLANK_SLOPE * (y - FLANK_LOW) + BESIDE_FLANK
    assert (new & ~stump).sum() > 1000  # there is something to divide
    assert (armless[new & ~stump] > 0).all()
    assert (armless[new & stump] == 0).all()
    names = {skinned.values[v - 1].region for v in np.unique(armless[new & ~stump]).tolist()}
    assert "chest-side-upper" in names
    assert not {n for n in names if n.startswith("arm-")}
    far = ~new & (y < FLANK_LOW - 100)
    np.testing.assert_array_equal(armless[far], skinned.label[nearest[far]])


@pytest.mark.slow
@on_the_body
def test_deep_regions_are_anchored_on_the_skin_above_them(skinned: Skinned) -> None:
    content = yaml.safe_load(settings.REGIONS.read_text(encoding="utf-8"))
    parent = {group["id"]: group.get("parent") or group["id"] for group in content["groups"]}
    part = {row["id"]: parent[row["group"]] for row in content["regions"]}
    deep = [row for row in content["regions"] if row.get("anchor")]
    away, nearest = cKDTree(skinned.skin.vertices).query([row["anchor"] for row in deep])
    assert {row["id"]: gap for row, gap in zip(deep, away, strict=True) if gap > 3.0} == {}
    for row, vertex in zip(deep, nearest, strict=True):
        assert row["anchor"][0] >= 0
        assert (row["anchor"][0] == 0) == (not row["paired"]), row["id"]
        under = skinned.values[skinned.label[vertex] - 1].region
        assert part[under] == ELSEWHERE.get(row["id"], part[row["id"]]), (row["id"], under)

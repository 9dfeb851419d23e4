"""The computed body as it is read from disk, whole and damaged."""

from __future__ import annotations

import gc
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bodies import BOXES, HEIGHT, STEP, WEBP, WIDTH, change_manifest, make_body, rectangle, write_body
from triggermap.body.mirror import flipped_affine, flipped_rings
from triggermap.body.plates import DEEPEST_MM, Body, DepthMap, Grid, Plate, load_body
from triggermap.errors import TriggermapError


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Plate:
    """The right flank, which is the left one in a mirror."""
    return make_body(tmp_path_factory.mktemp("mirrored"), "mirrored").plates["flank-right"]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Plate:
    """The right flank with files of its own: what the mirrored one has to be."""
    return make_body(tmp_path_factory.mktemp("computed"), "computed").plates["flank-right"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A body to damage."""
    return write_body(tmp_path)


def said(action: Callable[[], object]) -> str:
    """The one sentence that ``action`` fails with."""
    with pytest.raises(TriggermapError) as caught:
        action()
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


# --- reading ------------------------------------------------------------------------------------------


def test_the_manifest_is_read(body: Body) -> None:
    assert list(body.plates) == ["front", "back"]
    assert len(body.structures) == 2 * 6 + 2
    assert body.attribution == "Boxes by nobody."
    back = body.plates["back"]
    assert (back.view, back.title, back.note) == ("back", "Box, back", "A box has no back.")
    assert body.plates["front"].note is None
    assert [layer.id for layer in back.layers] == ["skin", "superficial", "deep"]
    assert back.grid.shape == (HEIGHT, WIDTH)
    assert back.mm_per_px == STEP
    assert back.layer("deep").picture.is_file()
    assert back.glass.is_file()
    assert (back.short, back.group, back.side, back.counterpart, back.mirrored) == (
        "Back",
        "whole",
        None,
        None,
        False,
    )
    with pytest.raises(KeyError):
        back.layer("bone")


def test_structures_by_mesh_with_their_mirror(body: Body) -> None:
    left, right = body.by_mesh["muscles/trapezius.l.1"], body.by_mesh["muscles/trapezius.r.1"]
    assert (left.side, right.side) == ("left", "right")
    assert body.mirrored(left) is right
    assert body.mirrored(right) is left
    spine = body.by_mesh["skeleton/spine"]
    assert body.mirrored(spine) is spine
    assert left.title == "Trapezius, upper (left)"
    assert spine.title == "Spine"


def test_region_values_of_a_side(body: Body) -> None:
    names = {value: (r.region, r.side) for value, r in body.regions.items()}
    assert [names[v] for v in body.region_values("temple", ("left",))] == [("temple", "left")]
    assert [names[v] for v in body.region_values("temple", ("left", "right"))] == [
        ("temple", "left"),
        ("temple", "right"),
    ]
    for sides in (("left",), ("right",), ("left", "right")):
        assert [names[v] for v in body.region_values("breastbone", sides)] == [("breastbone", "mid")]
    assert body.region_values("nowhere", ("left",)) == []


def test_each_id_stands_where_its_box_is(body: Body) -> None:
    for plate in body.plates.values():
        deep = plate.id_map("deep")
        for box in BOXES:
            if "deep" not in box.layers or "thread" in box.mesh:
                continue
            rows, cols = rectangle(plate.id, *box.at[:4])
            extent = deep.extents[body.by_mesh[box.mesh].id]
            assert (extent.top, extent.bottom) == (rows.start, rows.stop)
            assert (extent.left, extent.right) == (cols.start, cols.stop)
            assert extent.cells == (rows.stop - rows.start) * (cols.stop - cols.start)


def test_the_left_is_on_the_left_from_behind_and_on_the_right_from_before(body: Body) -> None:
    point = np.array([[130.0, 1250.0, 0.0]])
    serratus = body.by_mesh["muscles/serratus_anterior.l"].id
    expected = {"front": (130.0, 1250.0), "back": (-130.0, 1250.0)}
    for name, (u, v) in expected.items():
        plate = body.plates[name]
        assert plate.project(point)[0] == pytest.approx([u, v])
        assert plate.id_map("superficial").at(u, v) == serratus


def test_what_is_nearer_to_the_viewer_covers_what_is_behind(body: Body) -> None:
    front, back = (body.plates[name].id_map("superficial") for name in ("front", "back"))
    assert front.at(50.0, 1370.0) == body.by_mesh["muscles/pectoral.l"].id
    assert back.at(-50.0, 1370.0) == body.by_mesh["muscles/trapezius.l.1"].id


def test_an_id_map_is_read_once(body: Body) -> None:
    plate = body.plates["front"]
    assert plate.id_map("deep") is plate.id_map("deep")
    with pytest.raises(KeyError):
        plate.id_map("bone")


def test_a_warm_plate_reads_nothing_more(folder: Path) -> None:
    body = load_body(folder)
    plate = body.plates["back"]
    plate.warm()
    for path in (folder / "back").glob("*.npz"):
        path.unlink()
    for layer in plate.layers[1:]:
        assert plate.id_map(layer.id).counts.sum() == HEIGHT * WIDTH
    assert plate.outlines.rings(1)
    assert len(plate.dots.rank)
    assert plate.regions.extents
    assert plate.faces_viewer(np.array([0.0, 1400.0, -90.0]))


def test_rings_are_those_of_the_structure(body: Body) -> None:
    outlines = body.plates["back"].outlines
    (ring,) = outlines.rings(body.by_mesh["muscles/trapezius.l.1"].id)
    assert (ring.min(axis=0).tolist(), ring.max(axis=0).tolist()) == ([-110, 1330], [-10, 1480])
    assert len(outlines.rings(body.by_mesh["nerves/thread.r"].id)) == 2
    assert outlines.rings(9999) == []


def test_a_sprite_lies_over_its_structure(body: Body) -> None:
    for plate in body.plates.values():
        for mesh in ("muscles/rhomboid.l", "muscles/rhomboid.r"):
            structure = body.by_mesh[mesh]
            sprite = plate.sprite(structure.id)
            assert sprite is not None
            assert sprite.data == WEBP
            (ring,) = plate.outlines.rings(structure.id)
            left, bottom, width, height = sprite.rect
            assert [left, bottom] == ring.min(axis=0).tolist()
            assert [left + width, bottom + height] == ring.max(axis=0).tolist()
        assert plate.sprite(body.by_mesh["skeleton/spine"].id) is None


@pytest.mark.parametrize(
    ("at", "front", "back"),
    [
        ((50.0, 1400.0, 80.0), True, False),
        ((50.0, 1400.0, -80.0), False, True),
        ((50.0, 1400.0, 90.0 - DEEPEST_MM + 1), True, False),
        ((50.0, 1400.0, 90.0 - DEEPEST_MM - 1), False, False),  # deeper than any site
        ((-169.0, 1201.0, 50.0), True, False),
        ((-169.0, 1201.0, -50.0), False, True),
        ((175.0, 1400.0, 80.0), False, False),  # beside the body
        ((0.0, 5000.0, 0.0), False, False),  # off the plate
        ((50.0, 1400.0, 93.0), True, False),  # a little in front of the skin
    ],
)
def test_who_sees_a_point(body: Body, at: tuple[float, float, float], front: bool, back: bool) -> None:
    point = np.array(at)
    assert body.plates["front"].faces_viewer(point) is front
    assert body.plates["back"].faces_viewer(point) is back


@pytest.mark.parametrize(("depth", "seen"), [(29.0, True), (0.0, True), (-12.0, False), (-29.0, False)])
def test_a_thin_part_of_the_body_shows_what_is_in_its_middle_on_both_sides(
    body: Body, depth: float, seen: bool
) -> None:
    """An arm 60 mm thick: what is in the middle is seen from both sides, what is behind is not."""
    skin = np.full((HEIGHT, WIDTH), 30.0, np.float32)
    for plate in body.plates.values():
        thin = replace(plate)
        vars(thin)["depth"] = DepthMap(skin, -skin, plate.grid)
        assert thin.faces_viewer(depth * plate.toward + np.array([50.0, 1400.0, 0.0])) is seen


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ((165.0, 1250.0, 10.0), True),
        ((50.0, 1250.0, 10.0), False),  # deep, and nearer to the cut behind it
        ((120.0, 1250.0, 10.0), True),
        ((181.0, 1250.0, 10.0), True),  # a little before the skin
        ((183.0, 1250.0, 10.0), False),  # an arm that the plate leaves out
        ((-165.0, 1250.0, 10.0), False),  # the other side, behind what is shown
        ((165.0, 1500.0, 10.0), False),  # of the body, and above the window
    ],
)
def test_a_plate_of_one_side_shows_its_own(
    tmp_path: Path, at: tuple[float, float, float], left: bool
) -> None:
    plates = make_body(tmp_path, "mirrored").plates
    point = np.array(at)
    assert plates["flank-left"].faces_viewer(point) is left
    assert plates["flank-right"].faces_viewer(point * [-1, 1, 1]) is left


def test_a_point_outside_the_window_costs_no_reading(folder: Path) -> None:
    plate = load_body(folder).plates["back"]
    (folder / "back" / "depth.npz").unlink()
    assert plate.faces_viewer(np.array([0.0, 5000.0, 0.0])) is False
    assert "depth.npz" in said(lambda: plate.faces_viewer(np.array([0.0, 1400.0, -80.0])))


def from_below(plate: Plate, entry: float, leave: float) -> Plate:
    """A plate of 20 x 20 mm seen from below, with the same skin everywhere (``p . toward`` in mm)."""
    grid = Grid(np.array([[1.0, 0.0, -9.5], [0.0, -1.0, 9.5]]), (20, 20))
    right, up, toward = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
    made = replace(plate, grid=grid, right=right, up=up, toward=toward)
    first, last = (np.full((20, 20), value, np.float32) for value in (entry, leave))
    vars(made)["depth"] = DepthMap(first, last, grid)
    return made


@pytest.mark.parametrize(
    ("leave", "height", "seen"),
    [
        (-60.0, 12.0, True),  # in the sole
        (-60.0, 35.0, True),  # in the middle of the foot
        (-60.0, 58.0, False),  # on the instep
        (-10.0, 35.0, True),  # in the heel, where the leg is cut off and the skin has no back
        (-10.0, 94.0, True),
        (-10.0, 96.0, False),  # deeper than any site
        (-60.0, -3.0, False),  # far below the foot
    ],
)
def test_what_a_view_from_below_shows(body: Body, leave: float, height: float, seen: bool) -> None:
    """The sole stands at y = 10, the instep at y = 60 or nowhere."""
    sole = from_below(body.plates["front"], -10.0, leave)
    assert sole.faces_viewer(np.array([3.0, height, 4.0])) is seen


# --- in a mirror --------------------------------------------------------------------------------------


def test_a_mirrored_plate_is_the_computed_one(mirrored: Plate, computed: Plate) -> None:
    assert (mirrored.mirrored, computed.mirrored) == (True, False)
    assert (mirrored.side, mirrored.counterpart, mirrored.group) == ("right", "flank-left", "thorax")
    assert mirrored.layer("deep").picture.parent.name == "flank-left"
    assert (mirrored.grid.affine == computed.grid.affine).all()
    for layer in ("skin", "superficial", "deep"):
        ids = mirrored.id_map(layer).ids
        assert ids.dtype == np.uint16
        assert (ids == computed.id_map(layer).ids).all()
        assert ids.any()
    for name in ("ids", "grid"):
        one, other = (getattr(plate.regions, name) for plate in (mirrored, computed))
        assert (np.asarray(one.affine) == other.affine).all() if name == "grid" else (one == other).all()
    for name in ("entry", "exit"):
        one, other = (getattr(plate.depth, name) for plate in (mirrored, computed))
        assert np.array_equal(one, other, equal_nan=True)
    assert (mirrored.depth.grid.affine == computed.depth.grid.affine).all()
    for name in ("points", "region", "rank"):
        assert (getattr(mirrored.dots, name) == getattr(computed.dots, name)).all()
    assert (mirrored.dot_counts == computed.dot_counts).all()


def turned(ring: NDArray[np.float32]) -> float:
    """The signed area of a ring: positive where it runs against the clock."""
    x, y = ring.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def test_outlines_in_a_mirror_still_run_the_same_way(mirrored: Plate, computed: Plate, body: Body) -> None:
    for structure in body.structures:
        rings, others = (plate.outlines.rings(structure) for plate in (mirrored, computed))
        assert [turned(ring) for ring in rings] == [turned(ring) for ring in others]
        for ring, other in zip(rings, others, strict=True):
            assert {tuple(p) for p in ring.tolist()} == {tuple(p) for p in other.tolist()}
    assert mirrored.outlines.rings(body.by_mesh["muscles/serratus_anterior.r"].id)
    assert not mirrored.outlines.rings(body.by_mesh["muscles/serratus_anterior.l"].id)
    assert len(mirrored.outlines.rings(body.by_mesh["nerves/thread.r"].id)) == 2


def test_rings_of_many_lengths_in_a_mirror() -> None:
    start = np.array([0, 3, 3, 4, 8])
    points = np.arange(16, dtype=np.float32).reshape(-1, 2)
    assert flipped_rings(start, points)[:, 1].tolist() == [5, 3, 1, 7, 15, 13, 11, 9]
    assert flipped_rings(start, points)[:, 0].tolist() == [-4, -2, 0, -6, -14, -12, -10, -8]


def test_an_affine_in_a_mirror_goes_with_the_cells() -> None:
    affine = np.array([[0.5, 0.01, -20.0], [0.02, -0.5, 30.0]])
    for col, row in ((0, 0), (9, 3), (4, 7)):
        u, v = affine @ [col, row, 1]
        assert flipped_affine(affine, 10) @ [9 - col, row, 1] == pytest.approx([-u, v])


def test_a_sprite_in_a_mirror_says_so(mirrored: Plate, computed: Plate, body: Body) -> None:
    right, left = (body.by_mesh[f"muscles/serratus_anterior.{side}"].id for side in "rl")
    own, other = mirrored.sprite(right), computed.sprite(right)
    assert own is not None
    assert other is not None
    assert own.rect == other.rect
    assert (own.mirrored, other.mirrored) == (True, False)
    assert own.data == WEBP
    assert mirrored.sprite(left) is None


def test_what_has_no_pair_stays_itself_in_a_mirror(mirrored: Plate, body: Body) -> None:
    spine = body.by_mesh["skeleton/spine"].id
    assert spine in np.unique(mirrored.id_map("superficial").ids)
    (rest,) = body.region_values("trunk-rest", ("right",))
    (chest,) = body.region_values("side-of-chest", ("right",))
    assert set(np.unique(mirrored.regions.ids)) >= {rest, chest}


# --- overlays -----------------------------------------------------------------------------------------


def test_overlays_lie_where_their_rectangle_is(body: Body) -> None:
    front = body.plates["front"]
    assert [overlay.id for overlay in front.overlays] == ["bone-outline", "nerves"]
    assert body.plates["back"].overlays == ()
    assert front.overlay("veins") is None
    nerves = front.overlay("nerves")
    assert nerves is not None
    assert (nerves.title, nerves.scale) == ("Nerves", 2)
    assert nerves.picture.is_file()
    assert nerves.rect == (-168.0, 1208.0, 340.0, 220.0)
    ids = front.overlay_map("nerves")
    assert ids is front.overlay_map("nerves")
    assert ids.grid.rect == nerves.rect
    left, right = (body.by_mesh[f"nerves/thread.{side}"].id for side in "lr")
    assert (ids.at(165.0, 1300.0), ids.at(-165.0, 1300.0), ids.at(0.0, 1300.0)) == (left, right, 0)
    assert (ids.at(165.0, 1419.0), ids.at(165.0, 1421.0)) == (left, 0)
    assert ids.at(0.0, 1000.0) == 0
    with pytest.raises(KeyError):
        front.overlay_map("veins")


def test_an_overlay_of_a_mirrored_plate_is_its_own(mirrored: Plate, computed: Plate, body: Body) -> None:
    nerves = mirrored.overlay("nerves")
    assert nerves is not None
    assert nerves.picture.parent.name == "flank-right"
    ids = mirrored.overlay_map("nerves")
    assert (ids.ids == computed.overlay_map("nerves").ids).all()
    assert ids.near(0.0, 1300.0, 3.0) == body.by_mesh["nerves/thread.r"].id


# --- the whole ----------------------------------------------------------------------------------------


def test_plates_by_the_part_of_the_body(tmp_path: Path) -> None:
    body = make_body(tmp_path, "mirrored")
    groups = {name: [plate.id for plate in plates] for name, plates in body.groups.items()}
    assert groups == {"whole": ["front", "back"], "thorax": ["flank-left", "flank-right"]}


def test_stacks_and_landmarks_are_named_where_they_are(folder: Path) -> None:
    body = load_body(folder)
    assert (body.folder, body.stacks, body.landmarks) == (folder, {}, folder / "landmarks.json")
    change_manifest(folder, landmarks=None, stacks={"z": "stacks/front-back.npz"})
    body = load_body(folder)
    assert (body.stacks, body.landmarks) == ({"z": folder / "stacks/front-back.npz"}, None)


def test_a_cooled_plate_reads_again(folder: Path) -> None:
    plate = load_body(folder).plates["front"]
    plate.warm()
    nerves, deep = plate.overlay_map("nerves"), plate.id_map("deep")
    plate.cool()
    assert not {"id_maps", "overlay_maps", "regions"} & set(vars(plate))
    assert (plate.id_map("deep").ids == deep.ids).all()
    assert plate.overlay_map("nerves") is not nerves
    assert len(plate.regions.extents) > 1
    plate.cool()
    plate.cool()


def test_a_skimmed_plate_tells_what_it_shows(folder: Path) -> None:
    plate = load_body(folder).plates["back"]
    plate.skim()
    for path in (folder / "back").glob("*.npz"):
        path.unlink()
    assert plate.dot_counts.sum() == len(plate.dots.rank)
    assert plate.faces_viewer(np.array([0.0, 1400.0, -90.0]))
    assert plate.outlines.rings(1)
    assert "deep.ids.npz" in said(lambda: plate.id_map("deep"))


# --- damage -------------------------------------------------------------------------------------------


def test_a_missing_manifest(tmp_path: Path) -> None:
    text = said(lambda: load_body(tmp_path / "nowhere"))
    assert "missing" in text
    assert "manifest.json" in text


@pytest.mark.parametrize("text", ["", "{", '{"format": 1', "[1, 2]", "null", "3", '"text"', "{}"])
def test_a_broken_manifest(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, "utf-8")
    assert "manifest.json" in said(lambda: load_body(folder))


def test_a_manifest_that_is_no_text(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x00{")
    assert "damaged" in said(lambda: load_body(folder))


@pytest.mark.parametrize("number", [0, 1, 3, "2"])
def test_another_format(folder: Path, number: object) -> None:
    change_manifest(folder, format=number)
    text = said(lambda: load_body(folder))
    assert f"format {number}" in text
    assert "reads 2" in text
    assert "make plates" in text


@pytest.mark.parametrize("key", ["format", "structures", "regions", "plates"])
def test_a_manifest_without_a_part(folder: Path, key: str) -> None:
    change_manifest(folder, **{key: None})
    text = said(lambda: load_body(folder))
    assert "damaged" in text
    assert key in text


@pytest.mark.parametrize(
    "key",
    [
        *("id", "view", "title", "short", "group", "side", "counterpart", "mirrored_from", "note"),
        *("size", "mm_per_px", "axes", "affine", "layers", "overlays"),
        *("glass", "regions", "depth", "outlines", "sprites", "dots"),
    ],
)
def test_a_plate_without_a_part(folder: Path, key: str) -> None:
    plates = json.loads((folder / "manifest.json").read_text("utf-8"))["plates"]
    del plates[1][key]
    change_manifest(folder, plates=plates)
    assert key in said(lambda: load_body(folder))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", [10]),
        ("size", "big"),
        ("affine", [[1, 0, 0], [0]]),
        ("axes", []),
        ("layers", [1]),
        ("layers", [{"id": "skin"}]),
        ("glass", 3),
        ("overlays", None),
        ("overlays", [{"id": "nerves"}]),
        ("overlays", [{"id": "a", "title": "A", "picture": "a", "ids": "b", "rect": [1], "scale": 1}]),
    ],
)
def test_a_plate_with_a_wrong_part(folder: Path, key: str, value: object) -> None:
    plates = json.loads((folder / "manifest.json").read_text("utf-8"))["plates"]
    plates[0][key] = value
    change_manifest(folder, plates=plates)
    assert "damaged" in said(lambda: load_body(folder))


@pytest.mark.parametrize(
    ("key", "value"), [("stacks", ["z"]), ("stacks", {"z": 1}), ("landmarks", 3), ("regions", [{}])]
)
def test_a_manifest_with_a_wrong_part(folder: Path, key: str, value: object) -> None:
    change_manifest(folder, **{key: value})
    assert "damaged" in said(lambda: load_body(folder))


def test_a_plate_whose_id_is_no_text(folder: Path) -> None:
    plates = json.loads((folder / "manifest.json").read_text("utf-8"))["plates"]
    plates[0]["id"] = 1
    change_manifest(folder, plates=plates)
    assert "damaged" in said(lambda: load_body(folder))


def test_a_body_without_plates(folder: Path) -> None:
    change_manifest(folder, plates=[])
    assert "plates" in said(lambda: load_body(folder))


READS: dict[str, Callable[[Plate], object]] = {
    "deep.ids.npz": lambda plate: plate.id_map("deep"),
    "regions.npz": lambda plate: plate.regions,
    "depth.npz": lambda plate: plate.depth,
    "outlines.npz": lambda plate: plate.outlines,
    "dots.npz": lambda plate: plate.dots,
    "sprites.zip": lambda plate: plate.sprite(1),
    "nerves.ids.npz": lambda plate: plate.overlay_map("nerves"),
}
ARRAYS = [name for name in READS if name.endswith(".npz")]


@pytest.mark.parametrize("name", READS)
def test_a_missing_file_of_a_plate(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    (folder / "front" / name).unlink()
    assert name in said(lambda: READS[name](plate))


@pytest.mark.parametrize("name", READS)
def test_a_file_of_a_plate_that_is_something_else(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    (folder / "front" / name).write_text("Not a picture of anything.", "utf-8")
    assert name in said(lambda: READS[name](plate))


@pytest.mark.parametrize("name", READS)
def test_an_empty_file_of_a_plate(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    (folder / "front" / name).write_bytes(b"")
    assert name in said(lambda: READS[name](plate))


@pytest.mark.parametrize("name", READS)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_file_of_a_plate_that_ends_too_soon(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    path = folder / "front" / name
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert name in said(lambda: READS[name](plate))
    gc.collect()


@pytest.mark.parametrize("name", ARRAYS)
def test_a_file_of_a_plate_with_a_flipped_byte(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    path = folder / "front" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    assert name in said(lambda: READS[name](plate))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_file_is_closed_again(folder: Path) -> None:
    plate = load_body(folder).plates["front"]
    path = folder / "front" / "dots.npz"
    path.write_bytes(path.read_bytes()[:200])
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        said(lambda: plate.dots)
        gc.collect()
    assert [str(warning.message) for warning in heard] == []


@pytest.mark.parametrize("name", ARRAYS)
def test_a_file_of_a_plate_that_holds_other_arrays(folder: Path, name: str) -> None:
    plate = load_body(folder).plates["front"]
    np.savez(folder / "front" / name, other=np.zeros(3))
    assert name in said(lambda: READS[name](plate))


@pytest.mark.parametrize("name", ["deep.ids.npz", "regions.npz", "nerves.ids.npz"])
@pytest.mark.parametrize("shape", [(0, 0), (4,), (2, 3, 4)])
def test_a_map_that_is_none(folder: Path, name: str, shape: tuple[int, ...]) -> None:
    plate = load_body(folder).plates["front"]
    np.savez(folder / "front" / name, ids=np.zeros(shape, np.uint16), affine=np.eye(2, 3))
    assert name in said(lambda: READS[name](plate))


def test_sprites_without_the_one_that_is_listed(folder: Path) -> None:
    plate = load_body(folder).plates["front"]
    with zipfile.ZipFile(folder / "front" / "sprites.zip", "w") as pack:
        pack.writestr("rects.json", '{"1": [0, 0, 4, 2, 1]}')
    assert "sprites.zip" in said(lambda: plate.sprite(1))


# --- the body that is shipped -------------------------------------------------------------------------


def test_the_shipped_body_agrees_with_itself(checkout: Path) -> None:
    body = load_body(checkout / "assets" / "body")
    assert {"front", "back", "left", "right"} <= {plate.id for plate in body.groups["whole"]}
    for plate in body.plates.values():
        if plate.counterpart is not None:
            other = body.plates[plate.counterpart]
            assert (other.counterpart, {other.side, plate.side}) == (plate.id, {"left", "right"})
            assert not (plate.mirrored and other.mirrored)
    for structure in body.structures.values():
        if structure.pair is not None:
            assert body.structures[structure.pair].pair == structure.id
            assert {structure.side, body.structures[structure.pair].side} == {"left", "right"}
    listed: dict[str, Any] = json.loads((checkout / "assets/body/manifest.json").read_text("utf-8"))["files"]
    assert [name for name in listed if not (checkout / "assets/body" / name).is_file()] == []
    for plate in body.plates.values():
        for axis in (plate.right, plate.up, plate.toward):
            assert np.linalg.norm(axis) == pytest.approx(1.0)
        assert np.cross(plate.right, plate.up) == pytest.approx(plate.toward)

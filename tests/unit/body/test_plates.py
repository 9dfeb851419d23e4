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

from tests.bodies import BOXES, HEIGHT, STEP, WEBP, WIDTH, change_manifest, make_body, rectangle, write_body
from triggermap.body.plates import DEEPEST_MM, Body, DepthMap, Plate, load_body, verify
from triggermap.errors import TriggermapError


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


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


@pytest.mark.parametrize("number", [0, 2, "1"])
def test_another_format(folder: Path, number: object) -> None:
    change_manifest(folder, format=number)
    text = said(lambda: load_body(folder))
    assert f"format {number}" in text
    assert "reads 1" in text


@pytest.mark.parametrize("key", ["format", "structures", "regions", "plates"])
def test_a_manifest_without_a_part(folder: Path, key: str) -> None:
    change_manifest(folder, **{key: None})
    text = said(lambda: load_body(folder))
    assert "damaged" in text
    assert key in text


@pytest.mark.parametrize(
    "key",
    [
        *("id", "view", "title", "size", "mm_per_px", "axes", "affine", "layers"),
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
    ],
)
def test_a_plate_with_a_wrong_part(folder: Path, key: str, value: object) -> None:
    plates = json.loads((folder / "manifest.json").read_text("utf-8"))["plates"]
    plates[0][key] = value
    change_manifest(folder, plates=plates)
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


def test_sprites_without_the_one_that_is_listed(folder: Path) -> None:
    plate = load_body(folder).plates["front"]
    with zipfile.ZipFile(folder / "front" / "sprites.zip", "w") as pack:
        pack.writestr("rects.json", '{"1": [0, 0, 4, 2, 1]}')
    assert "sprites.zip" in said(lambda: plate.sprite(1))


# --- checksums ----------------------------------------------------------------------------------------


def test_a_whole_body_has_no_problem(folder: Path) -> None:
    assert verify(folder) == []


def test_a_missing_and_a_damaged_file_are_found(folder: Path) -> None:
    (folder / "back" / "dots.npz").unlink()
    path = folder / "front" / "skin.webp"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    missing, damaged = verify(folder)
    assert missing.file.endswith("dots.npz")
    assert "missing" in missing.message
    assert damaged.file.endswith("skin.webp")
    assert "damaged" in damaged.message
    assert "make plates" in missing.hint


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"files": []}', '{"files": {"a.npz": {}}}'])
def test_a_manifest_that_lists_no_checksums(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.npz").write_bytes(b"a")
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    (problem,) = verify(tmp_path)
    assert "manifest" in problem.file


def test_no_manifest_is_a_problem(tmp_path: Path) -> None:
    (problem,) = verify(tmp_path)
    assert problem.file.endswith("manifest.json")


# --- the body that is shipped -------------------------------------------------------------------------


def test_the_shipped_body_agrees_with_itself(checkout: Path) -> None:
    body = load_body(checkout / "assets" / "body")
    assert list(body.plates) == ["front", "back", "left"]
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

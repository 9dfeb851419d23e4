"""Files: the same content gives the same bytes, and a picture keeps its alpha."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.files import npz_bytes, webp_bytes, write_whole, zip_bytes
from platemaker.labels import labels_of
from platemaker.verify import id_difference, picture_difference
from tests.platemaker.shapes import sphere, write_body


def test_archives_do_not_depend_on_order_or_time() -> None:
    one = npz_bytes({"b": np.arange(5), "a": np.zeros((2, 3), np.float32)})
    two = npz_bytes({"a": np.zeros((2, 3), np.float32), "b": np.arange(5)})
    assert one == two
    with np.load(io.BytesIO(one)) as data:
        np.testing.assert_array_equal(data["b"], np.arange(5))
    assert zip_bytes({"x": b"1", "y": b"2"}, False) == zip_bytes({"y": b"2", "x": b"1"}, False)


def test_alpha_is_kept_exactly() -> None:
    rgba = np.zeros((40, 40, 4), np.uint8)
    rgba[..., 0] = 180
    rgba[..., 3] = np.arange(1600).reshape(40, 40) % 256
    with Image.open(io.BytesIO(webp_bytes(rgba, 85))) as back:
        np.testing.assert_array_equal(np.asarray(back)[..., 3], rgba[..., 3])


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_a_missing_body_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlatemakerError, match="TRIGGERMAP_BODY"):
        Body(tmp_path / "nowhere")


def test_ids_follow_the_sorted_mesh_ids_and_sides_are_paired(tmp_path: Path) -> None:
    ball = sphere(5.0)
    names = (
        "muscles/soleus.r",
        "muscles/soleus.l",
        "skeleton/sacrum",
        "organs/liver",
        "muscles/biceps_brachii.l.0",
        "muscles/biceps_brachii.r.0",
    )
    write_body(tmp_path / "body", dict.fromkeys(names, ball))
    body = Body(tmp_path / "body")
    computed = ["computed/lung_zone.l", "computed/lung_zone.r"]
    assert [s.mesh for s in body.structures] == sorted([*names, *computed])
    assert [s.id for s in body.structures] == list(range(1, 9))
    left = body.by_mesh["muscles/biceps_brachii.l.0"]
    assert left.pair is not None
    assert body.by_id[left.pair].mesh == "muscles/biceps_brachii.r.0"
    assert body.by_mesh["skeleton/sacrum"].pair is None
    vertices, faces = body.mesh("muscles/soleus.l")
    np.testing.assert_allclose(vertices, ball[0], atol=1e-5)
    np.testing.assert_array_equal(faces, ball[1])


@pytest.mark.parametrize(
    ("mesh", "name", "note", "part", "label"),
    [
        ("muscles/trapezius.l.1", "trapezius", "descending part (upper) of left trapezius", "1",
         "Trapezius, descending part"),
        ("muscles/gluteus_medius.r", "gluteus_medius", "right gluteus medius", "", "Gluteus medius"),
        ("muscles/bucinator.l", "bucinator", "", "", "Buccinator"),
        ("muscles/spinalis_colli.l", "spinalis_colli", "spinalis", "", "Spinalis cervicis"),
        ("muscles/dorsal_interossei_muscles_of_foot.l.0", "dorsal_interossei_muscles_of_foot", "", "0",
         "Dorsal interosseous 1 of foot"),
        ("skeleton/fifth_rib.l", "Fifth rib", "", "", "Rib 5"),
        ("skeleton/d.l", "Distal phalanx of first finger of hand", "", "",
         "Distal phalanx of thumb"),
        ("connective/d", "Intervertebral disk of fifth lumbar vertebra", "", "", "Intervertebral disc L5/S1"),
        ("arteries/s~1", "set of plantar digital arteries proper", "", "", "Plantar digital arteries proper"),
        ("arteries/c~1", "set of calcaneal branches of posterior tibial artery", "", "",
         "Artery at the hip (misnamed in the source body)"),
        ("connective/i.l", "Interosseous membrane of left leg", "", "", "Interosseous membrane of leg"),
    ],
)  # fmt: skip
def test_labels_are_readable_and_without_the_side(mesh, name, note, part, label) -> None:
    row = {"id": mesh, "system": mesh.split("/")[0], "name": name, "note": note, "part": part, "side": "left"}
    assert labels_of([row]) == {mesh: label}


def test_numbers_in_a_series_count_from_the_thumb() -> None:
    rows = [
        {"id": f"muscles/lumbrical_muscles_of_hand.l.{k}", "system": "muscles",
         "name": "lumbrical_muscles_of_hand", "note": "", "part": str(k), "side": "left",
         "xmin": str(x), "xmax": str(x)}
        for k, x in enumerate((240, 260, 277, 292))
    ]  # fmt: skip
    assert labels_of(rows)["muscles/lumbrical_muscles_of_hand.l.3"] == "Lumbrical 1 of hand"


def test_the_comparison_allows_a_border_pixel_and_no_more() -> None:
    ids = np.zeros((300, 300), np.uint16)
    ids[100:200, 100:200] = 5
    border, inner = ids.copy(), ids.copy()
    border[100, 150] = 0
    inner[150, 150] = 9
    assert id_difference(ids, ids) is None
    assert id_difference(ids, border) is None
    assert "border" in str(id_difference(ids, inner))
    picture = np.full((200, 300, 4), 200, np.uint8)
    noise = np.random.default_rng(1).integers(-3, 4, (200, 300, 1))
    noisy, shifted, holed = picture.copy(), picture.copy(), picture.copy()
    noisy[..., :3] = picture[..., :3] + noise
    shifted[40:120, 40:120, 0] += 3
    holed[50:60, 50:60] = 0
    assert picture_difference(picture, noisy) is None
    assert "square" in str(picture_difference(picture, shifted))
    assert "pixels" in str(picture_difference(picture, holed))
    assert picture_difference(picture, picture[:100]) is not None

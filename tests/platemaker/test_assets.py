"""The committed assets/body: complete, true to its manifest, true to the contract."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from platemaker import settings
from platemaker.visible import GHOST_PX, INNER, ghosts, sights

HERE = (settings.ASSETS / "manifest.json").is_file()
pytestmark = pytest.mark.skipif(not HERE, reason="assets/body has not been made")


@cache
def manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((settings.ASSETS / "manifest.json").read_text(encoding="utf-8"))
    return content


def arrays(path: str) -> dict[str, np.ndarray]:
    with np.load(settings.ASSETS / path, allow_pickle=False) as data:
        return dict(data)


PLATES = [p["id"] for p in manifest()["plates"] if not p["mirrored_from"]] if HERE else []
WHOLE = ("front", "back", "left", "right")
BUDGET = 85e6  # bytes of assets/body


def plate(name: str) -> dict[str, Any]:
    return next(p for p in manifest()["plates"] if p["id"] == name)


def test_every_file_has_its_checksum_and_none_is_missing_or_extra() -> None:
    for path, entry in manifest()["files"].items():
        content = (settings.ASSETS / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], path
        assert len(content) == entry["bytes"]
    there = {p.relative_to(settings.ASSETS).as_posix() for p in settings.ASSETS.rglob("*") if p.is_file()}
    assert there == set(manifest()["files"]) | {"manifest.json"}


def test_the_size_of_all_files_is_bounded() -> None:
    assert sum(entry["bytes"] for entry in manifest()["files"].values()) <= BUDGET


def test_every_muscle_has_an_outline_and_a_sprite_on_some_plate() -> None:
    muscles = {s["id"]: s["mesh"] for s in manifest()["structures"] if s["system"] == "muscles"}
    assert len(muscles) == 660
    outlined: set[int] = set()
    pictured: set[int] = set()
    for entry in manifest()["plates"]:
        outlined |= set(arrays(entry["outlines"])["structure"].tolist())
        with zipfile.ZipFile(settings.ASSETS / entry["sprites"]) as archive:
            pictured |= {int(name.split(".")[0]) for name in archive.namelist() if name.endswith(".webp")}
    assert [muscles[i] for i in sorted(set(muscles) - outlined)] == []
    assert [muscles[i] for i in sorted(set(muscles) - pictured)] == []


def test_ids_are_those_of_sorted_meshes_and_pairs_are_mutual() -> None:
    structures = manifest()["structures"]
    assert [s["mesh"] for s in structures] == sorted(s["mesh"] for s in structures)
    by_id = {s["id"]: s for s in structures}
    for s in structures:
        if s["pair"]:
            other = by_id[s["pair"]]
            assert other["pair"] == s["id"]
            assert {s["side"], other["side"]} == {"left", "right"}
            assert other["label"] == s["label"]


@pytest.mark.parametrize("name", PLATES)
def test_layers_have_their_size_and_known_ids(name: str) -> None:
    entry = plate(name)
    known = {s["id"] for s in manifest()["structures"]} | {0}
    width, height = entry["size"]
    assert entry["layers"][0]["id"] == "skin"
    for layer in entry["layers"]:
        ids = arrays(layer["ids"])["ids"]
        assert ids.dtype == np.uint16
        assert ids.shape == (height, width)
        assert set(np.unique(ids).tolist()) <= known
        with Image.open(settings.ASSETS / layer["picture"]) as image:
            assert image.size == (width, height)
            assert image.mode == "RGBA"
            alpha = np.asarray(image)[..., 3]
        # The picture and the map agree: opaque where there is a structure, clear where there is none.
        assert (alpha[ids > 0] > 0).mean() > 0.9999
        assert (alpha[ids == 0] < 255).mean() > 0.9999


@pytest.mark.parametrize("name", PLATES)
def test_sprites_lie_where_their_outlines_lie(name: str) -> None:
    entry = plate(name)
    table = arrays(entry["outlines"])
    (a, _, c), (_, e, f) = entry["affine"]
    start, points = table["start"], table["points"]
    assert start[0] == 0
    assert start[-1] == len(points)
    assert len(start) == len(table["structure"]) + 1
    with zipfile.ZipFile(settings.ASSETS / entry["sprites"]) as archive:
        rects = json.loads(archive.read("rects.json"))
        for k, number in enumerate(table["structure"].tolist()):
            col, row, width, height, _ = rects[str(number)]
            ring = points[start[k] : start[k + 1]]
            cols, rows = (ring[:, 0] - c) / a, (ring[:, 1] - f) / e
            assert col - 2 <= cols.min() <= cols.max() <= col + width + 2
            assert row - 2 <= rows.min() <= rows.max() <= row + height + 2
        number, (_, _, width, height, scale) = next(iter(rects.items()))
        with Image.open(io.BytesIO(archive.read(f"{number}.webp"))) as image:
            assert image.size == (width // scale, height // scale)


@pytest.mark.parametrize("name", PLATES)
def test_depth_regions_and_dots_keep_the_contract(name: str) -> None:
    entry = plate(name)
    depth = arrays(entry["depth"])
    inside = ~np.isnan(depth["entry"])
    assert (depth["entry"][inside] >= depth["exit"][inside] - 0.1).all()
    regions = arrays(entry["regions"])
    values = {r["value"] for r in manifest()["regions"]} | {0}
    assert set(np.unique(regions["ids"]).tolist()) <= values
    assert regions["affine"].shape == (2, 3)
    dots = arrays(entry["dots"])
    assert len(dots["points"]) == len(dots["region"]) == len(dots["rank"])
    # Enough for a dense stipple: a dot for every 30 mm2 of skin at least.
    area = float((regions["ids"] > 0).sum()) * float(regions["mm_per_px"].item()) ** 2
    assert area / len(dots["points"]) < 30
    (a, _, c), (_, e, f) = regions["affine"]
    cols = np.rint((dots["points"][:, 0] - c) / a).astype(int)
    rows = np.rint((dots["points"][:, 1] - f) / e).astype(int)
    # A dot carries the region of the map under it, but for those that stand on a border or a fold.
    assert (regions["ids"][rows, cols] == dots["region"]).mean() > 0.93


def test_front_and_back_are_not_mirrored() -> None:
    """The liver side aside, the body tells left from right by its ids: +x is the subject's left."""
    sides = {s["id"]: s["side"] for s in manifest()["structures"]}
    for name, left_is_right_half in (("front", True), ("back", False)):
        ids = arrays(plate(name)["layers"][1]["ids"])["ids"]
        half = ids[:, ids.shape[1] // 2 :] if left_is_right_half else ids[:, : ids.shape[1] // 2]
        found = [sides[i] for i in half[half > 0].tolist()[::97]]
        assert found.count("left") > 20 * found.count("right")


def shown(name: str, layer: str) -> set[str]:
    """Names of what covers more than a speck of a layer."""
    meshes = {s["id"]: s["mesh"] for s in manifest()["structures"]}
    path = next(k["ids"] for k in plate(name)["layers"] if k["id"] == layer)
    ids, counts = np.unique(arrays(path)["ids"], return_counts=True)
    return {
        meshes[i].split("/")[1].split(".")[0]
        for i, n in zip(ids.tolist(), counts, strict=True)
        if i and n > 200
    }


def test_the_layers_show_what_lies_under_the_large_muscles() -> None:
    back = shown("back", "intermediate")
    assert {"rhomboid_major", "levator_scapulae", "supraspinatus", "infraspinatus", "teres_minor"} <= back
    assert {"piriformis", "soleus", "semispinalis_capitis", "quadratus_femoris"} <= back
    assert not {"trapezius", "latissimus_dorsi", "deltoid", "gluteus_maximus", "gastrocnemius"} & back
    deep = shown("back", "deep")
    assert {
        "rotatores",
        "quadratus_lumborum",
        "gluteus_minimus",
        "infraspinatus",
        "tibialis_posterior",
    } <= deep
    assert not {"rhomboid_major", "longissimus_thoracis", "gluteus_medius", "soleus"} & deep
    assert {"pectoralis_minor", "serratus_anterior", "vastus_intermedius"} <= shown("front", "intermediate")
    assert {"psoas_major", "iliacus", "quadratus_lumborum", "diaphragm"} <= shown("front", "deep")
    assert "serratus_anterior" in shown("left", "superficial")
    assert "rectus_abdominis" in shown("front", "superficial")
    for name in WHOLE:
        assert "platysma" not in shown(name, "superficial")


def test_all_named_muscles_are_clearly_visible_or_shown_as_a_ghost() -> None:
    found, alone = sights(settings.ASSETS), ghosts(settings.ASSETS)
    assert len(found) == 206
    nowhere = {}
    for name, seen in found.items():
        if any(s.clear for s in seen):
            continue
        ghost = alone.get(name, ("", 0))
        if name not in INNER or ghost[1] < GHOST_PX:
            nowhere[name] = (seen[:1], ghost)
    assert nowhere == {}


def test_right_plates_are_the_left_ones_in_a_mirror_or_computed() -> None:
    plates = {p["id"]: p for p in manifest()["plates"]}
    for p in plates.values():
        if p["counterpart"]:
            other = plates[p["counterpart"]]
            assert other["counterpart"] == p["id"]
            assert {p["side"], other["side"]} == {"left", "right"}
        if p["mirrored_from"]:
            # What is not the same on both sides is never mirrored.
            assert p["group"] not in ("whole", "thorax", "abdomen")
            assert all(k["picture"].startswith(f"{p['id']}/") for k in p["overlays"])
            assert all(k["picture"].startswith(f"{p['mirrored_from']}/") for k in p["layers"])


def test_overlays_have_ids_of_their_systems_where_they_are_drawn() -> None:
    systems = {s["id"]: s["system"] for s in manifest()["structures"]}
    wanted = {
        "organs": "organs", "lung-zone": "computed", "nerves": "nerves", "arteries": "arteries",
        "veins": "veins", "bone-outline": "skeleton", "attachments": "attachments",
    }  # fmt: skip
    for p in manifest()["plates"]:
        for overlay in p["overlays"]:
            ids = arrays(overlay["ids"])["ids"]
            assert {systems[i] for i in np.unique(ids).tolist() if i} == {wanted[overlay["id"]]}
            col, row, width, height = overlay["rect"]
            assert ids.shape == (height // overlay["scale"], width // overlay["scale"])
            assert 0 <= col < col + width <= p["size"][0]
            assert 0 <= row < row + height <= p["size"][1]
            with Image.open(settings.ASSETS / overlay["picture"]) as image:
                assert image.size == ids.shape[::-1]
                alpha = np.asarray(image.convert("RGBA"))[..., 3]
            assert (alpha[ids > 0] > 10).mean() > 0.97


def test_the_lung_zone_is_drawn_on_every_plate_of_trunk_and_neck() -> None:
    with_lungs = {p["id"] for p in manifest()["plates"] for k in p["overlays"] if k["id"] == "lung-zone"}
    trunk = {
        p["id"] for p in manifest()["plates"] if p["group"] in ("whole", "thorax", "shoulder", "abdomen")
    }
    assert trunk <= with_lungs
    assert {"head-front", "head-left", "head-right", "head-back"} <= with_lungs


def test_the_liver_is_on_the_right_of_every_plate() -> None:
    """Organs are never mirrored."""
    number = next(s["id"] for s in manifest()["structures"] if s["mesh"] == "organs/liver")
    for p in manifest()["plates"]:
        for overlay in p["overlays"]:
            if overlay["id"] != "organs" or abs(p["axes"]["right"][0]) < 0.5:
                continue
            ids = arrays(overlay["ids"])["ids"]
            cols = np.flatnonzero((ids == number).any(axis=0)) * overlay["scale"] + overlay["rect"][0]
            if len(cols):
                x = (p["affine"][0][0] * cols + p["affine"][0][2]) * p["axes"]["right"][0]
                assert x.min() < 0 or x.max() < 60


def test_every_region_is_visible_somewhere() -> None:
    seen: dict[int, float] = {}
    opposite = {(r["region"], r["side"]): r["value"] for r in manifest()["regions"]}
    other = {
        r["value"]: opposite[r["region"], {"left": "right", "right": "left", "mid": "mid"}[r["side"]]]
        for r in manifest()["regions"]
    }
    for p in manifest()["plates"]:
        table = arrays(p["regions"])
        values, counts = np.unique(table["ids"], return_counts=True)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            if value:
                number = other[value] if p["mirrored_from"] else value
                seen[number] = max(seen.get(number, 0.0), count * float(table["mm_per_px"].item()) ** 2)
    hidden = [r for r in manifest()["regions"] if seen.get(r["value"], 0.0) < 80.0]
    assert hidden == []

"""Contact sheets: all that is in ``assets/body`` at a glance, to be looked at by people."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from platemaker.manifest import read_manifest
from platemaker.visible import ghosts

BACKGROUND = (24, 30, 38)
INK = (226, 232, 240)
THUMB_HEIGHT = 520  # px of a layer on a sheet
CAPTION = 22
WHOLE_HEIGHT = 800
DETAIL_PX = 420
QUALITY = 80
GHOST_CELL = (168, 190)
GHOSTS_A_ROW = 14
#: Details shown at full size: plate, layer and the upper left corner in plate mm.
DETAILS = (
    ("front", "superficial", (-105.0, 1705.0)),
    ("front", "superficial", (135.0, 940.0)),
    ("back", "superficial", (-210.0, 1460.0)),
    ("back", "deep", (-20.0, 1010.0)),
    ("left", "superficial", (-110.0, 1400.0)),
)


def contact_sheets(assets: Path, out: Path) -> None:
    """JPEGs: one of each group of plates with all layers, one of details, one of all ghosts."""
    manifest = read_manifest(assets)
    out.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for plate in manifest["plates"]:
        if not plate["mirrored_from"]:
            groups[plate["group"]].append(plate)
    for group, plates in groups.items():
        height = WHOLE_HEIGHT if group == "whole" else THUMB_HEIGHT
        _below([_plateside_by_side(assets, plate, height) for plate in plates]).save(
            out / f"{group}.jpg", quality=QUALITY, optimize=True
        )
    side_by_side(_details(assets, manifest)).save(out / "details.jpg", quality=QUALITY, optimize=True)
    ghosts_sheet(assets).save(out / "ghosts.jpg", quality=QUALITY, optimize=True)
    for path in sorted(out.glob("*.jpg")):
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


def on_slate(path: Path) -> Image.Image:
    """A picture of the assets before the stage's colour."""
    with Image.open(path) as picture:
        rgba = picture.convert("RGBA")
    slate = Image.new("RGBA", rgba.size, (*BACKGROUND, 255))
    slate.alpha_composite(rgba)
    return slate.convert("RGB")


def _plateside_by_side(assets: Path, plate: dict[str, Any], height: int) -> Image.Image:
    """All layers of a plate side by side, then its bones with every overlay."""
    pictures = [(k["title"], on_slate(assets / k["picture"])) for k in plate["layers"]]
    if plate["overlays"]:
        pictures.append(("all overlays", _overlaid(assets, plate, pictures[-1][1])))
    tiles = []
    for title, picture in pictures:
        # Flat plates would make wide tiles: both sides are bounded.
        scale = min(height / picture.height, 1.2 * height / picture.width)
        small = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
        )
        tile = Image.new("RGB", (small.width + 6, height + CAPTION), BACKGROUND)
        tile.paste(small, (3, CAPTION))
        ImageDraw.Draw(tile).text((5, 4), f"{plate['id']}: {title}", INK, ImageFont.load_default(12))
        tiles.append(tile)
    return side_by_side(tiles)


def _overlaid(assets: Path, plate: dict[str, Any], ground: Image.Image) -> Image.Image:
    shown = ground.convert("RGBA")
    for overlay in plate["overlays"]:
        col, row, width, height = overlay["rect"]
        with Image.open(assets / overlay["picture"]) as picture:
            part = picture.convert("RGBA").resize((width, height))
        shown.alpha_composite(part, (col, row))
    return shown.convert("RGB")


def _details(assets: Path, manifest: dict[str, Any]) -> list[Image.Image]:
    shown = {plate["id"]: plate for plate in manifest["plates"]}
    crops = []
    for name, layer, (u, v) in DETAILS:
        path = next(k["picture"] for k in shown[name]["layers"] if k["id"] == layer)
        (a, _, c), (_, e, f) = shown[name]["affine"]
        col, row = round((u - c) / a), round((v - f) / e)
        crops.append(on_slate(assets / path).crop((col, row, col + DETAIL_PX, row + DETAIL_PX)))
    return crops


def ghosts_sheet(assets: Path) -> Image.Image:
    """Every muscle alone, left and right, before the dimmed bones of the plate that shows it largest."""
    manifest = read_manifest(assets)
    plates = {plate["id"]: plate for plate in manifest["plates"]}
    numbers: dict[str, list[str]] = defaultdict(list)
    for s in manifest["structures"]:
        if s["system"] == "muscles":
            numbers[s["name"]].append(str(s["id"]))
    best = ghosts(assets)
    bones: dict[str, Image.Image] = {}
    width, height = GHOST_CELL
    rows = -(-len(best) // GHOSTS_A_ROW)
    sheet = Image.new("RGB", (GHOSTS_A_ROW * width, rows * height), BACKGROUND)
    for k, (name, (plate_id, _)) in enumerate(sorted(best.items())):
        plate = plates[plate_id]
        if plate_id not in bones:
            bones[plate_id] = on_slate(assets / plate["layers"][-1]["picture"]).point(lambda x: x // 3 + 16)
        cell = _ghost(assets / plate["sprites"], numbers[name], bones[plate_id])
        cell.thumbnail((width - 8, height - 26), Image.Resampling.LANCZOS)
        left, top = (k % GHOSTS_A_ROW) * width, (k // GHOSTS_A_ROW) * height
        sheet.paste(cell, (left + (width - cell.width) // 2, top + 4))
        draw = ImageDraw.Draw(sheet)
        words = name.replace("_", " ").replace(" muscles", "").replace(" muscle", "")
        draw.text(
            (left + width // 2, top + height - 18), words[:30], INK, ImageFont.load_default(10), anchor="mt"
        )
        draw.text((left + 4, top + 2), plate_id, (140, 150, 165), ImageFont.load_default(9))
    return sheet


def _ghost(pack_path: Path, numbers: list[str], ground: Image.Image) -> Image.Image:
    """All heads of a muscle over the dimmed bones, cut to their surroundings."""
    shown = ground.convert("RGBA")
    boxes = []
    with zipfile.ZipFile(pack_path) as pack:
        rects: dict[str, list[int]] = json.loads(pack.read("rects.json"))
        for number in numbers:
            if number not in rects:
                continue
            col, row, width, height, _ = rects[number]
            with Image.open(io.BytesIO(pack.read(f"{number}.webp"))) as picture:
                shown.alpha_composite(picture.convert("RGBA").resize((width, height)), (col, row))
            boxes.append((col, row, col + width, row + height))
    table = np.array(boxes)
    low, high = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    pad = max(20, int(0.15 * (high - low).max()))
    low, high = np.maximum(low - pad, 0), np.minimum(high + pad, ground.size)
    return shown.convert("RGB").crop((int(low[0]), int(low[1]), int(high[0]), int(high[1])))


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Pictures in a row, their tops in line."""
    sheet = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)), BACKGROUND)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet


def _below(pictures: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (max(p.width for p in pictures), sum(p.height for p in pictures)), BACKGROUND)
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height
    return sheet

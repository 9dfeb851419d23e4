"""Pictures for checking by eye: regions in colours, plates side by side."""

from __future__ import annotations

import colorsys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from platemaker.layers import PLATES, Plate
from platemaker.manifest import read_manifest
from platemaker.products import plate_raster, region_map
from platemaker.render import cast
from platemaker.workshop import Workshop

BACKGROUND = (24, 30, 38)
SHEET_STEP = 0.75  # mm a pixel
SHEET_HEIGHT = 900  # px of a plate on a contact sheet
DETAIL_PX = 420
#: Details shown at full size: plate, layer and the upper left corner in plate mm.
DETAILS = (
    ("front", "superficial", (-105.0, 1705.0)),
    ("front", "superficial", (135.0, 940.0)),
    ("back", "superficial", (-210.0, 1460.0)),
    ("back", "deep", (-20.0, 1010.0)),
    ("left", "superficial", (-110.0, 1400.0)),
)


def regions_sheet(shop: Workshop, out: Path) -> None:
    """All regions in distinct colours with their ids, on every plate's skin, as one PNG."""
    pictures = [_coloured(shop, plate) for plate in PLATES]
    out.parent.mkdir(parents=True, exist_ok=True)
    _row(pictures).save(out)
    missing = len(shop.region_values) - len(
        {int(v) for plate in PLATES for v in np.unique(region_map(shop, plate)) if v}
    )
    print(
        f"{out}: {len(shop.regions)} regions with an area; {missing} of their sides are not seen on any plate"
    )


def contact_sheets(assets: Path, out: Path) -> None:
    """JPEGs that show what is in ``assets``: every layer of every plate, and details at full size."""
    manifest = read_manifest(assets)
    out.mkdir(parents=True, exist_ok=True)
    for plate in manifest["plates"]:
        pictures = [_on_slate(assets / layer["picture"]) for layer in plate["layers"]]
        small = [
            p.resize((p.width * SHEET_HEIGHT // p.height, SHEET_HEIGHT), Image.Resampling.LANCZOS)
            for p in pictures
        ]
        _row(small).save(out / f"{plate['id']}.jpg", quality=80, optimize=True)
    shown = {plate["id"]: plate for plate in manifest["plates"]}
    crops = []
    for name, layer, (u, v) in DETAILS:
        if name not in shown:
            continue
        path = next(k["picture"] for k in shown[name]["layers"] if k["id"] == layer)
        (a, _, c), (_, e, f) = shown[name]["affine"]
        col, row = round((u - c) / a), round((v - f) / e)
        crops.append(_on_slate(assets / path).crop((col, row, col + DETAIL_PX, row + DETAIL_PX)))
    if crops:
        _row(crops).save(out / "details.jpg", quality=78, optimize=True)
    for path in sorted(out.glob("*.jpg")):
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


def _on_slate(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        rgba = picture.convert("RGBA")
    slate = Image.new("RGBA", rgba.size, (*BACKGROUND, 255))
    slate.alpha_composite(rgba)
    return slate.convert("RGB")


def _row(pictures: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)), BACKGROUND)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet


def _coloured(shop: Workshop, plate: Plate) -> Image.Image:
    values = region_map(shop, plate, SHEET_STEP)
    mesh, scene = shop.skin_scene(plate)
    raster = plate_raster(plate, SHEET_STEP)
    hits = cast(scene, raster)
    normal = mesh.normals[mesh.faces[np.maximum(hits.face, 0), 0]] @ raster.axes.T.astype(np.float32)
    light = np.clip(normal @ np.array([-0.35, 0.5, 0.79], np.float32), 0, 1) * 0.65 + 0.35
    found = (hits.face >= 0).reshape(values.shape)
    table = np.array([(0.62, 0.60, 0.58), *(_hue(v.region) for v in shop.region_values)])
    colour = table[values] * light.reshape(*values.shape, 1)
    border = found & ((values != np.roll(values, 1, 0)) | (values != np.roll(values, 1, 1)))
    colour[border] *= 0.35
    rgb = np.where(found[..., None], np.rint(255 * colour), BACKGROUND).astype(np.uint8)
    picture = Image.fromarray(rgb)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(11)
    for value in shop.region_values:
        place = _middle(values == value.value)
        if place:
            draw.text(
                place[::-1],
                value.region,
                fill="black",
                font=font,
                anchor="mm",
                stroke_width=2,
                stroke_fill="white",
            )
    return picture


def _hue(name: str) -> tuple[float, float, float]:
    number = sum((k + 1) * ord(c) for k, c in enumerate(name))
    return colorsys.hsv_to_rgb((number * 0.61803) % 1.0, 0.35 + 0.3 * ((number // 7) % 3) / 2, 0.95)


def _middle(mask: npt.NDArray[np.bool_]) -> tuple[int, int] | None:
    """(row, column) of the innermost pixel of a mask, None when it is empty or tiny."""
    if mask.sum() < 30:
        return None
    rows, cols = np.nonzero(mask)
    r0, c0 = rows.min(), cols.min()
    part = np.pad(mask[r0 : rows.max() + 1, c0 : cols.max() + 1], 1)
    inner = ndimage.distance_transform_edt(part)
    row, col = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(row + r0 - 1), int(col + c0 - 1)

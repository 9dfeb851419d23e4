"""The pain regions in colours with their ids, for checking by eye."""

from __future__ import annotations

import colorsys
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from platemaker.contact import side_by_side
from platemaker.layers import VIEWS, Box, Window
from platemaker.rays import Scene
from platemaker.regions import Value, firmness, on_armless, region_at
from platemaker.render import Raster, cast
from platemaker.skin import Skin
from platemaker.workshop import Workshop

BACKGROUND = (24, 30, 38)


@dataclass(frozen=True)
class Sight:
    """A look at the regions: ``window`` in plate mm (u and v, low and high), ``within`` a box of the skin."""

    title: str
    view: str
    window: Window
    mm_per_px: float
    armless: bool = False
    within: Box | None = None


#: Boxes (x, y and z from and to, mm) round parts of the left side, so that nothing stands before them.
HAND = (195.0, 400.0, 650.0, 900.0, -200.0, 200.0)
ARM = (180.0, 400.0, 840.0, 1420.0, -200.0, 200.0)
INNER_ARM = (168.0, 400.0, 840.0, 1185.0, -200.0, 200.0)
FOOT = (0.0, 200.0, 0.0, 130.0, -200.0, 200.0)
LEG = (0.0, 200.0, 0.0, 830.0, -200.0, 200.0)
PELVIS = (-190.0, 190.0, 750.0, 1000.0, -200.0, 200.0)
CHIN = (-90.0, 90.0, 1440.0, 1560.0, -20.0, 130.0)
CROWN = (-100.0, 100.0, 1600.0, 1800.0, -200.0, 200.0)

#: The rows of the regions sheet. Every region is large enough to be named on one of them.
SIGHTS = (
    (
        Sight("Front", "front", (-360, 360, 0, 1720), 0.9),
        Sight("Back", "back", (-360, 360, 0, 1720), 0.9),
        Sight("Left, without the arm", "left", (-160, 190, 0, 1720), 0.9, armless=True),
        Sight("Left leg, inner side", "right", (-160, 190, 0, 860), 0.9, within=LEG),
        Sight("Left arm, outer side", "left", (-40, 125, 840, 1420), 0.5, within=ARM),
        Sight("Left arm, inner side", "right", (-125, 40, 840, 1200), 0.5, within=INNER_ARM),
        Sight("Trunk, front", "front", (-30, 260, 750, 1480), 0.45),
        Sight("Trunk, back", "back", (-260, 30, 750, 1480), 0.45),
    ),
    (
        Sight("Head, front", "front", (-105, 105, 1440, 1715), 0.34),
        Sight("Head, left", "left", (-130, 130, 1440, 1715), 0.34),
        Sight("Head, back", "back", (-105, 105, 1440, 1715), 0.34),
        Sight("Under the chin", "below", (-75, 75, -20, 120), 0.4, within=CHIN),
        Sight("Top of the head", "above", (-90, 90, -120, 110), 0.4, within=CROWN),
        Sight("Trunk, left", "left", (-160, 190, 950, 1460), 0.6, armless=True),
    ),
    (
        Sight("Left hand, palm", "front", (215, 345, 690, 900), 0.3, within=HAND),
        Sight("Left hand, back", "back", (-345, -215, 690, 900), 0.3, within=HAND),
        Sight("Left hand, thumb side", "left", (-115, 35, 690, 900), 0.3, within=HAND),
        Sight("Left foot, above", "above", (-160, -35, -120, 160), 0.32, within=FOOT),
        Sight("Left foot, below", "below", (35, 160, -120, 160), 0.32, within=FOOT),
        Sight("Left foot, outer side", "left", (-160, 120, 0, 150), 0.42, within=LEG),
        Sight("Left foot, inner side", "right", (-120, 160, 0, 150), 0.42, within=LEG),
        Sight("Pelvis, below", "below", (-120, 120, -150, 130), 0.5, within=PELVIS),
    ),
)
SHEET_BYTES = 1_500_000
BIG_ENOUGH = 14  # px: radius of the circle inside a region from which its name is written
MARGIN = 14  # px


def regions_sheet(shop: Workshop, out: Path) -> None:
    """All regions in distinct colours with their ids, in the looks of :data:`SIGHTS`; a PNG or a small JPEG.

    A region is named wherever it is large, and at least where it is seen largest.
    """
    whole, armless = shop.skins.whole, shop.skins.armless
    values = shop.region_values
    of_whole = shop.skin_regions
    of_armless = on_armless(armless.vertices, armless.faces, whole.vertices, of_whole, values)
    skins = {False: whole, True: armless}
    label = {False: of_whole, True: of_armless}
    firm = {k: firmness(skins[k].faces, label[k]) for k in skins}
    looks = [
        [(k, *_look(skins[k.armless], k, label[k.armless], firm[k.armless])) for k in row] for row in SIGHTS
    ]
    area = np.stack(
        [np.bincount(seen.ravel(), minlength=len(values) + 1) for row in looks for _, seen, _ in row]
    )
    largest = iter(np.arange(len(area))[:, None] == area.argmax(axis=0))
    rows = [side_by_side([_coloured(*look, values, next(largest)) for look in row]) for row in looks]
    sheet = Image.new("RGB", (max(r.width for r in rows), sum(r.height for r in rows)), BACKGROUND)
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() in (".jpg", ".jpeg"):
        out.write_bytes(_small_jpeg(sheet))
    else:
        sheet.save(out)
    unseen = sorted({v.region for v in values if not area[:, v.value].any() and v.side != "right"})
    print(f"{out}: {len(shop.regions)} regions with an area; not seen on the sheet: {unseen or 'none'}")


def _small_jpeg(sheet: Image.Image) -> bytes:
    """The sheet as a JPEG of at most ``SHEET_BYTES``, as good as that allows."""
    content = b""
    for quality in (88, 82, 76, 70, 60, 50):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True)
        content = buffer.getvalue()
        if len(content) <= SHEET_BYTES:
            break
    return content


def _look(
    skin: Skin, sight: Sight, label: npt.NDArray[np.uint16], firm: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.float32]]:
    """Region value and brightness (height, width) of the skin that a sight shows; brightness 0 is nothing."""
    faces = skin.faces
    if sight.within:
        low, high = np.array(sight.within).reshape(3, 2).T
        middle = skin.vertices[faces].mean(axis=1)
        faces = faces[((middle > low) & (middle < high)).all(axis=1)]
    raster = Raster(VIEWS[sight.view].axes, sight.window, sight.mm_per_px)
    hits = cast(Scene(skin.vertices, faces), raster)
    found = np.flatnonzero(hits.face >= 0)
    corners = faces[hits.face[found]]
    weight = np.stack([1 - hits.u[found] - hits.v[found], hits.u[found], hits.v[found]], axis=1)
    seen = np.zeros(len(hits.face), np.uint16)
    seen[found] = region_at(label, firm, corners, weight)
    normal = np.einsum("kc,kcx->kx", weight, skin.normals[corners]) @ raster.axes.T
    light = np.zeros(len(hits.face), np.float32)
    light[found] = np.clip(normal @ np.array([-0.35, 0.5, 0.79]), 0, 1) * 0.6 + 0.4
    # The inside of the skin, where a box cuts it open, is not what the sight is about.
    inside = found[normal[:, 2] < 0]
    light[inside] = 0.0
    seen[inside] = 0
    return seen.reshape(raster.shape), light.reshape(raster.shape)


def _coloured(
    sight: Sight,
    seen: npt.NDArray[np.uint16],
    light: npt.NDArray[np.float32],
    values: list[Value],
    largest: npt.NDArray[np.bool_],
) -> Image.Image:
    """The picture of a sight with its title; ``largest`` says by value what is seen largest here."""
    table = np.array([(0.62, 0.60, 0.58), *(_hue(v.region) for v in values)])
    colour = table[seen] * light[..., None]
    found = light > 0
    border = found & ((seen != np.roll(seen, 1, 0)) | (seen != np.roll(seen, 1, 1)))
    colour[border] *= 0.35
    rgb = np.where(found[..., None], np.rint(255 * colour), BACKGROUND).astype(np.uint8)
    height, width = seen.shape
    picture = Image.new("RGB", (width + 2 * MARGIN, height + 2 * MARGIN + 22), BACKGROUND)
    picture.paste(Image.fromarray(rgb), (MARGIN, MARGIN + 22))
    draw = ImageDraw.Draw(picture)
    draw.text((MARGIN, 8), sight.title, fill=(225, 228, 232), font=ImageFont.load_default(18))
    for value in values:
        place = _middle(seen == value.value)
        # The right side looks the same: its names would only be in the way.
        if place and value.side != "right" and (largest[value.value] or place[2] >= BIG_ENOUGH):
            draw.text(
                (place[1] + MARGIN, place[0] + MARGIN + 22),
                value.region,
                fill="black",
                font=ImageFont.load_default(11),
                anchor="mm",
                stroke_width=2,
                stroke_fill="white",
            )
    return picture


def _hue(name: str) -> tuple[float, float, float]:
    number = sum((k + 1) * ord(c) for k, c in enumerate(name))
    return colorsys.hsv_to_rgb((number * 0.61803) % 1.0, 0.35 + 0.3 * ((number // 7) % 3) / 2, 0.95)


def _middle(mask: npt.NDArray[np.bool_]) -> tuple[int, int, float] | None:
    """(row, column) of the innermost pixel of a mask and its distance to the rim, None for an empty mask."""
    if not mask.any():
        return None
    rows, cols = np.nonzero(mask)
    r0, c0 = rows.min(), cols.min()
    part = np.pad(mask[r0 : rows.max() + 1, c0 : cols.max() + 1], 1)
    inner = ndimage.distance_transform_edt(part)
    row, col = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(row + r0 - 1), int(col + c0 - 1), float(inner[row, col])

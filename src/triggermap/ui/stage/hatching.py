"""Hazard zones as a picture: each kind hatched in its own way and colour, within a rim.

The picture is made in a thread, for a zoom: lines keep their width on the screen, to within a factor of
the square root of two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.masks import Mask, masks_of
from triggermap.body.plates import Body, Plate
from triggermap.ui.stage.items import Item, premultiplied
from triggermap.ui.stage.pictures import Picture, PictureStore, Rect
from triggermap.ui.stage.sheets import paint_flipped
from triggermap.ui.stage.zones import Kind, Zone
from triggermap.ui.theme import Theme

Floats = NDArray[np.float32]
_FINENESS = 2.0  # cells of the picture a pixel of the screen, across
_REPEAT_PX = 11.0
_LINE_PX = 1.7
_EDGE_PX = 1.2  # of the dark edge on either side of a line: it is seen on skin and on muscle
_RIM_PX = 1.7
_TINT = 0.26  # of the dark that lies under the lines; what is below stays visible
_EDGE = 0.75
_THIN = ("vessel", "nerve")
_WHOLE = ("lung",)  # shown as far as it goes, wherever the chosen point lies
_FULL_MM, _GONE_MM = 70.0, 115.0  # from a chosen point: so far a zone is shown in full, so far at all
_AFAR_MM = 1.2  # a pixel: from farther away nerves and vessels are too thin for lines and rims
_AFAR = 0.8  # how strong they are there


@dataclass(frozen=True, slots=True)
class Colors:
    """The colour (RGB) of each kind, and of the dark under it."""

    kinds: tuple[tuple[Kind, int], ...]
    ground: int

    def of(self, kind: Kind) -> QColor:
        """The colour of a kind."""
        return QColor.fromRgb(dict(self.kinds)[kind])


def colors_of(theme: Theme) -> Colors:
    """The colours of the kinds on the stage."""
    named: tuple[tuple[Kind, str], ...] = (
        ("lung", theme.hazard_lung),
        ("organ", theme.hazard_organ),
        ("vessel", theme.hazard_vessel),
        ("nerve", theme.hazard_nerve),
        ("spine", theme.hazard_spine),
    )
    return Colors(tuple((kind, QColor(color).rgb()) for kind, color in named), QColor(theme.stage).rgb())


def zoom_step(mm_per_pixel: float) -> float:
    """The zoom (mm a pixel) for which a picture is made: a power of two near to the one asked for."""
    return float(2.0 ** round(log2(max(mm_per_pixel, 1e-3))))


class HatchedPicture(Picture):
    """A picture of zones, with places inside (N, 2; plate mm) of each zone that has a name."""

    def __init__(self, image: QImage, rect: Rect, places: dict[str, Floats]) -> None:
        self.rect = rect
        self.levels = [image]
        self.places = places


@dataclass(frozen=True, slots=True)
class Hatching:
    """Zones on a plate, hatched for a zoom (mm a pixel) at an interface scale.

    ``ratio`` is how many pixels of the screen make one of the window.
    """

    plate_id: str
    zones: tuple[Zone, ...]
    zoom: float
    ratio: float
    scale: float
    colors: Colors
    plate: Plate = field(compare=False, repr=False)
    body: Body = field(compare=False, repr=False)

    def load(self, _inputs: tuple[Picture, ...]) -> HatchedPicture:
        parts: list[tuple[Zone, Kind, list[Mask]]] = []
        places: dict[str, Floats] = {}
        for zone in self.zones:
            own = [(zone, kind, masks_of(self.plate, self.body, numbers)) for kind, numbers in zone.parts]
            parts += reversed(own)  # what is thin lies over what is wide
            own_places = [mask.places() for _, _, masks in own for mask in masks]
            if zone.name and own_places:
                places[zone.name] = _near(np.concatenate(own_places), zone)
        every = [mask for _, _, masks in parts for mask in masks]
        if not every:
            return HatchedPicture(QImage(), (0, 0, 0, 0), {})
        cell = max(self.zoom / _FINENESS / self.ratio, self.plate.mm_per_px)
        pixel = self.zoom / cell  # cells
        rect = _frame(every, cell, margin=ceil(6 * self.scale * pixel))
        left, bottom, width, height = rect
        shape = round(height / cell), round(width / cell)
        picture = np.zeros((*shape, 4), np.float32)
        # The worst comes first and is painted last, over what lies beside it.
        for zone, kind, masks in reversed(parts):
            if masks:
                inside = np.zeros(shape, np.float32)
                for mask in masks:
                    _lay(inside, mask, cell, left, bottom + height)
                shown = _thinning(zone, kind, shape, cell, left, bottom + height)
                first = round(left / cell), round((bottom + height) / cell)
                self._hatch(picture, kind, inside, shown, pixel, *first)
        picture *= 255.0
        np.rint(picture, out=picture)
        return HatchedPicture(premultiplied(picture.astype(np.uint8)), rect, places)

    def _hatch(
        self,
        picture: Floats,
        kind: Kind,
        inside: Floats,
        shown: Floats | None,
        pixel: float,
        first_col: int,
        first_row: int,
    ) -> None:
        """Lay a zone, given as how much of each cell it covers (0..1), over a premultiplied BGRA picture.

        ``shown`` is how strong it is at each cell; None for the same everywhere.
        """
        rows, cols = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        if not len(rows):
            return
        size = pixel * self.scale
        afar = kind in _THIN and self.zoom > _AFAR_MM
        room = ceil((_RIM_PX + _EDGE_PX) * size) + 1
        part = (
            slice(max(rows[0] - room, 0), rows[-1] + 1 + room),
            slice(max(cols[0] - room, 0), cols[-1] + 1 + room),
        )
        inside = inside[part]
        if afar:
            bright, under = _AFAR * inside, np.zeros_like(inside)
        else:
            rim = _grown(inside, _RIM_PX * size)
            edge = _grown(rim, _EDGE_PX * size)
            line, dark = lines(kind, _REPEAT_PX * size, _LINE_PX * size, _EDGE_PX * size)
            at = np.ix_(
                (np.arange(inside.shape[0]) + part[0].start - first_row) % line.shape[0],
                (np.arange(inside.shape[1]) + part[1].start + first_col) % line.shape[1],
            )
            bright = np.maximum(rim - inside, inside * line[at])
            under = np.maximum(_EDGE * (edge - inside), inside * np.maximum(_TINT, _EDGE * dark[at]))
            under *= 1.0 - bright
        if shown is not None:
            bright, under = bright * shown[part], under * shown[part]
        kept = picture[part]
        kept *= (1.0 - bright - under)[..., None]
        kept += bright[..., None] * _bgra(self.colors.of(kind))
        kept += under[..., None] * _bgra(QColor.fromRgb(self.colors.ground))


def _away(points: Floats, zone: Zone) -> Floats:
    """How far places (N, 2; plate mm) are from the nearest one for which a zone is shown."""
    gaps = [np.hypot(points[:, 0] - u, points[:, 1] - v) for u, v in zone.around]
    nearest: Floats = np.minimum.reduce(gaps).astype(np.float32)
    return nearest


def _near(points: Floats, zone: Zone) -> Floats:
    """The places at which a zone is well seen; all of them where none is."""
    if not zone.around or zone.kind in _WHOLE:
        return points
    near = points[_away(points, zone) < _FULL_MM]
    return near if len(near) else points


def _thinning(
    zone: Zone, kind: Kind, shape: tuple[int, int], cell: float, left: float, top: float
) -> Floats | None:
    """How strong a zone is at each cell (0..1): a bowel that fills the belly must not hide the plate."""
    if not zone.around or kind in _WHOLE:
        return None
    x = left + (np.arange(shape[1], dtype=np.float32) + 0.5) * cell
    y = top - (np.arange(shape[0], dtype=np.float32) + 0.5) * cell
    away = np.minimum.reduce([np.hypot(x[None, :] - u, y[:, None] - v) for u, v in zone.around])
    strong: Floats = np.clip((_GONE_MM - away) / (_GONE_MM - _FULL_MM), 0.0, 1.0).astype(np.float32)
    return strong


def lines(kind: Kind, repeat: float, line: float, edge: float) -> tuple[Floats, Floats]:
    """One repeat of a kind's lines and of the dark under them (0..1), both square; lengths are in cells."""
    side = max(round(repeat), 4)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    rising, falling = np.abs((x + y) % side - side / 2), np.abs((x - y) % side - side / 2)
    half = side / 2
    away = {
        "lung": rising / 2**0.5,
        "organ": falling / 2**0.5,
        "spine": np.minimum(rising, falling) / 2**0.5,
        "nerve": np.abs(y % half - half / 2),
        "vessel": np.abs(x % half - half / 2),
    }[kind]
    bright = np.clip(line / 2 + 0.5 - away, 0.0, 1.0)
    dark = np.clip(line / 2 + edge + 0.5 - away, 0.0, 1.0)
    return bright.astype(np.float32), dark.astype(np.float32)


def swatch(kind: Kind, colors: Colors, size: int, scale: float) -> QImage:
    """A sample of a kind's hatching, ``size`` px square, as it looks on the stage."""
    line, _ = lines(kind, _REPEAT_PX * scale, _LINE_PX * scale, 0.0)
    at = np.arange(size) % line.shape[0]
    bright = line[np.ix_(at, at)].copy()
    rim = max(round(1.2 * scale), 1)
    bright[:rim] = bright[-rim:] = bright[:, :rim] = bright[:, -rim:] = 1.0
    ground = _bgra(QColor.fromRgb(colors.ground))
    pixels = ground + bright[..., None] * (_bgra(colors.of(kind)) - ground)
    return premultiplied(np.rint(pixels * 255.0).astype(np.uint8))


class HatchItem(Item):
    """Shows a picture of zones over the plate, its layers and its ghosts."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self.picture: HatchedPicture | None = None

    def set_picture(self, picture: HatchedPicture | None) -> None:
        """Show a picture over its rectangle, or nothing."""
        if picture is self.picture:
            return
        self.picture = picture
        self.set_bounds(picture.rect if picture is not None and picture.rect else (0, 0, 0, 0))
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.picture is not None:
            paint_flipped(painter, self.picture.levels[0], self._bounds)


class Hatcher:
    """Keeps an item hatched. A picture comes from a thread; until then the one of another zoom stays."""

    def __init__(self, z: float, store: PictureStore) -> None:
        self.item = HatchItem(z)
        self._store = store
        self._wanted: Hatching | None = None
        self._shown: Hatching | None = None

    @property
    def settled(self) -> bool:
        """True once what is wanted is on show, or known to be broken."""
        return self._wanted in (None, self._shown) or self._store.answered(self._wanted)

    def show(self, wanted: Hatching | None) -> None:
        """Show zones, or none; those of another place vanish at once."""
        shown = self._shown
        if shown is not None and (
            wanted is None or (wanted.plate_id, wanted.zones) != (shown.plate_id, shown.zones)
        ):
            self._shown = None
            self.item.set_picture(None)
        self._wanted = wanted
        self.take()

    def take(self) -> None:
        """Take the wanted picture, if it is there; else ask for it."""
        if self._wanted is not None and self._wanted != self._shown:
            picture = self._store.get(self._wanted)
            if isinstance(picture, HatchedPicture):
                self._shown = self._wanted
                self.item.set_picture(picture)


def _frame(masks: list[Mask], cell: float, margin: int) -> Rect:
    """The rectangle (mm) that holds all masks, on whole cells that begin at the plate's zero."""
    rects = [mask.grid.rect for mask in masks]
    left = floor(min(rect[0] for rect in rects) / cell) - margin
    bottom = floor(min(rect[1] for rect in rects) / cell) - margin
    right = ceil(max(rect[0] + rect[2] for rect in rects) / cell) + margin
    top = ceil(max(rect[1] + rect[3] for rect in rects) / cell) + margin
    return left * cell, bottom * cell, (right - left) * cell, (top - bottom) * cell


def _lay(inside: Floats, mask: Mask, cell: float, left: float, top: float) -> None:
    """Add to a picture of coverage (0..1) what a mask covers of its cells."""
    rect = mask.grid.rect
    grey = np.ascontiguousarray(mask.cells).view(np.uint8) * np.uint8(255)
    rows, cols = grey.shape
    image = QImage(grey.data, cols, rows, cols, QImage.Format.Format_Grayscale8)
    wide, high = max(round(rect[2] / cell), 1), max(round(rect[3] / cell), 1)
    scaled = image.scaled(
        QSize(wide, high), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(scaled.constBits(), np.uint8).reshape(high, scaled.bytesPerLine())[:, :wide]
    cover = flat.astype(np.float32) / 255.0
    if cell < rect[2] / cols:
        cover = np.clip((cover - 0.5) * 3.0 + 0.5, 0.0, 1.0)  # finer than its cells: a clear edge again
    row, col = round((top - rect[1] - rect[3]) / cell), round((rect[0] - left) / cell)
    place = inside[row : row + high, col : col + wide]
    np.maximum(place, cover[: place.shape[0], : place.shape[1]], out=place)


def _grown(cover: Floats, by: float) -> Floats:
    """A picture of coverage grown by some cells all round, in eight corners: nearly a circle."""
    whole, rest = divmod(by, 1.0)
    for number in range(int(whole)):
        cover = _grown_by_one(cover, corners=number % 2 == 1)
    if rest > 0.05:
        cover = np.maximum(cover, np.float32(rest) * _grown_by_one(cover, corners=False))
    return cover


def _grown_by_one(cover: Floats, *, corners: bool) -> Floats:
    grown = cover.copy()
    np.maximum(grown[1:], cover[:-1], out=grown[1:])
    np.maximum(grown[:-1], cover[1:], out=grown[:-1])
    if corners:
        cover = grown.copy()
    np.maximum(grown[:, 1:], cover[:, :-1], out=grown[:, 1:])
    np.maximum(grown[:, :-1], cover[:, 1:], out=grown[:, :-1])
    return grown


def _bgra(color: QColor) -> Floats:
    return np.array([color.blueF(), color.greenF(), color.redF(), 1.0], np.float32)

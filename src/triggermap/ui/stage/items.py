"""What is painted on the stage. Every item paints from plain values given to it; none reads state.

Coordinates are plate millimetres with y up. Sizes of strokes, marks and type are device pixels, so
that they read the same at every zoom.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.hit import Mark
from triggermap.ui.stage.frame import Frame
from triggermap.ui.stage.pictures import Picture, Rect
from triggermap.ui.stage.sheets import Painted, Veil, paint_flipped, paint_picture, paint_stack

_DOT_MARGIN_MM = 4.0
_RIM_PX = 4.0  # room round a text for its rim
_SPARSE_MM = 1.1  # a pixel wider than this on the body: dots are left out, or they would run together
_CROWDED_PX = 20.0  # an X whose centre is nearer to the chosen one is drawn as a spot
_FINEST_DOT_MM = 0.2  # nearer than this the dots are drawn larger, not finer


class Item(pg.GraphicsObject):
    """Base: an item over a fixed rectangle that takes no mouse events."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._bounds = QRectF()

    def set_bounds(self, rect: Rect) -> None:
        """The area on which the item may paint, in plate mm."""
        self.prepareGeometryChange()
        self._bounds = QRectF(*rect)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        # Hit testing never asks the scene.
        return QPainterPath()


class BackdropItem(Item):
    """The plate and what lies on it: as one picture, or sheet by sheet until there is one."""

    def __init__(self, z: float, ground: QColor) -> None:
        super().__init__(z)
        self.plate = ""
        self._ground = ground
        self._stack: Painted = []
        self._flat: Picture | None = None
        self._frame = Frame()

    def set_ground(self, color: QColor) -> None:
        """Take another colour of the stage."""
        self._ground = color
        self.update()

    def set_stack(self, plate: str, rect: Rect, stack: Painted, flat: Picture | None) -> None:
        """Show sheets over ``rect`` of a plate (mm); ``flat`` is one picture of all of them, if there is."""
        if QRectF(*rect) != self._bounds:
            self.set_bounds(rect)
        if (plate, stack, flat) == (self.plate, self._stack, self._flat):
            return
        self.plate, self._stack, self._flat = plate, stack, flat
        self._frame.clear()
        self.update()

    @property
    def pictures(self) -> list[Picture]:
        """What is shown, the lowest first."""
        return [sheet[1] for sheet in self._stack if not isinstance(sheet, Veil)]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if widget is None:
            self._paint_stack(painter)
            return
        transform, ratio = painter.worldTransform(), painter.device().devicePixelRatio()
        frame = self._frame.shown(widget.size(), ratio, transform, self._ground, self._paint_stack)
        area = transform.mapRect(self._bounds).toAlignedRect().intersected(widget.rect())
        painter.save()
        painter.setWorldTransform(QTransform())
        source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(QRectF(area), frame, source)
        painter.restore()

    def _paint_stack(self, painter: QPainter) -> None:
        if self._flat is not None:
            paint_picture(painter, self._flat, self._bounds)
        else:
            paint_stack(painter, self._stack, self._bounds)


class ImageItem(Item):
    """A small computed image (the essential zone) over a rectangle of the plate."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._image: QImage | None = None

    def set_image(self, image: QImage | None, rect: Rect = (0, 0, 0, 0)) -> None:
        """Show an image over ``rect`` (plate mm), or nothing."""
        self._image = image
        self.set_bounds(rect)
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._image is not None:
            paint_flipped(painter, self._image, self._bounds)


class OutlineItem(Item):
    """Silhouettes as a coloured line with a bright rim."""

    def __init__(self, z: float, color: QColor, rim: QColor | None, width: float) -> None:
        super().__init__(z)
        self._rings: list[np.ndarray] = []
        self._path = QPainterPath()
        self._detail = 0.0
        self._color = color
        self._rim = rim
        self._width = width

    def set_rings(self, rings: list[np.ndarray]) -> None:
        """Show closed rings (N, 2) in plate mm; none hides the item."""
        self._rings = rings
        self._detail = 0.0
        margin = 12.0  # mm: room for the stroke at any sensible zoom
        self.prepareGeometryChange()
        self._bounds = QRectF()
        for ring in rings:
            low, high = ring.min(0), ring.max(0)
            box = QRectF(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
            self._bounds = self._bounds.united(box.adjusted(-margin, -margin, margin, margin))
        self.update()

    def _path_for(self, pixel: float) -> QPainterPath:
        """The rings without points that no pixel tells apart: stroking is what a selection costs most."""
        if not 0.5 * self._detail < pixel <= self._detail:
            self._detail = pixel * 1.4
            self._path = QPainterPath()
            for ring in self._rings:
                self._path.addPolygon(polygon(_thinned(ring, self._detail)))
                self._path.closeSubpath()
        return self._path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._rings:
            return
        pixel = 1.0 / max(abs(painter.worldTransform().m11()), 1e-6)
        path = self._path_for(pixel)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._rim is not None:
            # The rim needs no smooth edge, and costs a fifth without one.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(_line(self._rim, (self._width + 2.4) * pixel))
            painter.drawPath(path)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_line(self._color, self._width * pixel))
        painter.drawPath(path)


def _thinned(ring: np.ndarray, step: float) -> np.ndarray:
    """Every point of a ring (N, 2) that is at least about ``step`` mm along from the one before."""
    along = np.cumsum(np.hypot(*np.diff(ring, axis=0, prepend=ring[:1]).T))
    kept = np.flatnonzero(np.diff(np.floor(along / step), prepend=-1.0))
    return ring[kept] if len(kept) > 3 else ring


def polygon(points: np.ndarray) -> QPolygonF:
    """Plate points (N, 2) as a polygon, without a Python loop."""
    if not len(points):
        return QPolygonF()
    x, y = np.asarray(points, np.float64).T
    result: QPolygonF = pg.functions.arrayToQPolygonF(x, y)
    return result


def _line(color: QColor, width: float) -> QPen:
    """A pen for long outlines: bevelled joins are a third cheaper than round ones, and look the same."""
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)


def _pen(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


class DotsItem(Item):
    """The stipple of a spillover zone, stamped into a picture of the zoom's own resolution.

    Two thousand round points cost a painter 15 ms; the same dots as one picture cost one.
    """

    def __init__(self, z: float, color: QColor, rim: QColor) -> None:
        super().__init__(z)
        self._points = np.zeros((0, 2), np.float32)
        self._order = np.zeros(0, np.float32)
        self._color = color
        self._rim = rim
        self._image: QImage | None = None
        self._cell = 0.0

    def set_points(self, points: np.ndarray, order: np.ndarray) -> None:
        """Show dots at these places (N, 2), plate mm; seen from afar only the first in ``order`` (0..1)."""
        self._points, self._order = points, order
        self._image = None
        self.prepareGeometryChange()
        self._bounds = QRectF()
        if len(points):
            low, high = points.min(0) - _DOT_MARGIN_MM, points.max(0) + _DOT_MARGIN_MM
            self._bounds = QRectF(float(low[0]), float(low[1]), *(float(v) for v in high - low))
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not len(self._points):
            return
        pixel = max(1.0 / max(abs(painter.worldTransform().m11()), 1e-6), _FINEST_DOT_MM)
        if self._image is None or not 0.9 < pixel / self._cell < 1.1:
            self._image, self._cell = self._stamped(pixel), pixel
        paint_flipped(painter, self._image, self._bounds)

    def _stamped(self, cell: float) -> QImage:
        """All dots as one premultiplied picture with cells of ``cell`` mm."""
        # About 1.9 mm on the body, never so small on the screen that the back row loses them.
        radius = max(0.95 / cell, 1.35)
        stamp = self._stamp(radius)
        reach = stamp.shape[0] // 2
        points = self._points[self._order < _SPARSE_MM / cell]
        width = int(np.ceil(self._bounds.width() / cell))
        height = int(np.ceil(self._bounds.height() / cell))
        pixels = np.zeros((height + 2 * reach + 2, width + 2 * reach + 2, 4), np.uint8)
        col = np.rint((points[:, 0] - self._bounds.left()) / cell - 0.5).astype(np.int64)
        row = np.rint((self._bounds.bottom() - points[:, 1]) / cell - 0.5).astype(np.int64)
        for dy in range(stamp.shape[0]):
            for dx in range(stamp.shape[1]):
                at = (row + dy + 1, col + dx + 1)
                pixels[at] = np.maximum(pixels[at], stamp[dy, dx])
        part = np.ascontiguousarray(pixels[reach + 1 : reach + 1 + height, reach + 1 : reach + 1 + width])
        return premultiplied(part)

    def _stamp(self, radius: float) -> np.ndarray:
        """One dot with its dark rim, (k, k, 4) BGRA premultiplied."""
        reach = int(np.ceil(radius + 1.2))
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        away = np.hypot(x, y)
        inner = np.clip(radius + 0.5 - away, 0.0, 1.0)[..., None]
        outer = np.clip(radius + 1.2 - away, 0.0, 1.0)[..., None]
        ink, rim = _bgr(self._color), _bgr(self._rim)
        color = ink * inner + rim * np.clip(outer - inner, 0.0, 1.0) * 0.8
        alpha = np.clip(inner + np.clip(outer - inner, 0.0, 1.0) * 0.8, 0.0, 1.0) * 255.0
        result: np.ndarray = np.rint(np.concatenate([color, alpha], axis=2)).astype(np.uint8)
        return result


def _bgr(color: QColor) -> np.ndarray:
    return np.array([color.blue(), color.green(), color.red()], np.float64)


def premultiplied(pixels: np.ndarray) -> QImage:
    """A contiguous (height, width, 4) uint8 array, BGRA premultiplied, as a picture of its own."""
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the array goes away, the picture stays


class MarksItem(Item):
    """Trigger points: a white-haloed X with its number, as in the classic charts.

    Where harm can be life-threatening the X carries a warning triangle.
    """

    def __init__(self, z: float, halo: QColor, ink: QColor, selected: QColor, danger: QColor) -> None:
        super().__init__(z)
        self._marks: tuple[Mark, ...] = ()
        self._hovered: int | None = None
        self._halo, self._ink, self._selected, self._danger = halo, ink, selected, danger
        self._font = QFont()
        self._scale = 1.0

    def set_marks(self, marks: tuple[Mark, ...], font: QFont, scale: float) -> None:
        """Show these marks; ``scale`` is that of the interface (1 = 100 %)."""
        # Marks grow less than the type: at 200 % they would hide the place that they mark.
        self._marks, self._font, self._scale = marks, QFont(font), scale**0.5
        self._font.setPixelSize(round(13 * scale))
        self._font.setBold(True)
        self._hovered = None
        self.update()

    def set_hovered(self, index: int | None) -> None:
        """Grow the mark under the pointer."""
        if index != self._hovered:
            self._hovered = index
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        transform = painter.worldTransform()
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        places = [transform.map(QPointF(mark.u, mark.v)) for mark in self._marks]
        chosen = [at for at, mark in zip(places, self._marks, strict=True) if mark.selected]
        spots = [
            any((at - other).manhattanLength() < _CROWDED_PX * self._scale for other in chosen)
            for at in places
        ]
        for index, (at, mark) in enumerate(zip(places, self._marks, strict=True)):
            # Before the crosses and their numbers, of which it must hide none.
            if mark.grave:
                is_spot = spots[index] and not (mark.selected or index == self._hovered)
                self._paint_warning(painter, at, mark, is_spot)
        for index, (at, mark) in enumerate(zip(places, self._marks, strict=True)):
            hovered = index == self._hovered
            if spots[index] and not (mark.selected or hovered):
                self._paint_spot(painter, at)
            else:
                self._paint_mark(painter, at, mark, hovered)
        painter.restore()

    def _paint_spot(self, painter: QPainter, at: QPointF) -> None:
        """A neighbour of the chosen X, seen from so far that both would run together."""
        painter.setPen(_pen(self._halo, 3.0 * self._scale))
        painter.setBrush(self._ink)
        painter.drawEllipse(at, 4.0 * self._scale, 4.0 * self._scale)

    def _paint_mark(self, painter: QPainter, at: QPointF, mark: Mark, hovered: bool) -> None:
        arm = (8.5 if mark.selected or hovered else 6.5) * self._scale
        cross = QPainterPath()
        cross.moveTo(at + QPointF(-arm, -arm))
        cross.lineTo(at + QPointF(arm, arm))
        cross.moveTo(at + QPointF(-arm, arm))
        cross.lineTo(at + QPointF(arm, -arm))
        if mark.selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_pen(self._selected, 2.0 * self._scale))
            painter.drawEllipse(at, arm * 2.1, arm * 2.1)
        painter.setPen(_pen(self._halo, 6.5 * self._scale))
        painter.drawPath(cross)
        painter.setPen(_pen(self._ink, 3.0 * self._scale))
        painter.drawPath(cross)
        halo_text(
            painter, at + QPointF(arm + 5 * self._scale, -arm * 0.55), mark.label, self._ink, self._halo
        )

    def _paint_warning(self, painter: QPainter, place: QPointF, mark: Mark, is_spot: bool) -> None:
        """A triangle with an exclamation mark beside an X: what is done here can be life-threatening."""
        if is_spot:
            at, reach = place + QPointF(0.0, -11.0 * self._scale), 5.5 * self._scale
        else:
            # Off the arms of the X, and on the ring of the chosen one.
            away = (14.5 if mark.selected else 12.0) * self._scale
            at, reach = place + QPointF(-away, -away), (7.8 if mark.selected else 6.2) * self._scale
        triangle = QPainterPath(at + QPointF(0.0, -reach))
        triangle.lineTo(at + QPointF(reach * 1.08, reach * 0.82))
        triangle.lineTo(at + QPointF(-reach * 1.08, reach * 0.82))
        triangle.closeSubpath()
        painter.setPen(_pen(self._halo, reach * 0.7))
        painter.drawPath(triangle)
        painter.setPen(_pen(self._danger, reach * 0.3))
        painter.setBrush(self._danger)
        painter.drawPath(triangle)
        painter.setPen(_pen(self._halo, max(reach * 0.26, 1.5)))
        painter.drawLine(at + QPointF(0.0, -reach * 0.36), at + QPointF(0.0, reach * 0.16))
        painter.drawPoint(at + QPointF(0.0, reach * 0.56))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def halo_text(painter: QPainter, at: QPointF, text: str, ink: QColor, halo: QColor) -> None:
    """Text with a rim, legible on anything; ``at`` is the left end of the baseline."""
    ratio = painter.device().devicePixelRatio()
    font = painter.font()
    stamp = _text_stamp(text, font.toString(), ink.rgba(), halo.rgba(), ratio)
    above = QFontMetricsF(font).ascent() + _RIM_PX
    # On whole pixels, or the stamp would be blurred.
    left, top = round((at.x() - _RIM_PX) * ratio) / ratio, round((at.y() - above) * ratio) / ratio
    painter.drawImage(QPointF(left, top), stamp)


@lru_cache(maxsize=512)
def _text_stamp(text: str, font_words: str, ink: int, halo: int, ratio: float) -> QImage:
    """The text as a picture: stroking its rim costs a millisecond for every few words."""
    font = QFont()
    font.fromString(font_words)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2 * _RIM_PX, metrics.height() + 2 * _RIM_PX
    image = QImage(ceil(width * ratio), ceil(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(QPointF(_RIM_PX, _RIM_PX + metrics.ascent()), font, text)
    painter.setPen(_pen(QColor.fromRgba(halo), 3.5))
    painter.drawPath(path)
    painter.fillPath(path, QColor.fromRgba(ink))
    painter.end()
    return image


class LabelsItem(Item):
    """Names on the plate, the largest structures first, none over another."""

    def __init__(self, z: float, ink: QColor, halo: QColor) -> None:
        super().__init__(z)
        self._labels: list[tuple[str, float, float]] = []
        self._ink, self._halo = ink, halo
        self._font = QFont()

    def set_labels(self, labels: list[tuple[str, float, float]], font: QFont, scale: float) -> None:
        """Names with their places (plate mm), in the order in which they claim room."""
        self._labels = labels
        self._font = QFont(font)
        self._font.setPixelSize(round(13 * scale))
        self._font.setWeight(QFont.Weight.DemiBold)
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._labels:
            return
        transform = painter.worldTransform()
        view = QRectF(painter.viewport())
        metrics = QFontMetricsF(self._font)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        taken: list[QRectF] = []
        for name, u, v in self._labels:
            at = transform.map(QPointF(u, v))
            width = metrics.horizontalAdvance(name)
            box = QRectF(at.x() - width / 2, at.y() - metrics.height() / 2, width, metrics.height())
            if not view.contains(box) or any(box.intersects(other) for other in taken):
                continue
            taken.append(box.adjusted(-6, -3, 6, 3))
            halo_text(painter, QPointF(box.left(), box.top() + metrics.ascent()), name, self._ink, self._halo)
        painter.restore()


class SpritesItem(Item):
    """Structures alone, drawn over whatever covers them."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._sprites: list[tuple[Picture, QRectF, float]] = []

    def set_sprites(self, sprites: list[tuple[Picture, float]]) -> None:
        """Show these pictures over their rectangles, each with its opacity."""
        shown = [(picture, QRectF(*picture.rect), opacity) for picture, opacity in sprites if picture.rect]
        if shown == self._sprites:
            return
        self._sprites = shown
        self.prepareGeometryChange()
        bounds = QRectF()
        for _, rect, _ in self._sprites:
            bounds = bounds.united(rect)
        self._bounds = bounds
        self.update()

    @property
    def count(self) -> int:
        """How many structures are ghosted."""
        return len(self._sprites)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        for picture, rect, opacity in self._sprites:
            paint_picture(painter, picture, rect, opacity)

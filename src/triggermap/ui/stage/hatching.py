"""Hazard zones as they are painted: hatched, with a rim, and named where there is room.

Each kind has a pattern and a colour of its own, and its name stands on it: none is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.contours import Shape
from triggermap.body.hit import Mark
from triggermap.ui.stage.items import Item, halo_text, polygon, thinned
from triggermap.ui.stage.zones import Kind
from triggermap.ui.theme import Theme

_MARGIN_MM = 12.0  # room for the rim at any sensible zoom
_TILE_PX = 12
_LINE_PX = 1.7
_EDGE_PX = 1.3  # of the dark edge on either side of a line: legible on skin and on muscle
_RIM_PX = 1.8
_TINT = 0.26  # of the ground that lies under the lines; what is below stays visible
_EDGE = 0.75
_FONT_PX = 13
_CLEAR_PX = 5.0
_FAR_PX = 26.0  # a name farther than this from its zone has a line to it
_STEPS = 6  # places across and down that are tried where a zone itself has no room


@dataclass(frozen=True)
class Hatched:
    """A kind's shape on the plate."""

    kind: Kind
    shape: Shape


@dataclass(frozen=True)
class Name:
    """A name to stand on a zone: one of the places inside (N, 2), plate mm, is near it."""

    text: str
    kind: Kind
    inside: np.ndarray


def colors_of(theme: Theme) -> dict[Kind, QColor]:
    """The colour of each kind on the stage."""
    return {
        "lung": QColor(theme.hazard_lung),
        "organ": QColor(theme.hazard_organ),
        "vessel": QColor(theme.hazard_vessel),
        "nerve": QColor(theme.hazard_nerve),
        "spine": QColor(theme.hazard_spine),
    }


def tile(kind: Kind, color: QColor, edge: QColor, scale: float, ratio: float = 1.0) -> QPixmap:
    """One repeat of a kind's hatching, ``ratio`` device pixels a pixel, at an interface scale."""
    size = round(_TILE_PX * scale * ratio)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    dark = QColor(edge)
    dark.setAlphaF(_EDGE)
    for ink, width in ((dark, _LINE_PX + 2 * _EDGE_PX), (color, _LINE_PX)):
        painter.setPen(QPen(ink, width * scale * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for start, end in _lines(kind):
            painter.drawLine(QPointF(*start) * size, QPointF(*end) * size)
    painter.end()
    return pixmap


def _lines(kind: Kind) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The lines of a tile of size 1; they go on in the next one."""
    rising = [((n - 0.5, 1.5), (n + 1.5, -0.5)) for n in (-1.0, 0.0, 1.0)]
    falling = [((n - 0.5, -0.5), (n + 1.5, 1.5)) for n in (-1.0, 0.0, 1.0)]
    if kind == "lung":
        return rising
    if kind == "organ":
        return falling
    if kind == "spine":
        return rising + falling
    if kind == "nerve":
        return [((-0.5, y), (1.5, y)) for y in (0.25, 0.75)]
    return [((x, -0.5), (x, 1.5)) for x in (0.25, 0.75)]


class HatchItem(Item):
    """Zones, each hatched in its kind's way within a rim, over whatever covers them."""

    def __init__(self, z: float, theme: Theme) -> None:
        super().__init__(z)
        self._zones: tuple[Hatched, ...] = ()
        self._paths: list[QPainterPath] = []
        self._detail = 0.0
        self._tiles: dict[tuple[Kind, float], QPixmap] = {}
        self._scale = 1.0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._colors, self._ground = colors_of(theme), QColor(theme.stage)
        self._tiles.clear()
        self.update()

    def set_zones(self, zones: Sequence[Hatched], scale: float) -> None:
        """Show these, the first one lowest; none hides the item."""
        if scale != self._scale:
            self._tiles.clear()
        self._zones, self._scale, self._detail = tuple(zones), scale, 0.0
        self.prepareGeometryChange()
        self._bounds = QRectF()
        for zone in self._zones:
            for ring in zone.shape.rings:
                low, high = ring.min(0), ring.max(0)
                box = QRectF(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
                self._bounds = self._bounds.united(
                    box.adjusted(-_MARGIN_MM, -_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
                )
        self.update()

    @property
    def zones(self) -> tuple[Hatched, ...]:
        """What is shown."""
        return self._zones

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._zones:
            return
        transform = painter.worldTransform()
        pixel = 1.0 / max(abs(transform.m11()), 1e-6)
        ratio = painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = QColor(self._ground)
        tint.setAlphaF(_TINT)
        edge = QColor(self._ground)
        edge.setAlphaF(_EDGE)
        # The pattern has the size of pixels and stays on the plate, so that it moves with it.
        sized = QTransform.fromScale(1.0 / transform.m11() / ratio, 1.0 / transform.m22() / ratio)
        for zone, path in zip(self._zones, self._paths_for(pixel), strict=True):
            painter.fillPath(path, tint)
            brush = QBrush(self._tile(zone.kind, ratio))
            brush.setTransform(sized)
            painter.fillPath(path, brush)
            wide = _RIM_PX * self._scale
            for color, width in ((edge, wide + 2 * _EDGE_PX * self._scale), (self._colors[zone.kind], wide)):
                join = Qt.PenJoinStyle.BevelJoin
                pen = QPen(color, width * pixel, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, join)
                painter.strokePath(path, pen)

    def _tile(self, kind: Kind, ratio: float) -> QPixmap:
        if (kind, ratio) not in self._tiles:
            self._tiles[kind, ratio] = tile(kind, self._colors[kind], self._ground, self._scale, ratio)
        return self._tiles[kind, ratio]

    def _paths_for(self, pixel: float) -> list[QPainterPath]:
        """The rings without points that no pixel tells apart."""
        if not 0.5 * self._detail < pixel <= self._detail:
            self._detail = pixel * 1.4
            self._paths = []
            for zone in self._zones:
                path = QPainterPath()
                for ring in zone.shape.rings:
                    path.addPolygon(polygon(thinned(ring, self._detail)))
                    path.closeSubpath()
                self._paths.append(path)
        return self._paths


class NamesItem(Item):
    """The names of zones, in view, near the chosen X, clear of marks and of what lies over the plate."""

    def __init__(self, z: float, theme: Theme) -> None:
        super().__init__(z)
        self._names: tuple[Name, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._covered: list[QRectF] = []
        self._font = QFont()
        self._scale = 1.0
        self.shown: dict[str, QRectF] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._colors, self._halo = colors_of(theme), QColor(theme.stage_panel)
        self.update()

    def set_names(self, names: Sequence[Name], marks: tuple[Mark, ...], font: QFont, scale: float) -> None:
        """Show these names; the first ones claim room first."""
        self._names, self._marks, self._scale = tuple(names), marks, scale
        self._font = QFont(font)
        self._font.setPixelSize(round(_FONT_PX * scale))
        self._font.setWeight(QFont.Weight.Bold)
        self.shown = {}
        self.update()

    def set_covered(self, covered: list[QRectF]) -> None:
        """What lies over the viewport (px): no name stands there."""
        if covered != self._covered:
            self._covered = covered
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._names:
            return
        transform = painter.worldTransform()
        metrics = QFontMetricsF(self._font)
        taken = [*self._covered, *self._mark_boxes(transform, metrics)]
        chosen = [transform.map(QPointF(mark.u, mark.v)) for mark in self._marks if mark.selected]
        view = QRectF(painter.viewport()).adjusted(4, 4, -4, -4)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        self.shown = {}
        for name in self._names:
            size = metrics.horizontalAdvance(name.text) + 2.0, metrics.height()
            points = _mapped(name.inside, transform)
            found = placed(points, size, chosen, taken, view)
            if found is None:
                continue
            box, anchor = found
            taken.append(box.adjusted(-_CLEAR_PX, -_CLEAR_PX, _CLEAR_PX, _CLEAR_PX))
            self.shown[name.text] = box
            color = self._colors[name.kind]
            if anchor is not None:
                self._paint_line(painter, box, anchor, color)
            baseline = QPointF(box.left() + 1.0, box.top() + metrics.ascent())
            halo_text(painter, baseline, name.text, color, self._halo)
        painter.restore()

    def _mark_boxes(self, transform: QTransform, metrics: QFontMetricsF) -> list[QRectF]:
        """The room that each X takes with its ring, its number and its hazard mark."""
        boxes = []
        for mark in self._marks:
            at, reach = (
                transform.map(QPointF(mark.u, mark.v)),
                (20.0 if mark.selected else 15.0) * self._scale**0.5,
            )
            wide = reach + 14.0 * self._scale**0.5 + metrics.horizontalAdvance(mark.label)
            boxes.append(QRectF(at.x() - reach - 8, at.y() - reach - 8, reach + 8 + wide, 2 * reach + 12))
        return boxes

    def _paint_line(self, painter: QPainter, box: QRectF, anchor: QPointF, color: QColor) -> None:
        start = QPointF(
            min(max(anchor.x(), box.left()), box.right()), min(max(anchor.y(), box.top()), box.bottom())
        )
        for ink, width in ((self._halo, 4.0), (color, 1.6)):
            painter.setPen(QPen(ink, width * self._scale**0.5))
            painter.drawLine(start, anchor)


def placed(
    points: np.ndarray,
    size: tuple[float, float],
    near: Sequence[QPointF],
    taken: Sequence[QRectF],
    view: QRectF,
) -> tuple[QRectF, QPointF | None] | None:
    """Where a name of a size (width, height) stands, and the place that a line goes to if it is far from it.

    ``points`` (N, 2) are the places of its zone, all in px. It stands on the zone or beside it, as near
    as it can to one of ``near``, in ``view`` and on none of ``taken``. None if the zone is out of view.
    """
    inside = points[
        (points[:, 0] >= view.left())
        & (points[:, 0] <= view.right())
        & (points[:, 1] >= view.top())
        & (points[:, 1] <= view.bottom())
    ]
    if not len(inside):
        return None
    targets = np.array([(at.x(), at.y()) for at in near]) if near else inside.mean(0, keepdims=True)
    away = np.hypot(*(inside[:, None] - targets[None]).transpose(2, 0, 1)).min(1)
    ordered = inside[np.argsort(away, kind="stable")]
    wide, high = size
    for x, y in ordered.tolist():
        for left in (x - wide / 2, x + 8.0, x - 8.0 - wide):
            box = QRectF(left, y - high / 2, wide, high)
            if _is_free(box, taken, view):
                return box, None
    return _beside(ordered, size, taken, view)


def _beside(
    points: np.ndarray, size: tuple[float, float], taken: Sequence[QRectF], view: QRectF
) -> tuple[QRectF, QPointF | None] | None:
    """A free place of the view as near as can be to the first of ``points``, with a line to it."""
    wide, high = size
    x0, y0 = (float(value) for value in points[0])
    across, down = (view.width() - wide) / _STEPS, (view.height() - high) / _STEPS
    boxes = [
        QRectF(view.left() + across * i, view.top() + down * j, wide, high)
        for i in range(_STEPS + 1)
        for j in range(_STEPS + 1)
    ]
    boxes.sort(key=lambda box: np.hypot(box.center().x() - x0, box.center().y() - y0))
    free = next((box for box in boxes if _is_free(box, taken, view)), boxes[0])
    return free, QPointF(x0, y0)


def _is_free(box: QRectF, taken: Sequence[QRectF], view: QRectF) -> bool:
    return view.contains(box) and not any(box.intersects(other) for other in taken)


def _mapped(points: np.ndarray, transform: QTransform) -> np.ndarray:
    """Plate places (N, 2) in pixels; the stage neither turns nor shears."""
    scale = np.array([transform.m11(), transform.m22()])
    moved: np.ndarray = points * scale + np.array([transform.dx(), transform.dy()])
    return moved

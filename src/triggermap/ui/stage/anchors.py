"""Deep regions on the stage: an icon in a ring with a name, since they have no area of skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, cos, hypot, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.hit import Mark
from triggermap.ui.icons import Icons
from triggermap.ui.stage.items import Item, halo_text
from triggermap.ui.stage.scene import Anchor

ICON_PX = 22.0
RING_PX = 17.0  # radius: the icon's corners stay inside
_LINE_PX = 2.6
_RIM_PX = 1.4
_GAP_PX = 4.0
_MARK_PX = 12.0  # half the room that the X of a trigger point is left
_PLACE_MM = 5.0  # about so much of the body round an anchor belongs to it
_DIRECTIONS = 16
_PUSHES = 100  # rounds until all signs stand apart; two take one


@dataclass(frozen=True, slots=True)
class Sign:
    """Where a deep region's sign stands (px): the middle of its ring, and its name's box if it has room."""

    at: QPointF
    name: QRectF | None


class AnchorsItem(Item):
    """A sign for each deep region: its ring is solid where the zone is essential, dashed for spillover.

    Signs that would lie on each other or on a trigger point stand apart, with a line to their places.
    """

    def __init__(self, z: float, icons: Icons, color: QColor, ink: QColor, halo: QColor) -> None:
        super().__init__(z)
        self._anchors: tuple[Anchor, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._icons = icons
        self._pixmaps: dict[tuple[str, int], QPixmap] = {}
        self._color, self._ink, self._halo = color, ink, halo
        self._font = QFont()
        self._scale = 1.0

    def set_anchors(
        self, anchors: tuple[Anchor, ...], marks: tuple[Mark, ...], font: QFont, scale: float
    ) -> None:
        """Show these, clear of ``marks``; ``scale`` is that of the interface (1 = 100 %)."""
        # Signs grow less than the type, as marks do: at 200 % they would hide what they mark.
        self._anchors, self._marks, self._scale = anchors, marks, scale**0.5
        self._font = QFont(font)
        self._font.setPixelSize(round(13 * scale))
        self._font.setWeight(QFont.Weight.DemiBold)
        self.update()

    @property
    def place(self) -> QRectF:
        """The part of the plate (mm) in which the anchors lie; empty without any."""
        place = QRectF()
        for anchor in self._anchors:
            place = place.united(_square(QPointF(anchor.u, anchor.v), _PLACE_MM))
        return place

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._anchors:
            return
        transform = painter.worldTransform()
        places = [transform.map(QPointF(anchor.u, anchor.v)) for anchor in self._anchors]
        crosses = [transform.map(QPointF(mark.u, mark.v)) for mark in self._marks]
        metrics = QFontMetricsF(self._font)
        sizes = [(metrics.horizontalAdvance(anchor.name), metrics.height()) for anchor in self._anchors]
        signs = arranged(places, sizes, crosses, QRectF(painter.viewport()), self._scale)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._font)
        for place, sign in zip(places, signs, strict=True):
            self._paint_line(painter, place, sign.at)
        for anchor, sign in zip(self._anchors, signs, strict=True):
            self._paint_sign(painter, anchor, sign.at)
        for anchor, sign in zip(self._anchors, signs, strict=True):
            if sign.name is not None:
                baseline = QPointF(sign.name.left(), sign.name.top() + metrics.ascent())
                halo_text(painter, baseline, anchor.name, self._ink, self._halo)
        painter.restore()

    def _paint_line(self, painter: QPainter, place: QPointF, at: QPointF) -> None:
        """From a sign that was moved to the place that it means."""
        if hypot(place.x() - at.x(), place.y() - at.y()) < RING_PX * self._scale:
            return  # the ring still holds it
        for color, width in ((self._halo, 2 * _LINE_PX), (self._color, 0.8 * _LINE_PX)):
            painter.setPen(QPen(color, width * self._scale))
            painter.drawLine(place, at)
            painter.setBrush(color)
            painter.drawEllipse(place, _LINE_PX * self._scale, _LINE_PX * self._scale)

    def _paint_sign(self, painter: QPainter, anchor: Anchor, at: QPointF) -> None:
        radius = RING_PX * self._scale
        ground = QColor(self._halo)
        ground.setAlphaF(0.45)  # from afar a ring can cover an essential zone: that must show through
        painter.setPen(QPen(self._halo, 2 * _LINE_PX * self._scale))
        painter.setBrush(ground)
        painter.drawEllipse(at, radius, radius)
        pen = QPen(self._color, _LINE_PX * self._scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not anchor.essential:
            # Ten dashes go round exactly, in units of the pen's width.
            dash = 2 * pi * RING_PX / _LINE_PX / 20
            pen.setDashPattern([dash, dash])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, radius, radius)
        ratio = painter.device().devicePixelRatio()
        pixmap = self._pixmap(anchor.icon, round(ICON_PX * self._scale * ratio))
        painter.drawPixmap(_square(at, pixmap.width() / 2 / ratio), pixmap, QRectF(pixmap.rect()))

    def _pixmap(self, icon: str, size: int) -> QPixmap:
        """The icon with a rim as halo, ``size`` px wide without it."""
        key = (icon, size)
        if key not in self._pixmaps:
            shape, rim = (self._icons.pixmap(f"deep-{icon}", c.name(), size) for c in (self._ink, self._halo))
            width = size * _RIM_PX / ICON_PX
            pixmap = QPixmap(size + 2 * ceil(width), size + 2 * ceil(width))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            middle = QPointF(ceil(width), ceil(width))
            for step in range(_DIRECTIONS):
                painter.drawPixmap(middle + _away(width, step), rim)
            painter.drawPixmap(middle, shape)
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]


def arranged(
    places: Sequence[QPointF],
    sizes: Sequence[tuple[float, float]],
    crosses: Sequence[QPointF],
    view: QRectF,
    scale: float,
) -> list[Sign]:
    """Where the signs of ``places`` stand, no ring over another and none on a cross (all in px).

    Names are ``sizes`` (width, height) large. Each stands beside its ring, on the first of the four
    sides where it is in ``view`` and on no ring, cross or other name; where there is none, it is left
    out until the user zooms in.
    """
    reach, cross = RING_PX * scale + _GAP_PX, _MARK_PX * scale
    rings = _apart(places, crosses, 2 * reach - _GAP_PX, reach + cross)
    taken = [*(_square(at, cross) for at in crosses), *(_square(at, reach) for at in rings)]
    signs: list[Sign] = []
    for at, (wide, high) in zip(rings, sizes, strict=True):
        level, middle = at.y() - high / 2, at.x() - wide / 2
        boxes = [
            QRectF(x, y, wide, high)
            for x, y in (
                (at.x() + reach, level),
                (at.x() - reach - wide, level),
                (middle, at.y() + reach),
                (middle, at.y() - reach - high),
            )
        ]
        seen = [box for box in boxes if view.contains(box)] or boxes
        name = next((box for box in seen if not any(box.intersects(other) for other in taken)), None)
        if name is not None:
            taken.append(name)
        signs.append(Sign(at, name))
    return signs


def _apart(
    places: Sequence[QPointF], crosses: Sequence[QPointF], between: float, from_cross: float
) -> list[QPointF]:
    """The places pushed ``between`` px apart, both of a pair alike, and ``from_cross`` px off crosses."""
    at = [QPointF(place) for place in places]
    for _ in range(_PUSHES):
        pushed = False
        for number, cross in product(range(len(at)), crosses):
            push = _push(cross, at[number], from_cross)
            at[number] += push
            pushed |= not push.isNull()
        for one, other in combinations(range(len(at)), 2):
            push = _push(at[one], at[other], between) * 0.5
            at[one] -= push
            at[other] += push
            pushed |= not push.isNull()
        if not pushed:
            break
    return at


def _push(first: QPointF, second: QPointF, wanted: float) -> QPointF:
    """What takes the second point ``wanted`` px away from the first, a little more; null if it is so far."""
    x, y = second.x() - first.x(), second.y() - first.y()
    far = hypot(x, y)
    if far >= wanted:
        return QPointF()
    short = wanted - far + 0.5
    return QPointF(x / far * short, y / far * short) if far > 1e-6 else QPointF(short, 0.0)


def _away(far: float, direction: int) -> QPointF:
    angle = 2 * pi * direction / _DIRECTIONS
    return QPointF(far * cos(angle), far * sin(angle))


def _square(at: QPointF, reach: float) -> QRectF:
    return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)

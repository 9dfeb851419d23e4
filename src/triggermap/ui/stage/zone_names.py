"""The names of hazard zones on the plate: in view, near the chosen X, clear of what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.hit import Mark
from triggermap.ui.stage.hatching import colors_of
from triggermap.ui.stage.items import Item, halo_text
from triggermap.ui.stage.zones import Kind
from triggermap.ui.theme import Theme

_FONT_PX = 13
_CLEAR_PX = 5.0
_OUTSIDE_PX = 50.0  # a name may stand so much farther from the X for an end of it to lie in its zone
_WIDEST = 0.8  # of the stage
_STEPS = 12  # places across and down that are tried where a zone itself has no room

Place = tuple[QRectF, QPointF | None]  # the box of a name, and where a line from it goes (px)


@dataclass(frozen=True)
class Name:
    """A name to stand on a zone: one of the places inside (N, 2), plate mm, is near it."""

    text: str
    kind: Kind
    inside: np.ndarray


class NamesItem(Item):
    """The names of zones, in view, near the chosen X, clear of marks and of what lies over the plate."""

    def __init__(self, z: float, theme: Theme) -> None:
        super().__init__(z)
        self._names: tuple[Name, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._covered: list[QRectF] = []
        self._font = QFont()
        self._scale = 1.0
        self._places: dict[str, Place | None] = {}
        self._transform = QTransform()
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
        self._places = {}
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
        transform, view = painter.worldTransform(), QRectF(painter.viewport()).adjusted(4, 4, -4, -4)
        metrics = QFontMetricsF(self._font)
        self._place(transform, view, metrics)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for name in self._names:
            place = self._places.get(name.text)
            if place is None:
                continue
            box, anchor = place
            color = self._colors.of(name.kind)
            if anchor is not None:
                self._paint_line(painter, box, anchor, color)
            baseline = QPointF(box.left() + 1.0, box.top() + metrics.ascent())
            halo_text(painter, baseline, self._cut(name.text, view, metrics), color, self._halo)
        painter.restore()

    @property
    def shown(self) -> dict[str, QRectF]:
        """Where the names were painted last (px); a name whose zone is out of view is not there."""
        return {text: place[0] for text, place in self._places.items() if place is not None}

    def _place(self, transform: QTransform, view: QRectF, metrics: QFontMetricsF) -> None:
        """Find a place for each name, or move all with the plate as long as they stay in view and free."""
        old, self._transform = self._transform, QTransform(transform)
        if self._places and old.m11() == transform.m11() and None not in self._places.values():
            way = QPointF(transform.dx() - old.dx(), transform.dy() - old.dy())
            moved: dict[str, Place | None] = {
                text: (place[0].translated(way), place[1] + way if place[1] is not None else None)
                for text, place in self._places.items()
                if place is not None
            }
            boxes = [place[0] for place in moved.values() if place is not None]
            if all(_is_free(box, self._covered, view) for box in boxes):
                self._places = moved
                return
        taken = [*self._covered, *self._mark_boxes(transform, metrics)]
        chosen = [transform.map(QPointF(mark.u, mark.v)) for mark in self._marks if mark.selected]
        self._places = {}
        for name in self._names:
            text = self._cut(name.text, view, metrics)
            size = metrics.horizontalAdvance(text) + 2.0, metrics.height()
            others = [_mapped(other.inside, transform) for other in self._names if other is not name]
            points = _mapped(name.inside, transform)
            place = placed(points, size, chosen, taken, view, others, at_any_cost=name is self._names[0])
            self._places[name.text] = place
            if place is not None:
                taken.append(place[0].adjusted(-_CLEAR_PX, -_CLEAR_PX, _CLEAR_PX, _CLEAR_PX))

    @staticmethod
    def _cut(text: str, view: QRectF, metrics: QFontMetricsF) -> str:
        """A name that would fill a narrow stage is cut; the dossier has the whole of it."""
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(view.width() * _WIDEST, 120.0))

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
    others: Sequence[np.ndarray] = (),
    *,
    at_any_cost: bool = False,
) -> Place | None:
    """Where a name of a size (width, height) stands, and the place that a line goes to if it is far from it.

    ``points`` (N, 2) are the places of its zone, all in px. It stands on the zone or beside it, as near
    as it can to one of ``near``, in ``view`` and on none of ``taken``, and rather not on the places of
    ``others``. None if the zone is out of view, or if there is no room and it need not be shown
    ``at_any_cost``.
    """
    inside = points[
        (points[:, 0] >= view.left())
        & (points[:, 0] <= view.right())
        & (points[:, 1] >= view.top())
        & (points[:, 1] <= view.bottom())
    ]
    if not len(inside):
        return None
    # Without an X it stands beside its zone, at the end of it.
    targets = np.array([(at.x(), at.y()) for at in near]) if near else inside[inside[:, :1].argmax(0)]
    wide, high = size
    beside = (wide / 2 + 8.0, -wide / 2 - 8.0)
    middles = np.concatenate([inside + np.array([x, 0.0]) for x in ((0.0, *beside) if near else beside)])
    away = _distances(middles if near else np.concatenate([inside, inside]), targets).min(1)
    if near:
        for end in (-wide / 2, wide / 2):
            # Where a zone is wide enough its name stands in it, or it would be read as its neighbour's.
            outside = _distances(middles + np.array([end, 0.0]), points).min(1) > high
            away += np.where(outside, _OUTSIDE_PX, 0.0)
    for other in others:
        away += np.where(_distances(middles, other).min(1) < high, _OUTSIDE_PX, 0.0)
    for x, y in middles[np.argsort(away, kind="stable")].tolist():
        box = QRectF(x - wide / 2, y - high / 2, wide, high)
        if _is_free(box, taken, view):
            return box, None
    nearest = inside[int(_distances(inside, targets).min(1).argmin())]
    return _beside(nearest, size, taken, view, at_any_cost=at_any_cost)


def _distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far each of some points (N, 2) is from each of others (M, 2)."""
    across = one[:, :1] - other[:, 0]
    down = one[:, 1:] - other[:, 1]
    result: np.ndarray = np.sqrt(across * across + down * down)
    return result


def _beside(
    place: np.ndarray, size: tuple[float, float], taken: Sequence[QRectF], view: QRectF, *, at_any_cost: bool
) -> Place | None:
    """A free place of the view as near as can be to a place of the zone (px), with a line to it."""
    wide, high = size
    x0, y0 = (float(value) for value in place)
    across, down = (view.width() - wide) / _STEPS, (view.height() - high) / _STEPS
    boxes = [
        QRectF(view.left() + across * i, view.top() + down * j, wide, high)
        for i in range(_STEPS + 1)
        for j in range(_STEPS + 1)
    ]
    boxes.sort(key=lambda box: np.hypot(box.center().x() - x0, box.center().y() - y0))
    free = next((box for box in boxes if _is_free(box, taken, view)), None)
    if free is None and at_any_cost:
        free = min(boxes, key=lambda box: sum(_area(box.intersected(other)) for other in taken))
    return (free, QPointF(x0, y0)) if free is not None else None


def _area(rect: QRectF) -> float:
    return rect.width() * rect.height()


def _is_free(box: QRectF, taken: Sequence[QRectF], view: QRectF) -> bool:
    return view.contains(box) and not any(box.intersects(other) for other in taken)


def _mapped(points: np.ndarray, transform: QTransform) -> np.ndarray:
    """Plate places (N, 2) in pixels; the stage neither turns nor shears."""
    scale = np.array([transform.m11(), transform.m22()])
    moved: np.ndarray = points * scale + np.array([transform.dx(), transform.dy()])
    return moved

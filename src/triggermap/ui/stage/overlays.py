"""What lies over a plate beside pictures: landmarks with their names, and where a nerve or organ is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.body.landmarks import Landmark, Spot, load_landmarks, on_plate
from triggermap.body.masks import OVERLAY_OF
from triggermap.body.plates import Body, IdMap, Plate
from triggermap.ui.stage.items import Item, halo_text

_FONT_PX = 13
_GAP_PX = 6.0  # between a spot and its name


class Landmarks:
    """The landmarks of a body as its plates show them; each plate is worked out once."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._all: tuple[Landmark, ...] | None = None
        self._spots: dict[str, list[Spot]] = {}

    def on(self, plate: Plate) -> list[Spot]:
        """The landmarks on a plate; :class:`TriggermapError` if they or its depths can't be read."""
        if plate.id not in self._spots:
            if self._all is None:
                path = self._body.landmarks
                self._all = load_landmarks(path) if path else ()
            self._spots[plate.id] = on_plate(plate, self._all)
        return self._spots[plate.id]


class LandmarksItem(Item):
    """A ringed spot for each landmark, with its name where there is room for it."""

    def __init__(self, z: float, ink: QColor, halo: QColor) -> None:
        super().__init__(z)
        self._spots: list[Spot] = []
        self._ink, self._halo = ink, halo
        self._font = QFont()
        self._scale = 1.0
        self._sides: list[int] | None = None
        self._zoom = 0.0

    def set_spots(self, spots: list[Spot], font: QFont, scale: float) -> None:
        """Show these; the first ones claim room for their names first."""
        if (spots, scale) == (self._spots, self._scale):
            return
        self._spots, self._scale, self._sides = spots, scale, None
        self._font = QFont(font)
        self._font.setPixelSize(round(_FONT_PX * scale))
        self._font.setWeight(QFont.Weight.DemiBold)
        self.update()

    @property
    def spots(self) -> list[Spot]:
        """The landmarks on show."""
        return self._spots

    def near(self, u: float, v: float, radius: float) -> Spot | None:
        """The landmark nearest to plate mm (u, v), within ``radius`` mm."""
        best = min(self._spots, key=lambda s: (s.u - u) ** 2 + (s.v - v) ** 2, default=None)
        if best is None or (best.u - u) ** 2 + (best.v - v) ** 2 > radius**2:
            return None
        return best

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._spots:
            return
        transform = painter.worldTransform()
        metrics = QFontMetricsF(self._font)
        view = QRectF(painter.viewport())
        radius, gap, high = 2.6 * self._scale, _GAP_PX * self._scale, metrics.ascent()
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(QPen(self._halo, 1.6 * self._scale))
        painter.setBrush(self._ink)
        places = [transform.map(QPointF(spot.u, spot.v)) for spot in self._spots]
        for at in places:
            painter.drawEllipse(at, radius, radius)
        said: set[str] = set()
        for spot, at, side in zip(self._spots, places, self._sides_at(abs(transform.m11())), strict=True):
            name = spot.landmark.name
            if not side or name in said:  # of a pair one is named
                continue
            wide = metrics.horizontalAdvance(name)
            box = QRectF(at.x() + gap if side > 0 else at.x() - gap - wide, at.y() - high / 2, wide, high)
            if view.contains(box):
                said.add(name)
                halo_text(painter, box.bottomLeft(), name, self._ink, self._halo)
        painter.restore()

    def _sides_at(self, zoom: float) -> list[int]:
        """On which side each name stands, worked out anew for another zoom alone: panning moves all alike."""
        if self._sides is None or zoom != self._zoom:
            metrics = QFontMetricsF(self._font)
            points = [(spot.u * zoom, spot.v * zoom) for spot in self._spots]
            widths = [metrics.horizontalAdvance(spot.landmark.name) for spot in self._spots]
            self._sides, self._zoom = named(points, widths, metrics.ascent(), self._scale), zoom
        return self._sides


def named(points: list[tuple[float, float]], widths: list[float], high: float, scale: float) -> list[int]:
    """Where names have room: 1 right of their point (px), -1 left of it, 0 nowhere; the first claim it first.

    No name lies on another or on a point.
    """
    reach, gap = 4.0 * scale, _GAP_PX * scale
    order = sorted(range(len(points)), key=lambda n: points[n][1])
    heights = [points[n][1] for n in order]
    taken: dict[int, tuple[float, float]] = {}
    sides = [0] * len(points)
    for number, (x, y) in enumerate(points):
        first = bisect_left(heights, y - high - reach)
        last = bisect_right(heights, y + high + reach)
        near = [n for n in order[first:last] if n != number]
        for side in (1, -1):
            left = x + gap if side > 0 else x - gap - widths[number]
            right = left + widths[number]
            on_point = any(
                left - reach < points[n][0] < right + reach and abs(points[n][1] - y) < high / 2 + reach
                for n in near
            )
            on_name = any(
                n in taken and left - reach < taken[n][1] and taken[n][0] < right + reach for n in near
            )
            if not (on_point or on_name):
                taken[number], sides[number] = (left, right), side
                break
    return sides


def map_with(plate: Plate, layer_id: str, structures: tuple[int, ...], body: Body) -> IdMap | None:
    """The id map in which structures without an outline are seen: of the layer, or of their overlay.

    The overlay need not be on show: what is selected is never invisible. None where nothing shows them.
    """
    system = body.structures[structures[0]].system
    overlay = plate.overlay(OVERLAY_OF.get(system, ""))
    maps = [] if layer_id == "skin" and overlay is None else [plate.id_map(layer_id)]
    if overlay is not None:
        maps.insert(0, plate.overlay_map(overlay.id))
    return next((m for m in maps if np.isin(m.ids, structures).any()), None)


def tip_of(spot: Spot) -> str:
    """How a landmark is named beside the pointer."""
    side = f" ({spot.landmark.side})" if spot.landmark.side != "mid" else ""
    latin = f" \u00b7 {spot.landmark.latin}" if spot.landmark.latin else ""
    return f"{spot.landmark.name}{side}{latin}"

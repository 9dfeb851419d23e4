"""The sign of the place that the cross-section is of: a small haloed ring with four ticks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from triggermap.ui.stage.items import Item

_INNER, _OUTER = 5.0, 12.0  # px at 100 %


class PinItem(Item):
    """Paints the pin over everything of the plate but the trigger points; the place itself stays free."""

    def __init__(self, z: float, ink: QColor, halo: QColor) -> None:
        super().__init__(z)
        self._ink, self._halo = ink, halo
        self._scale = 1.0
        self.place: tuple[float, float] | None = None  # plate mm

    def set_place(self, place: tuple[float, float] | None, scale: float) -> None:
        """Show the pin at plate mm (u, v), or hide it; ``scale`` is that of the interface."""
        self.place, self._scale = place, scale**0.5
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.place is None:
            return
        at = painter.worldTransform().map(QPointF(*self.place))
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner, outer = _INNER * self._scale, _OUTER * self._scale
        path = QPainterPath()
        path.addEllipse(at, inner, inner)
        for way in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
            path.moveTo(at + way * inner)
            path.lineTo(at + way * outer)
        for color, width in ((self._halo, 4.6), (self._ink, 2.0)):
            painter.setPen(QPen(color, width * self._scale))
            painter.drawPath(path)
        painter.restore()

"""What can be laid over a plate, as one table of data: menu, keys and the key on the stage are made from it.

The colours are those of the computed pictures (``platemaker.palette``), so that a swatch looks like what
it stands for; each stands beside its word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from triggermap.state import HAZARDS

Shape = Literal["area", "patches", "hatched", "line", "outline", "spot"]
LANDMARKS = "landmarks"
_PATCHES = ("#e0a0b4", "#8fd0a8", "#93b4e0")  # each muscle's attachment has a colour of its own


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """An overlay: its id, its words, the key that switches it, its icon, and how its swatch is drawn."""

    id: str
    title: str
    key: str
    icon: str
    color: str
    shape: Shape


OVERLAY_ROWS = (
    OverlayRow("organs", "Organs", "O", "organ", "#d99c8a", "area"),
    OverlayRow("lung-zone", "Lung zone", "Z", "lung", "#aedeff", "hatched"),
    OverlayRow("nerves", "Nerves", "N", "nerve", "#f0d44e", "line"),
    OverlayRow("arteries", "Arteries", "A", "artery", "#e0483f", "line"),
    OverlayRow("veins", "Veins", "E", "vein", "#7291e6", "line"),
    OverlayRow(HAZARDS, "Hazard zones", "W", "warning", "#ffb066", "hatched"),
    OverlayRow("bone-outline", "Bone outlines", "B", "bone", "#faf4e2", "outline"),
    OverlayRow("attachments", "Muscle attachments", "M", "attachment", "#e0a0b4", "patches"),
    OverlayRow(LANDMARKS, "Landmarks", "K", "landmark", "#ffffff", "spot"),
)


def swatch(row: OverlayRow, size: int) -> QPixmap:
    """A sample of how an overlay looks on the stage, ``size`` px square."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color, thick = QColor(row.color), max(size / 8, 1.5)
    box = QRectF(0, 0, size, size).adjusted(thick, thick, -thick, -thick)
    painter.setPen(QPen(color, thick))
    if row.shape == "area":
        painter.fillRect(box, color)
    elif row.shape == "patches":
        third = box.width() / 3
        for number, patch in enumerate(_PATCHES):
            part = QRectF(box.left() + number * third, box.top(), third, box.height())
            painter.fillRect(part, QColor(patch))
    elif row.shape == "line":
        painter.drawLine(box.bottomLeft(), box.topRight())
    elif row.shape == "spot":
        painter.setBrush(color)
        painter.drawEllipse(box.center(), size / 6, size / 6)
    else:
        painter.drawRect(box)
    if row.shape == "hatched":
        painter.setPen(QPen(color, thick * 0.8))
        painter.drawLine(box.bottomLeft(), box.topRight())
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.center().x(), box.top()))
        painter.drawLine(QPointF(box.center().x(), box.bottom()), QPointF(box.right(), box.center().y()))
    painter.end()
    return pixmap

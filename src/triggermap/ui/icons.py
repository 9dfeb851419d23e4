"""Icons: our own SVGs, whose ``currentColor`` takes a colour of the theme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


class Icons:
    """Renders ``assets/icons/NAME.svg`` in a colour, sharp at any size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pixmap(self, name: str, color: str, size: int) -> QPixmap:
        """The icon as a square pixmap of ``size`` px; a missing file gives an empty one."""
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        try:
            svg = (self._folder / f"{name}.svg").read_text("utf-8").replace("currentColor", color)
        except OSError:
            return pixmap
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
        painter.end()
        return pixmap

    def icon(self, name: str, color: str, checked: str | None = None, size: int = 48) -> QIcon:
        """The icon for a button; ``checked`` is its colour while the button is down."""
        icon = QIcon(self.pixmap(name, color, size))
        if checked:
            icon.addPixmap(self.pixmap(name, checked, size), QIcon.Mode.Normal, QIcon.State.On)
        return icon

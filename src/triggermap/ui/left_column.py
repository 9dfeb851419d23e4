"""The left column: the finder, and under it the cross-section while that is open.

The cross-section takes its room from here, so that plate and warnings keep theirs. Where both have no room
the finder's list gives way until the finder is used.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from triggermap.ui.cross_section import CrossSection
from triggermap.ui.finder_panel import FinderPanel

_ROOMY = 700  # px at 100 %: high enough for a list and a drawing
_ANY_HEIGHT = 16777215  # Qt's own limit: no limit
_WIDTH, _SHARE = 250, 0.24  # px at 100 %, and share of the window, that the finder needs
_WIDE, _WIDE_SHARE = 320, 0.27  # ... and with the cross-section


class LeftColumn(QWidget):
    """Shares the height between finder and cross-section."""

    width_changed = Signal()  # the column wishes for another width

    def __init__(self, finder: FinderPanel, section: CrossSection, parent: QWidget) -> None:
        super().__init__(parent)
        self._finder, self._section = finder, section
        self._scale = 1.0
        self._wide = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(finder)
        self._column.addWidget(section)
        section.changed.connect(self._take_change)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._share)

    def set_scale(self, scale: float) -> None:
        """Take the interface scale."""
        self._scale = scale
        self._share()

    def wish(self, window_width: int) -> int:
        """How wide the column wishes to be in a window."""
        most, share = (_WIDE, _WIDE_SHARE) if self._section.is_open else (_WIDTH, _SHARE)
        return min(round(most * self._scale), round(window_width * share))

    def _take_change(self) -> None:
        self._share()
        if self._section.is_open != self._wide:
            self._wide = self._section.is_open
            self.width_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        finder = self._finder
        used = finder.isAncestorOf(QApplication.focusWidget() or self)
        roomy = self.height() >= _ROOMY * self._scale
        drawn = self._section.is_open and bool(self._section.drawing.rows)
        listed = used or roomy or not drawn
        for widget in (finder.count, finder.list):
            widget.setVisible(listed)
        finder.setMaximumHeight(_ANY_HEIGHT if listed else finder.least_height)
        self._column.setStretch(0, 4 if used else 3)
        self._column.setStretch(1, 0 if not drawn else 5 if used else 6)

"""What stands round the stage and on it: the plate's name, the key of what lies over it, the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from triggermap.ui.flow_layout import FlowLayout
from triggermap.ui.overlay_rows import OVERLAY_ROWS, swatch
from triggermap.ui.theme import Theme

_MARGIN = 10
_CROWDED = 1.5
_ROOMY = 520  # px at 100 %: a narrower stage offers other plates in a menu


@dataclass(frozen=True)
class HazardRow:
    """A row of the key for a kind of hazard zone: swatch, icon, word, and (id, name) of each hazard."""

    title: str
    swatch: QPixmap
    icon: QIcon
    hazards: tuple[tuple[str, str], ...]


class StageFrame(QWidget):
    """Holds the stage once it is there; until then it paints the stage's ground and one line."""

    plate_requested = Signal(str)
    hazard_requested = Signal(str)
    covered_changed = Signal(list)  # the rectangles (QRect) of what lies over the stage

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = "Loading the plates …"
        self._stage: QWidget | None = None
        self.setMinimumSize(240, 200)

        self._caption, self._caption_column = _overlay(self)
        self._caption_text = QLabel(self._caption)
        self._caption_text.setWordWrap(True)

        self._legend, self._legend_column = _overlay(self)
        self._legend_text = QLabel(self._legend)
        self._legend_text.setTextFormat(Qt.TextFormat.RichText)
        self._legend_text.setWordWrap(True)
        self._elsewhere = QWidget(self._legend)
        self._elsewhere_row = FlowLayout(self._elsewhere, spacing=5)
        self._elsewhere_row.setContentsMargins(0, 0, 0, 0)

        self._key, column = _overlay(self)
        self._key_grid = QGridLayout()
        self._key_grid.setHorizontalSpacing(8)
        self._key_grid.setVerticalSpacing(2)
        self._key_grid.setColumnStretch(1, 1)
        column.addLayout(self._key_grid)
        self._hazard_rows = QGridLayout()
        self._hazard_rows.setHorizontalSpacing(8)
        self._hazard_rows.setVerticalSpacing(2)
        column.addLayout(self._hazard_rows)
        self._key_column = column
        self._later = QTimer(self)  # a child: it ends with the frame
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._place)
        self._others: list[tuple[str, str]] = []
        self._in_menu = False
        self._shown_key: tuple[object, ...] = ()
        self._scale = 1.0
        self._caption_column.addWidget(self._caption_text)
        self._legend_column.addWidget(self._legend_text)
        self._legend_column.addWidget(self._elsewhere)
        for overlay in (self._caption, self._legend, self._key):
            overlay.hide()

    def set_stage(self, stage: QWidget) -> None:
        """Take the stage in; it lies under the texts."""
        self._stage = stage
        stage.setParent(self)
        stage.setGeometry(self.rect())
        stage.lower()
        stage.show()
        self._place()

    def set_look(self, theme: Theme, scale: float) -> None:
        """Take other colours and another scale."""
        self._theme, self._scale = theme, scale
        self._place()
        self.update()

    def set_text(self, text: str) -> None:
        """The line shown while there is no stage."""
        self._text = text
        self.update()

    def show_caption(self, title: str, note: str | None) -> None:
        """Name the plate, with its note where it has one."""
        self._caption_text.setText(f"{title}\n{note}" if note else title)
        self._caption.setVisible(bool(title))
        self._place()

    def show_key(self, overlays: list[str]) -> None:
        """Say what lies over the plate: a sample and a word for each of these overlays."""
        wanted = (self._scale, *overlays)
        if wanted == self._shown_key:
            return
        self._shown_key = wanted
        _clear(self._key_grid)
        rows = [row for row in OVERLAY_ROWS if row.id in overlays]
        for number, row in enumerate(rows):
            sample, word = QLabel(self._key), QLabel(row.title, self._key)
            sample.setPixmap(swatch(row, round(15 * self._scale)))
            self._key_grid.addWidget(sample, number, 0)
            self._key_grid.addWidget(word, number, 1)
        self._key.setAccessibleName(f"Over the plate: {', '.join(row.title for row in rows)}")
        self._key.setVisible(bool(rows))
        self._place()
        self._later.start()

    def show_hazards(self, rows: Sequence[HazardRow], note: str = "") -> None:
        """Explain hazard zones in the key: a button for each kind; ``note`` says what is amiss."""
        _clear(self._hazard_rows)
        if rows and self._scale >= _CROWDED:
            self._add_menu(rows)
        else:
            for number, row in enumerate(rows):
                self._add_row(number, row)
        if note:
            self._hazard_rows.addWidget(QLabel(note, self._key), len(rows), 0, 1, 2)
        self._place()
        self._later.start()

    def _add_row(self, number: int, row: HazardRow) -> None:
        sample, button = QLabel(self._key), QPushButton(row.icon, row.title, self._key)
        sample.setPixmap(row.swatch)
        button.setObjectName("keyRow")
        button.setIconSize(QSize(round(16 * self._scale), round(16 * self._scale)))
        names = ", ".join(name for _, name in row.hazards)
        button.setToolTip(names)
        button.setAccessibleName(f"Hazard zones, {row.title}: {names}")
        if len(row.hazards) == 1:
            button.clicked.connect(lambda _on=False, key=row.hazards[0][0]: self.hazard_requested.emit(key))
        else:
            button.setMenu(self._menu_of(row, button))
        self._hazard_rows.addWidget(sample, number, 0)
        self._hazard_rows.addWidget(button, number, 1)

    def _add_menu(self, rows: Sequence[HazardRow]) -> None:
        """One button for all kinds: beside large type the plate needs the room."""
        button = QPushButton("Kinds", self._key)
        button.setAccessibleName(f"Hazard zones: {', '.join(row.title for row in rows)}")
        menu = QMenu(button)
        for row in rows:
            part = self._menu_of(row, menu)
            part.setTitle(row.title)
            part.setIcon(QIcon(row.swatch))
            menu.addMenu(part)
        button.setMenu(menu)
        self._hazard_rows.addWidget(button, 0, 0, 1, 2)

    def _menu_of(self, row: HazardRow, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for hazard, name in row.hazards:
            menu.addAction(name, lambda key=hazard: self.hazard_requested.emit(key))
        return menu

    @property
    def hazard_buttons(self) -> list[QPushButton]:
        """The buttons of the key, one for each kind of hazard zone."""
        items = [self._hazard_rows.itemAt(n) for n in range(self._hazard_rows.count())]
        found = [item.widget() for item in items if item is not None]
        return [widget for widget in found if isinstance(widget, QPushButton)]

    def show_legend(self, html: str, elsewhere: list[tuple[str, str]]) -> None:
        """Explain a pattern, and offer the plates (id, title) that show more of it."""
        self._legend_text.setText(html)
        self._others = elsewhere
        self._offer(elsewhere)
        self._elsewhere.setVisible(bool(elsewhere))
        self._legend.setVisible(bool(html))
        self._place()
        # New buttons know their size only after they have been polished.
        self._later.start()

    def _offer(self, elsewhere: list[tuple[str, str]]) -> None:
        """A button for each plate, or one button with a menu where there is no room for so many."""
        while (item := self._elsewhere_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not elsewhere:
            return
        self._in_menu = len(elsewhere) > 1 and self.width() < _ROOMY * self._scale
        if self._in_menu:
            button = QPushButton("Also seen from", self._elsewhere)
            menu = QMenu(button)
            for plate_id, title in elsewhere:
                menu.addAction(title, lambda key=plate_id: self.plate_requested.emit(key))
            button.setMenu(menu)
            self._elsewhere_row.addWidget(button)
            return
        self._elsewhere_row.addWidget(QLabel("Also seen from:", self._elsewhere))
        for plate_id, title in elsewhere:
            button = QPushButton(title, self._elsewhere)
            button.setAccessibleName(f"Show this on the plate {title}")
            button.clicked.connect(lambda _on=False, key=plate_id: self.plate_requested.emit(key))
            self._elsewhere_row.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._others and self._in_menu != (len(self._others) > 1 and self.width() < _ROOMY * self._scale):
            self._offer(self._others)
            self._later.start()
        self._place()

    def _place(self) -> None:
        if self._stage is not None:
            self._stage.setGeometry(self.rect())
        room = max(self.width() - 2 * _MARGIN, 60)
        below = self._fit(self._caption, self._caption_column, min(room, 420))
        self._caption.move(_MARGIN, _MARGIN)
        # A row of buttons wishes for no width of its own: it gets what there is.
        wide = min(room, 560)
        least = wide if self._others and not self._in_menu else 0
        above = self._fit(self._legend, self._legend_column, wide, least)
        self._legend.move(_MARGIN, self.height() - above - _MARGIN)
        self._fit(self._key, self._key_column, room)
        left = self.width() - self._key.width() - _MARGIN
        # Beside the plate's name where there is room, else under it.
        beside = self._caption.isHidden() or left > self._caption.geometry().right() + _MARGIN
        top = _MARGIN if beside else 2 * _MARGIN + below
        if self._hazard_rows.count() and self._legend.isHidden() and self.width() < _ROOMY * self._scale:
            top = self.height() - self._key.height() - _MARGIN  # so large a key would hide the chest
        self._key.move(left, top)
        over = (self._caption, self._legend, self._key)
        self.covered_changed.emit([overlay.geometry() for overlay in over if not overlay.isHidden()])

    def _fit(self, overlay: QFrame, layout: QBoxLayout, room: int, least: int = 0) -> int:
        """Make a text as wide as it wishes and as high as it must be; its height, 0 while it is hidden."""
        if overlay.isHidden():
            return 0
        layout.activate()
        width = min(max(layout.sizeHint().width(), least), room)
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else -1
        overlay.resize(width, height if height > 0 else layout.sizeHint().height())
        overlay.raise_()
        return overlay.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stage is not None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.stage))
        painter.setPen(QColor(self._theme.stage_text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(20, 20, -20, -20), flags, self._text)


def _clear(grid: QGridLayout) -> None:
    while grid.count():
        widget = grid.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _overlay(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame(parent)
    frame.setObjectName("overlay")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 6, 10, 6)
    layout.setSpacing(5)
    return frame, layout

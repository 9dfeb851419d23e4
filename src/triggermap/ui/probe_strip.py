"""The strip at the bottom: the structures under a place from the skin inward, hazards in icon and word.

It says the order and nothing of depths: those of one reference body are no patient's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from triggermap.ui.icons import Icons
from triggermap.ui.marking import Item
from triggermap.ui.theme import Theme

CAVEAT = "One reference body; it says nothing of a patient's depths."
NAME = "Structures from the skin inward"
_ARROW = " \u203a "
_LINES = 2
_GROWTH = 0.7  # the text grows less than the interface, or at 200 % there would be no room for a list
_LAST = 2  # so many of the deepest structures stay when the middle is left out
_FIRST = 4  # ... but these go before them


@dataclass(frozen=True, slots=True)
class Reading:
    """What the strip shows: ``where`` the place is, the structures, or ``note``: why there are none."""

    where: str = ""
    items: tuple[Item, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """Everything as one line, nothing left out."""
        chain = " > ".join(item.full for item in self.items)
        return f"{self.where}: {chain}. {CAVEAT}" if chain else self.note


def shortened(items: Sequence[Item], head: int, last: int = _LAST) -> list[Item]:
    """The first ``head`` and the last few structures, and between them what is left out, with its hazards."""
    if head + last >= len(items):
        return list(items)
    hidden = items[head : len(items) - last]
    kinds = dict.fromkeys(item.kind for item in sorted(hidden, key=lambda i: not i.grave) if item.kind)
    grave = [item for item in hidden if item.grave]
    icon = (grave or [item for item in hidden if item.icon] or [Item("")])[0].icon
    words = f": {', '.join(kinds)}" if kinds else ""
    more = Item(f"\u2026 {len(hidden)} more{words}", icon, "", bool(grave))
    return [*items[:head], more, *items[len(items) - last :]]


class Chain(QWidget):
    """Paints a reading in one or two lines; what has no room is left out in the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._icons: Icons | None = None
        self._theme: Theme | None = None
        self._scale = 1.0
        self._drawn: dict[tuple[str, str], QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the interface scale."""
        self._icons, self._theme, self._scale = icons, theme, scale**_GROWTH
        self._drawn = {}
        self.setFixedHeight(round(self._line() * _LINES))
        self.update()

    def set_reading(self, reading: Reading) -> None:
        """Show this reading."""
        if reading != self._reading:
            self._reading = reading
            self.setToolTip(reading.text)
            self.update()

    @property
    def shown(self) -> list[Item]:
        """What there is room for at this width."""
        items = self._reading.items
        for last in range(_LAST, -1, -1):
            for head in range(len(items), (_FIRST if last else 0), -1):
                chosen = shortened(items, head, last)
                if len(self._placed(chosen)) == len(chosen):
                    return chosen
        return shortened(items, 0, 0)

    # --- measures --------------------------------------------------------------------------

    def _line(self) -> float:
        return 25.0 * self._scale

    def _font(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(14 * self._scale))
        font.setBold(bold)
        return font

    def _width(self, item: Item) -> float:
        wide = QFontMetricsF(self._font(bold=bool(item.icon))).horizontalAdvance(item.full)
        return wide + (31.0 * self._scale if item.icon else 0.0)

    def _placed(self, items: Sequence[Item]) -> list[QRectF]:
        """Where items stand, as many as there is room for."""
        metrics = QFontMetricsF(self._font(bold=False))
        arrow = metrics.horizontalAdvance(_ARROW)
        left = metrics.horizontalAdvance(f"{self._reading.where}: ")
        x, line = left, 0
        found: list[QRectF] = []
        for number, item in enumerate(items):
            wide = self._width(item)
            room = self.width() - (arrow if number + 1 < len(items) else 0.0)
            if x + wide > room and x > left:
                x, line = 0.0, line + 1
            if line >= _LINES or x + wide > room:
                return found
            found.append(QRectF(x, line * self._line(), wide, self._line()))
            x += wide + arrow
        return found

    def sizeHint(self) -> QSize:
        return QSize(400, round(self._line() * _LINES))

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._font(bold=False))
        painter.setPen(QColor(self._theme.muted))
        if not self._reading.items:
            flags = Qt.AlignmentFlag.AlignLeft | middle | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._reading.note)
            painter.end()
            return
        first = QRectF(0, 0, self.width(), self._line())
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | middle, f"{self._reading.where}: ")
        items = self.shown
        places = self._placed(items)
        for number, (item, place) in enumerate(zip(items, places, strict=False)):
            self._paint_item(painter, item, place)
            if number + 1 < len(items):
                painter.setFont(self._font(bold=False))
                painter.setPen(QColor(self._theme.muted))
                room = QRectF(place.right(), place.top(), 60 * self._scale, place.height())
                painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, _ARROW)
        painter.end()

    def _paint_item(self, painter: QPainter, item: Item, place: QRectF) -> None:
        assert self._theme is not None
        theme, scale = self._theme, self._scale
        color = theme.text
        text = place
        if item.icon:
            color = theme.danger if item.grave else theme.caution
            ground = theme.danger_panel if item.grave else theme.caution_panel
            painter.setPen(QPen(QColor(theme.danger_border if item.grave else theme.caution_border), scale))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(
                place.adjusted(0.5, 1.5 * scale, -0.5, -1.5 * scale), 4 * scale, 4 * scale
            )
            size = round(17 * scale)
            at = QPointF(place.left() + 4 * scale, place.center().y() - size / 2)
            painter.drawPixmap(at, self._icon(item.icon, color, size))
            text = place.adjusted(25 * scale, 0, 0, 0)
        painter.setFont(self._font(bold=bool(item.icon)))
        painter.setPen(QColor(color))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, item.full)

    def _icon(self, name: str, color: str, size: int) -> QPixmap:
        if (name, color) not in self._drawn and self._icons is not None:
            self._drawn[name, color] = self._icons.pixmap(name, color, size)
        return self._drawn[name, color]


class ProbeStrip(QWidget):
    """The chain of structures, the sentence that belongs to it, and a button that copies all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(NAME)
        self.reading = Reading()
        self.chain = Chain(self)
        self.chain.setAccessibleName(NAME)
        self.caveat = QLabel(CAVEAT, self)
        self.caveat.setObjectName("small")
        self.copy_button = QToolButton(self)
        self.copy_button.setToolTip("Copy the whole list")
        self.copy_button.setAccessibleName("Copy the structures from the skin inward")
        self.copy_button.clicked.connect(self.copy)
        self.section_button = QToolButton(self)
        self.section_button.setCheckable(True)
        self.section_button.setChecked(True)
        self.section_button.setToolTip("What lies here: the cross-section (Shift+P)")
        self.section_button.setAccessibleName("Cross-section: what lies here")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 10, 4)
        row.setSpacing(10)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(self.chain)
        column.addWidget(self.caveat)
        row.addLayout(column, 1)
        row.addWidget(self.section_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignVCenter)
        # A long caveat is cut by the window's edge, it never widens the window.
        self.caveat.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hide()

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the interface scale."""
        self.chain.set_look(icons, theme, scale)
        size = QSize(round(18 * scale), round(18 * scale))
        self.copy_button.setIcon(icons.icon("copy", theme.text))
        self.section_button.setIcon(icons.icon("section", theme.text, theme.accent_text))
        for button in (self.copy_button, self.section_button):
            button.setIconSize(size)

    def show_reading(self, reading: Reading) -> None:
        """Show what lies under a place."""
        self.reading = reading
        self.chain.set_reading(reading)
        self.copy_button.setEnabled(bool(reading.items))
        self.setAccessibleDescription(reading.text)
        self.chain.setAccessibleDescription(reading.text)

    def copy(self) -> None:
        """Put the whole list into the clipboard."""
        QApplication.clipboard().setText(self.reading.text)

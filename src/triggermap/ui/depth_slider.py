"""The depth slider: from the skin to the bone, a stop for each layer of the open plate."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from triggermap.ui.theme import Theme

_LONGEST = 13  # letters: a longer word gives way to its number; the tip and the stage have it
_GAP = 12.0
_TEXT_PX = 13


class DepthSlider(QSlider):
    """A slider whose stops bear the words of the layers; keys, wheel and pointer move it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._layers: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._theme: Theme | None = None
        self._scale = 1.0
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Depth, from the skin to the bone")
        self.valueChanged.connect(self._tell)

    def set_layers(self, layers: list[tuple[str, str]]) -> None:
        """Offer these layers, (id, title), the skin first."""
        self._layers = layers
        self._words = [_word(title, number) for number, (_, title) in enumerate(layers, 1)]
        rows = [f"{number}  {title}" for number, (_, title) in enumerate(layers, 1)]
        self.setToolTip("\n".join([*rows, "Up and down: [ and ]"]))
        self.blockSignals(True)
        self.setRange(0, max(len(layers) - 1, 0))
        self.blockSignals(False)
        self.updateGeometry()
        self.update()

    def set_current(self, layer_id: str) -> None:
        """Show which layer is open."""
        ids = [layer for layer, _ in self._layers]
        if layer_id in ids:
            self.blockSignals(True)
            self.setValue(ids.index(layer_id))
            self.blockSignals(False)
            self._describe()
            self.update()

    def set_look(self, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the interface scale."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> list[str]:
        """What stands at the stops."""
        return list(self._words)

    @property
    def names_current(self) -> bool:
        """Whether the open layer's stop bears its word."""
        return bool(self._words) and not self._words[self.value()].isdigit()

    @property
    def current(self) -> str:
        """The title of the open layer."""
        return self._layers[self.value()][1] if self._layers else ""

    def stop(self, number: int) -> QPointF:
        """Where the stop of the layer with this number (0 for the skin) is, in the widget's pixels."""
        return QPointF(self._stops()[number], self._track())

    def _tell(self, value: int) -> None:
        self._describe()
        self.chosen.emit(self._layers[value][0])

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{self.current}, {self.value() + 1} of {len(self._layers)}")

    # --- measures --------------------------------------------------------------------------

    def _font(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(_TEXT_PX * self._scale))
        font.setBold(bold)
        return font

    def _widths(self) -> list[float]:
        # Bold, though only one is: nothing moves when another layer is opened.
        metrics = QFontMetricsF(self._font(bold=True))
        least = 8.0 * self._scale
        return [max(metrics.horizontalAdvance(word), least) for word in self._words]

    def _stops(self) -> list[float]:
        at, found = 4.0 * self._scale, []
        for width in self._widths():
            found.append(at + width / 2)
            at += width + _GAP * self._scale
        return found

    def _track(self) -> float:
        return 10.0 * self._scale

    def sizeHint(self) -> QSize:
        widths = self._widths() or [100.0]
        wide = sum(widths) + _GAP * self._scale * (len(widths) - 1) + 8.0 * self._scale
        high = 2 * self._track() + QFontMetricsF(self._font(bold=True)).height()
        return QSize(round(wide) + 1, round(high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # --- pointer ---------------------------------------------------------------------------

    def _nearest(self, x: float) -> int:
        stops = self._stops()
        return min(range(len(stops)), key=lambda number: abs(stops[number] - x), default=0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._nearest(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self._nearest(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Down goes deeper, as it goes down a page.
        self.setValue(self.value() - (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None or not self._layers:
            return
        theme, scale = self._theme, self._scale
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stops, y = self._stops(), self._track()
        painter.setPen(QPen(QColor(theme.muted), 3.0 * scale))
        painter.drawLine(QPointF(stops[0], y), QPointF(stops[-1], y))
        here = QPointF(stops[self.value()], y)
        for number, x in enumerate(stops):
            chosen = number == self.value()
            painter.setPen(QPen(QColor(theme.accent if chosen else theme.muted), 1.5 * scale))
            painter.setBrush(QColor(theme.accent if chosen else theme.panel))
            radius = (6.5 if chosen else 4.0) * scale
            painter.drawEllipse(QPointF(x, y), radius, radius)
            painter.setFont(self._font(bold=chosen))
            painter.setPen(QColor(theme.text))
            room = QRectF(x - 200 * scale, 2 * y - 2 * scale, 400 * scale, self.height() - 2 * y + 2 * scale)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, self._words[number])
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 2.0 * scale))
            painter.drawEllipse(here, 8.5 * scale, 8.5 * scale)
        painter.end()


def _word(title: str, number: int) -> str:
    word = title.removesuffix(" muscles")
    return word if len(word) <= _LONGEST else str(number)

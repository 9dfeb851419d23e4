"""What stands round the stage and on it: the plate's name, the legend of a pattern, other views."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from triggermap.ui.theme import Theme

_MARGIN = 10


class StageFrame(QWidget):
    """Holds the stage once it is there; until then it paints the stage's ground and one line."""

    plate_requested = Signal(str)

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
        self._elsewhere_row = QHBoxLayout(self._elsewhere)
        self._elsewhere_row.setContentsMargins(0, 0, 0, 0)
        self._caption_column.addWidget(self._caption_text)
        self._legend_column.addWidget(self._legend_text)
        self._legend_column.addWidget(self._elsewhere)
        for overlay in (self._caption, self._legend):
            overlay.hide()

    def set_stage(self, stage: QWidget) -> None:
        """Take the stage in; it lies under the texts."""
        self._stage = stage
        stage.setParent(self)
        stage.setGeometry(self.rect())
        stage.lower()
        stage.show()
        self._place()

    def set_look(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
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

    def show_legend(self, html: str, elsewhere: list[tuple[str, str]]) -> None:
        """Explain a pattern, and offer the plates (id, title) that show more of it."""
        self._legend_text.setText(html)
        while self._elsewhere_row.count():
            widget = self._elsewhere_row.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        if elsewhere:
            self._elsewhere_row.addWidget(QLabel("Also seen from:", self._elsewhere))
            for plate_id, title in elsewhere:
                button = QPushButton(title, self._elsewhere)
                button.setAccessibleName(f"Show this pattern from the {title.lower()}")
                button.clicked.connect(lambda _on=False, key=plate_id: self.plate_requested.emit(key))
                self._elsewhere_row.addWidget(button)
            self._elsewhere_row.addStretch()
        self._elsewhere.setVisible(bool(elsewhere))
        self._legend.setVisible(bool(html))
        self._place()
        # New buttons know their size only after they have been polished.
        QTimer.singleShot(0, self._place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self._stage is not None:
            self._stage.setGeometry(self.rect())
        room = max(self.width() - 2 * _MARGIN, 60)
        for overlay, layout, bottom in (
            (self._caption, self._caption_column, False),
            (self._legend, self._legend_column, True),
        ):
            if overlay.isHidden():
                continue
            layout.activate()
            width = min(layout.sizeHint().width(), room, 560 if bottom else 420)
            height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else -1
            overlay.resize(width, height if height > 0 else layout.sizeHint().height())
            overlay.move(_MARGIN, self.height() - overlay.height() - _MARGIN if bottom else _MARGIN)
            overlay.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stage is not None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.stage))
        painter.setPen(QColor(self._theme.stage_text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(20, 20, -20, -20), flags, self._text)


def _overlay(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame(parent)
    frame.setObjectName("overlay")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 6, 10, 6)
    layout.setSpacing(5)
    return frame, layout

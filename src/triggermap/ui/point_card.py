"""A trigger point in the dossier: its number, its site, and where its pain goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from triggermap.ui.theme import Theme


def wrap_anywhere(label: QLabel) -> None:
    """Let a text be as narrow as its column: a label's own wish would widen it beyond the panel."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


class PointCard(QAbstractButton):
    """A button as large as its text; the chosen one is framed, and shows more.

    ``warning`` (rich text) names the hazards of what is on the card, right under its title, and ``sign``
    is their icon.
    """

    def __init__(
        self,
        title: str,
        body: str,
        more: str,
        theme: Theme,
        parent: QWidget,
        warning: str = "",
        sign: QPixmap | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(4)
        self.heading = self._label(title)
        self.warning = self._label(warning) if warning else None
        self.body = self._label(body)
        self._more = self._label(more) if more else None
        self.sign = self._sign(sign) if sign is not None else None
        for label in (self.heading, self.warning, self.body, self._more):
            if label is None:
                continue
            row = QHBoxLayout()
            row.setSpacing(6)
            if label is self.warning and self.sign is not None:
                row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1)
            layout.addLayout(row)
        self._show_more(False)
        self.toggled.connect(self._show_more)

    def _label(self, html: str) -> QLabel:
        label = QLabel(html, self)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        wrap_anywhere(label)
        return label

    def _sign(self, icon: QPixmap) -> QLabel:
        label = QLabel(self)
        label.setPixmap(icon)
        label.setFixedSize(icon.size())
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label

    def _show_more(self, on: bool) -> None:
        if self._more is not None:
            self._more.setVisible(on)

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.isChecked() or self.hasFocus() or self.underMouse()
        width = 2.5 if self.isChecked() or self.hasFocus() else 1.0
        edge = QColor(self._theme.accent if strong else self._theme.border)
        painter.setPen(QPen(edge, width))
        painter.setBrush(QColor(self._theme.raised))
        inset = width / 2 + 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)

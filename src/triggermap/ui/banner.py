"""The frame of a warning: icon, word and colour. It can be folded to the line that names it, never closed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

# Words that would take more of the dossier than this are scrolled, so that the points below stay in sight.
_SHARE = 0.27
_LEAST = 62  # px at 100 %: three lines


class Banner(QFrame):
    """A title that always stands, and words below it that can be folded away.

    ``subject`` is what the fold button calls it.
    """

    refolded = Signal()

    def __init__(
        self,
        subject: str,
        title: str,
        icon: str,
        icons: Icons,
        theme: Theme,
        scale: float,
        parent: QWidget,
        *,
        grave: bool,
    ) -> None:
        super().__init__(parent)
        self._subject, self._icons, self._scale = subject, icons, scale
        self._tallest = round(_LEAST * scale)
        self._wide = 300
        self.setObjectName("danger" if grave else "caution")
        self._color = theme.danger if grave else theme.caution
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        sign = QLabel(self)
        size = round(22 * scale)
        sign.setPixmap(icons.pixmap(icon, self._color, size))
        sign.setFixedSize(QSize(size, size))
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self.name = QLabel(title, self)
        self.name.setObjectName("hazardName")
        self.name.setWordWrap(True)
        head.addWidget(self.name, 1)
        self.fold_button = QToolButton(self)
        self.fold_button.setIconSize(QSize(round(16 * scale), round(16 * scale)))
        self.fold_button.setCheckable(True)
        self.fold_button.clicked.connect(self._set_folded)
        self.fold_button.clicked.connect(self.refolded)
        head.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._room = QScrollArea(self)
        self._room.setObjectName("words")
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setWidget(self.words)
        layout.addWidget(self._room)
        self.setAccessibleName(f"Warning: {title}")

    @property
    def folded(self) -> bool:
        """True while only the line with the name is shown."""
        return self.fold_button.isChecked()

    def say(self, html: str, words: str, *, folded: bool) -> None:
        """Put rich text under the title, and the same as plain ``words`` for a screen reader."""
        self.words.setText(html)
        self.setAccessibleDescription(words)
        self.fold_button.setChecked(folded)
        self._set_folded(folded)

    def set_room(self, width: int, dossier_height: int) -> None:
        """How wide the banner will be and how high the dossier is; the words take a share of that."""
        self._wide = width
        self._tallest = max(round(_LEAST * self._scale), round(dossier_height * _SHARE))
        self._fit()

    def height_for(self, width: int) -> int:
        """How high the banner is at a width, which is its height from now on."""
        self._column.invalidate()
        height = self.heightForWidth(width)
        self.setFixedHeight(height)
        return height

    @property
    def least(self) -> int:
        """How high a strip shows the name whole, at the width that the banner has room for."""
        margins = self._column.contentsMargins()
        icon, fold = round(22 * self._scale), self.fold_button.sizeHint().width()
        width = self._wide - margins.left() - margins.right() - icon - fold - 2 * 8 - 2 * self.lineWidth()
        lines = self.name.heightForWidth(max(width, 40))
        return max(lines, icon, self.fold_button.sizeHint().height()) + margins.top() + margins.bottom() + 4

    def _set_folded(self, folded: bool) -> None:
        self._room.setVisible(not folded)
        self.fold_button.setIcon(self._icons.icon("chevron-right" if folded else "chevron-down", self._color))
        verb = "Unfold" if folded else "Fold"
        self.fold_button.setAccessibleName(f"{verb} the warning: {self._subject}")
        self.fold_button.setToolTip(f"{verb} this warning")
        self._fit()

    def _fit(self) -> None:
        """As high as the words, up to a limit; a scroll area has no such wish of its own."""
        margins = self._column.contentsMargins()
        width = max(self._wide - margins.left() - margins.right() - 2 * self.lineWidth() - 4, 80)
        wanted = self.words.heightForWidth(width)
        if wanted > self._tallest:
            wanted = self.words.heightForWidth(width - self._room.verticalScrollBar().sizeHint().width())
        self._room.setFixedHeight(min(wanted + 2, self._tallest))

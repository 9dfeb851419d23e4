"""A hazard in icon, word and colour. It can be folded to the line that names it, never closed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from triggermap.dataset.models import Severity
from triggermap.safety.hazards import Caution
from triggermap.ui.citing import Citations
from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

_ICONS = {"general": "warning"}
_WORDS = {
    Severity.LIFE_THREATENING: "can be life-threatening",
    Severity.SERIOUS: "serious",
    Severity.MINOR: "minor",
}


class HazardBanner(QFrame):
    """One safety note of the selected muscle."""

    def __init__(
        self,
        caution: Caution,
        points: str,
        citations: Citations,
        icons: Icons,
        theme: Theme,
        scale: float,
        *,
        folded: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        grave = caution.note.severity is Severity.LIFE_THREATENING
        self.setObjectName("danger" if grave else "caution")
        self.caution = caution
        self._icons, self._color = icons, theme.danger if grave else theme.caution
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        icon = QLabel(self)
        size = round(22 * scale)
        icon.setPixmap(icons.pixmap(_ICONS.get(caution.hazard.icon, caution.hazard.icon), self._color, size))
        icon.setFixedSize(QSize(size, size))
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        self.name = QLabel(f"{caution.hazard.name}: {_WORDS[caution.note.severity]}", self)
        self.name.setObjectName("hazardName")
        self.name.setWordWrap(True)
        head.addWidget(self.name, 1)
        self._fold = QToolButton(self)
        self._fold.setIconSize(QSize(round(16 * scale), round(16 * scale)))
        self._fold.setCheckable(True)
        self._fold.clicked.connect(self._set_folded)
        head.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        about = f"<b>{points}</b> " if points else ""
        self.words = QLabel(about + citations.claim(caution.note, caution.note.text), self)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.linkHovered.connect(lambda link: self.words.setToolTip(citations.tip(link)))
        layout.addWidget(self.words)
        self.setAccessibleName(f"Warning: {caution.hazard.name}, {_WORDS[caution.note.severity]}")
        self.setAccessibleDescription(caution.note.text)
        self._fold.setChecked(folded)
        self._set_folded(folded)

    @property
    def folded(self) -> bool:
        """True while only the line with the name is shown."""
        return self._fold.isChecked()

    def set_relevant(self, relevant: bool) -> None:
        """Unfold for a chosen point that the note is about; fold for one that it isn't about."""
        grave = self.caution.note.severity is Severity.LIFE_THREATENING
        folded = not relevant or not grave
        self._fold.setChecked(folded)
        self._set_folded(folded)

    def _set_folded(self, folded: bool) -> None:
        self.words.setVisible(not folded)
        name = "chevron-right" if folded else "chevron-down"
        self._fold.setIcon(self._icons.icon(name, self._color))
        verb = "Unfold" if folded else "Fold"
        self._fold.setAccessibleName(f"{verb} the warning: {self.caution.hazard.name}")
        self._fold.setToolTip(f"{verb} this warning")

"""A hazard in icon, word and colour. It can be folded to the line that names it, never closed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from triggermap.dataset.dossier import spoken
from triggermap.dataset.models import Severity
from triggermap.safety.hazards import Caution
from triggermap.ui.citing import Citations
from triggermap.ui.icons import Icons
from triggermap.ui.pages import SEVERITY_WORDS
from triggermap.ui.theme import Theme

_ICONS = {"general": "warning"}
# Words that would take more of the dossier than this are scrolled, so that the points below stay in sight.
_SHARE = 0.27
_LEAST = 62  # px at 100 %: three lines


class HazardBanner(QFrame):
    """All notes on one hazard of the selected muscle, the worst first."""

    refolded = Signal()

    def __init__(
        self,
        cautions: Sequence[Caution],
        labels: dict[str, str],
        citations: Citations,
        icons: Icons,
        theme: Theme,
        scale: float,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._cautions, self._labels, self._citations = cautions, labels, citations
        self._icons, self._scale = icons, scale
        self._tallest = round(_LEAST * scale)
        self._wide = 300
        worst = cautions[0]
        self.hazard, self.severity = worst.hazard, worst.note.severity
        grave = self.severity is Severity.LIFE_THREATENING
        self.setObjectName("danger" if grave else "caution")
        self._color = theme.danger if grave else theme.caution
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        icon = QLabel(self)
        size = round(22 * scale)
        icon.setPixmap(icons.pixmap(_ICONS.get(self.hazard.icon, self.hazard.icon), self._color, size))
        icon.setFixedSize(QSize(size, size))
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        title = f"{self.hazard.name}: {SEVERITY_WORDS[self.severity]}"
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
        self.words.linkHovered.connect(lambda link: self.words.setToolTip(citations.tip(link)))
        self._room = QScrollArea(self)
        self._room.setObjectName("words")
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setWidget(self.words)
        layout.addWidget(self._room)
        self.setAccessibleName(f"Warning: {title}")
        self.show_for(None)

    @property
    def folded(self) -> bool:
        """True while only the line with the name is shown."""
        return self.fold_button.isChecked()

    def set_room(self, width: int, dossier_height: int) -> None:
        """How wide the banner will be and how high the dossier is; the words take a share of that."""
        self._wide = width
        self._tallest = max(round(_LEAST * self._scale), round(dossier_height * _SHARE))
        self._fit()

    def height_for(self, width: int) -> int:
        """How high the banner is at a width, and the least height that it accepts from now on."""
        self._column.invalidate()
        height = self.heightForWidth(width)
        self.setMinimumHeight(height)
        return height

    def show_for(self, point: str | None) -> None:
        """Say what concerns a trigger point; with none chosen, all. Unfold what can be fatal."""
        about = [
            caution
            for caution in self._cautions
            if point is None or not caution.note.points or point in caution.note.points
        ]
        shown = about or self._cautions
        self.words.setText("".join(f"<p style='margin:0 0 4px 0'>{self._note(c)}</p>" for c in shown))
        self.setAccessibleDescription(" ".join(_spoken(caution) for caution in shown))
        fatal = any(caution.note.severity is Severity.LIFE_THREATENING for caution in shown)
        folded = not (about and fatal)
        self.fold_button.setChecked(folded)
        self._set_folded(folded)

    def _note(self, caution: Caution) -> str:
        labels = [self._labels[point] for point in caution.note.points]
        word = "Point" if len(labels) == 1 else "Points"
        where = f"<b>{word} {', '.join(sorted(labels))}:</b> " if labels else ""
        reports = (f"<br/>{self._citations.claim(one, one.text)}" for one in caution.note.reports)
        return where + self._citations.claim(caution.note, caution.note.text) + "".join(reports)

    def _set_folded(self, folded: bool) -> None:
        self._room.setVisible(not folded)
        self.fold_button.setIcon(self._icons.icon("chevron-right" if folded else "chevron-down", self._color))
        verb = "Unfold" if folded else "Fold"
        self.fold_button.setAccessibleName(f"{verb} the warning: {self.hazard.name}")
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


def _spoken(caution: Caution) -> str:
    return " ".join([caution.note.text, *(spoken(report) for report in caution.note.reports)])

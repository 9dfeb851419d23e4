"""A hazard of the selected muscle with all notes on it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from triggermap.dataset.dossier import spoken
from triggermap.dataset.models import Hazard, SafetyNote, Severity
from triggermap.safety.hazards import Caution
from triggermap.ui.banner import Banner
from triggermap.ui.citing import Citations
from triggermap.ui.icons import Icons
from triggermap.ui.pages import SEVERITY_WORDS
from triggermap.ui.theme import Theme

_ICONS = {"general": "warning"}
_PAGE = "hazard"  # what the link to the hazard's page is called
_SMALL = 13  # px at 100 %


def icon_of(name: str) -> str:
    """The icon that is drawn for a hazard's."""
    return _ICONS.get(name, name)


class HazardBanner(Banner):
    """All notes on one hazard of the selected muscle, the worst first."""

    hazard_requested = Signal(str)

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
        hazard, severity = cautions[0].hazard, cautions[0].note.severity
        super().__init__(
            hazard.name,
            f"{hazard.name}: {SEVERITY_WORDS[severity]}",
            icon_of(hazard.icon),
            icons,
            theme,
            scale,
            parent,
            grave=severity is Severity.LIFE_THREATENING,
        )
        self._cautions, self._labels, self._citations = cautions, labels, citations
        self.hazard, self.severity = hazard, severity
        self.words.linkHovered.connect(lambda link: self.words.setToolTip(citations.tip(link)))
        self.words.linkActivated.connect(self._open)
        self.show_for(None)

    def show_for(self, point: str | None) -> None:
        """Say what concerns a trigger point; with none chosen, all. Unfold what can be fatal."""
        about = [caution for caution in self._cautions if point is None or caution.note.touches(point)]
        shown = about or self._cautions
        fatal = any(caution.note.severity is Severity.LIFE_THREATENING for caution in shown)
        html = "".join(f"<p style='margin:0 0 4px 0'>{self._note(c)}</p>" for c in shown)
        words = [word for c in shown for word in (_spoken(c), _unseen(c.note)) if word]
        if self.hazard.unseen:
            html += self._small(_unseen(self.hazard))
            words.append(_unseen(self.hazard))
        html += self._about()
        self.say(html, " ".join(words), folded=not (about and fatal))

    def _note(self, caution: Caution) -> str:
        labels = [self._labels[point] for point in caution.note.points]
        word = "Point" if len(labels) == 1 else "Points"
        where = f"<b>{word} {', '.join(sorted(labels))}:</b> " if labels else ""
        reports = (f"<br/>{self._citations.claim(one, one.text)}" for one in caution.note.reports)
        note = where + self._citations.claim(caution.note, caution.note.text) + "".join(reports)
        return f"{note}<br/>{self._small(_unseen(caution.note))}" if caution.note.unseen else note

    def _about(self) -> str:
        """A link to the page of the hazard; by keyboard the finder leads there."""
        link = f"<a href='{_PAGE}' style='color:{self._color}'>About this hazard</a>"
        return f"<p style='margin:3px 0 0 0'>{link}</p>"

    def _open(self, link: str) -> None:
        if link == _PAGE:
            self.hazard_requested.emit(self.hazard.id)

    def _small(self, text: str) -> str:
        return f"<span style='font-size:{round(_SMALL * self._scale)}px'>{escape(text)}</span>"


def _unseen(told: SafetyNote | Hazard) -> str:
    """Why the reference body doesn't show what a note or hazard is about, or nothing."""
    return f"Not shown by the reference body: {told.unseen}" if told.unseen else ""


def _spoken(caution: Caution) -> str:
    return " ".join([caution.note.text, *(spoken(report) for report in caution.note.reports)])

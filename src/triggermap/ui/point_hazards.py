"""What a card says of the hazards at a trigger point: the written ones, and what the body shows."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtGui import QPixmap

from triggermap.dataset.dossier import NO_HAZARD, no_hazard
from triggermap.dataset.models import PNEUMOTHORAX, Hazard, Muscle, Severity, TriggerPoint
from triggermap.errors import TriggermapError
from triggermap.safety.general import NOT_AVAILABLE, general_applies
from triggermap.safety.hazards import cautions
from triggermap.safety.shown import NOTHING_NAMED, Shown, shown
from triggermap.safety.stored import SIDES
from triggermap.safety.ways import CAVEAT
from triggermap.session import Session
from triggermap.ui.hazard_banner import icon_of
from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

TREAT_AS_OVER_LUNG = "Treat as over the lung: pneumothorax"
_ICON_PX = 18


@dataclass(frozen=True, slots=True)
class PointWarning:
    """Rich text for the card, the same as plain words for a screen reader, and an icon if there is any."""

    html: str
    words: str
    sign: QPixmap | None


class PointHazards:
    """Words about trigger points for one dossier."""

    def __init__(self, session: Session, icons: Icons, theme: Theme, scale: float) -> None:
        self._session, self._icons, self._theme, self._scale = session, icons, theme, scale

    def warning(self, muscle: Muscle, point: TriggerPoint) -> PointWarning:
        """The hazards of a point in words, with the icon of the gravest; the words are never empty."""
        told = [(h.name, icon_of(h.icon), self._color(h)) for h in self.hazards(muscle, point)]
        lost = bool(self._session.faults) and general_applies(muscle, point)
        if lost and PNEUMOTHORAX not in (hazard.id for hazard in self.hazards(muscle, point)):
            told.insert(0, (TREAT_AS_OVER_LUNG, "lung", self._theme.danger))
        if not told:
            words = self._without_note(point)
            return PointWarning(
                f"<span style='color:{self._theme.muted}'>{escape(words)}</span>", words, None
            )
        html = "; ".join(f"<b style='color:{color}'>{escape(name)}</b>" for name, _, color in told)
        _, icon, color = told[0]
        # No picture inside the rich text: Qt reads and writes it under a lock that the threads which
        # decode the plates may hold while they wait for Python, and Python for the lock.
        sign = self._icons.pixmap(icon, color, round(_ICON_PX * self._scale))
        return PointWarning(html, f"Hazards: {', '.join(name for name, _, _ in told)}.", sign)

    def absence(self, muscle: Muscle) -> str | None:
        """What is said where a muscle has no note, unless the body shows something or can't be asked."""
        absent = no_hazard(muscle)
        if absent is None:
            return None
        found = [self._shown(point) for point in muscle.trigger_points]
        return absent if all(one is not None and not one.anything for one in found) else None

    def hazards(self, muscle: Muscle, point: TriggerPoint) -> list[Hazard]:
        """The written hazards of a point, pneumothorax first."""
        dataset = self._session.dataset
        assert dataset is not None
        return list({c.hazard.id: c.hazard for c in cautions(dataset, muscle, point.id)}.values())

    def body_shows(self, point: TriggerPoint) -> str:
        """What lies on and near the way to a point on the reference body, as rich text."""
        head = (
            f"<p style='margin:7px 0 0 0'><b>Computed on the reference body, not a patient{_side(point)}:</b>"
        )
        found = self._shown(point)
        if found is None:
            return f"{head} {NOT_AVAILABLE.lower()}.</p>"
        rows = "".join(
            f"<p style='margin:3px 0 0 0'>{escape(words)}: {escape('; '.join(names))}.</p>"
            for words, names in found.rows()
        )
        rows = rows or f"<p style='margin:3px 0 0 0'>{NOTHING_NAMED}.</p>"
        caveat = f"<span style='color:{self._theme.muted}'>{CAVEAT}</span>"
        return f"{head}</p>{rows}<p style='margin:3px 0 0 0'>{caveat}</p>"

    def _without_note(self, point: TriggerPoint) -> str:
        found = self._shown(point)
        if found is None:
            return f"{NOT_AVAILABLE}."
        if not found.anything:
            return NO_HAZARD
        names = "; ".join(name for _, names in found.rows() for name in names)
        return f"No hazard is written here. The reference body shows on the way or near it: {names}."

    def _shown(self, point: TriggerPoint) -> Shown | None:
        """Both sides, whichever is on show; None where that can't be told."""
        if self._session.faults or self._session.advice is None:
            return None
        try:
            return shown(self._session.advice.found(point, SIDES))
        except TriggermapError as error:
            self._session.note_fault(str(error))
            return None

    def _color(self, hazard: Hazard) -> str:
        return self._theme.danger if hazard.severity is Severity.LIFE_THREATENING else self._theme.caution


def _side(point: TriggerPoint) -> str:
    return f", {point.only} side" if point.only else ""

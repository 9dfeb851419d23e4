"""What a card says of the hazards at a trigger point: the written ones, and what the body shows."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QBuffer, QIODevice

from triggermap.dataset.dossier import NO_HAZARD, no_hazard
from triggermap.dataset.models import Hazard, Muscle, Severity, TriggerPoint
from triggermap.errors import TriggermapError
from triggermap.safety.general import NOT_AVAILABLE, general_applies
from triggermap.safety.hazards import cautions
from triggermap.safety.report import PNEUMOTHORAX
from triggermap.safety.shown import NOTHING_NAMED, Shown, shown
from triggermap.safety.stored import SIDES
from triggermap.safety.ways import CAVEAT
from triggermap.session import Session
from triggermap.ui.hazard_banner import icon_of
from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

TREAT_AS_OVER_LUNG = "Treat as over the lung: pneumothorax"
_ICON_PX = 16


class PointHazards:
    """Words about trigger points for one dossier."""

    def __init__(self, session: Session, icons: Icons, theme: Theme, scale: float) -> None:
        self._session, self._icons, self._theme, self._scale = session, icons, theme, scale

    def line(self, muscle: Muscle, point: TriggerPoint) -> tuple[str, str]:
        """The hazards of a point as rich text with icons, and as plain words; never empty."""
        found = self.hazards(muscle, point)
        signs = [self._sign(hazard) for hazard in found]
        names = [hazard.name for hazard in found]
        lost = bool(self._session.faults)
        if lost and general_applies(muscle, point) and PNEUMOTHORAX not in (hazard.id for hazard in found):
            signs.insert(0, self._worded("lung", TREAT_AS_OVER_LUNG, self._theme.danger))
            names.insert(0, TREAT_AS_OVER_LUNG)
        if names:
            return " &nbsp; ".join(signs), f"Hazards: {', '.join(names)}."
        words = self._without_note(point)
        return f"<span style='color:{self._theme.muted}'>{escape(words)}</span>", words

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

    def _sign(self, hazard: Hazard) -> str:
        grave = hazard.severity is Severity.LIFE_THREATENING
        color = self._theme.danger if grave else self._theme.caution
        return self._worded(icon_of(hazard.icon), hazard.name, color)

    def _worded(self, icon: str, word: str, color: str) -> str:
        size = round(_ICON_PX * self._scale)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._icons.pixmap(icon, color, size).save(buffer, "PNG")
        data = bytes(buffer.data().toBase64().data()).decode()
        source = f"src='data:image/png;base64,{data}' width='{size}' height='{size}'"
        image = f"<img style='vertical-align: middle' {source}/>"
        return f"{image}&nbsp;<b style='color:{color}'>{escape(word)}</b>"


def _side(point: TriggerPoint) -> str:
    return f", {point.only} side" if point.only else ""

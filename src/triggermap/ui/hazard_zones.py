"""What the stage shows of hazards: what is at risk at the chosen point, one hazard, or all of them.

Worked out one turn of the loop after a choice: the stage answers first. While safety data can't be read
nothing is drawn, and the key says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPainter, QPixmap

from triggermap import placing
from triggermap.body.contours import seen_of
from triggermap.errors import TriggermapError
from triggermap.session import Session
from triggermap.state import HAZARDS
from triggermap.ui.icons import Icons
from triggermap.ui.stage.hatching import colors_of, tile
from triggermap.ui.stage.zones import KINDS, Kind, Zone, kind_of, zone_of_hazard, zones_at_risk, zones_of_all
from triggermap.ui.stage_frame import HazardRow, StageFrame

if TYPE_CHECKING:
    from triggermap.body.plates import Body, Plate
    from triggermap.dataset.models import Hazard
    from triggermap.safety.risks import Advice
    from triggermap.ui.look import Look
    from triggermap.ui.stage.stage import Stage

WORDS: dict[Kind, str] = {
    "lung": "Lung",
    "organ": "Organs",
    "vessel": "Vessels",
    "nerve": "Nerves",
    "spine": "Spinal canal",
}
_ORDER = ("life-threatening", "serious", "minor")
NOT_AVAILABLE = "Safety data is not available:\nzones may be missing."


class HazardZones(QObject):
    """Keeps the hatching on the stage and its key true to the session."""

    def __init__(self, session: Session, frame: StageFrame, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._frame, self._icons = session, frame, icons
        self._shown_key: object = None

    def refresh(self, stage: Stage | None, look: Look) -> None:
        """The view or the selection is another: show what holds now."""
        session = self._session
        body, plate, advice = session.body, session.plate, session.advice
        if stage is None or body is None or plate is None:
            return
        zones: list[Zone] = []
        hazards: Mapping[int, Hazard] = {}
        over = HAZARDS in session.state.overlays
        try:
            if advice is not None:
                if over:
                    hazards = advice.hazards_by_structure
                    zones += zones_of_all(body, hazards)
                zones += self._chosen(body, advice)
            rows = self._rows(body, plate, hazards, look)
        except TriggermapError as error:
            session.note_fault(str(error))
            zones, hazards, rows = [], {}, []
        stage.show_zones(tuple(zones), hazards)
        note = NOT_AVAILABLE if over and (session.faults or (session.dataset and not advice)) else ""
        key = (over, plate.id, look.name, look.scale, id(advice), note)
        if key != self._shown_key:
            self._shown_key = key
            self._frame.show_hazards(rows, note)

    def words_for(self, structure: int) -> str:
        """What the zone of a structure is called: its hazard, then the structure."""
        hazard = self.hazard_of(structure)
        body = self._session.body
        if hazard is None or body is None:
            return ""
        return f"{hazard.name} · {body.structures[structure].title}"

    def hazard_of(self, structure: int) -> Hazard | None:
        """The hazard that a structure stands for."""
        advice = self._session.advice
        return advice.hazards_by_structure.get(structure) if advice is not None else None

    def _chosen(self, body: Body, advice: Advice) -> tuple[Zone, ...]:
        """What is at risk at the chosen point, or what the chosen hazard is about."""
        session = self._session
        if session.hazard is not None:
            zone = zone_of_hazard(body, session.hazard, advice.hazards_by_structure)
            return (zone,) if zone is not None else ()
        if session.muscle is not None and session.point is not None:
            sides = placing.sides_of(session.state.side)
            return zones_at_risk(body, advice.risks(session.muscle, session.point, sides))
        return ()

    def _rows(self, body: Body, plate: Plate, hazards: Mapping[int, Hazard], look: Look) -> list[HazardRow]:
        """A row for each kind that the plate shows, with its hazards, the gravest first."""
        by_kind: dict[Kind, dict[str, Hazard]] = {}
        for number in seen_of(plate, body, hazards):
            hazard = hazards[number]
            by_kind.setdefault(kind_of(body.structures[number], hazard), {})[hazard.id] = hazard
        rows = []
        for kind in sorted(by_kind, key=KINDS.index):
            found = sorted(by_kind[kind].values(), key=lambda h: (_ORDER.index(h.severity.value), h.name))
            rows.append(
                HazardRow(
                    WORDS[kind],
                    _swatch(kind, look),
                    self._icons.icon(kind, look.theme.stage_text),
                    tuple((hazard.id, hazard.name) for hazard in found),
                )
            )
        return rows


def _swatch(kind: Kind, look: Look) -> QPixmap:
    """A sample of a kind's hatching, as it looks on the stage."""
    size = round(20 * look.scale)
    pixmap = QPixmap(size, size)
    pixmap.fill(QColor(look.theme.stage))
    color = colors_of(look.theme)[kind]
    painter = QPainter(pixmap)
    painter.drawTiledPixmap(pixmap.rect(), tile(kind, color, QColor(look.theme.stage), look.scale))
    painter.setPen(color)
    painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return pixmap

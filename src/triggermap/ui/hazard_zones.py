"""What the stage shows of hazards: what is at risk at the chosen point, one hazard, or all of them.

Worked out one turn of the loop after a choice: the stage answers first. While safety data can't be read
nothing is drawn, and the key says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from triggermap import placing
from triggermap.body.masks import rect_of, seen_of
from triggermap.errors import TriggermapError
from triggermap.safety.hazards import LIFE_THREATENING
from triggermap.session import Session
from triggermap.state import HAZARDS
from triggermap.ui.icons import Icons
from triggermap.ui.stage.hatching import colors_of, swatch
from triggermap.ui.stage.zones import KINDS, Kind, Zone, kind_of, zone_of_hazard, zones_at_risk, zones_of_all
from triggermap.ui.stage_frame import HazardRow, StageFrame

if TYPE_CHECKING:
    from triggermap.body.hit import Mark
    from triggermap.body.masks import Rect
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
NOT_AVAILABLE = "Safety data is not available:\nzones may be missing."


class HazardZones(QObject):
    """Keeps the hatching on the stage and its key true to the session."""

    def __init__(self, session: Session, frame: StageFrame, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._frame, self._icons = session, frame, icons
        self._shown_key: object = None
        self.place: Rect | None = None
        """Where the plate shows the chosen hazard (plate mm); None where it doesn't."""

    def refresh(self, stage: Stage | None, look: Look) -> None:
        """The view or the selection is another: show what holds now."""
        session = self._session
        body, plate, advice = session.body, session.plate, session.advice
        if stage is None or body is None or plate is None:
            return
        over = HAZARDS in session.state.overlays
        hazards = advice.hazards_by_structure if over and advice is not None else {}
        try:
            chosen = self._chosen(body, plate, advice) if advice is not None else ()
            stage.show_zones(zones_of_all(body, hazards), chosen, hazards)
            self._show_key(body, plate, hazards, look)
        except TriggermapError as error:
            session.note_fault(str(error))
            stage.show_zones(())
            self._frame.show_hazards([], NOT_AVAILABLE if over else "")

    def _show_key(self, body: Body, plate: Plate, hazards: Mapping[int, Hazard], look: Look) -> None:
        session = self._session
        over = HAZARDS in session.state.overlays
        lost = session.faults or (session.dataset is not None and session.advice is None)
        note = NOT_AVAILABLE if over and lost else ""
        wanted = (over, plate.id, look.name, look.scale, id(session.advice), note)
        if wanted != self._shown_key:
            self._frame.show_hazards(self._rows(body, plate, hazards, look), note)
            self._shown_key = wanted

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

    def _chosen(self, body: Body, plate: Plate, advice: Advice) -> tuple[Zone, ...]:
        """What is at risk at the chosen point, or what the chosen hazard is about."""
        session = self._session
        self.place = None
        if session.hazard is not None:
            zone = zone_of_hazard(body, session.hazard)
            if zone is not None:
                self.place = rect_of(plate, body, [number for _, own in zone.parts for number in own])
            return (zone,) if zone is not None else ()
        if session.muscle is not None and session.point is not None:
            sides = placing.sides_with(session.point, session.state.side)
            risks = advice.risks(session.muscle, session.point, sides)
            if not any(mark.selected for mark in self._marks(plate)):
                # Where the X isn't seen, names of everything about it would hide the plate.
                risks = tuple(r for r in risks if r.hazard.severity == LIFE_THREATENING)
            sites = [plate.project(placing.position(session.point, side)[None])[0] for side in sides]
            return zones_at_risk(plate, body, risks, [(float(u), float(v)) for u, v in sites], sides)
        return ()

    def _marks(self, plate: Plate) -> tuple[Mark, ...]:
        session = self._session
        if session.muscle is None:
            return ()
        return placing.marks(plate, session.muscle, session.state.side, session.state.point)

    def _rows(self, body: Body, plate: Plate, hazards: Mapping[int, Hazard], look: Look) -> list[HazardRow]:
        """A row for each kind that the plate shows, with its hazards, the gravest first."""
        by_kind: dict[Kind, dict[str, Hazard]] = {}
        for number in seen_of(plate, body, hazards):
            hazard = hazards[number]
            by_kind.setdefault(kind_of(body.structures[number], hazard), {})[hazard.id] = hazard
        rows = []
        for kind in sorted(by_kind, key=KINDS.index):
            found = sorted(by_kind[kind].values(), key=lambda h: (h.severity.rank, h.name))
            rows.append(
                HazardRow(
                    WORDS[kind],
                    QPixmap.fromImage(
                        swatch(kind, colors_of(look.theme), round(22 * look.scale), look.scale)
                    ),
                    self._icons.icon(kind, look.theme.stage_text),
                    tuple((hazard.id, hazard.name) for hazard in found),
                )
            )
        return rows

"""What fills the window once it has painted: session, stage and dossier, and all that connects them.

Imported after the first paint: it brings numpy and pyqtgraph. The dossier comes with the dataset,
for it brings pydantic; the stage is clickable before.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from triggermap import placing
from triggermap.body.plates import WHOLE
from triggermap.errors import TriggermapError
from triggermap.safety.general import NOT_AVAILABLE, what_is_wrong
from triggermap.session import Session
from triggermap.state import PAGES
from triggermap.ui.actions import MOST_LAYERS
from triggermap.ui.hazard_zones import HazardZones
from triggermap.ui.main_window import MainWindow
from triggermap.ui.overlay_rows import OVERLAY_ROWS
from triggermap.ui.plate_bar import overlays_of
from triggermap.ui.probing import Probing
from triggermap.ui.readahead import ReadAhead
from triggermap.ui.stage.overlays import tip_of
from triggermap.ui.stage.scene import Scene, scene_of
from triggermap.ui.stage.stage import Stage
from triggermap.ui.texts import NO_FIXED_REFERRAL

if TYPE_CHECKING:
    from triggermap.body.hit import Target
    from triggermap.body.plates import Body
    from triggermap.dataset.models import Dataset, Muscle, TriggerPoint
    from triggermap.finder.search import Hit, Index
    from triggermap.safety.risks import Advice
    from triggermap.state import State
    from triggermap.ui.dossier import Dossier


_CROWDED = 1.5


class Workspace(QObject):
    """Joins the session with the parts of a window."""

    picture_failed = Signal(str)
    stage_shown = Signal()

    def __init__(self, window: MainWindow, state: State) -> None:
        super().__init__(window)
        self.window, self.session = window, Session(state, self)
        self.stage: Stage | None = None
        self.dossier: Dossier | None = None
        self._by_click = False
        self._frame_hazard = False  # a chosen hazard has its place on the plate one turn of the loop later
        self._texts = QTimer(self)
        self._texts.setSingleShot(True)
        self._texts.setInterval(0)
        self._texts.timeout.connect(self._show_texts)
        session, bar = self.session, window.plate_bar
        self.probing = Probing(session, window.probe_strip, window.section, self)
        self.hazard_zones = HazardZones(session, window.frame, window.icons, self)
        self._ahead = ReadAhead(self)
        self._actions: dict[str, Callable[[], object]] = {
            "clear": session.clear,
            **{f"layer-{n}": partial(self._show_layer, n - 1) for n in range(1, MOST_LAYERS + 1)},
            "shallower": lambda: self._show_layer(self._layer_number - 1),
            "deeper": lambda: self._show_layer(self._layer_number + 1),
            "view": session.next_plate,
            "side": session.next_side,
            "labels": lambda: session.show_labels(not session.state.labels),
            "probe": lambda: session.set_probe(not session.state.probe),
            "section": self.probing.toggle_section,
            **{f"show-{row.id}": partial(self._toggle_overlay, row.id) for row in OVERLAY_ROWS},
            **{f"page-{page}": partial(session.toggle_page, page) for page in PAGES},
            "zoom-in": lambda: self.stage and self.stage.zoom(1),
            "zoom-out": lambda: self.stage and self.stage.zoom(-1),
            "fit": lambda: self.stage and self.stage.fit(),
        }
        window.action_requested.connect(lambda action: self._actions[action]())
        window.look_changed.connect(self._take_look)
        window.closing.connect(self._close)
        session.body_loaded.connect(self._show_body)
        session.view_changed.connect(self._show_view)
        session.selection_changed.connect(self._show_selection)
        session.safety_lost.connect(self._show_fault)
        session.safety_lost.connect(self._show_scene)
        bar.plate_requested.connect(session.show_plate)
        bar.layer_requested.connect(session.show_layer)
        bar.side_requested.connect(session.show_side)
        bar.overlay_toggled.connect(session.toggle_overlay)
        window.finder.chosen.connect(self._take_result)
        window.finder.left.connect(self._leave_finder)
        window.frame.plate_requested.connect(session.show_plate)
        window.frame.hazard_requested.connect(session.select_hazard)

    @property
    def settled(self) -> bool:
        """True once everything is loaded and on show."""
        shown = self.dossier is not None and self.stage is not None and self.stage.settled
        return shown and self.probing.settled and not self._texts.isActive()

    # --- loading -----------------------------------------------------------------------------

    def take_body(self, body: Body) -> None:
        """Show a loaded body; the first one brings the stage."""
        if self.stage is None:
            stage = Stage(body, self.window.look.theme, self.window.icons, self.window.frame)
            stage.set_interface_scale(self.window.look.scale)
            stage.hovered.connect(self._name_target)
            stage.clicked.connect(self._take_target)
            stage.pointed.connect(self.probing.point_at)
            self.probing.pinned.connect(stage.show_pin)
            stage.zoomed.connect(self.window.strip.show_zoom)
            stage.picture_failed.connect(self.window.strip.show_message)
            stage.picture_failed.connect(self.picture_failed)
            stage.picture_failed.connect(self.session.note_fault)
            stage.painted.connect(self.stage_shown)
            self.stage = stage
            self.window.frame.covered_changed.connect(stage.set_covered)
            self.window.frame.set_stage(stage)
            if not self.window.finder.box.hasFocus():
                stage.viewport.setFocus()
        self.session.take_body(body)

    def take_dataset(self, dataset: Dataset, index: Index, advice: Advice | None = None) -> None:
        """Show a loaded dataset with its search index; the first one brings the dossier."""
        self.window.finder.set_index(index)
        if self.dossier is None:
            look = self.window.look
            module = importlib.import_module("triggermap.ui.dossier")
            dossier: Dossier = module.Dossier(self.session, self.window.icons, look.theme, self.window)
            dossier.point_requested.connect(self.session.select_muscle)
            dossier.muscle_requested.connect(self.session.select_muscle)
            dossier.hazard_requested.connect(self.session.select_hazard)
            dossier.clear_requested.connect(self.session.clear)
            dossier.set_look(look.theme, look.scale)
            self.dossier = dossier
            self.window.set_dossier(dossier)
        self.session.take_dataset(dataset, advice)

    def _show_body(self) -> None:
        body = self.session.body
        if body is not None:
            self.window.plate_bar.set_body(body)

    def _show_fault(self) -> None:
        """Something can't be read: everything that is said of safety is said anew."""
        strip, faults = self.window.strip, self.session.faults
        strip.show_fault(NOT_AVAILABLE, what_is_wrong(faults))
        if len(faults) == 1:
            strip.show_message(faults[0])
        self._texts.start()

    # --- showing -----------------------------------------------------------------------------

    def _show_view(self) -> None:
        session, window, plate = self.session, self.window, self.session.plate
        for key, on in (("labels", session.state.labels), ("probe", session.state.probe)):
            window.switches[key].setChecked(on)
        window.last_state = session.state.format()
        if plate is None:
            return
        self._ahead.show(plate)
        window.plate_bar.show_session(session)
        window.plate_bar.set_look(window.icons, window.look.theme, window.look.scale)
        crowded = window.look.scale >= _CROWDED and window.plate_bar.layers.names_current
        layer = "" if crowded else plate.layer(session.state.layer).title
        window.frame.show_caption(plate.title, "\n".join(line for line in (layer, plate.note) if line))
        there = overlays_of(plate, session.body) if session.body else set()
        window.frame.show_key([overlay for overlay in session.state.overlays if overlay in there])
        self._show_scene()

    def _show_selection(self) -> None:
        self.window.last_state = self.session.state.format()
        self._show_scene()
        self._frame_hazard = not self._by_click
        if self.stage is not None and not self._by_click:
            self.stage.frame_selection()

    def _show_scene(self) -> None:
        # The stage answers first; texts follow one turn of the loop later, with or without a stage.
        self._texts.start()
        if self.stage is None or self.session.plate is None:
            return
        try:
            scene = scene_of(self.session)
        except TriggermapError as error:
            # Outlines or depths can't be read: the plate is shown all the same, and the fault is named.
            self.stage.tell(error)
            scene = Scene(self.session.state.plate, self.session.state.layer)
        self.stage.show_scene(scene)

    def _show_texts(self) -> None:
        if self.dossier is not None:
            self.dossier.show_session()
        self._show_legend()
        self.probing.refresh()
        self.hazard_zones.refresh(self.stage, self.window.look)
        if self._frame_hazard and self.stage is not None and self.hazard_zones.place is not None:
            self.stage.frame_selection(self.hazard_zones.place)
        self._frame_hazard = False

    def _show_legend(self) -> None:
        body, muscle, point = self.session.body, self.session.muscle, self.session.point
        words = [muscle.name if muscle else "", point.name if point else ""]
        if self.stage is not None:
            self.stage.setAccessibleDescription(", ".join(word for word in words if word))
        if body is None or muscle is None:
            self.window.frame.show_legend("", [])
            return
        if point is None:
            self._show_far(muscle)
            return
        color = self.window.look.theme.spill
        spot = f"<span style='color:{color}'>"
        key = f"<b>×</b>&nbsp;trigger&nbsp;point &nbsp; {spot}■</span>&nbsp;essential&nbsp;zone"
        key += f" &nbsp; {spot}•••</span>&nbsp;spillover&nbsp;zone"
        if self.stage is not None and self.stage.scene is not None and self.stage.scene.anchors:
            key += f" &nbsp; {spot}○</span>&nbsp;deep&nbsp;(dashed:&nbsp;spillover)"
        known = bool(point.essential or point.spillover)
        rule = NO_FIXED_REFERRAL if known else "Referral pattern not documented."
        rows = [key]
        if (
            self.window.look.scale < _CROWDED
        ):  # beside a large dossier that says both, the plate needs the room
            rows = [f"<b>{escape(muscle.name)}: {escape(point.name)}</b>", key, escape(rule)]
        others = self._titles(self._plates_for_point(point))
        self.window.frame.show_legend("<br/>".join(rows), others)

    def _show_far(self, muscle: Muscle) -> None:
        """Say that the muscle lies behind what is shown, and where it is seen; else nothing."""
        body, state, scene = self.session.body, self.session.state, self.stage.scene if self.stage else None
        if body is None or scene is None or not scene.selected or set(scene.far) != set(scene.selected):
            self.window.frame.show_legend("", [])
            return
        try:
            best = placing.plates_for_muscle(body, muscle, state.side)
        except TriggermapError as error:
            self.session.note_fault(str(error))
            best = []
        words = f"<b>{escape(muscle.name)}</b> lies on the far side of the body here."
        self.window.frame.show_legend(words, self._titles(best))

    def _titles(self, plates: list[str]) -> list[tuple[str, str]]:
        """Plates other than the open one, with what stands on their buttons."""
        body, here = self.session.body, self.session.state.plate
        found = [body.plates[plate_id] for plate_id in plates if plate_id != here] if body else []
        return [(plate.id, plate.short if plate.group == WHOLE else plate.title) for plate in found]

    def _plates_for_point(self, point: TriggerPoint) -> list[str]:
        body = self.session.body
        try:
            return placing.plates_for_point(body, point, self.session.state.side) if body else []
        except TriggermapError as error:
            self.session.note_fault(str(error))
            return []

    def _take_look(self) -> None:
        look = self.window.look
        if self.dossier is not None:
            self.dossier.set_look(look.theme, look.scale)
        if self.stage is not None:
            self.stage.set_theme(look.theme)
            self.stage.set_interface_scale(look.scale)
            self._texts.start()  # the key has swatches in the theme's colours

    # --- asking ------------------------------------------------------------------------------

    @property
    def _layer_number(self) -> int:
        """How many layers lie over the open one."""
        plate = self.session.plate
        ids = [layer.id for layer in plate.layers] if plate else []
        return ids.index(self.session.state.layer) if ids else 0

    def _show_layer(self, number: int) -> None:
        plate = self.session.plate
        if plate is not None and 0 <= number < len(plate.layers):
            self.session.show_layer(plate.layers[number].id)

    def _toggle_overlay(self, overlay: str) -> None:
        plate, body = self.session.plate, self.session.body
        if plate is None or body is None:
            return
        if overlay in overlays_of(plate, body):
            self.session.toggle_overlay(overlay)
        else:
            title = next(row.title for row in OVERLAY_ROWS if row.id == overlay)
            self.window.strip.show_message(f"{title}: this plate has none.")

    def _name_target(self, target: Target) -> None:
        spot = self.stage.landmark if self.stage is not None else None
        words = tip_of(spot) if spot is not None else self._words_for(target)
        self.window.strip.show_here(words)
        if self.stage is not None:
            parts = words.split(" · ")
            # Beside the pointer the first name is enough, but a mark says its hazard too.
            warned = target.kind == "mark" and len(parts) > 2 and spot is None
            self.stage.show_name(" · ".join((parts[0], parts[-1])) if warned else parts[0])

    def _words_for(self, target: Target) -> str:
        body, session = self.session.body, self.session
        if body is None:
            return ""
        if target.kind == "structure":
            structure = body.structures[target.id]
            muscle = session.muscles.get(session.muscle_of(structure) or "")
            return f"{structure.title} · {muscle.latin}" if muscle else structure.title
        if target.kind == "region":
            value = body.regions[target.id]
            region = session.regions.get(value.region)
            side = f" ({value.side})" if value.side != "mid" else ""
            return f"{region.name}{side} · {region.clinical}" if region else ""
        if target.kind == "mark" and self.stage is not None and self.stage.scene is not None:
            mark = self.stage.scene.marks[target.id]
            point = session.point_of(mark.point)
            words = f"Trigger point {mark.label} ({mark.side}) · {point.name}" if point else ""
            return f"{words} · {mark.hazard}" if words and mark.hazard else words
        if target.kind == "hazard":
            return self.hazard_zones.words_for(target.id)
        return ""

    def _take_target(self, target: Target) -> None:
        # Who clicks on the stage has found the place already: the view stays.
        self._by_click = True
        self.probing.note_click()
        try:
            self._select_target(target)
        finally:
            self._by_click = False

    def _select_target(self, target: Target) -> None:
        body = self.session.body
        if body is None:
            return
        if target.kind == "structure":
            self.session.select_structure(body.structures[target.id])
        elif target.kind == "region":
            self.session.select_region(body.regions[target.id].region)
        elif target.kind == "hazard":
            hazard = self.hazard_zones.hazard_of(target.id)
            if hazard is not None:
                self.session.select_hazard(hazard.id)
        elif target.kind == "mark" and self.stage is not None and self.stage.scene is not None:
            mark = self.stage.scene.marks[target.id]
            self.session.select_muscle(self.session.state.muscle or "", mark.point, turn=False)
        else:
            self.session.clear()

    def _take_result(self, result: Hit) -> None:
        if result.kind == "region":
            self.session.select_region(result.id, turn=True)
        elif result.kind == "condition":
            self.session.select_condition(result.id)
        elif result.kind == "hazard":
            self.session.select_hazard(result.id)
        elif result.kind == "nerve":
            self.window.finder.show_muscles_of(result)
        else:
            self.session.select_muscle(result.muscles[0], result.point)

    def _leave_finder(self) -> None:
        self.session.clear()
        if self.stage is not None:
            self.stage.viewport.setFocus()

    def _close(self) -> None:
        self.probing.close()
        self._ahead.close()
        if self.stage is not None:
            self.stage.close_pictures()

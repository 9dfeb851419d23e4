"""What fills the window once it has painted: session, stage and dossier, and all that connects them.

Imported after the first paint: it brings numpy and pyqtgraph. The dossier comes with the dataset,
for it brings pydantic; the stage is clickable before.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from triggermap import placing
from triggermap.errors import TriggermapError
from triggermap.session import Session
from triggermap.ui.main_window import MainWindow
from triggermap.ui.stage.scene import Scene, scene_of
from triggermap.ui.stage.stage import Stage
from triggermap.ui.texts import NO_FIXED_REFERRAL

if TYPE_CHECKING:
    from triggermap.body.hit import Target
    from triggermap.body.plates import Body
    from triggermap.dataset.models import Dataset, Muscle, TriggerPoint
    from triggermap.finder.search import Hit, Index
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
        self._texts = QTimer(self)
        self._texts.setSingleShot(True)
        self._texts.setInterval(0)
        self._texts.timeout.connect(self._show_texts)
        session, bar = self.session, window.plate_bar
        self._actions: dict[str, Callable[[], object]] = {
            "clear": session.clear,
            **{f"layer-{n + 1}": (lambda n=n: self._show_layer_number(n)) for n in range(4)},  # type: ignore[misc]
            "view": session.next_plate,
            "side": session.next_side,
            "labels": lambda: session.show_labels(not session.state.labels),
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
        bar.plate_requested.connect(session.show_plate)
        bar.layer_requested.connect(session.show_layer)
        bar.side_requested.connect(session.show_side)
        window.finder.chosen.connect(self._take_result)
        window.finder.left.connect(self._leave_finder)
        window.frame.plate_requested.connect(session.show_plate)

    @property
    def settled(self) -> bool:
        """True once everything is loaded and on show."""
        return self.dossier is not None and self.stage is not None and self.stage.settled

    # --- loading -----------------------------------------------------------------------------

    def take_body(self, body: Body) -> None:
        """Show a loaded body; the first one brings the stage."""
        if self.stage is None:
            stage = Stage(body, self.window.look.theme, self.window.frame)
            stage.set_interface_scale(self.window.look.scale)
            stage.hovered.connect(self._name_target)
            stage.clicked.connect(self._take_target)
            stage.zoomed.connect(self.window.strip.show_zoom)
            stage.picture_failed.connect(self.window.strip.show_message)
            stage.picture_failed.connect(self.picture_failed)
            stage.painted.connect(self.stage_shown)
            self.stage = stage
            self.window.frame.set_stage(stage)
            if not self.window.finder.box.hasFocus():
                stage.viewport.setFocus()
        self.session.take_body(body)

    def take_dataset(self, dataset: Dataset, index: Index) -> None:
        """Show a loaded dataset with its search index; the first one brings the dossier."""
        self.window.finder.set_index(index)
        if self.dossier is None:
            look = self.window.look
            module = importlib.import_module("triggermap.ui.dossier")
            dossier: Dossier = module.Dossier(self.session, self.window.icons, look.theme, self.window)
            dossier.point_requested.connect(self.session.select_muscle)
            dossier.clear_requested.connect(self.session.clear)
            dossier.set_look(look.theme, look.scale)
            self.dossier = dossier
            self.window.set_dossier(dossier)
        self.session.take_dataset(dataset)

    def _show_body(self) -> None:
        body = self.session.body
        if body is not None:
            self.window.plate_bar.set_body(body)

    # --- showing -----------------------------------------------------------------------------

    def _show_view(self) -> None:
        session, window, plate = self.session, self.window, self.session.plate
        window.label_switch.setChecked(session.state.labels)
        window.last_state = session.state.format()
        if plate is None:
            return
        window.plate_bar.show_session(session)
        window.plate_bar.set_look(window.icons, window.look.theme, window.look.scale)
        window.frame.show_caption(plate.title, plate.note)
        self._show_scene()

    def _show_selection(self) -> None:
        self.window.last_state = self.session.state.format()
        self._show_scene()
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

    def _show_legend(self) -> None:
        session, body, muscle, point = (
            self.session,
            self.session.body,
            self.session.muscle,
            self.session.point,
        )
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
        known = bool(point.essential or point.spillover)
        rule = NO_FIXED_REFERRAL if known else "Referral pattern not documented."
        rows = [key]
        if (
            self.window.look.scale < _CROWDED
        ):  # beside a large dossier that says both, the plate needs the room
            rows = [f"<b>{escape(muscle.name)}: {escape(point.name)}</b>", key, escape(rule)]
        others = [
            (plate_id, body.plates[plate_id].view.capitalize())
            for plate_id in self._plates_for_point(point)
            if plate_id != session.state.plate
        ]
        self.window.frame.show_legend("<br/>".join(rows), others)

    def _show_far(self, muscle: Muscle) -> None:
        """Say that the muscle lies behind what is shown, and where it is seen; else nothing."""
        body, state, scene = self.session.body, self.session.state, self.stage.scene if self.stage else None
        if body is None or scene is None or not scene.selected or set(scene.far) != set(scene.selected):
            self.window.frame.show_legend("", [])
            return
        best = [
            (plate_id, body.plates[plate_id].view.capitalize())
            for plate_id in placing.plates_for_muscle(body, muscle, state.side)
            if plate_id != state.plate
        ]
        words = f"<b>{escape(muscle.name)}</b> lies on the far side of the body here."
        self.window.frame.show_legend(words, best[:2])

    def _plates_for_point(self, point: TriggerPoint) -> list[str]:
        body = self.session.body
        try:
            return placing.plates_for_point(body, point, self.session.state.side) if body else []
        except TriggermapError:
            return []  # the stage has named the fault already

    def _take_look(self) -> None:
        look = self.window.look
        if self.dossier is not None:
            self.dossier.set_look(look.theme, look.scale)
        if self.stage is not None:
            self.stage.set_theme(look.theme)
            self.stage.set_interface_scale(look.scale)

    # --- asking ------------------------------------------------------------------------------

    def _show_layer_number(self, number: int) -> None:
        plate = self.session.plate
        if plate is not None and number < len(plate.layers):
            self.session.show_layer(plate.layers[number].id)

    def _name_target(self, target: Target) -> None:
        words = self._words_for(target)
        self.window.strip.show_here(words)
        if self.stage is not None:
            self.stage.show_name(words.split(" · ")[0])

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
            return f"Trigger point {mark.label} ({mark.side}) · {point.name}" if point else ""
        return ""

    def _take_target(self, target: Target) -> None:
        # Who clicks on the stage has found the place already: the view stays.
        self._by_click = True
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
        elif target.kind == "mark" and self.stage is not None and self.stage.scene is not None:
            mark = self.stage.scene.marks[target.id]
            self.session.select_muscle(self.session.state.muscle or "", mark.point, turn=False)
        else:
            self.session.clear()

    def _take_result(self, result: Hit) -> None:
        if result.kind == "region":
            self.session.select_region(result.id, turn=True)
        elif result.kind in ("condition", "nerve"):
            self.window.finder.show_muscles_of(result)
        else:
            self.session.select_muscle(result.muscles[0], result.point)

    def _leave_finder(self) -> None:
        self.session.clear()
        if self.stage is not None:
            self.stage.viewport.setFocus()

    def _close(self) -> None:
        if self.stage is not None:
            self.stage.close_pictures()

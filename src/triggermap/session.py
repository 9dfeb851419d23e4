"""What the window shows, held in one place; it tells facts and is asked for changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from triggermap import placing
from triggermap.body.plates import Body, Plate, Structure
from triggermap.errors import TriggermapError
from triggermap.state import PAGES, SIDES, Side, State

if TYPE_CHECKING:
    # For types alone: the stage is clickable before pydantic is loaded.
    from triggermap.dataset.models import Condition, Dataset, Hazard, Muscle, Region, TriggerPoint
    from triggermap.safety.risks import Advice


# So many plates keep their arrays in memory: tens of megabytes each.
WARM_PLATES = 4


class Session(QObject):
    """The state of one window, the dataset and the body.

    ``body`` and ``dataset`` are None until they are taken in, in any order; until then the wished
    state is kept, and it is made true as far as it can be as soon as both are there. ``faults`` are the
    sentences about parts that can't be read: while there is one, safety data counts as not available.
    """

    body_loaded = Signal()
    dataset_loaded = Signal()
    view_changed = Signal()
    selection_changed = Signal()
    safety_lost = Signal()

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.dataset: Dataset | None = None
        self.body: Body | None = None
        self.advice: Advice | None = None
        self.faults: tuple[str, ...] = ()
        self.muscles: dict[str, Muscle] = {}
        self.regions: dict[str, Region] = {}
        self.conditions: dict[str, Condition] = {}
        self.hazards: dict[str, Hazard] = {}
        self._muscle_of: dict[int, str] = {}
        self._recent: list[str] = []  # plates, the open one last

    # --- loading ---------------------------------------------------------------------------

    def take_body(self, body: Body) -> None:
        """Take a loaded body; plates can be shown and structures named from now on."""
        self.body = body
        self._recent = []
        before = self.state
        self._join()
        self.body_loaded.emit()
        self.view_changed.emit()
        if before.selection != self.state.selection or self.structure is not None:
            self.selection_changed.emit()

    def take_dataset(self, dataset: Dataset, advice: Advice | None = None) -> None:
        """Take a loaded dataset in place of the one before, with what the body says of its safety."""
        self.dataset, self.advice = dataset, advice
        self.muscles = {muscle.id: muscle for muscle in dataset.muscles}
        self.regions = {region.id: region for region in dataset.regions}
        self.conditions = {condition.id: condition for condition in dataset.conditions}
        self.hazards = {hazard.id: hazard for hazard in dataset.hazards}
        self._join()
        self.dataset_loaded.emit()
        self.view_changed.emit()
        self.selection_changed.emit()

    def note_fault(self, message: str) -> None:
        """Something that safety rests on can't be read: from now on it counts as not available."""
        if message not in self.faults:
            self.faults = (*self.faults, message)
            self.safety_lost.emit()

    def _join(self) -> None:
        if self.body is None:
            return
        self.state = self._possible(self.state)
        self._cool_plates()
        if self.dataset is not None:
            self._muscle_of = placing.muscles_by_structure(self.body, self.dataset.muscles)

    def check(self, state: State) -> None:
        """Raise :class:`TriggermapError` with one sentence if a state names what does not exist."""
        assert self.body is not None
        placing.check_view(self.body, state)
        if self.dataset is None:
            return
        if state.muscle and state.muscle not in self.muscles:
            raise TriggermapError(f"There is no muscle '{state.muscle}' in the dataset.")
        if state.point and self._point(state.muscle, state.point) is None:
            raise TriggermapError(f"There is no trigger point '{state.point}' in '{state.muscle}'.")
        if state.region and state.region not in self.regions:
            raise TriggermapError(f"There is no pain region '{state.region}'.")
        if state.condition and state.condition not in self.conditions:
            raise TriggermapError(f"There is no condition '{state.condition}' in the dataset.")
        if state.hazard and state.hazard not in self.hazards:
            raise TriggermapError(f"There is no hazard '{state.hazard}' in the dataset.")
        if state.page and state.page not in PAGES:
            raise TriggermapError(f"There is no page '{state.page}': choose one of {', '.join(PAGES)}.")

    def _possible(self, state: State) -> State:
        """The nearest state that exists: a remembered one may name what is gone."""
        body = self.body
        assert body is not None
        plate = body.plates.get(state.plate) or next(iter(body.plates.values()))
        overlays = tuple(overlay for overlay in state.overlays if overlay in placing.SHOWABLE)
        layer = placing.nearest_layer(plate, state.layer)
        nearest = replace(state, plate=plate.id, layer=layer, overlays=overlays)
        try:
            self.check(nearest)
        except TriggermapError:
            return nearest.cleared()
        return nearest

    # --- what is shown -----------------------------------------------------------------------

    @property
    def plate(self) -> Plate | None:
        """The open plate."""
        return self.body.plates[self.state.plate] if self.body else None

    @property
    def muscle(self) -> Muscle | None:
        """The selected muscle of the dataset."""
        return self.muscles.get(self.state.muscle or "")

    @property
    def point(self) -> TriggerPoint | None:
        """The selected trigger point."""
        return self._point(self.state.muscle, self.state.point)

    @property
    def region(self) -> Region | None:
        """The selected pain region."""
        return self.regions.get(self.state.region or "")

    @property
    def condition(self) -> Condition | None:
        """The selected condition."""
        return self.conditions.get(self.state.condition or "")

    @property
    def hazard(self) -> Hazard | None:
        """The selected hazard."""
        return self.hazards.get(self.state.hazard or "")

    @property
    def structure(self) -> Structure | None:
        """The selected structure that the dataset does not describe."""
        return self.body.by_mesh.get(self.state.structure or "") if self.body else None

    def _point(self, muscle: str | None, point: str | None) -> TriggerPoint | None:
        owner = self.muscles.get(muscle or "")
        if owner is None:
            return None
        return next((p for p in owner.trigger_points if p.id == point), None)

    def muscle_of(self, structure: Structure) -> str | None:
        """The id of the dataset's muscle that a structure belongs to."""
        return self._muscle_of.get(structure.id)

    def point_of(self, point_id: str) -> TriggerPoint | None:
        """A trigger point of the selected muscle."""
        return self._point(self.state.muscle, point_id)

    # --- requests ----------------------------------------------------------------------------

    def show(self, state: State) -> None:
        """Show another state; an impossible one raises :class:`TriggermapError` and changes nothing."""
        state = state.normalised()
        if self.body is not None:
            self.check(state)
        old, self.state = self.state, state
        self._cool_plates()
        if old.cleared() != state.cleared():
            self.view_changed.emit()
        if old.selection != state.selection:
            self.selection_changed.emit()

    def _cool_plates(self) -> None:
        """Let go of the arrays of plates that were left a while ago."""
        if self.body is None or self._recent[-1:] == [self.state.plate]:
            return
        self._recent = [plate for plate in self._recent if plate != self.state.plate] + [self.state.plate]
        while len(self._recent) > WARM_PLATES:
            self.body.plates[self._recent.pop(0)].cool()

    def show_plate(self, plate_id: str) -> None:
        """Open another plate, on the same layer or the one at the nearest depth.

        A plate of one side turns the side with it, unless both are on show.
        """
        state = replace(self.state, plate=plate_id)
        if self.body is not None and plate_id in self.body.plates:
            state = self._opened(state, self.body.plates[plate_id])
            side = self.body.plates[plate_id].side
            if state.side != "both" and side is not None:
                state = replace(state, side=cast("Side", side))
        self.show(state)

    def _opened(self, state: State, plate: Plate) -> State:
        """A state on another plate, at the depth that it had."""
        return replace(state, plate=plate.id, layer=placing.nearest_layer(plate, state.layer))

    def show_layer(self, layer_id: str) -> None:
        """Open another layer of the plate."""
        self.show(replace(self.state, layer=layer_id))

    def show_side(self, side: Side) -> None:
        """Show points and patterns of the left, the right or both sides.

        A plate of the other side gives way to its counterpart.
        """
        state = replace(self.state, side=side)
        if self.plate is not None and self.body is not None:
            state = self._opened(state, placing.plate_for_side(self.body, self.plate, side))
        self.show(state)

    def next_side(self) -> None:
        """Step through left, right, both."""
        self.show_side(SIDES[(SIDES.index(self.state.side) + 1) % len(SIDES)])

    def next_plate(self) -> None:
        """Step through the plates of the same part of the body, on the side that is on show."""
        if self.body is None or self.plate is None:
            return
        here, side = self.plate, self.state.side
        plates = [p.id for p in self.body.groups[here.group] if p is here or placing.is_for(p, side)]
        self.show_plate(plates[(plates.index(here.id) + 1) % len(plates)])

    def show_labels(self, on: bool) -> None:
        """Show or hide the names on the plate."""
        self.show(replace(self.state, labels=on))

    def toggle_overlay(self, overlay_id: str) -> None:
        """Lay an overlay over the plates, or take it away: ``nerves``, ``landmarks``."""
        self.show(replace(self.state, overlays=tuple({*self.state.overlays} ^ {overlay_id})))

    def set_probe(self, on: bool) -> None:
        """Show or hide the strip that names the structures under the pointer, from the skin inward."""
        self.show(replace(self.state, probe=on))

    def clear(self) -> None:
        """Select nothing."""
        self.show(self.state.cleared())

    def select_muscle(self, muscle_id: str, point_id: str | None = None, *, turn: bool = True) -> None:
        """Select a muscle, and perhaps one of its points.

        With ``turn`` the plate changes when the open one cannot show what was chosen.
        """
        state = replace(self.state.cleared(), muscle=muscle_id, point=point_id)
        if turn and self.body is not None and muscle_id in self.muscles:
            try:
                state = self._opened(state, self.body.plates[self._telling_plate(state)])
            except TriggermapError as error:
                # A file of a plate is damaged; the choice is made all the same.
                self.note_fault(str(error))
        self.show(state)

    def _telling_plate(self, state: State) -> str:
        """The open plate if it shows the chosen thing, else the one that shows it best."""
        assert self.body is not None
        muscle = self.muscles[state.muscle or ""]
        point = self._point(state.muscle, state.point)
        plate = self.body.plates[state.plate]
        if point is not None:
            if any(mark.selected for mark in placing.marks(plate, muscle, state.side, point.id)):
                return state.plate
            best = placing.plates_for_point(self.body, point, state.side)
        else:
            if placing.marks(plate, muscle, state.side, None):
                return state.plate
            best = placing.plates_for_muscle(self.body, muscle, state.side)
        return best[0] if best else state.plate

    def select_structure(self, structure: Structure) -> None:
        """Select what was clicked: the dataset's muscle where it has one, else the structure."""
        side: Side = self.state.side
        if side != "both" and structure.side in ("left", "right"):
            side = cast("Side", structure.side)
        muscle = self.muscle_of(structure)
        if muscle is not None:
            self.show(replace(self.state.cleared(), side=side, muscle=muscle))
        else:
            self.show(replace(self.state.cleared(), side=side, structure=structure.mesh))

    def select_region(self, region_id: str, *, turn: bool = False) -> None:
        """Select a pain region. With ``turn``, open the skin of the plate that shows it best."""
        state = replace(self.state.cleared(), region=region_id)
        if turn and self.body is not None:
            try:
                best = placing.plates_for_region(self.body, region_id, state.side)
            except TriggermapError as error:
                self.note_fault(str(error))
                best = []
            plate = state.plate if state.plate in best[:1] or not best else best[0]
            state = replace(state, plate=plate, layer=self.body.plates[plate].layers[0].id)
        self.show(state)

    def select_condition(self, condition_id: str) -> None:
        """Select a complaint or diagnosis."""
        self.show(replace(self.state.cleared(), condition=condition_id))

    def select_hazard(self, hazard_id: str) -> None:
        """Select a kind of harm, to be explained and shown on the plate."""
        self.show(replace(self.state.cleared(), hazard=hazard_id))

    def toggle_page(self, page: str) -> None:
        """Open a page of text in place of the selection, or close it."""
        self.show(replace(self.state.cleared(), page=None if self.state.page == page else page))

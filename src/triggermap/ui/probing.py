"""What the probe strip and the cross-section show: which place is meant, and what lies under it.

The strip's place is that under the pointer; while that is away it is the selected trigger point, or where
the stage was clicked last. The cross-section keeps to the point or the click, and does not follow the
pointer. The peel stacks are read in a thread when they are first needed.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from triggermap import placing
from triggermap.body import probe
from triggermap.body.plates import Body, Plate
from triggermap.errors import TriggermapError
from triggermap.session import Session
from triggermap.ui.cross_section import CrossSection
from triggermap.ui.marking import items_of, side_of
from triggermap.ui.probe_strip import ProbeStrip, Reading
from triggermap.ui.section_rows import Drawing, drawing_of, written_of

Place = tuple[float, float]  # plate mm
HINT = "Point at the body, click on it or select a trigger point to see what lies under the skin there."
PIN_HINT = "Click on the body or select a trigger point: what lies there is drawn here."
_ELSEWHERE = "The selected point is not seen from here: click on the body, or open another view."
_CLICK = "the last click"
_READING = "Reading what lies under the skin \u2026"


class _Signals(QObject):
    done = Signal(object, str, str)  # body, axis, what went wrong


class _Reader(QRunnable):
    def __init__(self, body: Body, axis: str, signals: _Signals) -> None:
        super().__init__()
        self._body, self._axis, self._signals = body, axis, signals

    def run(self) -> None:
        fault = ""
        try:
            probe.stack_of(self._body, self._axis)
        except TriggermapError as error:
            fault = str(error)
        self._signals.done.emit(self._body, self._axis, fault)


class Probing(QObject):
    """Keeps strip and cross-section true while the pointer, the selection or the plate changes."""

    pinned = Signal(object)  # the clicked place (u, v) that the cross-section is of, plate mm, or None

    def __init__(self, session: Session, strip: ProbeStrip, section: CrossSection, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._strip, self._section = session, strip, section
        strip.section_button.toggled.connect(self.refresh)
        section.fold_requested.connect(partial(strip.section_button.setChecked, False))
        self._pointer: Place | None = None
        self._clicked: tuple[str, Place] | None = None  # the plate and the place
        self._stacks: dict[str, str | None] = {}  # by axis: None while it is read, else what went wrong or ""
        self._body: Body | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._signals = _Signals(self)
        self._signals.done.connect(self._take_stack)

    @property
    def settled(self) -> bool:
        """True unless the strip is on show and still waits for what it has to say."""
        return not self._session.state.probe or None not in (*self._stacks.values(), self._body)

    def point_at(self, place: Place | None) -> None:
        """The pointer is here, in plate mm, or away."""
        self._pointer = place
        if self._session.state.probe:
            self._show()

    def note_click(self) -> None:
        """The stage was clicked under the pointer."""
        if self._pointer is not None:
            self._clicked = self._session.state.plate, self._pointer

    def toggle_section(self) -> None:
        """Open the cross-section, with the strip where that is closed, or fold it to the strip."""
        open_now = self._session.state.probe and self._strip.section_button.isChecked()
        self._strip.section_button.setChecked(not open_now)
        self._session.set_probe(True)

    def refresh(self) -> None:
        """The view or the selection is another: show or hide the strip, and say what holds now."""
        on = self._session.state.probe
        drawn = on and self._strip.section_button.isChecked()
        self._strip.setVisible(on)
        self._section.set_open(drawn)
        if on:
            self._show()
        clicked = None
        if drawn:
            drawing, clicked = self._drawing()
            self._section.show_drawing(drawing)
        self.pinned.emit(clicked)

    def close(self) -> None:
        """Wait for what is being read."""
        self._pool.waitForDone()

    # --- reading ---------------------------------------------------------------------------

    def _show(self) -> None:
        body, plate = self._session.body, self._session.plate
        if body is None or plate is None:
            return
        if body is not self._body:
            self._body, self._stacks = body, {}
        try:
            self._strip.show_reading(self._reading(body, plate))
        except TriggermapError as error:
            self._strip.show_reading(Reading(note=str(error)))

    def _missing(self, body: Body, plate: Plate) -> str:
        """Why nothing can be read on this plate now, else nothing; what is not read yet is begun."""
        axis = probe.axis_of(plate)
        if axis is None:
            return probe.why_not(plate) or ""
        if axis not in self._stacks:
            self._stacks[axis] = None
            self._pool.start(_Reader(body, axis, self._signals))
        fault = self._stacks[axis]
        return _READING if fault is None else fault

    def _reading(self, body: Body, plate: Plate) -> Reading:
        note = self._missing(body, plate)
        if note:
            return Reading(note=note)
        under = [("Under the pointer", self._pointer)] if self._pointer is not None else []
        for where, place in under + [(f"Under {name}", place) for name, place in self._places(plate)]:
            found = probe.probe(body, plate, *place)
            if found is not None:
                side = side_of(found.strata)
                return Reading(f"{where}, {side}" if side else where, items_of(found.strata))
        return Reading(note=HINT)

    def _drawing(self) -> tuple[Drawing, Place | None]:
        """The cross-section of the selected point, else of the last click, and where that was."""
        body, plate = self._session.body, self._session.plate
        if body is None or plate is None:
            return Drawing(note=_READING), None
        try:
            note = self._missing(body, plate)
            if note:
                return Drawing(note=note), None
            dataset = self._session.dataset
            hazards = dataset.hazards if dataset is not None else ()
            written, fatal = written_of(self._session.muscle, self._session.state.point, hazards)
            for where, place in self._places(plate):
                found = probe.probe(body, plate, *place)
                # While a point is selected, an old click is not what is asked for.
                if found is not None and (where != _CLICK or self._session.point is None):
                    named = self._named(where, plate, side_of(found.strata))
                    drawing = drawing_of(named, found.strata, written, fatal=fatal)
                    return drawing, place if where == _CLICK else None
        except TriggermapError as error:
            return Drawing(note=str(error)), None
        return Drawing(note=PIN_HINT if self._session.point is None else _ELSEWHERE), None

    def _named(self, where: str, plate: Plate, side: str) -> str:
        """The pinned place in words: which point of which muscle, or which click on which plate."""
        muscle = self._session.muscle
        of = f" of {muscle.name}" if muscle is not None and where != _CLICK else ""
        words = f"{where}{of}{f', {side} side' if side else ''}"
        shown = f" ({plate.title.lower()})" if where == _CLICK else ""
        return words[:1].upper() + words[1:] + shown

    def _take_stack(self, body: Body, axis: str, fault: str) -> None:
        if body is self._body:
            self._stacks[axis] = fault
            self.refresh()

    def _places(self, plate: Plate) -> list[tuple[str, Place]]:
        """The places that may be pinned, the first one that lies on the body is."""
        session = self._session
        found: list[tuple[str, Place]] = []
        if session.muscle is not None and session.point is not None:
            marks = placing.marks(plate, session.muscle, session.state.side, session.point.id)
            found += [(f"point {m.label}", (m.u, m.v)) for m in marks if m.selected]
        if self._clicked is not None and self._clicked[0] == plate.id:
            # Of a point on both sides it is the one that was clicked.
            u, v = self._clicked[1]
            found.sort(key=lambda one: (one[1][0] - u) ** 2 + (one[1][1] - v) ** 2)
            found.append((_CLICK, self._clicked[1]))
        return found

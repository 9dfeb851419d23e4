"""What the probe strip shows: which place is meant, and what lies under it.

The place is that under the pointer; while that is away it is the selected trigger point, or where the
stage was clicked last. The peel stacks are read in a thread when they are first needed.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from triggermap import placing
from triggermap.body import probe
from triggermap.body.plates import Body, Plate
from triggermap.errors import TriggermapError
from triggermap.session import Session
from triggermap.ui.probe_strip import ProbeStrip, Reading, items_of, side_of

Place = tuple[float, float]  # plate mm
HINT = "Point at the body, click on it or select a trigger point to see what lies under the skin there."
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
    """Keeps the strip true while the pointer, the selection or the plate changes."""

    def __init__(self, session: Session, strip: ProbeStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._strip = session, strip
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

    def refresh(self) -> None:
        """The view or the selection is another: show or hide the strip, and say what holds now."""
        on = self._session.state.probe
        self._strip.setVisible(on)
        if on:
            self._show()

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
            self._session.note_fault(str(error))
            self._strip.show_reading(Reading(note=str(error)))

    def _reading(self, body: Body, plate: Plate) -> Reading:
        axis = probe.axis_of(plate)
        if axis is None:
            return Reading(note=probe.why_not(plate) or "")
        if axis not in self._stacks:
            self._stacks[axis] = None
            self._pool.start(_Reader(body, axis, self._signals))
        fault = self._stacks[axis]
        if fault is None:
            return Reading(note=_READING)
        if fault:
            return Reading(note=fault)
        for where, (u, v) in self._places(plate):
            found = probe.probe(body, plate, u, v)
            if found is not None:
                side = side_of(found.strata)
                return Reading(f"{where}, {side}" if side else where, items_of(found.strata))
        return Reading(note=HINT)

    def _take_stack(self, body: Body, axis: str, fault: str) -> None:
        if body is self._body:
            self._stacks[axis] = fault
            if fault:
                self._session.note_fault(fault)
            self.refresh()

    def _places(self, plate: Plate) -> list[tuple[str, Place]]:
        """The places that may be meant, the first one that lies on the body is."""
        session = self._session
        found: list[tuple[str, Place]] = []
        if self._pointer is not None:
            found.append(("Under the pointer", self._pointer))
        if session.muscle is not None and session.point is not None:
            marks = placing.marks(plate, session.muscle, session.state.side, session.point.id)
            found += [(f"Under point {m.label}", (m.u, m.v)) for m in marks if m.selected]
        if self._clicked is not None and self._clicked[0] == plate.id:
            found.append(("Under the last click", self._clicked[1]))
        return found

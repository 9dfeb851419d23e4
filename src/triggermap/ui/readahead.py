"""Reads the arrays of a plate that has just been opened, so that the first click on it waits for nothing."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool

from triggermap.body.plates import Plate
from triggermap.errors import TriggermapError


class ReadAhead(QObject):
    """Warms the open plate in a thread. Which plate was open at the start is the loader's to read."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.open: Plate | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setThreadPriority(QThread.Priority.LowPriority)

    def show(self, plate: Plate) -> None:
        """This plate is open now."""
        before, self.open = self.open, plate
        if before is not None and before is not plate:
            self._pool.start(_Warm(self, plate))

    @property
    def busy(self) -> bool:
        """True while a plate is being read or waits to be."""
        return self._pool.activeThreadCount() > 0

    def close(self) -> None:
        """Read nothing more, and wait for what is being read."""
        self.open = None
        self._pool.waitForDone()


class _Warm(QRunnable):
    def __init__(self, ahead: ReadAhead, plate: Plate) -> None:
        super().__init__()
        self._ahead, self._plate = ahead, plate

    def run(self) -> None:
        # Who steps quickly through plates has left this one already.
        if self._ahead.open is self._plate:
            # A damaged file is named by the stage, when it is asked for.
            with contextlib.suppress(TriggermapError):
                self._plate.warm()

"""What happens to an exception that nobody expected: a log, one dialog a fault, and life goes on."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from PySide6.QtWidgets import QApplication, QMessageBox

_log = logging.getLogger(__name__)


class Faults:
    """An excepthook that shows each distinct fault once."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._previous = sys.excepthook

    def install(self) -> None:
        """Take the place of the excepthook."""
        sys.excepthook = self.handle

    def remove(self) -> None:
        """Give the place back."""
        sys.excepthook = self._previous

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a fault; tell the user about the first of its kind."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.exit(130)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.error("unexpected fault\n%s", text)
        where = traceback.extract_tb(trace)[-1:] if trace else []
        fingerprint = f"{kind.__name__}:{[(frame.filename, frame.lineno) for frame in where]}"
        if fingerprint in self._told or QApplication.instance() is None:
            return
        self._told.add(fingerprint)
        box = QMessageBox(QApplication.activeWindow())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Something went wrong")
        box.setText(
            "Something went wrong that should not have. The program goes on, with what it had before."
        )
        box.setDetailedText(text)
        box.open()

"""Pictures of what is on the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from triggermap.errors import TriggermapError


def save_picture(widget: QWidget, path: Path) -> None:
    """Write a widget as it is on the screen; raise one sentence if the file can't be written."""
    # What is queued (layouts, the dossier's text) belongs to the picture.
    QApplication.processEvents()
    QApplication.processEvents()
    if not widget.grab().save(str(path)):
        raise TriggermapError(f"The picture cannot be written to {path}.")

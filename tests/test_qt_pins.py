"""Qt and Python are pinned to what was measured clean: docs/adr/0003-qt-and-python-pins.md."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest
from PySide6.QtGui import QPainterPath

CALLS = 5000
# Other code may drop a few references to None meanwhile (a garbage collection, a freed frame); the fault
# that this guards against drops one at every call.
TOLERANCE = 50


def test_void_calls_keep_the_count_of_none() -> None:
    """PySide6 6.12.0 drops a reference to None at every void call, and aborts CPython 3.10 and 3.11."""
    path = QPainterPath()
    before = sys.getrefcount(None)
    for i in range(CALLS):
        path.moveTo(i, 0)
        path.lineTo(i, 1)
    lost = before - sys.getrefcount(None)
    assert path.elementCount() == 2 * CALLS
    # From Python 3.12 None is immortal and its count a constant: then nothing is lost either.
    assert lost < TOLERANCE, (
        f"{lost} references to None lost in {2 * CALLS} calls: PySide6 {version('PySide6-Essentials')}"
    )


@pytest.mark.parametrize("package", ["PySide6-Essentials", "shiboken6"])
def test_qt_is_the_series_that_was_measured(package: str) -> None:
    assert version(package) == "6.9.3"

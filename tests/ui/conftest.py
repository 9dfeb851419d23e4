"""The real window for the tests of this folder: built once for a module, and as new for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk import START, Desk, no_leaks
from triggermap.state import State
from triggermap.userdata.settings import Settings


@pytest.fixture(scope="module")
def one_desk(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The window of a module, with real data; a start takes most of a second."""
    with no_leaks():
        desk = Desk(QtBot(request))
        yield desk
        desk.close()


@pytest.fixture
def desk(one_desk: Desk) -> Desk:
    """The module's window as after a start."""
    one_desk.reset()
    return one_desk


@pytest.fixture
def open_desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Open windows of the test's own; they are closed after it, and leave nothing."""
    opened: list[Desk] = []

    def build(settings: Settings | None = None, state: State = START) -> Desk:
        opened.append(Desk(qtbot, settings, state))
        return opened[-1]

    with no_leaks():
        yield build
        for one in opened:
            if hasattr(one, "window"):
                one.close()
        opened.clear()

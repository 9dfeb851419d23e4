"""A home of its own for each test, and the real window driven from inside its own event loop."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.ui.desk import free, no_leaks
from triggermap import cli, paths
from triggermap.opening import Opening
from triggermap.ui.main_window import MainWindow

Step = Callable[[Opening], object]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program keeps what it writes."""
    folder = tmp_path / "home"
    monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
    return folder


@contextmanager
def own_log() -> Iterator[None]:
    """Let the program open its log, which pytest's own handlers would keep it from, and close it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)


def free_windows() -> None:
    """The program ends with its window; here it has to be freed."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and not widget.isVisible():
            widget.deleteLater()
    free()


class Visitor:
    """Waits in the program's own event loop, takes one step after another, then closes the window."""

    def __init__(self) -> None:
        self.opening: Opening | None = None
        self.steps: list[tuple[Callable[[Opening], bool], Step]] = []
        self.late = False

    def when(self, condition: Callable[[Opening], bool], step: Step) -> None:
        self.steps.append((condition, step))

    def visit(self, argv: list[str], limit_ms: int = 20_000) -> int:
        """Run ``main(argv)``; return its exit code, or fail when a step was never reached."""
        steps = [*self.steps, (lambda _opening: True, lambda opening: opening.window.close())]

        def look() -> None:
            opening = found_opening()
            if opening is not None and steps and steps[0][0](opening):
                steps.pop(0)[1](opening)

        def give_up() -> None:
            self.late = True
            QApplication.closeAllWindows()
            QApplication.exit(99)

        poll, limit = QTimer(), QTimer()
        poll.timeout.connect(look)
        limit.setSingleShot(True)
        limit.timeout.connect(give_up)
        poll.start(10)
        limit.start(limit_ms)
        try:
            with own_log():
                code = cli.main(argv)
        finally:
            poll.stop()
            limit.stop()
        free_windows()
        assert not self.late, f"{len(steps) - 1} steps were never reached"
        return code


def found_opening() -> Opening | None:
    """The opening of the window that the program shows."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and widget.isVisible():
            found: Opening | None = widget.findChild(Opening)
            return found
    return None


@pytest.fixture
def visitor(qapp: QApplication, home: Path) -> Iterator[Visitor]:
    """A window by ``main()`` that leaves nothing behind."""
    with no_leaks():
        yield Visitor()


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """The bundled data in a folder that may be broken."""
    folder = tmp_path / "data"
    shutil.copytree(paths.data_dir(), folder)
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def assets_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The assets in a folder that may lose files (they are links: replace them, never write into them)."""
    folder = tmp_path / "assets"
    shutil.copytree(paths.assets_dir(), folder, copy_function=_link)
    monkeypatch.setattr(paths, "assets_dir", lambda: folder)
    monkeypatch.setattr(cli, "assets_dir", lambda: folder)
    return folder

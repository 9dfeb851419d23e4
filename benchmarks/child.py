"""One measurement, in a process of its own; prints one line of JSON. See run.py."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triggermap.opening import Opening


def pyside() -> dict[str, Any]:
    """Return when a bare window of PySide6 has painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel

    class Window(QLabel):
        painted = 0.0

        def paintEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
            super().paintEvent(event)
            if not self.painted:
                QTimer.singleShot(0, self.note)

        def note(self) -> None:
            self.painted = time.monotonic()
            QApplication.quit()

    app = QApplication([])
    window = Window("triggermap")
    window.resize(1280, 800)
    window.show()
    app.exec()
    return {"first_paint": window.painted}


def pyqtgraph() -> dict[str, Any]:
    """Return when a bare window of pyqtgraph with one picture has painted."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    class View(pg.GraphicsView):  # type: ignore[misc]  # no stubs
        painted = 0.0

        def paintEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
            super().paintEvent(event)
            if not self.painted:
                QTimer.singleShot(0, self.note)

        def note(self) -> None:
            self.painted = time.monotonic()
            QApplication.quit()

    app = QApplication([])
    view = View()
    box = pg.ViewBox(lockAspect=True)
    view.setCentralItem(box)
    box.addItem(pg.ImageItem(np.zeros((800, 400), np.uint8)))
    view.resize(1280, 800)
    view.show()
    app.exec()
    return {"first_paint": view.painted}


def opened(width: int = 1280, height: int = 800) -> Opening:
    """Build the real window; nothing of the user's settings is read or written."""
    from triggermap.app import application, build
    from triggermap.state import State
    from triggermap.userdata.settings import Settings

    application()
    opening = build(Settings(first_start_seen=True), State(), None)
    opening.window.resize(width, height)
    opening.window.show()
    return opening


def triggermap() -> dict[str, Any]:
    """Return when the window that ``triggermap`` opens has painted, can be clicked, and is full."""
    from triggermap import cli

    times: dict[str, float] = {}

    def watch() -> None:
        """Note the times from inside the program's own start."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from triggermap import app
        from triggermap.ui.main_window import MainWindow

        paint, build = MainWindow.paintEvent, app.build
        poll = QTimer()

        def timed_paint(window: MainWindow, event: Any) -> None:
            # Before the window's own timer, which begins to load.
            QTimer.singleShot(0, lambda: times.setdefault("first_paint", time.monotonic()))
            paint(window, event)

        def watched_build(*args: Any) -> Opening:
            opening = build(*args)

            def look() -> None:
                workspace = opening.workspace
                if workspace is not None and workspace.stage is not None and workspace.stage.settled:
                    times.setdefault("clickable", time.monotonic())
                if opening.settled:
                    times["dossier"] = time.monotonic()
                    poll.stop()
                    QApplication.closeAllWindows()

            poll.timeout.connect(look)
            poll.start(2)
            return opening

        MainWindow.paintEvent, app.build = timed_paint, watched_build  # type: ignore[method-assign,assignment]

    watch()
    if code := cli.main([]):
        raise SystemExit(code)
    return times


def hit() -> dict[str, Any]:
    """Return how long a hit test takes, over places spread across the plates."""
    import numpy as np

    from triggermap import paths
    from triggermap.body.hit import hit as hit_test
    from triggermap.body.plates import load_body

    body = load_body(paths.assets_dir() / "body")
    times = []
    generator = np.random.default_rng(1)
    for plate in body.plates.values():
        plate.warm()
        left, bottom, width, height = plate.grid.rect
        for layer in plate.layers[1:]:
            for u, v in generator.random((3000, 2)) * (width, height) + (left, bottom):
                began = time.perf_counter_ns()
                hit_test(plate, layer.id, u, v)
                times.append(time.perf_counter_ns() - began)
    cuts = statistics.quantiles(times, n=100)
    return {"p99_us": cuts[98] / 1000, "median_us": cuts[49] / 1000}


def repaint(width: str, height: str) -> dict[str, Any]:
    """Return how long a selection takes until the stage has repainted, for every point of every muscle."""
    from PySide6.QtWidgets import QApplication

    from triggermap.app import wait_until

    opening = opened(int(width), int(height))
    wait_until(lambda: opening.settled)
    workspace = opening.workspace
    assert workspace is not None
    assert workspace.stage is not None
    assert workspace.session.dataset is not None
    # The dossier is text and follows one turn of the event loop later; it is timed by itself.
    times, dossier = [], []
    choices = [
        (muscle.id, point.id)
        for muscle in workspace.session.dataset.muscles
        for point in muscle.trigger_points
    ]
    for plate in workspace.session.body.plates if workspace.session.body else ():
        workspace.session.clear()
        workspace.session.show_plate(plate)
        wait_until(lambda: opening.settled)
        for muscle, point in choices * 2:
            began = time.perf_counter()
            workspace.session.select_muscle(muscle, point, turn=False)
            workspace.stage.viewport.repaint()
            times.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            QApplication.processEvents()
            dossier.append((time.perf_counter() - began) * 1000)
            wait_until(lambda: opening.settled)
    opening.window.close()
    opening.loader.wait()
    return {
        "p95_ms": statistics.quantiles(times, n=20)[18],
        "median_ms": statistics.median(times),
        "dossier_p95_ms": statistics.quantiles(dossier, n=20)[18],
    }


def memory() -> dict[str, Any]:
    """Return the peak of resident memory after the start and after every layer of every plate."""
    from triggermap.app import wait_until

    opening = opened()
    wait_until(lambda: opening.settled)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workspace = opening.workspace
    assert workspace is not None
    assert workspace.session.body is not None
    for plate in workspace.session.body.plates.values():
        for layer in plate.layers:
            workspace.session.show_plate(plate.id)
            workspace.session.show_layer(layer.id)
            wait_until(lambda: opening.settled)
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opening.window.close()
    opening.loader.wait()
    return {"start_mb": round(start / 1024), "all_mb": round(whole / 1024)}


if __name__ == "__main__":
    kinds = {
        "pyside": pyside,
        "pyqtgraph": pyqtgraph,
        "triggermap": triggermap,
        "hit": hit,
        "repaint": repaint,
        "memory": memory,
    }
    print(json.dumps(kinds[sys.argv[1]](*sys.argv[2:])))

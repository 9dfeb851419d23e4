"""One measurement, in a process of its own; prints one line of JSON. See run.py."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
        plate.cool()  # the arrays of all plates together would be hundreds of megabytes
    cuts = statistics.quantiles(times, n=100)
    return {"p99_us": cuts[98] / 1000, "median_us": cuts[49] / 1000}


def repaint(width: str, height: str) -> dict[str, Any]:
    """Return how long a selection takes until the stage has repainted: each third point of all muscles.

    On the plates of the whole body, which are the largest: on all plates, each waiting for its hatched
    zones, it would take half an hour.

    ``busy`` is what the GUI thread itself worked of that, ``complete`` the time until pictures that a
    thread had to decode first, such as the muscle alone, stand on the stage too (texts not counted).
    """
    from PySide6.QtWidgets import QApplication

    from triggermap.app import wait_until
    from triggermap.body.plates import WHOLE

    opening = opened(int(width), int(height))
    wait_until(lambda: opening.settled)
    workspace = opening.workspace
    assert workspace is not None
    assert workspace.stage is not None
    assert workspace.session.dataset is not None
    # The dossier is text and follows one turn of the event loop later; it is timed by itself.
    times, busy, complete, dossier = [], [], [], []
    choices = [
        (muscle.id, point.id)
        for muscle in workspace.session.dataset.muscles
        for point in muscle.trigger_points
    ]
    body = workspace.session.body
    for plate in body.groups[WHOLE] if body else ():
        workspace.session.clear()
        workspace.session.show_plate(plate.id)
        wait_until(lambda: opening.settled)
        for muscle, point in choices[::3] * 2:
            began, worked = time.perf_counter(), time.thread_time()
            workspace.session.select_muscle(muscle, point, turn=False)
            workspace.stage.viewport.repaint()
            times.append((time.perf_counter() - began) * 1000)
            busy.append((time.thread_time() - worked) * 1000)
            late = time.perf_counter()
            QApplication.processEvents()
            dossier.append((time.perf_counter() - late) * 1000)
            wait_until(lambda: opening.settled, poll_ms=1)
            complete.append((time.perf_counter() - late) * 1000 - dossier[-1] + times[-1])
    opening.window.close()
    opening.loader.wait()
    return {
        "p95_ms": statistics.quantiles(times, n=20)[18],
        "median_ms": statistics.median(times),
        "busy_p95_ms": statistics.quantiles(busy, n=20)[18],
        "complete_p95_ms": statistics.quantiles(complete, n=20)[18],
        "dossier_p95_ms": statistics.quantiles(dossier, n=20)[18],
    }


def layers(width: str, height: str) -> dict[str, Any]:
    """Return how long a layer takes from the request until it is painted, cold and after prefetching.

    Cold: nothing of the plate has been decoded. Warm: its neighbour was open, and what that brings
    along has been made. ``stall_ms`` is the longest that the GUI thread was away meanwhile, ``busy_ms``
    the longest that it worked without a pause.
    """
    from PySide6.QtWidgets import QApplication

    from triggermap.app import wait_until

    opening = opened(int(width), int(height))
    wait_until(lambda: opening.settled)
    workspace = opening.workspace
    assert workspace is not None
    assert workspace.stage is not None
    assert workspace.session.body is not None
    session, stage = workspace.session, workspace.stage
    stalls: list[float] = []
    busy: list[float] = []

    def switch(ask: Callable[[], object]) -> float:
        began = turn = time.perf_counter()
        worked = time.thread_time()
        ask()
        while not stage.settled:
            QApplication.processEvents()
            stalls.append((time.perf_counter() - turn) * 1000)
            busy.append((time.thread_time() - worked) * 1000)
            time.sleep(0.0005)
            turn, worked = time.perf_counter(), time.thread_time()
        stage.viewport.repaint()
        stalls.append((time.perf_counter() - turn) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        return (time.perf_counter() - began) * 1000

    cold, warm = [], []
    for plate in session.body.plates.values():
        for layer in plate.layers:
            wait_until(lambda: not stage.store.busy)
            stage.store.forget()
            session.show_plate(plate.id)
            cold.append(switch(lambda layer=layer: session.show_layer(layer.id)))  # type: ignore[misc]
        for layer in reversed(plate.layers):
            wait_until(lambda: not stage.store.busy)
            warm.append(switch(lambda layer=layer: session.show_layer(layer.id)))  # type: ignore[misc]
    opening.window.close()
    opening.loader.wait()
    return {
        "cold_p95_ms": statistics.quantiles(cold, n=20)[18],
        "warm_p95_ms": statistics.quantiles(warm, n=20)[18],
        "stall_ms": max(stalls),
        "busy_ms": max(busy),
    }


def pan(width: str, height: str) -> dict[str, Any]:
    """Return how long each frame of a drag across a plate takes, with a pattern and names on show."""
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    from triggermap.app import wait_until
    from triggermap.state import State

    opening = opened(int(width), int(height))
    wait_until(lambda: opening.settled)
    workspace = opening.workspace
    assert workspace is not None
    assert workspace.stage is not None
    stage, viewport = workspace.stage, workspace.stage.viewport
    query = "muscle=trapezius&point=trapezius-upper-1&labels=1"
    workspace.session.show(State.parse(f"back/superficial/both?{query}"))
    wait_until(lambda: opening.settled and not stage.store.busy)
    stage.show_rect((-300, 1000, 600, 500))
    viewport.repaint()
    held, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    times, busy = [], []

    def send(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> None:
        event = QMouseEvent(kind, at, QPointF(viewport.mapToGlobal(at.toPoint())), button, held, none)
        QCoreApplication.sendEvent(viewport, event)

    middle = QPointF(viewport.rect().center())
    for sweep in range(4):
        send(QEvent.Type.MouseButtonPress, middle, held)
        for step in range(1, 61):
            away = step * (3 if sweep % 2 else -3)
            began, worked = time.perf_counter(), time.thread_time()
            send(QEvent.Type.MouseMove, middle + QPointF(away, away / 2), Qt.MouseButton.NoButton)
            viewport.repaint()
            times.append((time.perf_counter() - began) * 1000)
            busy.append((time.thread_time() - worked) * 1000)
        send(QEvent.Type.MouseButtonRelease, middle, held)
        QCoreApplication.processEvents()
    opening.window.close()
    opening.loader.wait()
    return {
        "median_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[18],
        "max_ms": max(times),
        "busy_max_ms": max(busy),
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


def dataset() -> dict[str, Any]:
    """Return how long the dataset and ten times as much take to load, the first time and later."""
    import tempfile
    from pathlib import Path

    from triggermap.dataset.loader import load
    from triggermap.paths import data_dir

    with tempfile.TemporaryDirectory() as temporary:
        once, tenfold = data_dir(), Path(temporary) / "tenfold"
        tenfold.mkdir()
        _multiplied(once, tenfold, 10)
        found: dict[str, Any] = {}
        for name, folder in (("", once), ("tenfold_", tenfold)):
            memory = Path(temporary) / f"memory-{name}"
            times = []
            for _ in range(6):
                start = time.perf_counter()
                load(folder, memory)
                times.append((time.perf_counter() - start) * 1000)
            found |= {f"{name}first_ms": times[0], f"{name}later_ms": statistics.median(times[1:])}
    return found


def _multiplied(source: Any, target: Any, times: int) -> None:
    """Write a dataset with every muscle and reference ``times`` over, under other names."""
    import yaml

    from triggermap.dataset.yamlfile import read

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    for path in source.glob("*.yaml"):
        if path.name not in ("muscles.yaml", "references.yaml"):
            (target / path.name).write_bytes(path.read_bytes())
            continue
        ((key, rows),) = read(path, path.name).value.items()
        text = json.dumps(rows)
        name = "id" if key == "muscles" else "key"
        copies = [json.loads(text) for _ in range(times)]
        for number, copy in enumerate(copies[1:], start=1):
            for row in copy:
                row[name] = f"c{number}-{row[name]}"
                for point in row.get("trigger_points", ()):
                    point["id"] = f"c{number}-{point['id']}"
                for note in row.get("safety", ()):
                    note["points"] = [f"c{number}-{point}" for point in note.get("points", ())]
        rows = [row for copy in copies for row in copy]
        (target / path.name).write_text(yaml.dump({key: rows}, Dumper=dumper, sort_keys=False, width=110))


if __name__ == "__main__":
    kinds = {
        "dataset": dataset,
        "pyside": pyside,
        "pyqtgraph": pyqtgraph,
        "triggermap": triggermap,
        "hit": hit,
        "repaint": repaint,
        "layers": layers,
        "pan": pan,
        "memory": memory,
    }
    print(json.dumps(kinds[sys.argv[1]](*sys.argv[2:])))

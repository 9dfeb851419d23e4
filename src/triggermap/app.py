"""The composition root: builds the parts, hands them to the window, runs it or takes its picture."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from triggermap import paths
from triggermap.errors import TriggermapError
from triggermap.export.picture import save_picture
from triggermap.opening import Loader, Opening
from triggermap.state import State
from triggermap.ui import fonts
from triggermap.ui.faults import Faults
from triggermap.ui.icons import Icons
from triggermap.ui.look import Look
from triggermap.ui.main_window import MainWindow
from triggermap.ui.texts import DISCLAIMER
from triggermap.userdata import settings as user_settings
from triggermap.userdata.options import ScreenshotOptions, WindowOptions
from triggermap.userdata.settings import Settings

_log = logging.getLogger(__name__)
_SCREENSHOT_LIMIT_MS = 60_000
_LOG_BYTES = 1_000_000


def run(options: WindowOptions) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    app = application()
    log = _log_to_file()
    faults = Faults()
    faults.install()
    loaded = user_settings.load()
    opening = build(
        loaded.settings,
        options.state or _remembered(loaded.settings.last_state),
        options.data,
        paths.memory_dir(),
    )
    window = opening.window
    if loaded.message:
        window.strip.show_message(loaded.message)
    window.settings_changed.connect(lambda settings: _save(settings, window))
    if not loaded.settings.first_start_seen:
        window.first_painted.connect(window.show_first_start)
    window.show()
    try:
        return app.exec()
    finally:
        opening.loader.wait()
        window.deleteLater()
        faults.remove()
        logging.getLogger().removeHandler(log)
        log.close()


def screenshot(options: ScreenshotOptions) -> int:
    """Write a picture of the real window; nothing of the user's settings is read or written."""
    application()
    opening = build(Settings(theme=options.theme, first_start_seen=True), options.state, options.data)
    window = opening.window
    trouble: list[str] = []
    opening.loader.failed.connect(trouble.append)
    opening.picture_failed.connect(trouble.append)
    # A picture that goes out without its warnings must not be made.
    opening.loader.safety_failed.connect(trouble.append)
    window.resize(*options.size)
    previous = sys.excepthook
    sys.excepthook = lambda kind, error, _trace: trouble.append(f"Unexpected {kind.__name__}: {error}.")
    window.show()
    try:
        wait_until(lambda: bool(trouble) or (opening.settled and opening.checked))
        if trouble:
            raise TriggermapError(trouble[0])
        # The picture leaves the program: what is scrolled away in the dossier goes with it.
        window.strip.show_message(DISCLAIMER)
        save_picture(window, options.out)
    finally:
        window.close()
        opening.loader.wait()
        window.deleteLater()
        sys.excepthook = previous
    return 0


def build(settings: Settings, state: State, data: Path | None, memory: Path | None = None) -> Opening:
    """Make the window and what will fill it; nothing is loaded before the window has painted.

    ``memory`` is a folder for what was parsed of the dataset; without it nothing is written.
    """
    assets = paths.assets_dir()
    look = Look.load(assets, fonts.register(), settings.theme, settings.scale / 100)
    icons = Icons(assets / "icons")
    window = MainWindow(settings, look, icons, paths.attribution)
    QApplication.setWindowIcon(icons.icon("triggermap", "#ffffff", size=128))
    loader = Loader(data or paths.data_dir(), assets, state, window, memory)
    return Opening(window, loader, state)


def application() -> QApplication:
    """The one QApplication, made at the first call; one sentence if there is no display."""
    _require_display()
    QCoreApplication.setApplicationName("triggermap")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    # One style everywhere: the platform's own would mix its colours with ours.
    app.setStyle("Fusion")
    return app


def _require_display() -> None:
    """Qt aborts the process when it finds no screen; say it in a sentence before it does."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if not sys.platform.startswith("linux") or platform not in ("", "xcb"):
        return
    if os.environ.get("WAYLAND_DISPLAY") and not platform:
        return
    display = os.environ.get("DISPLAY", "")
    if not display:
        raise TriggermapError("There is no display: start triggermap on a desktop, or set DISPLAY.")
    if ":" not in display:
        raise TriggermapError(f"'{display}' is no display: DISPLAY is written HOST:NUMBER, such as :0.")
    host, _, number = display.rpartition(":")
    if not host and number.split(".")[0].isdigit():
        number = number.split(".")[0]
        for address in (f"\0/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"):  # noqa: S108  # X11's own
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(address) == 0:
                    return
        raise TriggermapError(f"The display {display} does not answer: start triggermap on a desktop.")


def _remembered(text: str) -> State:
    try:
        return State.parse(text) if text else State()
    except TriggermapError as error:
        _log.warning("remembered state ignored: %s", error)
        return State()


def _save(settings: Settings, window: MainWindow) -> None:
    try:
        user_settings.save(settings)
    except TriggermapError as error:
        _log.warning("%s", error)
        window.strip.show_message(str(error))


def _log_to_file() -> logging.Handler:
    """Keep a small log; a folder that can't be written is no reason not to start."""
    path = paths.log_dir() / "triggermap.log"
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if path.exists() and path.stat().st_size > _LOG_BYTES else "a"
        handler = logging.FileHandler(path, mode=mode, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def wait_until(condition: Callable[[], bool], poll_ms: int = 15) -> None:
    """Run the event loop until a condition holds, or a minute is over."""
    loop = QEventLoop()
    poll, limit = QTimer(), QTimer()
    poll.timeout.connect(lambda: condition() and loop.quit())
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    poll.start(poll_ms)
    limit.start(_SCREENSHOT_LIMIT_MS)
    if not condition():
        loop.exec()
    if not condition():
        raise TriggermapError("The picture was not ready within a minute.")

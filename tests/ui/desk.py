"""The real window with hands and eyes: what the tests of the window do to it and read from it."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, Qt, QThread, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from triggermap import app, placing
from triggermap.body.plates import Plate, Structure
from triggermap.opening import Opening
from triggermap.session import Session
from triggermap.state import State
from triggermap.ui.dossier import Dossier
from triggermap.ui.hazard_banner import HazardBanner
from triggermap.ui.main_window import MainWindow
from triggermap.ui.plate_bar import Choice
from triggermap.ui.stage.stage import Stage
from triggermap.ui.workspace import Workspace
from triggermap.userdata.options import Theme
from triggermap.userdata.settings import Settings

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Pixels = NDArray[np.int16]  # (height, width, 3): signed, so that differences are differences
Place = tuple[float, float]  # plate mm

START = State("back", "superficial", "both")
SIZE = (1280, 800)
_PATIENCE_MS = 20_000


class Desk:
    """One window, shown and filled, with what a user does to it."""

    def __init__(self, bot: QtBot, settings: Settings | None = None, state: State = START) -> None:
        self.bot = bot
        app.application()
        self.opening: Opening = app.build(settings or Settings(first_start_seen=True), state, None)
        self.window: MainWindow = self.opening.window
        self.window.show()
        self.wait(lambda: self.opening.settled)
        self.activate()
        self.settle()

    # --- parts -----------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        assert self.opening.workspace is not None
        return self.opening.workspace

    @property
    def session(self) -> Session:
        return self.workspace.session

    @property
    def state(self) -> State:
        return self.session.state

    @property
    def stage(self) -> Stage:
        assert self.workspace.stage is not None
        return self.workspace.stage

    @property
    def dossier(self) -> Dossier:
        assert self.workspace.dossier is not None
        return self.workspace.dossier

    @property
    def plate(self) -> Plate:
        assert self.session.plate is not None
        return self.session.plate

    # --- waiting ---------------------------------------------------------------------------

    def wait(self, condition: Callable[[], bool]) -> None:
        self.bot.waitUntil(condition, timeout=_PATIENCE_MS)

    def settle(self) -> None:
        """Wait until pictures and texts are on show and every layout has run."""
        for _ in range(2):  # the texts, the layout that they ask for, and the scrolling after it
            turn()
        if not self._at_rest():
            self.wait(self._at_rest)
            turn()

    def _at_rest(self) -> bool:
        return self.opening.settled and not self.workspace._texts.isActive()

    @contextmanager
    def unpainted(self) -> Iterator[None]:
        """Lay out without painting, for tests of places alone: what is grabbed is painted all the same."""
        self.window.setUpdatesEnabled(False)
        yield
        self.window.setUpdatesEnabled(True)

    def activate(self) -> None:
        """Make the window the active one: shortcuts are those of the active window."""
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)

    # --- doing -----------------------------------------------------------------------------

    def reset(self) -> None:
        """As after a start: nothing selected, nothing typed, the whole back plate, dark, 100 %."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()
        if self.window.windowState() != Qt.WindowState.WindowNoState:
            self.window.setWindowState(Qt.WindowState.WindowNoState)
        self.session.show(START)  # first: an empty dossier takes another look at once
        self.settle()
        self.look("dark", 1.0)
        self.window.resize(*SIZE)
        self.window.finder.box.clear()
        self.window.finder.set_index(self.window.finder._index)  # type: ignore[arg-type]  # it is there
        QTest.mouseMove(self.window.plate_bar, QPoint(1, 1))
        self.stage.leaveEvent(QEvent(QEvent.Type.Leave))
        self.window.strip.show_message("")
        self.activate()
        self.stage.viewport.setFocus()
        self.settle()
        self.stage.fit()
        self.settle()

    def look(self, theme: Theme, scale: float) -> None:
        if (self.window.look.name, self.window.look.scale) != (theme, scale):
            self.window._set_look(name=theme, scale=scale)
            self.settle()

    def show(self, text: str) -> None:
        """Show a state, such as ``back/skin/left?muscle=soleus``."""
        self.session.show(State.parse(text))
        self.settle()

    def select(self, muscle: str, point: str | None = None) -> None:
        self.session.select_muscle(muscle, point)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)
        self.settle()

    def hover(self, at: Place) -> None:
        """Move the pointer to a place of the plate, over one beside it: the same pixel moves nothing."""
        pixel = self.pixel(at)
        QTest.mouseMove(self.stage.viewport, pixel + QPoint(3, 3))
        QTest.mouseMove(self.stage.viewport, pixel)
        QCoreApplication.processEvents()

    def click(self, at: Place) -> None:
        self.hover(at)
        QTest.mouseClick(
            self.stage.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.pixel(at)
        )
        self.settle()

    def double_click(self, at: Place) -> None:
        """As Qt sends it: the second press is a double click (QTest sends a press as well)."""
        pixel, left, none = self.pixel(at), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonPress, pixel, left, left)
        self._send(QEvent.Type.MouseButtonRelease, pixel, left, none)
        self._send(QEvent.Type.MouseButtonDblClick, pixel, left, left)
        self._send(QEvent.Type.MouseButtonRelease, pixel, left, none)
        self.settle()

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move in a few steps and let go, in pixels of the viewport."""
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonPress, start, left, left)
        for step in range(1, 9):
            self._send(QEvent.Type.MouseMove, start + (end - start) * (step / 8), none, left)
        self._send(QEvent.Type.MouseButtonRelease, end, left, none)
        self.settle()

    def _send(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        viewport = self.stage.viewport
        place, far = QPointF(at), QPointF(viewport.mapToGlobal(at))
        event = QMouseEvent(kind, place, far, button, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(viewport, event)

    def wheel(self, at: QPoint, notches: int) -> None:
        viewport = self.stage.viewport
        event = QWheelEvent(
            QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QCoreApplication.sendEvent(viewport, event)
        self.settle()

    # --- places ----------------------------------------------------------------------------

    def pixel(self, at: Place) -> QPoint:
        """Where a place of the plate is on the viewport."""
        return self.stage.widget_position(*at).toPoint()

    def structure(self, mesh: str) -> Structure:
        assert self.session.body is not None
        return self.session.body.by_mesh[mesh]

    def open_place(self, structure: Structure) -> Place:
        """The middle of the largest open part of a structure on the open layer, away from its edges."""
        ids = self.plate.id_map(self.state.layer)
        return inner_place(ids.ids == structure.id, ids.grid.affine)

    def region_place(self, region: str, side: str) -> Place:
        """The middle of a region of the skin as the open plate shows it."""
        assert self.session.body is not None
        (value,) = self.session.body.region_values(region, (side,))
        ids = self.plate.regions
        return inner_place(ids.ids == value, ids.grid.affine)

    def mark_place(self, muscle: str, point: str, side: str) -> Place:
        """Where a trigger point is on the open plate."""
        found = next(p for p in self.session.muscles[muscle].trigger_points if p.id == point)
        u, v = self.plate.project(placing.position(found, side)[None])[0]
        return float(u), float(v)

    # --- seeing ----------------------------------------------------------------------------

    def see(self) -> Pixels:
        """What the stage shows, without the texts that lie over it."""
        return pixels(self.stage.viewport)

    def outline(self, structure: Structure) -> list[QPoint]:
        """Pixels on the silhouette of a structure that are in view."""
        rect = self.stage.viewport.rect().adjusted(4, 4, -4, -4)
        rings = self.plate.outlines.rings(structure.id)
        found = [self.pixel((float(u), float(v))) for ring in rings for u, v in ring[::3]]
        return [pixel for pixel in found if rect.contains(pixel)]

    def down(self, choice: Choice) -> str:
        """The one button of a row that is down, by its text."""
        (text,) = [b.text() for b in choice.findChildren(QToolButton) if b.isChecked() and not b.isHidden()]
        return text

    def layer(self) -> str:
        """The layer at which the depth slider stands, by its short title."""
        return self.window.plate_bar.layers.current.removesuffix(" muscles")

    def button(self, parent: QWidget, text: str) -> QToolButton:
        (found,) = [
            b for b in parent.findChildren(QToolButton) if text in (b.text(), b.accessibleName())
            and not b.isHidden()
        ]  # fmt: skip
        return found

    def results(self) -> list[str]:
        """The titles of the finder's list."""
        model = self.window.finder.list.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def current(self) -> str:
        """The title of the finder's current result."""
        return str(self.window.finder.list.currentIndex().data() or "")

    def texts(self) -> list[str]:
        """The texts of the dossier from top to bottom, as plain words."""
        labels = [label for label in self.dossier.findChildren(QLabel) if label.isVisibleTo(self.dossier)]
        labels.sort(key=lambda label: label.mapTo(self.dossier, QPoint(0, 0)).y())
        return [plain(label) for label in labels if label.text()]

    def dossier_text(self) -> str:
        return "\n".join(self.texts())

    def banner(self, hazard: str) -> HazardBanner:
        (found,) = [banner for banner in self.dossier.banners if banner.hazard.id == hazard]
        return found

    def close(self) -> None:
        """Close the window, wait for what it began, and free it."""
        self.window.close()
        self.opening.loader.wait()
        window = self.window
        del self.window, self.opening
        window.deleteLater()
        free()


# --- pictures ---------------------------------------------------------------------------------------------


def pixels(widget: QWidget, rect: QRect | None = None) -> Pixels:
    """What a widget shows, as an array."""
    return array(widget.grab(rect or widget.rect()).toImage())


def array(image: QImage) -> Pixels:
    """An image as (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGBX8888)
    flat = np.frombuffer(bytes(image.constBits()), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 4]
    result: Pixels = rows.reshape(image.height(), image.width(), 4)[:, :, :3].astype(np.int16)
    return result


def at(image: Pixels, pixel: QPoint, dx: int = 0, dy: int = 0) -> NDArray[np.int16]:
    result: NDArray[np.int16] = image[pixel.y() + dy, pixel.x() + dx]
    return result


def redness(image: Pixels) -> NDArray[np.float64]:
    """How much more red a pixel is than green and blue."""
    result: NDArray[np.float64] = image[..., 0] - image[..., 1:].mean(axis=-1)
    return result


def luminance(colors: Pixels) -> NDArray[np.float64]:
    """Relative luminance as WCAG has it."""
    part = colors / 255.0
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return result


def contrast(image: Pixels) -> float:
    """The contrast of a text with its ground: the commonest colour against what is farthest from it."""
    flat = image.reshape(-1, 3)
    colors, counts = np.unique(flat, axis=0, return_counts=True)
    levels = luminance(colors.astype(np.int16))
    ground = levels[counts.argmax()]
    ratios = (np.maximum(levels, ground) + 0.05) / (np.minimum(levels, ground) + 0.05)
    return float(ratios.max())


def is_cross(image: Pixels, pixel: QPoint) -> bool:
    """Whether a haloed X stands at a pixel: dark in the middle, white between its arms."""
    dark = bool(at(image, pixel).max() < 70)
    ways = ((1, 0), (-1, 0), (0, 1), (0, -1))
    white = [max(at(image, pixel, x * n, y * n).min() for n in (3, 4, 5)) > 190 for x, y in ways]
    return dark and all(white)


def inner_place(mask: NDArray[np.bool_], affine: NDArray[np.float64]) -> Place:
    """The middle of a mask's widest part, in plate mm: layers are taken off until nothing is left."""
    rows, cols = np.nonzero(mask)
    assert len(rows), "nothing of it is open on this plate"
    top, left = int(rows.min()), int(cols.min())
    step = max(1, round(1.0 / abs(float(affine[0, 0]))))  # 1 mm is exact enough
    rest = np.pad(mask[top : rows.max() + 1 : step, left : cols.max() + 1 : step], 1)
    last = rest
    while rest.any():
        last = rest
        rest = last.copy()
        rest[1:-1, 1:-1] &= last[:-2, 1:-1] & last[2:, 1:-1] & last[1:-1, :-2] & last[1:-1, 2:]
    found_rows, found_cols = np.nonzero(last)
    row, col = top + (int(found_rows[0]) - 1) * step, left + (int(found_cols[0]) - 1) * step
    u, v = affine @ np.array([col, row, 1.0])
    return float(u), float(v)


# --- words ------------------------------------------------------------------------------------------------


def plain(label: QLabel) -> str:
    """The words of a label without its markup."""
    return with_breaks(label).replace("\u200b", "")


def with_breaks(label: QLabel) -> str:
    """The words of a label, with the places where a long one may be broken."""
    from PySide6.QtGui import QTextDocument

    if label.textFormat() == Qt.TextFormat.PlainText or "<" not in label.text():
        return label.text().replace("&nbsp;", " ")
    document = QTextDocument()
    document.setHtml(label.text())
    return document.toPlainText().replace("\xa0", " ")


def cut_labels(parent: QWidget) -> list[str]:
    """Labels in view of ``parent`` whose text does not fit into them."""
    cut = []
    for label in parent.findChildren(QLabel):
        if not label.text() or not label.isVisibleTo(parent):
            continue
        wanted = label.sizeHint()
        if label.wordWrap():
            # Heights are rounded at each scale: one pixel of leading cuts no word.
            if label.heightForWidth(label.width()) > label.height() + 1:
                cut.append(
                    f"{plain(label)[:60]!r}: {label.heightForWidth(label.width())} in {label.height()}"
                )
            # A long address may be broken where it holds a zero-width space.
            pieces = re.split(r"[\s\u200b]+", with_breaks(label))
            longest = max(label.fontMetrics().horizontalAdvance(piece) for piece in pieces)
            if longest > label.width():
                cut.append(f"{plain(label)[:60]!r}: a word of {longest} in {label.width()}")
        elif wanted.width() > label.width() or wanted.height() > label.height():
            cut.append(f"{plain(label)[:60]!r}: {wanted} in {label.size()}")
    return cut


def fully_seen(widget: QWidget) -> bool:
    """Whether no part of a widget is hidden by the window's edge, a scroll area or another widget."""
    inside = widget.window().rect().contains(QRect(widget.mapTo(widget.window(), QPoint()), widget.size()))
    return widget.isVisible() and inside and widget.visibleRegion().boundingRect() == widget.rect()


# --- leaks ------------------------------------------------------------------------------------------------


def turn() -> None:
    """One turn of the event loop; what is to be deleted goes first, as it was posted first."""
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    QCoreApplication.processEvents()


def free() -> None:
    """Let everything die that was asked to."""
    for _ in range(3):
        turn()
        gc.collect()


def _alive(kind: type[QObject], busy: Callable[[Any], bool]) -> set[int]:
    found = set()
    for thing in gc.get_objects():
        if issubclass(type(thing), kind) and shiboken6.isValid(thing) and busy(thing):
            found.add(id(thing))
    return found


def _top_levels() -> dict[int, str]:
    return {
        shiboken6.getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.windowTitle()!r}"
        for widget in QApplication.topLevelWidgets()
    }


@contextmanager
def no_leaks() -> Iterator[None]:
    """Hold what runs inside to leaving no top-level widget, running thread or active timer behind."""
    free()
    widgets, timers = _top_levels(), _alive(QTimer, QTimer.isActive)
    threads = _alive(QThread, QThread.isRunning)
    yield
    free()
    left = {pointer: name for pointer, name in _top_levels().items() if pointer not in widgets}
    assert list(left.values()) == [], "top-level widgets were left behind"
    assert _alive(QThread, QThread.isRunning) <= threads, "a thread still runs"
    assert _alive(QTimer, QTimer.isActive) <= timers, "a timer still runs"

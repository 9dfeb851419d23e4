"""The window: the frame with its panels. It paints at once and knows nothing of body or dataset.

What needs numpy, pydantic or pyqtgraph is in :mod:`triggermap.ui.workspace`, which is imported after
the first paint (docs/adr/0005-first-paint.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSplitter, QToolButton, QVBoxLayout, QWidget

from triggermap.ui import theme as themes
from triggermap.ui.about import AboutDialog, FirstStartDialog
from triggermap.ui.actions import make_actions
from triggermap.ui.cross_section import CrossSection
from triggermap.ui.finder_panel import FinderPanel
from triggermap.ui.icons import Icons
from triggermap.ui.left_column import LeftColumn
from triggermap.ui.look import Look
from triggermap.ui.plate_bar import PlateBar
from triggermap.ui.probe_strip import ProbeStrip
from triggermap.ui.stage_frame import StageFrame
from triggermap.ui.status_strip import StatusStrip
from triggermap.userdata.settings import Settings

_SWITCHES = {
    "probe": "probe",
    "labels": "labels",
    "zoom-out": "zoom-out",
    "fit": "fit",
    "zoom-in": "zoom-in",
    "theme": "theme",
    "about": "info",
}


class MainWindow(QMainWindow):
    """The screen: plate bar above, finder left, stage in the middle, dossier right, strip below."""

    first_painted = Signal()
    action_requested = Signal(str)  # an action that the window doesn't do by itself
    look_changed = Signal()
    settings_changed = Signal(object)
    closing = Signal()

    def __init__(self, settings: Settings, look: Look, icons: Icons, attribution: Callable[[], str]) -> None:
        super().__init__()
        self.settings, self.look, self.icons = settings, look, icons
        self._attribution = attribution
        self._painted = False
        self.last_state = settings.last_state
        self.setWindowTitle("triggermap")
        self.resize(1280, 800)

        self.plate_bar = PlateBar(self)
        self.finder = FinderPanel(icons, look.theme, self)
        self.frame = StageFrame(look.theme, self)
        self._dossier_slot = QWidget(self)
        self._dossier_slot.setObjectName("panel")
        self._dossier_slot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dossier_column = QVBoxLayout(self._dossier_slot)
        self._dossier_column.setContentsMargins(0, 0, 0, 0)
        self._waiting = QLabel("Loading …", self._dossier_slot)
        self._waiting.setObjectName("waiting")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._dossier_column.addWidget(self._waiting)
        self.probe_strip = ProbeStrip(self)
        self.strip = StatusStrip(self)
        self._columns = QSplitter(Qt.Orientation.Horizontal, self)
        self._columns.setHandleWidth(5)
        self._columns.setChildrenCollapsible(False)
        self.section = CrossSection(self)
        self._left = LeftColumn(self.finder, self.section, self)
        self._left.width_changed.connect(self._fit_left)
        for widget in (self._left, self.frame, self._dossier_slot):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plate_bar)
        column.addWidget(self._columns, 1)
        column.addWidget(self.probe_strip)
        column.addWidget(self.strip)
        self.setCentralWidget(centre)

        self._own_actions: dict[str, Callable[[], object]] = {
            "find": self.finder.start,
            "part": self.plate_bar.part.open_menu,
            "full-screen": self._toggle_full_screen,
            "larger": lambda: self._set_look(scale=self.look.step(1)),
            "smaller": lambda: self._set_look(scale=self.look.step(-1)),
            "theme": lambda: self._set_look(name=self.look.next_name()),
            "about": self.show_about,
            "quit": self.close,
        }
        self.actions_by_id = make_actions(self, self._run_action)
        self.switches: dict[str, QToolButton] = {}
        self._add_switches()
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        self.apply_look()

    def _run_action(self, action: str) -> None:
        own = self._own_actions.get(action)
        if own is not None:
            own()
        else:
            self.action_requested.emit(action)

    def _add_switches(self) -> None:
        for key, icon in _SWITCHES.items():
            button = self.switches[key] = QToolButton(self)
            action = self.actions_by_id[key]
            button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
            button.setAccessibleName(action.text())
            button.setCheckable(key in ("labels", "probe"))
            button.clicked.connect(action.trigger)
            self.plate_bar.add_switch(button, icon)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # After this event: the window is on the screen before anything slow begins.
            QTimer.singleShot(0, self.first_painted.emit)

    def set_dossier(self, dossier: QWidget) -> None:
        """Put the dossier in its place."""
        self._waiting.hide()
        self._dossier_column.addWidget(dossier)

    def loading_failed(self, message: str, *, nothing_to_show: bool) -> None:
        """Say why there is nothing to show, or that what was there stays."""
        self.frame.set_text(message)
        if nothing_to_show:
            self._waiting.setWordWrap(True)
            self._waiting.setText(message)
        self.strip.show_message(message)

    # --- dialogs -----------------------------------------------------------------------------

    def show_about(self) -> None:
        """Open the About dialog."""
        dialog = AboutDialog(self._attribution(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(round(560 * self.look.scale), round(600 * self.look.scale))
        dialog.open()

    def show_first_start(self) -> None:
        """Say once what the program is and is not."""
        dialog = FirstStartDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.keep(first_start_seen=True))
        dialog.fit(round(460 * self.look.scale))
        dialog.open()

    # --- looks and settings ------------------------------------------------------------------

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _set_look(self, *, name: str | None = None, scale: float | None = None) -> None:
        self.look = self.look.changed(name=name, scale=scale)
        self.keep(theme=self.look.name, scale=round(self.look.scale * 100))
        self.apply_look()

    def apply_look(self) -> None:
        """Take the colours and sizes of the look everywhere."""
        theme, scale = self.look.theme, self.look.scale
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setPalette(themes.palette(theme))
        app.setFont(self.look.font())
        self.setStyleSheet(themes.style_sheet(theme, self.look.family, scale))
        self.plate_bar.set_look(self.icons, theme, scale)
        self.finder.set_look(theme, scale)
        self.frame.set_look(theme, scale)
        self.probe_strip.set_look(self.icons, theme, scale)
        self.section.set_look(self.icons, theme, scale)
        self._left.set_scale(scale)
        # Smaller, or with a narrower dossier, a warning could not be shown whole.
        growth = 1.0 + 0.35 * (scale - 1.0)
        self.setMinimumSize(round(860 * growth), round(560 * growth))
        self._dossier_slot.setMinimumWidth(round(225 * scale))
        width = self.width()
        left = self._left.wish(width)
        right = min(round(400 * scale), round(width * 0.36))
        self._columns.setSizes([left, width - left - right, right])
        self.look_changed.emit()

    def _fit_left(self) -> None:
        """The plate gives or takes what the left column changes; the dossier keeps its width."""
        left, middle, right = self._columns.sizes()
        wish = self._left.wish(self.width())
        self._columns.setSizes([wish, left + middle - wish, right])

    def keep(self, **changes: Any) -> None:
        """Remember settings."""
        self.settings = replace(self.settings, **changes)
        self.settings_changed.emit(self.settings)

    def closeEvent(self, event: QCloseEvent) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.keep(geometry=geometry, last_state=self.last_state)
        self.closing.emit()
        super().closeEvent(event)

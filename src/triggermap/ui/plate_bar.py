"""The bar above the stage: view, part of the body, depth and side, what lies over the plate, and switches."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from triggermap.state import HAZARDS, SIDES
from triggermap.ui.depth_slider import DepthSlider
from triggermap.ui.flow_layout import FlowLayout
from triggermap.ui.icons import Icons
from triggermap.ui.overlay_rows import OVERLAY_ROWS
from triggermap.ui.theme import Theme

if TYPE_CHECKING:
    from triggermap.body.plates import Body, Plate
    from triggermap.session import Session

_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_CROWDED = 1.5  # from this scale on, and in a bar narrower than this many px at 100 %,
_ROOMY_PX = 1500  # the words stand without icons and captions
_WHOLE = "whole"
_PART = "Part of the body"
_PART_PX = 200  # a longer title of a plate is cut on the button; the stage has the whole of it
_HAZARDOUS = {"arteries", "lung-zone", "nerves", "organs", "veins"}  # what hazard zones are made of
_SIDE_TIPS = {
    "left": "Points and patterns of the left side",
    "right": "Points and patterns of the right side",
    "both": "Points and patterns of both sides",
}
# The parts of the body in the order of the menu; one that is not here comes last, by its id.
GROUPS = {
    "head-neck": "Head and neck",
    "shoulder": "Shoulder",
    "thorax": "Thorax and back",
    "arm": "Upper arm",
    "forearm-hand": "Forearm and hand",
    "abdomen": "Abdomen",
    "hip": "Hip and buttock",
    "thigh": "Thigh",
    "leg": "Leg",
    "foot": "Foot",
    "pelvic-floor": "Pelvic floor",
}


class Choice(QWidget):
    """A captioned row of buttons of which at most one is down."""

    chosen = Signal(str)

    def __init__(self, caption: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._icon_names: dict[str, str] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._caption = QLabel(caption, self)
        self._caption.setObjectName("groupCaption")
        self._row.addWidget(self._caption)

    def set_options(self, options: list[tuple[str, str, str, str]]) -> None:
        """Options as (id, title, icon, tip)."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons = {}
        for key, title, icon, tip in options:
            button = QToolButton(self)
            button.setText(title)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setToolButtonStyle(_BESIDE)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[key] = button
            self._icon_names[key] = icon

    def set_current(self, key: str) -> None:
        """Show which option holds; one that is not offered lets every button up."""
        self._group.setExclusive(False)
        for option, button in self._buttons.items():
            button.setChecked(option == key)
        self._group.setExclusive(True)

    def set_icons(self, icons: Icons, theme: Theme, size: int, *, words_only: bool) -> None:
        """Draw the icons in the theme's colours, or leave them and the caption out for want of room."""
        self._caption.setVisible(not words_only)
        style = Qt.ToolButtonStyle.ToolButtonTextOnly if words_only else _BESIDE
        for key, button in self._buttons.items():
            button.setToolButtonStyle(style)
            button.setIcon(icons.icon(self._icon_names[key], theme.text, theme.accent_text))
            button.setIconSize(QSize(size, size))


class PartButton(QToolButton):
    """The plates of the parts of the body in one menu; the button bears the title of the open one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._body: Body | None = None
        self._side = "both"
        self._title = ""
        self._scale = 1.0
        self._actions: dict[str, QAction] = {}
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(_BESIDE)
        self.setMenu(QMenu(self))
        self._show_title()

    def open_menu(self) -> None:
        """Open the menu under the button."""
        if self._actions:
            self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def set_body(self, body: Body) -> None:
        """Offer the plates of a body that show a part of it."""
        self._body = body
        menu = self.menu()
        menu.clear()
        self._actions = {}
        known = [*GROUPS, *body.groups]
        for group in sorted((g for g in body.groups if g != _WHOLE), key=known.index):
            title = GROUPS.get(group, group.replace("-", " ").capitalize())
            plates = [plate for plate in body.groups[group] if not _is_second(plate, body)]
            if len(plates) == 1:
                self._add(menu, title, plates[0])
                continue
            submenu = menu.addMenu(title)
            for plate in plates:
                self._add(submenu, plate.short, plate)
        self.setVisible(bool(self._actions))

    def _add(self, menu: QMenu, title: str, plate: Plate) -> None:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.triggered.connect(lambda _checked=False: self.chosen.emit(self._for_side(plate)))
        self._actions[plate.id] = action

    def _for_side(self, plate: Plate) -> str:
        """A plate of one side stands for its counterpart too: the side on show picks."""
        turned = plate.side is not None and plate.side != self._side
        return (plate.counterpart if turned else None) or plate.id

    def show_plate(self, plate: Plate, side: str) -> None:
        """Bear the title of the open plate, if it shows a part of the body."""
        self._side = (plate.side or "left") if side == "both" else side
        for key, action in self._actions.items():
            action.setChecked(key in (plate.id, plate.counterpart))
        self._title = "" if plate.group == _WHOLE else plate.title
        self.setChecked(bool(self._title))
        self._show_title()

    def set_look(self, icons: Icons, theme: Theme, scale: float, *, words_only: bool) -> None:
        """Draw the icon in the theme's colours, at the interface scale, or leave it out for want of room."""
        self._scale = scale
        self.setIcon(icons.icon("part", theme.text, theme.accent_text))
        self.setIconSize(QSize(round(18 * scale), round(18 * scale)))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly if words_only else _BESIDE)
        self.ensurePolished()
        self._show_title()

    def _show_title(self) -> None:
        room = round(_PART_PX * min(self._scale, _CROWDED))
        text = QFontMetrics(self.font()).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        self.setText(text or _PART)
        what = f"{self._title}: another part of the body" if self._title else _PART
        self.setToolTip(f"{what} (R)")
        self.setAccessibleName(what)


def _is_second(plate: Plate, body: Body) -> bool:
    """Whether another plate of the menu stands for this one: that of the other side, which comes first."""
    order = list(body.plates)
    return plate.counterpart in order and order.index(plate.counterpart) < order.index(plate.id)


class Tick(QCheckBox):
    """A check box whose tick is drawn in the theme's colours: on or off is told by more than a colour."""

    ink = "#000000"

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = QRectF(self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.ink), box.width() / 8))
        painter.drawPolyline(
            [
                box.topLeft() + QPointF(box.width() * x, box.height() * y)
                for x, y in ((0.25, 0.52), (0.43, 0.7), (0.75, 0.32))
            ]
        )
        painter.end()


class ShowButton(QToolButton):
    """Opens the list of what can be laid over the plate, as check boxes; it stays open while one ticks."""

    toggled_overlay = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("Show")
        self.setCheckable(True)
        self.setToolButtonStyle(_BESIDE)
        self.panel = QFrame(self, Qt.WindowType.Popup)
        self.panel.setObjectName("showPanel")
        self._column = QVBoxLayout(self.panel)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(6)
        self._on = 0
        self.boxes: dict[str, Tick] = {}
        for row in OVERLAY_ROWS:
            box = Tick(f"{row.title}  ({row.key})", self.panel)
            box.setAccessibleName(f"Show {row.title.lower()}")
            box.clicked.connect(lambda _on=False, key=row.id: self.toggled_overlay.emit(key))
            self._column.addWidget(box)
            self.boxes[row.id] = box
        self.clicked.connect(self._open)

    def _open(self) -> None:
        self._mark()
        self.panel.adjustSize()
        below = self.mapToGlobal(QPoint(0, self.height() + 2))
        edge = self.window().mapToGlobal(QPoint(self.window().width(), 0)).x()
        below.setX(max(min(below.x(), edge - self.panel.width() - 4), 0))
        self.panel.move(below)
        self.panel.show()
        first = next((box for box in self.boxes.values() if box.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_overlays(self, on: Collection[str], there: Collection[str]) -> None:
        """Tick what is on, and offer only what the plate has."""
        for key, box in self.boxes.items():
            box.setChecked(key in on)
            box.setEnabled(key in there)
            box.setToolTip("" if key in there else "This plate has none.")
        self._on = sum(key in on and key in there for key in self.boxes)
        self._mark()

    def _mark(self) -> None:
        """Down while something is on; the number says how much."""
        self.setChecked(self._on > 0)
        self.setText(f"Show ({self._on})" if self._on else "Show")
        self.setToolTip("Organs, nerves, vessels, hazard zones, bone outlines and landmarks over the plate")
        self.setAccessibleName(f"Show over the plate: {self._on} on")

    def set_look(self, icons: Icons, theme: Theme, scale: float, *, words_only: bool) -> None:
        """Draw the icons in the theme's colours, at the interface scale, or leave that of the button out."""
        size = QSize(round(18 * scale), round(18 * scale))
        self.setIcon(icons.icon("over", theme.text, theme.accent_text))
        self.setIconSize(size)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly if words_only else _BESIDE)
        for row in OVERLAY_ROWS:
            self.boxes[row.id].setIcon(icons.icon(row.icon, theme.text))
            self.boxes[row.id].setIconSize(size)
            self.boxes[row.id].ink = theme.accent_text
        box = round(16 * scale)
        self.panel.setStyleSheet(
            f"QFrame#showPanel {{ background: {theme.raised}; border: 1px solid {theme.muted}; }}"
            f"QCheckBox {{ color: {theme.text}; background: transparent; spacing: {round(8 * scale)}px; }}"
            f"QCheckBox:disabled {{ color: {theme.muted}; }}"
            f"QCheckBox::indicator {{ width: {box}px; height: {box}px; border-radius: {round(3 * scale)}px;"
            f" border: 2px solid {theme.muted}; background: {theme.field}; }}"
            f"QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; }}"
            f"QCheckBox::indicator:focus, QCheckBox:focus {{ border-color: {theme.text}; }}"
        )


class PlateBar(QWidget):
    """View, part, depth and side of the open plate, what lies over it, and the window's own switches."""

    plate_requested = Signal(str)
    layer_requested = Signal(str)
    side_requested = Signal(str)
    overlay_toggled = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._layout = FlowLayout(self, spacing=14)
        self._layout.setContentsMargins(10, 7, 10, 7)
        self.plates = Choice("View", self)
        self.part = PartButton(self)
        self.layers = DepthSlider(self)
        self.sides = Choice("Side", self)
        self.over = ShowButton(self)
        self._switches = QWidget(self)
        self._switch_row = QHBoxLayout(self._switches)
        self._switch_row.setContentsMargins(0, 0, 0, 0)
        self._switch_row.setSpacing(2)
        for widget in (self.plates, self.part, self.layers, self.sides, self.over, self._switches):
            self._layout.addWidget(widget)
        self.plates.chosen.connect(self.plate_requested)
        self.part.chosen.connect(self.plate_requested)
        self.layers.chosen.connect(self.layer_requested)
        self.sides.chosen.connect(self.side_requested)
        self.over.toggled_overlay.connect(self.overlay_toggled)
        self.sides.set_options(
            [(side, side.capitalize(), f"side-{side}", f"{_SIDE_TIPS[side]} (S)") for side in SIDES]
        )
        self._switch_icons: list[tuple[QToolButton, str]] = []
        self._shown_plate = ""
        self._look: tuple[Icons, Theme, float] | None = None
        self._words_only = False

    def add_switch(self, button: QToolButton, icon: str) -> None:
        """Put one of the window's own buttons at the end of the bar."""
        button.setParent(self._switches)
        self._switch_row.addWidget(button)
        self._switch_icons.append((button, icon))

    def set_body(self, body: Body) -> None:
        """Offer the plates of a body."""
        self.plates.set_options(
            [(p.id, p.short, f"view-{p.view}", f"{p.title} (V)") for p in body.groups.get(_WHOLE, ())]
        )
        self.part.set_body(body)
        self._shown_plate = ""

    def show_session(self, session: Session) -> None:
        """Show which plate, layer and side are open, and what lies over the plate."""
        plate, state = session.plate, session.state
        if plate is None or session.body is None:
            return
        if plate.id != self._shown_plate:
            self._shown_plate = plate.id
            self.layers.set_layers([(layer.id, layer.title) for layer in plate.layers])
        self.plates.set_current(plate.id)
        self.part.show_plate(plate, state.side)
        self.layers.set_current(state.layer)
        self.sides.set_current(state.side)
        self.over.show_overlays(state.overlays, overlays_of(plate, session.body))

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Draw icons in the theme's colours, at the interface scale."""
        self._look = icons, theme, scale
        self._words_only = self._is_narrow()
        size = round(18 * scale)
        for choice in (self.plates, self.sides):
            choice.set_icons(icons, theme, size, words_only=self._words_only)
        for part in (self.part, self.over):
            part.set_look(icons, theme, scale, words_only=self._words_only)
        self.layers.set_look(theme, scale)
        for button, name in self._switch_icons:
            button.setIcon(icons.icon(name, theme.text, theme.accent_text))
            button.setIconSize(QSize(size, size))

    def _is_narrow(self) -> bool:
        scale = self._look[2] if self._look else 1.0
        return scale >= _CROWDED or self.width() < _ROOMY_PX * scale

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._look is not None and self._words_only != self._is_narrow():
            self.set_look(*self._look)


def overlays_of(plate: Plate, body: Body) -> set[str]:
    """What can be laid over a plate; the landmarks over any, where there are some."""
    found = {overlay.id for overlay in plate.overlays}
    if found & _HAZARDOUS:
        found.add(HAZARDS)
    return found | {"landmarks"} if body.landmarks else found

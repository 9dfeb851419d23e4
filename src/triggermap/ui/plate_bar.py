"""The bar above the stage: view, layer and side, each a row of buttons of which one is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from triggermap.state import SIDES
from triggermap.ui.flow_layout import FlowLayout
from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

if TYPE_CHECKING:
    from triggermap.body.plates import Body
    from triggermap.session import Session

_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_CROWDED = 1.5  # from this scale on the words alone fill the bar
LAYER_ICONS = {"skin": "skin-layer"}
_SIDE_TIPS = {
    "left": "Points and patterns of the left side",
    "right": "Points and patterns of the right side",
    "both": "Points and patterns of both sides",
}


class Choice(QWidget):
    """A captioned row of buttons of which one is down."""

    chosen = Signal(str)

    def __init__(self, caption: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
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
        """Show which option holds."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def set_icons(self, icons: Icons, theme: Theme, size: int, *, words_only: bool) -> None:
        """Draw the icons in the theme's colours, or leave them and the caption out for want of room."""
        self._caption.setVisible(not words_only)
        style = Qt.ToolButtonStyle.ToolButtonTextOnly if words_only else _BESIDE
        for key, button in self._buttons.items():
            button.setToolButtonStyle(style)
            button.setIcon(icons.icon(self._icon_names[key], theme.text, theme.accent_text))
            button.setIconSize(QSize(size, size))


class PlateBar(QWidget):
    """View, layer and side of the open plate, and the window's own switches."""

    plate_requested = Signal(str)
    layer_requested = Signal(str)
    side_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._layout = FlowLayout(self, spacing=14)
        self._layout.setContentsMargins(10, 7, 10, 7)
        self.plates = Choice("View", self)
        self.layers = Choice("Layer", self)
        self.sides = Choice("Side", self)
        self._switches = QWidget(self)
        self._switch_row = QHBoxLayout(self._switches)
        self._switch_row.setContentsMargins(0, 0, 0, 0)
        self._switch_row.setSpacing(2)
        for widget in (self.plates, self.layers, self.sides, self._switches):
            self._layout.addWidget(widget)
        self.plates.chosen.connect(self.plate_requested)
        self.layers.chosen.connect(self.layer_requested)
        self.sides.chosen.connect(self.side_requested)
        self.sides.set_options(
            [(side, side.capitalize(), f"side-{side}", f"{_SIDE_TIPS[side]} (S)") for side in SIDES]
        )
        self._switch_icons: list[tuple[QToolButton, str]] = []
        self._shown_plate = ""

    def add_switch(self, button: QToolButton, icon: str) -> None:
        """Put one of the window's own buttons at the end of the bar."""
        button.setParent(self._switches)
        self._switch_row.addWidget(button)
        self._switch_icons.append((button, icon))

    def set_body(self, body: Body) -> None:
        """Offer the plates of a body."""
        self.plates.set_options(
            [(p.id, p.view.capitalize(), f"view-{p.view}", f"{p.title} (V)") for p in body.plates.values()]
        )

    def show_session(self, session: Session) -> None:
        """Show which plate, layer and side are open."""
        plate = session.plate
        if plate is None:
            return
        if plate.id != self._shown_plate:
            self._shown_plate = plate.id
            self.layers.set_options(
                [
                    (
                        layer.id,
                        layer.title.removesuffix(" muscles"),
                        LAYER_ICONS.get(layer.id, layer.id),
                        f"{layer.title} layer ({number})",
                    )
                    for number, layer in enumerate(plate.layers, 1)
                ]
            )
        self.plates.set_current(plate.id)
        self.layers.set_current(session.state.layer)
        self.sides.set_current(session.state.side)

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Draw icons in the theme's colours, at the interface scale."""
        size = round(18 * scale)
        for choice in (self.plates, self.layers, self.sides):
            choice.set_icons(icons, theme, size, words_only=scale >= _CROWDED)
        for button, name in self._switch_icons:
            button.setIcon(icons.icon(name, theme.text, theme.accent_text))
            button.setIconSize(QSize(size, size))

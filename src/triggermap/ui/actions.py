"""Every action of the window as one table of data: menus, keys and help are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from triggermap.ui.overlay_rows import OVERLAY_ROWS

MOST_LAYERS = 9  # a key each


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What an action is called and which keys call it; the first key is shown."""

    id: str
    text: str
    keys: tuple[str, ...]
    menu: str


ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("find", "Find", ("F", "/", "Ctrl+F"), "Find"),
    ActionRow("clear", "Clear the selection", ("Esc",), "Find"),
    *(
        ActionRow(f"layer-{n}", f"Layer {n} from the skin", (str(n),), "View")
        for n in range(1, MOST_LAYERS + 1)
    ),
    ActionRow("shallower", "Up to the layer above", ("[",), "View"),
    ActionRow("deeper", "Down to the layer below", ("]",), "View"),
    ActionRow("view", "Next view", ("V",), "View"),
    ActionRow("part", "Choose a part of the body", ("R",), "View"),
    ActionRow("side", "Next side", ("S",), "View"),
    ActionRow("labels", "Names on the plate", ("L",), "View"),
    ActionRow("probe", "What lies under the pointer", ("P",), "View"),
    ActionRow("section", "Cross-section: what lies here", ("Shift+P",), "View"),
    *(ActionRow(f"show-{row.id}", row.title, (row.key,), "Show") for row in OVERLAY_ROWS),
    ActionRow("page-safety", "Safety: emergencies, contraindications, rates", ("H", "F2"), "Read"),
    ActionRow("page-science", "The state of the science, and practice", ("F3",), "Read"),
    ActionRow("zoom-in", "Zoom in", ("+", "="), "View"),
    ActionRow("zoom-out", "Zoom out", ("-",), "View"),
    ActionRow("fit", "Fit the plate", ("0",), "View"),
    ActionRow("full-screen", "Full screen", ("F11",), "Window"),
    ActionRow("larger", "Larger interface", ("Ctrl++", "Ctrl+="), "Window"),
    ActionRow("smaller", "Smaller interface", ("Ctrl+-",), "Window"),
    ActionRow("theme", "Dark, light or high contrast", ("T",), "Window"),
    ActionRow("about", "About triggermap", ("F1",), "Window"),
    ActionRow("quit", "Quit", ("Ctrl+Q",), "Window"),
)


def make_actions(window: QWidget, run: Callable[[str], None]) -> dict[str, QAction]:
    """One QAction a row, with its keys, added to the window; ``run`` is called with the row's id."""
    made = {}
    for row in ACTIONS:
        action = QAction(row.text, window)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.triggered.connect(lambda _checked=False, row_id=row.id: run(row_id))
        window.addAction(action)
        made[row.id] = action
    return made


def keys_text(row: ActionRow) -> str:
    """The keys of an action as people read them."""
    return " or ".join(row.keys)

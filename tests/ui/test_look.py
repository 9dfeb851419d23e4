"""The look: which theme and which scale, the steps between them, the icons and the keys."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QIcon, QImage, QKeySequence
from PySide6.QtWidgets import QWidget

from triggermap.ui.actions import ACTIONS, keys_text, make_actions
from triggermap.ui.icons import Icons
from triggermap.ui.look import SCALES, Look
from triggermap.userdata.options import THEMES

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"


def look(name: str = "dark", scale: float = 1.0) -> Look:
    return Look.load(ASSETS, "Some Sans", name, scale)


def test_steps_up_and_down_and_the_ends_hold() -> None:
    assert (SCALES[0], SCALES[-1]) == (1.0, 2.0)
    assert list(SCALES) == sorted(set(SCALES))
    for smaller, larger in pairwise(SCALES):
        assert look(scale=smaller).step(1) == larger
        assert look(scale=larger).step(-1) == smaller
    assert look(scale=1.0).step(-1) == 1.0
    assert look(scale=2.0).step(1) == 2.0
    assert look(scale=1.0).step(99) == 2.0


def test_a_scale_between_the_steps_goes_on_from_the_nearest() -> None:
    assert look(scale=1.3).step(1) == 1.5
    assert look(scale=1.3).step(-1) == 1.1


@pytest.mark.parametrize(("asked", "given"), [(0.1, 1.0), (-3.0, 1.0), (1.3, 1.3), (7.0, 2.0)])
def test_a_scale_stays_between_the_ends(asked: float, given: float) -> None:
    assert look(scale=asked).scale == given


def test_themes_go_round() -> None:
    names = [THEMES[0]]
    for _ in THEMES:
        names.append(look().changed(name=names[-1]).next_name())  # type: ignore[arg-type]
    assert names == [*THEMES, THEMES[0]]


def test_an_unknown_theme_is_the_dark_one() -> None:
    assert look("sepia").name == "dark"
    assert look("sepia").theme == look("dark").theme


def test_a_change_makes_a_new_look() -> None:
    old = look("light", 1.5)
    assert old.changed(name="dark") == look("dark", 1.5)
    assert old.changed(scale=2.0) == look("light", 2.0)
    assert old.changed() == old
    assert (old.name, old.scale) == ("light", 1.5)
    with pytest.raises(FrozenInstanceError):
        old.scale = 1.0  # type: ignore[misc]


def test_the_font_has_the_family_and_the_scale() -> None:
    assert look(scale=2.0).font().pixelSize() == 2 * look().font().pixelSize()
    assert look().font().family() == "Some Sans"


# --- icons --------------------------------------------------------------------------------------------


def inks(image: QImage) -> set[str]:
    """The colours of the fully covered pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_an_icon_is_drawn_in_the_colour_that_is_asked_for(qtbot: QtBot) -> None:
    pixmap = Icons(ASSETS / "icons").pixmap("lung", "#ff8800", 48)
    assert (pixmap.width(), pixmap.height()) == (48, 48)
    assert inks(pixmap.toImage()) == {"#ff8800"}


def test_a_button_that_is_down_has_its_own_colour(qtbot: QtBot) -> None:
    icon = Icons(ASSETS / "icons").icon("skin-layer", "#ff8800", "#0088ff", 48)
    up, down = (
        icon.pixmap(48, QIcon.Mode.Normal, state).toImage() for state in (QIcon.State.Off, QIcon.State.On)
    )
    assert (inks(up), inks(down)) == ({"#ff8800"}, {"#0088ff"})


def test_a_missing_icon_is_an_empty_one(qtbot: QtBot) -> None:
    pixmap = Icons(ASSETS / "icons").pixmap("nowhere", "#ff8800", 24)
    assert (pixmap.width(), pixmap.height()) == (24, 24)
    assert inks(pixmap.toImage()) == set()


# --- actions ------------------------------------------------------------------------------------------


def test_no_key_calls_two_actions() -> None:
    keys = [QKeySequence(key).toString() for row in ACTIONS for key in row.keys]
    assert "" not in keys
    assert len(keys) == len(set(keys))
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    assert len({row.text for row in ACTIONS}) == len(ACTIONS)


def test_the_keys_are_those_that_were_promised() -> None:
    keys = {key: row.id for row in ACTIONS for key in row.keys}
    promised = {
        "F": "find",
        "/": "find",
        "Esc": "clear",
        "+": "zoom-in",
        "-": "zoom-out",
        "0": "fit",
        **{str(number): f"layer-{number}" for number in (1, 2, 3, 4)},
        "S": "side",
        "V": "view",
        "L": "labels",
        "F11": "full-screen",
        "Ctrl++": "larger",
        "Ctrl+-": "smaller",
    }
    assert promised.items() <= keys.items()


def test_each_action_asks_for_itself(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    asked: list[str] = []
    made = make_actions(window, asked.append)
    assert window.actions() == list(made.values())
    for action in made.values():
        action.trigger()
    assert asked == [row.id for row in ACTIONS]
    for row in ACTIONS:
        assert made[row.id].text() == row.text
        assert [key.toString() for key in made[row.id].shortcuts()] == list(row.keys)


def test_keys_as_people_read_them() -> None:
    assert keys_text(next(row for row in ACTIONS if row.id == "zoom-in")) == "+ or ="
    assert keys_text(next(row for row in ACTIONS if row.id == "clear")) == "Esc"

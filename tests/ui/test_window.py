"""The window: plate bar, keys, looks, dialogs, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QTextBrowser

from tests.ui.desk import START, Desk, at, cut_labels, free, inner_place, pixels, plain
from triggermap import __version__
from triggermap.state import SIDES, State
from triggermap.ui.about import DISCLAIMER, SCIENCE
from triggermap.ui.actions import ACTIONS
from triggermap.ui.look import SCALES
from triggermap.ui.overlay_rows import OVERLAY_ROWS, OverlayRow
from triggermap.ui.probe_strip import CAVEAT
from triggermap.userdata.options import THEMES
from triggermap.userdata.settings import Settings

# Qt says so of its offscreen screen whenever a dialog is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)
Open = Callable[..., Desk]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LAYERS = {"Skin": "skin", "Superficial": "superficial", "Deep": "deep", "Bones": "bone"}
VIEWS = ("Front", "Back", "Left", "Right")


# --- the plate bar ----------------------------------------------------------------------------------------


def test_the_bar_shows_what_is_open(desk: Desk) -> None:
    bar = desk.window.plate_bar
    assert (desk.down(bar.plates), desk.layer(), desk.down(bar.sides)) == ("Back", "Superficial", "Both")
    desk.show("left/bone/right")
    assert (desk.down(bar.plates), desk.layer(), desk.down(bar.sides)) == ("Left", "Bones", "Right")


@pytest.mark.parametrize("view", VIEWS)
def test_the_bar_switches_the_view(desk: Desk, view: str) -> None:
    before = desk.see()
    QTest.mouseClick(desk.button(desk.window.plate_bar.plates, view), Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.state == State(view.lower(), "superficial", "both")
    assert desk.down(desk.window.plate_bar.plates) == view
    assert desk.plate.title in plain(desk.window.frame._caption_text)
    assert bool((desk.see() != before).any()) == (view != "Back")


@pytest.mark.parametrize("title", LAYERS)
def test_the_bar_switches_the_layer(desk: Desk, title: str) -> None:
    before = desk.see()
    slider = desk.window.plate_bar.layers
    number = [layer.id for layer in desk.plate.layers].index(LAYERS[title])
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.stop(number).toPoint())
    desk.settle()
    assert desk.state == State("back", LAYERS[title], "both")
    assert desk.layer() == title
    assert bool((desk.see() != before).any()) == (title != "Superficial")


@pytest.mark.parametrize("side", ["Left", "Right", "Both"])
def test_the_bar_switches_the_side(desk: Desk, side: str) -> None:
    QTest.mouseClick(desk.button(desk.window.plate_bar.sides, side), Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.state == State("back", "superficial", side.lower())  # type: ignore[arg-type]
    assert desk.down(desk.window.plate_bar.sides) == side


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("Names on the plate", lambda desk: desk.state.labels),
        pytest.param("Zoom in", lambda desk: desk.stage.mm_per_pixel < 2.4),
        pytest.param("Zoom out", lambda desk: desk.stage.mm_per_pixel > 2.5),
        ("Dark, light or high contrast", lambda desk: desk.window.look.name == "light"),
        ("About triggermap", lambda desk: len(dialogs()) == 1),
    ],
)
def test_the_switches_of_the_bar_work(desk: Desk, name: str, changed: Callable[[Desk], bool]) -> None:
    assert not changed(desk)
    QTest.mouseClick(desk.button(desk.window.plate_bar, name), Qt.MouseButton.LeftButton)
    desk.settle()
    assert changed(desk)


def test_the_note_of_a_plate_stands_on_it(desk: Desk) -> None:
    desk.show("left/superficial/both")
    note = desk.plate.note
    assert note
    assert note in plain(desk.window.frame._caption_text)
    desk.show("back/superficial/both")
    assert note not in plain(desk.window.frame._caption_text)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_the_whole_bar_is_in_the_window(desk: Desk, size: tuple[int, int], scale: float) -> None:
    desk.look("dark", scale)
    desk.window.resize(*size)
    desk.settle()
    if size[0] >= 1280 or scale == 1.0:  # below, 200 % may need a larger window
        assert (desk.window.width(), desk.window.height()) == size
    bar = desk.window.plate_bar
    for part in (bar.plates, bar.part, bar.layers, bar.sides, bar.over, bar._switches):
        assert bar.rect().contains(part.geometry())
        assert part.width() >= part.minimumSizeHint().width()
    assert cut_labels(bar) == []


# --- keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [(Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Slash, Qt.KeyboardModifier.NoModifier),
     (Qt.Key.Key_F, CTRL)],
)  # fmt: skip
def test_keys_go_to_the_finder(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    assert not desk.window.finder.box.hasFocus()
    desk.press(key, modifiers)
    assert desk.window.finder.box.hasFocus()
    assert desk.window.finder.box.text() == ""


def test_numbers_open_layers(desk: Desk) -> None:
    desk.show("back/bone/both")
    for number, layer in enumerate(desk.plate.layers, 1):
        desk.type(str(number))
        assert desk.state.layer == layer.id
        assert desk.window.plate_bar.layers.current == layer.title
    last = desk.state
    desk.type("9")  # no plate of the whole body is so deep
    assert desk.state == last


def test_brackets_go_up_and_down_through_the_layers_and_stop(desk: Desk) -> None:
    ids = [layer.id for layer in desk.plate.layers]
    desk.show(f"back/{ids[0]}/both")
    seen = []
    for key in "]" * len(ids) + "[" * len(ids):
        desk.type(key)
        seen.append(desk.state.layer)
    assert seen == [*ids[1:], ids[-1], *ids[-2::-1], ids[0]]


def test_s_steps_through_the_sides(desk: Desk) -> None:
    seen = []
    for _ in SIDES:
        desk.type("s")
        seen.append(desk.state.side)
        assert desk.down(desk.window.plate_bar.sides).lower() == seen[-1]
    assert seen == ["left", "right", "both"]


def test_v_steps_through_the_views(desk: Desk) -> None:
    seen = []
    for _ in VIEWS:
        desk.type("v")
        seen.append(desk.state.plate)
        assert desk.down(desk.window.plate_bar.plates).lower() == seen[-1]
    assert seen == ["left", "right", "front", "back"]


def test_r_opens_the_parts_of_the_body(desk: Desk) -> None:
    menu = desk.window.plate_bar.part.menu()
    assert not menu.isVisible()
    QTest.keyClick(desk.stage.viewport, Qt.Key.Key_R)
    assert menu.isVisible() == bool(menu.actions())
    menu.close()


def test_p_opens_and_closes_the_probe(desk: Desk) -> None:
    strip = desk.window.probe_strip
    assert strip.isHidden()
    desk.type("p")
    assert (desk.state.probe, strip.isVisible(), desk.window.switches["probe"].isChecked()) == (True,) * 3
    assert strip.caveat.text() == CAVEAT
    desk.hover((0.0, 1200.0))
    desk.wait(lambda: bool(strip.reading.items))
    assert strip.reading.items[0].full == "Skin"
    assert strip.reading.where.startswith("Under the pointer")
    desk.type("p")
    assert (desk.state.probe, strip.isVisible(), desk.window.switches["probe"].isChecked()) == (False,) * 3


def test_the_probe_keeps_to_the_selected_point_by_keyboard(desk: Desk) -> None:
    """No pointer is needed: the point that was chosen is what is probed."""
    desk.show("back/superficial/left?muscle=infraspinatus&point=infraspinatus-1&probe=1")
    strip = desk.window.probe_strip
    desk.wait(lambda: bool(strip.reading.items))
    assert strip.reading.where == "Under point 1, left"
    names = [item.full for item in strip.reading.items]
    assert names[0] == "Skin"
    assert "Infraspinatus" in names
    assert any(item.grave and item.icon == "lung" for item in strip.reading.items)


@pytest.mark.parametrize("row", OVERLAY_ROWS, ids=lambda row: row.id)
def test_a_letter_lays_an_overlay_over_the_plate(desk: Desk, row: OverlayRow) -> None:
    desk.show("front/superficial/both")
    before, box = desk.see(), desk.window.plate_bar.over.boxes[row.id]
    assert box.isEnabled()
    desk.type(row.key.lower())
    assert list(desk.state.overlays) == [row.id]
    assert box.isChecked()
    assert bool((desk.see() != before).any())
    key = desk.window.frame._key
    assert [plain(label) for label in key.findChildren(QLabel) if label.text()] == [row.title]
    assert key.isVisible()
    assert cut_labels(key) == []
    desk.type(row.key.lower())
    assert list(desk.state.overlays) == []
    assert key.isHidden()
    assert not (desk.see() != before).any()


def test_what_a_plate_has_not_is_said(desk: Desk) -> None:
    plate = desk.plate
    kept = plate.overlays
    vars(plate)["overlays"] = tuple(one for one in kept if one.id != "organs")
    try:
        desk.type("o")
        assert desk.state.overlays == ()
        assert desk.window.strip.message.text() == "Organs: this plate has none."
    finally:
        vars(plate)["overlays"] = kept


def test_a_nerve_can_be_pointed_at_and_selected(desk: Desk) -> None:
    """By its overlay: hover names it, a click opens its dossier and tints it on the plate."""
    desk.show("front/superficial/both?show=nerves")
    nerve = desk.structure("nerves/sciatic_nerve.l")
    ids = desk.plate.overlay_map("nerves")
    place = inner_place(ids.ids == nerve.id, ids.grid.affine)
    desk.stage.show_rect((place[0] - 60, place[1] - 60, 120.0, 120.0))
    before = desk.see()
    desk.hover(place)
    assert nerve.title in desk.window.strip.here.text()
    desk.click(place)
    assert desk.state.structure == nerve.mesh
    assert nerve.label in desk.dossier_text()
    assert "Nerve" in desk.dossier_text()
    assert bool((desk.see() != before).any())
    assert not desk.stage._area.boundingRect().isEmpty()


def test_a_landmark_is_named_beside_the_pointer(desk: Desk) -> None:
    desk.show("front/superficial/both?show=landmarks")
    spot = desk.stage._landmark_item.spots[0]
    desk.hover((spot.u, spot.v))
    assert desk.stage.landmark is not None
    assert desk.stage.landmark.landmark.name in desk.window.strip.here.text()
    desk.show("front/superficial/both")
    desk.hover((spot.u, spot.v))
    assert desk.stage.landmark is None


def test_l_switches_the_names(desk: Desk) -> None:
    seen = []
    for _ in range(2):
        desk.type("l")
        seen.append((desk.state.labels, desk.window.switches["labels"].isChecked()))
    assert seen == [(True, True), (False, False)]


@pytest.mark.parametrize("key", ["+", "="])
def test_plus_minus_and_0_zoom(desk: Desk, key: str) -> None:
    fitted, shown = desk.stage.mm_per_pixel, desk.window.strip.zoom.text()
    desk.type(key)
    near = desk.stage.mm_per_pixel
    assert near < fitted / 1.2
    assert desk.window.strip.zoom.text() == f"{near:.2f} mm a pixel" != shown
    desk.type("-")
    assert desk.stage.mm_per_pixel == pytest.approx(fitted, rel=0.01)
    desk.type(key * 4)
    desk.type("0")
    assert desk.stage.mm_per_pixel == pytest.approx(fitted, rel=0.001)


def test_esc_clears_the_selection(desk: Desk) -> None:
    desk.select("trapezius", "trapezius-upper-1")
    desk.press(Qt.Key.Key_Escape)
    assert desk.state.cleared() == desk.state
    assert "not a diagnosis" in desk.dossier_text()
    assert "Trapezius" not in desk.texts()


def test_f11_fills_the_screen_and_back(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F11)
    assert desk.window.windowState() & Qt.WindowState.WindowFullScreen
    desk.press(Qt.Key.Key_F11)
    assert not desk.window.windowState() & Qt.WindowState.WindowFullScreen


def test_ctrl_plus_and_minus_scale_the_interface_and_stop(desk: Desk) -> None:
    steps = [round(scale * 100) for scale in SCALES]
    assert (steps[0], steps[-1]) == (100, 200)
    heights, seen = [], []
    for key in [Qt.Key.Key_Plus] * (len(steps) + 1):
        heights.append(desk.window.finder.box.height())
        desk.press(key, CTRL)
        seen.append(desk.window.settings.scale)
    assert seen == [*steps[1:], 200, 200]
    assert heights[0] < heights[2] < heights[-1]
    assert heights[-1] == desk.window.finder.box.height()
    for key in [Qt.Key.Key_Minus] * (len(steps) + 1):
        desk.press(key, CTRL)
    assert desk.window.settings.scale == 100
    assert desk.window.finder.box.height() == heights[0]
    desk.press(Qt.Key.Key_Equal, CTRL)
    assert desk.window.settings.scale == steps[1]


def test_scaling_keeps_the_window(desk: Desk) -> None:
    desk.select("trapezius", "trapezius-upper-1")
    desk.look("dark", 2.0)
    assert (desk.window.width(), desk.window.height()) == (1280, 800)
    assert desk.window.frame.width() >= 240


def test_t_goes_through_the_themes(desk: Desk) -> None:
    seen, ground = [], []
    for _ in THEMES:
        desk.type("t")
        seen.append(desk.window.look.name)
        assert desk.window.settings.theme == seen[-1]
        color = QColor(*(int(part) for part in at(pixels(desk.window.plate_bar), QPoint(1, 1))))
        ground.append(color.name())
        assert color.name() == desk.window.look.theme.panel
    assert seen == ["light", "high-contrast", "dark"]
    assert len(set(ground)) == 3


def test_the_stage_takes_the_theme(desk: Desk) -> None:
    desk.look("high-contrast", 1.0)
    corner = at(desk.see(), QPoint(2, 300))
    assert QColor(*(int(part) for part in corner)).name() == desk.window.look.theme.stage == "#000000"


def test_every_action_has_a_key_of_its_own() -> None:
    keys = [key for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))
    assert all(row.keys for row in ACTIONS)


def test_ctrl_q_closes(open_desk: Open) -> None:
    desk = open_desk()
    QTest.keyClick(desk.window, Qt.Key.Key_Q, CTRL)
    assert not desk.window.isVisible()


# --- dialogs ----------------------------------------------------------------------------------------------


def dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_about_says_what_it_must_and_is_freed(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    (about,) = dialogs()
    text = " ".join(plain(label) for label in about.findChildren(QLabel))
    assert __version__ in text
    assert DISCLAIMER in text
    assert "not a diagnosis" in text
    assert SCIENCE in text
    (browser,) = about.findChildren(QTextBrowser)
    for words in ("CC BY-SA", "MIT", "LGPL", "Ctrl++", "F11"):
        assert words in browser.toPlainText()
    assert cut_labels(about) == []
    QTest.keyClick(about, Qt.Key.Key_Escape)
    del about, browser
    free()
    assert [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)] == []


def test_about_is_one_dialog_though_asked_twice(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    (about,) = dialogs()
    QTest.keyClick(about, Qt.Key.Key_F1)
    desk.settle()
    assert dialogs() == [about]


@pytest.mark.parametrize(
    "scale",
    [1.0, 2.0],
)
def test_the_first_start_says_what_it_is_not(desk: Desk, scale: float) -> None:
    desk.look("light", scale)
    told: list[Settings] = []
    desk.window.settings_changed.connect(told.append)
    desk.window.keep(first_start_seen=False)
    desk.window.show_first_start()
    desk.settle()
    (dialog,) = dialogs()
    assert DISCLAIMER in [plain(label) for label in dialog.findChildren(QLabel)]
    assert cut_labels(dialog) == []
    assert dialog.isModal()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not desk.window.settings.first_start_seen  # closed, not understood: it comes again
    desk.window.show_first_start()
    (dialog,) = dialogs()
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    QTest.mouseClick(buttons.buttons()[0], Qt.MouseButton.LeftButton)
    assert [one.first_start_seen for one in told] == [False, True]
    desk.window.settings_changed.disconnect(told.append)


# --- what is remembered -----------------------------------------------------------------------------------


def test_a_window_comes_back_as_it_was(open_desk: Open) -> None:
    first = open_desk(Settings(first_start_seen=True))
    kept: list[Settings] = []
    first.window.settings_changed.connect(kept.append)
    first.window.resize(860, 700)  # the offscreen screen is 800 x 800
    first.show("front/deep/left?muscle=pectoralis-minor&point=pectoralis-minor-1&labels=1")
    first.look("light", 1.25)
    first.settle()
    size, text = first.window.size(), first.dossier_text()
    first.close()
    settings = kept[-1]
    assert (settings.theme, settings.scale, settings.first_start_seen) == ("light", 125, True)
    again = open_desk(settings, State.parse(settings.last_state))
    assert again.state == State(
        "front", "deep", "left", muscle="pectoralis-minor", point="pectoralis-minor-1", labels=True
    )
    assert (again.window.look.name, again.window.look.scale) == ("light", 1.25)
    assert again.window.size() == size
    assert again.dossier_text() == text
    bar = again.window.plate_bar
    assert (again.down(bar.plates), again.layer(), again.down(bar.sides)) == ("Front", "Deep", "Left")
    assert again.window.switches["labels"].isChecked()
    assert again.stage.scene is not None
    assert [mark.point for mark in again.stage.scene.marks if mark.selected] == ["pectoralis-minor-1"]


@pytest.mark.parametrize(
    "state",
    [
        State("upside-down", "superficial", "left"),
        State("back", "marrow", "left"),
        State("back", "superficial", "left", muscle="no-such-muscle"),
        State("back", "superficial", "left", muscle="soleus", point="soleus-99"),
        State("back", "skin", "left", region="no-such-region"),
        State("back", "bone", "left", structure="skeleton/unicorn"),
    ],
)
def test_a_remembered_state_that_is_gone_is_the_nearest_one(open_desk: Open, state: State) -> None:
    desk = open_desk(state=state)
    assert desk.state.cleared() == desk.state
    assert desk.state.side == "left"
    assert desk.state.plate in ("front", "back", "left", "right")
    assert desk.state.layer in LAYERS.values()
    assert "muscles" in desk.dossier_text()


def test_a_new_window_shows_the_back_with_nothing_selected(open_desk: Open) -> None:
    desk = open_desk()
    assert desk.state == START
    assert desk.window.strip.message.text() == ""
    # A key works at once: the stage has the focus.
    assert desk.stage.viewport.hasFocus()
    desk.type("v")
    assert desk.state.plate == "left"

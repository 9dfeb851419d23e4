"""The plate bar by itself: parts of the body, the depth slider, and what can be laid over a plate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.bodies import make_body
from triggermap import paths
from triggermap.body.plates import Body, Layer, Plate
from triggermap.session import Session
from triggermap.state import State
from triggermap.ui.depth_slider import DepthSlider
from triggermap.ui.icons import Icons
from triggermap.ui.overlay_rows import OVERLAY_ROWS, swatch
from triggermap.ui.plate_bar import GROUPS, PlateBar
from triggermap.ui.theme import load_theme
from triggermap.userdata.options import THEMES

# Qt says so of its offscreen screen whenever a popup is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LONG = "Innermost intercostals, transversus thoracis, diaphragm, quadratus lumborum"


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    """Four plates more than the boxes have: both sides of two plates of the thigh, and the pelvic floor."""
    made = make_body(tmp_path_factory.mktemp("body"), "computed")
    for view, short in (("front", "Front"), ("back", "Back")):
        for side, other in (("left", "right"), ("right", "left")):
            name = f"thigh-{view}-{side}"
            made.plates[name] = replace(
                made.plates[view],
                id=name,
                title=f"Thigh, {view}, {side}",
                short=short,
                group="thigh",
                side=side,
                counterpart=f"thigh-{view}-{other}",
            )
    deep = made.plates["front"]
    made.plates["pelvic-floor"] = replace(
        deep, id="pelvic-floor", title="Pelvic floor, from below", short="Below", group="pelvic-floor"
    )
    return made


@pytest.fixture
def session(body: Body) -> Session:
    session = Session(State("front", "superficial", "left"))
    session.take_body(body)
    return session


@pytest.fixture
def bar(qtbot: QtBot, session: Session, body: Body) -> Iterator[PlateBar]:
    """A bar that is joined with its session as in the window."""
    window = QWidget()
    qtbot.addWidget(window)
    bar = PlateBar(window)
    bar.set_body(body)
    bar.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), 1.0)
    session.view_changed.connect(lambda: bar.show_session(session))
    bar.plate_requested.connect(session.show_plate)
    bar.layer_requested.connect(session.show_layer)
    bar.side_requested.connect(session.show_side)
    bar.overlay_toggled.connect(session.toggle_overlay)
    bar.show_session(session)
    bar.resize(1600, 60)
    window.show()
    yield bar
    bar.over.panel.close()


def menu_of(bar: PlateBar) -> dict[str, list[str]]:
    """The menu of parts: a row each, with the rows of its own menu."""
    found: dict[str, list[str]] = {}
    for row in bar.part.menu().actions():
        found[row.text()] = []
    for action in bar.part._actions.values():
        above = action.parent()
        if isinstance(above, QMenu) and above is not bar.part.menu():
            found[above.title()].append(action.text())
    return found


def choose(bar: PlateBar, plate: str) -> None:
    """Take the row of a plate from the menu."""
    bar.part._actions[plate].trigger()


# --- parts of the body ------------------------------------------------------------------------------------


def test_the_menu_has_each_part_and_a_plate_of_one_side_once(bar: PlateBar) -> None:
    assert menu_of(bar) == {"Thorax and back": [], "Thigh": ["Front", "Back"], "Pelvic floor": []}


def test_the_parts_come_in_the_order_of_the_body(bar: PlateBar) -> None:
    assert [name for name in GROUPS.values() if name in menu_of(bar)] == list(menu_of(bar))


def test_the_views_of_the_whole_body_are_buttons(bar: PlateBar) -> None:
    assert list(bar.plates._buttons) == ["front", "back"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_side_picks_the_plate(bar: PlateBar, session: Session, side: str) -> None:
    session.show_side(side)  # type: ignore[arg-type]
    choose(bar, "thigh-back-left")
    assert session.state.plate == f"thigh-back-{side}"
    assert session.state.side == side
    choose(bar, "pelvic-floor")
    assert (session.state.plate, session.state.side) == ("pelvic-floor", side)


def test_with_both_sides_on_show_the_side_of_the_open_plate_stays(bar: PlateBar, session: Session) -> None:
    session.show_side("both")
    choose(bar, "thigh-back-left")
    assert session.state.plate == "thigh-back-left"
    session.show_plate("thigh-back-right")
    choose(bar, "thigh-front-left")
    assert session.state.plate == "thigh-front-right"
    assert session.state.side == "both"


def test_the_button_bears_the_title_of_the_open_plate(bar: PlateBar, session: Session) -> None:
    assert bar.part.text() == "Part of the body"
    assert not bar.part.isChecked()
    choose(bar, "thigh-front-left")
    # With another font the title may be cut on the button; whoever can't see it hears all of it.
    assert bar.part.text().startswith("Thigh, front")
    assert bar.part.accessibleName().startswith("Thigh, front, left")
    assert bar.part.isChecked()
    assert [b.isChecked() for b in bar.plates._buttons.values()] == [False, False]
    assert [key for key, row in bar.part._actions.items() if row.isChecked()] == ["thigh-front-left"]
    session.show_plate("back")
    assert bar.part.text() == "Part of the body"
    assert [b.isChecked() for b in bar.plates._buttons.values()] == [False, True]


def test_a_long_title_is_cut_on_the_button_and_whole_in_its_name(bar: PlateBar, body: Body) -> None:
    plate = replace(body.plates["thigh-front-left"], title=f"Thigh: {LONG}")
    bar.part.show_plate(plate, "left")
    assert bar.part.text().endswith("…")
    assert LONG in bar.part.accessibleName()
    assert LONG in bar.part.toolTip()


# --- the depth slider -------------------------------------------------------------------------------------


def test_a_stop_for_each_layer_with_its_word(bar: PlateBar, session: Session) -> None:
    assert bar.layers.words == ["Skin", "Superficial", "Deep"]
    assert (bar.layers.value(), bar.layers.current) == (1, "Superficial")
    session.show_layer("deep")
    assert (bar.layers.value(), bar.layers.current) == (2, "Deep")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_click_on_a_stop_opens_its_layer(bar: PlateBar, session: Session, number: int) -> None:
    session.show_layer("deep" if number != 2 else "skin")
    QTest.mouseClick(bar.layers, Qt.MouseButton.LeftButton, pos=bar.layers.stop(number).toPoint())
    assert session.state.layer == ("skin", "superficial", "deep")[number]


def test_keys_and_wheel_move_it_and_it_ends_at_the_ends(bar: PlateBar, session: Session) -> None:
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(bar.layers, key)
        seen.append(session.state.layer)
    for notch in (120, -120):
        turn = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, notch), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(bar.layers, turn)
        seen.append(session.state.layer)
    assert seen == ["deep", "deep", "skin", "skin", "deep", "superficial", "deep"]


def test_a_screen_reader_hears_the_layer(bar: PlateBar, session: Session) -> None:
    interface = QAccessible.queryAccessibleInterface(bar.layers)
    assert interface is not None
    assert interface.role() == QAccessible.Role.Slider
    session.show_layer("deep")
    assert interface.text(QAccessible.Text.Description) == "Deep, 3 of 3"


@pytest.mark.parametrize("count", range(3, 10))
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_any_number_of_layers_fits(qtbot: QtBot, body: Body, count: int, scale: float) -> None:
    """No word runs into the next; a long one gives way to its number, and the tip has it."""
    window = QWidget()
    qtbot.addWidget(window)
    slider = DepthSlider(window)
    slider.set_look(load_theme(paths.assets_dir(), "dark"), scale)
    slider.set_layers([("skin", "Skin"), *((f"l{n}", LONG) for n in range(count - 2)), ("bone", "Bones")])
    assert slider.words == ["Skin", *(str(n) for n in range(2, count)), "Bones"]
    assert slider.toolTip().count(LONG) == count - 2
    stops = [slider.stop(n).x() for n in range(count)]
    widths = slider._widths()
    for n in range(count - 1):
        assert stops[n + 1] - stops[n] > (widths[n] + widths[n + 1]) / 2
    assert stops[0] - widths[0] / 2 >= 0
    assert stops[-1] + widths[-1] / 2 <= slider.sizeHint().width() < 500 * scale
    seen = []
    for layer in slider._layers:
        slider.set_current(layer[0])
        seen.append(slider.names_current)
    assert seen == [True, *[False] * (count - 2), True]


def test_setting_the_slider_asks_for_nothing(bar: PlateBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.layer_requested):
        bar.layers.set_layers([("skin", "Skin"), ("bone", "Bones")])
        bar.layers.set_current("bone")
        bar.layers.set_current("no-such-layer")
    assert bar.layers.current == "Bones"


# --- what lies over the plate -----------------------------------------------------------------------------


def test_only_what_the_plate_has_can_be_ticked(bar: PlateBar, session: Session) -> None:
    def offered() -> set[str]:
        return {key for key, box in bar.over.boxes.items() if box.isEnabled()}

    # Hazard zones are made of nerves, among others.
    assert offered() == {"bone-outline", "nerves", "landmarks", "hazards"}
    session.show_plate("back")
    assert offered() == {"landmarks"}


def test_ticking_shows_and_hides_and_the_list_stays_open(bar: PlateBar, session: Session) -> None:
    QTest.mouseClick(bar.over, Qt.MouseButton.LeftButton)
    assert bar.over.panel.isVisible()
    box = bar.over.boxes["nerves"]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert "nerves" in session.state.overlays
    assert bar.over.panel.isVisible()
    assert (bar.over.text(), bar.over.isChecked()) == ("Show (1)", True)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert "nerves" not in session.state.overlays
    assert (bar.over.text(), bar.over.isChecked()) == ("Show", False)
    QTest.keyClick(bar.over.panel, Qt.Key.Key_Escape)
    assert not bar.over.panel.isVisible()


def test_what_is_on_but_not_on_this_plate_is_not_counted(bar: PlateBar, session: Session) -> None:
    session.toggle_overlay("nerves")
    session.show_plate("back")
    assert bar.over.boxes["nerves"].isChecked()
    assert bar.over.text() == "Show"


@pytest.mark.parametrize("theme", THEMES)
def test_a_tick_is_seen_in_every_theme(bar: PlateBar, session: Session, theme: str) -> None:
    bar.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), theme), 1.0)
    bar.over._open()
    box = bar.over.boxes["nerves"]
    before = box.grab().toImage()
    session.toggle_overlay("nerves")
    after = box.grab().toImage()
    assert before != after
    # Two colours within the box: its ground and the tick.
    inside = {after.pixelColor(x, box.height() // 2).name() for x in range(4, 14)}
    assert len(inside) > 1


def test_every_row_has_an_icon_and_a_sample(qapp: QApplication) -> None:
    icons = Icons(paths.assets_dir() / "icons")
    samples = set()
    for row in OVERLAY_ROWS:
        assert (paths.assets_dir() / "icons" / f"{row.icon}.svg").is_file()
        image = icons.pixmap(row.icon, "#ffffff", 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        samples.add(bytes(swatch(row, 15).toImage().constBits()))
    assert len(samples) == len(OVERLAY_ROWS)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [860, 1024, 1280, 1920])
def test_nothing_of_the_bar_is_cut_on_a_plate_of_many_layers(
    bar: PlateBar, session: Session, body: Body, scale: float, width: int
) -> None:
    plate: Plate = body.plates["thigh-front-left"]
    layers = tuple(Layer(f"l{n}", LONG, plate.glass, plate.glass) for n in range(8))
    bar.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), scale)
    session.show_plate("thigh-front-left")
    bar.layers.set_layers([(layer.id, layer.title) for layer in layers])
    bar.resize(width, bar._layout.heightForWidth(width))
    bar._layout.activate()
    for part in (bar.plates, bar.part, bar.layers, bar.sides, bar.over):
        assert bar.rect().contains(part.geometry()), part
        assert part.width() >= part.minimumSizeHint().width()

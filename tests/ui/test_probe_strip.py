"""The probe strip: what it lists, what it marks, what it leaves out, and what it never says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.stacked import write_stacked_body
from tests.unit.builders import build
from triggermap import paths
from triggermap.body.plates import Body, Structure, load_body
from triggermap.body.probe import CAVEAT as MODEL_CAVEAT
from triggermap.body.probe import Stratum
from triggermap.session import Session
from triggermap.state import State
from triggermap.ui.cross_section import CrossSection
from triggermap.ui.icons import Icons
from triggermap.ui.marking import Item, items_of, side_of
from triggermap.ui.probe_strip import CAVEAT, Chain, ProbeStrip, Reading, shortened
from triggermap.ui.probing import HINT, Probing
from triggermap.ui.theme import load_theme


def stratum(
    label: str, system: str = "muscles", side: str = "left", mesh: str = "", entry: float = 0.0
) -> Stratum:
    number = abs(hash((label, side, mesh))) % 60000
    structure = Structure(number, mesh or f"{system}/{label}", system, label, label, side, None, None)
    return Stratum(structure, entry, entry + 1.0)


SKIN = stratum("Skin", "skin", "mid")
LUNG = stratum("Lung zone (pleura, extended)", "computed")


# --- the list ---------------------------------------------------------------------------------------------


def test_each_structure_stands_once_in_the_order_in_which_it_is_met() -> None:
    trapezius = stratum("Trapezius")
    found = items_of([SKIN, trapezius, stratum("Rhomboid major"), trapezius, stratum("Rib 5", "skeleton")])
    assert [item.full for item in found] == ["Skin", "Trapezius", "Rhomboid major", "Rib 5"]


def test_the_skin_of_the_next_limb_is_said_again() -> None:
    assert [i.text for i in items_of([SKIN, stratum("Adductor longus"), SKIN])] == [
        "Skin",
        "Adductor longus",
        "Skin",
    ]


def test_sides_are_said_where_both_are_met_and_else_once() -> None:
    left, right = stratum("Rib 5", "skeleton"), stratum("Rib 5", "skeleton", "right")
    assert [i.text for i in items_of([SKIN, left, right])] == ["Skin", "Rib 5 (left)", "Rib 5 (right)"]
    assert side_of([SKIN, left, right]) == ""
    assert [i.text for i in items_of([SKIN, left])] == ["Skin", "Rib 5"]
    assert side_of([SKIN, left]) == "left"
    assert side_of([SKIN]) == ""


@pytest.mark.parametrize(
    ("one", "icon", "full", "grave"),
    [
        (LUNG, "lung", "Lung zone (pleura, extended)", True),
        (stratum("Lobe", "organs", mesh="organs/superior_lobe_of_left_lung"), "lung", "Lobe (lung)", True),
        (stratum("Pleura", "organs", mesh="organs/pleura"), "lung", "Pleura (lung)", True),
        (stratum("Liver", "organs"), "organ", "Liver (organ)", False),
        (stratum("Axillary nerve", "nerves"), "nerve", "Axillary nerve", False),
        (stratum("Brachial plexus", "nerves"), "nerve", "Brachial plexus (nerve)", False),
        (stratum("Aorta", "arteries"), "artery", "Aorta (artery)", False),
        (stratum("Femoral vein", "veins"), "vein", "Femoral vein", False),
        (stratum("Rib 5", "skeleton"), "", "Rib 5", False),
        (stratum("Trapezius"), "", "Trapezius", False),
    ],
)  # fmt: skip
def test_a_hazard_has_icon_and_word(one: Stratum, icon: str, full: str, grave: bool) -> None:
    (item,) = items_of([one])
    assert (item.icon, item.full, item.grave) == (icon, full, grave)
    if icon:
        assert (paths.assets_dir() / "icons" / f"{icon}.svg").is_file()


def test_what_is_left_out_in_the_middle_names_its_hazards() -> None:
    items = items_of(
        [SKIN, *(stratum(f"M {n}") for n in range(5)), stratum("Aorta", "arteries"), LUNG, stratum("Rib 5")]
    )
    short = shortened(items, 3, 1)
    assert [item.text for item in short] == ["Skin", "M 0", "M 1", "… 5 more: lung zone, artery", "Rib 5"]
    assert (short[3].icon, short[3].grave) == ("lung", True)
    assert shortened(items, len(items), 0) == list(items)


# --- the widget -------------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def strip(window: QWidget) -> ProbeStrip:
    strip = ProbeStrip(window)
    strip.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), 1.0)
    strip.resize(1280, strip.sizeHint().height())
    window.show()
    strip.show()
    return strip


@pytest.fixture
def section(window: QWidget) -> CrossSection:
    section = CrossSection(window)
    section.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), 1.0)
    return section


MANY = items_of(
    [
        SKIN,
        *(stratum(f"Muscle with a name {n}") for n in range(20)),
        LUNG,
        stratum("Rib 5", "skeleton"),
        stratum("Last"),
    ]
)


def test_a_short_list_is_shown_whole(strip: ProbeStrip) -> None:
    items = items_of([SKIN, stratum("Trapezius"), LUNG])
    strip.show_reading(Reading("Under the pointer", items))
    assert strip.chain.shown == list(items)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [860, 1024, 1280, 1920])
def test_a_long_list_fits_and_never_hides_the_lung(strip: ProbeStrip, width: int, scale: float) -> None:
    strip.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), scale)
    strip.resize(width, strip.sizeHint().height())
    strip.show_reading(Reading("Under the pointer, left", MANY))
    shown = strip.chain.shown
    places = strip.chain._placed(shown)
    assert len(places) == len(shown)
    room = strip.chain.rect()
    assert all(place.right() <= room.width() and place.bottom() <= room.height() + 1 for place in places)
    assert shown[:2] == list(MANY[:2])
    assert any("lung zone" in item.full.lower() and item.icon == "lung" and item.grave for item in shown)
    more = [item for item in shown if item.text.startswith("…")]
    hidden = int(re.findall(r"\d+", more[0].text)[0]) if more else 0
    assert len(shown) - len(more) + hidden == len(MANY)


def test_the_whole_list_is_in_the_tip_the_name_and_the_clipboard(strip: ProbeStrip) -> None:
    strip.resize(860, strip.height())
    strip.show_reading(Reading("Under the pointer, left", MANY))
    text = "Under the pointer, left: " + " > ".join(item.full for item in MANY) + f". {CAVEAT}"
    assert strip.chain.toolTip() == text
    interface = QAccessible.queryAccessibleInterface(strip)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Structures from the skin inward"
    assert interface.text(QAccessible.Text.Description) == text
    QTest.mouseClick(strip.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text


def test_the_strip_says_no_depths(strip: ProbeStrip) -> None:
    """Order alone: whatever the numbers of a stratum are, none reaches a text."""
    strip.show_reading(Reading("Under the pointer", items_of([stratum("Trapezius", entry=73.5), LUNG])))
    for text in (strip.chain.toolTip(), strip.accessibleDescription()):
        assert "73" not in text
        assert "mm" not in text


def test_the_caveat_is_always_there_and_that_of_the_model(strip: ProbeStrip) -> None:
    assert CAVEAT == MODEL_CAVEAT
    for reading in (Reading(note=HINT), Reading("Under the pointer", MANY)):
        strip.show_reading(reading)
        assert strip.caveat.isVisible()
        assert strip.caveat.text() == CAVEAT


def test_without_a_list_there_is_nothing_to_copy(strip: ProbeStrip) -> None:
    strip.show_reading(Reading(note=HINT))
    assert not strip.copy_button.isEnabled()
    assert strip.accessibleDescription() == HINT


def test_an_item_that_cannot_fit_leaves_the_count(window: QWidget) -> None:
    chain = Chain(window)
    chain.set_look(Icons(paths.assets_dir() / "icons"), load_theme(paths.assets_dir(), "dark"), 1.0)
    chain.resize(40, 50)
    chain.set_reading(
        Reading("Under the pointer", (Item("A very long name of a structure"), Item("Another")))
    )
    assert [item.text for item in chain.shown] == ["… 2 more"]


# --- which place is meant ---------------------------------------------------------------------------------


@pytest.fixture
def body(tmp_path: Path) -> Body:
    return load_body(write_stacked_body(tmp_path / "body"))


@pytest.fixture
def shown(
    strip: ProbeStrip, section: CrossSection, body: Body, qtbot: QtBot
) -> Iterator[tuple[Session, Probing, ProbeStrip]]:
    owner = QObject()
    session = Session(State("back", "superficial", "left", probe=True), owner)
    session.take_dataset(build())
    session.take_body(body)
    probing = Probing(session, strip, section, owner)
    session.view_changed.connect(probing.refresh)
    session.selection_changed.connect(probing.refresh)
    probing.refresh()
    qtbot.waitUntil(lambda: strip.reading.note == HINT)
    yield session, probing, strip
    probing.close()


def names(strip: ProbeStrip) -> list[str]:
    return [item.full for item in strip.reading.items]


def test_the_place_under_the_pointer_is_read(shown: tuple[Session, Probing, ProbeStrip]) -> None:
    _, probing, strip = shown
    probing.point_at((-50.0, 1380.0))
    assert names(strip) == ["Skin", "Trapezius, upper", "Rhomboid", "Pectoral"]
    assert strip.reading.where == "Under the pointer, left"
    probing.point_at((0.0, 1300.0))
    assert names(strip) == ["Skin", "Spine"]
    assert strip.reading.where == "Under the pointer"


def test_away_from_the_body_the_last_click_is_read(shown: tuple[Session, Probing, ProbeStrip]) -> None:
    session, probing, strip = shown
    probing.point_at((-50.0, 1380.0))
    probing.note_click()
    for away in ((175.0, 1695.0), None):
        probing.point_at(away)
        assert strip.reading.where == "Under the last click, left"
        assert names(strip)[:2] == ["Skin", "Trapezius, upper"]
    session.show_plate("front")  # it was another plate's
    assert strip.reading.note == HINT


def test_the_selected_point_goes_before_the_last_click(shown: tuple[Session, Probing, ProbeStrip]) -> None:
    session, probing, strip = shown
    probing.point_at((0.0, 1300.0))
    probing.note_click()
    probing.point_at(None)
    muscle = session.muscles["trapezius"]
    session.select_muscle("trapezius", muscle.trigger_points[0].id, turn=False)
    assert strip.reading.where.startswith(f"Under point {muscle.trigger_points[0].label}")
    assert names(strip)[0] == "Skin"
    assert any(name.startswith("Trapezius") for name in names(strip))


def test_the_strip_is_there_only_while_it_is_wanted(shown: tuple[Session, Probing, ProbeStrip]) -> None:
    session, _, strip = shown
    session.set_probe(False)
    assert strip.isHidden()
    session.set_probe(True)
    assert not strip.isHidden()


def test_a_missing_stack_is_named_and_read_once(
    strip: ProbeStrip, section: CrossSection, body: Body, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    body.stacks["z"].unlink()
    session = Session(State("back", "superficial", "left", probe=True))
    session.take_body(body)
    probing = Probing(session, strip, section, session)
    probing.refresh()
    qtbot.waitUntil(lambda: "front-back.npz" in strip.reading.note)
    assert strip.reading.items == ()
    asked: list[object] = []
    monkeypatch.setattr("triggermap.body.probe.load_stack", asked.append)
    probing.point_at((-50.0, 1380.0))
    assert asked == []
    assert "front-back.npz" in strip.reading.note
    probing.close()


def test_a_view_without_cross_section_says_so(strip: ProbeStrip, section: CrossSection, body: Body) -> None:
    below = replace(
        body.plates["front"], id="sole", toward=-body.plates["front"].up, up=body.plates["front"].toward
    )
    body.plates["sole"] = below
    session = Session(State("sole", "superficial", "left", probe=True))
    session.take_body(body)
    probing = Probing(session, strip, section, session)
    probing.refresh()
    assert "no cross-section" in strip.reading.note
    probing.close()

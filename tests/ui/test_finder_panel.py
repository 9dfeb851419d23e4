"""The finder in the window: typing, walking, taking, leaving."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtTest import QTest

from tests.ui.desk import START, Desk, contrast, pixels
from triggermap.finder.search import Hit, Index
from triggermap.ui.point_card import PointCard
from triggermap.userdata.options import THEMES, Theme

DOWN, UP, ENTER, ESCAPE = Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def finder(desk: Desk) -> Desk:
    """The window with the finder's box in focus."""
    desk.press(Qt.Key.Key_F)
    assert desk.window.finder.box.hasFocus()
    return desk


def index(desk: Desk) -> Index:
    found = desk.window.finder._index
    assert found is not None
    return found


def walk_to(desk: Desk, hit: Hit) -> None:
    """Type a result's title, and walk down to it."""
    desk.window.finder.box.clear()
    desk.type(hit.title)
    model = desk.window.finder.list.model()
    rows = [model.index(row, 0).data(Qt.ItemDataRole.UserRole + 1) for row in range(model.rowCount())]
    row = next(n for n, one in enumerate(rows) if (one.kind, one.id) == (hit.kind, hit.id))
    for _ in range(row):
        desk.press(DOWN)
    assert desk.window.finder.list.currentIndex().row() == row


def one_of(desk: Desk, kind: str, text: str) -> Hit:
    return next(hit for hit in index(desk).search(text) if hit.kind == kind)


def test_what_is_typed_is_found_as_it_is_typed(finder: Desk) -> None:
    browsed = finder.results()
    assert "Trapezius" in browsed
    assert finder.window.finder.count.text() == "Muscles and conditions"
    finder.type("serr")
    assert finder.results()[0] == "Serratus anterior"
    assert finder.current() == "Serratus anterior"
    assert finder.window.finder.count.text() == f"{len(finder.results())} found"
    finder.window.finder.box.clear()
    assert finder.results() == browsed


def test_letters_that_are_keys_are_typed(finder: Desk) -> None:
    state, look, zoom = finder.state, finder.window.look, finder.stage.mm_per_pixel
    finder.type("slvtf1234+-=0/")
    assert finder.window.finder.box.text() == "slvtf1234+-=0/"
    assert finder.state == state
    assert finder.window.look == look
    assert finder.stage.mm_per_pixel == zoom
    assert finder.window.finder.box.hasFocus()


def test_enter_takes_the_first(finder: Desk) -> None:
    finder.type("musculus soleus")
    finder.press(ENTER)
    assert finder.state.muscle == "soleus"
    assert finder.texts()[:2] == ["Soleus", "Musculus soleus"]
    # The box keeps the focus: the next word can be typed at once.
    assert finder.window.finder.box.hasFocus()


def test_enter_takes_the_first_of_what_is_browsed(finder: Desk) -> None:
    first = finder.results()[0]
    finder.press(ENTER)
    assert finder.texts()[0] == first


def test_the_arrows_walk_the_results_and_stop_at_the_ends(finder: Desk) -> None:
    finder.type("shoulder")
    results = finder.results()
    assert len(results) > 3
    assert finder.current() == results[0]
    finder.press(UP)
    assert finder.window.finder.list.currentIndex().row() == 0
    for row in (1, 2):
        finder.press(DOWN)
        assert finder.window.finder.list.currentIndex().row() == row
    finder.press(UP)
    assert finder.window.finder.list.currentIndex().row() == 1
    for _ in results:
        finder.press(DOWN)
    assert finder.window.finder.list.currentIndex().row() == len(results) - 1
    assert finder.window.finder.box.hasFocus()
    assert finder.window.finder.box.text() == "shoulder"
    assert finder.state == START


def test_enter_takes_what_was_walked_to(finder: Desk) -> None:
    finder.press(DOWN)
    finder.press(DOWN)
    wanted = finder.current()
    assert wanted == finder.results()[1]
    finder.press(ENTER)
    assert finder.texts()[0] == wanted


def test_esc_takes_the_text_first_and_then_leaves(finder: Desk) -> None:
    finder.select("soleus")
    finder.window.finder.box.setFocus()
    finder.type("trap")
    finder.press(ESCAPE)
    assert finder.window.finder.box.text() == ""
    assert finder.window.finder.box.hasFocus()
    assert finder.state.muscle == "soleus"
    finder.press(ESCAPE)
    assert finder.stage.viewport.hasFocus()
    assert finder.state.cleared() == finder.state
    finder.type("v")
    assert finder.state.plate == "left"


def test_going_back_marks_what_was_typed(finder: Desk) -> None:
    """So that the next word takes its place."""
    finder.type("soleus")
    finder.stage.viewport.setFocus()
    finder.press(Qt.Key.Key_F)
    finder.type("piri")
    assert finder.window.finder.box.text() == "piri"


def test_nothing_found_says_so(finder: Desk) -> None:
    finder.type("qqqqxyzzy")
    assert finder.results() == []
    assert "Nothing found for “qqqqxyzzy”" in finder.window.finder.count.text()
    finder.press(ENTER)
    finder.press(DOWN)
    assert finder.state == START


def test_a_click_takes_a_result(finder: Desk) -> None:
    finder.type("piriformis")
    results = finder.window.finder.list
    place = results.visualRect(results.model().index(0, 0)).center()
    QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    finder.settle()
    assert finder.state.muscle == "piriformis"


def test_a_click_takes_a_result_once(finder: Desk) -> None:
    finder.type("piriformis")
    taken: list[Hit] = []
    finder.window.finder.chosen.connect(taken.append)
    results = finder.window.finder.list
    place = results.visualRect(results.model().index(0, 0)).center()
    QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    results.setFocus()
    finder.press(ENTER)
    finder.window.finder.chosen.disconnect(taken.append)
    assert [hit.id for hit in taken] == ["piriformis", "piriformis"]


def test_a_region_opens_the_skin_of_a_plate_that_shows_it(finder: Desk) -> None:
    hit = one_of(finder, "region", "forehead")
    walk_to(finder, hit)
    finder.press(ENTER)
    assert finder.state.region == hit.id
    assert (finder.state.plate, finder.state.layer) == ("front", "skin")
    assert finder.texts()[0] == hit.title
    assert any("Trigger points that refer here".upper() in text for text in finder.texts())


def test_a_nerve_lists_its_muscles(finder: Desk) -> None:
    hit = one_of(finder, "nerve", "accessory")
    assert hit.muscles
    walk_to(finder, hit)
    finder.press(ENTER)
    assert finder.results() == [finder.session.muscles[muscle].name for muscle in hit.muscles]
    assert hit.title in finder.window.finder.count.text()
    assert finder.state == START
    finder.press(ENTER)
    assert finder.state.muscle == hit.muscles[0]


def test_a_condition_opens_its_page_with_its_muscles(finder: Desk) -> None:
    hit = one_of(finder, "condition", "Achilles tendinopathy")
    assert hit.muscles
    walk_to(finder, hit)
    finder.press(ENTER)
    assert finder.state.condition == hit.id
    assert finder.texts()[0] == hit.title
    cards = finder.dossier.findChildren(PointCard)
    names = [finder.session.muscles[muscle].name for muscle in hit.muscles]
    assert [card.accessibleName().split(":")[0] for card in cards] == names
    cards[0].click()
    assert finder.state.muscle == hit.muscles[0]
    assert finder.state.condition is None


def test_every_condition_has_a_page_that_names_all_its_muscles(finder: Desk) -> None:
    for hit in index(finder).browse():
        if hit.kind == "condition":
            finder.session.select_condition(hit.id)
            finder.settle()
            assert finder.texts()[0] == hit.title
            assert len(finder.dossier.findChildren(PointCard)) == len(hit.muscles)


def test_a_point_is_chosen_with_its_muscle(finder: Desk) -> None:
    name = finder.session.muscles["serratus-anterior"].trigger_points[0].name
    hit = one_of(finder, "point", name)
    walk_to(finder, hit)
    finder.press(ENTER)
    assert (finder.state.muscle, finder.state.point) == (hit.muscles[0], hit.point)
    assert hit.point is not None


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_lines_of_a_result_have_room(finder: Desk, scale: float) -> None:
    finder.look("dark", scale)
    results = finder.window.finder.list
    row = results.visualRect(results.model().index(0, 0))
    assert row.height() >= (15 + 13) * scale
    assert row.width() <= results.viewport().width()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("selected", [True, False])
def test_a_point_over_the_lung_is_listed_with_its_warning(finder: Desk, theme: Theme, selected: bool) -> None:
    finder.look(theme, 1.0)
    finder.window.finder.box.setFocus()
    finder.type("rhomboids 2")
    results = finder.window.finder.list
    model = results.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    row = next(one for one in rows if one.data(Qt.ItemDataRole.UserRole + 1).point == "rhomboids-2")
    said = row.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert said.startswith("Pneumothorax · trigger point 2 of Rhomboids")
    results.setCurrentIndex(row if selected else QModelIndex())
    finder.settle()
    box = results.visualRect(row)
    assert results.viewport().rect().contains(box)
    words = QRect(box.left() + 40, box.center().y(), 90, box.height() // 2 - 2)
    assert contrast(pixels(results.viewport(), words)) >= 4.5

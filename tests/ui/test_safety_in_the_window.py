"""No trigger point over the lung is ever shown without its pneumothorax warning, in any look and size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from tests.ui.desk import START, Desk, contrast, cut_labels, fully_seen, pixels, plain
from tests.ui.warned import LEAST_CONTRAST, MUSCLES, SIZES, accessible, choose, faults
from triggermap import placing
from triggermap.ui.plate_bar import overlays_of
from triggermap.userdata.options import THEMES, Theme

LINES_SEEN = 3
# Where everything that can be on show is tried: neck, shoulder, chest and back, with long and short names.
SOME = [
    ("scalenes", "scalenes-1"),
    ("trapezius", "trapezius-upper-1"),
    ("serratus-anterior", "serratus-anterior-1"),
    ("rhomboids", "rhomboids-2"),
]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_the_dataset_has_points_over_the_lung() -> None:
    """Else the tests below would hold of nothing."""
    assert {"trapezius", "serratus-anterior", "rhomboids", "infraspinatus", "pectoralis-minor"} <= {*MUSCLES}
    assert len([points for points in MUSCLES.values() if points]) > 30


def test_every_point_that_a_note_is_about_says_what_to_know(desk: Desk) -> None:
    """Unfolded, and beginning in view, in the smaller window too: for each point that a note touches."""
    desk.window.resize(1024, 700)
    for muscle, points in MUSCLES.items():
        notes = [note for note in desk.session.muscles[muscle].safety if note.hazard == "pneumothorax"]
        for point in points:
            about = [note for note in notes if not note.points or point in note.points]
            choose(desk, muscle, point)
            banner = desk.banner("pneumothorax")
            assert banner.folded == (not about)
            for note in about:
                assert note.text[:40] in plain(banner.words).replace("\n", " ")
                assert note.text in banner.accessibleDescription()
            if about:
                assert banner.words.visibleRegion().boundingRect().height() >= LINES_SEEN * 15


@pytest.mark.parametrize("muscle", MUSCLES)
def test_it_stands_first(desk: Desk, muscle: str) -> None:
    """No other warning is above it, unless one that can kill as well."""
    choose(desk, muscle)
    tops = {one.hazard.id: one.mapTo(desk.window, QPoint(0, 0)).y() for one in desk.dossier.banners}
    assert tops["pneumothorax"] == min(tops.values())
    assert desk.dossier.banners[0].hazard.id == "pneumothorax"


@pytest.mark.parametrize("muscle", MUSCLES)
def test_folding_keeps_the_name(desk: Desk, muscle: str) -> None:
    for point in MUSCLES[muscle]:
        choose(desk, muscle, point)
        banner = desk.banner("pneumothorax")
        if banner.folded:
            QTest.mouseClick(banner.fold_button, Qt.MouseButton.LeftButton)
        desk.settle()
        tall = banner.height()
        assert banner.words.isVisible()
        QTest.mouseClick(banner.fold_button, Qt.MouseButton.LeftButton)
        desk.settle()
        assert banner.folded
        assert not banner.words.isVisible()
        assert banner.height() < tall
        assert list(faults(desk, banner)) == []


def test_it_folds_and_unfolds_by_keyboard(desk: Desk) -> None:
    desk.select("trapezius")
    banner = desk.banner("pneumothorax")
    reached: list[QWidget] = []
    box = desk.window.finder.box
    box.setFocus(Qt.FocusReason.TabFocusReason)
    while banner.fold_button not in reached and len(reached) < 60:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        reached.append(focused())
    assert reached[-1] is banner.fold_button
    assert fully_seen(banner.fold_button)
    folds = [banner.folded]
    desk.press(Qt.Key.Key_Space)
    folds.append(banner.folded)
    assert banner.fold_button.accessibleName() == "Unfold the warning: Pneumothorax"
    desk.press(Qt.Key.Key_Space)
    folds.append(banner.folded)
    assert folds == [False, True, False]
    assert banner.fold_button.accessibleName() == "Fold the warning: Pneumothorax"
    assert accessible(banner.fold_button).role() != QAccessible.Role.NoRole


def test_it_cannot_be_closed(desk: Desk) -> None:
    desk.select("trapezius", "trapezius-upper-1")
    banner = desk.banner("pneumothorax")
    assert banner.findChildren(QAbstractButton) == [banner.fold_button]
    banner.fold_button.setFocus()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        desk.press(key)
        assert list(faults(desk, banner)) == []
    for place in (QPoint(3, 3), banner.name.geometry().center(), banner.rect().center()):
        for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            QTest.mouseClick(banner, button, Qt.KeyboardModifier.NoModifier, place)
            desk.settle()
            assert list(faults(desk, banner)) == []
    # Esc takes the warning away with the selection, and the points with it.
    desk.press(Qt.Key.Key_Escape)
    assert desk.state.muscle is None
    assert desk.stage.scene is not None
    assert desk.stage.scene.marks == ()


@pytest.mark.parametrize("muscle", MUSCLES)
def test_it_is_in_the_accessibility_tree(desk: Desk, muscle: str) -> None:
    choose(desk, muscle)
    banner = desk.banner("pneumothorax")
    root = accessible(desk.window)
    path = []
    one = accessible(banner)
    while one.object() is not root.object():
        path.append(one)
        above = one.parent()
        children = [above.child(n).object() for n in range(above.childCount())]
        assert one.object() in children, "a reader that walks down doesn't find it"
        one = above
    assert len(path) > 1
    assert not accessible(banner).state().invisible  # type: ignore[attr-defined]  # a bit field
    note = next(n for n in desk.session.muscles[muscle].safety if n.hazard == "pneumothorax")
    assert note.text in accessible(banner).text(QAccessible.Text.Description)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hazard", ["danger", "caution"])
def test_every_word_of_a_warning_can_be_read(desk: Desk, theme: Theme, hazard: str) -> None:
    """The notes and their marks too, measured on what is painted."""
    desk.look(theme, 1.0)
    desk.select("trapezius")
    for banner in desk.dossier.banners:
        if banner.objectName() != hazard:
            continue
        if banner.folded:
            QTest.mouseClick(banner.fold_button, Qt.MouseButton.LeftButton)
            desk.settle()
        assert contrast(pixels(banner.name)) >= LEAST_CONTRAST
        assert contrast(pixels(banner.words)) >= LEAST_CONTRAST
        assert cut_labels(banner) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_scrolls_it_away(desk: Desk, size: tuple[int, int]) -> None:
    """However the panel is scrolled, the name stays in sight."""
    desk.window.resize(*size)
    found = {}
    for muscle, points in MUSCLES.items():
        choose(desk, muscle, points[0] if points else None)
        for area in desk.dossier.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        desk.settle()
        if not fully_seen(desk.banner("pneumothorax").name):
            found[muscle] = "scrolled away"
    assert found == {}


def test_dragging_the_panel_narrow_cannot_push_it_out(desk: Desk) -> None:
    """The splitter gives the stage all that it can."""
    desk.select("trapezius", "trapezius-upper-1")
    columns = desk.window._columns
    columns.setSizes([400, 4000, 1])
    desk.settle()
    assert columns.sizes()[2] > 0
    banner = desk.banner("pneumothorax")
    assert desk.window.rect().contains(QRect(banner.mapTo(desk.window, QPoint(0, 0)), banner.size()))
    wrong = list(faults(desk, banner))
    desk.window.apply_look()
    assert wrong == []


@pytest.mark.parametrize("probe", [False, True])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_smallest_window_still_warns(desk: Desk, scale: float, probe: bool) -> None:
    desk.look("dark", scale)
    desk.session.set_probe(probe)
    desk.settle()
    desk.window.resize(desk.window.minimumSize())
    desk.settle()
    found = {}
    for muscle, points in MUSCLES.items():
        choose(desk, muscle, points[0] if points else None)
        wrong = [fault for fault in faults(desk, desk.banner("pneumothorax")) if not fault.startswith("cut")]
        if wrong:
            found[muscle] = wrong
    assert found == {}


@pytest.mark.parametrize("plate", ["front", "back", "left"])
@pytest.mark.parametrize("layer", ["skin", "superficial", "deep", "bone"])
def test_no_plate_and_no_layer_takes_it_away(desk: Desk, plate: str, layer: str) -> None:
    desk.show(f"{plate}/{layer}/both?muscle=trapezius&point=trapezius-upper-1")
    assert list(faults(desk, desk.banner("pneumothorax"))) == []


# --- modes ------------------------------------------------------------------------------------------------


def probe(desk: Desk) -> None:
    desk.session.set_probe(True)


def labels(desk: Desk) -> None:
    desk.session.show_labels(True)


def overlays(desk: Desk) -> None:
    assert desk.session.body is not None
    there = overlays_of(desk.plate, desk.session.body)
    assert len(there) > 3
    for overlay in there:
        desk.session.toggle_overlay(overlay)


def both_sides(desk: Desk) -> None:
    desk.session.show_side("both")


def full_screen(desk: Desk) -> None:
    if not desk.window.isFullScreen():
        desk.window.actions_by_id["full-screen"].trigger()
    desk.wait(desk.window.isFullScreen)


def zoomed(desk: Desk) -> None:
    for _ in range(3):
        desk.stage.zoom(1)


def searching(desk: Desk) -> None:
    desk.window.finder.box.setText("shoulder")


def a_page_and_back(desk: Desk) -> None:
    state = desk.state
    desk.session.toggle_page("safety")
    desk.settle()
    assert desk.dossier.banners == []
    assert desk.stage.scene is not None
    assert desk.stage.scene.marks == ()
    desk.session.show(state)


def everything(desk: Desk) -> None:
    for mode in (probe, labels, overlays, both_sides, searching, zoomed):
        mode(desk)


@pytest.mark.parametrize("size", [(1024, 700), (1920, 1080)])
@pytest.mark.parametrize(
    "mode",
    [probe, labels, overlays, both_sides, full_screen, zoomed, searching, a_page_and_back, everything],
    ids=lambda mode: mode.__name__,
)
def test_no_mode_takes_it_away(desk: Desk, mode: Callable[[Desk], None], size: tuple[int, int]) -> None:
    desk.window.resize(*size)
    for muscle, point in SOME[1:2] if size == (1024, 700) else SOME[2:3]:
        desk.show(START.format())
        desk.select(muscle, point)
        mode(desk)
        desk.settle()
        assert desk.session.state.point == point
        assert list(faults(desk, desk.banner("pneumothorax"))) == [], point
        assert not desk.banner("pneumothorax").folded


@pytest.mark.parametrize(("muscle", "point"), SOME)
def test_no_plate_that_shows_the_point_takes_it_away(desk: Desk, muscle: str, point: str) -> None:
    desk.select(muscle, point)
    assert desk.session.body is not None
    owner = desk.session.muscles[muscle]
    shown = 0
    for plate in desk.session.body.plates.values():
        if any(mark.selected for mark in placing.marks(plate, owner, "left", point)):
            desk.show(f"{plate.id}/{plate.layers[-1].id}/left?muscle={muscle}&point={point}")
            assert desk.stage.scene is not None
            assert any(mark.selected for mark in desk.stage.scene.marks)
            assert list(faults(desk, desk.banner("pneumothorax"))) == [], plate.id
            shown += 1
    assert shown > 1

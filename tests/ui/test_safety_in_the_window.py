"""No trigger point over the lung is ever shown without its pneumothorax warning, in any look and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from tests.ui.desk import START, Desk, contrast, cut_labels, fully_seen, pixels, plain
from triggermap import paths, placing
from triggermap.dataset.loader import load
from triggermap.ui.hazard_banner import HazardBanner
from triggermap.ui.plate_bar import overlays_of
from triggermap.userdata.options import THEMES, Theme

LEAST_CONTRAST = 4.5
LINES_SEEN = 3
MUSCLES = {
    muscle.id: [point.id for point in muscle.trigger_points]
    for muscle in load(paths.data_dir()).muscles
    if any(note.hazard == "pneumothorax" for note in muscle.safety)
}
POINTS = [(muscle, point) for muscle, points in MUSCLES.items() for point in (None, *points)]
# Where a warning stands depends on the notes that touch a point: colours are measured on one of each kind.
DISTINCT = list(
    {
        (muscle.id, tuple(point is None or not n.points or point in n.points for n in muscle.safety)): (
            muscle.id,
            point,
        )
        for muscle in load(paths.data_dir()).muscles
        if muscle.id in MUSCLES
        for point in (None, *MUSCLES[muscle.id])
    }.values()
)
SIZES = ((1024, 700), (1280, 800), (1920, 1080))
LOOKS = [(theme, size, 1.0) for theme in THEMES for size in SIZES]
LOOKS += [(theme, (1280, 800), 2.0) for theme in THEMES]
LOOKS += [("light", (1920, 1080), 2.0)]
# Where everything that can be on show is tried: neck, shoulder, chest and back, with long and short names.
SOME = [
    ("scalenes", "scalenes-1"),
    ("trapezius", "trapezius-upper-1"),
    ("serratus-anterior", "serratus-anterior-1"),
    ("rhomboids", "rhomboids-2"),
]


def faults(desk: Desk, banner: HazardBanner) -> Iterator[str]:
    """What is wrong with a warning as it stands in the window."""
    name = banner.name
    if "Pneumothorax" not in plain(name):
        yield f"it says {plain(name)!r}"
    if not fully_seen(name):
        yield f"only {name.visibleRegion().boundingRect()} of {name.rect()} is to be seen"
    if not banner.isVisible() or banner.visibleRegion().isEmpty():
        yield "the frame is hidden"
    if desk.dossier._scroll in ancestors(banner):
        yield "it stands among the points"
    if cut := cut_labels(banner):
        yield f"cut: {cut}"
    icons = [label for label in banner.findChildren(QLabel) if not label.pixmap().isNull()]
    if not any(fully_seen(icon) and len({*colors(icon)}) > 1 for icon in icons):
        yield "it has no icon"
    if (ratio := contrast(pixels(name))) < LEAST_CONTRAST:
        yield f"its contrast is {ratio:.2f}"
    if "Pneumothorax" not in accessible(banner).text(QAccessible.Text.Name):
        yield "a screen reader is not told"


def ancestors(widget: QWidget) -> list[QWidget]:
    found = []
    parent = widget.parentWidget()
    while parent is not None:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def colors(widget: QWidget) -> list[tuple[int, ...]]:
    return [tuple(color) for color in pixels(widget).reshape(-1, 3)]


def accessible(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def test_the_dataset_has_points_over_the_lung() -> None:
    """Else the tests below would hold of nothing."""
    assert {"trapezius", "serratus-anterior", "rhomboids", "infraspinatus", "pectoralis-minor"} <= {*MUSCLES}
    assert len([points for points in MUSCLES.values() if points]) > 30


@pytest.mark.parametrize(
    ("theme", "size", "scale", "probe"),
    [(*look, False) for look in LOOKS] + [(*look, True) for look in LOOKS if look[0] == "dark"],
)
def test_every_point_has_its_warning_in_view(
    desk: Desk, theme: Theme, size: tuple[int, int], scale: float, probe: bool
) -> None:
    desk.look(theme, scale)
    desk.window.resize(*size)
    desk.session.set_probe(probe)
    found: dict[str, list[str]] = {}
    with desk.unpainted():
        for muscle, point in POINTS if theme == "dark" and not probe else DISTINCT:
            desk.select(muscle, point)
            assert (desk.window.width(), desk.window.height()) == size
            wrong = list(faults(desk, desk.banner("pneumothorax")))
            if wrong:
                found[point or muscle] = wrong
    assert found == {}


def test_every_point_that_a_note_is_about_says_what_to_know(desk: Desk) -> None:
    """Unfolded, and beginning in view, in the smaller window too: for each point that a note touches."""
    desk.window.resize(1024, 700)
    for muscle, points in MUSCLES.items():
        notes = [note for note in desk.session.muscles[muscle].safety if note.hazard == "pneumothorax"]
        for point in points:
            about = [note for note in notes if not note.points or point in note.points]
            desk.select(muscle, point)
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
    desk.select(muscle)
    tops = {one.hazard.id: one.mapTo(desk.window, QPoint(0, 0)).y() for one in desk.dossier.banners}
    assert tops["pneumothorax"] == min(tops.values())
    assert desk.dossier.banners[0].hazard.id == "pneumothorax"


@pytest.mark.parametrize("muscle", MUSCLES)
def test_folding_keeps_the_name(desk: Desk, muscle: str) -> None:
    for point in MUSCLES[muscle]:
        desk.select(muscle, point)
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
    desk.select(muscle)
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
        desk.select(muscle, points[0] if points else None)
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
        desk.select(muscle, points[0] if points else None)
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

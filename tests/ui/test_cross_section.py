"""What lies here, in the real window: a click or a chosen point, its list and its drawing, in every look."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tests.ui.desk import Desk, Pixels, contrast, cut_labels, fully_seen, pixels
from triggermap.body import probe
from triggermap.body.probe import Stratum
from triggermap.ui.cross_section import CrossSection, Place
from triggermap.ui.probing import PIN_HINT
from triggermap.ui.section_rows import HEAD, NO_HAZARD, ONE_BODY, TITLE
from triggermap.userdata.options import THEMES, Theme

LEAST_CONTRAST = 4.5
ON_LUNG = "back/superficial/left?muscle=rhomboids&point=rhomboids-2&probe=1"
BACK = (60.0, 1150.0)  # plate mm: muscles, a rib, the lung zone, a nerve, a vein, the liver
THIGH = "front/superficial/left?probe=1"
LOOKS = [
    ((1024, 700), 1.0),
    ((1280, 800), 1.0),
    ((1920, 1080), 1.0),
    ((1280, 800), 1.5),
    ((1280, 800), 2.0),
]


def section(desk: Desk) -> CrossSection:
    return desk.window.section


def strata(desk: Desk, at: tuple[float, float]) -> tuple[Stratum, ...]:
    assert desk.session.body is not None
    found = probe.probe(desk.session.body, desk.plate, *at)
    assert found is not None
    return found.strata


def names(desk: Desk) -> list[str]:
    return [row.item.text for row in section(desk).drawing.rows]


def place(desk: Desk, kind: str) -> Place:
    """The first row of a kind."""
    return next(p for p in section(desk).canvas.places if p.row.kind == kind)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def whole(rect: QRectF) -> QRect:
    return rect.toAlignedRect().adjusted(1, 1, -1, -1)


def open_probe(desk: Desk, state: str = "back/superficial/left?probe=1") -> None:
    """Open the probe with nothing clicked yet."""
    desk.workspace.probing._clicked = None
    desk.show(state)
    assert section(desk).isVisible()


def near_color(image: Pixels, color: str) -> float:
    """The share of pixels that have a colour."""
    wanted = np.array([int(color[n : n + 2], 16) for n in (1, 3, 5)])
    return float((np.abs(image - wanted).max(-1) <= 6).mean())


def pin(desk: Desk) -> None:
    """Click exactly there, however coarse the pixels of a small plate are."""
    open_probe(desk)
    desk.workspace.probing.point_at(BACK)
    desk.workspace.probing.note_click()
    desk.workspace.probing.refresh()
    desk.settle()


# --- what it is of ----------------------------------------------------------------------------------------


def test_a_click_with_the_probe_open_shows_what_lies_there(desk: Desk) -> None:
    open_probe(desk)
    assert section(desk).drawing.note == PIN_HINT
    desk.click(BACK)
    at = desk.stage._pin.place
    assert at is not None
    met = strata(desk, at)
    assert names(desk) == [s.structure.label for s in met]
    assert len(met) > 10
    assert section(desk).where.text() == "The last click, right side (whole body, back)"
    drawing = section(desk).drawing.section
    assert drawing is not None
    assert [met[bar.number - 1].entry for bar in drawing.bars] == [bar.top for bar in drawing.bars]


def test_a_selected_point_shows_what_lies_there(desk: Desk) -> None:
    desk.show(ON_LUNG)
    at = desk.mark_place("rhomboids", "rhomboids-2", "left")
    assert names(desk) == [s.structure.label for s in strata(desk, at)]
    assert section(desk).where.text() == "Point 2 of Rhomboids, left side"
    assert "Lung zone (pleura, extended)" in names(desk)


def test_it_keeps_to_the_click_while_the_pointer_moves_on(desk: Desk) -> None:
    open_probe(desk)
    desk.click(BACK)
    before, chain = section(desk).drawing, desk.window.probe_strip.reading
    desk.hover((100.0, 700.0))
    desk.settle()
    assert section(desk).drawing == before
    assert desk.window.probe_strip.reading != chain
    assert desk.window.probe_strip.reading.where.startswith("Under the pointer")


def test_the_last_of_click_and_choice_holds(desk: Desk) -> None:
    open_probe(desk)
    desk.click(BACK)
    desk.select("rhomboids", "rhomboids-2")
    assert section(desk).where.text().startswith("Point 2 of Rhomboids")
    desk.click(BACK)
    assert section(desk).where.text().startswith("The last click")


def test_the_click_is_marked_on_the_plate_and_a_point_needs_no_other_mark(desk: Desk) -> None:
    open_probe(desk)
    pins = [desk.stage._pin.place]
    desk.click(BACK)
    pinned = desk.stage._pin.place
    assert pinned is not None
    assert pinned == pytest.approx(BACK, abs=3.0)
    pixel = desk.stage.widget_position(*pinned).toPoint()
    around = desk.see()[pixel.y() - 12 : pixel.y() + 13, pixel.x() - 12 : pixel.x() + 13]
    assert (around.min(-1) > 240).any()
    assert (around.max(-1) < 40).any()
    desk.select("rhomboids", "rhomboids-2")
    pins.append(desk.stage._pin.place)
    desk.click(BACK)
    desk.press(Qt.Key.Key_P)
    pins.append(desk.stage._pin.place)
    assert pins == [None, None, None]


def test_a_point_that_is_not_seen_here_is_not_mixed_up_with_an_old_click(desk: Desk) -> None:
    open_probe(desk)
    desk.click(BACK)
    desk.show("back/superficial/left?muscle=trapezius&point=trapezius-upper-1&probe=1")
    assert names(desk) == []
    assert "not seen from here" in section(desk).drawing.note


def test_another_plate_forgets_the_click(desk: Desk) -> None:
    open_probe(desk)
    desk.click(BACK)
    desk.session.show_plate("front")
    desk.session.clear()
    desk.settle()
    assert section(desk).drawing.note == PIN_HINT


def test_an_oblique_view_says_why_there_is_none(desk: Desk) -> None:
    open_probe(desk, "foot-below-left/deep/left?probe=1")
    assert section(desk).drawing.note == probe.why_not(desk.plate)
    assert not section(desk).copy_button.isEnabled()
    canvas = section(desk).canvas
    assert canvas.accessibleName() == probe.why_not(desk.plate)
    assert desk.window.finder.list.isVisible()
    assert contrast(pixels(canvas)) >= LEAST_CONTRAST


# --- folding ----------------------------------------------------------------------------------------------


def test_it_folds_to_the_strip_and_comes_back(desk: Desk) -> None:
    desk.show(ON_LUNG)
    strip = desk.window.probe_strip
    stage = desk.stage.width()
    QTest.mouseClick(section(desk).fold_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert (section(desk).isVisible(), strip.isVisible(), strip.section_button.isChecked()) == (
        False,
        True,
        False,
    )
    assert desk.stage.width() > stage
    assert desk.window.finder.list.isVisible()
    QTest.mouseClick(strip.section_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert section(desk).isVisible()
    assert section(desk).drawing.rows
    assert desk.stage.width() == stage


def test_a_key_folds_it_and_opens_it_with_the_strip(desk: Desk) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    assert not desk.state.probe
    strip = desk.window.probe_strip
    seen = []
    strip.section_button.setChecked(False)
    for _ in range(3):
        desk.press(Qt.Key.Key_P, shift)
        seen.append((desk.state.probe, strip.isVisible(), section(desk).isVisible()))
    assert seen == [(True, True, True), (True, True, False), (True, True, True)]
    desk.press(Qt.Key.Key_P)
    assert not section(desk).isVisible()


def test_the_dossier_keeps_its_width_and_height(desk: Desk) -> None:
    desk.show(ON_LUNG.replace("&probe=1", ""))
    width = desk.dossier.width()
    desk.session.set_probe(True)
    desk.settle()
    section(desk).fold_button.click()
    desk.settle()
    folded = desk.dossier.size()
    desk.window.probe_strip.section_button.click()
    desk.settle()
    assert desk.dossier.size() == folded
    assert desk.dossier.width() == width


def test_in_a_low_window_the_finders_list_comes_when_it_is_used(desk: Desk) -> None:
    desk.window.resize(1024, 700)
    desk.show(ON_LUNG)
    finder = desk.window.finder
    tall = section(desk).height()
    assert finder.box.isVisible()
    assert not finder.list.isVisible()
    desk.press(Qt.Key.Key_F)
    desk.type("soleus")
    assert finder.list.isVisible()
    assert finder.list.height() >= 3 * 44
    assert desk.current() == "Soleus"
    assert 0 < section(desk).height() < tall
    assert fully_seen(section(desk).title)
    assert fully_seen(section(desk).caveat)
    desk.stage.viewport.setFocus()
    desk.settle()
    assert not finder.list.isVisible()


# --- what it says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("size", "scale"), LOOKS)
def test_it_always_says_that_it_is_one_body_and_no_patient(
    desk: Desk, theme: Theme, size: tuple[int, int], scale: float
) -> None:
    desk.look(theme, scale)
    desk.window.resize(*size)
    desk.show(ON_LUNG)
    assert (desk.window.width(), desk.window.height()) == size
    part = section(desk)
    assert (part.title.text(), part.caveat.text()) == (HEAD, ONE_BODY)
    for end in (0, part.area.verticalScrollBar().maximum()):
        part.area.verticalScrollBar().setValue(end)
        for label in (part.title, part.caveat):
            assert fully_seen(label)
            assert contrast(pixels(label)) >= LEAST_CONTRAST
    part.area.verticalScrollBar().setValue(0)
    assert cut_labels(part) == []
    assert contrast(pixels(part.where)) >= LEAST_CONTRAST
    assert contrast(pixels(part.summary)) >= LEAST_CONTRAST
    assert part.canvas.visibleRegion().boundingRect().height() > 60


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_hazards_have_icon_word_and_colour_and_every_name_can_be_read(
    desk: Desk, theme: Theme, scale: float
) -> None:
    desk.look(theme, scale)
    pin(desk)
    canvas, colors = section(desk).canvas, desk.window.look.theme
    marked = {"lung zone": colors.danger_panel, "nerve": colors.caution_panel, "organ": colors.caution_panel}
    image = pixels(canvas)
    for one in canvas.places:
        words = whole(one.words)
        assert contrast(pixels(canvas, words)) >= LEAST_CONTRAST, one.row
        number = QRectF(one.box.left() + 2, one.box.top() + 3, 18 * scale**0.7, one.box.height() - 6)
        assert contrast(pixels(canvas, whole(number))) >= LEAST_CONTRAST, one.row
    for kind, ground in marked.items():
        one = place(desk, kind)
        # The icon stands between number and words, on the ground of the hazard.
        icon = whole(QRectF(one.words.left() - 19 * scale**0.7, one.box.top() + 2, 16, one.box.height() - 4))
        part = image[icon.top() : icon.bottom(), icon.left() : icon.right()]
        assert near_color(part, ground) > 0.3, kind
        assert contrast(part) >= 3.0, kind
        assert kind in one.row.item.full.lower()
    assert not place(desk, "muscle").row.item.icon


@pytest.mark.parametrize("theme", THEMES)
def test_the_lungs_bar_is_hatched_and_no_other_kind_looks_alike(desk: Desk, theme: Theme) -> None:
    """Told apart in greys too: what a protanope or a black-and-white print sees."""
    desk.look(theme, 1.0)
    pin(desk)
    canvas, colors = section(desk).canvas, desk.window.look.theme
    image = pixels(canvas)
    greys = image.mean(-1)
    lung, organ, muscle = (place(desk, kind).bar for kind in ("lung zone", "organ", "muscle"))
    assert lung is not None
    assert organ is not None
    assert muscle is not None

    def across(bar: QRectF) -> float:
        """How much neighbouring pixels along a row differ: broad stripes do, lines along the row don't."""
        rect = whole(bar).adjusted(3, 3, -3, -3)
        part = greys[rect.top() : rect.bottom(), rect.left() : rect.right()]
        return float(np.abs(np.diff(part[-6:], axis=1)).mean())

    rect = whole(lung).adjusted(3, 20, -3, -3)
    inside = image[rect.top() : rect.bottom(), rect.left() : rect.right()]
    assert 0.2 < near_color(inside, colors.danger_panel) < 0.8
    assert near_color(inside, colors.danger_border) > 0.1
    assert across(lung) > 4 * max(across(muscle), 0.5)
    assert across(organ) > 4 * max(across(muscle), 0.5)


@pytest.mark.parametrize("theme", THEMES)
def test_every_bar_has_an_edge_to_see(desk: Desk, theme: Theme) -> None:
    desk.look(theme, 1.0)
    pin(desk)
    canvas = section(desk).canvas
    for one in canvas.places:
        if one.bar is not None and one.bar.height() > 6:
            assert contrast(pixels(canvas, one.bar.toAlignedRect().adjusted(-2, -2, 2, 2))) >= 3.0, one.row


def test_it_is_drawn_to_one_scale(desk: Desk) -> None:
    pin(desk)
    canvas, drawing = section(desk).canvas, section(desk).drawing
    assert drawing.section is not None
    bars = {bar.number: bar for bar in drawing.section.bars}
    tops = {}
    for one in canvas.places:
        if one.row.number in bars:
            bar = bars[one.row.number]
            assert one.bar is not None
            thick = max((bar.bottom - bar.top) * canvas.per_mm, 2.0)
            assert one.bar.height() == pytest.approx(thick)
            tops[bar.top] = one.bar.top()
    low, high = min(tops), max(tops)
    assert (tops[high] - tops[low]) / (high - low) == pytest.approx(canvas.per_mm)
    # A block of the ruler is 10 mm long.
    ruler = pixels(canvas)[:, round(canvas._ruler_at) + 3].mean(-1)
    dark = ruler[10 : round(drawing.section.drawn * canvas.per_mm)] < 128
    edges = np.flatnonzero(np.diff(dark.astype(int)))
    assert np.median(np.diff(edges[edges > 0])) == pytest.approx(10 * canvas.per_mm, abs=3)


def test_names_never_overlap_and_none_is_cut(desk: Desk) -> None:
    for size, scale in LOOKS:
        desk.look("dark", scale)
        desk.window.resize(*size)
        desk.show(ON_LUNG)
        canvas = section(desk).canvas
        boxes = [one.box for one in canvas.places]
        assert len(boxes) == len(section(desk).drawing.rows)
        for above, below in pairwise(boxes):
            assert above.bottom() <= below.top() + 0.5
        room = QRectF(canvas.rect())
        assert all(room.contains(box) for box in boxes)
        for one in canvas.places:
            metrics = canvas.fontMetrics().__class__(canvas._row_font(one.row, one.words.width()))
            flags = Qt.TextFlag.TextWordWrap
            needed = metrics.boundingRect(one.words.toRect(), flags, one.row.item.full)
            assert needed.height() <= one.words.height() + 1, one.row
            assert needed.width() <= one.words.width() + 1, one.row
            assert canvas._row_font(one.row, one.words.width()).pixelSize() >= 12


def test_a_long_way_is_broken_off_and_says_so(desk: Desk) -> None:
    desk.show(ON_LUNG)
    drawing = section(desk).drawing
    assert drawing.section is not None
    assert drawing.section.broken
    canvas = section(desk).canvas
    y = round(7 + drawing.section.drawn * canvas.per_mm)
    left, right = canvas._bars_at
    # Teeth in the ground's colour bite into the bars, with an edge to see.
    torn = pixels(canvas, QRect(round(left) + 4, y - 6, round(right - left) - 8, 5))
    ground = near_color(torn, desk.window.look.theme.panel)
    assert 0.1 < ground < 0.9
    assert near_color(torn, desk.window.look.theme.text) > 0.05
    beyond = [one for one in canvas.places if one.bar is None]
    assert [one.row.number for one in beyond] == list(drawing.section.further)
    assert all(one.box.top() > y for one in beyond)
    assert contrast(pixels(canvas, whole(canvas._heading))) >= LEAST_CONTRAST
    assert contrast(pixels(canvas, whole(canvas._foot))) >= LEAST_CONTRAST


def test_where_no_hazard_is_met_it_gives_no_comfort(desk: Desk) -> None:
    open_probe(desk, THIGH)
    desk.click((100.0, 650.0))
    drawing = section(desk).drawing
    assert drawing.hazards == ()
    assert section(desk).summary.text().startswith(NO_HAZARD)
    assert "safe" not in drawing.text.lower()


def test_no_number_of_depth_is_said_anywhere(desk: Desk) -> None:
    """Millimetres belong to the ruler alone."""
    pin(desk)
    part = section(desk)
    texts = [
        part.accessibleDescription(),
        part.canvas.accessibleName(),
        part.drawing.text,
        part.summary.text(),
    ]
    texts += [one.row.spoken for one in part.canvas.places]
    for text in texts:
        assert not re.search(r"\d\s*mm|\d\.\d", text)


# --- hands, keys and readers ------------------------------------------------------------------------------


def test_the_arrows_walk_the_list_and_the_reader_is_told(desk: Desk) -> None:
    desk.show(ON_LUNG)
    canvas = section(desk).canvas
    canvas.setFocus()
    rows = section(desk).drawing.rows
    interface = QAccessible.queryAccessibleInterface(canvas)
    assert interface is not None
    told = []
    for key in [Qt.Key.Key_Home] + [Qt.Key.Key_Right, Qt.Key.Key_Down] * (len(rows) // 2 + 1):
        desk.press(key)
        told.append(interface.text(QAccessible.Text.Name))
        one = canvas.places[canvas.current]
        shown = canvas.visibleRegion().boundingRect()
        assert shown.contains(one.box.center().toPoint())
    expected = [f"{row.number} of {len(rows)}: {row.spoken}" for row in rows]
    assert list(dict.fromkeys(told)) == expected
    desk.press(Qt.Key.Key_Left)
    assert interface.text(QAccessible.Text.Name) == expected[-2]
    desk.press(Qt.Key.Key_Home)
    desk.press(Qt.Key.Key_Up)
    assert canvas.current == 0


def test_what_the_keys_have_reached_is_outlined(desk: Desk) -> None:
    desk.show(ON_LUNG)
    canvas = section(desk).canvas
    box = whole(canvas.places[1].box)
    before = pixels(canvas, box)
    canvas.setFocus()
    desk.press(Qt.Key.Key_Down)
    after = pixels(canvas, box)
    accent = desk.window.look.theme.accent
    assert near_color(before, accent) == 0
    assert near_color(after, accent) * box.height() > 1  # more than one line of it


def test_tab_reaches_it(desk: Desk) -> None:
    desk.show(ON_LUNG)
    reached: list[QWidget] = []
    desk.window.finder.box.setFocus(Qt.FocusReason.TabFocusReason)
    while focused() is not section(desk).canvas and len(reached) < 20:
        reached.append(focused())
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is section(desk).canvas
    assert {section(desk).copy_button, section(desk).fold_button} <= {*reached}


def test_the_whole_list_is_in_the_accessibility_tree(desk: Desk) -> None:
    desk.show(ON_LUNG)
    interface = QAccessible.queryAccessibleInterface(section(desk))
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == TITLE
    text = interface.text(QAccessible.Text.Description)
    assert [row.written for row in section(desk).drawing.rows] == text.splitlines()[2:-1]
    assert "[hazard: lung zone]" in text


@pytest.mark.qt_log_ignore("This plugin does not support raise")  # of the tip's window
def test_the_pointer_names_bars_and_names(desk: Desk) -> None:
    desk.show(ON_LUNG)
    canvas = section(desk).canvas
    for index, one in enumerate(canvas.places[:6]):
        assert canvas.row_at(one.box.center()) == index
    lung = next(one for one in canvas.places if one.row.kind == "lung zone")
    assert lung.bar is not None
    at = QPointF(lung.bar.center().x(), lung.bar.top() + 2).toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, canvas.mapToGlobal(at))
    QApplication.sendEvent(canvas, event)
    assert "Lung zone (pleura, extended), hazard: lung zone" in QToolTip.text()
    QToolTip.hideText()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert canvas.current == canvas.places.index(lung)
    assert canvas.row_at(QPointF(canvas.width() + 50, 10)) is None


def test_the_copy_button_copies_the_list(desk: Desk) -> None:
    desk.show(ON_LUNG)
    QTest.mouseClick(section(desk).copy_button, Qt.MouseButton.LeftButton)
    text = QApplication.clipboard().text()
    assert text == section(desk).drawing.text
    assert text.startswith(f"{TITLE}.\nPoint 2 of Rhomboids, left side.")


@pytest.mark.parametrize("size", [(1024, 700), (860, 560)])
def test_mouse_and_layout_in_a_small_window(desk: Desk, size: tuple[int, int]) -> None:
    desk.window.resize(*size)
    open_probe(desk)
    desk.click(BACK)
    part = section(desk)
    assert (desk.window.width(), desk.window.height()) == size
    assert part.drawing.rows
    for widget in (part.title, part.caveat, part.copy_button, part.fold_button, desk.window.finder.box):
        assert fully_seen(widget)
    assert part.area.viewport().height() >= 150
    assert desk.stage.width() >= 240
    bar = part.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = part.canvas.places[-1].box
    assert part.canvas.visibleRegion().boundingRect().contains(last.center().toPoint())

"""The window draws what is at risk: at a chosen point, over a whole plate, and beside a hazard's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from tests.ui.desk import Desk, Pixels, cut_labels, fully_seen, inner_place, luminance, plain
from triggermap.body.masks import seen_of
from triggermap.body.plates import IdMap
from triggermap.dataset.loader import load
from triggermap.errors import TriggermapError
from triggermap.paths import data_dir
from triggermap.ui.hazard_zones import NOT_AVAILABLE, WORDS
from triggermap.ui.point_card import PointCard
from triggermap.ui.stage import scene
from triggermap.ui.stage.zones import kind_of
from triggermap.userdata.options import THEMES, Theme

if TYPE_CHECKING:
    from triggermap.safety.risks import Advice

DATASET = load(data_dir())
LUNG = "Lung zone (pneumothorax)"
RHOMBOID = "back/superficial/left?muscle=rhomboids&point=rhomboids-2"


def advice(desk: Desk) -> Advice:
    assert desk.session.advice is not None
    return desk.session.advice


def hatched(desk: Desk) -> np.ndarray:
    """How much each pixel of the stage is changed by the hatching, names and marks left out."""
    items, names = [hatcher.item for hatcher in desk.stage._hatchers], desk.stage._zone_names
    names.hide()
    on = desk.see()
    for item in items:
        item.hide()
    off = desk.see()
    for item in (*items, names):
        item.show()
    result: np.ndarray = np.abs(on - off).max(axis=2)
    return result


def pixels_of(desk: Desk, mesh: str, overlay: str) -> np.ndarray:
    """Which pixels of the viewport show a structure of an overlay, one mm apart at least."""
    ids: IdMap = desk.plate.overlay_map(overlay)
    rows, cols = np.nonzero(ids.ids == desk.structure(mesh).id)
    assert len(rows)
    picked = slice(None, None, max(len(rows) // 20_000, 1))
    places = np.stack([cols[picked], rows[picked]], 1) @ ids.grid.affine[:, :2].T + ids.grid.affine[:, 2]
    view = desk.stage.viewport
    shown = np.zeros((view.height(), view.width()), np.bool_)
    for u, v in places:
        pixel = desk.pixel((float(u), float(v)))
        if view.rect().contains(pixel):
            shown[pixel.y(), pixel.x()] = True
    return shown


def grown(mask: np.ndarray, by: int) -> np.ndarray:
    for _ in range(by):
        wide = mask.copy()
        wide[1:] |= mask[:-1]
        wide[:-1] |= mask[1:]
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
        mask = wide
    return mask


def name_box(desk: Desk, name: str) -> QRect:
    desk.see()
    return desk.stage._zone_names.shown[name].toAlignedRect()


def near_color(image: Pixels, color: str, off: int = 24) -> np.ndarray:
    wanted = QColor(color)
    rgb = np.array([wanted.red(), wanted.green(), wanted.blue()])
    result: np.ndarray = np.abs(image - rgb).max(axis=2) <= off
    return result


def accessible_name(widget: QWidget) -> str:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found.text(QAccessible.Text.Name)


# --- what is at risk at a point ---------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_the_lung_zone_is_hatched_where_it_is(desk: Desk, theme: Theme) -> None:
    desk.look(theme, 1.0)
    desk.show(RHOMBOID)
    changed = hatched(desk)
    lung = grown(pixels_of(desk, "computed/lung_zone.l", "lung-zone"), 2)
    other = grown(pixels_of(desk, "computed/lung_zone.r", "lung-zone"), 2)
    assert (changed[lung] > 8).mean() > 0.6
    assert (changed[other & ~grown(lung, 8)] > 8).mean() < 0.02
    # It is a hatching, and no fill that hides the muscle.
    assert (changed[lung] > 60).mean() < 0.55


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layer", ["skin", "superficial"])
def test_its_lines_stand_out_on_what_lies_beneath(desk: Desk, theme: Theme, layer: str) -> None:
    desk.look(theme, 1.0)
    desk.show(f"back/{layer}/left?hazard=pneumothorax")
    u, v = inner_place(
        desk.plate.overlay_map("lung-zone").ids == desk.structure("computed/lung_zone.l").id,
        desk.plate.overlay_map("lung-zone").grid.affine,
    )
    at, image = desk.pixel((u, v)), desk.see()
    light = luminance(image[at.y() - 20 : at.y() + 20, at.x() - 15 : at.x() + 15])
    low, high = np.quantile(light, [0.15, 0.97])
    assert (high + 0.05) / (low + 0.05) >= 3.0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("state", "names"),
    [
        (RHOMBOID, {LUNG, "Dorsal scapular nerve and artery"}),
        (
            "back/superficial/left?muscle=quadratus-lumborum&point=quadratus-lumborum-1",
            {LUNG, "Kidney", "Peritoneum and bowel"},
        ),
        ("hip-back-left/superficial/left?muscle=piriformis&point=piriformis-1", {"Sciatic nerve"}),
    ],
)
def test_each_zone_is_named_in_view_and_legibly(
    desk: Desk, theme: Theme, state: str, names: set[str]
) -> None:
    desk.look(theme, 1.0)
    desk.show(state)
    image, tokens = desk.see(), desk.window.look.theme
    shown = desk.stage._zone_names.shown
    assert names <= set(shown)
    boxes = [box.toAlignedRect() for box in shown.values()]
    over = [one.geometry() for one in (desk.window.frame._caption, desk.window.frame._legend)]
    (chosen,) = [mark for mark in desk.stage.scene.marks if mark.selected]  # type: ignore[union-attr]
    cross = QRect(
        desk.pixel((chosen.u, chosen.v)) - QPoint(10, 10), desk.pixel((chosen.u, chosen.v)) + QPoint(22, 10)
    )
    for number, (name, box) in enumerate(zip(shown, boxes, strict=True)):
        assert desk.stage.viewport.rect().contains(box)
        assert not any(box.intersects(other) for other in (*over, cross, *boxes[number + 1 :]))
        part = image[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        kind = next(zone.kind for zone in desk.stage._zones[1] if zone.name == name)
        ink = near_color(part, getattr(tokens, f"hazard_{kind}"))
        halo = near_color(part, tokens.stage_panel)
        assert ink.mean() > 0.06
        assert halo.mean() > 0.06
        low, high = luminance(part[halo]).max(), luminance(part[ink]).min()
        assert (high + 0.05) / (low + 0.05) >= 4.5
    assert desk.stage._zone_names._font.pixelSize() >= 12


def test_a_name_makes_way_for_what_comes_to_lie_over_the_stage(desk: Desk) -> None:
    desk.show(RHOMBOID)
    before = name_box(desk, LUNG)
    desk.stage.set_covered([before])
    assert not name_box(desk, LUNG).intersects(before)


def test_a_name_moves_with_the_plate_and_stays_in_view(desk: Desk) -> None:
    desk.show(RHOMBOID)
    before = name_box(desk, LUNG)
    left, bottom, width, height = desk.stage.visible_rect()
    desk.stage.show_rect((left + 0.02 * width, bottom, width, height))
    assert 5 < before.left() - name_box(desk, LUNG).left() < 20
    desk.stage.show_rect((left - 0.35 * width, bottom, width, height))
    assert desk.stage.viewport.rect().contains(name_box(desk, LUNG))
    desk.stage.show_rect((left - 3.0 * width, bottom, width, height))
    desk.see()
    assert desk.stage._zone_names.shown == {}


@pytest.mark.parametrize("layer", ["skin", "superficial", "intermediate", "deep", "bone"])
def test_it_is_a_warning_on_every_layer(desk: Desk, layer: str) -> None:
    desk.show(RHOMBOID.replace("superficial", layer))
    assert name_box(desk, LUNG).isValid()
    assert (hatched(desk)[grown(pixels_of(desk, "computed/lung_zone.l", "lung-zone"), 2)] > 8).mean() > 0.6


def test_another_point_another_plate_and_nothing(desk: Desk) -> None:
    desk.show(RHOMBOID)
    assert desk.stage._hatchers[1].item.picture is not None
    desk.show("forearm-front-left/superficial/left?muscle=rhomboids&point=rhomboids-2")
    assert not (hatched(desk) > 0).any()
    desk.show("back/superficial/left?muscle=rhomboids")
    assert not any(desk.stage._zones)
    assert not (hatched(desk) > 0).any()
    desk.show(RHOMBOID)
    assert (hatched(desk) > 8).any()
    desk.press(Qt.Key.Key_Escape)
    assert not (hatched(desk) > 0).any()


def test_the_stage_answers_before_the_zones_are_drawn(desk: Desk) -> None:
    desk.show("back/superficial/left?muscle=rhomboids&point=rhomboids-1")
    desk.session.select_muscle("infraspinatus", "infraspinatus-1")
    assert [mark.point for mark in desk.stage.scene.marks if mark.selected] == ["infraspinatus-1"]  # type: ignore[union-attr]
    assert not any(desk.stage._zones)  # what was at risk at the point before is gone at once
    desk.settle()
    assert LUNG in {zone.name for zone in desk.stage._zones[1]}


def test_every_point_with_a_lung_note_shows_the_lung(desk: Desk) -> None:
    """Wherever its plate has the zone, and whether or not the straight way meets it."""
    missing = []
    with desk.unpainted():
        for muscle in DATASET.muscles:
            for point in muscle.trigger_points:
                noted = [n for n in muscle.safety if n.hazard == "pneumothorax"]
                if any(not n.points or point.id in n.points for n in noted):
                    desk.session.show(
                        desk.state.parse(f"back/superficial/left?muscle={muscle.id}&point={point.id}")
                    )
                    desk.workspace.hazard_zones.refresh(desk.stage, desk.window.look)
                    if point.only != "right" and LUNG not in {zone.name for zone in desk.stage._zones[1]}:
                        missing.append(point.id)
    assert missing == []


# --- the mark ---------------------------------------------------------------------------------------------


def red_beside(desk: Desk, muscle: str, point: str) -> int:
    """How many pixels of the warning's red stand up and left of an X."""
    at, image = desk.pixel(desk.mark_place(muscle, point, "left")), desk.see()
    part = image[at.y() - 26 : at.y(), at.x() - 26 : at.x()]
    return int(near_color(part, desk.window.look.theme.hazard_mark, 12).sum())


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("point", [None, "rhomboids-2"])
def test_an_x_over_the_lung_carries_a_warning(desk: Desk, theme: Theme, point: str | None) -> None:
    desk.look(theme, 1.0)
    desk.select("rhomboids", point)
    for each in ("rhomboids-1", "rhomboids-2", "rhomboids-3"):
        assert red_beside(desk, "rhomboids", each) > 20


def test_an_x_without_a_deadly_hazard_carries_none(desk: Desk) -> None:
    desk.select("piriformis", "piriformis-1")
    assert red_beside(desk, "piriformis", "piriformis-1") == 0


def test_hovering_a_mark_names_its_hazard(desk: Desk) -> None:
    desk.select("rhomboids", "rhomboids-2")
    desk.hover(desk.mark_place("rhomboids", "rhomboids-2", "left"))
    name = desk.session.muscles["rhomboids"].trigger_points[1].name
    assert desk.window.strip.here.text() == f"Trigger point 2 (left) · {name} · Pneumothorax"
    assert desk.stage._name.text() == "Trigger point 2 (left) · Pneumothorax"


# --- the overlay ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plate", ["front", "back", "left", "thorax-left", "hip-back-left", "forearm-front-left"]
)
def test_the_key_has_a_row_for_each_kind_on_the_plate(desk: Desk, plate: str) -> None:
    desk.show(f"{plate}/skin/left?show=hazards")
    body, hazards = desk.session.body, advice(desk).hazards_by_structure
    assert body is not None
    wanted: dict[str, set[str]] = {}
    for number in seen_of(desk.plate, body, hazards):
        wanted.setdefault(WORDS[kind_of(body.structures[number], hazards[number])], set()).add(
            hazards[number].name
        )
    buttons = desk.window.frame.hazard_buttons
    assert {button.text() for button in buttons} == set(wanted)
    assert len(buttons) == len(wanted) >= 2
    for button in buttons:
        assert fully_seen(button)
        assert not button.icon().isNull()
        said = accessible_name(button)
        menu: QMenu | None = button.menu()
        names = wanted[button.text()]
        offered = {action.text() for action in menu.actions()} if menu is not None else names
        assert offered == wanted[button.text()]
        assert all(name in said for name in offered)
    samples = [label for label in desk.window.frame._key.findChildren(QLabel) if not label.pixmap().isNull()]
    assert len(samples) >= len(wanted)
    assert cut_labels(desk.window.frame) == []


def test_every_kind_is_hatched_over_the_plate(desk: Desk) -> None:
    desk.show("back/superficial/both?show=hazards")
    changed = hatched(desk)
    for mesh, overlay in (
        ("computed/lung_zone.l", "lung-zone"),
        ("computed/lung_zone.r", "lung-zone"),
        ("organs/left_kidney.l", "organs"),
        ("nerves/sciatic_nerve.r", "nerves"),
        ("nerves/spinal_dura", "nerves"),
        ("arteries/left_popliteal_artery.l", "arteries"),
    ):
        if mesh in desk.session.body.by_mesh:  # type: ignore[union-attr]
            assert (changed[pixels_of(desk, mesh, overlay)] > 8).mean() > 0.5, mesh


def test_its_key_turns_it_on_and_off_and_the_key_goes(desk: Desk) -> None:
    shown = []
    for _ in range(2):
        desk.press(Qt.Key.Key_W)
        shown.append(("hazards" in desk.state.overlays, bool(desk.window.frame.hazard_buttons)))
    assert shown == [(True, True), (False, False)]
    assert not desk.window.frame._key.isVisible()


def lung_place(desk: Desk) -> tuple[float, float]:
    """Somewhere on the right lung zone where neither nerve nor vessel is near."""
    lung = desk.plate.overlay_map("lung-zone")
    rows, cols = np.nonzero(lung.ids == desk.structure("computed/lung_zone.r").id)
    for n in range(0, len(rows), 37):
        u, v = lung.grid.affine @ np.array([cols[n], rows[n], 1.0])
        thin = (desk.plate.overlay_map(one) for one in ("nerves", "arteries", "veins", "organs"))
        if not any(ids.near(float(u), float(v), 3.0) for ids in thin):
            return float(u), float(v)
    raise AssertionError("nothing of it is free")


def test_a_click_on_a_zone_opens_its_page_and_hovering_names_it(desk: Desk) -> None:
    desk.show("left/superficial/right?show=hazards")
    desk.show("back/superficial/both?show=hazards")
    place = lung_place(desk)
    desk.hover(place)
    assert desk.window.strip.here.text() == "Pneumothorax · Lung zone (pleura, extended) (right)"
    assert desk.stage._name.text() == "Pneumothorax"
    desk.click(place)
    assert (desk.state.hazard, desk.state.muscle, desk.state.overlays) == ("pneumothorax", None, ("hazards",))
    assert desk.texts()[0] == "Pneumothorax"
    desk.show("back/superficial/both")
    desk.click(place)
    assert desk.state.hazard is None  # without the overlay a click selects a muscle


def test_a_mark_wins_over_a_zone(desk: Desk) -> None:
    desk.show("back/superficial/both?muscle=rhomboids&show=hazards")
    desk.click(desk.mark_place("rhomboids", "rhomboids-2", "left"))
    assert (desk.state.point, desk.state.hazard) == ("rhomboids-2", None)


def test_the_key_is_reached_by_keyboard_and_opens_the_page(desk: Desk) -> None:
    desk.show("back/superficial/both?show=hazards")
    lung = next(button for button in desk.window.frame.hazard_buttons if button.text() == "Lung")
    desk.window.finder.box.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget | None] = []
    while lung not in reached and len(reached) < 80:
        QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached[-1] is lung
    assert lung.menu() is None or len(lung.menu().actions()) > 1
    if lung.menu() is None:
        desk.press(Qt.Key.Key_Space)
    else:
        lung.menu().actions()[0].trigger()
        desk.settle()
    assert desk.state.hazard == "pneumothorax"


def test_a_kind_with_several_hazards_offers_them_the_gravest_first(desk: Desk) -> None:
    desk.show("back/superficial/both?show=hazards")
    vessels = next(button for button in desk.window.frame.hazard_buttons if button.text() == "Vessels")
    names = [action.text() for action in vessels.menu().actions()]
    order = {hazard.name: hazard.severity.value for hazard in DATASET.hazards}
    ranks = [["life-threatening", "serious", "minor"].index(order[name]) for name in names]
    assert ranks == sorted(ranks)
    vessels.menu().actions()[-1].trigger()
    desk.settle()
    assert desk.session.hazard is not None
    assert desk.session.hazard.name == names[-1]


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_key_fits_any_window(desk: Desk, size: tuple[int, int], scale: float) -> None:
    desk.look("dark", scale)
    desk.window.resize(*size)
    desk.show("back/superficial/both?show=hazards")
    key = desk.window.frame._key.geometry()
    assert desk.window.frame.rect().contains(key)
    assert key.width() * key.height() < 0.25 * desk.window.frame.width() * desk.window.frame.height()
    for button in desk.window.frame.hazard_buttons:
        assert fully_seen(button)
    # Where the stage is narrow the chest is not what it hides.
    assert not key.contains(desk.pixel(lung_place(desk)))


# --- the page ---------------------------------------------------------------------------------------------


def words(desk: Desk) -> str:
    return "\n".join(plain(label) for label in desk.dossier.findChildren(QLabel))


def test_every_hazard_has_a_page_with_all_that_is_known_of_it(desk: Desk) -> None:
    wrong = {}
    for hazard in DATASET.hazards:
        desk.session.select_hazard(hazard.id)
        desk.settle()
        said = words(desk)
        wanted = [
            hazard.name,
            hazard.summary.text,
            *(fact.text for fact in hazard.facts),
            hazard.unseen or "",
        ]
        wanted += [one.question for one in hazard.disagreements]
        wanted += [position.text for one in hazard.disagreements for position in one.positions]
        noted = [m for m in DATASET.muscles if any(note.hazard == hazard.id for note in m.safety)]
        notes = [note for m in noted for note in m.safety if note.hazard == hazard.id]
        wanted += [note.text for note in notes]
        wanted += [report.text for note in notes for report in note.reports]
        missing = [text for text in wanted if text not in said]
        cards = desk.dossier.findChildren(PointCard)
        if missing or len(cards) != len(noted) or cut_labels(desk.dossier):
            wrong[hazard.id] = missing or [f"{len(cards)} cards", *cut_labels(desk.dossier)]
    assert wrong == {}


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_says_how_grave_it_is_and_draws_it(desk: Desk, theme: Theme) -> None:
    desk.look(theme, 1.0)
    desk.show("back/superficial/left?hazard=kidney")
    assert desk.texts()[:2] == ["Kidney", "Serious"]
    for mesh in ("organs/left_kidney.l", "organs/right_kidney.r"):
        assert (hatched(desk)[pixels_of(desk, mesh, "organs")] > 8).mean() > 0.6
    assert desk.stage.viewport.rect().contains(name_box(desk, "Kidney"))
    desk.show("back/superficial/left?hazard=pneumothorax")
    assert desk.texts()[:2] == ["Pneumothorax", "Can be life-threatening"]


def test_a_page_leads_to_its_muscles_by_keyboard_too(desk: Desk) -> None:
    desk.show("back/superficial/left?hazard=kidney")
    card = desk.dossier.findChildren(PointCard)[0]
    assert "a note about Kidney" in accessible_name(card)
    card.setFocus()
    desk.press(Qt.Key.Key_Space)
    assert desk.state.muscle in {m.id for m in DATASET.muscles if any(n.hazard == "kidney" for n in m.safety)}
    assert desk.state.hazard is None


def test_a_hazard_is_found_by_its_name(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F)
    desk.type("kidney")
    assert "Kidney" in desk.results()
    desk.window.finder.list.setCurrentIndex(
        desk.window.finder.list.model().index(desk.results().index("Kidney"), 0)
    )
    desk.press(Qt.Key.Key_Return)
    assert desk.state.hazard == "kidney"


def test_an_unknown_hazard_is_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(TriggermapError, match=r"There is no hazard 'kidny' in the dataset\."):
        desk.show("back/superficial/left?hazard=kidny")


# --- when safety data is lost -----------------------------------------------------------------------------


def test_lost_safety_data_marks_every_x_and_the_key_says_so(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.show("back/superficial/left?muscle=rhomboids&show=hazards")
    desk.session.note_fault("A file is damaged.")
    desk.settle()
    assert all(mark.grave for mark in desk.stage.scene.marks)  # type: ignore[union-attr]
    said = [label.text() for label in desk.window.frame._key.findChildren(QLabel) if label.isVisible()]
    assert NOT_AVAILABLE in said
    desk.show("back/superficial/left?muscle=trapezius&point=trapezius-upper-1&show=hazards")
    grave = {mark.point: mark.hazard for mark in desk.stage.scene.marks if mark.grave}  # type: ignore[union-attr]
    assert set(grave.values()) <= {"Pneumothorax", scene.NOT_AVAILABLE}


def test_what_cannot_be_read_is_a_fault_and_nothing_is_drawn(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()

    def fail(*_args: object) -> None:
        raise TriggermapError("The ways are damaged.")

    monkeypatch.setattr(type(advice(desk)), "risks", fail)
    desk.show(RHOMBOID)
    assert desk.session.faults == ("The ways are damaged.",)
    assert desk.stage._zones == ((), ())
    assert all(mark.grave for mark in desk.stage.scene.marks)  # type: ignore[union-attr]


# --- from a warning to its page, and back into view -----------------------------------------------------


def test_a_zone_thins_out_away_from_the_x_and_the_lung_does_not(desk: Desk) -> None:
    desk.show("back/superficial/left?muscle=quadratus-lumborum&point=quadratus-lumborum-1")
    desk.stage.fit()
    desk.settle()
    changed = hatched(desk)
    site = desk.stage.scene.marks[-1]  # type: ignore[union-attr]
    at = desk.pixel((site.u, site.v))
    y, x = np.mgrid[: changed.shape[0], : changed.shape[1]]
    away = np.hypot(x - at.x(), y - at.y()) * desk.stage.mm_per_pixel
    bowel = np.logical_or.reduce([pixels_of(desk, f"organs/colon~{n}", "organs") for n in (1, 2, 3, 4)])
    lung = grown(pixels_of(desk, "computed/lung_zone.l", "lung-zone"), 2)
    assert (changed[bowel & (away < 60)] > 8).mean() > 0.2
    assert (changed[bowel & (away > 125) & ~grown(lung, 8)] > 8).mean() < 0.02
    assert (changed[lung & (away > 125)] > 8).mean() > 0.5


def test_where_the_x_is_not_seen_only_what_can_kill_is_drawn(desk: Desk) -> None:
    desk.show("back/superficial/left?muscle=trapezius&point=trapezius-upper-1")
    assert not any(mark.selected for mark in desk.stage.scene.marks)  # type: ignore[union-attr]
    assert [zone.name for zone in desk.stage._zones[1]] == [LUNG]
    desk.show("left/superficial/left?muscle=trapezius&point=trapezius-upper-1")
    assert any(mark.selected for mark in desk.stage.scene.marks)  # type: ignore[union-attr]
    assert len(desk.stage._zones[1]) > 1


def test_a_warning_leads_to_the_page_of_its_hazard(desk: Desk) -> None:
    desk.select("rhomboids", "rhomboids-2")
    banner = desk.banner("pneumothorax")
    assert "About this hazard" in plain(banner.words)
    banner.words.linkActivated.emit("ref:mintken2025")
    assert desk.state.muscle == "rhomboids"
    banner.words.linkActivated.emit("hazard")
    desk.settle()
    assert desk.state.hazard == "pneumothorax"


def test_a_chosen_hazard_is_brought_into_view_unless_it_was_clicked(desk: Desk) -> None:
    desk.show("front/superficial/left?show=hazards")
    desk.stage.fit()
    desk.settle()
    whole = desk.stage.mm_per_pixel
    desk.session.select_hazard("carotid-sheath")
    desk.settle()
    near = desk.stage.mm_per_pixel
    assert near < 0.7 * whole
    assert desk.workspace.hazard_zones.place is not None
    left, bottom, width, height = desk.workspace.hazard_zones.place
    view = desk.stage.viewport.rect()
    for u, v in ((left, bottom), (left + width, bottom + height)):
        assert view.contains(desk.pixel((u, v)))
    desk.session.clear()
    desk.stage.fit()
    desk.settle()
    desk.click(lung_place(desk))
    desk.settle()
    assert desk.state.hazard == "pneumothorax"
    assert desk.stage.mm_per_pixel == pytest.approx(whole)

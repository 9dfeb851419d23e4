"""The stage in the window: pointing, clicking, zooming, and what is painted for a selection."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.ui.desk import Desk, Pixels, Place, at, is_cross, plain, redness
from triggermap import placing
from triggermap.body.plates import Structure
from triggermap.body.zones import Drawn, pattern
from triggermap.ui.point_card import PointCard
from triggermap.ui.stage import items
from triggermap.ui.stage.anchors import RING_PX

SIDES = ("left", "right")
OTHER = {"left": "right", "right": "left"}
SELECTION = np.array([0x35, 0xD0, 0xFF])


def near_color(image: Pixels, pixel: QPoint, color: np.ndarray, reach: int = 1) -> bool:
    """Whether a colour is found within a pixel or so."""
    part = image[pixel.y() - reach : pixel.y() + reach + 1, pixel.x() - reach : pixel.x() + reach + 1]
    return bool((np.abs(part - color).max(axis=-1) < 60).any())


def share_outlined(desk: Desk, image: Pixels, structure: Structure) -> float:
    """How much of a silhouette is drawn in the colour of the selection."""
    ring = desk.outline(structure)
    assert len(ring) > 20
    return sum(near_color(image, pixel, SELECTION) for pixel in ring) / len(ring)


def clear_of_marks(desk: Desk, pixel: QPoint, radius: int = 40) -> bool:
    assert desk.stage.scene is not None
    marks = [desk.pixel((mark.u, mark.v)) for mark in desk.stage.scene.marks]
    inside = desk.stage.viewport.rect().adjusted(5, 5, -5, -5).contains(pixel)
    return inside and all((pixel - mark).manhattanLength() > radius for mark in marks)


def reddest(red: NDArray[np.float64], pixel: QPoint) -> float:
    """The redness found within a pixel."""
    return float(red[pixel.y() - 1 : pixel.y() + 2, pixel.x() - 1 : pixel.x() + 2].max())


@pytest.fixture
def by_regions(desk: Desk) -> Iterator[None]:
    """The dataset without strokes: each pattern is drawn by its regions then."""
    dataset = desk.session.dataset
    assert dataset is not None
    bare = [
        muscle.model_copy(
            update={
                "trigger_points": tuple(p.model_copy(update={"shape": None}) for p in muscle.trigger_points)
            }
        )
        for muscle in dataset.muscles
    ]
    desk.session.take_dataset(dataset.model_copy(update={"muscles": tuple(bare)}))
    yield
    desk.session.take_dataset(dataset)


def scene_values(desk: Desk) -> tuple[list[int], list[int]]:
    assert desk.stage.scene is not None
    return list(desk.stage.scene.essential), list(desk.stage.scene.spillover)


def zone_pixels(desk: Desk, region: str, side: str) -> list[QPoint]:
    """Pixels well inside a region of the skin, away from marks."""
    middle = desk.pixel(desk.region_place(region, side))
    around = [middle + QPoint(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return [pixel for pixel in around if clear_of_marks(desk, pixel, 24)]


# --- the pointer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mesh", "words"),
    [("muscles/trapezius.{}.0", "Musculus trapezius"), ("muscles/gluteus_maximus.{}", "Gluteus maximus")],
)
@pytest.mark.parametrize("side", SIDES)
def test_hovering_names_a_structure_and_outlines_it(desk: Desk, mesh: str, words: str, side: str) -> None:
    structure = desk.structure(mesh.format(side[0]))
    before = desk.see()
    desk.hover(desk.open_place(structure))
    assert structure.title in desk.window.strip.here.text()
    assert words in desk.window.strip.here.text()
    assert f"({side})" in desk.window.strip.here.text()
    assert desk.stage._view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    after = desk.see()
    ring = desk.outline(structure)
    brighter = [at(after, pixel).sum() > at(before, pixel).sum() for pixel in ring]
    assert np.mean(brighter) > 0.6
    # Nothing is selected by pointing.
    assert desk.state.muscle is None
    assert desk.state.structure is None
    desk.hover((-330.0, 1600.0))
    assert desk.window.strip.here.text() == ""
    assert (desk.see() == before).all()


def test_leaving_the_stage_takes_the_name_away(desk: Desk) -> None:
    before = desk.see()
    desk.hover(desk.open_place(desk.structure("muscles/gluteus_maximus.l")))
    assert desk.window.strip.here.text()
    desk.stage.leaveEvent(QEvent(QEvent.Type.Leave))
    assert desk.window.strip.here.text() == ""
    assert (desk.see() == before).all()


def test_hovering_names_a_region_of_the_skin(desk: Desk) -> None:
    desk.show("back/skin/both")
    desk.hover(desk.region_place("buttock-lateral", "right"))
    region = desk.session.regions["buttock-lateral"]
    assert desk.window.strip.here.text() == f"{region.name} (right) · {region.clinical}"


def test_hovering_names_a_trigger_point(desk: Desk) -> None:
    desk.select("gluteus-medius")
    desk.hover(desk.mark_place("gluteus-medius", "gluteus-medius-1", "left"))
    name = desk.session.muscles["gluteus-medius"].trigger_points[0].name
    hazard = "Superior gluteal nerve and vessels"
    assert desk.window.strip.here.text() == f"Trigger point 1 (left) · {name} · {hazard}"
    assert desk.stage._name.text() == f"Trigger point 1 (left) · {hazard}"


@pytest.mark.parametrize("side", SIDES)
def test_a_click_selects_a_muscle_of_the_dataset(desk: Desk, side: str) -> None:
    structure = desk.structure(f"muscles/trapezius.{side[0]}.0")
    desk.click(desk.open_place(structure))
    assert desk.state.muscle == "trapezius"
    assert desk.texts()[0] == "Trapezius"
    assert share_outlined(desk, desk.see(), structure) > 0.6


@pytest.mark.parametrize("side", SIDES)
def test_a_click_takes_the_side_of_what_was_clicked(desk: Desk, side: str) -> None:
    desk.show(f"back/superficial/{OTHER[side]}")
    desk.click(desk.open_place(desk.structure(f"muscles/trapezius.{side[0]}.0")))
    assert (desk.state.muscle, desk.state.side) == ("trapezius", side)
    assert desk.down(desk.window.plate_bar.sides).lower() == side


def test_a_click_leaves_the_view_where_it_is(desk: Desk) -> None:
    view = desk.stage.visible_rect()
    desk.click(desk.open_place(desk.structure("muscles/trapezius.l.0")))
    assert desk.stage.visible_rect() == view


@pytest.mark.parametrize(
    ("plate", "layer", "mesh", "kind"),
    [
        pytest.param("front", "bone", "skeleton/femur.l", "Bone"),
        pytest.param("front", "bone", "skeleton/femur.r", "Bone"),
    ],
)
def test_a_click_on_what_the_dataset_does_not_describe(
    desk: Desk, plate: str, layer: str, mesh: str, kind: str
) -> None:
    desk.show(f"{plate}/{layer}/both")
    structure = desk.structure(mesh)
    before = desk.see()
    desk.click(desk.open_place(structure))
    assert (desk.state.structure, desk.state.muscle) == (mesh, None)
    texts = desk.texts()
    assert texts[0] == structure.title
    assert kind in texts[1]
    # A bone has no outline: its open parts are tinted in the colour of the selection.
    pixel = desk.pixel(desk.open_place(structure))
    then, now = (at(image, pixel).astype(int) for image in (before, desk.see()))
    assert np.abs(now - SELECTION).sum() < np.abs(then - SELECTION).sum() - 60


@pytest.mark.parametrize("mesh", ["skeleton/femur.l", "skeleton/femur.r"])
def test_a_click_on_a_bone_says_what_it_is(desk: Desk, mesh: str) -> None:
    desk.show("front/bone/both")
    desk.click(desk.open_place(desk.structure(mesh)))
    assert desk.state.structure == mesh
    assert desk.texts()[0] == desk.structure(mesh).title
    assert "Bone" in desk.dossier_text()


def test_a_click_beside_the_body_clears(desk: Desk) -> None:
    desk.select("trapezius", "trapezius-upper-1")
    desk.stage.fit()
    desk.click((-330.0, 1600.0))
    assert desk.state.cleared() == desk.state
    desk.show("back/bone/both?structure=skeleton/femur.l")
    desk.click((-330.0, 1600.0))
    assert desk.state.structure is None


def test_only_the_left_button_selects(desk: Desk) -> None:
    place = desk.pixel(desk.open_place(desk.structure("muscles/trapezius.l.0")))
    none = Qt.KeyboardModifier.NoModifier
    for button in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        QTest.mouseClick(desk.stage.viewport, button, none, place)
        desk.settle()
        assert desk.state.muscle is None


# --- zoom and pan -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("notches", [3, -1])
@pytest.mark.parametrize("place", [(-60.0, 1400.0), (120.0, 300.0)])
def test_the_wheel_zooms_at_the_pointer(desk: Desk, place: Place, notches: int) -> None:
    desk.stage.show_rect((place[0] - 300, place[1] - 280, 700, 500))
    desk.settle()
    zoom, pixel = desk.stage.mm_per_pixel, desk.pixel(place)
    desk.wheel(pixel, notches)
    assert (desk.stage.mm_per_pixel < zoom / 1.05) == (notches > 0)
    assert (desk.stage.mm_per_pixel > zoom * 1.02) == (notches < 0)
    moved = desk.pixel(place) - pixel
    assert max(abs(moved.x()), abs(moved.y())) <= 1


def test_the_wheel_stops_at_a_fingertip(desk: Desk) -> None:
    for _ in range(12):
        desk.wheel(desk.stage.viewport.rect().center(), 10)
    _, _, width, height = desk.stage.visible_rect()
    assert 29.0 < min(width, height) < 60.0


def test_a_double_click_fits(desk: Desk) -> None:
    fitted = desk.stage.visible_rect()
    desk.stage.show_rect((-100, 1200, 150, 150))
    desk.settle()
    assert desk.stage.visible_rect()[2] < fitted[2] / 2
    desk.double_click((0.0, 1280.0))
    assert desk.stage.visible_rect() == pytest.approx(fitted, abs=0.5)
    left, bottom, width, height = desk.stage.visible_rect()
    assert QRectF(left, bottom, width, height).contains(QRectF(*desk.plate.grid.rect))


def test_dragging_takes_the_body_along(desk: Desk) -> None:
    desk.stage.show_rect((-200, 1100, 400, 300))
    desk.settle()
    place, zoom = (-40.0, 1300.0), desk.stage.mm_per_pixel
    start = desk.pixel(place)
    desk.drag(start, start + QPoint(120, 60))
    moved = desk.pixel(place) - start
    assert max(abs(moved.x() - 120), abs(moved.y() - 60)) <= 2
    assert desk.stage.mm_per_pixel == pytest.approx(zoom)
    assert desk.state.muscle is None, "a drag is no click"


@pytest.mark.parametrize("query", ["", "?muscle=gluteus-medius&point=gluteus-medius-1&labels=1"])
@pytest.mark.parametrize("way", [QPoint(120, 60), QPoint(-75, 31)])
def test_a_dragged_plate_is_painted_as_if_it_had_always_stood_there(
    desk: Desk, query: str, way: QPoint
) -> None:
    """What was shifted and what came into view at the edges fit together."""
    desk.show(f"back/superficial/both{query}")
    desk.stage.show_rect((-250, 800, 500, 400))
    desk.settle()
    desk.see()
    middle = desk.stage.viewport.rect().center()
    desk.drag(middle, middle + way)
    QTest.mouseMove(desk.stage.viewport, QPoint(2, 2))  # beside the body: nothing is hovered
    dragged = desk.see()
    desk.stage._picture._frame.clear()
    assert np.abs(desk.see() - dragged).max() <= 3


def test_a_fitted_plate_stays_fitted_when_the_window_grows(desk: Desk) -> None:
    desk.window.resize(1600, 1000)
    desk.settle()
    _, bottom, _, height = desk.stage.visible_rect()
    _, low, _, tall = desk.plate.grid.rect
    assert bottom <= low
    assert tall < height < tall * 1.1
    desk.stage.show_rect((-100, 1200, 150, 150))
    desk.window.resize(1280, 800)
    desk.settle()
    assert desk.stage.visible_rect()[3] < 300, "what was zoomed by hand is left alone"


def test_a_selection_from_afar_is_brought_into_view(desk: Desk) -> None:
    desk.stage.show_rect((-100, 100, 200, 200))  # the calves
    desk.select("suboccipitals", "suboccipitals-1")
    left, bottom, width, height = desk.stage.visible_rect()
    for side in SIDES:
        assert QRectF(left, bottom, width, height).contains(
            QPointF(*desk.mark_place("suboccipitals", "suboccipitals-1", side))
        )


# --- a selected muscle ------------------------------------------------------------------------------------


def test_a_selected_muscle_is_outlined_on_its_side(desk: Desk) -> None:
    left, right = (desk.structure(f"muscles/gluteus_medius.{side}") for side in "lr")
    before = desk.see()
    assert share_outlined(desk, before, left) < 0.05
    desk.session.show(desk.state.parse("back/superficial/left?muscle=gluteus-medius"))
    desk.settle()
    desk.stage.fit()
    image = desk.see()
    assert share_outlined(desk, image, left) > 0.6
    assert share_outlined(desk, image, right) < 0.05


def inside(desk: Desk, structure: Structure) -> list[QPoint]:
    """Pixels inside a silhouette, away from its line."""
    found = []
    for ring in desk.plate.outlines.rings(structure.id):
        middle = ring.mean(axis=0)
        found += [desk.pixel(tuple(middle + (point - middle) * 0.6)) for point in ring[::3]]
    return [pixel for pixel in found if clear_of_marks(desk, pixel, 26)]


def test_a_covered_muscle_is_ghosted_through_what_covers_it(desk: Desk) -> None:
    desk.show("back/superficial/both")
    desk.stage.show_rect((-230, 780, 460, 230))
    before = desk.see()
    desk.session.select_muscle("piriformis", turn=False)
    desk.settle()
    desk.stage.show_rect((-230, 780, 460, 230))
    assert desk.stage._ghost.count == 2
    after = desk.see()
    alpha = desk.window.look.theme.veil * 0.75
    ground = QColor(desk.window.look.theme.stage)
    color = np.array([ground.red(), ground.green(), ground.blue()])
    for side in "lr":
        places = inside(desk, desk.structure(f"muscles/piriformis.{side}"))
        assert len(places) > 5
        # What the veil alone would have made of it: the muscle itself is painted over that.
        veiled = [at(before, place) * (1 - alpha) + color * alpha for place in places]
        seen = [at(after, place) for place in places]
        far = np.abs(np.array(seen) - np.array(veiled)).max(axis=1) > 18
        # Here and there a ghost has by chance the colour of what lies over it.
        assert far.mean() > 0.5
    desk.session.clear()
    desk.settle()
    desk.stage.show_rect((-230, 780, 460, 230))
    assert desk.stage._ghost.count == 0
    assert (desk.see() == before).all()


@pytest.mark.parametrize("side", SIDES)
def test_a_ghost_stands_on_the_chosen_side_alone(desk: Desk, side: str) -> None:
    desk.show(f"back/superficial/{side}?muscle=piriformis")
    assert desk.stage._ghost.count == 1
    rect = desk.stage._ghost.boundingRect()
    assert (rect.center().x() < 0) == (side == "left")  # on the back plate the left is on the left


def test_a_muscle_that_lies_open_is_not_ghosted(desk: Desk) -> None:
    before = desk.see()
    desk.session.select_muscle("trapezius", turn=False)
    desk.settle()
    desk.stage.fit()
    assert desk.stage._ghost.count == 0
    far = desk.pixel(desk.open_place(desk.structure("muscles/gluteus_maximus.l")))
    assert (at(desk.see(), far) == at(before, far)).all(), "nothing is veiled either"


# --- trigger points and their patterns --------------------------------------------------------------------

MUSCLE, POINT = "gluteus-medius", "gluteus-medius-1"
ESSENTIAL = ("sacroiliac", "iliac-crest-posterior")


def frame_pelvis(desk: Desk) -> None:
    """The muscle and its pattern on both sides, near enough to count dots."""
    desk.stage.show_rect((-260, 800, 520, 330))
    desk.settle()


def cards(desk: Desk) -> list[PointCard]:
    return [card for card in desk.dossier.findChildren(PointCard) if card.isVisible()]


def choose_card(desk: Desk, words: str) -> None:
    (card,) = [card for card in cards(desk) if card.accessibleName().startswith(words)]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    desk.settle()


@pytest.fixture(params=["left", "right", "both"])
def sided(desk: Desk, by_regions: None, request: pytest.FixtureRequest) -> tuple[Desk, tuple[str, ...]]:
    """A muscle shown on one side or on both, with the sides on which its points stand."""
    desk.show(f"back/superficial/{request.param}?muscle={MUSCLE}")
    return desk, SIDES if request.param == "both" else (request.param,)


def check_pattern(desk: Desk, before: Pixels, sides: tuple[str, ...]) -> None:
    """X, essential zone and spillover stand on ``sides`` and nowhere else."""
    image = desk.see()
    red, was = redness(image), redness(before)
    for side in SIDES:
        assert is_cross(image, desk.pixel(desk.mark_place(MUSCLE, POINT, side))) == (side in sides)
        for region in ESSENTIAL:
            places = zone_pixels(desk, region, side)
            assert places
            gained = np.array([red[p.y(), p.x()] - was[p.y(), p.x()] for p in places])
            if side in sides:
                assert (gained > 40).all(), (region, side)
            else:
                assert (gained < 20).all(), (region, side)
    essential, spillover = scene_values(desk)
    assert essential
    assert spillover
    shown = pattern(desk.plate.regions, desk.plate.dots, essential, spillover)
    assert len(shown.dots) > 50
    stippled = [
        p for p in (desk.pixel((float(u), float(v))) for u, v in shown.dots) if clear_of_marks(desk, p)
    ]
    assert len(stippled) > 25
    # Some are left out where they stand too near for a pixel.
    assert np.mean([reddest(red, pixel) > 90 for pixel in stippled]) > 0.4
    assert np.mean([reddest(was, pixel) > 90 for pixel in stippled]) < 0.25
    assert {np.sign(-u) for u, _ in shown.dots} == {{"left": 1, "right": -1}[side] for side in sides}


def test_a_point_chosen_in_the_dossier_is_drawn(sided: tuple[Desk, tuple[str, ...]]) -> None:
    desk, sides = sided
    frame_pelvis(desk)
    before = desk.see()
    choose_card(desk, "Trigger point 1,")
    assert (desk.state.muscle, desk.state.point, desk.state.plate) == (MUSCLE, POINT, "back")
    frame_pelvis(desk)
    check_pattern(desk, before, sides)
    assert [card.isChecked() for card in cards(desk)] == [True, False, False, False]


def test_a_point_clicked_on_the_stage_is_drawn(sided: tuple[Desk, tuple[str, ...]]) -> None:
    desk, sides = sided
    frame_pelvis(desk)
    desk.settle()
    before = desk.see()
    for side in sides:
        assert is_cross(before, desk.pixel(desk.mark_place(MUSCLE, POINT, side)))
    desk.click(desk.mark_place(MUSCLE, POINT, sides[-1]))
    assert (desk.state.muscle, desk.state.point) == (MUSCLE, POINT)
    check_pattern(desk, before, sides)


def test_the_right_is_the_mirror_of_the_left(desk: Desk) -> None:
    desk.show(f"back/superficial/both?muscle={MUSCLE}&point={POINT}")
    left, right = (desk.mark_place(MUSCLE, POINT, side) for side in SIDES)
    assert left == pytest.approx((-right[0], right[1]))
    assert left[0] < 0
    assert desk.stage.scene is not None
    marks = {(m.point, m.side): (m.u, m.v) for m in desk.stage.scene.marks}
    for (point, side), (u, v) in marks.items():
        assert marks[point, OTHER[side]] == pytest.approx((-u, v))


@pytest.mark.usefixtures("by_regions")
def test_spillover_is_stippled_and_essential_is_solid(desk: Desk) -> None:
    """Never told apart by colour alone."""
    desk.show(f"back/skin/left?muscle={MUSCLE}")
    frame_pelvis(desk)
    before = redness(desk.see())
    desk.show(f"back/skin/left?muscle={MUSCLE}&point={POINT}")
    frame_pelvis(desk)
    gained = redness(desk.see()) - before
    essential, spillover = scene_values(desk)
    ids = desk.plate.regions
    filled = {}
    for name, values in (("essential", essential), ("spillover", spillover)):
        rows, cols = np.nonzero(np.isin(ids.ids, values))
        step = max(len(rows) // 4000, 1)
        uv = ids.grid.affine @ np.stack([cols[::step], rows[::step], np.ones(len(rows[::step]))])
        places = [desk.pixel((float(u), float(v))) for u, v in uv.T]
        values_there = [gained[p.y(), p.x()] > 40 for p in places if clear_of_marks(desk, p)]
        assert len(values_there) > 200
        filled[name] = float(np.mean(values_there))
    assert filled["essential"] > 0.75
    assert 0.04 < filled["spillover"] < 0.6


@pytest.mark.parametrize("side", ["left", "right"])
def test_strokes_are_drawn_on_the_side_of_the_point(desk: Desk, side: str) -> None:
    desk.show(f"back/skin/{side}?muscle=latissimus-dorsi")
    desk.stage.show_rect((-250, 1150, 500, 350))
    desk.settle()
    before = redness(desk.see())
    desk.show(f"back/skin/{side}?muscle=latissimus-dorsi&point=latissimus-dorsi-1")
    desk.stage.show_rect((-250, 1150, 500, 350))
    desk.settle()
    gained = redness(desk.see()) - before
    scene = desk.stage.scene
    assert scene is not None
    assert scene.essential_lines
    assert not scene.essential
    for line in scene.essential_lines:
        for x, y, _ in line.corners:
            pixel = desk.pixel((-x, y))
            if clear_of_marks(desk, pixel) and desk.stage.viewport.rect().contains(pixel):
                other = desk.pixel((x, y))
                assert gained[pixel.y(), pixel.x()] > 40
                assert gained[other.y(), other.x()] < 20


@pytest.mark.usefixtures("by_regions")
@pytest.mark.parametrize("layer", ["skin", "superficial", "deep", "bone"])
def test_a_pattern_is_drawn_on_every_layer(desk: Desk, layer: str) -> None:
    desk.show(f"back/{layer}/left?muscle={MUSCLE}")
    frame_pelvis(desk)
    before = desk.see()
    desk.show(f"back/{layer}/left?muscle={MUSCLE}&point={POINT}")
    frame_pelvis(desk)
    check_pattern(desk, before, ("left",))


def test_the_pattern_goes_with_the_selection(desk: Desk) -> None:
    desk.stage.fit()
    before = desk.see()
    desk.select(MUSCLE, POINT)
    desk.press(Qt.Key.Key_Escape)
    desk.stage.fit()
    assert (desk.see() == before).all()
    assert desk.window.frame._legend.isHidden()


def test_a_deep_region_is_named_on_the_plate(desk: Desk) -> None:
    desk.show("left/superficial/left?muscle=sternocleidomastoid")
    desk.stage.fit()
    desk.settle()
    desk.select("sternocleidomastoid", "sternocleidomastoid-clavicular-2")
    assert desk.stage.scene is not None
    names = [anchor.name for anchor in desk.stage.scene.anchors]
    assert desk.session.regions["ear-deep"].name in names
    anchor = desk.stage.scene.anchors[0]
    place = desk.pixel((anchor.u, anchor.v))
    image = desk.see()
    reach = round(RING_PX)
    ring = [at(image, place, dx, dy) for dx, dy in ((reach, 0), (-reach, 0), (0, reach), (0, -reach))]
    assert sum(bool(color[0] - color[1:].mean() > 60) for color in ring) >= 3
    icon = [at(image, place, dx, dy) for dx in range(-9, 10) for dy in range(-9, 10)]
    assert sum(bool(color.min() > 200) for color in icon) > 20


# --- other plates -----------------------------------------------------------------------------------------


def test_a_point_that_the_open_plate_hides_turns_to_one_that_shows_it(desk: Desk) -> None:
    desk.show("front/superficial/left?muscle=infraspinatus")
    choose_card(desk, "Trigger point 1,")
    assert desk.state.plate == "back"
    assert desk.down(desk.window.plate_bar.plates) == "Back"
    place = desk.pixel(desk.mark_place("infraspinatus", "infraspinatus-1", "left"))
    assert desk.stage.viewport.rect().contains(place)
    assert is_cross(desk.see(), place)


def test_a_point_that_the_open_plate_shows_leaves_it_open(desk: Desk) -> None:
    desk.show("left/superficial/left?muscle=gluteus-medius")
    choose_card(desk, "Trigger point 1,")
    assert desk.state.plate == "left"


def legend_buttons(desk: Desk) -> list[QPushButton]:
    return [b for b in desk.window.frame.findChildren(QPushButton) if b.isVisible()]


@pytest.mark.parametrize("point", ["infraspinatus-1", "trapezius-upper-1", "soleus-3"])
def test_the_legend_offers_the_other_plates_of_a_pattern(desk: Desk, point: str) -> None:
    muscle = point.split("-", maxsplit=1)[0]
    desk.select(muscle, point)
    home = desk.state
    offered = [button.text() for button in legend_buttons(desk)]
    assert 0 < len(offered) <= placing.MOST_PLATES
    assert word_on_button(desk) not in offered
    for word in offered:
        desk.session.show(home)
        desk.settle()
        (button,) = [b for b in legend_buttons(desk) if b.text() == word]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        desk.settle()
        assert (desk.state.muscle, desk.state.point) == (muscle, point)
        assert desk.state.plate != home.plate
        assert word_on_button(desk) == word
        scene = desk.stage.scene
        assert scene is not None
        drawn = Drawn(desk.plate, scene.essential_lines, scene.spillover_lines, scene.own)
        shown = pattern(desk.plate.regions, desk.plate.dots, *scene_values(desk), drawn)
        assert shown.alpha.any() or len(shown.dots) or any(m.selected for m in scene.marks)


def word_on_button(desk: Desk) -> str:
    """How the open plate is offered: a view of the whole body by its word, a part by its title."""
    return desk.plate.short if desk.plate.group == "whole" else desk.plate.title


def test_a_narrow_stage_offers_the_other_plates_in_a_menu(desk: Desk) -> None:
    desk.window.resize(1024, 700)
    desk.select("infraspinatus", "infraspinatus-1")
    (button,) = legend_buttons(desk)
    menu = button.menu()
    offered = [action.text() for action in menu.actions()]
    assert 1 < len(offered) <= placing.MOST_PLATES
    menu.actions()[-1].trigger()
    desk.settle()
    assert word_on_button(desk) == offered[-1]
    desk.window.resize(1920, 1080)
    desk.settle()
    assert len(legend_buttons(desk)) > 1


def test_the_legend_says_what_is_drawn(desk: Desk) -> None:
    desk.select("trapezius", "trapezius-upper-1")
    frame = desk.window.frame
    assert frame._legend.isVisible()
    text = plain(frame._legend_text)
    name = desk.session.muscles["trapezius"].name
    assert name in text
    for words in ("trigger point", "essential zone", "spillover zone", "No fixed referral location"):
        assert words in text
    assert frame.rect().contains(frame._legend.geometry())


# --- pain regions -----------------------------------------------------------------------------------------


def test_a_click_on_the_skin_lists_what_refers_there(desk: Desk) -> None:
    desk.show("back/skin/both")
    before = desk.see()
    place = desk.region_place("buttock-lateral", "left")
    desk.click(place)
    assert desk.state.region == "buttock-lateral"
    region = desk.session.regions["buttock-lateral"]
    assert desk.texts()[:2] == [region.name, region.clinical]
    dataset = desk.session.dataset
    assert dataset is not None
    wanted = {
        f"{muscle.name}, {point.name}: {word}"
        for muscle in dataset.muscles
        for point in muscle.trigger_points
        for word, zones in (("Essential zone", point.essential), ("Spillover zone", point.spillover))
        if any(zone.region == region.id for zone in zones)
    }
    assert {card.accessibleName() for card in cards(desk)} == wanted
    assert len(wanted) >= 3
    for side in SIDES:
        pixel = desk.pixel(desk.region_place("buttock-lateral", side))
        change = at(desk.see(), pixel) - at(before, pixel)
        assert change[2] - change[0] > 40, "it is tinted in the colour of the selection"
    QTest.mouseClick(cards(desk)[0], Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.state.point is not None
    assert desk.state.region is None


def test_a_region_that_nothing_refers_to_says_so(desk: Desk) -> None:
    dataset = desk.session.dataset
    assert dataset is not None
    bare = dataset.model_copy(update={"muscles": dataset.muscles[:1]})
    desk.session.take_dataset(bare)
    try:
        desk.show("back/skin/both?region=vertex")
        assert "None is documented in this dataset." in desk.texts()
        assert cards(desk) == []
    finally:
        desk.session.take_dataset(dataset)


# --- names on the plate -----------------------------------------------------------------------------------


@pytest.mark.parametrize("plate", ["front", "back", "left"])
@pytest.mark.parametrize("layer", ["superficial", "deep", "bone"])
def test_names_stand_on_the_plate_and_none_on_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, plate: str, layer: str
) -> None:
    boxes: list[QRectF] = []
    names: list[str] = []
    paint = items.halo_text

    def record(painter: QPainter, place: QPointF, text: str, ink: QColor, halo: QColor) -> None:
        metrics = QFontMetricsF(painter.font())
        boxes.append(
            QRectF(place.x(), place.y() - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height())
        )
        names.append(text)
        paint(painter, place, text, ink, halo)

    desk.show(f"{plate}/{layer}/both")
    before = desk.see()
    desk.show(f"{plate}/{layer}/both?labels=1")
    monkeypatch.setattr(items, "halo_text", record)
    for _ in range(2):
        boxes.clear()
        names.clear()
        image = desk.see()
        assert len(boxes) >= 4
        assert (image != before).any()
        view = QRectF(desk.stage.viewport.rect())
        assert all(view.contains(box) for box in boxes)
        hits = [(names[i], names[j]) for i, a in enumerate(boxes) for j, b in enumerate(boxes[:i])
                if a.intersects(b)]  # fmt: skip
        assert hits == []
        desk.stage.show_rect((-150, 1150, 300, 300))  # and once more from near
    desk.type("l")
    desk.stage.fit()
    assert (np.abs(desk.see() - before) > 20).mean() < 0.001


def test_no_names_on_the_skin(desk: Desk) -> None:
    desk.show("back/skin/both")
    before = desk.see()
    desk.show("back/skin/both?labels=1")
    assert (desk.see() == before).all()

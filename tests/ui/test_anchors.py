"""Signs of deep regions: icon, ring and name; none over another, none on a trigger point."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from tests.bodies import make_body
from triggermap import paths
from triggermap.body.hit import Mark
from triggermap.body.plates import Body
from triggermap.ui.icons import Icons
from triggermap.ui.stage.anchors import RING_PX, AnchorsItem, Sign, arranged
from triggermap.ui.stage.scene import Anchor, Scene
from triggermap.ui.stage.stage import Stage
from triggermap.ui.theme import load_theme

VIEW = QRectF(0, 0, 800, 600)
NAME = (100.0, 16.0)
SIZE = 200
MIDDLE = SIZE // 2
INK, RING, HALO = "#ffffff", "#ff0000", "#000000"

spots = st.builds(QPointF, st.floats(300, 400), st.floats(250, 350))


def signs(places: list[QPointF], crosses: list[QPointF] | None = None, scale: float = 1.0) -> list[Sign]:
    return arranged(places, [NAME] * len(places), crosses or [], VIEW, scale)


def named(sign: Sign) -> QRectF:
    assert sign.name is not None
    return sign.name


# --- places -----------------------------------------------------------------------------------------------


def test_a_sign_alone_stands_at_its_place_with_its_name_on_the_right() -> None:
    (sign,) = signs([QPointF(300, 200)])
    assert sign.at == QPointF(300, 200)
    assert named(sign).left() > 300 + RING_PX
    assert named(sign).center().y() == 200
    assert named(sign).size().toTuple() == NAME


@pytest.mark.parametrize(
    ("place", "beside"), [((780, 300), (-1, 0)), ((20, 300), (1, 0)), ((790, 20), (-1, 0))]
)
def test_a_name_stays_in_view(place: tuple[float, float], beside: tuple[int, int]) -> None:
    (sign,) = signs([QPointF(*place)])
    assert VIEW.contains(named(sign))
    away = named(sign).center() - sign.at
    assert (np.sign(away.x()), np.sign(away.y())) == beside


def test_a_name_that_fits_on_neither_side_stands_below() -> None:
    (sign,) = arranged([QPointF(75, 300)], [NAME], [], QRectF(0, 0, 150, 600), 1.0)
    assert named(sign).top() > 300 + RING_PX
    assert named(sign).center().x() == 75


def test_the_pair_of_a_midline_stands_apart_alike() -> None:
    left, right = signs([QPointF(345, 300), QPointF(355, 300)])
    assert right.at.x() - left.at.x() >= 2 * RING_PX
    assert left.at.x() + right.at.x() == pytest.approx(700)
    assert left.at.y() == right.at.y() == 300
    # The names stand outside.
    assert named(left).right() < left.at.x()
    assert named(right).left() > right.at.x()


@given(st.lists(spots, min_size=2, max_size=6), st.sampled_from([1.0, 1.2, 1.4]))
def test_no_two_signs_overlap(places: list[QPointF], scale: float) -> None:
    made = signs(places, scale=scale)
    for one, other in combinations(made, 2):
        assert QLineF(one.at, other.at).length() > 2 * RING_PX * scale
    boxes = [sign.name for sign in made if sign.name is not None]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    for box, sign in product(boxes, made):
        near = QPointF(
            min(max(sign.at.x(), box.left()), box.right()), min(max(sign.at.y(), box.top()), box.bottom())
        )
        assert QLineF(near, sign.at).length() >= RING_PX * scale


@given(spots, spots)
def test_a_sign_leaves_the_cross_of_a_trigger_point_free(place: QPointF, cross: QPointF) -> None:
    (sign,) = signs([place], [cross])
    assert QLineF(sign.at, cross).length() > RING_PX + 8.5  # half the width of a cross that is selected
    assert not named(sign).contains(cross)


def test_signs_at_one_place_are_all_there() -> None:
    made = signs([QPointF(350, 300)] * 4)
    assert len({sign.at.toTuple() for sign in made}) == 4


def test_a_name_without_room_is_left_out() -> None:
    places = [QPointF(x, y) for x in (300, 340, 380) for y in (260, 300, 340)]
    inner = signs(places)[4]
    assert inner.at == QPointF(340, 300)
    assert inner.name is None


# --- painting ---------------------------------------------------------------------------------------------


TOOTH = Anchor("Tooth", "tooth", MIDDLE, MIDDLE, essential=True)


def painted(anchor: Anchor, marks: tuple[Mark, ...] = (), icons: Path | None = None) -> np.ndarray:
    """The item over a grey ground, 1 px for 1 mm: (height, width, 3), red first."""
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    folder = icons or paths.assets_dir() / "icons"
    item = AnchorsItem(0, Icons(folder), QColor(RING), QColor(INK), QColor(HALO))
    item.set_anchors((anchor,), marks, QFont(), 1.0)
    painter = QPainter(image)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE, SIZE, 4)
    return pixels[..., 2::-1].astype(np.int16)


def is_red(pixels: np.ndarray) -> np.ndarray:
    red: np.ndarray = (pixels[..., 0] > 180) & (pixels[..., 1] < 90)
    return red


def ring(pixels: np.ndarray) -> float:
    """The share of a ring round the middle that is in its colour."""
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    x = np.floor(MIDDLE + RING_PX * np.cos(angles)).astype(int)
    y = np.floor(MIDDLE + RING_PX * np.sin(angles)).astype(int)
    return float(is_red(pixels[y, x]).mean())


def icon(pixels: np.ndarray) -> np.ndarray:
    """Where the icon in the ring is drawn."""
    reach = int(RING_PX / 2**0.5)
    part = slice(MIDDLE - reach, MIDDLE + reach)
    ink: np.ndarray = pixels[part, part].min(2) > 200
    return ink


def test_an_essential_ring_is_solid_and_a_spillover_ring_dashed(qtbot: QtBot) -> None:
    assert ring(painted(TOOTH)) > 0.95
    assert 0.3 < ring(painted(replace(TOOTH, essential=False))) < 0.7


def test_the_icon_is_that_of_the_region(qtbot: QtBot) -> None:
    tooth, eye = (icon(painted(replace(TOOTH, icon=name))) for name in ("tooth", "eye"))
    assert min(tooth.sum(), eye.sum()) > 20
    assert (tooth != eye).sum() > 20


def test_without_its_icon_a_region_has_its_ring_and_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    pixels = painted(TOOTH, icons=tmp_path)
    assert ring(pixels) > 0.95
    assert not icon(pixels).any()
    beside = pixels[MIDDLE - 8 : MIDDLE + 8, MIDDLE + int(RING_PX) + 4 :]
    assert (beside.min(2) > 200).any()


def test_what_lies_under_a_ring_shows_through(qtbot: QtBot) -> None:
    """From afar it can cover all of an essential zone."""
    inside = painted(TOOTH)[MIDDLE, MIDDLE - int(RING_PX) + 4]
    assert (inside > 40).all()


def test_a_sign_that_left_its_place_has_a_line_to_it(qtbot: QtBot) -> None:
    mark = Mark("p", "left", "1", MIDDLE - 4.0, MIDDLE, True)
    pixels = painted(TOOTH, (mark,))
    assert is_red(pixels[MIDDLE, MIDDLE])
    assert ring(pixels) < 0.3
    assert is_red(pixels[MIDDLE - 1 : MIDDLE + 1, MIDDLE : MIDDLE + 9]).any(0).all()


# --- on the stage -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture
def stage(qtbot: QtBot, body: Body) -> Stage:
    made = Stage(body, load_theme(paths.assets_dir(), "dark"), Icons(paths.assets_dir() / "icons"))
    qtbot.addWidget(made)
    made.resize(500, 500)
    made.show()
    return made


LONE = Anchor("Behind the eye", "eye", 30.0, 1600.0, essential=True)


@pytest.mark.parametrize(
    "scene",
    [Scene("front", "skin", anchors=(LONE,)), Scene("front", "skin", region_anchors=(LONE,))],
    ids=["pattern", "region"],
)
def test_deep_regions_alone_are_brought_into_view(stage: Stage, body: Body, scene: Scene) -> None:
    left, bottom, width, height = body.plates["front"].grid.rect
    stage.show_scene(scene)
    stage.show_rect((left, bottom, width * 0.1, height * 0.1))
    assert not QRectF(*stage.visible_rect()).contains(LONE.u, LONE.v)
    stage.frame_selection()
    assert QRectF(*stage.visible_rect()).contains(LONE.u, LONE.v)

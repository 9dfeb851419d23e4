"""What lies over a plate beside pictures: landmarks with names, and selected nerves or organs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from pytestqt.qtbot import QtBot

from tests.bodies import make_body
from triggermap import paths
from triggermap.body.hit import Target
from triggermap.body.plates import Body
from triggermap.errors import TriggermapError
from triggermap.ui.icons import Icons
from triggermap.ui.stage import overlays
from triggermap.ui.stage.overlays import Landmarks, map_with, named, tip_of
from triggermap.ui.stage.scene import Scene
from triggermap.ui.stage.stage import Stage
from triggermap.ui.theme import load_theme

THREAD = (165.0, 1300.0)  # plate mm, on the front


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"), "computed")


@pytest.fixture
def show(qtbot: QtBot, body: Body) -> Callable[[Scene], Stage]:
    stage = Stage(body, load_theme(paths.assets_dir(), "dark"), Icons(paths.assets_dir() / "icons"))
    qtbot.addWidget(stage)
    stage.resize(700, 500)
    stage.show()

    def show(scene: Scene) -> Stage:
        stage.show_scene(scene)
        qtbot.waitUntil(lambda: stage.settled)
        return stage

    return show


# --- names of landmarks -----------------------------------------------------------------------------------


HIGH = 10.0


def boxes(points: list[tuple[float, float]], width: float, scale: float) -> list[QRectF | None]:
    """Where names of one width stand (px), None where there is no room."""
    found: list[QRectF | None] = []
    for (x, y), side in zip(points, named(points, [width] * len(points), HIGH, scale), strict=True):
        left = x + 6 * scale if side > 0 else x - 6 * scale - width
        found.append(QRectF(left, y - HIGH / 2, width, HIGH) if side else None)
    return found


def test_a_name_stands_right_of_its_spot_or_left_where_there_is_another() -> None:
    assert named([(100.0, 100.0)], [50.0], HIGH, 1.0) == [1]
    assert named([(100.0, 100.0), (120.0, 100.0)], [50.0, 50.0], HIGH, 1.0) == [-1, 1]
    assert named([(100.0, 100.0), (120.0, 130.0)], [50.0, 50.0], HIGH, 1.0) == [1, 1]


def test_the_first_ones_claim_room() -> None:
    crowd = [(100.0, 100.0), (102.0, 112.0), (98.0, 106.0)]
    assert named(crowd, [80.0, 80.0, 80.0], HIGH, 1.0)[0] != 0
    assert 0 in named(crowd, [80.0, 80.0, 80.0], HIGH, 1.0)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_names_lie_neither_on_each_other_nor_on_a_spot(scale: float) -> None:
    rng = np.random.default_rng(5)
    points = [(float(x), float(y)) for x, y in rng.uniform(0, 700, (200, 2))]
    found = boxes(points, 60.0, scale)
    shown = [(n, box) for n, box in enumerate(found) if box is not None]
    assert 20 < len(shown) < 200
    for n, box in shown:
        assert not any(box.intersects(other) for m, other in shown if m < n)
        assert not any(box.contains(QPointF(*at)) for at in points)


def test_nearer_more_names_have_room() -> None:
    rng = np.random.default_rng(5)
    points = rng.uniform(0, 500, (200, 2))
    counts = [
        sum(box is not None for box in boxes([(float(x) * z, float(y) * z) for x, y in points], 60.0, 1.0))
        for z in (0.5, 1.0, 4.0)
    ]
    assert counts[0] < counts[1] < counts[2]


# --- landmarks on the stage -------------------------------------------------------------------------------


def test_the_landmarks_of_a_plate_are_shown_only_when_asked_for(
    show: Callable[[Scene], Stage], body: Body
) -> None:
    stage = show(Scene("front", "superficial"))
    assert stage._landmark_item.spots == []
    stage = show(Scene("front", "superficial", overlays=("landmarks",)))
    assert [spot.landmark.name for spot in stage._landmark_item.spots] == [
        "Breastbone tip",
        "Rib tip",
        "Rib tip",
    ]
    stage = show(Scene("back", "superficial", overlays=("landmarks",)))
    assert "Nape" in [spot.landmark.name for spot in stage._landmark_item.spots]


def test_a_pair_is_named_once_and_what_is_out_of_view_leaves_it_to_the_other(
    show: Callable[[Scene], Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(overlays, "halo_text", lambda _painter, _at, name, *_colors: said.append(name))
    stage = show(Scene("front", "superficial", overlays=("landmarks",)))
    stage.fit()
    said.clear()
    stage.viewport.grab()
    assert sorted(said) == ["Breastbone tip", "Rib tip"]
    stage.show_rect((-175.0, 1230.0, 60.0, 40.0))  # the right one alone
    said.clear()
    stage.viewport.grab()
    assert said == ["Rib tip"]


def test_the_nearest_landmark_is_found_within_reach(show: Callable[[Scene], Stage]) -> None:
    item = show(Scene("front", "superficial", overlays=("landmarks",)))._landmark_item
    spot = item.near(3.0, 1297.0, 6.0)
    assert spot is not None
    assert spot.landmark.id == "breastbone-tip"
    assert tip_of(spot) == "Breastbone tip"
    assert item.near(10.0, 1300.0, 6.0) is None
    left = item.near(165.0, 1250.0, 6.0)
    assert left is not None
    assert tip_of(left) == "Rib tip (left)"


def test_missing_landmarks_are_named_and_the_plate_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    own = make_body(tmp_path / "body")
    assert own.landmarks is not None
    own.landmarks.unlink()
    stage = Stage(own, load_theme(paths.assets_dir(), "dark"), Icons(paths.assets_dir() / "icons"))
    qtbot.addWidget(stage)
    told: list[str] = []
    stage.picture_failed.connect(told.append)
    for labels in (False, True):
        stage.show_scene(Scene("front", "superficial", labels=labels, overlays=("landmarks",)))
    qtbot.waitUntil(lambda: stage.settled)
    assert len(told) == 1
    assert "landmarks.json" in told[0]


def test_a_body_without_landmarks_has_none(body: Body) -> None:
    assert Landmarks(body).on(body.plates["front"])
    vars(body)["landmarks"] = None
    try:
        assert Landmarks(body).on(body.plates["front"]) == []
    finally:
        vars(body)["landmarks"] = body.folder / "landmarks.json"


# --- overlays and the pointer -----------------------------------------------------------------------------


def test_an_overlay_on_show_is_what_the_pointer_finds(show: Callable[[Scene], Stage], body: Body) -> None:
    thread = body.by_mesh["nerves/thread.l"].id
    assert show(Scene("front", "skin")).target_at(*THREAD).kind == "region"
    assert show(Scene("front", "skin", overlays=("nerves",))).target_at(*THREAD) == Target(
        "structure", thread
    )
    # It is looked at, and never in the way.
    assert show(Scene("front", "skin", overlays=("bone-outline",))).target_at(0.0, 1400.0).kind == "region"


# --- what is selected -------------------------------------------------------------------------------------


def test_a_selected_nerve_is_found_in_its_overlay_though_that_is_off(body: Body) -> None:
    plate, thread = body.plates["front"], body.by_mesh["nerves/thread.l"]
    found = map_with(plate, "skin", (thread.id,), body)
    assert found is not None
    assert found is plate.overlay_map("nerves")


def test_a_bone_is_found_on_the_layer_and_nothing_on_the_skin(body: Body) -> None:
    plate, spine = body.plates["front"], body.by_mesh["skeleton/spine"]
    found = map_with(plate, "deep", (spine.id,), body)
    assert found is plate.id_map("deep")
    assert map_with(plate, "skin", (spine.id,), body) is None


def test_a_damaged_overlay_is_named(tmp_path: Path) -> None:
    own = make_body(tmp_path / "body")
    plate = own.plates["front"]
    overlay = plate.overlay("nerves")
    assert overlay is not None
    overlay.ids.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(TriggermapError, match=r"nerves.ids.npz"):
        map_with(plate, "skin", (own.by_mesh["nerves/thread.l"].id,), own)

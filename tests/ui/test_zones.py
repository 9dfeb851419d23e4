"""Hazard zones without a window: what is drawn, how it is hatched, and where names stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from tests.bodies import make_body
from tests.ui.desk import array
from tests.unit.builders import build
from triggermap import paths
from triggermap.body.plates import Body, Structure
from triggermap.dataset.models import Dataset
from triggermap.safety.risks import Risk
from triggermap.session import Session
from triggermap.state import State
from triggermap.ui.stage.hatching import Hatching, colors_of, lines, swatch, zoom_step
from triggermap.ui.stage.scene import NOT_AVAILABLE, scene_of
from triggermap.ui.stage.zone_names import placed
from triggermap.ui.stage.zones import (
    KINDS,
    Kind,
    Zone,
    kind_of,
    structures_of,
    zone_of_hazard,
    zones_at_risk,
    zones_of_all,
)
from triggermap.ui.theme import load_theme

THREADS = ("nerves/thread",)
SITES = [(-150.0, 1300.0)]  # plate mm on the front: the subject's right is the viewer's left
VIEW = QRectF(0, 0, 600, 400)


def with_threads(values: dict[str, Any]) -> None:
    for hazard in values["hazards"]:
        if hazard["id"] == "nerve-injury":
            hazard["structures"] = list(THREADS)


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build(with_threads)


def hazard(dataset: Dataset, hazard_id: str) -> Any:
    return next(one for one in dataset.hazards if one.id == hazard_id)


def thread(body: Body, side: str = "l") -> int:
    return body.by_mesh[f"nerves/thread.{side}"].id


def structure(system: str, mesh: str = "x/y") -> Structure:
    return Structure(7, mesh, system, "Y", "Y", "left", None, None)


# --- which structures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "icon", "kind"),
    [
        ("nerves", "nerve", "nerve"),
        ("nerves", "vessel", "nerve"),
        ("arteries", "nerve", "vessel"),
        ("veins", "organ", "vessel"),
        ("organs", "organ", "organ"),
        ("organs", "general", "organ"),
        ("organs", "lung", "lung"),
        ("computed", "organ", "lung"),
        ("nerves", "spine", "spine"),
    ],
)
def test_a_structure_is_drawn_as_what_it_is(dataset: Dataset, system: str, icon: str, kind: str) -> None:
    one = hazard(dataset, "pneumothorax").model_copy(update={"icon": icon})
    assert kind_of(structure(system), one) == kind


def test_what_lies_on_the_way_is_drawn_and_each_structure_once(body: Body, dataset: Dataset) -> None:
    nerve, lung = hazard(dataset, "nerve-injury"), hazard(dataset, "pneumothorax")
    front, own = body.plates["front"], (thread(body),)
    risks = (Risk(lung, own), Risk(nerve, own))
    (zone,) = zones_at_risk(front, body, risks, SITES, ("left",))
    assert zone == Zone("Lung zone (pneumothorax)", "lung", (("lung", own),), tuple(SITES))


def test_a_written_hazard_that_lies_off_the_way_is_drawn_where_it_is_near(
    body: Body, dataset: Dataset
) -> None:
    risk = (Risk(hazard(dataset, "nerve-injury"), ()),)
    front, right = body.plates["front"], thread(body, "r")
    near = Zone("Nerve injury", "nerve", (("nerve", (right,)),), tuple(SITES))
    assert zones_at_risk(front, body, risk, SITES, ("right",)) == (near,)
    assert zones_at_risk(front, body, risk, SITES, ("left", "right")) == (near,)
    assert zones_at_risk(front, body, risk, SITES, ("left",)) == ()  # of the side that is shown alone
    assert zones_at_risk(front, body, risk, [(0.0, 1300.0)], ("right",)) == ()  # too far
    assert zones_at_risk(body.plates["back"], body, risk, SITES, ("right",)) == ()  # it shows none


def test_the_lung_zone_is_drawn_however_far_and_stands_for_its_lobes(body: Body, dataset: Dataset) -> None:
    lung = hazard(dataset, "pneumothorax").model_copy(
        update={"structures": ("computed/lung_zone", "organs/*_lobe_of_lung", "organs/pleura")}
    )
    extra = {
        9001: Structure(9001, "computed/lung_zone.l", "computed", "", "Lung zone", "left", None, 9002),
        9002: Structure(9002, "computed/lung_zone.r", "computed", "", "Lung zone", "right", None, 9001),
        9003: Structure(9003, "organs/superior_lobe_of_left_lung", "organs", "", "Lobe", "left", None, None),
        9004: Structure(9004, "organs/pleura", "organs", "", "Pleura", "mid", None, None),
    }
    whole = replace(body, structures={**body.structures, **extra})
    front = body.plates["front"]
    (off,) = zones_at_risk(front, whole, (Risk(lung, ()),), [(0.0, 0.0)], ("left",))
    assert off.parts == (("lung", (9001,)),)
    (on,) = zones_at_risk(front, whole, (Risk(lung, (9001, 9003, 9004)),), [], ("left",))
    assert on.parts == (("lung", (9001,)),)
    # Where the zone is not met, what is met of the lung is drawn.
    (lobe,) = zones_at_risk(front, whole, (Risk(lung, (9003,)),), [], ("left",))
    assert lobe.parts == (("lung", (9003,)),)
    page = zone_of_hazard(whole, lung)
    assert page is not None
    assert page.parts == (("lung", (9001, 9002)),)
    assert structures_of(whole, lung) == (9001, 9002, 9003, 9004)
    everything = dict.fromkeys(extra, lung) | {thread(body): hazard(dataset, "nerve-injury")}
    assert [(zone.kind, zone.name) for zone in zones_of_all(whole, everything)] == [
        ("lung", ""),
        ("nerve", ""),
    ]


def test_a_hazard_that_the_body_lacks_has_no_zone(body: Body, dataset: Dataset) -> None:
    assert zone_of_hazard(body, hazard(dataset, "pneumothorax")) is None
    assert zones_of_all(body, {}) == ()


# --- marks ------------------------------------------------------------------------------------------------


def hazards_of_marks(session: Session) -> dict[str, tuple[str, bool]]:
    return {mark.point: (mark.hazard, mark.grave) for mark in scene_of(session).marks}


def test_a_mark_carries_the_gravest_hazard_and_lost_safety_data_makes_all_grave(
    body: Body, dataset: Dataset
) -> None:
    session = Session(State("back", "superficial", "left", muscle="trapezius"))
    session.take_body(body)
    session.take_dataset(dataset)
    assert set(hazards_of_marks(session).values()) == {("Pneumothorax", True)}
    (muscle,) = [one for one in dataset.muscles if one.id == "trapezius"]
    mild = muscle.model_copy(update={"safety": tuple(n for n in muscle.safety if n.hazard == "nerve-injury")})
    session.muscles["trapezius"] = mild
    assert set(hazards_of_marks(session).values()) == {("Nerve injury", False)}
    session.muscles["trapezius"] = muscle.model_copy(update={"safety": ()})
    assert set(hazards_of_marks(session).values()) == {("", False)}
    session.note_fault("A stack is missing.")
    assert set(hazards_of_marks(session).values()) == {(NOT_AVAILABLE, True)}


# --- hatching ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
def test_no_kind_is_told_by_its_colour_alone(theme: str) -> None:
    colors = colors_of(load_theme(paths.assets_dir(), theme))
    grey = [array(swatch(kind, colors, 40, 1.0)).sum(2) > 380 for kind in KINDS]
    for number, one in enumerate(grey):
        assert one[4:-4, 4:-4].any()
        assert not one[4:-4, 4:-4].all()
        for other in grey[number + 1 :]:
            assert (one != other).mean() > 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeat_of_lines_goes_on_in_the_next(kind: Kind) -> None:
    line, dark = lines(kind, 22.0, 3.4, 2.4)
    assert line.shape == dark.shape == (22, 22)
    assert line.max() == dark.max() == 1.0
    assert line.min() == dark.min() == 0.0
    assert (dark >= line).all()
    tiled = np.tile(line, (2, 2))
    # The same number of bright cells in a window that begins anywhere.
    assert {round(float(tiled[n : n + 22, n : n + 22].sum()), 2) for n in range(22)} == {
        round(float(line.sum()), 2)
    }


@pytest.mark.parametrize(
    ("zoom", "step"), [(0.95, 1.0), (1.2, 1.0), (1.5, 2.0), (0.3, 0.25), (0.0, 2.0**-10)]
)
def test_pictures_are_made_for_a_few_zooms(zoom: float, step: float) -> None:
    assert zoom_step(zoom) == step


@pytest.mark.parametrize("zoom", [0.5, 1.0, 4.0])
def test_a_picture_lies_where_the_structure_is(body: Body, zoom: float) -> None:
    plate, number = body.plates["front"], thread(body)
    zones = (Zone("Thread", "nerve", (("nerve", (number,)),)),)
    colors = colors_of(load_theme(paths.assets_dir(), "dark"))
    picture = Hatching("front", zones, zoom, 1.0, 1.0, colors, plate, body).load(())
    assert picture.rect is not None
    left, bottom, width, height = picture.rect
    alpha = np.frombuffer(picture.levels[0].constBits(), np.uint8).reshape(
        picture.levels[0].height(), picture.levels[0].width(), 4
    )[..., 3]
    rows, cols = np.nonzero(alpha > 60)
    us = left + (cols + 0.5) * width / alpha.shape[1]
    vs = bottom + height - (rows + 0.5) * height / alpha.shape[0]
    near = 8.0 * max(zoom, 1.0)
    assert us.min() == pytest.approx(162.0, abs=near)
    assert us.max() == pytest.approx(168.0, abs=near)
    assert vs.min() == pytest.approx(1220.0, abs=near)
    assert vs.max() == pytest.approx(1420.0, abs=near)
    assert set(picture.places) == {"Thread"}


def test_a_picture_of_nothing_is_empty(body: Body) -> None:
    zones = (Zone("Thread", "nerve", (("nerve", (thread(body),)),)),)
    colors = colors_of(load_theme(paths.assets_dir(), "dark"))
    picture = Hatching("back", zones, 1.0, 1.0, 1.0, colors, body.plates["back"], body).load(())
    assert picture.levels[0].isNull()
    assert picture.places == {}


# --- names ------------------------------------------------------------------------------------------------


def square(left: float, top: float, side: float) -> np.ndarray:
    steps = np.linspace(0, side, 14)
    return np.array([(left + x, top + y) for x in steps for y in steps])


def test_a_name_stands_in_its_zone_near_the_x_and_not_on_it() -> None:
    cross = QRectF(280, 180, 40, 40)
    found = placed(square(200, 100, 200), (80, 16), [QPointF(300, 200)], [cross], VIEW)
    assert found is not None
    box, anchor = found
    assert anchor is None
    assert QRectF(195, 90, 210, 220).contains(box)
    assert not box.intersects(cross)
    assert abs(box.center().x() - 300) + abs(box.center().y() - 200) < 110


def test_a_name_keeps_clear_of_what_is_there_and_in_view() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        zone = square(float(rng.uniform(-200, 600)), float(rng.uniform(-200, 400)), 260)
        taken = [QRectF(float(x), float(y), 120, 60) for x, y in rng.uniform((0, 0), (480, 340), (4, 2))]
        found = placed(zone, (150, 16), [QPointF(*zone[40])], taken, VIEW)
        in_view = [VIEW.contains(QPointF(x, y)) for x, y in zone]
        assert (found is None) <= (not any(in_view))
        if found is not None:
            assert VIEW.contains(found[0])
            assert not any(found[0].intersects(other) for other in taken)


def test_without_an_x_a_name_stands_beside_its_zone() -> None:
    found = placed(square(200, 100, 150), (80, 16), [], [], VIEW)
    assert found is not None
    assert found[0].left() == pytest.approx(358.0)


def test_a_zone_out_of_view_is_not_named() -> None:
    assert placed(square(700, 0, 100), (80, 16), [], [], VIEW) is None


def test_where_there_is_no_room_only_the_gravest_is_named() -> None:
    full = [QRectF(0, 0, 600, 390)]
    zone = square(200, 100, 100)
    assert placed(zone, (80, 16), [], full, VIEW) is None
    found = placed(zone, (80, 16), [], full, VIEW, at_any_cost=True)
    assert found is not None
    assert VIEW.contains(found[0])
    assert found[1] is not None  # a line leads to the zone


def test_a_name_rather_stands_off_the_zones_of_others() -> None:
    lung, kidney = square(100, 0, 300), square(200, 250, 100)
    free = placed(lung, (80, 16), [QPointF(240, 290)], [], VIEW)
    moved = placed(lung, (80, 16), [QPointF(240, 290)], [], VIEW, [kidney])
    assert free is not None
    assert moved is not None
    assert free[0].center().y() > 250 > moved[0].center().y()

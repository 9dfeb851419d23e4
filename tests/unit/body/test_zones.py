"""A pattern on the skin: solid where pain is essential, thinning dots where it spills over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.bodies import make_body, region_map
from triggermap.body.plates import Body, Dots, Grid, IdMap
from triggermap.body.zones import Pattern, pattern

LEFT, RIGHT, LOW = 2, 3, 4
BOXES = {LEFT: (40, 120, 0, 100), RIGHT: (-120, -40, 0, 100), LOW: (-60, 60, -160, -60)}
STEPS = [1.0, 2.0]


def stipple(seed: int = 3, every: float = 5.0) -> Dots:
    """Dots over the whole skin, each with a rank of its own."""
    rng = np.random.default_rng(seed)
    u, v = np.meshgrid(np.arange(-157, 160, every), np.arange(-157, 160, every))
    at = np.stack([u.ravel(), v.ravel()], axis=1) + rng.uniform(-2, 2, (u.size, 2))
    rank = rng.permutation(len(at)) / len(at)
    return Dots(at.astype(np.float32), np.ones(len(at), np.uint16), rank.astype(np.float32))


DOTS = stipple()


def at(shown: Pattern, u: float, v: float) -> float:
    """Alpha at a place of the plate; 0 outside the image."""
    left, bottom, width, height = shown.rect
    rows, cols = shown.alpha.shape
    col, row = int((u - left) / width * cols), int((bottom + height - v) / height * rows)
    if left <= u < left + width and bottom < v <= bottom + height:
        return float(shown.alpha[row, col])
    return 0.0


def distance(points: NDArray[np.float32], box: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """How far points lie outside a box; 0 inside."""
    u0, u1, v0, v1 = box
    u, v = points[:, 0].astype(float), points[:, 1].astype(float)
    across, along = np.maximum(np.maximum(u0 - u, u - u1), 0), np.maximum(np.maximum(v0 - v, v - v1), 0)
    away: NDArray[np.float64] = np.hypot(across, along)
    return away


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    folder: Path = tmp_path_factory.mktemp("body")
    return make_body(folder)


@pytest.mark.parametrize("step", STEPS)
def test_the_zone_fills_its_region_and_no_other(step: float) -> None:
    shown = pattern(region_map(BOXES, step), DOTS, [LEFT], [])
    u0, u1, v0, v1 = BOXES[LEFT]
    far = 15
    for u in np.arange(u0 + far, u1 - far, 5.0):
        for v in np.arange(v0 + far, v1 - far, 5.0):
            assert at(shown, u, v) == pytest.approx(1.0)
    for u, v in ((u0 - far, 50), (u1 + far, 50), (80, v0 - far), (80, v1 + far), (-80, 50), (0, -100)):
        assert at(shown, u, v) == pytest.approx(0.0, abs=1e-4)
    for u in (u0 - 1, u0 + 0.5, u1 - 1, u1 + 0.5):
        assert 0.1 < at(shown, u, 50) < 0.9
    assert shown.alpha.min() >= 0.0
    assert shown.alpha.max() <= 1.0
    assert not len(shown.dots)


@pytest.mark.parametrize("step", STEPS)
def test_the_zone_covers_about_the_area_of_its_region(step: float) -> None:
    shown = pattern(region_map(BOXES, step), DOTS, [LEFT], [])
    _, _, width, height = shown.rect
    cell = width * height / shown.alpha.size
    assert shown.alpha.sum() * cell == pytest.approx(80 * 100, rel=0.05)


def test_a_fingertip_keeps_its_own_zone() -> None:
    shown = pattern(region_map({LEFT: (0, 16, 0, 16)}, 1.0), DOTS, [LEFT], [])
    assert at(shown, 8, 8) > 0.9
    assert at(shown, 8, 30) == at(shown, 30, 8) == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize("step", STEPS)
def test_off_the_skin_there_is_nothing_and_at_its_edge_nothing_fades(step: float) -> None:
    edge = {LEFT: (100, 160, -50, 50)}
    shown = pattern(region_map(edge, step), DOTS, [LEFT], [])
    for v in (-20.0, 0.0, 20.0):
        assert at(shown, 160 - step, v) == pytest.approx(1.0)
        assert at(shown, 160 + 2 * step, v) == 0.0
    left, _, width, _ = shown.rect
    cols = left + (np.arange(shown.alpha.shape[1]) + 0.5) * width / shown.alpha.shape[1]
    assert not shown.alpha[:, cols > 160 + step].any()


def test_mirrored_regions_give_mirrored_zones() -> None:
    regions = region_map(BOXES, 2.0)
    left, right = pattern(regions, DOTS, [LEFT], []), pattern(regions, DOTS, [RIGHT], [])
    assert left.alpha[:, ::-1] == pytest.approx(right.alpha, abs=1e-3)
    u, v, width, height = left.rect
    assert right.rect == pytest.approx((-u - width, v, width, height))


def test_mirrored_regions_on_a_finer_map_are_as_large() -> None:
    regions = region_map(BOXES, 1.0)
    left, right = pattern(regions, DOTS, [LEFT], []), pattern(regions, DOTS, [RIGHT], [])
    assert left.alpha.sum() == pytest.approx(float(right.alpha.sum()), rel=0.02)


def test_essential_beats_spillover() -> None:
    regions = region_map(BOXES)
    both = pattern(regions, DOTS, [LEFT, LOW], [LEFT, LOW])
    alone = pattern(regions, DOTS, [LEFT, LOW], [])
    assert np.array_equal(both.alpha, alone.alpha)
    assert both.rect == alone.rect
    assert not len(both.dots)


@pytest.mark.parametrize("step", STEPS)
def test_dots_stand_in_the_spillover_and_thin_out_beyond_it(step: float) -> None:
    shown = pattern(region_map(BOXES, step), DOTS, [], [LOW])
    assert not shown.alpha.any()
    away = distance(shown.dots, BOXES[LOW])
    assert away.max() < 16
    # In the middle every dot stands; at the border about half of them; the rest is empty.
    everywhere = distance(DOTS.points, BOXES[LOW])
    u0, u1, v0, v1 = BOXES[LOW]
    middle = distance(DOTS.points, (u0 + 20, u1 - 20, v0 + 20, v1 - 20)) == 0
    kept = {tuple(dot) for dot in shown.dots.tolist()}
    assert all(tuple(dot) in kept for dot in DOTS.points[middle].tolist())
    inside, outside = everywhere == 0, (everywhere > 0) & (everywhere < 8)
    share = [np.mean([tuple(d) in kept for d in DOTS.points[which].tolist()]) for which in (inside, outside)]
    assert share[0] > 0.75
    assert 0.02 < share[1] < 0.6


@pytest.mark.parametrize("step", STEPS)
def test_no_dot_stands_in_the_essential_core(step: float) -> None:
    neighbours = {LEFT: (0, 80, 0, 100), RIGHT: (-80, 0, 0, 100)}
    shown = pattern(region_map(neighbours, step), DOTS, [LEFT], [RIGHT])
    assert len(shown.dots) > 100
    strength = np.array([at(shown, u, v) for u, v in shown.dots.tolist()])
    assert strength.max() < 1.0
    u0, u1, v0, v1 = neighbours[LEFT]
    assert distance(shown.dots, (u0 + 12, u1 - 12, v0 + 12, v1 - 12)).min() > 0


def test_all_dots_are_dots_of_the_plate() -> None:
    shown = pattern(region_map(BOXES), DOTS, [LEFT], [RIGHT, LOW])
    plate = {tuple(dot) for dot in DOTS.points.tolist()}
    assert {tuple(dot) for dot in shown.dots.tolist()} <= plate
    assert len({tuple(dot) for dot in shown.dots.tolist()}) == len(shown.dots)


@pytest.mark.parametrize("shift", [2, 7])
def test_a_larger_plate_shows_the_same_pattern(shift: int) -> None:
    small = pattern(region_map(BOXES, 2.0), DOTS, [LEFT], [LOW])
    large = pattern(region_map(BOXES, 2.0, shift), DOTS, [LEFT], [LOW])
    assert np.array_equal(small.dots, large.dots)
    for u in range(-150, 150, 10):
        for v in range(-150, 150, 10):
            assert at(small, u + 0.3, v + 0.3) == pytest.approx(at(large, u + 0.3, v + 0.3), abs=1e-3)


@pytest.mark.parametrize("shift", [2, 7])
def test_a_larger_plate_of_finer_cells_shows_about_the_same_pattern(shift: int) -> None:
    """Every second cell alone is looked at, and which ones depends on where the plate begins."""
    small = pattern(region_map(BOXES, 1.0), DOTS, [LEFT], [LOW])
    large = pattern(region_map(BOXES, 1.0, shift), DOTS, [LEFT], [LOW])
    one, two = ({tuple(dot) for dot in shown.dots.tolist()} for shown in (small, large))
    assert len(one ^ two) < 0.05 * len(one)
    assert small.alpha.sum() == pytest.approx(float(large.alpha.sum()), rel=0.02)


def test_the_same_skin_has_the_same_dots_from_front_and_back(body: Body) -> None:
    front, back = body.plates["front"], body.plates["back"]
    sides = body.region_values("side-of-chest", ("left", "right"))
    temples = body.region_values("temple", ("left",))
    shown = [pattern(plate.regions, plate.dots, temples, sides).dots for plate in (front, back)]
    assert len(shown[0]) > 100
    one = {(round(u, 3), round(v, 3)) for u, v in shown[0].tolist()}
    two = {(round(-u, 3), round(v, 3)) for u, v in shown[1].tolist()}
    # A dot whose rank is the density to the last bit may go either way.
    assert len(one ^ two) <= 0.02 * len(one)


@pytest.mark.parametrize("width", [2, 3])
def test_a_region_of_which_a_strip_is_seen_is_drawn(width: int) -> None:
    """The skin in front of the ear from the front: a click there has to light something."""
    strip = {LEFT: (160 - width, 160, -20, 20)}
    assert pattern(region_map(strip, 1.0), DOTS, [LEFT], []).alpha.max() > 0.5


@pytest.mark.parametrize(("essential", "spillover"), [([], []), ([99], []), ([], [99]), ([60000], [61000])])
def test_nothing_to_show_is_an_empty_pattern(essential: list[int], spillover: list[int]) -> None:
    shown = pattern(region_map(BOXES), DOTS, essential, spillover)
    assert shown.empty
    assert shown.alpha.size == 0
    assert shown.dots.shape == (0, 2)


def test_a_pattern_on_a_plate_without_skin_or_dots_is_empty() -> None:
    bare = IdMap(np.zeros((5, 5), np.uint16), Grid(np.array([[2.0, 0, 0], [0, -2.0, 0]]), (5, 5)))
    none = Dots(np.zeros((0, 2), np.float32), np.zeros(0, np.uint16), np.zeros(0, np.float32))
    assert pattern(bare, DOTS, [LEFT], [LOW]).empty
    assert pattern(bare, none, [LEFT], [LOW]).empty
    shown = pattern(region_map(BOXES), none, [LEFT], [LOW])
    assert not shown.empty
    assert not len(shown.dots)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.sampled_from([1, LEFT, RIGHT, LOW]), unique=True),
    st.lists(st.sampled_from([1, LEFT, RIGHT, LOW]), unique=True),
)
def test_any_pattern_stays_on_the_skin(essential: list[int], spillover: list[int]) -> None:
    regions = region_map(BOXES, 2.0)
    shown = pattern(regions, DOTS, essential, spillover)
    assert shown.empty == (not essential and not spillover)
    rows, cols = np.nonzero(shown.alpha)
    left, bottom, width, height = shown.rect
    for row, col in list(zip(rows.tolist(), cols.tolist(), strict=True))[::37]:
        u = left + (col + 0.5) * width / shown.alpha.shape[1]
        v = bottom + height - (row + 0.5) * height / shown.alpha.shape[0]
        assert regions.at(u, v) != 0
    if set(essential) == {1, LEFT, RIGHT, LOW}:
        assert shown.alpha.sum() * 4.0 == pytest.approx(320 * 320)
        assert not len(shown.dots)

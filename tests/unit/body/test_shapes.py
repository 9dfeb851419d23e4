"""Strokes on the skin: strength by distance in space, bounded by the pattern's own regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triggermap.body import shapes
from triggermap.body.plates import DepthMap, Dots, Grid, IdMap
from triggermap.body.shapes import Line
from triggermap.body.zones import Drawn, Pattern, pattern

SIZE = 120  # cells of 1 mm


@dataclass
class Flat:
    """A plate that looks along -z at a wall: skin at z = 0, but for its right quarter, which is bare."""

    right = np.array([1.0, 0.0, 0.0])
    up = np.array([0.0, 1.0, 0.0])
    toward = np.array([0.0, 0.0, 1.0])

    @property
    def grid(self) -> Grid:
        return Grid(np.array([[1.0, 0.0, 0.5], [0.0, -1.0, SIZE - 0.5]]), (SIZE, SIZE))

    @property
    def depth(self) -> DepthMap:
        entry = np.zeros((SIZE, SIZE), np.float32)
        entry[:, 90:] = np.nan
        return DepthMap(entry, entry - 50, self.grid)

    def regions(self) -> IdMap:
        """Region 1 on the left half, 2 right of it, nothing where there is no skin."""
        ids = np.ones((SIZE, SIZE), np.uint16)
        ids[:, 60:90] = 2
        ids[:, 90:] = 0
        return IdMap(ids, self.grid)


LINE = Line(20.0, ((20.0, 20.0, 0.0), (20.0, 100.0, 0.0)))


def at(image: np.ndarray, x: float, y: float) -> float:
    return float(image[int(SIZE - y), int(x)])


def strength(*lines: Line, spillover: bool = False) -> np.ndarray:
    plate = Flat()
    return shapes.strength(plate, lines, plate.grid, spillover=spillover)  # type: ignore[arg-type]


def test_a_stroke_is_full_in_its_middle_and_gone_beyond_its_rim() -> None:
    image = strength(LINE)
    assert at(image, 20, 60) == 1.0
    assert 0 < at(image, 30, 60) < 1
    assert at(image, 36, 60) == 0
    assert at(image, 20, 110) < 1
    assert at(image, 20, 117) == 0


def test_spillover_thins_out_over_more_than_an_essential_zone() -> None:
    wide = Line(60.0, LINE.corners)
    assert at(strength(wide, spillover=True), 40, 60) < at(strength(wide), 40, 60) == 1.0


def test_nothing_is_drawn_where_there_is_no_skin_nor_far_behind_it() -> None:
    across = Line(20.0, ((10.0, 60.0, 0.0), (115.0, 60.0, 0.0)))
    assert at(strength(across), 80, 60) == 1.0
    assert at(strength(across), 100, 60) == 0
    behind = Line(20.0, tuple((x, y, -30.0) for x, y, _ in LINE.corners))
    assert not strength(behind).any()
    assert not strength().any()


@given(st.floats(15, 120), st.lists(st.tuples(st.floats(0, 89), st.floats(0, 119)), min_size=2, max_size=6))
def test_strength_is_a_share_and_grows_with_the_width(
    width: float, places: list[tuple[float, float]]
) -> None:
    corners = tuple((x, y, 0.0) for x, y in places)
    narrow, wide = strength(Line(width, corners)), strength(Line(width + 5, corners))
    assert ((narrow >= 0) & (narrow <= 1)).all()
    # From 15 mm on the rim is as wide as it gets; below, a wider stroke also fades over more.
    assert (wide >= narrow - 1e-5).all()


def drawn(
    *, essential: tuple[Line, ...] = (), spillover: tuple[Line, ...] = (), own: tuple[int, ...] = (1,)
) -> Pattern:
    plate = Flat()
    rng = np.random.default_rng(1)
    dots = Dots(
        rng.uniform(0, [90, SIZE], (2000, 2)).astype(np.float32),
        np.ones(2000, np.uint16),
        rng.random(2000).astype(np.float32),
    )
    return pattern(plate.regions(), dots, [], [], Drawn(plate, essential, spillover, own))  # type: ignore[arg-type]


def test_a_stroke_ends_where_the_regions_of_its_pattern_do() -> None:
    across = Line(16.0, ((10.0, 60.0, 0.0), (85.0, 60.0, 0.0)))
    bounded, free = drawn(essential=(across,)), drawn(essential=(across,), own=(1, 2))
    left, bottom, wide, high = bounded.rect
    row, cell = int((bottom + high - 60) / (high / bounded.alpha.shape[0])), wide / bounded.alpha.shape[1]
    assert bounded.alpha[row, int((30 - left) / cell)] > 0.95
    assert bounded.alpha[row, int((82 - left) / cell)] < 0.05
    left, bottom, wide, high = free.rect
    row, cell = int((bottom + high - 60) / (high / free.alpha.shape[0])), wide / free.alpha.shape[1]
    assert free.alpha[row, int((82 - left) / cell)] > 0.95


def test_spillover_strokes_are_stippled_and_spare_the_essential_ones() -> None:
    found = drawn(essential=(LINE,), spillover=(Line(40.0, LINE.corners),))
    assert len(found.dots) > 30
    inner = np.abs(found.dots[:, 0] - 20) < 2.5
    inner &= (found.dots[:, 1] > 25) & (found.dots[:, 1] < 95)
    assert not inner.any()


def test_without_strokes_and_regions_there_is_nothing() -> None:
    assert drawn(own=()).empty


@pytest.mark.parametrize("corner", [(20.0, 60.0, 0.0)])
def test_a_stroke_of_one_place_twice_is_a_spot(corner: tuple[float, float, float]) -> None:
    image = strength(Line(20.0, (corner, corner)))
    assert at(image, 20, 60) == 1.0
    assert at(image, 20, 80) == 0

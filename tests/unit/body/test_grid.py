"""Places on a plate and cells of an array: there and back, and where a cell ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bodies import AFFINE, HEIGHT, WIDTH, grid
from triggermap.body.plates import Grid

SCALE = st.floats(0.1, 5.0) | st.floats(-5.0, -0.1)
SHEAR = st.floats(-0.05, 0.05)
OFFSET = st.floats(-2000.0, 2000.0)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    affine = [
        [draw(SCALE), draw(SHEAR), draw(OFFSET)],
        [draw(SHEAR), draw(SCALE), draw(OFFSET)],
    ]
    return Grid(np.array(affine), (draw(st.integers(1, 2000)), draw(st.integers(1, 2000))))


@settings(deadline=None)
@given(grids(), st.data())
def test_the_middle_of_a_cell_is_that_cell(where: Grid, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, where.shape[0] - 1))
    col = data.draw(st.integers(0, where.shape[1] - 1))
    u, v = where.affine @ np.array([col, row, 1.0])
    assert where.cell(u, v) == (row, col)
    back = where.cells(np.array([[u, v]]))[0]
    assert back == pytest.approx([col, row], abs=1e-6)


@settings(deadline=None)
@given(grids(), st.lists(st.tuples(OFFSET, OFFSET), min_size=1, max_size=5))
def test_points_go_to_cells_and_back(where: Grid, points: list[tuple[float, float]]) -> None:
    at = np.array(points)
    cells = where.cells(at)
    again = np.c_[cells, np.ones(len(at))] @ where.affine.T
    assert again == pytest.approx(at, abs=1e-5)


def test_a_cell_begins_at_its_edge_and_ends_before_the_next() -> None:
    where = grid()
    # The cell (10, 20) spans u -140..-138 and v 1688..1690.
    u, v = AFFINE @ np.array([20.0, 10.0, 1.0])
    assert (u, v) == (-139.0, 1689.0)
    assert where.cell(-140.0, 1689.0) == (10, 20)
    assert where.cell(-138.001, 1689.0) == (10, 20)
    assert where.cell(-138.0, 1689.0) == (10, 21)
    assert where.cell(-139.0, 1690.0) == (10, 20)
    assert where.cell(-139.0, 1688.001) == (10, 20)
    assert where.cell(-139.0, 1688.0) == (11, 20)


def test_outside_the_outermost_cells_is_nothing() -> None:
    where = grid()
    left, bottom, width, height = where.rect
    assert (left, bottom, width, height) == (-180.0, 1170.0, 360.0, 540.0)
    right, top = left + width, bottom + height
    assert where.cell(left, top) == (0, 0)
    assert where.cell(right - 0.01, bottom + 0.01) == (HEIGHT - 1, WIDTH - 1)
    for u, v in ((left - 0.01, 1400), (right, 1400), (0, top + 0.01), (0, bottom)):
        assert where.cell(u, v) is None


def test_the_rectangle_is_positive_whatever_the_signs() -> None:
    mirrored = Grid(np.array([[-2.0, 0.0, 179.0], [0.0, 2.0, 1171.0]]), (HEIGHT, WIDTH))
    assert mirrored.rect == (-180.0, 1170.0, 360.0, 540.0)

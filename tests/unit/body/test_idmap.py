"""Id maps: what is at a place, what is near it, and where an id stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from triggermap.body.hit import SLACK_MM
from triggermap.body.plates import Extent, Grid, IdMap

MAPS = arrays(
    np.uint16,
    st.tuples(st.integers(1, 14), st.integers(1, 14)),
    elements=st.sampled_from([0, 0, 0, 1, 2, 7, 65535]),
)


def idmap(ids: NDArray[np.uint16], step: float = 0.5) -> IdMap:
    """A map whose cell (row, column) has its middle at (step * column, -step * row)."""
    return IdMap(ids, Grid(np.array([[step, 0.0, 0.0], [0.0, -step, 0.0]]), (ids.shape[0], ids.shape[1])))


def thread(step: float = 0.5) -> IdMap:
    """One column of cells, at u = 0, in the middle of nothing."""
    ids = np.zeros((41, 41), np.uint16)
    ids[:, 20] = 9
    return IdMap(ids, Grid(np.array([[step, 0.0, -20 * step], [0.0, -step, 20 * step]]), (41, 41)))


@settings(deadline=None, max_examples=60)
@given(MAPS)
def test_extents_and_counts_are_those_of_a_scan(ids: NDArray[np.uint16]) -> None:
    found = idmap(ids).extents
    assert set(found) == set(np.unique(ids).tolist()) - {0}
    for value, extent in found.items():
        rows, cols = np.nonzero(ids == value)
        assert extent == Extent(
            len(rows), int(rows.min()), int(rows.max()) + 1, int(cols.min()), int(cols.max()) + 1
        )
    counts = idmap(ids).counts
    assert len(counts) == int(ids.max()) + 1
    assert all(counts[value] == (ids == value).sum() for value in np.unique(ids))
    assert counts.sum() == ids.size


@settings(deadline=None, max_examples=100)
@given(MAPS, st.data(), st.sampled_from([0.4, 0.5, 0.9, 1.5, 3.0]))
def test_near_finds_the_nearest_within_the_radius(
    ids: NDArray[np.uint16], data: st.DataObject, radius: float
) -> None:
    row = data.draw(st.integers(0, ids.shape[0] - 1))
    col = data.draw(st.integers(0, ids.shape[1] - 1))
    found = idmap(ids).near(0.5 * col, -0.5 * row, radius)
    rows, cols = np.nonzero(ids)
    distances = 0.5 * np.hypot(rows - row, cols - col)
    reachable = distances <= radius
    if not reachable.any():
        assert found == 0
    else:
        nearest = np.isclose(distances, distances.min())
        assert found in ids[rows[nearest], cols[nearest]]


def test_a_thin_structure_is_found_within_the_slack_and_not_beyond() -> None:
    lone = thread()
    assert lone.at(0.0, 0.0) == 9
    assert lone.at(SLACK_MM, 0.0) == 0
    for side in (-1, 1):
        assert lone.near(side * SLACK_MM, 0.0, SLACK_MM) == 9
        assert lone.near(side * (SLACK_MM + 0.5), 0.0, SLACK_MM) == 0


@pytest.mark.parametrize("step", [0.25, 0.5, 1.0])
def test_the_slack_is_in_millimetres_whatever_the_cells(step: float) -> None:
    lone = thread(step)
    reached = [k for k in range(1, 20) if lone.near(k * step, 0.0, SLACK_MM) == 9]
    assert reached == list(range(1, int(SLACK_MM / step) + 1))


def test_what_is_under_the_pointer_beats_what_is_near() -> None:
    ids = np.zeros((5, 5), np.uint16)
    ids[:, 2], ids[:, 3] = 4, 5
    lone = idmap(ids)
    assert lone.near(1.0, -1.0, 5.0) == 4
    assert lone.near(1.5, -1.0, 5.0) == 5


def test_near_the_border_of_the_plate() -> None:
    ids = np.zeros((6, 6), np.uint16)
    ids[0, 0], ids[5, 5] = 1, 2
    lone = idmap(ids)
    assert lone.near(0.5, 0.0, 1.0) == 1
    assert lone.near(2.0, -2.5, 1.0) == 2
    assert lone.at(-1.0, 0.0) == 0
    assert lone.near(-1.0, 0.0, 1.5) == 0


def test_an_empty_map() -> None:
    empty = idmap(np.zeros((3, 4), np.uint16))
    assert empty.extents == {}
    assert empty.counts.tolist() == [12]
    assert empty.near(0.5, -0.5, 10.0) == 0

"""How near the centre lines of nerves and vessels come to a straight way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from triggermap.body.lines import Lines, Near, load_lines
from triggermap.errors import TriggermapError

START, END = np.array([0.0, 0.0, 0.0]), np.array([0.0, 0.0, 100.0])


def lines(*rows: tuple[float, float, float, int, bool]) -> Lines:
    return Lines(
        np.array([row[:3] for row in rows], np.float32),
        np.array([row[3] for row in rows], np.uint16),
        np.array([row[4] for row in rows], np.bool_),
    )


def test_the_nearest_place_of_each_line_counts() -> None:
    found = lines((5, 0, 10, 7, False), (3, 4, 20, 7, False), (2, 0, 50, 8, False)).near(START, END, 10, 20)
    assert found == [Near(8, 2.0, False), Near(7, 5.0, False)]


def test_a_way_has_ends() -> None:
    beyond = lines((0, 0, 108, 7, False), (0, 0, -8, 8, False), (0, 0, 112, 9, False))
    assert beyond.near(START, END, 10, 20) == [Near(7, 8.0, False), Near(8, 8.0, False)]
    assert lines((6, 0, 108, 7, False)).near(START, END, 9.9, 20) == []


def test_a_bridge_has_a_reach_of_its_own() -> None:
    both = lines((15, 0, 50, 7, True), (15, 0, 50, 8, False), (21, 0, 50, 9, True))
    assert both.near(START, END, 10, 20) == [Near(7, 15.0, True)]


def test_a_way_of_no_length_is_a_point() -> None:
    assert lines((3, 4, 0, 7, False)).near(START, START, 10, 20) == [Near(7, 5.0, False)]


def test_what_is_stored_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.npz"
    np.savez_compressed(
        path,
        points=np.array([[15, -20, 12345]], np.int16),
        structure=np.array([3], np.uint16),
        bridged=np.array([True]),
    )
    read = load_lines(path)
    np.testing.assert_allclose(read.points, [[1.5, -2.0, 1234.5]])
    assert (read.structure.tolist(), read.bridged.tolist()) == ([3], [True])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "lengths", "names"])
def test_a_broken_file_is_one_sentence_with_its_name(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "lines.npz"
    points, structure = np.zeros((2, 3), np.int16), np.zeros(2, np.uint16)
    bridged = np.zeros(1 if damage == "lengths" else 2, np.bool_)
    if damage == "names":
        np.savez_compressed(path, points=points, structure=structure)
    else:
        np.savez_compressed(path, points=points, structure=structure, bridged=bridged)
    if damage == "missing":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(TriggermapError, match=r"lines\.npz .* run 'make plates'"):
        load_lines(path)

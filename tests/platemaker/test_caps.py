"""Caps over cut surfaces."""

from __future__ import annotations

import numpy as np
import pytest

from platemaker.caps import capped
from platemaker.scenemesh import joined
from tests.platemaker.shapes import box, part, sphere


def edges_used_once(faces: np.ndarray) -> int:
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    return int((np.unique(edges, axis=0, return_counts=True)[1] == 1).sum())


def test_a_ball_cut_by_a_box_is_closed_flat() -> None:
    ball = joined([part(3, sphere(10.0, (0, 0, 0), 4))])
    half = ball.kept(ball.within((-20, 20, 0, 20, -20, 20)))
    closed = capped(half)
    new = closed.faces[len(half.faces) :]
    assert len(new) > 20
    assert set(closed.structure[len(half.faces) :].tolist()) == {3}
    np.testing.assert_array_equal(closed.vertices[: len(half.vertices)], half.vertices)
    corners = closed.vertices[new].astype(float)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    # The cap looks down, away from the half that is left, and covers the great circle.
    assert normal.sum(axis=0)[1] / 2 == pytest.approx(-np.pi * 100, rel=0.06)
    assert (closed.normals[new][..., 1] < -0.99).all()
    assert np.abs(corners[..., 1]).max() < 1.0


def test_a_closed_mesh_stays_as_it_is() -> None:
    cube = joined([part(1, box((0, 0, 0), (1, 1, 1)))])
    assert edges_used_once(cube.faces) == 0
    np.testing.assert_array_equal(capped(cube).faces, cube.faces)

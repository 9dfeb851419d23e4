"""Rebuilding a surface from a field."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from platemaker.geometry import edges_of, face_normals
from platemaker.skin import CELL, Grid, signed_distance, surface_net
from tests.platemaker.shapes import sphere


def test_a_ball_with_a_hole_comes_back_whole() -> None:
    vertices, faces = sphere(30.0, (1.3, 0.4, -0.7), 4)
    holed = faces[~np.isin(np.arange(len(faces)), np.arange(7))]
    grid = Grid(np.array([-44.0, -44.0, -44.0]), (45, 45, 45))
    field = ndimage.gaussian_filter(signed_distance(grid, vertices, holed), 0.7)
    net, triangles = surface_net(field)
    net = grid.low + CELL * net - np.array([1.3, 0.4, -0.7])
    assert (edges_of(triangles)[2] == 2).all()  # closed
    assert np.linalg.norm(net, axis=1) == pytest.approx(30.0, abs=0.8)
    outward = (face_normals(net, triangles) * net[triangles].mean(axis=1)).sum(1)
    assert (outward > 0).all()

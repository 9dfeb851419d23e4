"""Normals, subdivision, clipping and holes on plain shapes."""

from __future__ import annotations

import numpy as np
import pytest

from platemaker.geometry import boundary_loops, clip, edges_of, face_normals, subdivide_loop, vertex_normals
from platemaker.scenemesh import outward
from platemaker.skin import filled
from tests.platemaker.shapes import box, sphere


def volume(vertices: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float((np.cross(a, b) * c).sum() / 6)


def test_vertex_normals_of_a_sphere_point_outward() -> None:
    vertices, faces = sphere(10.0)
    assert (vertex_normals(vertices, faces) * vertices / 10.0).sum(1).min() > 0.995


def test_loop_subdivision_keeps_a_closed_surface_closed_and_makes_it_rounder() -> None:
    vertices, faces = box((-1, -1, -1), (1, 1, 1))
    finer_vertices, finer_faces = subdivide_loop(vertices, faces, 2)
    assert len(finer_faces) == 16 * len(faces)
    assert (edges_of(finer_faces)[2] == 2).all()
    assert 0 < volume(finer_vertices, finer_faces) < volume(vertices, faces)


def test_a_mesh_that_is_inside_out_is_turned() -> None:
    vertices, faces = sphere(5.0, (100, 0, 0))
    for given in (faces, faces[:, ::-1]):
        assert volume(vertices - vertices.mean(0), outward(vertices, given)[1]) > 0


def test_clipping_cuts_along_the_zero_line() -> None:
    vertices, faces = sphere(10.0)
    kept, trimmed, new = clip(vertices, faces, vertices[:, 1] - 3.0)
    assert kept[:, 1].max() == pytest.approx(3.0, abs=1e-9)
    assert kept[new][:, 1] == pytest.approx(3.0, abs=1e-9)
    area = 0.5 * np.linalg.norm(face_normals(kept, trimmed), axis=1).sum()
    assert area == pytest.approx(2 * np.pi * 10 * 13, rel=0.02)  # a spherical cap of height 13


def test_holes_are_found_and_filled() -> None:
    vertices, faces = sphere(10.0)
    holed = faces[~np.isin(np.arange(len(faces)), [5, 6, 200])]
    assert boundary_loops(holed)
    closed_vertices, closed = filled(vertices, holed)
    assert not boundary_loops(closed)
    assert volume(closed_vertices, closed) == pytest.approx(volume(vertices, faces), rel=0.01)

"""Id maps and pictures of known scenes."""

from __future__ import annotations

import numpy as np
import pytest

from platemaker.layers import VIEWS, affine_of
from platemaker.occlusion import openness
from platemaker.plates import PLATES
from platemaker.rays import Scene
from platemaker.render import LIGHT, Raster, bleed, cast, id_map, picture
from platemaker.scenemesh import SceneMesh, joined
from tests.platemaker.shapes import box, part, sphere

WINDOW = (-20.0, 20.0, -10.0, 30.0)


def two_boxes() -> tuple[SceneMesh, Scene]:
    """Structure 3 is a box on the subject's left and in front of 7, a wide slab."""
    mesh = joined([part(3, box((2, 0, 5), (12, 10, 9))), part(7, box((-15, -5, -5), (15, 20, 0)))])
    return mesh, Scene(mesh.vertices, mesh.faces)


@pytest.mark.parametrize(
    ("view", "pixel", "expected"),
    [
        ("front", (25, 27), 3),  # u = +7.5: the subject's left is on the right of a front view
        ("front", (25, 12), 7),
        ("back", (25, 12), 7),  # from behind the slab hides the box
        ("front", (2, 2), 0),
    ],
)
def test_the_id_map_shows_the_nearest_structure_at_the_pixel_centre(view, pixel, expected) -> None:
    mesh, scene = two_boxes()
    raster = Raster(VIEWS[view].axes, WINDOW, 1.0)
    ids = id_map(mesh, cast(scene, raster), raster.shape)
    assert ids.dtype == np.uint16
    assert ids[pixel] == expected


def test_the_left_view_has_the_front_of_the_body_on_its_left() -> None:
    mesh, scene = two_boxes()
    raster = Raster(VIEWS["left"].axes, WINDOW, 1.0)
    ids = id_map(mesh, cast(scene, raster), raster.shape)
    columns = np.flatnonzero((ids == 3).any(axis=0))
    assert columns.min() == 11  # z from 5 to 9 is u from -9 to -5: columns 11 to 14
    assert columns.max() == 14


def test_the_affine_takes_pixels_to_body_millimetres_and_back() -> None:
    mesh, scene = two_boxes()
    raster = Raster(VIEWS["front"].axes, WINDOW, 0.5)
    ids = id_map(mesh, cast(scene, raster), raster.shape)
    (a, b, c), (d, e, f) = affine_of(WINDOW, 0.5)
    rows, cols = np.nonzero(ids == 3)
    u, v = a * cols + b * rows + c, d * cols + e * rows + f
    assert (u.min(), u.max(), v.min(), v.max()) == pytest.approx((2.25, 11.75, 0.25, 9.75))
    matrix = np.array([[a, b], [d, e]])
    back = np.linalg.solve(matrix, np.stack([u - c, v - f]))
    np.testing.assert_allclose(back, np.stack([cols, rows]), atol=1e-9)


@pytest.mark.parametrize("plate", PLATES, ids=lambda p: p.id)
def test_the_axes_of_a_plate_are_a_right_handed_frame(plate) -> None:
    right, up, toward = plate.view.axes
    np.testing.assert_allclose(np.cross(right, up), toward, atol=2e-6)
    np.testing.assert_allclose(plate.view.axes @ plate.view.axes.T, np.eye(3), atol=2e-6)
    width, height = plate.size
    assert width * plate.mm_per_px == pytest.approx(plate.window[1] - plate.window[0])
    assert height * plate.mm_per_px == pytest.approx(plate.window[3] - plate.window[2])


def render_ball() -> np.ndarray:
    mesh = joined([part(1, sphere(12.0, (0, 10, 0), 4))])
    scene = Scene(mesh.vertices, mesh.faces)
    sky = openness(scene, mesh.vertices, mesh.normals, 64)
    colours = np.array([[0, 0, 0], [0.5, 0.2, 0.1]], np.float32)
    return picture(scene, mesh, sky, colours, Raster(VIEWS["front"].axes, WINDOW, 0.25), LIGHT)


def test_two_renders_are_the_same_to_the_byte() -> None:
    np.testing.assert_array_equal(render_ball(), render_ball())


def test_a_lone_ball_sees_the_whole_sky_and_is_lit_from_above_left() -> None:
    mesh = joined([part(1, sphere(12.0))])
    scene = Scene(mesh.vertices, mesh.faces)
    assert openness(scene, mesh.vertices, mesh.normals, 64).min() > 0.99
    rgba = render_ball().astype(int)
    height, width = rgba.shape[:2]
    assert rgba[height // 2 - 20, width // 2 - 20, 0] > rgba[height // 2 + 20, width // 2 + 20, 0] + 20


def test_a_gap_between_two_slabs_is_dark() -> None:
    mesh = joined([part(1, box((-50, -50, -5), (50, 50, 0))), part(2, box((-50, -50, 2), (50, 50, 5)))])
    scene = Scene(mesh.vertices, mesh.faces)
    point, normal = np.array([[0, 0, 0.0]], np.float32), np.array([[0, 0, 1.0]], np.float32)
    assert openness(scene, point, normal, 128)[0] < 0.12


def test_edges_are_antialiased_without_fringes() -> None:
    rgba = bleed(render_ball())
    alpha = rgba[..., 3]
    soft = (alpha > 0) & (alpha < 255)
    assert soft.any()
    # Straight alpha: a half covered pixel has the full colour of the ball, not a mix with black.
    assert rgba[soft][:, 0].min() > 30
    ring = (alpha == 0) & (rgba[..., 0] > 0)
    assert ring.any()  # the colour goes on under the transparent pixels beside the edge

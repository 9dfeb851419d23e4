"""The extended lung zone: its surface on fields that can be worked out by hand, its rule on the body."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree

from platemaker import lungzone, settings
from platemaker.body import COMPUTED, Body
from platemaker.errors import PlatemakerError
from platemaker.geometry import Floats, Ints, unit
from platemaker.landmarks import DOWN, UP, Field, cut, far, nearest
from platemaker.lungzone import LEFT_ZONE, RIGHT_ZONE, lung_zone
from platemaker.rays import Scene
from platemaker.skin import filled, surface_net
from tests.platemaker.shapes import sphere, write_body

on_the_body = pytest.mark.skipif(
    not (settings.body_folder() / "index.csv").is_file(), reason="the reference body is not here"
)

ENDS = ("l", "r")
AWAY = {"l": np.array([1.0, 1.0, 1.0]), "r": np.array([-1.0, 1.0, 1.0])}


def edge_counts(faces: Ints) -> Ints:
    """How often each directed edge occurs, and its opposite: one row an edge."""
    ahead = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    _, edge = np.unique(np.sort(ahead, axis=1), axis=0, return_inverse=True)
    rising = ahead[:, 0] < ahead[:, 1]
    size = edge.max() + 1
    return np.stack([np.bincount(edge.ravel()[way], minlength=size) for way in (rising, ~rising)], axis=1)


# --- the surface -------------------------------------------------------------------------------------


def test_the_surface_of_a_ball_is_closed_and_in_its_place() -> None:
    """A ball of 14 cells round (24, 24, 24)."""
    points = np.stack(np.meshgrid(*[np.arange(49.0)] * 3, indexing="ij"), axis=3)
    vertices, faces = lungzone._surface(np.linalg.norm(points - 24.0, axis=3) - 14.0)
    assert (edge_counts(faces) == 1).all()
    assert np.linalg.norm(vertices - 24.0, axis=1) == pytest.approx(14.0, abs=0.1)


def test_checkerboards_are_filled_so_that_each_edge_has_two_faces() -> None:
    """Two blocks that touch along an edge, and two that touch at a corner."""
    solid = np.zeros((24, 24, 24), np.bool_)
    solid[4:8, 4:8, 4:8] = solid[8:12, 8:12, 4:8] = True
    solid[14:17, 14:17, 14:17] = solid[17:20, 17:20, 17:20] = True
    field = np.where(solid, -1.0, 1.0)
    _, before = surface_net(field.astype(np.float32))
    _, after = surface_net(lungzone._unchecked(field).astype(np.float32))
    assert not (edge_counts(before) == 1).all()
    assert (edge_counts(after) == 1).all()
    assert (lungzone._unchecked(field)[solid] < 0).all()


def test_slits_are_bridged_and_crumbs_and_hollows_are_gone() -> None:
    solid = np.zeros((40, 30, 30), np.bool_)
    solid[5:25, 5:10, 5:25] = solid[5:25, 14:19, 5:25] = True
    solid[12, 7, 12] = False
    solid[34, 24, 24] = True
    mended = lungzone._mended(solid)
    assert mended[7:23, 5:19, 7:23].all()
    assert not mended[34, 24, 24]
    assert (mended | ~solid)[:30].all()


# --- the sacs ----------------------------------------------------------------------------------------


def test_a_sac_is_the_outer_shell_of_its_own_side(tmp_path: Path) -> None:
    shells = [sphere(10.0, (50, 0, 0), 2), sphere(12.0, (50, 0, 0), 2), sphere(30.0, (-50, 0, 0), 2)]
    write_body(tmp_path / "body", {"organs/pleura": lungzone._joined(shells)})
    field = Field(Body(tmp_path / "body"))
    for end, radius in (("l", 12.0), ("r", 30.0)):
        vertices, _ = lungzone._Side(field, end).sac()
        assert np.linalg.norm(vertices - [50, 0, 0], axis=1) == pytest.approx(radius, abs=1e-3)


def test_a_missing_sac_is_named(tmp_path: Path) -> None:
    write_body(tmp_path / "body", {"organs/pleura": sphere(10.0, (50, 0, 0), 2)})
    with pytest.raises(PlatemakerError, match=r"organs/pleura has no closed sac on the side r"):
        lungzone._Side(Field(Body(tmp_path / "body")), "r").sac()


# --- the zone on the body ----------------------------------------------------------------------------


@cache
def field() -> Field:
    return Field(Body(settings.body_folder()))


@cache
def zones() -> dict[str, tuple[Floats, Ints]]:
    return lung_zone(field().body)


def zone(end: str) -> trimesh.Trimesh:
    return trimesh.Trimesh(*zones()[f"computed/lung_zone.{end}"], process=False)


def bone(name: str, end: str) -> str:
    return f"skeleton/{name}.{end}"


def spot(name: str, end: str) -> Floats:
    """A landmark of the left side, or its mirror image: bones are mirror images of each other."""
    return np.asarray(field().point(name) * AWAY[end])


def section(end: str, axis: int, level: float) -> Floats:
    """Corners of the zone's section by a plane across an axis, with x outward on both sides."""
    normal = np.eye(3)[axis]
    lines = trimesh.intersections.mesh_plane(zone(end), normal, normal * level)
    return np.asarray(np.asarray(lines).reshape(-1, 3) * AWAY[end])


@on_the_body
def test_there_is_one_zone_a_side_by_the_name_that_the_body_knows() -> None:
    assert [(mesh, side) for mesh, side in COMPUTED] == [(LEFT_ZONE, "left"), (RIGHT_ZONE, "right")]
    assert set(zones()) == {LEFT_ZONE, RIGHT_ZONE}


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_it_is_one_closed_smooth_mesh_wound_outward(end: str) -> None:
    vertices, faces = zones()[f"computed/lung_zone.{end}"]
    assert vertices.dtype == np.float64
    assert faces.dtype == np.int64
    assert len(faces) <= 25_000
    assert (edge_counts(faces) == 1).all()
    mesh = zone(end)
    assert mesh.body_count == 1
    assert mesh.volume > 0
    assert 3.0 < np.median(mesh.edges_unique_length) < 5.0
    # Smooth: hardly a fold that is sharper than a right angle, and only along the thin rims.
    assert np.mean(mesh.face_adjacency_angles > np.radians(90.0)) < 0.002


@on_the_body
def test_it_adds_the_recesses_to_the_lungs_and_not_the_abdomen() -> None:
    volumes = {}
    for end in ENDS:
        sac = trimesh.Trimesh(*lungzone._Side(field(), end).sac(), process=False)
        volumes[end] = zone(end).volume
        assert 0.3e6 < volumes[end] - abs(sac.volume) < 0.7e6
        # Nothing lower than the first lumbar spine, in front nothing below the ninth rib.
        low = zone(end).vertices
        ninth = field().point("rib-09-midclavicular")
        assert low[:, 1].min() > field().point("spinous-l1")[1]
        assert low[low[:, 2] > ninth[2] - 15.0, 1].min() > ninth[1]
    assert volumes["l"] < volumes["r"]


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_it_contains_the_pleura_and_the_lobes_of_its_side(end: str) -> None:
    side = lungzone._Side(field(), end)
    pleura = field().mesh("organs/pleura")[0]
    inner = np.concatenate([pleura[pleura[:, 0] * AWAY[end][0] > 0], side.lobes() * AWAY[end]])
    assert len(inner) > 50_000
    vertices, faces = zones()[f"computed/lung_zone.{end}"]
    outside = inner[~zone(end).contains(inner)]
    away = [np.linalg.norm(nearest(vertices, faces, point) - point) for point in outside]
    assert max(away, default=0.0) < 1.0
    assert len(outside) < 0.01 * len(inner)


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_it_reaches_the_line_of_reflection(end: str) -> None:
    """Rib 8 in the midclavicular line, rib 10 in the midaxillary line, 10 mm below the neck of rib 12."""
    x = field().point("clavicle-middle")[0]
    front = section(end, 0, x * AWAY[end][0])
    lowest = front[front[:, 2] > 40.0, 1].min()
    eighth = bone("costal_cartilage_of_eighth_rib", end)
    assert lowest == pytest.approx(cut(eighth, 0, x * AWAY[end][0], DOWN)(field())[1][1], abs=3.0)
    assert spot("rib-09-midclavicular", end)[1] < lowest < spot("rib-08-midclavicular", end)[1]

    z = spot("rib-10-midaxillary", end)[2]
    flank = section(end, 2, z)
    lowest = flank[flank[:, 0] > 90.0, 1].min()
    assert lowest == pytest.approx(cut(bone("tenth_rib", end), 2, z, DOWN)(field())[1][1], abs=3.0)
    assert spot("rib-11-midaxillary", end)[1] < lowest < spot("rib-10-midaxillary", end)[1]

    neck = 29.0 * AWAY[end][0]
    back = section(end, 0, neck)
    lowest = back[back[:, 2] < -20.0, 1].min()
    below = cut(bone("twelfth_rib", end), 0, neck, DOWN)(field())[1][1] - lowest
    assert 8.0 < below < 15.0


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_rays_through_the_chest_wall_above_the_line_meet_it_and_below_do_not(end: str) -> None:
    above = [f"rib-{n:02}-midclavicular" for n in range(2, 9)]
    above += [f"rib-{n:02}-midaxillary" for n in range(3, 11)] + [f"rib-{n:02}-angle" for n in range(2, 11)]
    below = ["rib-09-midclavicular", "rib-11-midaxillary", "rib-12-tip", "costal-margin-midclavicular"]
    scene = Scene(*zones()[f"computed/lung_zone.{end}"])
    for names, met in ((above, True), (below, False)):
        start = np.array([spot(name, end) for name in names])
        inward = start * [0, 1, 0] + np.array([45.0 * AWAY[end][0], 0, 0]) - start
        hits = scene.first(start.astype(np.float32), unit(inward).astype(np.float32))
        near = hits.distance < 25.0
        assert (near == met).all(), [name for name, here in zip(names, near, strict=True) if here != met]


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_the_dome_stands_20_to_30_mm_above_the_medial_third_of_the_clavicle(end: str) -> None:
    inner, outer = spot("clavicle-sternal-end", end), spot("clavicle-acromial-end", end)
    apex = zone(end).vertices[zone(end).vertices[:, 1].argmax()]
    assert 0.0 < (apex[0] - inner[0]) / (outer[0] - inner[0]) < 1 / 3
    top = cut(bone("clavicle", end), 0, float(apex[0]), UP)(field())[1][1]
    assert 20.0 < apex[1] - top < 30.0
    # A dome, no spike: 10 mm below its top it is as wide as the first rib's ring allows.
    ring = section(end, 1, apex[1] - 10.0)
    assert np.ptp(ring[:, 0]) > 20.0
    assert np.ptp(ring[:, 2]) > 20.0
    assert far(bone("first_rib", "l"), (1, 0, 0))(field())[1][0] > ring[:, 0].max()


@on_the_body
@pytest.mark.parametrize("end", ENDS)
def test_it_stays_inside_the_skin_the_ribs_and_its_own_half(end: str) -> None:
    vertices, faces = zones()[f"computed/lung_zone.{end}"]
    skin = trimesh.Trimesh(*filled(*field().mesh("skin/skin")), process=False)
    assert skin.contains(vertices).all()
    assert (vertices[:, 0] * AWAY[end][0]).min() > 0.0

    # Distance from an upright axis inside the chest, by direction and height: within the outer face of
    # the ribs, which runs straight from one rib to the next.
    turn, height = np.meshgrid(np.radians(np.arange(-95, 96, 2)), np.arange(1100.0, 1385.0, 3.0))
    way = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], axis=2).reshape(-1, 3)
    start = np.array([45.0, 0.0, 0.0]) + height.reshape(-1, 1) * [0, 1, 0] + 300.0 * way
    meshes = (lungzone._Side(field(), end).bones(), (vertices * AWAY[end], faces))
    ribs, out = (
        300.0 - Scene(*mesh).first(start.astype(np.float32), (-way).astype(np.float32)).distance
        for mesh in meshes
    )
    ribs, out = ribs.reshape(turn.shape), out.reshape(turn.shape)
    assert (out > 0.0).mean() > 0.7
    for bone_here, zone_here in zip(ribs.T, out.T, strict=True):
        near = bone_here > 40.0
        # The straight line cuts the corner at the rounded edges of a rib: 0.8 mm at most on this body.
        assert (zone_here < np.interp(height[:, 0], height[near, 0], bone_here[near]) + 1.5).all()


@on_the_body
def test_left_is_not_the_mirror_of_right() -> None:
    left, right = (zones()[name][0] for name in (LEFT_ZONE, RIGHT_ZONE))
    away, _ = cKDTree(right).query(left * AWAY["r"])
    # The heart's side: the sacs of this body differ by centimetres there, the chest wall hardly.
    assert away.max() > 15.0
    assert np.median(away) < 4.0


@on_the_body
def test_it_is_the_same_each_time() -> None:
    again = lung_zone(Body(settings.body_folder()))
    for name, (vertices, faces) in zones().items():
        assert np.array_equal(again[name][0], vertices)
        assert np.array_equal(again[name][1], faces)

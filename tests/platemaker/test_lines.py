"""Centre lines of tubes, and the bridges over the gap of the neck vessels."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from platemaker import settings
from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.geometry import Floats, Ints
from platemaker.lines import CELL, PATH, _samples, bridges, centre_line
from platemaker.manifest import read_manifest
from triggermap.body.lines import Lines, load_lines
from triggermap.body.plates import load_body
from triggermap.dataset.loader import load
from triggermap.paths import data_dir
from triggermap.safety.stored import Ways, sides_of
from triggermap.safety.ways import Surroundings

HERE = (settings.ASSETS / PATH).is_file()


def tube(path: Floats, radius: float, sides: int = 12, caps: bool = True) -> tuple[Floats, Ints]:
    """A closed tube about a path (N, 3) that lies in the plane z = 0."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1)[:, None]
    across = np.cross(along, (0.0, 0.0, 1.0))
    turn = 2 * np.pi * np.arange(sides) / sides
    rings = (
        path[:, None]
        + radius * np.cos(turn)[None, :, None] * across[:, None]
        + radius * np.sin(turn)[None, :, None] * np.array((0.0, 0.0, 1.0))
    )
    faces = []
    for ring in range(len(path) - 1):
        for k in range(sides):
            a, b = ring * sides + k, ring * sides + (k + 1) % sides
            faces += [(a, b, a + sides), (b, b + sides, a + sides)]
    vertices = rings.reshape(-1, 3)
    if caps:
        for ring, middle in ((0, len(vertices)), (len(path) - 1, len(vertices) + 1)):
            for k in range(sides):
                a, b = ring * sides + k, ring * sides + (k + 1) % sides
                faces.append((b, a, middle) if ring == 0 else (a, b, middle))
        vertices = np.concatenate([vertices, path[[0, -1]]])
    return vertices, np.array(faces, np.int64)


def straight(length: float = 80.0) -> Floats:
    return np.stack([np.linspace(0, length, 9), np.zeros(9), np.zeros(9)], 1)


def bent(radius: float = 40.0) -> Floats:
    turn = np.linspace(0, np.pi / 2, 25)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), np.zeros(25)], 1)


@pytest.mark.parametrize("radius", [0.6, 3.0, 9.0])
@pytest.mark.parametrize("caps", [True, False])
@pytest.mark.parametrize("inside_out", [True, False])
def test_the_line_runs_along_the_middle(radius: float, caps: bool, inside_out: bool) -> None:
    vertices, faces = tube(straight(), radius, caps=caps)
    line = centre_line(vertices, faces[:, ::-1] if inside_out else faces)
    assert np.hypot(line[:, 1], line[:, 2]).max() < 0.25 * radius
    # Its ends are drawn in by half the tube's width at most.
    assert line[:, 0].min() < 0.6 * radius + 1.0
    assert line[:, 0].max() > 79.0 - 0.6 * radius
    assert np.diff(np.sort(line[:, 0])).max() < 2 * CELL


def test_it_follows_a_bend() -> None:
    line = centre_line(*tube(bent(), 3.0))
    assert np.abs(np.hypot(line[:, 0], line[:, 1]) - 40.0).max() < 1.0
    assert np.abs(line[:, 2]).max() < 1.0


def test_an_open_ribbon_is_told_by_its_wall() -> None:
    vertices = np.array([[0, 0, 0], [30, 0, 0], [30, 2, 0], [0, 2, 0]], float)
    line = centre_line(vertices, np.array([[0, 1, 2], [0, 2, 3]], np.int64))
    assert len(line) > 10
    assert line[:, 0].max() - line[:, 0].min() > 26


def neck() -> dict[str, Floats]:
    """Upright pieces of the vessels of both sides, the left ones at x = 20."""

    def upright(x: float, low: float, high: float, z: float = 0.0) -> Floats:
        y = np.arange(low, high)
        return np.stack([np.full(len(y), x), y, np.full(len(y), z)], 1)

    found: dict[str, Floats] = {}
    for end, word, sign in (("l", "left", 1), ("r", "right", -1)):
        found |= {
            f"arteries/{word}_common_carotid_artery.{end}": upright(20 * sign, 1400, 1446),
            f"arteries/{word}_internal_carotid_artery.{end}": upright(30 * sign, 1506, 1600),
            f"veins/{word}_internal_jugular_vein.{end}": upright(28 * sign, 1400, 1450, 5),
            f"arteries/{word}_vertebral_artery.{end}": upright(15 * sign, 1471, 1580, -20),
            f"arteries/{word}_subclavian_artery.{end}": upright(25 * sign, 1400, 1430, -5),
        }
    return found


def test_the_neck_vessels_are_bridged_on_both_sides() -> None:
    made = dict(bridges(neck(), 1560.0))
    assert len(made) == 6
    for sign, end, word in ((1, "l", "left"), (-1, "r", "right")):
        carotid = made[f"arteries/{word}_common_carotid_artery.{end}"]
        assert (carotid[:, 1].min(), carotid[:, 1].max()) == (pytest.approx(1443.5), pytest.approx(1507.5))
        assert np.linalg.norm(np.diff(carotid, axis=0), axis=1).max() <= CELL + 1e-9
        jugular = made[f"veins/{word}_internal_jugular_vein.{end}"]
        assert 1557 < jugular[:, 1].max() < 1560
        assert jugular[:, 1].min() < 1452
        # Beside the carotid, where it is from there on.
        top = jugular[jugular[:, 1].argmax()]
        assert top[0] * sign == pytest.approx(30 + 7.5, abs=1.0)
        assert top[2] == pytest.approx(5, abs=0.5)
        vertebral = made[f"arteries/{word}_vertebral_artery.{end}"]
        assert vertebral[0] == pytest.approx([25 * sign, 1429, -5])
        assert vertebral[-1] == pytest.approx([15 * sign, 1473, -20], abs=1)


def test_a_body_without_a_neck_vessel_is_told() -> None:
    found = neck()
    del found["arteries/left_internal_carotid_artery.l"]
    with pytest.raises(PlatemakerError, match="left_internal_carotid_artery"):
        bridges(found, 1560.0)


# --- the committed file ---------------------------------------------------------------------------


@cache
def committed() -> tuple[Lines, dict[str, int]]:
    ids = {s["mesh"]: s["id"] for s in read_manifest(settings.ASSETS)["structures"]}
    return load_lines(settings.ASSETS / PATH), ids


def points(*meshes: str) -> Floats:
    lines, ids = committed()
    return lines.points[np.isin(lines.structure, [ids[mesh] for mesh in meshes])].astype(float)


@pytest.mark.skipif(not HERE, reason="assets/body has not been made")
@pytest.mark.parametrize(("end", "word"), [("l", "left"), ("r", "right")])
def test_no_needle_slips_through_the_gap_of_the_neck(end: str, word: str) -> None:
    """Carotid and jugular from the root of the neck to the skull, the vertebral from the subclavian."""
    carotid = points(
        f"arteries/{word}_common_carotid_artery.{end}", f"arteries/{word}_internal_carotid_artery.{end}"
    )
    jugular = points(f"veins/{word}_internal_jugular_vein.{end}")
    vertebral = points(f"arteries/{word}_vertebral_artery.{end}")
    for line, low, high in ((carotid, 1415, 1600), (jugular, 1425, 1545), (vertebral, 1435, 1570)):
        heights = np.sort(line[:, 1])
        assert heights[0] < low
        assert heights[-1] > high
        assert np.diff(heights).max() < 4.0
    assert (carotid[:, 0] > 0).all() == (end == "l")


MESHES = (settings.body_folder() / "index.csv").is_file()


@pytest.mark.skipif(not (HERE and MESHES), reason="the meshes are not here")
def test_nearness_agrees_with_the_walls_of_the_meshes() -> None:
    """Measured another way: from the straight way to the wall, which lies at most a radius off the line."""
    source = Body(settings.body_folder())
    computed = load_body(settings.ASSETS)
    around, ways = Surroundings(computed), Ways(computed)
    points = [p for m in load(data_dir()).muscles for p in m.trigger_points]
    checked = 0
    for point in points[::9]:
        for side in sides_of(point):
            start, end = around.straight(point.position, side)
            for near in ways.of(point, side).near:
                if near.bridged or "cauda" in near.structure.mesh or "dura" in near.structure.mesh:
                    continue
                wall = to_segment(walls(source, near.structure.mesh), start, end)
                assert wall - 0.5 <= near.distance <= wall + 14.0, (point.id, near)
                checked += 1
    assert checked > 100


@cache
def walls(source: Body, mesh: str) -> Floats:
    vertices, faces = source.mesh(mesh)
    places: Floats = _samples(vertices, faces)[0]
    return places


def to_segment(places: Floats, start: Floats, end: Floats) -> float:
    along = end - start
    share = np.clip((places - start) @ along / (along @ along), 0, 1)
    return float(np.linalg.norm(places - start - share[:, None] * along, axis=1).min())


@pytest.mark.skipif(not HERE, reason="assets/body has not been made")
def test_every_nerve_and_vessel_has_its_line() -> None:
    lines, ids = committed()
    tubes = {n for mesh, n in ids.items() if mesh.startswith(("nerves/", "arteries/", "veins/"))}
    assert tubes == set(np.unique(lines.structure).tolist())

"""The partition of the skin and the dots on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from platemaker.dots import fineness, make_dots
from platemaker.errors import PlatemakerError
from platemaker.geometry import adjacency, edges_of
from platemaker.regions import (
    Seeded,
    firmness,
    mirrored,
    partition,
    read_regions,
    region_at,
    values_of,
)
from tests.platemaker.shapes import sphere

RADIUS = 100.0
BALL = sphere(RADIUS, (0, 1200, 0), 5)


def seeded(
    name: str, *seeds: tuple[float, float, float], paired: bool = True, reach: float = 200.0
) -> Seeded:
    return Seeded(name, paired, np.array(seeds, float) + np.array([0, 1200, 0]), reach)


FOUR = [
    seeded("arm", (100, 0, 0), (80, 60, 0)),
    seeded("brow", (40, 0, 92)),
    seeded("mid", (0, -100, 0), paired=False),
    seeded("top", (0, 100, 0), paired=False),
]


def test_every_vertex_has_a_region_and_both_sides_are_alike() -> None:
    vertices, faces = BALL
    label = partition(vertices, faces, FOUR)
    assert set(np.unique(label)) == set(range(1, 7))
    values = values_of(FOUR)
    assert [(v.value, v.region, v.side) for v in values][:3] == [
        (1, "arm", "left"), (2, "arm", "right"), (3, "brow", "left")]  # fmt: skip
    swap = np.array([0, 2, 1, 4, 3, 5, 6])
    _, other = cKDTree(vertices).query(mirrored(vertices))
    off_midline = np.abs(vertices[:, 0]) > 1e-6
    np.testing.assert_array_equal(label[other][off_midline], swap[label][off_midline])


def test_no_region_has_an_island() -> None:
    vertices, faces = BALL
    label = partition(vertices, faces, FOUR)
    edges, _, _ = edges_of(faces)
    same = edges[label[edges[:, 0]] == label[edges[:, 1]]]
    _, piece = connected_components(adjacency(len(vertices), same), directed=False)
    for value in np.unique(label):
        assert len(np.unique(piece[label == value])) == 1


def test_a_region_ends_at_its_reach() -> None:
    vertices, faces = BALL
    label = partition(vertices, faces, [seeded("spot", (0, 0, 100), paired=False, reach=40.0)])
    # Along the surface: 40 mm of arc on a ball of radius 100.
    arc = RADIUS * np.arccos(np.clip(vertices[:, 2] / RADIUS, -1, 1))
    assert arc[label == 1].max() < 44.0
    assert arc[label == 0].min() > 35.0  # rounding draws a small spot in a little


def test_without_a_file_there_are_no_regions(tmp_path: Path) -> None:
    assert read_regions(tmp_path / "regions.yaml") == []
    vertices, faces = BALL
    assert not partition(vertices, faces, []).any()


def test_deep_regions_have_no_area_and_a_bad_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "regions.yaml"
    path.write_text(
        "regions:\n- {id: b, seeds: [[1, 2, 3]]}\n- {id: a, anchor: [0, 0, 0]}\n"
        "- {id: a2, seeds: [[1, 2, 3]], reach: 9}\n"
    )
    found = read_regions(path)
    assert [(r.id, r.reach, r.paired) for r in found] == [("a2", 9.0, True), ("b", 45.0, True)]
    path.write_text("regions:\n- {id: b, seeds: [1, 2, 3]}\n")
    with pytest.raises(PlatemakerError, match="region 'b'"):
        read_regions(path)


def test_dots_keep_their_distance_at_every_density_and_are_mirror_images() -> None:
    vertices, faces = BALL
    dots = make_dots(vertices, faces, spacing=8.0, coarsest=60.0)
    assert (fineness(dots.points) == 1.0).all()
    for share in (1.0, 0.25):
        some = dots.points[dots.rank < share]
        gap = cKDTree(some).query(some, k=2)[0][:, 1]
        assert gap.min() >= 8.0 - 1e-9
        # Evenly spread: neighbours stand at a good part of the distance of a perfect lattice.
        area = 4 * np.pi * RADIUS**2 / len(some)
        assert gap.min() > 0.55 * np.sqrt(2 * area / np.sqrt(3))
    half = len(dots.points) // 2
    np.testing.assert_allclose(dots.points[half:], mirrored(dots.points[:half]))
    assert 0 < dots.rank.min() < dots.rank.max() < 1
    fewer = make_dots(vertices, faces, spacing=8.0, coarsest=60.0)
    np.testing.assert_array_equal(fewer.points, dots.points)


def test_borders_run_through_the_triangles() -> None:
    vertices, faces = BALL
    # A border askew to the mesh, so that it cuts its triangles anyhow.
    way = np.array([0.8, 0.5, 0.33]) / np.linalg.norm([0.8, 0.5, 0.33])
    beyond = (vertices - np.array([0, 1200, 0])) @ way
    label = np.where(beyond > 20.0, 2, 1).astype(np.uint16)
    mixed = faces[label[faces].min(axis=1) != label[faces].max(axis=1)]
    assert len(mixed) > 100
    weights = np.random.default_rng(3).dirichlet((1, 1, 1), len(mixed)).astype(np.float32)
    truth = np.where((beyond[mixed] * weights).sum(1) > 20.0, 2, 1)
    firm = firmness(faces, label)
    assert firm.min() > 0
    assert firm.max() == pytest.approx(1.0)
    right = (region_at(label, firm, mixed, weights) == truth).mean()
    halfway = (region_at(label, np.ones_like(firm), mixed, weights) == truth).mean()
    assert 1 - right < 0.6 * (1 - halfway)
    whole = faces[label[faces].min(axis=1) == label[faces].max(axis=1)][:50]
    np.testing.assert_array_equal(region_at(label, firm, whole, weights[:50]), label[whole[:, 0]])


def test_a_part_that_hangs_by_no_edge_has_one_region() -> None:
    vertices, faces = BALL
    small, triangles = sphere(30.0, (0, 1200, 134), 3)
    both = np.concatenate([vertices, small])
    split = [seeded("low", (0, -70, 71), paired=False), seeded("high", (0, 70, 71), paired=False)]
    label = partition(both, np.concatenate([faces, triangles + len(vertices)]), split)
    assert set(np.unique(label[: len(vertices)])) == {1, 2}
    assert len(np.unique(label[len(vertices) :])) == 1
    assert (label > 0).all()

"""Blue-noise dots on the skin with a progressive order, made once in 3-D, alike left and right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from platemaker.geometry import Floats, Ints, face_normals, unit

SPACING = 4.5  # mm between neighbours on the trunk and limbs
FINE = 0.6  # share of the spacing on head, hands and feet
COARSEST = 60.0  # mm: spacing of the first dots
SEED = 20240817


@dataclass(frozen=True)
class Dots:
    """Points on the skin: positions (N, 3) mm, unit normals (N, 3), rank (N,) in 0..1."""

    points: Floats
    normals: Floats
    rank: npt.NDArray[np.float32]


def fineness(points: Floats) -> Floats:
    """Share of the full spacing (N,) at each point: smaller on head, hands and feet."""
    head = _step(points[:, 1], 1480.0, 1530.0)
    feet = _step(-points[:, 1], -120.0, -80.0)
    hands = _step(-points[:, 1], -900.0, -850.0) * _step(np.abs(points[:, 0]), 205.0, 225.0)
    return 1.0 - (1.0 - FINE) * np.maximum(np.maximum(head, feet), hands)


def _step(value: Floats, low: float, high: float) -> Floats:
    return np.clip((value - low) / (high - low), 0.0, 1.0)


def sample_surface(
    vertices: Floats, faces: Ints, count: int, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """``count`` random points spread evenly over a mesh, with the unit normals of their faces."""
    normals = face_normals(vertices, faces)
    area = np.linalg.norm(normals, axis=1)
    total = np.cumsum(area)
    face = np.searchsorted(total, random.random(count) * total[-1], side="right").clip(0, len(faces) - 1)
    one, two = random.random((2, count))
    root = np.sqrt(one)
    weights = np.stack([1 - root, root * (1 - two), root * two], axis=1)
    points = (vertices[faces[face]] * weights[:, :, None]).sum(1)
    return points, unit(normals[face])


def make_dots(
    vertices: Floats, faces: Ints, spacing: float = SPACING, coarsest: float = COARSEST, seed: int = SEED
) -> Dots:
    """Dots on a closed mesh that is its own mirror image in x = 0.

    Dots are thrown level by level with a shrinking distance, so that the first k of them are
    spread evenly for any k. Only x > 0 is filled; the other half is the mirror image.
    """
    random = np.random.default_rng(seed)
    half = faces[(vertices[faces][:, :, 0] > 0).all(1)]
    area = 0.5 * np.linalg.norm(face_normals(vertices, half), axis=1).sum()
    chosen = np.zeros((0, 3))
    normals = np.zeros((0, 3))
    levels = np.geomspace(coarsest, spacing, max(2, round(np.log(coarsest / spacing) / np.log(1.2))))
    for distance in levels:
        tries = int(7.0 * area / (distance * (1.0 + FINE) / 2) ** 2)
        points, way = sample_surface(vertices, half, tries, random)
        radius = distance * fineness(points)
        free = 2.0 * points[:, 0] >= radius
        if len(chosen):
            gap, _ = cKDTree(chosen).query(points, workers=1)
            free &= gap >= radius
        points, way, radius = points[free], way[free], radius[free]
        taken = _independent(points, radius)
        chosen = np.concatenate([chosen, points[taken]])
        normals = np.concatenate([normals, way[taken]])
    count = len(chosen)
    rank = ((np.arange(count) + 0.5) / max(count, 1)).astype(np.float32)
    flip = np.array([-1.0, 1.0, 1.0])
    return Dots(
        np.concatenate([chosen, chosen * flip]),
        np.concatenate([normals, normals * flip]),
        np.concatenate([rank, rank]),
    )


def _independent(points: Floats, radius: Floats) -> Ints:
    """Indices of points chosen first come first served, none nearer than the radius to another."""
    count = len(points)
    if count == 0:
        return np.zeros(0, np.int64)
    pairs = cKDTree(points).query_pairs(float(radius.max()), output_type="ndarray")
    apart = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    pairs = pairs[apart < np.minimum(radius[pairs[:, 0]], radius[pairs[:, 1]])]
    alive = np.ones(count, np.bool_)
    taken = np.zeros(count, np.bool_)
    while alive.any():
        live = pairs[alive[pairs].all(1)]
        beaten = np.zeros(count, np.bool_)
        beaten[live.max(1)] = True  # a lower index came first
        winners = alive & ~beaten
        taken |= winners
        alive &= ~winners
        fallen = live[winners[live].any(1)]
        alive[fallen.ravel()] = False
    return np.flatnonzero(taken)

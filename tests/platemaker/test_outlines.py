"""Outlines of known areas."""

from __future__ import annotations

import numpy as np
import pytest

from platemaker.outlines import ring_area, rings_of, simplified
from platemaker.plates import PLATES
from platemaker.scenemesh import joined
from platemaker.sprites import Alone, outline, outlines_table, own_sky
from tests.platemaker.shapes import part, sphere


def disc(radius: float, hole: float = 0.0, size: int = 80) -> np.ndarray:
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    away = np.hypot(x, y)
    cover = np.clip(radius - away + 0.5, 0, 1) * np.clip(away - hole + 0.5, 0, 1)
    return np.asarray(cover, dtype=np.float32)


def test_the_outline_of_a_disc_has_its_area() -> None:
    rings = rings_of(disc(25.0))
    assert len(rings) == 1
    assert abs(ring_area(rings[0])) == pytest.approx(np.pi * 25**2, rel=0.005)


def test_a_hole_is_a_second_ring_of_the_opposite_sense() -> None:
    areas = sorted((ring_area(r) for r in rings_of(disc(30.0, 12.0))), key=abs)
    assert len(areas) == 2
    assert areas[0] * areas[1] < 0
    assert abs(areas[0]) == pytest.approx(np.pi * 12**2, rel=0.02)


def test_simplifying_keeps_the_ring_within_the_tolerance() -> None:
    (ring,) = rings_of(disc(25.0))
    fewer = simplified(ring, 0.2)
    assert 8 <= len(fewer) < len(ring) / 3
    centre = (80 - 1) / 2
    closed = np.concatenate([fewer, fewer[:1]])
    middles = 0.5 * (closed[1:] + closed[:-1])
    assert np.abs(np.hypot(*(middles - centre).T) - 25.0).max() < 0.3


def test_a_ball_has_a_round_outline_in_plate_millimetres() -> None:
    plate = PLATES[0]
    mesh = joined([part(4, sphere(20.0, (50.0, 1000.0, 0.0), 4)), part(9, sphere(5.0))])
    (ring,) = outline(Alone(mesh, 4, own_sky(mesh, 4)), plate)
    assert 0.5 * (ring.min(0) + ring.max(0)) == pytest.approx([50.0, 1000.0], abs=0.3)
    assert ring_area(ring.astype(float)) == pytest.approx(
        np.pi * 400, rel=0.01
    )  # positive: counter-clockwise
    table = outlines_table({4: [ring], 2: []})
    assert table["structure"].tolist() == [4]
    assert table["start"].tolist() == [0, len(ring)]

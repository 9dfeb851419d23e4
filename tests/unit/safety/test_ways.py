"""What lies on the ways to a site, on the small body of tests/bodies.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.stacked import write_stacked_body
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Position
from triggermap.safety.ways import Surroundings


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return load_body(write_stacked_body(tmp_path_factory.mktemp("body")))


@pytest.fixture(scope="module")
def around(body: Body) -> Surroundings:
    return Surroundings(body)


def position(*at: float, **more: Any) -> Position:
    return Position(mesh="muscles/trapezius.l.1", at=at, rule="For a test.", **more)  # type: ignore[arg-type]


def met(around: Surroundings, place: Position, side: str = "left") -> dict[str, bool]:
    return {one.structure.mesh: one.straight for one in around.found(place, side).met}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((140, 1300, 0), (1, 0, 0)),
        ((60, 1400, -80), (0, 0, -1)),
        ((60, 1400, 80), (0, 0, 1)),
    ],
)
def test_the_way_out_is_that_to_the_nearest_skin(
    around: Surroundings, at: tuple[float, float, float], expected: tuple[float, float, float]
) -> None:
    assert np.dot(around.outward(position(*at), "left"), expected) > 0.97
    mirrored = np.array(expected) * (-1, 1, 1)
    assert np.dot(around.outward(position(*at), "right"), mirrored) > 0.97


def test_an_approach_is_taken_at_its_word(around: Surroundings) -> None:
    assert around.outward(position(140, 1300, 0, approach="front"), "left").tolist() == [0, 0, 1]
    assert around.outward(position(140, 1300, 0, approach="lateral"), "right").tolist() == [-1, 0, 0]


def test_what_lies_before_and_behind_a_site_is_met_on_both_sides(around: Surroundings) -> None:
    # From the side: the thread lies before the site, the spine 54 mm behind it.
    assert met(around, position(150, 1300, 1)) == {"nerves/thread.l": True}
    assert met(around, position(150, 1300, 1), "right") == {"nerves/thread.r": True}
    assert met(around, position(60, 1300, 1, approach="lateral"))["skeleton/spine"]
    assert met(around, position(68, 1300, 1, approach="lateral")).get("skeleton/spine") is None


def test_what_only_a_slanted_way_meets_is_told_so(around: Surroundings) -> None:
    assert met(around, position(150, 1300, 40)) == {}
    assert met(around, position(140, 1300, 12))["nerves/thread.l"] is False


def test_bone_never_ends_a_way(around: Surroundings) -> None:
    # Through the spine to what lies on the other side of it.
    found = met(around, position(6, 1300, 1, approach="lateral"))
    assert found["skeleton/spine"]
    assert "nerves/thread.l" in found

"""The plates as data: ids, sides, and which structures their layers draw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from platemaker.body import Body, Structure
from platemaker.layers import BONE, DEEP, SKIN, SUPERFICIAL, VIEWS, Plate, both_sides, drawn_in, other_side
from platemaker.membership import coverers
from platemaker.plates import PLATES
from tests.platemaker.shapes import box, write_body

GROUPS = {
    "whole", "head-neck", "shoulder", "thorax", "arm", "forearm-hand", "abdomen", "hip", "thigh", "leg",
    "foot", "pelvic-floor",
}  # fmt: skip


def test_ids_are_unique_and_every_plate_begins_with_its_skin() -> None:
    assert len({p.id for p in PLATES}) == len(PLATES)
    for plate in PLATES:
        assert plate.layers[0].id == "skin"
        assert len({layer.id for layer in plate.layers}) == len(plate.layers)
        assert plate.group in GROUPS
        assert plate.short
        assert 3 <= len(plate.layers) <= 9


def test_plates_are_as_fine_as_was_asked_for() -> None:
    assert {p.mm_per_px for p in PLATES if p.group == "whole"} == {0.5}
    assert all(p.mm_per_px <= 0.25 for p in PLATES if p.group != "whole")


def test_sides_name_each_other_and_only_what_is_symmetric_is_mirrored() -> None:
    by_id = {p.id: p for p in PLATES}
    for plate in PLATES:
        if plate.side is None:
            assert plate.counterpart is None
            continue
        other = by_id[str(plate.counterpart)]
        assert other.counterpart == plate.id
        assert {plate.side, other.side} == {"left", "right"}
        assert plate.side in plate.title
        assert other.title == plate.title.replace(plate.side, str(other.side))
        if plate.mirrored_from:
            assert plate.group not in ("whole", "thorax", "abdomen")


def test_the_other_side_sees_the_mirror_image() -> None:
    left = Plate("x-left", VIEWS["left"], "X, left", None, (-10.0, 30.0, 0.0, 9.0), 0.5, (SKIN,), side="left")
    right = other_side(left)
    assert right.id == "x-right"
    assert right.view.id == "right"
    points = np.random.default_rng(3).normal(size=(20, 3))
    mirrored = points * [-1.0, 1.0, 1.0]
    seen, other = points @ left.view.axes.T, mirrored @ right.view.axes.T
    np.testing.assert_allclose(other, seen * [-1.0, 1.0, 1.0])
    assert right.window == (-30.0, 10.0, 0.0, 9.0)
    one, two = both_sides(left)
    assert (one.counterpart, two.counterpart) == ("x-right", "x-left")
    assert two.mirrored_from is None
    assert other_side(replace(left, mirrors=True)).mirrored_from == "x-left"


@pytest.fixture
def body(tmp_path: Path) -> Body:
    """A cover over a hidden muscle, and a muscle on a bone that has one behind it."""
    write_body(
        tmp_path,
        {
            "muscles/cover.l": box((0, 0, 8), (10, 10, 9)),
            "muscles/hidden.l": box((0, 0, 6), (10, 10, 7)),
            "muscles/cuff.l": box((20, 0, 8), (30, 10, 9)),
            "skeleton/blade.l": box((20, 0, 5), (30, 10, 6)),
            "muscles/behind.l": box((20, 0, 2), (30, 10, 3)),
            "muscles/platysma.l": box((40, 0, 2), (50, 10, 3)),
            "muscles/cover.r": box((-10, 0, 8), (0, 10, 9)),
            "skin/skin": box((-20, -20, -20), (60, 20, 20)),
        },
    )
    return Body(tmp_path)


def stack_of(body: Body, *columns: tuple[str, ...]) -> np.ndarray:
    """A peel of one ray a column, each ray ten times."""
    out = np.zeros((10 * len(columns), 5), np.uint16)
    for k, names in enumerate(columns):
        out[10 * k : 10 * k + 10, : len(names)] = [body.by_mesh[n].id for n in names]
    return out


def test_a_muscle_over_a_hidden_one_is_a_coverer_and_a_bone_may_stop_the_count(body: Body) -> None:
    stack = stack_of(
        body,
        ("muscles/cover.l", "muscles/hidden.l"),
        ("muscles/cuff.l", "skeleton/blade.l", "muscles/behind.l"),
    )
    assert coverers(body, stack) == {"cover", "cuff"}
    assert coverers(body, stack, bone_stops=True) == {"cover"}


def names(structures: list[Structure]) -> set[str]:
    return {s.mesh for s in structures}


def test_layers_draw_what_they_say(body: Body) -> None:
    plate = Plate(
        "p", VIEWS["front"], "P", None, (0.0, 60.0, 0.0, 10.0), 0.5, (SKIN, SUPERFICIAL, DEEP, BONE)
    )
    everything = names(drawn_in(body, plate, SUPERFICIAL, frozenset()))
    assert "muscles/platysma.l" not in everything
    assert {"muscles/cover.l", "muscles/cover.r", "skeleton/blade.l"} <= everything
    assert names(drawn_in(body, plate, DEEP, frozenset({"cover"}))) == everything - {
        "muscles/cover.l",
        "muscles/cover.r",
    }
    assert names(drawn_in(body, plate, BONE, frozenset())) == {"skeleton/blade.l"}
    only = replace(SUPERFICIAL, only=frozenset({"cuff"}), hide=frozenset({"blade"}))
    assert names(drawn_in(body, plate, only, frozenset())) == {"muscles/cuff.l"}
    one = replace(plate, side="left", one_sided=True)
    assert "muscles/cover.r" not in names(drawn_in(body, one, SUPERFICIAL, frozenset()))

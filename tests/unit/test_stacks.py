"""Peel stacks and the probe: on boxes worked out by hand, on any rays, and on the shipped body."""

from __future__ import annotations

import json
import timeit
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stacked import ORIGIN, ROWS, SHAPE, SKIN, Ray, write_stack, write_stacked_body
from triggermap import paths
from triggermap.body.plates import FORMAT, Body, DepthMap, Grid, Plate, load_body
from triggermap.body.probe import Probe, body_axes, on_plate, probe, why_not
from triggermap.body.stacks import Entry, load_stack
from triggermap.errors import TriggermapError


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return load_body(write_stacked_body(tmp_path_factory.mktemp("body")))


def listed(found: Probe | None) -> list[tuple[str, float, float]]:
    assert found is not None
    return [(s.structure.mesh, s.entry, s.exit) for s in found.strata]


# --- known by hand ----------------------------------------------------------------------------------------


def test_a_stack_lists_what_the_ray_meets_from_its_reference(body: Body) -> None:
    stack = load_stack(body.stacks["z"])
    found = stack.at(50, 1360)
    meshes = ["skin/skin", "muscles/pectoral.l", "muscles/rhomboid.l", "muscles/trapezius.l.1"]
    assert found == [
        Entry(ROWS[mesh], first, last)
        for mesh, first, last in zip(meshes, (110, 110, 262, 270), (290, 130, 270, 285), strict=True)
    ]
    assert [e.structure for e in stack.at(-50, 1360)] == [
        SKIN, *(ROWS[m.replace(".l", ".r")] for m in meshes[1:])
    ]  # fmt: skip
    assert stack.at(-170.5, 1360) == []  # beside the skin
    assert stack.at(5000, 1360) == stack.at(0, -5000) == []  # beside the grid


def test_the_cell_has_its_lower_edges(body: Body) -> None:
    stack = load_stack(body.stacks["z"])
    pectoral = ROWS["muscles/pectoral.l"]
    assert pectoral in [e.structure for e in stack.at(20.0, 1300.0)]
    assert pectoral not in [e.structure for e in stack.at(19.99, 1300.0)]
    assert pectoral not in [e.structure for e in stack.at(20.0, 1400.0)]


def test_the_probe_counts_from_the_skin_of_its_view(body: Body) -> None:
    front = [
        ("skin/skin", 0.0, 180.0), ("muscles/pectoral.l", 0.0, 20.0), ("muscles/rhomboid.l", 152.0, 160.0),
        ("muscles/trapezius.l.1", 160.0, 175.0),
    ]  # fmt: skip
    assert listed(probe(body, body.plates["front"], 50, 1360)) == front
    back = [
        ("skin/skin", 0.0, 180.0), ("muscles/trapezius.l.1", 5.0, 20.0), ("muscles/rhomboid.l", 20.0, 28.0),
        ("muscles/pectoral.l", 160.0, 180.0),
    ]  # fmt: skip
    found = probe(body, body.plates["back"], -50, 1360)
    assert listed(found) == back
    assert found is not None
    assert found.at == (("x", 50.0), ("y", 1360.0))
    assert (found.plate, found.u, found.v) == ("back", -50, 1360)
    assert [s.thickness for s in found.strata] == [180.0, 15.0, 8.0, 20.0]


def test_a_plate_of_one_side_ends_where_its_own_skin_does(body: Body) -> None:
    left = [
        ("skin/skin", 0.0, 170.0), ("nerves/thread.l", 4.0, 6.0), ("muscles/serratus_anterior.l", 10.0, 60.0),
        ("skeleton/spine", 164.0, 170.0),
    ]  # fmt: skip
    found = probe(body, body.plates["flank-left"], -1, 1300)
    assert listed(found) == left
    assert found is not None
    assert found.at == (("z", 1.0), ("y", 1300.0))
    right = [(mesh.replace(".l", ".r"), first, last) for mesh, first, last in left]
    mirrored = probe(body, body.plates["flank-right"], 1, 1300)  # its depths are those of the left flank
    assert listed(mirrored) == right
    assert mirrored is not None
    assert mirrored.at == (("z", 1.0), ("y", 1300.0))


def test_beside_the_body_there_is_nothing(body: Body) -> None:
    front = body.plates["front"]
    assert probe(body, front, 172, 1300) is None  # on the plate
    assert probe(body, front, 5000, 1300) is None  # beside the plate


@pytest.mark.parametrize(
    ("plate", "axes", "place", "at"),
    [
        ("front", ("x", "y"), (-60.0, 1350.0), (-60.0, 1350.0)),
        ("back", ("x", "y"), (-60.0, 1350.0), (60.0, 1350.0)),
        ("flank-left", ("z", "y"), (30.0, 1350.0), (-30.0, 1350.0)),
        ("flank-right", ("z", "y"), (30.0, 1350.0), (30.0, 1350.0)),
    ],
)
def test_places_in_body_millimetres(body: Body, plate, axes, place, at) -> None:
    one = body.plates[plate]
    assert body_axes(one) == axes
    assert on_plate(one, *place) == at
    assert on_plate(one, *at) == place


def plate_on(body: Body, near: float, far: float) -> Plate:
    """The right flank's view with a skin between two coordinates, as on the medial side of a left limb."""
    plate = replace(body.plates["flank-right"], _mirror=None)
    shape = plate.grid.shape
    vars(plate)["depth"] = DepthMap(
        np.full(shape, near, np.float32), np.full(shape, far, np.float32), Grid(plate.grid.affine, shape)
    )
    return plate


TWO_LEGS: list[Ray] = [
    (SKIN, 300, 1300), (ROWS["muscles/pectoral.l"], 400, 1200),  # x = 170 to 70
    (SKIN, 2700, 3700), (ROWS["muscles/pectoral.r"], 2800, 3600),
]  # fmt: skip
CLOSED_LEGS: list[Ray] = [
    (SKIN, 300, 3700), (ROWS["muscles/pectoral.l"], 400, 1900), (ROWS["muscles/pectoral.r"], 2100, 3600),
]  # fmt: skip
LEFT_ONLY = [("skin/skin", 0.0, 100.0), ("muscles/pectoral.l", 10.0, 90.0)]


@pytest.mark.parametrize(
    ("rays", "near", "far", "expected"),
    [
        (TWO_LEGS, -70, -170, LEFT_ONLY),  # toward is -x: the left thigh lies behind the right one
        (TWO_LEGS, -67, -174, LEFT_ONLY),  # the pixel's skin differs a little from that of the cell
        (TWO_LEGS, -70, -70, LEFT_ONLY),  # a skin without a back
        (CLOSED_LEGS, -20, -170, [("skin/skin", 0.0, 150.0), ("muscles/pectoral.l", 0.0, 140.0)]),
        (TWO_LEGS, 0, -40, None),  # the plate has skin where the body has none
    ],
)
def test_a_medial_plate_begins_at_its_own_skin(tmp_path: Path, body: Body, rays, near, far, expected) -> None:
    cell = ORIGIN[1] // 2, 0
    column, row = round((0 - ORIGIN[0]) / 2), round((1300 - cell[0] * 2) / 2)
    stack = write_stack(tmp_path / "x.npz", "x", {row * SHAPE[0] + column: rays})
    found = probe(replace(body, stacks={"x": stack}), plate_on(body, near, far), 0.0 - 0.5, 1301.0)
    assert (found and listed(found)) == expected


def test_a_view_along_the_body_says_why_it_has_no_cross_section(body: Body) -> None:
    for toward, up in (([0, 1, 0], [0, 0, 1]), ([0, -1, 0], [0, 0, 1])):
        plate = replace(body.plates["front"], toward=np.array(toward, float), up=np.array(up, float))
        reason = why_not(plate)
        assert reason is not None
        assert reason.startswith("This view has no cross-section: ")
        assert probe(body, plate, 0, 1300) is None
    assert [why_not(plate) for plate in body.plates.values()] == [None] * 4


# --- any rays ---------------------------------------------------------------------------------------------

inner = st.tuples(
    st.sampled_from(sorted(set(ROWS.values()) - {SKIN})), st.integers(0, 1699), st.integers(1, 300)
).map(lambda t: (t[0], 1100 + t[1], min(1100 + t[1] + t[2], 2900)))


@settings(deadline=None, max_examples=60)
@given(st.lists(inner, max_size=12))
def test_a_probe_is_in_order_inside_the_skin_and_the_same_from_the_other_end(
    tmp_path_factory: pytest.TempPathFactory, body: Body, rays: list[Ray]
) -> None:
    rays = [(SKIN, 1100, 2900), *sorted(rays, key=lambda r: (r[1], -r[2]))]
    path = tmp_path_factory.mktemp("stack") / "z.npz"
    cell = round((1360 - ORIGIN[1]) / 2) * SHAPE[0] + round((50 - ORIGIN[0]) / 2)
    one = replace(body, stacks={"z": write_stack(path, "z", {cell: rays})})
    front = listed(probe(one, body.plates["front"], 51, 1361))
    back = listed(probe(one, body.plates["back"], -51, 1361))
    for found in (front, back):
        assert found[0] == ("skin/skin", 0.0, 180.0)
        entries = [first for _, first, _ in found]
        assert entries == sorted(entries)
        assert all(0.0 <= first < last <= 180.0 for _, first, last in found)
        assert len(found) == len(rays)
    turned = [(mesh, round(180 - last, 1), round(180 - first, 1)) for mesh, first, last in back]
    assert sorted(turned) == sorted(front)


# --- files that are not right -----------------------------------------------------------------------------


def broken_stack(folder: Path, how: str) -> Path:
    path = write_stack(folder / "stacks" / f"{how}.npz", "z", {0: [(SKIN, 0, 10)]})
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:200])
    elif how == "text":
        path.write_text("no archive")
    else:
        with np.load(path) as pack:
            arrays = dict(pack)
        if how == "lacks":
            del arrays["exit"]
        elif how == "short":
            arrays["start"] = arrays["start"][:-1]
        elif how == "sum":
            arrays["entry"] = arrays["entry"][:0]
        elif how == "step":
            arrays["step"] = np.array([0.0])
        else:
            arrays["reference"] = np.array([1.0, 2.0])
        np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("how", ["missing", "cut", "text", "lacks", "short", "sum", "step", "two"])
def test_a_stack_that_cannot_be_read_is_named_and_the_rest_works(
    tmp_path: Path, body: Body, how: str
) -> None:
    path = broken_stack(tmp_path, how)
    one = replace(body, stacks={**body.stacks, "z": path})
    with pytest.raises(TriggermapError, match=rf"{how}\.npz .*cannot be read.*: run 'make plates'\.$"):
        probe(one, body.plates["front"], 50, 1360)
    assert probe(one, body.plates["flank-left"], -1, 1300) is not None


def test_a_body_without_stacks_says_so(body: Body) -> None:
    with pytest.raises(TriggermapError, match=r"manifest\.json lists no peel stack for axis z: run"):
        probe(replace(body, stacks={}), body.plates["front"], 50, 1360)


def test_a_structure_that_the_body_does_not_have_is_said(tmp_path: Path, body: Body) -> None:
    cell = round((1360 - ORIGIN[1]) / 2) * SHAPE[0] + round((50 - ORIGIN[0]) / 2)
    path = write_stack(tmp_path / "z.npz", "z", {cell: [(SKIN, 1100, 2900), (999, 1200, 1300)]})
    with pytest.raises(TriggermapError, match=r"z\.npz names structure 999"):
        probe(replace(body, stacks={"z": path}), body.plates["front"], 50, 1360)


def test_a_stack_is_read_once(body: Body) -> None:
    assert load_stack(body.stacks["z"]) is load_stack(body.stacks["z"])


# --- the shipped body -------------------------------------------------------------------------------------


def shipped() -> Body:
    folder = paths.assets_dir() / "body"
    if json.loads((folder / "manifest.json").read_text("utf-8"))["format"] < FORMAT:
        pytest.skip("assets/body is older than the peel stacks: run 'make plates'")
    return load_body(folder)


@pytest.mark.parametrize("axis", ["z", "x"])
def test_the_shipped_stacks_are_in_order_and_inside_the_skin(axis: str) -> None:
    real = shipped()
    stack = load_stack(real.stacks[axis])
    first, last = stack.entry.astype(int), stack.exit.astype(int)
    assert (first < last).all()
    cell = np.repeat(np.arange(len(stack.start) - 1), np.diff(stack.start.astype(int)))
    same = cell[1:] == cell[:-1]
    assert (first[1:] >= first[:-1])[same].all()
    assert (last[1:] <= last[:-1])[same & (first[1:] == first[:-1])].all()
    skin = stack.structure == real.by_mesh["skin/skin"].id
    opens = np.r_[True, ~same]
    assert skin[opens].all()
    # The skin before an entry, in the same cell, holds it whole.
    place = np.maximum.accumulate(np.where(skin, np.arange(len(skin)), -1))
    assert (cell[place] == cell).all()
    assert (last <= last[place]).all()
    assert set(np.unique(stack.structure).tolist()) <= set(real.structures)


def test_a_look_up_in_the_shipped_body_takes_less_than_a_millisecond() -> None:
    real = shipped()
    plate = real.plates["back"]
    assert probe(real, plate, -60, 1375) is not None
    taken = min(timeit.repeat(lambda: probe(real, plate, -60, 1375), number=20, repeat=5)) / 20
    assert taken < 0.001

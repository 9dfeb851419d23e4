"""Peel stacks of shapes whose depths can be worked out by hand, and of the body against direct rays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from platemaker import settings
from platemaker.body import Body
from platemaker.files import npz_bytes
from platemaker.geometry import Floats, Ints, vertex_normals
from platemaker.layers import VIEWS
from platemaker.rays import Scene
from platemaker.skin import Skin, Skins
from platemaker.stacks import (
    ASTRAY,
    SHEET,
    STEP,
    Cells,
    Hull,
    Runs,
    along,
    joined,
    mended,
    pieces,
    runs_of,
    stacked,
    stacks,
    touched,
    walls,
)
from tests.platemaker.shapes import box, sphere, write_body
from triggermap.body.stacks import Stack, load_stack

on_the_body = pytest.mark.skipif(
    not (settings.body_folder() / "index.csv").is_file(), reason="the reference body is not here"
)
Mesh = tuple[Floats, Ints]
SKIN: Mesh = box((-40, 0, -30), (40, 80, 30))


def both(*meshes: Mesh) -> Mesh:
    """Meshes as one."""
    points, faces, count = [], [], 0
    for vertices, triangles in meshes:
        points.append(vertices)
        faces.append(triangles + count)
        count += len(vertices)
    return np.concatenate(points), np.concatenate(faces)


def without(mesh: Mesh, direction: tuple[int, int, int]) -> Mesh:
    """A box without the side that faces a direction."""
    vertices, faces = mesh
    normal = np.cross(
        vertices[faces[:, 1]] - vertices[faces[:, 0]], vertices[faces[:, 2]] - vertices[faces[:, 0]]
    )
    return vertices, faces[(normal @ np.array(direction)) <= 0]


def turned(mesh: Mesh) -> Mesh:
    """Inside out."""
    return mesh[0], mesh[1][:, ::-1].copy()


def as_skin(mesh: Mesh) -> Skin:
    return Skin(*mesh, vertex_normals(*mesh))


class Made:
    """The stacks of a few meshes, written and read again as the product does it."""

    def __init__(
        self, folder: Path, meshes: dict[str, Mesh], skin: Mesh = SKIN, armless: Mesh | None = None
    ) -> None:
        write_body(folder, {**meshes, "skin/skin": skin})
        self.body = Body(folder)
        for mesh in ("computed/lung_zone.l", "computed/lung_zone.r"):
            self.body.give(mesh, *box((-2, 2, -2), (2, 4, 2)))
        chosen = [s for s in stacked(self.body) if s.system != "computed"]
        whole = as_skin(skin)
        found = stacks(self.body, Skins(whole, as_skin(armless) if armless else whole), chosen)
        self.stack: dict[str, Stack] = {}
        for axis, arrays in found.items():
            path = folder / f"{axis}.npz"
            path.write_bytes(npz_bytes(arrays))
            self.stack[axis] = load_stack(path)

    def at(self, axis: str, u: float, v: float) -> list[tuple[str, float, float]]:
        """What a ray meets with the coordinate ``p . toward`` of entry and exit."""
        stack = self.stack[axis]
        return [
            (
                self.body.by_id[e.structure].mesh.split("/")[1].removesuffix(".l"),
                round(stack.reference - e.entry, 1),
                round(stack.reference - e.exit, 1),
            )
            for e in stack.at(u, v)
        ]


WHOLE_SKIN = ("skin", 30.0, -30.0)
BRICK = box((10, 20, -5), (24, 40, 15))


@pytest.fixture
def made(tmp_path: Path):
    def make(meshes: dict[str, Mesh], **more: Mesh) -> Made:
        return Made(tmp_path / "body", meshes, **more)

    return make


# --- solid structures -------------------------------------------------------------------------------------


def test_a_box_is_entered_at_its_front_and_left_at_its_back(made) -> None:
    found = made({"muscles/brick.l": BRICK})
    assert found.at("z", 11, 21) == [WHOLE_SKIN, ("brick", 15.0, -5.0)] == found.at("z", 23, 39)
    assert found.at("z", 9, 21) == found.at("z", 25, 21) == found.at("z", 11, 41) == [WHOLE_SKIN]
    assert found.at("z", 41, 21) == []
    # From the left: u = -z, and depths run along x.
    assert found.at("x", 3, 21) == [("skin", 40.0, -40.0), ("brick", 24.0, 10.0)]
    assert found.at("x", -17, 21) == found.at("x", 7, 21) == [("skin", 40.0, -40.0)]


TORN = [
    turned(BRICK),
    *(without(BRICK, way) for way in ((0, 0, 1), (0, 0, -1), (1, 0, 0), (0, 1, 0))),
    turned(without(BRICK, (0, 0, 1))),
    both(BRICK, box((12, 22, -3), (20, 30, 5))),  # a cavity counts as the structure
    both(BRICK, turned(box((12, 22, -3), (20, 30, 5)))),
    both(box((10, 20, -5), (24, 40, 6)), box((10, 20, 4), (24, 40, 15))),  # parts that overlap merge
    both(box((10, 20, -5), (24, 40, 6)), turned(box((10, 20, 4), (24, 40, 15)))),
]


@pytest.mark.parametrize("mesh", TORN)
def test_inside_out_open_nested_and_overlapping_boxes_are_the_same_solid(made, mesh: Mesh) -> None:
    found = made({"muscles/brick.l": mesh})
    for u, v in ((11, 21), (15, 25), (23, 39)):
        assert found.at("z", u, v) == [WHOLE_SKIN, ("brick", 15.0, -5.0)]
    assert found.at("x", -1, 25) == [("skin", 40.0, -40.0), ("brick", 24.0, 10.0)]


def test_a_hollow_organ_counts_with_its_lumen_and_no_other(made) -> None:
    pipe = both(
        box((-20, 20, 8), (0, 60, 10)), box((-20, 20, -10), (0, 60, -8)),
        box((-20, 20, -10), (-19.5, 60, 10)), box((-0.5, 20, -10), (0, 60, 10)),
    )  # fmt: skip
    found = made(
        {"organs/colon~1": pipe, "organs/pancreas": pipe, "organs/heart_left_atrium": both(pipe, BRICK)}
    )
    inner = [("pancreas", 10.0, 8.0), ("pancreas", -8.0, -10.0)]
    lumen = [("colon~1", 10.0, -10.0), ("heart_left_atrium", 10.0, -10.0)]
    assert sorted(found.at("z", -9, 41)) == sorted([WHOLE_SKIN, *lumen, *inner])
    assert found.at("z", 11, 31) == [WHOLE_SKIN, ("heart_left_atrium", 15.0, -5.0)]
    assert [name for name, *_ in found.at("x", 1, 41)].count("colon~1") == 1


def test_walls_without_sides_have_no_lumen(made) -> None:
    plates = both(box((-20, 20, 8), (0, 60, 10)), box((-20, 20, -10), (0, 60, -8)))
    found = made({"organs/colon~1": plates})
    assert found.at("z", -9, 41) == [WHOLE_SKIN, ("colon~1", 10.0, 8.0), ("colon~1", -8.0, -10.0)]


def test_two_pieces_on_a_ray_are_two_entries(made) -> None:
    found = made({"muscles/brick.l": both(BRICK, box((10, 20, -20), (24, 40, -10)))})
    assert found.at("z", 11, 21) == [WHOLE_SKIN, ("brick", 15.0, -5.0), ("brick", -10.0, -20.0)]


def test_a_sheet_thinner_than_the_unit_does_not_vanish(made) -> None:
    thin = box((10, 20, 4.0), (24, 40, 4.01))
    found = made({"muscles/thin.l": thin, "muscles/wall.l": without(without(thin, (0, 0, -1)), (0, 1, 0))})
    sheet = [("thin", 4.0, 3.9), ("wall", 4.0, 3.9)]
    assert found.at("z", 11, 21) == [WHOLE_SKIN, *sheet]


def test_a_solid_that_no_ray_meets_is_entered_all_the_same(made) -> None:
    found = made({"skeleton/grain.l": box((10.2, 20.2, 0), (10.6, 20.6, 1))})
    assert found.at("z", 11, 21) == [WHOLE_SKIN, ("grain", 1.0, 0.0)]


def test_walls_without_a_partner_are_sheets() -> None:
    # Cell 0: two fronts and one back. Cell 1: a back alone. Cell 2: a back, then a front.
    torn = [(0, [(5.0, 1), (6.0, 1), (9.0, -1)]), (1, [(7.0, -1)]), (2, [(3.0, -1), (8.0, 1)])]
    runs = mended(torn)
    assert list(zip(runs.cell.tolist(), runs.entry.tolist(), runs.exit.tolist(), strict=True)) == [
        (0, 5.0, 9.0), (1, 7.0 - SHEET, 7.0), (2, 3.0 - SHEET, 3.0), (2, 8.0, 8.0 + SHEET)
    ]  # fmt: skip


def test_a_ray_through_a_torn_mesh_says_so() -> None:
    cells = Cells((0.0, 0.0), (4, 4))
    vertices, faces = box((0, 0, 0), (4, 4, 4))
    whole = along(VIEWS["front"], vertices)
    runs, torn = runs_of(walls(cells, whole, faces), np.zeros(len(faces), np.int64))
    assert (len(runs), torn) == (4, [])
    front = faces[walls(cells, whole, faces).face[0]][None]
    runs, torn = runs_of(walls(cells, whole, front), np.zeros(1, np.int64))
    assert len(runs) == 0
    assert {len(group) for _, group in torn} == {1}


# --- lungs ------------------------------------------------------------------------------------------------

PLEURA = box((0, 10, -20), (30, 50, 20))
FRONT_LOBE, BACK_LOBE = box((2, 12, 2), (28, 48, 18)), box((2, 12, -18), (28, 48, 1))
UPPER, LOWER = "organs/superior_lobe_of_left_lung", "organs/inferior_lobe_of_left_lung"


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        (FRONT_LOBE, BACK_LOBE, [(18.0, 2.0), (1.0, -18.0)]),
        (FRONT_LOBE, without(BACK_LOBE, (0, 0, -1)), [(18.0, 2.0), (1.0, -20.0)]),  # the pleura ends it
        (without(FRONT_LOBE, (0, 0, 1)), BACK_LOBE, [(20.0, 2.0), (1.0, -18.0)]),  # the pleura begins it
        (without(FRONT_LOBE, (0, 0, -1)), BACK_LOBE, [(18.0, 1.0), (1.0, -18.0)]),  # the next lobe ends it
        (FRONT_LOBE, without(BACK_LOBE, (0, 0, 1)), [(18.0, 2.0), (2.0, -18.0)]),  # ... and begins it
    ],
)
def test_a_lobe_is_closed_by_the_pleura_or_the_next_lobe(made, upper, lower, expected) -> None:
    found = made({"organs/pleura": PLEURA, UPPER: upper, LOWER: lower})
    names = ["superior_lobe_of_left_lung", "inferior_lobe_of_left_lung"]
    assert found.at("z", 15, 21) == [
        WHOLE_SKIN, ("pleura", 20.0, -20.0), *((n, *run) for n, run in zip(names, expected, strict=True))
    ]  # fmt: skip


def test_without_a_pleura_a_lobe_has_the_rule_of_other_walls() -> None:
    nothing = Runs(np.empty(0, np.int64), np.empty(0), np.empty(0))
    runs = mended([(0, [(4.0, 1)]), (1, [(9.0, -1)])], Hull(nothing, []))
    assert (runs.entry.tolist(), runs.exit.tolist()) == ([4.0, 9.0 - SHEET], [4.0 + SHEET, 9.0])


# --- nerves and vessels -----------------------------------------------------------------------------------


def test_a_nerve_that_no_ray_meets_is_in_every_cell_that_it_touches(made) -> None:
    thread = box((10.1, 11.3, 4.33), (10.3, 30.5, 4.71))
    found = made({"nerves/thread.l": thread})
    for v in range(11, 31, 2):
        assert found.at("z", 11, v) == [WHOLE_SKIN, ("thread", 4.8, 4.3)]
    for u, v in ((9, 21), (13, 21), (11, 9), (11, 33)):
        assert found.at("z", u, v) == [WHOLE_SKIN]


def test_a_thick_vessel_is_whole_within_and_only_its_rim_beside(made) -> None:
    found = made({"arteries/pipe.l": box((9.5, 10, -6), (22.5, 60, 6))})
    assert found.at("z", 15, 31) == [WHOLE_SKIN, ("pipe", 6.0, -6.0)]
    assert found.at("z", 9, 31) == [WHOLE_SKIN, ("pipe", 6.0, -6.0)]  # half a millimetre of it
    assert found.at("z", 7, 31) == [WHOLE_SKIN]


def test_two_nerves_of_one_mesh_behind_each_other_are_two_entries(made) -> None:
    thread = both(box((10.1, 10, 4), (10.4, 30, 5)), box((10.2, 10, -9), (10.5, 30, -8)))
    assert made({"nerves/thread.l": thread}).at("z", 11, 21) == [
        WHOLE_SKIN, ("thread", 5.0, 4.0), ("thread", -8.0, -9.0)
    ]  # fmt: skip


def test_a_slanting_triangle_touches_the_cells_under_it_and_no_others() -> None:
    cells = Cells((0.0, 0.0), (10, 10))
    points = np.array([[1.0, 1.0, 0.0], [15.0, 13.0, 7.0], [15.1, 13.0, 7.0]])
    faces = np.array([[0, 1, 2]])
    runs = touched(cells, points, faces)
    share = np.linspace(0, 1, 20001)[:, None]
    line = points[0] + share * (points[1] - points[0])
    under = set((np.floor(line[:, 1] / STEP) * 10 + np.floor(line[:, 0] / STEP)).astype(int).tolist())
    assert under <= set(runs.cell.tolist())
    for beside in set(runs.cell.tolist()) - under:  # the triangle is 0.1 mm wide at its far end
        row, col = divmod(beside, 10)
        near = np.hypot(
            *(line[:, :2] - np.clip(line[:, :2], (2 * col, 2 * row), (2 * col + 2, 2 * row + 2))).T
        )
        assert near.min() < 0.1
    for cell, entry, leave in zip(runs.cell.tolist(), runs.entry, runs.exit, strict=True):
        low, high = 2.0 * (cell % 10), 2.0 * (cell % 10) + 2  # depth is (u - 1) / 2 all along it
        assert (max(low, 1.0) - 1) / 2 - 0.06 <= entry <= leave <= (min(high, 15.1) - 1) / 2 + 0.06
    assert runs.entry.min() == pytest.approx(0.0)
    assert runs.exit.max() == pytest.approx(7.0)


def sampled(mesh: Mesh, apart: float) -> Floats:
    """Points (N, 3) all over a mesh, none farther than about ``apart`` from the next."""
    corner = mesh[0][mesh[1]]
    longest = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max()
    steps = int(np.ceil(longest / apart)) + 1
    a, b = (w.ravel() for w in np.meshgrid(*[np.linspace(0, 1, steps)] * 2, indexing="ij"))
    a, b = a[a + b <= 1], b[a + b <= 1]
    weights = np.stack([a, b, 1 - a - b])
    return np.asarray(np.einsum("kn,mkd->mnd", weights, corner).reshape(-1, 3))


# --- the skin ---------------------------------------------------------------------------------------------


def test_what_stands_out_of_the_skin_is_cut_or_entered_at_its_surface(made) -> None:
    found = made(
        {
            "muscles/through.l": box((10, 20, 20), (14, 40, 35)),
            "nerves/outside.l": box((20, 20, 32), (21.9, 40, 33)),
            "muscles/behind.l": box((20, 50, -34), (24, 60, -31)),
            "veins/far.l": box((26, 20, 30.5 + ASTRAY), (29, 40, 31 + ASTRAY)),
            "veins/twice.l": both(box((30, 20, 31), (32, 40, 33)), box((30, 20, 20), (32, 40, 22))),
        }
    )
    assert found.at("z", 11, 21) == [WHOLE_SKIN, ("through", 30.0, 20.0)]
    assert found.at("z", 21, 21) == [WHOLE_SKIN, ("outside", 30.0, 29.9)]
    assert found.at("z", 21, 51) == [WHOLE_SKIN, ("behind", -29.9, -30.0)]
    assert found.at("z", 27, 21) == [WHOLE_SKIN]
    assert found.at("z", 31, 21) == [WHOLE_SKIN, ("twice", 22.0, 20.0)]


def test_each_piece_of_body_on_a_ray_has_its_skin(made) -> None:
    legs = both(box((-40, 0, -30), (-5, 80, 30)), box((5, 0, -30), (40, 80, 30)))
    found = made({"muscles/thigh.l": box((8, 10, -9), (30, 70, 9))}, skin=legs)
    assert found.at("x", 1, 41) == [("skin", 40.0, 5.0), ("thigh", 30.0, 8.0), ("skin", -5.0, -40.0)]
    assert found.at("z", 1, 41) == []


def test_the_lateral_axis_has_no_arms(made) -> None:
    arm = box((160, 0, -20), (200, 80, 20))
    trunk = both(SKIN, box((160, 60, -20), (200, 80, 20)))
    found = made(
        {
            "muscles/biceps_brachii.l": box((170, 40, 5), (190, 78, 15)),
            "skeleton/humerus.l": box((175, 10, -5), (185, 78, 5)),
            "nerves/median_nerve.l": box((100, 20, -9), (171, 21, -8)),
        },
        skin=both(SKIN, arm),
        armless=trunk,
    )
    assert [name for name, *_ in found.at("z", 181, 51)] == ["skin", "biceps_brachii", "humerus"]
    core = ("skin", 40.0, -40.0)
    assert found.at("x", -10, 51) == [core]
    assert found.at("x", 0.5, 71) == [("skin", 200.0, 160.0), ("humerus", 185.0, 175.0), core]
    assert found.at("x", -10, 71) == [("skin", 200.0, 160.0), core]
    # It lies in the arm that was left out: not outside the body, and not on the skin of the trunk.
    assert found.at("x", 8.5, 20.5) == [core]


# --- any shapes -------------------------------------------------------------------------------------------

numbers = st.integers(-28, 28)
boxes = st.lists(
    st.tuples(st.tuples(numbers, numbers, numbers), st.tuples(*[st.integers(1, 20)] * 3)),
    min_size=1,
    max_size=5,
)


@trials(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(boxes, st.integers(-14, 13), st.integers(0, 39), st.booleans())
def test_any_boxes_give_what_can_be_worked_out(
    tmp_path_factory: pytest.TempPathFactory, shapes, col, row, apart
) -> None:
    placed = [((x, y + 40, z), (x + dx, y + 40 + dy, z + dz)) for (x, y, z), (dx, dy, dz) in shapes]
    meshes = [box(low, high) for low, high in placed]
    names = [f"muscles/box{k}" for k in range(len(meshes))] if apart else ["muscles/box0"] * len(meshes)
    groups: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        groups.setdefault(name, []).append(k)
    made = Made(
        tmp_path_factory.mktemp("boxes") / "body",
        {name: both(*(meshes[k] for k in members)) for name, members in groups.items()},
    )
    u, v = 2 * col + 1, 2 * row + 1
    expected: list[tuple[str, float, float]] = []
    for name, members in groups.items():
        spans = sorted(
            (max(low[2], -30), min(high[2], 30))
            for low, high in (placed[k] for k in members)
            if low[0] < u < high[0] and low[1] < v < high[1] and low[2] < 30 and high[2] > -30
        )
        merged: list[list[float]] = []
        for low, high in spans:
            if merged and low <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], high)
            else:
                merged.append([low, high])
        expected += [(name.split("/")[1], float(high), float(low)) for low, high in merged]
    on_edge = any(c in (u, v) for low, high in placed for c in (*low[:2], *high[:2]))
    if not on_edge:
        found = made.at("z", u, v)
        assert found[0] == WHOLE_SKIN
        assert sorted(found[1:]) == sorted(expected)
    for stack in made.stack.values():
        check_order(stack, made.body.by_mesh["skin/skin"].id)


def check_order(stack: Stack, skin: int) -> None:
    """Entries are sorted, have a length, and lie in an entry of the skin that comes before them."""
    first, last = stack.entry.astype(int), stack.exit.astype(int)
    assert (first < last).all()
    cell = np.repeat(np.arange(len(stack.start) - 1), np.diff(stack.start.astype(int)))
    same = cell[1:] == cell[:-1]
    assert (np.diff(first)[same] >= 0).all()
    assert (np.diff(last)[same & (np.diff(first) == 0)] <= 0).all()
    place = np.maximum.accumulate(np.where(stack.structure == skin, np.arange(len(first)), -1))
    assert (place >= 0).all()
    assert (cell[place] == cell).all()
    assert (last <= last[place]).all()


def test_the_same_body_gives_the_same_bytes(made, tmp_path: Path) -> None:
    meshes = {"muscles/brick.l": BRICK, "nerves/ball.l": sphere(5.0, (0, 40, 0))}
    one, two = (Made(tmp_path / name, meshes) for name in ("one", "two"))
    for axis in "zx":
        assert (one.body.folder / f"{axis}.npz").read_bytes() == (
            two.body.folder / f"{axis}.npz"
        ).read_bytes()


def test_runs_join_where_they_meet() -> None:
    def runs(*rows: tuple[int, float, float]) -> Runs:
        cell, entry, leave = zip(*rows, strict=True)
        return Runs(np.array(cell), np.array(entry), np.array(leave))

    found = joined([runs((3, 5, 6), (1, 0, 4)), runs((1, 3, 5), (1, 9, 10), (3, 6.01, 7)), runs((3, 1, 9))])
    assert list(zip(found.cell.tolist(), found.entry.tolist(), found.exit.tolist(), strict=True)) == [
        (1, 0, 5), (1, 9, 10), (3, 1, 9)
    ]  # fmt: skip


# --- the body ---------------------------------------------------------------------------------------------

CLOSED = (
    "muscles/deltoid.l.1", "muscles/gluteus_maximus.l", "muscles/infraspinatus.r",
    "muscles/quadratus_lumborum.l", "muscles/psoas_major.r", "organs/left_kidney.l", "organs/spleen",
)  # fmt: skip
NERVES = (
    "nerves/long_thoracic_nerve.l", "nerves/long_thoracic_nerve.r",
    "nerves/accessory_nerve_xi.l", "nerves/accessory_nerve_xi.r",
)  # fmt: skip


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Body, dict[str, Stack]]:
    """Some structures of the reference body in the source's skin, closed."""
    body = Body(settings.body_folder())
    vertices, faces, _ = pieces(*body.mesh("skin/skin"))
    skin = Skin(vertices, faces, vertex_normals(vertices, faces))
    found = stacks(body, Skins(skin, skin), [body.by_mesh[mesh] for mesh in (*CLOSED, *NERVES)])
    folder = tmp_path_factory.mktemp("real")
    out: dict[str, Stack] = {}
    for axis, arrays in found.items():
        path = folder / f"{axis}.npz"
        path.write_bytes(npz_bytes(arrays))
        out[axis] = load_stack(path)
    return body, out


def rays_at(mesh: Mesh, axis: str, cells: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """``p . toward`` of the first and last hit of direct rays through the middles of cells; NaN beside."""
    right, up, toward = VIEWS["front" if axis == "z" else "left"].axes
    scene = Scene(*mesh)
    middle = np.array(list(cells))
    at = middle[:, :1] * right + middle[:, 1:] * up
    ends = []
    for way in (toward, -toward):
        hits = scene.first((at + 2000 * way).astype(np.float32), (-way).astype(np.float32))
        distance = np.where(hits.face >= 0, 2000 - hits.distance, np.nan)
        ends.append(distance * float(way @ toward))
    return list(zip(*(e.tolist() for e in ends), strict=True))


@on_the_body
@pytest.mark.parametrize("mesh", CLOSED)
@pytest.mark.parametrize("axis", ["z", "x"])
def test_the_body_agrees_with_direct_rays(real, mesh: str, axis: str) -> None:
    body, made = real
    stack, structure = made[axis], body.by_mesh[mesh]
    points = along(VIEWS["front" if axis == "z" else "left"], body.mesh(mesh)[0])
    rng = np.random.default_rng(5)
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    middles = (np.floor(rng.uniform(low, high, (60, 2)) / STEP) + 0.5) * STEP + (0.0137, 0.0171)
    compared = 0
    for (u, v), (near, far) in zip(middles, rays_at(body.mesh(mesh), axis, middles), strict=True):
        entries = stack.at(u, v)
        own = [e for e in entries if e.structure == structure.id]
        if not entries or np.isnan(near):
            assert not own
            continue
        skin = [e for e in entries if body.by_id[e.structure].system == "skin"]
        first, last = stack.reference - near, stack.reference - far
        # The skin of the source may cut a little off: what is left must be what the skin leaves.
        assert own[0].entry == pytest.approx(max(first, skin[0].entry), abs=0.11)
        assert own[-1].exit == pytest.approx(min(last, skin[-1].exit), abs=0.11)
        compared += 1
    assert compared >= 10


@on_the_body
@pytest.mark.parametrize("mesh", NERVES)
@pytest.mark.parametrize("axis", ["z", "x"])
def test_long_thoracic_and_accessory_nerve_are_in_every_cell_that_they_touch(real, mesh, axis) -> None:
    body, made = real
    stack, structure = made[axis], body.by_mesh[mesh]
    at = along(VIEWS["front" if axis == "z" else "left"], sampled(body.mesh(mesh), 0.25))
    column, row = ((at[:, k] - stack.origin[k]) // stack.step for k in (0, 1))
    touched_cells = set((row * stack.shape[0] + column).astype(int).tolist())
    cell = np.repeat(np.arange(len(stack.start) - 1), np.diff(stack.start.astype(int)))
    entered = set(cell[stack.structure == structure.id].tolist())
    under_skin = set(cell.tolist())
    assert len(touched_cells) > 50
    assert touched_cells & under_skin <= entered
    assert len(touched_cells - under_skin) == 0
    # By the middles of the cells alone, many of them would be missing.
    crossings = walls(Cells(stack.origin, stack.shape), along(VIEWS["front" if axis == "z" else "left"],
                      body.mesh(mesh)[0]), body.mesh(mesh)[1])  # fmt: skip
    assert len(set(crossings.cell.tolist())) < 0.7 * len(entered)


@on_the_body
def test_the_order_of_entries_on_the_body(real) -> None:
    body, made = real
    for stack in made.values():
        check_order(stack, body.by_mesh["skin/skin"].id)

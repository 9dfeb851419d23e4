from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import builders
from triggermap.dataset.check import check
from triggermap.dataset.meshes import BodyMeshes, Mesh, distance, inside, lies_under, mirrored, near_own_mesh
from triggermap.errors import TriggermapError

# A box from (0, 0, 0) to (100, 100, 100), as 12 triangles.
CORNERS = np.array([[x, y, z] for x in (0, 100) for y in (0, 100) for z in (0, 100)], dtype=np.float32)
FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
     [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]],
    dtype=np.int32,
)  # fmt: skip
BOX = CORNERS[FACES].astype(np.float64)
COLUMNS = "id,system,vertex_start,vertex_count,face_start,face_count,open_edges"


def body(folder: Path, *, shift: float = 0.0) -> Path:
    """A body with the left box of each muscle, and the right one, moved by ``shift``."""
    (folder / "meshes").mkdir(parents=True)
    left = CORNERS + np.array([60, 1340, -90], dtype=np.float32)
    right = left * np.array([-1, 1, 1], dtype=np.float32) - np.array([shift, 0, 0], dtype=np.float32)
    np.savez(
        folder / "meshes" / "muscles.npz", vertices=np.vstack([left, right]), faces=np.vstack([FACES, FACES])
    )
    rows = [COLUMNS]
    for name in ("trapezius.{}.1", "serratus_anterior.{}"):
        rows.append(f"muscles/{name.format('l')},muscles,0,8,0,12,0")
        rows.append(f"muscles/{name.format('r')},muscles,8,8,12,12,0")
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ([50, 50, 103], 3.0),
        ([50, 50, 97], 0.0),
        ([103, 104, 50], 5.0),
        ([-2, -3, -6], 7.0),
        ([0, 0, 0], 0.0),
    ],
)
def test_distances_from_a_box(point: list[float], expected: float) -> None:
    at = np.array(point, dtype=float)
    assert distance(at, Mesh(BOX, closed=True)) == pytest.approx(expected)


def test_an_open_mesh_has_no_inside() -> None:
    assert distance(np.array([50.0, 50, 97]), Mesh(BOX, closed=False)) == pytest.approx(3.0)
    assert distance(np.zeros(3), Mesh(BOX[:0], closed=False)) == float("inf")


_NUMBERS = st.floats(-150, 250)


@given(_NUMBERS, _NUMBERS, _NUMBERS)
def test_distance_is_that_of_the_box(x: float, y: float, z: float) -> None:
    at = np.array([x, y, z])
    outside = np.maximum(np.maximum(-at, at - 100), 0)
    assert distance(at, Mesh(BOX, closed=True)) == pytest.approx(float(np.linalg.norm(outside)), abs=1e-6)


@given(_NUMBERS, _NUMBERS, _NUMBERS)
def test_degenerate_triangles_are_points_and_lines(x: float, y: float, z: float) -> None:
    at = np.array([x, y, z])
    point = np.zeros((1, 3, 3))
    assert distance(at, Mesh(point, closed=False)) == pytest.approx(float(np.linalg.norm(at)))


def test_inside_a_box() -> None:
    assert inside(np.array([1.0, 50, 99]), BOX)
    assert not inside(np.array([-1.0, 50, 99]), BOX)


@pytest.mark.parametrize(
    ("mesh", "mirror"),
    [
        ("muscles/trapezius.l.1", "muscles/trapezius.r.1"),
        ("muscles/soleus.l", "muscles/soleus.r"),
        ("muscles/diaphragm", "muscles/diaphragm"),
        ("muscles/diaphragm.0", "muscles/diaphragm.0"),
    ],
)
def test_mirrored_ids(mesh: str, mirror: str) -> None:
    assert mirrored(mesh) == mirror


def move(at: list[float]) -> builders.Change:
    def change(values: builders.Raw) -> None:
        for muscle in values["muscles"]:
            for point in muscle["trigger_points"]:
                point["position"]["at"] = at

    return change


def test_positions_near_their_mesh_pass(tmp_path: Path) -> None:
    meshes = BodyMeshes(body(tmp_path))
    assert list(near_own_mesh(builders.build(move([110, 1390, -40])), meshes)) == []
    assert list(near_own_mesh(builders.build(move([110, 1390, 15])), meshes)) == []


def test_positions_far_from_their_mesh_are_found_on_both_sides(tmp_path: Path) -> None:
    meshes = BodyMeshes(body(tmp_path))
    found = list(near_own_mesh(builders.build(move([110, 1390, 30])), meshes))
    assert len(found) == 6
    assert "the position lies 20.0 mm from muscles/serratus_anterior.l" in found[0].message
    assert "mirrored" in found[1].message


def test_a_right_mesh_that_lies_elsewhere_is_found(tmp_path: Path) -> None:
    meshes = BodyMeshes(body(tmp_path, shift=20))
    found = list(near_own_mesh(builders.build(move([62, 1390, -40])), meshes))
    assert len(found) == 3
    assert all("mirrored" in finding.message for finding in found)


def test_check_uses_the_body_where_it_is_present(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    builders.write(tmp_path / "data", move([110, 1390, 30]))
    report = check(tmp_path / "data", body=body(tmp_path / "body"))
    assert len(report.problems) == 6
    (note,) = report.notes
    assert "icons" in note


def test_unknown_meshes_are_left_to_another_rule(tmp_path: Path) -> None:
    folder = body(tmp_path)
    (folder / "index.csv").write_text(COLUMNS + "\n")
    assert list(near_own_mesh(builders.build(), BodyMeshes(folder))) == []


def test_a_broken_body_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TriggermapError, match="index"):
        BodyMeshes(tmp_path / "none")
    folder = body(tmp_path / "body")
    (folder / "meshes" / "muscles.npz").write_bytes(b"junk")
    with pytest.raises(TriggermapError, match="meshes"):
        list(near_own_mesh(builders.build(), BodyMeshes(folder)))


def covered(folder: Path, **position: object) -> list[str]:
    """What is said of a trapezius point at the centre of its box with these words about its cover.

    The cover is a plate of 100 mm, 20 mm behind the box; the skin lies behind that.
    """
    body(folder)
    box = CORNERS + np.array([60, 1340, -90], dtype=np.float32)
    plate = CORNERS * np.array([1, 1, 0.02], dtype=np.float32) + np.array([60, 1340, -120], dtype=np.float32)
    vertices = np.vstack([box, box * [-1, 1, 1], plate]).astype(np.float32)
    np.savez(folder / "meshes" / "muscles.npz", vertices=vertices, faces=np.vstack([FACES] * 3))
    np.savez(folder / "meshes" / "skin.npz", vertices=plate - [0, 0, 20], faces=FACES)
    with (folder / "index.csv").open("a") as file:
        file.write("muscles/cover.l,muscles,16,8,24,12,0\n")

    def change(values: builders.Raw) -> None:
        for muscle in values["muscles"]:
            for point in muscle["trigger_points"]:
                point["position"] |= {"at": [110, 1390, -40], **position}

    dataset = builders.build(change)
    return [finding.message for finding in lies_under(dataset, BodyMeshes(folder))]


def test_what_covers_a_site_is_met_on_the_way_to_the_nearest_skin(tmp_path: Path) -> None:
    assert covered(tmp_path / "a", covered_by=["muscles/cover.l"]) == []
    assert covered(tmp_path / "b", covered_by=["muscles/cover.l"], approach="back") == []
    assert covered(tmp_path / "c") == []


@pytest.mark.parametrize("approach", ["front", "lateral", "medial", "above", "below"])
def test_what_does_not_cover_a_site_is_found(tmp_path: Path, approach: str) -> None:
    found = covered(tmp_path, covered_by=["muscles/cover.l"], approach=approach)
    assert found == ["muscles/cover.l does not lie over the site"] * 3


def test_a_cover_that_the_body_lacks_is_named(tmp_path: Path) -> None:
    assert covered(tmp_path, covered_by=["muscles/gone.l"]) == ["the body has no mesh 'muscles/gone.l'"] * 3

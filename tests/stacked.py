"""Peel stacks for the boxes of tests/bodies.py, written as docs/assets-format.md has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tests import bodies

Ray = tuple[int, int, int]  # structure, entry and exit in tenths of a millimetre
REFERENCE = 200.0
ORIGIN, SHAPE = (-180.0, 1190.0), (180, 260)
ROWS = {row["mesh"]: row["id"] for row in bodies.structures()}
SKIN = ROWS["skin/skin"]


def write_stack(
    path: Path, axis: str, cells: Mapping[int, Sequence[Ray]], shape: tuple[int, int] = SHAPE
) -> Path:
    """A stack of rays by cell index, in the order in which they are given."""
    counts = [len(cells.get(k, ())) for k in range(shape[0] * shape[1])]
    rays = [ray for k in sorted(cells) for ray in cells[k]]
    columns = np.array(rays, np.int64).reshape(-1, 3).T
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        axis=np.array([axis]),
        step=np.array([2.0]),
        origin=np.array(ORIGIN),
        shape=np.array(shape, np.int32),
        reference=np.array([REFERENCE]),
        start=np.r_[0, np.cumsum(counts)].astype(np.uint32),
        structure=columns[0].astype(np.uint16),
        entry=columns[1].astype(np.int16),
        exit=columns[2].astype(np.int16),
    )
    return path


def rays_through_boxes(axis: str) -> dict[int, list[Ray]]:
    """What the rays along an axis meet of the boxes of tests/bodies.py."""
    found: dict[int, list[Ray]] = {}
    for box in bodies.BOXES:
        x0, x1, y0, y1, z0, z1 = box.at
        sides = [(box.mesh, x0, x1)]
        if box.paired:
            sides.append((box.mesh.replace(".l", ".r"), -x1, -x0))
        for mesh, left, right in sides:
            u0, u1, far, near = (left, right, z0, z1) if axis == "z" else (-z1, -z0, left, right)
            ray = (ROWS[mesh], round((REFERENCE - near) * 10), round((REFERENCE - far) * 10))
            for row in range(round((y0 - ORIGIN[1]) / 2), round((y1 - ORIGIN[1]) / 2)):
                for col in range(round((u0 - ORIGIN[0]) / 2), round((u1 - ORIGIN[0]) / 2)):
                    found.setdefault(row * SHAPE[0] + col, []).append(ray)
    return {k: sorted(rays, key=lambda r: (r[1], -r[2])) for k, rays in found.items()}


def write_stacked_body(folder: Path) -> Path:
    """Write ``assets/body`` with stacks, centre lines and the plates of both flanks; return its folder.

    No way to any point is stored in it.
    """
    bodies.write_body(folder, "mirrored")
    files = {"z": "stacks/front-back.npz", "x": "stacks/left-right.npz"}
    for axis, name in files.items():
        write_stack(folder / name, axis, rays_through_boxes(axis))
    write_lines(folder / "lines.npz")
    (folder / "ways.json").write_text('{"format": 1, "ways": []}', "utf-8")
    bodies.change_manifest(folder, stacks=files, lines="lines.npz", ways="ways.json")
    return folder


def write_lines(path: Path) -> Path:
    """Centre lines of the threads of tests/bodies.py, a point every millimetre; the right one is bridged."""
    points, structures = [], []
    for box in bodies.BOXES:
        x0, x1, y0, y1, z0, z1 = box.at
        if box.mesh.startswith("nerves/"):
            for sign, mesh in ((1, box.mesh), (-1, box.mesh.replace(".l", ".r"))):
                for y in np.arange(y0, y1):
                    points.append((sign * (x0 + x1) / 2, y, (z0 + z1) / 2))
                    structures.append(ROWS[mesh])
    np.savez_compressed(
        path,
        points=np.rint(np.array(points) * 10).astype(np.int16),
        structure=np.array(structures, np.uint16),
        bridged=np.array([x < 0 for x, _, _ in points]),
    )
    return path

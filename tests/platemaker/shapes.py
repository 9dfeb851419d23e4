"""Synthetic meshes and a tiny body on disk."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from platemaker.geometry import Floats, Ints, subdivide_loop, unit, vertex_normals
from platemaker.scenemesh import Part

HEADER = [
    "id",
    "system",
    "name",
    "side",
    "part",
    "note",
    "fma",
    "vertex_start",
    "vertex_count",
    "face_start",
    "face_count",
    "open_edges",
    "registered",
    "xmin",
    "ymin",
    "zmin",
    "xmax",
    "ymax",
    "zmax",
    "source",
    "licence",
]


def sphere(
    radius: float = 1.0, centre: tuple[float, float, float] = (0, 0, 0), rounds: int = 3
) -> tuple[Floats, Ints]:
    """A sphere of triangles, wound outward."""
    corners = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], float)
    faces = np.array(
        [[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]], np.int64
    )
    vertices = corners
    for _ in range(rounds):
        vertices, faces = subdivide_loop(vertices, faces)
        vertices = unit(vertices)
    return vertices * radius + np.array(centre), faces


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> tuple[Floats, Ints]:
    """A box of 12 triangles, wound outward."""
    pick = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    vertices = np.where(pick == 1, np.array(high), np.array(low)).astype(float)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [tri for a, b, c, d in quads for tri in ((a, b, c), (a, c, d))]
    return vertices, np.array(faces, np.int64)


def part(number: int, mesh: tuple[Floats, Ints]) -> Part:
    """A mesh as a part of a scene, with flat-ish vertex normals."""
    return Part(number, *mesh, vertex_normals(*mesh))


def write_body(folder: Path, meshes: dict[str, tuple[Floats, Ints]]) -> None:
    """A reference body of a few meshes: ``{id: (vertices, faces)}``."""
    (folder / "meshes").mkdir(parents=True)
    systems: dict[str, list[tuple[str, tuple[Floats, Ints]]]] = {}
    for name, mesh in meshes.items():
        systems.setdefault(name.split("/")[0], []).append((name, mesh))
    with (folder / "index.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        for system, members in systems.items():
            v0 = f0 = 0
            for name, (vertices, faces) in members:
                side = {"l": "left", "r": "right"}.get([*name.split("."), ""][1], "mid")
                low, high = vertices.min(0), vertices.max(0)
                row: dict[str, object] = dict.fromkeys(HEADER, "")
                row |= {
                    "id": name, "system": system, "name": name.split("/")[1].split(".")[0], "side": side,
                    "vertex_start": v0, "vertex_count": len(vertices), "face_start": f0,
                    "face_count": len(faces), "open_edges": 0, "registered": 0,
                }  # fmt: skip
                row |= dict(zip(("xmin", "ymin", "zmin"), low, strict=True))
                row |= dict(zip(("xmax", "ymax", "zmax"), high, strict=True))
                writer.writerow(row)
                v0 += len(vertices)
                f0 += len(faces)
            np.savez(
                folder / "meshes" / f"{system}.npz",
                vertices=np.concatenate([m[0] for _, m in members]).astype(np.float32),
                faces=np.concatenate([m[1] for _, m in members]).astype(np.int32),
            )

"""Reads the reference body: the index of its meshes and the meshes themselves.

Body frame: millimetres, +x the subject's left, +y up, +z anterior.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from platemaker.errors import PlatemakerError
from platemaker.geometry import Floats, Ints
from platemaker.labels import labels_of

#: Systems whose meshes carry an id. Skin is one structure; organs, vessels and nerves are not drawn yet.
SYSTEMS = ("muscles", "skeleton", "fascia", "connective", "skin")


@dataclass(frozen=True)
class Structure:
    """One mesh of the body with the id that it has in id maps."""

    id: int
    mesh: str
    system: str
    name: str
    part: str
    label: str
    side: str
    fma: str
    pair: int | None
    registered: bool
    centre: tuple[float, float, float]
    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True)
class _Row:
    mesh: str
    vertex_start: int
    vertex_count: int
    face_start: int
    face_count: int


class Body:
    """The reference body in a folder with ``index.csv`` and ``meshes/*.npz``."""

    def __init__(self, folder: Path) -> None:
        index = folder / "index.csv"
        if not index.is_file():
            raise PlatemakerError(
                f"No reference body at {folder}: set TRIGGERMAP_BODY to the folder that holds index.csv."
            )
        self.folder = folder
        self._arrays: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._rows: dict[str, _Row] = {}
        with index.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            self._rows[row["id"]] = _Row(
                row["id"],
                *(int(row[k]) for k in ("vertex_start", "vertex_count", "face_start", "face_count")),
            )
        drawn = sorted((r for r in rows if r["system"] in SYSTEMS), key=lambda r: r["id"])
        labels = labels_of(drawn)
        ids = {row["id"]: number for number, row in enumerate(drawn, start=1)}
        self.structures: tuple[Structure, ...] = tuple(
            Structure(
                id=ids[row["id"]],
                mesh=row["id"],
                system=row["system"],
                name=row["name"],
                part=row["part"],
                label=labels[row["id"]],
                side=row["side"],
                fma=row["fma"],
                pair=ids.get(_mirror_name(row["id"])) if row["side"] in ("left", "right") else None,
                registered=row["registered"] == "1",
                centre=(
                    0.5 * (float(row["xmin"]) + float(row["xmax"])),
                    0.5 * (float(row["ymin"]) + float(row["ymax"])),
                    0.5 * (float(row["zmin"]) + float(row["zmax"])),
                ),
                low=(float(row["xmin"]), float(row["ymin"]), float(row["zmin"])),
                high=(float(row["xmax"]), float(row["ymax"]), float(row["zmax"])),
            )
            for row in drawn
        )
        self.by_mesh = {s.mesh: s for s in self.structures}
        self.by_id = {s.id: s for s in self.structures}

    @cached_property
    def digest(self) -> str:
        """sha256 of the index, which names the version of the body."""
        return hashlib.sha256((self.folder / "index.csv").read_bytes()).hexdigest()

    def mesh(self, mesh: str) -> tuple[Floats, Ints]:
        """Vertices (N, 3) in mm and faces (M, 3) of one mesh."""
        row = self._rows[mesh]
        system = mesh.split("/", maxsplit=1)[0]
        if system not in self._arrays:
            path = self.folder / "meshes" / f"{system}.npz"
            if not path.is_file():
                raise PlatemakerError(f"The reference body is incomplete: {path} is missing.")
            with np.load(path) as data:
                self._arrays[system] = (data["vertices"], data["faces"])
        vertices, faces = self._arrays[system]
        return (
            vertices[row.vertex_start : row.vertex_start + row.vertex_count].astype(np.float64),
            faces[row.face_start : row.face_start + row.face_count].astype(np.int64),
        )

    def names(self, system: str) -> list[str]:
        """Mesh ids of a system in sorted order, also of systems that are not drawn."""
        return sorted(mesh for mesh in self._rows if mesh.startswith(f"{system}/"))


def _mirror_name(mesh: str) -> str:
    """The id of the mirror mesh: ``.l`` and ``.r`` swapped, and the words left and right."""
    swap = {"l": "r", "r": "l", "left": "right", "right": "left"}
    return "".join(swap.get(piece, piece) for piece in re.split(r"((?<=\.)[lr](?=\.|$)|left|right)", mesh))

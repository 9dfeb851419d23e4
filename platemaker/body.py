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

#: Systems that layers are made of. Skin is one structure.
DRAWN = ("muscles", "skeleton", "fascia", "connective", "skin")
#: Systems that overlays and peel stacks show.
INNER = ("organs", "arteries", "veins", "nerves")
#: Patches of the source that hold both sides in one mesh: they are split at the midline.
SPLIT = "attachments"
#: What no mesh of the source shows rightly: computed here, given to the body with :meth:`Body.give`.
COMPUTED = (("computed/lung_zone.l", "left"), ("computed/lung_zone.r", "right"))
#: Vessels that the source names for the other side (limit 8 of the body's README).
WRONG_SIDE = {
    "veins/left_ascending_lumbar_vein.l": "right",
    "veins/right_ascending_lumbar_vein.r": "left",
    "veins/right_fibular_vein.r~1": "left",
}


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
        self._given: dict[str, tuple[Floats, Ints]] = {}
        with index.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            self._rows[row["id"]] = _Row(
                row["id"],
                *(int(row[k]) for k in ("vertex_start", "vertex_count", "face_start", "face_count")),
            )
        drawn = [r for r in rows if r["system"] in (*DRAWN, *INNER)]
        for row in rows:
            if row["system"] == SPLIT:
                ends = [e for e in "lr" if float(row["xmax"]) > 0 or e == "r"]
                ends = [e for e in ends if float(row["xmin"]) < 0 or e == "l"]
                self._rows.update({f"{row['id']}.{end}": self._rows[row["id"]] for end in ends})
                drawn += [{**row, "id": f"{row['id']}.{end}", "side": _SIDES[end]} for end in ends]
        drawn += [{**dict.fromkeys(rows[0], ""), **_NOWHERE, "id": mesh, "side": side,
                   "system": "computed", "name": "lung_zone"} for mesh, side in COMPUTED]  # fmt: skip
        drawn = [{**row, "side": WRONG_SIDE.get(row["id"], row["side"])} for row in drawn]
        drawn.sort(key=lambda r: r["id"])
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
                pair=_pair(row["id"], row["side"], ids),
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
        if mesh in self._given:
            return self._given[mesh]
        if mesh.startswith("computed/"):
            raise PlatemakerError(f"{mesh} is computed and was not given to the body yet.")
        row = self._rows[mesh]
        system = mesh.split("/", maxsplit=1)[0]
        if system not in self._arrays:
            path = self.folder / "meshes" / f"{system}.npz"
            if not path.is_file():
                raise PlatemakerError(f"The reference body is incomplete: {path} is missing.")
            with np.load(path) as data:
                self._arrays[system] = (data["vertices"], data["faces"])
        vertices, faces = self._arrays[system]
        vertices = vertices[row.vertex_start : row.vertex_start + row.vertex_count].astype(np.float64)
        faces = faces[row.face_start : row.face_start + row.face_count].astype(np.int64)
        return _half(vertices, faces, mesh[-1]) if system == SPLIT and mesh != row.mesh else (vertices, faces)

    def give(self, mesh: str, vertices: Floats, faces: Ints) -> None:
        """Take the mesh of a computed structure."""
        self._given[mesh] = (vertices, faces)

    def names(self, system: str) -> list[str]:
        """Mesh ids of a system in sorted order, also of systems that are not drawn."""
        return sorted(mesh for mesh in self._rows if mesh.startswith(f"{system}/"))


def _pair(mesh: str, side: str, ids: dict[str, int]) -> int | None:
    other = ids.get(_mirror_name(mesh)) if side in ("left", "right") else None
    return None if other == ids[mesh] else other


def _half(vertices: Floats, faces: Ints, end: str) -> tuple[Floats, Ints]:
    """The faces of a mesh on one side of the midline (``l`` or ``r``), with the vertices they use."""
    left = vertices[faces].mean(axis=1)[:, 0] >= 0
    used, inverse = np.unique(faces[left == (end == "l")], return_inverse=True)
    return vertices[used], inverse.reshape(-1, 3)


_SIDES = {"l": "left", "r": "right"}
_NOWHERE = dict.fromkeys(("xmin", "xmax", "ymin", "ymax", "zmin", "zmax"), "nan")


def _mirror_name(mesh: str) -> str:
    """The id of the mirror mesh: ``.l`` and ``.r`` swapped, and the words left and right."""
    swap = {"l": "r", "r": "l", "left": "right", "right": "left"}
    return "".join(swap.get(piece, piece) for piece in re.split(r"((?<=\.)[lr](?=\.|$)|left|right)", mesh))

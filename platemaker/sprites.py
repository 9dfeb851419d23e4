"""Each muscle alone: its silhouette and a small shaded picture."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt

from platemaker.files import webp_bytes, zip_bytes
from platemaker.layers import Plate, affine_of
from platemaker.occlusion import openness
from platemaker.outlines import ring_area, rings_of, simplified
from platemaker.rays import Floats32, Scene
from platemaker.render import Light, Raster, bleed, coverage, picture
from platemaker.scenemesh import SceneMesh

SCALE = 2  # plate pixels a sprite pixel
QUALITY = 82
SELF_RAYS = 64
OUTLINE_TOLERANCE = 0.12  # mm that a simplified outline may stray
SMALLEST_RING = 0.8  # mm2


class Alone:
    """One structure by itself, ready to be seen from any side.

    ``open_sky`` is the openness of its vertices (N,), blocked by the structure itself only.
    """

    def __init__(self, mesh: SceneMesh, structure: int, open_sky: Floats32) -> None:
        self.id = structure
        self.mesh = mesh.alone(structure)
        self.scene = Scene(self.mesh.vertices, self.mesh.faces)
        self.open_sky = open_sky

    def rect(self, plate: Plate, step: int, margin: int) -> tuple[int, int, int, int] | None:
        """Column, row, width, height in plate pixels, in multiples of ``step``, inside the plate."""
        right, up, _ = plate.view.axes
        u = self.mesh.vertices @ right
        v = self.mesh.vertices @ up
        u0, _, _, v1 = plate.window
        width, height = plate.size
        low = np.array([(u.min() - u0) / plate.mm_per_px, (v1 - v.max()) / plate.mm_per_px]) - margin
        high = np.array([(u.max() - u0) / plate.mm_per_px, (v1 - v.min()) / plate.mm_per_px]) + margin
        c0, r0 = (np.floor(low / step) * step).astype(int)
        c1, r1 = (np.ceil(high / step) * step).astype(int)
        c0, r0, c1, r1 = max(c0, 0), max(r0, 0), min(c1, width), min(r1, height)
        if c1 <= c0 or r1 <= r0:
            return None
        return int(c0), int(r0), int(c1 - c0), int(r1 - r0)

    def raster(self, plate: Plate, rect: tuple[int, int, int, int], mm_per_px: float) -> Raster:
        """The raster that covers a rect of plate pixels at another resolution."""
        u0, _, _, v1 = plate.window
        col, row, width, height = (value * plate.mm_per_px for value in rect)
        return Raster(plate.view.axes, (u0 + col, u0 + col + width, v1 - row - height, v1 - row), mm_per_px)


def own_sky(mesh: SceneMesh, structure: int) -> Floats32:
    """Openness of the vertices of one structure, blocked by itself only."""
    alone = mesh.alone(structure)
    scene = Scene(alone.vertices, alone.faces)
    return openness(scene, alone.vertices, alone.normals, SELF_RAYS)


def outline(alone: Alone, plate: Plate) -> list[npt.NDArray[np.float32]]:
    """Closed rings (n, 2) in plate mm: outer rings counter-clockwise (v up), holes clockwise."""
    rect = alone.rect(plate, 1, 3)
    if rect is None:
        return []
    raster = alone.raster(plate, rect, plate.mm_per_px)
    field = coverage(alone.scene, raster)
    field[[0, -1]] = 0
    field[:, [0, -1]] = 0
    (a, _, c), (_, e, f) = affine_of(raster.window, raster.mm_per_px)
    placed = [np.stack([a * ring[:, 0] + c, e * ring[:, 1] + f], axis=1) for ring in rings_of(field)]
    areas = [abs(ring_area(ring)) for ring in placed]
    # Specks are dropped, but the largest ring stays however small it is: every muscle has an outline.
    smallest = min(SMALLEST_RING, max(areas, default=0.0))
    return [
        simplified(ring, OUTLINE_TOLERANCE).astype(np.float32)
        for ring, area in zip(placed, areas, strict=True)
        if area >= smallest
    ]


def outlines_table(found: dict[int, list[npt.NDArray[np.float32]]]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of the outlines file, rings in order of structure id."""
    structure = [number for number in sorted(found) for _ in found[number]]
    rings = [ring for number in sorted(found) for ring in found[number]]
    start = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    return {
        "structure": np.array(structure, np.int32),
        "start": start.astype(np.int64),
        "points": np.concatenate(rings).astype(np.float32) if rings else np.zeros((0, 2), np.float32),
    }


def sprite(alone: Alone, plate: Plate, colours: Floats32, light: Light) -> tuple[bytes, list[int]] | None:
    """WebP of the structure alone and its rect [column, row, width, height, scale]."""
    rect = alone.rect(plate, SCALE, SCALE)
    if rect is None:
        return None
    raster = alone.raster(plate, rect, plate.mm_per_px * SCALE)
    rgba = picture(alone.scene, alone.mesh, alone.open_sky, colours, raster, light)
    return webp_bytes(bleed(rgba), QUALITY), [*rect, SCALE]


def sprites_zip(found: dict[int, tuple[bytes, list[int]]]) -> bytes:
    """The zip of all sprites of a plate with ``rects.json``."""
    members = {f"{number}.webp": content for number, (content, _) in found.items()}
    rects = {str(number): rect for number, (_, rect) in sorted(found.items())}
    members["rects.json"] = json.dumps(rects, separators=(",", ":")).encode()
    return zip_bytes(members, compress=False)

"""Hold the dataset's sites and shapes against the computed body. Joins the two; knows no Qt.

Where the meshes are at hand :mod:`triggermap.dataset.meshes` is exact; this works everywhere else, from
the peel stacks and the region maps that the program ships.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from triggermap import placing
from triggermap.body import probe, shapes
from triggermap.body.plates import Body, Grid, Plate
from triggermap.body.stacks import Stack
from triggermap.dataset.meshes import MAX_DISTANCE
from triggermap.dataset.models import Dataset
from triggermap.dataset.rules import Finding, points

Vector = NDArray[np.float64]

ON_SKIN_MM = 10.0
"""How far a corner of a stroke may be from the skin that a plate sees: an outline is steep."""
LEAST_SHARE = 0.04
"""The share of a region that a stroke must colour to count as drawing it."""
RIM_MM = 10.0
"""How far a corner of a stroke may be outside the regions of its pattern."""


def in_the_stacks(dataset: Dataset, body: Body) -> Iterator[Finding]:
    """Every site lies in or near its structure as the peel stacks have it, and so does its mirror image."""
    axes = [axis for axis in ("z", "x") if axis in body.stacks]
    for path, point in points(dataset):
        left = body.by_mesh.get(point.position.mesh)
        if left is None:
            continue  # that the mesh exists is another rule's concern
        for side in ("left", "right"):
            structure = left if side == "left" or left.side == "mid" else body.mirrored(left)
            at = placing.position(point, side)
            apart = min(_apart(probe.stack_of(body, axis), structure.id, at) for axis in axes)
            if apart > MAX_DISTANCE:
                yield Finding(
                    (*path, "position", "at"),
                    f"the site ({side}) lies more than {MAX_DISTANCE:.0f} mm from {structure.mesh} in the"
                    " peel stacks",
                    "Move it to its own structure",
                )


def strokes_in_regions(dataset: Dataset, body: Body) -> Iterator[Finding]:
    """Every corner of a stroke lies on the skin of its pattern's own regions, or hardly outside."""
    plates = [plate for plate in body.plates.values() if not plate.mirrored]
    for path, point in points(dataset):
        if point.shape is None:
            continue
        wanted = frozenset(placing.zone_values(body, (*point.essential, *point.spillover), "left"))
        for kind in ("essential", "spillover"):
            for number, stroke in enumerate(getattr(point.shape, kind)):
                strays = [corner for corner in stroke.corners if not _is_in(plates, corner, wanted)]
                if strays:
                    x, y, z = strays[0]
                    yield Finding(
                        (*path, "shape", kind, number, "along"),
                        f"{len(strays)} of {len(stroke.corners)} corners lie outside the regions of this"
                        f" pattern, such as {x:g} {y:g} {z:g}",
                        "Move them, or name the region in the pattern with its source",
                    )


def shapes_match_zones(dataset: Dataset) -> Iterator[Finding]:
    """A pattern is drawn by strokes only where it has zones of that kind."""
    for path, point in points(dataset):
        for kind in ("essential", "spillover"):
            if point.shape is not None and getattr(point.shape, kind) and not getattr(point, kind):
                yield Finding(
                    (*path, "shape", kind),
                    f"strokes draw {kind} pain, and the pattern names no {kind} zone",
                    "Name the regions with their sources, or remove the strokes",
                )


def zones_drawn(dataset: Dataset, body: Body) -> Iterator[Finding]:
    """Strokes reach every area of skin that the pattern names for their kind: they stand in its place."""
    skin = {region.id for region in dataset.regions if not region.deep}
    for path, point in points(dataset):
        for kind in ("essential", "spillover"):
            lines = placing.lines_of(getattr(point.shape, kind), ("left",)) if point.shape else ()
            for index, zone in enumerate(getattr(point, kind) if lines else ()):
                if zone.side != "ipsilateral" or zone.region not in skin:
                    continue
                values = body.region_values(zone.region, ("left",))
                if not any(_reached(body, value, lines) for value in values):
                    yield Finding(
                        (*path, kind, index, "region"),
                        f"the strokes of this pattern don't reach '{zone.region}', so it is never drawn",
                        "Add a stroke there",
                    )


def _reached(body: Body, value: int, lines: tuple[shapes.Line, ...]) -> bool:
    """Whether lines colour a part of a region on the plate that sees most of it."""
    seen = [plate for plate in body.plates.values() if not plate.mirrored and value in plate.regions.extents]
    seen.sort(key=lambda plate: -_area(plate, value))
    return any(_colours(plate, value, lines) for plate in seen[:3])


def _area(plate: Plate, value: int) -> float:
    return plate.regions.extents[value].cells * abs(float(plate.regions.grid.affine[0, 0])) ** 2


def _colours(plate: Plate, value: int, lines: tuple[shapes.Line, ...]) -> bool:
    """Whether lines colour :data:`LEAST_SHARE` of what a plate shows of a region, looked at every 2 mm."""
    extent, grid = plate.regions.extents[value], plate.regions.grid
    step = max(round(2.0 / abs(float(grid.affine[0, 0]))), 1)
    rows, columns = slice(extent.top, extent.bottom, step), slice(extent.left, extent.right, step)
    mine = plate.regions.ids[rows, columns] == value
    affine = grid.affine.copy()
    affine[:, :2] *= step
    affine[:, 2] = grid.affine @ np.array([extent.left, extent.top, 1.0])
    part = Grid(affine, (mine.shape[0], mine.shape[1]))
    coloured = shapes.strength(plate, lines, part, spillover=False)[mine] > 0.3
    return bool(coloured.size) and float(coloured.mean()) >= LEAST_SHARE


def problems(dataset: Dataset, body: Body, *, stacks: bool) -> Iterator[Finding]:
    """All findings; the peel stacks are asked where the meshes aren't at hand."""
    yield from shapes_match_zones(dataset)
    yield from strokes_in_regions(dataset, body)
    yield from zones_drawn(dataset, body)
    if stacks:
        yield from in_the_stacks(dataset, body)


def _apart(stack: Stack, structure: int, at: Vector) -> float:
    """About how far ``at`` (mm) is from a structure of a stack, looked for as far as a site may be off."""
    u, v, depth = (at[0], at[1], at[2]) if stack.axis == "z" else (-at[2], at[1], at[0])
    reach = math.ceil(MAX_DISTANCE / stack.step)
    best = math.inf
    for column in range(-reach, reach + 1):
        for row in range(-reach, reach + 1):
            # Half a cell is what a cell doesn't tell of its own place.
            aside = max(math.hypot(column, row) - 0.5, 0.0) * stack.step
            if aside >= best:
                continue
            for entry in stack.at(float(u) + column * stack.step, float(v) + row * stack.step):
                if entry.structure == structure:
                    first, last = stack.reference - entry.entry, stack.reference - entry.exit
                    best = min(best, math.hypot(aside, max(last - depth, depth - first, 0.0)))
    return best


def _is_in(plates: list[Plate], corner: tuple[float, float, float], wanted: frozenset[int]) -> bool:
    """Whether some plate sees a place on the skin within, or hardly outside, the wanted regions."""
    at = np.array(corner)
    return any(_sees(plate, at, wanted) for plate in plates)


def _sees(plate: Plate, at: Vector, wanted: frozenset[int]) -> bool:
    u, v = (float(n) for n in plate.project(at[None])[0])
    cell = plate.depth.grid.cell(u, v)
    if cell is None:
        return False
    row, column = cell
    near = plate.depth.entry[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3]
    if not (np.abs(near - float(at @ plate.toward)) < ON_SKIN_MM).any():
        return False
    place = plate.regions.grid.cell(u, v)
    if place is None:
        return False
    reach = math.ceil(RIM_MM / abs(float(plate.regions.grid.affine[0, 0])))
    row, column = place
    part = plate.regions.ids[
        max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1
    ]
    return not wanted.isdisjoint(np.unique(part).tolist())

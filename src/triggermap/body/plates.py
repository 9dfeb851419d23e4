"""The computed body: plates, structures, id maps and what lies in ``assets/body``.

Formats are those of ``docs/assets-format.md``. Nothing here knows Qt: pictures stay files, and
hit testing is one array read.
"""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triggermap.body.mirror import Mirror, flipped, flipped_affine, flipped_points, flipped_rings, table
from triggermap.errors import TriggermapError

FORMAT = 2
# Overlays that plates may have, in no order; one that would be empty on a plate is not there.
OVERLAYS = ("arteries", "attachments", "bone-outline", "lung-zone", "nerves", "organs", "veins")
PELVIC_FLOOR = "pelvic-floor"  # the group of the plate from below: the trunk above it is cut away
WHOLE = "whole"  # the group of the plates that show the whole body
DEEPEST_MM = 85.0  # the piriformis under the gluteus maximus is the deepest site that a plate marks
OUTSIDE_MM = 12.0  # so far before the skin a site may stand: it lies on a mesh, and the skin is not exact
OPEN_MM = 1.0  # where the skin seems thinner than this, it was cut open behind what the plate shows
FloatArray = NDArray[np.float64]
Rect = tuple[float, float, float, float]  # left, bottom, width, height in plate mm
IdArray = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Structure:
    """One mesh of the reference body. ``id`` is its value in id maps; ``pair`` its mirror's.

    ``centre`` is the mean of its vertices (body mm), where it is known.
    """

    id: int
    mesh: str
    system: str
    name: str
    label: str
    side: str
    fma: str | None
    pair: int | None
    centre: tuple[float, float, float] | None = None

    @property
    def title(self) -> str:
        """The label with its side, as it is shown to people."""
        return f"{self.label} ({self.side})" if self.side in ("left", "right") else self.label


@dataclass(frozen=True, slots=True)
class RegionValue:
    """A pain region of one side, as a value in region maps."""

    value: int
    region: str
    side: str


@dataclass(frozen=True)
class Grid:
    """Where the cells of an array lie in plate mm: ``u = a*col + b*row + c`` at cell centres."""

    affine: FloatArray  # (2, 3)
    shape: tuple[int, int]  # rows, columns

    @cached_property
    def _inverse(self) -> tuple[FloatArray, FloatArray]:
        matrix: FloatArray = np.linalg.inv(self.affine[:, :2]).astype(np.float64)
        return matrix, -matrix @ self.affine[:, 2]

    @cached_property
    def _terms(self) -> tuple[float, ...]:
        """The inverse as plain numbers: numpy's scalars would be most of the cost of a hit test."""
        matrix, offset = self._inverse
        return tuple(float(x) for x in (*matrix[0], offset[0], *matrix[1], offset[1]))

    def cell(self, u: float, v: float) -> tuple[int, int] | None:
        """(row, column) of the cell at plate mm (u, v), or None outside."""
        a, b, c, d, e, f = self._terms
        col = math.floor(a * u + b * v + c + 0.5)
        row = math.floor(d * u + e * v + f + 0.5)
        if 0 <= row < self.shape[0] and 0 <= col < self.shape[1]:
            return row, col
        return None

    def cells(self, points: FloatArray) -> FloatArray:
        """Fractional (column, row) of plate points (N, 2)."""
        matrix, offset = self._inverse
        result: FloatArray = points @ matrix.T + offset
        return result

    @property
    def rect(self) -> tuple[float, float, float, float]:
        """(left, bottom, width, height) in plate mm, whole cells included."""
        corners = self.affine @ np.array(
            [[-0.5, self.shape[1] - 0.5], [-0.5, self.shape[0] - 0.5], [1.0, 1.0]]
        )
        (u0, u1), (v0, v1) = corners
        return float(min(u0, u1)), float(min(v0, v1)), float(abs(u1 - u0)), float(abs(v1 - v0))


@dataclass(frozen=True, slots=True)
class Extent:
    """How many cells an id has in a map, and the rows and columns between which they stand."""

    cells: int
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class IdMap:
    """An array of ids with its place on the plate; 0 is nothing."""

    ids: IdArray
    grid: Grid

    @cached_property
    def weights(self) -> dict[float, NDArray[np.float32]]:
        """Blurred skin of a region map, by blur (mm); :mod:`triggermap.body.zones` fills it."""
        return {}

    @cached_property
    def extents(self) -> dict[int, Extent]:
        """Where each id stands, found once: a look-up instead of a scan for every selection."""
        rows, cols = np.nonzero(self.ids)
        values = self.ids[rows, cols]
        order = np.argsort(values, kind="stable")
        rows, cols, values = rows[order], cols[order], values[order]
        starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.array([], int)
        if not len(starts):
            return {}
        low = np.minimum.reduceat(rows, starts), np.minimum.reduceat(cols, starts)
        high = np.maximum.reduceat(rows, starts), np.maximum.reduceat(cols, starts)
        counts = np.diff(np.r_[starts, len(values)])
        return {
            int(values[start]): Extent(int(n), int(r0), int(r1) + 1, int(c0), int(c1) + 1)
            for start, n, r0, r1, c0, c1 in zip(starts, counts, low[0], high[0], low[1], high[1], strict=True)
        }

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How many cells each id has; longer than the largest id in the map by one."""
        return np.bincount(self.ids.ravel())

    def at(self, u: float, v: float) -> int:
        """The id at plate mm (u, v); 0 outside."""
        cell = self.grid.cell(u, v)
        return int(self.ids[cell]) if cell else 0

    def near(self, u: float, v: float, radius: float) -> int:
        """The id at (u, v), or the nearest within ``radius`` mm: thin structures can be clicked."""
        cell = self.grid.cell(u, v)
        if cell is None:
            return 0
        direct = int(self.ids[cell])
        if direct:
            return direct
        step = abs(float(self.grid.affine[0, 0]))
        reach = int(np.ceil(radius / step))
        row, col = cell
        top, left = max(row - reach, 0), max(col - reach, 0)
        window = self.ids[top : row + reach + 1, left : col + reach + 1]
        if not window.any():  # beside the body, and by far the most common case
            return 0
        rows, cols = np.nonzero(window)
        distance = np.hypot(rows + top - row, cols + left - col)
        best = int(np.argmin(distance))
        return int(window[rows[best], cols[best]]) if distance[best] * step <= radius else 0


@dataclass(frozen=True)
class Outlines:
    """Silhouettes of structures as closed rings in plate mm."""

    structure: NDArray[np.int32]
    start: NDArray[np.int64]
    points: NDArray[np.float32]

    def rings(self, structure_id: int) -> list[NDArray[np.float32]]:
        """The rings (N, 2) of one structure; empty where it does not project."""
        return [
            self.points[self.start[k] : self.start[k + 1]]
            for k in np.flatnonzero(self.structure == structure_id)
        ]


@dataclass(frozen=True)
class DepthMap:
    """Where the skin begins and ends along the view, as ``p . toward`` in mm; NaN outside."""

    entry: NDArray[np.float32]
    exit: NDArray[np.float32]
    grid: Grid


@dataclass(frozen=True)
class Dots:
    """Blue-noise stipple of the visible skin: plate mm, region value and rank in 0..1."""

    points: NDArray[np.float32]
    region: NDArray[np.uint16]
    rank: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sprite:
    """One structure alone, shaded: WebP bytes and where it lies in plate mm.

    ``mirrored``: the picture has to be turned left to right once it is decoded.
    """

    data: bytes
    rect: Rect
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One depth of a plate: a picture and its id map. Those of a mirrored plate are still to be turned."""

    id: str
    title: str
    picture: Path
    ids: Path


@dataclass(frozen=True, slots=True)
class Overlay:
    """A transparent picture over a part of a plate, with its id map; never mirrored.

    ``rect`` is where it lies in plate mm, ``scale`` how many plate pixels one of its pixels covers.
    """

    id: str
    title: str
    picture: Path
    ids: Path
    rect: Rect
    scale: float


@dataclass(frozen=True)
class Plate:
    """An orthographic view of the body with its layers. Arrays are read when first asked for.

    ``short`` is the word on its button, ``group`` the part of the body (``whole``, ``thigh``). ``side``
    is set where the plate shows one side, ``counterpart`` names the plate of the other side. A mirrored
    plate uses the files of its counterpart: its arrays come out mirrored, its pictures
    (``layers``, ``glass``, sprites) have to be turned left to right by whoever decodes them.
    """

    id: str
    view: str
    title: str
    short: str
    group: str
    side: str | None
    counterpart: str | None
    note: str | None
    grid: Grid
    mm_per_px: float
    right: FloatArray
    up: FloatArray
    toward: FloatArray
    layers: tuple[Layer, ...]
    overlays: tuple[Overlay, ...]
    folder: Path
    glass: Path
    _files: dict[str, str]
    _mirror: Mirror | None = None

    @property
    def mirrored(self) -> bool:
        """Whether the pictures of this plate are those of the other side, to be turned left to right."""
        return self._mirror is not None

    @property
    def files(self) -> list[Path]:
        """The files of the plate beside those of its layers and overlays."""
        return [self.glass, *(self.folder / name for name in self._files.values())]

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id; KeyError if the plate has none."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def overlay(self, overlay_id: str) -> Overlay | None:
        """The overlay of that id, or None: an overlay that would be empty is not there."""
        return next((overlay for overlay in self.overlays if overlay.id == overlay_id), None)

    def project(self, points: FloatArray) -> FloatArray:
        """Body mm (N, 3) to plate mm (N, 2)."""
        result: FloatArray = np.asarray(points, float) @ np.stack([self.right, self.up]).T
        return result

    def warm(self) -> None:
        """Read what the first click needs, so that the click doesn't wait for it."""
        for layer in self.layers[1:]:
            _ = self.id_map(layer.id).counts
        _ = self.regions.extents
        self.skim()

    def skim(self) -> None:
        """Read the little that tells how well this plate shows a point, a muscle or a region."""
        _ = self.outlines, self.dot_counts, self.depth

    def cool(self) -> None:
        """Let go of the large arrays, which are read again when they are asked for."""
        for name in ("id_maps", "overlay_maps", "regions"):
            vars(self).pop(name, None)

    @cached_property
    def id_maps(self) -> dict[str, IdMap]:
        """Id maps read so far, by layer id; fill it through :meth:`id_map`."""
        return {}

    @cached_property
    def overlay_maps(self) -> dict[str, IdMap]:
        """Id maps of overlays read so far, by overlay id; fill it through :meth:`overlay_map`."""
        return {}

    def id_map(self, layer_id: str) -> IdMap:
        """The id map of a layer, read at the first call."""
        maps = self.id_maps
        if layer_id not in maps:
            path = self.layer(layer_id).ids
            (ids,) = _arrays(path, "ids")
            if ids.shape != self.grid.shape:
                raise TriggermapError(f"{_place(path)} of the body plates has another size than its plate.")
            if self._mirror:
                ids = self._mirror.structures[flipped(ids)]
            maps[layer_id] = IdMap(ids, self.grid)
        return maps[layer_id]

    def overlay_map(self, overlay_id: str) -> IdMap:
        """The id map of an overlay on cells of its own, read at the first call; KeyError without it."""
        maps = self.overlay_maps
        if overlay_id not in maps:
            overlay = self.overlay(overlay_id)
            if overlay is None:
                raise KeyError(overlay_id)
            (ids,) = _arrays(overlay.ids, "ids")
            rows, cols = _shape(overlay.ids, ids)
            left, bottom, width, height = overlay.rect
            across, down = width / cols, height / rows
            affine = np.array([[across, 0.0, left + across / 2], [0.0, -down, bottom + height - down / 2]])
            maps[overlay_id] = IdMap(ids, Grid(affine, (rows, cols)))
        return maps[overlay_id]

    @cached_property
    def regions(self) -> IdMap:
        """The region map of the visible skin."""
        path = self.folder / self._files["regions"]
        ids, affine = _arrays(path, "ids", "affine")
        shape = _shape(path, ids)
        if self._mirror:
            ids = self._mirror.regions[flipped(ids)]
        return IdMap(ids, self._frame(affine, shape))

    @cached_property
    def depth(self) -> DepthMap:
        """Entry and exit of the skin along the view."""
        path = self.folder / self._files["depth"]
        entry, leave, affine = _arrays(path, "entry", "exit", "affine")
        shape = _shape(path, entry)
        if self._mirror:
            entry, leave = flipped(entry), flipped(leave)
        return DepthMap(entry, leave, self._frame(affine, shape))

    def _frame(self, affine: NDArray[Any], shape: tuple[int, int]) -> Grid:
        """The cells of a map of this plate; ``affine`` is that of the file."""
        own = np.asarray(affine, float)
        return Grid(flipped_affine(own, shape[1]) if self._mirror else own, shape)

    @cached_property
    def outlines(self) -> Outlines:
        """Silhouettes of all muscles on this plate."""
        path = self.folder / self._files["outlines"]
        structure, start, points = _arrays(path, "structure", "start", "points")
        if self._mirror:
            structure = self._mirror.structures[structure].astype(np.int32)
            points = flipped_rings(start, points)
        return Outlines(structure, start, points)

    @cached_property
    def dots(self) -> Dots:
        """The stipple of the skin that is visible here."""
        path = self.folder / self._files["dots"]
        points, region, rank = _arrays(path, "points", "region", "rank")
        if self._mirror:
            points, region = flipped_points(points), self._mirror.regions[region]
        return Dots(points, region, rank)

    @cached_property
    def dot_counts(self) -> NDArray[np.intp]:
        """How many dots of each region are seen here, by region value.

        Dots stand evenly on the skin, so this tells how much skin of a region is visible, and costs a
        tenth of counting the cells of the region map.
        """
        return np.bincount(self.dots.region, minlength=1)

    @cached_property
    def _sprite_rects(self) -> dict[str, list[float]]:
        rects: dict[str, list[float]] = json.loads(self._sprite_file("rects.json"))
        return rects

    def _sprite_file(self, name: str) -> bytes:
        path = self.folder / self._files["sprites"]
        try:
            with zipfile.ZipFile(path) as pack:
                return pack.read(name)
        except (OSError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise TriggermapError(f"{_place(path)} of the body plates cannot be read ({error}).") from error

    def sprite(self, structure_id: int) -> Sprite | None:
        """The structure alone, or None where it has no sprite on this plate."""
        drawn = int(self._mirror.structures[structure_id]) if self._mirror else structure_id
        try:
            rect = self._sprite_rects.get(str(drawn))
        except (ValueError, AttributeError) as error:
            raise TriggermapError(
                f"The sprites of plate '{self.id}' have no readable list ({error})."
            ) from error
        if rect is None:
            return None
        data = self._sprite_file(f"{drawn}.webp")
        col, row, width, height = rect[:4]
        if self._mirror:
            col = self.grid.shape[1] - col - width
        return Sprite(data, _rect_on(self.grid, col, row, width, height), self.mirrored)

    def faces_viewer(self, point: FloatArray) -> bool:
        """Whether a mark at a body point makes sense for somebody who looks at this plate.

        A site on the front of the chest has no place on a back plate, nor one beside the spine on a
        side plate: the way to it through the body must not be much longer than the way out behind
        it, nor longer than :data:`DEEPEST_MM`. A site of the other leg has none either, though it lies
        behind or before this one.
        """
        way = self._way(point)
        return way is not None and -OUTSIDE_MM <= way[0] <= DEEPEST_MM and self._is_near(*way)

    def on_near_side(self, point: FloatArray) -> bool:
        """Whether a body point lies in the half of the body that is nearer to the viewer, or about."""
        way = self._way(point)
        return way is not None and self._is_near(*way)

    def within_skin(self, point: FloatArray) -> bool:
        """Whether a body point lies in the part of the body that the plate shows, or hardly outside."""
        way = self._way(point)
        return way is not None and way[0] >= -OUTSIDE_MM and (way[1] >= -OUTSIDE_MM or _is_open(*way))

    def _is_near(self, before: float, behind: float) -> bool:
        # Where the body was cut off behind what the plate shows, the way out behind tells nothing.
        if self.group == PELVIC_FLOOR or _is_open(before, behind):
            return before <= DEEPEST_MM
        return before <= 1.3 * max(behind, 0.0) + 8.0

    def _way(self, point: FloatArray) -> tuple[float, float] | None:
        """How far a body point lies behind the entry of the skin and before its exit, in mm.

        None outside the plate's window; NaN beside the body.
        """
        u, v = (float(x) for x in self.project(point[None])[0])
        # Asked first: most points lie outside most plates, whose depths needn't be read for it.
        if self.grid.cell(u, v) is None:
            return None
        cell = self.depth.grid.cell(u, v)
        if cell is None:
            return None
        depth = float(point @ self.toward)
        return float(self.depth.entry[cell]) - depth, depth - float(self.depth.exit[cell])


def _is_open(before: float, behind: float) -> bool:
    """Whether the skin has no back here: a foot from below ends where it was cut off above the ankle."""
    return before + behind < OPEN_MM


@dataclass(frozen=True)
class Body:
    """All plates and structures of ``assets/body``, which is ``folder``.

    ``stacks`` are the files of the peel stacks by axis (``z``, ``x``), ``landmarks`` that of the
    landmarks, ``lines`` that of the centre lines of nerves and vessels, ``ways`` that of what lies on the
    way to each bundled trigger point; empty and None where they were not made.
    """

    structures: dict[int, Structure]
    plates: dict[str, Plate]
    regions: dict[int, RegionValue]
    attribution: str
    folder: Path
    stacks: dict[str, Path]
    landmarks: Path | None
    lines: Path | None = None
    ways: Path | None = None

    @cached_property
    def groups(self) -> dict[str, tuple[Plate, ...]]:
        """The plates by the part of the body that they show, both in the order of the manifest."""
        names = dict.fromkeys(plate.group for plate in self.plates.values())
        return {name: tuple(p for p in self.plates.values() if p.group == name) for name in names}

    @cached_property
    def by_mesh(self) -> dict[str, Structure]:
        """Structures by mesh id."""
        return {s.mesh: s for s in self.structures.values()}

    @cached_property
    def _region_values(self) -> dict[tuple[str, str], int]:
        return {(r.region, r.side): r.value for r in self.regions.values()}

    def region_values(self, region: str, sides: tuple[str, ...]) -> list[int]:
        """Map values of a region on the given sides; a midline region counts for any side."""
        found = [self._region_values.get((region, side)) for side in (*sides, "mid")]
        return [value for value in found if value is not None]

    def mirrored(self, structure: Structure) -> Structure:
        """The structure on the other side, or the same one if it has no pair."""
        return self.structures[structure.pair] if structure.pair else structure


def _arrays(path: Path, *names: str) -> list[Any]:
    """The named arrays of an npz file, or one sentence that names the file."""
    try:
        # Opened here: np.load leaves a file open that turns out to be no archive.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as pack:
            return [pack[name] for name in names]
    except (OSError, ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise TriggermapError(f"{_place(path)} of the body plates cannot be read ({error}).") from error


def _shape(path: Path, array: NDArray[Any]) -> tuple[int, int]:
    """Rows and columns of a map, or one sentence that names its file."""
    if array.ndim != 2 or not array.size:
        raise TriggermapError(f"{_place(path)} of the body plates holds no map.")
    return array.shape[0], array.shape[1]


def _place(path: Path) -> str:
    """A file of a plate as it is named to users: with its folder, for all plates have the same files."""
    return f"{path.parent.name}/{path.name}"


def load_body(folder: Path) -> Body:
    """Read ``manifest.json`` in ``folder`` (``assets/body``); arrays and pictures stay on disk.

    Raises :class:`TriggermapError` if the manifest is missing, broken or of another format.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TriggermapError(f"The body plates are missing: {path} cannot be read.") from error
    except ValueError as error:
        raise TriggermapError(f"The body plates are damaged: {path} is not JSON ({error}).") from error
    try:
        if manifest["format"] != FORMAT:
            raise TriggermapError(
                f"{path} has format {manifest['format']}; this version reads {FORMAT}: run 'make plates'."
            )
        structures = {s["id"]: _structure(s) for s in manifest["structures"]}
        regions = {r["value"]: RegionValue(**r) for r in manifest["regions"]}
        mirror = _mirror(structures, regions)
        plates = {p["id"]: _plate(p, folder, mirror) for p in manifest["plates"]}
        stacks = {str(axis): folder / name for axis, name in (manifest.get("stacks") or {}).items()}
        found, lines, ways = (
            folder / manifest[name] if manifest.get(name) else None for name in ("landmarks", "lines", "ways")
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise TriggermapError(f"The body plates are damaged: {path} lacks or misstates {error}.") from error
    if not plates:
        raise TriggermapError(f"The body plates are damaged: {path} lists no plate.")
    return Body(
        structures, plates, regions, manifest.get("attribution", ""), folder, stacks, found, lines, ways
    )


def _structure(entry: dict[str, Any]) -> Structure:
    centre = entry.get("centre")
    return Structure(**{**entry, "centre": tuple(centre) if centre else None})


def _mirror(structures: dict[int, Structure], regions: dict[int, RegionValue]) -> Mirror:
    values = {(r.region, r.side): r.value for r in regions.values()}
    other = {"left": "right", "right": "left"}
    return Mirror(
        table((s.id, s.pair) for s in structures.values()),
        table((r.value, values.get((r.region, other.get(r.side, r.side)))) for r in regions.values()),
    )


def _plate(entry: dict[str, Any], folder: Path, mirror: Mirror) -> Plate:
    if not isinstance(entry["id"], str):
        raise TypeError(f"the id of a plate: {entry['id']}")
    width, height = entry["size"]
    axes = entry["axes"]
    grid = Grid(np.array(entry["affine"], float), (height, width))
    return Plate(
        id=entry["id"],
        view=entry["view"],
        title=entry["title"],
        short=entry["short"],
        group=entry["group"],
        side=entry["side"],
        counterpart=entry["counterpart"],
        note=entry["note"],
        grid=grid,
        mm_per_px=entry["mm_per_px"],
        right=np.array(axes["right"], float),
        up=np.array(axes["up"], float),
        toward=np.array(axes["toward"], float),
        layers=tuple(
            Layer(layer["id"], layer["title"], folder / layer["picture"], folder / layer["ids"])
            for layer in entry["layers"]
        ),
        overlays=tuple(_overlay(overlay, grid, folder) for overlay in entry["overlays"]),
        folder=folder,
        glass=folder / entry["glass"],
        _files={key: entry[key] for key in ("regions", "depth", "outlines", "sprites", "dots")},
        _mirror=mirror if entry["mirrored_from"] else None,
    )


def _overlay(entry: dict[str, Any], grid: Grid, folder: Path) -> Overlay:
    return Overlay(
        id=entry["id"],
        title=entry["title"],
        picture=folder / entry["picture"],
        ids=folder / entry["ids"],
        rect=_rect_on(grid, *entry["rect"]),
        scale=entry["scale"],
    )


def _rect_on(grid: Grid, col: float, row: float, width: float, height: float) -> Rect:
    """Where a rectangle of plate pixels lies in plate mm."""
    corners = grid.affine @ np.array(
        [[col - 0.5, col + width - 0.5], [row - 0.5, row + height - 0.5], [1.0, 1.0]]
    )
    (u0, u1), (v0, v1) = corners
    return float(u0), float(min(v0, v1)), float(u1 - u0), float(abs(v1 - v0))

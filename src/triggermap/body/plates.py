"""The computed body: plates, structures, id maps and what lies in ``assets/body``.

Formats are those of ``docs/assets-format.md``. Nothing here knows Qt: pictures stay files, and
hit testing is one array read.
"""

from __future__ import annotations

import hashlib
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

from triggermap.errors import Problem, TriggermapError

FORMAT = 1
DEEPEST_MM = 85.0  # the piriformis under the gluteus maximus is the deepest site that a plate marks
FloatArray = NDArray[np.float64]
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
    """One structure alone, shaded: WebP bytes and where it lies in plate mm."""

    data: bytes
    rect: tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True, slots=True)
class Layer:
    """One depth of a plate: a picture and its id map."""

    id: str
    title: str
    picture: Path
    ids: Path


@dataclass(frozen=True)
class Plate:
    """An orthographic view of the body with its layers. Arrays are read when first asked for."""

    id: str
    view: str
    title: str
    note: str | None
    grid: Grid
    mm_per_px: float
    right: FloatArray
    up: FloatArray
    toward: FloatArray
    layers: tuple[Layer, ...]
    folder: Path
    glass: Path
    _files: dict[str, str]

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id; KeyError if the plate has none."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def project(self, points: FloatArray) -> FloatArray:
        """Body mm (N, 3) to plate mm (N, 2)."""
        result: FloatArray = np.asarray(points, float) @ np.stack([self.right, self.up]).T
        return result

    def warm(self) -> None:
        """Read what the first click needs, so that the click doesn't wait for it."""
        for layer in self.layers[1:]:
            _ = self.id_map(layer.id).counts
        _ = self.outlines, self.dots, self.depth, self.regions.extents

    @cached_property
    def id_maps(self) -> dict[str, IdMap]:
        """Id maps read so far, by layer id; fill it through :meth:`id_map`."""
        return {}

    def id_map(self, layer_id: str) -> IdMap:
        """The id map of a layer, read at the first call."""
        maps = self.id_maps
        if layer_id not in maps:
            path = self.layer(layer_id).ids
            (ids,) = _arrays(path, "ids")
            if ids.shape != self.grid.shape:
                raise TriggermapError(f"{_place(path)} of the body plates has another size than its plate.")
            maps[layer_id] = IdMap(ids, self.grid)
        return maps[layer_id]

    @cached_property
    def regions(self) -> IdMap:
        """The region map of the visible skin."""
        ids, affine = _arrays(self.folder / self._files["regions"], "ids", "affine")
        return IdMap(ids, Grid(np.asarray(affine, float), ids.shape))

    @cached_property
    def depth(self) -> DepthMap:
        """Entry and exit of the skin along the view."""
        entry, leave, affine = _arrays(self.folder / self._files["depth"], "entry", "exit", "affine")
        return DepthMap(entry, leave, Grid(np.asarray(affine, float), entry.shape))

    @cached_property
    def outlines(self) -> Outlines:
        """Silhouettes of all muscles on this plate."""
        return Outlines(*_arrays(self.folder / self._files["outlines"], "structure", "start", "points"))

    @cached_property
    def dots(self) -> Dots:
        """The stipple of this plate."""
        return Dots(*_arrays(self.folder / self._files["dots"], "points", "region", "rank"))

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
        try:
            rect = self._sprite_rects.get(str(structure_id))
        except (ValueError, AttributeError) as error:
            raise TriggermapError(
                f"The sprites of plate '{self.id}' have no readable list ({error})."
            ) from error
        if rect is None:
            return None
        data = self._sprite_file(f"{structure_id}.webp")
        col, row, width, height = rect[:4]
        corners = self.grid.affine @ np.array(
            [[col - 0.5, col + width - 0.5], [row - 0.5, row + height - 0.5], [1.0, 1.0]]
        )
        (u0, u1), (v0, v1) = corners
        return Sprite(data, (float(u0), float(min(v0, v1)), float(u1 - u0), float(abs(v1 - v0))))

    def faces_viewer(self, point: FloatArray) -> bool:
        """Whether a mark at a body point makes sense for somebody who looks at this plate.

        A site on the front of the chest has no place on a back plate, nor one beside the spine on a
        side plate: the way to it through the body must not be much longer than the way out behind
        it, nor longer than :data:`DEEPEST_MM`.
        """
        u, v = self.project(point[None])[0]
        cell = self.depth.grid.cell(float(u), float(v))
        if cell is None:
            return False
        depth = float(point @ self.toward)
        return float(self.depth.entry[cell]) - depth <= DEEPEST_MM and self.on_near_side(point)

    def on_near_side(self, point: FloatArray) -> bool:
        """Whether a body point lies in the half of the body that is nearer to the viewer, or about."""
        u, v = self.project(point[None])[0]
        cell = self.depth.grid.cell(float(u), float(v))
        if cell is None:
            return False
        depth = float(point @ self.toward)
        before = float(self.depth.entry[cell]) - depth
        behind = depth - float(self.depth.exit[cell])
        return before <= 1.3 * max(behind, 0.0) + 8.0


@dataclass(frozen=True)
class Body:
    """All plates and structures of ``assets/body``."""

    structures: dict[int, Structure]
    plates: dict[str, Plate]
    regions: dict[int, RegionValue]
    attribution: str

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
            raise TriggermapError(f"{path} has format {manifest['format']}; this version reads {FORMAT}.")
        structures = {s["id"]: _structure(s) for s in manifest["structures"]}
        regions = {r["value"]: RegionValue(**r) for r in manifest["regions"]}
        plates = {p["id"]: _plate(p, folder) for p in manifest["plates"]}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise TriggermapError(f"The body plates are damaged: {path} lacks or misstates {error}.") from error
    if not plates:
        raise TriggermapError(f"The body plates are damaged: {path} lists no plate.")
    return Body(structures, plates, regions, manifest.get("attribution", ""))


def _structure(entry: dict[str, Any]) -> Structure:
    centre = entry.get("centre")
    return Structure(**{**entry, "centre": tuple(centre) if centre else None})


def _plate(entry: dict[str, Any], folder: Path) -> Plate:
    if not isinstance(entry["id"], str):
        raise TypeError(f"the id of a plate: {entry['id']}")
    width, height = entry["size"]
    axes = entry["axes"]
    return Plate(
        id=entry["id"],
        view=entry["view"],
        title=entry["title"],
        note=entry["note"],
        grid=Grid(np.array(entry["affine"], float), (height, width)),
        mm_per_px=entry["mm_per_px"],
        right=np.array(axes["right"], float),
        up=np.array(axes["up"], float),
        toward=np.array(axes["toward"], float),
        layers=tuple(
            Layer(layer["id"], layer["title"], folder / layer["picture"], folder / layer["ids"])
            for layer in entry["layers"]
        ),
        folder=folder,
        glass=folder / entry["glass"],
        _files={key: entry[key] for key in ("regions", "depth", "outlines", "sprites", "dots")},
    )


def verify(folder: Path) -> list[Problem]:
    """Compare every file of ``assets/body`` with the manifest's size and sha256."""
    path = folder / "manifest.json"
    hint = "Restore the file from the repository, or run 'make plates'."
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        expected = {str(name): str(entry["sha256"]) for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [Problem(str(path), 0, f"the manifest cannot be read ({error})", hint)]
    problems = []
    for name, checksum in sorted(expected.items()):
        file = folder / name
        try:
            data = file.read_bytes()
        except OSError:
            problems.append(Problem(str(file), 0, "the file is missing", hint))
            continue
        if hashlib.sha256(data).hexdigest() != checksum:
            problems.append(Problem(str(file), 0, "the file is damaged: its checksum differs", hint))
    return problems

"""A small synthetic body, written as docs/assets-format.md has it: boxes in a box, front and back.

Asked for, it has two plates of one side beside, the left and the right flank: the right one is the left
one in a mirror, or computed by itself, so that both can be compared.

It stands where the dataset of tests/unit/builders.py has its trigger points, so that both can be
joined. A cell is 2 mm; all boxes lie on even millimetres, so every count can be worked out by hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from triggermap.body.plates import Body, Grid, IdMap, load_body

STEP = 2.0
WIDTH, HEIGHT = 180, 270
AFFINE = np.array([[STEP, 0.0, -179.0], [0.0, -STEP, 1709.0]])
SKIN = (-170, 170, 1200, 1690, -90, 90)
# 4 x 2 pixels, half-transparent red; written once by Qt, so that this file needs none.
WEBP = base64.b64decode(
    "UklGRmAAAABXRUJQVlA4WAoAAAAQAAAAAwAAAQAAQUxQSAkAAAAQgICAgICAgIAAVlA4IDAAAADQAQCdASoEAAIAAUAmJaACdLoB"
    "+AADsAD+8ut//NgVzXPv9//S4P0uD9Lg/9KQAAA="
)

Flanks = Literal["none", "mirrored", "computed"]
At = tuple[int, int, int, int, int, int]
Lengths = tuple[float, float, float, float]
Raw = dict[str, Any]


@dataclass(frozen=True)
class View:
    """A plate before it is written. ``mirror``: it uses the files of that plate."""

    id: str
    view: str
    axes: tuple[tuple[int, int, int], ...]
    affine: NDArray[np.float64]
    shape: tuple[int, int] = (HEIGHT, WIDTH)
    group: str = "whole"
    side: str | None = None
    counterpart: str | None = None
    mirror: str | None = None
    skin: At = SKIN

    @property
    def home(self) -> str:
        return self.mirror or self.id

    def spans(self, at: At) -> Lengths:
        """u and v of a box, from and to."""
        corners = np.array([[x, y, z] for x in at[:2] for y in at[2:4] for z in at[4:]])
        u, v = corners @ self.axes[0], corners @ self.axes[1]
        return float(u.min()), float(u.max()), float(v.min()), float(v.max())

    def near(self, at: At) -> float:
        """How near to the viewer a box comes: its largest ``p . toward``."""
        return max(float(np.dot(self.axes[2], (x, 0, z))) for x in at[:2] for z in at[4:])

    def cells(self, spans: Lengths) -> tuple[slice, slice]:
        """Rows and columns of u and v from and to."""
        u0, u1, v0, v1 = spans
        left, top = self.affine[0, 2] - STEP / 2, self.affine[1, 2] + STEP / 2
        return (
            slice(round((top - v1) / STEP), round((top - v0) / STEP)),
            slice(round((u0 - left) / STEP), round((u1 - left) / STEP)),
        )


WHOLE = (
    View("front", "front", ((1, 0, 0), (0, 1, 0), (0, 0, 1)), AFFINE),
    View("back", "back", ((-1, 0, 0), (0, 1, 0), (0, 0, -1)), AFFINE),
)
# The window reaches further forward than back: a plate that is its own mirror image would hide mistakes.
FLANK_LEFT = View(
    "flank-left",
    "left",
    ((0, 0, -1), (0, 1, 0), (1, 0, 0)),
    np.array([[STEP, 0.0, -99.0], [0.0, -STEP, 1439.0]]),
    (120, 96),
    "thorax",
    "left",
    "flank-right",
    skin=(0, *SKIN[1:]),
)
FLANK_RIGHT = View(
    "flank-right",
    "right",
    ((0, 0, 1), (0, 1, 0), (-1, 0, 0)),
    np.array([[STEP, 0.0, -91.0], [0.0, -STEP, 1439.0]]),
    (120, 96),
    "thorax",
    "right",
    "flank-left",
    skin=(SKIN[0], 0, *SKIN[2:]),
)


@dataclass(frozen=True)
class Box:
    """A structure of the left side or the middle: x, y and z from and to, in body mm."""

    mesh: str
    label: str
    at: At
    layers: tuple[str, ...]
    paired: bool = True


BOXES = (
    Box("muscles/pectoral.l", "Pectoral", (20, 100, 1300, 1400, 70, 90), ("superficial",)),
    Box("muscles/rhomboid.l", "Rhomboid", (30, 70, 1350, 1400, -70, -62), ("superficial", "deep")),
    Box(
        "muscles/serratus_anterior.l", "Serratus anterior", (110, 160, 1210, 1330, -60, 60), ("superficial",)
    ),
    Box("muscles/trapezius.l.1", "Trapezius, upper", (10, 110, 1330, 1480, -85, -70), ("superficial",)),
    Box("muscles/trapezius.l.2", "Trapezius, lower", (10, 60, 1230, 1330, -85, -70), ("superficial",)),
    Box("nerves/thread.l", "Thread", (164, 166, 1220, 1420, 0, 2), ("superficial", "deep")),
    Box("skeleton/spine", "Spine", (-6, 6, 1210, 1600, -60, 60), ("superficial", "deep"), paired=False),
    Box("skin/skin", "Skin", SKIN, ("skin",), paired=False),
)

# Region, paired, x and y from and to, and the plates that show it; what comes later lies on top.
REGIONS: tuple[tuple[str, bool, tuple[int, int, int, int], tuple[str, ...]], ...] = (
    ("trunk-rest", False, SKIN[:4], ("front", "back")),
    ("breastbone", False, (-30, 30, 1250, 1400), ("front",)),
    ("shoulder-blade-lower", True, (40, 120, 1300, 1420), ("back",)),
    ("side-of-chest", True, (120, 170, 1200, 1330), ("front", "back")),
    ("temple", True, (60, 170, 1600, 1690), ("front", "back")),
)

# The regions of the left flank, z and y from and to.
FLANK_REGIONS: tuple[tuple[str, tuple[int, int, int, int]], ...] = (
    ("trunk-rest", (-90, 90, 1200, 1440)),
    ("side-of-chest", (-40, 90, 1200, 1330)),
    ("shoulder-blade-lower", (-90, -40, 1300, 1420)),
)


def grid() -> Grid:
    return Grid(AFFINE.copy(), (HEIGHT, WIDTH))


def structures() -> list[dict[str, Any]]:
    """The manifest's list: ids by sorted mesh, pairs by mirror."""
    meshes = [mesh for box in BOXES for mesh in _meshes(box)]
    ids = {mesh: number for number, mesh in enumerate(sorted(meshes), 1)}
    rows = []
    for box in BOXES:
        for mesh in _meshes(box):
            side = "mid" if not box.paired else "left" if mesh == box.mesh else "right"
            rows.append(
                {
                    "id": ids[mesh],
                    "mesh": mesh,
                    "system": mesh.partition("/")[0],
                    "name": box.label if side == "mid" else f"{side.capitalize()} {box.label.lower()}",
                    "label": box.label,
                    "side": side,
                    "fma": f"FMA{ids[mesh]}",
                    "pair": None if side == "mid" else ids[_other(mesh)],
                }
            )
    return sorted(rows, key=lambda row: int(row["id"]))


def region_values() -> list[dict[str, Any]]:
    found = sorted((name, side) for name, paired, *_ in REGIONS for side in _sides(paired))
    return [{"value": n, "region": name, "side": side} for n, (name, side) in enumerate(found, 1)]


def rectangle(plate: str, x0: float, x1: float, y0: float, y1: float) -> tuple[slice, slice]:
    """Rows and columns of a box of body x and y on a plate."""
    u0, u1 = (x0, x1) if plate == "front" else (-x1, -x0)
    return WHOLE[0].cells((u0, u1, y0, y1))


def write_body(folder: Path, flanks: Flanks = "none") -> Path:
    """Write ``assets/body`` in ``folder`` and return it."""
    for name, data in _files(flanks).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def make_body(folder: Path, flanks: Flanks = "none") -> Body:
    return load_body(write_body(folder, flanks))


def change_manifest(folder: Path, **changes: Any) -> None:
    """Replace top-level keys of the manifest; a value of None takes the key away."""
    path = folder / "manifest.json"
    values = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({key: v for key, v in values.items() if v is not None}), "utf-8")


def region_map(boxes: dict[int, tuple[int, int, int, int]], step: float = 2.0, shift: int = 0) -> IdMap:
    """A region map of 400 x 400 mm round (0, 0) with skin (value 1) within 160 mm, in memory.

    ``boxes`` gives u and v from and to by value. ``shift`` cells of nothing come before the first row
    and column: the same skin on a larger plate.
    """
    cells = round(400 / step) + shift
    ids = np.zeros((cells, cells), np.uint16)
    for value, (u0, u1, v0, v1) in {1: (-160, 160, -160, 160), **boxes}.items():
        rows = slice(shift + round((200 - v1) / step), shift + round((200 - v0) / step))
        cols = slice(shift + round((200 + u0) / step), shift + round((200 + u1) / step))
        ids[rows, cols] = value
    first = -200 + step / 2 - shift * step
    return IdMap(ids, Grid(np.array([[step, 0.0, first], [0.0, -step, -first]]), (cells, cells)))


# --- writing ------------------------------------------------------------------------------------------


@cache
def _files(flanks: Flanks) -> dict[str, bytes]:
    """Every file by its path, computed once in a process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _compute(folder, flanks)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _compute(folder: Path, flanks: Flanks) -> None:
    views = list(WHOLE)
    if flanks != "none":
        mirror = FLANK_LEFT.id if flanks == "mirrored" else None
        views += [FLANK_LEFT, replace(FLANK_RIGHT, mirror=mirror)]
    plates = [_write_plate(folder, view) for view in views]
    _write_landmarks(folder / "landmarks.json")
    files = {}
    for path in sorted(folder.rglob("*.*")):
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    manifest = {
        "format": 2,
        "licence": "CC-BY-SA-4.0",
        "attribution": "Boxes by nobody.",
        "body": "0" * 64,
        "structures": structures(),
        "landmarks": "landmarks.json",
        "regions": region_values(),
        "plates": plates,
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def _meshes(box: Box) -> list[str]:
    return [box.mesh, _other(box.mesh)] if box.paired else [box.mesh]


def _other(mesh: str) -> str:
    stem, _, rest = mesh.partition(".")
    side, dot, number = rest.partition(".")
    return f"{stem}.{'r' if side == 'l' else 'l'}{dot}{number}"


def _sides(paired: bool) -> tuple[str, ...]:
    return ("left", "right") if paired else ("mid",)


def _placed() -> list[tuple[int, Box, At]]:
    """Every structure with its id and its box, mirrored where it is of the right."""
    by_mesh = {row["mesh"]: int(row["id"]) for row in structures()}
    result = []
    for box in BOXES:
        x0, x1, *rest = box.at
        result.append((by_mesh[box.mesh], box, box.at))
        if box.paired:
            y0, y1, z0, z1 = rest
            result.append((by_mesh[_other(box.mesh)], box, (-x1, -x0, y0, y1, z0, z1)))
    return result


def _seen(view: View) -> list[tuple[int, Box, At]]:
    """The structures that a plate shows, the nearest to the viewer last: it is painted last."""
    own = [
        (number, box, view.skin if box.mesh == "skin/skin" else at)
        for number, box, at in _placed()
        if view.side is None or not box.paired or (at[0] > 0) == (view.side == "left")
    ]
    return sorted(own, key=lambda item: view.near(item[2]))


def _write_plate(folder: Path, view: View) -> Raw:
    here = view.home
    (folder / view.id).mkdir(parents=True)
    if view.mirror is None:
        _write_arrays(folder / view.id, view)
    titles = ("skin", "superficial", "deep")
    right, up, toward = view.axes
    return {
        "id": view.id,
        "view": view.view,
        "title": f"Box, {view.id}",
        "short": view.view.capitalize(),
        "group": view.group,
        "side": view.side,
        "counterpart": view.counterpart,
        "mirrored_from": view.mirror,
        "note": None if view.id == "front" else "A box has no back.",
        "size": [view.shape[1], view.shape[0]],
        "mm_per_px": STEP,
        "axes": {"right": right, "up": up, "toward": toward},
        "affine": view.affine.tolist(),
        "layers": [
            {
                "id": layer,
                "title": layer.capitalize(),
                "picture": f"{here}/{layer}.webp",
                "ids": f"{here}/{layer}.ids.npz",
            }
            for layer in titles
        ],
        "overlays": _write_overlays(folder / view.id, view),
        "glass": f"{here}/glass.webp",
        **{
            key: f"{here}/{key}.{'zip' if key == 'sprites' else 'npz'}"
            for key in ("regions", "depth", "outlines", "sprites", "dots")
        },
    }


def _write_arrays(home: Path, view: View) -> None:
    seen = _seen(view)
    for layer in ("skin", "superficial", "deep"):
        ids = np.zeros(view.shape, np.uint16)
        for number, box, at in seen:
            if layer in box.layers:
                ids[view.cells(view.spans(at))] = number
        np.savez_compressed(home / f"{layer}.ids.npz", ids=ids)
        (home / f"{layer}.webp").write_bytes(WEBP)
    (home / "glass.webp").write_bytes(WEBP)
    regions = _regions(view)
    np.savez_compressed(home / "regions.npz", ids=regions, mm_per_px=STEP, affine=view.affine)
    entry, leave = (np.full(view.shape, np.nan, np.float32) for _ in range(2))
    x0, x1, y0, y1, z0, z1 = view.skin
    here = view.cells(view.spans(view.skin))
    entry[here] = view.near(view.skin)
    leave[here] = -view.near((-x1, -x0, y0, y1, -z1, -z0))
    np.savez_compressed(home / "depth.npz", entry=entry, exit=leave, mm_per_px=STEP, affine=view.affine)
    _write_outlines(home / "outlines.npz", view, seen)
    _write_sprites(home / "sprites.zip", view, seen)
    _write_dots(home / "dots.npz", view, regions)


def _write_overlays(home: Path, view: View) -> list[Raw]:
    """The outline of the spine and the nerves, in cells of 4 mm, on all plates but the back."""
    if view.id == "back":
        return []
    # Odd rows and even columns (front) bring the edges of the threads to those of the cells.
    rect = [6, 141, 170, 110] if view.id == "front" else [6, 9, 70, 110]
    left, top = (view.affine @ [rect[0], rect[1], 1.0]) + (-STEP / 2, STEP / 2)
    result = []
    for name, word in (("bone-outline", "spine"), ("nerves", "thread")):
        ids = np.zeros((rect[3] // 2, rect[2] // 2), np.uint16)
        for number, box, at in _seen(view):
            if word in box.mesh:
                u0, u1, v0, v1 = view.spans(at)
                rows = slice(max(round((top - v1) // (2 * STEP)), 0), round((top - v0) / (2 * STEP)))
                ids[rows, int((u0 - left) // (2 * STEP)) : int(-((left - u1) // (2 * STEP)))] = number
        np.savez_compressed(home / f"{name}.ids.npz", ids=ids)
        (home / f"{name}.webp").write_bytes(WEBP)
        files = {"picture": f"{view.id}/{name}.webp", "ids": f"{view.id}/{name}.ids.npz"}
        title = name.replace("-", " ").capitalize()
        result.append({"id": name, "title": title, **files, "rect": rect, "scale": 2})
    return result


def _regions(view: View) -> NDArray[np.uint16]:
    values = {(row["region"], row["side"]): row["value"] for row in region_values()}
    ids = np.zeros(view.shape, np.uint16)
    if view.side is not None:
        for name, (z0, z1, y0, y1) in FLANK_REGIONS:
            side = view.side if (name, view.side) in values else "mid"
            ids[view.cells(view.spans((0, 0, y0, y1, z0, z1)))] = values[name, side]
        return ids
    for name, paired, (x0, x1, y0, y1), plates in REGIONS:
        if view.id in plates:
            for side in _sides(paired):
                x = (-x1, -x0) if side == "right" else (x0, x1)
                ids[view.cells(view.spans((*x, y0, y1, 0, 0)))] = values[name, side]
    return ids


def _write_outlines(path: Path, view: View, seen: list[tuple[int, Box, At]]) -> None:
    """One ring a structure, but for the thread, which has two halves."""
    numbers, rings = [], []
    for number, box, at in seen:
        u0, u1, v0, v1 = view.spans(at)
        middle = (v0 + v1) / 2
        for low, high in ((v0, middle), (middle, v1)) if "thread" in box.mesh else ((v0, v1),):
            numbers.append(number)
            rings.append([(u0, low), (u1, low), (u1, high), (u0, high)])
    np.savez_compressed(
        path,
        structure=np.array(numbers, np.int32),
        start=np.arange(len(rings) + 1, dtype=np.int64) * 4,
        points=np.array(rings, np.float32).reshape(-1, 2),
    )


def _write_sprites(path: Path, view: View, seen: list[tuple[int, Box, At]]) -> None:
    rects = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as pack:
        for number, box, at in seen:
            if not box.mesh.startswith("muscles/"):
                continue
            rows, cols = view.cells(view.spans(at))
            rects[str(number)] = [cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start, 2]
            pack.writestr(f"{number}.webp", WEBP)
        pack.writestr("rects.json", json.dumps(rects))


def _write_dots(path: Path, view: View, regions: NDArray[np.uint16]) -> None:
    """The same dots of the body on every plate, so that a mirror shows them mirrored."""
    rng = np.random.default_rng(7)
    # On a flank the dots are those of its own skin, by -z of the left: the right one shows them mirrored.
    u0, u1, v0, v1 = (WHOLE[0] if view.side is None else FLANK_LEFT).spans(view.skin)
    top = min(v1, float(view.affine[1, 2] + STEP / 2))
    x, y = np.meshgrid(np.arange(u0 + 3, u1, 6.0), np.arange(v0 + 3, top, 6.0))
    at = np.stack([x.ravel(), y.ravel()], axis=1) + rng.uniform(-2.5, 2.5, (x.size, 2))
    rank = rng.permutation(len(at)) / len(at)
    if view.id in ("back", FLANK_RIGHT.id):
        at[:, 0] *= -1
    where = Grid(view.affine, view.shape)
    cells = np.array([where.cell(u, v) for u, v in at])
    np.savez_compressed(
        path,
        points=at.astype(np.float32),
        region=regions[cells[:, 0], cells[:, 1]],
        rank=rank.astype(np.float32),
    )


# Name, side and place: in front, behind, and on the flank.
LANDMARKS = (
    ("breastbone-tip", "mid", (0.0, 1300.0, 85.0)),
    ("nape", "mid", (0.0, 1430.0, -85.0)),
    ("rib-tip", "left", (165.0, 1250.0, 10.0)),
    ("rib-tip", "right", (-165.0, 1250.0, 10.0)),
)


def _write_landmarks(path: Path) -> None:
    entries = [
        {
            "id": name if side == "mid" else f"{name}.{side[0]}",
            "name": name.replace("-", " ").capitalize(),
            "latin": None,
            "group": "trunk",
            "kind": "bone",
            "side": side,
            "pair": None,
            "at": at,
            "mesh": "skeleton/spine",
            "rule": "Put there by hand.",
        }
        for name, side, at in LANDMARKS
    ]
    path.write_text(json.dumps({"format": 1, "licence": "CC BY-SA 4.0", "landmarks": entries}), "utf-8")

"""A small synthetic body, written as docs/assets-format.md has it: boxes in a box, front and back.

It stands where the dataset of tests/unit/builders.py has its trigger points, so that both can be
joined. A cell is 2 mm; all boxes lie on even millimetres, so every count can be worked out by hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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

AXES = {
    "front": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "back": ((-1, 0, 0), (0, 1, 0), (0, 0, -1)),
}


@dataclass(frozen=True)
class Box:
    """A structure of the left side or the middle: x, y and z from and to, in body mm."""

    mesh: str
    label: str
    at: tuple[int, int, int, int, int, int]
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
    left, top = AFFINE[0, 2] - STEP / 2, AFFINE[1, 2] + STEP / 2
    return (
        slice(round((top - y1) / STEP), round((top - y0) / STEP)),
        slice(round((u0 - left) / STEP), round((u1 - left) / STEP)),
    )


def write_body(folder: Path) -> Path:
    """Write ``assets/body`` in ``folder`` and return it."""
    for name, data in _files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def make_body(folder: Path) -> Body:
    return load_body(write_body(folder))


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
def _files() -> dict[str, bytes]:
    """Every file by its path, computed once in a process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _compute(folder)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _compute(folder: Path) -> None:
    plates = [_write_plate(folder, view) for view in AXES]
    files = {}
    for path in sorted(folder.rglob("*.*")):
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    manifest = {
        "format": 1,
        "licence": "CC-BY-SA-4.0",
        "attribution": "Boxes by nobody.",
        "body": "0" * 64,
        "structures": structures(),
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


def _placed() -> list[tuple[int, Box, tuple[int, int, int, int, int, int]]]:
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


def _write_plate(folder: Path, view: str) -> dict[str, Any]:
    home = folder / f"{view}"
    home.mkdir(parents=True)
    placed = _placed()
    # The nearest to the viewer is painted last.
    nearest = sorted(placed, key=lambda item: item[2][5] if view == "front" else -item[2][4])
    layers = []
    for layer in ("skin", "superficial", "deep"):
        ids = np.zeros((HEIGHT, WIDTH), np.uint16)
        for number, box, at in nearest:
            if layer in box.layers:
                ids[rectangle(view, *at[:4])] = number
        np.savez_compressed(home / f"{layer}.ids.npz", ids=ids)
        (home / f"{layer}.webp").write_bytes(WEBP)
        layers.append(
            {
                "id": layer,
                "title": layer.capitalize(),
                "picture": f"{view}/{layer}.webp",
                "ids": f"{view}/{layer}.ids.npz",
            }
        )
    (home / "glass.webp").write_bytes(WEBP)
    regions = _regions(view)
    np.savez_compressed(home / "regions.npz", ids=regions, mm_per_px=STEP, affine=AFFINE)
    depth = np.full((HEIGHT, WIDTH), np.nan, np.float32)
    depth[rectangle(view, *SKIN[:4])] = float(SKIN[5])
    np.savez_compressed(home / "depth.npz", entry=depth, exit=-depth, mm_per_px=STEP, affine=AFFINE)
    _write_outlines(home / "outlines.npz", view, placed)
    _write_sprites(home / "sprites.zip", view, placed)
    _write_dots(home / "dots.npz", view, regions)
    right, up, toward = AXES[view]
    return {
        "id": f"{view}",
        "view": view,
        "title": f"Box, {view}",
        "note": None if view == "front" else "A box has no back.",
        "size": [WIDTH, HEIGHT],
        "mm_per_px": STEP,
        "axes": {"right": right, "up": up, "toward": toward},
        "affine": AFFINE.tolist(),
        "layers": layers,
        "glass": f"{view}/glass.webp",
        **{
            key: f"{view}/{key}.{'zip' if key == 'sprites' else 'npz'}"
            for key in ("regions", "depth", "outlines", "sprites", "dots")
        },
    }


def _regions(view: str) -> NDArray[np.uint16]:
    values = {(row["region"], row["side"]): row["value"] for row in region_values()}
    ids = np.zeros((HEIGHT, WIDTH), np.uint16)
    for name, paired, (x0, x1, y0, y1), plates in REGIONS:
        if view in plates:
            for side in _sides(paired):
                x = (-x1, -x0) if side == "right" else (x0, x1)
                ids[rectangle(view, *x, y0, y1)] = values[name, side]
    return ids


def _write_outlines(path: Path, view: str, placed: list[tuple[int, Box, Any]]) -> None:
    """One ring a structure, but for the thread, which has two halves."""
    numbers, rings = [], []
    for number, box, (x0, x1, y0, y1, *_) in placed:
        u0, u1 = (x0, x1) if view == "front" else (-x1, -x0)
        middle = (y0 + y1) / 2
        for v0, v1 in ((y0, middle), (middle, y1)) if "thread" in box.mesh else ((y0, y1),):
            numbers.append(number)
            rings.append([(u0, v0), (u1, v0), (u1, v1), (u0, v1)])
    np.savez_compressed(
        path,
        structure=np.array(numbers, np.int32),
        start=np.arange(len(rings) + 1, dtype=np.int64) * 4,
        points=np.array(rings, np.float32).reshape(-1, 2),
    )


def _write_sprites(path: Path, view: str, placed: list[tuple[int, Box, Any]]) -> None:
    rects = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as pack:
        for number, box, at in placed:
            if not box.mesh.startswith("muscles/"):
                continue
            rows, cols = rectangle(view, *at[:4])
            rects[str(number)] = [cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start, 2]
            pack.writestr(f"{number}.webp", WEBP)
        pack.writestr("rects.json", json.dumps(rects))


def _write_dots(path: Path, view: str, regions: NDArray[np.uint16]) -> None:
    """The same dots of the body on every plate, so that a mirror shows them mirrored."""
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.arange(SKIN[0] + 3, SKIN[1], 6.0), np.arange(SKIN[2] + 3, SKIN[3], 6.0))
    at = np.stack([x.ravel(), y.ravel()], axis=1) + rng.uniform(-2.5, 2.5, (x.size, 2))
    rank = rng.permutation(len(at)) / len(at)
    if view == "back":
        at[:, 0] *= -1
    cells = np.array([grid().cell(u, v) for u, v in at])
    np.savez_compressed(
        path,
        points=at.astype(np.float32),
        region=regions[cells[:, 0], cells[:, 1]],
        rank=rank.astype(np.float32),
    )

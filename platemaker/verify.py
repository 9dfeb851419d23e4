"""Renders again and compares with the files that are there.

On one machine the bytes are the same. Another processor rounds differently: a ray through the edge
of a triangle may meet its neighbour, and a shade may fall on the other side of a rounding step. The
tolerances below allow that and no more.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from platemaker.build import GROUPS, jobs_for, scaled
from platemaker.errors import PlatemakerError
from platemaker.files import sha256
from platemaker.manifest import read_manifest
from platemaker.plates import PLATES
from platemaker.workshop import Workshop

Floats = dict[str, npt.NDArray[np.float32]]

ID_SHARE = 1e-4  # of the pixels of an id or region map may differ, and only on borders
# Pictures are stored lossily: before that they agree within 1/255 (but for some pixels on edges), but the
# encoder turns a difference in one pixel into noise of a few steps all over the frame. The noise
# averages out, so squares of the pictures are compared, and single pixels only for gross faults.
SQUARE = 32  # px: side of the squares, at least
SQUARE_STEP = 1.0  # steps of 255 that the mean of a square may be off (0.4 measured)
GROSS_STEP = 32.0  # steps of 255
GROSS_SHARE = 5e-4  # of the pixels may be off by more than that
DEPTH_MM = 0.11  # a depth may differ by this much: they are rounded to 0.05
POINT_SHARE = 2e-3  # of dots or outline rings may differ
POINT_MM = 0.05


def verify(shop: Workshop, out: Path, only: str | None, plate: str | None) -> bool:
    """Whether fresh products agree with the files in ``out``; prints what does not."""
    manifest = read_manifest(out)
    good = True
    for path, entry in manifest["files"].items():
        if not (out / path).is_file() or sha256((out / path).read_bytes()) != entry["sha256"]:
            print(f"{path}: not the file of the manifest")
            good = False
    scale = manifest["plates"][0]["mm_per_px"] / PLATES[0].mm_per_px
    plates = [p for p in scaled(PLATES, scale) if plate is None or p.id == plate]
    kinds = GROUPS[only] if only else None
    for job in jobs_for(shop, plates):
        if kinds and job.kind not in kinds:
            continue
        start = time.monotonic()
        same = 0
        fresh = job.make()
        for path, content in sorted(fresh.items()):
            if not (out / path).is_file():
                raise PlatemakerError(f"{out / path} is missing: run 'python -m platemaker' first.")
            kept = (out / path).read_bytes()
            same += kept == content
            fault = None if kept == content else difference(path, kept, content)
            if fault:
                print(f"{path}: {fault}")
                good = False
        took = time.monotonic() - start
        print(f"{job.name}: {same} of {len(fresh)} files the same to the byte, {took:.1f} s", flush=True)
    return good


def difference(path: str, kept: bytes, fresh: bytes) -> str | None:
    """What is wrong with a file whose bytes differ, None if it is within the tolerances."""
    if path.endswith(".webp"):
        return picture_difference(_pixels(kept), _pixels(fresh))
    if path.endswith(".zip"):
        return _sprites_difference(kept, fresh)
    if path.endswith(".json"):
        return None if json.loads(kept) == json.loads(fresh) else "says something else"
    with np.load(io.BytesIO(kept)) as a, np.load(io.BytesIO(fresh)) as b:
        one, two = dict(a), dict(b)
    if sorted(one) != sorted(two):
        return f"holds {sorted(one)} and not {sorted(two)}"
    if path.endswith("depth.npz"):
        return _depth_difference(one, two)
    if path.endswith("dots.npz"):
        return points_difference(one["points"], two["points"])
    if path.endswith("outlines.npz"):
        return _outline_difference(one, two)
    if path.startswith("stacks/"):
        return stack_difference(one, two)
    return id_difference(one["ids"], two["ids"])


def id_difference(kept: npt.NDArray[np.uint16], fresh: npt.NDArray[np.uint16]) -> str | None:
    """Maps may differ in a few pixels that lie on a border."""
    if kept.shape != fresh.shape:
        return f"is {kept.shape} and not {fresh.shape}"
    differs = kept != fresh
    share = differs.mean()
    if share > ID_SHARE:
        return f"{share:.3%} of the pixels have another id"
    padded = np.pad(kept, 1, mode="edge")
    height, width = kept.shape
    border = np.zeros_like(differs)
    for dy in (0, 1, 2):
        for dx in (0, 1, 2):
            border |= padded[dy : dy + height, dx : dx + width] != kept
    inner = int((differs & ~border).sum())
    return f"{inner} pixels away from any border have another id" if inner else None


def stack_difference(
    kept: dict[str, npt.NDArray[np.generic]], fresh: dict[str, npt.NDArray[np.generic]]
) -> str | None:
    """A ray along an edge may meet the neighbour: few cells may have another list of structures."""
    counts = [np.diff(stack["start"].astype(np.int64)) for stack in (kept, fresh)]
    if len(counts[0]) != len(counts[1]):
        return "has another grid"
    share = float((counts[0] != counts[1]).mean())
    return f"{share:.3%} of the cells have more or fewer entries" if share > POINT_SHARE else None


def picture_difference(kept: npt.NDArray[np.uint8], fresh: npt.NDArray[np.uint8]) -> str | None:
    """Pictures are compared as they look, colour weighed by alpha."""
    if kept.shape != fresh.shape:
        return f"is {kept.shape} and not {fresh.shape}"
    one, two = (
        np.concatenate([p[..., :3] * (p[..., 3:] / 255.0), p[..., 3:]], axis=2) for p in (kept, fresh)
    )
    away = np.abs(one - two).max(axis=2)
    gross = float((away > GROSS_STEP).mean())
    if gross > GROSS_SHARE:
        return f"{gross:.3%} of the pixels are off by more than {GROSS_STEP:.0f}/255"
    worst = float(np.abs(_square_means(one) - _square_means(two)).max())
    return f"a square is off by {worst:.2f}/255 on the average" if worst > SQUARE_STEP else None


def _square_means(picture: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Means of squares of about ``SQUARE`` pixels that together cover the picture."""
    for axis in (0, 1):
        length = picture.shape[axis]
        starts = np.linspace(0, length, max(1, length // SQUARE) + 1).astype(int)
        sums = np.add.reduceat(picture, starts[:-1], axis=axis)
        picture = sums / np.diff(starts).reshape(-1, *([1] * (2 - axis)))
    return picture


def points_difference(kept: npt.NDArray[np.float32], fresh: npt.NDArray[np.float32]) -> str | None:
    """Two sets of points, in any order."""
    one, two = (
        {tuple(np.rint(p / POINT_MM).astype(int)) for p in points.tolist()} for points in (kept, fresh)
    )
    share = len(one ^ two) / max(len(one | two), 1)
    return f"{share:.2%} of the points differ" if share > 2 * POINT_SHARE else None


def _depth_difference(one: Floats, two: Floats) -> str | None:
    for name in ("entry", "exit"):
        lost = np.isnan(one[name]) != np.isnan(two[name])
        away = np.abs(np.nan_to_num(one[name] - two[name])) > DEPTH_MM
        share = float((lost | away).mean())
        if share > ID_SHARE:
            return f"{share:.3%} of the values of '{name}' differ"
    return None


def _outline_difference(one: Floats, two: Floats) -> str | None:
    if sorted(set(one["structure"].tolist())) != sorted(set(two["structure"].tolist())):
        return "other structures have an outline"
    share = abs(len(one["structure"]) - len(two["structure"])) / len(one["structure"])
    if share > POINT_SHARE * 5:
        return f"{share:.2%} more or fewer rings"
    return (
        points_difference(one["points"], two["points"]) if len(one["points"]) == len(two["points"]) else None
    )


def _sprites_difference(kept: bytes, fresh: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(kept)) as a, zipfile.ZipFile(io.BytesIO(fresh)) as b:
        if sorted(a.namelist()) != sorted(b.namelist()):
            return "holds other sprites"
        if json.loads(a.read("rects.json")) != json.loads(b.read("rects.json")):
            return "has other rects"
        for name in sorted(a.namelist()):
            if name.endswith(".webp") and a.read(name) != b.read(name):
                fault = picture_difference(_pixels(a.read(name)), _pixels(b.read(name)))
                if fault:
                    return f"{name}: {fault}"
    return None


def _pixels(content: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGBA"))

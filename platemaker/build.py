"""Runs the products that are out of date, and writes their files and the manifest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from platemaker.cache import key_of
from platemaker.files import sha256, write_whole
from platemaker.layers import PLATES, Plate
from platemaker.manifest import write_manifest
from platemaker.products import (
    Files,
    depth_files,
    dot_files,
    glass_files,
    layer_files,
    muscle_files,
    region_files,
)
from platemaker.workshop import DOTS_CODE, LAYER_CODE, REGION_CODE, SKIN_CODE, SPRITE_CODE, Workshop

#: Kinds of products, in the order in which they are made.
KINDS = ("regions", "dots", "depth", "glass", "layers", "muscles")
#: What ``--only`` accepts: a kind, or ``regions`` for all that depends on the seeds.
GROUPS = {
    "regions": ("regions", "dots"),
    "dots": ("dots",),
    "depth": ("depth",),
    "glass": ("glass",),
    "layers": ("layers",),
    "muscles": ("muscles",),
}
_STAMPS = "stamps.json"
PICTURE_CODE = ("products", "render", "files")


@dataclass(frozen=True)
class Job:
    """A product: its name, what it depends on, the plates it serves and the function that makes it."""

    name: str
    kind: str
    key: str
    plates: tuple[str, ...]
    make: Callable[[], Files]


def scaled(plates: tuple[Plate, ...], scale: float) -> list[Plate]:
    """The plates with coarser pixels, for a draft."""
    return [replace(plate, mm_per_px=plate.mm_per_px * scale) for plate in plates]


def jobs_for(shop: Workshop, plates: list[Plate]) -> list[Job]:
    """Every product of the given plates, in the order in which they are made."""
    body, seeds = shop.body.digest, shop.regions_key
    jobs: list[Job] = []
    for p in plates:
        on_skin: list[tuple[str, tuple[str, ...], object, Callable[[Workshop, Plate], Files]]] = [
            ("regions", REGION_CODE, seeds, region_files),
            ("dots", (*DOTS_CODE, *REGION_CODE), seeds, dot_files),
            ("depth", SKIN_CODE, None, depth_files),
            ("glass", SKIN_CODE, None, glass_files),
        ]
        for kind, code, inputs, make in on_skin:
            key = key_of((*code, *PICTURE_CODE), body, p, inputs)
            jobs.append(Job(f"{p.id} {kind}", kind, key, (p.id,), partial(make, shop, p)))
        for layer in p.layers:
            key = key_of((*LAYER_CODE, *PICTURE_CODE), body, p, layer)
            jobs.append(
                Job(f"{p.id} {layer.id}", "layers", key, (p.id,), partial(layer_files, shop, p, layer))
            )
    jobs.append(
        Job(
            "outlines and sprites",
            "muscles",
            key_of((*SPRITE_CODE, *PICTURE_CODE), body, plates),
            tuple(p.id for p in plates),
            partial(muscle_files, shop, plates),
        )
    )
    return sorted(jobs, key=lambda job: KINDS.index(job.kind))


def build(
    shop: Workshop,
    out: Path,
    scale: float = 1.0,
    only: str | None = None,
    plate: str | None = None,
    force: bool = False,
) -> None:
    """Make what is out of date and write the manifest."""
    began = time.monotonic()
    plates = scaled(PLATES, scale)
    stamps_path = shop.cache / _STAMPS
    stamps: dict[str, dict[str, object]] = {}
    if stamps_path.is_file():
        stamps = json.loads(stamps_path.read_text())
    kinds = GROUPS[only] if only else KINDS
    todo = [j for j in jobs_for(shop, plates) if j.kind in kinds and (plate is None or plate in j.plates)]
    for number, job in enumerate(todo, start=1):
        stamp = stamps.get(job.name)
        if not force and stamp and stamp["key"] == job.key and _whole(out, stamp["files"]):
            print(f"[{number}/{len(todo)}] {job.name}: up to date", flush=True)
            continue
        start = time.monotonic()
        files = job.make()
        for path in sorted(files):
            write_whole(out / path, files[path])
        stamps[job.name] = {
            "key": job.key,
            "files": {path: sha256(content) for path, content in sorted(files.items())},
        }
        shop.cache.mkdir(parents=True, exist_ok=True)
        write_whole(stamps_path, json.dumps(stamps, indent=1).encode())
        print(
            f"[{number}/{len(todo)}] {job.name}: {time.monotonic() - start:.1f} s, "
            f"{sum(map(len, files.values())) / 1e6:.2f} MB",
            flush=True,
        )
    total = write_manifest(out, shop.body, plates, shop.region_values)
    print(f"{out}: {total / 1e6:.1f} MB in all, {time.monotonic() - began:.0f} s", flush=True)


def _whole(out: Path, files: object) -> bool:
    """Whether all files of a stamp are there with the content that was written."""
    assert isinstance(files, dict)
    return all(
        (out / path).is_file() and sha256((out / path).read_bytes()) == digest
        for path, digest in files.items()
    )

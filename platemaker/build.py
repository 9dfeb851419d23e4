"""Runs the products that are out of date, and writes their files and the manifest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from multiprocessing import get_context
from pathlib import Path

from platemaker.body import Body
from platemaker.cache import key_of
from platemaker.files import sha256, write_whole
from platemaker.landmarks import landmark_files
from platemaker.layers import Plate, cuts_of
from platemaker.lines import line_files
from platemaker.manifest import write_manifest
from platemaker.overlays import overlay_files
from platemaker.plates import PLATES
from platemaker.products import (
    Files,
    depth_files,
    dot_files,
    glass_files,
    layer_files,
    muscle_files,
    region_files,
)
from platemaker.stacks import stack_files
from platemaker.ways import write_ways
from platemaker.workshop import (
    COMPUTED_CODE,
    DOTS_CODE,
    LAYER_CODE,
    OVERLAY_CODE,
    REGION_CODE,
    SKIN_CODE,
    SPRITE_CODE,
    Workshop,
)

#: Kinds of products, in the order in which they are made.
KINDS = ("landmarks", "stacks", "lines", "regions", "dots", "depth", "glass", "layers", "overlays", "muscles")
#: What ``--only`` accepts: a kind, or ``regions`` for all that depends on the seeds.
GROUPS = {kind: (kind,) for kind in KINDS} | {"regions": ("regions", "dots"), "ways": ()}
#: After these the ways to the trigger points are walked again: it takes seconds.
WAYS_FROM = ("ways", "stacks", "lines")
_STAMPS = "stamps.json"
PICTURE_CODE = ("products", "render", "files")
ALL = "all"  # the plate of products that serve every plate


Make = Callable[..., Files]


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


def jobs_for(shop: Workshop, plates: list[Plate], kinds: tuple[str, ...] = KINDS) -> list[Job]:
    """Every product of the given plates and kinds, in the order in which they are made."""
    jobs = [job for plate in plates for job in _plate_jobs(shop, plate, kinds)]
    body = shop.body.digest
    if "landmarks" in kinds:
        key = key_of(("landmarks", "body", "geometry"), body)
        jobs.append(Job("landmarks", "landmarks", key, (ALL,), partial(landmark_files, shop.body.folder)))
    if "stacks" in kinds:
        key = key_of((*SKIN_CODE, *COMPUTED_CODE, "layers", "stacks", "files"), body)
        jobs.append(Job("peel stacks", "stacks", key, (ALL,), partial(stack_files, shop)))
    if "lines" in kinds:
        key = key_of(("lines", "stacks", "body", "geometry", "rays", "files"), body)
        jobs.append(Job("centre lines", "lines", key, (ALL,), partial(line_files, shop)))
    return sorted(jobs, key=lambda job: KINDS.index(job.kind))


def _plate_jobs(shop: Workshop, plate: Plate, kinds: tuple[str, ...]) -> Iterator[Job]:
    body, seeds = shop.body.digest, shop.regions_key
    # What words say and other layers show does not change a product.
    bare = replace(plate, layers=(), title="", note=None, short="", group="", counterpart=None)

    def job(name: str, kind: str, code: tuple[str, ...], inputs: object, make: Make, *rest: object) -> Job:
        key = key_of((*code, *PICTURE_CODE), body, bare, inputs)
        return Job(f"{plate.id} {name}", kind, key, (plate.id,), partial(make, shop, plate, *rest))

    if "overlays" in kinds:
        yield job("overlays", "overlays", OVERLAY_CODE, None, overlay_files)
    if plate.mirrored_from:
        return
    if "regions" in kinds:
        yield job("regions", "regions", REGION_CODE, seeds, region_files)
    if "dots" in kinds:
        yield job("dots", "dots", (*DOTS_CODE, *REGION_CODE), seeds, dot_files)
    if "depth" in kinds:
        yield job("depth", "depth", SKIN_CODE, None, depth_files)
    if "glass" in kinds:
        yield job("glass", "glass", SKIN_CODE, None, glass_files)
    if "muscles" in kinds:
        yield job("outlines and sprites", "muscles", SPRITE_CODE, None, muscle_files)
    for layer in plate.layers if "layers" in kinds else ():
        inputs = (layer.id, shop.drawn(plate, layer), cuts_of(plate, layer))
        yield job(layer.id, "layers", LAYER_CODE, inputs, layer_files, layer)


@dataclass(frozen=True)
class Setup:
    """Everything from which a process can make the same jobs: where things are, and which are wanted."""

    body: Path
    cache: Path
    regions: Path
    scale: float = 1.0
    only: str | None = None
    plate: str | None = None

    @cached_property
    def shop(self) -> Workshop:
        """A workshop of this process."""
        return Workshop(Body(self.body), self.cache, self.regions)

    @cached_property
    def jobs(self) -> dict[str, Job]:
        """The wanted jobs by name, in the order in which they are made."""
        kinds = GROUPS[self.only] if self.only else KINDS
        begins = tuple(self.plate.split(",")) if self.plate else ("",)
        plates = [p for p in scaled(PLATES, self.scale) if p.id.startswith(begins)]
        jobs = jobs_for(self.shop, plates, kinds)
        return {job.name: job for job in jobs if self.plate is None or job.plates != (ALL,)}


@cache
def _here(setup: Setup) -> Setup:
    """The setup of this process: its workshop is made once, not for every job."""
    return setup


def _made(setup: Setup, name: str) -> tuple[Files, float]:
    """The files of a job and the seconds that it took."""
    start = time.monotonic()
    return _here(setup).jobs[name].make(), time.monotonic() - start


def build(setup: Setup, out: Path, force: bool = False, workers: int = 2) -> None:
    """Make what is out of date, in ``workers`` processes, and write the manifest."""
    began = time.monotonic()
    stamps_path = setup.cache / _STAMPS
    stamps: dict[str, dict[str, object]] = {}
    if stamps_path.is_file():
        stamps = json.loads(stamps_path.read_text())
    todo = []
    for name, job in setup.jobs.items():
        stamp = stamps.get(name)
        if force or not stamp or stamp["key"] != job.key or not _whole(out, stamp["files"]):
            todo.append(name)
    print(f"{len(todo)} of {len(setup.jobs)} products are out of date", flush=True)
    if todo:
        # What the processes share is made once before they start.
        setup.shop.prepare({setup.jobs[name].kind for name in todo})
    # Half of a job is numpy in one thread, half is rays in all: two processes keep two cores busy.
    # Spawned, since the threads of the ray caster don't survive a fork.
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_made, replace(setup), name): name for name in todo}
        for number, future in enumerate(as_completed(running), start=1):
            name = running[future]
            files, took = future.result()
            for path in sorted(files):
                write_whole(out / path, files[path])
            stamp = stamps.get(name)
            stale = set(stamp["files"]) - set(files) if stamp else set()  # type: ignore[call-overload]
            for path in stale:
                (out / path).unlink(missing_ok=True)
            stamps[name] = {
                "key": setup.jobs[name].key,
                "files": {path: sha256(content) for path, content in sorted(files.items())},
            }
            setup.cache.mkdir(parents=True, exist_ok=True)
            write_whole(stamps_path, json.dumps(stamps, indent=1).encode())
            size = sum(map(len, files.values())) / 1e6
            print(f"[{number}/{len(todo)}] {name}: {took:.1f} s, {size:.2f} MB", flush=True)
    setup.shop.give_computed()
    total = _manifest(setup, out)
    if setup.only in (None, *WAYS_FROM) and setup.plate is None:
        # From what now lies in ``out``, and named in the manifest after it is there.
        write_ways(out, setup.regions.parent)
        total = _manifest(setup, out)
    print(f"{out}: {total / 1e6:.1f} MB in all, {time.monotonic() - began:.0f} s", flush=True)


def _manifest(setup: Setup, out: Path) -> int:
    return write_manifest(out, setup.shop.body, scaled(PLATES, setup.scale), setup.shop.region_values)


def _whole(out: Path, files: object) -> bool:
    """Whether all files of a stamp are there with the content that was written."""
    assert isinstance(files, dict)
    return all(
        (out / path).is_file() and sha256((out / path).read_bytes()) == digest
        for path, digest in files.items()
    )

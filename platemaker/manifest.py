"""``manifest.json``: what the app reads first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from platemaker import stacks
from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.files import sha256, write_whole
from platemaker.layers import Plate
from platemaker.regions import Value

FORMAT = 2
LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = (
    "Z-Anatomy, the open source atlas of anatomy, CC BY-SA 4.0; BodyParts3D, (c) The Database Center for "
    "Life Science (DBCLS), CC BY 4.0"
)
NAME = "manifest.json"


#: Files that belong to no plate, by their key: they are named where they were made.
SINGLE = {"landmarks": "landmarks.json", "lines": "lines.npz", "ways": "ways.json"}


def plate_entry(plate: Plate, overlays: list[dict[str, Any]]) -> dict[str, Any]:
    """The entry of a plate; ``overlays`` are those that were found not to be empty."""
    here = plate.mirrored_from or plate.id
    return {
        "id": plate.id,
        "view": plate.view.id,
        "title": plate.title,
        "short": plate.short,
        "group": plate.group,
        "side": plate.side,
        "counterpart": plate.counterpart,
        "mirrored_from": plate.mirrored_from,
        "note": plate.note,
        "size": list(plate.size),
        "mm_per_px": plate.mm_per_px,
        "axes": {"right": plate.view.right, "up": plate.view.up, "toward": plate.view.toward},
        "affine": plate.affine,
        "layers": [
            {
                "id": layer.id,
                "title": layer.title,
                "picture": f"{here}/{layer.id}.webp",
                "ids": f"{here}/{layer.id}.ids.npz",
            }
            for layer in plate.layers
        ],
        **{name: f"{here}/{file}" for name, file in PARTS.items()},
        "overlays": overlays,
    }


#: The other files of a plate.
PARTS = {
    "glass": "glass.webp",
    "regions": "regions.npz",
    "depth": "depth.npz",
    "outlines": "outlines.npz",
    "sprites": "sprites.zip",
    "dots": "dots.npz",
}


def overlays_path(plate: Plate) -> str:
    """The list of a plate's overlays, which the manifest takes over; not one of the product's files."""
    return f"{plate.id}/overlays.json"


def plate_paths(plate: Plate) -> list[str]:
    """Every file of a plate but its overlays."""
    entry = plate_entry(plate, [])
    return [entry[k] for k in PARTS] + [layer[k] for layer in entry["layers"] for k in ("picture", "ids")]


def _overlays(out: Path, plate: Plate) -> list[dict[str, Any]]:
    path = out / overlays_path(plate)
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.is_file() else []
    return found


def write_manifest(out: Path, body: Body, plates: list[Plate], values: list[Value]) -> int:
    """Write the manifest for the plates whose files are all there; returns the bytes of all files."""
    files: dict[str, dict[str, object]] = {}
    whole = [plate for plate in plates if all((out / path).is_file() for path in plate_paths(plate))]
    there = {plate.id for plate in whole}
    paths = {path for plate in whole for path in plate_paths(plate)}
    entries = []
    for plate in whole:
        overlays = _overlays(out, plate)
        paths |= {k[part] for k in overlays for part in ("picture", "ids")}
        if overlays:
            paths.add(overlays_path(plate))
        whole_pair = plate if plate.counterpart in there else replace(plate, counterpart=None)
        entries.append(plate_entry(whole_pair, overlays))
    found = {axis: path for axis, path in stacks.FILES.items() if (out / path).is_file()}
    paths |= set(found.values())
    single = {key: path for key, path in SINGLE.items() if (out / path).is_file()}
    paths |= set(single.values())
    for path in sorted(paths):
        data = (out / path).read_bytes()
        files[path] = {"sha256": sha256(data), "bytes": len(data)}
    content = {
        "format": FORMAT,
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "body": body.digest,
        "structures": [
            {
                "id": s.id,
                "mesh": s.mesh,
                "system": s.system,
                "name": s.name,
                "label": s.label,
                "side": s.side,
                "fma": s.fma or None,
                "pair": s.pair,
                "centre": [round(float(c), 1) for c in body.mesh(s.mesh)[0].mean(axis=0)],
            }
            for s in body.structures
        ],
        "regions": [{"value": v.value, "region": v.region, "side": v.side} for v in values],
        "plates": entries,
        **({"stacks": found} if found else {}),
        **single,
        "files": files,
    }
    write_whole(out / NAME, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    return sum(int(str(entry["bytes"])) for entry in files.values())


def read_manifest(out: Path) -> dict[str, Any]:
    """The manifest in a folder."""
    path = out / NAME
    if not path.is_file():
        raise PlatemakerError(f"There is no {path}: run 'python -m platemaker' first.")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content

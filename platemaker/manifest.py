"""``manifest.json``: what the app reads first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from platemaker.body import Body
from platemaker.errors import PlatemakerError
from platemaker.files import sha256, write_whole
from platemaker.layers import Plate
from platemaker.regions import Value

FORMAT = 1
LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = (
    "Z-Anatomy, the open source atlas of anatomy, CC BY-SA 4.0; BodyParts3D, (c) The Database Center for "
    "Life Science (DBCLS), CC BY 4.0"
)
NAME = "manifest.json"


def plate_entry(plate: Plate) -> dict[str, Any]:
    """The entry of a plate."""
    here = plate.id
    return {
        "id": here,
        "view": plate.view.id,
        "title": plate.title,
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
        "glass": f"{here}/glass.webp",
        "regions": f"{here}/regions.npz",
        "depth": f"{here}/depth.npz",
        "outlines": f"{here}/outlines.npz",
        "sprites": f"{here}/sprites.zip",
        "dots": f"{here}/dots.npz",
    }


def plate_paths(plate: Plate) -> list[str]:
    """Every file of a plate."""
    entry = plate_entry(plate)
    paths = [entry[k] for k in ("glass", "regions", "depth", "outlines", "sprites", "dots")]
    return paths + [layer[k] for layer in entry["layers"] for k in ("picture", "ids")]


def write_manifest(out: Path, body: Body, plates: list[Plate], values: list[Value]) -> int:
    """Write the manifest for the plates whose files are all there; returns the bytes of all files."""
    files: dict[str, dict[str, object]] = {}
    whole = [plate for plate in plates if all((out / path).is_file() for path in plate_paths(plate))]
    paths = [path for plate in whole for path in plate_paths(plate)]
    # Tables that stand beside the plates, such as the landmarks.
    paths += [path.name for path in out.glob("*.json") if path.name != NAME]
    for path in paths:
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
        "plates": [plate_entry(plate) for plate in whole],
        "files": {path: files[path] for path in sorted(files)},
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

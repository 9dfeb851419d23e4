"""Where each muscle can be seen: counted in the id maps of ``assets/body``."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from platemaker.manifest import read_manifest
from platemaker.outlines import ring_area

#: A muscle is clearly visible on a layer that shows this share of its silhouette, or this much of it;
#: and never less than the least.
CLEAR_SHARE = 0.30
CLEAR_MM2 = 150.0
LEAST_MM2 = 15.0

#: Small muscles inside larynx, pharynx, mouth and orbit may be shown as an isolated ghost instead.
INNER = frozenset(
    """
    cricothyroid genioglossus geniohyoid hyoglossus inferior_oblique inferior_pharyngeal_constrictor
    inferior_rectus lateral_crico_arytenoid lateral_rectus levator_palpebrae_superioris medial_rectus
    middle_pharyngeal_constrictor oblique_arytenoid palatopharyngeus posterior_crico_arytenoid
    stylopharyngeus superior_oblique superior_pharyngeal_constrictor superior_rectus thyro_arytenoid
    transverse_arytenoid
    """.split()  # noqa: SIM905
)
GHOST_PX = 120  # opaque pixels that an isolated ghost must have


@dataclass(frozen=True)
class Sight:
    """How much of a muscle a layer shows: mm2 that are seen, and the share of its silhouette."""

    plate: str
    layer: str
    seen: float
    share: float

    @property
    def clear(self) -> bool:
        """Whether the muscle can be recognised here."""
        return self.seen >= LEAST_MM2 and (self.share >= CLEAR_SHARE or self.seen >= CLEAR_MM2)


def sights(assets: Path) -> dict[str, list[Sight]]:
    """By muscle name, all layers that show any of it, the best first; heads and both sides together."""
    manifest = read_manifest(assets)
    names = {s["id"]: s["name"] for s in manifest["structures"] if s["system"] == "muscles"}
    found: dict[str, list[Sight]] = {name: [] for name in names.values()}
    for plate in manifest["plates"]:
        if plate["mirrored_from"]:
            continue
        outline = _silhouettes(assets / plate["outlines"], names)
        for layer in plate["layers"]:
            with np.load(assets / layer["ids"]) as arrays:
                numbers, counts = np.unique(arrays["ids"], return_counts=True)
            seen: dict[str, float] = defaultdict(float)
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
                if number in names:
                    seen[names[number]] += count * plate["mm_per_px"] ** 2
            for name, area in seen.items():
                share = area / outline[name] if outline.get(name) else 0.0
                found[name].append(Sight(plate["id"], layer["id"], area, min(share, 1.0)))
    return {name: sorted(all_, key=lambda s: (-s.share, -s.seen)) for name, all_ in sorted(found.items())}


def ghosts(assets: Path) -> dict[str, tuple[str, int]]:
    """By muscle name, the plate whose sprite of it has the most opaque pixels, and how many."""
    manifest = read_manifest(assets)
    names = {str(s["id"]): s["name"] for s in manifest["structures"] if s["system"] == "muscles"}
    best: dict[str, tuple[str, int]] = {}
    for plate in manifest["plates"]:
        if plate["mirrored_from"]:
            continue
        with zipfile.ZipFile(assets / plate["sprites"]) as pack:
            rects: dict[str, list[int]] = json.loads(pack.read("rects.json"))
            for number, (_, _, width, height, scale) in rects.items():
                name = names[number]
                if width * height / scale**2 <= best.get(name, ("", 0))[1]:
                    continue
                with Image.open(io.BytesIO(pack.read(f"{number}.webp"))) as picture:
                    solid = int((np.asarray(picture.convert("RGBA"))[..., 3] > 128).sum())
                if solid > best.get(name, ("", 0))[1]:
                    best[name] = (plate["id"], solid)
    return best


def _silhouettes(path: Path, names: dict[int, str]) -> dict[str, float]:
    """Mm2 of the silhouettes by muscle name; heads that overlap count twice, which makes shares smaller."""
    area: dict[str, float] = defaultdict(float)
    with np.load(path) as table:
        start, points = table["start"], table["points"]
        for k, number in enumerate(table["structure"].tolist()):
            area[names[number]] += ring_area(points[start[k] : start[k + 1]])
    return area


def report(assets: Path) -> list[dict[str, Any]]:
    """One row a muscle: where it is seen best, or that a ghost shows it."""
    rows = []
    for name, found in sights(assets).items():
        clear = [s for s in found if s.clear]
        rows.append({"muscle": name, "clear": clear[:4], "best": found[0] if found else None})
    return rows

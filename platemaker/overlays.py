"""What lies inside the body, as transparent pictures to lay over any layer of a plate.

An overlay shows its structures through whatever covers them, so it isn't hidden by muscles and bones;
what lies deeper is paler. Muscle attachments are the exception: they are patches on bones, and only the
near side of a bone shows its own. Nothing is mirrored: each side is computed from its own meshes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from platemaker.body import Structure
from platemaker.files import npz_bytes, webp_bytes
from platemaker.layers import Plate
from platemaker.manifest import overlays_path
from platemaker.rays import Floats32, Scene
from platemaker.render import LIGHT, Raster, bleed, cast, id_map, picture
from platemaker.scenemesh import SceneMesh, below_deltoid
from platemaker.workshop import Workshop

QUALITY = 72
#: Strengths are kept in steps this wide (of 255): an even gradient costs many bytes and is not seen.
ALPHA_STEP = 17
PALER_OVER = 160.0  # mm of depth below the skin over which an overlay loses most of its strength
PALEST = 0.4
ON_BONE = 1.5  # mm: an attachment this far under its bone's surface still counts as on it
HATCH_MM = 5.0  # distance of the hatching of the lung zone
LINE_MM = 0.8  # width of a bone's outline
BONE_LINE = (250, 244, 226)


@dataclass(frozen=True)
class Kind:
    """One overlay: which systems, how strong (0..1), and how many plate pixels a pixel."""

    id: str
    title: str
    systems: tuple[str, ...]
    strength: float
    scale: int = 1
    leave_out: tuple[str, ...] = ()


KINDS = (
    # The pleura of the source ends too high: the lung zone takes its place.
    Kind("organs", "Organs", ("organs",), 0.85, 2, ("organs/pleura",)),
    Kind("lung-zone", "Lung zone", ("computed",), 0.62, 2),
    Kind("bone-outline", "Bone outlines", ("skeleton",), 0.85),
    Kind("attachments", "Muscle attachments", ("attachments",), 0.8),
    Kind("veins", "Veins", ("veins",), 0.95),
    Kind("arteries", "Arteries", ("arteries",), 0.95),
    Kind("nerves", "Nerves", ("nerves",), 1.0),
)


def overlay_files(shop: Workshop, plate: Plate) -> dict[str, bytes]:
    """Picture and id map of each overlay that isn't empty, and the list of them for the manifest."""
    files: dict[str, bytes] = {}
    listed = []
    for kind in KINDS:
        made = _overlay(shop, plate, kind)
        if made is None:
            continue
        rgba, ids, rect = made
        picture_path, ids_path = (f"{plate.id}/over-{kind.id}.{end}" for end in ("webp", "ids.npz"))
        files[picture_path] = webp_bytes(rgba, QUALITY)
        files[ids_path] = npz_bytes({"ids": ids})
        listed.append(
            {
                "id": kind.id,
                "title": kind.title,
                "picture": picture_path,
                "ids": ids_path,
                "rect": rect,
                "scale": kind.scale,
            }
        )
    files[overlays_path(plate)] = (json.dumps(listed, indent=1) + "\n").encode()
    return files


def in_arm(points: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Which points (N, 3) lie in an arm below the deltoid: beyond the plane of the cut, beside the trunk."""
    x, y = np.abs(points[:, 0]), points[:, 1]
    # The gap between arm and trunk, midway, from the armpit down.
    beside = 160.0 + 0.08 * np.maximum(1185.0 - y, 0.0)
    return np.asarray((below_deltoid(points.astype(np.float64)) > 0) & (x > beside))


def _shown(structure: Structure, plate: Plate, kind: Kind) -> bool:
    if structure.system not in kind.systems or structure.mesh in kind.leave_out:
        return False
    # From the side the far half of the body would show through the near one.
    near_half = plate.side if plate.one_sided or abs(plate.view.toward[0]) > 0.5 else None
    return plate.shows(structure) and (near_half is None or structure.side in (near_half, "mid", "both", ""))


def _mesh(shop: Workshop, plate: Plate, kind: Kind) -> SceneMesh:
    source = shop.near(shop.muscles_and_bones if kind.systems == ("skeleton",) else shop.inner, plate)
    ids = [s.id for s in shop.body.structures if _shown(s, plate, kind)]
    mesh = source.only(np.array(ids, np.uint16))
    if plate.without_arms:
        mesh = mesh.kept(~in_arm(mesh.vertices[mesh.faces].mean(axis=1)))
    return mesh.inside(plate.within) if plate.within else mesh


def _overlay(
    shop: Workshop, plate: Plate, kind: Kind
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16], list[int]] | None:
    mesh = _mesh(shop, plate, kind)
    if not len(mesh.faces):
        return None
    raster = Raster(plate.view.axes, plate.window, plate.mm_per_px * kind.scale)
    scene = Scene(mesh.vertices, mesh.faces)
    hits = cast(scene, raster)
    ids = id_map(mesh, hits, raster.shape)
    _, skin = shop.skin_scene(plate)
    over = cast(skin, raster)
    # A few vessels and nerves of the source stick out of the skin: they end where it ends.
    ids[(over.face < 0).reshape(ids.shape)] = 0
    if kind.id == "attachments":
        bones = shop.near(shop.muscles_and_bones, plate).only(
            np.array(
                [s.id for s in shop.body.structures if s.system == "skeleton" and plate.shows(s)], np.uint16
            )
        )
        bone = cast(Scene(bones.vertices, bones.faces), raster)
        ids[(hits.distance > bone.distance + ON_BONE).reshape(ids.shape)] = 0
    if kind.id == "bone-outline":
        ids = _lines(ids, hits.distance.reshape(ids.shape), raster.mm_per_px)
    if not ids.any():
        return None
    below = np.zeros(len(hits.face), np.float32)
    seen = np.flatnonzero(ids.ravel())
    below[seen] = np.maximum(hits.distance[seen] - over.distance[seen], 0.0)
    depth = below.reshape(ids.shape)
    alpha = kind.strength * np.maximum(PALEST, 1.0 - (1.0 - PALEST) * depth / PALER_OVER)
    if kind.id == "bone-outline":
        smooth = ndimage.gaussian_filter((ids > 0).astype(np.float32), 0.6)
        rgba = np.zeros((*ids.shape, 4), np.uint8)
        rgba[..., :3] = BONE_LINE
    else:
        sky = np.full(len(mesh.vertices), 0.9, np.float32)
        rgba = picture(scene, mesh, sky, shop.colours, raster, LIGHT)
        smooth = rgba[..., 3] / np.float32(255)
        # The picture is cut where the map is, by what lies before it; its own soft edge stays.
        cut = ndimage.maximum_filter(ids, size=3) > 0
        smooth = np.where(cut, smooth, 0.0)
    if kind.id == "lung-zone":
        alpha = alpha * _hatch(ids, raster.mm_per_px)
    # Beside a structure the depth is unknown: the soft edge takes that of the nearest pixel with an id.
    nearest = ndimage.distance_transform_edt(ids == 0, return_distances=False, return_indices=True)
    rgba[..., 3] = np.rint(255 / ALPHA_STEP * smooth * alpha[tuple(nearest)]).astype(np.uint8) * ALPHA_STEP
    # The lines of bones have one colour everywhere, which costs nothing: no edge can go dark.
    return _cropped(rgba if kind.id == "bone-outline" else bleed(rgba), ids, kind.scale)


def _lines(ids: npt.NDArray[np.uint16], far: Floats32, mm_per_px: float) -> npt.NDArray[np.uint16]:
    """Ids along the borders of bones and at steps in their depth; 0 elsewhere."""
    away = np.where(np.isfinite(far), far, 9e3)
    step = ndimage.maximum_filter(away, size=3) - ndimage.minimum_filter(away, size=3)
    border = (ndimage.maximum_filter(ids, size=3) != ids) | (step > 6.0 * mm_per_px + 3.0)
    # A step is a border of the nearer bone, not of what lies behind it.
    border &= (ids > 0) & (away <= ndimage.minimum_filter(away, size=3) + 2.0 * mm_per_px + 1.0)
    rounds = max(round(LINE_MM / mm_per_px / 2) - 1, 0)
    thick = ndimage.binary_dilation(border, iterations=rounds) if rounds else border
    return np.where(thick, ids, 0).astype(np.uint16)


def _hatch(ids: npt.NDArray[np.uint16], mm_per_px: float) -> Floats32:
    """Strength of a hatched area: lines over a faint ground, and a firm rim, to be told from any tint."""
    rows, cols = np.indices(ids.shape)
    phase = ((rows + cols) * mm_per_px / HATCH_MM) % 1.0
    line = np.clip(1.6 - 5.0 * np.abs(phase - 0.5), 0.0, 1.0)
    inside = ndimage.distance_transform_edt(ids > 0) * mm_per_px
    rim = np.clip(2.2 - inside, 0.0, 1.0)
    return np.asarray(np.maximum(np.maximum(0.34, line), rim), np.float32)


def _cropped(
    rgba: npt.NDArray[np.uint8], ids: npt.NDArray[np.uint16], scale: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16], list[int]]:
    """Both arrays cut to what they hold, and their rect in plate pixels."""
    rows, cols = np.flatnonzero(ids.any(axis=1)), np.flatnonzero(ids.any(axis=0))
    height, width = ids.shape
    top, bottom = max(int(rows[0]) - 2, 0), min(int(rows[-1]) + 3, height)
    left, right = max(int(cols[0]) - 2, 0), min(int(cols[-1]) + 3, width)
    part = np.s_[top:bottom, left:right]
    rect = [left * scale, top * scale, (right - left) * scale, (bottom - top) * scale]
    return np.ascontiguousarray(rgba[part]), np.ascontiguousarray(ids[part]), rect

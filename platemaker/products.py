"""The files of one plate, one function a kind; each returns ``{path: content}``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from platemaker.cache import cached, key_of
from platemaker.fibres import streaks
from platemaker.files import npz_bytes, webp_bytes
from platemaker.layers import Layer, Plate, affine_of, cuts_of
from platemaker.occlusion import openness
from platemaker.regions import region_at
from platemaker.render import FAR, LIGHT, Raster, bleed, cast, id_map, picture, toned
from platemaker.sprites import outline, outlines_table, sprite, sprites_zip
from platemaker.workshop import SKY_CODE, Workshop

Files = dict[str, bytes]

PICTURE_QUALITY = 91
GLASS_QUALITY = 80
GLASS_COLOUR = (228, 206, 190)
DEPTH_STEP = 1.0  # mm a pixel of depth maps
SKY_RAYS = 128


def layer_files(shop: Workshop, plate: Plate, layer: Layer, rays: int = SKY_RAYS) -> Files:
    """Shaded picture and id map of a layer."""
    mesh, scene = shop.layer_scene(plate, layer)
    raster = plate_raster(plate)
    hits = cast(scene, raster)
    ids = id_map(mesh, hits, raster.shape)
    # Openness is wanted at the corners of visible faces; rays beside the pixel centre may meet a
    # neighbour of such a face, so its corners are taken in too.
    wanted = np.zeros(len(mesh.vertices), np.bool_)
    wanted[mesh.faces[np.unique(hits.face[hits.face >= 0])]] = True
    wanted[mesh.faces[wanted[mesh.faces].any(axis=1)]] = True
    places = np.flatnonzero(wanted)

    def make() -> dict[str, npt.NDArray[np.generic]]:
        sky = np.ones(len(mesh.vertices), np.float32)
        sky[places] = openness(scene, mesh.vertices[places], mesh.normals[places], rays)
        return {"sky": sky}

    key = key_of(
        SKY_CODE,
        shop.body.digest,
        plate.window,
        plate.mm_per_px,
        plate.view.axes.tolist(),
        plate.within,
        plate.skin_within,
        cuts_of(plate, layer),
        np.unique(mesh.structure).tolist(),
        len(mesh.vertices),
        rays,
    )
    sky = cached(shop.cache, f"sky-{plate.id}-{layer.id}", key, make)["sky"].astype(np.float32)
    rgba = picture(scene, mesh, sky, shop.colours, raster, LIGHT)
    if layer.systems != ("skin",):
        rgba = toned(rgba, streaks(mesh, hits, ids, raster.axes, raster.mm_per_px))
    rgba = bleed(rgba)
    return {
        f"{plate.id}/{layer.id}.webp": webp_bytes(rgba, PICTURE_QUALITY),
        f"{plate.id}/{layer.id}.ids.npz": npz_bytes({"ids": ids}),
    }


def plate_raster(plate: Plate, mm_per_px: float | None = None) -> Raster:
    """The raster over the window of a plate, at its own or another resolution."""
    return Raster(plate.view.axes, plate.window, mm_per_px or plate.mm_per_px)


def glass_files(shop: Workshop, plate: Plate) -> Files:
    """The skin as a thin shell: clear where seen square on, denser toward the rim."""
    mesh, scene = shop.skin_scene(plate)
    raster = plate_raster(plate)
    hits = cast(scene, raster)
    found = np.flatnonzero(hits.face >= 0)
    corners = mesh.faces[hits.face[found]]
    u, v = hits.u[found, None], hits.v[found, None]
    normal = (
        mesh.normals[corners[:, 0]] * (1 - u - v)
        + mesh.normals[corners[:, 1]] * u
        + mesh.normals[corners[:, 2]] * v
    )
    facing = np.clip(np.abs(normal @ raster.axes[2].astype(np.float32)), 0.0, 1.0)
    rgba = np.zeros((len(hits.face), 4), np.uint8)
    rgba[found, :3] = GLASS_COLOUR
    rgba[found, 3] = np.rint(255 * 0.8 * (1.0 - facing) ** 2.2).astype(np.uint8)
    return {f"{plate.id}/glass.webp": webp_bytes(bleed(rgba.reshape(*raster.shape, 4)), GLASS_QUALITY)}


def map_step(plate: Plate) -> float:
    """Mm a pixel of the region map: 1 on the whole body, finer on regional plates."""
    return 2.0 * plate.mm_per_px


def _map_frame(plate: Plate, step: float) -> dict[str, npt.NDArray[np.generic]]:
    return {"mm_per_px": np.array(step), "affine": np.array(affine_of(plate.window, step))}


def depth_files(shop: Workshop, plate: Plate) -> Files:
    """Where the viewing ray enters and last leaves the skin, as the coordinate ``p . toward``."""
    _, scene = shop.skin_scene(plate)
    raster = plate_raster(plate, DEPTH_STEP)
    height, width = raster.shape
    front = cast(scene, raster)
    rows, cols = np.divmod(np.arange(height * width), width)
    behind = raster.origins(rows, cols, 0.0, 0.0) - (2 * FAR * raster.axes[2]).astype(np.float32)
    back = scene.first(behind, -raster.direction)
    entry = np.where(front.face >= 0, FAR - front.distance, np.nan)
    leave = np.where(back.face >= 0, back.distance - FAR, np.nan)
    tidy = {
        name: (np.rint(values * 20) / 20).reshape(height, width).astype(np.float32)
        for name, values in (("entry", entry), ("exit", leave))
    }
    return {f"{plate.id}/depth.npz": npz_bytes({**tidy, **_map_frame(plate, DEPTH_STEP)})}


def region_map(shop: Workshop, plate: Plate, mm_per_px: float | None = None) -> npt.NDArray[np.uint16]:
    """Region value of the visible skin (height, width)."""
    mesh, scene = shop.skin_scene(plate)
    raster = plate_raster(plate, mm_per_px or map_step(plate))
    hits = cast(scene, raster)
    label, firm = shop.regions_of(plate)
    found = np.flatnonzero(hits.face >= 0)
    weight = np.stack([1 - hits.u[found] - hits.v[found], hits.u[found], hits.v[found]], axis=1)
    values = np.zeros(len(hits.face), np.uint16)
    values[found] = region_at(label, firm, mesh.faces[hits.face[found]], weight)
    return values.reshape(raster.shape)


def region_files(shop: Workshop, plate: Plate) -> Files:
    """The region map of the visible skin."""
    step = map_step(plate)
    return {
        f"{plate.id}/regions.npz": npz_bytes(
            {"ids": region_map(shop, plate, step), **_map_frame(plate, step)}
        )
    }


def dot_files(shop: Workshop, plate: Plate) -> Files:
    """The dots that this plate shows: on skin that faces the viewer and is not hidden."""
    _, scene = shop.skin_scene(plate)
    dots = shop.dots_of(plate)
    right, up, toward = plate.view.axes
    shown = np.flatnonzero(dots.normals @ toward > 0.06)
    u, v = dots.points @ right, dots.points @ up
    u0, u1, v0, v1 = plate.window
    shown = shown[(u[shown] > u0) & (u[shown] < u1) & (v[shown] > v0) & (v[shown] < v1)]
    # A ray from the viewer must arrive at the dot itself: this also drops dots on skin that the
    # plate leaves out.
    origins = dots.points[shown] + FAR * toward
    hits = scene.first(origins.astype(np.float32), (-toward).astype(np.float32))
    shown = shown[np.abs(hits.distance - FAR) < 1.2]
    points = np.stack([u[shown], v[shown]], axis=1).astype(np.float32)
    return {
        f"{plate.id}/dots.npz": npz_bytes(
            {"points": points, "region": shop.regions_at(plate, dots.points[shown]), "rank": dots.rank[shown]}
        )
    }


def muscle_files(shop: Workshop, plate: Plate) -> Files:
    """Outlines and sprites of every muscle that projects on a plate."""
    rings: dict[int, list[npt.NDArray[np.float32]]] = {}
    pictures: dict[int, tuple[bytes, list[int]]] = {}
    for structure in shop.body.structures:
        if structure.system != "muscles" or not plate.shows(structure):
            continue
        alone = shop.alone(structure.id)
        found = outline(alone, plate)
        made = sprite(alone, plate, shop.colours, LIGHT)
        if found and made:
            rings[structure.id] = found
            pictures[structure.id] = made
    return {
        f"{plate.id}/outlines.npz": npz_bytes(outlines_table(rings)),
        f"{plate.id}/sprites.zip": sprites_zip(pictures),
    }

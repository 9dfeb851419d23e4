"""From rays to pictures: id maps at pixel centres and supersampled shaded pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from platemaker.geometry import Floats
from platemaker.palette import TENDON, to_linear, to_srgb
from platemaker.rays import Floats32, Hits, Scene, in_threads
from platemaker.scenemesh import SceneMesh

TENDON_LINEAR = to_linear(np.array(TENDON)).astype(np.float32)
STREAK = 0.055  # how much one standard deviation of streaks changes the tone
Indices = npt.NDArray[np.int64]

FAR = 3000.0  # mm before the body where rays start


@dataclass(frozen=True)
class Raster:
    """A grid of pixels over a window of plate mm, seen along ``axes`` (rows right, up, toward)."""

    axes: Floats
    window: tuple[float, float, float, float]
    mm_per_px: float

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        u0, u1, v0, v1 = self.window
        return round((v1 - v0) / self.mm_per_px), round((u1 - u0) / self.mm_per_px)

    def origins(
        self, rows: npt.NDArray[np.int64], cols: npt.NDArray[np.int64], du: float, dv: float
    ) -> Floats32:
        """Ray starts (N, 3) at pixel centres moved by (du, dv) pixels right and down."""
        u = self.window[0] + (cols + 0.5 + du) * self.mm_per_px
        v = self.window[3] - (rows + 0.5 + dv) * self.mm_per_px
        right, up, toward = self.axes
        return np.asarray(u[:, None] * right + v[:, None] * up + FAR * toward, dtype=np.float32)

    @property
    def direction(self) -> Floats32:
        """The viewing direction (3,)."""
        return np.asarray(-self.axes[2], dtype=np.float32)


def cast(scene: Scene, raster: Raster) -> Hits:
    """One ray through each pixel centre; the arrays of the result are flat, row by row."""
    height, width = raster.shape
    rows, cols = np.divmod(np.arange(height * width), width)
    return scene.first(raster.origins(rows, cols, 0.0, 0.0), raster.direction)


def coverage(scene: Scene, raster: Raster, samples: int = 4) -> Floats32:
    """Share of each pixel (height, width) that the scene covers, in 0..1.

    One ray a pixel, and ``samples`` squared where it and a neighbour disagree.
    """
    shape = raster.shape
    hit = (cast(scene, raster).face >= 0).reshape(shape)
    some = ndimage.maximum_filter(hit, size=3)
    every = ndimage.minimum_filter(hit, size=3)
    # A structure thinner than a pixel may slip through between all rays: then every pixel is looked at.
    rows, cols = np.nonzero(some & ~every) if hit.any() else np.nonzero(np.ones(shape, np.bool_))
    share = np.zeros(len(rows), np.float32)
    offsets = (np.arange(samples) + 0.5) / samples - 0.5
    for dv in offsets:
        for du in offsets:
            share += scene.first(raster.origins(rows, cols, du, dv), raster.direction).face >= 0
    field = hit.astype(np.float32)
    field[rows, cols] = share / np.float32(samples**2)
    return field


def id_map(mesh: SceneMesh, hits: Hits, shape: tuple[int, int]) -> npt.NDArray[np.uint16]:
    """Structure id at each pixel centre, 0 where nothing is."""
    ids = np.zeros(len(hits.face), np.uint16)
    found = hits.face >= 0
    ids[found] = mesh.structure[hits.face[found]]
    return ids.reshape(shape)


@dataclass(frozen=True)
class Light:
    """The light in view space (right, up, toward) and how strongly each term counts."""

    key: tuple[float, float, float] = (-0.42, 0.62, 0.66)
    key_strength: float = 0.95
    sky_strength: float = 0.44
    ground_strength: float = 0.13
    rim: float = 0.45
    gloss: float = 0.07


LIGHT = Light()


def shade(
    mesh: SceneMesh,
    open_sky: Floats32,
    colours: Floats32,
    axes: Floats,
    light: Light,
    face: npt.NDArray[np.int32],
    u: Floats32,
    v: Floats32,
) -> Floats32:
    """Linear RGB (N, 3) of hits on ``mesh``.

    ``open_sky`` (V,) is the openness of the vertices, ``colours`` linear RGB by structure id.
    """
    corners = mesh.faces[face]
    w = (1.0 - u - v)[:, None]
    packed_a, packed_b, packed_c = (corners[:, k] for k in range(3))
    normal = (
        mesh.normals[packed_a] * w + mesh.normals[packed_b] * u[:, None] + mesh.normals[packed_c] * v[:, None]
    )
    sky = open_sky[packed_a] * w[:, 0] + open_sky[packed_b] * u + open_sky[packed_c] * v
    normal = normal @ axes.T.astype(np.float32)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    # Sheets are seen from both sides: a normal that looks away belongs to the back of one.
    normal *= np.where(normal[:, 2:] < 0, np.float32(-1), np.float32(1))
    key = np.array(light.key, np.float32)
    key /= np.linalg.norm(key)
    half = key + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    lambert = np.maximum(normal @ key, 0.0)
    up = 0.5 + 0.5 * normal[:, 1]
    ambient = light.ground_strength + (light.sky_strength - light.ground_strength) * up
    facing = np.clip(normal[:, 2], 0.0, 1.0)
    edge = 1.0 - light.rim * (1.0 - facing) ** 3
    amount = (ambient * sky + light.key_strength * lambert * (0.35 + 0.65 * sky)) * edge
    gloss = light.gloss * np.maximum(normal @ half, 0.0) ** 24 * sky
    tendon = mesh.tendon[packed_a] * w[:, 0] + mesh.tendon[packed_b] * u + mesh.tendon[packed_c] * v
    base = colours[mesh.structure[face]]
    base = base + tendon[:, None] * (TENDON_LINEAR - base)
    colour = base * amount[:, None] + gloss[:, None]
    return np.asarray(colour, dtype=np.float32)


def picture(
    scene: Scene,
    mesh: SceneMesh,
    open_sky: Floats32,
    colours: Floats32,
    raster: Raster,
    light: Light,
    inner: int = 2,
    edge: int = 4,
) -> npt.NDArray[np.uint8]:
    """Shaded RGBA picture (height, width, 4), straight alpha.

    ``inner`` squared rays a pixel; ``edge`` squared where these meet more than one structure.
    """
    height, width = raster.shape
    out = np.zeros((height, width, 4), np.uint8)
    band = 128

    def pixels(
        rows: Indices, cols: Indices, samples: int
    ) -> tuple[Floats32, Floats32, npt.NDArray[np.bool_]]:
        """Sum of colours (N, 3), number of hits (N,), and whether the rays of a pixel agree (N,)."""
        colour = np.zeros((len(rows), 3), np.float32)
        cover = np.zeros(len(rows), np.float32)
        agree = np.ones(len(rows), np.bool_)
        met: npt.NDArray[np.uint16] | None = None
        offsets = (np.arange(samples) + 0.5) / samples - 0.5
        for dv in offsets:
            for du in offsets:
                hits = scene.first(raster.origins(rows, cols, du, dv), raster.direction, threads=False)
                found = np.flatnonzero(hits.face >= 0)
                face, u, v = hits.face[found], hits.u[found], hits.v[found]
                if len(found):
                    tone = shade(mesh, open_sky, colours, raster.axes, light, face, u, v)
                    colour[found] += to_srgb(tone).astype(np.float32)
                    cover[found] += 1.0
                structure = np.zeros(len(rows), np.uint16)
                structure[found] = mesh.structure[face]
                if met is None:
                    met = structure
                else:
                    agree &= met == structure
        return colour, cover, agree

    def rows_of(k: int) -> None:
        top, bottom = k * band, min((k + 1) * band, height)
        rows, cols = np.divmod(np.arange(top * width, bottom * width), width)
        colour, cover, agree = pixels(rows, cols, inner)
        cover /= inner**2
        colour /= inner**2
        mixed = np.flatnonzero(~agree)
        if len(mixed):
            finer, hits, _ = pixels(rows[mixed], cols[mixed], edge)
            colour[mixed] = finer / edge**2
            cover[mixed] = hits / edge**2
        straight = colour / np.maximum(cover, 1e-6)[:, None]
        block = np.concatenate([straight, cover[:, None]], axis=1)
        out[top:bottom] = np.rint(block * 255).astype(np.uint8).reshape(bottom - top, width, 4)

    in_threads(rows_of, -(-height // band))
    return out


def toned(rgba: npt.NDArray[np.uint8], tone: Floats32) -> npt.NDArray[np.uint8]:
    """The picture made lighter and darker by streaks: ``tone`` 1 is ``STREAK`` brighter."""
    factor = 1.0 + STREAK * np.clip(tone, -2.5, 2.5)
    out = rgba.copy()
    out[..., :3] = np.rint(np.clip(rgba[..., :3] * factor[..., None], 0, 255)).astype(np.uint8)
    return out


def bleed(rgba: npt.NDArray[np.uint8], rounds: int = 4) -> npt.NDArray[np.uint8]:
    """Colour of the edge carried a few pixels into the transparent part; then black.

    Lossy WebP stores colour at half resolution: without this the edge would take in black.
    """
    out = rgba.copy()
    known = rgba[..., 3] > 0
    colour = rgba[..., :3].astype(np.float32)
    for _ in range(rounds):
        total = np.zeros_like(colour)
        count = np.zeros(known.shape, np.float32)
        for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            total += _shift(colour * known[..., None], dy, dx)
            count += _shift(known.astype(np.float32), dy, dx)
        new = ~known & (count > 0)
        colour[new] = total[new] / count[new][:, None]
        known |= new
    out[..., :3] = np.rint(np.where(known[..., None], colour, 0)).astype(np.uint8)
    return out


def _shift(array: npt.NDArray[np.float32], dy: int, dx: int) -> npt.NDArray[np.float32]:
    """The array moved by whole pixels, zeros coming in."""
    out = np.zeros_like(array)
    height, width = array.shape[:2]
    out[max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)] = array[
        max(-dy, 0) : height + min(-dy, 0), max(-dx, 0) : width + min(-dx, 0)
    ]
    return out

"""The expensive things that several products share, made once and kept in the cache."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from platemaker.body import COMPUTED, DRAWN, INNER, SPLIT, Body
from platemaker.cache import cached, key_of
from platemaker.caps import capped
from platemaker.dots import Dots, make_dots
from platemaker.geometry import Floats, vertex_normals
from platemaker.layers import Layer, Plate, cuts_of, drawn_in
from platemaker.lungzone import lung_zone
from platemaker.membership import STEP, coverers, peel
from platemaker.palette import linear_table
from platemaker.rays import Floats32, Scene
from platemaker.regions import Seeded, Value, firmness, on_armless, partition, read_regions, values_of
from platemaker.render import Raster
from platemaker.scenemesh import Part, SceneMesh, joined, outward, smooth_structure
from platemaker.skin import Skin, Skins, mended_skins
from platemaker.sprites import Alone, own_sky

SKIN_CODE = ("body", "geometry", "rays", "skin")
MESH_CODE = ("body", "geometry", "scenemesh", "skin", "tissue", "rays")
DOTS_CODE = (*SKIN_CODE, "dots")
REGION_CODE = (*SKIN_CODE, "regions")
COMPUTED_CODE = ("body", "geometry", "lungzone", "landmarks", "rays")
SKY_CODE = (*SKIN_CODE, *MESH_CODE, "occlusion")
LAYER_CODE = (
    *SKIN_CODE,
    *MESH_CODE,
    "layers",
    "membership",
    "occlusion",
    "palette",
    "fibres",
    "render",
    "files",
)
OVERLAY_CODE = (*MESH_CODE, *COMPUTED_CODE, "layers", "occlusion", "palette", "render", "overlays", "files")
SPRITE_CODE = (
    *MESH_CODE,
    "rays",
    "layers",
    "occlusion",
    "palette",
    "fibres",
    "render",
    "outlines",
    "sprites",
    "files",
)


#: Mm beside a regional plate's window from where something may still cast a shadow into it: at this
#: distance a blocker counts little, see :data:`platemaker.occlusion.FADE`.
MARGIN = 90.0
#: Mm from the whole skin from where the armless one has dots of its own.
DOT_APART = 2.5


class Workshop:
    """Body, meshes, skin, regions and dots, each made when first asked for."""

    def __init__(self, body: Body, cache: Path, regions_file: Path) -> None:
        self.body = body
        self.cache = cache
        self.regions_file = regions_file

    def prepare(self, kinds: set[str]) -> None:
        """Make and keep what several products of the given kinds share."""
        _ = self.muscles_and_bones, self.skins
        if kinds & {"overlays"}:
            _ = self.inner
        if kinds & {"muscles"}:
            _ = self._own_skies
        if kinds & {"regions", "dots"}:
            _ = self.skin_regions, self.dots

    @cached_property
    def muscles_and_bones(self) -> SceneMesh:
        """All drawn structures but the skin, fine and smooth."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            drawn = [s for s in self.body.structures if s.system in DRAWN and s.system != "skin"]
            parts = [smooth_structure(self.body, s) for s in drawn]
            return joined(parts).arrays()

        found = cached(self.cache, "meshes", key_of(MESH_CODE, self.body.digest), make)
        return SceneMesh(**found)  # type: ignore[arg-type]

    @cached_property
    def skins(self) -> Skins:
        """The mended skin, whole and armless."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            made = mended_skins(self.body)
            out: dict[str, npt.NDArray[np.generic]] = {}
            for name, skin in (("whole", made.whole), ("armless", made.armless)):
                out[f"{name}_vertices"] = skin.vertices
                out[f"{name}_faces"] = skin.faces
                out[f"{name}_normals"] = skin.normals
            return out

        found = cached(self.cache, "skin", key_of(SKIN_CODE, self.body.digest), make)
        whole, armless = (
            Skin(found[f"{n}_vertices"], found[f"{n}_faces"], found[f"{n}_normals"])  # type: ignore[arg-type]
            for n in ("whole", "armless")
        )
        return Skins(whole, armless)

    def skin_of(self, plate: Plate) -> Skin:
        """The skin that a plate shows."""
        return self.skins.armless if plate.without_arms else self.skins.whole

    @cached_property
    def _skin_scenes(self) -> dict[object, tuple[SceneMesh, Scene]]:
        return {}

    def skin_scene(self, plate: Plate) -> tuple[SceneMesh, Scene]:
        """The skin of a plate as a mesh with its structure id, ready for rays."""
        box = plate.skin_within or plate.within
        kind = (plate.without_arms, box)
        if kind not in self._skin_scenes:
            skin = self.skin_of(plate)
            number = self.body.by_mesh["skin/skin"].id
            mesh = joined([Part(number, skin.vertices, skin.faces, skin.normals)])
            if box:
                kept = mesh.within(box)
                # All vertices stay: what is known of them by number still holds.
                mesh = replace(
                    mesh, faces=mesh.faces[kept], structure=mesh.structure[kept], cut=mesh.cut[kept]
                )
                mesh = capped(mesh)
            self._skin_scenes[kind] = (mesh, Scene(mesh.vertices, mesh.faces))
        return self._skin_scenes[kind]

    def layer_scene(self, plate: Plate, layer: Layer) -> tuple[SceneMesh, Scene]:
        """What a layer draws, ready for rays."""
        if layer.systems == ("skin",):
            return self.skin_scene(plate)
        return self._scene_without(plate, layer, self.taken(plate, layer))

    def drawn(self, plate: Plate, layer: Layer) -> list[int]:
        """Ids of the structures that a layer draws, in ascending order."""
        return [s.id for s in drawn_in(self.body, plate, layer, self.taken(plate, layer))]

    def _scene_without(self, plate: Plate, layer: Layer, taken: frozenset[str]) -> tuple[SceneMesh, Scene]:
        ids = np.array([s.id for s in drawn_in(self.body, plate, layer, taken)], np.uint16)
        mesh = self.near(self.muscles_and_bones, plate).only(ids, cuts_of(plate, layer))
        if plate.within:
            mesh = mesh.inside(plate.within)
        return mesh, Scene(mesh.vertices, mesh.faces)

    def near(self, mesh: SceneMesh, plate: Plate) -> SceneMesh:
        """The part of a mesh that a plate can show, or that can cast a shadow on what it shows."""
        if plate.group == "whole":
            return mesh
        right, up, _ = plate.view.axes.astype(np.float32)
        u0, u1, v0, v1 = plate.window
        u, v = mesh.vertices @ right, mesh.vertices @ up
        there = (u > u0 - MARGIN) & (u < u1 + MARGIN) & (v > v0 - MARGIN) & (v < v1 + MARGIN)
        return mesh.kept(there[mesh.faces].any(axis=1))

    def taken(self, plate: Plate, layer: Layer) -> frozenset[str]:
        """Names of what is taken away to open a layer: the coverers of the layer before, and its own.

        Counted on a coarse raster over the plate's window, see :mod:`platemaker.membership`.
        """
        over = plate.layer_before(layer)
        if over is None or not layer.opens:
            return layer.take
        before = self.taken(plate, over)

        def make() -> dict[str, npt.NDArray[np.generic]]:
            mesh, scene = self._scene_without(plate, over, before)
            stack = peel(mesh, scene, Raster(plate.view.axes, plate.window, STEP))
            names = coverers(self.body, stack, layer.bone_stops)
            return {"names": np.array(sorted(names))}

        key = key_of(
            (*MESH_CODE, "layers", "membership", "render"),
            self.body.digest,
            replace(plate, layers=(), title="", note=None, short=""),
            [s.id for s in drawn_in(self.body, plate, over, before)],
            cuts_of(plate, over),
            layer.bone_stops,
        )
        found = cached(self.cache, f"coverers-{plate.id}-{layer.id}", key, make)["names"]
        return before | (frozenset(str(n) for n in found) - layer.keep) | layer.take

    @cached_property
    def _own_skies(self) -> dict[int, Floats32]:
        """Openness of each muscle's vertices, blocked by the muscle alone; it serves all plates."""
        muscles = [s.id for s in self.body.structures if s.system == "muscles"]

        def make() -> dict[str, npt.NDArray[np.generic]]:
            return {str(number): own_sky(self.muscles_and_bones, number) for number in muscles}

        key = key_of((*MESH_CODE, "occlusion", "sprites"), self.body.digest)
        found = cached(self.cache, "own-skies", key, make)
        return {number: found[str(number)].astype(np.float32) for number in muscles}

    def alone(self, structure: int) -> Alone:
        """A muscle by itself."""
        return Alone(self.muscles_and_bones, structure, self._own_skies[structure])

    @cached_property
    def inner(self) -> SceneMesh:
        """Organs, vessels, nerves, attachments and the lung zone: what overlays show."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            self.give_computed()
            systems = (*INNER, SPLIT, "computed")
            parts = []
            for s in self.body.structures:
                if s.system in systems:
                    vertices, faces = outward(*self.body.mesh(s.mesh))
                    parts.append(Part(s.id, vertices, faces, vertex_normals(vertices, faces)))
            return joined(parts).arrays()

        found = cached(self.cache, "inner", key_of((*MESH_CODE, *COMPUTED_CODE), self.body.digest), make)
        return SceneMesh(**found)  # type: ignore[arg-type]

    def give_computed(self) -> None:
        """Give the body the meshes of its computed structures."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            made = lung_zone(self.body)
            return {f"{mesh}{k}": part for mesh, parts in made.items() for k, part in enumerate(parts)}

        found = cached(self.cache, "lung-zone", key_of(COMPUTED_CODE, self.body.digest), make)
        for mesh, _ in COMPUTED:
            self.body.give(mesh, found[f"{mesh}0"].astype(np.float64), found[f"{mesh}1"].astype(np.int64))

    @cached_property
    def colours(self) -> Floats32:
        """Linear RGB by structure id."""
        return linear_table(self.body.structures)

    @cached_property
    def regions(self) -> list[Seeded]:
        """The regions of the dataset that have an area."""
        return read_regions(self.regions_file)

    @property
    def region_values(self) -> list[Value]:
        """What the values of region maps mean."""
        return values_of(self.regions)

    @property
    def regions_key(self) -> object:
        """Everything in the regions file that the partition depends on."""
        return [(r.id, r.paired, r.seeds.tolist(), r.reach) for r in self.regions]

    @cached_property
    def skin_regions(self) -> npt.NDArray[np.uint16]:
        """Region value of each vertex of the whole skin."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            skin = self.skins.whole
            return {"value": partition(skin.vertices, skin.faces, self.regions)}

        key = key_of(REGION_CODE, self.body.digest, self.regions_key)
        return cached(self.cache, "regions", key, make)["value"].astype(np.uint16)

    def regions_of(self, plate: Plate) -> tuple[npt.NDArray[np.uint16], Floats32]:
        """Region value and firmness of each vertex of the skin that a plate shows."""
        skin, whole = self.skin_of(plate), self.skins.whole
        kind = "armless" if plate.without_arms else "whole"

        def make() -> dict[str, npt.NDArray[np.generic]]:
            label = self.skin_regions
            if plate.without_arms:
                label = on_armless(skin.vertices, skin.faces, whole.vertices, label, self.region_values)
            return {"label": label, "firm": firmness(skin.faces, label)}

        if kind not in self._regions_of:
            key = key_of(REGION_CODE, self.body.digest, self.regions_key)
            found = cached(self.cache, f"regions-{kind}", key, make)
            self._regions_of[kind] = (found["label"].astype(np.uint16), found["firm"].astype(np.float32))
        label, firm = self._regions_of[kind]
        # The caps over cut skin belong to no region.
        caps = (0, len(self.skin_scene(plate)[0].vertices) - len(label))
        return np.pad(label, caps), np.pad(firm, caps)

    @cached_property
    def _regions_of(self) -> dict[str, tuple[npt.NDArray[np.uint16], Floats32]]:
        return {}

    def regions_at(self, plate: Plate, points: Floats, within: float = 3.0) -> npt.NDArray[np.uint16]:
        """Region value of points on the skin of a plate, 0 for points that are not on it."""
        away, nearest = cKDTree(self.skin_of(plate).vertices).query(points, workers=-1)
        return np.where(away < within, self.regions_of(plate)[0][nearest], 0).astype(np.uint16)

    def dots_of(self, plate: Plate) -> Dots:
        """The dots on the skin that a plate shows; the same ones on all plates but where an arm was cut."""
        return self._armless_dots if plate.without_arms else self.dots

    @cached_property
    def _armless_dots(self) -> Dots:
        def make() -> dict[str, npt.NDArray[np.generic]]:
            skin, whole = self.skins.armless, self.dots
            made = make_dots(skin.vertices, skin.faces)
            away, _ = cKDTree(self.skins.whole.vertices).query(made.points, workers=-1)
            new = away > DOT_APART
            return {
                "points": np.concatenate([whole.points, made.points[new]]),
                "normals": np.concatenate([whole.normals, made.normals[new]]),
                "rank": np.concatenate([whole.rank, made.rank[new]]),
            }

        found = cached(self.cache, "dots-armless", key_of(DOTS_CODE, self.body.digest), make)
        return Dots(found["points"], found["normals"], found["rank"])  # type: ignore[arg-type]

    @cached_property
    def dots(self) -> Dots:
        """The dots on the whole skin."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            skin = self.skins.whole
            made = make_dots(skin.vertices, skin.faces)
            return {"points": made.points, "normals": made.normals, "rank": made.rank}

        found = cached(self.cache, "dots", key_of(DOTS_CODE, self.body.digest), make)
        return Dots(found["points"], found["normals"], found["rank"])  # type: ignore[arg-type]

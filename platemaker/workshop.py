"""The expensive things that several products share, made once and kept in the cache."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from platemaker.body import Body
from platemaker.cache import cached, key_of
from platemaker.dots import Dots, make_dots
from platemaker.layers import KEEP, SUPERFICIAL, TAKE, Layer, Plate, cuts_of, drawn_in
from platemaker.membership import STEP, coverers, peel
from platemaker.palette import linear_table
from platemaker.rays import Floats32, Scene
from platemaker.regions import Seeded, Value, partition, read_regions, values_of
from platemaker.render import Raster
from platemaker.scenemesh import Part, SceneMesh, joined, smooth_structure
from platemaker.skin import Skin, Skins, mended_skins

SKIN_CODE = ("body", "geometry", "rays", "skin")
MESH_CODE = ("body", "geometry", "scenemesh", "skin", "tissue", "rays")
DOTS_CODE = (*SKIN_CODE, "dots")
REGION_CODE = (*SKIN_CODE, "regions")
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


class Workshop:
    """Body, meshes, skin, regions and dots, each made when first asked for."""

    def __init__(self, body: Body, cache: Path, regions_file: Path) -> None:
        self.body = body
        self.cache = cache
        self.regions_file = regions_file

    @cached_property
    def muscles_and_bones(self) -> SceneMesh:
        """All drawn structures but the skin, fine and smooth."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            parts = [smooth_structure(self.body, s) for s in self.body.structures if s.system != "skin"]
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
    def _skin_scenes(self) -> dict[bool, tuple[SceneMesh, Scene]]:
        return {}

    def skin_scene(self, plate: Plate) -> tuple[SceneMesh, Scene]:
        """The skin of a plate as a mesh with its structure id, ready for rays."""
        if plate.without_arms not in self._skin_scenes:
            skin = self.skin_of(plate)
            number = self.body.by_mesh["skin/skin"].id
            mesh = joined([Part(number, skin.vertices, skin.faces, skin.normals)])
            self._skin_scenes[plate.without_arms] = (mesh, Scene(mesh.vertices, mesh.faces))
        return self._skin_scenes[plate.without_arms]

    def layer_scene(self, plate: Plate, layer: Layer) -> tuple[SceneMesh, Scene]:
        """What a layer draws, ready for rays."""
        if layer.systems == ("skin",):
            return self.skin_scene(plate)
        opened = self.coverers(plate) if "coverers" in layer.without else frozenset()
        ids = np.array([s.id for s in drawn_in(self.body, plate, layer, opened)], np.uint16)
        mesh = self.muscles_and_bones.only(ids, cuts_of(plate, layer))
        return mesh, Scene(mesh.vertices, mesh.faces)

    def coverers(self, plate: Plate) -> frozenset[str]:
        """Names of the muscles that are taken away to open the deep layer of a plate."""
        view = plate.view.id

        def make() -> dict[str, npt.NDArray[np.generic]]:
            mesh, scene = self.layer_scene(plate, SUPERFICIAL)
            window = (-360.0, 360.0, 0.0, 1720.0)
            names = coverers(self.body, peel(mesh, scene, Raster(plate.view.axes, window, STEP)))
            return {"names": np.array(sorted(names))}

        key = key_of(
            (*MESH_CODE, "layers", "membership", "render"), self.body.digest, view, plate.without_arms
        )
        names = {str(n) for n in cached(self.cache, f"coverers-{plate.id}", key, make)["names"]}
        return frozenset((names - KEEP[view]) | TAKE[view])

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

    def regions_at(self, points: npt.NDArray[np.float64], within: float = 3.0) -> npt.NDArray[np.uint16]:
        """Region value of points on the skin, 0 for points that are not on it (the cut of an arm)."""
        away, nearest = self._skin_tree.query(points, workers=-1)
        return np.where(away < within, self.skin_regions[nearest], 0).astype(np.uint16)

    @cached_property
    def _skin_tree(self) -> cKDTree:
        return cKDTree(self.skins.whole.vertices)

    @cached_property
    def dots(self) -> Dots:
        """The dots on the whole skin."""

        def make() -> dict[str, npt.NDArray[np.generic]]:
            skin = self.skins.whole
            made = make_dots(skin.vertices, skin.faces)
            return {"points": made.points, "normals": made.normals, "rank": made.rank}

        found = cached(self.cache, "dots", key_of(DOTS_CODE, self.body.digest), make)
        return Dots(found["points"], found["normals"], found["rank"])  # type: ignore[arg-type]

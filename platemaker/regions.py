"""Divides the skin into the regions of ``data/regions.yaml``.

Each skin vertex goes to the region of the geodesically nearest seed, the borders are smoothed, and
parts of a region that hold none of its seeds are given to their neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from platemaker.errors import PlatemakerError
from platemaker.geometry import Bools, Floats, Ints, adjacency, edges_of
from platemaker.rays import Floats32
from platemaker.skin import FLANK_LOW, FLANK_SLOPE, FLANK_X

SMOOTHING = 24  # rounds of averaging that round the borders off, about 10 mm wide
AFTERWARDS = 5  # more rounds, once the sides have been made alike
EAR_LINK = 9.0  # mm: parts of the skin that do not share edges are linked over gaps up to this
DEFAULT_REACH = 45.0  # mm, as in the dataset's model
SMALLEST_PART = 12  # vertices
BLUR = 3  # rounds of averaging that place a border within the triangles it crosses
SAME_PLACE = 3.0  # mm: the armless skin is the whole one where they are this near
BESIDE_FLANK = 4.0  # mm beyond the sheet that parts the arm from the flank


@dataclass(frozen=True)
class Seeded:
    """A region of the dataset that has an area: seeds (n, 3) in body mm on the left or the midline."""

    id: str
    paired: bool
    seeds: Floats
    reach: float


@dataclass(frozen=True)
class Value:
    """What a value of the region map means."""

    value: int
    region: str
    side: str


def read_regions(path: Path) -> list[Seeded]:
    """The regions with an area, in sorted order of their ids; none when the file does not exist yet."""
    if not path.is_file():
        return []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PlatemakerError(f"{path} is not valid YAML: {error}") from error
    rows = content.get("regions") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise PlatemakerError(f"{path} must hold a list of regions, or a mapping with the key 'regions'.")
    found: dict[str, Seeded] = {}
    for row in rows:
        name = str(row.get("id", ""))
        if not row.get("seeds"):
            continue
        seeds = np.array(row["seeds"], dtype=np.float64)
        if not name or name in found or seeds.ndim != 2 or seeds.shape[1] != 3:
            raise PlatemakerError(
                f"{path}: region '{name}' needs an id of its own and seeds [x, y, z] in mm."
            )
        found[name] = Seeded(
            name, bool(row.get("paired", True)), seeds, float(row.get("reach", DEFAULT_REACH))
        )
    return [found[name] for name in sorted(found)]


def values_of(regions: list[Seeded]) -> list[Value]:
    """The numbering of region maps: left before right, regions in sorted order."""
    values: list[Value] = []
    for region in regions:
        for side in ("left", "right") if region.paired else ("mid",):
            values.append(Value(len(values) + 1, region.id, side))
    return values


def skin_graph(vertices: Floats, faces: Ints) -> sparse.csr_matrix:
    """Graph of distances along the skin in mm.

    It has the edges, links between the far corners of the two faces beside each edge, and short
    bridges between parts that share no vertex (the auricles).
    """
    edges, side, _ = edges_of(faces)
    far = np.full((len(edges), 2), -1, np.int64)
    flat = side.ravel()
    opposite = faces[:, [2, 0, 1]].ravel()
    order = np.argsort(flat, kind="stable")
    sorted_edges = flat[order]
    first = np.flatnonzero(np.r_[True, sorted_edges[1:] != sorted_edges[:-1]])
    second = np.flatnonzero(np.r_[False, sorted_edges[1:] == sorted_edges[:-1]])
    far[sorted_edges[first], 0] = opposite[order[first]]
    far[sorted_edges[second], 1] = opposite[order[second]]
    far = far[(far >= 0).all(1) & (far[:, 0] != far[:, 1])]
    links = [edges, far, _bridges(vertices, edges)]
    pairs = np.unique(np.sort(np.concatenate(links), axis=1), axis=0)
    length = np.linalg.norm(vertices[pairs[:, 0]] - vertices[pairs[:, 1]], axis=1)
    return adjacency(len(vertices), pairs, np.maximum(length, 1e-6))


def _bridges(vertices: Floats, edges: Ints) -> Ints:
    """Pairs (K, 2) that join each smaller part of the mesh to the largest one where they are near."""
    count, part = connected_components(adjacency(len(vertices), edges), directed=False)
    if count == 1:
        return np.zeros((0, 2), np.int64)
    main = np.bincount(part).argmax()
    trunk = np.flatnonzero(part == main)
    loose = np.flatnonzero(part != main)
    away, nearest = cKDTree(vertices[trunk]).query(vertices[loose])
    near = away < EAR_LINK
    return np.stack([loose[near], trunk[nearest[near]]], axis=1)


def mirrored(points: Floats) -> Floats:
    """Points mirrored in x = 0."""
    return np.asarray(points * np.array([-1.0, 1.0, 1.0]))


def partition(vertices: Floats, faces: Ints, regions: list[Seeded]) -> npt.NDArray[np.uint16]:
    """The region value (N,) of each skin vertex, 0 where no region reaches."""
    values = values_of(regions)
    if not values:
        return np.zeros(len(vertices), np.uint16)
    graph = skin_graph(vertices, faces)
    tree = cKDTree(vertices)
    by_id = {region.id: region for region in regions}
    seeds: dict[int, int] = {}
    for value in values:
        region = by_id[value.region]
        points = mirrored(region.seeds) if value.side == "right" else region.seeds
        _, nearest = tree.query(points)
        for vertex in np.atleast_1d(nearest).tolist():
            seeds.setdefault(vertex, value.value)
    sources = np.array(sorted(seeds), dtype=np.int64)
    value_of_source = np.zeros(len(vertices), np.int64)
    value_of_source[sources] = [seeds[s] for s in sources.tolist()]
    reach = np.array([0.0] + [by_id[v.region].reach for v in values])
    distance, _, origin = dijkstra(
        graph, indices=sources, min_only=True, return_predecessors=True, limit=float(reach.max())
    )
    label = np.where(np.isfinite(distance), value_of_source[np.maximum(origin, 0)], 0)
    label[distance > reach[label]] = 0
    edges, _, _ = edges_of(faces)
    edges = np.concatenate([edges, _bridges(vertices, edges)])
    label = _rounded(label, edges, len(values) + 1, SMOOTHING)
    held = np.zeros(len(vertices), np.bool_)
    held[sources] = True
    label[sources] = value_of_source[sources]
    label = _symmetric(vertices, label, values)
    # Taking the nearest vertex of the other side leaves teeth: the sides are alike only to the mesh's grain.
    label = _own_side(vertices, _rounded(label, edges, len(values) + 1, AFTERWARDS), values)
    label = _without_islands(label, edges, held, len(values) + 1)
    return _loose_parts_whole(label, faces).astype(np.uint16)


def _symmetric(vertices: Floats, label: Ints, values: list[Value]) -> Ints:
    """The right half made the mirror image of the left one, and the midline the border of paired regions.

    Ties along the midline fall either way, and smoothing lets a region look over it.
    """
    right = np.flatnonzero(vertices[:, 0] < 0)
    left = np.flatnonzero(vertices[:, 0] >= 0)
    _, nearest = cKDTree(vertices[left]).query(mirrored(vertices[right]))
    out = _own_side(vertices, label, values)
    out[right] = _other_side(values)[out[left[nearest]]]
    return out


def _own_side(vertices: Floats, label: Ints, values: list[Value]) -> Ints:
    """Labels of paired regions made those of the side that the vertex is on."""
    way = np.array([0] + [{"left": 1, "right": -1, "mid": 0}[v.side] for v in values])[label]
    strayed = np.where(vertices[:, 0] >= 0, way < 0, way > 0)
    return np.where(strayed, _other_side(values)[label], label)


def _other_side(values: list[Value]) -> Ints:
    """The value of the other side's region by value, 0 for 0."""
    number = {(v.region, v.side): v.value for v in values}
    other = {"left": "right", "right": "left", "mid": "mid"}
    return np.array([0] + [number[v.region, other[v.side]] for v in values])


def _loose_parts_whole(label: Ints, faces: Ints) -> Ints:
    """Each part of the mesh that only touches the largest one, an auricle, goes to a single region."""
    edges, _, _ = edges_of(faces)
    _, part = connected_components(adjacency(len(label), edges), directed=False)
    out = label.copy()
    for k in np.flatnonzero(np.arange(part.max() + 1) != np.bincount(part).argmax()).tolist():
        out[part == k] = np.bincount(label[part == k]).argmax()
    return out


def _rounded(label: Ints, edges: Ints, count: int, rounds: int) -> Ints:
    """Borders smoothed: the label with the largest share around each vertex wins."""
    share = _shares(label, edges, count, rounds)
    return np.asarray(share.argmax(axis=1)).ravel().astype(np.int64)


def _shares(label: Ints, edges: Ints, count: int, rounds: int) -> sparse.csr_matrix:
    """(N, count): each label's indicator averaged over the neighbours, ``rounds`` times."""
    total = len(label)
    graph = adjacency(total, edges) + sparse.identity(total, format="csr")
    step = sparse.diags(1.0 / np.asarray(graph.sum(1)).ravel()) @ graph
    share = sparse.csr_matrix((np.ones(total), (np.arange(total), label)), shape=(total, count))
    for _ in range(rounds):
        share = step @ share
        share.data[share.data < 1e-3] = 0
        share.eliminate_zeros()
    return share


def _without_islands(label: Ints, edges: Ints, held: npt.NDArray[np.bool_], count: int) -> Ints:
    """Parts of a region without a seed, and small gaps between regions, go to the neighbours."""
    for _ in range(8):
        same = edges[label[edges[:, 0]] == label[edges[:, 1]]]
        parts, part = connected_components(adjacency(len(label), same), directed=False)
        size = np.bincount(part, minlength=parts)
        has_seed = np.bincount(part, weights=held, minlength=parts) > 0
        part_label = np.zeros(parts, np.int64)
        part_label[part] = label
        stray = np.where(part_label == 0, size < 40 * SMALLEST_PART, ~has_seed)
        if not stray.any():
            break
        across = edges[part[edges[:, 0]] != part[edges[:, 1]]]
        both = np.concatenate([across, across[:, ::-1]])
        both = both[stray[part[both[:, 0]]] & ~stray[part[both[:, 1]]]]
        votes = sparse.coo_matrix(
            (np.ones(len(both)), (part[both[:, 0]], label[both[:, 1]])), shape=(parts, count)
        ).tocsr()
        winner = np.asarray(votes.argmax(axis=1)).ravel()
        heard = np.asarray(votes.sum(1)).ravel() > 0
        change = stray & heard
        if not change.any():
            label[stray[part]] = 0
            break
        label = np.where(change[part], winner[part], label)
    return label


def firmness(faces: Ints, label: npt.NDArray[np.integer]) -> Floats32:
    """How far the region of each vertex (N,) is ahead of its rival, in 0..1.

    Vertices are 2 mm apart, so borders drawn halfway between them would have teeth. Weighed with this,
    as :func:`region_at` does, a border runs smoothly through the triangles.
    """
    values = label.astype(np.int64)
    edges, _, _ = edges_of(faces)
    share = _shares(values, edges, int(values.max(initial=0)) + 1, BLUR)
    every = np.arange(len(values))
    own = np.asarray(share[every, values]).ravel()
    rivals = share - sparse.csr_matrix((own, (every, values)), shape=share.shape)
    ahead = own - np.asarray(rivals.max(axis=1).todense()).ravel()
    return np.asarray(np.maximum(ahead, 1e-3), dtype=np.float32)


def region_at(
    label: npt.NDArray[np.uint16], firm: Floats32, corners: npt.NDArray[np.integer], weights: Floats32
) -> npt.NDArray[np.uint16]:
    """Region value (K,) of points within faces.

    ``corners`` (K, 3) are the vertices of each point's face and ``weights`` (K, 3) the point's barycentric
    weights; ``label`` and ``firm`` (N,) are those of :func:`partition` and :func:`firmness`.
    """
    value = label[corners]
    weight = weights * firm[corners]
    share = np.stack([(weight * (value == value[:, k : k + 1])).sum(1) for k in range(3)], axis=1)
    return np.asarray(value[np.arange(len(value)), share.argmax(1)])


def on_armless(
    vertices: Floats, faces: Ints, whole: Floats, label: npt.NDArray[np.uint16], values: list[Value]
) -> npt.NDArray[np.uint16]:
    """The region value of each vertex of the armless skin; ``label`` is that of the ``whole`` skin.

    Where the arm was fused to the trunk there is no skin to take from: the flank there goes to the
    regions of the trunk around it. The cut through the arm itself stays without a region (0).
    """
    away, nearest = cKDTree(whole).query(vertices)
    out = np.where(away < SAME_PLACE, label[nearest], 0).astype(np.uint16)
    of_arm = np.array([False] + [v.region.startswith("arm-") for v in values])[out]
    sheet = FLANK_X + FLANK_SLOPE * (vertices[:, 1] - FLANK_LOW)
    flank = (np.abs(vertices[:, 0]) < sheet + BESIDE_FLANK) & (vertices[:, 1] > FLANK_LOW)
    bare = flank & ((out == 0) | (of_arm & _beside_cut(faces, away >= SAME_PLACE)))
    sources = np.flatnonzero((out > 0) & ~of_arm & ~bare)
    if not bare.any() or not len(sources):
        return out
    _, _, origin = dijkstra(
        skin_graph(vertices, faces), indices=sources, min_only=True, return_predecessors=True, limit=80.0
    )
    out[bare] = np.where(origin[bare] >= 0, out[np.maximum(origin[bare], 0)], 0)
    return out


def _beside_cut(faces: Ints, cut: Bools) -> Bools:
    """Vertices within a few faces of those that were ``cut``."""
    near = cut.copy()
    for _ in range(SMALLEST_PART):
        near[faces[near[faces].any(axis=1)]] = True
    return near

"""What the surface of a muscle looks like at each vertex: the way of its fibres, and where it is tendon."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import spsolve

from platemaker.geometry import Floats, Ints, adjacency, edges_of, unit
from platemaker.rays import Scene

END_SHARE = 0.04  # share of the vertices at each end of a muscle where its fibres start and stop

#: Fibres that converge on a point (left side, mm), by muscle name or name and part.
FOCUS: dict[str, tuple[float, float, float]] = {
    "trapezius 0": (118.0, 1372.0, -95.0),  # the root of the scapular spine
    "trapezius 1": (178.0, 1412.0, -35.0),
    "trapezius 2": (190.0, 1405.0, -75.0),
    "latissimus_dorsi 0": (185.0, 1330.0, -30.0),
    "latissimus_dorsi 1": (185.0, 1330.0, -30.0),
    "pectoralis_major 0": (205.0, 1315.0, -5.0),
    "pectoralis_major 1": (205.0, 1290.0, -5.0),
    "pectoralis_major 2": (205.0, 1325.0, -5.0),
    "pectoralis_minor": (150.0, 1400.0, -5.0),
    "deltoid 0": (209.0, 1240.0, -25.0),
    "deltoid 1": (212.0, 1240.0, -35.0),
    "deltoid 2": (211.0, 1240.0, -30.0),
    "gluteus_medius": (150.0, 865.0, -30.0),
    "gluteus_minimus": (150.0, 875.0, -15.0),
    "temporalis": (52.0, 1560.0, 42.0),  # the coronoid process
    "infraspinatus": (195.0, 1395.0, -45.0),
    "supraspinatus": (200.0, 1405.0, -35.0),
    "subscapularis": (185.0, 1385.0, -30.0),
    "teres_minor": (195.0, 1370.0, -45.0),
}

#: Fibre axes (left side) of broad muscles whose shape does not tell the way of their fibres.
AXES: dict[str, tuple[float, float, float]] = {
    "gluteus_maximus": (0.68, -0.66, 0.32),
    "external_abdominal_oblique": (-0.62, -0.74, 0.26),
    "internal_abdominal_oblique": (-0.62, 0.74, 0.26),
    "transversus_abdominis": (1.0, 0.0, 0.5),
    "rectus_abdominis": (0.0, 1.0, 0.0),
    "frontalis": (0.0, 1.0, -0.2),
    "occipitalis": (0.0, 1.0, 0.1),
    "quadratus_femoris": (1.0, 0.0, -0.2),
    "pronator_quadratus": (1.0, 0.15, 0.0),
    "rhomboid_major": (0.8, -0.6, 0.0),
    "rhomboid_minor": (0.8, -0.6, 0.0),
    "serratus_posterior_superior": (0.8, -0.6, 0.0),
    "serratus_posterior_inferior": (0.85, 0.5, 0.0),
    "quadratus_lumborum": (0.15, 1.0, 0.0),
    "masseter": (-0.1, -0.95, -0.3),
    "popliteus": (0.7, 0.7, 0.0),
    "mentalis": (0.0, 1.0, 0.0),
}

#: Muscles around an opening: centre (left side) and axis of the ring.
RINGS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "orbicularis_oculi": ((34.0, 1590.0, 70.0), (0.3, 0.0, 1.0)),
    "orbicularis_oris": ((0.0, 1523.0, 95.0), (0.0, 0.0, 1.0)),
}

#: Muscles whose meshes carry the fibres in their relief: streaks of another direction would cross them.
RELIEF = (
    "intercostal",
    "levatores",
    "serratus_anterior",
    "diaphragm",
    "rotatores",
    "multifidus",
    "pharyngeal",
)

#: Muscles with long tendons that the source models as part of the muscle.
TENDONED = frozenset(
    """
        abductor_pollicis_longus extensor_carpi_radialis_brevis extensor_carpi_radialis_longus
        extensor_carpi_ulnaris extensor_digiti_minimi extensor_digitorum extensor_indicis
        extensor_pollicis_brevis extensor_pollicis_longus flexor_carpi_radialis flexor_carpi_ulnaris
        flexor_digitorum_profundus flexor_digitorum_superficialis flexor_pollicis_longus palmaris_longus
        brachioradialis biceps_brachii pronator_teres extensor_digitorum_brevis
        extensor_digitorum_longus extensor_hallucis_brevis extensor_hallucis_longus fibularis_brevis
        fibularis_longus fibularis_tertius flexor_digitorum_brevis flexor_digitorum_longus
        flexor_hallucis_longus plantaris tibialis_anterior tibialis_posterior gracilis semitendinosus
        semimembranosus biceps_femoris rectus_femoris omohyoid digastric iliocostalis_lumborum
        gastrocnemius soleus abductor_hallucis
        """.split()  # noqa: SIM905
)
TENDON_THICKNESS = 0.50  # share of the belly's thickness below which a muscle is tendon


def fibre_directions(
    vertices: Floats, faces: Ints, normals: Floats, name: str, part: str, side: str
) -> Floats:
    """Direction (N, 3) of the fibres at each vertex, along the surface, 0 where none are drawn.

    Its sign means nothing. Without a word in the tables above, fibres flow from one end of the
    muscle to the other like heat through it, so that they follow its bends.
    """
    flip = np.array([-1.0 if side == "right" else 1.0, 1.0, 1.0])
    key = f"{name} {part}".strip()
    if any(word in name for word in RELIEF) or len(vertices) < 30:
        return np.zeros_like(vertices)
    if key in FOCUS:
        way = np.array(FOCUS[key]) * flip - vertices
    elif name in AXES:
        way = np.broadcast_to(np.array(AXES[name]) * flip, vertices.shape).copy()
    elif name in RINGS:
        centre, axis = (np.array(value) * flip for value in RINGS[name])
        way = np.cross(axis, vertices - centre)
    else:
        way = _flow(vertices, faces)
    along = way - (way * normals).sum(1, keepdims=True) * normals
    # Where the wanted direction pierces the surface there is no way along it to speak of.
    share = np.linalg.norm(along, axis=1) / np.maximum(np.linalg.norm(way, axis=1), 1e-12)
    return np.asarray(unit(along) * np.clip(share / 0.3, 0.0, 1.0)[:, None])


def _flow(vertices: Floats, faces: Ints) -> Floats:
    """Gradient (N, 3) of the harmonic function that is 0 at one end of the mesh and 1 at the other."""
    count = len(vertices)
    edges, _, _ = edges_of(faces)
    centred = vertices - vertices.mean(0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    along = centred @ vectors[:, -1]
    low, high = np.quantile(along, [END_SHARE, 1.0 - END_SHARE])
    length = np.maximum(np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1), 0.05)
    graph = adjacency(count, edges, 1.0 / length)
    degree = np.asarray(graph.sum(1)).ravel()
    fixed = (along <= low) | (along >= high) | (degree == 0)
    value = np.where(along >= high, 1.0, 0.0)
    free = np.flatnonzero(~fixed)
    # A weak pull to the long axis keeps parts that touch neither end from floating.
    pull = 1e-4 * degree[free] + 1e-12
    matrix = sparse.diags(degree[free] + pull) - graph[free][:, free]
    guess = np.clip((along - low) / max(high - low, 1e-9), 0.0, 1.0)
    value[free] = spsolve(
        matrix.tocsc(), graph[free][:, np.flatnonzero(fixed)] @ value[fixed] + pull * guess[free]
    )
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.maximum((normal**2).sum(1, keepdims=True), 1e-9)
    slope = (
        sum(
            value[faces[:, k], None]
            * np.cross(normal, vertices[faces[:, (k + 2) % 3]] - vertices[faces[:, (k + 1) % 3]])
            for k in range(3)
        )
        / area
    )
    slope = unit(slope) * np.sqrt(area)
    total = np.zeros_like(vertices)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(faces[:, k], weights=slope[:, axis], minlength=count)
    for _ in range(3):
        total = total + adjacency(count, edges) @ total
    return unit(total)


def tendon_share(vertices: Floats, faces: Ints, normals: Floats, name: str) -> npt.NDArray[np.float32]:
    """How much of each vertex (N,) is tendon, 0..1: where a tendoned muscle gets thin."""
    count = len(vertices)
    if name not in TENDONED or count < 60:
        return np.zeros(count, np.float32)
    scene = Scene(vertices, faces)
    origins = (vertices - 0.05 * normals).astype(np.float32)
    hits = scene.first(origins, (-normals).astype(np.float32))
    thickness = np.minimum(hits.distance.astype(np.float64), 60.0)
    thickness[hits.face < 0] = 0.0
    edges, _, _ = edges_of(faces)
    length = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1)
    graph = adjacency(count, edges) + sparse.identity(count, format="csr")
    step = sparse.diags(1.0 / np.asarray(graph.sum(1)).ravel()) @ graph
    for _ in range(int(np.clip((8.0 / max(float(np.median(length)), 0.3)) ** 2, 4, 40))):
        thickness = step @ thickness
    area = np.bincount(edges[:, 0], weights=length, minlength=count)
    order = np.argsort(thickness, kind="stable")
    share = np.cumsum(area[order]) / max(area.sum(), 1e-9)
    belly = thickness[order][min(int(np.searchsorted(share, 0.85)), count - 1)]
    limit = min(TENDON_THICKNESS * belly, 6.5)
    t = np.clip((limit * 1.25 - thickness) / max(0.5 * limit, 1e-6), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)

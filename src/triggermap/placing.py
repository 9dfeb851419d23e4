"""Where the things of the dataset are on the computed body. Joins the two; knows no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from triggermap.body.hit import Mark
from triggermap.body.plates import Body, Plate, Structure
from triggermap.errors import TriggermapError
from triggermap.state import Side, State

if TYPE_CHECKING:
    # For types alone: the stage is clickable before pydantic is loaded.
    from triggermap.dataset.models import Muscle, TriggerPoint, Zone

OTHER = {"left": "right", "right": "left"}


def check_view(body: Body, state: State) -> None:
    """Raise a sentence if a state names a plate, layer or structure that the body doesn't have."""
    if state.plate not in body.plates:
        raise TriggermapError(f"There is no plate '{state.plate}': choose one of {', '.join(body.plates)}.")
    layers = [layer.id for layer in body.plates[state.plate].layers]
    if state.layer not in layers:
        raise TriggermapError(f"There is no layer '{state.layer}': choose one of {', '.join(layers)}.")
    if state.structure and state.structure not in body.by_mesh:
        raise TriggermapError(f"There is no structure '{state.structure}' in the body.")


def sides_of(side: Side) -> tuple[str, ...]:
    """The sides that 'left', 'right' or 'both' stand for."""
    return ("left", "right") if side == "both" else (side,)


def structures_of(body: Body, muscle: Muscle, side: Side, part: str | None = None) -> list[Structure]:
    """The structures of a muscle (or of one part) on the shown side or sides."""
    meshes = muscle.all_meshes()
    if part is not None:
        meshes = next((p.meshes for p in muscle.parts if p.id == part), ()) or meshes
    found = [body.by_mesh[mesh] for mesh in meshes if mesh in body.by_mesh]
    result: list[Structure] = []
    for one in sides_of(side):
        result += [s if s.side in (one, "mid") else body.mirrored(s) for s in found]
    return list(dict.fromkeys(result))


def muscles_by_structure(body: Body, muscles: tuple[Muscle, ...]) -> dict[int, str]:
    """Structure id to muscle id, both sides."""
    found: dict[int, str] = {}
    for muscle in muscles:
        for structure in structures_of(body, muscle, "both"):
            found[structure.id] = muscle.id
    return found


def part_of(muscle: Muscle, mesh: str) -> str | None:
    """The id of the part that a left-side mesh belongs to."""
    return next((part.id for part in muscle.parts if mesh in part.meshes), None)


def position(point: TriggerPoint, side: str) -> np.ndarray:
    """The site in body mm on one side; the right side is the mirror of the left in x = 0."""
    x, y, z = point.position.at
    return np.array([x if side == "left" else -x, y, z])


def marks(plate: Plate, muscle: Muscle, side: Side, selected: str | None) -> tuple[Mark, ...]:
    """The trigger points of a muscle that face the viewer of a plate.

    The selected point comes last, so that it is painted over its neighbours.
    """
    found = []
    for point in muscle.trigger_points:
        for one in sides_of(side):
            at = position(point, one)
            if plate.faces_viewer(at):
                u, v = plate.project(at[None])[0]
                found.append(Mark(point.id, one, point.label, float(u), float(v), point.id == selected))
    return tuple(sorted(found, key=lambda mark: mark.selected))


def felt_on(zone: Zone, side: Side) -> tuple[str, ...]:
    """The sides on which a zone is felt when the point is on ``side``."""
    if zone.side == "bilateral" or side == "both":
        return ("left", "right")
    return (OTHER[side],) if zone.side == "contralateral" else (side,)


def zone_values(body: Body, zones: tuple[Zone, ...], side: Side) -> list[int]:
    """Region-map values of zones when the point is on ``side``; deep regions have none."""
    values = [value for zone in zones for value in body.region_values(zone.region, felt_on(zone, side))]
    return list(dict.fromkeys(values))


def plates_for_point(body: Body, point: TriggerPoint, side: Side) -> list[str]:
    """Plates that show the site or some of its zones, the most telling first.

    A plate that shows the X beats one that doesn't; then the one with more of the pattern wins.
    """
    values = zone_values(body, (*point.essential, *point.spillover), side)
    scored = []
    for order, plate in enumerate(body.plates.values()):
        shown = sum(plate.faces_viewer(position(point, one)) for one in sides_of(side))
        extents = plate.regions.extents
        cells = sum(extents[value].cells for value in values if value in extents)
        if shown or cells:
            scored.append((-shown, -cells, order, plate.id))
    return [plate_id for *_, plate_id in sorted(scored)]


def plates_for_region(body: Body, region: str, side: Side) -> list[str]:
    """Plates that show a pain region, the one with most of it first."""
    values = body.region_values(region, sides_of(side))
    scored = []
    for order, plate in enumerate(body.plates.values()):
        extents = plate.regions.extents
        cells = sum(extents[value].cells for value in values if value in extents)
        if cells:
            scored.append((-cells, order, plate.id))
    return [plate_id for *_, plate_id in sorted(scored)]


def plates_for_muscle(body: Body, muscle: Muscle, side: Side) -> list[str]:
    """Plates by how many of the muscle's points face the viewer, then by its silhouette."""
    ids = [s.id for s in structures_of(body, muscle, side)]
    scored = []
    for order, plate in enumerate(body.plates.values()):
        shown = sum(ring_area(ring) for one in ids for ring in plate.outlines.rings(one))
        facing = len(marks(plate, muscle, side, None))
        scored.append((-facing, -shown, order, plate.id))
    return [plate_id for *_, plate_id in sorted(scored)]


def ring_area(ring: np.ndarray) -> float:
    """Area of a closed ring (N, 2), by the shoelace formula."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0)

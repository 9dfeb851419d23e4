"""Where the things of the dataset are on the computed body. Joins the two; knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from triggermap.body.hit import Mark
from triggermap.body.landmarks import LANDMARKS
from triggermap.body.plates import OVERLAYS, WHOLE, Body, Plate, Structure
from triggermap.body.shapes import Line
from triggermap.errors import TriggermapError
from triggermap.state import HAZARDS, Side, State

if TYPE_CHECKING:
    # For types alone: the stage is clickable before pydantic is loaded.
    from triggermap.dataset.models import Muscle, Stroke, TriggerPoint, Zone

OTHER = {"left": "right", "right": "left"}

# What can lie over a plate. One that a plate has nothing of is simply not seen there.
SHOWABLE = tuple(sorted((*OVERLAYS, LANDMARKS, HAZARDS)))

# A list of plates is for choosing from: no longer than this.
MOST_PLATES = 6
# A view of the whole body without the mark is named if it shows this share of what the best plate shows.
_FAINT = 0.1
# A plate of a part of the body is named if it shows this share of what the best of its kind shows.
_WELL = 0.5
# Without any mark, the parts go before the whole body where that shows less than this share.
_POORLY = 1 / 3

# How deep a layer lies, by its id; others, such as ``jaw``, lie deep. The skin stands apart: who looks at
# muscles wants the muscles of the next plate.
_DEPTHS = {"skin": -9, "superficial": 2, "intermediate": 3, "deep": 4, "bone": 5}


def check_view(body: Body, state: State) -> None:
    """Raise a sentence if a state names a plate, layer or structure that the body doesn't have."""
    if state.plate not in body.plates:
        raise TriggermapError(f"There is no plate '{state.plate}': choose one of {', '.join(body.plates)}.")
    layers = [layer.id for layer in body.plates[state.plate].layers]
    if state.layer not in layers:
        raise TriggermapError(f"There is no layer '{state.layer}': choose one of {', '.join(layers)}.")
    if state.structure and state.structure not in body.by_mesh:
        raise TriggermapError(f"There is no structure '{state.structure}' in the body.")
    for overlay in state.overlays:
        if overlay not in SHOWABLE:
            raise TriggermapError(f"There is no overlay '{overlay}': choose one of {', '.join(SHOWABLE)}.")


def nearest_layer(plate: Plate, layer: str) -> str:
    """The layer of a plate that has an id, or the one that lies at the nearest depth."""
    ids = [one.id for one in plate.layers]
    deep = _DEPTHS["deep"]
    wanted = _DEPTHS.get(layer, deep)
    return layer if layer in ids else min(ids, key=lambda one: abs(_DEPTHS.get(one, deep) - wanted))


def is_for(plate: Plate, side: Side) -> bool:
    """Whether a plate shows a side, or one of both; most plates show both."""
    return plate.side is None or side in (plate.side, "both")


def plate_for_side(body: Body, plate: Plate, side: Side) -> Plate:
    """The plate that shows a side as ``plate`` shows its own: its counterpart, or ``plate`` itself."""
    return plate if is_for(plate, side) else body.plates.get(plate.counterpart or "", plate)


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


def sides_with(point: TriggerPoint, side: Side) -> tuple[str, ...]:
    """The sides among those shown on which a trigger point is described."""
    return tuple(one for one in sides_of(side) if point.only in (None, one))


def marks(
    plate: Plate,
    muscle: Muscle,
    side: Side,
    selected: str | None,
    hazards: Mapping[str, tuple[str, bool]] | None = None,
) -> tuple[Mark, ...]:
    """The trigger points of a muscle that face the viewer of a plate.

    The selected point comes last, so that it is painted over its neighbours. ``hazards`` are, by point,
    the name of its gravest hazard and whether that can be life-threatening.
    """
    found = []
    none = ("", False)
    for point in muscle.trigger_points:
        for one in sides_with(point, side):
            at = position(point, one)
            if plate.faces_viewer(at):
                u, v = plate.project(at[None])[0]
                hazard, grave = (hazards or {}).get(point.id, none)
                chosen = point.id == selected
                found.append(Mark(point.id, one, point.label, float(u), float(v), chosen, hazard, grave))
    return tuple(sorted(found, key=lambda mark: mark.selected))


def felt_on(zone: Zone, side: Side) -> tuple[str, ...]:
    """The sides on which a zone is felt when the point is on ``side``."""
    if zone.side == "bilateral" or side == "both":
        return ("left", "right")
    return (OTHER[side],) if zone.side == "contralateral" else (side,)


def lines_of(strokes: tuple[Stroke, ...], sides: tuple[str, ...]) -> tuple[Line, ...]:
    """The lines of strokes that are written for the left, on the sides named."""
    return tuple(
        Line(stroke.width, tuple((x if side == "left" else -x, y, z) for x, y, z in stroke.corners))
        for side in sides
        for stroke in strokes
    )


def coarse_zones(point: TriggerPoint) -> tuple[tuple[Zone, ...], tuple[Zone, ...]]:
    """The essential and spillover zones that are drawn by their regions: no stroke draws them finer.

    Strokes are written for the point's own side, so zones on the other side stay as regions.
    """
    shape = point.shape
    return (
        _other_side(point.essential) if shape and shape.essential else point.essential,
        _other_side(point.spillover) if shape and shape.spillover else point.spillover,
    )


def _other_side(zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    return tuple(zone for zone in zones if zone.side != "ipsilateral")


def zone_values(body: Body, zones: tuple[Zone, ...], side: Side) -> list[int]:
    """Region-map values of zones when the point is on ``side``; deep regions have none."""
    values = [value for zone in zones for value in body.region_values(zone.region, felt_on(zone, side))]
    return list(dict.fromkeys(values))


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a plate shows of a thing: how many of its marks, and how much of it (any one unit)."""

    plate: Plate
    marks: int
    amount: float


def plates_for_point(body: Body, point: TriggerPoint, side: Side) -> list[str]:
    """Plates that show the site or some of its zones, the most telling first.

    A plate that shows the X beats one that doesn't; then the one with more of the pattern wins.
    """
    values = zone_values(body, (*point.essential, *point.spillover), side)
    sites = [position(point, one) for one in sides_with(point, side)]
    return _most_telling(
        _Sight(plate, sum(plate.faces_viewer(site) for site in sites), _skin_seen(plate, values))
        for plate in _plates_of(body, side)
    )


def plates_for_region(body: Body, region: str, side: Side) -> list[str]:
    """Plates that show a pain region, the one with most of it first."""
    values = body.region_values(region, sides_of(side))
    return _most_telling(_Sight(plate, 0, _skin_seen(plate, values)) for plate in _plates_of(body, side))


def plates_for_muscle(body: Body, muscle: Muscle, side: Side) -> list[str]:
    """Plates by how many of the muscle's points face the viewer, then by its silhouette.

    Of a structure that lies on the far side of the body, the silhouette counts for little.
    """
    structures = structures_of(body, muscle, side)
    return _most_telling(
        _Sight(plate, len(marks(plate, muscle, side, None)), sum(_size_seen(plate, s) for s in structures))
        for plate in _plates_of(body, side)
    )


def _plates_of(body: Body, side: Side) -> list[Plate]:
    """The plates for a side; for both sides, one plate stands for itself and its counterpart."""
    found: dict[str, Plate] = {}
    for plate in body.plates.values():
        if is_for(plate, side) and plate.counterpart not in found:
            found[plate.id] = plate
    return list(found.values())


def _skin_seen(plate: Plate, values: list[int]) -> int:
    """How much skin of some regions is seen on a plate, in dots of its stipple."""
    counts = plate.dot_counts
    return sum(int(counts[value]) for value in values if value < len(counts))


def _size_seen(plate: Plate, structure: Structure) -> float:
    """The area of a silhouette in mm2, or a hundredth of it for what lies on the far side."""
    area = sum(ring_area(ring) for ring in plate.outlines.rings(structure.id))
    if not area or structure.centre is None or plate.on_near_side(np.array(structure.centre)):
        return area
    return area / 100.0


def _most_telling(sights: Iterable[_Sight]) -> list[str]:
    """The plates worth a look: views of the whole body, then the parts of it that show the thing well.

    The parts come first where no view of the whole body shows it: the pelvic floor, the sole.
    """
    seen = [sight for sight in sights if sight.marks or sight.amount]
    seen.sort(key=lambda sight: (-sight.marks, -sight.amount))  # stable: equal ones in the body's order
    peak = max((sight.amount for sight in seen), default=0.0)
    whole = [s for s in seen if s.plate.group == WHOLE and (s.marks or s.amount >= _FAINT * peak)]
    marked = any(sight.marks for sight in seen)
    parts = [s for s in seen if s.plate.group != WHOLE and bool(s.marks) == marked]
    most = max((sight.amount for sight in parts), default=0.0)
    parts = [s for s in parts if s.amount >= _WELL * most]
    if not whole or (parts and _is_poor(whole[0], marked, peak)):
        ordered = [*parts, *whole]
    else:
        ordered = [*whole, *parts]
    # Some of a pattern may be seen from elsewhere alone: the sole, where the X is on the calf.
    others = [s for s in seen if s.plate.group != WHOLE and not s.marks and s.amount > _WELL * peak]
    shown = max((sight.amount for sight in ordered[:MOST_PLATES]), default=0.0)
    better = max(others, key=lambda sight: sight.amount, default=None)
    if marked and better is not None and better.amount > shown:
        ordered.insert(min(1, len(ordered)), better)
    return [sight.plate.id for sight in ordered[:MOST_PLATES]]


def _is_poor(best: _Sight, marked: bool, peak: float) -> bool:
    return not best.marks if marked else best.amount < _POORLY * peak


def ring_area(ring: np.ndarray) -> float:
    """Area of a closed ring (N, 2), by the shoelace formula."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0)

"""From the session to what the stage paints: a frozen description, made without painting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from triggermap import placing
from triggermap.body.hit import Mark
from triggermap.body.plates import Plate, Structure
from triggermap.body.shapes import Line
from triggermap.safety.general import general_applies
from triggermap.safety.hazards import LIFE_THREATENING, cautions
from triggermap.session import Session

if TYPE_CHECKING:
    from triggermap.dataset.models import Muscle, Region, Zone

# A muscle of which less than this share lies open is shown through what covers it.
OPEN_SHARE = 0.7
# What a mark says while safety data can't be read.
NOT_AVAILABLE = "Pneumothorax not ruled out: safety data is not available"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A deep region where it is marked on the plate (plate mm): part of a pattern, or chosen itself."""

    name: str
    icon: str
    u: float
    v: float
    essential: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the stage shows. Two equal scenes look the same."""

    plate: str
    layer: str
    selected: tuple[int, ...] = ()
    ghosts: tuple[int, ...] = ()
    far: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    essential: tuple[int, ...] = ()
    spillover: tuple[int, ...] = ()
    essential_lines: tuple[Line, ...] = ()
    spillover_lines: tuple[Line, ...] = ()
    own: tuple[int, ...] = ()
    """All regions of the pattern: strokes end where they do."""
    anchors: tuple[Anchor, ...] = ()
    region: tuple[int, ...] = ()
    region_anchors: tuple[Anchor, ...] = ()
    labels: bool = False
    overlays: tuple[str, ...] = ()

    @property
    def has_pattern(self) -> bool:
        """True while a referral pattern is on show."""
        lines = self.essential_lines or self.spillover_lines
        return bool(self.essential or self.spillover or lines or self.anchors)


def scene_of(session: Session) -> Scene:
    """What the stage has to show for the session's state."""
    body, state, plate = session.body, session.state, session.plate
    assert body is not None
    assert plate is not None
    scene = Scene(state.plate, state.layer, labels=state.labels, overlays=state.overlays)
    if session.region is not None:
        sides = placing.sides_of(state.side)
        values = body.region_values(session.region.id, sides)
        anchors = _anchors_of(session.region, plate, sides, True)
        return replace(scene, region=tuple(values), region_anchors=tuple(anchors))
    ids: tuple[int, ...]
    if session.structure is not None:
        ids = (session.structure.id,)
        far = _far(plate, (session.structure,))
        return replace(scene, selected=ids, ghosts=_covered(plate, state.layer, ids), far=far)
    muscle = session.muscle
    if muscle is None:
        return scene
    point = session.point
    structures = placing.structures_of(body, muscle, state.side, point.part if point else None)
    ids = tuple(structure.id for structure in structures)
    scene = replace(
        scene,
        selected=ids,
        ghosts=_covered(plate, state.layer, ids),
        far=_far(plate, structures),
        marks=placing.marks(plate, muscle, state.side, state.point, hazards_of(session, muscle)),
    )
    if point is None:
        return scene
    essential, spillover = placing.coarse_zones(point)
    if point.shape is not None:
        sides = placing.sides_of(state.side)
        own = placing.zone_values(body, (*point.essential, *point.spillover), state.side)
        scene = replace(
            scene,
            essential_lines=placing.lines_of(point.shape.essential, sides),
            spillover_lines=placing.lines_of(point.shape.spillover, sides),
            own=tuple(own),
        )
    return replace(
        scene,
        essential=tuple(placing.zone_values(body, essential, state.side)),
        spillover=tuple(placing.zone_values(body, spillover, state.side)),
        anchors=(
            *_anchors(session, plate, point.essential, True),
            *_anchors(session, plate, point.spillover, False),
        ),
    )


def hazards_of(session: Session, muscle: Muscle) -> dict[str, tuple[str, bool]]:
    """By point: the name of its gravest hazard, and whether any there can be life-threatening.

    While safety data can't be read, each point that may lie over the lung counts as if it did.
    """
    found = {}
    for point in muscle.trigger_points:
        noted = cautions(session.dataset, muscle, point.id) if session.dataset is not None else ()
        name = noted[0].hazard.name if noted else ""
        grave = any(caution.note.severity == LIFE_THREATENING for caution in noted)
        if session.faults and not grave and general_applies(muscle, point):
            name, grave = NOT_AVAILABLE, True
        if name:
            found[point.id] = (name, grave)
    return found


def _far(plate: Plate, structures: Sequence[Structure]) -> tuple[int, ...]:
    """The structures on the side of the body that the viewer doesn't face: shown fainter."""
    return tuple(
        s.id for s in structures if s.centre is not None and not plate.on_near_side(np.array(s.centre))
    )


def _covered(plate: Plate, layer: str, ids: tuple[int, ...]) -> tuple[int, ...]:
    """The structures that something hides on this layer, wholly or in good part."""
    counts = plate.id_map(layer).counts
    cell = plate.mm_per_px**2
    hidden = []
    for structure in ids:
        silhouette = sum(placing.ring_area(ring) for ring in plate.outlines.rings(structure))
        shown = counts[structure] * cell if structure < len(counts) else 0.0
        if silhouette and shown < OPEN_SHARE * silhouette:
            hidden.append(structure)
    return tuple(hidden)


def _anchors(session: Session, plate: Plate, zones: tuple[Zone, ...], essential: bool) -> list[Anchor]:
    found = []
    for zone in zones:
        region = session.regions.get(zone.region)
        if region is not None:
            sides = placing.felt_on(zone, session.state.side)
            found += _anchors_of(region, plate, sides, essential)
    return found


def _anchors_of(region: Region, plate: Plate, sides: Sequence[str], essential: bool) -> list[Anchor]:
    """A deep region's anchors on the sides named, where the viewer faces them; none for an area of skin."""
    if region.anchor is None or region.icon is None:
        return []
    x, y, z = region.anchor
    found = []
    for side in sides if region.paired else ("left",):
        at = np.array([x if side == "left" else -x, y, z])
        if plate.faces_viewer(at):
            u, v = plate.project(at[None])[0]
            found.append(Anchor(region.name, region.icon, float(u), float(v), essential))
    return found

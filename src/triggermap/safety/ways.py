"""What lies on the way of a needle to a trigger point and beyond it, on the reference body.

Computed from the peel stacks, so it holds for the bundled points and for a user's own alike. A way is a
straight line through the site: along the normal of the skin that is nearest (or from the side that the
site names as its approach), and slanted on a cone about it. It begins at the skin and goes on for
:data:`BEYOND_MM` behind the site. Bone is listed where it is met and never ends a way: to trust the rib
is the fallacy of the bracketing cases. What isn't met is not thereby absent: the model lacks nerves and
vessels, and anatomy varies. How near a nerve or vessel comes is measured from the straight way to its
centre line, and over the gap of the neck vessels to the bridge that the platemaker lays.

What is found for the bundled points is computed once, into ``assets/body/ways.json``
(:mod:`triggermap.safety.stored`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triggermap.body import probe
from triggermap.body.lines import load_lines
from triggermap.body.plates import Body, Structure
from triggermap.body.stacks import Stack
from triggermap.dataset.meshes import OUTWARDS, cone
from triggermap.dataset.models import Position
from triggermap.errors import TriggermapError

BEYOND_MM = 60.0
CONE_DEGREES = 30.0
_RINGS = ((CONE_DEGREES / 2, 6), (CONE_DEGREES, 12))
STEP_MM = 2.0
LONGEST_WAY = 2.5
"""A slanted way that is so many times as long as the straight one to the skin is none."""
SHORTEST_LIMIT_MM = 40.0
FARTHEST_SKIN_MM = 200.0
CAVEAT = (
    "Computed on one reference body. A hazard that is not named here is not thereby absent: the model lacks"
    " nerves and vessels, and anatomy varies."
)
LUNG = "computed/lung_zone"
SYSTEMS = ("computed", "organs", "nerves", "arteries", "veins", "skeleton")

NEAR_MM = 10.0
BRIDGED_NEAR_MM = 20.0
"""How near a centre line counts as near, and how near a bridge does: that is a guess."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Met:
    """A structure on some way: ``straight`` if the untilted way meets it."""

    structure: Structure
    straight: bool
    ways: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A nerve or vessel whose centre line comes within ``distance`` mm of the straight way.

    ``bridged``: the body has a gap there, and the distance is to the bridge.
    """

    structure: Structure
    distance: float
    bridged: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the body shows at a site on one side: met on its ways, and near the straight one."""

    met: tuple[Met, ...]
    near: tuple[Passed, ...]

    @property
    def over_lung(self) -> bool:
        """Whether some way meets the extended lung zone."""
        return any(met.structure.mesh.startswith(LUNG) for met in self.met)

    def structures(self) -> dict[int, Structure]:
        """Everything named, by id."""
        found = [*(met.structure for met in self.met), *(near.structure for near in self.near)]
        return {structure.id: structure for structure in found}


class Surroundings:
    """Ways through one body."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._wanted = {s.id for s in body.structures.values() if s.system in SYSTEMS}
        self._skins = {s.id for s in body.structures.values() if s.system == "skin"}

    @cached_property
    def _stack(self) -> Stack:
        return probe.stack_of(self._body, "z")

    @cached_property
    def _surface(self) -> Vector:
        """Places on the skin (N, 3): where the rays of both stacks enter and leave it."""
        return np.concatenate([self._skin_of(probe.stack_of(self._body, axis)) for axis in ("z", "x")])

    def _skin_of(self, stack: Stack) -> Vector:
        cells = np.repeat(
            np.arange(len(stack.start) - 1), stack.start[1:].astype(int) - stack.start[:-1].astype(int)
        )
        mine = np.isin(stack.structure, list(self._skins))
        row, column = np.divmod(cells[mine], stack.shape[0])
        u = stack.origin[0] + (column + 0.5) * stack.step
        v = stack.origin[1] + (row + 0.5) * stack.step
        found = []
        for depth in (stack.entry[mine], stack.exit[mine]):
            away = stack.reference - depth.astype(np.float64) / 10.0
            columns = (u, v, away) if stack.axis == "z" else (away, v, -u)
            found.append(np.stack(columns, axis=1))
        return np.concatenate(found)

    def outward(self, position: Position, side: str) -> Vector:
        """The way out of the body: towards the nearest skin, or the side that the site names."""
        at = _on_side(np.array(position.at, float), side)
        if position.approach is not None:
            return _on_side(np.array(OUTWARDS[position.approach]), side)
        gap = self._surface - at
        way: Vector = gap[int(np.einsum("ij,ij->i", gap, gap).argmin())]
        length = float(np.linalg.norm(way))
        # A site on the very skin has no way out of it: then straight from the middle of the body.
        return way / length if length > 1e-6 else np.array([math.copysign(1.0, at[0]), 0.0, 0.0])

    def straight(self, position: Position, side: str) -> tuple[Vector, Vector]:
        """Where the straight way begins at the skin and where it ends behind the site (body mm)."""
        at = _on_side(np.array(position.at, float), side)
        way = -self.outward(position, side)
        _, length = self._to_skin(at, way, FARTHEST_SKIN_MM)
        return at - length * way, at + BEYOND_MM * way

    def found(self, position: Position, side: str) -> Found:
        """The structures on the ways to a site and beyond it, those of the straight way first."""
        at = _on_side(np.array(position.at, float), side)
        counts: dict[int, int] = {}
        straight: set[int] = set()
        limit = FARTHEST_SKIN_MM
        for number, way in enumerate(cone(-self.outward(position, side), _RINGS)):
            outside, length = self._to_skin(at, way, limit)
            if number == 0:
                limit = max(LONGEST_WAY * length, SHORTEST_LIMIT_MM)
            elif length >= limit:
                continue  # it runs along under the skin, from the chin down the neck, say
            seen = outside | self._beyond(at, way)
            for structure in seen:
                counts[structure] = counts.get(structure, 0) + 1
            if number == 0:
                straight = seen
        met = (Met(self._body.structures[n], n in straight, count) for n, count in counts.items())
        ordered = sorted(met, key=lambda m: (not m.straight, -m.ways, m.structure.mesh))
        return Found(tuple(ordered), self._near(*self.straight(position, side)))

    def _near(self, start: Vector, end: Vector) -> tuple[Passed, ...]:
        """The nerves and vessels near a straight way (body mm)."""
        if self._body.lines is None:
            raise TriggermapError(
                f"{self._body.folder / 'manifest.json'} lists no centre lines of nerves and vessels:"
                " run 'make plates'."
            )
        lines = load_lines(self._body.lines)
        return tuple(
            Passed(self._body.structures[near.structure], near.distance, near.bridged)
            for near in lines.near(start, end, NEAR_MM, BRIDGED_NEAR_MM)
        )

    def _beyond(self, at: Vector, way: Vector) -> set[int]:
        """Ids of the wanted structures from a site to :data:`BEYOND_MM` behind it."""
        found: set[int] = set()
        for distance in np.arange(0.0, BEYOND_MM + STEP_MM / 2, STEP_MM):
            found |= self._here(at + distance * way)[0]
        return found

    def _to_skin(self, at: Vector, way: Vector, limit: float) -> tuple[set[int], float]:
        """Ids of the wanted structures between a site and the skin, and how far the skin is, or ``limit``."""
        found: set[int] = set()
        for distance in np.arange(STEP_MM, limit, STEP_MM):
            structures, in_skin = self._here(at - distance * way)
            if not in_skin:
                return found, float(distance)
            found |= structures
        return found, limit

    def _here(self, place: Vector) -> tuple[set[int], bool]:
        """The wanted structures at a place, and whether it is in the body."""
        depth = self._stack.reference - float(place[2])
        inside = False
        found = set()
        for entry in self._stack.at(float(place[0]), float(place[1])):
            if entry.entry <= depth <= entry.exit:
                if entry.structure in self._skins:
                    inside = True
                elif entry.structure in self._wanted:
                    found.add(entry.structure)
        return found, inside


def _on_side(vector: Vector, side: str) -> Vector:
    return vector * ((1.0, 1.0, 1.0) if side == "left" else (-1.0, 1.0, 1.0))

"""From where it hurts, or from a condition, to the muscles: ranked, in a stable order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from triggermap.dataset.models import Dataset, Evidence, Muscle, TriggerPoint, Zone

ESSENTIAL_WEIGHT = 1.0
SPILLOVER_WEIGHT = 0.35

_STRONGEST_FIRST = tuple(Evidence)


@dataclass(frozen=True, slots=True)
class PointMatch:
    """A trigger point whose pattern touches the wanted regions."""

    muscle: str
    point: str
    label: str
    name: str
    kind: Literal["essential", "spillover"]
    sides: tuple[str, ...]
    """Where the pain lies, seen from the point: ipsilateral, contralateral, bilateral."""
    regions: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class MuscleMatch:
    """A muscle with its points that refer to the wanted regions, the likeliest first."""

    muscle: str
    name: str
    kind: Literal["essential", "spillover"]
    score: float
    points: tuple[PointMatch, ...]


@dataclass(frozen=True, slots=True)
class ConditionMatch:
    """A muscle that is linked to a condition, and on what evidence."""

    muscle: str
    name: str
    evidence: Evidence
    text: str
    references: tuple[str, ...]


def muscles_for_regions(dataset: Dataset, regions: Collection[str]) -> tuple[MuscleMatch, ...]:
    """Rank the muscles whose patterns touch ``regions``.

    An essential zone always beats spillover. Within a kind, what explains more of the regions comes
    first, then the pattern of which they are the larger share, then the name.
    """
    wanted = frozenset(regions)
    matches = (_muscle_match(muscle, wanted) for muscle in dataset.muscles)
    return tuple(sorted((match for match in matches if match), key=_muscle_order))


def muscles_by_region(dataset: Dataset) -> dict[str, tuple[MuscleMatch, ...]]:
    """Rank the muscles of every region that a pattern touches, in one go."""
    touching: dict[str, list[Muscle]] = {}
    for muscle in dataset.muscles:
        zones = (zone for point in muscle.trigger_points for zone in (*point.essential, *point.spillover))
        for region in dict.fromkeys(zone.region for zone in zones):
            touching.setdefault(region, []).append(muscle)
    return {
        region: tuple(
            sorted(
                (match for muscle in muscles if (match := _muscle_match(muscle, frozenset((region,))))),
                key=_muscle_order,
            )
        )
        for region, muscles in touching.items()
    }


def points_for_regions(dataset: Dataset, regions: Collection[str]) -> tuple[PointMatch, ...]:
    """Rank the trigger points whose patterns touch ``regions``, as :func:`muscles_for_regions` does."""
    matches = muscles_for_regions(dataset, regions)
    return tuple(sorted((point for match in matches for point in match.points), key=_point_order))


def muscles_for_condition(dataset: Dataset, condition: str) -> tuple[ConditionMatch, ...]:
    """List the muscles linked to a condition, the best evidence first."""
    matches = (
        ConditionMatch(muscle.id, muscle.name, link.evidence, link.text, link.references)
        for muscle in dataset.muscles
        for link in muscle.conditions
        if link.condition == condition
    )
    return tuple(
        sorted(matches, key=lambda match: (_STRONGEST_FIRST.index(match.evidence), match.name.casefold()))
    )


def regions_of_group(dataset: Dataset, group: str) -> tuple[str, ...]:
    """Ids of the regions in a group or in a group within it, in file order."""
    parents = {item.id: item.parent for item in dataset.region_groups}

    def inside(at: str | None) -> bool:
        for _ in range(len(parents) + 1):  # bounded: a user's file may hold a circle
            if at is None or at == group:
                return at == group
            at = parents.get(at)
        return False

    return tuple(region.id for region in dataset.regions if inside(region.group))


def _muscle_match(muscle: Muscle, wanted: frozenset[str]) -> MuscleMatch | None:
    found = [match for point in muscle.trigger_points if (match := _point_match(muscle, point, wanted))]
    if not found:
        return None
    found.sort(key=_point_order)
    best = found[0]
    return MuscleMatch(muscle.id, muscle.name, best.kind, best.score, tuple(found))


def _point_match(muscle: Muscle, point: TriggerPoint, wanted: frozenset[str]) -> PointMatch | None:
    essential = [zone for zone in point.essential if zone.region in wanted]
    spillover = [zone for zone in point.spillover if zone.region in wanted]
    if not essential and not spillover:
        return None
    hit = _weight(essential, spillover)
    # Coverage of the complaint counts most; the share of the pattern breaks ties.
    score = hit / len(wanted) + 0.1 * hit / _weight(point.essential, point.spillover)
    zones = [*essential, *spillover]
    return PointMatch(
        muscle=muscle.id,
        point=point.id,
        label=point.label,
        name=point.name,
        kind="essential" if essential else "spillover",
        sides=tuple(dict.fromkeys(zone.side for zone in zones)),
        regions=tuple(dict.fromkeys(zone.region for zone in zones)),
        score=round(score, 4),
    )


def _weight(essential: Iterable[Zone], spillover: Iterable[Zone]) -> float:
    first = len({zone.region for zone in essential})
    second = len({zone.region for zone in spillover})
    return ESSENTIAL_WEIGHT * first + SPILLOVER_WEIGHT * second


def _muscle_order(match: MuscleMatch) -> tuple[bool, float, str, str]:
    return match.kind != "essential", -match.score, match.name.casefold(), match.muscle


def _point_order(match: PointMatch) -> tuple[bool, float, str, str]:
    return match.kind != "essential", -match.score, match.muscle, match.label

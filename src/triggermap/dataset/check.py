"""Everything that ``triggermap check`` says of a data folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from triggermap.dataset.loader import Reading, read
from triggermap.dataset.meshes import BodyMeshes, lies_under, mirrored, near_own_mesh
from triggermap.dataset.models import Dataset, Muscle
from triggermap.dataset.rules import (
    Finding,
    editorial,
    icons_drawn,
    mesh_on_the_right,
    meshes_exist,
    references_unused,
    sourced,
)
from triggermap.errors import Problem, TriggermapError

WHOLE_DATASET = 100
"""From so many muscles on a dataset is taken to describe the whole body."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is. Trigger points count once, on the left; regions on both sides."""

    muscles: int
    trigger_points: int
    patterns: int
    conditions: int
    regions: int
    references: int
    muscles_with_points: int
    claims: int
    unopened_claims: int
    unsourced_claims: int

    def words(self) -> Iterator[str]:
        """Yield a line for each count."""
        for name, number in asdict(self).items():
            share = (
                f" ({number / self.claims:.1%} of claims)"
                if name.endswith("ed_claims") and self.claims
                else ""
            )
            yield f"{number:>6} {name.replace('_', ' ')}{share}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted, what is wrong, and what is worth knowing though it isn't wrong."""

    counts: Counts
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    def as_json(self, problems: Iterable[Problem] | None = None) -> dict[str, Any]:
        """Return plain values, with the keys that the command line promises.

        ``problems`` replaces the report's own where more than the dataset was checked.
        """
        listed = [
            {"file": item.file, "line": item.line, "message": item.message, "hint": item.hint}
            for item in (self.problems if problems is None else problems)
        ]
        return {**asdict(self.counts), "problems": listed}


Rule = Callable[[Dataset], Iterable[Finding]]


def check(
    data: Path, *, assets: Path | None = None, body: Path | None = None, more: Iterable[Rule] = ()
) -> Report:
    """Read the dataset in ``data`` and hold it against all rules.

    ``assets`` holds the icons and the computed body, whose manifest lists the meshes; ``body`` the
    meshes themselves. What is absent isn't checked, and a note says so. ``more`` are rules that need
    what this package doesn't know.
    """
    reading = read(data)
    dataset = reading.dataset
    findings = list(editorial(dataset))
    notes: list[str] = []
    if not reading.problems:
        findings += [finding for rule in more for finding in rule(dataset)]
    else:
        notes.append("the data has faults of form: sites, strokes and safety were not held against the body")
    meshes = BodyMeshes(body) if body is not None else None
    if meshes is not None:
        findings += [*near_own_mesh(dataset, meshes), *lies_under(dataset, meshes)]
    else:
        notes.append("the body's meshes are not here: distances of positions were not checked")
    manifest = body_manifest(assets)
    names = manifest.meshes if manifest else meshes.ids() if meshes is not None else None
    if names is not None:
        findings += meshes_exist(dataset, names)
    else:
        notes.append("neither a manifest nor the body is here: mesh ids were not checked")
    if manifest is not None:
        findings += [
            *right_side_exists(dataset, manifest),
            *regions_are_drawn(dataset, manifest),
            *muscles_described(dataset, manifest),
        ]
    icons = assets / "icons" if assets is not None else None
    if icons is not None and icons.is_dir():
        findings += icons_drawn(dataset, frozenset(path.stem for path in icons.glob("*.svg")))
    else:
        notes.append("the icons are not here: those of the deep regions were not checked")
    notes += [finding.message for finding in references_unused(dataset)]
    problems = (*_all_problems(reading, findings), *_unknown_regions(dataset, manifest))
    return Report(count(dataset), problems, tuple(notes))


def count(dataset: Dataset) -> Counts:
    """Count the dataset."""
    points = [point for muscle in dataset.muscles for point in muscle.trigger_points]
    claims = [claim for _, claim in sourced(dataset)]
    unopened = {reference.key for reference in dataset.references if not reference.opened}
    return Counts(
        muscles=len(dataset.muscles),
        trigger_points=len(points),
        patterns=sum(bool(point.essential or point.spillover) for point in points),
        conditions=len(dataset.conditions),
        regions=sum(2 if region.paired else 1 for region in dataset.regions),
        references=len(dataset.references),
        muscles_with_points=sum(bool(muscle.trigger_points) for muscle in dataset.muscles),
        claims=len(claims),
        unopened_claims=sum(
            bool(claim.references) and unopened.issuperset(claim.references) for claim in claims
        ),
        unsourced_claims=sum(claim.unsourced for claim in claims),
    )


@dataclass(frozen=True)
class BodyManifest:
    """What the manifest of the computed body says that a dataset is held against."""

    path: Path
    pairs: dict[str, str | None]  # mesh ids of all structures, each with that of its mirror
    regions: frozenset[tuple[str, str]]  # region ids with their sides

    @property
    def meshes(self) -> frozenset[str]:
        """Mesh ids of all structures."""
        return frozenset(self.pairs)


def body_manifest(assets: Path | None) -> BodyManifest | None:
    """Read the manifest of the computed body; None where there is no body."""
    path = assets / "body" / "manifest.json" if assets is not None else None
    if path is None or not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        meshes = {structure["id"]: structure["mesh"] for structure in manifest["structures"]}
        pairs = {entry["mesh"]: meshes.get(entry["pair"]) for entry in manifest["structures"]}
        regions = frozenset((entry["region"], entry["side"]) for entry in manifest["regions"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TriggermapError(f"The manifest {path} cannot be read: run 'make plates' again.") from error
    return BodyManifest(path, pairs, regions)


def right_side_exists(dataset: Dataset, body: BodyManifest) -> Iterator[Finding]:
    """Every muscle has structures, and what has a side has its mirror, or its right is never shown."""
    for row, muscle in enumerate(dataset.muscles):
        meshes = muscle.all_meshes()
        if not meshes and not _lies_on_another(muscle):
            yield Finding(
                ("muscles", row, "meshes"),
                f"'{muscle.id}' has no mesh, so no plate shows it",
                "Name its meshes, or those of its parts",
            )
        for mesh in meshes:
            if mesh in body.pairs and body.pairs[mesh] is None and mirrored(mesh) != mesh:
                yield Finding(
                    ("muscles", row, "meshes"),
                    f"the body has no mirror of the mesh '{mesh}'",
                    "Run 'make plates' again, or name another mesh",
                )


def _lies_on_another(muscle: Muscle) -> bool:
    """Whether a muscle that the body lacks says of each site on what else it lies: sternalis, say."""
    rules = [point.position.rule for point in muscle.trigger_points]
    return any(re.search(r"\bbody has no\b", rule) for rule in rules)


def muscles_described(dataset: Dataset, body: BodyManifest) -> Iterator[Finding]:
    """Each muscle of the body belongs to one entry, so that every click on it tells something."""
    owners: dict[str, str] = {}
    for row, muscle in enumerate(dataset.muscles):
        for mesh in muscle.all_meshes():
            if mesh in owners:
                yield Finding(
                    ("muscles", row, "meshes"),
                    f"the mesh '{mesh}' belongs to '{owners[mesh]}' already",
                    "List it with one muscle, or one part, alone",
                )
            owners.setdefault(mesh, muscle.id)
    if len(dataset.muscles) < WHOLE_DATASET:
        return  # a user's own small file describes some muscles, not the body
    for mesh in sorted(body.pairs):
        if mesh.startswith("muscles/") and not mesh_on_the_right(mesh) and mesh not in owners:
            yield Finding(
                ("muscles",), f"no muscle lists the mesh '{mesh}'", "Describe it, without points if need be"
            )


def regions_are_drawn(dataset: Dataset, body: BodyManifest) -> Iterator[Finding]:
    """Every region with an area of skin has its place on the computed body, on each of its sides."""
    for index, region in enumerate(dataset.regions):
        if region.deep:
            continue
        for side in ("left", "right") if region.paired else ("mid",):
            if (region.id, side) not in body.regions:
                yield Finding(
                    ("regions", index, "id"),
                    f"the computed body has no region '{region.id}' ({side})",
                    "Run 'make plates' again",
                )


def _unknown_regions(dataset: Dataset, body: BodyManifest | None) -> Iterator[Problem]:
    """Regions of the computed body that the dataset doesn't know: nobody could name them."""
    if body is None:
        return
    known = {region.id for region in dataset.regions if not region.deep}
    for region in sorted({region for region, _ in body.regions} - known):
        yield Problem(str(body.path), 0, f"the dataset has no region '{region}'", "Run 'make plates' again")


def _all_problems(reading: Reading, findings: list[Finding]) -> tuple[Problem, ...]:
    problems = reading.problems + [reading.problem(finding) for finding in findings]
    files = list(dict.fromkeys(problem.file for problem in problems))
    return tuple(
        sorted(dict.fromkeys(problems), key=lambda problem: (files.index(problem.file), problem.line))
    )

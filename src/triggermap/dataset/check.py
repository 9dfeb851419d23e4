"""Everything that ``triggermap check`` says of a data folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from triggermap.dataset.loader import Reading, read
from triggermap.dataset.meshes import BodyMeshes, near_own_mesh
from triggermap.dataset.models import Dataset
from triggermap.dataset.rules import Finding, editorial, meshes_exist, references_unused, sourced
from triggermap.errors import Problem, TriggermapError


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


def check(data: Path, *, assets: Path | None = None, body: Path | None = None) -> Report:
    """Read the dataset in ``data`` and hold it against all rules.

    ``assets`` holds the computed body, whose manifest lists the meshes; ``body`` the meshes
    themselves. What is absent isn't checked, and a note says so.
    """
    reading = read(data)
    dataset = reading.dataset
    findings = list(editorial(dataset))
    notes: list[str] = []
    meshes = BodyMeshes(body) if body is not None else None
    if meshes is not None:
        findings += near_own_mesh(dataset, meshes)
    else:
        notes.append("the body's meshes are not here: distances of positions were not checked")
    names = known_meshes(assets) or (meshes.ids() if meshes is not None else None)
    if names is not None:
        findings += meshes_exist(dataset, names)
    else:
        notes.append("neither a manifest nor the body is here: mesh ids were not checked")
    notes += [finding.message for finding in references_unused(dataset)]
    return Report(count(dataset), _all_problems(reading, findings), tuple(notes))


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


def known_meshes(assets: Path | None) -> frozenset[str] | None:
    """Mesh ids of the structures in the computed body's manifest, or None without a manifest."""
    path = assets / "body" / "manifest.json" if assets is not None else None
    if path is None or not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(structure["mesh"] for structure in manifest["structures"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TriggermapError(f"The manifest {path} cannot be read: run 'make plates' again.") from error


def _all_problems(reading: Reading, findings: list[Finding]) -> tuple[Problem, ...]:
    problems = reading.problems + [reading.problem(finding) for finding in findings]
    files = list(dict.fromkeys(problem.file for problem in problems))
    return tuple(
        sorted(dict.fromkeys(problems), key=lambda problem: (files.index(problem.file), problem.line))
    )

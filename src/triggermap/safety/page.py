"""``docs/safety.md``: what the body shows and what is written, one row a trigger point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from triggermap.body.stems import matches
from triggermap.dataset.dossier import NOT_DOCUMENTED, NOTICE
from triggermap.dataset.models import Dataset
from triggermap.safety.report import PointReport, to_be_said
from triggermap.safety.ways import BEYOND_MM, BRIDGED_NEAR_MM, CAVEAT, CONE_DEGREES, NEAR_MM

_HEAD = f"""# What lies on the way to every trigger point

Written by `triggermap safety --markdown`; do not edit. {CAVEAT} {NOTICE}

A way runs from the skin through the site and {BEYOND_MM:.0f} mm beyond it, straight and on a cone of
{CONE_DEGREES:.0f} degrees about that.

- *Met*: organs and the spinal canal on any way, in brackets where only a slanted one meets them.
- *Near*: nerves and vessels whose centre line comes within {NEAR_MM:.0f} mm of the straight way; within
  {BRIDGED_NEAR_MM:.0f} mm, and marked ~, where the body has a gap and a bridge stands for the vessel.
- *Written*: the hazards of the notes. *Answered*: the numbers of the reasons below, for what has no note.
- L or R: the left or the right side alone shows it. Bone is met on most ways and ends none.

| trigger point | lung zone | met | near | written | answered |
|---|---|---|---|---|---|
"""


def page(dataset: Dataset, reports: Iterable[PointReport]) -> str:
    """The page as Markdown."""
    by_point: dict[str, list[PointReport]] = {}
    for report in reports:
        by_point.setdefault(report.point, []).append(report)
    rows = "".join(_row(dataset, found) for found in by_point.values())
    reasons = "".join(f"{number}. {answer.reason}\n" for number, answer in enumerate(dataset.answers, 1))
    return f"{_HEAD}{rows}\n## Reasons\n\n{reasons}"


def _row(dataset: Dataset, found: Sequence[PointReport]) -> str:
    first = found[0]
    lung = sorted(report.side[0].upper() for report in found if report.over_lung)
    over = "" if not lung else "yes" if len(lung) == len(found) else lung[0]
    met = _names(found, _met)
    near = _names(found, _near)
    cells = (
        f"`{first.point}`",
        over,
        ", ".join(met),
        ", ".join(near),
        ", ".join(first.hazards) or NOT_DOCUMENTED,
        ", ".join(_answers(dataset, found)),
    )
    return f"| {' | '.join(cells)} |\n"


def _met(report: PointReport) -> Iterator[str]:
    for met in report.found.met:
        mesh = met.structure.mesh
        if mesh.startswith("organs/") or "dura" in mesh or "cauda" in mesh:
            yield met.structure.label if met.straight else f"({met.structure.label})"


def _near(report: PointReport) -> Iterator[str]:
    for near in report.found.near:
        yield f"~{near.structure.label}" if near.bridged else near.structure.label


def _names(found: Sequence[PointReport], names: Callable[[PointReport], Iterator[str]]) -> list[str]:
    sides: dict[str, list[str]] = {}
    for report in found:
        for name in dict.fromkeys(names(report)):
            sides.setdefault(name, []).append(report.side[0].upper())
    return [name if len(on) == len(found) else f"{name} {on[0]}" for name, on in sides.items()]


def _answers(dataset: Dataset, found: Sequence[PointReport]) -> Iterator[str]:
    """The numbers of the answers for what is asked for and has no note."""
    first = found[0]
    noted = [hazard for hazard in dataset.hazards if hazard.id in first.hazards]
    asked = {
        name
        for report in found
        for name in to_be_said(report.found)
        if not any(matches(name, hazard.structures) for hazard in noted)
    }
    for number, answer in enumerate(dataset.answers, 1):
        if answer.holds_for(first.point) and any(matches(name, answer.structures) for name in asked):
            yield str(number)

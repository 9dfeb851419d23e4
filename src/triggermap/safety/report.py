"""The body and the written notes held against each other, point by point.

What lies on the way to a trigger point (:mod:`triggermap.safety.stored`) needs a note whose hazard is about
it, or an answer in ``data/answers.yaml``; the lung takes a note, nothing less. The other way round, a note
whose hazard the body doesn't show on any way says why it is written all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triggermap.body.plates import Body
from triggermap.body.stems import matches, stem
from triggermap.dataset.dossier import NOT_DOCUMENTED
from triggermap.dataset.models import PNEUMOTHORAX, Answer, Dataset, Muscle, TriggerPoint
from triggermap.dataset.rules import Finding
from triggermap.safety.hazards import Caution, cautions
from triggermap.safety.missing import MISSING
from triggermap.safety.stored import Ways, sides_of
from triggermap.safety.ways import LUNG, Found

_ORGANS = ("organs/", "nerves/spinal_dura", "nerves/cauda_equina")
_GREAT = (
    "arteries/*aorta",
    "arteries/*carotid_artery",
    "arteries/*iliac_artery",
    "arteries/axillary_artery",
    "arteries/brachiocephalic_artery",
    "arteries/subclavian_artery",
    "arteries/vertebral_artery",
    "nerves/*_of_brachial_plexus",
    "veins/*iliac_vein",
    "veins/*vena_cava",
    "veins/axillary_vein",
    "veins/brachiocephalic_vein",
    "veins/internal_jugular_vein",
    "veins/subclavian_vein",
)
"""Great vessels, and the plexus: asked for where any way meets them, like organs."""
_TRUNK_Y = (1040.0, 1480.0)  # mm: from the fourth lumbar vertebra to the base of the neck
_TRUNK_X = 200.0  # mm from the midline: chest, shoulder blade and the front of the shoulder


@dataclass(frozen=True, slots=True)
class PointReport:
    """What the body shows at one trigger point on one side, and what is written there."""

    muscle: str
    point: str
    side: str
    found: Found
    hazards: tuple[str, ...]
    open: tuple[str, ...]
    """Stems of structures that take a note or an answer and have neither."""

    @property
    def over_lung(self) -> bool:
        """Whether some way meets the extended lung zone."""
        return self.found.over_lung

    @property
    def unanswered(self) -> bool:
        """Whether the lung lies on a way and no note says so."""
        return self.over_lung and PNEUMOTHORAX not in self.hazards

    def as_json(self) -> dict[str, object]:
        """Plain values; structures by mesh id, in the order of what was found."""
        return {
            "muscle": self.muscle,
            "point": self.point,
            "side": self.side,
            "over_lung_zone": self.over_lung,
            "pneumothorax_note": PNEUMOTHORAX in self.hazards,
            "hazards_written": list(self.hazards),
            "open": list(self.open),
            "structures_met": [
                {
                    "mesh": met.structure.mesh,
                    "name": met.structure.title,
                    "system": met.structure.system,
                    "straight": met.straight,
                    "ways": met.ways,
                }
                for met in self.found.met
            ],
            "centre_lines_near": [
                {
                    "mesh": near.structure.mesh,
                    "name": near.structure.title,
                    "system": near.structure.system,
                    "mm_from_straight_way": near.distance,
                    "bridged": near.bridged,
                }
                for near in self.found.near
            ],
        }

    def lines(self) -> Iterator[str]:
        """Rows for a terminal: what is met, what comes near, and what is written."""
        lung = "over the lung zone" if self.over_lung else "lung zone not met"
        if self.unanswered:
            lung += ", NO PNEUMOTHORAX NOTE"
        yield f"{self.point} ({self.side}): {lung}; written: {', '.join(self.hazards) or NOT_DOCUMENTED}"
        met = [f"{m.structure.title}{'' if m.straight else ' (slanted)'}" for m in self.found.met]
        yield f"    met: {', '.join(dict.fromkeys(met)) or 'nothing that is named'}"
        if self.found.near:
            near = [f"{n.structure.title}{' (bridged)' if n.bridged else ''}" for n in self.found.near]
            yield f"    near the straight way: {', '.join(dict.fromkeys(near))}"
        if self.open:
            yield f"    NO NOTE AND NO ANSWER: {', '.join(self.open)}"


def reports(dataset: Dataset, ways: Ways) -> Iterator[PointReport]:
    """A report for each trigger point, on each side on which it is described."""
    for muscle in dataset.muscles:
        for point in muscle.trigger_points:
            yield from reports_of(dataset, ways, muscle, point)


def reports_of(dataset: Dataset, ways: Ways, muscle: Muscle, point: TriggerPoint) -> Iterator[PointReport]:
    """The reports of one trigger point."""
    noted = cautions(dataset, muscle, point.id)
    answers = [answer for answer in dataset.answers if answer.holds_for(point.id)]
    hazards = tuple(dict.fromkeys(caution.hazard.id for caution in noted))
    for side in sides_of(point):
        found = ways.of(point, side)
        unsaid = tuple(s for s in to_be_said(found) if not _said(s, noted, answers))
        yield PointReport(muscle.id, point.id, side, found, hazards, unsaid)


def to_be_said(found: Found) -> list[str]:
    """Stems of what takes a note or an answer.

    Organs, the canal, great vessels and the plexus on any way; others near the straight one.
    """
    met = [m.structure.mesh for m in found.met]
    grave = [mesh for mesh in met if mesh.startswith(_ORGANS) or matches(mesh, _GREAT)]
    return list(dict.fromkeys(stem(mesh) for mesh in (*grave, *(n.structure.mesh for n in found.near))))


def _said(name: str, noted: tuple[Caution, ...], answers: list[Answer]) -> bool:
    return any(matches(name, caution.hazard.structures) for caution in noted) or any(
        matches(name, answer.structures) for answer in answers
    )


# --- rules ---------------------------------------------------------------------------------------------


def problems(dataset: Dataset, body: Body) -> Iterator[Finding]:
    """Everything in which the notes and the body don't agree, walked anew where the points have moved."""
    ways = Ways(body)
    found = list(reports(dataset, ways))
    yield from structures_exist(dataset, body)
    yield from lung_noted(dataset, found)
    yield from all_said(dataset, found)
    yield from unseen_explained(dataset, found)
    yield from answers_needed(dataset, found)
    yield from trunk_answered(dataset)
    yield from missing_noted(dataset)


def structures_exist(dataset: Dataset, body: Body) -> Iterator[Finding]:
    """What hazards and answers are about is in the body; a hazard that shows nowhere says why."""
    meshes = [structure.mesh for structure in body.structures.values()]
    for name in ("hazards", "answers"):
        for row, item in enumerate(getattr(dataset, name)):
            for index, pattern in enumerate(item.structures):
                if not any(matches(mesh, (pattern,)) for mesh in meshes):
                    yield Finding(
                        (name, row, "structures", index),
                        f"the body has no structure '{pattern}'",
                        "Write a mesh id without side and number; * stands for any letters",
                    )
    for row, hazard in enumerate(dataset.hazards):
        if not hazard.structures and hazard.unseen is None:
            yield Finding(
                ("hazards", row, "id"),
                f"'{hazard.id}' names no structure of the body",
                "Add 'structures', or say in 'unseen' what the body lacks of it",
            )


def lung_noted(dataset: Dataset, found: list[PointReport]) -> Iterator[Finding]:
    """Every point over the extended lung zone, on either side, has a pneumothorax note."""
    places = _places(dataset)
    for report in found:
        if report.unanswered:
            yield Finding(
                (*places[report.point], "id"),
                f"the lung lies on a way to '{report.point}' ({report.side}),"
                " and no pneumothorax note covers it",
                "Add a note with its source; say so if it rests on anatomy alone",
            )


def all_said(dataset: Dataset, found: list[PointReport]) -> Iterator[Finding]:
    """What lies on the way or near it has a note or an answer."""
    places = _places(dataset)
    said: set[tuple[str, str]] = set()
    for report in found:
        for name in report.open:
            if (report.point, name) in said:
                continue
            said.add((report.point, name))
            yield Finding(
                (*places[report.point], "id"),
                f"'{name}' lies on or near the way to '{report.point}' ({report.side}), and nothing says so",
                "Add a note, or an answer with its reason to answers.yaml",
            )


def answers_needed(dataset: Dataset, found: list[PointReport]) -> Iterator[Finding]:
    """An answer names only points at which it answers something; one for all points answers somewhere.

    Else it stands there when the site has moved, and is believed. Whether the lung is asked for is
    another rule's concern.
    """
    asked: dict[str, set[str]] = {}
    for report in found:
        asked.setdefault(report.point, set()).update(to_be_said(report.found))
    for row, answer in enumerate(dataset.answers):
        if LUNG in answer.structures:
            continue

        def answers(point: str, answer: Answer = answer) -> bool:
            return any(matches(name, answer.structures) for name in asked.get(point, ()))

        for index, point in enumerate(answer.points):
            if not answers(point):
                yield Finding(
                    ("answers", row, "points", index),
                    f"nothing that '{answer.id}' is about lies on or near the way to '{point}'",
                    "Remove the point from this answer",
                )
        if not answer.points and not any(map(answers, asked)):
            yield Finding(
                ("answers", row, "id"),
                f"nothing that '{answer.id}' is about lies on or near the way to any point",
                "Remove this answer",
            )


def unseen_explained(dataset: Dataset, found: list[PointReport]) -> Iterator[Finding]:
    """A written hazard that the body doesn't show at any of its points says why, and only such a one."""
    hazards = {hazard.id: hazard for hazard in dataset.hazards}
    shown: dict[str, list[str]] = {}
    for report in found:
        meshes = [structure.mesh for structure in report.found.structures().values()]
        shown.setdefault(report.point, []).extend(meshes)
    for row, muscle in enumerate(dataset.muscles):
        for index, note in enumerate(muscle.safety):
            hazard = hazards[note.hazard]
            mine = [point.id for point in muscle.trigger_points if note.touches(point.id)]
            seen = any(matches(mesh, hazard.structures) for point in mine for mesh in shown.get(point, ()))
            path = ("muscles", row, "safety", index)
            if mine and not seen and note.unseen is None and hazard.unseen is None:
                yield Finding(
                    (*path, "hazard"),
                    f"the body shows no '{note.hazard}' on the way to {', '.join(mine)}",
                    "Say in 'unseen' why the note is written all the same, or correct the points",
                )
            if seen and note.unseen is not None:
                yield Finding(
                    (*path, "unseen"),
                    f"the body shows '{note.hazard}' on the way to {', '.join(mine)}",
                    "Remove 'unseen'",
                )


def trunk_answered(dataset: Dataset) -> Iterator[Finding]:
    """Every thoracic, neck-base and upper lumbar point has a pneumothorax note, or a reason why not.

    By place alone, whatever the body shows: this holds where a mesh ends too early.
    """
    for path, muscle, point in _points(dataset):
        x, y, _ = point.position.at
        if not (_TRUNK_Y[0] <= y <= _TRUNK_Y[1] and abs(x) <= _TRUNK_X):
            continue
        noted = any(c.hazard.id == PNEUMOTHORAX for c in cautions(dataset, muscle, point.id))
        answered = any(LUNG in answer.structures and point.id in answer.points for answer in dataset.answers)
        if not noted and not answered:
            yield Finding(
                (*path, "id"),
                f"'{point.id}' lies on the trunk and says nothing of the lung",
                f"Add a pneumothorax note, or an answer about {LUNG} that names this point",
            )


def missing_noted(dataset: Dataset) -> Iterator[Finding]:
    """Points by which a nerve runs that the body lacks have the note about it."""
    for path, muscle, point in _points(dataset):
        noted = {caution.hazard.id for caution in cautions(dataset, muscle, point.id)}
        for nerve in MISSING:
            if nerve.runs_by(point.position) and nerve.hazard not in noted:
                yield Finding(
                    (*path, "id"),
                    f"the {nerve.name} runs by '{point.id}', the body lacks it, and no note says so",
                    f"Add a note about '{nerve.hazard}'",
                )


def _points(dataset: Dataset) -> Iterator[tuple[tuple[str | int, ...], Muscle, TriggerPoint]]:
    for row, muscle in enumerate(dataset.muscles):
        for index, point in enumerate(muscle.trigger_points):
            yield ("muscles", row, "trigger_points", index), muscle, point


def _places(dataset: Dataset) -> dict[str, tuple[str | int, ...]]:
    return {point.id: path for path, _, point in _points(dataset)}

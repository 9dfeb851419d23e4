"""The shapes of everything in ``data/*.yaml``.

All models are frozen and refuse unknown keys, so a misspelt field is an error and not a lost fact.
Positions are body millimetres of the reference body: +x the subject's left, +y up, +z anterior.
They are written once, for the left side; the right side follows by mirroring in x = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=3, max_length=1200, strip_whitespace=True)]
MeshId = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9_.]+$", max_length=120)]
# Ids of the body's structures without side and number: arteries/axillary_artery, nerves/*_cord_of_*.
Stem = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9_*]+$", max_length=120)]
RefKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Root = Annotated[str, StringConstraints(pattern=r"^(C[1-8]|T([1-9]|1[0-2])|L[1-5]|S[1-5]|Co1)$")]
# Strict, because a number in quotes is a slip; bounded, because the body is 1.7 m tall.
Coordinate = Annotated[float, Field(strict=True, ge=-2500, le=2500, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate, Coordinate]
_NUMBER = r"-?\d{1,4}(\.\d+)?"
_CORNERS = rf"^{_NUMBER} {_NUMBER} {_NUMBER}(, {_NUMBER} {_NUMBER} {_NUMBER})+$"
# Each is drawn in ``assets/icons/deep-NAME.svg``.
DeepIcon = Literal[
    "belly", "bladder", "chest", "ear", "eye", "foot", "genitals", "hand", "head", "joint", "limb", "neck",
    "nose", "palate", "pelvis", "rectum", "shoulder-blade", "spine", "throat", "tongue", "tooth",
]  # fmt: skip


class Model(BaseModel):
    """Base of all dataset models: frozen, strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


#: The id of the hazard that leads every list: the harm that this product exists to prevent.
PNEUMOTHORAX = "pneumothorax"


class BodyGroup(StrEnum):
    """The part of the body under which the finder lists a muscle."""

    HEAD = "head"
    NECK = "neck"
    SHOULDER = "shoulder"
    ARM = "arm"
    FOREARM = "forearm"
    HAND = "hand"
    THORAX = "thorax"
    BACK = "back"
    ABDOMEN = "abdomen"
    PELVIS = "pelvis"
    HIP = "hip"
    THIGH = "thigh"
    LEG = "leg"
    FOOT = "foot"


class Severity(StrEnum):
    """How bad the harm can be, not how likely it is."""

    LIFE_THREATENING = "life-threatening"
    SERIOUS = "serious"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return tuple(type(self)).index(self)


class Evidence(StrEnum):
    """What kind of work links a condition to a muscle, strongest first."""

    SYSTEMATIC_REVIEW = "systematic review"
    TRIAL = "trial"
    OBSERVATIONAL = "observational study"
    CASE_SERIES = "case series"
    TEXTBOOK = "textbook"
    CLINIC_CLAIM = "clinic claim"


class Seen(StrEnum):
    """How much of a source was opened when it was recorded."""

    FULL_TEXT = "full text"
    OPENING = "opening"
    ABSTRACT = "abstract"
    TITLE = "title"
    NOT_OPENED = "not opened"


class Sourced(Model):
    """Anything that claims something: it carries reference keys, or says that it has none."""

    references: tuple[RefKey, ...] = ()
    unsourced: StrictBool = False

    @model_validator(mode="after")
    def _sourced_or_said_so(self) -> Sourced:
        if self.unsourced and self.references:
            raise ValueError("has references and is marked unsourced: keep one of the two")
        if not self.unsourced and not self.references:
            raise ValueError("has no references: name at least one key, or write 'unsourced: true'")
        if len(set(self.references)) != len(self.references):
            raise ValueError("names the same reference twice")
        return self


class Report(StrEnum):
    """Whose words a reported text holds."""

    CLINIC = "clinic claim"
    STUDY = "study finding"
    GUIDANCE = "guidance"
    PAGE = "textbook or page"


class Statement(Sourced):
    """What is said in our words, or reported as the words of others.

    ``reported`` says whose they are, where the program must not say such a thing itself: a clinic's "very
    rare", a measured depth. ``against`` holds what speaks against them, and is always shown beside them.
    """

    text: Text
    reported: Report | None = None
    against: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _reported_with_sources(self) -> Statement:
        if self.reported and self.unsourced:
            raise ValueError("is reported and has no source: name who says so under 'references'")
        if self.against and not self.reported:
            raise ValueError("has 'against' and is not 'reported': say whose words it holds")
        return self


class Claim(Statement):
    """One statement."""


class Disagreement(Model):
    """A question on which sources contradict each other: both sides stand."""

    question: Line
    positions: Annotated[tuple[Claim, ...], Field(min_length=2)]


class Identifiers(Sourced):
    """Ids of the whole muscle or part in public ontologies; absent ones are left out."""

    fma: Annotated[str, StringConstraints(pattern=r"^FMA:\d+$")] | None = None
    uberon: Annotated[str, StringConstraints(pattern=r"^UBERON:\d{7}$")] | None = None
    ta98: Annotated[str, StringConstraints(pattern=r"^A\d\d(\.\d+)+[A-Z]?$")] | None = None


class Nerve(Sourced):
    """A nerve that supplies the muscle, with the roots that the references give."""

    nerve: Line
    roots: tuple[Root, ...] = ()
    role: Literal["motor", "sensory", "motor and sensory"] = "motor"


class Part(Model):
    """A head or part with a name of its own, or a muscle of a group that is treated as one.

    Anatomy that is the same for the whole muscle stands on the muscle, not here.
    """

    id: Slug
    name: Line
    latin: Line
    ids: Identifiers
    meshes: tuple[MeshId, ...] = ()
    origin: Claim | None = None
    insertion: Claim | None = None
    actions: tuple[Claim, ...] = ()
    innervation: tuple[Nerve, ...] = ()


class Position(Model):
    """Where a trigger point lies on the reference body, on the left side.

    ``at`` is in body mm and lies on or in ``mesh``; ``rule`` tells how it was found on the meshes.
    ``covered_by`` names what the site's words say lies over it, on the way from ``approach``: the side
    from which it is reached, or the nearest skin if nothing is said.
    """

    mesh: MeshId
    at: Point
    rule: Text
    covered_by: tuple[MeshId, ...] = ()
    approach: Literal["front", "back", "lateral", "medial", "above", "below"] | None = None


class Zone(Sourced):
    """One pain region of a pattern."""

    region: Slug
    side: Literal["ipsilateral", "contralateral", "bilateral"] = "ipsilateral"
    note: Line | None = None


class Stroke(Model):
    """A brush stroke on the skin: ``along`` holds its corners in body mm, "x y z, x y z, ...".

    The corners are one text, not nested lists: YAML reads lists of numbers ten times as slowly.
    """

    width: Annotated[float, Field(strict=True, ge=4, le=120)]
    along: Annotated[str, StringConstraints(pattern=_CORNERS, max_length=1200)]

    @property
    def corners(self) -> tuple[tuple[float, float, float], ...]:
        """The corners in body mm."""
        rows = (row.split() for row in self.along.split(","))
        return tuple((float(x), float(y), float(z)) for x, y, z in rows)


class Shape(Sourced):
    """How a pattern is drawn, finer than its regions: strokes on the skin, on the left or in the midline."""

    essential: tuple[Stroke, ...] = ()
    spillover: tuple[Stroke, ...] = ()


class RelatedPoint(Sourced):
    """Another point that a source ties to this one: its key (which sets it off) or its satellite."""

    point: Slug
    relation: Literal["key", "satellite"]
    text: Text | None = None


class TriggerPoint(Model):
    """A trigger-point site with its referral pattern.

    ``frequency`` says how common it is where a source does, ``patient_says`` what patients tell.
    ``only`` names the one side on which it is described; its position is that of the left all the same.
    """

    id: Slug
    part: Slug | None = None
    label: Annotated[str, StringConstraints(min_length=1, max_length=3)]
    name: Line
    only: Literal["left", "right"] | None = None
    site: Claim
    position: Position
    essential: tuple[Zone, ...] = ()
    spillover: tuple[Zone, ...] = ()
    shape: Shape | None = None
    frequency: tuple[Claim, ...] = ()
    palpation: tuple[Claim, ...] = ()
    patient_says: tuple[Claim, ...] = ()
    related: tuple[RelatedPoint, ...] = ()
    notes: tuple[Claim, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


class ConditionLink(Sourced):
    """Why a condition is listed with a muscle, and on what evidence."""

    condition: Slug
    evidence: Evidence
    text: Text


class SafetyNote(Sourced):
    """A hazard at this muscle. ``points`` narrows it to some trigger points; empty means all.

    ``reports`` are the words of others on it that are no words of ours, such as a measured distance.
    ``unseen`` says why it is written although the reference body doesn't show it on the way to them.
    """

    hazard: Slug
    severity: Severity
    text: Text
    points: tuple[Slug, ...] = ()
    reports: tuple[Claim, ...] = ()
    unseen: Text | None = None

    @model_validator(mode="after")
    def _reports_are_reported(self) -> SafetyNote:
        if any(not claim.reported for claim in self.reports):
            raise ValueError("has 'reports' that don't say whose words they are: write 'reported'")
        return self

    @property
    def urgency(self) -> tuple[bool, int]:
        """Sorts notes: pneumothorax before all else, then the worst."""
        return self.hazard != PNEUMOTHORAX, self.severity.rank

    def touches(self, point: str) -> bool:
        """Whether the note is about a trigger point, by its id."""
        return not self.points or point in self.points


class Muscle(Model):
    """A muscle, or a group of small muscles that is examined as one."""

    id: Slug
    name: Line
    latin: Line
    synonyms: tuple[Line, ...] = ()
    lay_words: tuple[Line, ...] = ()
    ids: Identifiers
    group: BodyGroup
    meshes: tuple[MeshId, ...] = ()
    parts: tuple[Part, ...] = ()
    origin: Claim | None = None
    insertion: Claim | None = None
    actions: tuple[Claim, ...] = ()
    innervation: tuple[Nerve, ...] = ()
    trigger_points: tuple[TriggerPoint, ...] = ()
    palpation: tuple[Claim, ...] = ()
    conditions: tuple[ConditionLink, ...] = ()
    safety: tuple[SafetyNote, ...] = ()
    notes: tuple[Claim, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def all_meshes(self) -> tuple[str, ...]:
        """Mesh ids of the muscle and its parts, left side, in file order."""
        return self.meshes + tuple(mesh for part in self.parts for mesh in part.meshes)


class Region(Model):
    """An area of skin where pain is felt, or a deep place that has a name and no area.

    An area is described by ``seeds`` (body mm, left side or midline, on or near the skin): the
    platemaker gives each skin vertex to the region of the geodesically nearest seed, so that all
    regions together are one partition. ``reach`` (mm) bounds a region on its open sides for as
    long as the neighbours are not described yet. A deep region has an ``anchor`` on the skin, and
    an ``icon`` that marks it there.
    """

    id: Slug
    name: Line
    clinical: Line
    group: Slug
    synonyms: tuple[Line, ...] = ()
    paired: StrictBool = True
    seeds: tuple[Point, ...] = ()
    reach: Annotated[float, Field(strict=True, gt=0, le=200)] = 45.0
    anchor: Point | None = None
    icon: DeepIcon | None = None

    @model_validator(mode="after")
    def _area_or_anchor(self) -> Region:
        if bool(self.seeds) == (self.anchor is not None):
            raise ValueError("needs either 'seeds' (an area of skin) or 'anchor' (a deep region)")
        if self.anchor is not None and self.icon is None:
            raise ValueError("is deep and needs an 'icon', such as 'joint'")
        if self.anchor is None and self.icon is not None:
            raise ValueError("is an area of skin, so it has no 'icon': only deep regions have one")
        return self

    @property
    def deep(self) -> bool:
        """True for a region without an area of skin."""
        return self.anchor is not None


class RegionGroup(Model):
    """A node of the tree under which regions are listed."""

    id: Slug
    name: Line
    parent: Slug | None = None


class Condition(Model):
    """A complaint or diagnosis that users look for."""

    id: Slug
    name: Line
    synonyms: tuple[Line, ...] = ()
    summary: Claim
    red_flags: tuple[Claim, ...] = ()
    rivals: tuple[Claim, ...] = ()
    treatment_evidence: tuple[Claim, ...] = ()


class Hazard(Model):
    """A kind of harm, such as pneumothorax: how it is named, shown and explained.

    ``structures`` are those of the reference body that it is about; ``unseen`` says what the body lacks
    of it: a nerve that has no mesh, a hole that some people have.
    """

    id: Slug
    name: Line
    icon: Literal["lung", "nerve", "vessel", "organ", "spine", "general"]
    severity: Severity
    structures: tuple[Stem, ...] = ()
    unseen: Text | None = None
    summary: Claim
    facts: tuple[Claim, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def urgency(self) -> tuple[bool, int]:
        """Sorts hazards as :attr:`SafetyNote.urgency` sorts notes."""
        return self.id != PNEUMOTHORAX, self.severity.rank


class Answer(Model):
    """Why something that the body shows near the way to trigger points has no note of its own there.

    ``points`` empty means all. It answers a warning of ``triggermap check``; it never answers for the lung
    where a way meets it: that takes a note.
    """

    id: Slug
    structures: Annotated[tuple[Stem, ...], Field(min_length=1)]
    points: tuple[Slug, ...] = ()
    reason: Text

    def holds_for(self, point: str) -> bool:
        """Whether it answers at a trigger point, by its id."""
        return not self.points or point in self.points


class TopicGroup(StrEnum):
    """The page and heading under which a topic that concerns no single muscle stands."""

    EMERGENCY = "emergency"
    CONTRAINDICATIONS = "contraindications"
    ADVERSE_EVENTS = "adverse events"
    AFTERCARE = "aftercare"
    NEEDLES = "needles and treatment"
    MECHANISM = "mechanism"
    SCIENCE = "state of the science"


class Rate(Statement):
    """A published rate: ``events`` among ``of`` of ``unit``; all are left out where only a share is given."""

    events: Annotated[StrictInt, Field(ge=0)] | None = None
    of: Annotated[StrictInt, Field(ge=1)] | None = None
    unit: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> Rate:
        if (self.events is None) != (self.of is None) or (self.of is None) != (self.unit is None):
            raise ValueError("needs 'events', 'of' and 'unit' together, or none of them")
        if self.events is not None and self.of is not None and self.events > self.of:
            raise ValueError("has more events than there were occasions")
        return self


class Topic(Model):
    """What holds for needling or for trigger points as such: a contraindication, a rate, a dispute.

    ``rank`` orders the topics of a group, the most urgent first; equal ones stand by id.
    """

    id: Slug
    name: Line
    group: TopicGroup
    rank: Annotated[StrictInt, Field(ge=1, le=99)] = 50
    facts: tuple[Claim, ...] = ()
    rates: tuple[Rate, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Topic:
        if not (self.facts or self.rates or self.disagreements):
            raise ValueError("says nothing: give 'facts', 'rates' or 'disagreements'")
        return self


class Reference(Model):
    """A source that was found, and how much of it was seen.

    ``opened`` is false for a textbook page that could not be read: the app then says
    "textbook, page not checked".
    """

    key: RefKey
    type: Line
    authors: Line | None = None
    year: Annotated[StrictInt, Field(ge=1800, le=2100)] | None = None
    title: Annotated[str, StringConstraints(min_length=3, max_length=400)]
    container: Annotated[str, StringConstraints(max_length=300)] | None = None
    chapter: Line | None = None
    pages: Line | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, StringConstraints(pattern=r"^\d{1,9}$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    opened: StrictBool = True
    seen: Seen
    seen_note: Annotated[str, StringConstraints(max_length=600)] | None = None

    @model_validator(mode="after")
    def _opened_agrees_with_seen(self) -> Reference:
        if self.opened == (self.seen is Seen.NOT_OPENED):
            raise ValueError("'opened' and 'seen' contradict each other")
        return self


class Dataset(Model):
    """Everything that was read, in file order (files are sorted by id)."""

    muscles: tuple[Muscle, ...]
    regions: tuple[Region, ...]
    region_groups: tuple[RegionGroup, ...]
    conditions: tuple[Condition, ...]
    hazards: tuple[Hazard, ...]
    topics: tuple[Topic, ...]
    answers: tuple[Answer, ...]
    references: tuple[Reference, ...]


def sourced_in(model: Model) -> Iterator[Sourced]:
    """Every claim inside ``model``, itself included, in field order."""
    if isinstance(model, Sourced):
        yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Model):
                yield from sourced_in(item)

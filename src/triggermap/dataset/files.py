"""What stands in which file of the dataset: the top-level keys of each."""

from __future__ import annotations

from dataclasses import dataclass

from triggermap.dataset.models import (
    Answer,
    Condition,
    Hazard,
    Model,
    Muscle,
    Reference,
    Region,
    RegionGroup,
    Topic,
)


class MusclesFile(Model):
    """data/muscles.yaml: muscles with their trigger points, sorted by id."""

    muscles: tuple[Muscle, ...]


class RegionsFile(Model):
    """data/regions.yaml: the tree of groups, and the pain regions, each sorted by id."""

    groups: tuple[RegionGroup, ...]
    regions: tuple[Region, ...]


class ConditionsFile(Model):
    """data/conditions.yaml: complaints and diagnoses that users look for, sorted by id."""

    conditions: tuple[Condition, ...]


class HazardsFile(Model):
    """data/hazards.yaml: kinds of harm, sorted by id."""

    hazards: tuple[Hazard, ...]


class TopicsFile(Model):
    """data/topics.yaml: safety, practice and science that concern no single muscle, sorted by id."""

    topics: tuple[Topic, ...]


class AnswersFile(Model):
    """data/answers.yaml: why what lies near the way to some trigger points has no note, sorted by id."""

    answers: tuple[Answer, ...]


class ReferencesFile(Model):
    """data/references.yaml: sources, sorted by key."""

    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One top-level list: the file and key under which it stands, and its field in ``Dataset``."""

    file: str
    key: str
    field: str
    id_key: str = "id"


FILES: dict[str, type[Model]] = {
    "muscles.yaml": MusclesFile,
    "regions.yaml": RegionsFile,
    "conditions.yaml": ConditionsFile,
    "hazards.yaml": HazardsFile,
    "topics.yaml": TopicsFile,
    "answers.yaml": AnswersFile,
    "references.yaml": ReferencesFile,
}

SECTIONS: tuple[Section, ...] = (
    Section("muscles.yaml", "muscles", "muscles"),
    Section("regions.yaml", "groups", "region_groups"),
    Section("regions.yaml", "regions", "regions"),
    Section("conditions.yaml", "conditions", "conditions"),
    Section("hazards.yaml", "hazards", "hazards"),
    Section("topics.yaml", "topics", "topics"),
    Section("answers.yaml", "answers", "answers"),
    Section("references.yaml", "references", "references", id_key="key"),
)


def schema_line(file: str) -> str:
    """First line of a data file: editors find the schema by it."""
    return f"# yaml-language-server: $schema=schema/{file.removesuffix('.yaml')}.schema.json"

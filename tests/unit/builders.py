"""A small dataset, built in code: two muscles, one of them over the lung."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from triggermap.dataset.files import FILES, SECTIONS
from triggermap.dataset.models import Dataset

Raw = dict[str, Any]
Change = Callable[[Raw], object]


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def claim(text: str, *references: str) -> Raw:
    return {"text": text, "references": list(references or ("smith-2001",))}


def ids() -> Raw:
    return {"fma": "FMA:32557", "references": ["smith-2001"]}


def raw() -> Raw:
    """The dataset as plain values, a new copy each time; keys are those of the files."""
    return {
        "muscles": [
            {
                "id": "serratus-anterior",
                "name": "Serratus anterior",
                "latin": "Musculus serratus anterior",
                "synonyms": ["boxer's muscle"],
                "lay_words": ["rib muscle"],
                "ids": ids(),
                "group": "thorax",
                "meshes": ["muscles/serratus_anterior.l"],
                "origin": claim("Outer surfaces of the upper eight or nine ribs."),
                "actions": [claim("Draws the shoulder blade forward around the ribs.")],
                "innervation": [
                    {
                        "nerve": "Long thoracic nerve",
                        "roots": ["C5", "C6", "C7"],
                        "references": ["smith-2001"],
                    }
                ],
                "trigger_points": [
                    {
                        "id": "serratus-anterior-1",
                        "label": "1",
                        "name": "Serratus anterior, rib 6",
                        "site": claim("On the sixth rib in the midaxillary line.", "manual-1999"),
                        "position": {
                            "mesh": "muscles/serratus_anterior.l",
                            "at": [140.0, 1240.5, 20.0],
                            "rule": "Foot of the midaxillary line on rib 6.",
                        },
                        "essential": [{"region": "side-of-chest", "references": ["manual-1999"]}],
                        "spillover": [
                            {
                                "region": "shoulder-blade-lower",
                                "references": ["manual-1999", "smith-2001"],
                            }
                        ],
                    }
                ],
                "conditions": [
                    {
                        "condition": "stitch",
                        "evidence": "textbook",
                        "text": "A stitch while running can come from here.",
                        "references": ["manual-1999"],
                    }
                ],
                "safety": [
                    {
                        "hazard": "pneumothorax",
                        "severity": "life-threatening",
                        "text": "The muscle lies on the ribs, and the lung lies beneath them.",
                        "points": ["serratus-anterior-1"],
                        "references": ["jones-2010"],
                    }
                ],
                "disagreements": [
                    {
                        "question": "Does pressing rib and muscle together protect the pleura?",
                        "positions": [
                            {
                                **claim("It is taught as a way to protect the pleura.", "manual-1999"),
                                "reported": "guidance",
                            },
                            claim("A pneumothorax happened in spite of it.", "jones-2010"),
                        ],
                    }
                ],
            },
            {
                "id": "trapezius",
                "name": "Trapezius",
                "latin": "Musculus trapezius",
                "synonyms": ["cowl muscle"],
                "lay_words": ["coat-hanger muscle"],
                "ids": ids(),
                "group": "shoulder",
                "parts": [
                    {
                        "id": "trapezius-upper",
                        "name": "Upper trapezius",
                        "latin": "Pars descendens",
                        "ids": ids(),
                        "meshes": ["muscles/trapezius.l.1"],
                        "innervation": [
                            {
                                "nerve": "Accessory nerve",
                                "roots": ["C3", "C4"],
                                "references": ["smith-2001"],
                            }
                        ],
                    }
                ],
                "insertion": claim("Outer third of the collar bone."),
                "trigger_points": [
                    {
                        "id": "trapezius-1",
                        "part": "trapezius-upper",
                        "label": "1",
                        "name": "Upper trapezius, front edge",
                        "site": claim("In the free front edge, where it turns to the shoulder."),
                        "position": {
                            "mesh": "muscles/trapezius.l.1",
                            "at": [70, 1440, -10],
                            "rule": "Midpoint of the free edge.",
                        },
                        "essential": [
                            {"region": "temple", "references": ["smith-2001"]},
                            {"region": "behind-eye", "references": ["smith-2001"], "note": "deep"},
                        ],
                        "spillover": [
                            {
                                "region": "breastbone",
                                "references": ["smith-2001"],
                            }
                        ],
                        "notes": [claim("Often found in people who type all day.")],
                    },
                    {
                        "id": "trapezius-2",
                        "label": "2",
                        "name": "Trapezius, lower fibres",
                        "site": claim("Beside the lower fibres' outer border.", "jones-2010"),
                        "position": {
                            "mesh": "muscles/trapezius.l.1",
                            "at": [60, 1350, -80],
                            "rule": "Where the border crosses the blade.",
                        },
                        "essential": [{"region": "shoulder-blade-lower", "references": ["jones-2010"]}],
                    },
                ],
                "conditions": [
                    {
                        "condition": "headache",
                        "evidence": "trial",
                        "text": "Points here were treated in a trial of headache.",
                        "references": ["smith-2001"],
                    }
                ],
                "safety": [
                    {
                        "hazard": "nerve-injury",
                        "severity": "serious",
                        "text": "The accessory nerve runs beneath the upper part.",
                        "references": ["smith-2001"],
                    },
                    {
                        "hazard": "pneumothorax",
                        "severity": "life-threatening",
                        "text": "The dome of the lung rises above the collar bone.",
                        "references": ["jones-2010"],
                    },
                ],
                "palpation": [claim("Roll the edge between finger and thumb.")],
            },
        ],
        "groups": [
            {"id": "head", "name": "Head"},
            {"id": "temples", "name": "Temples", "parent": "head"},
            {"id": "trunk", "name": "Trunk"},
        ],
        "regions": [
            {
                "id": "behind-eye",
                "name": "Behind the eye",
                "clinical": "Retro-orbital",
                "group": "head",
                "anchor": [32.0, 1640.0, 95.0],
                "icon": "eye",
            },
            {
                "id": "breastbone",
                "name": "Breastbone",
                "clinical": "Sternal region",
                "group": "trunk",
                "paired": False,
                "seeds": [[0.0, 1300.0, 120.0]],
            },
            {
                "id": "shoulder-blade-lower",
                "name": "Lower shoulder blade",
                "clinical": "Inferior scapular angle",
                "group": "trunk",
                "seeds": [[80.0, 1330.0, -120.0]],
            },
            {
                "id": "side-of-chest",
                "name": "Side of the chest",
                "clinical": "Lateral thoracic region",
                "group": "trunk",
                "synonyms": ["flank", "côté"],
                "seeds": [[150.0, 1250.0, 20.0]],
            },
            {
                "id": "temple",
                "name": "Temple",
                "clinical": "Temporal region",
                "group": "temples",
                "seeds": [[70.0, 1650.0, 60.0]],
            },
        ],
        "conditions": [
            {
                "id": "headache",
                "name": "Tension-type headache",
                "synonyms": ["stress headache"],
                "summary": claim("A pressing headache on both sides."),
                "red_flags": [claim("A sudden, worst-ever headache needs help at once.", "jones-2010")],
            },
            {
                "id": "stitch",
                "name": "Side stitch",
                "summary": claim("A stabbing pain under the ribs during exercise."),
            },
        ],
        "hazards": [
            {
                "id": "nerve-injury",
                "name": "Nerve injury",
                "icon": "nerve",
                "severity": "serious",
                "summary": claim("A needle can hurt a nerve."),
            },
            {
                "id": "pneumothorax",
                "name": "Pneumothorax",
                "icon": "lung",
                "severity": "life-threatening",
                "summary": claim("Air enters the pleural space and the lung collapses.", "jones-2010"),
                "facts": [claim("It was seen in 4 of 900 needle examinations.", "jones-2010")],
            },
        ],
        "topics": [
            {
                "id": "needle-phobia",
                "name": "Fear of needles",
                "group": "contraindications",
                "facts": [claim("Who cannot bear needles is not needled.", "jones-2010")],
            },
        ],
        "answers": [],
        "references": [
            {
                "key": "jones-2010",
                "type": "article",
                "authors": "Jones K",
                "year": 2010,
                "title": "Pneumothorax after needling.",
                "container": "J Needles",
                "doi": "10.1000/needles.10",
                "seen": "abstract",
            },
            {
                "key": "manual-1999",
                "type": "book chapter",
                "authors": "Writer T",
                "year": 1999,
                "title": "A Manual of Muscles",
                "container": "Press",
                "chapter": "46",
                "pages": "887-899",
                "opened": False,
                "seen": "not opened",
            },
            {
                "key": "smith-2001",
                "type": "article",
                "authors": "Smith A",
                "year": 2001,
                "title": "Muscles and edema of fibers",
                "container": "J Muscles",
                "pmid": "1234567",
                "seen": "full text",
            },
        ],
    }


def build(change: Change | None = None) -> Dataset:
    """The dataset, after ``change`` has been made to its plain values."""
    values = raw()
    if change is not None:
        change(values)
    fields: Raw = {}
    for name, model in FILES.items():
        keys = [section.key for section in SECTIONS if section.file == name]
        part = model.model_validate({key: values[key] for key in keys})
        for section in SECTIONS:
            if section.file == name:
                fields[section.field] = getattr(part, section.key)
    return Dataset.model_construct(**fields)


def text(*keys: str, values: Raw | None = None) -> str:
    """YAML of some of the top-level keys."""
    values = values or raw()
    return yaml.dump(
        {key: values[key] for key in keys}, Dumper=_NoAliases, sort_keys=False, allow_unicode=True
    )


def write(folder: Path, change: Change | None = None) -> Path:
    """Write the dataset's files to ``folder`` and return it."""
    values = raw()
    if change is not None:
        change(values)
    for name in FILES:
        keys = [section.key for section in SECTIONS if section.file == name]
        (folder / name).write_text(text(*keys, values=values), encoding="utf-8")
    return folder

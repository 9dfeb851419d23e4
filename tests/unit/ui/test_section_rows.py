"""What the cross-section says: rows, hazards, and the sentence where none is met."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.unit.builders import build
from triggermap.body.plates import Structure
from triggermap.body.probe import Stratum
from triggermap.body.section import NEAR_MM
from triggermap.dataset.models import Dataset, Muscle, Severity
from triggermap.ui.marking import items_of
from triggermap.ui.section_rows import (
    BEYOND,
    NO_HAZARD,
    NOTHING_BEYOND,
    TITLE,
    Drawing,
    drawing_of,
    written_of,
)


def stratum(label: str, entry: float, end: float, system: str = "muscles", side: str = "left") -> Stratum:
    number = abs(hash((label, side))) % 60000
    return Stratum(Structure(number, f"{system}/{label}", system, label, label, side, None, None), entry, end)


SKIN = stratum("Skin", 0, 200, "skin", "mid")
WAY = [
    SKIN,
    stratum("Trapezius", 10, 20),
    stratum("Accessory nerve", 21, 22, "nerves"),
    stratum("Rib 5", 60, 70, "skeleton"),
    stratum("Lung zone (pleura, extended)", 78, 180, "computed"),
    stratum("Liver", 150, 190, "organs"),
    stratum("Pectoralis major", 191, 196),
]


def test_every_stratum_is_a_row_and_what_lies_beyond_the_break_is_too() -> None:
    drawing = drawing_of("Here", WAY)
    assert [row.number for row in drawing.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.item.text for row in drawing.rows] == [s.structure.label for s in WAY]
    assert [row.drawn for row in drawing.rows] == [True] * 5 + [False] * 2
    assert drawing.section is not None
    assert drawing.section.further == (6, 7)


def test_a_row_is_marked_as_the_strip_marks_it() -> None:
    assert tuple(row.item for row in drawing_of("Here", WAY).rows) == items_of(WAY)


def test_what_can_kill_draws_the_section_out() -> None:
    drawing = drawing_of("Here", WAY)
    assert drawing.section is not None
    assert drawing.section.drawn > NEAR_MM
    assert drawing.grave


def test_what_lies_beyond_the_break_is_announced() -> None:
    assert drawing_of("Here", WAY).beyond == BEYOND
    assert drawing_of("Here", [SKIN, stratum("Soleus", 5, 8)]).beyond == NOTHING_BEYOND
    thin = [stratum("Skin", 0, 20, "skin", "mid"), stratum("Soleus", 5, 8)]
    assert drawing_of("Here", thin).beyond == ""
    assert Drawing(note="Why not").beyond == ""


def test_a_structure_that_is_met_twice_is_said_twice() -> None:
    again = drawing_of("Here", [SKIN, stratum("Platysma", 5, 8), stratum("Platysma", 30, 40)])
    assert [row.item.text for row in again.rows] == ["Skin", "Platysma", "Platysma"]


def test_sides_are_said_where_both_are_met() -> None:
    both = drawing_of("Here", [SKIN, stratum("Rib 5", 5, 8), stratum("Rib 5", 150, 160, side="right")])
    assert [row.item.text for row in both.rows] == ["Skin", "Rib 5 (left)", "Rib 5 (right)"]


def test_rows_are_spoken_with_their_kind() -> None:
    assert [row.spoken for row in drawing_of("Here", WAY).rows] == [
        "Skin",
        "Trapezius, muscle",
        "Accessory nerve, hazard: nerve",
        "Rib 5, bone",
        "Lung zone (pleura, extended), hazard: lung zone",
        "Liver, hazard: organ, beyond the break",
        "Pectoralis major, muscle, beyond the break",
    ]


def test_hazards_are_summed_up_what_can_kill_first() -> None:
    drawing = drawing_of("Here", WAY)
    assert drawing.hazards == ("lung zone", "nerve", "organ")
    assert drawing.summary == "Hazards on this line: lung zone, nerve, organ."
    pleura = drawing_of("Here", [SKIN, stratum("pleura", 5, 8, "organs")])
    assert pleura.hazards == ("lung",)


def test_without_a_hazard_it_says_what_that_means_and_gives_no_comfort() -> None:
    drawing = drawing_of("Here", [SKIN, stratum("Soleus", 5, 8)])
    assert (drawing.hazards, drawing.grave, drawing.warns) == ((), False, False)
    assert drawing.summary == NO_HAZARD
    assert "in this model; anatomy varies" in NO_HAZARD
    assert NO_HAZARD in drawing.text


def test_the_text_names_body_place_and_hazards_and_no_depths() -> None:
    text = drawing_of("Point 2 of Rhomboids, left side", WAY).text
    lines = text.splitlines()
    assert lines[0] == f"{TITLE}."
    assert "one reference body, not a patient" in lines[0]
    assert lines[1].startswith("Point 2 of Rhomboids, left side. Straight in along the view")
    assert lines[2:5] == ["1. Skin", "2. Trapezius", "3. Accessory nerve [hazard: nerve]"]
    assert lines[-1] == "Hazards on this line: lung zone, nerve, organ."
    assert "mm" not in text
    assert not re.search(r"\d{2}", text)
    assert "safe" not in text.lower()
    assert Drawing(note="Why not").text == "Why not"


# --- what is written --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build()


def with_notes(dataset: Dataset, severity: Severity, points: tuple[str, ...] = ()) -> Muscle:
    muscle = next(m for m in dataset.muscles if m.safety)
    note = muscle.safety[0].model_copy(update={"severity": severity, "points": points})
    return muscle.model_copy(update={"safety": (note,)})


def test_a_written_hazard_that_can_kill_is_named_though_the_line_misses_it(dataset: Dataset) -> None:
    muscle = with_notes(dataset, Severity.LIFE_THREATENING)
    hazard = next(h for h in dataset.hazards if h.id == muscle.safety[0].hazard)
    written, fatal = written_of(muscle, None, dataset.hazards)
    assert (written, fatal) == (f"Written for {muscle.name}: {hazard.name}.", True)
    drawing = drawing_of("Here", [SKIN, stratum("Soleus", 5, 8)], written, fatal=fatal)
    assert drawing.grave
    assert drawing.summary == f"{NO_HAZARD} {written}"


def test_other_written_hazards_are_pointed_to(dataset: Dataset) -> None:
    muscle = with_notes(dataset, Severity.SERIOUS)
    written, fatal = written_of(muscle, None, dataset.hazards)
    assert (written, fatal) == (f"What is written for {muscle.name} holds all the same.", False)
    drawing = drawing_of("Here", [SKIN], written)
    assert (drawing.grave, drawing.warns) == (False, True)


def test_notes_of_other_points_are_left_out(dataset: Dataset) -> None:
    muscle = with_notes(dataset, Severity.LIFE_THREATENING, ("a-1",))
    assert written_of(muscle, "a-1", dataset.hazards)[1]
    assert written_of(muscle, None, dataset.hazards)[1]
    assert written_of(muscle, "a-2", dataset.hazards) == ("", False)
    assert written_of(None, None, dataset.hazards) == ("", False)


def test_a_drawing_is_a_value() -> None:
    drawing = drawing_of("Here", WAY)
    assert drawing == drawing_of("Here", WAY)
    assert drawing != replace(drawing, where="There")

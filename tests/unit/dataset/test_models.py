"""What the models refuse by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from triggermap.dataset.models import Claim, Rate, SafetyNote, Stroke, Topic, TopicGroup

REFERENCES = ("smith-2001",)
NUMBERS = st.integers(-9999, 9999).map(lambda n: n / 10)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=20))
def test_a_stroke_reads_the_corners_that_were_written(corners: list[tuple[float, float, float]]) -> None:
    along = ", ".join(" ".join(f"{n:g}" for n in corner) for corner in corners)
    assert Stroke(width=10.0, along=along).corners == tuple(corners)


@pytest.mark.parametrize(
    "along", ["", "1 2 3", "1 2, 3 4", "1 2 3 4 5 6", "1,2,3, 4,5,6", "a b c, d e f", "1 2 3,4 5 6"]
)
def test_a_stroke_needs_two_corners_of_three_numbers(along: str) -> None:
    with pytest.raises(ValidationError):
        Stroke(width=10.0, along=along)


@pytest.mark.parametrize(
    "values",
    [
        {"events": 1},
        {"of": 10, "unit": "sessions"},
        {"events": 1, "of": 10},
        {"events": 11, "of": 10, "unit": "sessions"},
        {"events": 1, "of": 0, "unit": "sessions"},
    ],
)
def test_a_rate_has_its_denominator_or_no_numbers(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rate(text="It happened.", references=REFERENCES, **values)
    Rate(text="It happened.", references=REFERENCES)
    Rate(text="It happened.", references=REFERENCES, events=0, of=10, unit="sessions")


def test_a_topic_says_something() -> None:
    with pytest.raises(ValidationError, match="says nothing"):
        Topic(id="empty", name="Empty", group=TopicGroup.AFTERCARE)


def test_a_quotation_names_its_source() -> None:
    text: dict[str, Any] = {"text": "It is safe.", "reported": "clinic claim"}
    against = [{"text": "It did happen.", "references": REFERENCES}]
    Claim.model_validate({**text, "references": REFERENCES, "against": against})
    with pytest.raises(ValidationError, match="is reported and has no source"):
        Claim.model_validate({**text, "unsourced": True})
    with pytest.raises(ValidationError, match="is not 'reported'"):
        Claim.model_validate({"text": "It is safe.", "references": REFERENCES, "against": against})
    with pytest.raises(ValidationError, match="clinic claim"):
        Claim.model_validate({**text, "references": REFERENCES, "reported": "a friend"})


def test_the_reports_of_a_safety_note_say_whose_words_they_are() -> None:
    mine = {"text": "It is safe.", "references": REFERENCES}
    note = {"hazard": "pneumothorax", "severity": "serious", "text": "Lung.", "references": REFERENCES}
    with pytest.raises(ValidationError, match="whose words they are"):
        SafetyNote.model_validate({**note, "reports": [mine]})
    SafetyNote.model_validate({**note, "reports": [{**mine, "reported": "guidance"}]})


def test_pneumothorax_leads_then_the_worst() -> None:
    def note(hazard: str, severity: str, *points: str) -> SafetyNote:
        return SafetyNote(hazard=hazard, severity=severity, text="Words.", points=points, references=("a",))  # type: ignore[arg-type]

    notes = [
        note("bruise", "minor"),
        note("spinal-canal", "life-threatening"),
        note("pneumothorax", "serious"),
    ]
    assert [one.hazard for one in sorted(notes, key=lambda one: one.urgency)] == [
        "pneumothorax", "spinal-canal", "bruise",
    ]  # fmt: skip
    assert note("bruise", "minor").touches("any-1")
    assert note("bruise", "minor", "soleus-1").touches("soleus-1")
    assert not note("bruise", "minor", "soleus-1").touches("soleus-2")

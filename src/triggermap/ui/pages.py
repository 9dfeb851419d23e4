"""What a condition and the pages on safety and science say, as rich text with numbered sources."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from triggermap.dataset.models import (
    Condition,
    Dataset,
    Disagreement,
    Hazard,
    Rate,
    Severity,
    Topic,
    TopicGroup,
)
from triggermap.ui.citing import Citations
from triggermap.ui.theme import Theme

#: The pages: the title of each, and the groups of topics that stand on it, the most urgent first.
PAGE_GROUPS: dict[str, tuple[str, tuple[TopicGroup, ...]]] = {
    "safety": (
        "Safety",
        (
            TopicGroup.EMERGENCY,
            TopicGroup.CONTRAINDICATIONS,
            TopicGroup.ADVERSE_EVENTS,
            TopicGroup.AFTERCARE,
        ),
    ),
    "science": ("Science and practice", (TopicGroup.SCIENCE, TopicGroup.MECHANISM, TopicGroup.NEEDLES)),
}
GROUP_TITLES = {
    TopicGroup.EMERGENCY: "In an emergency",
    TopicGroup.CONTRAINDICATIONS: "Contraindications and precautions",
    TopicGroup.ADVERSE_EVENTS: "Adverse events and their rates",
    TopicGroup.AFTERCARE: "Aftercare",
    TopicGroup.NEEDLES: "Needles and treatment, as sources describe them",
    TopicGroup.MECHANISM: "What is said to happen",
    TopicGroup.SCIENCE: "The state of the science",
}
#: How grave a hazard is, in words.
SEVERITY_WORDS = {
    Severity.LIFE_THREATENING: "can be life-threatening",
    Severity.SERIOUS: "serious",
    Severity.MINOR: "minor",
}
_ROW = "<p style='margin:0 0 6px 0'>"


def sections_of_page(dataset: Dataset, page: str, cite: Citations) -> Iterator[tuple[str, str]]:
    """Heading and text of each section of a page, empty groups left out."""
    _, groups = PAGE_GROUPS[page]
    for group in groups:
        topics = sorted((topic for topic in dataset.topics if topic.group == group), key=lambda one: one.rank)
        if topics:
            yield GROUP_TITLES[group], "".join(_topic(topic, cite) for topic in topics)


def sections_of_condition(condition: Condition, cite: Citations, theme: Theme) -> Iterator[tuple[str, str]]:
    """Heading and text: what must be excluded first, what it is, what else it may be, what was tried."""
    if condition.red_flags:
        flags = "".join(
            f"{_ROW}<span style='color:{theme.danger}'><b>First exclude:</b></span> "
            f"{cite.claim(flag, flag.text)}</p>"
            for flag in condition.red_flags
        )
        yield "Red flags", flags
    yield "What it is", cite.claim(condition.summary, condition.summary.text)
    yield "What else it could be", cite.claims((one, one.text) for one in condition.rivals)
    yield "Evidence on treatment", cite.claims((one, one.text) for one in condition.treatment_evidence)


def sections_of_hazard(hazard: Hazard, cite: Citations) -> Iterator[tuple[str, str]]:
    """Heading and text: what can happen, what is known of it, and what the reference body lacks."""
    yield "What can happen", cite.claim(hazard.summary, hazard.summary.text)
    yield "What to know", cite.claims((fact, fact.text) for fact in hazard.facts)
    yield "Where sources disagree", disagreements(hazard.disagreements, cite)
    yield "Not on the reference body", escape(hazard.unseen) if hazard.unseen else ""


def disagreements(found: tuple[Disagreement, ...], cite: Citations) -> str:
    """Questions on which sources contradict each other, with all positions."""
    rows = ""
    for one in found:
        rows += f"<p style='margin:4px 0 2px 0'><b>Sources disagree:</b> {escape(one.question)}</p>"
        for position in one.positions:
            rows += f"<p style='margin:0 0 3px 12px'>– {cite.claim(position, position.text)}</p>"
    return rows


def _topic(topic: Topic, cite: Citations) -> str:
    rows = f"<p style='margin:8px 0 3px 0'><b>{escape(topic.name)}</b></p>"
    rows += "".join(f"{_ROW}{cite.claim(fact, fact.text)}</p>" for fact in topic.facts)
    rows += "".join(f"{_ROW}{_rate(rate)}{cite.claim(rate, rate.text)}</p>" for rate in topic.rates)
    return rows + disagreements(topic.disagreements, cite)


def _rate(rate: Rate) -> str:
    """Numerator and denominator before the words: a rate without its denominator misleads."""
    if rate.events is None or rate.of is None:
        return ""
    return f"<b>{rate.events:,} in {rate.of:,} {escape(rate.unit or '')}:</b> "

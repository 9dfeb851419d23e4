from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.builders import Raw, build, raw
from triggermap.dataset.dossier import NO_HAZARD, as_text, citation, dossier, find_muscle
from triggermap.dataset.models import Reference
from triggermap.errors import TriggermapError


def reference(**values: Any) -> Reference:
    return Reference.model_validate(
        {"key": "a", "type": "article", "title": "On pain", "seen": "title", **values}
    )


def test_everything_is_resolved() -> None:
    data = dossier(build(), "trapezius")
    point = data["trigger_points"][0]
    assert point["part_name"] == "Upper trapezius"
    assert [zone["name"] for zone in point["essential"]] == ["Temple", "Behind the eye"]
    assert [zone["deep"] for zone in point["essential"]] == [False, True]
    assert point["spillover"][0]["region"] == "breastbone"
    assert data["conditions"][0]["name"] == "Tension-type headache"
    assert data["parts"][0]["innervation"][0]["roots"] == ["C3", "C4"]
    assert data["origin"] is None
    json.dumps(data)


def test_the_gravest_hazard_stands_first() -> None:
    hazards = dossier(build(), "trapezius")["hazards"]
    assert [hazard["kind"] for hazard in hazards] == ["pneumothorax", "nerve-injury"]
    assert hazards[0]["name"] == "Pneumothorax"
    assert hazards[0]["severity"] == "life-threatening"
    assert hazards[0]["icon"] == "lung"
    assert hazards[0]["references"] == ["jones-2010"]


def test_sources_say_what_was_seen() -> None:
    sources = {source["key"]: source for source in dossier(build(), "serratus-anterior")["references"]}
    assert list(sources) == ["jones-2010", "manual-1999", "smith-2001"]
    assert not sources["manual-1999"]["opened"]
    assert sources["manual-1999"]["citation"].endswith(
        "A Manual of Muscles. Press, chapter 46, pp. 887-899 [textbook, page not checked]"
    )
    assert sources["jones-2010"]["citation"] == (
        "Jones K (2010). Pneumothorax after needling. J Needles. doi:10.1000/needles.10 [abstract read]"
    )


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "On pain [only the title seen]"),
        ({"pmid": "12"}, "On pain. PMID 12 [only the title seen]"),
        ({"url": "https://x.org"}, "On pain. https://x.org [only the title seen]"),
        ({"opened": False, "seen": "not opened"}, "On pain [not opened]"),
        ({"year": 1999, "chapter": "Trapezius"}, "(1999). On pain. Trapezius [only the title seen]"),
        ({"pages": "9"}, "On pain. p. 9 [only the title seen]"),
        (
            {"pages": "pattern p 9", "chapter": "6 Neck"},
            "On pain. chapter 6 Neck, pattern p 9 [only the title seen]",
        ),
    ],
)
def test_citations(values: dict[str, Any], line: str) -> None:
    assert citation(reference(**values)) == line


@pytest.mark.parametrize("word", ["trapezius", "Trapezius", "musculus TRAPEZIUS", " trapezius "])
def test_muscles_are_found_by_their_names(word: str) -> None:
    assert find_muscle(build(), word).id == "trapezius"


def test_an_unknown_muscle_gets_the_nearest() -> None:
    with pytest.raises(TriggermapError, match=r"There is no muscle 'trapezus'\. Did you mean 'trapezius'\?"):
        dossier(build(), "trapezus")
    with pytest.raises(TriggermapError, match="triggermap find"):
        dossier(build(), "qqqq")


def test_text_holds_what_matters() -> None:
    text = as_text(dossier(build(), "serratus-anterior"))
    assert text.startswith(
        "Serratus anterior (Musculus serratus anterior)\nAlso: boxer's muscle\n! PNEUMOTHORAX"
    )
    for part in (
        "essential: Side of the chest",
        "insertion: not documented",
        "nerve: Long thoracic nerve (C5, C6, C7), motor [smith-2001]",
        "disputed: Does pressing",
        "[manual-1999] Writer T (1999)",
        "not a diagnosis.",
    ):
        assert part in text
    assert text.index("PNEUMOTHORAX") < text.index("Trigger points") < text.index("Anatomy")


def test_text_of_a_muscle_without_points() -> None:
    def change(values: dict[str, Any]) -> None:
        muscle = values["muscles"][1]
        muscle["trigger_points"] = []
        muscle["insertion"] = {"text": "Outer third.", "unsourced": True}
        muscle["innervation"] = [{"nerve": "Accessory nerve", "references": ["smith-2001"]}]

    text = as_text(dossier(build(change), "trapezius"))
    assert "No trigger point documented here." in text
    assert "insertion: Outer third. [no source]" in text
    assert "nerve: Accessory nerve, motor" in text


def test_other_sides_are_named() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][1]["trigger_points"][1]["essential"][0]["side"] = "bilateral"

    assert "Lower shoulder blade (bilateral)" in as_text(dossier(build(change), "trapezius"))


def test_the_builders_copy_is_not_shared() -> None:
    assert raw() == raw()
    assert raw()["muscles"] is not raw()["muscles"]


# --- hazards at each point --------------------------------------------------------------------------------


BUT = "but the reference body shows:"


def hazards_of(data: dict[str, Any]) -> list[list[str]]:
    return [[hazard["kind"] for hazard in point["hazards"]] for point in data["trigger_points"]]


def narrowed(values: Raw) -> None:
    """At the trapezius: the note on the lung for its second point alone, and none of the nerve."""
    nerve, lung = values["muscles"][1]["safety"]
    values["muscles"][1]["safety"] = [lung | {"points": ["trapezius-2"]}]
    assert nerve["hazard"] == "nerve-injury"


def test_every_point_names_its_hazards_pneumothorax_first() -> None:
    data = dossier(build(), "trapezius")
    assert hazards_of(data) == [["pneumothorax", "nerve-injury"]] * 2
    assert as_text(data).count("     ! hazards: Pneumothorax, Nerve injury\n") == 2


def test_a_note_that_is_narrowed_to_a_point_stands_there_alone() -> None:
    assert hazards_of(dossier(build(narrowed), "trapezius")) == [[], ["pneumothorax"]]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "     hazards: not documented\n"),
        ({"trapezius-1": []}, f"     hazards: {NO_HAZARD}\n"),
        (
            {"trapezius-1": [{"where": "On the way", "names": ["Heart", "Pleura"]}]},
            f"     ! hazards: not documented, {BUT}\n     in the reference body, on the way: Heart; Pleura\n",
        ),
    ],
)
def test_without_a_note_the_body_is_asked_before_anything_is_said(body: dict[str, Any], words: str) -> None:
    """That nothing was found is said only where somebody looked."""
    text = as_text(dossier(build(narrowed), "trapezius", body))
    assert words in text
    assert (NO_HAZARD in text) == (body == {"trapezius-1": []})


@pytest.mark.parametrize(
    ("body", "absence"),
    [
        (None, None),  # nothing was looked at
        ({}, None),
        ({"trapezius-1": []}, None),
        ({"trapezius-1": [], "trapezius-2": [{"where": "Near", "names": ["Nerve"]}]}, None),
        ({"trapezius-1": [], "trapezius-2": []}, NO_HAZARD),
    ],
)
def test_of_a_muscle_it_is_said_only_where_every_point_was_looked_at(
    body: dict[str, Any] | None, absence: str | None
) -> None:
    def bare(values: Raw) -> None:
        values["muscles"][1]["safety"] = []

    data = dossier(build(bare), "trapezius", body)
    assert data["no_hazard"] == absence
    assert as_text(data).startswith("Trapezius")

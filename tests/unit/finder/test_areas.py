from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import build
from triggermap.dataset.models import Evidence
from triggermap.finder.areas import (
    muscles_by_region,
    muscles_for_condition,
    muscles_for_regions,
    points_for_regions,
    regions_of_group,
)


def test_essential_beats_spillover() -> None:
    matches = muscles_for_regions(build(), ["shoulder-blade-lower"])
    assert [(match.muscle, match.kind) for match in matches] == [
        ("trapezius", "essential"),
        ("serratus-anterior", "spillover"),
    ]
    assert [match.point for match in points_for_regions(build(), ["shoulder-blade-lower"])] == [
        "trapezius-2",
        "serratus-anterior-1",
    ]


def test_essential_beats_any_amount_of_spillover() -> None:
    def change(values: dict[str, Any]) -> None:
        point = values["muscles"][0]["trigger_points"][0]
        point["spillover"] = [
            {"region": region, "references": ["smith-2001"]}
            for region in ("shoulder-blade-lower", "temple", "behind-eye", "breastbone")
        ]

    wanted = ["shoulder-blade-lower", "breastbone", "side-of-chest"]
    matches = points_for_regions(build(change), wanted)
    assert [match.kind for match in matches] == ["essential", "essential", "spillover"]


def test_what_explains_more_comes_first() -> None:
    matches = points_for_regions(build(), ["temple", "behind-eye", "shoulder-blade-lower"])
    assert matches[0].point == "trapezius-1"
    assert matches[0].regions == ("temple", "behind-eye")
    assert matches[0].score > matches[1].score


def test_the_more_specific_pattern_breaks_ties() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][0]["trigger_points"][0]["essential"] = [
            {"region": "temple", "references": ["smith-2001"]}
        ]
        values["muscles"][0]["trigger_points"][0]["spillover"] = []

    matches = muscles_for_regions(build(change), ["temple"])
    assert [match.muscle for match in matches] == ["serratus-anterior", "trapezius"]


def test_sides_are_told() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][1]["trigger_points"][0]["essential"][0]["side"] = "contralateral"

    assert points_for_regions(build(change), ["temple"])[0].sides == ("contralateral",)


def test_all_regions_at_once_are_the_same() -> None:
    dataset = build()
    at_once = muscles_by_region(dataset)
    for region in dataset.regions:
        assert at_once.get(region.id, ()) == muscles_for_regions(dataset, [region.id])


@pytest.mark.parametrize("regions", [[], ["nowhere"]])
def test_no_region_no_muscles(regions: list[str]) -> None:
    assert muscles_for_regions(build(), regions) == ()


def test_conditions_by_evidence() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][0]["conditions"][0]["condition"] = "headache"

    matches = muscles_for_condition(build(change), "headache")
    assert [(match.muscle, match.evidence) for match in matches] == [
        ("trapezius", Evidence.TRIAL),
        ("serratus-anterior", Evidence.TEXTBOOK),
    ]
    assert muscles_for_condition(build(), "nothing") == ()


def test_groups_hold_the_regions_of_their_groups() -> None:
    assert regions_of_group(build(), "head") == ("behind-eye", "temple")
    assert regions_of_group(build(), "temples") == ("temple",)
    assert regions_of_group(build(), "none") == ()


def test_groups_in_a_circle_end() -> None:
    circle = build(lambda values: values["groups"][0].update(parent="temples"))
    assert regions_of_group(circle, "trunk") == ("breastbone", "shoulder-blade-lower", "side-of-chest")

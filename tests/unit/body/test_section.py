"""The cross-section as numbers: what is drawn, how far, in which lanes; nothing lost, nothing squeezed."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triggermap.body.plates import Structure
from triggermap.body.probe import Stratum
from triggermap.body.section import (
    FARTHEST_MM,
    NEAR_MM,
    REST_MM,
    SHOWN_MM,
    TOUCH_MM,
    Bar,
    Section,
    section_of,
    spread,
)


def stratum(entry: float, end: float, system: str = "muscles", number: int = 1) -> Stratum:
    structure = Structure(number, f"{system}/{number}", system, "", f"S {number}", "left", None, None)
    return Stratum(structure, entry, end)


def skin(entry: float, end: float) -> Stratum:
    return stratum(entry, end, "skin", 9999)


def places(section: Section) -> list[tuple[int, int, int, int]]:
    return [(bar.number, bar.lane, bar.lanes, bar.span) for bar in section.bars]


def shared(one: Bar, other: Bar) -> float:
    """How many mm two bars have in common."""
    return min(one.bottom, other.bottom) - max(one.top, other.top)


# --- how far it is drawn ----------------------------------------------------------------------------------


def test_a_short_way_is_drawn_whole() -> None:
    section = section_of([skin(0, 60), stratum(5, 20), stratum(22, 40, number=2)])
    assert (section.drawn, section.depth, section.broken, section.further) == (60, 60, False, ())
    assert not any(bar.broken for bar in (*section.skins, *section.bars))


def test_a_long_way_is_broken_off_and_the_rest_is_listed() -> None:
    section = section_of([skin(0, 240), stratum(10, 30), stratum(70, 200, number=2), stratum(205, 220)])
    assert (section.drawn, section.broken, section.further) == (NEAR_MM, True, (4,))
    near, through = section.bars
    assert (near.top, near.bottom, near.broken) == (10, 30, False)
    assert (through.top, through.bottom, through.broken) == (70, NEAR_MM, True)
    assert section.skins[0].broken


def test_a_small_rest_is_not_broken_off() -> None:
    near = stratum(5, NEAR_MM)
    assert section_of([skin(0, NEAR_MM + REST_MM), near]).drawn == NEAR_MM + REST_MM
    assert section_of([skin(0, NEAR_MM + REST_MM + 1), near]).drawn == NEAR_MM


@pytest.mark.parametrize(
    ("entry", "drawn"),
    [
        (40.0, NEAR_MM),
        (79.0, 79.0 + SHOWN_MM),
        (100.0, 100.0 + SHOWN_MM),
        (115.0, FARTHEST_MM),
        (FARTHEST_MM, NEAR_MM),
        (150.0, NEAR_MM),
    ],
)
def test_what_must_be_shown_draws_it_out_as_far_as_that_helps(entry: float, drawn: float) -> None:
    section = section_of([skin(0, 240), stratum(entry, 200)], [entry, 190.0])
    assert section.drawn == drawn
    assert (2 in section.further) == (entry >= drawn)


def test_what_the_model_leaves_empty_is_not_drawn() -> None:
    section = section_of([skin(0, 240), stratum(10, 30)])
    assert (section.drawn, section.broken, section.further) == (30 + REST_MM, True, ())
    assert not section.bars[0].broken


def test_nothing_makes_an_empty_section() -> None:
    section = section_of([])
    assert (section.skins, section.bars, section.further, section.broken) == ((), (), (), False)


# --- lanes ------------------------------------------------------------------------------------------------


def test_layers_that_follow_each_other_have_the_whole_width() -> None:
    section = section_of([skin(0, 50), stratum(5, 20), stratum(20, 30), stratum(31, 45)])
    assert places(section) == [(2, 0, 1, 1), (3, 0, 1, 1), (4, 0, 1, 1)]
    assert {bar.sides for bar in section.bars} == {(0.0, 1.0)}


def test_layers_that_merely_touch_have_the_whole_width() -> None:
    touching = section_of([skin(0, 50), stratum(5, 20), stratum(20 - TOUCH_MM, 30)])
    assert places(touching) == [(2, 0, 1, 1), (3, 0, 1, 1)]
    overlapping = section_of([skin(0, 50), stratum(5, 20), stratum(20 - TOUCH_MM - 0.1, 30)])
    assert places(overlapping) == [(2, 0, 2, 1), (3, 1, 2, 1)]


def test_a_thin_nerve_in_a_muscle_is_not_hidden_by_it() -> None:
    section = section_of([skin(0, 50), stratum(5, 20), stratum(10, 10.4, "nerves", 2)])
    assert places(section) == [(2, 0, 2, 1), (3, 1, 2, 1)]


def test_nested_lung_stands_side_by_side_and_a_free_lane_is_used_again() -> None:
    """Rib, lung zone, pleura, lobe as they are on the back; behind them a muscle."""
    section = section_of(
        [skin(0, 70), stratum(5, 15), stratum(13, 40), stratum(13.5, 38), stratum(17, 36), stratum(45, 50)]
    )
    assert places(section) == [(2, 0, 3, 1), (3, 1, 3, 1), (4, 2, 3, 1), (5, 0, 3, 1), (6, 0, 1, 1)]


def test_a_bar_takes_the_lanes_that_are_free_beside_it() -> None:
    section = section_of([skin(0, 60), stratum(0, 30), stratum(5, 20), stratum(10, 40), stratum(35, 50)])
    assert places(section) == [(2, 0, 3, 1), (3, 1, 3, 1), (4, 2, 3, 1), (5, 0, 3, 2)]
    assert section.bars[3].sides == (0.0, 2 / 3)


WAYS = st.lists(
    st.tuples(st.floats(0, 200), st.floats(0.1, 90), st.sampled_from(["muscles", "nerves", "skin"])),
    max_size=25,
).map(
    lambda rows: [
        stratum(round(at, 1), round(at + thick, 1), system, n)
        for n, (at, thick, system) in enumerate(sorted(rows))
    ]
)


@given(WAYS)
def test_whatever_is_met_is_drawn_or_listed_once(strata: list[Stratum]) -> None:
    section = section_of(strata)
    drawn = [bar.number for bar in (*section.skins, *section.bars)]
    assert sorted([*drawn, *section.further]) == list(range(1, len(strata) + 1))
    for bar in (*section.skins, *section.bars):
        met = strata[bar.number - 1]
        assert bar.stratum is met
        # To scale: from where it is entered to where it is left, or to the break.
        assert (bar.top, bar.bottom) == (met.entry, min(met.exit, section.drawn))
        assert bar.broken == (met.exit > section.drawn)
    assert all(strata[number - 1].entry >= section.drawn for number in section.further)


@given(WAYS)
def test_no_bar_lies_on_another(strata: list[Stratum]) -> None:
    for one, other in combinations(section_of(strata).bars, 2):
        (left, right), (first, last) = one.sides, other.sides
        if min(right, last) - max(left, first) > 1e-9:
            thinner = min(one.bottom - one.top, other.bottom - other.top)
            assert shared(one, other) <= min(TOUCH_MM, thinner / 2)


@given(WAYS)
def test_there_are_no_more_lanes_than_bars_side_by_side(strata: list[Stratum]) -> None:
    section = section_of(strata)
    for bar in section.bars:
        assert 0 <= bar.lane < bar.lane + bar.span <= bar.lanes
        if bar.lanes > 1:
            assert any(shared(bar, other) > 0 for other in section.bars if other is not bar)


# --- names ------------------------------------------------------------------------------------------------


def test_names_with_room_stand_at_their_bars() -> None:
    assert spread([10, 50, 90], [20, 20, 20]) == [0, 40, 80]


def test_names_without_room_stand_evenly_about_their_bars() -> None:
    assert spread([50, 50], [20, 20]) == [30, 50]
    assert spread([5, 5], [20, 20]) == [0, 20]
    assert spread([], []) == []


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 60)), max_size=25))
def test_names_keep_their_order_and_never_overlap(rows: list[tuple[float, float]]) -> None:
    wanted, heights = sorted(at for at, _ in rows), [high for _, high in rows]
    tops = spread(wanted, heights, 2.0)
    assert all(top >= 2.0 - 1e-9 for top in tops)
    ends = [top + high for top, high in zip(tops, heights, strict=True)]
    assert all(end <= top + 1e-6 for end, top in zip(ends, tops[1:], strict=False))

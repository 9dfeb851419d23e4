"""A state is one line of text, and nothing that contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggermap.errors import TriggermapError
from triggermap.state import SIDES, State

SLUG = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
# Ids are slugs and mesh ids, but a link may hold anything.
CHARACTERS = st.sampled_from("a-/.&=?+%#; \n") | st.characters(exclude_categories=["Cs"])
VALUE = st.none() | st.text(CHARACTERS, min_size=1, max_size=12)
STATES = st.builds(
    State,
    plate=SLUG,
    layer=SLUG,
    side=st.sampled_from(SIDES),
    muscle=VALUE,
    point=VALUE,
    structure=VALUE,
    region=VALUE,
    hazard=VALUE,
    labels=st.booleans(),
    overlays=st.lists(SLUG, max_size=4).map(tuple),
    probe=st.booleans(),
)


def sentence(error: BaseException) -> bool:
    """Whether an error is one that can be shown: one line that ends."""
    text = str(error)
    return text.endswith(".") and "\n" not in text and len(text) < 300


@settings(deadline=None, max_examples=50)
@given(STATES)
def test_what_is_written_is_read_back(state: State) -> None:
    state = state.normalised()
    line = state.format()
    assert State.parse(line) == state
    assert State.parse(f"  {line}\n") == state
    assert len(line.split()) == 1


@pytest.mark.parametrize("value", ["a&b=c", "a?b", "a+b", "a%20b", "a#b", " a ", "a\nb", "é/ü.l.1", "a;b"])
def test_a_link_may_hold_anything(value: str) -> None:
    for state in (
        State("back", "deep", "left", muscle=value, point=value),
        State("back", "deep", "left", structure=value, labels=True),
        State("back", "deep", "left", region=value),
        State("back", "deep", "left", hazard=value),
    ):
        assert State.parse(state.format()) == state


@settings(deadline=None, max_examples=50)
@given(STATES)
def test_a_normal_state_selects_one_thing(state: State) -> None:
    normal = state.normalised()
    chosen = (normal.muscle, normal.structure, normal.region, normal.hazard)
    assert sum(value is not None for value in chosen) <= 1
    assert normal.point is None or normal.muscle is not None
    assert normal.normalised() == normal
    assert normal.cleared() == state.cleared().normalised()


def test_the_line_is_what_people_write() -> None:
    state = State("back", "superficial", "left", muscle="trapezius", point="trapezius-1", labels=True)
    assert state.format() == "back/superficial/left?muscle=trapezius&point=trapezius-1&labels=1"
    mesh = State("front", "deep", "both", structure="muscles/soleus.l.1")
    assert mesh.format() == "front/deep/both?structure=muscles/soleus.l.1"
    assert State("left", "skin", "right").format() == "left/skin/right"
    harm = State("front", "deep", "both", hazard="kidney", overlays=("hazards",))
    assert harm.format() == "front/deep/both?hazard=kidney&show=hazards"
    over = State("front", "deep", "both", overlays=("landmarks", "nerves"), probe=True)
    assert over.format() == "front/deep/both?show=landmarks,nerves&probe=1"


def test_overlays_are_sorted_and_stand_once() -> None:
    state = State(overlays=("veins", "nerves", "veins"))
    assert state.normalised().overlays == ("nerves", "veins")
    assert replace(state, muscle="a").normalised().overlays == ("nerves", "veins")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("muscle=a&structure=m/b&region=c", {"muscle": "a"}),
        ("structure=m/b&region=c", {"structure": "m/b"}),
        ("point=p", {}),
        ("point=p&region=c", {"region": "c"}),
        ("muscle=a&point=p", {"muscle": "a", "point": "p"}),
        ("muscle=&point=p&region=c", {"region": "c"}),
        ("muscle=", {}),
        ("labels=0", {}),
        ("labels=1", {"labels": True}),
        ("probe=1", {"probe": True}),
        ("probe=yes", {}),
        ("show=veins,nerves,veins", {"overlays": ("nerves", "veins")}),
        ("show=+nerves+,,", {"overlays": ("nerves",)}),
        ("show=", {}),
        ("", {}),
    ],
)
def test_contradictions_are_settled(query: str, expected: dict[str, Any]) -> None:
    assert State.parse(f"back/deep/left?{query}") == State("back", "deep", "left", **expected)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "PLATE/LAYER/SIDE"),
        ("back", "PLATE/LAYER/SIDE"),
        ("back/deep", "PLATE/LAYER/SIDE"),
        ("back//left", "PLATE/LAYER/SIDE"),
        ("/deep/left", "PLATE/LAYER/SIDE"),
        ("back/deep/left/", "PLATE/LAYER/SIDE"),
        ("back/deep/left/more", "PLATE/LAYER/SIDE"),
        ("back/deep/up", "'up' is no side"),
        ("back/deep/Left", "'Left' is no side"),
        ("back/deep/left?colour=red", "'colour' is no part of a state"),
        ("back/deep/left?muscle=a&Point=p", "'Point' is no part of a state"),
    ],
)
def test_what_is_no_state_says_so_in_a_sentence(line: str, words: str) -> None:
    with pytest.raises(TriggermapError) as caught:
        State.parse(line)
    assert words in str(caught.value)
    assert sentence(caught.value)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40))
def test_any_line_is_a_state_or_a_triggermap_error(line: str) -> None:
    try:
        state = State.parse(line)
    except TriggermapError:
        return
    assert State.parse(state.format()) == state


def test_clearing_keeps_the_view() -> None:
    view = State("back", "deep", "left", labels=True, overlays=("nerves",), probe=True)
    assert replace(view, muscle="a", point="p").cleared() == view

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import build
from triggermap.dataset.loader import load
from triggermap.dataset.models import Severity
from triggermap.finder.search import KINDS, Hit, Index, normalise
from triggermap.paths import data_dir

INDEX = Index(build())


def first(query: str) -> Hit:
    return INDEX.search(query)[0]


@pytest.mark.parametrize(
    ("query", "kind", "id_"),
    [
        ("trapezius", "muscle", "trapezius"),
        ("TRAPEZIUS", "muscle", "trapezius"),
        ("trap", "muscle", "trapezius"),
        ("trapzius", "muscle", "trapezius"),
        ("trapesius", "muscle", "trapezius"),
        ("musculus trapezius", "muscle", "trapezius"),
        ("m. trapezius", "muscle", "trapezius"),
        ("coat hanger", "muscle", "trapezius"),
        ("hanger coat", "muscle", "trapezius"),
        ("boxers muscle", "muscle", "serratus-anterior"),
        ("boxer's muscle", "muscle", "serratus-anterior"),
        ("seratus anteror", "muscle", "serratus-anterior"),
        ("anterior serratus", "muscle", "serratus-anterior"),
        ("upper trapezius", "part", "trapezius-upper"),
        ("pars descendens", "part", "trapezius-upper"),
        ("front edge", "point", "trapezius-1"),
        ("trapezius 2", "point", "trapezius-2"),
        ("stress headache", "condition", "headache"),
        ("headache", "condition", "headache"),
        ("behind the eye", "region", "behind-eye"),
        ("pain behind my eye", "region", "behind-eye"),
        ("it hurts at the temple", "region", "temple"),
        ("retro-orbital", "region", "behind-eye"),
        ("cote", "region", "side-of-chest"),
        ("CÔTÉ", "region", "side-of-chest"),
        ("long thoracic", "nerve", "long-thoracic-nerve"),
        ("accessory nerve", "nerve", "accessory-nerve"),
        ("pneumothorax", "hazard", "pneumothorax"),
        ("nerve injury", "hazard", "nerve-injury"),
    ],
)
def test_what_is_looked_for_comes_first(query: str, kind: str, id_: str) -> None:
    assert (first(query).kind, first(query).id) == (kind, id_)


@pytest.mark.parametrize("query", ["", "   ", "?!", "qqqqqq", "trapezius qqqqqq"])
def test_nothing_is_found(query: str) -> None:
    assert INDEX.search(query) == ()


def test_hits_lead_to_muscles() -> None:
    assert first("trapezius").muscles == ("trapezius",)
    assert first("front edge").point == "trapezius-1"
    assert first("lower shoulder blade").muscles == ("trapezius", "serratus-anterior")
    assert first("stitch").muscles == ("serratus-anterior",)
    assert first("accessory nerve").muscles == ("trapezius",)


def test_no_list_shows_a_point_without_what_can_kill_there() -> None:
    real = load(data_dir())
    index = Index(real)
    checked = 0
    for muscle in real.muscles:
        for point in muscle.trigger_points:
            notes = [n for n in muscle.safety if not n.points or point.id in n.points]
            grave = {n.hazard for n in notes if n.severity is Severity.LIFE_THREATENING}
            for hit in index.search(f"{muscle.name} {point.label}"):
                if hit.point == point.id:
                    checked += 1
                    assert bool(hit.warning) == bool(grave)
                    assert hit.subtitle.startswith(hit.warning)
                    if "pneumothorax" in grave:
                        assert hit.subtitle.startswith("Pneumothorax · trigger point")
    assert checked > 200


def test_subtitles_say_why() -> None:
    assert first("trapezius").subtitle == "Musculus trapezius"
    assert "found as “coat-hanger muscle”" in first("coat hanger").subtitle
    assert first("breastbone").subtitle == "pain here, 1 muscle"
    assert first("upper trapezius").subtitle == "part of Trapezius"
    assert first("long thoracic").subtitle == "nerve of 1 muscle"


def test_a_region_without_muscles_says_so() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][1]["trigger_points"][0]["spillover"] = []

    hit = Index(build(change)).search("breastbone")[0]
    assert hit.subtitle == "pain here, no muscle documented"
    assert hit.muscles == ()


def test_beginning_beats_middle_beats_nearly() -> None:
    def change(values: dict[str, Any]) -> None:
        values["muscles"][0]["synonyms"] = ["orbis", "xxorbit", "orbiz"]

    hits = {hit.title: hit.score for hit in Index(build(change)).search("orbit")}
    assert hits["Behind the eye"] > hits["Serratus anterior"]
    begins, holds, nearly = (INDEX.search(query)[0].score for query in ("trapez", "rapezius", "trapezuis"))
    assert begins > holds > nearly


def test_limit_and_order() -> None:
    everything = INDEX.search("a", limit=100)
    assert INDEX.search("a", limit=3) == everything[:3]
    assert [hit.score for hit in everything] == sorted((hit.score for hit in everything), reverse=True)
    assert Index(build()).search("a", limit=100) == everything


def test_each_thing_is_found_once() -> None:
    hits = INDEX.search("e", limit=1000)
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)


def test_browse_lists_muscles_then_conditions() -> None:
    assert [hit.id for hit in INDEX.browse()] == ["serratus-anterior", "trapezius", "stitch", "headache"]


def test_muscles_are_listed_in_the_given_order() -> None:
    hits = INDEX.muscles(["trapezius", "nothing", "serratus-anterior"])
    assert [(hit.kind, hit.id) for hit in hits] == [
        ("muscle", "trapezius"),
        ("muscle", "serratus-anterior"),
    ]


def test_json() -> None:
    data = first("trapezius").as_json()
    assert data["kind"] == "muscle"
    assert data["muscles"] == ["trapezius"]


def test_an_empty_dataset_finds_nothing() -> None:
    empty = build(lambda values: [values[key].clear() for key in values])
    assert Index(empty).search("trapezius") == ()


@pytest.mark.parametrize(
    ("text", "plain"),
    [("  M.  Soléus (L) ", "m soleus l"), ("ﬁbre", "fibre"), ("Straße", "strasse"), ("a_b-c", "a b c")],
)
def test_normalise(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(max_size=200))
def test_no_query_crashes(query: str) -> None:
    hits = INDEX.search(query)
    assert all(0 < hit.score <= 100 and hit.kind in KINDS for hit in hits)


@given(st.sampled_from(["trapezius", "serratus anterior", "headache", "breastbone"]), st.data())
def test_one_typing_error_is_forgiven(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 1))
    typed = data.draw(st.sampled_from([name[:at] + name[at + 1 :], name[:at] + "x" + name[at:]]))
    assert any(hit.title.casefold().endswith(name) for hit in INDEX.search(typed))

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.unit.builders import Change, Raw, build, claim
from triggermap.dataset import rules
from triggermap.dataset.models import Dataset, sourced_in
from triggermap.dataset.rules import Finding, Known

Rule = Callable[[Dataset], Iterable[Finding]]


def with_known(rule: Callable[[Dataset, Known], Iterable[Finding]]) -> Rule:
    def run(dataset: Dataset) -> Iterable[Finding]:
        return rule(dataset, Known.of(dataset))

    run.__name__ = rule.__name__
    return run


def put(path: str, value: object) -> Change:
    """Set the value at a dotted path of keys and indices."""

    def change(values: Raw) -> None:
        *owners, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        owner: Any = values
        for key in owners:
            owner = owner[key]
        owner[last] = value

    return change


def reported(text: str, whose: str = "clinic claim", against: list[Raw] | None = None) -> Raw:
    return {**claim(text), "reported": whose, "against": against or []}


def unsourced(path: str) -> Change:
    def change(values: Raw) -> None:
        put(f"{path}.references", [])(values)
        put(f"{path}.unsourced", True)(values)

    return change


def twice(key: str) -> Change:
    return lambda values: values[key].append(values[key][-1])


def related(point: str) -> Raw:
    return {"point": point, "relation": "key", "references": ["smith-2001"]}


def both(*changes: Change) -> Change:
    return lambda values: [change(values) for change in changes]


ids_unique = rules.ids_unique
references_resolve = with_known(rules.references_resolve)
regions_resolve = with_known(rules.regions_resolve)
related_resolve = with_known(rules.related_resolve)
groups_resolve = with_known(rules.groups_resolve)
conditions_resolve = with_known(rules.conditions_resolve)
hazards_resolve = with_known(rules.hazards_resolve)
answers_resolve = with_known(rules.answers_resolve)

POINT = "muscles.0.trigger_points.0"
FAILING: list[tuple[Rule, Change, str, int]] = [
    (ids_unique, twice("muscles"), "'trapezius' is taken", 3),  # with its two points
    (ids_unique, twice("regions"), "'temple' is taken", 1),
    (ids_unique, twice("references"), "'smith-2001' is taken", 1),
    (ids_unique, put("muscles.1.trigger_points.1.id", "serratus-anterior-1"), "is taken", 1),
    (
        ids_unique,
        lambda values: values["muscles"][1]["parts"].append(values["muscles"][1]["parts"][0]),
        "'trapezius-upper' is taken",
        1,
    ),
    (
        references_resolve,
        put("hazards.0.summary.references", ["jones-2011"]),
        "Did you mean 'jones-2010'?",
        1,
    ),
    (references_resolve, put("muscles.1.ids.references", ["zzz"]), "add 'zzz' first", 1),
    (regions_resolve, put(f"{POINT}.spillover.0.region", "tempel"), "Did you mean 'temple'?", 1),
    (groups_resolve, put("regions.0.group", "heat"), "Did you mean 'head'?", 1),
    (groups_resolve, put("groups.1.parent", "heat"), "no group 'heat'", 1),
    (groups_resolve, put("groups.0.parent", "temples"), "lies within itself", 2),
    (groups_resolve, put("groups.0.parent", "head"), "lies within itself", 1),
    (conditions_resolve, put("muscles.0.conditions.0.condition", "stich"), "Did you mean 'stitch'?", 1),
    (hazards_resolve, put("muscles.0.safety.0.hazard", "burn"), "no hazard 'burn'", 1),
    (rules.parts_resolve, put("muscles.1.trigger_points.0.part", "upper"), "no part 'upper'", 1),
    (rules.points_resolve, put("muscles.0.safety.0.points", ["trapezius-1"]), "of this muscle", 1),
    (related_resolve, put(f"{POINT}.related", [related("trapezius-9")]), "no trigger point 'trapezius-9'", 1),
    (related_resolve, put(f"{POINT}.related", [related("serratus-anterior-1")]), "names itself", 1),
    (
        answers_resolve,
        put(
            "answers",
            [{"id": "far", "structures": ["veins/*"], "points": ["trapezius-9"], "reason": "Far off."}],
        ),
        "no trigger point 'trapezius-9'",
        1,
    ),
    (rules.left_side, put(f"{POINT}.position.at", [-1, 2, 3]), "lies on the right", 1),
    (rules.left_side, put(f"{POINT}.position.mesh", "muscles/x.r"), "is a right one", 1),
    (rules.left_side, put("muscles.1.parts.0.meshes", ["muscles/x.r.2"]), "is a right one", 1),
    (rules.left_side, put("muscles.0.meshes", ["muscles/x.r"]), "is a right one", 1),
    (rules.left_side, put("regions.4.seeds.0.0", -3.0), "seed lies on the right", 1),
    (rules.left_side, put("regions.0.anchor.0", -3.0), "anchor lies on the right", 1),
    (rules.own_mesh, put(f"{POINT}.position.mesh", "muscles/other.l"), "is no mesh of", 1),
    (rules.zones_disjoint, put(f"{POINT}.spillover.0.region", "side-of-chest"), "first as essential", 1),
    (
        rules.zones_disjoint,
        both(
            put(f"{POINT}.spillover.0.region", "side-of-chest"), put(f"{POINT}.spillover.0.side", "bilateral")
        ),
        "stands twice",
        1,
    ),
    (rules.ids_sorted, lambda values: values["muscles"].reverse(), "comes after", 1),
    (rules.ids_sorted, lambda values: values["references"].reverse(), "comes after", 2),
    (rules.point_ids, put(f"{POINT}.id", "serratus-1"), "does not begin with", 1),
    (rules.labels_unique, put("muscles.1.trigger_points.1.label", "1"), "label '1' is taken", 1),
    (
        rules.roots_in_order,
        put("muscles.0.innervation.0.roots", ["C7", "C5", "C6"]),
        "Write [C5, C6, C7]",
        1,
    ),
    (rules.roots_in_order, put("muscles.0.innervation.0.roots", ["L5", "L5"]), "Write [L5]", 1),
    (rules.roots_in_order, put("muscles.0.innervation.0.roots", ["S5", "Co1", "T1"]), "[T1, S5, Co1]", 1),
    (rules.safety_sourced, unsourced("muscles.0.safety.0"), "safety needs a source", 1),
    (rules.safety_sourced, unsourced("hazards.1.facts.0"), "safety needs a source", 1),
    (rules.safety_sourced, unsourced("topics.0.facts.0"), "safety needs a source", 1),
    (rules.safety_present, put("muscles.0.safety", []), "no safety note", 1),
    (
        rules.other_side_sourced,
        both(unsourced(f"{POINT}.essential.0"), put(f"{POINT}.essential.0.side", "contralateral")),
        "a contralateral zone needs a source",
        1,
    ),
    (
        rules.midline_sides,
        put("muscles.1.trigger_points.0.spillover.0.side", "bilateral"),
        "lies in the midline",
        1,
    ),
    (
        rules.disagreements_differ,
        put("muscles.0.disagreements.0.positions.1.references", ["manual-1999"]),
        "rest on the same sources",
        1,
    ),
    (rules.references_findable, lambda values: values["references"][0].pop("doi"), "no doi", 1),
    (
        rules.books_say_what_was_seen,
        lambda values: values["references"][1].update(opened=True, seen="full text"),
        "nothing says where it was read",
        1,
    ),
    (rules.no_placeholders, put(f"{POINT}.site.text", "TBD: on the rib."), "'TBD' fills a gap", 1),
    (rules.no_placeholders, put("conditions.0.summary.text", "As above, but worse."), "'As above' fills", 1),
    (rules.no_placeholders, put("regions.0.name", "Lorem ipsum"), "'Lorem' fills", 1),
    (
        rules.no_repetition,
        put("muscles.1.safety.1.text", "The muscle lies on the ribs; and the lung lies beneath them!"),
        "the same text stands elsewhere",
        1,
    ),
    (
        rules.no_repetition,
        put("muscles.1.palpation", [claim("Press it flat."), claim("Press it flat.")]),
        "the same text stands elsewhere",
        1,
    ),
    (rules.no_false_comfort, put("muscles.0.safety.0.text", "A safe site it is."), "promises safety", 1),
    (rules.no_false_comfort, put("muscles.0.safety.0.unseen", "There is no risk here."), "'no risk'", 1),
    (rules.no_false_comfort, put("muscles.0.lay_words", ["low-risk muscle"]), "'low-risk'", 1),
    (rules.no_false_comfort, put("hazards.0.summary.text", "It rarely happens."), "calls a hazard rare", 1),
    (rules.no_false_comfort, put("muscles.0.disagreements.0.question", "A safe way?"), "promises safety", 1),
    (
        rules.no_false_comfort,
        put(f"{POINT}.site.text", "On rib 6, 10 mm below the skin."),
        "may be read as a depth",
        1,
    ),
    (
        rules.no_false_comfort,
        put("conditions.0.red_flags", [reported("It is safe.", against=[claim("So it is safe.")])]),
        "promises safety",
        1,
    ),
    (
        rules.reported_rightly,
        put("muscles.1.palpation", [reported("Press it.")]),
        "nothing here needs to be reported",
        1,
    ),
    (
        rules.reported_rightly,
        put("muscles.1.palpation", [reported("It is safe.")]),
        "is reported with nothing against it",
        1,
    ),
    (
        rules.reported_rightly,
        put("muscles.1.palpation", [reported("Nothing was hit.", "study finding")]),
        "without its population",
        1,
    ),
    (rules.british_spelling, put(f"{POINT}.site.text", "At the Center of the fibers."), "Write 'centre", 2),
    (rules.british_spelling, put("conditions.0.name", "Paresthesia"), "Write 'paraesthe", 1),
    (
        rules.mostly_sourced,
        both(*(unsourced(f"muscles.1.{key}") for key in ("palpation.0", "insertion", "conditions.0", "ids"))),
        "claims are unsourced",
        1,
    ),
]


def case_name(value: object) -> str | None:
    return getattr(value, "__name__", None) if callable(value) else None


@pytest.mark.parametrize(("rule", "change", "words", "count"), FAILING, ids=case_name)
def test_rule_finds_the_fault(rule: Rule, change: Change, words: str, count: int) -> None:
    found = list(rule(build(change)))
    assert len(found) == count
    assert any(words in f"{finding.message}. {finding.hint}" for finding in found)


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rule, *_ in FAILING)), ids=case_name)
def test_rule_passes_a_sound_dataset(rule: Rule) -> None:
    assert list(rule(build())) == []


PASSING: list[tuple[Rule, Change]] = [
    # A muscle without meshes of its own names the mesh on which it lies.
    (
        rules.own_mesh,
        both(put("muscles.0.meshes", []), put(f"{POINT}.position.mesh", "muscles/pectoralis_major.l")),
    ),
    (
        rules.zones_disjoint,
        both(
            put(f"{POINT}.spillover.0.region", "side-of-chest"),
            put(f"{POINT}.spillover.0.side", "contralateral"),
        ),
    ),
    (rules.left_side, put(f"{POINT}.position.mesh", "muscles/diaphragm")),
    (rules.safety_present, both(put("muscles.0.safety", []), put("muscles.0.trigger_points", []))),
    (rules.other_side_sourced, put(f"{POINT}.essential.0.side", "contralateral")),
    (rules.books_say_what_was_seen, put("references.1.seen_note", "chapter read in a library")),
    # A short plain fact may be true of two muscles.
    (
        rules.no_repetition,
        both(
            put("muscles.0.actions", [claim("Flexes the wrist.")]),
            put("muscles.1.actions", [claim("Flexes the wrist.")]),
        ),
    ),
    (rules.no_false_comfort, put("muscles.0.safety.0.text", "No safe depth can be given.")),
    (rules.no_false_comfort, put("muscles.0.safety.0.text", "The trial had a low risk of bias.")),
    (rules.no_false_comfort, put("muscles.0.palpation", [claim("Pain rarely goes far.")])),
    (rules.no_false_comfort, put(f"{POINT}.position.rule", "18 mm deep to the surface of the muscle.")),
    (rules.no_false_comfort, put("references.0.title", "Safe needling.")),
    (rules.no_false_comfort, put("muscles.1.palpation", [reported("It is safe.")])),
    (
        rules.reported_rightly,
        put("muscles.1.palpation", [reported("It is safe.", against=[claim("It is not.")])]),
    ),
    (
        rules.reported_rightly,
        put("muscles.1.palpation", [reported("Nothing was hit in 9 cadavers.", "study finding")]),
    ),
    (
        rules.no_repetition,
        put(
            "muscles.1.palpation",
            [
                reported("It is safe.", against=[claim("It is not so.")]),
                reported("It is quite safe.", against=[claim("It is not so.")]),
            ],
        ),
    ),
    (rules.british_spelling, put("muscles.0.lay_words", ["center of the chest"])),
    (rules.british_spelling, put(f"{POINT}.site.text", "The centre, laborious, colorectal, the laboratory.")),
    (rules.mostly_sourced, unsourced("muscles.1.insertion")),
    (rules.no_placeholders, put("muscles.0.lay_words", ["todo"])),
]


@pytest.mark.parametrize(("rule", "change"), PASSING, ids=case_name)
def test_rule_lets_pass(rule: Rule, change: Change) -> None:
    assert list(rule(build(change))) == []


@pytest.mark.parametrize(
    "rule",
    [
        rules.references_resolve,
        rules.regions_resolve,
        rules.groups_resolve,
        rules.conditions_resolve,
        rules.hazards_resolve,
    ],
)
def test_ids_of_an_unreadable_file_are_not_judged(rule: Callable[..., Iterable[Finding]]) -> None:
    assert list(rule(build(), Known())) == []


def test_all_rules_are_run() -> None:
    """Each rule of this file belongs to one of the two lists."""
    for rule, change, words, _ in FAILING:
        dataset = build(change)
        found = [*rules.integrity(dataset, Known.of(dataset)), *rules.editorial(dataset)]
        assert any(words in f"{finding.message}. {finding.hint}" for finding in found), rule


def test_meshes_exist() -> None:
    dataset = build()
    known = frozenset({"muscles/serratus_anterior.l", "muscles/trapezius.l.1"})
    assert list(rules.meshes_exist(dataset, known)) == []
    found = list(rules.meshes_exist(dataset, known - {"muscles/trapezius.l.1"} | {"muscles/trapezius.l.0"}))
    assert [finding.path[-1] for finding in found] == [0, "mesh", "mesh"]
    assert found[0].hint == "Did you mean 'muscles/trapezius.l.0'?"


def test_an_icon_that_is_not_drawn_is_found() -> None:
    dataset = build()
    assert list(rules.icons_drawn(dataset, frozenset({"deep-eye"}))) == []
    (found,) = rules.icons_drawn(dataset, frozenset({"eye", "deep-ear"}))
    assert found.path == ("regions", 0, "icon")
    assert found.message == "the icon 'eye' is not drawn"
    assert "assets/icons/deep-eye.svg" in found.hint


def test_unused_references_are_told() -> None:
    assert list(rules.references_unused(build())) == []

    def change(values: Raw) -> None:
        values["references"].append({**values["references"][2], "key": "zimmer-1999"})

    (found,) = rules.references_unused(build(change))
    assert "zimmer-1999" in found.message


def test_walk_reaches_everything_that_sourced_in_reaches() -> None:
    dataset = build()
    claims = [claim for _, claim in rules.sourced(dataset)]
    assert claims == [claim for _, item in rules.entries(dataset) for claim in sourced_in(item)]
    assert len(claims) == 33
    assert all(path[0] in Dataset.model_fields for path, _ in rules.sourced(dataset))

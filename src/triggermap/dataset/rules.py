"""Checks on the dataset as a whole: small functions that know nothing of each other.

:func:`integrity` holds what the program relies on; every load runs it. :func:`editorial` holds what
makes the content trustworthy; ``triggermap check`` and CI run it besides. A rule takes the dataset
and yields findings whose path leads to the faulty value; the loader adds file and line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from triggermap.dataset.comfort import comforts, hint, says_in_whom
from triggermap.dataset.messages import did_you_mean
from triggermap.dataset.models import (
    Dataset,
    Disagreement,
    Identifiers,
    Model,
    Nerve,
    Reference,
    Report,
    Sourced,
    Statement,
    TopicGroup,
    TriggerPoint,
    Zone,
)
from triggermap.dataset.yamlfile import KeyPath

MAX_UNSOURCED = 0.05
_SAFETY_TOPICS = (
    TopicGroup.EMERGENCY,
    TopicGroup.CONTRAINDICATIONS,
    TopicGroup.ADVERSE_EVENTS,
    TopicGroup.AFTERCARE,
)
_SHORT_TEXT = 40
"""Below this length two muscles may well share a plain fact, such as "Flexes the wrist"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at ``path``, which begins with a field of :class:`Dataset` and an index."""

    path: KeyPath
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that the files hold, entries with other faults included; None where a file is unreadable."""

    muscles: frozenset[str] | None = None
    region_groups: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    conditions: frozenset[str] | None = None
    hazards: frozenset[str] | None = None
    topics: frozenset[str] | None = None
    answers: frozenset[str] | None = None
    references: frozenset[str] | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> Known:
        """Take the ids of a dataset that has no faulty entries."""
        return cls(
            muscles=frozenset(muscle.id for muscle in dataset.muscles),
            region_groups=frozenset(group.id for group in dataset.region_groups),
            regions=frozenset(region.id for region in dataset.regions),
            conditions=frozenset(condition.id for condition in dataset.conditions),
            hazards=frozenset(hazard.id for hazard in dataset.hazards),
            topics=frozenset(topic.id for topic in dataset.topics),
            answers=frozenset(answer.id for answer in dataset.answers),
            references=frozenset(reference.key for reference in dataset.references),
        )


Findings = Iterator[Finding]


def integrity(dataset: Dataset, known: Known) -> Iterable[Finding]:
    """Everything that the program relies on."""
    return chain(
        ids_unique(dataset),
        references_resolve(dataset, known),
        regions_resolve(dataset, known),
        groups_resolve(dataset, known),
        conditions_resolve(dataset, known),
        hazards_resolve(dataset, known),
        parts_resolve(dataset),
        points_resolve(dataset),
        answers_resolve(dataset, known),
        related_resolve(dataset, known),
        left_side(dataset),
        own_mesh(dataset),
        zones_disjoint(dataset),
    )


def editorial(dataset: Dataset) -> Iterable[Finding]:
    """Everything that makes the content trustworthy and even."""
    return chain(
        ids_sorted(dataset),
        point_ids(dataset),
        labels_unique(dataset),
        roots_in_order(dataset),
        safety_sourced(dataset),
        safety_present(dataset),
        other_side_sourced(dataset),
        midline_sides(dataset),
        disagreements_differ(dataset),
        references_findable(dataset),
        books_say_what_was_seen(dataset),
        no_placeholders(dataset),
        no_repetition(dataset),
        no_false_comfort(dataset),
        reported_rightly(dataset),
        british_spelling(dataset),
        mostly_sourced(dataset),
    )


# --- walking -------------------------------------------------------------------------------------


def walk(model: Model, path: KeyPath) -> Iterator[tuple[KeyPath, Model]]:
    """Every model inside ``model``, itself included, with its path, in field order."""
    yield path, model
    for name, value in model.__dict__.items():
        if isinstance(value, Model):
            yield from walk(value, (*path, name))
        elif value and isinstance(value, tuple) and isinstance(value[0], Model):
            for index, item in enumerate(value):
                yield from walk(item, (*path, name, index))


def entries(dataset: Dataset) -> Iterator[tuple[KeyPath, Model]]:
    """Every top-level entry with its path."""
    for name in type(dataset).model_fields:
        for index, item in enumerate(getattr(dataset, name)):
            yield (name, index), item


def everything(dataset: Dataset) -> Iterator[tuple[KeyPath, Model]]:
    """Every model of the dataset with its path."""
    for path, item in entries(dataset):
        yield from walk(item, path)


def sourced(dataset: Dataset) -> Iterator[tuple[KeyPath, Sourced]]:
    """Every claim of the dataset with its path."""
    for path, item in everything(dataset):
        if isinstance(item, Sourced):
            yield path, item


def points(dataset: Dataset) -> Iterator[tuple[KeyPath, TriggerPoint]]:
    """Every trigger point with its path."""
    for row, muscle in enumerate(dataset.muscles):
        for index, point in enumerate(muscle.trigger_points):
            yield ("muscles", row, "trigger_points", index), point


def zones(dataset: Dataset) -> Iterator[tuple[KeyPath, Zone]]:
    """Every zone of every pattern with its path."""
    for path, point in points(dataset):
        for index, zone in enumerate(point.essential):
            yield (*path, "essential", index), zone
        for index, zone in enumerate(point.spillover):
            yield (*path, "spillover", index), zone


def own_words(dataset: Dataset) -> Iterator[tuple[KeyPath, str]]:
    """Every text that we wrote: not titles of sources, Latin, ids, nor the words that users type."""
    foreign = {"latin", "synonyms", "lay_words"}
    for path, item in everything(dataset):
        if isinstance(item, (Reference, Identifiers)):
            continue
        for name, value in item.__dict__.items():
            if isinstance(value, str) and name not in foreign:
                yield (*path, name), value


def shown_texts(dataset: Dataset) -> Iterator[tuple[KeyPath, str]]:
    """Every text that users may read as ours: not titles of sources, nor what is typed as ``reported``."""
    for path, item in everything(dataset):
        if isinstance(item, (Reference, Identifiers)):
            continue
        quoted = isinstance(item, Statement) and item.reported is not None
        for name, value in item.__dict__.items():
            if isinstance(value, str) and not (quoted and name == "text"):
                yield (*path, name), value
            elif isinstance(value, tuple):
                yield from (((*path, name, at), one) for at, one in enumerate(value) if isinstance(one, str))


# --- integrity -----------------------------------------------------------------------------------


def ids_unique(dataset: Dataset) -> Findings:
    """No id stands twice: of top-level entries, of trigger points anywhere, of a muscle's parts."""
    lists: dict[str, list[tuple[KeyPath, str]]] = {}
    for path, item in entries(dataset):
        lists.setdefault(str(path[0]), []).append(_id_at(path, item))
    lists["points"] = [((*path, "id"), point.id) for path, point in points(dataset)]
    for row, muscle in enumerate(dataset.muscles):
        lists[f"parts of {muscle.id}"] = [
            (("muscles", row, "parts", index, "id"), part.id) for index, part in enumerate(muscle.parts)
        ]
    for pairs in lists.values():
        seen: set[str] = set()
        for path, id_ in pairs:
            if id_ in seen:
                yield Finding(path, f"the id '{id_}' is taken already", "Give this entry an id of its own")
            seen.add(id_)


def references_resolve(dataset: Dataset, known: Known) -> Findings:
    """Every reference key that a claim names stands in references.yaml."""
    if known.references is None:
        return
    for path, claim in sourced(dataset):
        for index, key in enumerate(claim.references):
            if key not in known.references:
                yield _unknown((*path, "references", index), "reference", key, known.references)


def regions_resolve(dataset: Dataset, known: Known) -> Findings:
    """Every zone names a region of regions.yaml."""
    if known.regions is None:
        return
    for path, zone in zones(dataset):
        if zone.region not in known.regions:
            yield _unknown((*path, "region"), "region", zone.region, known.regions)


def groups_resolve(dataset: Dataset, known: Known) -> Findings:
    """Regions and groups name a group that exists, and no group lies within itself."""
    if known.region_groups is None:
        return
    for index, region in enumerate(dataset.regions):
        if region.group not in known.region_groups:
            yield _unknown(("regions", index, "group"), "group", region.group, known.region_groups)
    parents = {group.id: group.parent for group in dataset.region_groups}
    for index, group in enumerate(dataset.region_groups):
        if group.parent is None:
            continue
        path = ("region_groups", index, "parent")
        if group.parent not in known.region_groups:
            yield _unknown(path, "group", group.parent, known.region_groups)
        elif _in_a_circle(group.id, parents):
            yield Finding(path, f"the group '{group.id}' lies within itself", "Name a group further up")


def conditions_resolve(dataset: Dataset, known: Known) -> Findings:
    """Every condition of a muscle stands in conditions.yaml."""
    if known.conditions is None:
        return
    for row, muscle in enumerate(dataset.muscles):
        for index, link in enumerate(muscle.conditions):
            if link.condition not in known.conditions:
                path = ("muscles", row, "conditions", index, "condition")
                yield _unknown(path, "condition", link.condition, known.conditions)


def hazards_resolve(dataset: Dataset, known: Known) -> Findings:
    """Every safety note names a hazard of hazards.yaml."""
    if known.hazards is None:
        return
    for row, muscle in enumerate(dataset.muscles):
        for index, note in enumerate(muscle.safety):
            if note.hazard not in known.hazards:
                yield _unknown(
                    ("muscles", row, "safety", index, "hazard"), "hazard", note.hazard, known.hazards
                )


def parts_resolve(dataset: Dataset) -> Findings:
    """A trigger point's part is one of its muscle's parts."""
    for row, muscle in enumerate(dataset.muscles):
        parts = frozenset(part.id for part in muscle.parts)
        for index, point in enumerate(muscle.trigger_points):
            if point.part is not None and point.part not in parts:
                yield _unknown(("muscles", row, "trigger_points", index, "part"), "part", point.part, parts)


def points_resolve(dataset: Dataset) -> Findings:
    """The points to which a safety note is narrowed are points of that muscle."""
    for row, muscle in enumerate(dataset.muscles):
        ids = frozenset(point.id for point in muscle.trigger_points)
        for index, note in enumerate(muscle.safety):
            for place, point in enumerate(note.points):
                if point not in ids:
                    path = ("muscles", row, "safety", index, "points", place)
                    yield _unknown(path, "trigger point of this muscle", point, ids)


def answers_resolve(dataset: Dataset, known: Known) -> Findings:
    """An answer names trigger points that exist."""
    if known.muscles is None or known.muscles != {muscle.id for muscle in dataset.muscles}:
        return  # a muscle with another fault is left out, and its points with it
    there = frozenset(point.id for _, point in points(dataset))
    for row, answer in enumerate(dataset.answers):
        for index, point in enumerate(answer.points):
            if point not in there:
                yield _unknown(("answers", row, "points", index), "trigger point", point, there)


def related_resolve(dataset: Dataset, known: Known) -> Findings:
    """A key or satellite point exists, and is another point."""
    if known.muscles is None:
        return
    ids = frozenset(point.id for _, point in points(dataset))
    for path, point in points(dataset):
        for index, related in enumerate(point.related):
            where = (*path, "related", index, "point")
            if related.point == point.id:
                yield Finding(where, f"'{point.id}' names itself", "Name another trigger point")
            elif related.point not in ids:
                yield _unknown(where, "trigger point", related.point, ids)


def left_side(dataset: Dataset) -> Findings:
    """Positions, seeds and meshes are those of the left side or of the midline."""
    hint = "Write it for the left side: the right follows by mirroring"
    for path, point in points(dataset):
        if point.position.at[0] < 0:
            yield Finding((*path, "position", "at", 0), "the position lies on the right: x is negative", hint)
        if mesh_on_the_right(point.position.mesh):
            yield Finding(
                (*path, "position", "mesh"), f"the mesh '{point.position.mesh}' is a right one", hint
            )
    for index, region in enumerate(dataset.regions):
        for place, seed in enumerate(region.seeds):
            if region.paired and seed[0] < 0:
                yield Finding(("regions", index, "seeds", place, 0), "the seed lies on the right", hint)
        if region.anchor is not None and region.anchor[0] < 0:
            yield Finding(("regions", index, "anchor", 0), "the anchor lies on the right", hint)
    for path, mesh in _meshes(dataset):
        if mesh_on_the_right(mesh):
            yield Finding(path, f"the mesh '{mesh}' is a right one", hint)


def own_mesh(dataset: Dataset) -> Findings:
    """A trigger point lies on a mesh of its own muscle, if the muscle has any."""
    for row, muscle in enumerate(dataset.muscles):
        meshes = muscle.all_meshes()
        for index, point in enumerate(muscle.trigger_points):
            if meshes and point.position.mesh not in meshes:
                yield Finding(
                    ("muscles", row, "trigger_points", index, "position", "mesh"),
                    f"'{point.position.mesh}' is no mesh of '{muscle.id}'",
                    f"Write one of: {', '.join(meshes)}; or list this mesh with the muscle",
                )


def zones_disjoint(dataset: Dataset) -> Findings:
    """No pattern names a region twice on one side."""
    for path, point in points(dataset):
        seen: dict[tuple[str, str], str] = {}
        for kind in ("essential", "spillover"):
            for index, zone in enumerate(getattr(point, kind)):
                sides = ("ipsilateral", "contralateral") if zone.side == "bilateral" else (zone.side,)
                first = next((seen[zone.region, side] for side in sides if (zone.region, side) in seen), None)
                if first is not None:
                    yield Finding(
                        (*path, kind, index, "region"),
                        f"the region '{zone.region}' stands twice in this pattern (first as {first})",
                        "Keep it once: essential, or spillover",
                    )
                seen.update(((zone.region, side), kind) for side in sides)


# --- editorial -----------------------------------------------------------------------------------


def ids_sorted(dataset: Dataset) -> Findings:
    """Entries of a list are sorted by id, so that each has one place."""
    for (before_path, before), (path, item) in pairwise(entries(dataset)):
        if before_path[0] != path[0]:
            continue
        (_, first), (where, second) = _id_at(before_path, before), _id_at(path, item)
        if second < first:
            yield Finding(where, f"'{second}' comes after '{first}'", "Sort the entries by id")


def point_ids(dataset: Dataset) -> Findings:
    """A trigger point's id begins with its muscle's id."""
    for row, muscle in enumerate(dataset.muscles):
        for index, point in enumerate(muscle.trigger_points):
            if not point.id.startswith(f"{muscle.id}-"):
                yield Finding(
                    ("muscles", row, "trigger_points", index, "id"),
                    f"the id '{point.id}' does not begin with '{muscle.id}-'",
                    f"Write {muscle.id}-{point.label.lower()}, say",
                )


def labels_unique(dataset: Dataset) -> Findings:
    """The X marks of one muscle have different labels."""
    for row, muscle in enumerate(dataset.muscles):
        seen: set[str] = set()
        for index, point in enumerate(muscle.trigger_points):
            if point.label in seen:
                path = ("muscles", row, "trigger_points", index, "label")
                yield Finding(
                    path, f"the label '{point.label}' is taken already", "Count on from the last one"
                )
            seen.add(point.label)


def roots_in_order(dataset: Dataset) -> Findings:
    """Nerve roots go from the head down, each once."""
    for path, item in everything(dataset):
        if isinstance(item, Nerve):
            ranks = [_root_rank(root) for root in item.roots]
            if any(second <= first for first, second in pairwise(ranks)):
                ordered = sorted(set(item.roots), key=_root_rank)
                yield Finding((*path, "roots"), "the roots are not in order", f"Write [{', '.join(ordered)}]")


def safety_sourced(dataset: Dataset) -> Findings:
    """No safety note and nothing said of a hazard is without a source."""
    for path, item in sourced(dataset):
        if _on_hazards(dataset, path) and item.unsourced:
            yield Finding((*path, "unsourced"), "what is said of safety needs a source", "Name a reference")


def safety_present(dataset: Dataset) -> Findings:
    """A muscle with trigger points says what can go wrong there."""
    for row, muscle in enumerate(dataset.muscles):
        if muscle.trigger_points and not muscle.safety:
            yield Finding(
                ("muscles", row, "id"),
                f"'{muscle.id}' has trigger points and no safety note",
                "Add one under 'safety:', with its source",
            )


def other_side_sourced(dataset: Dataset) -> Findings:
    """Pain on the other side is claimed only with a source."""
    for path, zone in zones(dataset):
        if zone.side != "ipsilateral" and zone.unsourced:
            yield Finding(
                (*path, "side"), f"a {zone.side} zone needs a source", "Name a reference, or remove it"
            )


def midline_sides(dataset: Dataset) -> Findings:
    """A region of the midline has no other side."""
    midline = {region.id for region in dataset.regions if not region.paired}
    for path, zone in zones(dataset):
        if zone.region in midline and zone.side != "ipsilateral":
            yield Finding(
                (*path, "side"),
                f"'{zone.region}' lies in the midline and has no sides",
                "Remove the key 'side'",
            )


def disagreements_differ(dataset: Dataset) -> Findings:
    """The positions of a disagreement rest on different sources."""
    for path, item in everything(dataset):
        if isinstance(item, Disagreement):
            groups = Counter(frozenset(position.references) for position in item.positions)
            if max(groups.values()) > 1:
                yield Finding(
                    (*path, "positions"),
                    "two positions of this disagreement rest on the same sources",
                    "Give each side its own reference",
                )


def references_findable(dataset: Dataset) -> Findings:
    """A source can be found: by DOI, PubMed number or address, as a book, or by where it appeared.

    A page without an address must say in ``seen_note`` how it came to be seen.
    """
    for index, reference in enumerate(dataset.references):
        told = reference.container and reference.seen_note
        if not (reference.doi or reference.pmid or reference.url or is_book(reference) or told):
            yield Finding(
                ("references", index, "key"),
                f"'{reference.key}' has no doi, pmid or url and is no book",
                "Add one of them",
            )


def books_say_what_was_seen(dataset: Dataset) -> Findings:
    """A book or chapter is 'opened: false', unless it is said where it was read."""
    for index, reference in enumerate(dataset.references):
        where = reference.doi or reference.pmid or reference.url or reference.seen_note
        if is_book(reference) and reference.opened and not where:
            yield Finding(
                ("references", index, "opened"),
                f"'{reference.key}' is a book that counts as opened, and nothing says where it was read",
                "Write 'opened: false' and 'seen: not opened', or add a url or a seen_note",
            )


_PLACEHOLDER = re.compile(
    r"\b(?:TBD|TODO|FIXME|lorem|ipsum|placeholder|ditto|(?:see|as) (?:above|below)"
    r"|to be (?:done|written|added))\b",
    re.IGNORECASE,
)


def no_placeholders(dataset: Dataset) -> Findings:
    """No text stands in for one that is still to be written."""
    for path, text in own_words(dataset):
        if match := _PLACEHOLDER.search(text):
            yield Finding(path, f"'{match[0]}' fills a gap", "Write what is meant, or leave the entry out")


def no_repetition(dataset: Dataset) -> Findings:
    """No two claims of one kind have the same text; a short plain fact may, in different entries."""
    seen: dict[tuple[str, str, int | None], KeyPath] = {}
    for path, item in sourced(dataset):
        text = getattr(item, "text", None)
        if not isinstance(text, str) or "against" in path:
            continue  # what speaks against several claims stands beside each of them
        kind = next(str(key) for key in reversed(path) if isinstance(key, str))
        # ``path[1]`` keeps short texts apart by entry.
        owner = path[1] if len(text) < _SHORT_TEXT and isinstance(path[1], int) else None
        known = (f"{path[0]} {kind}", _plain(text), owner)
        if known in seen:
            yield Finding((*path, "text"), "the same text stands elsewhere", "Write what is true of this one")
        seen.setdefault(known, path)


def no_false_comfort(dataset: Dataset) -> Findings:
    """No text of ours promises what one body can't know: only a quotation may, typed as ``reported``."""
    for path, text in shown_texts(dataset):
        for phrase, words in comforts(text, hazards=_on_hazards(dataset, path)):
            # The rule of a position measures the reference body.
            if not (phrase.measure and path[-1] == "rule"):
                yield Finding(path, f"'{words}' {phrase.why}", hint(phrase))


def reported_rightly(dataset: Dataset) -> Findings:
    """A quotation says what we must not, has what speaks against it beside it, and names who was measured."""
    for path, item in everything(dataset):
        if not isinstance(item, Statement) or item.reported is None:
            continue
        found = [phrase for phrase, _ in comforts(item.text, hazards=_on_hazards(dataset, path))]
        disputed = "positions" in path
        if not found:
            yield Finding(
                (*path, "reported"),
                "nothing here needs to be reported",
                "Say it in our words: remove the key",
            )
        if any(phrase.contrary for phrase in found) and not (item.against or disputed or "against" in path):
            yield Finding(
                (*path, "reported"),
                "is reported with nothing against it",
                "Add what speaks against it under 'against:', with its source",
            )
        measured = item.reported is Report.STUDY and any(phrase.measure for phrase in found)
        if measured and not says_in_whom(item.text):
            yield Finding(
                (*path, "text"), "is a finding without its population", "Say in whom and in how many"
            )


# Beginnings of American spellings, and what to write.
_AMERICAN = {
    "center": "centre", "fiber": "fibre", "color": "colour", "tumor": "tumour", "edema": "oedema",
    "hematom": "haematom", "hemorrhag": "haemorrhag", "hemothora": "haemothora", "hemopneumo": "haemopneumo",
    "ischemi": "ischaemi", "anesthe": "anaesthe", "paresthe": "paraesthe", "dysesthe": "dysaesthe",
    "esophag": "oesophag", "dyspnea": "dyspnoea", "diarrhea": "diarrhoea", "orthopedic": "orthopaedic",
    "pediatric": "paediatric", "gynecolog": "gynaecolog", "anemi": "anaemi", "leukemi": "leukaemi",
    "maneuver": "manoeuvre", "behavior": "behaviour", "neighbor": "neighbour",
    "labor": "labour", "favor": "favour", "analyze": "analyse", "meter": "metre", "millimeter": "millimetre",
    "centimeter": "centimetre", "labeled": "labelled", "defense": "defence",
}  # fmt: skip
_AMERICAN_WORD = re.compile(rf"\b({'|'.join(_AMERICAN)})(?!atory|ious|ectal)[a-z]*", re.IGNORECASE)


def british_spelling(dataset: Dataset) -> Findings:
    """Our own words are spelt the British way (titles of sources stay as they are)."""
    for path, text in own_words(dataset):
        for match in _AMERICAN_WORD.finditer(text):
            british = _AMERICAN[match[1].lower()]
            yield Finding(path, f"'{match[0]}' is American spelling", f"Write '{british}...' the British way")


def mostly_sourced(dataset: Dataset) -> Findings:
    """At most one claim in twenty is unsourced."""
    claims = [item for _, item in sourced(dataset)]
    unsourced = sum(item.unsourced for item in claims)
    if claims and unsourced / len(claims) > MAX_UNSOURCED:
        yield Finding(
            ("muscles",),
            f"{unsourced} of {len(claims)} claims are unsourced ({unsourced / len(claims):.1%})",
            f"Find sources: at most {MAX_UNSOURCED:.0%} may be without",
        )


# --- with the body and the icons beside it -----------------------------------------------------------


def meshes_exist(dataset: Dataset, meshes: frozenset[str]) -> Findings:
    """Every mesh id is a structure of the reference body."""
    places = chain(
        _meshes(dataset),
        (((*path, "position", "mesh"), point.position.mesh) for path, point in points(dataset)),
    )
    for path, mesh in places:
        if mesh not in meshes:
            yield _unknown(path, "mesh", mesh, meshes)


def icons_drawn(dataset: Dataset, icons: frozenset[str]) -> Findings:
    """Every deep region's icon is drawn; ``icons`` are the names of the files, without their ending."""
    for index, region in enumerate(dataset.regions):
        if region.icon is not None and f"deep-{region.icon}" not in icons:
            yield Finding(
                ("regions", index, "icon"),
                f"the icon '{region.icon}' is not drawn",
                f"Draw assets/icons/deep-{region.icon}.svg, or name another icon",
            )


# --- notes, not problems --------------------------------------------------------------------------


def references_unused(dataset: Dataset) -> Findings:
    """Sources that no claim names: no fault, but worth knowing."""
    used = {key for _, item in sourced(dataset) for key in item.references}
    for index, reference in enumerate(dataset.references):
        if reference.key not in used:
            yield Finding(("references", index, "key"), f"no claim names the reference '{reference.key}'")


# --- helpers -------------------------------------------------------------------------------------


def is_book(reference: Reference) -> bool:
    """Tell whether a reference is a book or a part of one."""
    return reference.chapter is not None or "book" in reference.type.lower()


def _on_hazards(dataset: Dataset, path: KeyPath) -> bool:
    """Tell whether what stands at a path is said of hazards."""
    return (
        path[0] == "hazards"
        or (path[0] == "muscles" and len(path) > 2 and path[2] == "safety")
        or (path[0] == "topics" and dataset.topics[int(path[1])].group in _SAFETY_TOPICS)
    )


def _id_at(path: KeyPath, item: Model) -> tuple[KeyPath, str]:
    name = "key" if isinstance(item, Reference) else "id"
    return (*path, name), str(getattr(item, name))


def _unknown(path: KeyPath, what: str, name: str, known: frozenset[str]) -> Finding:
    hint = did_you_mean(name, sorted(known)) or f"Write one that exists, or add '{name}' first"
    return Finding(path, f"there is no {what} '{name}'", hint)


def _in_a_circle(start: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at == start


def mesh_on_the_right(mesh: str) -> bool:
    """Tell whether a mesh id is that of a right-hand structure."""
    return re.search(r"\.r(\.\d+)?$", mesh) is not None


def _meshes(dataset: Dataset) -> Iterator[tuple[KeyPath, str]]:
    for row, muscle in enumerate(dataset.muscles):
        for index, mesh in enumerate(muscle.meshes):
            yield ("muscles", row, "meshes", index), mesh
        for place, part in enumerate(muscle.parts):
            for index, mesh in enumerate(part.meshes):
                yield ("muscles", row, "parts", place, "meshes", index), mesh


def _root_rank(root: str) -> tuple[int, int]:
    letters = root.rstrip("0123456789")
    return ("C", "T", "L", "S", "Co").index(letters), int(root[len(letters) :])


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()

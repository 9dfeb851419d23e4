"""Everything that is known of one muscle, resolved: names for ids, sources for keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triggermap.dataset.messages import did_you_mean
from triggermap.dataset.models import (
    Claim,
    Dataset,
    Disagreement,
    Hazard,
    Muscle,
    Nerve,
    Part,
    Reference,
    Region,
    Report,
    SafetyNote,
    Seen,
    Shape,
    Statement,
    TriggerPoint,
    Zone,
    sourced_in,
)
from triggermap.errors import TriggermapError

NOTICE = "For education and reference by trained people; not a diagnosis."
NO_POINT = "No trigger point documented here."
NOT_DOCUMENTED = "not documented"
UNSOURCED = "no source"
#: What stands where no hazard does, once the ways to the trigger points were looked at; never "safe".
NO_HAZARD = "No hazard documented or found in this model; anatomy varies."
NOT_LOOKED_FOR = (
    "No hazard documented; without a trigger point here none was looked for in this model. Anatomy varies."
)
#: What stands before the words of others.
REPORTED = {
    Report.CLINIC: "Reported by a clinic, not advice",
    Report.STUDY: "Reported from a study, not advice",
    Report.GUIDANCE: "Reported from guidance of others, not advice",
    Report.PAGE: "Reported from a textbook or page, not advice",
}
AGAINST = "Against this"

#: What may be said of a trigger point beyond site and pattern: the word before it, and its field.
POINT_SECTIONS = (
    ("How common", "frequency"),
    ("Patients say", "patient_says"),
    ("Palpation", "palpation"),
    ("Note", "notes"),
)

_SEEN_WORDS = {
    Seen.FULL_TEXT: "full text read",
    Seen.OPENING: "opening pages read",
    Seen.ABSTRACT: "abstract read",
    Seen.TITLE: "only the title seen",
    Seen.NOT_OPENED: "not opened",
}

Json = dict[str, Any]


def find_muscle(dataset: Dataset, word: str) -> Muscle:
    """Return the muscle of that id, English or Latin name; raise a sentence that names the nearest."""
    wanted = word.strip().casefold()
    for muscle in dataset.muscles:
        if wanted in (muscle.id, muscle.name.casefold(), muscle.latin.casefold()):
            return muscle
    names = [muscle.id for muscle in dataset.muscles] + [muscle.name for muscle in dataset.muscles]
    guess = did_you_mean(word, names) or "Run 'triggermap find' to search."
    raise TriggermapError(f"There is no muscle '{word}'. {guess}")


def dossier(dataset: Dataset, muscle_id: str, body: Mapping[str, list[Json]] | None = None) -> Json:
    """Return everything known of a muscle as plain values, ready for JSON.

    ``body`` is what the reference body shows at its points, by id: rows with ``where`` in words and
    ``names``. A point that is not in it could not be looked at; None: nobody asked, the dataset speaks alone.
    """
    muscle = find_muscle(dataset, muscle_id)
    regions = {region.id: region for region in dataset.regions}
    conditions = {condition.id: condition.name for condition in dataset.conditions}
    hazards = {hazard.id: hazard for hazard in dataset.hazards}
    parts = {part.id: part.name for part in muscle.parts}
    used = {key for claim in sourced_in(muscle) for key in claim.references}
    return {
        "id": muscle.id,
        "name": muscle.name,
        "latin": muscle.latin,
        "synonyms": list(muscle.synonyms),
        "lay_words": list(muscle.lay_words),
        "group": muscle.group.value,
        "ids": _ids(muscle),
        "meshes": list(muscle.meshes),
        "hazards": [
            _hazard(note, hazards[note.hazard].name, hazards[note.hazard].icon)
            for note in sorted(muscle.safety, key=lambda note: note.urgency)
        ],
        "trigger_points": [
            _point(point, regions, parts)
            | {
                "no_hazard": _absence(muscle, (point,), body, point),
                "hazards": _hazards_of(point, muscle, hazards),
                "reference_body": body.get(point.id) if body is not None else None,
            }
            for point in muscle.trigger_points
        ],
        "no_hazard": _absence(muscle, muscle.trigger_points, body),
        "conditions": [
            {
                "condition": link.condition,
                "name": conditions[link.condition],
                "evidence": link.evidence.value,
                "text": link.text,
                "references": list(link.references),
            }
            for link in muscle.conditions
        ],
        **_anatomy(muscle),
        "parts": [
            {
                "id": part.id,
                "name": part.name,
                "latin": part.latin,
                "ids": _ids(part),
                "meshes": list(part.meshes),
                **_anatomy(part),
            }
            for part in muscle.parts
        ],
        "palpation": _claims(muscle.palpation),
        "notes": _claims(muscle.notes),
        "disagreements": _disagreements(muscle.disagreements),
        "references": [_source(reference) for reference in dataset.references if reference.key in used],
        "notice": NOTICE,
    }


def no_hazard(muscle: Muscle, point: TriggerPoint | None = None) -> str | None:
    """Return what is said where no safety note touches a muscle, or one of its points; else None."""
    if any(point is None or note.touches(point.id) for note in muscle.safety):
        return None
    return NO_HAZARD if muscle.trigger_points else NOT_LOOKED_FOR


def _absence(
    muscle: Muscle,
    points: tuple[TriggerPoint, ...],
    body: Mapping[str, list[Json]] | None,
    point: TriggerPoint | None = None,
) -> str | None:
    """What is said where no note is, unless the body shows something there, or could not be asked."""
    empty = not points or (body is not None and all(body.get(one.id) == [] for one in points))
    return no_hazard(muscle, point) if empty else None


def spoken(statement: Statement) -> str:
    """Return a statement as plain words: whose it is, and what speaks against it."""
    if statement.reported is None:
        return statement.text
    words = f"{REPORTED[statement.reported]}: {statement.text}"
    return " ".join([words, *(f"{AGAINST}: {spoken(one)}" for one in statement.against)])


def citation(reference: Reference) -> str:
    """Return a source as one line that ends with what was seen of it."""
    head = " ".join(
        part for part in (reference.authors, f"({reference.year})" if reference.year else None) if part
    )
    place = ", ".join(part for part in (reference.container, _chapter(reference), _pages(reference)) if part)
    link = (
        (f"doi:{reference.doi}" if reference.doi else None)
        or (f"PMID {reference.pmid}" if reference.pmid else None)
        or reference.url
    )
    sentences = [part.rstrip(".") for part in (head, reference.title, place) if part]
    if link:
        sentences.append(link)
    return f"{'. '.join(sentences)} [{seen_words(reference)}]"


def seen_words(reference: Reference) -> str:
    """Say how much of a source was opened."""
    if not reference.opened and (reference.chapter is not None or "book" in reference.type.lower()):
        return "textbook, page not checked"
    return _SEEN_WORDS[reference.seen]


def as_text(data: Json) -> str:
    """Lay a dossier out for a terminal."""
    return "\n".join(_text_lines(data)) + "\n"


# --- to plain values ------------------------------------------------------------------------------


def _ids(owner: Muscle | Part) -> Json:
    ids = {name: getattr(owner.ids, name) for name in ("fma", "uberon", "ta98")}
    return {name: value for name, value in ids.items() if value is not None}


def _hazard(note: SafetyNote, name: str, icon: str) -> Json:
    return {
        "kind": note.hazard,
        "name": name,
        "icon": icon,
        "severity": note.severity.value,
        "text": note.text,
        "points": list(note.points),
        "references": list(note.references),
        "reports": _claims(note.reports),
    }


def _hazards_of(point: TriggerPoint, muscle: Muscle, hazards: Mapping[str, Hazard]) -> list[Json]:
    """The hazards that notes write of a point, pneumothorax first, then the gravest."""
    notes = [note for note in muscle.safety if note.touches(point.id)]
    kinds = dict.fromkeys(note.hazard for note in sorted(notes, key=lambda note: note.urgency))
    return [{"kind": kind, "name": hazards[kind].name} for kind in kinds]


def _point(point: TriggerPoint, regions: dict[str, Region], parts: dict[str, str]) -> Json:
    return {
        "id": point.id,
        "label": point.label,
        "name": point.name,
        "only": point.only,
        "part": point.part,
        "part_name": parts.get(point.part) if point.part else None,
        "site": _claim(point.site),
        "position": {
            "mesh": point.position.mesh,
            "at": list(point.position.at),
            "rule": point.position.rule,
            "covered_by": list(point.position.covered_by),
        },
        "essential": [_zone(zone, regions[zone.region]) for zone in point.essential],
        "spillover": [_zone(zone, regions[zone.region]) for zone in point.spillover],
        "shape": _shape(point.shape) if point.shape else None,
        "frequency": _claims(point.frequency),
        "patient_says": _claims(point.patient_says),
        "palpation": _claims(point.palpation),
        "related": [
            {
                "point": related.point,
                "relation": related.relation,
                "text": related.text,
                "references": list(related.references),
            }
            for related in point.related
        ],
        "notes": _claims(point.notes),
        "disagreements": _disagreements(point.disagreements),
    }


def _shape(shape: Shape) -> Json:
    strokes = {"essential": shape.essential, "spillover": shape.spillover}
    return {
        **{
            kind: [{"width": one.width, "along": [list(at) for at in one.corners]} for one in found]
            for kind, found in strokes.items()
        },
        "references": list(shape.references),
    }


def _zone(zone: Zone, region: Region) -> Json:
    return {
        "region": zone.region,
        "name": region.name,
        "clinical": region.clinical,
        "deep": region.deep,
        "side": zone.side,
        "note": zone.note,
        "references": list(zone.references),
    }


def _anatomy(owner: Muscle | Part) -> Json:
    return {
        "origin": _claim(owner.origin) if owner.origin else None,
        "insertion": _claim(owner.insertion) if owner.insertion else None,
        "actions": _claims(owner.actions),
        "innervation": [_nerve(nerve) for nerve in owner.innervation],
    }


def _nerve(nerve: Nerve) -> Json:
    return {
        "nerve": nerve.nerve,
        "roots": list(nerve.roots),
        "role": nerve.role,
        "references": list(nerve.references),
    }


def _claim(claim: Claim) -> Json:
    quoted = {"reported": claim.reported.value, "against": _claims(claim.against)} if claim.reported else {}
    return {"text": claim.text, "references": list(claim.references), **quoted}


def _claims(claims: Iterable[Claim]) -> list[Json]:
    return [_claim(claim) for claim in claims]


def _disagreements(disagreements: Iterable[Disagreement]) -> list[Json]:
    return [{"question": item.question, "positions": _claims(item.positions)} for item in disagreements]


def _source(reference: Reference) -> Json:
    return {
        "key": reference.key,
        "citation": citation(reference),
        "type": reference.type,
        "opened": reference.opened,
        "seen": reference.seen.value,
        "seen_note": reference.seen_note,
        "doi": reference.doi,
        "pmid": reference.pmid,
        "url": reference.url,
    }


def _chapter(reference: Reference) -> str | None:
    """Return "chapter 46" for a number; other words, such as "Introduction", stand for themselves."""
    chapter = reference.chapter
    return f"chapter {chapter}" if chapter and chapter[0].isdigit() else chapter


def _pages(reference: Reference) -> str | None:
    """Return "p. 9" or "pp. 9-12"; other words, such as "pattern p 473", stand for themselves."""
    pages = reference.pages
    if not pages or not pages[0].isdigit():
        return pages
    return f"{'p.' if pages.isdigit() else 'pp.'} {pages}"


# --- to text --------------------------------------------------------------------------------------


def _text_lines(data: Json) -> Iterator[str]:
    yield f"{data['name']} ({data['latin']})"
    if data["synonyms"]:
        yield f"Also: {', '.join(data['synonyms'])}"
    for hazard in data["hazards"]:
        points = f" (points: {', '.join(hazard['points'])})" if hazard["points"] else ""
        yield f"! {hazard['name'].upper()}, {hazard['severity']}{points}: {_cited(hazard)}"
        yield from (f"    {_cited(report)}" for report in hazard["reports"])
    if data["no_hazard"]:
        yield data["no_hazard"]
    yield from _section("Trigger points", _point_lines(data["trigger_points"]))
    links = (f"  {link['name']} ({link['evidence']}): {_cited(link)}" for link in data["conditions"])
    yield from _section("Conditions", links)
    yield from _section("Anatomy", _all_anatomy_lines(data))
    yield from _section("Palpation", (f"  {_cited(claim)}" for claim in data["palpation"]))
    yield from _section("Notes", (f"  {_cited(claim)}" for claim in data["notes"]))
    yield from _section("Sources disagree", _disagreement_lines(data["disagreements"], "  "))
    sources = (f"  [{source['key']}] {source['citation']}" for source in data["references"])
    yield from _section("Sources", sources)
    yield ""
    yield data["notice"]


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a titled block, or nothing if there is nothing in it."""
    body = list(lines)
    if body:
        yield from ("", title, *body)


def _point_lines(points: list[Json]) -> Iterator[str]:
    if not points:
        yield f"  {NO_POINT}"
    for point in points:
        yield f"  {point['label']}  {point['name']} [{point['id']}]"
        yield from _hazard_lines(point)
        yield f"     site: {_cited(point['site'])}"
        yield f"     essential: {_zone_words(point['essential'])}"
        yield f"     spillover: {_zone_words(point['spillover'])}"
        for word, key in POINT_SECTIONS:
            for claim in point[key]:
                yield f"     {word.lower()}: {_cited(claim)}"
        for related in point["related"]:
            text = f": {related['text']}" if related["text"] else ""
            yield f"     {related['relation']} point {related['point']}{text}{_keys(related)}"
        yield from _disagreement_lines(point["disagreements"], "     ")


def _hazard_lines(point: Json) -> Iterator[str]:
    """What is written of a point's hazards, and what the reference body shows there."""
    names = ", ".join(hazard["name"] for hazard in point["hazards"])
    shown = point["reference_body"]
    if names:
        yield f"     ! hazards: {names}"
    elif shown:
        yield f"     ! hazards: {NOT_DOCUMENTED}, but the reference body shows:"
    else:
        yield f"     hazards: {point['no_hazard'] or NOT_DOCUMENTED}"
    for row in shown or ():
        where: str = row["where"]
        yield f"     in the reference body, {where[:1].lower()}{where[1:]}: {'; '.join(row['names'])}"


def _all_anatomy_lines(data: Json) -> Iterator[str]:
    yield from _anatomy_lines(data, "  ")
    for part in data["parts"]:
        yield f"  {part['name']} ({part['latin']})"
        yield from _anatomy_lines(part, "    ", gaps=False)


def _anatomy_lines(data: Json, indent: str, *, gaps: bool = True) -> Iterator[str]:
    for name in ("origin", "insertion"):
        if data[name] or gaps:
            yield f"{indent}{name}: {_cited(data[name]) if data[name] else NOT_DOCUMENTED}"
    for action in data["actions"]:
        yield f"{indent}action: {_cited(action)}"
    for nerve in data["innervation"]:
        roots = f" ({', '.join(nerve['roots'])})" if nerve["roots"] else ""
        yield f"{indent}nerve: {nerve['nerve']}{roots}, {nerve['role']}{_keys(nerve)}"


def _disagreement_lines(disagreements: list[Json], indent: str) -> Iterator[str]:
    for item in disagreements:
        yield f"{indent}disputed: {item['question']}"
        for position in item["positions"]:
            yield f"{indent}  - {_cited(position)}"


def _zone_words(zones: list[Json]) -> str:
    words = [zone["name"] + (f" ({zone['side']})" if zone["side"] != "ipsilateral" else "") for zone in zones]
    return "; ".join(words) if words else NOT_DOCUMENTED


def _cited(claim: Json) -> str:
    words = f"{claim['text']}{_keys(claim)}"
    if "reported" not in claim:
        return words
    against = (f"{AGAINST}: {_cited(one)}" for one in claim["against"])
    return " ".join([f"{REPORTED[claim['reported']]}: {words}", *against])


def _keys(claim: Json) -> str:
    return f" [{', '.join(claim['references']) or UNSOURCED}]"

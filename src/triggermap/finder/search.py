"""One box over everything: muscles, parts, points, pain regions, conditions, hazards and nerves.

The index is made once for a dataset. A query is split into words; each word is looked for in the
vocabulary of all terms (the same, beginning with it, holding it, nearly it), and a term matches if
all words of the query do. So the work grows with the number of different words, not of entries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from rapidfuzz import fuzz, process

from triggermap.dataset.models import Dataset, Muscle, Nerve, Severity, TriggerPoint
from triggermap.finder.areas import muscles_by_region, muscles_for_condition

Kind = Literal["muscle", "region", "condition", "part", "point", "nerve", "hazard"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_MAX_QUERY = 100
_MAX_WORDS = 8
_FUZZY_FROM = 3
_FUZZY_CUTOFF = 70.0
_UNSPACED_CUTOFF = 80.0
# Words of a complaint that need not match: "pain behind the eye" is "behind eye".
_OPTIONAL = frozenset({
    "a", "ache", "aches", "aching", "an", "and", "at", "hurt", "hurts", "hurting", "in", "is", "it", "m",
    "muscle", "musculus", "my", "n", "nervus", "of", "on", "or", "pain", "painful", "pains", "sore", "the",
    "to", "when", "with",
})  # fmt: skip

# How well one word of the query fits a word of a term.
_SAME, _BEGINS, _HOLDS, _NEARLY = 1.0, 0.92, 0.72, 0.6
# How well the whole query fits a whole term.
_WHOLE, _WHOLE_BEGINS, _WHOLE_HOLDS = 100.0, 94.0, 84.0
_WORDS = 80.0
# A region from which no muscle is known stands behind one that leads somewhere.
_LEADS_NOWHERE = 6.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. ``muscles`` are the muscles that it leads to, the likeliest first.

    ``warning`` names the gravest life-threatening hazard of a trigger point, pneumothorax before others;
    the subtitle begins with it.
    """

    kind: Kind
    id: str
    title: str
    subtitle: str
    score: float
    muscles: tuple[str, ...]
    point: str | None = None
    warning: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "muscles": list(self.muscles)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A hit that waits for its score."""

    kind: Kind
    id: str
    title: str
    subtitle: str
    muscles: tuple[str, ...]
    point: str | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """A name under which an entry is found; ``weight`` puts proper names before lay words."""

    text: str
    shown: str
    weight: float
    entry: int


class Index:
    """The searchable form of a dataset. Immutable once made; share it between threads freely."""

    def __init__(self, dataset: Dataset) -> None:
        self._entries: list[_Entry] = []
        self._terms: list[_Term] = []
        words: dict[str, list[int]] = {}
        for entry, names in _entries(dataset):
            self._entries.append(entry)
            for name, weight in names:
                text = normalise(name)
                if not text:
                    continue
                for word in dict.fromkeys(text.split()):
                    words.setdefault(word, []).append(len(self._terms))
                self._terms.append(_Term(text, name, weight, len(self._entries) - 1))
        self._words = words
        self._vocabulary = list(words)
        self._compact = [term.text.replace(" ", "") for term in self._terms]

    def search(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """Return the best hits, best first; equal ones in a fixed order."""
        text = normalise(query[:_MAX_QUERY])
        words = list(dict.fromkeys(text.split()))[:_MAX_WORDS]
        if not words:
            return ()
        needed = [word for word in words if word not in _OPTIONAL] or words
        best: dict[int, tuple[float, _Term]] = {}
        for term_number, fit in (self._fits(needed) or self._unspaced(text)).items():
            term = self._terms[term_number]
            score = _score(text, words, term.text, fit) * term.weight
            if not self._entries[term.entry].muscles:
                score -= _LEADS_NOWHERE
            if score > best.get(term.entry, (0.0, term))[0]:
                best[term.entry] = score, term
        order = sorted(
            (-round(score, 2), KINDS.index(entry.kind), entry.title.casefold(), entry.id, number)
            for number, (score, _) in best.items()
            for entry in (self._entries[number],)
        )
        return tuple(self._hit(number, *best[number]) for *_, number in order[:limit])

    def browse(self) -> tuple[Hit, ...]:
        """What is listed while nothing is typed: all muscles by name, then all conditions."""
        listed = [entry for entry in self._entries if entry.kind in ("muscle", "condition")]
        listed.sort(key=lambda entry: (KINDS.index(entry.kind), entry.title.casefold()))
        return tuple(_listed(entry) for entry in listed)

    def muscles(self, ids: Iterable[str]) -> tuple[Hit, ...]:
        """These muscles as hits, in the given order."""
        known = {entry.id: entry for entry in self._entries if entry.kind == "muscle"}
        return tuple(_listed(known[muscle]) for muscle in ids if muscle in known)

    def _fits(self, words: list[str]) -> dict[int, float]:
        """Terms in which every word of the query is found, with the mean of how well."""
        total: dict[int, float] = {}
        for position, word in enumerate(words):
            fits: dict[int, float] = {}
            for candidate, quality in self._near(word).items():
                for term in self._words[candidate]:
                    if quality > fits.get(term, 0.0):
                        fits[term] = quality
            if position == 0:
                total = fits
            else:
                total = {term: value + fits[term] for term, value in total.items() if term in fits}
        return {term: value / len(words) for term, value in total.items()}

    def _unspaced(self, query: str) -> dict[int, float]:
        """Terms that are nearly the query when spaces don't count: "serratusanterior"."""
        matches = process.extract(
            query.replace(" ", ""),
            self._compact,
            scorer=fuzz.ratio,
            score_cutoff=_UNSPACED_CUTOFF,
            limit=None,
        )
        return {match[2]: _NEARLY * match[1] / 100 for match in matches}

    def _near(self, word: str) -> dict[str, float]:
        """Words of the vocabulary that ``word`` may mean, with how well each fits."""
        near: dict[str, float] = {}
        if len(word) >= _FUZZY_FROM:
            matches = process.extract(
                word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, limit=None
            )
            near = {match[0]: _NEARLY * match[1] / 100 for match in matches}
        for candidate in self._vocabulary:
            if word in candidate:
                if candidate.startswith(word):
                    # The more of the word is typed, the surer it is.
                    near[candidate] = _BEGINS + (_SAME - _BEGINS) * len(word) / len(candidate)
                elif len(word) >= _FUZZY_FROM:
                    near[candidate] = _HOLDS
        return near

    def _hit(self, number: int, score: float, term: _Term) -> Hit:
        entry = self._entries[number]
        found_as = "" if normalise(entry.title) == term.text else f"found as “{term.shown}”"
        subtitle = ", ".join(part for part in (entry.subtitle, found_as) if part)
        return replace(_listed(entry), subtitle=subtitle, score=round(score, 2))


def _listed(entry: _Entry) -> Hit:
    return Hit(
        entry.kind, entry.id, entry.title, entry.subtitle, 0.0, entry.muscles, entry.point, entry.warning
    )


def normalise(text: str) -> str:
    """Return ``text`` in lower case, without accents and signs, words parted by one space."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain).strip()


def _score(query: str, words: list[str], term: str, fit: float) -> float:
    """Score a term from 0 to 100; ``fit`` is how well the needed words are found in it."""
    length = len(query) / max(len(query), len(term))
    if query == term:
        return _WHOLE
    if term.startswith(query):
        return _WHOLE_BEGINS + 4 * length
    if f" {query}" in term:
        return _WHOLE_HOLDS + 4 * length
    present = sum(word in term for word in words) / len(words)
    return _WORDS * fit + 2 * present + length


def _entries(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    """Everything that can be found, with the names under which it is found."""
    yield from _muscles(dataset)
    yield from _regions(dataset)
    yield from _conditions(dataset)
    yield from _nerves(dataset)
    yield from _hazards(dataset)


def _muscles(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    for muscle in dataset.muscles:
        target = (muscle.id,)
        names = [(muscle.name, 1.0), (muscle.latin, 0.99)]
        names += [(name, 0.96) for name in muscle.synonyms]
        names += [(name, 0.94) for name in muscle.lay_words]
        yield _Entry("muscle", muscle.id, muscle.name, muscle.latin, target), names
        for part in muscle.parts:
            names = [(part.name, 0.97), (part.latin, 0.95)]
            yield _Entry("part", part.id, part.name, f"part of {muscle.name}", target), names
        for point in muscle.trigger_points:
            names = [(point.name, 0.93), (f"{muscle.name} {point.label}", 0.93)]
            warning = _warning(dataset, muscle, point)
            words = f"trigger point {point.label} of {muscle.name}"
            subtitle = f"{warning} · {words}" if warning else words
            yield _Entry("point", point.id, point.name, subtitle, target, point.id, warning), names


def _warning(dataset: Dataset, muscle: Muscle, point: TriggerPoint) -> str:
    """The gravest life-threatening hazard of a trigger point, or nothing: no list shows it without."""
    grave = [
        note
        for note in muscle.safety
        if note.severity is Severity.LIFE_THREATENING and note.touches(point.id)
    ]
    if not grave:
        return ""
    names = {hazard.id: hazard.name for hazard in dataset.hazards}
    return names[min(grave, key=lambda note: note.urgency).hazard]


def _regions(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    matches = muscles_by_region(dataset)
    for region in dataset.regions:
        names = [(region.name, 0.99), (region.clinical, 0.97)]
        names += [(name, 0.95) for name in region.synonyms]
        muscles = tuple(match.muscle for match in matches.get(region.id, ()))
        subtitle = f"pain here, {_count(muscles)}"
        yield _Entry("region", region.id, region.name, subtitle, muscles), names


def _conditions(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    for condition in dataset.conditions:
        names = [(condition.name, 0.98), *((name, 0.95) for name in condition.synonyms)]
        matches = muscles_for_condition(dataset, condition.id)
        muscles = tuple(dict.fromkeys(match.muscle for match in matches))
        subtitle = f"condition, {_count(muscles)}"
        yield _Entry("condition", condition.id, condition.name, subtitle, muscles), names


def _nerves(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    supplied: dict[str, tuple[str, list[str]]] = {}
    for muscle in dataset.muscles:
        nerves: Iterable[Nerve] = (
            *muscle.innervation,
            *(nerve for part in muscle.parts for nerve in part.innervation),
        )
        for nerve in nerves:
            id_ = normalise(nerve.nerve).replace(" ", "-")
            supplied.setdefault(id_, (nerve.nerve, []))[1].append(muscle.id)
    for id_, (name, ids) in sorted(supplied.items()):
        muscles = tuple(dict.fromkeys(ids))
        yield _Entry("nerve", id_, name, f"nerve of {_count(muscles)}", muscles), [(name, 0.9)]


def _hazards(dataset: Dataset) -> Iterator[tuple[_Entry, list[tuple[str, float]]]]:
    for hazard in dataset.hazards:
        muscles = tuple(m.id for m in dataset.muscles if any(note.hazard == hazard.id for note in m.safety))
        subtitle = f"hazard at {_count(muscles)}"
        yield _Entry("hazard", hazard.id, hazard.name, subtitle, muscles), [(hazard.name, 0.88)]


def _count(muscles: tuple[str, ...]) -> str:
    return f"{len(muscles)} muscle{'' if len(muscles) == 1 else 's'}" if muscles else "no muscle documented"

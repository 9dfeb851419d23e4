#!/usr/bin/env python3
"""Sets ids and innervation of the fact files beside the dataset, muscle by muscle.

``!`` is an id that differs: a fault. ``?`` is a nerve or a root that one of the two lacks: a reader
decides, for roots vary between sources. Exit code 1 on any ``!``.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, Muscle, Nerve, Part
from triggermap.errors import TriggermapError

CHECKOUT = Path(__file__).resolve().parent.parent
FACTS = CHECKOUT.parent / "shared" / "facts"
_ROOTS = re.compile(r"\b([ctls]|co)(\d{1,2})(?:\s*(?:-|to|–)\s*([ctls])?(\d{1,2}))?", re.IGNORECASE)
_COMMON = frozenset(
    {"nerve", "nerves", "branch", "branches", "the", "and", "from", "per", "infobox", "ramus", "rami"}
)
Owner = Muscle | Part


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a fact file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(name: str) -> str:
    """A name without what varies: case, "muscle", the plural's s."""
    text = re.sub(r"\b(muscles?|of the|of)\b", " ", name.lower())
    return " ".join(word.rstrip("s") for word in re.findall(r"[a-z]+", text))


def owners(dataset: Dataset) -> dict[str, tuple[Muscle, Owner]]:
    """Muscles and parts by every name they bear."""
    found: dict[str, tuple[Muscle, Owner]] = {}
    for muscle in dataset.muscles:
        for part in muscle.parts:
            found.setdefault(plain(part.name), (muscle, part))
    for muscle in dataset.muscles:
        for name in (muscle.name, *muscle.synonyms):
            found.setdefault(plain(name), (muscle, muscle))
        found[plain(muscle.name)] = (muscle, muscle)
    return found


def roots(text: str) -> frozenset[str]:
    """Nerve roots named in a text, ranges filled in: "c5-c7" is C5, C6, C7."""
    found = set()
    order = [f"C{n}" for n in range(1, 9)] + [f"T{n}" for n in range(1, 13)]
    order += [f"L{n}" for n in range(1, 6)] + [f"S{n}" for n in range(1, 6)]
    for letter, first, other, last in _ROOTS.findall(text):
        start = f"{letter.upper()}{int(first)}"
        end = f"{(other or letter).upper()}{int(last)}" if last else start
        if start in order and end in order and order.index(start) <= order.index(end):
            found.update(order[order.index(start) : order.index(end) + 1])
    return frozenset(found)


def words(text: str) -> frozenset[str]:
    """Words of a nerve's name that tell it from others."""
    text = text.lower().replace("dorsal ram", "posterior ram").replace("ventral ram", "anterior ram")
    found = re.findall(r"[a-z]{4,}", re.sub(_ROOTS, " ", text))
    return frozenset(found) - _COMMON


def id_lines(rows: list[dict[str, str]], named: dict[str, tuple[Muscle, Owner]]) -> Iterator[str]:
    """Ids that differ, and muscles of the file that the dataset lacks."""
    for row in rows:
        match = named.get(plain(row["muscle"]))
        if match is None:
            yield f"?  {row['muscle']}: no entry and no part of this name"
            continue
        _, owner = match
        for key in ("fma", "uberon", "ta98"):
            ours, theirs = getattr(owner.ids, key), row[key].strip()
            if theirs and ours and ours != theirs:
                yield f"!  {row['muscle']}: {key} is {ours}, the file has {theirs}"
            elif theirs and not ours:
                yield f"?  {row['muscle']}: {key} {theirs} is not in the dataset"


def supply(muscle: Muscle, owner: Owner) -> tuple[Nerve, ...]:
    """The nerves of a part, or those of its muscle where it has none of its own."""
    return owner.innervation or muscle.innervation or tuple(n for p in muscle.parts for n in p.innervation)


def nerve_lines(rows: list[dict[str, str]], named: dict[str, tuple[Muscle, Owner]]) -> Iterator[str]:
    """Nerves and roots of the file beside ours."""
    for row in rows:
        match = named.get(plain(row["muscle"]))
        if match is None:
            yield f"?  {row['muscle']}: no entry of this name ({row['nerve']})"
            continue
        nerves = supply(*match)
        disputes = " ".join(
            f"{one.question} {' '.join(position.text for position in one.positions)}"
            for one in match[0].disagreements
        )
        text = " ".join(nerve.nerve for nerve in nerves)
        mine = frozenset(root for nerve in nerves for root in nerve.roots)
        missing = roots(row["nerve"]) - mine - roots(disputes)
        strange = not words(row["nerve"]) <= words(f"{text} {disputes}") if words(row["nerve"]) else False
        mark = "?" if missing or strange else " "
        listed = "; ".join(f"{nerve.nerve} {'-'.join(nerve.roots)}" for nerve in nerves)
        yield f"{mark}  {row['muscle']}: file {row['nerve']} | dataset {listed or 'none'}"


def main() -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=CHECKOUT / "data", help="folder of the dataset")
    parser.add_argument("--facts", type=Path, default=FACTS, help="folder with ids.csv and innervation.csv")
    parser.add_argument("--all", action="store_true", help="also what agrees")
    wanted = parser.parse_args()
    try:
        named = owners(load(wanted.data))
        ids = list(id_lines(table(wanted.facts / "ids.csv"), named))
        nerves = list(nerve_lines(table(wanted.facts / "innervation.csv"), named))
    except (OSError, TriggermapError) as error:
        print(error, file=sys.stderr)
        return 1
    for title, lines in (("ids.csv", ids), ("innervation.csv", nerves)):
        odd = [line for line in lines if not line.startswith(" ")]
        print(f"== {title}: {len(odd)} lines to look at, {len(lines)} in all")
        print(*(lines if wanted.all else odd), sep="\n")
    return 1 if any(line.startswith("!") for line in ids) else 0


if __name__ == "__main__":
    sys.exit(main())

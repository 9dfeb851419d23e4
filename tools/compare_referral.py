#!/usr/bin/env python3
"""Sets the pain zones of the fact files beside the regions of the dataset, muscle by muscle.

A row marked ``?`` shares no word with a region of its muscle: a gap, or another word for the same place.
A reader decides; nothing is checked.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, Muscle, Region, Zone
from triggermap.errors import TriggermapError

CHECKOUT = Path(__file__).resolve().parent.parent
FACTS = CHECKOUT.parent / "shared" / "facts"
FILES = ("referral.csv", "referral_gaps.csv")
# Too common to say that two places are the same.
COMMON = frozenset(
    {
        "and",
        "area",
        "below",
        "behind",
        "above",
        "region",
        "side",
        "part",
        "rare",
        "trp",
        "trp1",
        "trp2",
        "the",
    }
    | {"posterior", "anterior", "lateral", "medial", "upper", "lower", "middle", "back", "front", "deep"}
    | {"outer", "inner"}
)


class Row(NamedTuple):
    """One zone that a source gives."""

    muscle: str
    zone: str
    kind: str
    source: str


def rows(facts: Path) -> Iterator[Row]:
    """Yield the rows of both files, in file order."""
    for name in FILES:
        with (facts / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield Row(row["muscle"], row["zone"], row["kind"], row["source"] or "source not named")


def words(text: str) -> frozenset[str]:
    """Return the words of ``text`` that tell places apart, without a plural's s."""
    found = (word.rstrip("s") for word in re.findall(r"[a-z0-9]+", text.lower()))
    return frozenset(word for word in found if len(word) > 2 and word not in COMMON)


def ours(muscle: Muscle, regions: dict[str, Region]) -> Iterator[tuple[str, Zone, Region]]:
    """Yield the zones of all points of ``muscle``, with what they are called there."""
    for point in muscle.trigger_points:
        for kind, zones in (("essential", point.essential), ("spillover", point.spillover)):
            for zone in zones:
                yield f"{point.label} {kind}", zone, regions[zone.region]


def names(muscle: Muscle) -> frozenset[str]:
    """Return the names under which the fact files may have ``muscle``."""
    plural = muscle.name.removesuffix(" muscles") + "s"
    return frozenset(name.lower() for name in (muscle.name, plural, *(part.name for part in muscle.parts)))


def compare(muscle: Muscle, given: Iterable[Row], regions: dict[str, Region]) -> Iterator[str]:
    """Yield the lines about one muscle."""
    by_region: dict[str, list[str]] = defaultdict(list)
    known: set[str] = set()
    for kind, zone, region in ours(muscle, regions):
        by_region[region.id].append(kind if zone.side == "ipsilateral" else f"{kind}, {zone.side}")
        known |= words(" ".join((region.id, region.name, region.clinical, *region.synonyms)))
    yield f"== {muscle.name}"
    wanted = names(muscle)
    mine = [row for row in given if row.muscle.lower() in wanted]
    yield "   facts:" if mine else "   facts: none"
    for row in mine:
        mark = " " if words(row.zone) & known else "?"
        yield f" {mark}   {row.muscle}: {row.zone} [{row.kind}] {row.source}"
    yield "   dataset:"
    for key, kinds in sorted(by_region.items()):
        yield f"     {regions[key].name} ({key}): {'; '.join(dict.fromkeys(kinds))}"


def report(dataset: Dataset, facts: Path, muscle: str | None) -> Iterator[str]:
    """Yield the lines about all muscles, or about the one with this id."""
    regions = {region.id: region for region in dataset.regions}
    given = list(rows(facts))
    for entry in dataset.muscles:
        if muscle in (None, entry.id):
            yield from compare(entry, given, regions)


def main() -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=CHECKOUT / "data", help="folder of the dataset")
    parser.add_argument("--facts", type=Path, default=FACTS, help="folder with referral.csv")
    parser.add_argument("--muscle", help="id of one muscle; all without it")
    wanted = parser.parse_args()
    try:
        for line in report(load(wanted.data), wanted.facts, wanted.muscle):
            print(line)
    except (OSError, TriggermapError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

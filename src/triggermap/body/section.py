"""The near part of a probe as a drawing to scale: which bars, side by side where they overlap.

Pure numbers in mm of the one reference body; what is painted of them, and how large, is for others. A long
way is not squeezed: it is drawn to :attr:`Section.drawn` and broken off there, and what begins beyond is
listed (:attr:`Section.further`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triggermap.body.probe import Stratum

#: So much of the way is drawn, unless it is shorter.
NEAR_MM = 80.0
#: ... or more, up to this, so that what must be shown is met, and this much of it seen.
FARTHEST_MM = 120.0
SHOWN_MM = 12.0
#: A rest shorter than this is drawn, not broken off.
REST_MM = 10.0
#: Bars that share less than this only touch: a cell of the stack is 2 mm wide, surfaces are slanted.
TOUCH_MM = 1.0
SKIN = "skin"


@dataclass(frozen=True, slots=True)
class Bar:
    """A structure as it is drawn.

    ``number`` is its place in the whole list, from 1; ``top`` and ``bottom`` are mm from the skin's
    surface, cut where the drawing ends (``broken``). It stands in ``lane`` of ``lanes`` equal ones and is
    ``span`` of them wide.
    """

    number: int
    stratum: Stratum
    top: float
    bottom: float
    broken: bool
    lane: int = 0
    lanes: int = 1
    span: int = 1

    @property
    def sides(self) -> tuple[float, float]:
        """Left and right edge as shares of the drawing's width."""
        return self.lane / self.lanes, (self.lane + self.span) / self.lanes


@dataclass(frozen=True, slots=True)
class Section:
    """What lies under a place: ``skins`` (the body from skin to skin), ``bars`` in it, and the rest.

    ``drawn`` is how far the drawing goes, ``depth`` how far the whole list does, in mm; ``further`` are the
    numbers of what begins beyond the drawing.
    """

    skins: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    further: tuple[int, ...]
    drawn: float
    depth: float

    @property
    def broken(self) -> bool:
        """True where the drawing ends before the body does."""
        return self.drawn < self.depth


def section_of(strata: Sequence[Stratum], must_show: Iterable[float] = ()) -> Section:
    """Lay out the strata of a probe, as it orders them.

    ``must_show`` are entries (mm) of what the drawing should reach: the first of them may draw it out to
    :data:`FARTHEST_MM`.
    """
    depth = max((s.exit for s in strata), default=0.0)
    last = max((s.exit for s in strata if s.structure.system != SKIN), default=0.0)
    drawn = _drawn(depth, last, min(must_show, default=0.0))
    skins: list[Bar] = []
    bars: list[Bar] = []
    further: list[int] = []
    for number, stratum in enumerate(strata, 1):
        if stratum.entry >= drawn:
            further.append(number)
            continue
        bottom = min(stratum.exit, drawn)
        bar = Bar(number, stratum, stratum.entry, bottom, broken=stratum.exit > drawn)
        (skins if stratum.structure.system == SKIN else bars).append(bar)
    return Section(tuple(skins), tuple(_in_lanes(bars)), tuple(further), drawn, depth)


def _drawn(depth: float, last: float, wanted: float) -> float:
    """How far to draw a body of this depth, whose last structure ends at ``last``; ``wanted`` should show."""
    drawn = max(NEAR_MM, min(wanted + SHOWN_MM, FARTHEST_MM) if wanted < FARTHEST_MM else NEAR_MM)
    drawn = min(drawn, last + REST_MM)  # what the model leaves empty needs no room
    return depth if depth <= drawn + REST_MM else drawn


def _overlap(one: Bar, other: Bar) -> bool:
    """Whether two bars need a lane each: not where they only touch, as far as the model can tell."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    thinner = min(one.bottom - one.top, other.bottom - other.top)
    return shared > min(TOUCH_MM, thinner / 2)


def _in_lanes(bars: list[Bar]) -> list[Bar]:
    """Bars that overlap side by side; one that overlaps with none has the whole width."""
    crowds: list[list[Bar]] = []
    for bar in bars:
        touched = [crowd for crowd in crowds if any(_overlap(bar, other) for other in crowd)]
        joined = sorted([*(one for crowd in touched for one in crowd), bar], key=lambda b: (b.top, b.number))
        crowds = [crowd for crowd in crowds if crowd not in touched] + [joined]
    return sorted((bar for crowd in crowds for bar in _side_by_side(crowd)), key=lambda b: b.number)


def _side_by_side(crowd: list[Bar]) -> list[Bar]:
    """A chain of overlapping bars in as few lanes as it needs, each as wide as the others leave it."""
    lanes: list[list[Bar]] = []
    for bar in crowd:
        free = [lane for lane in lanes if not any(_overlap(bar, other) for other in lane)]
        if free:
            free[0].append(bar)
        else:
            lanes.append([bar])
    found = []
    for number, lane in enumerate(lanes):
        for bar in lane:
            taken = (
                n for n, other in enumerate(lanes) if n > number and any(_overlap(bar, one) for one in other)
            )
            found.append(
                replace(bar, lane=number, lanes=len(lanes), span=min(taken, default=len(lanes)) - number)
            )
    return found


def spread(wanted: Sequence[float], heights: Sequence[float], first: float = 0.0) -> list[float]:
    """Tops of labels of these heights, each as near to its wanted middle as the ones above let it.

    They keep their order and never overlap; the first may begin at ``first``. Where labels push each other
    the pushed ones stand evenly about their wanted places.
    """
    # Each group is a run of labels that touch: (where it wishes to begin, number of labels, height).
    groups: list[tuple[float, int, float]] = []
    for middle, height in zip(wanted, heights, strict=True):
        top, count, high = middle - height / 2, 1, height
        while groups and groups[-1][0] + groups[-1][2] > top:
            before, many, tall = groups.pop()
            # The mean of where all of them wish the group to begin.
            top = (before * many + (top - tall) * count) / (many + count)
            count, high = many + count, tall + high
        groups.append((max(top, first) if not groups else top, count, high))
    found: list[float] = []
    rest = iter(heights)
    for top, count, _ in groups:
        at = top
        for _ in range(count):
            found.append(at)
            at += next(rest)
    return found

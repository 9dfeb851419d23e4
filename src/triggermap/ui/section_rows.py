"""What the cross-section says: the numbered rows of a place, and the geometry that goes with them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triggermap.body.section import Section, section_of
from triggermap.ui.marking import Item, item_of, on_both_sides

if TYPE_CHECKING:
    from triggermap.body.probe import Stratum
    from triggermap.dataset.models import Hazard, Muscle

HEAD = "What lies here"
ONE_BODY = "One reference body, not a patient"
TITLE = f"{HEAD}: {ONE_BODY[0].lower()}{ONE_BODY[1:]}"
NO_HAZARD = "No hazard found on this line in this model; anatomy varies."
LINE = "Straight in along the view, not along a needle."
SCALE = "Each block of the ruler is 10 mm of this one body."
GAPS = "Between the bars: fat, fascia and what the model does not name."
BEYOND = "Beyond the break: in order, not drawn"
NOTHING_BEYOND = "Beyond the break: nothing else that the model names"
_KINDS = {
    "skin": "skin",
    "muscles": "muscle",
    "attachments": "attachment",
    "skeleton": "bone",
    "connective": "cartilage, disc or ligament",
    "fascia": "fascia",
    "nerves": "nerve",
    "arteries": "artery",
    "veins": "vein",
    "organs": "organ",
    "computed": "lung zone",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A structure of the list: its number, its mark, its ``system``, and whether it lies in the drawing."""

    number: int
    item: Item
    system: str
    drawn: bool

    @property
    def kind(self) -> str:
        """What the structure is, in a word: the kind of a hazard, else muscle, bone, ..."""
        return self.item.kind or _KINDS.get(self.system, self.system)

    @property
    def spoken(self) -> str:
        """The row as it is read aloud and shown as a tip."""
        name = self.item.text
        kind = "" if self.kind in name.lower() else f", {self.kind}"
        mark = f", hazard: {self.item.kind}" if self.item.icon else kind
        return f"{name}{mark}{'' if self.drawn else ', beyond the break'}"

    @property
    def written(self) -> str:
        """The row as it is copied."""
        return f"{self.number}. {self.item.text}{f' [hazard: {self.item.kind}]' if self.item.icon else ''}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The cross-section of a place: ``where`` that is, or ``note``: why there is none.

    ``written`` is what is written of the selected muscle or point, a line or nothing (:func:`written_of`);
    ``fatal`` if that can kill.
    """

    where: str = ""
    rows: tuple[Row, ...] = ()
    section: Section | None = None
    note: str = ""
    written: str = ""
    fatal: bool = False

    @property
    def beyond(self) -> str:
        """What to say of the way beyond the break; nothing where the whole of it is drawn."""
        if self.section is None or not self.section.broken:
            return ""
        return BEYOND if self.section.further else NOTHING_BEYOND

    @property
    def hazards(self) -> tuple[str, ...]:
        """The kinds of hazard that are met, each once, what can kill first."""
        marked = sorted((row.item for row in self.rows if row.item.icon), key=lambda item: not item.grave)
        kinds = dict.fromkeys(item.kind for item in marked)
        return tuple(kind for kind in kinds if kind != "lung" or "lung zone" not in kinds)

    @property
    def grave(self) -> bool:
        """Whether something is met or written of that can kill."""
        return self.fatal or any(row.item.grave for row in self.rows)

    @property
    def warns(self) -> bool:
        """Whether any hazard is met or written of."""
        return bool(self.hazards or self.written)

    @property
    def summary(self) -> str:
        """The hazards in a line; where none is met, what that means. It never contradicts what is written."""
        met = f"Hazards on this line: {', '.join(self.hazards)}." if self.hazards else NO_HAZARD
        return f"{met} {self.written}" if self.written else met

    @property
    def text(self) -> str:
        """Everything in lines, to be copied or read aloud."""
        if not self.rows:
            return self.note
        lines = [f"{TITLE}.", f"{self.where}. {LINE}", *(row.written for row in self.rows)]
        return "\n".join([*lines, self.summary])


def written_of(muscle: Muscle | None, point: str | None, hazards: Iterable[Hazard]) -> tuple[str, bool]:
    """What is written of a muscle, or of one of its points, in a line; and whether that can kill.

    A line along the view says nothing of a needle that comes at a slant: what is written stands beside it.
    """
    if muscle is None:
        return "", False
    notes = [note for note in muscle.safety if not (point and note.points) or point in note.points]
    names = {hazard.id: hazard.name for hazard in hazards}
    fatal = dict.fromkeys(names[note.hazard] for note in notes if note.severity == "life-threatening")
    if fatal:
        return f"Written for {muscle.name}: {', '.join(fatal)}.", True
    return (f"What is written for {muscle.name} holds all the same." if notes else ""), False


def drawing_of(where: str, strata: Sequence[Stratum], written: str = "", *, fatal: bool = False) -> Drawing:
    """The cross-section of a probe's strata; for what can kill it is drawn deeper than else."""
    sided = on_both_sides(strata)
    items = [item_of(stratum.structure, sided=sided) for stratum in strata]
    grave = [s.entry for s, item in zip(strata, items, strict=True) if item.grave]
    section = section_of(strata, grave)
    rows = tuple(
        Row(number, item, stratum.structure.system, number not in section.further)
        for number, (stratum, item) in enumerate(zip(strata, items, strict=True), 1)
    )
    return Drawing(where, rows, section, written=written, fatal=fatal)

"""What is shown, as one small value that fits in a line of text.

History, remembered state, command-line options and links are all this one string::

    back/superficial/left?muscle=trapezius&point=trapezius-upper-1&labels=1&show=nerves,veins&probe=1
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, quote

from triggermap.errors import TriggermapError

Side = Literal["left", "right", "both"]
SIDES: tuple[Side, ...] = get_args(Side)

#: Pages of text that concern no single muscle.
PAGES = ("safety", "science")

#: The overlay of everything that a needle can harm. It has no picture: it is made of the others.
HAZARDS = "hazards"

_SELECTION_KEYS = ("muscle", "point", "structure", "region", "condition", "hazard", "page")
_SWITCHES = ("labels", "probe")


@dataclass(frozen=True, slots=True)
class State:
    """Plate, layer and side on show, what is selected, and what lies over the plate.

    ``structure`` is a mesh id of the reference body: it is set when something is selected that the
    dataset does not describe. ``region`` is a pain region, ``condition`` a complaint or diagnosis,
    ``hazard`` a kind of harm, ``page`` a page of text such as ``safety``. At most one of muscle, structure,
    region, condition, hazard and page is set; ``point`` needs ``muscle``. ``overlays`` are ids such
    as ``nerves`` or ``landmarks``, sorted; ``labels`` are the names on the plate, ``probe`` the strip
    with the structures under the pointer.
    """

    plate: str = "back"
    layer: str = "superficial"
    side: Side = "both"
    muscle: str | None = None
    point: str | None = None
    structure: str | None = None
    region: str | None = None
    condition: str | None = None
    hazard: str | None = None
    page: str | None = None
    labels: bool = False
    overlays: tuple[str, ...] = ()
    probe: bool = False

    def format(self) -> str:
        """The state as one line; :meth:`parse` reads it back."""
        pairs = [(key, getattr(self, key)) for key in _SELECTION_KEYS]
        query = [f"{key}={quote(value, safe='/.')}" for key, value in pairs if value]
        if self.labels:
            query.append("labels=1")
        if self.overlays:
            query.append(f"show={','.join(quote(overlay, safe='') for overlay in self.overlays)}")
        if self.probe:
            query.append("probe=1")
        head = f"{self.plate}/{self.layer}/{self.side}"
        return f"{head}?{'&'.join(query)}" if query else head

    @classmethod
    def parse(cls, text: str) -> State:
        """Read a state line; raise :class:`TriggermapError` with one sentence if it is not one.

        Only the form is checked here. Whether the plate and the muscle exist is for the caller,
        who knows the body and the dataset.
        """
        head, _, query = text.strip().partition("?")
        parts = head.split("/")
        if len(parts) != 3 or not all(parts):
            raise TriggermapError(
                f"'{text}' is no state: write PLATE/LAYER/SIDE, such as back/superficial/left."
            )
        plate, layer, side = parts
        if side not in SIDES:
            raise TriggermapError(f"'{side}' is no side: write left, right or both.")
        values: dict[str, Any] = {}
        for key, value in parse_qsl(query, keep_blank_values=True):
            if key in _SWITCHES:
                values[key] = value == "1"
            elif key == "show":
                values["overlays"] = tuple(name.strip() for name in value.split(",") if name.strip())
            elif key in _SELECTION_KEYS:
                values[key] = value or None
            else:
                raise TriggermapError(
                    f"'{key}' is no part of a state: write muscle, point, structure, region, condition, "
                    "hazard, page, labels, show or probe."
                )
        return cls(plate=plate, layer=layer, side=side, **values).normalised()

    def normalised(self) -> State:
        """The same state without contradictions (a point without its muscle, two selections)."""
        state = replace(self, overlays=tuple(sorted(set(self.overlays))))
        kept = next((key for key in _SELECTION_KEYS if key != "point" and getattr(self, key)), None)
        chosen: dict[str, Any] = {kept: getattr(self, kept)} if kept else {}
        if kept == "muscle":
            chosen["point"] = self.point
        return replace(state.cleared(), **chosen)

    def cleared(self) -> State:
        """The same view with nothing selected."""
        nothing: dict[str, Any] = dict.fromkeys(_SELECTION_KEYS)
        return replace(self, **nothing)

    @property
    def selection(self) -> tuple[str | None, ...]:
        """What is selected, of whatever kind."""
        return tuple(getattr(self, key) for key in _SELECTION_KEYS)

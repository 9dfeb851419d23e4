"""Hazard zones: which structures are to be hatched on a plate, in five kinds. Made without painting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from triggermap.body.plates import Structure

if TYPE_CHECKING:
    from triggermap.body.plates import Body
    from triggermap.dataset.models import Hazard
    from triggermap.safety.risks import Risk

Kind = Literal["lung", "organ", "vessel", "nerve", "spine"]
#: In the order in which they are painted: what is thin lies over what is wide.
KINDS: tuple[Kind, ...] = get_args(Kind)
_KIND_OF_SYSTEM: dict[str, Kind] = {"arteries": "vessel", "veins": "vessel", "nerves": "nerve"}


@dataclass(frozen=True, slots=True)
class Zone:
    """Structures of one hazard by kind; ``name`` stands on the plate, an empty one doesn't."""

    name: str
    kind: Kind
    parts: tuple[tuple[Kind, tuple[int, ...]], ...]


def kind_of(structure: Structure, hazard: Hazard) -> Kind:
    """A nerve is drawn as a nerve, though its hazard may be one of vessels; lung and spine by hazard."""
    if hazard.icon == "lung" or structure.system == "computed":
        return "lung"
    if hazard.icon == "spine":
        return "spine"
    return _KIND_OF_SYSTEM.get(structure.system, "organ")


def zones_at_risk(body: Body, risks: Iterable[Risk]) -> tuple[Zone, ...]:
    """The zones of the risks of a point, the worst first; each structure is drawn once."""
    drawn: set[int] = set()
    zones = []
    for risk in risks:
        own = [number for number in risk.structures if number not in drawn]
        drawn.update(own)
        if own:
            zones.append(_zone(body, risk.hazard, own))
    return tuple(zones)


def zone_of_hazard(body: Body, hazard: Hazard, by_structure: Mapping[int, Hazard]) -> Zone | None:
    """The zone of one hazard, both sides; None if the body shows nothing of it."""
    own = [number for number, other in by_structure.items() if other.id == hazard.id]
    return _zone(body, hazard, own) if own else None


def zones_of_all(body: Body, by_structure: Mapping[int, Hazard]) -> tuple[Zone, ...]:
    """All hazard zones as one zone a kind, without names: the key on the stage has them."""
    by_kind: dict[Kind, list[int]] = {}
    for number, hazard in by_structure.items():
        by_kind.setdefault(kind_of(body.structures[number], hazard), []).append(number)
    return tuple(Zone("", kind, ((kind, tuple(by_kind[kind])),)) for kind in KINDS if kind in by_kind)


def _zone(body: Body, hazard: Hazard, structures: Iterable[int]) -> Zone:
    parts: dict[Kind, list[int]] = {}
    for number in structures:
        parts.setdefault(kind_of(body.structures[number], hazard), []).append(number)
    kind = hazard.icon if hazard.icon in parts else next(iter(parts))
    return Zone(
        title_of(hazard, parts),
        kind,
        tuple((one, tuple(parts[one])) for one in KINDS if one in parts),
    )


def title_of(hazard: Hazard, kinds: Iterable[Kind]) -> str:
    """What stands on the plate: the lung zone is larger than a lung, and says so."""
    if "lung" in kinds:
        return f"Lung zone ({hazard.name[:1].lower()}{hazard.name[1:]})"
    return hazard.name

"""Hazard zones: which structures are to be hatched on a plate, in five kinds. Made without painting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from triggermap.body.masks import near_of
from triggermap.body.plates import Body, Plate, Structure
from triggermap.body.stems import matches

if TYPE_CHECKING:
    from triggermap.dataset.models import Hazard
    from triggermap.safety.risks import Risk

Kind = Literal["lung", "organ", "vessel", "nerve", "spine"]
#: In the order of the key, and of the parts of a zone as they are painted: the thin over the wide.
KINDS: tuple[Kind, ...] = get_args(Kind)
_GRAVEST: tuple[Kind, ...] = ("lung", "spine", "organ", "nerve", "vessel")
_NEAR_MM = 60.0
_LUNG = ("organs/pleura", "organs/*_lobe_of_lung")
Place = tuple[float, float]  # plate mm
_KIND_OF_SYSTEM: dict[str, Kind] = {"arteries": "vessel", "veins": "vessel", "nerves": "nerve"}


@dataclass(frozen=True, slots=True)
class Zone:
    """Structures of one hazard by kind; ``name`` stands on the plate, an empty one doesn't.

    ``around`` are the places (plate mm) for which it is shown: it thins out away from them, all but the lung.
    """

    name: str
    kind: Kind
    parts: tuple[tuple[Kind, tuple[int, ...]], ...]
    around: tuple[Place, ...] = ()


def kind_of(structure: Structure, hazard: Hazard) -> Kind:
    """A nerve is drawn as a nerve, though its hazard may be one of vessels; lung and spine by hazard."""
    if hazard.icon == "lung" or structure.system == "computed":
        return "lung"
    if hazard.icon == "spine":
        return "spine"
    return _KIND_OF_SYSTEM.get(structure.system, "organ")


def zones_at_risk(
    plate: Plate, body: Body, risks: Iterable[Risk], sites: Sequence[Place], sides: Collection[str]
) -> tuple[Zone, ...]:
    """The zones of the risks of a point, the worst first; each structure is drawn once.

    A written hazard outranks the straight way to one reference body: where nothing of it lies on the way,
    what comes near the ``sites`` (plate mm) is drawn on the ``sides`` shown. The lung is drawn in any case.
    Raises :class:`~triggermap.errors.TriggermapError` if an id map can't be read.
    """
    drawn: set[int] = set()
    zones = []
    for risk in risks:
        found = risk.structures or _about(plate, body, risk.hazard, sites, sides)
        own = [number for number in _without_lobes(body, found) if number not in drawn]
        drawn.update(own)
        if own:
            zones.append(replace(_zone(body, risk.hazard, own), around=tuple(sites)))
    return tuple(zones)


def _about(
    plate: Plate, body: Body, hazard: Hazard, sites: Sequence[Place], sides: Collection[str]
) -> tuple[int, ...]:
    """What a hazard is about near the sites, on the sides shown or in the middle."""
    hidden = {"left", "right"} - {*sides}
    own = [n for n in structures_of(body, hazard) if body.structures[n].side not in hidden]
    lung = [n for n in own if body.structures[n].system == "computed"]
    return tuple(lung) or tuple(sorted(near_of(plate, body, own, sites, _NEAR_MM)))


def structures_of(body: Body, hazard: Hazard) -> tuple[int, ...]:
    """The structures of the body that a hazard is about, both sides."""
    return tuple(number for number, s in body.structures.items() if matches(s.mesh, hazard.structures))


def zone_of_hazard(body: Body, hazard: Hazard) -> Zone | None:
    """The zone of one hazard, both sides; None if the body shows nothing of it."""
    own = _without_lobes(body, structures_of(body, hazard))
    return _zone(body, hazard, own) if own else None


def _without_lobes(body: Body, structures: Iterable[int]) -> list[int]:
    """Lung and pleura lie within the lung zone: where that is drawn they are not drawn again."""
    own = list(structures)
    if not any(body.structures[number].system == "computed" for number in own):
        return own
    return [n for n in own if not matches(body.structures[n].mesh, _LUNG)]


def zones_of_all(body: Body, by_structure: Mapping[int, Hazard]) -> tuple[Zone, ...]:
    """All hazard zones as one zone a kind, without names: the key on the stage has them."""
    by_kind: dict[Kind, list[int]] = {}
    for number in _without_lobes(body, by_structure):
        hazard = by_structure[number]
        by_kind.setdefault(kind_of(body.structures[number], hazard), []).append(number)
    return tuple(Zone("", kind, ((kind, tuple(by_kind[kind])),)) for kind in _GRAVEST if kind in by_kind)


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

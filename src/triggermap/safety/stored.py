"""What the body shows on the way to each trigger point: looked up where it was computed, else computed.

``assets/body/ways.json`` holds it for the bundled points, each with the position it was computed for. A
point that is not in it, or lies elsewhere by now, is a user's own: its ways are walked here and now.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from triggermap.body.plates import Body
from triggermap.dataset.models import Dataset, Position, TriggerPoint
from triggermap.errors import TriggermapError
from triggermap.safety.ways import BEYOND_MM, CONE_DEGREES, Found, Met, Passed, Surroundings

FORMAT = 1
SIDES = ("left", "right")

Key = tuple[str, str]  # id of a trigger point, side


class Ways:
    """What is met on the way to points of one body. Raises :class:`TriggermapError` if files are broken."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._own: dict[tuple[str, str], Found] = {}

    def of(self, point: TriggerPoint, side: str) -> Found:
        """What the body shows at a trigger point on the left or the right."""
        return self.kept(point, side) or self._walked(point.position, side)

    def kept(self, point: TriggerPoint, side: str) -> Found | None:
        """What was computed and stored for a point; None if nothing was for this position."""
        row = self._rows.get((point.id, side))
        if row is None or row["position"] != _shape(point.position):
            return None
        structures = self._body.structures
        try:
            return Found(
                tuple(Met(structures[s], bool(straight), ways) for s, straight, ways in row["met"]),
                tuple(Passed(structures[s], mm, bool(bridged)) for s, mm, bridged in row["near"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(self._path, error) from error

    def check(self) -> None:
        """Read what is stored; raise if it can't be."""
        _ = self._rows

    @property
    def _path(self) -> Path:
        if self._body.ways is None:
            raise TriggermapError(
                f"{self._body.folder / 'manifest.json'} lists no file of ways to trigger points: run"
                " 'make plates'."
            )
        return self._body.ways

    @cached_property
    def _rows(self) -> dict[Key, dict[str, Any]]:
        path = self._path
        try:
            content = json.loads(path.read_text("utf-8"))
            if content["format"] != FORMAT:
                raise TriggermapError(
                    f"{path} has format {content['format']}; this version reads {FORMAT}: run 'make plates'."
                )
            found = {(row["point"], row["side"]): row for row in content["ways"]}
            for row in found.values():
                _ = row["position"], row["met"], row["near"]
        except OSError as error:
            raise TriggermapError(f"What lies on the way to trigger points is missing: {path}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(path, error) from error
        return found

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self._body)

    def _walked(self, position: Position, side: str) -> Found:
        key = json.dumps(_shape(position)), side
        if key not in self._own:
            self._own[key] = self._around.found(position, side)
        return self._own[key]


def _damaged(path: Path, error: Exception) -> TriggermapError:
    return TriggermapError(
        f"What lies on the way to trigger points is damaged: {path} lacks or misstates {error!r}:"
        " run 'make plates'."
    )


def computed(dataset: Dataset, body: Body) -> str:
    """The text of ``ways.json``: the ways to every trigger point, walked anew, a line each."""
    around = Surroundings(body)
    rows = []
    for muscle in dataset.muscles:
        for point in muscle.trigger_points:
            for side in sides_of(point):
                found = around.found(point.position, side)
                row = {
                    "point": point.id,
                    "side": side,
                    "position": _shape(point.position),
                    "met": [[m.structure.id, int(m.straight), m.ways] for m in found.met],
                    "near": [[n.structure.id, n.distance, int(n.bridged)] for n in found.near],
                }
                rows.append(json.dumps(row, separators=(",", ":")))
    head = {"format": FORMAT, "licence": "CC BY-SA 4.0", "beyond_mm": BEYOND_MM, "cone_degrees": CONE_DEGREES}
    begin = json.dumps(head)[:-1]
    return f'{begin}, "ways": [\n' + ",\n".join(rows) + "\n]}\n"


def sides_of(point: TriggerPoint) -> tuple[str, ...]:
    """The sides on which a point is described."""
    return tuple(side for side in SIDES if point.only in (None, side))


def _shape(position: Position) -> list[Any]:
    """What ways depend on: the place and the side from which it is reached."""
    return [*position.at, position.approach]

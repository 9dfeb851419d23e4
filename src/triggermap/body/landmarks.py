"""Named bony and surface landmarks, and which of them a plate shows.

The file is written by ``platemaker.landmarks``; see docs/assets-format.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from triggermap.body.plates import Plate
from triggermap.errors import TriggermapError

FORMAT = 1
LANDMARKS = "landmarks"  # the id of their overlay; it has no picture, for they are drawn with names


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named point of the body, in body mm. ``kind`` is bone or surface, ``side`` left, right or mid."""

    id: str
    name: str
    latin: str | None
    group: str
    kind: str
    side: str
    at: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A landmark where a plate shows it, in plate mm."""

    landmark: Landmark
    u: float
    v: float


def load_landmarks(path: Path) -> tuple[Landmark, ...]:
    """Read ``landmarks.json``; :class:`TriggermapError` with one sentence if that is not possible."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] != FORMAT:
            raise TriggermapError(
                f"{path} has format {content['format']}; this version reads {FORMAT}: run 'make plates'."
            )
        return tuple(_landmark(entry) for entry in content["landmarks"])
    except OSError as error:
        raise TriggermapError(f"The landmarks are missing: {path} cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TriggermapError(
            f"The landmarks are damaged: {path} lacks or misstates {error}: run 'make plates'."
        ) from error


def _landmark(entry: dict[str, Any]) -> Landmark:
    x, y, z = (float(value) for value in entry["at"])
    words = {key: entry[key] for key in ("id", "name", "latin", "group", "kind", "side")}
    return Landmark(**words, at=(x, y, z))


def on_plate(plate: Plate, landmarks: Iterable[Landmark]) -> list[Spot]:
    """The landmarks in the window of a plate and on the near side of the body, in the order given.

    A plate of one side names those of its side and of the midline alone.
    """
    found = []
    for landmark in landmarks:
        if plate.side is not None and landmark.side not in (plate.side, "mid"):
            continue
        at = np.array(landmark.at)
        if plate.within_skin(at) and plate.on_near_side(at):
            u, v = plate.project(at[None])[0]
            found.append(Spot(landmark, float(u), float(v)))
    return found

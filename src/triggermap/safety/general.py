"""What is said when safety data can't be read: the general thorax warning, and where it stands.

Nothing here needs the body or the dataset: it must hold when both are broken. Where it is in doubt whether
a site lies on the trunk, the neck or the shoulder, it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For types alone: this is said while nothing else could be loaded.
    from triggermap.body.plates import Structure
    from triggermap.dataset.models import Muscle, TriggerPoint

NOT_AVAILABLE = "Safety data is not available"
GENERAL_WARNING = (
    "Treat every point of the trunk, the neck and the shoulder as lying over the lung: needling there can"
    " cause a pneumothorax, which can be life-threatening."
)
GENERAL_REFERENCES = ("sa-bn121", "evms-neck", "patel2019")
"""Keys of the dataset that carry the warning, where it has them."""
WHAT_TO_DO = "Install triggermap again; 'triggermap check' names everything that is wrong."

_GROUPS = frozenset({"neck", "shoulder", "thorax", "back", "abdomen"})
# Body mm: from below the crest of the hip bone to above the larynx, and out to the arm that hangs beside.
_TRUNK_Y = (1000.0, 1500.0)
_TRUNK_X = 200.0


def general_applies(muscle: Muscle, point: TriggerPoint | None = None) -> bool:
    """Whether the warning stands at a muscle, or at one of its points: on trunk, neck or shoulder."""
    if muscle.group in _GROUPS:
        return True
    points = muscle.trigger_points if point is None else (point,)
    return any(_on_trunk(*one.position.at) for one in points)


def general_applies_to(structure: Structure) -> bool:
    """Whether the warning stands at a structure that the dataset doesn't describe."""
    return structure.centre is None or _on_trunk(*structure.centre)


def _on_trunk(x: float, y: float, _z: float) -> bool:
    return _TRUNK_Y[0] <= y <= _TRUNK_Y[1] and abs(x) <= _TRUNK_X


def what_is_wrong(faults: Sequence[str]) -> str:
    """The first fault, how many others there are, and what to do."""
    more = len(faults) - 1
    others = f" {more} more fault{'s were' if more > 1 else ' was'} found." if more else ""
    return f"{faults[0]}{others} {WHAT_TO_DO}"


def in_one_line(faults: Sequence[str]) -> str:
    """The whole of it as one sentence after another, for a terminal or a strip."""
    return f"{NOT_AVAILABLE}: {what_is_wrong(faults)}"

"""What lies on the way to each bundled trigger point: the product that depends on the dataset.

It is computed from the peel stacks and centre lines that are in ``assets/body`` already, by the same code
that computes a user's own points while the program runs.
"""

from __future__ import annotations

from pathlib import Path

from platemaker.errors import PlatemakerError
from platemaker.files import write_whole
from platemaker.manifest import SINGLE
from triggermap.body.plates import load_body
from triggermap.dataset.loader import load
from triggermap.errors import TriggermapError
from triggermap.safety.stored import computed


def write_ways(out: Path, data: Path) -> None:
    """Write ``ways.json`` for the dataset in ``data``, if stacks and lines are in ``out``."""
    try:
        body = load_body(out)
        if len(body.stacks) == 2 and body.lines is not None:
            text = computed(load(data), body)
            write_whole(out / SINGLE["ways"], text.encode())
    except TriggermapError as error:
        raise PlatemakerError(str(error)) from error

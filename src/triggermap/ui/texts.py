"""Sentences that stand in more than one place of the window, and how long words are broken."""

from __future__ import annotations

import re
from html import escape

DISCLAIMER = "For education and reference by trained people; not a diagnosis."
NO_FIXED_REFERRAL = "No fixed referral location should be expected: patterns vary from patient to patient."
NO_FIXED_KEY = "fdlp2018delphi"

_BREAK = "\u200b"  # a place where a line may end, without a width


def breakable(text: str) -> str:
    """Escaped text whose addresses may be broken behind their signs, and within long names.

    They are wider than a narrow panel, and a label breaks lines at spaces only.
    """
    text = re.sub(r"(?<=[/.\-_?&=])(?=\S)", _BREAK, text)
    return escape(re.sub(rf"[^\s{_BREAK}]{{18}}(?=[^\s{_BREAK}])", rf"\g<0>{_BREAK}", text))

"""Structures by what they are: ids of meshes without side and number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

_NUMBER = re.compile(r"[.~]\d+$")
_SIDE = re.compile(r"\.[lr]$")
_WORD = re.compile(r"(?:(?<=[/_])|^)(?:left|right)_")


@lru_cache(maxsize=8192)
def stem(mesh: str) -> str:
    """The id of a mesh without its side and its number.

    ``arteries/left_axillary_artery.l`` and ``.../right_axillary_artery.r~2`` are both
    ``arteries/axillary_artery``.
    """
    while _NUMBER.search(mesh):
        mesh = _NUMBER.sub("", mesh)
    mesh = _NUMBER.sub("", _SIDE.sub("", mesh))
    return _WORD.sub("", mesh)


def matches(mesh: str, patterns: Iterable[str]) -> bool:
    """Whether a mesh is one of those meant: stems, in which ``*`` stands for any letters."""
    name = stem(mesh)
    return any(fnmatchcase(name, pattern) for pattern in patterns)

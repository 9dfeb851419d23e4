"""What can go wrong, said in sentences that a user can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class TriggermapError(Exception):
    """A failure that the user is told about in one clear sentence: ``str(error)``."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file, where it stands, and what to write instead.

    ``line`` counts from 1; 0 means that the file as a whole is meant.
    """

    file: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return ``data/muscles.yaml:123: message. Hint.``, as editors and terminals can follow it."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{where}: {_sentence(self.message)}"
        return f"{text} {_sentence(self.hint)}" if self.hint else text


class DataError(TriggermapError):
    """The dataset can't be used; ``problems`` holds everything that is wrong, not the first alone."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self._summary())

    def _summary(self) -> str:
        if not self.problems:
            return "The data cannot be read."
        first = str(self.problems[0])
        more = len(self.problems) - 1
        if not more:
            return first
        return f"{first} ({more} more problem{'s' if more > 1 else ''}: run 'triggermap check'.)"


def _sentence(text: str) -> str:
    """End ``text`` with a full stop, unless it ends like a sentence already."""
    text = text.strip()
    return text if text.endswith((".", "?", "!", ".)")) else f"{text}."

"""Claims with their sources as rich text: numbered marks, and what was seen of each source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from triggermap.dataset.dossier import AGAINST, REPORTED, citation
from triggermap.dataset.models import Dataset, Sourced, Statement
from triggermap.ui.theme import Theme

_BREAK = "\u200b"  # a place where a line may end, without a width
UNCHECKED = "textbook, page not checked"


class Citations:
    """Numbers the references of one dossier in the order in which they are first named."""

    def __init__(self, dataset: Dataset, theme: Theme) -> None:
        self._references = {reference.key: reference for reference in dataset.references}
        self._theme = theme
        self._numbers: dict[str, int] = {}

    def mark(self, sourced: Sourced) -> str:
        """The marks of a claim: ``[3]`` as links, and a plain word where no page was checked."""
        text = self._numbers_of(sourced)
        if not sourced.unsourced and not self._checked(sourced):
            text += f" <i style='color:{self._theme.muted}'>{UNCHECKED}</i>"
        return text

    def row(self, items: Iterable[tuple[Sourced, str]]) -> str:
        """Short statements in a row; what no page was checked for is said once, at the end."""
        pairs = list(items)
        unchecked = [not one.unsourced and not self._checked(one) for one, _ in pairs]
        some = any(unchecked) and not all(unchecked)
        words = [
            f"{escape(text)}{self._numbers_of(one)}{'†' if some and mark else ''}"
            for (one, text), mark in zip(pairs, unchecked, strict=True)
        ]
        note = f" <i style='color:{self._theme.muted}'>{'† ' if some else ''}{UNCHECKED}</i>"
        return "; ".join(words) + (note if any(unchecked) else "")

    def _numbers_of(self, sourced: Sourced) -> str:
        muted, link = self._theme.muted, self._theme.link
        if sourced.unsourced:
            return f" <span style='color:{muted}'>(no source found)</span>"
        marks = []
        for key in sourced.references:
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            marks.append(f"<a href='ref:{key}' style='color:{link};text-decoration:none'>{number}</a>")
        return f"&nbsp;<span style='color:{muted}'>[{','.join(marks)}]</span>"

    def _checked(self, sourced: Sourced) -> bool:
        """Whether at least one of the sources was opened."""
        return any(key in self._references and self._references[key].opened for key in sourced.references)

    def claim(self, sourced: Sourced, text: str) -> str:
        """A statement with its marks; whose words it is, and what speaks against it, if they aren't ours."""
        words = f"{escape(text)}{self.mark(sourced)}"
        if not isinstance(sourced, Statement) or sourced.reported is None:
            return words
        against = (f" <b>{AGAINST}:</b> {self.claim(one, one.text)}" for one in sourced.against)
        return f"<i>{REPORTED[sourced.reported]}:</i> {words}{''.join(against)}"

    def claims(self, lines: Iterable[tuple[Sourced, str]]) -> str:
        """Statements as a list, or one alone as a paragraph."""
        items = [self.claim(sourced, text) for sourced, text in lines]
        if len(items) == 1:
            return items[0]
        return "".join(f"<p style='margin:0 0 5px 0'>{item}</p>" for item in items)

    def sources(self) -> str:
        """The numbered list of everything cited so far."""
        rows = []
        for key, number in self._numbers.items():
            reference = self._references[key]
            rows.append(
                f"<p style='margin:0 0 6px 0'><b>{number}</b>&nbsp; {_breakable(citation(reference))}</p>"
            )
        return "".join(rows)

    def tip(self, link: str) -> str:
        """What a mark says when the pointer is on it."""
        reference = self._references.get(link.removeprefix("ref:"))
        return citation(reference) if reference else ""


def _breakable(text: str) -> str:
    """Escaped text whose addresses may be broken behind their signs, and within long names.

    They are wider than a narrow panel, and a label breaks lines at spaces only.
    """
    text = re.sub(r"(?<=[/.\-_?&=])(?=\S)", _BREAK, text)
    return escape(re.sub(rf"[^\s{_BREAK}]{{18}}(?=[^\s{_BREAK}])", rf"\g<0>{_BREAK}", text))

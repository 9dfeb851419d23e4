"""What users read, without what is rightly quoted: for the tests on false comfort."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from triggermap.dataset.comfort import comforts
from triggermap.dataset.dossier import REPORTED, citation
from triggermap.dataset.models import Dataset, Statement
from triggermap.dataset.rules import everything

Json = Any


class Reader:
    """Reads what the program shows; a quotation is left out only where the words before it name it as one."""

    def __init__(self, dataset: Dataset) -> None:
        quotations = {
            f"{REPORTED[item.reported]}: {item.text}"
            for _, item in everything(dataset)
            if isinstance(item, Statement) and item.reported
        }
        foreign = quotations | {citation(reference) for reference in dataset.references}
        # Longest first: one may begin like another.
        self._foreign = [_even(one) for one in sorted(foreign, key=len, reverse=True)]
        self.quotations = frozenset(_even(one) for one in quotations)

    def own(self, text: str) -> str:
        """The text as plain words without quotations and sources."""
        text = plain(text)
        for one in self._foreign:
            if one in text:
                text = text.replace(one, " … ")
        return text

    def comforts(self, text: str) -> list[str]:
        """The forbidden phrases in what is left of a text as the program's own, each with its beginning."""
        own = self.own(text)
        return [f"{phrase.name}: {own[own.find(words) :][:80]}" for phrase, words in comforts(own)]


def plain(text: str) -> str:
    """Rich text as words, evenly spaced."""
    if "<" in text:
        text = unescape(re.sub(r"<[^>]*>", "", re.sub(r"</p>|<br/?>", "\n", text)))
    return _even(text)


def _even(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def json_texts(value: Json, key: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a JSON export with its key, without quotations, sources and titles of sources."""
    if isinstance(value, dict):
        for name, one in value.items():
            if not (name == "text" and value.get("reported")) and name not in (
                "citation",
                "seen_note",
                "url",
            ):
                yield from json_texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from json_texts(one, key)
    elif isinstance(value, str):
        yield key, value


def fixed_words(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal of a module; docstrings are not for users."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            silent.update(id(part) for part in parts)
            yield node.lineno, " … ".join(str(part.value) for part in parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value

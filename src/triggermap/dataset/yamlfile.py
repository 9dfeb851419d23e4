"""Read one YAML file into plain values, and remember the line of each.

The parser's events are built into values here, in one pass, and not by PyYAML's constructor: that
would keep the last of two equal keys without a word, share what an alias names (so that a small file
can stand for gigabytes), read ``no`` as False, forget the lines, and take ten times as long. The C
parser gives the events; its pure Python twin stands in where PyYAML was built without it.

There are two builders. :func:`_quickly` takes a file in which all is plain, which is every sound
file, and gives up at the first oddity. :class:`_Builder` then goes through the file again with care,
collects everything that is wrong, and notes the lines; it is also asked when a problem that is found
later needs its line. A test holds the two to the same values.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml import events

from triggermap.dataset.remembered import Remembered
from triggermap.errors import Problem

MAX_BYTES = 20_000_000
MAX_VALUES = 1_000_000
"""Bound on what a file can hold; ten times the whole dataset is half of it."""
MAX_DEPTH = 40
MAX_PROBLEMS = 200
"""Problems listed for one file; the rest are counted. A file that is all wrong stays readable so."""

Key = str | int
KeyPath = tuple[Key, ...]

_PARSER: Callable[[bytes], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*|(?=\.[0-9]))(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_LONGEST_NUMBER = 30
_NUMBER_STARTS = frozenset("+-.0123456789")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TRAPS = frozenset(form for word in ("yes", "no", "on", "off") for form in (word, word.title(), word.upper()))
_LONGEST_CONSTANT = max(map(len, _CONSTANTS))

# The parser's words, and what a writer of YAML can do about them.
_SYNTAX_HINTS = (
    ("cannot start any token", "Indent with spaces, not tabs; put text that begins with @, ` or % in quotes"),
    ("mapping values are not allowed", "Put text that holds a colon and a space in quotes"),
    ("could not find expected ':'", "Write 'key: value', with a space after the colon"),
    ("block end", "Check the indentation: entries of one list or mapping begin in the same column"),
    ("'-' indicator", "Check the indentation: all '- ' of one list begin in the same column"),
    ("expected key", "Check the indentation: all keys of one mapping begin in the same column"),
    ("',' or ']'", "Close the list with ']' and put commas between its entries"),
    ("',' or '}'", "Close the mapping with '}' and put commas between its entries"),
    ("expected node content", "Write a value here; put text that begins with a sign in quotes"),
    ("entries are not allowed", "Begin each '- ' entry on a line of its own"),
    ("unexpected end of stream", "Close the quotation mark"),
    ("control characters", "Remove the invisible control character"),
    ("expected alphabetic", "Put text that begins with * or & in quotes"),
    ("unknown escape", "Use single quotes around text that holds a backslash"),
)  # fmt: skip


@dataclass(slots=True)
class YamlFile:
    """What one file holds: plain values, the line of each, and what was wrong with its form.

    ``usable`` is false when the file could not be read to its end. ``lines`` gives, by the ``id()`` of
    a mapping or list within ``value``, the line of each of its children; it is None until needed.
    """

    name: str
    value: Any = None
    usable: bool = False
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    data: bytes = field(default=b"", repr=False)
    lines: dict[int, Any] | None = field(default=None, repr=False)

    def line(self, path: KeyPath) -> int:
        """Line of the value at ``path``, or of its nearest parent that the file has."""
        if not self.usable:
            return 0
        if self.lines is None:
            careful = YamlFile(self.name)
            _Builder(careful).run(self.data)
            self.value, self.lines = careful.value, careful.lines or {}
        value, line = self.value, 1
        for key in path:
            children = self.lines.get(id(value))
            try:
                line, value = children[key], value[key]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def add(self, line: int, message: str, hint: str = "") -> None:
        """Note a problem in this file, or only count it if there are too many already."""
        if len(self.problems) >= MAX_PROBLEMS:
            self.unlisted += 1
            return
        self.problems.append(Problem(self.name, line, message, hint))


class _StopReadingError(Exception):
    """The rest of the file can't be read sensibly."""


def read(path: Path, name: str, remembered: Remembered | None = None) -> YamlFile:
    """Read ``path``; ``name`` is what problems call it. Never raises for what a file can hold.

    ``remembered`` holds the values of files that were read before.
    """
    file = YamlFile(name)
    data = _bytes(path, file)
    if data is None:
        return file
    return parse(data, file, remembered)


def parse(data: bytes, file: YamlFile, remembered: Remembered | None = None) -> YamlFile:
    """Fill ``file`` from the bytes of a YAML document."""
    data = _checked_encoding(data, file)
    if not data:
        return file
    file.data = data
    kept = remembered.get(data) if remembered else None
    if kept is not None:
        file.value, file.usable = kept, True
        return file
    with contextlib.suppress(_OddityError, yaml.YAMLError):
        file.value, file.usable = _quickly(data), True
        if remembered:
            remembered.keep(data, file.value)
        return file
    try:
        _Builder(file).run(data)
        file.usable = True
    except _StopReadingError:
        pass
    except yaml.YAMLError as error:
        _explain(error, file)
    return file


def _bytes(path: Path, file: YamlFile) -> bytes | None:
    if not path.exists():
        file.add(0, "the file is missing", f"Create {path.name} in that folder, or choose another folder")
        return None
    if not path.is_file():
        file.add(0, "this is not a file", f"Put a text file named {path.name} there")
        return None
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        file.add(0, f"the file cannot be read: {error.strerror or error}", "Check its permissions")
        return None
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        file.add(0, f"the file is larger than {limit} MB", "Remove what does not belong there")
        return None
    # Every value but the first follows a comma, a line end or its key.
    if data.count(b",") + data.count(b"\n") > MAX_VALUES:
        file.add(0, f"the file holds more than {MAX_VALUES:,} values", "Remove what does not belong there")
        return None
    return data


def _checked_encoding(data: bytes, file: YamlFile) -> bytes:
    """Return the bytes without a byte-order mark, or none if they aren't UTF-8 text."""
    save = "Save the file as UTF-8 without a byte-order mark"
    if data.startswith(codecs.BOM_UTF8):
        file.add(1, "the file begins with a byte-order mark", save)
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        file.add(1, "the file is in UTF-16", save)
        return b""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        file.add(line, f"the file is not UTF-8 text (byte 0x{data[error.start]:02x})", save)
        return b""
    return data


def _explain(error: yaml.YAMLError, file: YamlFile) -> None:
    """Turn a syntax error into a problem with a line and a hint."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    line = mark.line + 1 if mark is not None else 0
    hint = next((hint for part, hint in _SYNTAX_HINTS if part in words), "Correct the text at this place")
    file.add(line, f"this is not YAML: {words}", hint)


class _OddityError(Exception):
    """Something in the file isn't plain: an anchor, a key that stands twice, a bare ``no``."""


def _quickly(data: bytes) -> Any:  # noqa: C901 - one loop without calls: it takes 100,000 events
    """Return the values of a document in which all is plain."""
    get_event = _PARSER(data).get_event
    container: Any = None
    key: str | None = None
    in_mapping = False
    documents = 0
    root: Any = None
    stack: list[tuple[Any, bool]] = []
    while True:
        event = get_event()
        kind = type(event)
        if kind is events.ScalarEvent:
            text = event.value
            if event.anchor is not None or event.tag is not None:
                raise _OddityError
            if in_mapping and key is None:
                if text in container:
                    raise _OddityError
                key = text
                continue
            value = text
            if event.implicit[0]:
                if len(text) <= _LONGEST_CONSTANT and text in _CONSTANTS:
                    value = _CONSTANTS[text]
                elif text[0] in _NUMBER_STARTS:
                    value = _number_or_text(text)
                elif text in _TRAPS:
                    raise _OddityError
            if in_mapping:
                container[key] = value
                key = None
            elif container is None:
                root = value
            else:
                container.append(value)
        elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
            odd = event.anchor is not None or event.tag is not None or (in_mapping and key is None)
            if odd or len(stack) >= MAX_DEPTH:
                raise _OddityError
            value = {} if kind is events.MappingStartEvent else []
            if in_mapping:
                container[key] = value
                key = None
            elif container is None:
                root = value
            else:
                container.append(value)
            stack.append((container, in_mapping))
            container, in_mapping = value, kind is events.MappingStartEvent
        elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
            container, in_mapping = stack.pop()
        elif kind is events.StreamEndEvent:
            return root
        elif kind is events.AliasEvent:
            raise _OddityError
        elif kind is events.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _OddityError


def _number_or_text(text: str) -> int | float | str:
    """Read a text that begins like a number."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return text
    return int(text) if _INTEGER.fullmatch(text) else float(text)


class _Builder:
    """Builds values from events with care, and fills the file's ``problems`` and ``lines``.

    ``_key`` is, in a mapping, the key that waits for its value, or None where a key comes next.
    """

    def __init__(self, file: YamlFile) -> None:
        self._file = file
        self._lines: dict[int, Any] = {}
        file.lines = self._lines
        self._container: Any = None
        self._children: Any = None
        self._in_mapping = False
        self._key: object = None
        self._key_line = 0
        self._stack: list[tuple[Any, Any, bool, object, int]] = []
        self._documents = 0

    def run(self, data: bytes) -> None:
        """Take all events of ``data``."""
        get_event = _PARSER(data).get_event
        handlers: dict[type[Any], Callable[[Any], None]] = {
            events.ScalarEvent: self._scalar,
            events.MappingStartEvent: self._start_mapping,
            events.SequenceStartEvent: self._start_sequence,
            events.MappingEndEvent: self._end,
            events.SequenceEndEvent: self._end,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._document,
            events.DocumentEndEvent: _ignore,
            events.StreamStartEvent: _ignore,
        }
        event = get_event()
        while type(event) is not events.StreamEndEvent:
            handlers[type(event)](event)
            event = get_event()

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        line: int = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, line)
        if self._in_mapping and self._key is None:
            if text in self._container:
                self._refuse_duplicate(text, line)
            else:
                self._key = text
                self._key_line = line
        elif event.implicit[0]:
            self._put(self._plain(text, line), line)
        else:
            self._put(text, line)

    def _plain(self, text: str, line: int) -> object:
        """Tell what a text without quotes stands for."""
        if len(text) <= _LONGEST_CONSTANT and text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] in _NUMBER_STARTS:
            return _number_or_text(text)
        if text in _TRAPS:
            self._file.add(
                line,
                f"{text} without quotes is read as true or false by YAML",
                f'Write "{text}" in quotes if the word is meant, or else true or false',
            )
        return text

    def _put(self, value: object, line: int) -> None:
        """Hand a value to what it stands in."""
        if self._in_mapping:
            if self._key is not _DISCARD:
                self._container[self._key] = value
                self._children[self._key] = self._key_line
            self._key = None
        elif self._container is not None:
            self._container.append(value)
            self._children.append(line)
        else:
            self._file.value = value

    def _start_mapping(self, event: Any) -> None:
        self._start(event, {}, {})

    def _start_sequence(self, event: Any) -> None:
        self._start(event, [], [])

    def _start(self, event: Any, value: Any, children: Any) -> None:
        line: int = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, line)
        if self._in_mapping and self._key is None:
            self._file.add(line, "a key is a list or a mapping", "Write a single word before the colon")
            raise _StopReadingError
        if len(self._stack) >= MAX_DEPTH:
            self._file.add(line, f"the data is nested deeper than {MAX_DEPTH} levels", "Make it flatter")
            raise _StopReadingError
        self._lines[id(value)] = children
        self._put(value, line)
        self._stack.append((self._container, self._children, self._in_mapping, self._key, self._key_line))
        self._container, self._children = value, children
        self._in_mapping, self._key = isinstance(value, dict), None

    def _end(self, _: Any) -> None:
        self._container, self._children, self._in_mapping, self._key, self._key_line = self._stack.pop()

    def _alias(self, event: Any) -> None:
        line: int = event.start_mark.line + 1
        self._file.add(line, f"the alias *{event.anchor} is not allowed", "Write the text out in full")
        if self._in_mapping and self._key is None:
            raise _StopReadingError
        self._put(None, line)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._file.add(event.start_mark.line + 1, "a second document begins", "Remove the line '---'")
            raise _StopReadingError

    def _refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            message = f"the anchor &{event.anchor} is not allowed"
            self._file.add(line, message, "Remove it, and write texts out in full")
        if event.tag is not None:
            self._file.add(
                line, f"the tag {event.tag} is not allowed", "Remove it: plain text and numbers suffice"
            )

    def _refuse_duplicate(self, key: str, line: int) -> None:
        message = f"the key '{key}' stands twice in one mapping, first in line {self._children[key]}"
        self._file.add(line, message, "Keep one of the two")
        self._key = _DISCARD


_DISCARD = object()
"""Stands for a key whose value is read and dropped."""


def _ignore(_: Any) -> None:
    """Take an event that carries nothing."""

"""YAML in, :class:`Dataset` out, or every problem of every file at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from triggermap.dataset import messages, yamlfile
from triggermap.dataset.files import FILES, SECTIONS, Section
from triggermap.dataset.models import Dataset
from triggermap.dataset.remembered import Remembered
from triggermap.dataset.rules import Finding, Known, integrity
from triggermap.dataset.yamlfile import KeyPath, YamlFile
from triggermap.errors import DataError, Problem, TriggermapError
from triggermap.paths import shown

_MAX_ERRORS = 5_000


@dataclass(slots=True)
class Reading:
    """What could be read of a folder: the sound part of the dataset, and all problems.

    Entries with a problem of form are left out of ``dataset``, but ``known`` has their ids, so that
    one broken muscle doesn't make everything that names it look wrong too.
    """

    dataset: Dataset
    known: Known
    problems: list[Problem]
    _files: dict[str, YamlFile] = field(repr=False)
    _rows: dict[str, list[int]] = field(repr=False)

    def problem(self, finding: Finding) -> Problem:
        """Give a rule's finding its file and line."""
        section = _section(str(finding.path[0]))
        path: KeyPath = (section.key, *finding.path[1:])
        if len(path) > 1 and isinstance(path[1], int):
            rows = self._rows[section.field]
            path = (path[0], rows[path[1]], *path[2:])
        file = self._files[section.file]
        return Problem(file.name, file.line(path), finding.message, finding.hint)


def load(folder: Path, memory: Path | None = None) -> Dataset:
    """Read and check the dataset in ``folder``; raise :class:`DataError` with all problems.

    ``memory`` is a folder for what was parsed, which makes the next load several times as fast.
    """
    reading = read(folder, memory)
    if reading.problems:
        raise DataError(reading.problems)
    return reading.dataset


def read(folder: Path, memory: Path | None = None) -> Reading:
    """Read all files of ``folder`` as far as possible. Raises only if there is no such folder."""
    if not folder.is_dir():
        raise TriggermapError(f"There is no data folder '{folder}': name one that holds muscles.yaml.")
    with _no_collection():
        return _read(folder, Remembered(memory) if memory else None)


def _read(folder: Path, remembered: Remembered | None) -> Reading:
    files: dict[str, YamlFile] = {}
    values: dict[str, Any] = {}
    rows: dict[str, list[int]] = {}
    known: dict[str, frozenset[str] | None] = {}
    for name, model in FILES.items():
        path = folder / name
        file = files[name] = yamlfile.read(path, shown(path), remembered)
        _validate(file, model, name, values, rows)
        for section in _sections(name):
            known[section.field] = _raw_ids(file, section)
    reading = Reading(
        dataset=Dataset.model_construct(**values),
        known=Known(**known),
        problems=[],
        _files=files,
        _rows=rows,
    )
    found = [reading.problem(finding) for finding in integrity(reading.dataset, reading.known)]
    for file in files.values():
        reading.problems += file.problems
        reading.problems += _cut(file)
    reading.problems = _in_order(reading.problems + found)
    return reading


def _validate(
    file: YamlFile,
    model: type[BaseModel],
    name: str,
    values: dict[str, Any],
    rows: dict[str, list[int]],
) -> None:
    """Fill ``values`` with the sound entries of one file and ``rows`` with their places in it."""
    sections = _sections(name)
    for section in sections:
        values[section.field], rows[section.field] = (), []
    if not file.usable:
        if not file.problems:
            file.add(0, "the file is empty", f"Begin with the line '{sections[0].key}:' and list the entries")
        return
    if file.value is None:
        file.add(1, "the file is empty", f"Begin with the line '{sections[0].key}:' and list the entries")
        return
    if not isinstance(file.value, dict):
        what = messages.shown(file.value)
        file.add(1, f"the file must hold a mapping, not {what}", f"Begin with the line '{sections[0].key}:'")
        return
    raw: dict[str, Any] = file.value
    bad: set[tuple[str, int]] = set()
    try:
        checked = model.model_validate(raw)
    except ValidationError as error:
        bad = _note_errors(error, model, file)
        sound = {section.key: _sound(raw.get(section.key), section.key, bad) for section in sections}
        try:
            checked = model.model_validate(sound)
        except ValidationError as second:  # pragma: no cover - every bad entry was left out
            _note_errors(second, model, file)
            return
    for section in sections:
        values[section.field] = getattr(checked, section.key)
        entries = raw.get(section.key)
        count = len(entries) if isinstance(entries, list) else 0
        rows[section.field] = [row for row in range(count) if (section.key, row) not in bad]


def _note_errors(error: ValidationError, model: type[BaseModel], file: YamlFile) -> set[tuple[str, int]]:
    """Add pydantic's errors to the file's problems; return which entries they are in."""
    # What the parser has said of a line (an alias, a bare `no`) is the cause of what follows there.
    explained = {problem.line for problem in file.problems}
    bad: set[tuple[str, int]] = set()
    if error.error_count() > _MAX_ERRORS:
        # To spell out millions of errors would take gigabytes.
        wrong = f"{error.error_count():,} values have the wrong form"
        file.add(1, wrong, "See whether this is the right file; the schema beside it says what belongs there")
        return {
            (key, row)
            for key, entries in file.value.items()
            if isinstance(entries, list)
            for row in range(len(entries))
        }
    for details in error.errors(include_url=False):
        path: KeyPath = details["loc"]
        if len(path) > 1 and isinstance(path[0], str) and isinstance(path[1], int):
            bad.add((path[0], path[1]))
        line = file.line(path)
        if line not in explained:
            file.add(line, *messages.explain(details, model))
    return bad


def _sound(entries: Any, key: str, bad: set[tuple[str, int]]) -> list[Any]:
    if not isinstance(entries, list):
        return []
    return [entry for row, entry in enumerate(entries) if (key, row) not in bad]


def _raw_ids(file: YamlFile, section: Section) -> frozenset[str] | None:
    """Ids as written, also of entries that are wrong otherwise; None if they can't be known."""
    if not file.usable or not isinstance(file.value, dict):
        return None
    if not isinstance(file.value.get(section.key), list):
        return None
    ids = (entry.get(section.id_key) for entry in file.value[section.key] if isinstance(entry, dict))
    return frozenset(value for value in ids if isinstance(value, str))


def _cut(file: YamlFile) -> list[Problem]:
    if not file.unlisted:
        return []
    return [Problem(file.name, 0, f"{file.unlisted} more problems are not listed", "Mend these first")]


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Sort by file and line, keep the order of discovery within a line, drop repetitions."""
    order = {name: rank for rank, name in enumerate(dict.fromkeys(problem.file for problem in problems))}
    return sorted(dict.fromkeys(problems), key=lambda problem: (order[problem.file], problem.line))


def _sections(file: str) -> list[Section]:
    return [section for section in SECTIONS if section.file == file]


def _section(name: str) -> Section:
    return next(section for section in SECTIONS if section.field == name)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the cyclic garbage collector: it would walk the growing data over and over.

    With it, ten times the data took twenty times as long. Nothing made here holds a cycle.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

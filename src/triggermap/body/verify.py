"""Whether the files of ``assets/body`` are whole, and whether the manifest agrees with itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from triggermap.body.landmarks import load_landmarks
from triggermap.body.lines import load_lines
from triggermap.body.plates import OVERLAYS, Body, load_body
from triggermap.errors import Problem, TriggermapError

_SINGLE = ("lines", "ways", "landmarks")
_SAFETY = {**{name: name for name in _SINGLE}, "z": "peel stack z", "x": "peel stack x"}
HINT = "Restore the file from the repository, or run 'make plates'."


def verify(folder: Path) -> list[Problem]:
    """Everything that is wrong in ``folder`` (``assets/body``): checksums, names of files, pairs, plates."""
    path = folder / "manifest.json"
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        expected = {str(name): str(entry["sha256"]) for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [Problem(str(path), 0, f"the manifest cannot be read ({error})", HINT)]
    problems = list(_damage(folder, expected))
    try:
        body = load_body(folder)
    except TriggermapError as error:
        return [*problems, Problem(str(path), 0, str(error), HINT)]
    problems += [Problem(str(path), 0, message, HINT) for message in _doubts(body, frozenset(expected))]
    readers: tuple[tuple[Path | None, Callable[[Path], object]], ...] = (
        (body.landmarks, load_landmarks),
        (body.lines, load_lines),
    )
    for file, read in readers:
        if file is None or not file.is_file():
            continue
        try:
            read(file)
        except TriggermapError as error:
            problems.append(Problem(str(file), 0, str(error), HINT))
    return problems


def at_start(folder: Path) -> Iterator[Problem]:
    """What is seen to be wrong in a moment: missing files, other sizes, damage to what safety rests on.

    What has the right size all the same is looked at by :func:`in_full`.
    """
    try:
        listed = _Listed.read(folder)
    except _UnreadableError as error:
        yield error.problem
        return
    for name, words in _SAFETY.items():
        if name not in listed.single:
            yield Problem(str(listed.path), 0, f"it lists no {words}, on which safety rests", HINT)
    for name in sorted({*listed.single.values()} - {*listed.files}):
        yield Problem(str(listed.path), 0, f"'{name}' is used and has no checksum", HINT)
    sound = set()
    for name, (size, _) in sorted(listed.files.items()):
        file = folder / name
        try:
            found = file.stat().st_size
        except OSError:
            yield Problem(str(file), 0, "the file is missing", HINT)
            continue
        if found == size:
            sound.add(name)
        else:
            yield Problem(str(file), 0, "the file is damaged: its size differs", HINT)
    yield from _damage(folder, listed.checksums(sound & {*listed.single.values()}))


def in_full(folder: Path) -> Iterator[Problem | None]:
    """What else is damaged: the checksums of the files that :func:`at_start` measured and did not read.

    Yields None for each file that is whole, so that the caller can stop in between.
    """
    try:
        listed = _Listed.read(folder)
    except _UnreadableError:
        return  # said at the start
    for name, checksum in listed.checksums({*listed.files} - {*listed.single.values()}).items():
        file = folder / name
        if file.is_file() and file.stat().st_size == listed.files[name][0]:
            yield next(_damage(folder, {name: checksum}), None)


class _UnreadableError(Exception):
    """The manifest can't be read."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__()
        self.problem = Problem(str(path), 0, f"the manifest cannot be read ({error!r})", HINT)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The files that the manifest lists: size and checksum by name, and the ones that safety rests on."""

    path: Path
    files: dict[str, tuple[int, str]]
    single: dict[str, str]  # what it is (lines, a stack's axis): its name

    @classmethod
    def read(cls, folder: Path) -> _Listed:
        path = folder / "manifest.json"
        try:
            content = json.loads(path.read_text("utf-8"))
            files = {
                str(name): (int(entry["bytes"]), str(entry["sha256"]))
                for name, entry in content["files"].items()
            }
            single = {name: str(content[name]) for name in _SINGLE if content.get(name)}
            single |= {str(axis): str(name) for axis, name in (content.get("stacks") or {}).items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _UnreadableError(path, error) from error
        return cls(path, files, single)

    def checksums(self, names: set[str]) -> dict[str, str]:
        return {name: self.files[name][1] for name in sorted(names)}


def _damage(folder: Path, expected: dict[str, str]) -> Iterator[Problem]:
    """Files that are missing, or whose checksum (sha256 by name) differs."""
    for name, checksum in sorted(expected.items()):
        file = folder / name
        try:
            data = file.read_bytes()
        except OSError:
            yield Problem(str(file), 0, "the file is missing", HINT)
            continue
        if hashlib.sha256(data).hexdigest() != checksum:
            yield Problem(str(file), 0, "the file is damaged: its checksum differs", HINT)


def _doubts(body: Body, listed: frozenset[str]) -> Iterator[str]:
    """What the manifest says that cannot be."""
    for structure in body.structures.values():
        if structure.pair is None:
            continue
        other = body.structures.get(structure.pair)
        if other is None or other.pair != structure.id:
            yield f"{structure.mesh} has the pair {structure.pair}, which is not its mirror"
    for plate in body.plates.values():
        if plate.counterpart is not None:
            across = body.plates.get(plate.counterpart)
            if across is None or across.counterpart != plate.id:
                yield f"plate '{plate.id}' has the counterpart '{plate.counterpart}', which isn't its own"
        for overlay in plate.overlays:
            if overlay.id not in OVERLAYS:
                yield f"plate '{plate.id}' has the overlay '{overlay.id}', which nobody can switch on"
    for path in _named(body):
        name = path.relative_to(body.folder).as_posix()
        if name not in listed:
            yield f"'{name}' is used and has no checksum"


def _named(body: Body) -> list[Path]:
    """Every file that plates, stacks, landmarks, centre lines and ways use, once."""
    single = (body.landmarks, body.lines, body.ways)
    found = [*body.stacks.values(), *(path for path in single if path is not None)]
    for plate in body.plates.values():
        found += plate.files
        for layer in plate.layers:
            found += layer.picture, layer.ids
        for overlay in plate.overlays:
            found += overlay.picture, overlay.ids
    return list(dict.fromkeys(found))

"""Whether the files of ``assets/body`` are whole, and whether the manifest agrees with itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from triggermap.body.landmarks import load_landmarks
from triggermap.body.lines import load_lines
from triggermap.body.plates import OVERLAYS, Body, load_body
from triggermap.errors import Problem, TriggermapError

_SAFETY = ("lines", "ways")
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

    Pictures and maps of plates that have the right size may be damaged: the stage says so when it reads them.
    """
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text("utf-8"))
        files = {str(name): entry for name, entry in content["files"].items()}
        sizes = {name: int(entry["bytes"]) for name, entry in files.items()}
        named = {**{name: content.get(name) for name in _SAFETY}, **_stacks(content)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Problem(str(path), 0, f"the manifest cannot be read ({error!r})", HINT)
        return
    whole = {}
    for what, name in named.items():
        if name is None:
            yield Problem(str(path), 0, f"it lists no {what}, on which safety rests", HINT)
        elif name in files:
            whole[str(name)] = str(files[str(name)].get("sha256"))
    for name, size in sorted(sizes.items()):
        file = folder / name
        try:
            found = file.stat().st_size
        except OSError:
            yield Problem(str(file), 0, "the file is missing", HINT)
            whole.pop(name, None)
            continue
        if found != size:
            yield Problem(str(file), 0, "the file is damaged: its size differs", HINT)
            whole.pop(name, None)
    yield from _damage(folder, whole)


def _stacks(content: dict[str, Any]) -> dict[str, str | None]:
    stacks = content.get("stacks") or {}
    return {f"peel stack {axis}": stacks.get(axis) for axis in "zx"}


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

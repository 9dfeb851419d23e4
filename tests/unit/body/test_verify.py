"""Whether the files of the body are whole, and whether the manifest agrees with itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bodies import change_manifest, write_body
from tests.stacked import write_stacked_body
from triggermap.body.verify import at_start, verify


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A body to damage."""
    return write_body(tmp_path, "mirrored")


def test_a_whole_body_has_no_problem(folder: Path) -> None:
    assert verify(folder) == []


def test_a_missing_and_a_damaged_file_are_found(folder: Path) -> None:
    (folder / "back" / "dots.npz").unlink()
    path = folder / "front" / "skin.webp"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    missing, damaged = verify(folder)
    assert missing.file.endswith("dots.npz")
    assert "missing" in missing.message
    assert damaged.file.endswith("skin.webp")
    assert "damaged" in damaged.message
    assert "make plates" in missing.hint


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"files": []}', '{"files": {"a.npz": {}}}'])
def test_a_manifest_that_lists_no_checksums(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.npz").write_bytes(b"a")
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    (problem,) = verify(tmp_path)
    assert "manifest" in problem.file


def test_no_manifest_is_a_problem(tmp_path: Path) -> None:
    (problem,) = verify(tmp_path)
    assert problem.file.endswith("manifest.json")


def spoil(folder: Path, change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What is said of a body after a change of its manifest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(manifest)
    change_manifest(folder, **manifest)
    problems = verify(folder)
    assert all(problem.file.endswith("manifest.json") and problem.hint for problem in problems)
    return [problem.message for problem in problems]


def plate(manifest: dict[str, Any], plate_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in manifest["plates"] if one["id"] == plate_id)
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.update(format=1), "format 1"),
        (lambda m: m["structures"][1].update(pair=999), "has the pair 999"),
        (lambda m: plate(m, "flank-right").update(counterpart=None), "counterpart 'flank-right'"),
        (lambda m: plate(m, "front").update(counterpart="nowhere"), "counterpart 'nowhere'"),
        (lambda m: plate(m, "front")["overlays"][1].update(id="ghosts"), "overlay 'ghosts'"),
        (lambda m: m["files"].pop("landmarks.json"), "'landmarks.json' is used"),
        (lambda m: m["files"].pop("front/nerves.webp"), "'front/nerves.webp' is used"),
        (lambda m: m["files"].pop("flank-left/sprites.zip"), "'flank-left/sprites.zip' is used"),
        (lambda m: m["files"].pop("back/deep.ids.npz"), "'back/deep.ids.npz' is used"),
        (lambda m: m["files"].pop("front/glass.webp"), "'front/glass.webp' is used"),
        (lambda m: m.update(stacks={"z": "stacks/front-back.npz"}), "'stacks/front-back.npz' is used"),
    ],
)
def test_what_cannot_be_is_said(folder: Path, change: Callable[[dict[str, Any]], object], words: str) -> None:
    found = spoil(folder, change)
    assert len([message for message in found if words in message]) == 1
    assert len(found) == (2 if "has the pair" in words else 1)  # the mirror has lost its own, too


def test_landmarks_that_cannot_be_read(folder: Path) -> None:
    (folder / "landmarks.json").write_text('{"format": 1}', "utf-8")
    damaged, unread = verify(folder)
    assert "checksum" in damaged.message
    assert "landmarks are damaged" in unread.message
    (folder / "landmarks.json").unlink()
    (missing,) = verify(folder)
    assert missing.message == "the file is missing"


# --- at the start --------------------------------------------------------------------------------

SAFETY = ("stacks/front-back.npz", "stacks/left-right.npz", "lines.npz", "ways.json")


@pytest.fixture
def stacked(tmp_path: Path) -> Path:
    """A body on which safety can rest, all files with their checksums."""
    folder = write_stacked_body(tmp_path)
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in folder.rglob("*.*")
        if path.name != "manifest.json"
    }
    change_manifest(folder, files=files)
    return folder


def test_a_whole_body_starts_without_a_word(stacked: Path) -> None:
    assert list(at_start(stacked)) == []


@pytest.mark.parametrize("name", [*SAFETY, "back/dots.npz", "front/skin.webp"])
def test_a_missing_or_shorter_file_is_seen_at_the_start(stacked: Path, name: str) -> None:
    path = stacked / name
    path.write_bytes(path.read_bytes()[:-1])
    (problem,) = at_start(stacked)
    assert (problem.file, problem.message) == (str(path), "the file is damaged: its size differs")
    path.unlink()
    (problem,) = at_start(stacked)
    assert (problem.file, problem.message) == (str(path), "the file is missing")


@pytest.mark.parametrize("name", SAFETY)
def test_a_flipped_bit_in_what_safety_rests_on_is_seen(stacked: Path, name: str) -> None:
    path = stacked / name
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    (problem,) = at_start(stacked)
    assert (problem.file, problem.message) == (str(path), "the file is damaged: its checksum differs")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lines": None}, "no lines"),
        ({"ways": None}, "no ways"),
        ({"stacks": {"z": "stacks/front-back.npz"}}, "no peel stack x"),
        ({"stacks": None}, "no peel stack z"),
        ({"files": []}, "cannot be read"),
        ({"files": {"a": {}}}, "cannot be read"),
    ],
)
def test_a_manifest_without_what_safety_rests_on(stacked: Path, change: dict[str, Any], words: str) -> None:
    change_manifest(stacked, **change)
    assert words in str(next(at_start(stacked)))


def test_no_manifest_at_the_start(tmp_path: Path) -> None:
    (problem,) = at_start(tmp_path)
    assert "cannot be read" in problem.message

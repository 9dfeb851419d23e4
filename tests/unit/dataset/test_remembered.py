"""Parsed values that were kept: the same as parsed anew, and never a fault."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import builders
from triggermap.dataset import loader, remembered, yamlfile
from triggermap.dataset.files import FILES
from triggermap.dataset.remembered import Remembered
from triggermap.dataset.yamlfile import YamlFile
from triggermap.errors import DataError

PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(autouse=True)
def everything_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "WORTH_BYTES", 0)


@given(PLAIN.filter(lambda value: value is not None), st.binary(min_size=1))
def test_what_is_kept_comes_back(value: Any, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory = Remembered(Path(folder) / "new")
        memory.keep(data, value)
        assert memory.get(data) == value
        assert memory.get(data + b"x") is None


def test_a_dataset_is_the_same_from_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, memory = builders.write(tmp_path), tmp_path / "memory"
    first = loader.load(folder, memory)
    monkeypatch.setattr(yamlfile, "_quickly", _must_not_be_called)
    assert loader.load(folder, memory) == first == builders.build()
    assert len(list(memory.iterdir())) == len(FILES)


def _must_not_be_called(data: bytes) -> None:
    raise AssertionError("the file was parsed again")


def test_problems_have_their_lines_from_memory_too(tmp_path: Path) -> None:
    def change(values: builders.Raw) -> None:
        values["muscles"][1]["safety"][0]["hazard"] = "shock"

    folder, memory = builders.write(tmp_path, change), tmp_path / "memory"
    told = []
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            loader.load(folder, memory)
        told.append([(p.line, p.message) for p in caught.value.problems])
    assert told[0] == told[1]
    assert told[0][0][0] > 1
    lines = (folder / "muscles.yaml").read_text().splitlines()
    assert "shock" in lines[told[0][0][0] - 1]


def test_a_changed_file_is_parsed_anew(tmp_path: Path) -> None:
    folder, memory = builders.write(tmp_path), tmp_path / "memory"
    loader.load(folder, memory)
    path = folder / "muscles.yaml"
    path.write_text(path.read_text().replace("coat-hanger muscle", "cowl"))
    assert "cowl" in loader.load(folder, memory).muscles[1].lay_words


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_memory_counts_as_none(tmp_path: Path, content: bytes) -> None:
    folder, memory = builders.write(tmp_path), tmp_path / "memory"
    first = loader.load(folder, memory)
    for path in memory.iterdir():
        path.write_bytes(content)
    assert loader.load(folder, memory) == first


def test_a_wrong_memory_is_validated_like_a_file(tmp_path: Path) -> None:
    folder, memory = builders.write(tmp_path), tmp_path / "memory"
    loader.load(folder, memory)
    for path in memory.iterdir():
        path.write_text(json.dumps({"muscles": 3}))
    with pytest.raises(DataError):
        loader.load(folder, memory)


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    folder = builders.write(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert loader.load(folder, blocked / "memory") == builders.build()


def test_odd_files_are_not_kept(tmp_path: Path) -> None:
    memory = Remembered(tmp_path)
    yamlfile.parse(b"a: 1\na: 2\n", YamlFile("odd"), memory)
    yamlfile.parse(b"a: [1\n", YamlFile("broken"), memory)
    assert not list(tmp_path.iterdir())


def test_small_files_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    Remembered(tmp_path).keep(b"a: 1\n", {"a": 1})
    assert not list(tmp_path.iterdir())


def test_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_FILES", 3)
    memory = Remembered(tmp_path)
    for number in range(6):
        memory.keep(b"%d" % number, {"n": number})
    assert len(list(tmp_path.iterdir())) == 3
    assert memory.get(b"5") == {"n": 5}

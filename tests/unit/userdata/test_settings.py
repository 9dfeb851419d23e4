from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from triggermap.errors import TriggermapError
from triggermap.userdata import settings
from triggermap.userdata.settings import Settings

SOME = Settings(
    theme="light", scale=150, last_state="back/skin/left", geometry="AdnQywAD", first_start_seen=True
)


def test_first_start_has_defaults_and_no_message(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path / "none")
    assert loaded.settings == Settings()
    assert loaded.message is None


def test_round_trip_in_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    settings.save(SOME, folder)
    assert settings.load(folder) == settings.Loaded(SOME)
    assert [path.name for path in folder.iterdir()] == [settings.FILE]


def test_the_users_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIGGERMAP_HOME", str(tmp_path))
    settings.save(SOME)
    assert (tmp_path / settings.FILE).is_file()
    assert settings.load().settings == SOME


def test_keys_of_a_newer_version_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('{"scale": 125, "from_the_future": [1]}')
    assert settings.load(tmp_path) == settings.Loaded(Settings(scale=125))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "Expecting"),
        (b"[]", "no JSON object"),
        (b"\xff", "not UTF-8"),
        (b'{"scale": 99}', "'scale' has a wrong value"),
        (b'{"scale": true}', "'scale'"),
        (b'{"theme": "pink"}', "'theme'"),
        (b'{"theme": []}', "'theme'"),
        (b'{"geometry": "?"}', "'geometry'"),
        (b'{"last_state": 5}', "'last_state'"),
        (b'{"last_state": "' + b"x" * 30_000 + b'"}', "'last_state'"),
        (b'{"first_start_seen": 1}', "'first_start_seen'"),
        (b" " * 1_000_001, "too large"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_a_bad_file_means_defaults_one_message_and_a_copy(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / settings.FILE).write_bytes(data)
    loaded = settings.load(tmp_path)
    assert loaded.settings == Settings()
    assert loaded.message is not None
    assert words in loaded.message
    assert settings.BAD_FILE in loaded.message
    assert (tmp_path / settings.BAD_FILE).read_bytes() == data
    assert not (tmp_path / settings.FILE).exists()
    assert settings.load(tmp_path).message is None


def test_a_bad_file_that_cannot_be_moved(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text("{")
    (tmp_path / settings.BAD_FILE).mkdir()
    loaded = settings.load(tmp_path)
    assert loaded.message is not None
    assert loaded.message.endswith("defaults are used.")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).mkdir()
    loaded = settings.load(tmp_path)
    assert loaded.settings == Settings()
    assert "cannot be read" in str(loaded.message)


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TriggermapError, match="cannot be saved"):
        settings.save(SOME, tmp_path / "file")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    settings.save(SOME, tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TriggermapError, match="No space left"):
        settings.save(Settings(), tmp_path)
    assert settings.load(tmp_path).settings == SOME
    assert len(list(tmp_path.iterdir())) == 1


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=50)
    | st.dictionaries(
        st.sampled_from([*Settings.__slots__, "other"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=2),
    ).map(lambda values: json.dumps(values).encode())
)
def test_no_file_keeps_the_program_from_starting(tmp_path: Path, data: bytes) -> None:
    (tmp_path / settings.FILE).write_bytes(data)
    loaded = settings.load(tmp_path)
    assert settings.MIN_SCALE <= loaded.settings.scale <= settings.MAX_SCALE

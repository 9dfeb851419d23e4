from __future__ import annotations

from pathlib import Path

import pytest

from triggermap import paths
from triggermap.errors import TriggermapError


def test_checkout_has_data_assets_and_attribution(checkout: Path) -> None:
    assert paths.checkout() == checkout
    assert paths.data_dir() == checkout / "data"
    assert paths.assets_dir() == checkout / "assets"
    assert "CC BY-SA 4.0" in paths.attribution()


def test_bundled_files_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(paths, "_BUNDLED", tmp_path)
    assert paths.data_dir() == tmp_path / "data"
    assert paths.checkout() is None


def test_a_broken_installation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_BUNDLED", tmp_path)
    monkeypatch.setattr(paths, "_CHECKOUT", tmp_path)
    with pytest.raises(TriggermapError, match="install triggermap again"):
        paths.data_dir()
    (tmp_path / "ATTRIBUTION.md").mkdir()
    with pytest.raises(TriggermapError, match="Cannot read"):
        paths.attribution()


def test_home_redirects_everything_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert paths.settings_dir() == tmp_path
    assert paths.log_dir() == tmp_path / "log"


def test_without_home_the_platform_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    assert "triggermap" in str(paths.settings_dir())
    assert "triggermap" in str(paths.log_dir())


def test_body_needs_its_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.BODY_VARIABLE, str(tmp_path))
    assert paths.body_dir() is None
    (tmp_path / "index.csv").touch()
    assert paths.body_dir() == tmp_path


def test_body_is_looked_for_beside_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.BODY_VARIABLE, raising=False)
    monkeypatch.setattr(paths, "checkout", lambda: None)
    assert paths.body_dir() is None
    monkeypatch.setattr(paths, "checkout", lambda: tmp_path / "main")
    folder = tmp_path / "shared" / "body"
    folder.mkdir(parents=True)
    (folder / "index.csv").touch()
    assert paths.body_dir() == folder


def test_shown_is_short_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.shown(tmp_path / "data" / "muscles.yaml") == "data/muscles.yaml"
    assert paths.shown(Path("/elsewhere/x.yaml")) == str(Path("/elsewhere/x.yaml"))

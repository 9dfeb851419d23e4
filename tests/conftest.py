"""What every test stands on: Qt offscreen, and a home of its own, both set before anything reads them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

# CI tries the same cases every time; whoever develops tries new ones.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

# pytest-qt makes the application only when a test asks for it, so this is early enough.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

_HOME = Path(tempfile.mkdtemp(prefix="triggermap-tests-"))
for name, folder in {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "appdata",
    "LOCALAPPDATA": "localappdata",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": "run",
    "TRIGGERMAP_HOME": "triggermap",
}.items():
    path = _HOME / folder
    path.mkdir(parents=True, exist_ok=True)
    os.environ[name] = str(path)
# Qt warns about a runtime folder that others can read, and a warning fails a test.
(_HOME / "run").chmod(0o700)
# What scales or styles the interface of the person who runs the tests must not reach the pictures.
for name in (
    "QT_SCALE_FACTOR",
    "QT_FONT_DPI",
    "QT_STYLE_OVERRIDE",
    "QT_QPA_PLATFORMTHEME",
    "QT_AUTO_SCREEN_SCALE_FACTOR",
):
    os.environ.pop(name, None)


def pytest_unconfigure() -> None:
    """Remove the home; each xdist worker has its own."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def test_home() -> Path:
    """Return the home folder that this test session writes to."""
    return _HOME


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parent.parent

"""The model runs without Qt: scripts, tests and a future server use it on machines that have none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

QT_FREE = (
    "dataset",
    "body",
    "safety",
    "finder",
    "userdata",
    "errors",
    "paths",
    "placing",
    "sites",
    "state",
    "cli",
    "ui.marking",
    "ui.section_rows",
)
SOURCE = Path(__file__).resolve().parent.parent / "src" / "triggermap"

LOOK = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + "."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.split(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}))
"""


def loaded_by(module: str) -> list[str]:
    """Return Qt's modules that a fresh Python has loaded after importing ``module`` and all below it."""
    done = subprocess.run([sys.executable, "-c", LOOK, module], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("name", QT_FREE)
def test_the_model_loads_no_qt(name: str) -> None:
    assert loaded_by(f"triggermap.{name}") == []


def test_the_session_needs_qtcore_alone() -> None:
    assert {"PySide6.QtGui", "PySide6.QtWidgets", "pyqtgraph"}.isdisjoint(loaded_by("triggermap.session"))


def test_nobody_is_forgotten() -> None:
    """A new part of the program is either named above or known to need Qt."""
    with_qt = {"session", "ui", "export", "app", "opening"}
    parts = {
        path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert parts - {"__init__", "__main__"} - with_qt <= set(QT_FREE)

"""A copy of the program's own files that may be broken, and the window opened on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk, turn
from triggermap import app, paths
from triggermap.state import State
from triggermap.ui.fault_banner import FaultBanner
from triggermap.userdata.settings import Settings

Harm = Callable[[Path], None]


def lose(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    replace(path, path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    """A few bits in the middle: the size stays."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4] = bytes(byte ^ 0x55 for byte in data[middle : middle + 4])
    replace(path, bytes(data))


def garbage(path: Path) -> None:
    replace(path, b"\x00\xff no such thing\n: [")


HARMS: dict[str, Harm] = {"missing": lose, "truncated": truncate, "flipped": flip}


def replace(path: Path, data: bytes) -> None:
    """Put another file in the place of a link; what it leads to is the program's own."""
    path.unlink()
    path.write_bytes(data)


def links_to(source: Path, folder: Path, *opened: str) -> Path:
    """``folder`` with links to everything in ``source``; of the folders ``opened`` each file is a link."""
    folder.mkdir(parents=True)
    for one in source.iterdir():
        if one.is_dir() and (one.name in opened):
            links_to(one, folder / one.name, *opened)
        else:
            (folder / one.name).symlink_to(one)
    return folder


def assets_copy(folder: Path, plate: str = "back") -> Path:
    """The assets with links for the files of ``body``, the stacks and one plate, which can be replaced."""
    return links_to(paths.assets_dir(), folder, "body", "stacks", plate)


def files_of(plate: str) -> list[str]:
    """The files that the manifest lists for a plate, and those that stand alone."""
    manifest = json.loads((paths.assets_dir() / "body" / "manifest.json").read_text("utf-8"))
    names = sorted(manifest["files"])
    alone = [name for name in names if "/" not in name or name.startswith("stacks/")]
    return [name for name in names if name.startswith(f"{plate}/")] + alone


class BrokenDesk(Desk):
    """A window on broken files: it is ready when everything was looked at, shown or not."""

    def __init__(self, bot: QtBot, state: State, data: Path | None = None) -> None:
        self.bot = bot
        app.application()
        self.opening = app.build(Settings(first_start_seen=True), state, data)
        self.window = self.opening.window
        self.window.show()
        self.wait(lambda: self.opening.checked)
        assert QTest.qWaitForWindowExposed(self.window)
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            turn()
        self.wait(lambda: not self.workspace._texts.isActive())
        turn()

    @property
    def fault(self) -> FaultBanner:
        found = self.dossier.fault
        assert found is not None, "nothing says that safety data is not available"
        return found

    def close(self) -> None:
        """As a desk closes; the heap is searched at the end of the module."""
        self.window.close()
        self.opening.loader.wait()
        window = self.window
        del self.window, self.opening
        window.deleteLater()
        turn()

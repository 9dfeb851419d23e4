"""What the command line asks of the program. Small, so that it is imported before Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from triggermap.state import State

Theme = Literal["dark", "light", "high-contrast"]
THEMES: tuple[Theme, ...] = get_args(Theme)


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """Open the window; ``data`` None means the bundled dataset, ``state`` None the remembered one."""

    data: Path | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class ScreenshotOptions:
    """Write one picture of the window; everything has been checked already."""

    out: Path
    size: tuple[int, int]
    theme: Theme
    state: State
    data: Path | None = None

"""Where the data, the assets and the user's own files are.

In a checkout ``data/`` and ``assets/`` stand at the root of the repository; a wheel carries them in
``triggermap/_bundled``. ``TRIGGERMAP_HOME`` redirects everything that is written, so that tests and
screenshots never touch the settings of the person who runs them.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from triggermap.errors import TriggermapError

HOME_VARIABLE = "TRIGGERMAP_HOME"
BODY_VARIABLE = "TRIGGERMAP_BODY"

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"
_CHECKOUT = _PACKAGE.parent.parent


def checkout() -> Path | None:
    """Root of the repository when the program runs from one, else None."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() and not _BUNDLED.is_dir() else None


def data_dir() -> Path:
    """Folder of the bundled dataset."""
    return _shipped("data")


def assets_dir() -> Path:
    """Folder of the plates, icons, fonts and themes."""
    return _shipped("assets")


def attribution() -> str:
    """Text of ATTRIBUTION.md: the lines that the sources' licences ask for."""
    path = _shipped("ATTRIBUTION.md")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TriggermapError(f"Cannot read {path}: {error.strerror or error}.") from error


def settings_dir() -> Path:
    """Folder of the settings; it need not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser()
    return Path(platformdirs.user_config_dir("triggermap", appauthor=False))


def memory_dir() -> Path:
    """Folder of what was parsed before; it need not exist yet, and may be deleted at any time."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser() / "cache"
    return Path(platformdirs.user_cache_dir("triggermap", appauthor=False))


def log_dir() -> Path:
    """Folder of the log; it need not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser() / "log"
    return Path(platformdirs.user_log_dir("triggermap", appauthor=False))


def body_dir() -> Path | None:
    """Folder of the reference body's meshes, which only developers have, or None."""
    given = os.environ.get(BODY_VARIABLE)
    if given:
        folder = Path(given).expanduser()
    else:
        root = checkout()
        if root is None:
            return None
        folder = root.parent / "shared" / "body"
    return folder if (folder / "index.csv").is_file() else None


def shown(path: Path) -> str:
    """Return ``path`` as it is shown to users: relative where it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError):
        return str(path)


def _shipped(name: str) -> Path:
    bundled = _BUNDLED / name
    if bundled.exists():
        return bundled
    path = _CHECKOUT / name
    if path.exists():
        return path
    raise TriggermapError(f"The program's own '{name}' is missing ({path}): install triggermap again.")

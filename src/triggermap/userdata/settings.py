"""The user's settings: read with forgiveness, written whole or not at all."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from triggermap.errors import TriggermapError
from triggermap.paths import settings_dir
from triggermap.userdata.options import THEMES, Theme

FILE = "settings.json"
BAD_FILE = "settings.bad.json"
MIN_SCALE, MAX_SCALE = 100, 200
_MAX_BYTES = 1_000_000
_MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered between starts. ``geometry`` is the window's, in base64."""

    theme: Theme = "dark"
    scale: int = 100
    last_state: str = ""
    geometry: str = ""
    first_start_seen: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be used, and one sentence if something was wrong with the file."""

    settings: Settings
    message: str | None = None


def load(folder: Path | None = None) -> Loaded:
    """Read the settings; never raises. A bad file is kept beside as ``settings.bad.json``."""
    path = (folder or settings_dir()) / FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            return _set_aside(path, "it is too large")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Loaded(Settings())
    except UnicodeDecodeError:
        return _set_aside(path, "it is not UTF-8 text")
    except OSError as error:
        message = f"The settings {path} cannot be read ({error.strerror or error}); defaults are used."
        return Loaded(Settings(), message)
    try:
        return Loaded(_checked(json.loads(text)))
    except (ValueError, RecursionError) as error:
        return _set_aside(path, str(error))


def save(settings: Settings, folder: Path | None = None) -> None:
    """Write the settings atomically; raise a sentence if that can't be done."""
    path = (folder or settings_dir()) / FILE
    text = json.dumps(asdict(settings), indent=2) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text.encode("utf-8"))
    except OSError as error:
        raise TriggermapError(
            f"The settings cannot be saved in {path.parent}: {error.strerror or error}."
        ) from error


def _replace(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, then rename: a crash leaves the old file or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _set_aside(path: Path, reason: str) -> Loaded:
    kept = path.with_name(BAD_FILE)
    message = f"The settings could not be read ({reason}); defaults are used"
    try:
        path.replace(kept)
    except OSError:
        return Loaded(Settings(), f"{message}.")
    return Loaded(Settings(), f"{message}, and the old file is kept as {kept}.")


def _checked(raw: Any) -> Settings:
    """Return settings from parsed JSON; raise ValueError with what is wrong."""
    if not isinstance(raw, dict):
        raise ValueError("it holds no JSON object")
    # Keys that this version doesn't know may be a newer version's: they are no fault.
    known = {field.name: raw[field.name] for field in fields(Settings) if field.name in raw}
    for name, value in known.items():
        if not _fits(name, value):
            raise ValueError(f"'{name}' has a wrong value")
    return Settings(**known)


def _fits(name: str, value: Any) -> bool:
    if name == "theme":
        return value in THEMES
    if name == "scale":
        return isinstance(value, int) and not isinstance(value, bool) and MIN_SCALE <= value <= MAX_SCALE
    if name == "first_start_seen":
        return isinstance(value, bool)
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        return False
    return name != "geometry" or _is_base64(value)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True

"""Plain values of YAML files that were read before, kept as JSON under the hash of their bytes.

Reading two megabytes of YAML takes half a second, the same values as JSON a fifteenth of that. Only the
parsing is spared: what comes from here is validated and held against all rules like everything else.
Whatever is wrong with a kept file, it counts as not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 1  # to be raised when the same YAML is read into other values
WORTH_BYTES = 30_000  # smaller files are parsed as quickly
MOST_FILES = 24


@dataclass(frozen=True, slots=True)
class Remembered:
    """A folder of kept values; it is made when the first one is kept."""

    folder: Path

    def get(self, data: bytes) -> Any | None:
        """The values of a file with these bytes, or None."""
        if len(data) < WORTH_BYTES:
            return None
        try:
            return json.loads(self._path(data).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, data: bytes, value: object) -> None:
        """Keep the values of a sound file; a full or read-only disk is no fault."""
        if len(data) < WORTH_BYTES:
            return
        with contextlib.suppress(OSError, ValueError, TypeError):
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            if json.loads(text) != value:
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            # Written aside and renamed: another window never reads half a file.
            handle, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(part).replace(self._path(data))
            self._forget_oldest()

    def _path(self, data: bytes) -> Path:
        digest = hashlib.sha256(b"%d " % FORMAT + data).hexdigest()
        return self.folder / f"{digest[:40]}.json"

    def _forget_oldest(self) -> None:
        kept = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-MOST_FILES]:
            path.unlink(missing_ok=True)

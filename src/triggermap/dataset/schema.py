"""JSON Schema of each data file, for editors: ``python -m triggermap.dataset.schema``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from triggermap.dataset.files import FILES
from triggermap.paths import data_dir


def schemas() -> dict[str, str]:
    """Return file name (``muscles.schema.json``) and text of each schema."""
    return {
        f"{name.removesuffix('.yaml')}.schema.json": json.dumps(_schema(name), indent=2, ensure_ascii=False)
        + "\n"
        for name in FILES
    }


def write(folder: Path) -> None:
    """Write all schemas to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _schema(name: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FILES[name].model_json_schema(mode="validation"),
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else data_dir() / "schema")

"""Where things are."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets" / "body"
CACHE = ROOT / ".cache" / "platemaker"
REGIONS = ROOT / "data" / "regions.yaml"
SHEETS = ROOT / "docs" / "plates"


def body_folder() -> Path:
    """The reference body: TRIGGERMAP_BODY, or ../shared/body beside the repository."""
    named = os.environ.get("TRIGGERMAP_BODY")
    return Path(named) if named else ROOT.parent / "shared" / "body"

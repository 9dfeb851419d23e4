"""Puts data/ and assets/ into the wheel, and not into an editable install, which reads them at the root.

A static force-include would copy them (100 MB and stale) into .venv at every `uv sync`.
Proven by tools/install_smoke.py alone.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLED = ("data", "assets", "ATTRIBUTION.md")


class Bundle(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"].update({name: f"triggermap/_bundled/{name}" for name in BUNDLED})

"""The look of a window: theme, scale and text font together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QFont

from triggermap.ui.theme import Theme, font, load_theme
from triggermap.userdata.options import THEMES

SCALES = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


@dataclass(frozen=True, slots=True)
class Look:
    """Immutable: a change makes a new look."""

    assets: Path
    family: str
    name: str
    scale: float
    theme: Theme

    @classmethod
    def load(cls, assets: Path, family: str, name: str, scale: float) -> Look:
        """Read the theme; an unknown name means the dark one."""
        known = name if name in THEMES else THEMES[0]
        return cls(assets, family, known, min(max(scale, SCALES[0]), SCALES[-1]), load_theme(assets, known))

    def changed(self, *, name: str | None = None, scale: float | None = None) -> Look:
        """The same look with another theme or scale."""
        return Look.load(self.assets, self.family, name or self.name, scale or self.scale)

    def next_name(self) -> str:
        """The theme after this one."""
        return THEMES[(THEMES.index(self.name) + 1) % len(THEMES)]

    def step(self, by: int) -> float:
        """The next larger or smaller scale; the ends hold."""
        nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - self.scale))
        return SCALES[min(max(nearest + by, 0), len(SCALES) - 1)]

    def font(self) -> QFont:
        """The text font at this scale."""
        return font(self.family, self.scale)

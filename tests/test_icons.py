"""Our own icons: one colour, one grid, and something to see at the smallest size that is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "icons"
ICONS = sorted(path for path in FOLDER.glob("*.svg") if path.stem != "triggermap")
# The icons that data/hazards.yaml may name; "general" is the warning triangle.
HAZARDS = {"lung", "nerve", "vessel", "organ", "spine", "warning"}


def drawn(svg: str, size: int) -> int:
    """Return how many pixels of ``svg`` are at least half covered."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    assert renderer.isValid()
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return sum(image.pixelColor(x, y).alpha() > 127 for x in range(size) for y in range(size))


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_takes_the_colour_of_the_theme_and_shows(path: Path) -> None:
    svg = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in svg
    assert 'stroke="currentColor"' in svg
    assert "#" not in svg
    assert drawn(svg.replace("currentColor", "#000000"), 20) >= 15


def test_every_hazard_has_its_icon() -> None:
    assert {path.stem for path in ICONS} >= HAZARDS


def test_the_app_icon_is_drawn() -> None:
    assert drawn((FOLDER / "triggermap.svg").read_text(encoding="utf-8"), 16) > 150

"""Our own icons: one colour, one grid, and something to see at the smallest size that is used."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest
import yaml
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from triggermap.dataset.models import DeepIcon

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "icons"
ICONS = sorted(path for path in FOLDER.glob("*.svg") if path.stem != "triggermap")
# The icons that data/hazards.yaml may name; "general" is the warning triangle.
HAZARDS = {"lung", "nerve", "vessel", "organ", "spine", "warning"}
# The icons of deep regions of pain, as data/regions.yaml names them.
DEEP = frozenset(get_args(DeepIcon))
DEEP_SIZE = 22


def covered(svg: str, size: int) -> frozenset[tuple[int, int]]:
    """Return the pixels of ``svg`` that are at least half covered."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    assert renderer.isValid()
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return frozenset((x, y) for x in range(size) for y in range(size) if image.pixelColor(x, y).alpha() > 127)


def drawn(svg: str, size: int) -> int:
    """Return how many pixels of ``svg`` are at least half covered."""
    return len(covered(svg, size))


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_takes_the_colour_of_the_theme_and_shows(path: Path) -> None:
    svg = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in svg
    assert 'stroke="currentColor"' in svg
    assert "#" not in svg
    assert drawn(svg.replace("currentColor", "#000000"), 20) >= 15


def test_every_hazard_has_its_icon() -> None:
    assert {path.stem for path in ICONS} >= HAZARDS


def test_every_deep_region_has_its_icon(checkout: Path) -> None:
    """Those that the data may name, those that it names and those that are drawn are the same."""
    rows = yaml.safe_load((checkout / "data" / "regions.yaml").read_text(encoding="utf-8"))["regions"]
    assert {path.stem.removeprefix("deep-") for path in ICONS if path.stem.startswith("deep-")} == DEEP
    assert {row["icon"] for row in rows if "anchor" in row} == DEEP


def test_icons_of_deep_regions_are_told_apart_at_the_size_of_the_stage() -> None:
    """No two share more than two thirds of what both cover."""
    shapes = {
        name: covered(
            (FOLDER / f"deep-{name}.svg").read_text("utf-8").replace("currentColor", "#000"), DEEP_SIZE
        )
        for name in DEEP
    }
    alike = {
        (one, other): len(shapes[one] & shapes[other]) / len(shapes[one] | shapes[other])
        for one, other in combinations(sorted(shapes), 2)
    }
    assert max(alike.values()) < 0.5, max(alike, key=lambda pair: alike[pair])


def test_the_app_icon_is_drawn() -> None:
    assert drawn((FOLDER / "triggermap.svg").read_text(encoding="utf-8"), 16) > 150

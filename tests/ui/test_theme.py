"""The themes: whole, legible, and of a size that people can read."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette

from triggermap.errors import TriggermapError
from triggermap.ui.theme import BASE_PX, Theme, font, load_theme, palette, style_sheet
from triggermap.userdata.options import THEMES

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
HEX = re.compile(r"#[0-9a-f]{6}")

# What is written on what: the style sheet, the dossier's rich text, the lists, the stage's overlays.
TEXT_ON = [
    *((ink, paper) for ink in ("text", "muted", "link") for paper in ("window", "panel", "raised", "field")),
    *(("danger", paper) for paper in ("danger_panel", "panel", "raised")),
    ("caution", "caution_panel"),
    ("accent_text", "accent"),
    ("stage_text", "stage_panel"),
    ("stage_text", "stage"),
    *(("zone_text", paper) for paper in ("raised", "panel")),
    ("mark_ink", "mark_halo"),
]
# What is not text and has to be found all the same: WCAG 1.4.11.
SHAPE_ON = [
    *(("accent", paper) for paper in ("window", "panel", "raised", "field")),
    ("danger_border", "danger_panel"),
    ("selection", "stage"),
    ("zone", "stage"),
    ("spill", "stage"),
    ("stage_border", "stage_panel"),
]
HEADING_PX = 22


def themes() -> list[Theme]:
    return [load_theme(ASSETS, name) for name in THEMES]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def rules(theme: Theme, scale: float = 1.0) -> list[tuple[str, dict[str, str]]]:
    """The style sheet as (selector, properties)."""
    sheet = style_sheet(theme, "Some Sans", scale)
    found = []
    for selector, block in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        pairs = (line.split(":", 1) for line in block.split(";") if ":" in line)
        found.append((selector.strip(), {key.strip(): value.strip() for key, value in pairs}))
    return found


def sizes(theme: Theme, scale: float) -> list[float]:
    return [float(r["font-size"].removesuffix("px")) for _, r in rules(theme, scale) if "font-size" in r]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("ink", "paper"), TEXT_ON)
def test_text_is_legible(theme: Theme, ink: str, paper: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, paper)) >= 4.5


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("shape", "paper"), SHAPE_ON)
def test_shapes_are_found(theme: Theme, shape: str, paper: str) -> None:
    assert contrast(getattr(theme, shape), getattr(theme, paper)) >= 3.0


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
def test_every_rule_that_names_both_colours_is_legible(theme: Theme) -> None:
    checked = 0
    for selector, properties in rules(theme):
        for ink, paper in (("color", "background"), ("selection-color", "selection-background-color")):
            pair = properties.get(ink, ""), properties.get(paper, "")
            if all(HEX.fullmatch(color) for color in pair):
                assert contrast(*pair) >= 4.5, selector
                checked += 1
    assert checked >= 5


def test_high_contrast_is_high() -> None:
    theme = load_theme(ASSETS, "high-contrast")
    for ink, paper in TEXT_ON:
        if ink in ("text", "muted", "danger", "caution", "accent_text", "stage_text"):
            assert contrast(getattr(theme, ink), getattr(theme, paper)) >= 7.0


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
def test_no_text_is_smaller_than_twelve_pixels(theme: Theme) -> None:
    plain = sizes(theme, 1.0)
    assert len(plain) >= 5
    assert min(plain) >= 12
    assert font("Some Sans", 1.0).pixelSize() == BASE_PX >= 12


@pytest.mark.parametrize("scale", [1.1, 1.25, 1.5, 1.75, 2.0])
def test_type_grows_with_the_interface(scale: float) -> None:
    theme = load_theme(ASSETS, "dark")
    for plain, scaled in zip(sizes(theme, 1.0), sizes(theme, scale), strict=True):
        # Headings stop at 150 %: the longest muscle's name has to fit a dossier at 200 %.
        grown = plain * (min(scale, 1.5) if plain == HEADING_PX else scale)
        assert scaled == pytest.approx(grown, abs=0.51)
    assert font("Some Sans", scale).pixelSize() == round(BASE_PX * scale)


def test_the_style_sheet_is_whole() -> None:
    theme = load_theme(ASSETS, "light")
    sheet = style_sheet(theme, "Some Sans", 1.5)
    assert sheet.count("{") == sheet.count("}")
    assert 'font-family: "Some Sans"' in sheet
    assert not re.search(r"\{\w+\}", sheet)
    for _, properties in rules(theme):
        for key, value in properties.items():
            if key.endswith("color"):
                assert HEX.fullmatch(value) or value == "transparent", f"{key}: {value}"


# --- files --------------------------------------------------------------------------------------------


def test_there_is_a_file_for_each_theme_and_no_other() -> None:
    assert {path.stem for path in (ASSETS / "themes").glob("*.json")} == set(THEMES)


@pytest.mark.parametrize("path", sorted((ASSETS / "themes").glob("*.json")), ids=lambda path: path.stem)
def test_a_theme_file_has_exactly_the_tokens(path: Path) -> None:
    values = json.loads(path.read_text("utf-8"))
    assert set(values) == {field.name for field in fields(Theme)}
    for key, value in values.items():
        if key == "veil":
            assert 0.0 < value < 1.0
        elif key != "name":
            assert HEX.fullmatch(value), f"{key}: {value}"


def test_the_themes_have_names_of_their_own() -> None:
    assert len({theme.name for theme in themes()}) == len(THEMES)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        '{"name": "Half"}',
        "[]",
        "null",
    ],
)
def test_a_missing_or_broken_theme_is_one_sentence(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "themes").mkdir()
    if text is not None:
        (tmp_path / "themes" / "dark.json").write_text(text, "utf-8")
    with pytest.raises(TriggermapError) as caught:
        load_theme(tmp_path, "dark")
    assert "theme 'dark' cannot be read" in str(caught.value)
    assert "dark.json" in str(caught.value)
    assert str(caught.value).endswith(".")


# --- palette ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled])
def test_the_palette_is_legible(theme: Theme, group: QPalette.ColorGroup) -> None:
    role = QPalette.ColorRole
    colors = palette(theme)
    for ink, paper in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.Link, role.Base),
        (role.Link, role.Window),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
    ):
        pair = colors.color(group, ink).name(), colors.color(group, paper).name()
        assert contrast(*pair) >= 4.5, ink

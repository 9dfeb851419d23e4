"""Colours and type of the window: a token file each, palette roles and one style sheet from it.

Qt's own colour schemes do nothing on plain X11 and offscreen, so the palettes are our own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QPalette

from triggermap.errors import TriggermapError

BASE_PX = 15  # body text at 100 %; the smallest text is 13/15 of it, never under 12 px


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens of one palette: colours as #rrggbb, ``veil`` as an opacity."""

    name: str
    window: str
    panel: str
    raised: str
    field: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    link: str
    danger: str
    danger_panel: str
    danger_border: str
    caution: str
    caution_panel: str
    caution_border: str
    stage: str
    stage_text: str
    stage_panel: str
    stage_border: str
    selection: str
    selection_rim: str
    zone: str
    zone_text: str
    spill: str
    spill_rim: str
    mark_ink: str
    mark_halo: str
    hazard_lung: str
    hazard_organ: str
    hazard_nerve: str
    hazard_vessel: str
    hazard_spine: str
    hazard_mark: str
    veil: float


def load_theme(assets: Path, name: str) -> Theme:
    """Read ``assets/themes/NAME.json``; raise :class:`TriggermapError` if it is missing or broken."""
    path = assets / "themes" / f"{name}.json"
    try:
        values = json.loads(path.read_text("utf-8"))
        return Theme(**{field.name: values[field.name] for field in fields(Theme)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TriggermapError(f"The theme '{name}' cannot be read from {path}: {error}.") from error


def palette(theme: Theme) -> QPalette:
    """Palette roles, for everything that the style sheet doesn't name."""
    result = QPalette()
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.Link: theme.link,
        role.LinkVisited: theme.link,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Mid: theme.border,
        role.Dark: theme.border,
    }
    for name, color in colors.items():
        result.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return result


def font(family: str, scale: float) -> QFont:
    """The text font at an interface scale (1 = 100 %)."""
    result = QFont(family)
    result.setPixelSize(round(BASE_PX * scale))
    return result


def style_sheet(theme: Theme, family: str, scale: float) -> str:
    """The chrome at an interface scale (1 = 100 %). Sizes in px follow the scale."""
    values = {field.name: getattr(theme, field.name) for field in fields(Theme)}
    values["family"] = family
    # Headings grow less than text: "Sternocleidomastoid" has to fit a dossier at 200 %.
    values["title"] = f"{round(22 * min(scale, 1.5))}px"
    for px in (1, 2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 17, 19, 22, 26):
        values[f"px{px}"] = f"{max(round(px * scale), 1)}px"
    return _SHEET.format(**values)


_SHEET = """
* {{ font-family: "{family}"; font-size: {px15}; }}
QMainWindow, QDialog {{ background: {window}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: {px4}; }}
QSplitter::handle {{ background: {window}; }}
QScrollArea {{ background: {panel}; border: none; }}
QScrollBar:vertical {{ background: {panel}; width: {px12}; margin: 0; }}
QScrollBar::handle:vertical {{ background: {border}; border-radius: {px4}; min-height: {px26};
  margin: {px2}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar:horizontal {{ background: {panel}; height: {px12}; }}
QScrollBar::handle:horizontal {{ background: {border}; border-radius: {px4}; margin: {px2}; }}
QWidget#panel {{ background: {panel}; }}
QWidget#plateBar, QWidget#statusStrip {{ background: {panel}; }}
QWidget#statusStrip QLabel {{ color: {text}; font-size: {px14}; }}
QWidget#statusStrip QLabel#fault {{ color: {danger}; font-weight: 700; }}
QLabel#muted {{ color: {muted}; font-size: {px14}; }}
QLabel#small {{ color: {muted}; font-size: {px13}; }}
QLabel#title {{ font-size: {title}; font-weight: 600; }}
QLabel#latin {{ color: {muted}; font-style: italic; }}
QLabel#section {{ color: {muted}; font-size: {px13}; font-weight: 700; }}
QLabel#groupCaption {{ color: {muted}; font-size: {px13}; }}
QLineEdit {{ background: {field}; color: {text}; border: 1px solid {border}; border-radius: {px6};
  padding: {px6} {px8}; selection-background-color: {accent}; selection-color: {accent_text}; }}
QLineEdit:focus {{ border: {px2} solid {accent}; }}
QListView {{ background: {panel}; border: none; outline: none; }}
QListView::item {{ padding: {px4} {px8}; border-radius: {px4}; color: {text}; }}
QListView::item:hover {{ background: {raised}; }}
QListView::item:selected {{ background: {accent}; color: {accent_text}; }}
QToolButton, QPushButton {{ background: {raised}; color: {text}; border: 1px solid {border};
  border-radius: {px6}; padding: {px4} {px8}; }}
QToolButton:hover, QPushButton:hover {{ border-color: {accent}; }}
QToolButton:focus, QPushButton:focus {{ border: {px2} solid {accent}; }}
QToolButton:checked {{ background: {accent}; color: {accent_text}; border-color: {accent}; }}
QToolButton#flat {{ background: transparent; border-color: transparent; }}
QToolButton#flat:hover {{ border-color: {accent}; }}
QToolButton#flat:focus {{ border: {px2} solid {accent}; }}
QFrame#card {{ background: {raised}; border: 1px solid {border}; border-radius: {px8}; }}
QFrame#danger {{ background: {danger_panel}; border: {px2} solid {danger_border}; border-radius: {px8}; }}
QFrame#danger QLabel {{ color: {danger}; background: transparent; }}
QScrollArea#words, QScrollArea#words > QWidget {{ background: transparent; }}
QFrame#danger QToolButton {{ background: transparent; color: {danger}; border: 1px solid {danger_border};
  padding: {px1} {px4}; }}
QFrame#caution {{ background: {caution_panel}; border: 1px solid {caution_border}; border-radius: {px8}; }}
QFrame#caution QLabel {{ color: {caution}; background: transparent; }}
QFrame#caution QToolButton {{ background: transparent; color: {caution}; border: 1px solid {caution_border};
  padding: {px1} {px4}; }}
QLabel#hazardName {{ font-weight: 700; font-size: {px15}; }}
QFrame#overlay {{ background: {stage_panel}; border-radius: {px6}; }}
QFrame#overlay QLabel {{ color: {stage_text}; font-size: {px14}; }}
QFrame#overlay QPushButton {{ background: transparent; color: {stage_text}; border: 1px solid {stage_border};
  font-size: {px14}; padding: {px2} {px8}; }}
QFrame#overlay QPushButton:hover, QFrame#overlay QPushButton:focus {{ border-color: {selection}; }}
QFrame#overlay QPushButton#keyRow {{ text-align: left; }}
QLabel#hoverName {{ background: {stage_panel}; color: {stage_text}; border: 1px solid {stage_border};
  border-radius: {px4}; padding: {px2} {px8}; font-weight: 600; }}
QTextBrowser {{ background: {field}; border: 1px solid {border}; border-radius: {px6}; }}
QMenu {{ background: {raised}; border: 1px solid {border}; }}
QMenu::item:selected {{ background: {accent}; color: {accent_text}; }}
"""

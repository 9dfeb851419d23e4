"""The one text font, so that every machine and every screenshot shows the same text."""

from __future__ import annotations

from font_source_sans_pro import font_files_ttf
from PySide6.QtGui import QFontDatabase

_FACES = (
    "SourceSansPro",
    "SourceSansProIt",
    "SourceSansProSemibold",
    "SourceSansProBold",
    "SourceSansProBoldIt",
)


def register() -> str:
    """Make the font known to Qt; return its family, or an empty name (Qt's own) if that fails."""
    families: list[str] = []
    for face in _FACES:
        number = QFontDatabase.addApplicationFont(font_files_ttf.get(face, ""))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""

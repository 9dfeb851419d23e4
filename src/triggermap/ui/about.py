"""About the program: version, what it is not, the dispute about its subject, keys and licences."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout, QWidget

from triggermap import __version__
from triggermap.ui.actions import ACTIONS, keys_text

DISCLAIMER = (
    "For education and reference by trained people; not a diagnosis. The plates show one reference body,"
    " not your patient: depths, lungs, nerves and vessels vary."
)
SCIENCE = (
    "The science of trigger points is disputed. Their advocates describe a palpable, tender nodule in a taut"
    " band with a recognisable referred pain; critics hold that neither the finding nor the theory behind it"
    " is established, and examiners often disagree on a site. Patterns here are reported from their sources;"
    " none is a law."
)
SCIENCE_SOURCES = (
    "Against: Quintner JL, Bove GM, Cohen ML. A critical evaluation of the trigger point phenomenon."
    " Rheumatology 2015;54:392-399 (citation and a summary seen, the paper not read). For: Dommerholt J,"
    " Gerwin RD. A critical evaluation of Quintner et al: Missing the point. Journal of Bodywork and Movement"
    " Therapies (title seen in a review page, the paper not read)."
)


class AboutDialog(QDialog):
    """Version, disclaimer, keys, attribution and licences."""

    def __init__(self, attribution: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About triggermap")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        title = QLabel(f"triggermap {__version__}", self)
        title.setObjectName("title")
        disclaimer = QLabel(f"<b>{escape(DISCLAIMER)}</b>", self)
        science = QLabel(escape(SCIENCE), self)
        for label in (disclaimer, science):
            label.setWordWrap(True)
        text = QTextBrowser(self)
        text.setOpenLinks(False)
        parts = (
            "<h3>The dispute</h3>",
            f"<p>{escape(SCIENCE_SOURCES)}</p>",
            "<h3>Keys</h3>",
            _keys(),
            "<h3>Licences and attribution</h3>",
            _paragraphs(attribution),
            f"<p>Code: MIT. Made with Qt {qVersion()} and PySide6 (LGPL), pyqtgraph, numpy, pydantic,",
            "PyYAML, platformdirs and RapidFuzz. Text font: Source Sans Pro (SIL Open Font License 1.1).</p>",
        )
        text.setHtml(" ".join(parts))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        for widget in (title, disclaimer, science, text, buttons):
            layout.addWidget(widget)
        layout.setStretchFactor(text, 1)


class FirstStartDialog(QDialog):
    """What everyone is told once, before the first look."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Before you begin")
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        for text, name in (("Before you begin", "title"), (DISCLAIMER, ""), (SCIENCE, "muted")):
            label = QLabel(text, self)
            label.setObjectName(name)
            label.setWordWrap(True)
            layout.addWidget(label)
        buttons = QDialogButtonBox(self)
        button = buttons.addButton("I understand", QDialogButtonBox.ButtonRole.AcceptRole)
        button.setDefault(True)
        buttons.accepted.connect(self.accept)
        layout.addWidget(buttons)

    def fit(self, width: int) -> None:
        """Be as high as the words are at a width (px)."""
        self.ensurePolished()
        self.resize(width, self._column.totalHeightForWidth(width))
        self.setMinimumHeight(self.height())


def _keys() -> str:
    rows = "".join(
        f"<tr><td><b>{escape(keys_text(row))}</b>&nbsp;&nbsp;</td><td>{escape(row.text)}</td></tr>"
        for row in ACTIONS
    )
    return f"<table>{rows}</table><p>The wheel zooms at the pointer; a double click fits the plate.</p>"


def _paragraphs(text: str) -> str:
    """Markdown as the attribution uses it: headings, list items and paragraphs."""
    parts = []
    for block in re.split(r"\n\s*\n", text.strip()):
        line = escape(" ".join(block.split()))
        parts.append(f"<p>{line.lstrip('#').strip()}</p>")
    return "".join(parts)

"""What the window says when safety data can't be read. It needs neither the body nor the dataset."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triggermap.safety.general import GENERAL_WARNING, NOT_AVAILABLE, what_is_wrong
from triggermap.ui.banner import Banner
from triggermap.ui.icons import Icons
from triggermap.ui.texts import DISCLAIMER, breakable
from triggermap.ui.theme import Theme

_PARAGRAPH = "<p style='margin:0 0 4px 0'>"


class FaultBanner(Banner):
    """That safety data is not available, and why; with the general thorax warning where it stands."""

    def __init__(
        self,
        faults: Sequence[str],
        icons: Icons,
        theme: Theme,
        scale: float,
        parent: QWidget,
        *,
        over_lung: bool,
        marks: str = "",
    ) -> None:
        """``marks`` are those of the warning's sources, as rich text, where there is a dataset."""
        title = f"{NOT_AVAILABLE}: beware of pneumothorax" if over_lung else NOT_AVAILABLE
        icon = "lung" if over_lung else "warning"
        super().__init__(NOT_AVAILABLE, title, icon, icons, theme, scale, parent, grave=over_lung)
        self.over_lung = over_lung
        why = what_is_wrong(faults)
        html = f"{_PARAGRAPH}{breakable(why)}</p>"
        if over_lung:
            html = f"{_PARAGRAPH}<b>{GENERAL_WARNING}</b>{marks}</p>{html}"
        self.say(html, f"{GENERAL_WARNING} {why}" if over_lung else why, folded=False)


class FaultPanel(QWidget):
    """Stands where the dossier would be, as long as there is none."""

    def __init__(
        self, faults: Sequence[str], icons: Icons, theme: Theme, scale: float, parent: QWidget
    ) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        self.banner = FaultBanner(faults, icons, theme, scale, self, over_lung=True)
        self.banner.refolded.connect(self._fit)
        layout.addWidget(self.banner)
        notice = QLabel(DISCLAIMER, self)
        notice.setObjectName("small")
        notice.setWordWrap(True)
        layout.addWidget(notice)
        layout.addStretch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.width() - 28
        # Nothing else needs the room: the words may be as high as the panel.
        self.banner.set_room(width, 2 * self.height())
        self.banner.height_for(width)

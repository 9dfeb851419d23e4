"""The strip at the bottom: what the pointer is over, what the program has to say, and the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget


class StatusStrip(QWidget):
    """Texts in a row; messages stay until the next one, a fault for good."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(20)
        self.here = QLabel(self)
        self.here.setAccessibleName("Under the pointer")
        self.message = QLabel(self)
        self.message.setAccessibleName("Message")
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        self.fault.setAccessibleName("Warning")
        self.fault.hide()
        self.zoom = QLabel(self)
        self.zoom.setObjectName("muted")
        for label in (self.here, self.message):
            # Long texts are cut by the window's edge, they never widen the window.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self.fault)
        layout.addWidget(self.here, 2)
        layout.addWidget(self.message, 3)
        layout.addWidget(self.zoom, 0, Qt.AlignmentFlag.AlignRight)

    def show_here(self, text: str) -> None:
        """Name what is under the pointer."""
        self.here.setText(text)

    def show_message(self, text: str) -> None:
        """Say something that the user should know; the whole of it is in the tool tip."""
        self.message.setText(text)
        self.message.setToolTip(text)

    def show_fault(self, title: str, why: str) -> None:
        """Say that something is broken, until the program ends; the reason is in the tool tip."""
        self.fault.setText(title)
        self.fault.setToolTip(why)
        self.fault.setAccessibleDescription(why)
        self.fault.show()

    def show_zoom(self, mm_per_pixel: float) -> None:
        """Show how much of the body a pixel of the screen covers."""
        self.zoom.setText(f"{mm_per_pixel:.2f} mm a pixel")

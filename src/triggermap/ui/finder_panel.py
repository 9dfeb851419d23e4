"""The panel on the left: one box over muscles, nerves, conditions and places of pain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from triggermap.ui.icons import Icons
from triggermap.ui.theme import Theme

if TYPE_CHECKING:
    from triggermap.finder.search import Hit, Index

_RESULT = Qt.ItemDataRole.UserRole + 1
_LIMIT = 60
_ICONS = {
    "muscle": "superficial",
    "part": "superficial",
    "point": "crosshair",
    "nerve": "nerve",
    "condition": "info",
    "region": "skin-layer",
    "hazard": "warning",
}
Row = QModelIndex | QPersistentModelIndex


class _Results(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._results: list[Hit] = []

    def set_results(self, results: list[Hit]) -> None:
        self.beginResetModel()
        self._results = results
        self.endResetModel()

    def rowCount(self, parent: Row = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._results)

    def data(self, index: Row, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        result = self._results[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return result.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return result.subtitle
        return result if role == _RESULT else None


class _TwoLines(QStyledItemDelegate):
    """A result in two lines: its name, and below it, smaller, what it is."""

    def __init__(self, icons: Icons, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._icons, self.theme, self.scale = icons, theme, 1.0

    def _fonts(self, option: QStyleOptionViewItem) -> tuple[QFont, QFont]:
        title, subtitle = QFont(option.font), QFont(option.font)  # type: ignore[attr-defined]  # missing in the stubs
        title.setPixelSize(round(15 * self.scale))
        subtitle.setPixelSize(round(13 * self.scale))
        return title, subtitle

    def sizeHint(self, option: QStyleOptionViewItem, index: Row) -> QSize:
        return QSize(round(120 * self.scale), round(44 * self.scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Row) -> None:
        result: Hit = index.data(_RESULT)
        state = option.state  # type: ignore[attr-defined]  # missing in the stubs
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(4, 1, -4, -1)  # type: ignore[attr-defined]  # missing in the stubs
        if selected or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.accent if selected else self.theme.raised))
            painter.drawRoundedRect(area, 6, 6)
        ink = QColor(self.theme.accent_text if selected else self.theme.text)
        faint = QColor(self.theme.accent_text if selected else self.theme.muted)
        name = _ICONS.get(result.kind, "info")
        if result.warning:
            faint = ink if selected else QColor(self.theme.danger)
            name = _ICONS["hazard"]
        size = round(18 * self.scale)
        icon = self._icons.pixmap(name, faint.name(), size)
        painter.drawPixmap(area.left() + 7, area.center().y() - size // 2, icon)
        title, subtitle = self._fonts(option)
        left, half = area.left() + 14 + size, area.height() // 2
        for font, color, top, text in (
            (title, ink, area.top() + 1, result.title),
            (subtitle, faint, area.top() + half - 1, result.subtitle),
        ):
            painter.setFont(font)
            painter.setPen(color)
            box = QRect(left, top, area.right() - left - 4, half)
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()


class FinderPanel(QWidget):
    """Finds as you type; Enter takes the first result, the arrows walk them."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, icons: Icons, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._index: Index | None = None
        self._icons = icons
        self.box = QLineEdit(self)
        self.box.setPlaceholderText("Find muscle, pain, condition …")
        self.box.setAccessibleName("Find a muscle, a nerve, a condition or a place of pain")
        self.box.setClearButtonEnabled(True)
        self._lens = self.box.addAction(
            icons.icon("search", theme.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        self.list = QListView(self)
        self.list.setAccessibleName("Results")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._results = _Results(self)
        self._lines = _TwoLines(icons, theme, self)
        self.list.setModel(self._results)
        self.list.setItemDelegate(self._lines)
        self.count = QLabel(self)
        self.count.setObjectName("small")
        self.count.setWordWrap(True)
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 6, 8)
        layout.setSpacing(6)
        for widget in (self.box, self.count, self.list):
            layout.addWidget(widget)
        layout.setStretchFactor(self.list, 1)
        self.box.textChanged.connect(self._search)
        self.box.returnPressed.connect(self._take_current)
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.box.installEventFilter(self)

    def set_index(self, index: Index) -> None:
        """Search this from now on, and at once for what has been typed already."""
        self._index = index
        self._search(self.box.text())

    def set_look(self, theme: Theme, scale: float) -> None:
        """Take other colours and another scale."""
        self._lines.theme, self._lines.scale = theme, scale
        self._lens.setIcon(self._icons.icon("search", theme.muted))
        self.list.doItemsLayout()

    @property
    def least_height(self) -> int:
        """How high the panel is with its box alone."""
        margins = self._rows.contentsMargins()
        return self.box.sizeHint().height() + margins.top() + margins.bottom()

    def start(self) -> None:
        """Go to the box, with what stands in it selected."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def search(self, text: str) -> None:
        """Search for a text as if it had been typed."""
        self.box.setText(text)

    def _search(self, text: str) -> None:
        if self._index is None:
            return
        words = text.strip()
        if not words:
            self._show(self._index.browse(), "Muscles and conditions")
            return
        results = self._index.search(words, limit=_LIMIT)
        if results:
            self._show(results, f"{len(results)} found")
            self.list.setCurrentIndex(self._results.index(0))
        else:
            self._show((), f"Nothing found for “{words}”. Try a muscle, a nerve or a place of pain.")

    def show_muscles_of(self, result: Hit) -> None:
        """List the muscles behind a condition or a nerve, the likeliest first."""
        if self._index is not None:
            found = self._index.muscles(result.muscles)
            self._show(found, f"{result.title}: {result.subtitle}")
            self.list.setCurrentIndex(self._results.index(0))

    def _show(self, results: tuple[Hit, ...], words: str) -> None:
        self._results.set_results(list(results))
        self.count.setText(words)

    def _take_current(self) -> None:
        index = self.list.currentIndex()
        self._take(index if index.isValid() else self._results.index(0))

    def _take(self, index: Row) -> None:
        result = index.data(_RESULT) if index.isValid() else None
        if result is not None:
            self.list.setCurrentIndex(self._results.index(index.row()))
            self.chosen.emit(result)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.box or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            # The box takes Esc before the window's shortcut: first the text goes, then the selection.
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.box.text():
                    self.box.clear()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        count = self._results.rowCount()
        if not count:
            return
        current = self.list.currentIndex()
        row = min(max(current.row() + by, 0), count - 1) if current.isValid() else 0
        self.list.setCurrentIndex(self._results.index(row))

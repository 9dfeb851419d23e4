"""What lies here: the structures under a pinned place as bars to scale, their names beside them in order.

The skin is on top and the list runs inward, so that a bar and its name stand on one line. It is drawn from
plain values (:class:`~triggermap.ui.section_rows.Drawing`) of one reference body, and says so at all times.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from triggermap.body.section import Bar, Section, spread
from triggermap.ui.icons import Icons
from triggermap.ui.section_rows import (
    GAPS,
    HEAD,
    LINE,
    ONE_BODY,
    SCALE,
    TITLE,
    Drawing,
    Row,
)
from triggermap.ui.theme import Theme

NAME = "What lies here, from the skin inward; the arrow keys walk the list"
_GROWTH = 0.7  # the text grows less than the interface, as that of the strip
_TEXT_PX, _SMALL_PX = 14, 13
_LEAST_PX = 12
_SCALE_MM = 10  # a block of the ruler
_FINEST, _COARSEST = 3.0, 7.0  # px a mm at 100 %
_TIGHT = 380  # px at 100 %: a lower cross-section lets its words scroll with the drawing
_PAD = 7.0
_EDGE = 4.0  # right of a name
_RULER = 7.0
_GAP = 14.0  # between bars and names, for the lines that join them
_ANCHOR = 8.0  # a thick bar is joined to its name so far below its top: near where it begins
_STEPS = {
    Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5, Qt.Key.Key_Home: -1000, Qt.Key.Key_End: 1000,
}  # fmt: skip

# Fill, ink and pattern of a kind of structure: none is told from another by colour alone.
_Look = tuple[str, str, Qt.BrushStyle]
_PLAIN: _Look = ("#9aa7b5", "#5b6876", Qt.BrushStyle.VerPattern)
_LOOKS: dict[str, _Look] = {
    "muscles": ("#9c4a40", "#d08d80", Qt.BrushStyle.HorPattern),
    "skeleton": ("#e9e1cb", "#85795b", Qt.BrushStyle.Dense6Pattern),
    "nerves": ("#f4d03f", "#4d3d00", Qt.BrushStyle.Dense5Pattern),
    "arteries": ("#d8443c", "#ffd9d6", Qt.BrushStyle.FDiagPattern),
    "veins": ("#4a78c8", "#dbe6ff", Qt.BrushStyle.BDiagPattern),
    "organs": ("#b9763f", "#ffe6cf", Qt.BrushStyle.DiagCrossPattern),
}
_TISSUE = {"dark": "#3b3a38", "light": "#efe2d3"}
_SKIN = "#d9a384"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row and its bar stand, in px of the canvas."""

    row: Row
    box: QRectF
    words: QRectF
    bar: QRectF | None = None


class Canvas(QWidget):
    """Paints a drawing; the pointer names its parts, the arrow keys walk them."""

    reached = Signal(QRect)  # what the keys have reached should be in sight

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing = Drawing()
        self._icons: Icons | None = None
        self._theme: Theme | None = None
        self._scale = 1.0
        self._room = 300  # px: the height that is in sight
        self._places: list[Place] = []
        self._drawn: dict[tuple[str, str, int], QPixmap] = {}
        self._heading = QRectF()
        self._foot = QRectF()
        self._per_mm = _FINEST
        self.current = 0  # index of the row that the keys have reached
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(HEAD)
        self.setAccessibleDescription(NAME)

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the interface scale."""
        self._icons, self._theme, self._scale = icons, theme, scale**_GROWTH
        self._drawn = {}
        self._arrange()

    def set_room(self, height: int) -> None:
        """How much of the height is in sight: the drawing is made as large as that lets it be."""
        if height != self._room:
            self._room = height
            self._arrange()

    def set_drawing(self, drawing: Drawing) -> None:
        """Draw this place."""
        self._drawing = drawing
        self.current, self._hovered = 0, None
        self._arrange()
        self._tell()

    @property
    def places(self) -> list[Place]:
        """Every row with its bar, in the order of the list."""
        return list(self._places)

    @property
    def per_mm(self) -> float:
        """Pixels a millimetre, the same for all that is drawn."""
        return self._per_mm

    # --- layout ----------------------------------------------------------------------------

    def _font(self, px: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(px * self._scale))
        font.setBold(bold)
        return font

    def _text_height(self, text: str, width: float, font: QFont) -> float:
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        room = QRect(0, 0, max(int(width), 10), 10_000)
        return float(QFontMetrics(font).boundingRect(room, flags, text).height())

    @property
    def _ruler_at(self) -> float:
        """Left edge of the ruler; left of it stands how long its blocks are."""
        return QFontMetrics(self._font(_LEAST_PX)).height() + 2.0

    @property
    def _bars_at(self) -> tuple[float, float]:
        """Left and right edge of the bars."""
        s = self._scale
        left = self._ruler_at + (_RULER + 4) * s
        return left, left + min(max(self.width() * 0.25, 40 * s), 130 * s)

    def _row_sizes(self, row: Row, width: float) -> tuple[float, float]:
        """Height of a row, and how far its words are indented, in a width."""
        s = self._scale
        indent = self._indent(row)
        font = self._row_font(row, width - indent - _EDGE * s)
        high = self._text_height(row.item.full, width - indent - _EDGE * s, font)
        return high + (7 if row.item.icon else 4) * s, indent

    def _indent(self, row: Row) -> float:
        return (23 + (20 if row.item.icon else 0)) * self._scale

    def _row_font(self, row: Row, width: float) -> QFont:
        """The font of a name: smaller where its longest word would be cut, never less than the least."""
        font = self._font(_TEXT_PX, bold=bool(row.item.icon))
        words = row.item.full.split()
        while font.pixelSize() > _LEAST_PX:
            if max(map(QFontMetrics(font).horizontalAdvance, words), default=0) <= width:
                break
            font.setPixelSize(font.pixelSize() - 1)
        return font

    def _arrange(self) -> None:
        """Find a place for everything, and be as high as that needs."""
        self._places = []
        section, s = self._drawing.section, self._scale
        if section is None or not self._drawing.rows:
            note = self._text_height(self._drawing.note, self.width() - 2 * _PAD * s, self._font(_TEXT_PX))
            self.setFixedHeight(round(note + 2 * _PAD * s))
            self.update()
            return
        top = _PAD * s
        left = self._bars_at[1] + _GAP * s
        width = self.width() - left - 3 * s
        near = [row for row in self._drawing.rows if row.drawn]
        sizes = [self._row_sizes(row, width) for row in near]
        heights = [high for high, _ in sizes]
        far = [row for row in self._drawing.rows if not row.drawn]
        wanted = max(self._room * 0.86 - 2 * top, 0.85 * sum(heights))
        self._per_mm = min(max(wanted / section.drawn, _FINEST * s), _COARSEST * s)
        bars = {bar.number: self._bar_rect(bar, top) for bar in section.bars}
        bars |= {bar.number: self._skin_rect(bar, top) for bar in section.skins}
        middles = [self._anchor(bars[row.number]) for row in near]
        for row, (high, indent), at in zip(near, sizes, spread(middles, heights, 2 * s), strict=True):
            box = QRectF(left, at, width, high)
            self._places.append(Place(row, box, box.adjusted(indent, 0, -_EDGE * s, 0), bars[row.number]))
        end = max(top + section.drawn * self._per_mm + 10 * s, self._places[-1].box.bottom() + 4 * s)
        self._heading = QRectF()
        beyond = self._drawing.beyond
        if beyond:
            wide = self.width() - 2 * _PAD * s
            high = self._text_height(beyond, wide, self._font(_SMALL_PX, bold=True))
            self._heading = QRectF(_PAD * s, end, wide, high)
            end += high + 2 * s
        for row in far:
            wide = self.width() - _PAD * s - 3 * s
            high, indent = self._row_sizes(row, wide)
            box = QRectF(_PAD * s, end, wide, high)
            self._places.append(Place(row, box, box.adjusted(indent, 0, -_EDGE * s, 0)))
            end += high
        wide = self.width() - 2 * _PAD * s
        high = self._text_height(self._foot_text, wide, self._font(_SMALL_PX))
        self._foot = QRectF(_PAD * s, end + 6 * s, wide, high)
        self.setFixedHeight(round(self._foot.bottom() + _PAD * s))
        self.update()

    @property
    def _foot_text(self) -> str:
        return f"{SCALE}\n{LINE}\n{GAPS}"

    def _bar_rect(self, bar: Bar, top: float) -> QRectF:
        left, right = self._bars_at
        first, last = (left + side * (right - left) for side in bar.sides)
        # A hair's breadth between neighbours; what is thinner than a line is still a line.
        high = max((bar.bottom - bar.top) * self._per_mm, 2.0)
        return QRectF(first + 1, top + bar.top * self._per_mm, last - first - 2, high)

    def _skin_rect(self, bar: Bar, top: float) -> QRectF:
        left, right = self._bars_at
        return QRectF(left, top + bar.top * self._per_mm, right - left, 2 * self._scale)

    def _anchor(self, rect: QRectF) -> float:
        return rect.top() + min(rect.height() / 2, _ANCHOR * self._scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    # --- pointer and keys ------------------------------------------------------------------

    def row_at(self, at: QPointF) -> int | None:
        """The index of the row whose words or bar are there."""
        hits = [n for n, p in enumerate(self._places) if p.box.contains(at)]
        hits += [n for n, p in enumerate(self._places) if p.bar and p.bar.adjusted(0, -2, 0, 2).contains(at)]
        return hits[-1] if hits else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.row_at(event.position())
        if index is not None:
            self._go(index)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.row_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._spoken(index) if index is not None else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._places or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self._go(min(max(self.current + step, 0), len(self._places) - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _go(self, index: int) -> None:
        self.current = index
        self._tell()
        self.update()
        place = self._places[index]
        shown = place.box.united(place.bar) if place.bar else place.box
        if shown.height() > self._room:
            shown = place.box
        self.reached.emit(shown.toAlignedRect())

    def _spoken(self, index: int) -> str:
        place = self._places[index]
        return f"{place.row.number} of {len(self._places)}: {place.row.spoken}"

    def _tell(self) -> None:
        """Say to a screen reader which row the keys have reached."""
        # The name, for a reader says it anew when it changes; a description it says once.
        self.setAccessibleName(self._spoken(self.current) if self._places else self._drawing.note)

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        section = self._drawing.section
        if section is None or not self._places:
            self._paint_text(
                painter, QRectF(self.rect()).adjusted(_PAD, _PAD, -_PAD, 0), self._drawing.note, _TEXT_PX
            )
        else:
            self._paint_body(painter, section)
            for place in self._places:
                if place.bar is not None:
                    self._paint_bar(painter, place, section)
            self._paint_break(painter, section)
            for index, place in enumerate(self._places):
                self._paint_line(painter, index, place)
            for index, place in enumerate(self._places):
                self._paint_row(painter, index, place)
            if not self._heading.isNull():
                self._paint_text(painter, self._heading, self._drawing.beyond, _SMALL_PX, bold=True)
            self._paint_text(painter, self._foot, self._foot_text, _SMALL_PX)
        painter.end()

    def _paint_text(self, painter: QPainter, box: QRectF, text: str, px: int, *, bold: bool = False) -> None:
        assert self._theme is not None
        painter.setFont(self._font(px, bold=bold))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, text)

    @property
    def _dark(self) -> bool:
        assert self._theme is not None
        return QColor(self._theme.panel).lightness() < 128

    def _paint_body(self, painter: QPainter, section: Section) -> None:
        """The ground of the bars from skin to skin, the skin, and the ruler."""
        assert self._theme is not None
        s, top = self._scale, _PAD * self._scale
        left, right = self._bars_at
        painter.setPen(Qt.PenStyle.NoPen)
        for skin in section.skins:
            first, last = top + skin.top * self._per_mm, top + skin.bottom * self._per_mm
            painter.setBrush(QColor(_TISSUE["dark" if self._dark else "light"]))
            painter.drawRect(QRectF(left, first, right - left, last - first))
            painter.setBrush(QColor(_SKIN))
            for at in (first, *(() if skin.broken else (last - 4 * s,))):
                painter.drawRect(QRectF(left, at, right - left, 4 * s))
        painter.setPen(QPen(QColor(self._theme.text), 1.0))
        ruler = QRectF(self._ruler_at, top, _RULER * s, section.drawn * self._per_mm)
        block = _SCALE_MM * self._per_mm
        count = int(section.drawn // _SCALE_MM)
        for number in range(count):
            painter.setBrush(QColor(self._theme.text if number % 2 == 0 else self._theme.panel))
            painter.drawRect(QRectF(ruler.left(), ruler.top() + number * block, ruler.width(), block))
        # As many blocks as the words are long: "10 mm", or "20 mm" where blocks are small.
        painter.setFont(self._font(_LEAST_PX))
        wide = painter.fontMetrics().horizontalAdvance("00 mm") + 4
        length = next((n for n in range(1, count + 1) if n * block >= wide), 0)
        if length:
            painter.save()
            painter.translate(0.0, top + length * block)
            painter.rotate(-90)
            box = QRectF(0, 0, length * block, self._ruler_at - 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{length * _SCALE_MM} mm")
            painter.restore()

    def _paint_bar(self, painter: QPainter, place: Place, section: Section) -> None:
        assert self._theme is not None
        assert place.bar is not None
        if place.row.system == "skin":
            return
        rect, item = place.bar, place.row.item
        fill, ink, pattern = _LOOKS.get(place.row.system, _PLAIN)
        painter.setPen(Qt.PenStyle.NoPen)
        if item.grave:
            self._paint_hatched(painter, rect)
        else:
            painter.setBrush(QColor(fill))
            painter.drawRect(rect)
            painter.setBrush(QBrush(QColor(ink), pattern))
            painter.drawRect(rect)
        edge = self._theme.danger_border if item.grave else self._theme.text
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), (1.6 if item.grave else 1.0) * self._scale))
        painter.drawRect(rect)
        self._paint_badge(painter, place)

    def _paint_hatched(self, painter: QPainter, rect: QRectF) -> None:
        """Broad stripes: what can kill is told from the back row, and without colour."""
        assert self._theme is not None
        s = self._scale
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, QColor(self._theme.danger_panel))
        painter.setPen(QPen(QColor(self._theme.danger_border), 2.5 * s))
        x = rect.left() - rect.height()
        while x < rect.right():
            painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
            x += 8 * s
        painter.restore()

    def _paint_badge(self, painter: QPainter, place: Place) -> None:
        """The number on a bar that has room for it, on a ground of its own."""
        assert self._theme is not None
        assert place.bar is not None
        s, rect = self._scale, place.bar
        font = self._font(_LEAST_PX, bold=True)
        text = str(place.row.number)
        size = QSize(QFontMetrics(font).horizontalAdvance(text) + round(6 * s), round(15 * s))
        if rect.height() < size.height() + 2 or rect.width() < size.width() + 2:
            return
        box = QRectF(rect.left() + 2, rect.top() + 2, size.width(), size.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(box, 3 * s, 3 * s)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_break(self, painter: QPainter, section: Section) -> None:
        """A torn edge where the drawing ends and the body goes on."""
        assert self._theme is not None
        if not section.broken:
            return
        s = self._scale
        left, right = self._bars_at
        y = _PAD * s + section.drawn * self._per_mm
        teeth = []
        x, up = left - 2 * s, False
        while x <= right + 4 * s:
            teeth.append(QPointF(x, y - (7 if up else 1) * s))
            x, up = x + 6 * s, not up
        below = QPolygonF([*teeth, QPointF(x, y + 5 * s), QPointF(left - 2 * s, y + 5 * s)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.panel))
        painter.drawPolygon(below)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.text), 1.6 * s))
        painter.drawPolyline(QPolygonF(teeth))
        painter.drawPolyline(QPolygonF([tooth + QPointF(0, 5 * s) for tooth in teeth]))

    def _marked(self, index: int) -> bool:
        return index == self._hovered or (self.hasFocus() and index == self.current)

    def _paint_line(self, painter: QPainter, index: int, place: Place) -> None:
        """From a bar to its name."""
        assert self._theme is not None
        if place.bar is None:
            return
        s, right = self._scale, self._bars_at[1]
        at = self._anchor(place.bar)
        path = [QPointF(place.bar.right() - 2 * s, at), QPointF(right + 2 * s, at)]
        path.append(QPointF(place.box.left(), place.box.center().y()))
        marked = self._marked(index)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.panel), (4.0 if marked else 3.0) * s))
        painter.drawPolyline(QPolygonF(path[:2]))
        color = QColor(self._theme.accent if marked else self._theme.text)
        painter.setPen(QPen(color, (2 if marked else 1) * s))
        painter.drawPolyline(QPolygonF(path))
        if marked:
            painter.setPen(QPen(QColor(self._theme.accent), 2.5 * s))
            painter.drawRect(place.bar)

    def _paint_row(self, painter: QPainter, index: int, place: Place) -> None:
        assert self._theme is not None
        theme, s, item, box = self._theme, self._scale, place.row.item, place.box
        color = theme.text
        if item.icon:
            color = theme.danger if item.grave else theme.caution
            painter.setPen(QPen(QColor(theme.danger_border if item.grave else theme.caution_border), s))
            painter.setBrush(QColor(theme.danger_panel if item.grave else theme.caution_panel))
            painter.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), 4 * s, 4 * s)
            size = round(17 * s)
            at = QPointF(box.left() + 23 * s, box.top() + min(box.height() - size, 8 * s) / 2)
            painter.drawPixmap(at, self._icon(item.icon, color, size))
        if self._marked(index):
            painter.setPen(QPen(QColor(theme.accent), 2 * s))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4 * s, 4 * s)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.setFont(self._row_font(place.row, place.words.width()))
        painter.setPen(QColor(color))
        painter.drawText(place.words, middle, item.full)
        painter.setFont(self._font(_SMALL_PX, bold=True))
        first = QRectF(box.left(), box.top(), 19 * s, box.height())
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(first, right, str(place.row.number))

    def _icon(self, name: str, color: str, size: int) -> QPixmap:
        key = name, color, size
        if key not in self._drawn and self._icons is not None:
            self._drawn[key] = self._icons.pixmap(name, color, size)
        return self._drawn[key]


class _Scroll(QScrollArea):
    """Tells when another height is in sight."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class CrossSection(QWidget):
    """The drawing with its title, which never scrolls away, what it is of, and the hazards in a line."""

    fold_requested = Signal()
    changed = Signal()  # it was opened, folded, filled or emptied

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(TITLE)
        self.drawing = Drawing()
        self._icons: Icons | None = None
        self._theme: Theme | None = None
        self._scale = 1.0
        self.is_open = False
        self.title = QLabel(HEAD, self)
        self.caveat = QLabel(ONE_BODY, self)
        self.caveat.setWordWrap(True)
        self.where = QLabel(self)
        self.where.setWordWrap(True)
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.warning = QFrame(self)
        self._sign = QLabel(self.warning)
        self.copy_button = QToolButton(self)
        self.copy_button.setToolTip("Copy this list")
        self.copy_button.setAccessibleName("Copy what lies here")
        self.copy_button.clicked.connect(self.copy)
        self.copy_button.setObjectName("flat")
        self.fold_button = QToolButton(self)
        self.fold_button.setObjectName("flat")
        self.fold_button.setToolTip("Fold to the strip (Shift+P)")
        self.fold_button.setAccessibleName("Fold the cross-section to the strip")
        self.fold_button.clicked.connect(self.fold_requested)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.fold_button)
        warning = QHBoxLayout(self.warning)
        warning.setContentsMargins(5, 1, 5, 1)
        warning.setSpacing(6)
        warning.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        warning.addWidget(self.summary, 1)
        inside = QWidget(self)
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(2)
        self.canvas = Canvas(inside)
        self._inside.addWidget(self.canvas)
        self._inside.addStretch(1)
        self.area = _Scroll(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.area.resized.connect(self._take_room)
        self.canvas.reached.connect(self._show_reached)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 4, 2)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.caveat)
        column.addWidget(self.where)
        column.addWidget(self.warning)
        column.addWidget(self.area, 1)
        self.hide()

    def set_look(self, icons: Icons, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the interface scale."""
        self._icons, self._theme, self._scale = icons, theme, scale
        size = round(16 * scale**_GROWTH)
        for button, icon in ((self.copy_button, "copy"), (self.fold_button, "chevron-down")):
            button.setIcon(icons.icon(icon, theme.text))
            button.setIconSize(QSize(size, size))
        self.canvas.set_look(icons, theme, scale)
        for label, px, bold in (
            (self.title, 15, True),
            (self.caveat, 13, True),
            (self.where, 13, False),
            (self.summary, 13, True),
        ):
            weight = "font-weight: 700;" if bold else ""
            label.setStyleSheet(f"font-size: {round(px * scale**_GROWTH)}px; {weight}")
        self._show_warning()
        self._place_words()

    def set_open(self, on: bool) -> None:
        """Open or fold it."""
        self.setVisible(on)
        if on != self.is_open:
            self.is_open = on
            self.changed.emit()

    def show_drawing(self, drawing: Drawing) -> None:
        """Show what lies at a place, or why that can't be shown."""
        if drawing == self.drawing:
            return
        filled = bool(drawing.rows) != bool(self.drawing.rows)
        self.drawing = drawing
        self.where.setText(drawing.where)
        self.where.setVisible(bool(drawing.where))
        self.copy_button.setEnabled(bool(drawing.rows))
        self._show_warning()
        self.canvas.set_drawing(drawing)
        self.area.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(drawing.text)
        if filled:
            self.changed.emit()

    def _show_warning(self) -> None:
        drawing = self.drawing
        self.warning.setVisible(bool(drawing.rows))
        if self._icons is None or self._theme is None or not drawing.rows:
            return
        name = "danger" if drawing.grave else "caution" if drawing.warns else ""
        if name != self.warning.objectName():
            self.warning.setObjectName(name)
            for widget in (self.warning, self._sign, self.summary):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self.summary.setText(drawing.summary)
        color = {"danger": self._theme.danger, "caution": self._theme.caution}.get(name, self._theme.text)
        size = round(18 * self._scale**_GROWTH)
        self._sign.setPixmap(self._icons.pixmap("warning" if name else "info", color, size))

    def _show_reached(self, rect: QRect) -> None:
        middle = self.canvas.y() + rect.center().y()
        self.area.ensureVisible(0, middle, 0, rect.height() // 2 + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_words()

    def _place_words(self) -> None:
        """Where the height is small, place and hazards scroll with the drawing; the title never does."""
        tight = self.height() < _TIGHT * self._scale**_GROWTH
        old, new = (self._column, self._inside) if tight else (self._inside, self._column)
        first = 0 if tight else 2
        if new.indexOf(self.where) < 0:
            for number, widget in enumerate((self.where, self.warning)):
                old.removeWidget(widget)
                new.insertWidget(first + number, widget)
        self._take_room()

    def _take_room(self) -> None:
        """Let the canvas know how much of it can be seen at once."""
        self.canvas.set_room(self.area.viewport().height())

    def copy(self) -> None:
        """Put the list into the clipboard."""
        QApplication.clipboard().setText(self.drawing.text)

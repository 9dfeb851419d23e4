"""What a viewport shows of a plate, kept in the viewport's own pixels: panning copies it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform

# Of a pixel: what is moved by whole pixels but for so much looks the same.
_SAME = 0.02


class Frame:
    """One opaque picture as large as a viewport.

    Moved by whole pixels it is shifted, and only the strips that come into view are painted.
    """

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._transform = QTransform()
        self._ground = QColor()
        self._stale = True

    def clear(self) -> None:
        """What is painted has changed."""
        self._stale = True

    def shown(
        self,
        size: QSize,
        ratio: float,
        transform: QTransform,
        ground: QColor,
        paint: Callable[[QPainter], None],
    ) -> QPixmap:
        """The picture of a viewport of ``size`` with ``ratio`` device pixels a pixel.

        ``paint`` paints in plate mm, which ``transform`` takes to pixels, over ``ground``.
        """
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if pixels != self._pixmap.size() or ratio != self._pixmap.devicePixelRatio():
            self._pixmap = QPixmap(pixels)
            self._pixmap.setDevicePixelRatio(ratio)
            self._stale = True
        way = None if self._stale or ground != self._ground else self._way(transform, ratio)
        whole = QRect(QPoint(), pixels)
        if way is None:
            self._transform, self._ground, self._stale = QTransform(transform), ground, False
            self._pixmap.fill(ground)  # makes it opaque: it is copied then, not blended
            self._paint(whole, paint)
        elif not way.isNull():
            self._pixmap.scroll(way.x(), way.y(), whole)
            self._transform *= QTransform.fromTranslate(way.x() / ratio, way.y() / ratio)
            for strip in _uncovered(whole, way):
                self._paint(strip, paint)
        return self._pixmap

    def _way(self, transform: QTransform, ratio: float) -> QPoint | None:
        """By how many whole device pixels the view was moved; None if it changed in another way."""
        old = self._transform
        if (old.m11(), old.m22()) != (transform.m11(), transform.m22()):
            return None
        x, y = (transform.dx() - old.dx()) * ratio, (transform.dy() - old.dy()) * ratio
        way = QPoint(round(x), round(y))
        if max(abs(x - way.x()), abs(y - way.y())) > _SAME:
            return None
        return way

    def _paint(self, strip: QRect, paint: Callable[[QPainter], None]) -> None:
        ratio = self._pixmap.devicePixelRatio()
        area = QRectF(strip.x() / ratio, strip.y() / ratio, strip.width() / ratio, strip.height() / ratio)
        painter = QPainter(self._pixmap)
        painter.setClipRect(area)
        painter.fillRect(area, self._ground)
        painter.setWorldTransform(self._transform)
        paint(painter)
        painter.end()


def _uncovered(whole: QRect, way: QPoint) -> list[QRect]:
    """What a picture no longer covers of its own area once it has been moved."""
    moved = whole.translated(way).intersected(whole)
    if moved.isEmpty():
        return [whole]
    beside = QRect(0, 0, abs(way.x()), whole.height())
    if way.x() < 0:
        beside.moveRight(whole.right())
    above = QRect(moved.left(), 0, moved.width(), abs(way.y()))
    if way.y() < 0:
        above.moveBottom(whole.bottom())
    return [strip for strip in (beside, above) if not strip.isEmpty()]

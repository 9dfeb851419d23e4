"""Pictures that lie on one another: the plate, its overlays, a veil, the glass skin.

Painted one by one they cost a repaint each; a :class:`Blend` makes one picture of them in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from triggermap.ui.stage.pictures import Picture, Rect, Source

# Rows that are blended at a time: Python's lock is held for so long, and the GUI thread waits for it.
_BAND = 256


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture over a rectangle of the plate (mm).

    ``inside``: it is painted only where something is already, such as the glass on a muscle alone.
    """

    source: Source
    rect: Rect
    opacity: float = 1.0
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Veil:
    """A colour (ARGB) that dims and greys what lies under it."""

    argb: int


Stack = tuple[Sheet | Veil, ...]  # the lowest first
Painted = Sequence[tuple[Sheet, Picture] | Veil]


@dataclass(frozen=True, slots=True)
class Blend:
    """A stack as one picture, as large as its first sheet.

    ``ground`` (RGB) makes it opaque, which is painted faster; without one it stays transparent.
    The inputs are the pictures of its sheets, in their order.
    """

    stack: Stack
    ground: int | None = None

    @property
    def sources(self) -> list[Source]:
        """What it is made from."""
        return [sheet.source for sheet in self.stack if isinstance(sheet, Sheet)]

    def load(self, inputs: tuple[Picture, ...]) -> Picture:
        first = self.stack[0]
        assert isinstance(first, Sheet)
        left, bottom, width, height = first.rect
        size = inputs[0].levels[0].size()
        opaque = self.ground is not None
        image = QImage(
            size, QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        )
        image.fill(QColor(self.ground) if self.ground is not None else QColor(0, 0, 0, 0))
        pictures = iter(inputs)
        painted = [(sheet, next(pictures)) if isinstance(sheet, Sheet) else sheet for sheet in self.stack]
        for top in range(0, size.height(), _BAND):
            painter = QPainter(image)
            painter.setClipRect(0, top, size.width(), _BAND)
            painter.scale(size.width() / width, -size.height() / height)
            painter.translate(-left, -(bottom + height))
            paint_stack(painter, painted, QRectF(*first.rect))
            painter.end()
        return Picture(image, first.rect)


def paint_stack(painter: QPainter, stack: Painted, bounds: QRectF) -> None:
    """Paint sheets and veils; a veil covers ``bounds`` (plate mm)."""
    for sheet in stack:
        if isinstance(sheet, Veil):
            painter.fillRect(bounds, QColor.fromRgba(sheet.argb))
            continue
        what, picture = sheet
        if what.inside:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
        paint_picture(painter, picture, QRectF(*what.rect), what.opacity)
        if what.inside:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def paint_picture(painter: QPainter, picture: Picture, rect: QRectF, opacity: float = 1.0) -> None:
    """Paint the halving of a picture that fits the zoom."""
    full = picture.levels[0]
    scale = abs(painter.worldTransform().m11()) * rect.width() / max(full.width(), 1)
    paint_flipped(painter, picture.level_for(scale), rect, opacity)


def paint_flipped(painter: QPainter, image: QImage, rect: QRectF, opacity: float = 1.0) -> None:
    """Paint an image whose first row is the top one on a stage whose y goes up."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(opacity)
    painter.scale(1.0, -1.0)
    painter.drawImage(QRectF(rect.left(), -rect.bottom(), rect.width(), rect.height()), image)
    painter.restore()

"""Decoding of plate pictures off the GUI thread, with a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

CACHE_BYTES = 300 * 1024 * 1024
_SMALLEST = 256  # px: below this a picture isn't halved further


class Picture:
    """A picture with its halvings, so that a plate is smooth at any zoom."""

    def __init__(self, image: QImage) -> None:
        self.levels = [image]
        while min(self.levels[-1].width(), self.levels[-1].height()) > _SMALLEST:
            last = self.levels[-1]
            self.levels.append(
                last.scaled(
                    max(last.width() // 2, 1),
                    max(last.height() // 2, 1),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    @property
    def bytes(self) -> int:
        """Memory of all levels."""
        return sum(level.sizeInBytes() for level in self.levels)

    def level_for(self, scale: float) -> QImage:
        """The smallest level that still has at least one pixel for each device pixel.

        ``scale`` is device pixels per pixel of the full picture.
        """
        index = 0
        while scale <= 0.5 and index + 1 < len(self.levels):
            scale *= 2.0
            index += 1
        return self.levels[index]


class _Signals(QObject):
    done = Signal(object, object, str)


class _Decode(QRunnable):
    def __init__(self, path: Path, signals: _Signals) -> None:
        super().__init__()
        self._path = path
        self._signals = signals

    def run(self) -> None:
        reader = QImageReader(str(self._path))
        image = reader.read()
        if image.isNull():
            self._signals.done.emit(self._path, None, reader.errorString())
            return
        image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._signals.done.emit(self._path, Picture(image), "")


class PictureStore(QObject):
    """Pictures by path: asked for, decoded in a thread, told when ready, forgotten oldest first."""

    ready = Signal(object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None, limit: int = CACHE_BYTES) -> None:
        super().__init__(parent)
        self._limit = limit
        self._cache: OrderedDict[Path, Picture] = OrderedDict()
        self._pending: set[Path] = set()
        self._wanted: set[Path] = set()
        self._broken: dict[Path, str] = {}
        self._pool = QThreadPool(self)
        # One thread: the wished picture comes first, and the GUI keeps the other core.
        self._pool.setMaxThreadCount(1)
        self._signals = _Signals(self)
        self._signals.done.connect(self._take)

    def get(self, path: Path) -> Picture | None:
        """The picture if it is there; else it is asked for, and ``ready`` or ``failed`` follows."""
        picture = self._cache.get(path)
        if picture is not None:
            self._cache.move_to_end(path)
            return picture
        self._wanted.add(path)
        if path in self._broken:
            self._tell(path)
        else:
            self.prefetch(path, urgent=True)
        return None

    def prefetch(self, path: Path, *, urgent: bool = False) -> None:
        """Decode a picture that will be wanted soon."""
        if path in self._cache or path in self._pending or path in self._broken:
            return
        self._pending.add(path)
        self._pool.start(_Decode(path, self._signals), 1 if urgent else 0)

    @property
    def busy(self) -> bool:
        """True while a picture is being decoded."""
        return bool(self._pending)

    def close(self) -> None:
        """Forget what waits and wait for what runs."""
        self._pool.clear()
        self._pool.waitForDone()
        self._pending.clear()

    def _tell(self, path: Path) -> None:
        """Report a broken picture once, and only if somebody wants to see it."""
        if path in self._wanted and (error := self._broken[path]):
            self._broken[path] = ""
            self.failed.emit(path, error)

    def _take(self, path: Path, picture: Picture | None, error: str) -> None:
        self._pending.discard(path)
        if picture is None:
            self._broken[path] = error
            self._tell(path)
            return
        self._cache[path] = picture
        while sum(p.bytes for p in self._cache.values()) > self._limit and len(self._cache) > 1:
            self._cache.popitem(last=False)
        self.ready.emit(path)

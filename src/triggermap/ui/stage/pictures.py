"""Pictures of the stage: decoded and put together off the GUI thread, kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

from triggermap.body.plates import Plate
from triggermap.errors import TriggermapError

# 300 MB in all for plates: the rest is what the viewport shows of them, 33 MB on the largest screens.
CACHE_BYTES = 265 * 1024 * 1024
Rect = tuple[float, float, float, float]  # left, bottom, width, height in plate mm
_SMALLEST = 256  # px: below this a picture isn't halved further


class Picture:
    """A picture with its halvings, so that a plate is smooth at any zoom.

    ``rect`` is where it lies in plate mm, where the picture's own file says so.
    """

    def __init__(self, image: QImage, rect: Rect | None = None) -> None:
        self.rect = rect
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


class Source(Protocol):
    """What a picture is made from. Equal sources make equal pictures."""

    def load(self, inputs: tuple[Picture, ...]) -> Picture:
        """The picture; runs in a thread. :class:`TriggermapError` if it cannot be made."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class File:
    """A picture file; ``mirrored`` turns it left to right, for a plate that uses another one's files."""

    path: Path
    mirrored: bool = False

    def load(self, _inputs: tuple[Picture, ...]) -> Picture:
        name = f"The picture {self.path.name} of this plate"
        reader = QImageReader(str(self.path))
        return Picture(_ready(reader.read(), name, reader.errorString(), self.mirrored))


@dataclass(frozen=True, slots=True)
class Cutout:
    """A structure alone, as a plate shows it; an empty picture where it has none on this plate."""

    plate_id: str
    structure: int
    plate: Plate = field(compare=False, repr=False)

    def load(self, _inputs: tuple[Picture, ...]) -> Picture:
        sprite = self.plate.sprite(self.structure)
        if sprite is None:
            return Picture(QImage())
        name = f"The picture of structure {self.structure} of plate '{self.plate_id}'"
        # Not by a QBuffer of Python's: Qt would call back into Python while it holds the lock of its image
        # formats, which the other thread may wait for while it holds Python's.
        image = QImage.fromData(sprite.data)
        return Picture(_ready(image, name, "It is damaged", sprite.mirrored), sprite.rect)


def _ready(image: QImage, name: str, fault: str, mirrored: bool) -> QImage:
    if image.isNull():
        raise TriggermapError(f"{name} cannot be shown: {fault}.")
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image.flipped(Qt.Orientation.Horizontal) if mirrored else image


class _Signals(QObject):
    done = Signal(object, object, str)


class _Jobs:
    """What waits to be made: wishes first, then what may be wished for, in order.

    Two threads take from it. One is kept for wishes, so that none waits for a guess to be done.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes: OrderedDict[Source, tuple[Picture, ...]] = OrderedDict()
        self._guesses: OrderedDict[Source, tuple[Picture, ...]] = OrderedDict()
        self._guessing = False

    def add(self, source: Source, inputs: tuple[Picture, ...], *, wish: bool) -> None:
        with self._lock:
            (self._wishes if wish else self._guesses)[source] = inputs

    def promote(self, source: Source) -> bool:
        """Make a waiting guess a wish; False if it does not wait."""
        with self._lock:
            if source not in self._guesses:
                return False
            self._wishes[source] = self._guesses.pop(source)
            return True

    def drop(self, *, wishes: bool) -> list[Source]:
        """Forget the guesses, or all, that wait."""
        with self._lock:
            dropped = [*self._guesses, *(self._wishes if wishes else ())]
            self._guesses.clear()
            if wishes:
                self._wishes.clear()
            return dropped

    def next(self) -> tuple[Source, tuple[Picture, ...], bool] | None:
        """The next job, and whether it is a guess; None if nothing may begin now."""
        with self._lock:
            if self._wishes:
                return *self._wishes.popitem(last=False), False
            if self._guesses and not self._guessing:
                self._guessing = True
                return *self._guesses.popitem(last=False), True
            return None

    def guessed(self) -> None:
        """A guess is done: the next may begin."""
        with self._lock:
            self._guessing = False


class _Work(QRunnable):
    def __init__(self, jobs: _Jobs, signals: _Signals) -> None:
        super().__init__()
        self._jobs, self._signals = jobs, signals

    def run(self) -> None:
        while (job := self._jobs.next()) is not None:
            source, inputs, guess = job
            try:
                self._signals.done.emit(source, source.load(inputs), "")
            except TriggermapError as error:
                self._signals.done.emit(source, None, str(error))
            if guess:
                self._jobs.guessed()


class PictureStore(QObject):
    """Pictures by source: asked for, made in a thread, told when ready, forgotten oldest first."""

    ready = Signal(object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None, limit: int = CACHE_BYTES) -> None:
        super().__init__(parent)
        self._limit = limit
        self._cache: OrderedDict[Source, Picture] = OrderedDict()
        self._pending: set[Source] = set()
        self._wanted: set[Source] = set()
        self._broken: dict[Source, str] = {}
        self._jobs = _Jobs()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._signals = _Signals(self)
        self._signals.done.connect(self._take)

    def get(self, source: Source, *inputs: Picture) -> Picture | None:
        """The picture if it is there; else it is asked for, and ``ready`` or ``failed`` follows.

        ``inputs`` are the pictures that it is made from, where it is made from others.
        """
        picture = self._cache.get(source)
        if picture is not None:
            self._cache.move_to_end(source)
            return picture
        self._wanted.add(source)
        if source in self._broken:
            self._tell(source)
        elif source not in self._pending:
            self._begin(source, inputs, wish=True)
        elif self._jobs.promote(source):
            self._pool.start(_Work(self._jobs, self._signals))
        return None

    def get_now(self, source: Source) -> Picture | None:
        """The picture, made in the caller's thread if it is not there: for small ones that must not be late.

        What comes from a thread waits for the event loop, and that for a dossier that is being built.
        """
        if not self.answered(source):
            try:
                self._take(source, source.load(()), "")
            except TriggermapError as error:
                self._take(source, None, str(error))
        return self.get(source)

    def prefetch(self, source: Source, *inputs: Picture) -> None:
        """Make a picture that may be wanted soon, after those asked for before."""
        if source not in self._cache and source not in self._pending and source not in self._broken:
            self._begin(source, inputs, wish=False)

    def expect(self, sources: Iterable[Source]) -> None:
        """Prefetch these, likeliest first; what was to be prefetched before and has not begun is dropped."""
        self._pending.difference_update(self._jobs.drop(wishes=False))
        for source in sources:
            self.prefetch(source)

    def has(self, source: Source) -> bool:
        """True if a picture is there."""
        return source in self._cache

    def answered(self, source: Source) -> bool:
        """True if a picture is there, or is known to be broken."""
        return source in self._cache or source in self._broken

    def forget(self) -> None:
        """Let go of every picture, and of what was found broken: files may have been mended."""
        self._cache.clear()
        self._broken.clear()

    @property
    def bytes(self) -> int:
        """Memory of all pictures that are kept."""
        return sum(picture.bytes for picture in self._cache.values())

    @property
    def busy(self) -> bool:
        """True while a picture is being made or waits to be."""
        return bool(self._pending)

    def close(self) -> None:
        """Forget what waits and wait for what runs."""
        self._jobs.drop(wishes=True)
        self._pool.clear()
        self._pool.waitForDone()
        self._pending.clear()

    def _begin(self, source: Source, inputs: tuple[Picture, ...], *, wish: bool) -> None:
        self._pending.add(source)
        self._jobs.add(source, inputs, wish=wish)
        self._pool.start(_Work(self._jobs, self._signals))

    def _tell(self, source: Source) -> None:
        """Report a broken picture once, and only if somebody wants to see it."""
        if source in self._wanted and (error := self._broken[source]):
            self._broken[source] = ""
            self.failed.emit(source, error)

    def _take(self, source: Source, picture: Picture | None, error: str) -> None:
        self._pending.discard(source)
        if picture is None:
            self._broken[source] = error
            self._tell(source)
            return
        self._cache[source] = picture
        while len(self._cache) > 1 and self.bytes > self._limit:
            self._cache.popitem(last=False)
        self.ready.emit(source)

"""Pictures come from a thread, are kept while there is room, and fail with a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel

from tests.bodies import WEBP
from triggermap.errors import TriggermapError
from triggermap.export.picture import save_picture
from triggermap.ui.stage.pictures import Picture, PictureStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

# 300 x 300 and its half, four bytes a pixel.
BYTES = 4 * (300 * 300 + 150 * 150)


def image(width: int, height: int, color: str = "#336699") -> QImage:
    made = QImage(width, height, QImage.Format.Format_ARGB32)
    made.fill(QColor(color))
    return made


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Four pictures of one size, each in a colour of its own."""
    made = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        assert image(300, 300, f"#{number}{number}4488").save(str(path))
        made.append(path)
    return made


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[PictureStore]:
    made = PictureStore(limit=2 * BYTES)
    yield made
    made.close()


def fetch(qtbot: QtBot, store: PictureStore, path: Path) -> Picture:
    """The picture, waited for if need be."""
    if store.get(path) is None:
        with qtbot.waitSignal(store.ready, timeout=5000) as blocker:
            store.get(path)
        assert blocker.args == [path]
    picture = store.get(path)
    assert picture is not None
    return picture


def kept(store: PictureStore, paths: list[Path]) -> list[int]:
    """Which pictures are there, without asking for any."""
    return [number for number, path in enumerate(paths) if path in store._cache]


# --- a picture ----------------------------------------------------------------------------------------


def test_a_picture_is_halved_until_it_is_small() -> None:
    picture = Picture(image(1400, 1100))
    assert [(level.width(), level.height()) for level in picture.levels] == [
        (1400, 1100),
        (700, 550),
        (350, 275),
        (175, 137),
    ]
    assert picture.bytes == 4 * (1400 * 1100 + 700 * 550 + 350 * 275 + 175 * 137)
    assert len(Picture(image(4000, 200)).levels) == 1


@pytest.mark.parametrize(
    ("scale", "width"),
    [(3.0, 1200), (1.0, 1200), (0.51, 1200), (0.5, 600), (0.26, 600), (0.25, 300), (0.01, 300)],
)
def test_the_level_has_at_least_a_pixel_for_each_of_the_screen(scale: float, width: int) -> None:
    picture = Picture(image(1200, 1000))
    assert [level.width() for level in picture.levels] == [1200, 600, 300]
    assert picture.level_for(scale).width() == width


# --- the store ----------------------------------------------------------------------------------------


def test_a_picture_is_decoded_and_told(qtbot: QtBot, store: PictureStore, paths: list[Path]) -> None:
    busy: list[bool] = []
    with qtbot.waitSignal(store.ready, timeout=5000) as blocker:
        assert store.get(paths[1]) is None
        busy.append(store.busy)
    busy.append(store.busy)
    assert blocker.args == [paths[1]]
    assert busy == [True, False]
    picture = store.get(paths[1])
    assert picture is not None
    full = picture.levels[0]
    assert (full.width(), full.height()) == (300, 300)
    assert full.pixelColor(10, 10).name() == "#114488"
    assert full.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert picture.bytes == BYTES


def test_webp_with_transparency_is_decoded(qtbot: QtBot, store: PictureStore, tmp_path: Path) -> None:
    path = tmp_path / "plate.webp"
    path.write_bytes(WEBP)
    full = fetch(qtbot, store, path).levels[0]
    assert (full.width(), full.height()) == (4, 2)
    assert full.pixelColor(1, 1).alpha() == 128


def test_a_picture_that_is_there_is_not_decoded_again(
    qtbot: QtBot, store: PictureStore, paths: list[Path]
) -> None:
    first = fetch(qtbot, store, paths[0])
    assert store.get(paths[0]) is first
    store.prefetch(paths[0])
    assert not store.busy


def test_asking_often_decodes_once(qtbot: QtBot, store: PictureStore, paths: list[Path]) -> None:
    told: list[Path] = []
    store.ready.connect(told.append)
    for _ in range(3):
        store.get(paths[0])
        store.prefetch(paths[0])
    qtbot.waitUntil(lambda: not store.busy, timeout=5000)
    assert told == [paths[0]]


def test_prefetching_is_not_showing(qtbot: QtBot, store: PictureStore, paths: list[Path]) -> None:
    with qtbot.waitSignal(store.ready, timeout=5000):
        store.prefetch(paths[2])
    assert store.get(paths[2]) is not None


def test_the_oldest_goes_when_there_is_no_room(qtbot: QtBot, store: PictureStore, paths: list[Path]) -> None:
    for path in paths[:2]:
        fetch(qtbot, store, path)
    assert kept(store, paths) == [0, 1]
    fetch(qtbot, store, paths[2])
    assert kept(store, paths) == [1, 2]
    fetch(qtbot, store, paths[0])
    assert kept(store, paths) == [0, 2]


def test_what_was_looked_at_last_stays(qtbot: QtBot, store: PictureStore, paths: list[Path]) -> None:
    for path in paths[:2]:
        fetch(qtbot, store, path)
    assert store.get(paths[0]) is not None
    fetch(qtbot, store, paths[2])
    assert kept(store, paths) == [0, 2]


def test_a_picture_larger_than_all_the_room_is_shown_all_the_same(qtbot: QtBot, paths: list[Path]) -> None:
    store = PictureStore(limit=10)
    fetch(qtbot, store, paths[0])
    fetch(qtbot, store, paths[1])
    assert kept(store, paths) == [1]
    store.close()


# --- failure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, b"", b"Not a picture of anything.", WEBP[:30]])
def test_a_broken_file_is_told_once(
    qtbot: QtBot, store: PictureStore, tmp_path: Path, data: bytes | None
) -> None:
    path = tmp_path / "skin.webp"
    if data is not None:
        path.write_bytes(data)
    told: list[tuple[Path, str]] = []
    store.failed.connect(lambda path, reason: told.append((path, reason)))
    with qtbot.assertNotEmitted(store.ready), qtbot.waitSignal(store.failed, timeout=5000):
        for _ in range(3):
            assert store.get(path) is None
    assert not store.busy
    ((where, reason),) = told
    assert where == path
    assert reason


def test_a_file_that_was_broken_is_not_asked_for_again(
    qtbot: QtBot, store: PictureStore, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere.webp"
    with qtbot.waitSignal(store.failed, timeout=5000):
        store.get(path)
    assert store.get(path) is None
    assert not store.busy


def test_a_broken_file_does_not_hold_up_the_next(
    qtbot: QtBot, store: PictureStore, paths: list[Path], tmp_path: Path
) -> None:
    store.get(tmp_path / "nowhere.webp")
    fetch(qtbot, store, paths[0])
    qtbot.waitUntil(lambda: not store.busy, timeout=5000)


def test_closing_waits_for_what_runs(qtbot: QtBot, paths: list[Path]) -> None:
    store = PictureStore()
    for path in paths:
        store.prefetch(path)
    store.close()
    assert store._pool.activeThreadCount() == 0


# --- pictures of the window ---------------------------------------------------------------------------


def test_a_widget_is_written_as_it_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    label = QLabel("Trapezius")
    qtbot.addWidget(label)
    label.resize(120, 40)
    label.setStyleSheet("background: #336699")
    # What is queued belongs to the picture.
    QTimer.singleShot(0, lambda: label.setStyleSheet("background: #996633"))
    path = tmp_path / "picture.png"
    save_picture(label, path)
    saved = QImage(str(path))
    assert (saved.width(), saved.height()) == (120, 40)
    assert saved.pixelColor(118, 2).name() == "#996633"


@pytest.mark.parametrize("name", ["nowhere/picture.png", "picture.nonsense", "folder.png"])
def test_a_picture_that_cannot_be_written_is_one_sentence(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.png").mkdir()
    label = QLabel("Trapezius")
    qtbot.addWidget(label)
    with pytest.raises(TriggermapError) as caught:
        save_picture(label, tmp_path / name)
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")

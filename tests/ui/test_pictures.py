"""Pictures come from a thread, are kept while there is room, and fail with a word."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QLabel, QStyleOptionGraphicsItem

from tests.bodies import WEBP, make_body
from tests.ui.desk import array
from triggermap import paths as places
from triggermap.body.plates import Body
from triggermap.errors import TriggermapError
from triggermap.export.picture import save_picture
from triggermap.ui.stage.backdrop import Backdrop
from triggermap.ui.stage.frame import Frame
from triggermap.ui.stage.items import BackdropItem, SpritesItem
from triggermap.ui.stage.pictures import Cutout, File, Picture, PictureStore, Source
from triggermap.ui.stage.scene import Scene
from triggermap.ui.stage.sheets import Blend, Sheet, Veil, paint_stack
from triggermap.ui.theme import load_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

# 300 x 300 and its half, four bytes a pixel.
BYTES = 4 * (300 * 300 + 150 * 150)


def image(width: int, height: int, color: str = "#336699") -> QImage:
    made = QImage(width, height, QImage.Format.Format_ARGB32)
    made.fill(QColor(color))
    return made


@pytest.fixture
def paths(tmp_path: Path) -> list[File]:
    """Four pictures of one size, each in a colour of its own."""
    made: list[File] = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        assert image(300, 300, f"#{number}{number}4488").save(str(path))
        made.append(File(path))
    return made


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[PictureStore]:
    made = PictureStore(limit=2 * BYTES)
    yield made
    made.close()


def fetch(qtbot: QtBot, store: PictureStore, source: Source, *inputs: Picture) -> Picture:
    """The picture, waited for if need be."""
    if store.get(source, *inputs) is None:
        with qtbot.waitSignal(store.ready, timeout=5000) as blocker:
            store.get(source, *inputs)
        assert blocker.args == [source]
    picture = store.get(source, *inputs)
    assert picture is not None
    return picture


def kept(store: PictureStore, paths: list[File]) -> list[int]:
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


def test_a_picture_is_decoded_and_told(qtbot: QtBot, store: PictureStore, paths: list[File]) -> None:
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
    full = fetch(qtbot, store, File(path)).levels[0]
    assert (full.width(), full.height()) == (4, 2)
    assert full.pixelColor(1, 1).alpha() == 128


def test_a_picture_that_is_there_is_not_decoded_again(
    qtbot: QtBot, store: PictureStore, paths: list[File]
) -> None:
    first = fetch(qtbot, store, paths[0])
    assert store.get(paths[0]) is first
    store.prefetch(paths[0])
    assert not store.busy


def test_asking_often_decodes_once(qtbot: QtBot, store: PictureStore, paths: list[File]) -> None:
    told: list[object] = []
    store.ready.connect(told.append)
    for _ in range(3):
        store.get(paths[0])
        store.prefetch(paths[0])
    qtbot.waitUntil(lambda: not store.busy, timeout=5000)
    assert told == [paths[0]]


def test_prefetching_is_not_showing(qtbot: QtBot, store: PictureStore, paths: list[File]) -> None:
    with qtbot.waitSignal(store.ready, timeout=5000):
        store.prefetch(paths[2])
    assert store.get(paths[2]) is not None


def test_the_oldest_goes_when_there_is_no_room(qtbot: QtBot, store: PictureStore, paths: list[File]) -> None:
    for path in paths[:2]:
        fetch(qtbot, store, path)
    assert kept(store, paths) == [0, 1]
    fetch(qtbot, store, paths[2])
    assert kept(store, paths) == [1, 2]
    fetch(qtbot, store, paths[0])
    assert kept(store, paths) == [0, 2]


def test_what_was_looked_at_last_stays(qtbot: QtBot, store: PictureStore, paths: list[File]) -> None:
    for path in paths[:2]:
        fetch(qtbot, store, path)
    assert store.get(paths[0]) is not None
    fetch(qtbot, store, paths[2])
    assert kept(store, paths) == [0, 2]


def test_a_picture_larger_than_all_the_room_is_shown_all_the_same(qtbot: QtBot, paths: list[File]) -> None:
    store = PictureStore(limit=10)
    fetch(qtbot, store, paths[0])
    fetch(qtbot, store, paths[1])
    assert kept(store, paths) == [1]
    store.close()


def test_a_mirrored_file_is_turned_left_to_right(qtbot: QtBot, store: PictureStore, tmp_path: Path) -> None:
    made = image(40, 20, "#112233")
    made.setPixelColor(0, 3, QColor("#ff0000"))
    path = tmp_path / "plate.png"
    assert made.save(str(path))
    plain = fetch(qtbot, store, File(path)).levels[0]
    turned = fetch(qtbot, store, File(path, mirrored=True)).levels[0]
    assert plain.pixelColor(0, 3).name() == turned.pixelColor(39, 3).name() == "#ff0000"
    assert plain.pixelColor(39, 3).name() == turned.pixelColor(0, 3).name() == "#112233"


def test_all_that_is_forgotten_is_decoded_again(
    qtbot: QtBot, store: PictureStore, paths: list[File], tmp_path: Path
) -> None:
    first = fetch(qtbot, store, paths[0])
    late = File(tmp_path / "late.png")
    with qtbot.waitSignal(store.failed, timeout=5000):
        store.get(late)
    assert image(4, 4).save(str(late.path))
    store.forget()
    assert store.bytes == 0
    assert fetch(qtbot, store, paths[0]) is not first
    assert fetch(qtbot, store, late).levels[0].width() == 4, "a file that was mended is read"


# --- what comes first ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A picture that takes as long as it is held."""

    name: str
    begun: threading.Event = field(compare=False, default_factory=threading.Event)
    let_go: threading.Event = field(compare=False, default_factory=threading.Event)

    def load(self, _inputs: tuple[Picture, ...]) -> Picture:
        self.begun.set()
        assert self.let_go.wait(20)
        return Picture(image(2, 2))


@pytest.fixture
def held(store: PictureStore) -> Iterator[Held]:
    """A guess that is being made, and goes on being made."""
    made = Held("first")
    store.prefetch(made)
    assert made.begun.wait(20)
    yield made
    made.let_go.set()


def test_a_wish_does_not_wait_for_a_guess(
    qtbot: QtBot, store: PictureStore, paths: list[File], held: Held
) -> None:
    fetch(qtbot, store, paths[0])
    assert not store.answered(held)


def test_a_guess_that_is_wished_for_goes_ahead(
    qtbot: QtBot, store: PictureStore, paths: list[File], held: Held
) -> None:
    store.prefetch(paths[0])
    store.prefetch(paths[1])
    fetch(qtbot, store, paths[1])
    assert kept(store, paths) == [1], "the other guess still waits"


def test_other_guesses_take_the_place_of_those_that_have_not_begun(
    qtbot: QtBot, store: PictureStore, paths: list[File], held: Held
) -> None:
    store.expect(paths[:2])
    store.expect(paths[1:3])
    held.let_go.set()
    qtbot.waitUntil(lambda: not store.busy, timeout=5000)
    assert kept(store, paths) == [1, 2]


# --- pictures on one another --------------------------------------------------------------------------

WHOLE = (-10.0, 100.0, 30.0, 30.0)
PART = (-5.0, 110.0, 10.0, 10.0)


def shaded(width: int, height: int, color: str, alpha: int) -> Picture:
    """A picture with a soft edge on the left: half of it is seen through."""
    made = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(QColor(0, 0, 0, 0))
    painter = QPainter(made)
    ink = QColor(color)
    ink.setAlpha(alpha)
    painter.fillRect(width // 4, 0, width, height, ink)
    painter.end()
    return Picture(made)


def difference(one: QImage, other: QImage) -> int:
    """The largest difference of two pictures in any channel."""
    assert one.size() == other.size()
    return int(np.abs(array(one) - array(other)).max())


def test_a_blend_looks_like_its_sheets_one_by_one(paths: list[File]) -> None:
    base, over = shaded(300, 300, "#aa5533", 255), shaded(50, 50, "#2244ff", 120)
    veil = QColor("#181e26")
    veil.setAlphaF(0.5)
    sheets = (Sheet(paths[0], WHOLE), Sheet(paths[1], PART, 0.9))
    stack = (sheets[0], Veil(veil.rgba()), sheets[1])
    flat = Blend(stack, QColor("#181e26").rgb()).load((base, over))
    assert flat.levels[0].format() == QImage.Format.Format_RGB32, "opaque: it is painted without blending"
    direct = QImage(300, 300, QImage.Format.Format_RGB32)
    direct.fill(QColor("#181e26"))
    painter = QPainter(direct)
    painter.scale(10, -10)
    painter.translate(10, -130)
    paint_stack(painter, [(sheets[0], base), Veil(veil.rgba()), (sheets[1], over)], QRectF(*WHOLE))
    painter.end()
    assert difference(flat.levels[0], direct) <= 1
    colors = {flat.levels[0].pixelColor(x, 150).name() for x in (20, 120, 250)}
    assert len(colors) == 3, "ground, overlay and plate are told apart"


def test_what_lies_inside_keeps_the_shape_of_what_it_lies_on(paths: list[File]) -> None:
    """Blended into a muscle alone, the glass gives what it would give over muscle and plate together."""
    plate, muscle, glass = (
        shaded(300, 300, "#aa5533", 255), shaded(300, 300, "#cc2211", 200), shaded(300, 300, "#ffffff", 90)
    )  # fmt: skip
    below, alone, over = (Sheet(file, WHOLE) for file in paths[:3])
    inside = Sheet(paths[2], WHOLE, inside=True)
    ground = QColor("#181e26").rgb()
    wanted = Blend((below, alone, over), ground).load((plate, muscle, glass))
    under_glass = Blend((alone, inside)).load((muscle, glass))
    assert under_glass.levels[0].pixelColor(20, 20).alpha() == 0, "nothing is added beside the muscle"
    backdrop = Blend((below, over), ground).load((plate, glass))
    result = Blend((below, alone), ground).load((backdrop, under_glass))
    assert difference(result.levels[0], wanted.levels[0]) <= 2


# --- the frame ----------------------------------------------------------------------------------------

GROUND = QColor("#181e26")
SIZE = QSize(120, 90)


class Scenery:
    """Paints something uneven, and remembers where."""

    def __init__(self) -> None:
        self.picture = Picture(image(64, 48))
        for x in range(64):
            for y in range(48):
                self.picture.levels[0].setPixelColor(x, y, QColor(4 * x, 5 * y, (37 * x * y) % 256))
        self.painted: list[QSize] = []

    def paint(self, painter: QPainter) -> None:
        area = painter.worldTransform().mapRect(painter.clipBoundingRect())
        self.painted.append(area.toAlignedRect().size())
        paint_stack(painter, [(Sheet(File(Path("x")), (0, 0, 64, 48)), self.picture)], QRectF())


def shown(frame: Frame, scenery: Scenery, transform: QTransform, ratio: float = 1.0) -> QImage:
    return frame.shown(SIZE, ratio, transform, GROUND, scenery.paint).toImage()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("way", [(7, 0), (-9, 0), (0, 5), (0, -4), (11, -6), (-3, 8), (200, 0), (0, 0)])
def test_a_moved_frame_is_what_painting_it_anew_would_give(way: tuple[int, int], ratio: float) -> None:
    scenery = Scenery()
    start = QTransform(1.5, 0, 0, -1.5, 10.25, 80.5)
    moved = start * QTransform.fromTranslate(*way)
    frame = Frame()
    shown(frame, scenery, start, ratio)
    scenery.painted.clear()
    image = shown(frame, scenery, moved, ratio)
    area = sum(size.width() * size.height() for size in scenery.painted)
    if way[0] < 120:
        assert area <= abs(way[0]) * 90 + abs(way[1]) * 120, "only what came into view was painted"
    assert difference(image, shown(Frame(), scenery, moved, ratio)) <= 2


@pytest.mark.parametrize("change", ["zoom", "part of a pixel", "content", "ground", "size"])
def test_a_frame_is_painted_anew_when_more_than_its_place_changes(change: str) -> None:
    scenery, frame = Scenery(), Frame()
    transform, ground, size = QTransform(1.5, 0, 0, -1.5, 10, 80), GROUND, SIZE
    frame.shown(size, 1.0, transform, ground, scenery.paint)
    frame.shown(size, 1.0, transform, ground, scenery.paint)
    assert len(scenery.painted) == 1
    if change == "zoom":
        transform = QTransform(1.6, 0, 0, -1.6, 10, 80)
    elif change == "part of a pixel":
        transform = transform * QTransform.fromTranslate(0.4, 0)
    elif change == "content":
        frame.clear()
    elif change == "ground":
        ground = QColor("#ffffff")
    else:
        size = QSize(140, 90)
    pixmap = frame.shown(size, 1.0, transform, ground, scenery.paint)
    assert len(scenery.painted) == 2
    assert pixmap.toImage().pixelColor(1, 1) == ground
    assert pixmap.size() == size


# --- the backdrop -------------------------------------------------------------------------------------


@dataclass
class Under:
    """A backdrop of the synthetic body, without a stage."""

    body: Body
    store: PictureStore
    item: BackdropItem
    ghost: SpritesItem
    backdrop: Backdrop

    def show(self, qtbot: QtBot, plate: str, **scene: object) -> None:
        layer = str(scene.pop("layer", "superficial"))
        self.backdrop.show(self.body.plates[plate], Scene(plate, layer, **scene))  # type: ignore[arg-type]
        qtbot.waitUntil(lambda: self.backdrop.settled and not self.store.busy, timeout=5000)

    def color(self, u: float, v: float) -> str:
        """What is painted at a place of the plate."""
        made = QImage(1, 1, QImage.Format.Format_RGB32)
        made.fill(GROUND)
        painter = QPainter(made)
        painter.setWorldTransform(QTransform(1, 0, 0, -1, 0.5 - u, 0.5 + v))
        for part in (self.item, self.ghost):
            part.paint(painter, QStyleOptionGraphicsItem(), None)
        painter.end()
        return made.pixelColor(0, 0).name()


@pytest.fixture
def under(qtbot: QtBot, tmp_path: Path) -> Iterator[Under]:
    """Layers in plain colours, blue overlays; ``flank-right`` is ``flank-left`` in a mirror."""
    body = make_body(tmp_path, "mirrored")
    for plate in body.plates.values():
        height, width = plate.grid.shape
        for number, layer in enumerate(() if plate.mirrored else plate.layers):
            made = image(width, height, f"#{number}03000")
            painter = QPainter(made)
            painter.fillRect(0, 0, width // 2, height, QColor(f"#{number}07000"))  # the left half is greener
            painter.end()
            assert made.save(str(layer.picture), quality=100)
        for overlay in plate.overlays:
            assert image(64, 64, "#0000ff").save(str(overlay.picture), quality=100)
    store = PictureStore()
    item, ghost = BackdropItem(0, GROUND), SpritesItem(1)
    backdrop = Backdrop(body, store, item, ghost, load_theme(places.assets_dir(), "dark"))
    store.ready.connect(backdrop.take)
    store.failed.connect(lambda source, _reason: backdrop.take(source))
    yield Under(body, store, item, ghost, backdrop)
    store.close()


def green(color: str) -> int:
    return QColor(color).green()


def test_a_mirrored_plate_is_seen_in_a_mirror(qtbot: QtBot, under: Under) -> None:
    seen = {}
    for name in ("flank-left", "flank-right"):
        under.show(qtbot, name)
        left, bottom, width, height = under.body.plates[name].grid.rect
        middle = bottom + height / 2
        seen[name] = [green(under.color(left + width * share, middle)) for share in (0.25, 0.75)]
    assert seen["flank-left"][0] > seen["flank-left"][1] + 40
    assert seen["flank-right"] == pytest.approx(seen["flank-left"][::-1], abs=3)


def test_overlays_lie_on_the_layer(qtbot: QtBot, under: Under) -> None:
    plate = under.body.plates["front"]
    overlay = plate.overlay("nerves")
    assert overlay is not None
    left, bottom, width, height = overlay.rect
    inside = (left + width / 2, bottom + height / 2)
    under.show(qtbot, "front")
    assert QColor(under.color(*inside)).blue() < 60
    under.show(qtbot, "front", overlays=("nerves",))
    assert QColor(under.color(*inside)).blue() > 200
    assert QColor(under.color(left - 3, bottom - 3)).blue() < 60
    under.show(qtbot, "front", overlays=("not-there",))
    assert QColor(under.color(*inside)).blue() < 60


def test_the_neighbours_of_a_layer_and_the_other_side_are_decoded_ahead(qtbot: QtBot, under: Under) -> None:
    under.show(qtbot, "flank-left")
    plate, other = under.body.plates["flank-left"], under.body.plates["flank-right"]
    assert [layer.id for layer in plate.layers] == ["skin", "superficial", "deep"]
    for layer in plate.layers:
        assert under.store.has(File(layer.picture))
    assert under.store.has(File(plate.glass))
    assert under.store.has(File(other.layer("superficial").picture, mirrored=True))
    assert not under.store.has(File(other.layer("deep").picture, mirrored=True))


def test_a_structure_that_may_be_chosen_next_is_decoded_ahead(qtbot: QtBot, under: Under) -> None:
    under.show(qtbot, "back")
    muscle = under.body.by_mesh["muscles/trapezius.l.1"]
    cutout = Cutout("back", muscle.id, under.body.plates["back"])
    assert not under.store.has(cutout)
    under.backdrop.foresee([muscle.id])
    qtbot.waitUntil(lambda: under.store.has(cutout), timeout=5000)
    assert under.ghost.count == 0, "nothing of it is shown yet"


def test_a_pattern_dims_the_plate_and_lifts_the_muscle(qtbot: QtBot, under: Under) -> None:
    under.show(qtbot, "back")
    muscle = under.body.by_mesh["muscles/trapezius.l.1"]
    left, bottom, width, height = under.body.plates["back"].grid.rect
    away = (left + width * 0.25, bottom + height * 0.02)
    plain = green(under.color(*away))
    under.show(qtbot, "back", selected=(muscle.id,), essential=(1,))
    assert green(under.color(*away)) < plain - 10
    assert under.ghost.count == 1
    under.show(qtbot, "back", selected=(muscle.id,))
    assert under.ghost.count == 0
    assert green(under.color(*away)) == plain


def test_a_muscle_that_nobody_foresaw_is_lifted_at_once(qtbot: QtBot, under: Under) -> None:
    under.show(qtbot, "back")
    muscle = under.body.by_mesh["muscles/trapezius.l.2"]
    scene = Scene("back", "superficial", selected=(muscle.id,), essential=(1,))
    under.backdrop.show(under.body.plates["back"], scene)
    assert under.ghost.count == 1, "before any event is handled"


def test_a_broken_layer_leaves_the_rest_of_the_plate(qtbot: QtBot, under: Under) -> None:
    told: list[str] = []
    under.store.failed.connect(lambda _source, reason: told.append(reason))
    plate = under.body.plates["front"]
    plate.layer("deep").picture.write_bytes(b"Not a picture of anything.")
    under.show(qtbot, "front", layer="superficial")
    assert told == [], "nobody has asked for it"
    under.show(qtbot, "front", layer="deep", overlays=("nerves",))
    (reason,) = told
    assert "deep.webp" in reason
    overlay = plate.overlay("nerves")
    assert overlay is not None
    left, bottom, width, height = overlay.rect
    assert QColor(under.color(left + width / 2, bottom + height / 2)).blue() > 200
    assert under.color(left - 3, bottom - 3) == GROUND.name(), "no other layer stands in for it"
    under.show(qtbot, "front", layer="superficial")
    assert under.color(left - 3, bottom - 3) != GROUND.name()


# --- failure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, b"", b"Not a picture of anything.", WEBP[:30]])
def test_a_broken_file_is_told_once(
    qtbot: QtBot, store: PictureStore, tmp_path: Path, data: bytes | None
) -> None:
    path = tmp_path / "skin.webp"
    if data is not None:
        path.write_bytes(data)
    told: list[tuple[File, str]] = []
    store.failed.connect(lambda path, reason: told.append((path, reason)))
    with qtbot.assertNotEmitted(store.ready), qtbot.waitSignal(store.failed, timeout=5000):
        for _ in range(3):
            assert store.get(File(path)) is None
    assert not store.busy
    ((where, reason),) = told
    assert where == File(path)
    assert "skin.webp" in reason
    assert reason


def test_a_file_that_was_broken_is_not_asked_for_again(
    qtbot: QtBot, store: PictureStore, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere.webp"
    with qtbot.waitSignal(store.failed, timeout=5000):
        store.get(File(path))
    assert store.get(File(path)) is None
    assert not store.busy


def test_a_broken_file_does_not_hold_up_the_next(
    qtbot: QtBot, store: PictureStore, paths: list[File], tmp_path: Path
) -> None:
    store.get(File(tmp_path / "nowhere.webp"))
    fetch(qtbot, store, paths[0])
    qtbot.waitUntil(lambda: not store.busy, timeout=5000)


def test_closing_waits_for_what_runs(qtbot: QtBot, paths: list[File]) -> None:
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

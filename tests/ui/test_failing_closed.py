"""With any file broken the window fails closed: it says that safety data is not available, and warns.

Every kind of file is broken in turn, on a copy, and the real window is opened on it. That each single file
and each kind of damage is found is tested without windows below, and in tests/unit/body/test_verify.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.broken import HARMS, BrokenDesk, Harm, assets_copy, files_of, garbage, lose, replace
from tests.ui.desk import Desk, contrast, cut_labels, fully_seen, no_leaks, pixels, plain
from triggermap import app, paths
from triggermap.body.verify import at_start, in_full
from triggermap.dataset.loader import load
from triggermap.errors import TriggermapError
from triggermap.safety.general import GENERAL_WARNING, NOT_AVAILABLE, WHAT_TO_DO
from triggermap.state import State
from triggermap.ui.banner import Banner
from triggermap.ui.point_hazards import TREAT_AS_OVER_LUNG
from triggermap.userdata.options import THEMES, Theme

PLATE = "back"
THORAX = ("rhomboids", "rhomboids-2")
NECK = ("scalenes", "scalenes-1")
SHOULDER = ("supraspinatus", "supraspinatus-1")
FOOT = ("abductor-hallucis", "abductor-hallucis-1")
LEAST_CONTRAST = 4.5

# One of each kind of file, each in another way: so many windows take half a minute.
KINDS = (
    "manifest.json", "lines.npz", "ways.json", "landmarks.json", "stacks/front-back.npz",
    "stacks/left-right.npz", "back/superficial.webp", "back/superficial.ids.npz", "back/depth.npz",
    "back/outlines.npz", "back/sprites.zip", "back/glass.webp", "back/regions.npz", "back/dots.npz",
    "back/over-nerves.webp", "back/over-nerves.ids.npz", "back/overlays.json",
)  # fmt: skip
BROKEN = [
    *zip(KINDS, cycle(HARMS), cycle((THORAX, NECK, SHOULDER, THORAX)), strict=False),
    ("manifest.json", "flipped", SHOULDER),
    ("ways.json", "missing", NECK),
    ("stacks/front-back.npz", "flipped", SHOULDER),
]
DATA = sorted(path.name for path in paths.data_dir().glob("*.yaml"))


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The assets in a folder of links."""
    folder = assets_copy(tmp_path / "assets", PLATE)
    monkeypatch.setattr(paths, "assets_dir", lambda: folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The dataset in a folder that may be broken."""
    return Path(shutil.copytree(paths.data_dir(), tmp_path / "data"))


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left(qapp: QApplication) -> Iterator[None]:
    """Looked at once: to search the whole heap for leaks takes as long as to open a window."""
    with no_leaks():
        yield


@pytest.fixture
def open_broken(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., BrokenDesk]]:
    """Open windows on what was broken; they are closed after the test."""
    opened: list[BrokenDesk] = []

    def build(data: Path | None = None, state: str = "back/superficial/left") -> BrokenDesk:
        opened.append(BrokenDesk(qtbot, State.parse(state), data))
        return opened[-1]

    yield build
    for one in opened:
        one.close()
    opened.clear()


# --- what must stand --------------------------------------------------------------------------------------


def missing_of(desk: BrokenDesk, banner: Banner, *, over_lung: bool) -> Iterator[str]:
    """What the warning lacks as it stands in the window."""
    name, words = plain(banner.name), " ".join(plain(banner.words).split())
    if NOT_AVAILABLE not in name or NOT_AVAILABLE not in banner.accessibleName():
        yield f"it says {name!r}, and {banner.accessibleName()!r} to a screen reader"
    told = "pneumothorax" in name, GENERAL_WARNING in words, GENERAL_WARNING in banner.accessibleDescription()
    if told != (over_lung,) * 3:
        yield f"the general warning: {name!r}, {words!r}"
    if WHAT_TO_DO not in words:
        yield "not what to do"
    if not fully_seen(banner.name) or banner.folded:
        yield "it is not in view"
    if over_lung and banner.words.visibleRegion().boundingRect().height() < 60:
        yield f"of its words {banner.words.visibleRegion().boundingRect()} are in view"
    if not any(fully_seen(icon) for icon in banner.findChildren(QLabel) if not icon.pixmap().isNull()):
        yield "it has no icon"
    if banner.objectName() != ("danger" if over_lung else "caution"):
        yield "its colour is another"
    if cut := cut_labels(banner):
        yield f"cut: {cut}"
    strip = desk.window.strip.fault
    if plain(strip) != NOT_AVAILABLE or not fully_seen(strip) or WHAT_TO_DO not in strip.toolTip():
        yield f"the strip says {plain(strip)!r}"


def warned(desk: BrokenDesk, muscle: str, point: str | None) -> list[str]:
    """Select; what is missing of the general thorax warning at what was chosen."""
    desk.select(muscle, point)
    banner = desk.fault
    wrong = list(missing_of(desk, banner, over_lung=True))
    tops = [one.mapTo(desk.window, QPoint(0, 0)).y() for one in (banner, *desk.dossier.banners)]
    if tops[0] != min(tops):
        wrong.append("another warning stands above it")
    for card in desk.dossier._cards.values():
        told = plain(card.warning) if card.warning is not None else ""
        if "neumothorax" not in told or "neumothorax" not in card.accessibleDescription():
            wrong.append(f"a card says {told!r}")
    return wrong


def only_told(desk: BrokenDesk, muscle: str, point: str | None) -> list[str]:
    """Select what lies elsewhere; what is missing of the plain line."""
    desk.select(muscle, point)
    wrong = list(missing_of(desk, desk.fault, over_lung=False))
    wrong += [text for text in desk.texts() if TREAT_AS_OVER_LUNG in text or GENERAL_WARNING in text]
    return wrong


# --- the body's files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "harm", "place"), BROKEN, ids=str)
def test_a_broken_file_of_the_body(
    open_broken: Callable[..., BrokenDesk], assets: Path, name: str, harm: str, place: tuple[str, str]
) -> None:
    HARMS[harm](assets / "body" / name)
    desk = open_broken()
    assert any(Path(name).name.split(".")[0] in fault for fault in desk.session.faults)
    assert warned(desk, *place) == []
    assert only_told(desk, *FOOT) == []


def test_all_that_is_said_of_safety_while_a_stack_is_broken(
    open_broken: Callable[..., BrokenDesk], assets: Path
) -> None:
    HARMS["flipped"](assets / "body" / "stacks" / "front-back.npz")
    desk = open_broken()
    for muscle, _ in (THORAX, NECK, SHOULDER):
        assert warned(desk, muscle, None) == []
    # Pages that name no point, and such that name some.
    for state, over_lung in (
        ("back/skin/left", False),
        ("back/skin/left?page=safety", False),
        ("back/skin/left?region=buttock-lateral", False),
        ("back/skin/left?region=shoulder-front", True),
        ("back/bone/left?structure=skeleton/femur.l", False),
    ):
        desk.show(state)
        assert list(missing_of(desk, desk.fault, over_lung=over_lung)) == [], state
    # It folds to the line that names it, and comes back with the next choice.
    desk.select(*THORAX)
    QTest.mouseClick(desk.fault.fold_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.fault.folded
    assert fully_seen(desk.fault.name)
    assert not desk.fault.words.isVisible()
    assert warned(desk, *NECK) == []
    # Nothing of what was computed is shown as if it could be trusted.
    assert "On the way" not in desk.dossier_text()
    assert "safety data is not available" in desk.dossier_text()
    # With the probe open, which needs the stack, too.
    desk.session.set_probe(True)
    desk.settle()
    assert warned(desk, *THORAX) == []


def test_the_general_warning_in_other_looks(open_broken: Callable[..., BrokenDesk], assets: Path) -> None:
    lose(assets / "body" / "ways.json")
    desk = open_broken()
    looks: list[tuple[Theme, tuple[int, int], float]] = [
        ("light", (1024, 700), 1.0), ("high-contrast", (1280, 800), 2.0), ("dark", (1920, 1080), 2.0),
    ]  # fmt: skip
    for (theme, size, scale), place in zip(looks, (THORAX, NECK, SHOULDER), strict=True):
        desk.window.resize(*size)
        desk.look(theme, scale)
        assert warned(desk, *place) == [], theme
        assert fully_seen(desk.banner("pneumothorax").name), theme
        parts = (desk.fault.name, desk.fault.words, desk.window.strip.fault)
        assert min(contrast(pixels(part)) for part in parts) >= LEAST_CONTRAST, theme
        assert only_told(desk, *FOOT) == [], theme
        assert contrast(pixels(desk.fault.words)) >= LEAST_CONTRAST, theme


def test_every_file_of_a_plate_and_every_one_that_stands_alone_is_looked_at(assets: Path) -> None:
    """By name and by content, each file in each way in which it may be broken."""
    body = assets / "body"
    names = [name for name in files_of(PLATE) if name != "manifest.json"]
    whole = {name: (body / name).read_bytes() for name in names}
    assert len(names) > 30
    assert [one for one in (*at_start(body), *in_full(body)) if one is not None] == []
    for first in range(len(HARMS)):
        for name, harm in zip(names, islice(cycle(HARMS), first, None), strict=False):
            replace(body / name, whole[name])
            HARMS[harm](body / name)
        found = [one.file for one in (*at_start(body), *in_full(body)) if one is not None]
        assert sorted(found) == sorted(str(body / name) for name in names)
        for name in names:
            (body / name).unlink(missing_ok=True)
            (body / name).write_bytes(b"")


def test_a_screenshot_of_a_broken_installation_fails(
    qapp: QApplication, assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing that the picture shows needs the file."""
    from triggermap.userdata.options import ScreenshotOptions

    HARMS["flipped"](assets / "body" / "back" / "over-veins.webp")
    out = tmp_path / "x.png"
    with pytest.raises(TriggermapError, match="over-veins"):
        app.screenshot(ScreenshotOptions(out, (900, 600), "dark", State.parse("front/skin/left"), None))
    assert not out.exists()


def test_what_breaks_while_the_window_is_open(open_broken: Callable[..., BrokenDesk], assets: Path) -> None:
    """The last good state stays, and from now on it warns."""
    desk = open_broken(state="front/superficial/left")
    assert desk.session.faults == ()
    desk.select(*THORAX)
    assert desk.dossier.fault is None
    before = desk.state
    desk.opening.loader.failed.emit("data/muscles.yaml:1: the file is not UTF-8 text.")
    desk.settle()
    assert desk.state == before
    assert desk.window.fault_panel is None
    assert desk.session.muscle is not None
    assert "muscles.yaml" in plain(desk.fault.words).replace("\u200b", "")
    assert warned(desk, *THORAX) == []


def test_a_plate_that_is_lost_while_the_window_is_open(
    open_broken: Callable[..., BrokenDesk], assets: Path
) -> None:
    desk = open_broken(state="front/superficial/left")
    for layer in ("skin.webp", "glass.webp", "skin.ids.npz"):
        garbage(assets / "body" / PLATE / layer)
    desk.session.show(State.parse("back/skin/left"))
    desk.wait(lambda: bool(desk.session.faults))
    assert warned(desk, *NECK) == []


# --- the dataset's files ----------------------------------------------------------------------------------


def bad_entry(path: Path) -> None:
    """One value that no model takes: an id with a blank in it."""
    lines = path.read_text("utf-8").split("\n")
    found = [n for n, line in enumerate(lines) if line.lstrip(" -").startswith(("id:", "key:"))]
    if found:
        head, _, _ = lines[found[0]].partition(":")
        lines[found[0]] = f"{head}: 'no id'"
    else:  # an empty list
        lines = [line.replace("[]", "[{id: 'no id'}]") for line in lines]
    replace(path, "\n".join(lines).encode())


DATA_HARMS: dict[str, Harm] = {"missing": lose, "garbage": garbage, "one bad entry": bad_entry}


@pytest.mark.parametrize(("name", "harm"), list(zip(DATA, cycle(DATA_HARMS), strict=False)))
def test_a_broken_file_of_the_dataset(
    open_broken: Callable[..., BrokenDesk], data: Path, name: str, harm: str
) -> None:
    """There are no points then; what is said of them stands where the dossier would be."""
    DATA_HARMS[harm](data / name)
    desk = open_broken(data, "back/superficial/left?muscle=rhomboids&point=rhomboids-2")
    panel = desk.window.fault_panel
    assert panel is not None
    assert list(missing_of(desk, panel.banner, over_lung=True)) == []
    assert name in plain(panel.banner.words)
    assert desk.workspace.dossier is None
    assert desk.stage.scene is not None
    assert desk.stage.scene.marks == ()


@pytest.mark.parametrize("harm", DATA_HARMS)
def test_no_file_of_the_dataset_is_done_without(data: Path, tmp_path: Path, harm: str) -> None:
    for name in DATA:
        whole = (data / name).read_bytes()
        DATA_HARMS[harm](data / name)
        with pytest.raises(TriggermapError, match=name):
            load(data, tmp_path / "memory")
        (data / name).write_bytes(whole)
    assert load(data, tmp_path / "memory").muscles


def test_neither_body_nor_dataset(open_broken: Callable[..., BrokenDesk], assets: Path, data: Path) -> None:
    lose(assets / "body" / "manifest.json")
    lose(data / "muscles.yaml")
    desk = open_broken(data)
    panel = desk.window.fault_panel
    assert panel is not None
    assert list(missing_of(desk, panel.banner, over_lung=True)) == []
    assert "1 more fault" in plain(panel.banner.words)
    desk.look("light", 1.5)
    other = desk.window.fault_panel
    assert other is not None
    assert other is not panel
    assert list(missing_of(desk, other.banner, over_lung=True)) == []
    assert min(contrast(pixels(one)) for one in (other.banner.name, other.banner.words)) >= LEAST_CONTRAST


# --- nothing broken ---------------------------------------------------------------------------------------


def test_nothing_of_it_is_said_while_all_is_well(desk: Desk) -> None:
    """Else the tests above would find what always stands."""
    desk.wait(lambda: desk.opening.checked)
    for one in (THORAX, NECK, SHOULDER, FOOT):
        desk.select(*one)
        assert desk.session.faults == ()
        assert desk.dossier.fault is None
        assert NOT_AVAILABLE.lower() not in desk.dossier_text().lower()
    assert not desk.window.strip.fault.isVisible()
    assert {*THEMES} == {"dark", "light", "high-contrast"}
    assert json.loads((paths.assets_dir() / "body" / "manifest.json").read_text("utf-8"))["files"]

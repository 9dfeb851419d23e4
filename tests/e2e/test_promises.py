"""The safety promises of the product, through the real ``main()`` and the real window.

| promise | tests |
|---|---|
| 1 no point over the lung without its pneumothorax warning: | |
| - in every look, size and mode of the window | ui/test_safety_in_the_window.py |
| - on every card and in every list of points | ui/test_point_hazards.py |
| - in every export | ``test_show_*``, ``test_safety_*``, ``test_the_picture_*`` |
| 2 icon, word and colour; above the fold; folded, never closed | ui/test_safety_in_the_window.py |
| 3 the body and the notes are held against each other | ``test_check_*``; unit/safety |
| 4 no depth and no needle length as advice | test_no_false_comfort.py |
| 5 missing knowledge is shown as such, and counted | ``test_what_is_missing_*``; ui/test_point_hazards.py |
| 6 not a diagnosis: About, first start, every export | ``test_the_notice_*``; e2e/test_window_run.py |
| 7 no network | ``test_nothing_leaves_the_machine`` |
| fails closed with any file broken | ui/test_failing_closed.py, ``test_*_of_broken_files_*`` |
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.e2e.conftest import Visitor, free_windows
from tests.ui.broken import flip
from tests.ui.desk import array, contrast, fully_seen, no_leaks, pixels, plain
from triggermap import app, cli, paths
from triggermap.dataset.dossier import NO_POINT, NOT_DOCUMENTED, NOTICE, as_text, dossier
from triggermap.dataset.loader import load
from triggermap.export.picture import save_picture
from triggermap.opening import Opening
from triggermap.safety.general import GENERAL_WARNING, NOT_AVAILABLE
from triggermap.safety.hazards import cautions
from triggermap.ui.main_window import MainWindow
from triggermap.ui.texts import DISCLAIMER

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
Printed = pytest.CaptureFixture[str]
PNEUMOTHORAX = "pneumothorax"
DATASET = load(paths.data_dir())
OVER_LUNG = [m for m in DATASET.muscles if any(note.hazard == PNEUMOTHORAX for note in m.safety)]
LEAST_CONTRAST = 4.5


def noted(muscle_id: str) -> set[str]:
    """The points of a muscle that a pneumothorax note is about."""
    muscle = next(m for m in DATASET.muscles if m.id == muscle_id)
    return {
        point.id
        for point in muscle.trigger_points
        if any(caution.hazard.id == PNEUMOTHORAX for caution in cautions(DATASET, muscle, point.id))
    }


# --- 1: exports -------------------------------------------------------------------------------------------


def blocks(text: str) -> dict[str, str]:
    """What ``show`` prints of each point, by its id."""
    parts = re.split(r"^  \d+  .* \[([a-z0-9-]+)\]$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_show_warns_at_every_point_over_the_lung() -> None:
    assert len(OVER_LUNG) > 40
    for muscle in OVER_LUNG:
        data = dossier(DATASET, muscle.id)
        text = as_text(data)
        assert data["hazards"][0]["severity"] == "life-threatening", muscle.id
        first = next(line for line in text.split("\n") if line.startswith("!"))
        assert first.startswith("! PNEUMOTHORAX, life-threatening"), muscle.id
        told = blocks(text)
        assert told.keys() == {point.id for point in muscle.trigger_points}
        for point in data["trigger_points"]:
            named = PNEUMOTHORAX in [hazard["kind"] for hazard in point["hazards"]]
            assert named == (point["id"] in noted(muscle.id))
            assert told[point["id"]].lstrip("\n").startswith("     ! hazards: Pneumothorax") == named


@pytest.mark.parametrize("muscle", ["rhomboids", "trapezius"])
def test_show_prints_it_in_both_forms(home: Path, capsys: Printed, muscle: str) -> None:
    assert cli.main(["show", muscle]) == 0
    text = capsys.readouterr().out
    assert all("! hazards: Pneumothorax" in blocks(text)[point] for point in noted(muscle))
    assert cli.main(["show", muscle, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["hazards"][0]["kind"] == PNEUMOTHORAX
    assert data["safety_data_faults"] == []
    assert data["general_warning"] is None
    seen = [row["names"] for point in data["trigger_points"] for row in point["reference_body"]]
    assert any("Lung zone" in name for names in seen for name in names)
    assert "anatomy varies" in text
    assert "anatomy varies" in data["reference_body_note"]


def test_safety_names_it_in_every_form(home: Path, capsys: Printed) -> None:
    cli.main(["safety", "--json"])
    rows = json.loads(capsys.readouterr().out)["points"]
    over = {row["point"] for row in rows if row["over_lung_zone"]}
    assert len(over) > 50
    assert all(PNEUMOTHORAX in row["hazards_written"] for row in rows if row["over_lung_zone"])
    cli.main(["safety"])
    lines = capsys.readouterr().out.split("\n")
    told = {line.split()[0]: line for line in lines if "over the lung zone" in line}
    assert told.keys() == over
    assert all(PNEUMOTHORAX in line.split("written:")[1] for line in told.values())
    cli.main(["safety", "--markdown"])
    table = [line.split("|") for line in capsys.readouterr().out.split("\n") if line.startswith("| `")]
    told_page = {cells[1].strip(" `"): cells for cells in table if cells[2].strip()}
    assert told_page.keys() == over
    assert all(PNEUMOTHORAX in cells[5] for cells in told_page.values())


class Photographer:
    """Takes the picture as the program does, and notes what stood where in the window."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: dict[str, tuple[QRect, np.ndarray]] = {}
        self._save = save_picture
        monkeypatch.setattr(app, "save_picture", self._photograph)

    def _photograph(self, window: MainWindow, path: Path) -> None:
        opening = window.findChild(Opening)
        assert opening is not None
        assert opening.workspace is not None
        assert opening.workspace.dossier is not None
        banner = opening.workspace.dossier.banners[0]
        parts: dict[str, QWidget] = {
            "name": banner.name, "words": banner.words, "notice": window.strip.message,
        }  # fmt: skip
        assert "Pneumothorax" in banner.name.text()
        assert window.strip.message.text() == DISCLAIMER
        for name, part in parts.items():
            region = part.visibleRegion().boundingRect()
            rect = QRect(part.mapTo(window, region.topLeft()), region.size())
            self.seen[name] = rect, pixels(window, rect)
            assert name == "words" or fully_seen(part)
        self._save(window, path)


@pytest.mark.parametrize(
    ("theme", "size"), [("dark", "1280x800"), ("light", "1024x700"), ("high-contrast", "1920x1080")]
)
def test_the_picture_holds_the_warning_and_the_notice(
    qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str, size: str
) -> None:
    """The words are in the file, pixel for pixel as they stood in the window."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    camera = Photographer(monkeypatch)
    out = tmp_path / "x.png"
    state = "back/superficial/left?muscle=rhomboids&point=rhomboids-2"
    with no_leaks():
        argv = ["screenshot", "--out", str(out), "--size", size, "--theme", theme, "--state", state]
        assert cli.main(argv) == 0
        free_windows()
    image = array(QImage(str(out)))
    assert camera.seen.keys() == {"name", "words", "notice"}
    for rect, rendered in camera.seen.values():
        kept = image[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        assert kept.shape == rendered.shape
        assert contrast(kept) >= LEAST_CONTRAST
        assert (kept == rendered).all()


# --- 3: the body against the notes ------------------------------------------------------------------------


def change(data: Path, muscle: str, old: str, new: str) -> None:
    """Change the first ``old`` among the safety notes of one muscle."""
    path = data / "muscles.yaml"
    text = path.read_text("utf-8")
    begin = text.index(f"\n  - id: {muscle}\n")
    at = text.index(old, text.index("\n    safety:\n", begin))
    end = text.find("\n  - id: ", begin + 1)
    assert at < (end if end > 0 else len(text)), "nothing to change in this muscle"
    path.write_text(text[:at] + new + text[at + len(old) :], "utf-8")


def problems(capsys: Printed, data: Path) -> list[str]:
    assert cli.main(["check", "--json", "--data", str(data)]) == 1
    return [str(problem) for problem in json.loads(capsys.readouterr().out)["problems"]]


def test_check_fails_where_body_and_notes_disagree(home: Path, capsys: Printed, data_copy: Path) -> None:
    """A pneumothorax note that is gone, and one that the body doesn't show and nobody explains."""
    change(data_copy, "rhomboids", f"hazard: {PNEUMOTHORAX}", "hazard: vasovagal")
    change(data_copy, "abductor-hallucis", "hazard: plantar-nerves-vessels", "hazard: kidney")
    found = problems(capsys, data_copy)
    for point in ("rhomboids-1", "rhomboids-2", "rhomboids-3"):
        assert any(f"the lung lies on a way to '{point}'" in one for one in found)
    assert any("the body shows no 'kidney' on the way to abductor-hallucis-1" in one for one in found)


def test_check_fails_where_a_safety_note_has_no_source(home: Path, capsys: Printed, data_copy: Path) -> None:
    change(data_copy, "rhomboids", "references: [", "unsourced: true  # [")
    assert any("rhomboids" in one or "safety" in one for one in problems(capsys, data_copy))


# --- 5: what is missing -----------------------------------------------------------------------------------


def test_what_is_missing_is_shown_as_such_and_counted(
    home: Path, capsys: Printed, visitor: Visitor, data_copy: Path
) -> None:
    bare = next(m for m in DATASET.muscles if not m.trigger_points)
    owner, unknown = next(
        (m, p) for m in DATASET.muscles for p in m.trigger_points if not p.essential and not p.spillover
    )
    cli.main(["check", "--json"])
    counts = json.loads(capsys.readouterr().out)
    assert counts["muscles"] - counts["muscles_with_points"] == sum(
        not m.trigger_points for m in DATASET.muscles
    )
    assert counts["trigger_points"] - counts["patterns"] == sum(
        not p.essential and not p.spillover for m in DATASET.muscles for p in m.trigger_points
    )
    cli.main(["check"])
    words = capsys.readouterr().out
    assert str(counts["muscles_with_points"]) in words
    assert str(counts["patterns"]) in words
    text = as_text(dossier(DATASET, bare.id))
    assert NO_POINT in text
    assert f"essential: {NOT_DOCUMENTED}" in blocks(as_text(dossier(DATASET, owner.id)))[unknown.id]

    seen: list[str] = []
    home.mkdir(parents=True)
    (home / "settings.json").write_text('{"first_start_seen": true}', "utf-8")
    visitor.when(lambda opening: opening.settled, lambda opening: select(opening, bare.id, None))
    visitor.when(lambda opening: bare.name in shown(opening), lambda opening: seen.append(shown(opening)))
    visitor.when(lambda _: True, lambda opening: select(opening, owner.id, unknown.id))
    visitor.when(lambda opening: unknown.name in shown(opening), lambda opening: seen.append(shown(opening)))
    assert visitor.visit([]) == 0
    assert NO_POINT in seen[0]
    assert "Referral pattern not documented." in seen[1]


def select(opening: Opening, muscle: str, point: str | None) -> None:
    assert opening.workspace is not None
    opening.workspace.session.select_muscle(muscle, point)


def shown(opening: Opening) -> str:
    """The words of the dossier that are in the window."""
    work = opening.workspace
    if work is None or work.dossier is None:
        return ""
    labels = work.dossier._content.findChildren(QLabel)
    return "\n".join(plain(label) for label in labels if label.isVisible())


# --- 6: the notice ----------------------------------------------------------------------------------------


def test_the_notice_stands_in_about_and_at_the_first_start(home: Path, visitor: Visitor) -> None:
    seen: list[list[str]] = []

    def dialogs() -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.inherits("QDialog")]

    def read(_opening: Opening) -> None:
        (dialog,) = dialogs()
        labels = [label for label in dialog.findChildren(QLabel) if fully_seen(label)]
        seen.append([plain(label) for label in labels if DISCLAIMER in plain(label)])
        dialog.close()

    visitor.when(lambda opening: opening.settled and bool(dialogs()), read)
    visitor.when(lambda _: not dialogs(), lambda opening: opening.window.show_about())
    visitor.when(lambda _: bool(dialogs()), read)
    visitor.when(lambda _: not dialogs(), lambda _: None)
    assert visitor.visit([]) == 0
    first, about = seen
    assert first
    assert about


@pytest.mark.parametrize(
    "argv", [["show", "soleus"], ["show", "soleus", "--json"], ["safety"], ["safety", "--json"],
             ["safety", "--markdown"]], ids=" ".join
)  # fmt: skip
def test_the_notice_stands_in_every_export(home: Path, capsys: Printed, argv: list[str]) -> None:
    cli.main(argv)
    assert NOTICE in capsys.readouterr().out
    assert NOTICE == DISCLAIMER


# --- 7: no network ----------------------------------------------------------------------------------------

_OFFLINE = """
import json, os, socket, sys
from pathlib import Path

tried = []

def hook(event, args):
    inet = event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6)
    if inet or event.startswith(("socket.getaddrinfo", "socket.gethostby", "socket.sendto", "urllib.")):
        tried.append(event)
        raise OSError(f"no network: {event}")

sys.addaudithook(hook)

def inet_sockets():
    # What C++ opens passes no hook of Python's: look at the process itself.
    known = set()
    for name in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/self/net/{name}")
        if table.is_file():
            known |= {line.split()[9] for line in table.read_text().split("\\n")[1:] if line}
    own = set()
    for fd in os.listdir("/proc/self/fd") if known else ():
        try:
            own.add(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            pass
    return [inode for inode in known if f"socket:[{inode}]" in own]

from PySide6.QtCore import QTimer
from triggermap import cli
from triggermap.export.picture import save_picture
from triggermap.opening import Opening
from triggermap.ui.main_window import MainWindow

steps, sockets = [], []

def walk(window):
    opening = window.findChild(Opening)
    if not opening.settled or not opening.checked:
        return
    session = opening.workspace.session
    if not steps:
        plan = [
            lambda: session.select_muscle("rhomboids", "rhomboids-2"),
            lambda: session.set_probe(True),
            lambda: session.toggle_page("safety"),
            lambda: session.toggle_page("science"),
            lambda: session.select_region("shoulder-front", turn=True),
            lambda: session.select_condition(session.dataset.conditions[0].id),
            lambda: window.finder.box.setText("knee"),
            window.show_about,
        ]
        walk.plan = plan
    if len(steps) < len(walk.plan):
        walk.plan[len(steps)]()
        steps.append(1)
    else:
        sockets.extend(inet_sockets())
        from PySide6.QtWidgets import QApplication
        QApplication.closeAllWindows()

paint = MainWindow.paintEvent

def painted(self, event):
    paint(self, event)
    if not hasattr(self, "_walk"):
        self._walk = QTimer(self)
        self._walk.timeout.connect(lambda: walk(self))
        self._walk.start(20)

MainWindow.paintEvent = painted
codes = [cli.main([])]
MainWindow.paintEvent = paint
codes.append(cli.main(["screenshot", "--out", sys.argv[1], "--size", "900x600",
                       "--state", "back/superficial/left?muscle=rhomboids"]))
sockets.extend(inet_sockets())
loaded = [name for name in sys.modules if name.startswith("PySide6.QtNetwork")]
print(json.dumps([codes, len(steps), tried, sockets, loaded]))
"""


def test_nothing_leaves_the_machine(home: Path, tmp_path: Path) -> None:
    """Start, selection, pages, search, About and a picture, in a process whose network is watched."""
    home.mkdir()
    (home / "settings.json").write_text('{"first_start_seen": true}', "utf-8")
    env = os.environ | {
        "TRIGGERMAP_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    done = subprocess.run(
        [sys.executable, "-c", _OFFLINE, str(tmp_path / "x.png")],
        env=env, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    codes, steps, tried, sockets, loaded = json.loads(done.stdout)
    assert codes == [0, 0]
    assert steps == 8
    assert (tried, sockets, loaded) == ([], [], [])
    assert (tmp_path / "x.png").is_file()


def test_the_watch_on_the_network_sees_a_call() -> None:
    """Else the test above would hold of anything."""
    script = _OFFLINE[: _OFFLINE.index("from PySide6")] + "socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "no network: socket" in done.stderr


# --- broken files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["stacks/front-back.npz", "ways.json", "manifest.json"])
def test_show_and_safety_of_broken_files_warn(
    home: Path, capsys: Printed, assets_copy: Path, name: str
) -> None:
    flip(assets_copy / "body" / name)
    for muscle, over_lung in (("rhomboids", True), ("soleus", False)):
        assert cli.main(["show", muscle]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"! {NOT_AVAILABLE}: ")
        assert Path(name).name in text.split("\n")[0]
        assert (f"! {GENERAL_WARNING}" in text) == over_lung
        assert "in the reference body" not in text
        assert cli.main(["show", muscle, "--json"]) == 0
        data: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert Path(name).name in data["safety_data_faults"][0]
        assert data["general_warning"] == (GENERAL_WARNING if over_lung else None)
        assert {point["reference_body"] is None for point in data["trigger_points"]} == {True}
    for form in ([], ["--json"], ["--markdown"]):
        assert cli.main(["safety", *form]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"triggermap: {NOT_AVAILABLE}: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err


def test_the_window_of_broken_files_warns_from_main(home: Path, visitor: Visitor, assets_copy: Path) -> None:
    home.mkdir(parents=True)
    (home / "settings.json").write_text('{"first_start_seen": true}', "utf-8")
    flip(assets_copy / "body" / "lines.npz")
    seen: list[str] = []
    visitor.when(
        lambda opening: opening.checked and GENERAL_WARNING in " ".join(shown(opening).split()),
        lambda opening: seen.append(shown(opening)),
    )
    assert visitor.visit(["--state", "back/superficial/left?muscle=rhomboids&point=rhomboids-2"]) == 0
    assert NOT_AVAILABLE in seen[0]

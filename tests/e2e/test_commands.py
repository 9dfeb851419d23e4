"""The commands through the real ``main()``: what they print, what they write, how they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.e2e.conftest import free_windows
from tests.ui.desk import array, no_leaks
from triggermap import __version__, cli, paths
from triggermap.body.plates import FORMAT
from triggermap.body.probe import CAVEAT
from triggermap.dataset.loader import load

CHECK_KEYS = {
    "muscles", "trigger_points", "patterns", "conditions", "regions", "references", "muscles_with_points",
    "claims", "unopened_claims", "unsourced_claims", "problems",
}  # fmt: skip
Printed = pytest.CaptureFixture[str]


def fails(capsys: Printed, argv: list[str], code: int) -> str:
    """Run what must fail; return its one sentence."""
    assert cli.main(argv) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("triggermap: ")
    assert err.count("\n") == 1
    assert err.rstrip().endswith((".", "?"))
    assert "Traceback" not in err
    return err


def broken(folder: Path, name: str, number: int) -> Path:
    path = folder / name
    lines = path.read_text("utf-8").split("\n")
    lines[number - 1] = "   : : [ broken"
    path.write_text("\n".join(lines), "utf-8")
    return path


# --- check, show, find, version ---------------------------------------------------------------------------


def test_check_finds_the_bundled_data_sound(home: Path, capsys: Printed) -> None:
    assert cli.main(["check"]) == 0
    out, err = capsys.readouterr()
    assert f"{len(load(paths.data_dir()).muscles)} muscles" in out
    assert out.rstrip().endswith("0 problems")
    assert err == ""


def test_check_json_has_the_agreed_keys(home: Path, capsys: Printed) -> None:
    assert cli.main(["check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= CHECK_KEYS
    dataset = load(paths.data_dir())
    assert report["muscles"] == len(dataset.muscles)
    assert report["muscles_with_points"] == sum(bool(m.trigger_points) for m in dataset.muscles)
    assert report["trigger_points"] == sum(len(m.trigger_points) for m in dataset.muscles)
    assert report["references"] == len(dataset.references)
    assert report["problems"] == []
    assert report["unsourced_claims"] == 0
    assert 0 < report["unopened_claims"] < report["claims"]


@pytest.mark.parametrize(("name", "number"), [("muscles.yaml", 40), ("regions.yaml", 7), ("hazards.yaml", 3)])
def test_broken_yaml_is_named_with_file_and_line(
    home: Path, capsys: Printed, data_copy: Path, name: str, number: int
) -> None:
    broken(data_copy, name, number)
    assert cli.main(["check", "--data", str(data_copy)]) == 1
    out, err = capsys.readouterr()
    assert f"{name}:{number}" in out + err
    assert "Traceback" not in out + err
    assert cli.main(["check", "--json", "--data", str(data_copy)]) == 1
    out, err = capsys.readouterr()
    assert f"{name}" in out + err


@pytest.mark.parametrize("command", [["show", "piriformis"], ["find", "knee"], ["screenshot", "--out"]])
def test_no_command_goes_on_with_broken_data(
    home: Path, capsys: Printed, data_copy: Path, tmp_path: Path, command: list[str]
) -> None:
    broken(data_copy, "muscles.yaml", 40)
    out = tmp_path / "x.png"
    argv = [*command, str(out)] if command[-1] == "--out" else command
    err = fails(capsys, [*argv, "--data", str(data_copy)], 1)
    assert "muscles.yaml:40" in err
    assert not out.exists()


def test_a_missing_data_folder_is_one_sentence(home: Path, capsys: Printed, tmp_path: Path) -> None:
    for command in (["check"], ["show", "soleus"], ["find", "knee"], ["screenshot", "--out", "x.png"], []):
        err = fails(capsys, [*command, "--data", str(tmp_path / "nowhere")], 3)
        assert "nowhere" in err


def test_a_data_folder_without_files_names_them(home: Path, capsys: Printed, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cli.main(["check", "--data", str(tmp_path / "empty")]) in (1, 3)
    out, err = capsys.readouterr()
    assert "muscles.yaml" in out + err
    assert "Traceback" not in out + err


def test_show_json_tells_all_with_the_kinds_of_hazards(home: Path, capsys: Printed) -> None:
    assert cli.main(["show", "piriformis", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "piriformis"
    kinds = {hazard["kind"] for hazard in shown["hazards"]}
    assert {"sciatic-nerve", "pudendal-neurovascular"} <= kinds
    text = json.dumps(shown)
    for words in ("Musculus piriformis", "Sacroiliac", "references"):
        assert words.lower() in text.lower()
    assert cli.main(["show", "trapezius", "--json"]) == 0
    assert "pneumothorax" in {h["kind"] for h in json.loads(capsys.readouterr().out)["hazards"]}


def test_show_prints_every_muscle(home: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = load(paths.data_dir())
    monkeypatch.setattr("triggermap.dataset.loader.load", lambda *_: dataset)
    for muscle in dataset.muscles:
        assert cli.main(["show", muscle.id]) == 0
        text = capsys.readouterr().out
        assert muscle.latin in text
        for point in muscle.trigger_points:
            assert point.name in text


@pytest.mark.parametrize(("wrong", "right"), [("trapezuis", "trapezius"), ("pirifromis", "piriformis")])
def test_show_of_an_unknown_muscle_guesses(home: Path, capsys: Printed, wrong: str, right: str) -> None:
    err = fails(capsys, ["show", wrong], 2)
    assert wrong in err
    assert "did you mean" in err.lower()
    assert right in err.lower()


def test_find_prints_results(home: Path, capsys: Printed) -> None:
    assert cli.main(["find", "shoulder", "blade", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert hits
    assert {"kind", "id", "title", "muscles"} <= set(hits[0])
    assert cli.main(["find", "soleus"]) == 0
    assert capsys.readouterr().out.split()[:2] == ["muscle", "Soleus"]
    assert cli.main(["find", "xyzzyqqq"]) == 0
    assert "Nothing was found" in capsys.readouterr().out


OLD_ASSETS = json.loads((paths.assets_dir() / "body" / "manifest.json").read_text("utf-8"))["format"] < FORMAT


@pytest.mark.skipif(OLD_ASSETS, reason="assets/body is older than the peel stacks: run 'make plates'")
@pytest.mark.parametrize(
    ("at", "order"),
    [
        # Beside the spine at T4, over the infraspinous fossa, and beside the third lumbar vertebra.
        ("-45,1375", ["trapezius.r.0", "rhomboid_major.r", "longissimus_thoracis.r", "lung_zone.r"]),
        ("95,1360", ["trapezius.l.0", "infraspinatus.l", "scapula.l", "subscapularis.l", "lung_zone.l"]),
        (
            "60,1060",
            ["latissimus_dorsi.l", "iliocostalis_lumborum.l", "quadratus_lumborum.l", "left_kidney.l"],
        ),
    ],
)
def test_probe_lists_what_lies_under_the_back_of_the_body(
    home: Path, capsys: Printed, at: str, order: list[str]
) -> None:
    assert cli.main(["probe", "--plate", "back", "--at", at, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["note"] == CAVEAT
    meshes = [row["structure"].split("/")[1] for row in found["structures"]]
    assert meshes[0] == "skin"
    places = [next(k for k, mesh in enumerate(meshes) if mesh.startswith(name)) for name in order]
    assert places == sorted(places)
    assert cli.main(["probe", "--plate", "back", "--at", at]) == 0
    assert capsys.readouterr().out.endswith(f"{CAVEAT}\n")


def test_version(home: Path, capsys: Printed) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"triggermap {__version__}\n"


# --- screenshot -------------------------------------------------------------------------------------------


def picture(path: Path) -> QImage:
    image = QImage(str(path))
    assert not image.isNull()
    return image


@pytest.fixture
def shoot(qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Take a picture by ``main()``; the settings stay untouched, and nothing is left behind."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def take(name: str, *argv: str) -> QImage:
        out = tmp_path / f"{name}.png"
        with no_leaks():
            assert cli.main(["screenshot", "--out", str(out), *argv]) == 0
            free_windows()
        assert not home.exists()
        return picture(out)

    return take


def test_a_screenshot_shows_what_was_asked_for(shoot) -> None:
    image = shoot(
        "point", "--muscle", "trapezius", "--point", "trapezius-upper-1", "--plate", "back", "--layer",
        "superficial", "--side", "left", "--theme", "dark", "--size", "1100x720",
    )  # fmt: skip
    assert (image.width(), image.height()) == (1100, 720)
    seen = array(image)
    assert len(np.unique(seen.reshape(-1, 3)[::7], axis=0)) > 1000, "blank, or nearly"
    state = "back/superficial/left?muscle=trapezius&point=trapezius-upper-1"
    same = shoot("same", "--state", state, "--size", "1100x720")
    assert (array(same) == seen).mean() > 0.999
    other = shoot("other", "--state", "back/superficial/right?muscle=trapezius&point=trapezius-upper-1",
                  "--size", "1100x720")  # fmt: skip
    assert (np.abs(array(other) - seen).max(axis=-1) > 30).mean() > 0.005


def test_themes_differ(shoot) -> None:
    light = shoot("light", "--theme", "light", "--size", "900x600")
    contrast = shoot("contrast", "--theme", "high-contrast", "--size", "900x600")
    assert array(light).mean() > array(contrast).mean() + 40
    assert tuple(array(contrast)[300, 450]) != tuple(array(light)[10, 890])


def test_layers_and_regions_differ(shoot) -> None:
    plain = array(shoot("plain", "--plate", "back", "--layer", "skin", "--size", "900x600"))
    region = array(shoot("region", "--region", "buttock-lateral", "--plate", "back", "--layer", "skin",
                         "--size", "900x600"))  # fmt: skip
    assert (np.abs(plain - region).max(axis=-1) > 30).mean() > 0.02


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--muscle", "trapezuis"], "Did you mean 'trapezius'?"),
        (["--muscle", "soleus", "--point", "soleus-9"], "soleus-9"),
        (["--point", "soleus-1"], "--point needs --muscle"),
        (["--size", "10x10"], "10x10"),
        (["--size", "large"], "large"),
        (["--theme", "sepia"], "sepia"),
        (["--side", "top"], "top"),
        (["--region", "atlantis"], "atlantis"),
        (["--state", "back/skin/left", "--side", "left"], "--state already says all"),
        (["--state", "back"], "is no state"),
    ],
)
def test_a_wrong_wish_writes_nothing(
    home: Path, capsys: Printed, tmp_path: Path, argv: list[str], words: str
) -> None:
    out = tmp_path / "x.png"
    assert words in fails(capsys, ["screenshot", "--out", str(out), *argv], 2)
    assert not out.exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--plate", "top"], "There is no plate 'top'"),
        (["--layer", "marrow"], "There is no layer 'marrow'"),
        (
            ["--state", "back/bone/left?structure=skeleton/unicorn"],
            "There is no structure 'skeleton/unicorn'",
        ),
    ],
)
def test_a_plate_or_structure_that_is_not_there_is_said(
    qapp: QApplication, home: Path, capsys: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    argv: list[str], words: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    out = tmp_path / "x.png"
    code = cli.main(["screenshot", "--out", str(out), *argv])
    free_windows()
    err = capsys.readouterr().err
    assert code in (2, 3)
    assert words in err
    assert err.count("\n") == 1
    assert not out.exists()


def test_an_unwritable_picture_is_one_sentence(
    qapp: QApplication, home: Path, capsys: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "nowhere" in fails(capsys, ["screenshot", "--out", str(tmp_path / "nowhere" / "x.png")], 3)
    (tmp_path / "folder.png").mkdir()
    err = fails(capsys, ["screenshot", "--out", str(tmp_path / "folder.png"), "--size", "900x600"], 3)
    assert "folder.png" in err
    assert "x.jpg" in fails(capsys, ["screenshot", "--out", str(tmp_path / "x.jpg")], 2)


def test_a_missing_picture_of_a_plate_is_one_sentence(
    qapp: QApplication, home: Path, capsys: Printed, tmp_path: Path, assets_copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    manifest = json.loads((assets_copy / "body" / "manifest.json").read_text("utf-8"))
    back = next(one for one in manifest["plates"] if one["id"] == "back")
    lost = next(one["picture"] for one in back["layers"] if one["id"] == "superficial")
    (assets_copy / "body" / lost).unlink()
    out = tmp_path / "x.png"
    err = fails(capsys, ["screenshot", "--out", str(out), "--plate", "back", "--size", "900x600"], 3)
    assert Path(lost).name in err
    assert not out.exists()
    assert cli.main(["check"]) == 1
    assert lost in capsys.readouterr().out


# --- in a process of its own ------------------------------------------------------------------------------

_MAIN = "import sys; from triggermap.cli import main; sys.exit(main())"
_FIRST_PAINT = """
import json, sys
from PySide6.QtCore import QTimer
from triggermap import cli
heavy = ("numpy", "pydantic", "pyqtgraph", "yaml", "rapidfuzz")
seen = []
from triggermap.ui.main_window import MainWindow
from triggermap.opening import Opening
paint = MainWindow.paintEvent
def painted(self, event):
    paint(self, event)
    if not seen:
        seen.append([name for name in heavy if name in sys.modules])
        seen.append(self.findChild(Opening).loader.isRunning())
        poll = QTimer(self)
        poll.timeout.connect(lambda: self.findChild(Opening).settled and self.close())
        poll.start(10)
MainWindow.paintEvent = painted
code = cli.main([])
print(json.dumps([code, *seen, [name for name in heavy if name in sys.modules]]))
"""


def own_process(*argv: str, home: Path, drop: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key not in drop}
    env |= {"TRIGGERMAP_HOME": str(home), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run(
        [sys.executable, "-c", *argv], env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_window_paints_before_anything_slow_is_imported(home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text('{"first_start_seen": true}', "utf-8")
    done = own_process(_FIRST_PAINT, home=home)
    assert done.stderr == ""
    code, before, running, after = json.loads(done.stdout)
    assert code == 0
    assert before == []
    assert not running
    assert after == ["numpy", "pydantic", "pyqtgraph", "yaml", "rapidfuzz"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
@pytest.mark.parametrize(
    "display",
    [
        None,
        ":987",
        "nowhere",
    ],
)
def test_no_display_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch, display: str | None) -> None:
    drop: tuple[str, ...] = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if display:
        monkeypatch.setenv("DISPLAY", display)
        drop = drop[1:]
    done = own_process(_MAIN, home=home, drop=drop)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("triggermap: ")
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr


def test_commands_need_no_display(home: Path, tmp_path: Path) -> None:
    drop = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    out = tmp_path / "x.png"
    done = own_process(_MAIN, "screenshot", "--out", str(out), "--size", "900x600", home=home, drop=drop)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert picture(out).width() == 900
    assert not home.exists()


def test_safety_tells_of_every_point_and_finds_no_unanswered_lung(home: Path, capsys: Printed) -> None:
    assert cli.main(["safety", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    dataset = load(paths.data_dir())
    expected = sum(1 if p.only else 2 for m in dataset.muscles for p in m.trigger_points)
    assert len(rows) == expected
    over = [row for row in rows if row["over_lung_zone"]]
    assert len(over) > 80
    assert all(row["pneumothorax_note"] for row in over)
    assert any(met["system"] == "nerves" for row in rows for met in row["structures_met"])
    assert not home.exists()


def test_safety_fails_where_the_lung_has_no_note(home: Path, tmp_path: Path, capsys: Printed) -> None:
    data = tmp_path / "data"
    shutil.copytree(paths.data_dir(), data)
    path = data / "muscles.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("hazard: pneumothorax", "hazard: vasovagal"), "utf-8")
    assert cli.main(["--data", str(data), "safety"]) == 1
    out = capsys.readouterr().out
    assert "rhomboids-1 (left): over the lung zone, NO PNEUMOTHORAX NOTE" in out
    assert "anatomy varies" in out

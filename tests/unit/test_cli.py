from __future__ import annotations

import io
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import triggermap
from tests.bodies import change_manifest, write_body
from tests.stacked import write_stacked_body
from tests.unit import builders
from triggermap import __version__, cli, paths
from triggermap.body.probe import CAVEAT
from triggermap.safety.general import GENERAL_WARNING, NOT_AVAILABLE
from triggermap.state import State
from triggermap.userdata.options import ScreenshotOptions, WindowOptions


@pytest.fixture(autouse=True)
def _without_a_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small dataset's meshes aren't those of the real body."""
    monkeypatch.setenv(paths.BODY_VARIABLE, str(tmp_path / "no-body"))
    monkeypatch.setattr(cli, "assets_dir", lambda: tmp_path / "no-assets")
    # Views are the body's; tests/e2e asks for some that the real one doesn't have.
    monkeypatch.setattr(cli, "_check_view", lambda state: None)


@pytest.fixture
def data(tmp_path: Path) -> str:
    folder = tmp_path / "data"
    folder.mkdir()
    return str(builders.write(folder))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A stand-in for the window, so that no Qt is needed; holds what it was called with."""
    called: list[Any] = []

    def take(options: object) -> int:
        called.append(options)
        return 0

    double = types.ModuleType("triggermap.app")
    vars(double).update(run=take, screenshot=take)
    monkeypatch.setitem(sys.modules, "triggermap.app", double)
    monkeypatch.setattr(triggermap, "app", double, raising=False)
    return called


def fails(capsys: pytest.CaptureFixture[str], code: int, *argv: str) -> str:
    """Run with an expected failure; return the one sentence on stderr."""
    assert cli.main(argv) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("triggermap: ")
    assert captured.err.count("\n") == 1
    assert captured.err.endswith((".\n", "?\n", ".)\n"))
    return captured.err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"triggermap {__version__}\n"


@pytest.mark.parametrize("argv", [["--help"], ["check", "--help"], ["screenshot", "-h"]])
def test_help_documents_the_exit_codes(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert cli.main(argv) == 0
    out = capsys.readouterr().out
    assert "exit codes:" in out
    assert "wrong use" in out


def test_check_json(capsys: pytest.CaptureFixture[str], data: str) -> None:
    assert cli.main(["check", "--data", data, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == [
        "muscles", "trigger_points", "patterns", "conditions", "regions", "references",
        "muscles_with_points", "claims", "unopened_claims", "unsourced_claims", "problems",
    ]  # fmt: skip
    assert result["problems"] == []


def test_check_text(capsys: pytest.CaptureFixture[str], data: str) -> None:
    assert cli.main(["--data", data, "check"]) == 0
    out = capsys.readouterr().out
    assert "     3 trigger points" in out
    assert "note: " in out
    assert out.endswith("0 problems\n")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_check_ends_with_1_on_a_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: list[str]
) -> None:
    builders.write(tmp_path, lambda values: values["muscles"][0].pop("latin"))
    assert cli.main(["check", "--data", str(tmp_path), *form]) == 1
    out = capsys.readouterr().out
    assert "the key 'latin' is missing" in out
    if form:
        (problem,) = json.loads(out)["problems"]
        assert problem["file"].endswith("muscles.yaml")
        assert problem["line"] == 2
    else:
        assert "muscles.yaml:2: the key 'latin' is missing. Add 'latin: ...' to this entry." in out
        assert out.endswith("1 problem\n")


def test_check_verifies_the_computed_body(
    capsys: pytest.CaptureFixture[str], data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = write_body(tmp_path / "assets" / "body")
    (body / "back" / "skin.webp").unlink()
    monkeypatch.setattr(cli, "assets_dir", lambda: tmp_path / "assets")
    assert cli.main(["check", "--data", data, "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    messages = {Path(problem["file"]).name: problem["message"] for problem in problems}
    assert messages == {
        "skin.webp": "the file is missing",
        "manifest.json": "the dataset has no region 'trunk-rest'",
    }


def test_show(capsys: pytest.CaptureFixture[str], data: str) -> None:
    assert cli.main(["show", "Trapezius", "--data", data, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["id"] == "trapezius"
    assert [hazard["kind"] for hazard in result["hazards"]] == ["pneumothorax", "nerve-injury"]
    assert cli.main(["show", "trapezius", "--data", data]) == 0
    # There are no assets here, so the body can't be asked: that is said first.
    fault, warning, title, *_ = capsys.readouterr().out.split("\n")
    assert fault.startswith(f"! {NOT_AVAILABLE}: ")
    assert warning == f"! {GENERAL_WARNING}"
    assert title == "Trapezius (Musculus trapezius)"


def test_find(capsys: pytest.CaptureFixture[str], data: str) -> None:
    assert cli.main(["find", "behind", "the", "eye", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "behind-eye"
    assert cli.main(["find", "trapzius", "--data", data]) == 0
    assert capsys.readouterr().out.startswith("muscle     Trapezius  [trapezius]  Musculus trapezius\n")
    assert cli.main(["find", "qqqq", "--data", data]) == 0
    assert capsys.readouterr().out == "Nothing was found for 'qqqq'.\n"


@pytest.fixture
def boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The computed body of boxes, with its peel stacks."""
    folder = write_stacked_body(tmp_path / "assets" / "body")
    monkeypatch.setattr(cli, "assets_dir", lambda: tmp_path / "assets")
    return folder


def test_probe_json(capsys: pytest.CaptureFixture[str], boxes: Path) -> None:
    assert cli.main(["probe", "--plate", "back", "--at", "50,1360", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == ["plate", "at", "unit", "note", "structures"]
    assert result["plate"] == "back"
    assert result["at"] == {"x": 50.0, "y": 1360.0}
    assert result["unit"] == "mm"
    assert result["note"] == CAVEAT
    assert [row["structure"] for row in result["structures"]] == [
        "skin/skin", "muscles/trapezius.l.1", "muscles/rhomboid.l", "muscles/pectoral.l"
    ]  # fmt: skip
    assert result["structures"][1] == {
        "structure": "muscles/trapezius.l.1",
        "label": "Trapezius, upper",
        "side": "left",
        "system": "muscles",
        "entry_mm": 5.0,
        "exit_mm": 20.0,
        "thickness_mm": 15.0,
    }
    assert cli.main(["probe", "--plate", "flank-right", "--at=-1,1300", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["at"] == {"z": -1.0, "y": 1300.0}
    assert result["structures"][1]["side"] == "right"


def test_probe_text(capsys: pytest.CaptureFixture[str], boxes: Path) -> None:
    assert cli.main(["probe", "--plate", "back", "--at", "-50,1360"]) == 0
    assert capsys.readouterr().out == (
        "   from      to     mm  structure\n"
        "    0.0   180.0  180.0  From skin to skin\n"
        "    5.0    20.0   15.0  Trapezius, upper (right)\n"
        "   20.0    28.0    8.0  Rhomboid (right)\n"
        "  160.0   180.0   20.0  Pectoral (right)\n"
        "One reference body; it says nothing of a patient's depths.\n"
    )
    assert cli.main(["probe", "--plate", "back", "--at", "172,1300"]) == 0
    out = capsys.readouterr().out
    assert out == f"There is nothing of the body at this place of the plate.\n{CAVEAT}\n"


def test_probe_help_says_what_the_numbers_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["probe", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "x,y on views from the front and back" in words
    assert "z,y on views from the sides" in words


@pytest.mark.parametrize(
    ("plate", "at", "words"),
    [
        ("bak", "50,1360", "Did you mean 'back'?"),
        (
            "back",
            "181,1300",
            "x 181, y 1300 lies outside plate 'back': x from -180 to 180, y from 1170 to 1710.",
        ),
        ("flank-left", "500,1300", "z 500, y 1300 lies outside plate 'flank-left': z from -92 to 100"),
        ("sole", "50,1360", "This view has no cross-section: "),
    ],
)
def test_a_wrong_place_to_probe_is_one_sentence_and_2(
    capsys: pytest.CaptureFixture[str], boxes: Path, plate: str, at: str, words: str
) -> None:
    plates = json.loads((boxes / "manifest.json").read_text("utf-8"))["plates"]
    below = {"right": (1, 0, 0), "up": (0, 0, 1), "toward": (0, -1, 0)}
    change_manifest(boxes, plates=[*plates, plates[0] | {"id": "sole", "view": "below", "axes": below}])
    assert words in fails(capsys, cli.WRONG_USE, "probe", "--plate", plate, "--at", at)


def test_a_missing_stack_is_one_sentence_and_3(capsys: pytest.CaptureFixture[str], boxes: Path) -> None:
    (boxes / "stacks" / "front-back.npz").unlink()
    asked = ["probe", "--plate", "back", "--at", "50,1360"]
    assert "front-back.npz" in fails(capsys, cli.CANNOT, *asked)
    assert cli.main(["probe", "--plate", "flank-left", "--at", "0,1300"]) == 0
    capsys.readouterr()
    change_manifest(boxes, stacks=None)
    assert "lists no peel stack for axis z" in fails(capsys, cli.CANNOT, *asked)


def test_window(app: list[Any], data: str) -> None:
    assert cli.main([]) == 0
    assert cli.main(["--data", data, "--state", "front/skin/left?muscle=trapezius"]) == 0
    assert app == [
        WindowOptions(),
        WindowOptions(data=Path(data), state=State("front", "skin", "left", "trapezius")),
    ]


def test_screenshot(app: list[Any], data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    out = str(tmp_path / "a.png")
    common = ["screenshot", "--data", data, "--out", out]
    single = ["--plate", "back", "--layer", "deep", "--side", "left", "--muscle", "trapezius"]
    assert (
        cli.main([*common, *single, "--point", "trapezius-1", "--size", "1920x1080", "--theme", "light"]) == 0
    )
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert cli.main([*common, "--state", "back/deep/left?muscle=trapezius&point=trapezius-1"]) == 0
    assert cli.main([*common, "--region", "temple"]) == 0
    state = State("back", "deep", "left", "trapezius", "trapezius-1")
    assert app == [
        ScreenshotOptions(Path(out), (1920, 1080), "light", state, Path(data)),
        ScreenshotOptions(Path(out), (1280, 800), "dark", state, Path(data)),
        ScreenshotOptions(Path(out), (1280, 800), "dark", State(region="temple"), Path(data)),
    ]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["chek"], "There is no command 'chek'. Did you mean 'check'?"),
        (["--data", "x", "qqq"], "Choose one of: check, find, probe, safety, screenshot, show."),
        (["--bogus"], "--bogus"),
        (["check", "--jso"], "--jso"),
        (["show"], "MUSCLE"),
        (["show", "trapezus"], "Did you mean 'trapezius'?"),
        (["--state", "back"], "is no state"),
        (["--state"], "expected one argument"),
        (["probe"], "--plate"),
        (["probe", "--plate", "back"], "--at"),
        (["probe", "--plate", "back", "--at"], "expected one argument"),
        (["probe", "--plate", "back", "--at", "60"], "'60' is no place: write two numbers in mm"),
        (["probe", "--plate", "back", "--at", "-60;1350"], "'-60;1350' is no place"),
        (["probe", "--plate", "back", "--at", "nan,1350"], "'nan,1350' is no place"),
        (["screenshot"], "--out"),
        (["screenshot", "--out", "a.jpg"], "does not end in .png"),
        (["screenshot", "--out", "a.png", "--size", "big"], "is no size"),
        (["screenshot", "--out", "a.png", "--size", "9x9"], "each 320 to 8000"),
        (["screenshot", "--out", "a.png", "--theme", "pink"], "pink"),
        (["screenshot", "--out", "a.png", "--muscle", "trapezus"], "Did you mean 'trapezius'?"),
        (["screenshot", "--out", "a.png", "--muscle", "qqq"], "Choose one of: serratus-anterior, trapezius."),
        (["screenshot", "--out", "a.png", "--point", "trapezius-1"], "--point needs --muscle"),
        (["screenshot", "--out", "a.png", "--muscle", "trapezius", "--point", "trapezius-3"], "Did you mean"),
        (["screenshot", "--out", "a.png", "--region", "tempel"], "Did you mean 'temple'?"),
        (["screenshot", "--out", "a.png", "--state", "back/skin/left?hazard=pneumo"], "'pneumothorax'"),
        (["screenshot", "--out", "a.png", "--region", "temple", "--muscle", "trapezius"], "exclude"),
        (["screenshot", "--out", "a.png", "--state", "back/skin/left", "--side", "left"], "remove --side"),
        (["screenshot", "--out", "a.png", "--state", "back/skin/middle"], "'middle' is no side"),
    ],
)
def test_wrong_use_is_one_sentence_and_2(
    capsys: pytest.CaptureFixture[str],
    app: list[Any],
    data: str,
    monkeypatch: pytest.MonkeyPatch,
    argv: list[str],
    words: str,
) -> None:
    monkeypatch.setattr(cli, "data_dir", lambda: Path(data))
    assert words in fails(capsys, cli.WRONG_USE, *argv)
    assert not app


@pytest.mark.parametrize(
    "command", [["check"], ["show", "x"], ["find", "x"], ["screenshot", "--out", "x.png"], []]
)
def test_a_missing_folder_is_one_sentence_and_3(
    capsys: pytest.CaptureFixture[str], app: list[Any], command: list[str]
) -> None:
    assert "There is no data folder 'gone'" in fails(capsys, cli.CANNOT, *command, "--data", "gone")
    assert not app


def test_broken_data_is_one_sentence_and_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    builders.write(tmp_path, lambda values: values["muscles"].reverse())
    (tmp_path / "muscles.yaml").write_text("muscles: [")
    assert "this is not YAML" in fails(capsys, cli.PROBLEMS, "show", "x", "--data", str(tmp_path))


def test_a_picture_needs_its_folder(
    capsys: pytest.CaptureFixture[str], app: list[Any], tmp_path: Path
) -> None:
    out = str(tmp_path / "none" / "a.png")
    assert "There is no folder" in fails(capsys, cli.CANNOT, "screenshot", "--out", out)


@pytest.mark.parametrize("argv", [[], ["screenshot", "--out", "a.png"]])
def test_qt_that_does_not_load_is_one_sentence_and_3(
    capsys: pytest.CaptureFixture[str], data: str, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, "triggermap.app", None)
    monkeypatch.delattr(triggermap, "app", raising=False)
    assert "(Qt) does not start" in fails(capsys, cli.CANNOT, *argv, "--data", data)


def test_an_old_python_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_OLDEST_PYTHON", (99, 0))
    assert "needs Python" in fails(capsys, cli.CANNOT, "--version")


@pytest.mark.parametrize(("error", "code"), [(BrokenPipeError, 0), (KeyboardInterrupt, 130)])
def test_interruptions_are_quiet(
    capsys: pytest.CaptureFixture[str],
    data: str,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
    code: int,
) -> None:
    def interrupt(_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_silence_stdout", lambda: None)
    monkeypatch.setattr(cli, "_print_json", interrupt)
    assert cli.main(["check", "--data", data, "--json"]) == code
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_one_sentence_and_3(
    capsys: pytest.CaptureFixture[str], data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "_print_json", full)
    assert "No space left on device." in fails(capsys, cli.CANNOT, "check", "--data", data, "--json")


def test_a_terminal_without_the_letters(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert cli.main(["find", "qqqqé", "--data", data]) == 0
    assert raw.getvalue().rstrip() == b"Nothing was found for 'qqqq?'."


def test_a_closed_pipe_is_silenced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        cli._silence_stdout()
        stream.write("gone")
    assert (tmp_path / "out").read_text() == ""


def test_arguments_default_to_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["triggermap", "--version"])
    assert cli.main() == 0

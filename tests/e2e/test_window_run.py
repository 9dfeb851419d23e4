"""``triggermap`` as users start it: ``main([])`` with the real window in its own event loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from tests.e2e.conftest import Visitor
from triggermap import cli
from triggermap.opening import Opening
from triggermap.state import State
from triggermap.ui.dossier import Dossier
from triggermap.ui.stage.stage import Stage

# Qt says so of its offscreen screen whenever a dialog is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
SEEN = {"first_start_seen": True}


def settled(opening: Opening) -> bool:
    return opening.settled


def settings(home: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((home / "settings.json").read_text("utf-8"))
    return found


def write_settings(home: Path, **values: object) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(json.dumps(SEEN | values), "utf-8")


def dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def message(opening: Opening) -> str:
    return opening.window.strip.message.text()


def stage(opening: Opening) -> Stage:
    assert opening.workspace is not None
    assert opening.workspace.stage is not None
    return opening.workspace.stage


def dossier(opening: Opening) -> Dossier:
    assert opening.workspace is not None
    assert opening.workspace.dossier is not None
    return opening.workspace.dossier


def words(opening: Opening) -> str:
    labels = dossier(opening)._content.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_the_window_opens_closes_and_writes_its_settings(visitor: Visitor, home: Path) -> None:
    write_settings(home)
    seen: list[str] = []
    visitor.when(settled, lambda opening: seen.append(message(opening)))
    visitor.when(lambda _: True, lambda opening: opening.workspace.session.select_muscle("soleus"))  # type: ignore[union-attr]
    assert visitor.visit([]) == 0
    assert seen == [""]
    kept = settings(home)
    assert State.parse(str(kept["last_state"])).muscle == "soleus"
    assert kept["geometry"]
    assert kept["theme"] == "dark"
    assert (home / "log" / "triggermap.log").is_file()
    assert {path.name for path in home.iterdir()} == {"settings.json", "log", "cache"}


def test_the_last_state_comes_back(visitor: Visitor, home: Path) -> None:
    write_settings(home, last_state="front/skin/left?region=forehead", theme="light", scale=150)
    seen: list[object] = []
    visitor.when(
        settled,
        lambda opening: seen.extend([
            opening.workspace.session.state,  # type: ignore[union-attr]
            opening.window.look.name,
            opening.window.look.scale,
        ]),
    )  # fmt: skip
    assert visitor.visit([]) == 0
    assert seen == [State("front", "skin", "left", region="forehead"), "light", 1.5]


def test_a_state_on_the_command_line_beats_the_last_one(visitor: Visitor, home: Path) -> None:
    write_settings(home, last_state="front/skin/left")
    seen: list[State] = []
    visitor.when(settled, lambda opening: seen.append(opening.workspace.session.state))  # type: ignore[union-attr]
    assert visitor.visit(["--state", "left/deep/left?muscle=soleus"]) == 0
    assert seen == [State("left", "deep", "left", muscle="soleus")]


def test_the_first_start_says_it_once_and_only_once(visitor: Visitor, home: Path) -> None:
    told: list[str] = []

    def agree(_opening: Opening) -> None:
        (dialog,) = dialogs()
        told.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
        QTest.mouseClick(dialog.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)

    visitor.when(lambda opening: opening.settled and bool(dialogs()), agree)
    visitor.when(lambda _: not dialogs(), lambda _: None)
    assert visitor.visit([]) == 0
    assert len(told) == 1
    assert "not a diagnosis" in told[0]
    assert settings(home)["first_start_seen"] is True
    again: list[int] = []
    visitor.steps.clear()
    visitor.when(settled, lambda _: again.append(len(dialogs())))
    assert visitor.visit([]) == 0
    assert again == [0]


def test_a_first_start_that_was_not_answered_asks_again(visitor: Visitor, home: Path) -> None:
    visitor.when(lambda opening: bool(dialogs()), lambda _: dialogs()[0].close())
    assert visitor.visit([]) == 0
    assert settings(home)["first_start_seen"] is False


def test_a_broken_settings_file_is_said_and_kept(visitor: Visitor, home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text('{"theme": "dark"', "utf-8")
    seen: list[str] = []
    visitor.when(settled, lambda opening: seen.append(message(opening)))
    assert visitor.visit([]) == 0
    assert "settings could not be read" in seen[0]
    assert (home / "settings.bad.json").read_text("utf-8") == '{"theme": "dark"'
    assert settings(home)["theme"] == "dark"


def test_unwritable_settings_are_said_and_nothing_else_suffers(
    visitor: Visitor, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file where the folder should be", "utf-8")
    monkeypatch.setenv("TRIGGERMAP_HOME", str(home / "below"))
    seen: list[str] = []
    visitor.when(settled, lambda opening: seen.append(message(opening)))
    visitor.when(lambda _: bool(dialogs()), lambda _: dialogs()[0].accept())
    visitor.when(lambda _: not dialogs(), lambda opening: seen.append(message(opening)))
    assert visitor.visit([]) == 0
    assert "settings" in seen[0]
    assert "cannot be saved" in seen[1]
    assert "Traceback" not in capsys.readouterr().err


# --- what is missing or broken ----------------------------------------------------------------------------


def test_a_broken_dataset_is_named_and_the_plates_work(visitor: Visitor, home: Path, data_copy: Path) -> None:
    write_settings(home)
    line = break_line(data_copy / "muscles.yaml")
    seen: list[str] = []
    visitor.when(lambda opening: bool(message(opening)), lambda opening: seen.append(message(opening)))
    visitor.when(
        lambda opening: opening.workspace is not None and opening.workspace.stage is not None
        and stage(opening).settled,
        click_in_the_middle,
    )  # fmt: skip
    visitor.when(lambda _: True, lambda opening: seen.append(opening.workspace.session.state.structure or ""))  # type: ignore[union-attr]
    assert visitor.visit(["--data", str(data_copy)]) == 0
    assert f"muscles.yaml:{line}" in seen[0]
    assert seen[1]


def break_line(path: Path, number: int = 40) -> int:
    lines = path.read_text("utf-8").split("\n")
    lines[number - 1] = "   : : [ broken"
    path.write_text("\n".join(lines), "utf-8")
    return number


def click_in_the_middle(opening: Opening) -> None:
    """Click on a thigh, which is there on every plate and layer."""
    one = stage(opening)
    place = one.widget_position(-110.0, 700.0).toPoint()
    QTest.mouseMove(one.viewport, place + QPoint(2, 2))
    QTest.mouseClick(one.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def lose(path: Path) -> None:
    path.unlink()


def spoil(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"PK\x03\x04 this is no archive")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("superficial.webp", lose),
        ("superficial.ids.npz", spoil),
        ("outlines.npz", spoil),
        ("depth.npz", lose),
        ("regions.npz", spoil),
        ("dots.npz", lose),
        ("sprites.zip", spoil),
    ],
)
def test_a_damaged_plate_is_named_and_the_rest_works(
    visitor: Visitor, home: Path, assets_copy: Path, name: str, harm: Callable[[Path], None]
) -> None:
    """The plate's file is gone or spoiled: the window names it; finder, dossier and other plates work."""
    write_settings(home)
    harm(file_of(assets_copy, name))
    seen: list[str] = []

    def use(opening: Opening) -> None:
        click_in_the_middle(opening)
        opening.workspace.session.select_muscle("piriformis", "piriformis-1", turn=False)  # type: ignore[union-attr]

    visitor.when(loaded, use)
    visitor.when(
        lambda opening: "Piriformis" in words(opening) and bool(message(opening)),
        lambda opening: seen.extend([message(opening), words(opening)]),
    )
    visitor.when(
        lambda _: True,
        lambda opening: opening.workspace.session.show(State("front", "superficial", "left")),  # type: ignore[union-attr]
    )
    visitor.when(settled, lambda opening: seen.append(opening.workspace.session.state.plate))  # type: ignore[union-attr]
    assert visitor.visit([]) == 0
    assert name.split(".", maxsplit=1)[0] in seen[0]
    assert seen[0].endswith(".")
    assert "Traceback" not in seen[0]
    assert "Sciatic" in seen[1]
    assert seen[2] == "front"


def file_of(assets: Path, name: str) -> Path:
    """A file of the back plate; the platemaker may name it otherwise than its key."""
    plate = assets / "body" / "back"
    if (plate / name).is_file():
        return plate / name
    manifest = json.loads((assets / "body" / "manifest.json").read_text("utf-8"))
    back = next(one for one in manifest["plates"] if one["id"] == "back")
    layer = next(one for one in back["layers"] if one["id"] == "superficial")
    named = {"superficial.webp": layer["picture"], "superficial.ids.npz": layer["ids"]}
    return assets / "body" / str(named.get(name) or back[name.split(".", maxsplit=1)[0]])


def loaded(opening: Opening) -> bool:
    work = opening.workspace
    return work is not None and work.stage is not None and work.dossier is not None


def test_no_plates_at_all_is_said_and_the_dossier_works(
    visitor: Visitor, home: Path, assets_copy: Path
) -> None:
    write_settings(home)
    (assets_copy / "body" / "manifest.json").unlink()
    seen: list[str] = []
    visitor.when(
        lambda opening: bool(message(opening)) and opening.workspace is not None
        and opening.workspace.dossier is not None,
        lambda opening: opening.workspace.session.select_muscle("soleus"),  # type: ignore[union-attr]
    )  # fmt: skip
    visitor.when(
        lambda opening: "Soleus" in words(opening),
        lambda opening: seen.extend([message(opening), opening.window.frame._text]),
    )
    assert visitor.visit([], limit_ms=5000) == 0
    assert "manifest.json" in seen[0]
    assert "Loading" not in seen[1], "the middle of the window still promises plates"


# --- said on the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "words_of_it"),
    [
        (["--state", "nonsense"], "is no state"),
        (["--state", "back/skin/middle"], "is no side"),
        (["windwo"], "There is no command 'windwo'"),
        (["--colour"], "--colour"),
    ],
)
def test_wrong_use_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words_of_it: str
) -> None:
    assert cli.main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words_of_it in err
    assert err.count("\n") == 1
    assert err.startswith("triggermap: ")

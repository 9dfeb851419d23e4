"""Rules of the house that no linter has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SLEEPS = re.compile(
    r"\bqtbot\.wait\("
    r"|\btime\.sleep\b"
    r"|\bfrom time import\b[^\"]*\bsleep\b"
    r"|\bQTest\.q(Wait|Sleep)\("
    r"|\bQThread\.m?sleep\("
)


@pytest.mark.parametrize("path", sorted(ROOT.joinpath("tests").rglob("*.py")), ids=lambda path: path.name)
def test_no_test_sleeps(path: Path) -> None:
    """A sleep is too long on one machine and too short on the next: waitSignal and waitUntil are neither."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{path.name}:{number}" for number, line in enumerate(lines, 1) if SLEEPS.search(line)] == []


@pytest.mark.parametrize("call", ["qtbot.{}(100)", "from time import monotonic, {}"])
def test_the_sleep_rule_sees_sleeps(call: str) -> None:
    word = "wait" if call.startswith("qtbot") else "sleep"  # put together here, or the rule finds this file
    assert SLEEPS.search(call.format(word))


@pytest.mark.parametrize("call", ["qtbot.waitSignal(x)", "qtbot.waitUntil(y)", "from time import monotonic"])
def test_the_sleep_rule_leaves_waiting_alone(call: str) -> None:
    assert not SLEEPS.search(call)

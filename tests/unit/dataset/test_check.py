from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit import builders
from triggermap.dataset.check import check
from triggermap.errors import TriggermapError

KEYS = [
    "muscles",
    "trigger_points",
    "patterns",
    "conditions",
    "regions",
    "references",
    "muscles_with_points",
    "claims",
    "unopened_claims",
    "unsourced_claims",
    "problems",
]


def manifest(folder: Path, text: str) -> Path:
    (folder / "body").mkdir()
    (folder / "body" / "manifest.json").write_text(text)
    return folder


def test_counts(tmp_path: Path) -> None:
    report = check(builders.write(tmp_path))
    assert report.problems == ()
    data = report.as_json()
    assert list(data) == KEYS
    assert data == {
        "muscles": 2,
        "trigger_points": 3,
        "patterns": 3,
        "conditions": 2,
        "regions": 9,
        "references": 3,
        "muscles_with_points": 2,
        "claims": 32,
        "unopened_claims": 4,
        "unsourced_claims": 0,
        "problems": [],
    }
    assert "    32 claims" in list(report.counts.words())
    assert "     4 unopened claims (12.5% of claims)" in list(report.counts.words())


def test_rules_and_loading_are_told_together(tmp_path: Path) -> None:
    def change(values: builders.Raw) -> None:
        values["muscles"][0]["group"] = "belly"
        values["muscles"][1]["palpation"][0]["text"] = "See above."
        values["regions"].reverse()

    report = check(builders.write(tmp_path, change))
    text = "\n".join(map(str, report.problems))
    assert "cannot be 'belly'" in text
    assert "'See above' fills a gap" in text
    assert "comes after" in text
    assert all(problem.line for problem in report.problems)
    assert report.counts.muscles == 1
    entry = report.as_json()["problems"][0]
    assert list(entry) == ["file", "line", "message", "hint"]


def test_an_empty_dataset_has_no_shares(tmp_path: Path) -> None:
    for name in ("muscles", "conditions", "hazards", "references"):
        (tmp_path / f"{name}.yaml").write_text(f"{name}: []\n")
    (tmp_path / "regions.yaml").write_text("regions: []\ngroups: []\n")
    report = check(tmp_path)
    assert report.problems == ()
    assert "     0 unsourced claims" in list(report.counts.words())


def test_meshes_are_held_against_the_manifest(tmp_path: Path) -> None:
    structures = [{"mesh": "muscles/serratus_anterior.l"}]
    assets = manifest(tmp_path, json.dumps({"structures": structures}))
    (tmp_path / "data").mkdir()
    report = check(builders.write(tmp_path / "data"), assets=assets)
    assert {problem.message for problem in report.problems} == {"there is no mesh 'muscles/trapezius.l.1'"}


def test_what_is_absent_is_noted(tmp_path: Path) -> None:
    report = check(builders.write(tmp_path), assets=tmp_path)
    assert any("mesh ids were not checked" in note for note in report.notes)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"structures": [{}]}'])
def test_a_broken_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(TriggermapError, match="make plates"):
        check(builders.write(tmp_path), assets=manifest(tmp_path, text))

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bodies import region_values, structures
from tests.unit import builders
from triggermap.dataset.check import body_manifest, check, muscles_described, right_side_exists
from triggermap.dataset.models import Dataset
from triggermap.dataset.rules import Finding
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
        "claims": 33,
        "unopened_claims": 4,
        "unsourced_claims": 0,
        "problems": [],
    }
    assert "    33 claims" in list(report.counts.words())
    assert "     4 unopened claims (12.1% of claims)" in list(report.counts.words())


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
    for name in ("muscles", "conditions", "hazards", "topics", "answers", "references"):
        (tmp_path / f"{name}.yaml").write_text(f"{name}: []\n")
    (tmp_path / "regions.yaml").write_text("regions: []\ngroups: []\n")
    report = check(tmp_path)
    assert report.problems == ()
    assert "     0 unsourced claims" in list(report.counts.words())


def drawn(folder: Path, change: builders.Change | None = None) -> Path:
    """Assets with a body on which everything of the small dataset is drawn, but for ``change``."""
    values = {"structures": structures(), "regions": region_values()}
    extra = {row["region"] for row in values["regions"]} - {row["id"] for row in builders.raw()["regions"]}
    values["regions"] = [row for row in values["regions"] if row["region"] not in extra]
    if change:
        change(values)
    return manifest(folder, json.dumps(values))


def messages(folder: Path, assets: Path, change: builders.Change | None = None) -> list[str]:
    (folder / "data").mkdir()
    report = check(builders.write(folder / "data", change), assets=assets)
    return [problem.message for problem in report.problems]


def without(key: str, **entry: object) -> builders.Change:
    """Take the entry of a list with these values away."""

    def change(values: builders.Raw) -> None:
        values[key] = [row for row in values[key] if not entry.items() <= row.items()]

    return change


def test_what_is_drawn_has_no_problem(tmp_path: Path) -> None:
    assert messages(tmp_path, drawn(tmp_path)) == []


def test_meshes_are_held_against_the_manifest(tmp_path: Path) -> None:
    assets = drawn(tmp_path, without("structures", mesh="muscles/trapezius.l.1"))
    assert set(messages(tmp_path, assets)) == {"there is no mesh 'muscles/trapezius.l.1'"}


def test_a_right_side_that_is_not_drawn_is_a_problem(tmp_path: Path) -> None:
    assets = drawn(tmp_path, without("structures", mesh="muscles/serratus_anterior.r"))
    (message,) = messages(tmp_path, assets)
    assert message == "the body has no mirror of the mesh 'muscles/serratus_anterior.l'"


def test_a_muscle_without_a_mesh_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    report = check(builders.write(tmp_path / "data"), assets=drawn(tmp_path))
    assert report.problems == ()
    bare = builders.build()
    bare = bare.model_copy(
        update={"muscles": (bare.muscles[0].model_copy(update={"meshes": (), "parts": ()}),)}
    )
    body = body_manifest(tmp_path)
    assert body is not None
    (finding,) = right_side_exists(bare, body)
    assert "'serratus-anterior' has no mesh" in finding.message


def test_a_muscle_that_the_body_lacks_says_on_what_else_it_lies(tmp_path: Path) -> None:
    bare = builders.build(_bare("The body has no serratus: the point lies on rib 6."))
    body = body_manifest(drawn(tmp_path))
    assert body is not None
    assert not list(right_side_exists(bare, body))
    silent = builders.build(_bare("On rib 6."))
    assert len(list(right_side_exists(silent, body))) == 1


def _bare(rule: str) -> builders.Change:
    def change(values: builders.Raw) -> None:
        values["muscles"][0]["meshes"] = []
        values["muscles"][0]["trigger_points"][0]["position"]["rule"] = rule

    return change


def test_a_mesh_belongs_to_one_muscle(tmp_path: Path) -> None:
    def twice(values: builders.Raw) -> None:
        values["muscles"][0]["meshes"].append("muscles/trapezius.l.1")

    body = body_manifest(drawn(tmp_path))
    assert body is not None
    assert not list(muscles_described(builders.build(), body))
    (finding,) = muscles_described(builders.build(twice), body)
    assert "belongs to 'serratus-anterior' already" in finding.message


def test_a_whole_dataset_describes_every_muscle_of_the_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triggermap.dataset.check.WHOLE_DATASET", 2)
    body = body_manifest(drawn(tmp_path))
    assert body is not None
    found = [finding.message for finding in muscles_described(builders.build(), body)]
    listed = {mesh for muscle in builders.build().muscles for mesh in muscle.all_meshes()}
    left = {m for m in body.meshes if m.startswith("muscles/") and ".r" not in m}
    assert found == [f"no muscle lists the mesh '{mesh}'" for mesh in sorted(left - listed)]
    assert found


@pytest.mark.parametrize(("region", "side"), [("temple", "right"), ("temple", "left")])
def test_a_region_that_is_not_drawn_is_a_problem(tmp_path: Path, region: str, side: str) -> None:
    assets = drawn(tmp_path, without("regions", region=region, side=side))
    assert messages(tmp_path, assets) == [f"the computed body has no region '{region}' ({side})"]


def test_a_region_that_nobody_can_name_is_a_problem(tmp_path: Path) -> None:
    def more(values: builders.Raw) -> None:
        values["regions"] += [{"value": 90, "region": "tail", "side": side} for side in ("left", "right")]

    assert messages(tmp_path, drawn(tmp_path, more)) == ["the dataset has no region 'tail'"]


def test_a_deep_region_whose_icon_is_not_drawn_is_a_problem(tmp_path: Path) -> None:
    assets = drawn(tmp_path)
    icons = assets / "icons"
    icons.mkdir()
    (icons / "deep-eye.svg").touch()
    assert messages(tmp_path, assets) == []
    (icons / "deep-eye.svg").rename(icons / "eye.svg")
    report = check(tmp_path / "data", assets=assets)
    (problem,) = report.problems
    assert problem.message == "the icon 'eye' is not drawn"
    lines = Path(tmp_path / "data" / "regions.yaml").read_text().splitlines()
    assert lines[problem.line - 1] == "  icon: eye"


def test_what_is_absent_is_noted(tmp_path: Path) -> None:
    report = check(builders.write(tmp_path), assets=tmp_path)
    assert any("mesh ids were not checked" in note for note in report.notes)
    assert any("icons are not here" in note for note in report.notes)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"structures": [{}]}'])
def test_a_broken_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(TriggermapError, match="make plates"):
        check(builders.write(tmp_path), assets=manifest(tmp_path, text))


def test_rules_of_others_run_on_sound_data_alone(tmp_path: Path) -> None:
    def loud(dataset: Dataset) -> Iterator[Finding]:
        yield Finding(("muscles", 0, "id"), f"seen {len(dataset.muscles)}")

    (tmp_path / "sound").mkdir()
    report = check(builders.write(tmp_path / "sound"), more=(loud,))
    assert [problem.message for problem in report.problems] == ["seen 2"]

    def fault(values: builders.Raw) -> None:
        values["hazards"][1]["icon"] = "ghost"

    (tmp_path / "faulty").mkdir()
    report = check(builders.write(tmp_path / "faulty", fault), more=(loud,))
    assert "seen" not in " ".join(problem.message for problem in report.problems)
    assert any("not held against the body" in note for note in report.notes)

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit import builders
from triggermap.dataset import loader
from triggermap.errors import DataError, Problem, TriggermapError


def problems(folder: Path) -> list[Problem]:
    return loader.read(folder).problems


def words(folder: Path) -> str:
    return "\n".join(map(str, problems(folder)))


def test_a_sound_folder_loads(tmp_path: Path) -> None:
    dataset = loader.load(builders.write(tmp_path))
    assert dataset == builders.build()
    assert [muscle.id for muscle in dataset.muscles] == ["serratus-anterior", "trapezius"]


def test_the_collector_is_left_as_it_was(tmp_path: Path) -> None:
    builders.write(tmp_path)
    assert gc.isenabled()
    loader.load(tmp_path)
    assert gc.isenabled()
    gc.disable()
    try:
        loader.load(tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TriggermapError, match="There is no data folder"):
        loader.load(tmp_path / "none")


def test_an_empty_folder_names_every_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        loader.load(tmp_path)
    assert [Path(problem.file).name for problem in caught.value.problems] == [
        "muscles.yaml",
        "regions.yaml",
        "conditions.yaml",
        "hazards.yaml",
        "topics.yaml",
        "answers.yaml",
        "references.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("# nothing yet\n", "the file is empty"),
        ("- a\n", "must hold a mapping, not a list"),
        ("words\n", "must hold a mapping, not 'words'"),
        ("muscle: []\n", "the key 'muscle' is unknown here. Did you mean 'muscles'?"),
        ("muscle: []\n", "the file has no 'muscles:' at its top level"),
        ("muscles: 5\n", "'muscles' must be a list, not 5"),
        ("muscles:\n", "'muscles' is empty"),
        ("muscles: [5]\n", "entry 1 of 'muscles' must be a mapping, not 5"),
    ],
)
def test_wrong_top_levels(tmp_path: Path, text: str, message: str) -> None:
    builders.write(tmp_path)
    (tmp_path / "muscles.yaml").write_text(text)
    assert message in words(tmp_path)


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    def change(values: builders.Raw) -> None:
        values["muscles"][0]["grup"] = "thorax"
        values["muscles"][1]["safety"][0]["hazard"] = "neumothorax"
        values["muscles"][1]["trigger_points"][0]["essential"][0]["region"] = "tempel"
        values["regions"][0]["group"] = "hed"
        values["hazards"][0]["icon"] = "bone"
        values["references"][0]["year"] = "2010"
        values["conditions"][1]["summary"]["references"] = ["smith-2002"]

    builders.write(tmp_path, change)
    with (tmp_path / "conditions.yaml").open("a") as stream:
        stream.write("conditions: []\n")
    text = words(tmp_path)
    for part in (
        "Did you mean 'group'?",
        "there is no hazard 'neumothorax'. Did you mean",
        "there is no region 'tempel'. Did you mean 'temple'?",
        "there is no group 'hed'. Did you mean 'head'?",
        "'icon' cannot be 'bone'. Write one of: lung, nerve, vessel, organ, spine, general.",
        "'year' must be a whole number, not '2010'. Write a whole number without quotes",
        "there is no reference 'smith-2002'. Did you mean 'smith-2001'?",
        "the key 'conditions' stands twice in one mapping, first in line 1",
    ):
        assert part in text


def test_a_faulty_entry_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    builders.write(tmp_path, lambda values: values["hazards"][1].update(icon="bone"))
    reading = loader.read(tmp_path)
    assert len(reading.problems) == 1
    assert [hazard.id for hazard in reading.dataset.hazards] == ["nerve-injury"]


def test_an_unreadable_file_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    builders.write(tmp_path)
    (tmp_path / "references.yaml").write_text("references: [")
    assert [Path(problem.file).name for problem in problems(tmp_path)] == ["references.yaml"]


def test_lines_of_rules_survive_entries_left_out(tmp_path: Path) -> None:
    def change(values: builders.Raw) -> None:
        values["muscles"][0]["group"] = "belly"
        values["muscles"][1]["safety"][1]["hazard"] = "nothing"

    builders.write(tmp_path, change)
    lines = (tmp_path / "muscles.yaml").read_text().splitlines()
    found = {problem.line: problem.message for problem in problems(tmp_path)}
    assert found == {
        lines.index("  group: belly") + 1: "'group' cannot be 'belly'",
        lines.index("  - hazard: nothing") + 1: "there is no hazard 'nothing'",
    }


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("muscles", 0, "id"), "Serratus Anterior", "Write it like upper-trapezius"),
        (("muscles", 0, "id"), None, "'id' is empty"),
        (("muscles", 0, "latin"), "", "'latin' is too short"),
        (("muscles", 0, "latin"), "x" * 300, "'latin' is too long (300 characters). Write at most 200"),
        (("muscles", 0, "latin"), ["x"], "'latin' must be text, not a list"),
        (("muscles", 0, "latin"), {"a": 1}, "'latin' must be text, not a mapping"),
        (("muscles", 0, "synonyms"), "boxer", "'synonyms' must be a list, not 'boxer'"),
        (("muscles", 0, "synonyms"), [True], "entry 1 of 'synonyms' must be text, not true"),
        (("muscles", 0, "ids", "fma"), "32557", "Write it like FMA:32557"),
        (("muscles", 0, "meshes", 0), "Serratus", "Write it like muscles/trapezius.l.1"),
        (("muscles", 0, "innervation", 0, "roots", 0), "C9", "Write it like C3, T12"),
        (("muscles", 0, "group"), "thorex", "Did you mean 'thorax'? Write one of: head, neck"),
        (("muscles", 0, "origin", "unsourced"), "true", "'unsourced' must be true or false, not 'true'"),
        (("muscles", 0, "origin", "unsourced"), True, "Keep one of the two"),
        (("muscles", 0, "origin", "references"), [], "Name at least one key, or write 'unsourced: true'"),
        (("muscles", 0, "origin"), "Ribs", "'origin' must be a mapping, not 'Ribs'"),
        (("muscles", 0, "trigger_points", 0, "position", "at"), [1, 2], "entry 3 of 'at' is missing"),
        (("muscles", 0, "trigger_points", 0, "position", "at"), [1, 2, 3, 4], "too many entries"),
        (("muscles", 0, "trigger_points", 0, "position", "at", 1), "12", "must be a number, not '12'"),
        (("muscles", 0, "trigger_points", 0, "position", "at", 1), 99999, "out of range: 99999"),
        (("muscles", 0, "disagreements", 0, "positions"), [], "too few entries: 0. Write at least 2"),
        (("references", 0, "doi"), "doi:10.1/x", "Write it like 10.1016/"),
        (("references", 0, "pmid"), 123, "'pmid' must be text, not 123. Write text; put numbers"),
        (("references", 0, "year"), 20.5, "'year' must be a whole number, not 20.5"),
        (("references", 0, "year"), 1066, "Write a number of 1800 or more"),
        (("references", 0, "opened"), False, "contradict each other"),
        (("regions", 0, "anchor"), None, "needs either 'seeds'"),
        (("regions", 0, "icon"), None, "is deep and needs an 'icon'"),
        (("regions", 0, "icon"), "brain", "'icon' cannot be 'brain'. Write one of: belly, bladder"),
        (("regions", 1, "icon"), "chest", "is an area of skin, so it has no 'icon'"),
    ],
)
def test_wrong_values(tmp_path: Path, path: tuple[Any, ...], value: object, message: str) -> None:
    def change(values: builders.Raw) -> None:
        owner: Any = values
        for key in path[:-1]:
            owner = owner[key]
        owner[path[-1]] = value

    assert message in words(builders.write(tmp_path, change))


def test_missing_keys_are_told_at_their_entry(tmp_path: Path) -> None:
    builders.write(tmp_path, lambda values: values["muscles"][1].pop("latin"))
    (problem,) = problems(tmp_path)
    lines = (tmp_path / "muscles.yaml").read_text().splitlines()
    assert problem.line == lines.index("- id: trapezius") + 1
    assert problem.message == "the key 'latin' is missing"


def test_what_the_parser_explained_is_not_told_twice(tmp_path: Path) -> None:
    builders.write(tmp_path)
    path = tmp_path / "regions.yaml"
    path.write_text(path.read_text().replace("paired: false", "paired: no"))
    (problem,) = problems(tmp_path)
    assert "no without quotes" in problem.message


def test_a_flood_of_problems_ends_with_their_number(tmp_path: Path) -> None:
    builders.write(tmp_path)
    (tmp_path / "muscles.yaml").write_text("muscles:\n" + "- 1\n" * 1000)
    assert "800 more problems are not listed" in words(tmp_path)


def test_a_file_that_is_all_wrong_is_summed_up(tmp_path: Path) -> None:
    builders.write(tmp_path)
    (tmp_path / "muscles.yaml").write_text("muscles: [" + "1," * 6000 + "]")
    reading = loader.read(tmp_path)
    assert [problem.message for problem in reading.problems] == ["6,000 values have the wrong form"]
    assert reading.dataset.muscles == ()


def test_paths_are_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    builders.write(tmp_path / "data", lambda values: values["muscles"][0].pop("latin"))
    monkeypatch.chdir(tmp_path)
    assert problems(Path("data"))[0].file == "data/muscles.yaml"
    assert problems(tmp_path / "data")[0].file == "data/muscles.yaml"


PIECES = ["", "\t", "- ", ": ", "\n", "&a ", "*a", "[", "}", "no", "!!set ", "5", "'", "\x07"]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutated_file_crashes_the_loader(tmp_path: Path, data: st.DataObject) -> None:
    builders.write(tmp_path)
    name = data.draw(st.sampled_from(["muscles.yaml", "regions.yaml", "references.yaml"]))
    path = tmp_path / name
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 30))
        piece = data.draw(st.sampled_from(PIECES) | st.text(max_size=5))
        text = text[:at] + piece + text[at + cut :]
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for problem in loader.read(tmp_path).problems:
        assert str(problem)
        assert "\n" not in str(problem)

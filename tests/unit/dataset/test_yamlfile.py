from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import builders
from triggermap.dataset import yamlfile
from triggermap.dataset.yamlfile import YamlFile


def parse(text: str | bytes) -> YamlFile:
    data = text.encode() if isinstance(text, str) else text
    return yamlfile.parse(data, YamlFile("x.yaml"))


def said(file: YamlFile) -> list[str]:
    return [str(problem) for problem in file.problems]


def carefully(data: bytes) -> Any:
    file = YamlFile("x.yaml")
    yamlfile._Builder(file).run(data)
    return file.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", 1),
        ("a: -2.5", -2.5),
        ("a: +.5", 0.5),
        ("a: 1e3", 1000.0),
        ("a: '1'", "1"),
        ("a: 007", "007"),
        ("a: 1:30", "1:30"),
        ("a: 0x1f", "0x1f"),
        ("a: 2001-01-01", "2001-01-01"),
        ("a: .", "."),
        ("a: C5", "C5"),
        ("a: true", True),
        ("a: False", False),
        ("a:", None),
        ("a: ~", None),
        ("a: null", None),
        ("a: 'no'", "no"),
        ("a: nothing", "nothing"),
        ("a: []", []),
        ("a: {}", {}),
        ("a: [1, [two, {b: 3}]]", [1, ["two", {"b": 3}]]),
        ("a: |\n  one\n  two\n", "one\ntwo\n"),
        ("a: " + "9" * 40, "9" * 40),
    ],
)
def test_values(text: str, value: object) -> None:
    file = parse(text)
    assert file.value == {"a": value}
    assert file.usable
    assert not file.problems


def test_top_level_may_be_anything() -> None:
    assert parse("just words").value == "just words"
    assert parse("- 1\n- 2").value == [1, 2]
    assert parse("# a comment alone").value is None


def test_lines() -> None:
    file = parse("a:\n  - b: 1\n    c: 2\n  - [3,\n     4]\nd: {e: 5}\n")
    assert file.line(()) == 1
    assert file.line(("a",)) == 1
    assert file.line(("a", 0)) == 2
    assert file.line(("a", 0, "c")) == 3
    assert file.line(("a", 1)) == 4
    assert file.line(("a", 1, 1)) == 5
    assert file.line(("d", "e")) == 6


def test_the_line_of_what_is_missing_is_its_parents() -> None:
    file = parse("a:\n  - b: 1\n")
    assert file.line(("a", 0, "missing", "deeper")) == 2
    assert file.line(("a", 7)) == 1
    assert file.line(("missing",)) == 1
    assert parse("a: [").line(("a",)) == 0


def test_duplicate_keys_are_refused_and_the_first_kept() -> None:
    file = parse("a:\n  b: 1\n  c: 2\n  b: [3, 4]\n")
    assert said(file) == [
        "x.yaml:4: the key 'b' stands twice in one mapping, first in line 2. Keep one of the two."
    ]
    assert file.usable
    assert file.value == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize("word", ["no", "Yes", "ON", "off"])
def test_bare_yes_and_no_are_refused(word: str) -> None:
    file = parse(f"a: {word}")
    assert file.value == {"a": word}
    assert f'Write "{word}" in quotes' in said(file)[0]


def test_alias_bomb_is_refused_at_every_alias() -> None:
    file = parse("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    words = " ".join(said(file))
    assert "x.yaml:1: the anchor &a is not allowed" in words
    assert "x.yaml:3: the alias *b is not allowed" in words
    assert len(file.problems) == 6
    assert file.value == {"a": ["x", "x"], "b": [None, None], "c": [None, None]}


def test_a_cycle_is_refused() -> None:
    assert "the alias *a" in said(parse("a: &a [*a]"))[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !thing x", "tag"),
        ("? [a, b]\n: 1", "a key is a list"),
        ("? *x\n: 1", "alias"),
        ("a: 1\n---\nb: 2", "second document"),
        ("[" * 100, "nested deeper"),
        ("a: " + "{a: " * 50 + "}" * 50, "nested deeper"),
    ],
)
def test_oddities_are_refused(text: str, words: str) -> None:
    assert words in said(parse(text))[0]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a:\n\t- b", 2, "never tabs|not tabs"),
        ("a: b: c", 1, "quotes"),
        ("a: 1\nb\nc: 2", 2, "key: value|column|space after"),
        ("a: [1, 2", 1, "Close the list"),
        ("a: {b: 2", 1, "Close the mapping"),
        ("a: 'open", 1, "quotation mark"),
        ("a:\n  - b\n c: 2", 3, "indentation"),
        ('a: "\\q"', 1, "single quotes"),
        ("a: \x01", 0, "invisible"),
    ],
)
def test_syntax_errors_have_line_and_hint(text: str, line: int, hint: str) -> None:
    file = parse(text)
    assert not file.usable
    (problem,) = file.problems
    assert any(part in problem.hint for part in hint.split("|")), problem
    assert problem.line >= line
    assert "\n" not in str(problem)


def test_encodings() -> None:
    assert "byte-order mark" in said(parse(b"\xef\xbb\xbfa: 1"))[0]
    assert parse(b"\xef\xbb\xbfa: 1").value == {"a": 1}
    assert "UTF-16" in said(parse("a: 1".encode("utf-16")))[0]
    assert said(parse(b"a: 1\nb: \xe9t\xe9"))[0].startswith(
        "x.yaml:2: the file is not UTF-8 text (byte 0xe9)"
    )


def test_reading_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    assert "missing" in said(yamlfile.read(path, "x.yaml"))[0]
    assert "not a file" in said(yamlfile.read(tmp_path, "x.yaml"))[0]
    path.write_text("a: 1")
    assert yamlfile.read(path, "x.yaml").value == {"a": 1}
    monkeypatch.setattr(yamlfile, "MAX_VALUES", 2)
    path.write_text("[1,1,1,1]")
    assert "more than 2 values" in said(yamlfile.read(path, "x.yaml"))[0]
    monkeypatch.setattr(yamlfile, "MAX_BYTES", 3)
    assert "larger than" in said(yamlfile.read(path, "x.yaml"))[0]


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "x.yaml"
    path.touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert "Permission denied" in said(yamlfile.read(path, "x.yaml"))[0]


def test_a_flood_of_problems_is_counted() -> None:
    file = parse("a: [" + "*x, " * 1000 + "]")
    assert len(file.problems) == yamlfile.MAX_PROBLEMS
    assert file.unlisted == 1000 - yamlfile.MAX_PROBLEMS


def test_the_quick_and_the_careful_way_agree() -> None:
    data = builders.text(*builders.raw()).encode()
    assert yamlfile._quickly(data) == carefully(data) == yaml.safe_load(data) == builders.raw()


def test_the_pure_python_parser_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "_PARSER", yaml.SafeLoader)
    text = builders.text(*builders.raw())
    assert parse(text).value == builders.raw()
    assert "the alias" in said(parse("a: &x 1\nb: *x"))[1]


# "1e3" is a number to YAML 1.2 and to us, but text to PyYAML, which writes it without quotes.
_TEXT = st.text(max_size=8).filter(lambda text: not yamlfile._NUMBER.fullmatch(text))
_SCALARS = st.none() | st.booleans() | st.integers(-999, 999) | _TEXT | st.floats(-9, 9)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(_TREES)
def test_what_is_dumped_is_read_the_same_both_ways(tree: object) -> None:
    data = yaml.dump(tree, Dumper=builders._NoAliases, allow_unicode=True).encode()
    file = yamlfile.parse(data, YamlFile("x.yaml"))
    assert not file.problems
    assert file.value == carefully(data) == yaml.safe_load(data)


@given(st.text(alphabet="ab: -[]{}&*!|>'\"\n\t,?#%@`~\x00é", max_size=60) | st.binary(max_size=60))
def test_nothing_crashes_the_parser(junk: str | bytes) -> None:
    file = parse(junk if isinstance(junk, bytes) else junk.encode())
    assert file.usable or file.problems or not file.value
    assert file.line(("a", 0, "b")) >= 0

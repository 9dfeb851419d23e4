from __future__ import annotations

from typing import Any

import pytest

from triggermap.dataset import messages
from triggermap.dataset.files import FILES, MusclesFile


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
        (True, "true"),
        (None, "nothing"),
        (3.5, "3.5"),
        ("two\n  words", "'two words'"),
        ("x" * 80, "'" + "x" * 57 + "...'"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    assert messages.shown(value) == text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "the file"),
        (("muscles",), "'muscles'"),
        (("muscles", 0), "entry 1 of 'muscles'"),
        (("muscles", 0, "id"), "'id'"),
    ],
)
def test_places_are_named(path: tuple[int | str, ...], words: str) -> None:
    assert messages.path_words(path) == words


def test_nearest_word() -> None:
    assert messages.did_you_mean("latn", ["latin", "name"]) == "Did you mean 'latin'?"
    assert messages.did_you_mean("zzz", ["latin", "name"]) == ""


def details(**values: Any) -> Any:
    return {"type": "strange", "loc": ("muscles", 0, "id"), "msg": "Something new", "input": 1, **values}


def test_an_unforeseen_error_still_says_something() -> None:
    assert messages.explain(details(), MusclesFile) == ("'id': something new", "Correct the value")


def test_an_unknown_pattern_is_shown() -> None:
    error = details(type="string_pattern_mismatch", input="x", ctx={"pattern": "^z$"})
    assert messages.explain(error, MusclesFile)[1] == "Write it like text like ^z$"


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        (("muscles", 0, "latni"), "Did you mean 'latin'?"),
        (("muscles", 0, "origin", "txet"), "Did you mean 'text'?"),
        (("muscles", 0, "qqq"), "Remove it, or use one of: id, name, latin"),
        (("muscles", 0, "id", "x"), "Remove it"),
        (("nowhere", 0, "x"), "Remove it"),
    ],
)
def test_unknown_keys_get_the_nearest(path: tuple[int | str, ...], hint: str) -> None:
    assert messages.explain(details(type="extra_forbidden", loc=path), MusclesFile)[1].startswith(hint)


def test_every_pattern_of_the_models_has_an_example() -> None:
    patterns: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            patterns.update([value["pattern"]] if isinstance(value.get("pattern"), str) else [])
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    for model in FILES.values():
        collect(model.model_json_schema())
    assert patterns
    for pattern in patterns:
        error = details(type="string_pattern_mismatch", input="x", ctx={"pattern": pattern})
        assert "text like" not in messages.explain(error, MusclesFile)[1], pattern

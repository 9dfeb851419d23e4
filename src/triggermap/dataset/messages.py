"""Say what pydantic found in plain words, with what to write instead."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_SHOWN = 60

# By the pattern's first letters or a telling piece: what a value of that form looks like.
_EXAMPLES = (
    (r"^[a-z]+/", "muscles/trapezius.l.1"),
    (r"^[a-z0-9]+(-", "upper-trapezius"),
    (r"^FMA", "FMA:32557"),
    (r"^UBERON", "UBERON:0002380"),
    (r"^A\d\d", "A04.3.01.001"),
    (r"^(C[1-8]", "C3, T12, L5 or S1, one a list entry"),
    (r"^10\.", "10.1016/j.math.2006.02.006"),
    (r"^https?", "https://example.org/page"),
    (r"^-?\d{1,4}", "'101.5 1320 -98, 104 1301.5 -97': corners in mm, with a comma between them"),
    (r"^\d{1,9}$", '"12345678", with the quotes'),
)

_TYPE_WORDS = {
    "string_type": ("text", "Write text; put numbers and words such as true in quotes"),
    "bool_type": ("true or false", "Write true or false without quotes"),
    "bool_parsing": ("true or false", "Write true or false without quotes"),
    "int_type": ("a whole number", "Write a whole number without quotes, such as 2006"),
    "int_from_float": ("a whole number", "Write a whole number without quotes, such as 2006"),
    "float_type": ("a number", "Write a number without quotes, such as 12.5"),
    "finite_number": ("a number", "Write an ordinary number, such as 12.5"),
    "tuple_type": ("a list", "Write a list: one '- ' entry a line, or [a, b]"),
    "list_type": ("a list", "Write a list: one '- ' entry a line, or [a, b]"),
    "model_type": ("a mapping", "Write 'key: value' lines, indented below the name"),
    "dict_type": ("a mapping", "Write 'key: value' lines, indented below the name"),
}


def explain(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return message and hint for one of pydantic's errors in a file that ``model`` describes."""
    kind = error["type"]
    where = path_words(error["loc"])
    given = shown(error.get("input"))
    context: dict[str, Any] = error.get("ctx") or {}
    if kind == "extra_forbidden":
        return f"the key '{error['loc'][-1]}' is unknown here", _key_hint(error["loc"], model)
    if kind == "missing":
        return _missing(error["loc"])
    if error.get("input") is None and kind in _TYPE_WORDS:
        return f"{where} is empty", f"Write {_TYPE_WORDS[kind][0]} after the colon, or remove the key"
    if kind in _TYPE_WORDS:
        words, hint = _TYPE_WORDS[kind]
        return f"{where} must be {words}, not {given}", hint
    if kind in ("enum", "literal_error"):
        return f"{where} cannot be {given}", _choice_hint(error, context)
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        example = next(
            (text for start, text in _EXAMPLES if pattern.startswith(start)), f"text like {pattern}"
        )
        return f"{where} has the wrong form: {given}", f"Write it like {example}"
    if kind == "string_too_short":
        return f"{where} is too short: {given}", f"Write at least {context['min_length']} characters"
    if kind == "string_too_long":
        length = len(error["input"]) if isinstance(error.get("input"), str) else "too many"
        return (
            f"{where} is too long ({length} characters)",
            f"Write at most {context['max_length']} characters",
        )
    if kind in ("too_short", "too_long"):
        return _length(where, kind, context)
    if kind.startswith(("greater_than", "less_than")):
        bound = next(iter(context.values()), "")
        word = "or more" if kind.startswith("greater") else "or less"
        return f"{where} is out of range: {given}", f"Write a number of {bound} {word}"
    if kind == "value_error":
        text, _, hint = str(context.get("error", error["msg"])).partition(": ")
        return f"{where} {text}", hint[:1].upper() + hint[1:]
    return f"{where}: {error['msg'][:1].lower()}{error['msg'][1:]}", "Correct the value"


def path_words(path: tuple[int | str, ...]) -> str:
    """Name the place of a value: the last key, and its number in a list."""
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return "the file"
    last = path[-1]
    if isinstance(last, int):
        return f"entry {last + 1} of '{keys[-1]}'"
    return f"'{last}'"


def shown(value: object) -> str:
    """Return a value as a message shows it: short, on one line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "nothing"
    text = " ".join(str(value).split())
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 3] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return 'Did you mean X?' for the nearest known word, or an empty text."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def _missing(path: tuple[int | str, ...]) -> tuple[str, str]:
    last = path[-1]
    if isinstance(last, int):
        return f"{path_words(path)} is missing", "Write as many entries as are needed"
    if len(path) == 1:
        return (
            f"the file has no '{last}:' at its top level",
            f"Begin with the line '{last}:' and list the entries",
        )
    return f"the key '{last}' is missing", f"Add '{last}: ...' to this entry"


def _length(where: str, kind: str, context: dict[str, Any]) -> tuple[str, str]:
    actual = context.get("actual_length", "?")
    if kind == "too_short":
        return f"{where} has too few entries: {actual}", f"Write at least {context.get('min_length')}"
    return f"{where} has too many entries: {actual}", f"Write at most {context.get('max_length')}"


def _choice_hint(error: ErrorDetails, context: dict[str, Any]) -> str:
    expected = str(context.get("expected", ""))
    allowed = [word.strip("' ") for word in expected.replace(" or ", ", ").split(", ")]
    value = error.get("input")
    guess = did_you_mean(value, allowed) if isinstance(value, str) else ""
    return f"{guess} Write one of: {', '.join(allowed)}".strip()


def _key_hint(path: tuple[int | str, ...], model: type[BaseModel]) -> str:
    owner = _model_at(path[:-1], model)
    if owner is None:
        return "Remove it"
    names = list(owner.model_fields)
    return did_you_mean(str(path[-1]), names) or f"Remove it, or use one of: {', '.join(names)}"


def _model_at(path: tuple[int | str, ...], model: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model that describes the mapping at ``path``."""
    found: type[BaseModel] | None = model
    for key in path:
        if isinstance(key, int):
            continue
        if found is None or key not in found.model_fields:
            return None
        found = _inner_model(found.model_fields[key].annotation)
    return found


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _inner_model(part)
        if found is not None:
            return found
    return None

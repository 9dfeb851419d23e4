from __future__ import annotations

import pytest

from triggermap.errors import DataError, Problem, TriggermapError


def test_problem_reads_like_an_editor_link() -> None:
    problem = Problem("data/muscles.yaml", 123, "the key 'nam' is unknown here", "Did you mean 'name'?")
    assert str(problem) == "data/muscles.yaml:123: the key 'nam' is unknown here. Did you mean 'name'?"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.yaml", 0, "the file is missing"), "a.yaml: the file is missing."),
        (Problem("a.yaml", 2, "it is wrong.", "Write x"), "a.yaml:2: it is wrong. Write x."),
    ],
)
def test_problem_ends_as_sentences(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_sort_by_file_and_line() -> None:
    late, early = Problem("a.yaml", 10, "x"), Problem("a.yaml", 9, "y")
    assert sorted([late, early]) == [early, late]


def test_data_error_names_the_first_problem_and_counts_the_rest() -> None:
    problems = [Problem("a.yaml", line, "wrong") for line in (1, 2, 3)]
    error = DataError(problems)
    assert isinstance(error, TriggermapError)
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:1: wrong. (2 more problems: run 'triggermap check'.)"
    assert str(DataError(problems[:1])) == "a.yaml:1: wrong."
    assert str(DataError([])) == "The data cannot be read."

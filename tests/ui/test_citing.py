"""Marks of sources: numbers in the order of first use, and what was not checked says so."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.builders import build
from triggermap.dataset.dossier import spoken
from triggermap.dataset.models import Claim, Report
from triggermap.ui.citing import UNCHECKED, Citations
from triggermap.ui.theme import Theme, load_theme

# In tests/unit/builders.py, manual-1999 is a book that nobody opened.
OPENED, OTHER, UNOPENED = "smith-2001", "jones-2010", "manual-1999"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for key, value in attrs if tag == "a" and key == "href"]


def read(html: str) -> _Words:
    """What a reader sees of rich text, and where its links lead."""
    words = _Words()
    words.feed(html)
    words.close()
    words.text = re.sub(r"\s+", " ", words.text.replace("\xa0", " ")).strip()
    return words


def claim(text: str, *keys: str) -> Claim:
    return Claim(text=text, references=keys) if keys else Claim(text=text, unsourced=True)


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(Path(__file__).resolve().parent.parent.parent / "assets", "dark")


@pytest.fixture
def cite(theme: Theme) -> Citations:
    return Citations(build(), theme)


def test_numbers_follow_the_order_of_first_use(cite: Citations) -> None:
    marks = [
        read(cite.mark(claim("Some words.", *keys))).text for keys in ((OTHER,), (OPENED, OTHER), (OTHER,))
    ]
    assert marks == ["[1]", "[2,1]", "[1]"]


def test_each_number_leads_to_its_source(cite: Citations) -> None:
    words = read(cite.mark(claim("Some words.", OPENED, UNOPENED)))
    assert words.links == [f"ref:{OPENED}", f"ref:{UNOPENED}"]
    assert "Smith A (2001)" in cite.tip(words.links[0])
    assert cite.tip(words.links[1]).endswith(f"[{UNCHECKED}]")
    assert cite.tip("ref:nobody-1900") == ""


def test_a_book_that_nobody_opened_is_marked(cite: Citations) -> None:
    assert UNCHECKED == "textbook, page not checked"
    assert read(cite.mark(claim("Some words.", UNOPENED))).text == f"[1] {UNCHECKED}"


def test_one_opened_source_is_enough(cite: Citations) -> None:
    assert read(cite.mark(claim("Some words.", UNOPENED, OPENED))).text == "[1,2]"
    assert read(cite.mark(claim("Some words.", OPENED))).text == "[2]"


def test_no_source_says_so(cite: Citations) -> None:
    assert read(cite.mark(claim("Some words."))).text == "(no source found)"
    assert UNCHECKED not in cite.mark(claim("Some words."))


def test_a_statement_comes_with_its_marks(cite: Citations) -> None:
    one = claim("Less than <b>5 mm</b> & more.", OPENED)
    html = cite.claim(one, one.text)
    assert "&lt;b&gt;" in html
    assert read(html).text == "Less than <b>5 mm</b> & more. [1]"


def test_the_words_of_others_say_whose_they_are_and_what_speaks_against_them(cite: Citations) -> None:
    deepest = Claim(text="It may.", references=(UNOPENED,), reported=Report.STUDY)
    against = (claim("It did.", OTHER), deepest)
    one = Claim(text="It is <safe>.", references=(OPENED,), reported=Report.CLINIC, against=against)
    assert read(cite.claim(one, one.text)).text == (
        "Reported by a clinic, not advice: It is <safe>. [1] Against this: It did. [2]"
        f" Against this: Reported from a study, not advice: It may. [3] {UNCHECKED}"
    )
    assert spoken(one) == (
        "Reported by a clinic, not advice: It is <safe>. Against this: It did."
        " Against this: Reported from a study, not advice: It may."
    )


def test_one_statement_is_a_line_and_several_are_paragraphs(cite: Citations) -> None:
    one, two = claim("The first of them.", OPENED), claim("The second of them.", OTHER)
    assert "<p" not in cite.claims([(one, one.text)])
    html = cite.claims((c, c.text) for c in (one, two))
    assert html.count("<p ") == html.count("</p>") == 2
    assert read(html).text == "The first of them. [1]The second of them. [2]"
    assert cite.claims([]) == ""


def test_a_row_says_once_what_was_not_checked(cite: Citations) -> None:
    rows = [(claim("Some words.", UNOPENED), "Temple"), (claim("Some words.", UNOPENED), "Eye")]
    assert read(cite.row(rows)).text == f"Temple [1]; Eye [1] {UNCHECKED}"


def test_a_row_tells_the_unchecked_from_the_checked(cite: Citations) -> None:
    rows = [
        (claim("Some words.", OPENED), "Temple"),
        (claim("Some words.", UNOPENED), "Eye"),
        (claim("Some words."), "Jaw"),
    ]
    assert read(cite.row(rows)).text == f"Temple [1]; Eye [2]†; Jaw (no source found) † {UNCHECKED}"


def test_a_row_that_was_checked_says_nothing_more(cite: Citations) -> None:
    rows = [(claim("Some words.", OPENED), "Temple & brow"), (claim("Some words."), "Jaw")]
    assert read(cite.row(rows)).text == "Temple & brow [1]; Jaw (no source found)"
    assert cite.row([]) == ""


def test_the_list_of_sources_is_what_was_cited_in_its_order(cite: Citations) -> None:
    assert cite.sources() == ""
    cite.mark(claim("Some words.", UNOPENED, OPENED))
    html = cite.sources()
    assert html.count("<p ") == 2
    text = read(html).text
    assert text.index("1 Writer T (1999)") < text.index("2 Smith A (2001)")
    assert UNCHECKED in text
    assert "Jones" not in text


def test_the_colours_are_those_of_the_theme(cite: Citations, theme: Theme) -> None:
    html = cite.mark(claim("Some words.", UNOPENED))
    assert set(re.findall(r"#[0-9a-f]{6}", html)) == {theme.link, theme.muted}

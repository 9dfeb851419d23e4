"""Nothing that users read promises what one body can't know: the table, the data, the words, the exports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.comfort import Reader, fixed_words, json_texts
from tests.unit.builders import build, claim
from triggermap import paths
from triggermap.body.plates import load_body
from triggermap.dataset import rules
from triggermap.dataset.comfort import PHRASES, Phrase, comforts, says_in_whom
from triggermap.dataset.dossier import NO_HAZARD, NOT_LOOKED_FOR, as_text, dossier
from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, Statement
from triggermap.safety import ways
from triggermap.safety.page import page
from triggermap.safety.report import PointReport, reports
from triggermap.safety.stored import Ways

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src/triggermap/dataset/comfort.py"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "ATTRIBUTION.md", ROOT / "CHANGELOG.md", *ROOT.joinpath("docs").glob("*.md")]
)

# For each phrase of the table: what it catches, and what it spares.
EXAMPLES: dict[str, tuple[list[str], list[str]]] = {
    "safe": (
        ["This is a safe site.", "It can be needled safely.", "The safest approach.", "Foolproof."],
        ["Safety comes first.", "An unsafe needle.", "No safe depth can be given.", "No safer."],
    ),
    "little risk": (
        [
            "There is no risk here.",
            "A low-risk site.",
            "A risk-free treatment.",
            "The risk of puncture is low.",
            "Minimal clinical risk.",
            "This is not dangerous.",
            "Without any danger.",
            "A flat needle reduces the risk.",
        ],
        [
            "A low risk of bias.",
            "The muscles at risk.",
            "Some risk remains.",
            "No risk factors were asked for.",
            "It met a danger zone.",
            "A high-risk muscle.",
        ],
    ),
    "harmless": (
        ["A harmless procedure.", "It was well tolerated.", "There is no need to worry.", "Benign."],
        ["A harm.", "Benign paroxysmal positional vertigo.", "Latent points on the painless side."],
    ),
    "cannot happen": (
        ["The nerve cannot be injured here.", "The needle can't reach the lung.", "A lung out of reach."],
        ["They cannot reach a back pocket.", "A piece that cannot be grasped."],
    ),
    "clear way": (
        ["The site is clear of the lung.", "Far from the pleura.", "Nothing is in the way.", "No nerve near"],
        ["Remove it from the lung.", "No lung zone without a note.", "It runs far from its origin."],
    ),
    "rare harm": (
        ["Complications are extremely rare.", "Puncture is unlikely.", "They rarely harm the nerve."],
        ["Pain rarely goes far.", "Not rare: injury of the nerve.", "A rare point.", "Rare. Injury follows."],
    ),
    "rare hazard": (["Injections have hurt it, rarely."], ["Not rare at all.", "It rarefies."]),
    "small rate": (
        ["Under 0.01 % have it.", "Fewer than 1 in 100,000."],
        ["Up to 0.04 % cannot be excluded.", "Under 15 people."],
    ),
    "protection": (
        [
            "The rib protects the lung.",
            "The lung is protected by the ribs.",
            "Bone as a backstop.",
            "The scapula stops a needle.",
            "A path that spares the nerve.",
            "Bracketing keeps the needle out of the lung.",
            "A barrier against the needle.",
        ],
        ["It protects the viscera.", "Pain with guarding and fever.", "Keep the needle off the lung."],
    ),
    "bracketing": (
        ["A regulator asks for bracketing.", "A company brackets the rib.", "Use: bracket against a rib."],
        ["It happened although the rib had been bracketed."],
    ),
    "no harm seen": (
        [
            "Nothing was pierced.",
            "The nerve was not punctured.",
            "It never reached the pleura.",
            "No adverse event.",
            "No serious complications followed.",
            "They were needled without complications.",
        ],
        ["No injury was found reported.", "It was not looked for.", "Pain without injury.", "No report."],
    ),
    "needle length": (
        [
            "Use a 30 mm needle.",
            "A 40-mm long needle.",
            "Needles of 40, 50 and 60 mm.",
            "A short needle.",
            "Choose the needle length.",
        ],
        ["It prints no needle length.", "A needle 2 cm below the crest.", "The length of the muscle."],
    ),
    "depth": (
        [
            "Up to 25 mm deep.",
            "Insert it 2 cm.",
            "A depth of 30 mm.",
            "10 mm below the skin.",
            "No deeper than 20 mm.",
            "The pleura lies at 17.4 mm.",
        ],
        ["5 cm above the clavicle.", "The pleura rises 2 cm above the clavicle.", "An oval of 4 to 5 cm."],
    ),
    "margin": (
        ["The needle tip stopped 9.0 mm from the nerve.", "The nerve lay 7.8 mm from the tip."],
        ["21 mm in front of the tip of the mastoid.", "30 mm lateral to the tip of the tuberosity."],
    ),
}  # fmt: skip


@cache
def dataset() -> Dataset:
    return load(paths.data_dir())


@cache
def reader() -> Reader:
    return Reader(dataset())


def names(text: str, *, hazards: bool = True) -> set[str]:
    return {phrase.name for phrase, _ in comforts(text, hazards=hazards)}


# --- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.name)
def test_a_phrase_catches_its_examples_and_spares_what_is_near(phrase: Phrase) -> None:
    caught, spared = EXAMPLES[phrase.name]
    assert [text for text in caught if phrase.name not in names(text)] == []
    assert [text for text in spared if phrase.name in names(text)] == []


def test_what_is_rare_is_a_hazard_only_where_hazards_are_told() -> None:
    assert names("It is rarely felt.", hazards=True) == {"rare hazard"}
    assert names("It is rarely felt.", hazards=False) == set()


def test_the_absence_of_a_hazard_is_no_comfort() -> None:
    assert names(NO_HAZARD) == names(NOT_LOOKED_FOR) == set()
    assert NO_HAZARD == "No hazard documented or found in this model; anatomy varies."


@pytest.mark.parametrize(
    "text", ["In 15 cadavers it did.", "In ten cadaver forearms.", "In 65 living people."]
)
def test_a_population_is_seen(text: str) -> None:
    assert says_in_whom(text)
    assert not says_in_whom("The needle of 30 mm never reached it.")


# --- the data ------------------------------------------------------------------------------------


def test_no_text_of_the_dataset_comforts_and_every_quotation_is_one() -> None:
    found = [*rules.no_false_comfort(dataset()), *rules.reported_rightly(dataset())]
    assert [f"{finding.path}: {finding.message}" for finding in found] == []


def test_quotations_are_few_sourced_and_most_are_answered() -> None:
    """The exemption is for what must be told and can't be ours; it is not a way round the rule."""
    quoted = [
        (path, item)
        for path, item in rules.everything(dataset())
        if isinstance(item, Statement) and item.reported
    ]
    assert 30 <= len(quoted) <= 80
    assert all(item.references and not item.unsourced for _, item in quoted)
    keys = {key for _, item in quoted for one in item.against for key in one.references}
    assert {"mintken2025", "boyce2020", "chen2018"} <= keys


# --- the program's own words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(ROOT.joinpath("src/triggermap").rglob("*.py")) if path != TABLE],
    ids=lambda path: str(path.relative_to(ROOT / "src/triggermap")),
)
def test_no_fixed_words_of_the_program_comfort(path: Path) -> None:
    words = fixed_words(path.read_text(encoding="utf-8"))
    assert [(line, text) for line, text in words if names(text)] == []


def test_fixed_words_are_found_in_every_form() -> None:
    source = '''
"""A safe docstring."""
A = "a " "safe" " site"
def f(x):
    """Safe."""
    return f"safe {x} site" if x else ("no", "risk")
'''
    found = [text for _, text in fixed_words(source)]
    assert [text for text in found if names(text)] == ["safe  …  site", "a safe site"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_of_ours_comforts(path: Path) -> None:
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    assert [one for one in paragraphs if names(" ".join(one.split()))] == []


# --- exports -------------------------------------------------------------------------------------


def test_what_show_prints_of_every_muscle_comforts_nobody() -> None:
    found: list[tuple[str, ...]] = []
    for muscle in dataset().muscles:
        data = dossier(dataset(), muscle.id)
        found += [(muscle.id, one) for one in reader().comforts(as_text(data))]
        found += [
            (muscle.id, key, phrase.name, text)
            for key, text in json_texts(data)
            for phrase, _ in comforts(text)
            if not (phrase.measure and key == "rule")
        ]
    assert found == []


def test_what_safety_prints_comforts_nobody() -> None:
    bare = PointReport("m", "p", "left", ways.Found((), ()), (), ())
    body = load_body(paths.assets_dir() / "body")
    printed = page(dataset(), reports(dataset(), Ways(body))).splitlines()
    words = [*bare.lines(), ways.CAVEAT, *printed, *(one.title for one in body.structures.values())]
    assert [text for text in words if names(text)] == []
    assert "not documented" in " ".join(bare.lines())


def test_a_quotation_without_the_words_that_make_it_one_is_found() -> None:
    """The exports are read with quotations left out; one whose lead is lost must not be."""
    quoted = build(
        lambda values: values["muscles"][0]["safety"][0].update(
            reports=[{**claim("Nothing was hit in 9 cadavers.", "smith-2001"), "reported": "study finding"}]
        )
    )
    text = as_text(dossier(quoted, "serratus-anterior"))
    assert Reader(quoted).comforts(text) == []
    assert "no harm seen: Nothing was hit in 9 cadavers." in [
        one.split(" [")[0] for one in Reader(quoted).comforts(text.replace("not advice", "so"))
    ]
    assert [key for key, one in json_texts(dossier(quoted, "serratus-anterior")) if "hit" in one] == []
    bare = {"text": "Nothing was hit.", "references": []}
    assert list(json_texts({"palpation": [bare]})) == [("text", "Nothing was hit.")]


# --- where nothing is documented ---------------------------------------------------------------------


def test_a_muscle_or_point_without_a_note_says_so() -> None:
    def narrow(values: dict[str, list[dict[str, object]]]) -> None:
        muscle = values["muscles"][1]
        muscle["safety"] = [{**muscle["safety"][0], "points": ["trapezius-1"]}]  # type: ignore[index]

    data = dossier(build(narrow), "trapezius")
    assert [data["no_hazard"], *(point["no_hazard"] for point in data["trigger_points"])] == [
        None,
        None,
        NO_HAZARD,
    ]
    assert as_text(data).count(NO_HAZARD) == 1
    data = dossier(build(lambda values: values["muscles"][1].update(safety=[])), "trapezius")
    assert data["no_hazard"] == NO_HAZARD
    assert as_text(data).count(NO_HAZARD) == 3


def test_a_muscle_without_points_does_not_say_that_it_was_looked_for() -> None:
    """No way to it was computed: "found in this model" would be a claim about nothing."""
    data = dossier(
        build(lambda values: values["muscles"][1].update(safety=[], trigger_points=[])), "trapezius"
    )
    assert data["no_hazard"] == NOT_LOOKED_FOR
    assert NO_HAZARD not in as_text(data)
    assert NOT_LOOKED_FOR in as_text(data)

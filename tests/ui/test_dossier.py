"""The dossier in the window: its order, its marks and sources, and that no word of it is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from tests.ui.desk import Desk, cut_labels, plain
from triggermap import paths
from triggermap.dataset.dossier import citation
from triggermap.dataset.loader import load
from triggermap.dataset.models import Claim, Muscle, Part, Sourced
from triggermap.ui.citing import UNCHECKED
from triggermap.ui.point_card import PointCard
from triggermap.ui.texts import DISCLAIMER, NO_FIXED_KEY, NO_FIXED_REFERRAL

DATASET = load(paths.data_dir())
MUSCLES = {muscle.id: muscle for muscle in DATASET.muscles}
# Every dossier takes a fifth of a second to lay out: the first twelve muscles, and every twelfth of the rest.
FIRST = """
    gluteus-medius infraspinatus levator-scapulae pectoralis-minor piriformis quadratus-lumborum rhomboids
    serratus-anterior soleus sternocleidomastoid suboccipitals trapezius
    """.split()  # noqa: SIM905
SHOWN = sorted({*FIRST, *list(MUSCLES)[::12]})
REFERRING = [m for m in SHOWN if any(p.essential or p.spillover for p in MUSCLES[m].trigger_points)]
REFERENCES = {reference.key: reference for reference in DATASET.references}
SECTIONS = [
    "TRIGGER POINTS",
    "CONDITIONS",
    "ANATOMY",
    "PALPATION",
    "NOTES",
    "WHERE SOURCES DISAGREE",
    "NAMES AND NUMBERS",
    "SOURCES",
]
MARKS = re.compile(r"\s*\[(\d+(?:,\d+)*)\]")


def labels(desk: Desk) -> list[QLabel]:
    """The labels of the dossier as they were built, the folded ones too."""
    return [label for label in desk.dossier._content.findChildren(QLabel) if label.text()]


def words(desk: Desk) -> str:
    return "\n".join(squeezed(plain(label)) for label in labels(desk))


def squeezed(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", text).replace("\n", " ")


def section(desk: Desk, title: str) -> str:
    """The text that stands under a heading."""
    return squeezed(plain(below(desk, title)))


def below(desk: Desk, title: str) -> QLabel:
    """The label that stands under a heading."""
    heading = next(x for x in labels(desk) if x.objectName() == "section" and x.text().startswith(title))
    parent = heading.parentWidget()
    assert parent is not None
    layout = parent.layout()
    assert layout is not None
    item = layout.itemAt(layout.indexOf(heading) + 1)
    assert item is not None
    label = item.widget()
    assert isinstance(label, QLabel)
    return label


def top(desk: Desk, label: QLabel) -> int:
    return label.mapTo(desk.dossier, QPoint(0, 0)).y()


def numbered(desk: Desk) -> dict[int, str]:
    """The list of sources: number to citation."""
    rows = [row for row in plain(below(desk, "SOURCES")).split("\n") if row.strip()]
    pairs = [row.split(None, 1) for row in rows]
    return {int(number): squeezed(text) for number, text in pairs}


def claims(  # noqa: C901  # one loop for each place where claims stand
    muscle: Muscle,
) -> Iterator[tuple[str, Sourced]]:
    """Every statement of a muscle with its words as the dossier shows them."""
    for note in muscle.safety:
        yield note.text, note
    for point in muscle.trigger_points:
        yield point.site.text, point.site
        for one in point.notes:
            yield one.text, one
        for disagreement in point.disagreements:
            for position in disagreement.positions:
                yield position.text, position
    for link in muscle.conditions:
        yield link.text, link
    owners: list[Muscle | Part] = [muscle, *muscle.parts]
    for owner in owners:
        found: list[Claim | None] = [owner.origin, owner.insertion, *owner.actions]
        for claim in found:
            if claim is not None:
                yield claim.text, claim
    for one in (*muscle.palpation, *muscle.notes):
        yield one.text, one
    for disagreement in muscle.disagreements:
        for position in disagreement.positions:
            yield position.text, position


# --- order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("muscle", SHOWN)
def test_the_order_is_name_warnings_points_and_the_rest(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    one = MUSCLES[muscle]
    visible = sorted((label for label in labels(desk) if label.isVisible()), key=lambda x: top(desk, x))
    assert [plain(label) for label in visible[:2]] == [one.name, one.latin]
    headings = [label for label in visible if label.objectName() == "section"]
    titles = [label.text().split(" (")[0] for label in headings]
    assert titles == [title for title in SECTIONS if title in titles]
    assert titles[0] == "TRIGGER POINTS"
    assert {"ANATOMY", "NAMES AND NUMBERS", "SOURCES"} <= set(titles)
    assert f"({len(one.trigger_points)})" in headings[0].text()
    assert len(desk.dossier.banners) == len({note.hazard for note in one.safety})
    for banner in desk.dossier.banners:
        if banner.name.visibleRegion().isEmpty():
            continue  # below the others in the scrolled part of the warnings
        assert top(desk, visible[1]) < top(desk, banner.name) < top(desk, headings[0])
    cards = [card for card in desk.dossier.findChildren(PointCard) if card.isVisible()]
    assert len(cards) == len(one.trigger_points)
    numbers = [int(re.search(r"× (\d+)", plain(card.heading)).group(1)) for card in cards]  # type: ignore[union-attr]
    assert numbers == sorted(numbers)
    assert plain(visible[-1]) == DISCLAIMER


# --- marks and sources ------------------------------------------------------------------------------------


@pytest.mark.parametrize("muscle", SHOWN)
def test_every_claim_has_its_marks_and_they_lead_to_its_sources(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    text, listed = words(desk), numbered(desk)
    checked = 0
    for statement, sourced in claims(MUSCLES[muscle]):
        cited = [squeezed(citation(REFERENCES[key])) for key in sourced.references]
        opened = any(REFERENCES[key].opened for key in sourced.references)
        # The same words may stand elsewhere with other sources: one of the places is this claim's.
        places = [match.end() for match in re.finditer(re.escape(squeezed(statement)), text)]
        assert places, f"not shown: {statement!r}"
        found = [(MARKS.match(text, place), place) for place in places]
        fitting = [
            marks.end()
            for marks, _ in found
            if marks and [listed[int(number)] for number in marks.group(1).split(",")] == cited
        ]
        assert fitting, f"no mark, or a wrong one, after {statement!r}"
        unchecked = [text[end:].lstrip().startswith(UNCHECKED) for end in fitting]
        assert (not opened) in unchecked
        checked += 1
    assert checked > (4 if MUSCLES[muscle].trigger_points else 2)


@pytest.mark.parametrize("muscle", SHOWN)
def test_every_zone_and_every_nerve_has_its_marks(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    text = words(desk)
    for point in MUSCLES[muscle].trigger_points:
        for zone in (*point.essential, *point.spillover):
            region = desk.session.regions[zone.region]
            name = squeezed(region.name)
            assert re.search(re.escape(name) + r"[^\[\]]{0,90}\[\d", text), name
    for nerve in MUSCLES[muscle].innervation:
        assert re.search(re.escape(nerve.nerve) + r"[^\[\]]{0,60}\[\d", text), nerve.nerve


@pytest.mark.parametrize("muscle", SHOWN)
def test_sources_are_numbered_in_the_order_of_their_marks(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    listed = numbered(desk)
    assert list(listed) == list(range(1, len(listed) + 1))
    seen: list[int] = []
    for label in labels(desk):
        for found in re.findall(r"\[(\d+(?:,\d+)*)\]", plain(label)):
            seen += [int(number) for number in found.split(",") if int(number) not in seen]
    assert sorted(seen) == list(listed), "a source that nothing cites, or a mark without a source"
    assert seen == list(listed)


def test_what_no_page_was_checked_for_says_so(desk: Desk) -> None:
    """Next to the claim, and there alone."""
    desk.select("trapezius")
    text = words(desk)
    points = {point.id: point for point in MUSCLES["trapezius"].trigger_points}
    unopened = points["trapezius-lower-1"].site
    assert not any(REFERENCES[key].opened for key in unopened.references)
    assert re.search(re.escape(squeezed(unopened.text)) + r"\s*\[[\d,]+\]\s*" + UNCHECKED, text)
    opened = points["trapezius-upper-1"].site
    assert any(REFERENCES[key].opened for key in opened.references)
    assert re.search(re.escape(squeezed(opened.text)) + r"\s*\[[\d,]+\](?!\s*" + UNCHECKED + ")", text)


def test_a_mark_tells_its_source_when_pointed_at(desk: Desk) -> None:
    desk.select("soleus")
    label = next(label for label in labels(desk) if "Origin" in plain(label))
    key = re.search(r"href='(ref:[^']+)'", label.text())
    assert key is not None
    label.linkHovered.emit(key.group(1))
    assert label.toolTip() == citation(REFERENCES[key.group(1).removeprefix("ref:")])


# --- what has to be said ----------------------------------------------------------------------------------


@pytest.mark.parametrize("muscle", REFERRING)
def test_no_pattern_without_its_caveat(desk: Desk, muscle: str) -> None:
    assert NO_FIXED_REFERRAL.startswith("No fixed referral location should be expected")
    with desk.unpainted():
        for point in MUSCLES[muscle].trigger_points:
            if not (point.essential or point.spillover):
                continue
            desk.select(muscle, point.id)
            assert not desk.window.frame._legend.isHidden()
            assert NO_FIXED_REFERRAL in squeezed(plain(desk.window.frame._legend_text))
            assert re.search(re.escape(NO_FIXED_REFERRAL) + r"\s*\[\d", words(desk))
    number = next(
        n for n, text in numbered(desk).items() if text == squeezed(citation(REFERENCES[NO_FIXED_KEY]))
    )
    assert f"{NO_FIXED_REFERRAL} [{number}]" in words(desk)


def test_a_region_has_the_caveat_too(desk: Desk) -> None:
    desk.show("back/skin/both?region=buttock-lateral")
    assert NO_FIXED_REFERRAL in words(desk)
    assert squeezed(citation(REFERENCES[NO_FIXED_KEY])) in list(numbered(desk).values())


@pytest.mark.parametrize("muscle", [muscle for muscle in SHOWN if MUSCLES[muscle].disagreements])
def test_disagreements_are_shown_with_all_sides(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    text = section(desk, "WHERE SOURCES DISAGREE")
    for disagreement in MUSCLES[muscle].disagreements:
        assert len(disagreement.positions) >= 2
        assert squeezed(disagreement.question) in text
        for position in disagreement.positions:
            assert squeezed(position.text) in text


def test_a_point_shows_its_own_disagreements_when_it_is_chosen(desk: Desk) -> None:
    point = MUSCLES["serratus-anterior"].trigger_points[0]
    assert point.disagreements
    desk.select("serratus-anterior")
    question = squeezed(point.disagreements[0].question)
    assert question not in squeezed(desk.dossier_text())
    desk.select("serratus-anterior", point.id)
    assert question in squeezed(desk.dossier_text())


def test_a_condition_says_how_good_its_evidence_is_and_what_to_exclude(desk: Desk) -> None:
    conditions = {condition.id: condition for condition in DATASET.conditions}
    for muscle in (MUSCLES[one] for one in SHOWN if MUSCLES[one].conditions):
        desk.session.select_muscle(muscle.id)
        desk.settle()
        text = section(desk, "CONDITIONS")
        for link in muscle.conditions:
            condition = conditions[link.condition]
            assert f"{condition.name} ({link.evidence.value})" in text
            for flag in condition.red_flags:
                assert f"First exclude: {squeezed(flag.text)}" in text


def test_a_muscle_without_points_says_so_and_tells_its_anatomy(desk: Desk) -> None:
    muscle = next(m for m in DATASET.muscles if not m.trigger_points and m.origin and m.meshes)
    desk.session.select_structure(desk.structure(muscle.meshes[0]))
    desk.settle()
    assert desk.state.muscle == muscle.id
    text = words(desk)
    assert "No trigger point documented here." in text
    assert muscle.origin is not None
    assert squeezed(muscle.origin.text) in text
    assert [card for card in desk.dossier.findChildren(PointCard) if card.isVisible()] == []


def test_every_muscle_of_the_body_has_an_entry(desk: Desk) -> None:
    body = desk.session.body
    assert body is not None
    muscles = [s for s in body.structures.values() if s.system == "muscles"]
    assert len(muscles) > 600
    assert [s.mesh for s in muscles if desk.session.muscle_of(s) is None] == []


def test_a_bone_says_what_it_is(desk: Desk) -> None:
    desk.show("front/bone/both?structure=skeleton/scapula.l")
    assert desk.texts()[0] == "Scapula (left)"
    assert "Bone" in desk.dossier_text()
    assert "No trigger point" not in desk.dossier_text()


def test_the_welcome_counts_and_says_what_to_do(desk: Desk) -> None:
    text = desk.dossier_text()
    points = sum(len(muscle.trigger_points) for muscle in DATASET.muscles)
    assert (
        f"{len(DATASET.muscles)} muscles, {points} trigger points, {len(DATASET.references)} sources." in text
    )
    assert "click where it hurts" in squeezed(text)
    assert DISCLAIMER in text


def test_the_close_button_clears(desk: Desk) -> None:
    desk.select("soleus", "soleus-1")
    (button,) = [
        b for b in desk.dossier.findChildren(QToolButton) if b.accessibleName() == "Clear the selection"
    ]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.state.cleared() == desk.state
    assert "sources." in desk.dossier_text()


def test_the_chosen_point_is_scrolled_into_view(desk: Desk) -> None:
    desk.window.resize(1024, 700)
    points = MUSCLES["trapezius"].trigger_points
    last = max(points, key=lambda point: int(point.label))
    desk.select("trapezius", last.id)
    (card,) = [card for card in desk.dossier.findChildren(PointCard) if card.isChecked()]
    assert card.visibleRegion().boundingRect().height() > 60
    assert card.accessibleName() == f"Trigger point {last.label}, {last.name}"


def test_a_card_is_chosen_by_keyboard(desk: Desk) -> None:
    desk.select("soleus")
    card = next(card for card in desk.dossier.findChildren(PointCard) if card.isVisible())
    card.setFocus()
    desk.press(Qt.Key.Key_Space)
    assert desk.state.point == "soleus-1"


# --- nothing is cut ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "sizes"), [(1.0, [(1024, 700), (1280, 800), (1920, 1080)]), (2.0, [(1280, 800)])]
)
def test_no_word_is_cut(desk: Desk, scale: float, sizes: list[tuple[int, int]]) -> None:
    desk.look("light", scale)
    found = {}
    for muscle in (MUSCLES[one] for one in SHOWN):
        first = muscle.trigger_points[0].id if muscle.trigger_points else None
        desk.session.select_muscle(muscle.id, first)
        for size in sizes:
            desk.window.resize(*size)
            desk.settle()
            if cut := [*cut_labels(desk.dossier), *cut_labels(desk.window.frame)]:
                found[muscle.id, size] = cut
    assert found == {}


@pytest.mark.parametrize("state", ["back/superficial/both", "back/skin/both?region=buttock-lateral",
                                   "back/bone/both?structure=skeleton/scapula.l"])  # fmt: skip
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_word_is_cut_elsewhere(desk: Desk, state: str, scale: float) -> None:
    desk.look("dark", scale)
    desk.window.resize(1024, 700)
    desk.show(state)
    assert [*cut_labels(desk.dossier), *cut_labels(desk.window.finder), *cut_labels(desk.window.frame)] == []

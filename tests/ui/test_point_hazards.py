"""No trigger point is listed without its hazards: what its card says, for eyes and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel

from tests.ui.desk import Desk, contrast, cut_labels, pixels, plain
from triggermap import paths
from triggermap.body.plates import Body
from triggermap.dataset.dossier import NO_HAZARD
from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, Hazard, Muscle, SafetyNote
from triggermap.errors import TriggermapError
from triggermap.safety.general import NOT_AVAILABLE
from triggermap.safety.hazards import cautions
from triggermap.safety.risks import Advice
from triggermap.safety.shown import BRIDGED, NEAR, NOTHING_NAMED, ON_THE_WAY, shown
from triggermap.safety.stored import SIDES
from triggermap.safety.ways import CAVEAT, Found, Met
from triggermap.ui.point_card import PointCard
from triggermap.userdata.options import THEMES, Theme

DATASET = load(paths.data_dir())
MUSCLES = {muscle.id: muscle for muscle in DATASET.muscles}
# A dossier takes a tenth of a second to lay out: those over the lung that differ, and some of each part.
SHOWN = sorted({
    *("rhomboids", "trapezius", "scalenes", "pectoralis-major", "quadratus-lumborum", "piriformis"),
    *[muscle.id for muscle in DATASET.muscles if muscle.trigger_points][::10],
})  # fmt: skip
LEAST_CONTRAST = 4.5
FOOT = "abductor-hallucis"


def words(label: QLabel | None) -> str:
    assert label is not None
    return " ".join(plain(label).split())


def hazards(muscle: Muscle, point: str, dataset: Dataset = DATASET) -> list[str]:
    """Names of the hazards that the notes write of a point."""
    return list(dict.fromkeys(caution.hazard.name for caution in cautions(dataset, muscle, point)))


@pytest.mark.parametrize("muscle", SHOWN)
def test_every_card_names_the_hazards_of_its_point(desk: Desk, muscle: str) -> None:
    desk.select(muscle)
    assert desk.dossier._cards.keys() == {point.id for point in MUSCLES[muscle].trigger_points}
    for point, card in desk.dossier._cards.items():
        names = hazards(MUSCLES[muscle], point)
        assert words(card.warning) == "; ".join(names)
        assert card.accessibleDescription().startswith(f"Hazards: {', '.join(names)}.")
        assert card.warning is not None
        assert card.warning.isVisible()
        assert "<img" not in card.warning.text(), "Qt's lock on picture formats, and Python's: a standstill"
        assert card.sign is not None
        assert card.sign.isVisible()
        assert not card.sign.pixmap().isNull()
        assert cut_labels(card) == []


def test_pneumothorax_stands_first_on_every_card_that_has_it() -> None:
    for muscle in DATASET.muscles:
        for point in muscle.trigger_points:
            names = hazards(muscle, point.id)
            assert "Pneumothorax" not in names[1:]


@pytest.mark.parametrize("theme", THEMES)
def test_the_words_on_a_card_can_be_read_and_its_icon_is_drawn(desk: Desk, theme: Theme) -> None:
    desk.look(theme, 1.0)
    desk.select("rhomboids")
    card = next(iter(desk.dossier._cards.values()))
    assert card.warning is not None
    assert contrast(pixels(card.warning)) >= LEAST_CONTRAST
    assert card.sign is not None
    assert card.sign.geometry().right() < card.warning.geometry().left()
    place = QRect(card.sign.mapTo(desk.window, QPoint(0, 0)), card.sign.size())
    assert contrast(pixels(desk.window, place)) >= 3.0, "no icon before the word"


def test_a_region_lists_no_point_without_its_hazards(desk: Desk) -> None:
    desk.show("back/skin/left?region=shoulder-front")
    cards = [card for card in desk.dossier.findChildren(PointCard) if card.isVisible()]
    told = [words(card.warning) for card in cards]
    assert len(told) > 5
    assert all(told)
    assert any("Pneumothorax" in one for one in told)
    assert all(card.accessibleDescription().startswith("Hazards: ") for card in cards)


# --- what the body shows ----------------------------------------------------------------------------------


def more(desk: Desk, point: str) -> str:
    return words(desk.dossier._cards[point]._more)


@pytest.mark.parametrize(("muscle", "point"), [("rhomboids", "rhomboids-2"), ("scalenes", "scalenes-1"),
                                               ("piriformis", "piriformis-1")])  # fmt: skip
def test_the_chosen_point_lists_what_the_body_shows(desk: Desk, muscle: str, point: str) -> None:
    desk.select(muscle, point)
    assert desk.session.advice is not None
    one = desk.session.point
    assert one is not None
    found = desk.session.advice.found(one, SIDES)
    text = more(desk, point)
    card = desk.dossier._cards[point]
    assert card._more is not None
    assert card._more.isVisible()
    assert "Computed on the reference body" in text
    assert "not a patient" in text
    assert CAVEAT in text
    said = shown(found)
    for where, names in said.rows():
        assert f"{where}: {'; '.join(names)}." in text
    for side, here in found.items():
        for structure in here.structures().values():
            bone = structure.system == "skeleton"
            assert (structure.label in text) != bone, (side, structure.label)
    others = [one for one in desk.dossier._cards if one != point]
    assert not any(desk.dossier._cards[one]._more.isVisible() for one in others)  # type: ignore[union-attr]


def test_the_neck_vessels_are_said_to_be_bridged(desk: Desk) -> None:
    desk.select("scalenes", "scalenes-1")
    bridged = [
        point.id
        for muscle in DATASET.muscles
        for point in muscle.trigger_points
        if desk.session.advice is not None and shown(desk.session.advice.found(point, SIDES)).bridged
    ]
    assert bridged
    muscle = next(m for m in DATASET.muscles if bridged[0] in {p.id for p in m.trigger_points})
    desk.select(muscle.id, bridged[0])
    assert BRIDGED in more(desk, bridged[0])
    assert "gap" in BRIDGED


# --- without a note ---------------------------------------------------------------------------------------


class Advised(Advice):
    """Says the same of every point."""

    def __init__(self, dataset: Dataset, body: Body, found: Mapping[str, Found] | None) -> None:
        super().__init__(dataset, body)
        self._found = found

    def found(self, point: object, sides: object) -> dict[str, Found]:
        if self._found is None:
            raise TriggermapError("ways.json is broken.")
        return dict(self._found)


@pytest.fixture
def unnoted(desk: Desk) -> Iterator[Desk]:
    """The window with a dataset in which a muscle of the foot has no note."""
    session = desk.session
    dataset, advice, faults = session.dataset, session.advice, session.faults
    assert dataset is not None
    session.take_dataset(changed(dataset, safety=()), advice)
    yield desk
    session.faults = faults
    session.take_dataset(dataset, advice)
    desk.settle()


def changed(dataset: Dataset, **fields: object) -> Dataset:
    muscles = tuple(m.model_copy(update=fields) if m.id == FOOT else m for m in dataset.muscles)
    return dataset.model_copy(update={"muscles": muscles})


def advise(desk: Desk, found: Mapping[str, Found] | None) -> None:
    dataset, body = desk.session.dataset, desk.session.body
    assert dataset is not None
    assert body is not None
    desk.session.advice = Advised(dataset, body, found)
    desk.select(FOOT, f"{FOOT}-1")


def told(desk: Desk) -> str:
    card = desk.dossier._cards[f"{FOOT}-1"]
    assert words(card.warning) in card.accessibleDescription()
    return words(card.warning)


def test_what_the_body_shows_is_named_where_no_note_is(unnoted: Desk) -> None:
    unnoted.select(FOOT, f"{FOOT}-1")
    assert "No hazard is written here" in told(unnoted)
    assert "plantar" in told(unnoted).lower()
    assert NO_HAZARD not in unnoted.dossier_text()


def test_where_neither_note_nor_body_has_anything_it_says_that_anatomy_varies(unnoted: Desk) -> None:
    bone = next(s for s in unnoted.session.body.structures.values() if s.system == "skeleton")  # type: ignore[union-attr]
    for found in (Found((), ()), Found((Met(bone, True, 1),), ())):
        unnoted.session.clear()
        advise(unnoted, {"left": found, "right": found})
        assert told(unnoted) == NO_HAZARD
        assert NOTHING_NAMED in more(unnoted, f"{FOOT}-1")
        assert ON_THE_WAY not in more(unnoted, f"{FOOT}-1")
        assert NEAR not in more(unnoted, f"{FOOT}-1")
        assert CAVEAT in more(unnoted, f"{FOOT}-1")


def test_where_the_body_cannot_be_asked_nothing_is_said_to_be_absent(unnoted: Desk) -> None:
    advise(unnoted, None)
    assert told(unnoted) == f"{NOT_AVAILABLE}."
    unnoted.settle()
    assert unnoted.session.faults == ("ways.json is broken.",)
    assert unnoted.dossier.fault is not None
    assert NO_HAZARD not in unnoted.dossier_text()


# --- what the body lacks ----------------------------------------------------------------------------------


def with_unseen(dataset: Dataset, note: str | None, hazard: str | None) -> Dataset:
    muscle = next(m for m in dataset.muscles if m.id == FOOT)
    first, *rest = muscle.safety
    notes: tuple[SafetyNote, ...] = (first.model_copy(update={"unseen": note, "points": ()}), *rest)
    hazards: tuple[Hazard, ...] = tuple(
        h.model_copy(update={"unseen": hazard}) if h.id == first.hazard else h for h in dataset.hazards
    )
    return changed(dataset, safety=notes).model_copy(update={"hazards": hazards})


@pytest.mark.parametrize(
    ("note", "hazard"), [("A needle may be angled.", None), (None, "It has no mesh."), ("An A.", "A B.")]
)
def test_a_note_says_why_the_body_does_not_show_it(
    unnoted: Desk, note: str | None, hazard: str | None
) -> None:
    unnoted.session.take_dataset(with_unseen(DATASET, note, hazard), unnoted.session.advice)
    unnoted.select(FOOT, f"{FOOT}-1")
    (banner, *_) = unnoted.dossier.banners
    text = plain(banner.words)
    for reason in (note, hazard):
        if reason:
            sentence = f"Not shown by the reference body: {reason}"
            assert text.count(sentence) == 1
            assert sentence in banner.accessibleDescription()
    assert text.count("Not shown by the reference body") == sum(x is not None for x in (note, hazard))
    assert "font-size:13px" in banner.words.text()


def test_a_note_without_a_reason_says_nothing_of_it(unnoted: Desk) -> None:
    unnoted.session.take_dataset(with_unseen(DATASET, None, None), unnoted.session.advice)
    unnoted.select(FOOT)
    assert "Not shown" not in plain(unnoted.dossier.banners[0].words)

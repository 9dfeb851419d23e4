"""No words of the window, seen or heard, may be taken for permission; quotations say that they are some."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTextEdit, QWidget

from tests.comfort import Reader, plain
from tests.ui.desk import Desk
from triggermap.dataset.dossier import NO_HAZARD, NOT_LOOKED_FOR, REPORTED, spoken
from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset
from triggermap.paths import data_dir
from triggermap.ui.about import AboutDialog, FirstStartDialog
from triggermap.ui.pages import PAGE_GROUPS

DATASET = load(data_dir())
READER = Reader(DATASET)


def words(root: QWidget) -> Iterator[str]:
    """Every text below a widget: what is painted, what appears under the pointer, what is read aloud."""
    for widget in (root, *root.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        yield widget.windowTitle()
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QTextEdit):
            yield widget.toPlainText()


def comforts(root: QWidget) -> list[str]:
    return [found for text in {*words(root)} if text for found in READER.comforts(text)]


def said(desk: Desk) -> str:
    return plain("\n".join(label.text() for label in desk.dossier.findChildren(QLabel)))


def test_no_dossier_of_a_muscle_comforts(desk: Desk) -> None:
    with desk.unpainted():
        for muscle in DATASET.muscles:
            desk.session.select_muscle(muscle.id)
            desk.settle()
            assert comforts(desk.window) == [], muscle.id


def test_no_point_that_is_chosen_comforts(desk: Desk) -> None:
    """With a point chosen the banners, the stage and the probe say other words."""
    with desk.unpainted():
        for muscle in DATASET.muscles:
            if any(note.reports for note in muscle.safety):
                for point in muscle.trigger_points:
                    desk.session.select_muscle(muscle.id, point.id)
                    desk.settle()
                    assert comforts(desk.window) == [], point.id


def test_no_condition_and_no_page_comforts(desk: Desk) -> None:
    with desk.unpainted():
        for condition in DATASET.conditions:
            desk.session.select_condition(condition.id)
            desk.settle()
            assert comforts(desk.dossier) == [], condition.id
        for page in PAGE_GROUPS:
            desk.session.toggle_page(page)
            desk.settle()
            assert comforts(desk.dossier) == [], page


def test_no_hazard_comforts(desk: Desk) -> None:
    """Neither its page, nor its zone on the plate, nor the key of all zones."""
    desk.session.toggle_overlay("hazards")
    with desk.unpainted():
        for hazard in DATASET.hazards:
            desk.session.select_hazard(hazard.id)
            desk.settle()
            assert comforts(desk.window) == [], hazard.id


def test_no_dialog_comforts(desk: Desk) -> None:
    for dialog in (AboutDialog("Bones: Z-Anatomy.", desk.window), FirstStartDialog(desk.window)):
        assert comforts(dialog) == []
        dialog.deleteLater()


def test_what_is_read_holds_the_words(desk: Desk) -> None:
    """Else the tests above could pass on an empty window."""
    desk.session.select_muscle("pronator-teres")
    desk.settle()
    own = " ".join(READER.own(text) for text in words(desk.window))
    assert "the median nerve enters the forearm" in own
    assert "nothing was pierced" not in own
    assert "nothing was pierced" in said(desk)


@pytest.mark.parametrize("lead", REPORTED.values())
def test_a_quotation_that_is_not_told_as_one_is_found(lead: str) -> None:
    """The words before it are what makes it a quotation."""
    told = [one for one in READER.quotations if one.startswith(lead)]
    assert [one for one in told if READER.comforts(one)] == []
    assert any(READER.comforts(one.removeprefix(lead)) for one in told)


def notes_with_reports(dataset: Dataset) -> list[str]:
    return [muscle.id for muscle in dataset.muscles if any(note.reports for note in muscle.safety)]


@pytest.mark.parametrize("muscle_id", notes_with_reports(DATASET))
def test_a_warning_comes_first_then_what_others_say_and_what_speaks_against_it(
    desk: Desk, muscle_id: str
) -> None:
    with desk.unpainted():
        desk.session.select_muscle(muscle_id)
        desk.settle()
    for note in desk.session.muscles[muscle_id].safety:
        for report in note.reports:
            (shown,) = [
                plain(banner.words.text())
                for banner in desk.dossier.banners
                if report.text in plain(banner.words.text())
            ]
            parts = [note.text, REPORTED[report.reported], report.text]  # type: ignore[index]
            parts += [text for one in report.against for text in ("Against this", one.text)]
            places = [shown.index(part, shown.index(note.text)) for part in parts]
            assert places == sorted(places)
            heard = " ".join(banner.accessibleDescription() for banner in desk.dossier.banners)
            assert spoken(report) in heard


def test_a_muscle_without_a_note_says_that_nothing_is_documented(desk: Desk) -> None:
    bare = next(muscle for muscle in DATASET.muscles if not muscle.safety)
    desk.session.select_muscle(bare.id)
    desk.settle()
    assert (NO_HAZARD if bare.trigger_points else NOT_LOOKED_FOR) in said(desk)
    desk.session.select_muscle("rhomboids")
    desk.settle()
    assert NO_HAZARD not in said(desk)
    assert NOT_LOOKED_FOR not in said(desk)

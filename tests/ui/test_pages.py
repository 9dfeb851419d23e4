"""Pages of text: conditions, safety, science; each claim with its source, each one key away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui.desk import Desk, cut_labels, plain
from triggermap.dataset.loader import load
from triggermap.dataset.models import TopicGroup
from triggermap.paths import data_dir
from triggermap.ui.pages import GROUP_TITLES, PAGE_GROUPS

DATASET = load(data_dir())


def words(desk: Desk) -> str:
    return "\n".join(plain(label) for label in desk.dossier.findChildren(QLabel))


def test_every_group_of_topics_stands_on_one_page() -> None:
    listed = [group for _, groups in PAGE_GROUPS.values() for group in groups]
    assert sorted(listed) == sorted(TopicGroup)
    assert set(GROUP_TITLES) == set(TopicGroup)


@pytest.mark.parametrize(("key", "page"), [(Qt.Key.Key_H, "safety"), (Qt.Key.Key_F3, "science")])
def test_a_page_is_one_key_away_and_goes_the_same_way(desk: Desk, key: Qt.Key, page: str) -> None:
    desk.session.select_muscle("trapezius")
    desk.press(key)
    assert desk.state.page == page
    assert desk.state.muscle is None
    assert desk.texts()[0] == PAGE_GROUPS[page][0]
    desk.press(key)
    assert desk.state.page is None


@pytest.mark.parametrize("page", PAGE_GROUPS)
def test_a_page_says_every_topic_with_its_numbers_and_sources(desk: Desk, page: str) -> None:
    desk.session.toggle_page(page)
    desk.settle()
    said = words(desk)
    for topic in DATASET.topics:
        if topic.group not in PAGE_GROUPS[page][1]:
            continue
        assert topic.name in said
        for fact in topic.facts:
            assert fact.text in said
        for rate in topic.rates:
            assert rate.text in said
            assert rate.of is None or f"{rate.events:,} in {rate.of:,} {rate.unit}" in said
        for one in topic.disagreements:
            assert one.question in said
    assert not list(cut_labels(desk.dossier))


def test_red_flags_of_a_condition_come_before_anything_else(desk: Desk) -> None:
    for condition in DATASET.conditions:
        desk.session.select_condition(condition.id)
        desk.settle()
        said = words(desk)
        assert condition.summary.text in said
        for flag in condition.red_flags:
            assert said.index(flag.text) < said.index(condition.summary.text)
        for claim in (*condition.rivals, *condition.treatment_evidence):
            assert claim.text in said

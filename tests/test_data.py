"""The bundled dataset as it is shipped: held against the body, and as large as it is said to be."""

from __future__ import annotations

from functools import cache

import numpy as np

from triggermap import paths, sites
from triggermap.body.plates import Body, load_body
from triggermap.dataset.loader import load
from triggermap.dataset.models import Dataset, TopicGroup
from triggermap.dataset.rules import points
from triggermap.safety import report
from triggermap.safety.stored import Ways


@cache
def dataset() -> Dataset:
    return load(paths.data_dir())


@cache
def body() -> Body:
    return load_body(paths.assets_dir() / "body")


def test_sites_strokes_and_zones_agree_with_the_computed_body() -> None:
    """With the peel stacks, as everywhere where the meshes are not at hand."""
    assert list(sites.problems(dataset(), body(), stacks=True)) == []


def test_every_point_over_the_lung_has_its_pneumothorax_note() -> None:
    """On both sides, by the extended lung zone: straight and on a cone about the way in."""
    found = list(report.reports(dataset(), Ways(body())))
    assert [report.point for report in found if report.unanswered] == []
    over = {report.muscle for report in found if report.over_lung}
    assert {
        "trapezius", "rhomboids", "serratus-anterior", "pectoralis-major", "pectoralis-minor", "scalenes",
        "intercostals", "latissimus-dorsi", "iliocostalis-thoracis", "subclavius", "supraspinatus",
        "serratus-posterior-superior", "serratus-posterior-inferior",
    } <= over  # fmt: skip


def test_enough_points_are_drawn_by_strokes() -> None:
    assert sum(point.shape is not None for _, point in points(dataset())) >= 60


def test_every_mark_is_seen_on_some_plate() -> None:
    hidden = []
    for _, point in points(dataset()):
        x, y, z = point.position.at
        at = (-x if point.only == "right" else x, y, z)
        if not any(plate.faces_viewer(np.array(at)) for plate in body().plates.values()):
            hidden.append(point.id)
    assert hidden == []


def test_what_the_general_pages_must_hold() -> None:
    groups = {topic.group for topic in dataset().topics}
    assert groups == set(TopicGroup)
    rates = {(rate.events, rate.of) for topic in dataset().topics for rate in topic.rates}
    assert {(0, 7629), (20, 20464)} <= rates
    first = min((t for t in dataset().topics if t.group is TopicGroup.EMERGENCY), key=lambda t: t.rank)
    assert "chest pain" in first.name.lower()


def test_conditions_and_references_are_many_and_told() -> None:
    assert len(dataset().conditions) >= 45
    assert len(dataset().references) >= 150
    used = {link.condition for muscle in dataset().muscles for link in muscle.conditions}
    assert len(used) >= 45

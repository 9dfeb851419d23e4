"""The bundled dataset as it is shipped: held against the body, and as large as it is said to be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from triggermap import paths, sites
from triggermap.body.plates import Body, load_body
from triggermap.dataset.loader import load
from triggermap.dataset.models import BodyGroup, Dataset, TopicGroup
from triggermap.dataset.rules import points
from triggermap.safety import report
from triggermap.safety.hazards import cautions
from triggermap.safety.page import page
from triggermap.safety.stored import Ways, computed


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


def test_every_thoracic_neck_base_and_upper_lumbar_point_answers_for_the_lung() -> None:
    """By muscle and by place, whatever the stacks show: a note, or an answer that names the very point."""
    silent, seen = [], 0
    for muscle in dataset().muscles:
        for point in muscle.trigger_points:
            x, y, _ = point.position.at
            on_trunk = muscle.group in (BodyGroup.THORAX, BodyGroup.BACK) and 1100 < y < 1480
            if not on_trunk and not (1100 < y < 1470 and abs(x) < 150):
                continue
            seen += 1
            noted = any(c.hazard.id == "pneumothorax" for c in cautions(dataset(), muscle, point.id))
            answers = [a for a in dataset().answers if "computed/lung_zone" in a.structures]
            if not noted and not any(point.id in answer.points for answer in answers):
                silent.append(point.id)
    assert seen > 50
    assert silent == []


def test_the_lung_is_met_below_and_above_where_the_pleura_of_the_source_ends() -> None:
    """The pleura's mesh ends at y = 1168 and hardly passes the clavicle: the rule carries the zone on."""
    over = {(one.muscle, one.point) for one in report.reports(dataset(), Ways(body())) if one.over_lung}
    at = {point.id: point.position.at for _, point in points(dataset())}
    low = {point for _, point in over if at[point][1] < 1168}
    assert {"quadratus-lumborum-1", "serratus-posterior-inferior-1"} & low
    above = {point for _, point in over if at[point][1] > 1425}
    assert {"scalenes-1", "scalenes-2", "trapezius-upper-2"} & above


def test_the_stored_ways_are_those_of_this_dataset() -> None:
    """Else 'make ways'."""
    path = body().ways
    assert path is not None
    assert path.read_text("utf-8") == computed(dataset(), body())


def test_the_page_on_safety_is_that_of_this_dataset() -> None:
    """Else 'make ways'."""
    shown = (paths.checkout() or Path()) / "docs" / "safety.md"
    assert shown.read_text("utf-8") == page(dataset(), report.reports(dataset(), Ways(body())))


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

"""Landmarks as they are read, and which of them a plate names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bodies import LANDMARKS, make_body
from triggermap.body.landmarks import Landmark, load_landmarks, on_plate
from triggermap.body.plates import Body
from triggermap.errors import TriggermapError


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return make_body(tmp_path_factory.mktemp("body"), "mirrored")


@pytest.fixture(scope="module")
def landmarks(body: Body) -> tuple[Landmark, ...]:
    assert body.landmarks is not None
    return load_landmarks(body.landmarks)


def said(path: Path) -> str:
    """The one sentence that reading fails with."""
    with pytest.raises(TriggermapError) as caught:
        load_landmarks(path)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert path.name in text
    return text


def test_the_file_is_read(landmarks: tuple[Landmark, ...]) -> None:
    assert [landmark.at for landmark in landmarks] == [at for _, _, at in LANDMARKS]
    assert landmarks[2] == Landmark(
        "rib-tip.l", "Rib tip", None, "trunk", "bone", "left", (165.0, 1250.0, 10.0)
    )


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("front", {"breastbone-tip": 0.0, "rib-tip.l": 165.0, "rib-tip.r": -165.0}),
        ("back", {"nape": 0.0, "rib-tip.l": -165.0, "rib-tip.r": 165.0}),
        ("flank-left", {"rib-tip.l": -10.0}),
        ("flank-right", {"rib-tip.r": 10.0}),
    ],
)
def test_a_plate_names_what_is_on_its_side(
    body: Body, landmarks: tuple[Landmark, ...], plate: str, expected: dict[str, float]
) -> None:
    found = on_plate(body.plates[plate], landmarks)
    assert {spot.landmark.id: spot.u for spot in found} == expected
    assert all(spot.v == spot.landmark.at[1] for spot in found)


def test_what_stands_off_the_skin_or_the_plate_is_not_named(body: Body) -> None:
    def placed(x: float, y: float, z: float) -> list[str]:
        one = Landmark("a", "A", None, "trunk", "bone", "mid", (x, y, z))
        return [plate.id for plate in body.plates.values() if on_plate(plate, [one])]

    assert placed(0.0, 1300.0, 85.0) == ["front"]
    assert placed(0.0, 1300.0, 101.0) == ["front"]  # a little off the skin
    assert placed(0.0, 1300.0, 103.0) == []
    assert placed(0.0, 1700.0, 85.0) == []  # beside the body
    assert placed(0.0, 2000.0, 85.0) == []  # off the plate


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "missing" in said(tmp_path / "landmarks.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 1}',
        '{"format": 1, "landmarks": [{}]}',
        '{"format": 1, "landmarks": [[]]}',
        '{"format": 1, "landmarks": [{"at": [1, 2]}]}',
        '{"format": 1, "landmarks": [{"at": "xyz"}]}',
        "\xff",
    ],
)
def test_a_damaged_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "landmarks.json"
    path.write_bytes(text.encode("latin-1"))
    text = said(path)
    assert "damaged" in text
    assert "make plates" in text


def test_another_format(tmp_path: Path) -> None:
    path = tmp_path / "landmarks.json"
    path.write_text(json.dumps({"format": 2, "landmarks": []}), "utf-8")
    assert "format 2" in said(path)

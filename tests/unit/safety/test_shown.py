"""What the body shows at a point, in words for people."""

from __future__ import annotations

import re

from triggermap.body.plates import Structure
from triggermap.safety.shown import BRIDGED, NEAR, ON_THE_WAY, Shown, shown
from triggermap.safety.ways import Found, Met, Passed

NUMBERS = iter(range(1, 1000))


def structure(system: str, label: str, side: str = "left") -> Structure:
    number = next(NUMBERS)
    return Structure(number, f"{system}/{number}", system, label.lower(), label, side, None, None)


def met(system: str, label: str, *, straight: bool = True) -> Met:
    return Met(structure(system, label), straight, 1)


def near(label: str, *, bridged: bool = False) -> Passed:
    return Passed(structure("nerves", label), 4.2, bridged)


def test_lungs_come_first_then_organs_nerves_and_vessels_and_bones_are_left_out() -> None:
    found = Found(
        (
            met("skeleton", "Rib 5"), met("veins", "Vein"), met("arteries", "Artery"), met("nerves", "Nerve"),
            met("organs", "Pleura"), met("computed", "Lung zone"),
        ),
        (),
    )  # fmt: skip
    assert shown({"left": found}).on_the_way == ("Lung zone", "Pleura", "Nerve", "Vein", "Artery")


def test_what_one_side_alone_shows_says_so() -> None:
    heart, lung = met("organs", "Heart"), met("organs", "Lung")
    both = {"left": Found((lung, heart), ()), "right": Found((met("organs", "Lung"),), ())}
    assert shown(both).on_the_way == ("Lung", "Heart (left side only)")
    assert shown({"left": Found((heart,), ())}).on_the_way == ("Heart",)


def test_what_only_slanted_ways_meet_says_so() -> None:
    found = {
        "left": Found((met("organs", "Lung"), met("organs", "Kidney", straight=False)), ()),
        "right": Found((met("organs", "Lung", straight=False), met("organs", "Kidney", straight=False)), ()),
    }
    assert shown(found).on_the_way == ("Lung",)
    assert shown(found).slanted == ("Kidney",)


def test_near_ones_and_bridged_ones_stand_apart_and_none_stands_twice() -> None:
    found = Found(
        (met("nerves", "Sciatic nerve"),),
        (near("Sciatic nerve"), near("Tibial nerve"), near("A", bridged=True)),
    )
    one = shown({"left": found})
    assert one.near == ("Tibial nerve",)
    assert one.bridged == ("A",)
    assert [where for where, _ in one.rows()] == [ON_THE_WAY, NEAR, BRIDGED]
    assert "gap" in BRIDGED


def test_a_nerve_that_a_slanted_way_meets_is_near_the_straight_one_all_the_same() -> None:
    found = Found((met("nerves", "Tibial nerve", straight=False),), (near("Tibial nerve"),))
    assert shown({"left": found}).near == ("Tibial nerve",)


def test_nothing_is_nothing_and_bone_alone_is_nothing_too() -> None:
    for found in (Found((), ()), Found((met("skeleton", "Rib 5"),), ())):
        assert shown({"left": found, "right": found}) == Shown((), (), (), ())
        assert not shown({"left": found}).anything
        assert shown({"left": found}).rows() == ()


def test_no_distance_reaches_the_words() -> None:
    """The limits of the search are method; how near a nerve comes in this body is nobody's depth."""
    one = shown({"left": Found((met("organs", "Lung"),), (near("Nerve"), near("B", bridged=True)))})
    text = " ".join(name for _, names in one.rows() for name in names)
    assert not re.search(r"\d", text)

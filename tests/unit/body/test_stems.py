"""A structure is known without its side and number."""

from __future__ import annotations

import pytest

from triggermap.body.stems import matches, stem


@pytest.mark.parametrize(
    ("mesh", "name"),
    [
        ("arteries/left_axillary_artery.l", "arteries/axillary_artery"),
        ("arteries/right_axillary_artery.r", "arteries/axillary_artery"),
        ("arteries/trunk_of_left_thoraco_acromial_artery.l", "arteries/trunk_of_thoraco_acromial_artery"),
        ("veins/right_fibular_vein.r~1", "veins/fibular_vein"),
        ("muscles/trapezius.l.1", "muscles/trapezius"),
        ("organs/left_kidney", "organs/kidney"),
        ("organs/colon~3", "organs/colon"),
        ("nerves/spinal_dura", "nerves/spinal_dura"),
        ("computed/lung_zone.r", "computed/lung_zone"),
    ],
)
def test_side_and_number_are_left_out(mesh: str, name: str) -> None:
    assert stem(mesh) == name


def test_a_star_stands_for_any_letters() -> None:
    assert matches("nerves/posterior_cord_of_brachial_plexus.l", ["nerves/*brachial_plexus"])
    assert matches("arteries/left_axillary_artery.l", ["veins/*", "arteries/axillary_artery"])
    assert not matches("arteries/left_axillary_artery.l", ["arteries/axillary"])
    assert not matches("arteries/left_axillary_artery.l", [])

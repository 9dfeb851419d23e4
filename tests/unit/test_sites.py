"""Sites against the peel stacks, strokes against the regions of their pattern."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stacked import write_stacked_body
from tests.unit.builders import build
from triggermap import sites
from triggermap.body.plates import Body, load_body
from triggermap.dataset.models import Dataset


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return load_body(write_stacked_body(tmp_path_factory.mktemp("body")))


def with_point(number: int = 0, **changes: Any) -> Dataset:
    """The small dataset with a trapezius point that was changed."""

    def change(values: dict[str, Any]) -> None:
        trapezius = next(m for m in values["muscles"] if m["id"] == "trapezius")
        trapezius["trigger_points"][number].update(changes)

    return build(change)


def at(*place: float) -> dict[str, Any]:
    return {"mesh": "muscles/trapezius.l.1", "at": list(place), "rule": "Moved by a test."}


INSIDE = at(70, 1440, -78)


def stroke(along: str, width: float = 60.0) -> dict[str, Any]:
    return {"essential": [{"width": width, "along": along}], "references": ["smith-2001"]}


def test_sites_in_their_structure_pass_on_both_sides(body: Body) -> None:
    assert list(sites.in_the_stacks(with_point(position=INSIDE), body)) == []


def test_a_site_far_from_its_structure_is_found_on_both_sides(body: Body) -> None:
    found = list(sites.in_the_stacks(with_point(position=at(10, 1250, 60)), body))
    assert [one.path[-2:] for one in found] == [("position", "at")] * 2
    assert "(left)" in found[0].message
    assert "(right)" in found[1].message
    assert "muscles/trapezius.r.1" in found[1].message


def test_a_site_a_little_beside_its_structure_passes(body: Body) -> None:
    for place in ((70, 1440, -64), (70, 1440, -91), (115, 1440, -78), (70, 1486, -78)):
        assert list(sites.in_the_stacks(with_point(position=at(*place)), body)) == []
    for place in ((70, 1440, -58), (121, 1440, -78), (70, 1493, -78)):
        assert len(list(sites.in_the_stacks(with_point(position=at(*place)), body))) == 2


def test_a_site_of_an_unknown_mesh_is_left_to_another_rule(body: Body) -> None:
    gone = at(10, 1250, 60) | {"mesh": "muscles/gone.l"}
    assert list(sites.in_the_stacks(with_point(position=gone), body)) == []


def test_a_stroke_within_its_regions_passes(body: Body) -> None:
    # The temple of the small body, on its front.
    dataset = with_point(shape=stroke(on_region(body, "temple")), position=INSIDE)
    assert list(sites.strokes_in_regions(dataset, body)) == []
    assert list(sites.problems(dataset, body, stacks=True)) == []


def test_a_corner_outside_the_pattern_or_off_the_skin_is_found(body: Body) -> None:
    other = on_region(body, "shoulder-blade-lower")
    (found,) = sites.strokes_in_regions(with_point(shape=stroke(other)), body)
    assert found.path[-4:] == ("shape", "essential", 0, "along")
    assert "2 of 2 corners" in found.message
    x, y, z = (float(n) for n in on_region(body, "temple").split(",")[0].split())
    deep = f"{x} {y} {z - 40}, {x} {y} {z - 41}"
    (found,) = sites.strokes_in_regions(with_point(shape=stroke(deep)), body)
    assert "2 of 2 corners" in found.message


def test_a_zone_that_the_strokes_do_not_reach_is_found(body: Body) -> None:
    thin = stroke(on_region(body, "temple"), 5.0)
    (found,) = sites.zones_drawn(with_point(shape=thin), body)
    assert found.path[-3:] == ("essential", 0, "region")
    assert "don't reach 'temple'" in found.message
    assert not list(sites.zones_drawn(build(), body))


def test_strokes_need_zones_of_their_kind(body: Body) -> None:
    shape = {"spillover": stroke("1 2 3, 4 5 6")["essential"], "references": ["smith-2001"]}
    (found,) = sites.shapes_match_zones(with_point(1, shape=shape))
    assert found.path[-2:] == ("shape", "spillover")
    assert not list(sites.shapes_match_zones(build()))


def on_region(body: Body, region: str) -> str:
    """Two places on the skin in the middle of a region's left half, as a stroke's corners."""
    for plate in body.plates.values():
        for value in body.region_values(region, ("left",)):
            extent = plate.regions.extents.get(value)
            if extent is None:
                continue
            row, column = (extent.top + extent.bottom) // 2, (extent.left + extent.right) // 2
            u, v = plate.regions.grid.affine @ (column, row, 1.0)
            cell = plate.depth.grid.cell(float(u), float(v))
            assert cell is not None
            corner = u * plate.right + v * plate.up + float(plate.depth.entry[cell]) * plate.toward
            x, y, z = (f"{n:.1f}" for n in corner)
            return f"{x} {y} {z}, {x} {float(y) + 1:.1f} {z}"
    raise AssertionError(f"no plate shows {region}")

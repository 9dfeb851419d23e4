"""The pneumothorax warning of every point, in every theme, in windows of every size."""

from __future__ import annotations

from functools import partial

import pytest

from tests.ui.desk import Desk
from tests.ui.warned import DISTINCT, POINTS, SIZES, choose, faults
from triggermap.userdata.options import THEMES, Theme

LOOKS = [(theme, size, 1.0) for theme in THEMES for size in SIZES]
LOOKS += [(theme, (1280, 800), 2.0) for theme in THEMES]
LOOKS += [("light", (1920, 1080), 2.0)]


@pytest.mark.parametrize(("theme", "size", "scale"), LOOKS)
def test_every_point_has_its_warning_in_view(
    desk: Desk, theme: Theme, size: tuple[int, int], scale: float
) -> None:
    """Each with its own plate in the dark theme; the others differ from that in their colours."""
    desk.look(theme, scale)
    desk.window.resize(*size)
    assert wrong_of(desk, POINTS, size, turn=theme == "dark") == {}


@pytest.mark.parametrize(("size", "scale"), [look[1:] for look in LOOKS if look[0] == "dark"])
def test_the_probe_takes_no_warning_away(desk: Desk, size: tuple[int, int], scale: float) -> None:
    desk.look("dark", scale)
    desk.window.resize(*size)
    desk.session.set_probe(True)
    assert wrong_of(desk, DISTINCT, size, turn=True) == {}


def wrong_of(
    desk: Desk, points: list[tuple[str, str | None]], size: tuple[int, int], *, turn: bool
) -> dict[str, list[str]]:
    """What is wrong with the warnings of points, by point or muscle."""
    found: dict[str, list[str]] = {}
    with desk.unpainted():
        for muscle, point in points:
            (desk.select if turn else partial(choose, desk))(muscle, point)
            assert (desk.window.width(), desk.window.height()) == size
            wrong = list(faults(desk, desk.banner("pneumothorax")))
            if wrong:
                found[point or muscle] = wrong
    return found

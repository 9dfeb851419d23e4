"""What every test of the pneumothorax warning asks of it: for which points, in which windows, and what."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLabel, QWidget

from tests.ui.desk import Desk, contrast, cut_labels, fully_seen, pixels, plain
from triggermap import paths
from triggermap.dataset.loader import load
from triggermap.ui.hazard_banner import HazardBanner

LEAST_CONTRAST = 4.5
MUSCLES = {
    muscle.id: [point.id for point in muscle.trigger_points]
    for muscle in load(paths.data_dir()).muscles
    if any(note.hazard == "pneumothorax" for note in muscle.safety)
}
POINTS = [(muscle, point) for muscle, points in MUSCLES.items() for point in (None, *points)]
# One point of each kind: with and without the notes about the lung.
DISTINCT = list(
    {
        (
            muscle.id,
            tuple(
                point is None or not n.points or point in n.points
                for n in muscle.safety
                if n.hazard == "pneumothorax"
            ),
        ): (muscle.id, point)
        for muscle in load(paths.data_dir()).muscles
        if muscle.id in MUSCLES
        for point in (None, *MUSCLES[muscle.id])
    }.values()
)
SIZES = ((1024, 700), (1280, 800), (1920, 1080))


# A plate that shows none of these points: the dossier is the same, and the stage has nothing to draw.
ELSEWHERE = "foot-below-left"


def choose(desk: Desk, muscle: str, point: str | None = None) -> None:
    """Select without turning to a plate that shows it, which takes half as long."""
    if desk.state.plate != ELSEWHERE:
        desk.session.show_plate(ELSEWHERE)
    desk.session.select_muscle(muscle, point, turn=False)
    desk.settle()


def faults(desk: Desk, banner: HazardBanner) -> Iterator[str]:
    """What is wrong with a warning as it stands in the window."""
    name = banner.name
    if "Pneumothorax" not in plain(name):
        yield f"it says {plain(name)!r}"
    if not fully_seen(name):
        yield f"only {name.visibleRegion().boundingRect()} of {name.rect()} is to be seen"
    if not banner.isVisible() or banner.visibleRegion().isEmpty():
        yield "the frame is hidden"
    if desk.dossier._scroll in ancestors(banner):
        yield "it stands among the points"
    if cut := cut_labels(banner):
        yield f"cut: {cut}"
    icons = [label for label in banner.findChildren(QLabel) if not label.pixmap().isNull()]
    if not any(fully_seen(icon) and len({*colors(icon)}) > 1 for icon in icons):
        yield "it has no icon"
    if (ratio := contrast(pixels(name))) < LEAST_CONTRAST:
        yield f"its contrast is {ratio:.2f}"
    if "Pneumothorax" not in accessible(banner).text(QAccessible.Text.Name):
        yield "a screen reader is not told"


def ancestors(widget: QWidget) -> list[QWidget]:
    found = []
    parent = widget.parentWidget()
    while parent is not None:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def colors(widget: QWidget) -> list[tuple[int, ...]]:
    return [tuple(color) for color in pixels(widget).reshape(-1, 3)]


def accessible(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found

"""The row that wraps: what fits stands side by side, and the height is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from triggermap.ui.flow_layout import FlowLayout

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Block(QWidget):
    """A widget that wants one size."""

    def __init__(self, width: int, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QSize(width, height)

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._size


@pytest.fixture
def row(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = FlowLayout(widget, spacing=10)
    layout.setContentsMargins(5, 6, 7, 8)
    for width, height in ((100, 20), (50, 30), (80, 20)):
        layout.addWidget(Block(width, height, widget))
    return widget


def flow(row: QWidget) -> FlowLayout:
    layout = row.layout()
    assert isinstance(layout, FlowLayout)
    return layout


def places(row: QWidget, width: int) -> list[tuple[int, int, int, int]]:
    """Where the blocks stand at a width."""
    layout = flow(row)
    layout.setGeometry(QRect(0, 0, width, 500))
    items = [item for index in range(layout.count()) if (item := layout.itemAt(index)) is not None]
    rects = [item.geometry() for item in items]
    return [(rect.x(), rect.y(), rect.width(), rect.height()) for rect in rects]


def test_what_fits_stands_in_one_line(row: QWidget) -> None:
    # 5 + 100 + 10 + 50 + 10 + 80 + 7
    assert places(row, 262) == [(5, 6, 100, 20), (115, 6, 50, 30), (175, 6, 80, 20)]
    assert flow(row).heightForWidth(262) == 6 + 30 + 8


def test_what_does_not_fit_begins_a_line_below_the_tallest(row: QWidget) -> None:
    assert places(row, 261) == [(5, 6, 100, 20), (115, 6, 50, 30), (5, 46, 80, 20)]
    assert flow(row).heightForWidth(261) == 6 + 30 + 10 + 20 + 8


def test_a_narrow_row_is_a_column(row: QWidget) -> None:
    assert [place[:2] for place in places(row, 112)] == [(5, 6), (5, 36), (5, 76)]
    assert flow(row).heightForWidth(112) == 6 + 20 + 10 + 30 + 10 + 20 + 8


def test_too_narrow_for_anything_still_shows_all(row: QWidget) -> None:
    assert [place[:2] for place in places(row, 10)] == [(5, 6), (5, 36), (5, 76)]


@pytest.mark.parametrize("width", range(60, 300, 7))
def test_the_height_that_is_told_is_the_height_that_is_used(row: QWidget, width: int) -> None:
    used = places(row, width)
    assert max(y + height for _, y, _, height in used) + 8 == flow(row).heightForWidth(width)
    for number, (x, y, w, h) in enumerate(used):
        for x2, y2, w2, h2 in used[:number]:
            assert not QRect(x, y, w, h).intersects(QRect(x2, y2, w2, h2))


def test_the_place_of_the_row_moves_its_blocks(row: QWidget) -> None:
    flow(row).setGeometry(QRect(40, 70, 262, 44))
    first = flow(row).itemAt(0)
    assert first is not None
    assert first.geometry() == QRect(45, 76, 100, 20)


def test_the_least_size_holds_the_largest_block(row: QWidget) -> None:
    assert flow(row).minimumSize() == QSize(100 + 12, 30 + 14)
    assert flow(row).hasHeightForWidth()
    assert flow(row).expandingDirections() == Qt.Orientation(0)


def test_items_are_asked_for_and_taken(row: QWidget) -> None:
    layout = flow(row)
    assert layout.count() == 3
    assert layout.itemAt(3) is None
    assert layout.itemAt(-1) is None
    taken = layout.takeAt(1)
    assert taken is not None
    assert taken.sizeHint() == QSize(50, 30)
    assert layout.count() == 2
    assert layout.takeAt(2) is None
    assert [place[0] for place in places(row, 262)] == [5, 115]


def test_an_empty_row_is_its_margins(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = FlowLayout(widget)
    layout.setContentsMargins(1, 2, 3, 4)
    assert layout.heightForWidth(100) == 6


def test_the_least_size_of_an_empty_row_is_its_margins(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = FlowLayout(widget)
    layout.setContentsMargins(1, 2, 3, 4)
    assert layout.minimumSize() == QSize(4, 6)


def test_a_hidden_block_takes_no_room(row: QWidget) -> None:
    second = flow(row).itemAt(1)
    assert second is not None
    second.widget().hide()
    assert [place[0] for place in places(row, 262)][2] == 115

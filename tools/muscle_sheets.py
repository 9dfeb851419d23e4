#!/usr/bin/env python3
"""A sheet for each muscle: every trigger point on its plates, its zones, and the words beside them.

Rendered by the real window, for people who check sites and patterns by eye.
"""

from __future__ import annotations

import argparse
import os
import sys
from html import escape
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication

from triggermap import app, placing
from triggermap.dataset.models import Muscle, TriggerPoint
from triggermap.errors import TriggermapError
from triggermap.opening import Opening
from triggermap.state import Side, State
from triggermap.ui.workspace import Workspace
from triggermap.userdata.settings import Settings

VIEWS = 3  # plates a point
TILE = QSize(540, 520)
WORDS = 380  # px beside the tiles
EDGE = 8


def words(point: TriggerPoint, names: dict[str, str]) -> str:
    """What the dataset says of a point, for the eye that checks it."""
    rows = [f"<b>{escape(point.label)} {escape(point.name)}</b>", escape(point.site.text)]
    for word, zones in (("Essential", point.essential), ("Spillover", point.spillover)):
        listed = "; ".join(
            names[zone.region] + (f" ({zone.side})" if zone.side != "ipsilateral" else "") for zone in zones
        )
        rows.append(f"<b>{word}:</b> {escape(listed or 'not documented')}")
    rows.append(f"<i>{escape(point.position.rule)}</i>")
    return "<br/>".join(rows)


def settle(work: Workspace) -> None:
    """Wait until everything is loaded and painted."""
    app.wait_until(lambda: work.settled)


def tile(opening: Opening, state: State) -> QImage:
    """The stage as the window shows it."""
    work = opening.workspace
    assert work is not None
    work.session.show(state)
    settle(work)
    assert work.stage is not None
    work.stage.frame_selection()
    settle(work)
    QApplication.processEvents()  # the legend follows a turn of the loop later
    return (
        opening.window.frame.grab()
        .toImage()
        .scaled(TILE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    )


def sheet(opening: Opening, muscle: Muscle, side: Side) -> QImage:
    """All points of a muscle below one another, each with its plates and its words."""
    work = opening.workspace
    assert work is not None
    body = work.session.body
    assert body is not None
    names = {region.id: region.name for region in work.session.regions.values()}
    high = (TILE.height() + EDGE) * len(muscle.trigger_points) + 40
    image = QImage((TILE.width() + EDGE) * VIEWS + WORDS, high, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.drawText(QRect(EDGE, 8, 900, 28), 0, f"{muscle.name} ({muscle.latin}), {side}")
    for row, point in enumerate(sorted(muscle.trigger_points, key=lambda p: (len(p.label), p.label))):
        one: Side = point.only or side
        top = 40 + row * (TILE.height() + EDGE)
        plates = placing.plates_for_point(body, point, one)[:VIEWS]
        for column, plate in enumerate(plates):
            layer = placing.nearest_layer(body.plates[plate], "superficial")
            state = State(plate, layer, one, muscle=muscle.id, point=point.id)
            painter.drawImage(QPoint(column * (TILE.width() + EDGE), top), tile(opening, state))
        text = QTextDocument()
        text.setTextWidth(WORDS - 2 * EDGE)
        text.setHtml(f"<span style='color:#111'>{words(point, names)}</span>")
        painter.save()
        painter.translate((TILE.width() + EDGE) * VIEWS + EDGE, top)
        text.drawContents(painter)
        painter.restore()
    painter.end()
    return image


def main() -> int:
    """Write the sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets")
    parser.add_argument("--data", type=Path, help="folder of another dataset")
    parser.add_argument("--side", choices=("left", "right"), default="left")
    parser.add_argument("muscles", nargs="*", help="ids of muscles; all with trigger points without")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    app.application()
    opening = app.build(Settings(first_start_seen=True), State(), wanted.data)
    opening.window.resize(1090, 760)
    opening.window.show()
    try:
        app.wait_until(lambda: opening.settled)
        assert opening.workspace is not None
        opening.window.finder.hide()
        for muscle in opening.workspace.session.muscles.values():
            if muscle.trigger_points and (not wanted.muscles or muscle.id in wanted.muscles):
                path = wanted.out / f"{muscle.id}.jpg"
                if not sheet(opening, muscle, wanted.side).save(str(path), quality=84):
                    raise TriggermapError(f"The sheet cannot be written to {path}.")
                print(path, flush=True)
    except TriggermapError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        opening.window.close()
        opening.loader.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())

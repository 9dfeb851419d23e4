"""The widget in the middle of the window: one plate, zoomed and panned, clicked and hovered."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triggermap.body.hit import NOTHING, Target, hit
from triggermap.body.landmarks import LANDMARKS, Spot
from triggermap.body.masks import table_of
from triggermap.body.plates import Body, Plate
from triggermap.body.zones import Drawn, pattern
from triggermap.errors import TriggermapError
from triggermap.ui.icons import Icons
from triggermap.ui.stage import items
from triggermap.ui.stage.anchors import AnchorsItem
from triggermap.ui.stage.backdrop import Backdrop
from triggermap.ui.stage.hatching import Hatcher, Hatching, colors_of, zoom_step
from triggermap.ui.stage.labels import label_places
from triggermap.ui.stage.overlays import Landmarks, LandmarksItem, map_with
from triggermap.ui.stage.pictures import PictureStore, Rect, Source
from triggermap.ui.stage.pin import PinItem
from triggermap.ui.stage.scene import Scene
from triggermap.ui.stage.zone_names import Name, NamesItem
from triggermap.ui.stage.zones import Zone
from triggermap.ui.theme import Theme

# pyqtgraph drops mouse moves that come within 10 ms of another: the last one of a quick gesture would
# leave a name standing that is wrong. A hit test takes microseconds, so none need be dropped.
pg.setConfigOption("mouseRateLimit", -1)

_ZOOM_STEP = 1.25
_SMALLEST_VIEW_MM = 30.0
_MARK_RADIUS_PX = 14.0
_LANDMARK_RADIUS_PX = 6.0
_CONTEXT_MM = 460.0  # a selection is framed with at least so much of the body
_TOO_SMALL = 2.6  # a view this much larger than the frame of a selection is zoomed in
_LEGEND_PX = 150.0
_CAPTION_PX = 46.0
_ZONES_BYTES = 20 * 1024 * 1024


class Stage(QWidget):
    """Shows a :class:`Scene`. Tells what the pointer is over and what was clicked."""

    hovered = Signal(object)
    pointed = Signal(object)  # (u, v) in plate mm, or None when the pointer has left
    clicked = Signal(object)
    zoomed = Signal(float)
    picture_failed = Signal(str)
    painted = Signal()

    def __init__(self, body: Body, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._theme = theme
        self._scene: Scene | None = None
        self._target = NOTHING
        self.landmark: Spot | None = None  # the one under the pointer
        self._told: set[str] = set()
        self._pointer = QPoint()
        self._label_cache: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
        self._zones: tuple[tuple[Zone, ...], tuple[Zone, ...]] = ((), ())  # all, and those of a choice
        self._zoom = 0.0  # for which zones are hatched
        self._hazards: np.ndarray | None = None  # which structures a pointer finds as hazards

        self.store = PictureStore(self)
        self.store.ready.connect(self._picture_ready)
        self.store.failed.connect(self._picture_failed)
        # Apart from the plates: many small ones must not push out what is on show.
        self._zone_store = PictureStore(self, _ZONES_BYTES)
        self._zone_store.ready.connect(self._zones_ready)
        self._zone_store.failed.connect(lambda _source, reason: self.tell(TriggermapError(reason)))

        self._view = pg.GraphicsView(self, background=QColor(theme.stage))
        # The ground is one colour, which is filled faster than a cached picture of it is copied; and
        # nothing need be painted under it.
        self._view.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
        self._view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view.setAccessibleName("Body plate")
        self._box = pg.ViewBox(lockAspect=True, enableMenu=False)
        self._view.setCentralItem(self._box)
        self._box.setDefaultPadding(0.0)
        self._view.scene().sigMouseMoved.connect(self._mouse_moved)
        self._view.scene().sigMouseClicked.connect(self._mouse_clicked)
        self._box.sigRangeChanged.connect(self._range_changed)
        # What the pointer is over, beside it: from the back row nobody reads the strip below.
        self._name = QLabel(self._view)
        self._name.setObjectName("hoverName")
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)

        selection, rim = QColor(theme.selection), QColor(theme.selection_rim)
        zone, ink, halo = QColor(theme.zone), QColor(theme.mark_ink), QColor(theme.mark_halo)
        self._picture = items.BackdropItem(0, QColor(theme.stage))
        self._ghost = items.SpritesItem(1)
        self._area = items.ImageItem(2)
        self._hatchers = Hatcher(3, self._zone_store), Hatcher(3.5, self._zone_store)
        self._region = items.ImageItem(4)
        self._essential = items.ImageItem(5)
        self._dots = items.DotsItem(6, QColor(theme.spill), QColor(theme.spill_rim))
        self._outline = items.OutlineItem(7, selection, rim, 2.2)
        self._hover_outline = items.OutlineItem(8, rim, None, 1.4)
        text, ground = QColor(theme.stage_text), QColor(theme.stage_panel)
        self._labels = items.LabelsItem(9, text, ground)
        self._landmark_item = LandmarksItem(9.5, text, ground)
        self._landmarks = Landmarks(body)
        self._anchors = AnchorsItem(10, icons, zone, text, ground)
        self._region_anchors = AnchorsItem(10, icons, selection, text, ground)
        self._zone_names = NamesItem(10.5, theme)
        self._pin = PinItem(10.5, ink, halo)
        self._marks = items.MarksItem(11, halo, ink, selection, QColor(theme.hazard_mark))
        self._all_items = (
            self._picture, self._ghost, self._area, *(hatcher.item for hatcher in self._hatchers),
            self._region, self._essential, self._dots, self._outline, self._hover_outline, self._labels,
            self._landmark_item, self._anchors, self._region_anchors, self._zone_names, self._pin,
            self._marks,
        )  # fmt: skip
        for item in self._all_items:
            self._box.addItem(item, ignoreBounds=True)
        self._backdrop = Backdrop(body, self.store, self._picture, self._ghost, theme)
        self._scale = 1.0
        # A plate that was fitted stays so when the window is resized, until the user zooms or pans.
        self._fitted = True
        self._box.sigRangeChangedManually.connect(self._moved_by_hand)

    # --- showing -----------------------------------------------------------------------------

    @property
    def plate(self) -> Plate | None:
        """The open plate."""
        return self._body.plates[self._scene.plate] if self._scene else None

    @property
    def scene(self) -> Scene | None:
        """What is shown."""
        return self._scene

    @property
    def settled(self) -> bool:
        """True once every picture of the scene is on show."""
        return self._backdrop.settled and all(hatcher.settled for hatcher in self._hatchers)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours; the next scene is painted in them."""
        self._theme = theme
        self._view.setBackground(QColor(theme.stage))
        self._backdrop.set_theme(theme)
        self._zone_names.set_theme(theme)

    def set_interface_scale(self, scale: float) -> None:
        """Scale marks and type on the plate with the rest of the window."""
        self._scale = scale
        self._pin.set_place(self._pin.place, scale)
        if self._scene is not None:
            scene, self._scene = self._scene, None
            self.show_scene(scene, keep_view=True)
            self._hatch()

    def show_pin(self, place: tuple[float, float] | None) -> None:
        """Mark the place (plate mm) that the cross-section is of, or none."""
        self._pin.set_place(place, self._scale)

    def show_scene(self, scene: Scene, *, keep_view: bool = False) -> None:
        """Show a scene; what did not change is not touched."""
        old, self._scene = self._scene, scene
        if old == scene:
            return
        plate = self._body.plates[scene.plate]
        if old is None or old.plate != scene.plate:
            self._open_plate(plate, fit=not keep_view)
        if old is None or (old.plate, old.marks) != (scene.plate, scene.marks):
            # What was at risk at another place; what is here follows, the stage answers first.
            self.show_zones(())
        self._backdrop.show(plate, scene)
        for part in (self._show_selection, self._show_pattern, self._show_labels, self._show_landmarks):
            try:
                part(plate, scene)
            except TriggermapError as error:
                self.tell(error)
        font = self.font()
        self._marks.set_marks(scene.marks, font, self._scale)
        self._anchors.set_anchors(scene.anchors, scene.marks, font, self._scale)
        self._region_anchors.set_anchors(scene.region_anchors, (), font, self._scale)
        self._hover_outline.set_rings([])
        if self._target is not NOTHING:
            # What was under the pointer is gone; the next move finds what is there now.
            self._target = NOTHING
            self.hovered.emit(NOTHING)

    def _open_plate(self, plate: Plate, *, fit: bool) -> None:
        left, bottom, width, height = plate.grid.rect
        wide = (left - 2 * height, bottom - height, width + 4 * height, 3 * height)
        for item in (
            self._labels, self._landmark_item, self._anchors, self._region_anchors, self._zone_names,
            self._pin, self._marks,
        ):  # fmt: skip
            item.set_bounds(wide)
        room = max(width, height)
        self._box.setLimits(
            xMin=left - room, xMax=left + width + room,
            yMin=bottom - room / 2, yMax=bottom + height + room / 2,
            minXRange=_SMALLEST_VIEW_MM, minYRange=_SMALLEST_VIEW_MM,
        )  # fmt: skip
        if fit:
            self.fit()

    def _show_selection(self, plate: Plate, scene: Scene) -> None:
        rings = [ring for s in scene.selected for ring in plate.outlines.rings(s)]
        self._outline.set_rings(rings)
        self._area.set_image(*self._open_area(plate, scene) if not rings else (None, (0, 0, 0, 0)))

    def _open_area(self, plate: Plate, scene: Scene) -> tuple[QImage | None, Rect]:
        """Where a structure without an outline, such as a bone, lies open: it is tinted instead."""
        id_map = map_with(plate, scene.layer, scene.selected, self._body) if scene.selected else None
        if id_map is None:
            return None, (0, 0, 0, 0)
        mask = id_map.ids == scene.selected[0]
        for structure in scene.selected[1:]:
            mask |= id_map.ids == structure
        rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if not len(rows):
            return None, (0, 0, 0, 0)
        part = mask[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        left, bottom, _, height = id_map.grid.rect
        step = float(id_map.grid.affine[0, 0])
        rect = (
            left + float(cols[0]) * step,
            bottom + height - float(rows[-1] + 1) * step,
            part.shape[1] * step,
            part.shape[0] * step,
        )
        return _tinted(part.astype(np.float32), QColor(self._theme.selection), 0.6, rect)

    def _show_pattern(self, plate: Plate, scene: Scene) -> None:
        lines = scene.essential_lines, scene.spillover_lines
        drawn = Drawn(plate, *lines, scene.own) if any(lines) else None
        shown = pattern(plate.regions, plate.dots, list(scene.essential), list(scene.spillover), drawn)
        self._essential.set_image(*_tinted(shown.alpha, QColor(self._theme.zone), 0.74, shown.rect))
        self._dots.set_points(shown.dots, shown.order)
        area = pattern(plate.regions, plate.dots, list(scene.region), [])
        self._region.set_image(*_tinted(area.alpha, QColor(self._theme.selection), 0.6, area.rect))

    def show_zones(
        self, over: tuple[Zone, ...], chosen: tuple[Zone, ...] = (), hazards: Collection[int] = ()
    ) -> None:
        """Hatch hazard zones on the open plate: all of them, and over those the ones of a choice, named.

        The pointer finds those of the structures ``hazards``.
        """
        self._zones = over, chosen
        self._hazards = table_of(hazards) if hazards else None
        self._hatch()

    def _hatch(self) -> None:
        plate = self.plate
        self._zoom = zoom_step(self.mm_per_pixel)
        # Lines grow less than the type, as marks do.
        look = self.devicePixelRatioF(), self._scale**0.5, colors_of(self._theme)
        for hatcher, zones in zip(self._hatchers, self._zones, strict=True):
            wanted = None
            if plate is not None and zones:
                wanted = Hatching(plate.id, zones, self._zoom, *look, plate, self._body)
            hatcher.show(wanted)
        self._name_zones()

    def _name_zones(self) -> None:
        picture = self._hatchers[1].item.picture
        places = picture.places if picture is not None else {}
        names = [Name(z.name, z.kind, places[z.name]) for z in self._zones[1] if z.name in places]
        marks = self._scene.marks if self._scene is not None else ()
        self._zone_names.set_names(names, marks, self.font(), self._scale)

    def _zones_ready(self, _source: Source) -> None:
        for hatcher in self._hatchers:
            hatcher.take()
        self._name_zones()

    def set_covered(self, covered: list[QRect]) -> None:
        """What lies over the stage, in its pixels: names of zones stand clear of it."""
        self._zone_names.set_covered([QRectF(rect) for rect in covered])

    def _show_labels(self, plate: Plate, scene: Scene) -> None:
        names = self._names(plate, scene.layer) if scene.labels else []
        self._labels.set_labels(names, self.font(), self._scale)

    def _show_landmarks(self, plate: Plate, scene: Scene) -> None:
        spots = self._landmarks.on(plate) if LANDMARKS in scene.overlays else []
        self._landmark_item.set_spots(spots, self.font(), self._scale)

    def _names(self, plate: Plate, layer_id: str) -> list[tuple[str, float, float]]:
        if layer_id == "skin":
            return []
        key = (plate.id, layer_id)
        if key not in self._label_cache:
            self._label_cache[key] = label_places(plate.id_map(layer_id), self._body)
        return self._label_cache[key]

    def _picture_ready(self, source: Source) -> None:
        if self._backdrop.take(source):
            self.painted.emit()

    def _picture_failed(self, source: Source, reason: str) -> None:
        self._backdrop.take(source)
        self.tell(TriggermapError(reason))

    # --- zoom --------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole plate."""
        if self.plate is not None:
            self._box.setRange(QRectF(*self.plate.grid.rect), padding=0.015)
            self._fitted = True

    def zoom(self, steps: int) -> None:
        """Zoom in (positive) or out about the middle of the view."""
        self._fitted = False
        factor = _ZOOM_STEP**-steps
        self._box.scaleBy((factor, factor))

    def show_rect(self, rect: Rect) -> None:
        """Bring a rectangle of the plate (mm) into view."""
        self._fitted = False
        self._box.setRange(QRectF(*rect), padding=0.0)

    def frame_selection(self, place: Rect | None = None) -> None:
        """Bring what is selected into view, with enough of the body round it to know the place.

        ``place`` (plate mm) belongs to it. A view that already shows it at a readable size stays as it is.
        """
        bounds = self._outline.boundingRect().united(QRectF(*place) if place else QRectF())
        for rect in (
            self._area.boundingRect(),
            self._essential.boundingRect(),
            self._dots.boundingRect(),
            self._region.boundingRect(),
            self._anchors.place,
            self._region_anchors.place,
        ):
            bounds = bounds.united(rect)
        if bounds.isEmpty():
            return
        margin = max(bounds.width(), bounds.height()) * 0.18 + 40.0
        wanted = bounds.adjusted(-margin, -margin, margin, margin)
        short = _CONTEXT_MM - max(wanted.width(), wanted.height())
        if short > 0:
            wanted.adjust(-short / 2, -short / 2, short / 2, short / 2)
        # The plate's name and the legend lie over the edges: what is framed stands between them.
        above = _CAPTION_PX * self._scale / max(self.height(), 1)
        pattern_shown = self._scene is not None and self._scene.has_pattern
        below = _LEGEND_PX * self._scale / max(self.height(), 1) if pattern_shown else 0.0
        room = max(1.0 - above - below, 0.4)
        wanted.adjust(0, -wanted.height() * below / room, 0, wanted.height() * above / room)
        left, bottom, width, height = self.visible_rect()
        view = QRectF(left, bottom, width, height)
        larger = max(view.width() / wanted.width(), view.height() / wanted.height())
        free = view.adjusted(0, height * below, 0, -height * above)
        if not free.contains(bounds) or larger > _TOO_SMALL:
            self.show_rect((wanted.x(), wanted.y(), wanted.width(), wanted.height()))

    def visible_rect(self) -> Rect:
        """The part of the plate in view (mm)."""
        (left, right), (bottom, top) = self._box.viewRange()
        return float(left), float(bottom), float(right - left), float(top - bottom)

    @property
    def mm_per_pixel(self) -> float:
        """Plate mm per logical pixel of the screen."""
        return float(self._box.viewPixelSize()[0])

    def _moved_by_hand(self, *_args: object) -> None:
        self._fitted = False

    def _range_changed(self, *_args: object) -> None:
        self.zoomed.emit(self.mm_per_pixel)
        if any(self._zones) and self._zoom != zoom_step(self.mm_per_pixel):
            self._hatch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    # --- pointer -----------------------------------------------------------------------------

    def target_at(self, u: float, v: float) -> Target:
        """What lies at plate mm (u, v)."""
        if self._scene is None or self.plate is None:
            return NOTHING
        radius = _MARK_RADIUS_PX * self._scale * self.mm_per_pixel
        try:
            return hit(
                self.plate,
                self._scene.layer,
                u,
                v,
                self._scene.marks,
                radius,
                self._scene.overlays,
                self._hazards,
            )
        except TriggermapError as error:
            self.tell(error)
            return NOTHING

    def tell(self, error: TriggermapError) -> None:
        """Say once what of the plates can't be read; the rest works on."""
        if str(error) not in self._told:
            self._told.add(str(error))
            self.picture_failed.emit(str(error))

    def widget_position(self, u: float, v: float) -> QPointF:
        """Where plate mm (u, v) is on the viewport, in its pixels."""
        scene = self._box.mapViewToScene(QPointF(u, v))
        return QPointF(self._view.mapFromScene(scene))

    @property
    def viewport(self) -> QWidget:
        """The widget that takes the mouse."""
        return self._view.viewport()

    def show_name(self, text: str) -> None:
        """Name what the pointer is over, beside the pointer; an empty text hides the name."""
        self._name.setText(text)
        self._name.adjustSize()
        self._name.setVisible(bool(text))
        self._move_name()

    def _move_name(self) -> None:
        gap = round(16 * self._scale)
        at = self._pointer
        x = (
            at.x() + gap
            if at.x() + gap + self._name.width() < self.width()
            else at.x() - gap - self._name.width()
        )
        y = (
            at.y() + gap
            if at.y() + gap + self._name.height() < self.height()
            else at.y() - self._name.height()
        )
        self._name.move(max(x, 0), max(y, 0))

    def _mouse_moved(self, at: QPointF) -> None:
        place = self._box.mapSceneToView(at)
        self._pointer = self._view.mapFromScene(at)
        self._move_name()
        self.pointed.emit((place.x(), place.y()))
        target = self.target_at(place.x(), place.y())
        radius = _LANDMARK_RADIUS_PX * self._scale * self.mm_per_pixel
        landmark = self._landmark_item.near(place.x(), place.y(), radius)
        if target == self._target and landmark == self.landmark:
            return
        self._target, self.landmark = target, landmark
        rings: list[np.ndarray] = []
        if target.kind == "structure" and self.plate is not None:
            rings = self._rings(target.id)
            pair = self._body.structures[target.id].pair
            self._backdrop.foresee([target.id, *([pair] if pair else [])])
        self._hover_outline.set_rings(rings)
        self._marks.set_hovered(target.id if target.kind == "mark" else None)
        pointing = target.kind in ("mark", "structure", "region", "hazard")
        self._view.setCursor(Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(target)

    def _rings(self, structure: int) -> list[np.ndarray]:
        try:
            return self.plate.outlines.rings(structure) if self.plate is not None else []
        except TriggermapError as error:
            self.tell(error)
            return []

    def leaveEvent(self, event: object) -> None:
        self._target, self.landmark = NOTHING, None
        self.pointed.emit(None)
        self._hover_outline.set_rings([])
        self._marks.set_hovered(None)
        self.hovered.emit(NOTHING)

    def _mouse_clicked(self, event: object) -> None:
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        if event.double():  # type: ignore[attr-defined]
            self.fit()
            return
        place = self._box.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        self.clicked.emit(self.target_at(place.x(), place.y()))

    def close_pictures(self) -> None:
        """Stop decoding; called when the window closes."""
        self.store.close()
        self._zone_store.close()


def _tinted(alpha: np.ndarray, color: QColor, opacity: float, rect: Rect) -> tuple[QImage | None, Rect]:
    """An alpha image (0..1) in one colour, premultiplied."""
    if not alpha.size or not alpha.any():
        return None, (0, 0, 0, 0)
    height, width = alpha.shape
    strength = alpha * opacity
    pixels = np.empty((height, width, 4), np.uint8)
    for channel, value in enumerate((color.blue(), color.green(), color.red(), 255)):
        pixels[..., channel] = np.rint(strength * value)
    return items.premultiplied(pixels), rect

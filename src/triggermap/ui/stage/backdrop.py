"""What lies under the marks of a scene: which pictures, wished for, prefetched, handed to the items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtGui import QColor

from triggermap.body.plates import Body, Plate
from triggermap.ui.stage.items import BackdropItem, SpritesItem
from triggermap.ui.stage.pictures import Cutout, File, Picture, PictureStore, Source
from triggermap.ui.stage.scene import Scene
from triggermap.ui.stage.sheets import Blend, Sheet, Stack, Veil
from triggermap.ui.theme import Theme

_FAR_OPACITY = 0.4  # of a muscle on the far side of the body: it must not look as if it lay in front
_LIFTED_OPACITY = 0.9  # of the muscle from which a pattern comes
_GLASS_OPACITY = 0.9
_GHOST_VEIL = 0.75  # of the veil under a pattern: what covers a ghosted muscle steps back a little


class Backdrop:
    """The plate with its overlays, dimmed and under glass while a pattern is shown, and its ghosts.

    Until a stack of pictures is blended into one it is painted picture by picture, which looks the
    same and costs more.
    """

    def __init__(
        self, body: Body, store: PictureStore, item: BackdropItem, ghost: SpritesItem, theme: Theme
    ) -> None:
        self._body, self._store, self._item, self._ghost = body, store, item, ghost
        self._plate: Plate | None = None
        self._scene: Scene | None = None
        self._wanted: set[Source] = set()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours; the next scene is painted in them."""
        self._item.set_ground(QColor(theme.stage))
        self._ground = QColor(theme.stage).rgb()
        self._veil = theme.veil

    @property
    def settled(self) -> bool:
        """True once every picture of the scene is on show, or known to be broken."""
        return self._plate is not None and all(map(self._store.answered, self._wanted))

    def show(self, plate: Plate, scene: Scene) -> None:
        """Show what a scene asks for; what is not there yet comes with :meth:`take`."""
        moved = self._scene is None or (self._scene.plate, self._scene.layer) != (scene.plate, scene.layer)
        self._plate, self._scene = plate, scene
        self._refresh()
        if moved:
            self._store.expect(self._neighbours(plate, scene.layer))
        self._foresee_pattern()

    def take(self, source: Source) -> bool:
        """Put a picture where it is wanted; True if it is the layer that is open."""
        if self._plate is None or self._scene is None:
            return False
        if source in self._wanted:
            self._refresh()
        self._foresee_pattern()
        return source == self._layer(self._plate, self._scene.layer)

    def foresee(self, structures: Iterable[int]) -> None:
        """Make the sprites of structures that may be selected next."""
        if self._plate is not None:
            for structure in structures:
                self._store.prefetch(self._cutout(self._plate, structure))

    # --- what is wanted ----------------------------------------------------------------------

    @staticmethod
    def _layer(plate: Plate, layer_id: str) -> File:
        return File(plate.layer(layer_id).picture, plate.mirrored)

    @staticmethod
    def _cutout(plate: Plate, structure: int) -> Cutout:
        return Cutout(plate.id, structure, plate)

    @staticmethod
    def _glass(plate: Plate) -> Sheet:
        return Sheet(File(plate.glass, plate.mirrored), plate.grid.rect, _GLASS_OPACITY)

    def _stack(self, plate: Plate, scene: Scene, *, pattern: bool, ghosted: bool) -> Stack:
        stack: list[Sheet | Veil] = [Sheet(self._layer(plate, scene.layer), plate.grid.rect)]
        stack += [
            Sheet(File(overlay.picture), overlay.rect)
            for overlay in plate.overlays
            if overlay.id in scene.overlays
        ]
        if pattern or ghosted:
            veil = QColor(self._ground)
            veil.setAlphaF(self._veil * (1.0 if pattern else _GHOST_VEIL))
            stack.append(Veil(veil.rgba()))
        if pattern and scene.layer != "skin":
            stack.append(self._glass(plate))
        return tuple(stack)

    def _neighbours(self, plate: Plate, layer_id: str) -> Iterator[Source]:
        """What may be asked for next: the layers beside this one, the glass, the other side."""
        ids = [layer.id for layer in plate.layers]
        at = ids.index(layer_id)
        for index in (at + 1, at - 1):
            if 0 <= index < len(ids):
                yield self._layer(plate, ids[index])
        yield self._glass(plate).source
        other = self._body.plates.get(plate.counterpart or "")
        if other is not None and any(layer.id == layer_id for layer in other.layers):
            yield self._layer(other, layer_id)

    def _foresee_pattern(self) -> None:
        """Blend the plate as it will be under a pattern, and the muscle that would be lifted out of it."""
        plate, scene = self._plate, self._scene
        if plate is None or scene is None or scene.has_pattern:
            return
        blend = Blend(self._stack(plate, scene, pattern=True, ghosted=True), self._ground)
        if all(self._store.has(source) for source in blend.sources):
            self._store.prefetch(blend, *self._inputs(blend))
        self.foresee(scene.selected)

    # --- showing -----------------------------------------------------------------------------

    def _get(self, source: Source, *inputs: Picture) -> Picture | None:
        self._wanted.add(source)
        return self._store.get(source, *inputs)

    def _inputs(self, blend: Blend) -> list[Picture]:
        found = [self._store.get(source) for source in blend.sources]
        return [picture for picture in found if picture is not None]

    def _refresh(self) -> None:
        plate, scene = self._plate, self._scene
        assert plate is not None
        assert scene is not None
        self._wanted = set()
        ghosts = self._ghosts(plate, scene)
        stack = self._stack(plate, scene, pattern=scene.has_pattern, ghosted=bool(ghosts))
        found = {
            sheet: picture
            for sheet in stack
            if isinstance(sheet, Sheet) and (picture := self._get(sheet.source)) is not None
        }
        self._ghost.set_sprites([self._under_glass(plate, scene, *ghost) for ghost in ghosts])
        base = stack[0]
        if base not in found and not self._store.answered(self._layer(plate, scene.layer)):
            # The old picture stays until the new one is there, unless it is of another plate.
            if self._item.plate != plate.id:
                self._item.set_stack(plate.id, plate.grid.rect, [], None)
            return
        # What is broken or not there yet is left out; the rest is shown.
        stack = tuple(sheet for sheet in stack if isinstance(sheet, Veil) or sheet in found)
        flat = None
        if len(stack) > 1 and base in found:
            flat = self._get(Blend(stack, self._ground), *found.values())
        painted = [sheet if isinstance(sheet, Veil) else (sheet, found[sheet]) for sheet in stack]
        self._item.set_stack(plate.id, plate.grid.rect, painted, flat)

    def _ghosts(self, plate: Plate, scene: Scene) -> list[tuple[Cutout, Picture, float]]:
        """Under a pattern the plate is dimmed, and the muscle it comes from is lifted out of it."""
        near = _LIFTED_OPACITY if scene.has_pattern else 1.0
        ghosts = []
        for structure in scene.selected if scene.has_pattern else scene.ghosts:
            cutout = self._cutout(plate, structure)
            # Foreseen when it was hovered or selected; else the plate would be dimmed without it at first.
            picture = self._store.get_now(cutout)
            self._wanted.add(cutout)
            if picture is not None and picture.rect is not None:
                ghosts.append((cutout, picture, _FAR_OPACITY if structure in scene.far else near))
        return ghosts

    def _under_glass(
        self, plate: Plate, scene: Scene, cutout: Cutout, picture: Picture, opacity: float
    ) -> tuple[Picture, float]:
        """A ghost lies under the glass that is already in the backdrop: it carries its own piece of it."""
        glass = self._glass(plate)
        if scene.has_pattern and scene.layer != "skin" and picture.rect is not None:
            skin = self._store.get(glass.source)
            if skin is not None:
                inside = Sheet(glass.source, glass.rect, glass.opacity, inside=True)
                blend = Blend((Sheet(cutout, picture.rect), inside))
                picture = self._get(blend, picture, skin) or picture
        return picture, opacity

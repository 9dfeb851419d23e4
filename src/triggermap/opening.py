"""What happens between the first paint and a window that is full: loading, in the right order.

The window paints with PySide6 alone. Then numpy and pyqtgraph are imported in the GUI thread while
body and dataset are read in another; the body comes first, so that the stage can be clicked before
the dossier is there (docs/adr/0005-first-paint.md).
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from triggermap.errors import Problem, TriggermapError
from triggermap.state import State
from triggermap.ui.main_window import MainWindow

if TYPE_CHECKING:
    from triggermap.body.plates import Body
    from triggermap.dataset.models import Dataset
    from triggermap.finder.search import Index
    from triggermap.safety.risks import Advice
    from triggermap.ui.workspace import Workspace


# The dataset waits for the stage no longer than this: a plate may be missing.
_PATIENCE_S = 3.0


class Loader(QThread):
    """Reads body and dataset off the GUI thread: first what the stage needs, then the rest.

    Both threads share one interpreter lock, so what is begun too early makes the stage late.
    """

    body_loaded = Signal(object)
    dataset_loaded = Signal(object, object, object)
    failed = Signal(str)
    safety_failed = Signal(str)

    def __init__(
        self,
        data: Path,
        assets: Path,
        state: State,
        parent: QObject | None = None,
        memory: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._data, self._assets, self._state, self._memory = data, assets, state, memory
        self._stage_up = threading.Event()

    def stage_is_up(self) -> None:
        """Go on with the dataset."""
        self._stage_up.set()

    def run(self) -> None:
        whole = False
        try:
            self._load()
            whole = True
        finally:
            if not whole:
                # Whatever went wrong (it is reported as a fault of the program): nothing was checked.
                self.safety_failed.emit("The check of the safety data did not come to its end.")

    def _load(self) -> None:
        plates = importlib.import_module("triggermap.body.plates")
        body: Body | None = None
        try:
            body = plates.load_body(self._assets / "body")
            self.body_loaded.emit(body)
            self._stage_up.wait(_PATIENCE_S)
        except TriggermapError as error:
            self.failed.emit(str(error))
        loader = importlib.import_module("triggermap.dataset.loader")
        verify = importlib.import_module("triggermap.body.verify")
        importlib.import_module("triggermap.ui.dossier")
        search = importlib.import_module("triggermap.finder.search")
        risks = importlib.import_module("triggermap.safety.risks")
        try:
            dataset = loader.load(self._data, self._memory)
            advice = risks.Advice(dataset, body) if body is not None else None
            self.dataset_loaded.emit(dataset, search.Index(dataset), advice)
        except TriggermapError as error:
            self.failed.emit(str(error))
            advice = None
        if advice is not None:
            try:
                advice.check()
            except TriggermapError as error:
                self.safety_failed.emit(str(error))
        if body is not None:
            self._tell(verify.at_start(body.folder))
            self._read_ahead(body)
            self._tell(verify.in_full(body.folder))

    def _tell(self, problems: Iterable[Problem | None]) -> None:
        for problem in problems:
            if self.isInterruptionRequested():
                return
            if problem is not None:
                self.safety_failed.emit(str(problem))

    def _read_ahead(self, body: Body) -> None:
        """All of the open plate, so that the first click finds it; of the others what a choice asks for.

        The large arrays of every plate would be hundreds of megabytes.
        """
        for plate in sorted(body.plates.values(), key=lambda plate: plate.id != self._state.plate):
            if self.isInterruptionRequested():
                return
            try:
                if plate.id == self._state.plate:
                    plate.warm()
                else:
                    plate.skim()
            except TriggermapError as error:
                self.safety_failed.emit(str(error))


class Opening(QObject):
    """Opens the workspace after the window's first paint, and gives it what is loaded."""

    picture_failed = Signal(str)

    def __init__(self, window: MainWindow, loader: Loader, state: State) -> None:
        super().__init__(window)
        self.window, self.loader, self._state = window, loader, state
        self.workspace: Workspace | None = None
        self.checked = False
        """True once every file was looked at: what is broken is known, and said."""
        # Queued from the thread: what comes while the workspace is being imported waits for it.
        loader.body_loaded.connect(self._take_body)
        loader.dataset_loaded.connect(self._take_dataset)
        loader.failed.connect(self._failed)
        loader.safety_failed.connect(self._safety_failed)
        loader.finished.connect(self._checked)
        window.first_painted.connect(self._open)
        window.closing.connect(loader.requestInterruption)

    @property
    def settled(self) -> bool:
        """True once everything is loaded and on show."""
        return self.workspace is not None and self.workspace.settled

    def _open(self) -> None:
        self.loader.start()
        module = importlib.import_module("triggermap.ui.workspace")
        workspace: Workspace = module.Workspace(self.window, self._state)
        self.workspace = workspace
        workspace.picture_failed.connect(self.picture_failed)
        workspace.picture_failed.connect(self.loader.stage_is_up)
        workspace.stage_shown.connect(self.loader.stage_is_up)

    def _take_body(self, body: Body) -> None:
        if self.workspace is not None:
            self.workspace.take_body(body)

    def _take_dataset(self, dataset: Dataset, index: Index, advice: Advice | None) -> None:
        if self.workspace is not None:
            self.workspace.take_dataset(dataset, index, advice)

    def _checked(self) -> None:
        # Queued as well, so it comes after everything that the thread had to tell.
        self.checked = True

    def _safety_failed(self, message: str) -> None:
        if self.workspace is not None:
            self.workspace.session.note_fault(message)

    def _failed(self, message: str) -> None:
        self._safety_failed(message)
        nothing = self.workspace is None or self.workspace.session.dataset is None
        self.window.loading_failed(message, nothing_to_show=nothing)

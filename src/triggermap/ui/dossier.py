"""The panel on the right: what is known of the selected muscle, its warnings first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from triggermap.dataset.dossier import NO_POINT, POINT_SECTIONS, spoken
from triggermap.dataset.models import (
    Claim,
    Condition,
    Hazard,
    Muscle,
    Nerve,
    Part,
    Region,
    Severity,
    TriggerPoint,
    Zone,
)
from triggermap.finder.areas import (
    ConditionMatch,
    PointMatch,
    muscles_for_condition,
    points_for_regions,
)
from triggermap.safety.general import (
    GENERAL_REFERENCES,
    GENERAL_WARNING,
    general_applies,
    general_applies_to,
)
from triggermap.safety.hazards import Caution, cautions
from triggermap.safety.risks import muscles_with
from triggermap.session import Session
from triggermap.ui.banner import Banner
from triggermap.ui.citing import Citations
from triggermap.ui.fault_banner import FaultBanner
from triggermap.ui.hazard_banner import HazardBanner, icon_of
from triggermap.ui.icons import Icons
from triggermap.ui.pages import (
    PAGE_GROUPS,
    SEVERITY_WORDS,
    disagreements,
    sections_of_condition,
    sections_of_hazard,
    sections_of_page,
)
from triggermap.ui.point_card import PointCard, wrap_anywhere
from triggermap.ui.point_hazards import PointHazards
from triggermap.ui.texts import DISCLAIMER, NO_FIXED_KEY, NO_FIXED_REFERRAL
from triggermap.ui.theme import Theme

_WARNING_SHARE = 0.56
_GAP = 6


class Dossier(QWidget):
    """Shows what the session has selected; asks for points, conditions and regions."""

    point_requested = Signal(str, str)  # muscle id, point id
    muscle_requested = Signal(str)
    hazard_requested = Signal(str)
    clear_requested = Signal()

    def __init__(self, session: Session, icons: Icons, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Dossier")
        self._session, self._icons, self._theme, self._scale = session, icons, theme, 1.0
        self._cards: dict[str, PointCard] = {}
        self.banners: list[HazardBanner] = []
        self.fault: FaultBanner | None = None
        self._shown: tuple[object, ...] | None = None
        self._following = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._content = QWidget(self)
        self._scroll: QScrollArea | None = None
        self._warning_area: QScrollArea | None = None

    def set_look(self, theme: Theme, scale: float) -> None:
        """Take other colours and another scale."""
        self._theme, self._scale = theme, scale
        self._shown = None
        self.show_session()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_warnings()

    def show_session(self) -> None:
        """Show the selection; only what changed is built again."""
        state = self._session.state
        key = (
            state.muscle,
            state.structure,
            state.region,
            state.condition,
            state.hazard,
            state.page,
            id(self._session.dataset),
            self._session.body is not None,
            self._session.faults,
        )
        if key != self._shown:
            self._shown = key
            self._rebuild()
        for point_id, card in self._cards.items():
            card.setChecked(point_id == state.point)
        for banner in self.banners:
            banner.show_for(state.point)
        self._fit_warnings()
        self._following = True
        # Cards have their places only after the layout of a new dossier has run.
        QTimer.singleShot(0, self._scroll_to_point)

    def _scroll_to_point(self) -> None:
        card = self._cards.get(self._session.state.point or "")
        if self._following and card is not None and self._scroll is not None:
            self._scroll.verticalScrollBar().setValue(max(card.y() - 8, 0))

    def _stop_following(self) -> None:
        self._following = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            self._stop_following()
        return super().eventFilter(watched, event)

    # --- building ----------------------------------------------------------------------------

    def _rebuild(self) -> None:
        self._layout.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._cards, self.banners, self._scroll, self._warning_area = {}, [], None, None
        self.fault = None
        self._content = QWidget(self)
        if self._session.dataset is not None:
            self._cite = Citations(self._session.dataset, self._theme)
        self._hazards = PointHazards(self._session, self._icons, self._theme, self._scale)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(14, 12, 6, 0)
        column.setSpacing(8)
        self._layout.addWidget(self._content)
        session = self._session
        if session.dataset is None:
            column.addWidget(self._label("Loading the plates and the muscles …", "muted"))
            column.addStretch()
        elif session.muscle is not None:
            self._build_muscle(column, session.muscle)
        elif session.structure is not None:
            self._build_structure(column)
        elif session.region is not None:
            self._build_region(column, session.region)
        elif session.condition is not None:
            self._build_condition(column, session.condition)
        elif session.hazard is not None:
            self._build_hazard(column, session.hazard)
        elif session.state.page is not None:
            self._build_page(column, session.state.page)
        else:
            self._build_welcome(column)

    def _head(self, column: QVBoxLayout, title: str, latin: str) -> None:
        row = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._label(escape(title), "title"))
        if latin:
            names.addWidget(self._label(escape(latin), "latin"))
        row.addLayout(names, 1)
        close = QToolButton(self._content)
        close.setObjectName("flat")
        close.setIcon(self._icons.icon("close", self._theme.text))
        close.setIconSize(QSize(round(18 * self._scale), round(18 * self._scale)))
        close.setToolTip("Clear the selection (Esc)")
        close.setAccessibleName("Clear the selection")
        close.clicked.connect(self.clear_requested)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self._build_fault(column)

    def _build_fault(self, column: QVBoxLayout) -> None:
        """While something can't be read, that stands above everything else that is said."""
        session = self._session
        if not session.faults or session.dataset is None:
            return
        known = {reference.key for reference in session.dataset.references}
        keys = tuple(key for key in GENERAL_REFERENCES if key in known)
        claim = Claim(text=GENERAL_WARNING, references=keys) if keys else None
        self.fault = FaultBanner(
            session.faults, self._icons, self._theme, self._scale, self._content,
            over_lung=self._on_trunk(),
            marks=self._cite.mark(claim) if claim else "",
        )  # fmt: skip
        self.fault.refolded.connect(self._fit_warnings)
        self.fault.words.linkHovered.connect(
            lambda link, at=self.fault.words, cite=self._cite: at.setToolTip(cite.tip(link))
        )
        column.addWidget(self.fault)

    def _on_trunk(self) -> bool:
        """Whether what is selected, or a point that its page names, may lie over the lung."""
        session, dataset = self._session, self._session.dataset
        assert dataset is not None
        if session.muscle is not None:
            return general_applies(session.muscle)
        if session.structure is not None:
            return general_applies_to(session.structure)
        named: list[str] = []
        if session.region is not None:
            named = [hit.muscle for hit in points_for_regions(dataset, (session.region.id,))]
        elif session.condition is not None:
            named = [match.muscle for match in muscles_for_condition(dataset, session.condition.id)]
        return any(general_applies(session.muscles[muscle]) for muscle in named)

    def _scrolled(self, column: QVBoxLayout) -> QVBoxLayout:
        scroll = QScrollArea(self._content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setObjectName("panel")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 10, 12)
        layout.setSpacing(8)
        scroll.setWidget(inner)
        column.addWidget(scroll, 1)
        # Cards find their places over several turns of the loop: follow until the user takes over.
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._scroll_to_point)
        bar.sliderPressed.connect(self._stop_following)
        scroll.viewport().installEventFilter(self)
        self._scroll = scroll
        return layout

    def _build_warnings(self, column: QVBoxLayout, banners: list[HazardBanner]) -> None:
        """The gravest warning stands fast above everything that scrolls; the others may scroll.

        In a small window there is no room for all of them, and none may be squeezed. While safety data is
        not available, the gravest warning is the one that says so.
        """
        self.banners = banners
        area = QScrollArea(self._content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fast = 0 if self.fault is not None else 1
        area.setVisible(len(banners) > fast)
        rest = QWidget()
        rest.setObjectName("panel")
        inner = QVBoxLayout(rest)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(_GAP)
        area.setWidget(rest)
        for number, banner in enumerate(banners):
            banner.refolded.connect(self._fit_warnings)
            (column if number < fast else inner).addWidget(banner)
        inner.addStretch()
        column.addWidget(area)
        self._warning_area = area
        self._fit_warnings()

    def _fit_warnings(self) -> None:
        """As high as the warnings, up to a share of the dossier."""
        width = self.width() - 20
        banners: list[Banner] = [self.fault] if self.fault is not None else []
        banners += self.banners
        if not banners:
            return
        first, rest = banners[0], banners[1:]
        first.set_room(width, self.height())
        most = max(round(self.height() * _WARNING_SHARE) - first.height_for(width), 0)
        if self._warning_area is None:
            return
        bar = self._warning_area.verticalScrollBar().sizeHint().width()
        wanted = self._height_of(rest, width)
        if wanted > most:
            wanted = self._height_of(rest, width - bar)
        if rest and self.fault is not None:
            most = max(most, rest[0].least)
        self._warning_area.setFixedHeight(min(wanted, most))

    def _height_of(self, banners: Sequence[Banner], width: int) -> int:
        for banner in banners:
            banner.set_room(width, self.height())
        return sum(banner.height_for(width) + _GAP for banner in banners)

    def _build_muscle(self, column: QVBoxLayout, muscle: Muscle) -> None:
        dataset, cite = self._session.dataset, self._cite
        assert dataset is not None
        self._head(column, muscle.name, muscle.latin)
        labels = {point.id: point.label for point in muscle.trigger_points}
        by_hazard: dict[str, list[Caution]] = {}
        for caution in cautions(dataset, muscle):
            by_hazard.setdefault(caution.hazard.id, []).append(caution)
        banners = [
            HazardBanner(found, labels, cite, self._icons, self._theme, self._scale, self._content)
            for found in by_hazard.values()
        ]
        for banner in banners:
            banner.hazard_requested.connect(self.hazard_requested)
        self._build_warnings(column, banners)
        if absence := self._hazards.absence(muscle):
            column.addWidget(self._label(absence, "muted"))
        body = self._scrolled(column)
        self._section(body, f"Trigger points ({len(muscle.trigger_points)})")
        if not muscle.trigger_points:
            body.addWidget(self._label(NO_POINT, "muted"))
        for point in sorted(muscle.trigger_points, key=lambda one: (len(one.label), one.label)):
            body.addWidget(self._card(muscle, point, cite))
        if muscle.trigger_points:
            body.addWidget(self._label(self._no_fixed_referral(cite), "small"))
        self._text(body, "Conditions", cite, self._conditions(muscle, cite))
        self._text(body, "Anatomy", cite, self._anatomy(muscle, cite))
        self._text(body, "Palpation", cite, cite.claims((c, c.text) for c in muscle.palpation))
        self._text(body, "Notes", cite, cite.claims((c, c.text) for c in muscle.notes))
        self._text(body, "Where sources disagree", cite, disagreements(muscle.disagreements, cite))
        self._text(body, "Names and numbers", cite, self._identifiers(muscle, cite))
        self._text(body, "Sources", cite, cite.sources())
        body.addWidget(self._label(DISCLAIMER, "small"))
        body.addStretch()

    def _no_fixed_referral(self, cite: Citations) -> str:
        return cite.claim(Claim(text=NO_FIXED_REFERRAL, references=(NO_FIXED_KEY,)), NO_FIXED_REFERRAL)

    def _card(self, muscle: Muscle, point: TriggerPoint, cite: Citations) -> PointCard:
        part = next((p.name for p in muscle.parts if p.id == point.part), "")
        title = f"<b>× {escape(point.label)}&nbsp; {escape(point.name)}</b>"
        if part and part.lower() not in point.name.lower():
            title += f" <span style='color:{self._theme.muted}'>{escape(part)}</span>"
        body = cite.claim(point.site, point.site.text) + self._zones(point, cite)
        more = self._more(point, cite) + self._hazards.body_shows(point)
        warning = self._hazards.warning(muscle, point)
        card = PointCard(title, body, more, self._theme, self._content, warning.html, warning.sign)
        card.setAccessibleName(f"Trigger point {point.label}, {point.name}")
        card.setAccessibleDescription(f"{warning.words} {spoken(point.site)}")
        card.clicked.connect(lambda _on=False, p=point.id: self.point_requested.emit(muscle.id, p))
        self._cards[point.id] = card
        return card

    def _more(self, point: TriggerPoint, cite: Citations) -> str:
        """What is said of a point beyond its site and its zones."""
        rows = ""
        for word, field in POINT_SECTIONS:
            claims: tuple[Claim, ...] = getattr(point, field)
            head = "" if field == "notes" else f"<b>{word}:</b> "
            rows += "".join(
                f"<p style='margin:5px 0 0 0'>{head}{cite.claim(claim, claim.text)}</p>" for claim in claims
            )
        for related in point.related:
            name = self._point_name(related.point)
            text = f": {related.text}" if related.text else ""
            word = "Satellite" if related.relation == "satellite" else "Key point"
            rows += f"<p style='margin:5px 0 0 0'><b>{word}:</b> {cite.claim(related, name + text)}</p>"
        return rows + disagreements(point.disagreements, cite)

    def _point_name(self, point_id: str) -> str:
        for muscle in self._session.muscles.values():
            for point in muscle.trigger_points:
                if point.id == point_id:
                    return f"{muscle.name} {point.label}"
        return point_id

    def _zones(self, point: TriggerPoint, cite: Citations) -> str:
        rows = ""
        for word, mark, zones in (
            ("Essential zone", "■", point.essential),
            ("Spillover zone", "•••", point.spillover),
        ):
            if zones:
                names = cite.row((zone, self._zone_name(zone)) for zone in zones)
                rows += (
                    f"<p style='margin:5px 0 0 0'><span style='color:{self._theme.zone_text}'>{mark}</span>"
                    f" <b>{word}:</b> {names}</p>"
                )
        return rows or f"<p style='margin:5px 0 0 0'>{escape('Referral pattern not documented.')}</p>"

    def _zone_name(self, zone: Zone) -> str:
        region = self._session.regions[zone.region]
        side = "" if zone.side == "ipsilateral" else f", {zone.side}"
        note = f" ({zone.note})" if zone.note else ""
        return f"{region.name}{side}{note}"

    def _conditions(self, muscle: Muscle, cite: Citations) -> str:
        dataset = self._session.dataset
        assert dataset is not None
        names = {condition.id: condition for condition in dataset.conditions}
        rows = ""
        for link in muscle.conditions:
            condition = names[link.condition]
            rows += (
                f"<p style='margin:0 0 7px 0'><b>{escape(condition.name)}</b>"
                f" <span style='color:{self._theme.muted}'>({escape(link.evidence.value)})</span><br/>"
                f"{cite.claim(link, link.text)}"
            )
            for flag in condition.red_flags:
                rows += (
                    f"<br/><span style='color:{self._theme.danger}'><b>First exclude:</b></span> "
                    f"{cite.claim(flag, flag.text)}"
                )
            rows += "</p>"
        return rows

    def _anatomy(self, muscle: Muscle, cite: Citations) -> str:
        rows = _anatomy_rows(muscle, cite)
        for part in muscle.parts:
            part_rows = _anatomy_rows(part, cite)
            rows += f"<p style='margin:6px 0 2px 0'><b>{escape(part.name)}</b>"
            rows += f" <i>{escape(part.latin)}</i></p>{part_rows}"
        return rows

    def _identifiers(self, muscle: Muscle, cite: Citations) -> str:
        rows = []
        if muscle.synonyms:
            rows.append(f"Also: {escape(', '.join(muscle.synonyms))}")
        owners: list[tuple[Muscle | Part, str]] = [(muscle, "")]
        owners += [(part, part.name) for part in muscle.parts]
        for owner, name in owners:
            ids = [value for value in (owner.ids.fma, owner.ids.uberon, owner.ids.ta98) if value]
            if ids:
                label = f"{escape(name)}: " if name else ""
                rows.append(f"{label}{escape(' · '.join(ids))}{cite.mark(owner.ids)}")
        return "<br/>".join(rows)

    def _build_structure(self, column: QVBoxLayout) -> None:
        structure = self._session.structure
        assert structure is not None
        self._head(column, structure.title, "")
        body = self._scrolled(column)
        kind = {"muscles": "Muscle", "skeleton": "Bone", "fascia": "Fascia or tendon"}
        lines = [kind.get(structure.system, structure.system.capitalize())]
        if structure.fma:
            lines.append(f"FMA id: {structure.fma}")
        lines.append(NO_POINT if structure.system == "muscles" else "Part of the reference body.")
        body.addWidget(self._label("<br/>".join(escape(line) for line in lines), ""))
        if self.fault is not None:
            self._text(body, "Sources", self._cite, self._cite.sources())
        body.addStretch()

    def _build_region(self, column: QVBoxLayout, region: Region) -> None:
        dataset = self._session.dataset
        assert dataset is not None
        self._head(column, region.name, region.clinical)
        body = self._scrolled(column)
        hits = points_for_regions(dataset, (region.id,))
        self._section(body, f"Trigger points that refer here ({len(hits)})")
        if not hits:
            body.addWidget(self._label("None is documented in this dataset.", "muted"))
        for found in hits:
            body.addWidget(self._hit_card(found))
        cite = self._cite
        if hits:
            body.addWidget(self._label(self._no_fixed_referral(cite), "small"))
        self._text(body, "Sources", cite, cite.sources())
        body.addStretch()

    def _build_condition(self, column: QVBoxLayout, condition: Condition) -> None:
        dataset, cite = self._session.dataset, self._cite
        assert dataset is not None
        self._head(column, condition.name, ", ".join(condition.synonyms))
        body = self._scrolled(column)
        sections = list(sections_of_condition(condition, cite, self._theme))
        for title, html in sections[:-2]:
            self._text(body, title, cite, html)
        found = muscles_for_condition(dataset, condition.id)
        self._section(body, f"Muscles ({len(found)})")
        if not found:
            body.addWidget(self._label("None is documented in this dataset.", "muted"))
        for match in found:
            body.addWidget(self._condition_card(match, cite))
        for title, html in sections[-2:]:
            self._text(body, title, cite, html)
        self._text(body, "Sources", cite, cite.sources())
        body.addWidget(self._label(DISCLAIMER, "small"))
        body.addStretch()

    def _condition_card(self, match: ConditionMatch, cite: Citations) -> PointCard:
        points = self._session.muscles[match.muscle].trigger_points
        claim = Claim(text=match.text, references=match.references, unsourced=not match.references)
        count = f"{len(points)} trigger point{'' if len(points) == 1 else 's'}"
        card = PointCard(
            f"<b>{escape(match.name)}</b> <span style='color:{self._theme.muted}'>"
            f"({escape(match.evidence.value)}; {count})</span>",
            cite.claim(claim, match.text),
            "",
            self._theme,
            self._content,
        )
        card.setAccessibleName(f"{match.name}: {match.evidence.value}, {count}")
        card.setAccessibleDescription(match.text)
        card.clicked.connect(lambda _on=False: self.muscle_requested.emit(match.muscle))
        return card

    def _build_hazard(self, column: QVBoxLayout, hazard: Hazard) -> None:
        dataset = self._session.dataset
        assert dataset is not None
        cite = self._cite
        self._head(column, hazard.name, "")
        column.addWidget(self._severity(hazard))
        body = self._scrolled(column)
        for title, html in sections_of_hazard(hazard, cite):
            self._text(body, title, cite, html)
        found = muscles_with(dataset, hazard.id)
        self._section(body, f"Muscles with a note about it ({len(found)})")
        if not found:
            body.addWidget(self._label("None is documented in this dataset.", "muted"))
        for muscle in found:
            body.addWidget(self._noted_card(muscle, hazard, cite))
        self._text(body, "Sources", cite, cite.sources())
        body.addWidget(self._label(DISCLAIMER, "small"))
        body.addStretch()

    def _severity(self, hazard: Hazard) -> QFrame:
        """How grave a hazard is: icon, words and colour."""
        grave = hazard.severity is Severity.LIFE_THREATENING
        words = f"{SEVERITY_WORDS[hazard.severity][:1].upper()}{SEVERITY_WORDS[hazard.severity][1:]}"
        frame = QFrame(self._content)
        frame.setObjectName("danger" if grave else "caution")
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 4, 6, 4)
        icon, size = QLabel(frame), round(22 * self._scale)
        color = self._theme.danger if grave else self._theme.caution
        icon.setPixmap(self._icons.pixmap(icon_of(hazard.icon), color, size))
        row.addWidget(icon)
        label = QLabel(words, frame)
        label.setObjectName("hazardName")
        row.addWidget(label, 1)
        frame.setAccessibleName(f"{hazard.name}: {SEVERITY_WORDS[hazard.severity]}")
        return frame

    def _noted_card(self, muscle: Muscle, hazard: Hazard, cite: Citations) -> PointCard:
        """A muscle with what its notes say of a hazard, and at which points."""
        labels = {point.id: point.label for point in muscle.trigger_points}
        rows, heard = [], []
        for note in muscle.safety:
            if note.hazard == hazard.id:
                points = ", ".join(sorted(labels[point] for point in note.points))
                where = f"<b>Point{'s' if len(note.points) > 1 else ''} {points}:</b> " if points else ""
                texts = [cite.claim(note, note.text), *(cite.claim(one, one.text) for one in note.reports)]
                rows.append(f"<p style='margin:0 0 4px 0'>{where}{'<br/>'.join(texts)}</p>")
                heard += [note.text, *(spoken(one) for one in note.reports)]
        card = PointCard(f"<b>{escape(muscle.name)}</b>", "".join(rows), "", self._theme, self._content)
        card.setAccessibleName(f"{muscle.name}: a note about {hazard.name}")
        card.setAccessibleDescription(" ".join(heard))
        card.clicked.connect(lambda _on=False: self.muscle_requested.emit(muscle.id))
        return card

    def _build_page(self, column: QVBoxLayout, page: str) -> None:
        dataset, cite = self._session.dataset, self._cite
        assert dataset is not None
        self._head(column, PAGE_GROUPS[page][0], "")
        body = self._scrolled(column)
        for title, html in sections_of_page(dataset, page, cite):
            self._text(body, title, cite, html)
        self._text(body, "Sources", cite, cite.sources())
        body.addWidget(self._label(DISCLAIMER, "small"))
        body.addStretch()

    def _hit_card(self, found: PointMatch) -> PointCard:
        owner = self._session.muscles[found.muscle]
        muscle = owner.name
        point = next(one for one in owner.trigger_points if one.id == found.point)
        warning = self._hazards.warning(owner, point)
        word = "Essential zone" if found.kind == "essential" else "Spillover zone"
        sides = "" if found.sides == ("ipsilateral",) else f", {' and '.join(found.sides)}"
        card = PointCard(
            f"<b>{escape(muscle)}</b>",
            f"× {escape(found.label)}&nbsp; {escape(found.name)}<br/>{word}{sides}",
            "",
            self._theme,
            self._content,
            warning.html,
            warning.sign,
        )
        card.setAccessibleName(f"{muscle}, {found.name}: {word}")
        card.setAccessibleDescription(warning.words)
        card.clicked.connect(lambda _on=False: self.point_requested.emit(found.muscle, found.point))
        return card

    def _build_welcome(self, column: QVBoxLayout) -> None:
        dataset = self._session.dataset
        assert dataset is not None
        column.addWidget(self._label("triggermap", "title"))
        self._build_fault(column)
        points = sum(len(muscle.trigger_points) for muscle in dataset.muscles)
        column.addWidget(
            self._label(
                f"{len(dataset.muscles)} muscles, {points} trigger points, "
                f"{len(dataset.references)} sources.",
                "muted",
            )
        )
        column.addWidget(
            self._label(
                "Point at the body to name a structure, click to select it. On the skin layer, click where it"
                " hurts to see which trigger points refer there. Type <b>/</b> to find a muscle, a nerve,"
                " a condition or a place of pain.",
                "",
            )
        )
        column.addWidget(self._label(DISCLAIMER, "small"))
        column.addStretch()

    # --- pieces ------------------------------------------------------------------------------

    def _label(self, html: str, name: str) -> QLabel:
        label = QLabel(html, self._content)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.RichText)
        wrap_anywhere(label)
        return label

    def _section(self, layout: QVBoxLayout, title: str) -> None:
        layout.addWidget(self._label(escape(title.upper()), "section"))

    def _text(self, layout: QVBoxLayout, title: str, cite: Citations, html: str) -> None:
        if not html:
            return
        self._section(layout, title)
        label = self._label(html, "")
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        label.linkHovered.connect(lambda link: label.setToolTip(cite.tip(link)))
        layout.addWidget(label)


def _anatomy_rows(owner: Muscle | Part, cite: Citations) -> str:
    rows = ""
    for word, claim in (("Origin", owner.origin), ("Insertion", owner.insertion)):
        if claim is not None:
            rows += f"<p style='margin:0 0 4px 0'><b>{word}:</b> {cite.claim(claim, claim.text)}</p>"
    if owner.actions:
        text = " ".join(cite.claim(action, action.text) for action in owner.actions)
        rows += f"<p style='margin:0 0 4px 0'><b>Action:</b> {text}</p>"
    if owner.innervation:
        text = cite.row((nerve, _nerve(nerve)) for nerve in owner.innervation)
        rows += f"<p style='margin:0 0 4px 0'><b>Nerve:</b> {text}</p>"
    return rows


def _nerve(nerve: Nerve) -> str:
    roots = f" ({', '.join(nerve.roots)})" if nerve.roots else ""
    role = "" if nerve.role == "motor" else f", {nerve.role}"
    return f"{nerve.nerve}{roots}{role}"

"""The right pane of Choose: one activity, what proves it, and the button that adds it."""

from functools import partial

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mips_desk.domain.activity import Activity, EvidenceKind, EvidenceOption, Link, PeriodKind
from mips_desk.domain.practice import Track
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui import words
from mips_desk.ui.icons import icon, paint_icon
from mips_desk.ui.theme import CARD_RADIUS, ICON, SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TextRole, color, px
from mips_desk.ui.widgets.buttons import danger_button, link_button, primary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import hint, label, rule, secondary, strong

_KIND_ICONS = {
    EvidenceKind.SCREENSHOT: "image",
    EvidenceKind.REPORT: "chart-column",
    EvidenceKind.POLICY: "book-open-check",
    EvidenceKind.LOG: "list",
    EvidenceKind.CERTIFICATE: "badge-check",
    EvidenceKind.CORRESPONDENCE: "mail-open",
    EvidenceKind.AGENDA: "calendar-days",
    EvidenceKind.SURVEY: "list-checks",
    EvidenceKind.DATA_EXPORT: "download",
}


class _OptionLine(QWidget):
    """One line of the checklist with the icon of its form."""

    def __init__(self, option: EvidenceOption) -> None:
        super().__init__()
        self._icon = _KIND_ICONS.get(option.kinds[0], "file-text") if option.kinds else "file-text"
        column = QVBoxLayout(self)
        column.setContentsMargins(px(44), SPACE_S + 2, SPACE_M, SPACE_S + 2)
        column.setSpacing(2)
        column.addWidget(strong(f"{option.label} (always needed)" if option.required else option.label))
        column.addWidget(secondary(option.detail))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = px(ICON)
        paint_icon(QPainter(self), self._icon, "accent", QRectF(px(14), px(11), side, side))


class _Box(QFrame):
    """A thin border around the checklist."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)


class ActivityDetails(Card):
    """One activity.

    Signals:
        add_requested(str): choose the activity of this identifier.
        remove_requested(str): take the selection of this identifier out.
        evidence_requested(str): go to the proof of the selection of this identifier.
    """

    add_requested = Signal(str)
    remove_requested = Signal(str)
    evidence_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=0, parent=parent)
        self.setObjectName("activity_details")
        self._activity: Activity | None = None
        self._chosen: SelectionView | None = None
        self.body.setSpacing(0)
        self._empty = EmptyState(
            "list-checks", "No activity selected", "Choose one in the list to see what it asks for."
        )
        self.body.addWidget(self._empty, 1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName("Activity")
        self.body.addWidget(self._area, 1)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(SPACE_L + 2, SPACE_S, SPACE_L + 2, SPACE_L)
        foot.setSpacing(SPACE_S + 2)
        foot.addWidget(rule())
        self.effect = Note()
        self.effect.setObjectName("effect")
        foot.addWidget(self.effect)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        self.primary = primary_button("Add", "plus", self._primary)
        self.primary.setObjectName("choose_primary")
        self._remove = danger_button("Remove", "trash-2", self._ask_remove)
        self._remove.setObjectName("remove_activity")
        row.addWidget(self.primary, 1)
        row.addWidget(self._remove)
        foot.addLayout(row)
        self.body.addWidget(self._foot)
        self.show_nothing()

    @property
    def activity_id(self) -> str:
        """Identifier of the activity that is shown, or empty."""
        return self._activity.id if self._activity else ""

    def show_nothing(self) -> None:
        """No activity is selected."""
        self._activity = self._chosen = None
        self._empty.show()
        self._area.hide()
        self._foot.hide()

    def show_activity(
        self, activity: Activity, view: YearView, mvps: dict[str, str], links: tuple[Link, ...], *, read_only: bool
    ) -> None:
        """Show an activity.

        Args:
            activity: of the year of the view.
            view: the year.
            mvps: titles of the year's MVPs by identifier.
            links: CMS's pages for the year.
            read_only: nothing can be changed.
        """
        same = activity == self._activity
        before = self._area.verticalScrollBar().value() if same else 0
        self._activity = activity
        self._chosen = view.chosen(activity.id)
        self._area.setWidget(_content(activity, view, self._chosen, mvps, links))
        self._area.verticalScrollBar().setValue(before)
        self._empty.hide()
        self._area.show()
        self._foot.show()
        chosen = self._chosen is not None
        text = "Open its evidence" if chosen else f"Add {activity.id}"
        self.primary.setText(f" {text}")
        self.primary.setIcon(icon("image" if chosen else "plus", "on_accent"))
        self.primary.setAccessibleName(text)
        self.primary.setEnabled(chosen or not read_only)
        self._remove.setVisible(chosen)
        self._remove.setEnabled(not read_only)
        if self._chosen is not None:
            refused = self._chosen.not_credited
            self.effect.set(refused or _progress_words(self._chosen), Tone.BAD if refused else Tone.OK)
        elif not same:
            # Keeps its line, so that nothing moves when the sentence arrives.
            self.effect.set("Looking at what it would change…", Tone.NEUTRAL)

    def show_effect(self, activity_id: str, sentence: str) -> None:
        """Say what adding would do, when that activity is still shown and not chosen."""
        if activity_id == self.activity_id and self._chosen is None:
            warn = sentence.startswith("It would not") or "add nothing" in sentence
            self.effect.set(sentence, Tone.WARN if warn else Tone.ACCENT)

    def _primary(self) -> None:
        if self._chosen is not None:
            self.evidence_requested.emit(self._chosen.id)
        elif self._activity is not None:
            self.add_requested.emit(self._activity.id)

    def _ask_remove(self) -> None:
        if self._chosen is not None:
            self.remove_requested.emit(self._chosen.id)


def _progress_words(part: SelectionView) -> str:
    if part.readiness.complete:
        return "Chosen, and its proof is complete."
    return f"Chosen. {part.readiness.done} of {words.count(part.readiness.steps, 'step')} of the proof are done."


def _content(
    activity: Activity, view: YearView, chosen: SelectionView | None, mvps: dict[str, str], links: tuple[Link, ...]
) -> QWidget:
    body = QWidget()
    body.setObjectName("scroll_body")
    column = QVBoxLayout(body)
    column.setContentsMargins(SPACE_L + 2, SPACE_L + 2, SPACE_L + 2, SPACE_M)
    column.setSpacing(SPACE_S + 2)
    place = activity.subcategory.label if activity.subcategory else "No subcategory"
    column.addWidget(label(f"{activity.id} · {place}", TextRole.MONO, wrap=True))
    title = label(activity.title, TextRole.CARD_TITLE, wrap=True)
    title.setObjectName("activity_title")
    column.addWidget(title)
    column.addLayout(_chips(activity, view, chosen))
    guidance = activity.guidance
    column.addWidget(label(guidance.summary, wrap=True, tone="ink2"))
    column.addSpacing(SPACE_XS)
    column.addWidget(label("What counts as proof", TextRole.CARD_TITLE))
    column.addWidget(secondary(guidance.need_in_words))
    box = _Box()
    inside = QVBoxLayout(box)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.setSpacing(0)
    for number, option in enumerate(guidance.options):
        if number:
            inside.addWidget(rule())
        inside.addWidget(_OptionLine(option))
    column.addWidget(box)
    if not guidance.stated:
        column.addWidget(
            Note(
                "No published list was found for this year; these lines are derived from the description.",
                Tone.WARN,
            )
        )
    _section(column, "When", [text for text in (_period_words(activity, view), guidance.period.note) if text])
    _section(column, "How often", [guidance.frequency] if guidance.frequency else [])
    _section(column, "Good proof", list(guidance.capture_tips))
    _section(column, "What it is for", [guidance.objective] if guidance.objective else [])
    named = [f"{mvps[mvp_id]} ({mvp_id})" for mvp_id in activity.mvp_ids if mvp_id in mvps]
    _section(column, f"In {words.count(len(named), 'MVP')}", ["; ".join(named)] if named else [])
    _add_links(column, links)
    if guidance.sources:
        column.addWidget(hint(f"Follows: {'; '.join(guidance.sources)}."))
    column.addStretch(1)
    return body


def _chips(activity: Activity, view: YearView, chosen: SelectionView | None) -> FlowLayout:
    chips = FlowLayout()
    if chosen is not None:
        chips.addWidget(Chip("chosen", Tone.OK, "check"))
    if activity.weight:
        chips.addWidget(Chip(activity.weight.capitalize(), Tone.ACCENT if activity.weight == "high" else Tone.NEUTRAL))
    scored = view.profile.track is not view.rules.assigned.track
    if scored and activity.id != view.rules.medical_home.activity_id:
        scale = view.rules.scale(view.profile.track, view.profile.special_statuses)
        if scale.each:
            chips.addWidget(
                Chip(f"1 of the {view.gauge.target} you need" if view.gauge.target > 1 else "all you need", Tone.ACCENT)
            )
        else:
            chips.addWidget(Chip(f"{scale.of(activity.weight)} points for you", Tone.ACCENT))
    if activity.guidance.period.days:
        chips.addWidget(Chip(words.count(activity.guidance.period.days, "day")))
    if view.year <= 2018 and activity.cehrt_eligible:
        chips.addWidget(Chip("CEHRT bonus", Tone.ACCENT))
    if view.rules.is_mvp_only(activity.id) and view.profile.track is not Track.MVP:
        chips.addWidget(Chip("MVP only", Tone.WARN, "triangle-alert"))
    chips.addWidget(Chip("published list") if activity.guidance.stated else Chip("our reading", Tone.WARN, "info"))
    return chips


def _period_words(activity: Activity, view: YearView) -> str:
    rule_of = activity.guidance.period
    if rule_of.kind is PeriodKind.CONTINUOUS_DAYS and rule_of.days:
        return f"At least {rule_of.days} days in a row inside {view.year}."
    if rule_of.kind is PeriodKind.PERFORMANCE_YEAR:
        return f"During the whole of {view.year}."
    if rule_of.kind is PeriodKind.ONE_TIME:
        return f"Once in {view.year}."
    return ""


def _section(column: QVBoxLayout, title: str, lines: list[str]) -> None:
    if not lines:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(label(title, TextRole.STRONG))
    for line in lines:
        column.addWidget(secondary(line))


def _add_links(column: QVBoxLayout, links: tuple[Link, ...]) -> None:
    if not links:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(label("CMS's pages", TextRole.STRONG))
    column.addWidget(hint("Opened in your browser; this app itself never uses the network."))
    for link in links:
        button = link_button(link.title, partial(QDesktopServices.openUrl, QUrl(link.url)))
        button.setToolTip(link.url if link.seen else f"{link.url} (address derived from other years)")
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

"""What the right pane of Choose says about one activity, part by part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from mips_desk.domain.activity import Activity, EvidenceKind, EvidenceOption, Link, Mvp, PeriodKind
from mips_desk.domain.phrases import listed
from mips_desk.domain.warnings import ActivityWarning, WarningKind
from mips_desk.services.choosing import ActivityDetails
from mips_desk.services.official import OfficialText
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import CARD_RADIUS, ICON, SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TextRole, color, px
from mips_desk.ui.widgets.buttons import link_button
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.line_button import LineButton
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
#: Characters of a long text that are shown before "Read all".
_SHORT = 260
#: MVPs and related activities that are named before "Show all".
_FEW = 4

STATED = "The list follows what CMS suggests. A suggestion is no requirement: equivalent proof passes."
INFERRED = (
    "Our reading: no published list was found, so these lines follow from the description. Equivalent proof passes."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity with everything that the pane says about it.

    Attributes:
        text: CMS's own words, or None.
        no_text: why there are none, one sentence; empty when no file of the year is loaded.
        mvps: the MVPs of the year.
        links: CMS's pages of the year.
        back: the activity from which a link led here, or empty.
    """

    details: ActivityDetails
    view: YearView
    text: OfficialText | None = None
    no_text: str = ""
    mvps: tuple[Mvp, ...] = ()
    links: tuple[Link, ...] = ()
    back: str = ""

    @property
    def activity(self) -> Activity:
        """The activity."""
        return self.details.activity


@dataclass(frozen=True, slots=True)
class Links:
    """What the links inside the pane do.

    Attributes:
        activity: show another activity, by its identifier.
        mvp: list the activities of an MVP, by its identifier.
        load: go to where CMS's file is loaded.
        back: go back to where a link led from.
    """

    activity: Callable[[str], object]
    mvp: Callable[[str], object]
    load: Callable[[], object]
    back: Callable[[], object]


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
        if option.kinds:
            column.addWidget(hint(kinds_in_words(option.kinds)))

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


class Quote(QWidget):
    """A text in somebody else's words: a bar at its left, its source below; a long one opens with "Read all"."""

    def __init__(self, title: str, text: str, source: str) -> None:
        super().__init__()
        self.setObjectName("official_text")
        self._whole = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
        self._short = words.shortened(self._whole, _SHORT)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(strong(title))
        self._text = secondary(self._short)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._text)
        self._more = link_button("Read all", self._toggle)
        self._more.setObjectName("read_all")
        self._more.setAccessibleName(f"Read all: {title}")
        self._more.setVisible(self._short != " ".join(self._whole.split()))
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(hint(source))

    @property
    def text(self) -> str:
        """What is shown of the text."""
        return self._text.text()

    def _toggle(self) -> None:
        opened = self._text.text() == self._short
        self._text.setText(self._whole if opened else self._short)
        self._more.setText("Show less" if opened else "Read all")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        QPainter(self).fillRect(0, 0, px(3), self.height(), color("line"))


class WarningLine(QWidget):
    """A warning with its citation; says so when it is our reading and not settled text."""

    def __init__(self, warning: ActivityWarning) -> None:
        super().__init__()
        self.setObjectName(f"warning_{warning.kind}")
        quiet = warning.kind is WarningKind.GROUP
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Note(warning.text, Tone.BAD if warning.blocks else Tone.NEUTRAL if quiet else Tone.WARN))
        below = QVBoxLayout()
        below.setContentsMargins(px(ICON) + SPACE_S, 0, 0, 0)
        below.setSpacing(SPACE_XS)
        below.addWidget(hint(citation(warning)))
        if warning.uncertain:
            below.addWidget(Chip("our reading", Tone.WARN, "info"), 0, Qt.AlignmentFlag.AlignLeft)
            below.addWidget(hint(warning.uncertain))
        column.addLayout(below)


def citation(warning: ActivityWarning) -> str:
    """Return where the rule of a warning stands."""
    return " · ".join(part for part in (f"Rule {warning.rule}", warning.source) if part)


def kinds_in_words(kinds: Sequence[EvidenceKind]) -> str:
    """Return what form a proof may take: "Screenshot, report or data export"."""
    return words.sentence(" or ".join(listed(kind.replace("_", " ") for kind in kinds).rsplit(" and ", 1)))


def years_in_words(years: Sequence[int]) -> str:
    """Return years as runs: "2017–2019, 2021"."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def content(shown: Shown, left: Sequence[ActivityWarning], links: Links) -> QWidget:
    """Return everything about an activity, one part below the other.

    Args:
        shown: the activity.
        left: the warnings that are not said elsewhere.
        links: what its links do.
    """
    body = QWidget()
    body.setObjectName("scroll_body")
    column = QVBoxLayout(body)
    column.setContentsMargins(SPACE_L + 2, SPACE_L + 2, SPACE_L + 2, SPACE_M)
    column.setSpacing(SPACE_S + 2)
    activity, guidance = shown.activity, shown.activity.guidance
    if shown.back:
        column.addWidget(_line("arrow-left", f"Back to {shown.back}", "back", links.back))
    place = activity.subcategory.label if activity.subcategory else "No subcategory"
    column.addWidget(label(f"{activity.id} · {place}", TextRole.MONO, wrap=True))
    title = label(activity.title, TextRole.CARD_TITLE, wrap=True)
    title.setObjectName("activity_title")
    column.addWidget(title)
    column.addLayout(_chips(shown))
    column.addWidget(label(guidance.summary, wrap=True, tone="ink2"))
    if guidance.objective:
        column.addWidget(label(f"What it is for: {guidance.objective}", wrap=True, tone="ink2"))
    grave = [warning for warning in left if warning.kind is not WarningKind.GROUP]
    if grave:
        _head(column, "Good to know" if shown.view.chosen(activity.id) else "Before you add it")
        for warning in grave:
            column.addWidget(WarningLine(warning))
    _head(column, "What counts as proof")
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
    column.addWidget(Note(STATED if guidance.stated else INFERRED))
    for warning in left:
        if warning not in grave:
            column.addWidget(WarningLine(warning))
    _official(column, shown, links)
    _section(column, "When", [text for text in (period_in_words(shown), guidance.period.note) if text])
    _section(column, "How often", [frequency_in_words(shown)])
    _section(column, "How to take good proof", list(guidance.capture_tips))
    _related(column, shown.details.related, links)
    _mvps(column, shown, links)
    years = years_in_words(shown.details.years_offered)
    _section(column, "Offered", [f"In {years}." if years else "In this year only."])
    _cms_pages(column, shown.links)
    if guidance.sources:
        column.addWidget(hint(f"Follows: {'; '.join(guidance.sources)}."))
    column.addStretch(1)
    return body


def _chips(shown: Shown) -> FlowLayout:
    activity, view, points = shown.activity, shown.view, shown.details.points_for_you
    chips = FlowLayout()
    if view.chosen(activity.id) is not None:
        chips.addWidget(Chip("chosen", Tone.OK, "check"))
    if activity.weight:
        chips.addWidget(Chip(activity.weight.capitalize(), Tone.ACCENT if activity.weight == "high" else Tone.NEUTRAL))
    if view.profile.track is not view.rules.assigned.track:
        chips.addWidget(_worth(points, view))
    need = view.rules.period_for(activity.id)
    if length := need.months or need.days:
        chips.addWidget(Chip(words.count(length, "month" if need.months else "day")))
    if view.rules.cehrt_bonus and activity.cehrt_eligible:
        chips.addWidget(Chip("CEHRT bonus", Tone.ACCENT))
    if view.rules.is_mvp_only(activity.id):
        chips.addWidget(Chip("MVP only"))
    return chips


def _worth(points: int, view: YearView) -> Chip:
    if not points:
        return Chip("no credit for you", Tone.WARN, "triangle-alert")
    if view.rules.weighted:
        return Chip(f"{words.count(points, 'point')} for you", Tone.ACCENT)
    scale = view.rules.scale(view.profile.track, view.profile.special_statuses)
    amount = points // (scale.each or 1)
    text = "all you need" if amount >= view.gauge.target else f"{amount} of the {view.gauge.target} you need"
    return Chip(text, Tone.ACCENT)


def period_in_words(shown: Shown) -> str:
    """Return how long an activity must be done, with the last day to start."""
    asked, year, last = shown.activity.guidance.period, shown.view.year, shown.details.last_start
    need = shown.view.rules.period_for(shown.activity.id)
    over = last is not None and last < shown.view.today
    start = f" The last day to start {'was' if over else 'is'} {words.long_day(last)}." if last else ""
    if need.kind is PeriodKind.CONTINUOUS_DAYS:
        length = f"{need.months} months" if need.months else f"{need.days} days"
        return f"At least {length} in a row inside {year}.{start}"
    if asked.kind is PeriodKind.PERFORMANCE_YEAR:
        return f"During the whole of {year}."
    if asked.kind is PeriodKind.ONE_TIME:
        return f"Once in {year}."
    return start.strip()


def frequency_in_words(shown: Shown) -> str:
    """Return how often an activity may be reported, and when the practice last did."""
    limit, last = shown.details.frequency.rstrip("."), shown.details.last_attested
    did = f"you attested to it in {last}" if last else ""
    if limit:
        return f"{limit}; {did}." if did else f"{limit}."
    told = shown.activity.guidance.frequency or "No limit: it may be reported every year."
    return f"{told} {words.sentence(did)}." if did else told


def _head(column: QVBoxLayout, title: str) -> None:
    column.addSpacing(SPACE_XS)
    column.addWidget(label(title, TextRole.CARD_TITLE, wrap=True))


def _section(column: QVBoxLayout, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(strong(title))
    for line in lines:
        column.addWidget(secondary(line))


def _official(column: QVBoxLayout, shown: Shown, links: Links) -> None:
    if shown.text is not None:
        column.addWidget(Quote(f"CMS text of {shown.text.year}", shown.text.text, f"Source: {shown.text.source}."))
        return
    if shown.no_text:
        column.addWidget(hint(shown.no_text))
        return
    column.addWidget(hint("CMS's own text is not loaded. It comes as one file that you download from CMS."))
    column.addWidget(_line("settings", "Load it in Settings", "load_official", links.load))


def _related(column: QVBoxLayout, related: Sequence[Activity], links: Links) -> None:
    if not related:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(strong("Look at these too"))
    made = [(f"{each.id} {each.title}", f"related_{each.id}", partial(links.activity, each.id)) for each in related]
    _few(column, made, "list-checks", "related activities")


def _mvps(column: QVBoxLayout, shown: Shown, links: Links) -> None:
    titles = {mvp.id: mvp.title for mvp in shown.mvps}
    held = [each for each in shown.activity.mvp_ids if each in titles]
    if not held:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(strong(f"In {words.count(len(held), 'MVP')}"))
    made = [(f"{titles[each]} ({each})", f"mvp_{each}", partial(links.mvp, each)) for each in held]
    _few(column, made, "stethoscope", "MVPs")


def _few(column: QVBoxLayout, made: Sequence[tuple[str, str, Callable[[], object]]], icon: str, noun: str) -> None:
    """Add links; only some of them are shown when they are many."""
    holder = QVBoxLayout()
    holder.setSpacing(0)
    column.addLayout(holder)
    for text, key, act in made[:_FEW]:
        holder.addWidget(_line(icon, text, key, act))
    rest = made[_FEW:]
    if not rest:
        return
    more = link_button(f"Show {len(rest)} more {noun}")
    more.setObjectName(f"more_{noun.replace(' ', '_')}")

    def show_rest() -> None:
        more.hide()
        for text, key, act in rest:
            holder.addWidget(_line(icon, text, key, act))

    more.clicked.connect(lambda _checked=False: show_rest())
    holder.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)


def _cms_pages(column: QVBoxLayout, links: Sequence[Link]) -> None:
    if not links:
        return
    column.addSpacing(SPACE_XS)
    column.addWidget(strong("CMS's pages"))
    column.addWidget(hint("Opened in your browser; this app itself never uses the network."))
    for number, link in enumerate(links):
        act = partial(QDesktopServices.openUrl, QUrl(link.url))
        button = _line("external-link", link.title, f"cms_page_{number}", act)
        button.setToolTip(link.url if link.seen else f"{link.url} (address derived from other years)")
        column.addWidget(button)


def _line(icon: str, text: str, key: str, act: Callable[[], object]) -> LineButton:
    made = LineButton(icon, "accent", text)
    made.setObjectName(key)
    made.clicked.connect(lambda _checked=False: act())
    return made

"""Settings, Records: closing and reopening years, how long proof is kept, and what was deleted."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mips_desk.domain import phrases
from mips_desk.domain.practice import Role
from mips_desk.domain.retention import RETENTION_YEARS
from mips_desk.services import closing, collect, retention
from mips_desk.services.closing import YearState
from mips_desk.services.retention import Destroyable, RetentionClock, Tombstone
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.records_dialogs import CloseYearDialog, DestroyDialog, ReopenYearDialog
from mips_desk.ui.theme import SPACE_S, px
from mips_desk.ui.widgets.buttons import danger_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import hint, secondary


def is_manager(desk: Desk) -> bool:
    """Tell whether the person at the desk may do what only managers may."""
    return not desk.read_only and desk.session.vault.person.role is Role.MANAGER


def managers_hint(desk: Desk, what: str) -> QWidget:
    """Return a line that says why somebody may not do something here.

    Args:
        desk: the open practice; its person may not.
        what: as in "close or reopen a year".
    """
    if desk.read_only:
        return hint(f"Open to read only: nobody can {what} now.")
    return hint(f"Only a manager of this practice can {what}.")


class YearsCard(Card):
    """The performance years: open or closed, and until when their proof is kept.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Closing a year", parent=parent)
        self.setObjectName("years_card")
        self._desk = desk
        self._states: tuple[YearState, ...] = ()
        self.body.addWidget(
            secondary("When a year is reported and its binder is made, close it: then nothing in it changes unseen.")
        )
        self._rows = RowList()
        self._rows.setObjectName("year_rows")
        self._rows.activated.connect(lambda key: self._open(int(key)))
        self.body.addWidget(self._rows)
        if not is_manager(desk):
            self.body.addWidget(managers_hint(desk, "close or reopen a year"))

    def refresh(self) -> None:
        """Read the years anew."""
        session, years = self._desk.session, self._desk.view.years

        def read(_: JobContext) -> tuple[tuple[YearState, RetentionClock], ...]:
            return tuple((closing.year_state(session, y), retention.retention(session, y)) for y in years)

        self._desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, known: tuple[tuple[YearState, RetentionClock], ...]) -> None:
        self._states = tuple(state for state, _ in known)
        manager = is_manager(self._desk)
        self._rows.set_rows([_year_row(state, clock, manager=manager) for state, clock in known])

    def _open(self, year: int) -> None:
        state = next((each for each in self._states if each.year == year), None)
        if state is not None and state.closed:
            reopening = ReopenYearDialog(year, self)
            reopening.finished.connect(lambda done: self._reopen(year, reopening.reason) if done else None)
            reopening.open()
            return
        session = self._desk.session

        def ask(points: tuple[str, ...]) -> None:
            dialog = CloseYearDialog(year, points, self)
            dialog.finished.connect(lambda done: self._close(year) if done else None)
            dialog.open()

        self._desk.jobs.work(lambda _: closing.closing_advice(session, year), initiator=self, on_success=ask)

    def _close(self, year: int) -> None:
        tell = f"{year} is closed."
        self._desk.change(
            partial(closing.close_year, self._desk.session, year), self, lambda _: self._desk.messages.info(tell)
        )

    def _reopen(self, year: int, reason: str) -> None:
        tell = f"{year} is open again."
        self._desk.change(
            partial(closing.reopen_year, self._desk.session, year, reason),
            self,
            lambda _: self._desk.messages.info(tell),
        )


def _year_row(state: YearState, clock: RetentionClock, *, manager: bool) -> Row:
    day = phrases.long_day(clock.kept_until)
    kept = f"Keep its proof until {day}." if clock.running else f"Its proof had to be kept until {day}."
    text = f"{state.sentence} {kept}"
    if state.rules_changed:
        text += " This version of MIPS Desk has other rules for it than the one that closed it."
    button = "" if not manager else "Reopen…" if state.closed else "Close…"
    chip, tone = ("closed", Tone.OK) if state.closed else ("open", Tone.NEUTRAL)
    return Row(str(state.year), str(state.year), text, button, chip, tone)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the card on keeping proof shows."""

    years: int
    deleted: tuple[Destroyable, ...]
    destroyable: tuple[Destroyable, ...]
    destroyed: tuple[Tombstone, ...]
    clock: RetentionClock


class KeepingCard(Card):
    """How long proof is kept, deleted pictures, and destroying originals.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Keeping and destroying proof", parent=parent)
        self.setObjectName("keeping_card")
        self._desk = desk
        self._kept: _Kept | None = None
        self._years = ChoiceBox()
        self._years.setObjectName("retention_years")
        for number in RETENTION_YEARS:
            self._years.addItem(f"{number} years", number)
        self._years.setFixedWidth(px(130))
        self._years.activated.connect(lambda place: self._set_years(int(self._years.itemData(place))))
        self.body.addWidget(
            field(
                "Keep the proof of a year for",
                self._years,
                "From the end of the performance period. 42 CFR 414.1390(d) asks for 6; CMS advised 10 in 2017.",
            )
        )
        if not is_manager(desk):
            self.body.addWidget(managers_hint(desk, "change that, or destroy proof"))
        self._about = secondary("")
        self.body.addWidget(self._about)
        self._rows = RowList()
        self._rows.setObjectName("deleted_rows")
        self._rows.activated.connect(self._bring_back)
        self.body.addWidget(self._rows)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._what = ChoiceBox()
        self._what.setObjectName("destroy_what")
        self._what.setAccessibleName("What to destroy")
        self._destroy = danger_button("Destroy…", "trash-2", self._ask_destroy)
        self._destroy.setObjectName("destroy_originals")
        row.addWidget(self._what, 1)
        row.addWidget(self._destroy)
        self._destroying = QWidget()
        self._destroying.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._destroying)
        self._gone = RowList()
        self._gone.setObjectName("destroyed_rows")
        self.body.addWidget(self._gone)

    def refresh(self) -> None:
        """Read everything anew, for the year of the top bar."""
        session, year = self._desk.session, self._desk.view.year

        def read(_: JobContext) -> _Kept:
            return _Kept(
                retention.retention_years(session),
                retention.destroyable(session, year, removed_only=True),
                retention.destroyable(session, year),
                retention.destroyed(session, year),
                retention.retention(session, year),
            )

        self._desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, kept: _Kept) -> None:
        self._kept, year, manager = kept, kept.clock.year, is_manager(self._desk)
        self._years.setCurrentIndex(self._years.findData(kept.years))
        self._years.setEnabled(manager)
        back = sum(not each.removed_activity for each in kept.deleted)
        deleted = f"{phrases.count(back, 'deleted picture')} of {year} can be brought back." if back else ""
        none = "" if kept.deleted else f"No picture of {year} was deleted."
        self._about.setText(f"{kept.clock.sentence} {deleted or none}".strip())
        button = "" if self._desk.fixed else "Bring back"
        self._rows.set_rows([_deleted_row(each, button) for each in kept.deleted])
        entries: list[tuple[str, object]] = [(f"Exhibit {each.exhibit}", each.evidence_id) for each in kept.deleted]
        if kept.destroyable:
            entries.append((f"All originals of {year} ({len(kept.destroyable)})", ""))
        refill(self._what, entries, None)
        self._destroying.setVisible(manager and bool(entries))
        self._gone.set_rows([_gone_row(each) for each in kept.destroyed])

    def _set_years(self, years: int) -> None:
        self._desk.change(partial(retention.set_retention_years, self._desk.session, years), self)

    def _bring_back(self, evidence_id: str) -> None:
        self._desk.change(
            partial(collect.bring_back, self._desk.session, evidence_id),
            self,
            lambda _: self._desk.messages.info("The picture is back among the evidence."),
        )

    def _ask_destroy(self) -> None:
        kept = self._kept
        if kept is None:
            return
        session, year, evidence_id = self._desk.session, kept.clock.year, str(self._what.currentData() or "")
        what = next((f"the original of exhibit {e.exhibit}" for e in kept.deleted if e.evidence_id == evidence_id), "")
        what = what or f"all {len(kept.destroyable)} originals of {year}"

        def ask(texts: tuple[str, ...]) -> None:
            dialog = DestroyDialog(what, texts, self)
            dialog.finished.connect(
                lambda done: self._do_destroy(evidence_id, dialog.reason, dialog.confirmations) if done else None
            )
            dialog.open()

        self._desk.jobs.work(
            lambda _: retention.confirmation_texts(session, year, evidence_id), initiator=self, on_success=ask
        )

    def _do_destroy(self, evidence_id: str, reason: str, confirmations: tuple[str, ...]) -> None:
        session = self._desk.session
        act = (
            partial(retention.purge_item, session, evidence_id, reason, confirmations)
            if evidence_id
            else partial(retention.purge_year, session, self._desk.view.year, reason, confirmations)
        )
        self._desk.change(act, self, lambda changes: self._desk.messages.info(f"Done: {changes.label}."))


def _deleted_row(item: Destroyable, button: str) -> Row:
    when = f"deleted {phrases.short_day(item.removed_at.date())}" if item.removed_at else ""
    if item.removed_activity:
        button = ""
        when = f"{item.removed_activity} was removed; add it again, and what belongs to it is back"
    text = " · ".join(part for part in (item.caption, when, item.removed_reason) if part)
    return Row(item.evidence_id, f"Exhibit {item.exhibit}", text, button)


def _gone_row(stone: Tombstone) -> Row:
    early = " before the end of its retention" if stone.early else ""
    text = f"Destroyed{early} on {phrases.long_day(stone.at.date())} by {stone.person}: {stone.reason}"
    return Row(stone.evidence_id, f"Exhibit {stone.exhibit}", text, chip="destroyed", tone=Tone.NEUTRAL)

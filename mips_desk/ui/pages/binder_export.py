"""Writing a binder or an audit package: what is asked before, the work beside the window, and what became of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mips_desk.binder.content import BinderContent, Edition
from mips_desk.binder.field import Signing as HowSigned
from mips_desk.binder.package import PackageFile
from mips_desk.binder.signature import Identity
from mips_desk.binder.write import BinderFile
from mips_desk.services import binding, packaging, signing
from mips_desk.services.changes import Changes
from mips_desk.services.previewing import BinderPreview
from mips_desk.services.session import Session, vault_folder
from mips_desk.ui.jobs import Job, JobContext
from mips_desk.ui.messages import Question
from mips_desk.ui.words import count

from .binder_dialogs import CertificateFileDialog, FullEditionDialog, PackagePassphraseDialog, TimeStampDialog
from .binder_options import BinderOptions, Signing, service_name
from .binder_outcome import Outcome, size_in_words
from .binder_part import BinderPart
from .binder_side import SidePane
from .binder_signing import SigningDialog

#: Makes the identity that signs, on a work thread; None: nobody signs.
_Who = Callable[[], Identity | None] | None
#: Where the settings keep the service that was asked for a time stamp last.
_SERVICE = "binder/time-stamp-service"


class Exporter(QObject):
    """Asks, writes, tells.

    Args:
        part: the part of the room that exports; dialogs open over it.
        side: shows the options, how far the work is, and its outcome.

    Signals:
        busy_changed(): a file is being written, or none any more.
        told(): how far it is, or what it became, is shown now.
    """

    busy_changed = Signal()
    told = Signal()

    def __init__(self, part: BinderPart, side: SidePane) -> None:
        super().__init__(part)
        self._part, self._desk, self._side = part, part.desk, side
        self._job: Job | None = None
        settings = part.outside.settings
        self._service = str(settings.value(_SERVICE, "")) if settings is not None else ""
        side.options.full_wanted.connect(self._ask_for_full)
        side.options.signing_wanted.connect(self._set_up_signing)
        side.options.stamp_wanted.connect(self._ask_for_service)
        side.options.changed.connect(self._look_at_signing)

    @property
    def busy(self) -> bool:
        """A file is being written."""
        return self._job is not None

    def binder(self, preview: BinderPreview) -> None:
        """Write the binder as it is previewed, after all that has to be asked."""
        self._ask_and(preview, "binder", self._write_binder)

    def package(self, preview: BinderPreview) -> None:
        """Write the audit package of what is previewed, after all that has to be asked."""
        self._ask_and(preview, "package", self._write_package)

    # ------------------------------------------------------------------ before

    @property
    def _options(self) -> BinderOptions:
        return self._side.options.options

    def _ask_and(self, preview: BinderPreview, what: str, go: Callable[[BinderPreview, _Who], None]) -> None:
        self._side.wording.flush()
        gaps = preview.missing
        if gaps and not self._desk.ask(
            Question(
                f"Export with {count(gaps, 'gap')}?",
                "The cover will say PARTIAL and list what is missing. Pictures that nobody redacted or looked at since"
                " their last change are left out. You can export again at any time.",
                "Export as partial",
            )
        ):
            return
        if self._options.edition is Edition.FULL and not self._desk.ask(
            Question(
                f"Export the full edition of this {what}?",
                "It shows everything that is redacted in the other edition: names and other identifiers of patients."
                " Whoever gets the file can read them. The journal keeps that you exported it, and why:"
                f" “{self._options.reason}”",
                "Export the full edition",
                grave=True,
            )
        ):
            return
        match self._options.signing:
            case Signing.NOBODY:
                go(preview, None)
            case Signing.PRACTICE:
                go(preview, partial(signing.practice_identity, self._desk.session))
            case Signing.FILE:
                dialog = CertificateFileDialog(self._desk, self._part.outside, self._part)

                def opened() -> None:
                    identity = dialog.identity
                    go(preview, lambda: identity)

                dialog.accepted.connect(opened)
                dialog.open()

    def _ask_for_full(self) -> None:
        dialog = FullEditionDialog(self._desk, self._part)
        dialog.accepted.connect(lambda: self._side.options.set_full(dialog.reason))
        dialog.rejected.connect(self._side.options.set_redacted)
        dialog.open()

    def _ask_for_service(self) -> None:
        dialog = TimeStampDialog(self._desk, self._service, self._part)

        def use() -> None:
            self._service = dialog.address
            if (settings := self._part.outside.settings) is not None:
                settings.setValue(_SERVICE, self._service)
            self._side.options.set_time_stamp(self._service)

        dialog.accepted.connect(use)
        dialog.rejected.connect(lambda: self._side.options.set_time_stamp(""))
        dialog.open()

    def _set_up_signing(self) -> None:
        dialog = SigningDialog(self._desk, self._part.outside, self._part)
        dialog.finished.connect(lambda _result: self._look_at_signing(self._options))
        dialog.open()

    def _look_at_signing(self, options: object) -> None:
        """The practice's certificate can only be chosen when there is one."""
        assert isinstance(options, BinderOptions)
        session = self._desk.session
        if options.signing is not Signing.PRACTICE:
            return

        def know(found: object) -> None:
            if found is None and self._options.signing is Signing.PRACTICE:
                self._side.options.set_signing(Signing.NOBODY)
                self._set_up_signing()

        self._desk.jobs.work(lambda _: signing.practice_certificate(session), initiator=self, on_success=know)

    def _name(self, what: str) -> str:
        view = self._part.view
        full = " FULL" if self._options.edition is Edition.FULL else ""
        return f"MIPS {what} {view.year} {vault_folder(Path(), view.practice.name).stem}{full}"

    def _content(self, session: Session, year: int, options: BinderOptions) -> BinderContent:
        return binding.content(
            session,
            year,
            activities=options.activities,
            paper=options.paper,
            sign_off=options.sign_off,
            journal_extract=options.journal_extract,
            only_looked_at=options.edition is Edition.REDACTED,
            edition=options.edition,
            full_reason=options.reason,
        )

    # ------------------------------------------------------------------ binder

    def _write_binder(self, preview: BinderPreview, who: _Who) -> None:
        out = self._part.outside.save(self._part, "Export binder", f"{self._name('binder')}.pdf", "PDF", ".pdf")
        if out is None:
            return
        session, year, options = self._desk.session, self._part.view.year, self._options
        made: list[tuple[BinderFile, BinderContent, str]] = []

        def write(context: JobContext) -> Changes:
            identity = who() if who is not None else None
            content = self._content(session, year, options)
            file, changes = binding.write(
                session,
                content,
                out,
                progress=partial(_step, context, "Writing the binder"),
                check=context.check,
                signing=_signed(identity, options),
            )
            made.append((file, content, identity.name if identity is not None else ""))
            return changes

        def done(_: Changes) -> None:
            file, content, signer = made[0]
            facts = f"{count(file.pages, 'page')} · {size_in_words(out.stat().st_size)} · {_edition(options)}"
            notes = self._notes(signer, options, stamped=file.stamped)
            self._tell(Outcome("Binder exported", (out,), facts, file.sha256, _left_out(content), notes))

        self._run(write, f"Writing the binder {year}", done)

    # ------------------------------------------------------------------ package

    def _write_package(self, preview: BinderPreview, who: _Who) -> None:
        if self._options.encrypt:
            dialog = PackagePassphraseDialog(self._desk, self._part)
            dialog.accepted.connect(lambda: self._pack(preview, who, dialog.passphrase))
            dialog.open()
        else:
            self._pack(preview, who, "")

    def _pack(self, preview: BinderPreview, who: _Who, passphrase: str) -> None:
        # The name says so from the start: the dialog asks before it replaces a file, and must ask about the right one.
        name = f"{self._name('package')}{'-PARTIAL' if preview.missing else ''}.zip"
        out = self._part.outside.save(self._part, "Audit package", name, "ZIP file", ".zip")
        if out is None:
            return
        session, year, options = self._desk.session, self._part.view.year, self._options
        made: list[tuple[PackageFile, str]] = []

        def write(context: JobContext) -> Changes:
            identity = who() if who is not None else None
            plan = packaging.plan(self._content(session, year, options), split=options.split)
            file, changes = packaging.write(
                session,
                plan,
                out,
                passphrase=passphrase,
                sign_binder=_signed(identity, options),
                progress=partial(_step, context, "Writing the audit package"),
                check=context.check,
            )
            made.append((file, identity.name if identity is not None else ""))
            return changes

        def done(_: Changes) -> None:
            file, signer = made[0]
            size = sum(each.stat().st_size for each in file.files)
            facts = f"{count(file.exhibits, 'exhibit')} · {size_in_words(size)} · {_edition(options)}"
            left = (
                f"PARTIAL: {count(file.missing, 'thing is', 'things are')} missing; START-HERE and the binder list"
                f" {'it' if file.missing == 1 else 'them'}."
                if file.missing
                else ""
            )
            notes = self._notes(signer, options, stamped=file.stamped)
            if not signer:
                notes = ("Its list of files is signed with the practice certificate.", *notes)
            if passphrase:
                notes += ("It is encrypted. Give the passphrase to the receiver another way; it is kept nowhere.",)
            self._tell(Outcome("Audit package written", file.files, facts, file.sha256[0], left, notes))

        self._run(write, f"Writing the audit package {year}", done)

    # ------------------------------------------------------------------ the work and its end

    def _run(self, write: Callable[[JobContext], Changes], title: str, done: Callable[[Changes], object]) -> None:
        def finished() -> None:
            self._job = None
            if self._side.outcome.outcome is None:
                self._side.show_options()
            self.busy_changed.emit()

        self._desk.messages.clear()
        job = self._desk.jobs.write(
            write,
            title=title,
            initiator=self._part,
            on_success=done,
            on_cancelled=lambda: self._desk.messages.info("The export was cancelled. No file was written."),
            on_finished=finished,
        )
        if job.running:  # else it is done already
            self._job = job
            self._side.outcome.watch(job)
            self._side.show_outcome()
            self.busy_changed.emit()
            self.told.emit()

    def _tell(self, outcome: Outcome) -> None:
        self._side.outcome.show_outcome(outcome)
        self._side.show_outcome()
        self.told.emit()

    def _notes(self, signer: str, options: BinderOptions, *, stamped: bool) -> tuple[str, ...]:
        notes: tuple[str, ...] = (f"Signed with the certificate of {signer}.",) if signer else ()
        if options.time_stamp:
            service = service_name(options.time_stamp)
            notes += (
                f"Time-stamped by {service}."
                if stamped
                else f"It has no time stamp: none could be had from {service}. Everything else is as it should be.",
            )
        if self._desk.read_only:
            notes += ("It is listed under Exports as soon as this computer opens the practice for changes.",)
        return notes


def _step(context: JobContext, doing: str, done: int, total: int) -> None:
    context.progress(done, total, f"{doing}: {done} of {total}")


def _signed(identity: Identity | None, options: BinderOptions) -> HowSigned | None:
    if identity is None:
        return None
    return HowSigned(identity, signing.stamper(options.time_stamp) if options.time_stamp else None)


def _edition(options: BinderOptions) -> str:
    return "full edition" if options.edition is Edition.FULL else "redacted"


def _left_out(content: BinderContent) -> str:
    """Say in one sentence what an incomplete binder lacks; empty when it lacks nothing."""
    if not content.missing:
        return ""
    withheld = sum(bool(sheet.withheld) for sheet in content.exhibits)
    pictures = f", {count(withheld, 'picture')} of them withheld" if withheld else ""
    which = "it" if content.missing == 1 else "them"
    return f"PARTIAL: {count(content.missing, 'thing is', 'things are')} missing{pictures}; the cover lists {which}."

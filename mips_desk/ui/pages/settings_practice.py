"""Settings, Practice: the practice, its clinicians, and what it is in the performance year."""

from functools import partial

from mips_desk.domain.practice import Clinician, Practice, Role, YearProfile
from mips_desk.errors import MipsDeskError
from mips_desk.services import setup
from mips_desk.services.changes import Changes
from mips_desk.services.drafts import Draft, DraftKind
from mips_desk.ui.desk import Desk
from mips_desk.ui.drafts import keep_dialog
from mips_desk.ui.pages.clinician_dialog import NEW, ClinicianDialog, PasteDialog
from mips_desk.ui.pages.settings_cards import CliniciansCard, PracticeCard, YearCard
from mips_desk.ui.pages.settings_facts import FactsCard
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.widgets.note import Note


class PracticeSection(Section):
    """Everything is kept as it is entered."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._practice = PracticeCard()
        self._typing = desk.drafts.watch(DraftKind.PRACTICE, lambda: "", self._practice.fields, self)
        self._practice.change_requested.connect(self._set_practice)
        self._managers = Note()
        self._managers.setObjectName("practice_managers")
        self._practice.body.addWidget(self._managers)
        self._clinicians = CliniciansCard()
        self._clinicians.add_requested.connect(lambda: self._edit_clinician(NEW))
        self._clinicians.paste_requested.connect(self._paste)
        self._clinicians.edit_requested.connect(self._edit)
        self._year = YearCard()
        self._year.change_requested.connect(self._set_profile)
        self._facts = FactsCard()
        self._facts.change_requested.connect(self._set_profile)
        self.put((self._practice, self._clinicians), (self._year, self._facts))

    def refresh(self) -> None:
        """Show everything."""
        view, read_only = self.view, self.desk.read_only
        helps = self.desk.session.vault.person.role is not Role.MANAGER
        self._practice.show_view(view, read_only=read_only or helps)
        self._managers.set("Only a manager can change the practice itself." if helps and not read_only else "")
        self._typing.bring_back()
        self._clinicians.show_view(view, read_only=read_only)
        self._year.show_view(view, self.desk.session.catalog.mvps(view.year), read_only=self.desk.fixed)
        self._facts.show_view(view, read_only=self.desk.fixed)

    def resume(self, draft: Draft) -> None:
        """Open the dialog in which something was typed."""
        if draft.kind is DraftKind.CLINICIANS:
            self._paste()
        elif draft.kind is DraftKind.CLINICIAN and draft.record:
            self._edit(draft.record)
        elif draft.kind is DraftKind.CLINICIAN:
            self._edit_clinician(NEW)

    def _set_practice(self, practice: Practice) -> None:
        self.change(partial(setup.set_practice, self.desk.session, practice))

    def _set_profile(self, profile: YearProfile) -> None:
        session = self.desk.session
        try:
            setup.check_profile(session, profile)
        except MipsDeskError as error:
            self._year.show_view(self.view, session.catalog.mvps(self.view.year), read_only=self.desk.fixed)
            self._year.failed(error)
            return
        self.change(partial(setup.set_profile, session, profile))

    # ------------------------------------------------------------------ clinicians

    def _edit(self, clinician_id: str) -> None:
        found = next((clinician for clinician in self.view.clinicians if clinician.id == clinician_id), None)
        if found is not None:
            self._edit_clinician(found)

    def _edit_clinician(self, clinician: Clinician) -> None:
        dialog = ClinicianDialog(clinician, self)
        dialog.finished.connect(lambda result: self._edited(dialog, clinician) if result else None)
        keep_dialog(self.desk.drafts, DraftKind.CLINICIAN, clinician.id, dialog.fields, dialog)
        dialog.open()

    def _edited(self, dialog: ClinicianDialog, before: Clinician) -> None:
        session = self.desk.session
        if dialog.removed:
            name = before.name

            def tell(_changes: Changes) -> None:
                self.desk.messages.info(f"{name} is removed.", "Undo", self.desk.undo.undo)

            self.change(partial(setup.remove_clinician, session, before.id), tell)
        elif dialog.clinician() != before:
            self.change(partial(setup.put_clinicians, session, (dialog.clinician(),)))

    def _paste(self) -> None:
        dialog = PasteDialog(self)
        dialog.finished.connect(lambda result: self._pasted(dialog) if result else None)
        keep_dialog(self.desk.drafts, DraftKind.CLINICIANS, "", dialog.fields, dialog)
        dialog.open()

    def _pasted(self, dialog: PasteDialog) -> None:
        if dialog.found:
            self.change(partial(setup.put_clinicians, self.desk.session, dialog.found))

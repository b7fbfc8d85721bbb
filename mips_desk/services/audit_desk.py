"""What audit mode shows, read at once."""

from dataclasses import dataclass

from mips_desk.domain.audit import Drill
from mips_desk.domain.evidence import Export

from . import auditing
from .auditing import AuditView, RequestView
from .packaging import inner_name
from .session import Session


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """Audits and drills with what they need.

    Attributes:
        audits: those that run first.
        drills: newest first.
        exports: what was written, oldest first.
        titles: of the activities chosen, by identifier, in each year of the practice.
    """

    audits: tuple[AuditView, ...]
    drills: tuple[Drill, ...]
    exports: tuple[Export, ...]
    titles: dict[int, dict[str, str]]

    def audit(self, audit_id: str) -> AuditView | None:
        """Return an audit, or None."""
        return next((each for each in self.audits if each.id == audit_id), None)

    def sendable(self, request: RequestView) -> tuple[Export, ...]:
        """Return what can have been sent for a request: what was written for it, then the rest, the newest first.

        Args:
            request: the request.
        """
        known = [each for each in reversed(self.exports) if each.kind in ("package", "answer", "binder")]
        # A binder inside of a package is recorded too, and is never sent alone.
        inside = {inner_name(each.file_name) for each in known if each.kind == "package"}
        known = [each for each in known if each.file_name not in inside]
        mine = [each for each in known if each.request_id == request.id]
        of_year = [each for each in known if each.year == request.request.year and not each.request_id]
        return (*mine, *of_year)


def audit_desk(session: Session) -> AuditDesk:
    """Read the audits, the drills and what was written.

    Args:
        session: the open practice.
    """
    audits = auditing.audits(session)
    drills = auditing.drills(session)
    years = {*session.vault.years(), *(year for each in audits for year in each.audit.years)}
    years |= {drill.year for drill in drills}
    return AuditDesk(
        audits=audits,
        drills=drills,
        exports=tuple(session.vault.exports()),
        titles={year: _titles(session, year) for year in years},
    )


def _titles(session: Session, year: int) -> dict[str, str]:
    found = {}
    for selection in session.vault.selections(year):
        activity = session.catalog.activity(year, selection.activity_id)
        found[selection.activity_id] = activity.title if activity is not None else ""
    return found

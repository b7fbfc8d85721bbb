"""Practice papers: proof of a year that belongs to no activity, such as the participation status of each clinician."""

from enum import StrEnum
from typing import Final

#: Stands in exhibit numbers where other exhibits name their activity: "2026-PAPERS-01". No activity is named so.
PAPERS: Final = "PAPERS"


class PaperKind(StrEnum):
    """What a practice paper shows; the `option_key` of its evidence item."""

    PARTICIPATION = "participation_status"
    SPECIAL_STATUS = "special_status"
    PROGRAM = "program_paper"
    RECEIPT = "attestation_receipt"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as a person reads it."""
        return _LABELS[self]

    @property
    def explanation(self) -> str:
        """What to take a picture of, in one sentence."""
        return _EXPLANATIONS[self]


_LABELS: Final = {
    PaperKind.PARTICIPATION: "Participation status of a clinician",
    PaperKind.SPECIAL_STATUS: "Special status",
    PaperKind.PROGRAM: "MVP, medical home or APM paper",
    PaperKind.RECEIPT: "Receipt of what was attested",
    PaperKind.OTHER: "Other paper",
}
_EXPLANATIONS: Final = {
    PaperKind.PARTICIPATION: "The page of CMS's participation look-up for the clinician's NPI and the year.",
    PaperKind.SPECIAL_STATUS: "CMS's word that the practice is small, rural, in a shortage area or non-patient-facing.",
    PaperKind.PROGRAM: "The MVP registration, the recognition as a medical home, or the list of APM participants.",
    PaperKind.RECEIPT: "The page or mail of the portal or registry that says what was submitted and when.",
    PaperKind.OTHER: "Anything else of the year that an auditor may ask for.",
}


def kind_of(option_key: str) -> PaperKind | None:
    """Return the kind that an evidence item names, or None when it names none yet."""
    return PaperKind(option_key) if option_key in set(PaperKind) else None

"""The portal message report: counts by month and by clinician, never a patient."""

from .blocks import Block, Cell, Table, Text, column
from .content import MessageCount, MessageReport
from .figures import message_chart
from .front import heading, subheading
from .pen import BODY, SMALL, SMALL_STRONG, Run
from .words import number


def messages(report: MessageReport) -> list[Block]:
    """Return the report.

    Args:
        report: the counts.
    """
    intro = (
        f"{report.numerator:,} of {report.denominator:,} patients seen in {report.year} were written to or answered "
        f"through the portal: {number(report.rate)} percent."
    )
    if report.points is not None:
        intro += f" This is worth {report.points} percentage points of the Secure Messaging measure."
    blocks = heading("Portal message report", "messages", intro)
    if report.source:
        blocks.append(Text((Run(f"Source: {report.source}", BODY),)))
    for title, counts in (("By month", report.by_month), ("By clinician", report.by_clinician)):
        if counts:
            chart = [message_chart(report)] if title == "By month" else []
            blocks += [subheading(title), *chart, _table(title, counts)]
    return blocks


def _table(title: str, counts: tuple[MessageCount, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            (Run(each.label, SMALL_STRONG),),
            (Run(f"{each.numerator:,}", SMALL),),
            (Run(f"{each.denominator:,}", SMALL),),
            (Run(f"{number(100 * each.numerator / each.denominator)} %" if each.denominator else "", SMALL),),
        )
        for each in counts
    ]
    columns = (
        column("Month" if title == "By month" else "Clinician", 40),
        column("Written to or answered", 20, "right"),
        column("Patients seen", 20, "right"),
        column("Share", 20, "right"),
    )
    return Table(columns, tuple(rows), pad=3)

"""How a score is made: every rule that was applied, with its citation, and which of them are our reading."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from mips_desk.domain.score import NotCredited, Score, TraceLine
from mips_desk.services.overview import YearView
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TextRole, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.text import hint, label, page_title, rule, secondary


class ScoreTraceDialog(QDialog):
    """The trace of the planned, the proven and the attested score."""

    def __init__(self, view: YearView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("score_trace")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("How this score is made")
        self._view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title("How this score is made"))
        column.addWidget(
            secondary(
                f"The rules of performance year {view.year}, one line each. "
                "The points of all lines add up to the score; the citation says where the rule stands."
            )
        )
        self._tabs = QTabBar()
        self._tabs.setObjectName("score_tabs")
        self._tabs.setAccessibleName("Which score")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._scores = (("Planned", view.planned), ("Proven", view.proven), ("Attested", view.attested))
        for name, score in self._scores:
            self._tabs.addTab(f"{name}: {score.ia_points} points")
        self._tabs.currentChanged.connect(self._show)
        column.addWidget(self._tabs)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName("Rules applied")
        column.addWidget(self._area, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(secondary_button("Close", on_click=self.accept))
        column.addLayout(row)
        self._show(0)
        self.resize(px(680), px(600))

    def _show(self, tab: int) -> None:
        score = self._scores[tab][1]
        body = QWidget()
        body.setObjectName("scroll_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, SPACE_S, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S + 2)
        for place, line in enumerate(score.trace):
            if place:
                column.addWidget(rule())
            column.addWidget(self._line(line))
        column.addWidget(rule())
        column.addWidget(self._sum(score))
        if score.not_credited:
            column.addSpacing(SPACE_M)
            column.addWidget(label("Not counted", TextRole.CARD_TITLE))
            for refused in score.not_credited:
                column.addWidget(self._refused(refused))
        column.addStretch(1)
        self._area.setWidget(body)

    def _line(self, line: TraceLine) -> QWidget:
        points = "" if line.points is None else f"{line.points:+d}".replace("-", "−")
        source = line.source or self._view.rules.source(line.rule)
        return self._row(points, line.text, line.rule, source, line.uncertain)

    def _refused(self, refused: NotCredited) -> QWidget:
        return self._row("0", refused.reason, refused.rule, self._view.rules.source(refused.rule), "")

    def _row(self, points: str, text: str, rule_number: str, source: str, uncertain: str) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(3)
        figure = label(points, TextRole.STRONG)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        figure.setFixedWidth(px(34))
        grid.addWidget(figure, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, wrap=True), 0, 1)
        grid.addWidget(hint(" · ".join(part for part in (f"Rule {rule_number}", source) if part)), 1, 1)
        if uncertain:
            grid.addWidget(Chip("our reading", Tone.WARN, "info"), 0, 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(uncertain, TextRole.HINT, wrap=True, tone="warn"), 2, 1)
        grid.setColumnStretch(1, 1)
        return made

    def _sum(self, score: Score) -> QWidget:
        share = f"{score.percent:g} percent of the category"
        weight = f"{score.category_weight} percent of the final score"
        text = f"{score.ia_points} of 40 points: {share}, which counts {weight}."
        made = self._row(str(score.ia_points), text, "R1.1", self._view.rules.source("R1.1"), "")
        made.setObjectName("score_sum")
        return made

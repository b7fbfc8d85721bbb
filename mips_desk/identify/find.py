"""Which words may identify somebody.

By place first: labels, columns, the patient's banner, letters; then by what identifiers look like; then by names that
are known. Every word gets the best reason that anything gave it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from . import names
from .kinds import Kind, Word
from .labels import Label, is_plain_label, labels_in, only_label, unmistakable
from .layout import Segment, Sheet, arrange
from .patterns import Match, matches
from .values import NO_VALUE, WITH_DIGIT, fits, length_of

_GREETING = re.compile(
    r"^(?:hello|hi|dear|hey|good (?:morning|afternoon|evening|day)|welcome(?: back)?)[, ] ?(?P<who>.+)$", re.IGNORECASE
)
_CLOSING = re.compile(
    r"^(?:thanks|thank you|many thanks|regards|(?:kind|best|warm) (?:regards|wishes)|sincerely|best|"
    r"cheers|take care|yours(?: truly)?|love)[,.!]?$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:husband|wife|mother|father|mom|dad|son|daughter|brother|sister|partner|spouse|child|aunt|"
    r"uncle|friend|neighbor|caregiver|name is|i am|this is|called|named)\b",
    re.IGNORECASE,
)
#: After these even a word that is in no list of names is one, when it has a capital.
_OWN_RELATIVE = re.compile(
    r"\b(?:my|our|his|her|their) (?:husband|wife|mother|father|mom|dad|son|daughter|brother|sister|partner|spouse|"
    r"child|aunt|uncle|friend|neighbor|caregiver) ?$",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"(?<=[a-z] )(?:for|from|about|regarding) ")
_PLURAL = re.compile(r"(?:patients|viewed|recent charts)\W*$", re.IGNORECASE)
_ZIP = re.compile(r"^\d{5}(?:-\d{4})?$")
_SEX = re.compile(r"\b(?:male|female|yo|y/o|yrs?|years?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a word may be an identifier."""

    kind: Kind
    score: float
    why: str
    column: str = ""
    title: str = ""


class Finder:
    """Goes over the words of one picture."""

    def __init__(self, words: Sequence[Word]) -> None:
        """Take the words in reading order."""
        self.words = words
        self.sheet: Sheet = arrange(words)
        self.marks: dict[int, Mark] = {}
        self._labels: dict[int, list[Label]] = {id(each): _labels(each.text) for each in self.sheet.segments}
        self._headers: set[int] = set()
        #: Cells of tables: "Patient" in one of them is no label.
        self._cells: set[int] = set()
        self._columns = 0
        #: How many labels have their value below (True), and how many at the right (False).
        self._below = {True: 0, False: 0}
        self._undecided: list[tuple[Segment, Label]] | None = None

    def run(self) -> None:
        """Look in every way, the surest first."""
        self._tables()
        self._ages()
        self._beside_labels()
        self._banner()
        self._letters()
        self._looks()
        self._over_two_lines()
        self._known_names()
        self._lists_of_names()
        self._wrapped()
        self._again()
        self._initials()

    # What the others use.

    def _put(self, indexes: Sequence[int], mark: Mark) -> None:
        for index in indexes:
            before = self.marks.get(index)
            if before is None or mark.score > before.score:
                # A cell stays part of its column whatever else says that it is an identifier.
                if before is not None and before.column and not mark.column:
                    mark = Mark(mark.kind, mark.score, mark.why, before.column, before.title)
                self.marks[index] = mark

    def _is_label(self, segment: Segment) -> bool:
        return only_label(segment.text) is not None or is_plain_label(segment.text) or id(segment) in self._headers

    # Tables.

    def _tables(self) -> None:
        for row in self.sheet.rows:
            # A menu beside a table is no part of its head.
            row = [
                each for each in row if not _PLURAL.search(unmistakable(each.text)) and not _is_name_itself(each.text)
            ]
            if len(row) < 2:
                continue
            found = [only_label(each.text) for each in row]
            plain = [is_plain_label(each.text) for each in row]
            if sum(map(bool, found)) + sum(plain) < max(2, 0.5 * len(row)) or not any(found):
                continue
            if any(sum(c.isdigit() for c in each.text) > 1 or each.text.rstrip().endswith(":") for each in row):
                continue
            columns = self._columns_under(row)
            if columns is None:
                continue
            self._headers.update(id(each) for each in row)
            self._cells.update(id(cell) for cells in columns for cell in cells)
            for header, label, cells in zip(row, found, columns, strict=True):
                self._column(header, label, cells)

    def _columns_under(self, row: list[Segment]) -> list[list[Segment]] | None:
        """Return the cells under each header, or None when this is no head of a table."""
        columns = self.sheet.columns(row)
        cells = Counter(cell.row for column in columns for cell in column)
        labels = Counter(cell.row for column in columns for cell in column if self._is_label(cell))
        # Where labels stand beside each other, the next table or form begins. Two among many cells say nothing: a menu
        # stands beside the table, and "Scheduled" is a state too.
        starts = (at for at, count in labels.items() if count > 1 and count > 0.4 * cells[at])
        end = min(starts, default=len(self.sheet.rows))
        columns = [[cell for cell in column if cell.row < end] for column in columns]
        filled = [cells for cells in columns if len({cell.row for cell in cells}) >= 2]
        if len(filled) < max(2, 0.6 * len(row)):
            return None
        return columns

    def _column(self, header: Segment, label: Label | None, cells: list[Segment]) -> None:
        title = header.text.strip(" :*")
        kind, score = (label.kind, 0.95) if label else (None, 0.0)
        if is_plain_label(header.text) and kind is not Kind.DATE:
            kind = None
        majority = self._majority(cells)
        if kind is None or (label is not None and label.weak and majority and majority is not kind):
            kind, score = majority, 0.85
        if kind is None or not cells:
            return
        age = bool(label and title.lower().startswith("age"))
        if label is not None and label.staff:
            score = 0.6
        self._columns += 1
        mark = Mark(kind, score, f"under the column header “{title}”", f"c{self._columns}", title)
        for cell in cells:
            if age and not _over_89(cell.text):
                continue
            bare = cell.text.strip()
            if NO_VALUE.match(bare) or (kind in WITH_DIGIT and not any(c.isdigit() for c in bare)):
                continue
            if kind is Kind.DATE and not age:
                dates = [found for found in matches(cell.text) if found.kind is Kind.DATE]
                for found in dates:
                    self._put(cell.words_at(found.start, found.end), mark)
                # "12-May-" and "2013" below it are one date; "4:56" below a date is none.
                if dates or ":" in bare or (sum(c.isdigit() for c in bare) < 4 and bare[-1] not in "-/,"):
                    continue
            if kind is Kind.NAME and len(cell.indexes) > 7:
                continue  # a sentence under the table
            self._put(cell.indexes, mark)

    def _ages(self) -> None:
        """Bare numbers over 89 under a header that says age, also where the heads of the table take two lines."""
        for header in self.sheet.segments:
            label = only_label(header.text)
            if label is None or not _is_age(header.text):
                continue
            for cell in self.sheet.segments:
                under = cell.top > header.bottom and cell.left < header.right and cell.right > header.left
                if under and cell.text.isdigit() and _over_89(cell.text):
                    self._put(cell.indexes, Mark(Kind.DATE, 0.8, "an age over 89"))

    def _majority(self, cells: list[Segment]) -> Kind | None:
        kinds: dict[Kind, int] = {}
        for cell in cells:
            for found in matches(cell.text):
                if found.end - found.start > 0.6 * len(cell.text) and found.score > 0.5:
                    kinds[found.kind] = kinds.get(found.kind, 0) + 1
                    break
            else:
                tokens = cell.text.split()
                if _ZIP.match(cell.text):
                    kinds[Kind.GEOGRAPHIC] = kinds.get(Kind.GEOGRAPHIC, 0) + 1
                elif all(map(names.could_be, tokens)) and names.likelihood(tokens) >= 0.8:
                    kinds[Kind.NAME] = kinds.get(Kind.NAME, 0) + 1
        best = max(kinds, key=lambda each: kinds[each], default=None)
        return best if best is not None and kinds[best] >= max(2, 0.5 * len(cells)) else None

    # Labels.

    def _beside_labels(self) -> None:
        """Values beside labels; where one stands at the right and one below, as most others of the picture have it."""
        self._undecided = []
        self._below = {True: 0, False: 0}
        self._all_labels()
        again, self._undecided = self._undecided, None
        for segment, label in again:
            self._outside(segment, label)

    def _all_labels(self) -> None:
        for segment in self.sheet.segments:
            if id(segment) in self._headers:
                continue
            labels = self._labels[id(segment)]
            for number, label in enumerate(labels):
                end = labels[number + 1].start if number + 1 < len(labels) else len(segment.text)
                value = segment.text[label.end : end].rstrip()
                if value.strip(" :.#*"):
                    self._inside(segment, label, label.end, value)
                elif number + 1 == len(labels) and (label.colon or self._stands_alone(segment, label)):
                    self._outside(segment, label)

    def _stands_alone(self, segment: Segment, label: Label) -> bool:
        """Tell whether a label without a colon may have its value outside of its segment."""
        heading = _PLURAL.search(unmistakable(segment.text))
        if id(segment) in self._cells and (label.weak or label.staff) and not heading:
            return False
        return not label.weak or (label.start == 0 and segment.text[0].isupper())

    def _mark_for(self, label: Label, segment: Segment, score: float) -> Mark:
        title = segment.text[label.start : label.end].strip(" :#*.")
        return Mark(label.kind, min(score, 0.6) if label.staff else score, f"beside the label “{title}”")

    def _inside(self, segment: Segment, label: Label, start: int, value: str) -> None:
        """The value stands in the same segment."""
        strict = not label.colon
        if not label.colon and label.weak:
            tokens = value.split(" ")
            place = label.kind is Kind.GEOGRAPHIC and len(tokens) < 5 and all(map(names.could_be, tokens))
            if label.start > 0 or (label.kind is Kind.GEOGRAPHIC and (not place or any(map(names.is_no_name, tokens)))):
                return
        if not fits(label.kind, value, strict=strict):
            return
        first = value.split(" ")[0]
        if strict and label.kind is Kind.NAME and (not names.could_be(first) or names.is_no_name(first)):
            return
        if strict and label.kind in WITH_DIGIT and not any(c.isdigit() for c in " ".join(value.split(" ")[:2])):
            return
        if strict and label.kind is Kind.GEOGRAPHIC and not label.weak and not any(c.isdigit() for c in value):
            return
        if _is_age(segment.text[label.start : label.end]) and not _over_89(value):
            return
        length = length_of(label.kind, value)
        mark = self._mark_for(label, segment, 0.95 if label.colon else 0.85)
        self._put(segment.words_at(start, start + length), mark)
        if label.kind is Kind.GEOGRAPHIC:
            self._second_line(segment, start, mark)
        if start + length >= len(segment.text):
            self._goes_on(segment, label.kind, value, mark)

    def _list_under(self, segment: Segment) -> None:
        """Names stand one below the other under a heading such as "Recent patients"."""
        mark = Mark(Kind.NAME, 0.85, f"under the heading “{segment.text.strip(' :')}”")
        below, listed = self.sheet.below(segment), False
        while below is not None and not self._is_label(below) and below.middle - segment.middle < 3.5 * segment.height:
            tokens = below.text.split(" ")
            if not all(map(names.could_be, tokens)):
                return
            if len(tokens) == 1 and names.is_no_name(tokens[0]):
                return
            # Under "Patients" in a menu stands the next word of the menu.
            known = len(tokens) > 1 or tokens[0].endswith(",") or names.likelihood(tokens)
            if not known and not listed:
                return
            listed = True
            self._put(below.indexes, mark)
            segment, below = below, self.sheet.below(below)

    def _outside(self, segment: Segment, label: Label) -> None:
        """The value stands at the right or below."""
        if _PLURAL.search(unmistakable(segment.text)):
            self._list_under(segment)
            return
        right, below = self.sheet.right_of(segment), self.sheet.below(segment)
        choices = []
        for value, limit in ((right, 14), (below, 99)):
            if value is None or self._is_label(value) or not fits(label.kind, value.text, strict=label.weak):
                continue
            if value is right and value.left - segment.right > limit * segment.height:
                continue
            if self._labels[id(value)] and self._labels[id(value)][0].start == 0 and self._labels[id(value)][0].colon:
                continue
            choices.append(value)
        if not choices:
            return
        if len(choices) == 1:
            self._below[choices[0] is below] += 1
        elif self._undecided is not None:
            self._undecided.append((segment, label))
            return
        value = choices[-1] if self._below[True] > self._below[False] else choices[0]
        if _is_age(segment.text) and not _over_89(value.text):
            return
        mark = self._mark_for(label, segment, 0.95)
        length = length_of(label.kind, value.text)
        self._put(value.words_at(0, length), mark)
        if label.kind is Kind.GEOGRAPHIC:
            self._second_line(value, 0, mark)

    def _goes_on(self, segment: Segment, kind: Kind, value: str, mark: Mark) -> None:
        """A value that had no room beside its label goes on in the next line, where the label begins."""
        below = self.sheet.below(segment)
        if below is None or below.middle - segment.middle > 1.5 * segment.height or self._is_label(below):
            return
        if self._labels[id(below)] or abs(below.left - segment.left) > 0.5 * segment.height:
            return
        tokens = below.text.split(" ")
        if kind in WITH_DIGIT:
            if value.endswith(("-", "–", "/", ".")) and any(c.isdigit() for c in tokens[0]):
                self._put(below.indexes[:1], mark)
        elif (
            kind is Kind.GEOGRAPHIC
            and len(tokens) < 7
            and all(names.could_be(token) or any(c.isdigit() for c in token) for token in tokens)
        ):
            self._put(below.indexes, mark)

    def _second_line(self, segment: Segment, start: int, mark: Mark) -> None:
        """An address goes on in the next line when that ends with a ZIP code."""
        left = self.words[segment.words_at(start, start + 1)[0]].x
        for row in self.sheet.rows[segment.row : segment.row + 4]:
            for other in row:
                near = (
                    0.5 * segment.height < other.middle - segment.middle
                    and other.top - segment.bottom < 0.8 * segment.height
                    and abs(other.left - left) < segment.height
                )
                if near and other is not segment and re.search(r"\d{5}(?:-\d{4})?$", other.text):
                    self._put(other.indexes, Mark(mark.kind, mark.score - 0.05, mark.why))

    # The banner of a chart.

    def _banner(self) -> None:
        for row in self.sheet.rows:
            facts = [
                n for n, each in enumerate(row)
                if any(self._is_fact(each, label) for label in self._labels[id(each)])
                or (_SEX.search(each.text) and any(c.isdigit() for c in each.text))
            ]  # fmt: skip
            if not facts or any(id(each) in self._headers for each in row):
                continue
            for segment in row[: facts[-1] + 1]:
                self._name_at_start(segment, 0.9, "in the row of the patient's facts")
            if row[0].row and facts:
                for above in self.sheet.rows[row[0].row - 1]:
                    if (
                        row[0].top - above.bottom < 0.8 * above.height
                        and abs(above.left - row[0].left) < 2 * above.height
                    ):
                        self._name_at_start(above, 0.7, "above the patient's facts")

    def _is_fact(self, segment: Segment, label: Label) -> bool:
        """Tell whether a label is one of those beside a patient's name at the head of a chart."""
        if not label.weak:
            return label.kind in (Kind.MRN, Kind.DATE)
        return segment.text[label.start : label.end].strip(" :#*.").lower() in ("born", "id")

    def _name_at_start(self, segment: Segment, score: float, why: str) -> None:
        if self._is_label(segment) or any(label.start == 0 for label in self._labels[id(segment)]):
            return
        tokens = segment.text.split(" ")
        end = names.span_at(tokens, 0)
        of = tokens[:end]
        other = sum(map(names.is_no_name, of))
        if len(of) >= 2 and (not other or (other == 1 and of[0].endswith(","))):
            self._put(segment.indexes[:end], Mark(Kind.NAME, score, why))

    # Letters.

    def _letters(self) -> None:
        for segment in self.sheet.segments:
            found = _GREETING.match(segment.text)
            if found:
                tokens = found["who"].split(" ")
                end = names.span_at(tokens, 0)
                if end and not (len(tokens) > end + 1 and end == 1 and names.is_no_name(tokens[0])):
                    staff = any(map(names.is_staff_title, tokens[:end]))
                    length = len(" ".join(tokens[:end]))
                    start = found.start("who")
                    self._put(
                        segment.words_at(start, start + length),
                        Mark(Kind.NAME, 0.6 if staff else 0.9, "after a greeting"),
                    )
            if _CLOSING.match(segment.text):
                below = self.sheet.below(segment)
                if below is not None and len(below.indexes) <= 5:
                    tokens = below.text.split(" ")
                    end = names.span_at(tokens, 0)
                    staff = any(map(names.is_staff_title, tokens))
                    self._put(below.indexes[:end], Mark(Kind.NAME, 0.6 if staff else 0.9, "at the end of a message"))

    # Patterns.

    def _looks(self) -> None:
        for segment in self.sheet.segments:
            for found in matches(segment.text):
                self._put(
                    segment.words_at(found.start, found.end), Mark(found.kind, _shaded(found, segment), found.why)
                )

    # Names.

    def _known_names(self) -> None:
        for segment in self.sheet.segments:
            if id(segment) in self._headers or self._is_label(segment):
                continue
            tokens = segment.text.split(" ")
            at = 0
            while at < len(tokens):
                end = names.span_at(tokens, at)
                if end == at:
                    at += 1
                    continue
                # "... for Ann Lee I need it": the last is no initial.
                if end - at > 1 and tokens[end - 1] == "I" and tokens[end : end + 1] and tokens[end][0].islower():
                    end -= 1
                self._best_name(segment, tokens, at, end)
                at = end
            for found in _SOMEBODY.finditer(segment.text):
                rest = segment.text[found.end() :].split(" ")[:2]
                if len(rest) == 2 and all(names.could_be(each) and not names.is_no_name(each) for each in rest):
                    end = found.end() + len(" ".join(rest))
                    mark = Mark(Kind.NAME, 0.5, f"two capitals after “{found[0].strip()}”")
                    self._put(segment.words_at(found.end(), end), mark)
            for found in _RELATIVE.finditer(segment.text):
                rest = segment.text[found.end() :].strip().split(" ")
                own = _OWN_RELATIVE.search(segment.text[: found.end()])
                if rest[0][:1].isupper() and (
                    names.is_given(rest[0]) or (own and names.could_be(rest[0]) and not names.is_no_name(rest[0]))
                ):
                    start = segment.text.index(rest[0], found.end())
                    self._put(
                        segment.words_at(start, start + len(rest[0])),
                        Mark(Kind.NAME, 0.8, "a given name after a relative or introduction"),
                    )

    def _best_name(self, segment: Segment, tokens: list[str], start: int, end: int) -> None:
        """Mark the likeliest names in a run of words that could be one."""
        best = (0.0, start, start)
        for first in range(start, end):
            for last in range(first + 1, min(end, first + 4) + 1):
                score = names.likelihood(tokens[first:last])
                if (score, last - first) > (best[0], best[2] - best[1]):
                    best = (score, first, last)
        score, first, last = best
        of = tokens[first:last]
        if score < 0.45:
            return
        if len(of) == 1 and len(tokens) > 1 and "," not in of[0][:-1]:
            return  # one word of a sentence says too little
        while last < len(tokens) and names.is_title(tokens[last]) and last - first < 6:
            last += 1
            of = tokens[first:last]
        staff = any(map(names.is_staff_title, of))
        why = "a name with a title" if staff else "looks like a name"
        self._put(segment.indexes[first:last], Mark(Kind.NAME, min(score, 0.6) if staff else score - 0.1, why))
        if last < end:
            self._best_name(segment, tokens, last, end)

    def _lists_of_names(self) -> None:
        """Where most segments that begin at one place of the page are names, the others there are too."""
        for group in by_left(self.sheet.segments):
            shaped = [each for each in group if self._shaped_like_name(each)]
            sure = [
                each
                for each in shaped
                if any(self.marks.get(i) and self.marks[i].kind is Kind.NAME for i in each.indexes)
            ]
            if len(sure) >= 3 and len(sure) >= 0.5 * len(shaped):
                for segment in shaped:
                    self._put(segment.indexes, Mark(Kind.NAME, 0.75, "in a list of names"))

    def _over_two_lines(self) -> None:
        """A date or number that was broken at its hyphen or comma, and goes on in the next line of its cell."""
        for segment in self.sheet.segments:
            below = self.sheet.below(segment) if segment.text[-1] in "-–/," else None
            if below is None or below.middle - segment.middle > 1.7 * segment.height:
                continue
            joined = segment.text + (" " if segment.text.endswith(",") else "")
            for found in matches(joined + below.text):
                if found.start < len(segment.text) and found.end > len(joined):
                    mark = Mark(found.kind, found.score - 0.05, f"{found.why}, over two lines")
                    self._put(segment.words_at(found.start, len(segment.text)), mark)
                    self._put(below.words_at(0, found.end - len(joined)), mark)

    def _wrapped(self) -> None:
        """A family name with a comma alone on a line, and a given name on the next."""
        for segment in self.sheet.segments:
            if len(segment.indexes) != 1 or not segment.text.endswith(",") or not names.could_be(segment.text):
                continue
            below = self.sheet.below(segment)
            if below is None or len(below.indexes) > 3 or below.top - segment.bottom > 0.6 * segment.height:
                continue
            tokens = below.text.split(" ")
            if all(map(names.could_be, tokens)) and not any(map(names.is_no_name, [segment.text, *tokens])):
                self._put([*segment.indexes, *below.indexes], Mark(Kind.NAME, 0.7, "a name over two lines"))

    def _shaped_like_name(self, segment: Segment) -> bool:
        tokens = segment.text.split(" ")
        if not 2 <= len(tokens) <= 5 or not all(map(names.could_be, tokens)) or self._is_label(segment):
            return False
        # In a list of names "Fields, Ann" is one; "Lab Results" is not.
        other = sum(map(names.is_no_name, tokens))
        return not other or (other == 1 and (tokens[0].endswith(",") or any(map(names.is_given, tokens))))

    def _again(self) -> None:
        """What was found by place is marked wherever else it stands."""
        known: dict[str, Mark] = {}
        for index, mark in self.marks.items():
            plain = names.plain(self.words[index].text)
            if (
                mark.kind is Kind.NAME
                and mark.score >= 0.55
                and len(plain) >= 3
                and not names.is_no_name(plain)
                and not names.is_title(plain)
                and (plain not in known or known[plain].score < mark.score)
            ):
                known[plain] = mark
        for index, word in enumerate(self.words):
            same = known.get(names.plain(word.text))
            if same is not None and index not in self.marks and word.text[:1].isupper():
                self._put([index], Mark(Kind.NAME, min(0.8, same.score), "the same name as elsewhere in the picture"))

    def _initials(self) -> None:
        """Initials in a badge: one to three letters at the left of a name."""
        for segment in self.sheet.segments:
            letters = names.plain(segment.text)
            if len(segment.indexes) != 1 or not 1 <= len(segment.text) <= 3 or not letters:
                continue
            right = self.sheet.right_of(segment)
            if right is None or right.left - segment.right > 4 * segment.height:
                continue
            # "IP" is a label, and the initials of Ira Poe.
            own = sorted(letters) == sorted(word[0].lower() for word in right.text.split(" ")[:2])
            if self.is_name(right) and (own or not self._is_label(segment)):
                self._put(segment.indexes, Mark(Kind.NAME, 0.8, "initials beside a name"))

    def is_name(self, segment: Segment) -> bool:
        """Tell whether a segment begins with a name.

        Args:
            segment: of the sheet.
        """
        marks = [self.marks.get(index) for index in segment.indexes[:2]]
        return any(mark is not None and mark.kind is Kind.NAME for mark in marks)


def _labels(text: str) -> list[Label]:
    """Return the labels of a segment. In its middle an everyday word, or "Street", is one only with a colon."""
    found = labels_in(text)
    return [each for each in found if each.start < 2 or each.colon or not (each.weak or each.kind is Kind.GEOGRAPHIC)]


def by_left(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return segments in groups that begin at the same place of the page."""
    groups: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: each.left):
        if groups and segment.left - groups[-1][-1].left < 0.3 * segment.height:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups


def _shaded(found: Match, segment: Segment) -> float:
    """Return the score of a pattern; a long number among other words is weaker than one that stands alone."""
    if found.kind is Kind.OTHER and found.end - found.start < len(segment.text.strip()):
        return found.score - 0.1
    return found.score


def _is_name_itself(text: str) -> bool:
    """Tell whether a text looks so much like a name that it is no header."""
    tokens = text.split(" ")
    return len(tokens) > 1 and all(map(names.could_be, tokens)) and names.likelihood(tokens) >= 0.5


def _is_age(label: str) -> bool:
    return label.strip().lower().startswith("age")


def _over_89(text: str) -> bool:
    found = re.search(r"(?<!\d)\d{2,3}(?!\d)", text)
    return found is not None and 89 < int(found[0]) < 125

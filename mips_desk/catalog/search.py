"""Search as you type over the activities of a year, or of all years.

An index is made per year when it is first asked for: the words of each field are weighed against each other (BM25F:
rare words count more, a field's length counts against it), so that a keystroke only adds up numbers. A word of the
query may match as it stands, as the beginning of a word, as an everyday word for it (`synonyms.json`), or with typing
errors.
"""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from threading import Lock

import msgspec

from mips_desk.domain.activity import Activity
from mips_desk.paths import resources

from .load import Catalog, load_catalog
from .rules import load_rules
from .words import STOPWORDS, allowed_errors, errors, letters, split, stem, stems


class Field(StrEnum):
    """Where a hit was found, in the order in which to show it."""

    ID = "id"
    FORMER_ID = "former_id"
    TITLE = "title"
    SUMMARY = "summary"
    EVIDENCE = "evidence"
    TIPS = "tips"
    SUBCATEGORY = "subcategory"


@dataclass(frozen=True, slots=True)
class Hit:
    """An activity that was found.

    Attributes:
        activity: in the year that was searched; over all years, in the newest year whose text was hit. A provisional
            year, which borrows its list, is not among all years.
        score: for comparing hits of one search only.
        fields: where it was found, in the order of `Field`.
        words: words of its texts that were hit, in lower case, for marking them; inflected forms included.
    """

    activity: Activity
    score: float
    fields: tuple[Field, ...]
    words: frozenset[str]


class _Synonym(msgspec.Struct, frozen=True):
    """What a person may say, and the words of the catalog for it; a phrase counts only as a whole."""

    say: tuple[str, ...]
    means: tuple[str, ...]


_Phrase = tuple[str, ...]
_Scores = dict[int, float]

_FIELDS = tuple(Field)
_BIT = {field: 1 << place for place, field in enumerate(_FIELDS)}
# Weight of each text of an activity. Evidence has two: the label says it in a few words, the detail at length.
_TITLE, _SUMMARY, _LABELS, _DETAILS, _TIPS, _SUBCATEGORY = 5.0, 3.0, 2.0, 1.0, 0.5, 1.5
_LENGTH_COUNTS = 0.4
_SATURATION = 2.0

_BEGINNING = 0.85
_SYNONYM = 0.8
_ERRORS = (1.0, 0.7, 0.5)
_UNFINISHED = 0.6
_PHRASE_AS_SAID = 1.2
_WHOLE_TITLE = 50.0
_ID_SCORES = {Field.ID: 1000.0, Field.FORMER_ID: 900.0}
_ID_BEGINNING = 0.5
_WORTH_SHOWING = 0.18
_PHRASE_BEGINNING = 3
_MOST_LETTERS = 300
_ID = re.compile(r"\b(?:ia[_\- ]?)?([a-z]{2,4})[_\- ]?(\d{1,2})\b")
_ID_LETTERS = re.compile(r"(ia[_\- ]?)?([a-z]{2,4})[_\- ]?")


@cache
def load_search() -> "Search":
    """Return the search over the catalog; later calls return the same instance.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    content = (resources() / "catalog" / "synonyms.json").read_bytes()
    return Search(load_catalog(), msgspec.json.decode(content, type=tuple[_Synonym, ...]))


class Search:
    """Finds activities by what a person types. Read only but for the indexes, which are made on first use.

    May be called from several threads; they wait for each other.
    """

    def __init__(self, catalog: Catalog, synonyms: Iterable[_Synonym] = ()) -> None:
        self._catalog = catalog
        self._texts = _Texts()
        self._spoken = _Spoken(synonyms)
        self._indexes: dict[int | None, _Index] = {}
        self._alone = Lock()

    def find(self, text: str, year: int | None = None, limit: int | None = None) -> tuple[Hit, ...]:
        """Return the activities that fit a text, the best first.

        Args:
            text: what was typed so far; its last word may be unfinished. An empty text finds nothing.
            year: performance year, or None for all years together (each activity once).
            limit: at most this many.
        """
        with self._alone:
            if year not in self._indexes:
                self._indexes[year] = _Index(self._activities(year), self._texts, self._spoken)
            return self._indexes[year].find(text[:_MOST_LETTERS], limit)

    def _activities(self, year: int | None) -> list[Activity]:
        if year is not None:
            return list(self._catalog.activities(year))
        # One text per run of years in which nothing was reworded; the newest year stands for the run.
        newest = {
            (activity.id, activity.title, id(activity.guidance)): activity
            for year in self._catalog.years
            if self._catalog.inventory_year(year) == year
            for activity in self._catalog.activities(year)
        }
        return list(newest.values())


class _Texts:
    """Texts cut into stems; years share most texts, so each is cut once."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}
        self._roots: dict[str, str] = dict.fromkeys(STOPWORDS, "")
        self._forms: defaultdict[str, set[str]] = defaultdict(set)

    def counts(self, text: str) -> dict[str, int]:
        """Return how often each stem occurs, without the words that say nothing."""
        if text in self._counts:
            return self._counts[text]
        found: dict[str, int] = {}
        roots = self._roots
        for word in split(text):
            root = roots[word] if word in roots else self._learn(word)
            found[root] = found.get(root, 0) + 1
        found.pop("", None)
        self._counts[text] = found
        return found

    def _learn(self, word: str) -> str:
        root = self._roots[word] = stem(word)
        self._forms[root].add(word)
        return root

    def forms(self, root: str) -> set[str]:
        """Return the words that have a stem."""
        return self._forms[root]


class _Spoken:
    """Everyday words and phrases with what they mean, as stems."""

    def __init__(self, synonyms: Iterable[_Synonym]) -> None:
        self.meanings: dict[_Phrase, tuple[_Phrase, ...]] = {}
        for entry in synonyms:
            means = tuple(tuple(root for root in stems(text) if root not in STOPWORDS) for text in entry.means)
            for said in entry.say:
                key = tuple(stems(said))
                self.meanings[key] = self.meanings.get(key, ()) + means
        self.words = {phrase[0] for phrase in self.meanings if len(phrase) == 1}
        self._longest = max(map(len, self.meanings), default=1)
        self._begun: defaultdict[_Phrase, list[_Phrase]] = defaultdict(list)
        for phrase in self.meanings:
            if len(phrase) > 1:
                self._begun[phrase[:-1]].append(phrase)

    def longest_at(self, words: Sequence[str], place: int, typing: bool) -> tuple[int, list[_Phrase]]:
        """Return the longest phrase that starts at a place, in words, and what it is; length 1 when there is none.

        Args:
            words: all words of the query.
            place: index of the first one.
            typing: the last word of the query may be unfinished.
        """
        for length in range(min(self._longest, len(words) - place), 1, -1):
            end = place + length
            key = tuple(map(stem, words[place:end]))
            if key in self.meanings:
                return length, [key]
            begin = words[end - 1]
            if typing and end == len(words) and len(begin) >= _PHRASE_BEGINNING:
                found = [phrase for phrase in self._begun.get(key[:-1], ()) if phrase[-1].startswith(begin)]
                if found:
                    return length, found
        return 1, []


class _Index:
    """The words of some activities, weighed."""

    def __init__(self, activities: Sequence[Activity], texts: _Texts, spoken: _Spoken) -> None:
        self._activities = activities
        self._spoken = spoken
        self._texts = texts
        self._titles = [activity.title.lower() for activity in activities]
        self._ids = _Ids(activities)
        self._columns = [
            [(_BIT[field], weight, texts.counts(text)) for field, weight, text in _texts_of(activity)]
            for activity in activities
        ]
        self._postings = _weighed(self._columns)
        self._meant: dict[_Phrase, _Scores] = {}
        words = {word for root in self._postings for word in texts.forms(root)}
        self._vocabulary = sorted(words | spoken.words)

    def find(self, text: str, limit: int | None) -> tuple[Hit, ...]:
        by_id, rest = self._ids.find(text)
        parts, stems_used, phrases_used = self._read(rest)
        scores: _Scores = {}
        counts: dict[int, int] = {}
        for part in parts:
            for document, score in part.items():
                scores[document] = scores.get(document, 0.0) + score
                counts[document] = counts.get(document, 0) + 1
        for document, count in counts.items():
            scores[document] *= count / len(parts)
        least = _WORTH_SHOWING * max(scores.values(), default=0)
        scores = {document: score for document, score in scores.items() if score >= least}
        typed = text.strip().lower()
        for document in scores:
            if self._titles[document] == typed:
                scores[document] += _WHOLE_TITLE
        for document, (score, _field) in by_id.items():
            scores[document] = scores.get(document, 0.0) + score
        newest: dict[str, int] = {}
        for document in scores:
            activity = self._activities[document]
            if activity.id not in newest or activity.year > self._activities[newest[activity.id]].year:
                newest[activity.id] = document
        hits: dict[str, Hit] = {}
        for best in sorted(scores, key=lambda document: (-scores[document], document)):
            activity_id = self._activities[best].id
            if activity_id in hits:
                continue
            document = newest[activity_id]
            bits, words = self._shown(document, stems_used, phrases_used)
            if document in by_id:
                bits |= _BIT[by_id[document][1]]
            shown = tuple(field for field in _FIELDS if bits & _BIT[field])
            hits[activity_id] = Hit(self._activities[document], scores[best], shown, words)
            if len(hits) == limit:
                break
        return tuple(hits.values())

    def _shown(self, document: int, used: set[str], phrases: set[frozenset[str]]) -> tuple[int, frozenset[str]]:
        """Return which fields of an activity were hit, as bits, and by which words."""
        columns = self._columns[document]
        whole = [phrase for phrase in phrases if all(document in self._postings.get(root, {}) for root in phrase)]
        looked = used.union(*whole)
        bits = 0
        roots: set[str] = set()
        for bit, _, counts in columns:
            if hit := looked & counts.keys():
                bits |= bit
                roots |= hit
        return bits, frozenset([word for root in roots for word in self._texts.forms(root)])

    def _read(self, text: str) -> tuple[list[_Scores], set[str], set[frozenset[str]]]:
        """Return what each part of a query finds (a word or an everyday phrase), and all stems looked for.

        Stems that count only together are returned apart.
        """
        words = split(text)
        typing = bool(text) and text[-1].isalnum()
        parts: list[_Scores] = []
        looked: set[_Phrase] = set()
        only_stopwords = STOPWORDS.issuperset(words)
        place = 0
        while place < len(words):
            length, phrases = self._spoken.longest_at(words, place, typing)
            last = typing and place + length == len(words)
            if phrases:
                parts.append(self._phrase(words[place : place + length], phrases, looked, last))
            elif words[place] not in STOPWORDS or only_stopwords:
                parts.append(self._word(words[place], looked, last))
            place += length
        single = {phrase[0] for phrase in looked if len(phrase) == 1}
        return parts, single, {frozenset(phrase) for phrase in looked if len(phrase) > 1}

    def _phrase(self, words: list[str], phrases: list[_Phrase], looked: set[_Phrase], last: bool) -> _Scores:
        """Return what an everyday phrase finds: its own words where all of them stand, and what it means."""
        kept = [word for word in words if word not in STOPWORDS] or words
        ways = [self._readings(word, last and word == words[-1]) for word in kept]
        scores = _all_of(
            [_best((self._postings.get(root, {}), factor) for root, factor in way.items()) for way in ways]
        )
        looked.update((root,) for way in ways for root in way)
        meant = [(self._meaning(phrase, looked), _SYNONYM) for phrase in phrases]
        return _best([(scores, _PHRASE_AS_SAID), *meant])

    def _word(self, word: str, looked: set[_Phrase], last: bool) -> _Scores:
        """Return what one word finds, in any of the ways to read it."""
        found: list[tuple[_Scores, float]] = []
        for root, factor in self._readings(word, last).items():
            found.append((self._postings.get(root, {}), factor))
            looked.add((root,))
            if root in self._spoken.words and len(word) >= _PHRASE_BEGINNING:
                found.append((self._meaning((root,), looked), factor * _SYNONYM))
        return _best(found)

    def _meaning(self, said: _Phrase, looked: set[_Phrase]) -> _Scores:
        meanings = self._spoken.meanings[said]
        looked.update(meanings)
        if said not in self._meant:
            each = [_all_of([self._postings.get(root, {}) for root in meaning]) for meaning in meanings]
            self._meant[said] = _best((scores, 1.0) for scores in each)
        return self._meant[said]

    def _readings(self, word: str, last: bool) -> dict[str, float]:
        """Return the stems that a typed word may stand for, with how much each counts."""
        root = stem(word)
        known = root in self._postings or root in self._spoken.words
        readings = {root: 1.0} if known else {}
        if last or (not known and len(word) >= _PHRASE_BEGINNING):
            first = bisect_left(self._vocabulary, word)
            end = bisect_left(self._vocabulary, word + "{")  # "{" follows "z"
            for found in self._vocabulary[first:end]:
                readings.setdefault(stem(found), _BEGINNING)
        if not readings:
            for found, factor in self._similar(word, last):
                readings[stem(found)] = max(factor, readings.get(stem(found), 0.0))
        return readings

    @cached_property
    def _letters(self) -> list[int]:
        return [letters(word) for word in self._vocabulary]

    def _similar(self, word: str, last: bool) -> list[tuple[str, float]]:
        """Return the words with the fewest typing errors, with how much each counts."""
        most = allowed_errors(word)
        if not most or (last and any(other.startswith(word) for other in STOPWORDS)):
            return []
        bits = letters(word)
        found: list[tuple[str, int]] = []
        for other, other_bits in zip(self._vocabulary, self._letters, strict=True):
            if (bits & ~other_bits).bit_count() > most:
                continue
            # The first letter may be missing, added or swapped, but hardly ever is it a wrong one.
            if other[0] not in word[:2] and other[1:2] != word[0]:
                continue
            longer = len(other) - len(word)
            if longer < -most or (longer > most and not last):
                continue
            count = errors(word, other[: len(word) + most], most, unfinished=last)
            if count <= most:
                found.append((other, count))
                most = count
        longest = len(word) + most
        return [
            (other, _ERRORS[count] * (1 if len(other) <= longest else _UNFINISHED))
            for other, count in found
            if count == most
        ]


class _Ids:
    """Finds activities by identifier, as people write it: "IA_BE_4", "be 4", "be4"; former ones too."""

    def __init__(self, activities: Sequence[Activity]) -> None:
        self._documents: defaultdict[str, list[int]] = defaultdict(list)
        self._former: defaultdict[str, list[int]] = defaultdict(list)
        current = {activity.id for activity in activities}
        for document, activity in enumerate(activities):
            self._documents[_bare(activity.id)].append(document)
            for former in load_rules(activity.year).former_ids(activity.id):
                if former not in current:
                    self._former[_bare(former)].append(document)
        self._groups = {name.rstrip("0123456789") for name in (*self._documents, *self._former)}

    def find(self, text: str) -> tuple[dict[int, tuple[float, Field]], str]:
        """Return documents with score and field, and the text without the identifiers."""
        text = " ".join(text.lower().split())
        found: dict[int, tuple[float, Field]] = {}
        for match in _ID.finditer(text):
            self._add(found, match[1] + match[2], unfinished=match.end() == len(text))
        rest = _ID.sub(lambda match: " " if match[1] in self._groups else match[0], text)
        whole = _ID_LETTERS.fullmatch(text)
        if whole and (whole[1] or whole[2] in self._groups):
            self._add(found, whole[2], unfinished=True)
            if whole[1]:
                rest = ""
        return found, rest

    def _add(self, found: dict[int, tuple[float, Field]], name: str, *, unfinished: bool) -> None:
        for field, names in ((Field.ID, self._documents), (Field.FORMER_ID, self._former)):
            for known, documents in names.items():
                if known == name or (unfinished and known.startswith(name)):
                    score = _ID_SCORES[field] * (1 if known == name else _ID_BEGINNING)
                    found.update({each: (score, field) for each in documents if each not in found})


def _bare(activity_id: str) -> str:
    """Return an identifier without what people leave out: "be4"."""
    return activity_id.removeprefix("IA_").replace("_", "").lower()


def _texts_of(activity: Activity) -> tuple[tuple[Field, float, str], ...]:
    """Return the texts of an activity with field and weight."""
    guidance = activity.guidance
    return (
        (Field.TITLE, _TITLE, activity.title),
        (Field.SUMMARY, _SUMMARY, f"{guidance.summary} {guidance.objective}"),
        (Field.EVIDENCE, _LABELS, " ".join([option.label for option in guidance.options])),
        (Field.EVIDENCE, _DETAILS, " ".join([option.detail for option in guidance.options])),
        (Field.TIPS, _TIPS, " ".join(guidance.capture_tips)),
        (Field.SUBCATEGORY, _SUBCATEGORY, activity.subcategory.label if activity.subcategory else ""),
    )


def _weighed(every: Sequence[Sequence[tuple[int, float, dict[str, int]]]]) -> dict[str, _Scores]:
    """Return for each stem the activities that hold it, with the score of a hit.

    Args:
        every: for each activity its texts, as field, weight and counts of stems.
    """
    lengths = [[sum(counts.values()) for _, _, counts in columns] for columns in every]
    means = [sum(column) / len(every) or 1.0 for column in zip(*lengths, strict=True)]
    postings: defaultdict[str, _Scores] = defaultdict(dict)
    for document, (columns, own_lengths) in enumerate(zip(every, lengths, strict=True)):
        for (_, weight, counts), length, mean in zip(columns, own_lengths, means, strict=True):
            share = weight / (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * length / mean)
            for root, count in counts.items():
                scores = postings[root]
                scores[document] = scores.get(document, 0.0) + share * count
    for scores in postings.values():
        rarity = math.log(1 + (len(every) - len(scores) + 0.5) / (len(scores) + 0.5))
        for document, weight in scores.items():
            scores[document] = rarity * weight / (weight + _SATURATION)
    return dict(postings)


def _all_of(parts: Sequence[_Scores]) -> _Scores:
    """Return the documents that every part of a phrase was found in; more parts are worth a little more."""
    if len(parts) < 2:
        return parts[0] if parts else {}
    root = math.sqrt(len(parts))
    shared = set(parts[0]).intersection(*parts[1:])
    return {document: sum([part[document] for part in parts]) / root for document in shared}


def _best(ways: Iterable[tuple[_Scores, float]]) -> _Scores:
    """Return each document with its best score among several ways to read the same part of a query."""
    best: _Scores = {}
    for scores, factor in ways:
        for document, score in scores.items():
            if score * factor > best.get(document, 0.0):
                best[document] = score * factor
    return best

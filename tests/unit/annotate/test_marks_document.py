"""Editing marks: commands, names of steps, merging drags, and the promise of undo and redo."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from mips_desk.annotate.document import MarksDocument, Place
from mips_desk.annotate.hit import moved
from mips_desk.annotate.marks import MAX_MARKS, Arrow, Box, Crop, Mark, Redaction, Step, Text, legend
from mips_desk.errors import BadInputError


def box(**fields: float) -> Box:
    return Box(**{"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0, **fields})  # type: ignore[arg-type]


def steps(document: MarksDocument) -> tuple[str, ...]:
    numbers = [number for number, _ in legend(document.marks)]
    assert numbers == list(range(1, len(numbers) + 1))
    return tuple(text for _, text in legend(document.marks))


def test_add_gives_an_id_and_names_the_step() -> None:
    document = MarksDocument()
    (mark_id,) = document.add(Arrow(x1=0, y1=0, x2=5, y2=5))
    assert mark_id
    assert document.mark(mark_id) == document.marks[0]
    assert document.undo_name == "Add arrow"
    assert document.undo()
    assert document.marks == ()
    assert (document.undo_name, document.redo_name) == ("", "Add arrow")
    assert document.redo()
    assert document.marks[0].id == mark_id
    assert not document.redo()


def test_several_at_once_are_one_step() -> None:
    document = MarksDocument()
    ids = document.add(box(), box(), Redaction(x=0, y=0, width=1, height=1), name="Redact the column")
    assert len(set(ids)) == 3
    assert document.undo_name == "Redact the column"
    document.undo()
    assert document.marks == ()


def test_a_duplicate_gets_an_id_of_its_own() -> None:
    document = MarksDocument()
    (first,) = document.add(box())
    original = document.marks[0]
    (second,) = document.add(moved(original, 5, 5))
    assert second != first
    assert len(document.marks) == 2


def test_remove() -> None:
    document = MarksDocument([box(), box(x=5)])
    first, second = document.marks
    document.remove({first.id, "unknown"})
    assert document.marks == (second,)
    assert document.undo_name == "Delete box"
    document.undo()
    assert document.marks == (first, second)


def test_removing_nothing_is_no_step() -> None:
    document = MarksDocument([box()])
    document.remove({"unknown"})
    document.replace(document.marks[0])
    document.reorder({"unknown"}, Place.FRONT)
    assert document.undo_name == ""


def test_edit_names() -> None:
    document = MarksDocument([Text(x=0, y=0, text="a"), Step(x=0, y=0)])
    text, step = document.marks
    document.replace(replace(text, text="b"), verb="Edit")
    assert document.undo_name == "Edit text"
    document.replace(replace(step, color="blue"), verb="Restyle")
    assert document.undo_name == "Restyle numbered step"
    document.replace(moved(document.marks[0], 1, 0), moved(document.marks[1], 1, 0), verb="Move")
    assert document.undo_name == "Move 2 marks"


def test_a_drag_is_one_step() -> None:
    document = MarksDocument([box()])
    start = document.marks[0]
    for dx in range(1, 6):
        document.replace(moved(start, dx, 0), verb="Move", drag="drag-1")
    document.undo()
    assert document.marks == (start,)
    assert document.undo_name == ""
    document.redo()
    assert document.marks == (moved(start, 5, 0),)


def test_two_drags_are_two_steps() -> None:
    document = MarksDocument([box()])
    start = document.marks[0]
    document.replace(moved(start, 1, 0), verb="Move", drag="nudge")
    document.settle()
    document.replace(moved(start, 2, 0), verb="Move", drag="nudge")
    document.undo()
    assert document.marks == (moved(start, 1, 0),)


def test_a_drag_does_not_go_on_after_undo() -> None:
    document = MarksDocument([box(), box()])
    start = document.marks[0]
    document.replace(moved(start, 1, 0), drag="a")
    document.replace(moved(document.marks[1], 1, 0))
    document.undo()
    document.replace(moved(start, 9, 0), drag="a")
    document.undo()
    assert document.marks[0] == moved(start, 1, 0)


def test_a_drag_back_to_the_start_leaves_no_step() -> None:
    document = MarksDocument([box()])
    start = document.marks[0]
    document.replace(moved(start, 1, 0), drag="a")
    document.replace(start, drag="a")
    assert document.undo_name == ""
    document.replace(moved(start, 2, 0), drag="a")
    document.undo()
    assert document.marks == (start,)


def test_steps_number_themselves() -> None:
    document = MarksDocument()
    ids = [document.add(Step(x=at, y=0, text=text))[0] for at, text in enumerate("abc")]
    assert steps(document) == ("a", "b", "c")
    document.remove({ids[0]})
    assert steps(document) == ("b", "c")
    document.undo()
    assert steps(document) == ("a", "b", "c")
    document.reorder({ids[0]}, Place.FRONT)
    assert steps(document) == ("a", "b", "c")


@pytest.mark.parametrize(("which", "number", "order"), [(2, 1, "cab"), (0, 3, "bca"), (0, 2, "bac"), (1, 99, "acb")])
def test_a_step_can_take_another_number(which: int, number: int, order: str) -> None:
    document = MarksDocument([Step(x=0, y=0, text=text) for text in "abc"])
    step = document.marks[which]
    assert isinstance(step, Step)
    document.replace(replace(step, number=number))
    assert steps(document) == tuple(order)


def test_a_step_can_be_added_between() -> None:
    document = MarksDocument([Step(x=0, y=0, text=text) for text in "ab"])
    document.add(Step(x=0, y=0, text="new", number=2))
    assert steps(document) == ("a", "new", "b")


def test_reorder_changes_the_order_of_painting() -> None:
    document = MarksDocument([box(), Arrow(x1=0, y1=0, x2=1, y2=1), Text(x=0, y=0, text="t")])
    bottom = document.marks[0]
    document.reorder({bottom.id}, Place.FRONT)
    assert document.marks[-1] == bottom
    assert document.undo_name == "Reorder box"
    document.reorder({bottom.id}, Place.BACK)
    assert document.marks[0] == bottom


@pytest.mark.parametrize(
    ("chosen", "place", "order"),
    [
        ("b", Place.FORWARD, "acbde"),
        ("b", Place.BACKWARD, "bacde"),
        ("a", Place.BACKWARD, "abcde"),
        ("e", Place.FORWARD, "abcde"),
        ("bd", Place.FORWARD, "acebd"),
        ("bd", Place.BACKWARD, "bdace"),
        ("bd", Place.FRONT, "acebd"),
        ("bd", Place.BACK, "bdace"),
        ("ab", Place.FORWARD, "cabde"),
    ],
)
def test_several_marks_are_ordered_together(chosen: str, place: Place, order: str) -> None:
    document = MarksDocument([replace(box(), id=name) for name in "abcde"])
    document.reorder(set(chosen), place)
    assert "".join(mark.id for mark in document.marks) == order


def test_a_new_crop_takes_the_place_of_the_old_one() -> None:
    document = MarksDocument()
    document.add(Crop(x=0, y=0, width=5, height=5))
    document.add(box(), Crop(x=1, y=1, width=5, height=5))
    assert [mark.x for mark in document.marks if isinstance(mark, Crop)] == [1]
    document.undo()
    assert [mark.x for mark in document.marks if isinstance(mark, Crop)] == [0]


def test_all_marks_are_put_in_one_step() -> None:
    document = MarksDocument([box()])
    before = document.marks
    document.put_all([Step(id="a", x=1, y=1), Step(id="b", x=1, y=1)], "Bring back")
    assert steps(document) == ("", "")
    assert document.undo_name == "Bring back"
    document.undo()
    assert document.marks == before


def test_too_many_marks_are_refused_and_nothing_changes() -> None:
    document = MarksDocument([box()] * MAX_MARKS)
    with pytest.raises(BadInputError):
        document.add(box())
    assert len(document.marks) == MAX_MARKS
    assert document.undo_name == ""


def test_every_change_is_announced_with_the_step_already_there() -> None:
    seen: list[tuple[str, str, int]] = []
    document = MarksDocument(changed=lambda: seen.append((document.undo_name, document.redo_name, len(document.marks))))
    document.add(box())
    document.undo()
    document.redo()
    document.remove({"unknown"})
    assert seen == [("Add box", "", 1), ("", "Add box", 0), ("Add box", "", 1)]


class Editing(RuleBasedStateMachine):
    """Random editing: every undo leads through the same states backwards, every redo forwards."""

    def __init__(self) -> None:
        super().__init__()
        self.document = MarksDocument([box(), Step(x=0, y=0, text="first")])
        self.states: list[tuple[Mark, ...]] = [self.document.marks]
        self.at = 0

    def did(self) -> None:
        if self.document.marks != self.states[self.at]:
            self.states[self.at + 1 :] = [self.document.marks]
            self.at += 1
            assert self.document.redo_name == ""

    def pick(self, at: int) -> Mark:
        return self.document.marks[at % len(self.document.marks)]

    @rule(x=st.integers(0, 50), kind=st.integers(0, 3), number=st.integers(0, 4))
    def add(self, x: int, kind: int, number: int) -> None:
        mark: Mark = [box(x=x), Arrow(x1=x, y1=0, x2=1, y2=1), Step(x=x, y=0, number=number), Text(x=x, y=0, text="t")][
            kind
        ]
        self.document.add(mark)
        self.did()

    @precondition(lambda self: self.document.marks)
    @rule(at=st.integers(0, 20), dx=st.integers(-2, 2))
    def move(self, at: int, dx: int) -> None:
        self.document.replace(moved(self.pick(at), dx, 0), verb="Move")
        self.did()

    @precondition(lambda self: self.document.marks)
    @rule(at=st.integers(0, 20), path=st.lists(st.integers(1, 9), min_size=1, max_size=4))
    def drag(self, at: int, path: list[int]) -> None:
        start = self.pick(at)
        for dx in path:
            self.document.replace(moved(start, dx, 0), verb="Move", drag="drag")
        self.document.settle()
        self.did()

    @precondition(lambda self: self.document.marks)
    @rule(at=st.integers(0, 20))
    def remove(self, at: int) -> None:
        self.document.remove({self.pick(at).id})
        self.did()

    @precondition(lambda self: self.document.marks)
    @rule(at=st.integers(0, 20), other=st.integers(0, 20), place=st.sampled_from(Place))
    def reorder(self, at: int, other: int, place: Place) -> None:
        self.document.reorder({self.pick(at).id, self.pick(other).id}, place)
        self.did()

    @precondition(lambda self: self.document.marks)
    @rule(at=st.integers(0, 20), number=st.integers(0, 5))
    def renumber(self, at: int, number: int) -> None:
        mark = self.pick(at)
        if isinstance(mark, Step):
            self.document.replace(replace(mark, number=number))
            self.did()

    @rule()
    def undo(self) -> None:
        assert self.document.undo() == (self.at > 0)
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self) -> None:
        assert self.document.redo() == (self.at < len(self.states) - 1)
        self.at = min(self.at + 1, len(self.states) - 1)

    @invariant()
    def shows_the_state(self) -> None:
        assert self.document.marks == self.states[self.at]
        steps(self.document)
        assert len({mark.id for mark in self.document.marks}) == len(self.document.marks)

    def teardown(self) -> None:
        while self.document.undo():
            pass
        assert self.document.marks == self.states[0]
        while self.document.redo():
            pass
        assert self.document.marks == self.states[-1]


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

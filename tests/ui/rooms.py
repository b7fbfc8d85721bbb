"""A small practice in a real vault, with a desk whose jobs run at once, for tests of rooms."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.evidence import Source
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Practice, SpecialStatus, YearProfile
from mips_desk.services import choose, collect, setup, uses
from mips_desk.services.collect import Incoming
from mips_desk.services.overview import load_year
from mips_desk.services.session import Session
from mips_desk.store import Vault
from mips_desk.store.keys import KeyCost
from mips_desk.ui.desk import Desk
from mips_desk.ui.events import Events
from mips_desk.ui.jobs import Job, JobContext, Jobs, SynchronousRunner
from mips_desk.ui.messages import Message, Messages
from mips_desk.ui.undo import UndoStack

YEAR = 2024
NOW = datetime(2024, 9, 19, 15, 32, tzinfo=UTC)


def picture(seed: int = 0, size: tuple[int, int] = (640, 400), kind: str = "PNG") -> bytes:
    """Return a picture file; another seed gives another picture."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((seed % 256, 40, 90), (10, 10, 60, 40))
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


class HeldJobs(SynchronousRunner):
    """Runs writes at once, and other work when it is told to: for what a room shows meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[tuple[Callable[[JobContext], object], Job]] = []

    def _submit(self, work: Callable[[JobContext], object], job: Job) -> None:
        if job.is_write:
            super()._submit(work, job)
        else:
            self._held.append((work, job))

    def release(self) -> None:
        """Run what waits, and what it asks for in turn."""
        while self._held:
            self.release_one()

    def release_one(self) -> None:
        """Run the oldest of what waits."""
        super()._submit(*self._held.pop(0))


class Practiced(Desk):
    """A desk that remembers what was said."""

    said: list[Message]


@contextmanager
def small_practice(
    folder: Path, *, pictures: int = 2, chosen: bool = True, read_only: bool = False, jobs: Jobs | None = None
) -> Iterator[Practiced]:
    """Make a practice with IA_BE_4 chosen for 2024 and some pictures in it, and open it.

    Args:
        folder: where the vault shall be.
        pictures: pictures of its first option, captioned "Picture 1" and so on; none is redacted.
        chosen: choose the activity at all.
        read_only: open it read only.
        jobs: the runner; one that runs everything at once by default.
    """
    path = folder / "Riverside.mipsvault"
    vault = Vault.create(
        path,
        "correct horse",
        practice=Practice("Riverside Family Practice", "12-3456789"),
        person_name="Dana Whitfield",
        now=_clock(),
        key_cost=KeyCost(8, 1, 1),
    )
    session = Session(vault, load_catalog(), _clock())
    setup.put_clinicians(session, (Clinician("", "Abena Osei", "1234567893", "MD"),))
    setup.set_profile(session, YearProfile(YEAR, special_statuses=frozenset({SpecialStatus.SMALL_PRACTICE})))
    if chosen:
        selection = choose.add(session, YEAR, "IA_BE_4").id
        choose.set_period(session, selection, Period(date(2024, 3, 1), date(2024, 6, 14)))
        uses.log(session, selection, [date(2024, 3, 4), date(2024, 6, 11)])
        option = session.catalog.activity(YEAR, "IA_BE_4").guidance.options[0].key
        for number in range(1, pictures + 1):
            collect.add_pictures(
                session,
                selection,
                [Incoming(picture(number), Source.CAPTURE, window_title="CareBridge", scale=100)],
                caption=f"Picture {number}",
                shows_date=date(2024, 3, number),
                option_key=option,
            )
    if read_only:
        session.close()
        session = Session(Vault.open(path, "correct horse", now=_clock(), read_only=True), load_catalog(), _clock())
    runner = jobs or SynchronousRunner()
    events, messages = Events(), Messages()
    runner.succeeded.connect(events.publish)
    runner.failed.connect(messages.failure)
    desk = Practiced(
        session,
        load_year(session, YEAR, date(2024, 9, 19)),
        jobs=runner,
        events=events,
        messages=messages,
        undo=UndoStack(runner, events),
        ask=lambda _question: True,
        read_only=read_only,
    )
    desk.said = []
    messages.posted.connect(desk.said.append)
    try:
        yield desk
    finally:
        runner.shutdown()
        session.close()


def _clock() -> Callable[[], datetime]:
    return lambda: NOW

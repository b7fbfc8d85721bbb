"""Progress of long work on files, and the wish to stop it."""

from collections.abc import Callable


class Meter:
    """Counts work for a progress bar and asks whether to go on.

    Attributes:
        total: work in all, in bytes.
    """

    def __init__(
        self, total: int, progress: Callable[[int, int], None] | None = None, check: Callable[[], None] | None = None
    ):
        self.total = total
        self._done = 0
        self._progress = progress
        self._check = check

    def add(self, done: int) -> None:
        """Report work done.

        Args:
            done: bytes since the last report.

        Raises:
            CancelledError: the person does not want to go on.
        """
        if self._check is not None:
            self._check()
        self._done = min(self._done + done, self.total)
        if self._progress is not None:
            self._progress(self._done, self.total)

    def finish(self) -> None:
        """Report that all is done, also where less was left to do than was thought."""
        self.add(self.total)

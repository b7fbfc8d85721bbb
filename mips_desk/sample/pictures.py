"""The pictures of the sample practice, by name."""

import operator
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import pictures_2024, pictures_2026
from .sheet import Picture

#: Makers of all pictures by name.
PICTURES = {**pictures_2024.PICTURES, **pictures_2026.PICTURES}


def draw(done: Callable[[], None]) -> dict[str, Picture]:
    """Draw all pictures, two at a time.

    Args:
        done: called after each picture.
    """

    with ThreadPoolExecutor(2) as pool:
        drawn: dict[str, Picture] = {}
        for name, picture in zip(PICTURES, pool.map(operator.call, PICTURES.values()), strict=True):
            drawn[name] = picture
            done()
    return drawn

"""Lines drawn by hand: fewer points when they are drawn, rounder corners when they are painted."""

import math
from collections.abc import Sequence

Point = tuple[float, float]

#: Points that replace one corner.
_PER_CORNER = 5


def simplified(points: Sequence[Point], tolerance: float, limit: int) -> tuple[Point, ...]:
    """Return the fewest of some points whose line stays within a distance of all of them (Ramer, Douglas, Peucker).

    Args:
        points: the way of the pen, at least one point.
        tolerance: largest distance that a point may lie beside the result, above 0.
        limit: most points of the result, at least 2; the tolerance is doubled until they fit.
    """
    way = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    if len(way) < 3:
        return tuple(way)
    kept = _kept(way, tolerance)
    while len(kept) > limit:
        tolerance *= 2
        kept = _kept(way, tolerance)
    return tuple(way[at] for at in kept)


def smoothed(points: Sequence[Point], reach: float) -> tuple[Point, ...]:
    """Return a line with its corners rounded; both ends stay where they are.

    Args:
        points: at least one.
        reach: how far before and after a corner the rounding begins at most.
    """
    if len(points) < 3:
        return tuple(points)
    line = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _toward(corner, before, reach), _toward(corner, after, reach)
        for at in range(_PER_CORNER):
            part = at / (_PER_CORNER - 1)
            one, two, three = (1 - part) ** 2, 2 * part * (1 - part), part**2
            line.append(
                (
                    one * start[0] + two * corner[0] + three * end[0],
                    one * start[1] + two * corner[1] + three * end[1],
                )
            )
    return (*line, points[-1])


def _toward(start: Point, end: Point, reach: float) -> Point:
    """Return the point half way to another one, or nearer."""
    length = math.dist(start, end)
    part = min(0.5, reach / length) if length else 0.0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _kept(points: Sequence[Point], tolerance: float) -> list[int]:
    """Return the places of the points that stay; a stack and no recursion, for a line can be long."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        start, end = points[first], points[last]
        far, place = tolerance, -1
        for at in range(first + 1, last):
            distance = _distance(points[at], start, end)
            if distance > far:
                far, place = distance, at
        if place >= 0:
            kept.add(place)
            spans += ((first, place), (place, last))
    return sorted(kept)


def _distance(point: Point, start: Point, end: Point) -> float:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    square = along_x * along_x + along_y * along_y
    part = ((point[0] - start[0]) * along_x + (point[1] - start[1]) * along_y) / square if square else 0.0
    part = min(max(part, 0.0), 1.0)
    return math.dist(point, (start[0] + part * along_x, start[1] + part * along_y))

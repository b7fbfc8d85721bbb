"""Lines drawn by hand: few points, nothing lost, no corner beyond its points."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mips_desk.annotate.freehand import simplified, smoothed

coordinate = st.floats(-1000, 1000)
way = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=60)


def distance(point: tuple[float, float], line: tuple[tuple[float, float], ...]) -> float:
    """How far a point is from a line, by walking along it."""
    best = math.dist(point, line[0])
    for (x1, y1), (x2, y2) in pairwise(line):
        square = (x2 - x1) ** 2 + (y2 - y1) ** 2
        part = ((point[0] - x1) * (x2 - x1) + (point[1] - y1) * (y2 - y1)) / square if square else 0.0
        part = min(max(part, 0.0), 1.0)
        best = min(best, math.dist(point, (x1 + part * (x2 - x1), y1 + part * (y2 - y1))))
    return best


@given(way, st.floats(0.1, 50))
def test_a_simplified_line_stays_near_every_point(points: list[tuple[float, float]], tolerance: float) -> None:
    line = simplified(points, tolerance, 1000)
    assert line[0] == points[0]
    assert line[-1] == points[-1]
    assert set(line) <= set(points)
    assert all(distance(point, line) <= tolerance + 1e-6 for point in points)


@given(way, st.integers(2, 9))
def test_a_line_has_as_many_points_as_it_may(points: list[tuple[float, float]], limit: int) -> None:
    assert len(simplified(points, 0.1, limit)) <= max(limit, 2)


def test_a_straight_line_needs_two_points() -> None:
    assert simplified([(float(at), 2.0 * at) for at in range(500)], 0.5, 99) == ((0.0, 0.0), (499.0, 998.0))


@given(way, st.floats(0, 100))
def test_rounded_corners_stay_near_the_line(points: list[tuple[float, float]], reach: float) -> None:
    line = smoothed(points, reach)
    assert line[0] == points[0]
    assert line[-1] == points[-1]
    assert all(distance(point, tuple(points)) <= reach + 1e-6 for point in line)
    assert all(distance(point, line) <= reach + 1e-6 for point in points)

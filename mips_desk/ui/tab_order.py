"""The order in which Tab goes through a page: as its layouts read, also after rows were made anew."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedWidget, QWidget


def reading_order(root: QWidget) -> list[QWidget]:
    """Return the widgets below a root that Tab stops at, in the order of the layouts they stand in."""
    found: list[QWidget] = []
    _visit(root, found)
    return found


def follow_layout(root: QWidget, before: list[QWidget]) -> list[QWidget]:
    """Make Tab go through a page in reading order.

    Args:
        root: the page.
        before: what this returned the last time; nothing is done when the order is still that.

    Returns:
        The widgets in order.
    """
    order = reading_order(root)
    if order != before:
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)
    return order


def _visit(widget: QWidget, found: list[QWidget]) -> None:
    stops = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if stops:
        found.append(widget)
    if isinstance(widget, QStackedWidget):
        current = widget.currentWidget()
        if current is not None:
            _visit(current, found)
    elif isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            _visit(inside, found)
    elif (layout := widget.layout()) is not None:
        _walk(layout, found)
    elif not stops:
        for child in widget.children():
            if isinstance(child, QWidget) and not child.isWindow():
                _visit(child, found)


def _walk(layout: QLayout, found: list[QWidget]) -> None:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            _visit(widget, found)
        elif inner is not None:
            _walk(inner, found)

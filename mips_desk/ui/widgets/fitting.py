"""The height of dialogs whose fields scroll only where the screen is too small for all of them."""

from PySide6.QtWidgets import QDialog, QScrollArea

from mips_desk.ui.theme import SPACE_XL

#: Room for the title bar of a dialog and the edges of the screen, in logical pixels.
FRAME = 60


def fit_height(dialog: QDialog, fields: QScrollArea) -> None:
    """Give a dialog the height that everything needs, as far as the screen has it.

    Args:
        dialog: its layout has margins of SPACE_XL at the left and right.
        fields: a part of its layout.
    """
    inside, layout = fields.widget(), dialog.layout()
    if inside is None or layout is None:
        return
    width = max(dialog.minimumWidth(), dialog.width())
    around = layout.heightForWidth(width) - fields.sizeHint().height()
    room = width - 2 * SPACE_XL
    # Without words that break into lines the height does not follow the width.
    wanted = around + (inside.heightForWidth(room) if inside.hasHeightForWidth() else inside.sizeHint().height()) + 4
    dialog.resize(width, min(wanted, dialog.screen().availableGeometry().height() - FRAME))

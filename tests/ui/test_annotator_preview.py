"""What the canvas shows is what is exported: structural similarity for all marks, and redactions to the pixel."""

import random
from array import array
from statistics import fmean

import msgspec
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageMath
from PySide6.QtGui import QImage, QPainter

from mips_desk.annotate.flatten import burn
from mips_desk.annotate.marks import (
    Arrow,
    Box,
    Crop,
    Ellipse,
    Freehand,
    Highlight,
    Line,
    Mark,
    Redaction,
    Step,
    Text,
)
from mips_desk.annotate.shapes import Rect, crop_box, default_style, font, redaction_boxes
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.painting import paint_bars, paint_others

#: Size of the pictures at 100 %.
SIZE = (800, 600)
MARKS: tuple[Mark, ...] = (
    Highlight(x=60.4, y=80.2, width=300, height=40),
    Box(x=100.3, y=100.7, width=220.4, height=130.1),
    Box(x=520, y=430, width=120, height=70, angle=33, color="blue"),
    Ellipse(x=420, y=90, width=200, height=120, color="green"),
    Ellipse(x=80, y=470, width=150, height=60, color="black", angle=-25),
    Arrow(x1=120, y1=420, x2=330.5, y2=300.25, color="blue"),
    Line(x1=20, y1=590, x2=780, y2=20, color="violet"),
    Freehand(points=((300, 500), (330, 470), (360, 510), (395, 480), (420, 520)), color="amber"),
    Step(x=300, y=250, number=1),
    Step(x=350, y=250, number=2, color="yellow"),
    Text(x=400, y=400, text="Answered by the\ncare team, Ägypten", color="amber"),
    Text(x=560, y=250, text="Wraps where the label ends, gjpq", width=160, color="green"),
    Text(x=60, y=300, text="Turned by 20", angle=-20, color="violet"),
    Redaction(x=10.4, y=10.6, width=99.3, height=20.2),
    Redaction(x=280.5, y=240.5, width=60, height=25),
    Redaction(x=790.2, y=-5, width=90, height=30),
)


def _scaled(mark: Mark, by: int) -> Mark:
    values = msgspec.structs.asdict(mark)
    for name in {"x", "y", "x1", "y1", "x2", "y2", "width", "height"} & values.keys():
        if values[name] is not None:
            values[name] *= by
    if isinstance(mark, Freehand):
        values["points"] = tuple((x * by, y * by) for x, y in mark.points)
    return type(mark)(**values)


def _portal(size: tuple[int, int], by: int) -> Image.Image:
    image = Image.new("RGB", size, "#FFFFFF")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 60 * by), fill="#2B6CA3")
    for row in range(0, size[1], 30 * by):
        draw.text((20 * by, row), f"Sample row {row} of the page 06/11/2024", font=font(14 * by), fill="#17202B")
    return image


def _gradient(size: tuple[int, int], _by: int) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def _noise(size: tuple[int, int], _by: int) -> Image.Image:
    chance = random.Random(1)
    small = Image.new("RGB", (40, 30))
    small.putdata([(chance.randrange(256), chance.randrange(256), chance.randrange(256)) for _ in range(1200)])
    return small.resize(size, Image.Resampling.BICUBIC)


def _preview(image: Image.Image, marks: tuple[Mark, ...], zoom: int = 1) -> Image.Image:
    """Paint as the canvas does, at a zoom, and return the pixels of the screen."""
    data = image.tobytes("raw", "BGRX")
    whole = QImage(data, image.width, image.height, image.width * 4, QImage.Format.Format_RGB32)
    shown = whole.scaled(image.width * zoom, image.height * zoom)
    painter = QPainter(shown)
    painter.scale(zoom, zoom)
    paint_others(painter, marks, default_style(*image.size), Rect(0, 0, *image.size))
    paint_bars(painter, marks, image.size)
    painter.end()
    shown = shown.convertToFormat(QImage.Format.Format_RGB888)
    size = (shown.width(), shown.height())
    return Image.frombytes("RGB", size, bytes(shown.constBits()), "raw", "RGB", shown.bytesPerLine())


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Return the mean structural similarity of two pictures (Wang et al. 2004) in blocks of 8 x 8 pixels.

    Blocks without structure in both pictures are left out, so that a large plain ground cannot make up for marks that
    differ.
    """
    x, y = (image.convert("L").convert("F") for image in (one, other))

    def mean(image: Image.Image) -> list[float]:
        return list(array("f", image.reduce(8).tobytes()))

    def product(a: Image.Image, b: Image.Image) -> Image.Image:
        return ImageMath.lambda_eval(lambda args: args["a"] * args["b"], a=a, b=b)

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = []
    for mx, my, xx, yy, xy in zip(
        mean(x), mean(y), mean(product(x, x)), mean(product(y, y)), mean(product(x, y)), strict=True
    ):
        vx, vy, both = xx - mx * mx, yy - my * my, xy - mx * my
        if vx < 1 and vy < 1 and abs(mx - my) < 1:
            continue
        values.append(((2 * mx * my + c1) * (2 * both + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2)))
    return fmean(values)


def test_similarity_tells_a_missing_mark():
    page = _portal(SIZE, 1)
    assert ssim(page, page) == pytest.approx(1.0)
    without = [mark for mark in MARKS if not isinstance(mark, Text)]
    assert ssim(burn(page.copy(), MARKS), burn(page.copy(), without)) < 0.98
    assert ssim(burn(page.copy(), MARKS), page) < 0.8


@pytest.mark.parametrize("scale", [1, 2], ids=["100", "200"])
@pytest.mark.parametrize("picture", [_portal, _gradient, _noise])
def test_the_preview_is_what_is_exported(qapp, picture, scale):
    size = (SIZE[0] * scale, SIZE[1] * scale)
    marks = tuple(_scaled(mark, scale) for mark in MARKS)
    page = picture(size, scale)
    exported, shown = burn(page.copy(), marks), _preview(page, marks)
    assert ssim(shown, exported) >= 0.98
    for box in redaction_boxes(marks, size):
        assert shown.crop(box).getextrema() == ((0, 0),) * 3
        assert exported.crop(box).getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize("mark", MARKS[:-3], ids=lambda mark: f"{type(mark).__name__}{getattr(mark, 'angle', 0):.0f}")
def test_each_mark_alone_is_what_is_exported(qapp, mark):
    page = Image.new("RGB", SIZE, "#E0E6EC")
    # One thin mark on a plain ground: nothing that is the same makes up for its edges.
    assert ssim(_preview(page, (mark,)), burn(page.copy(), [mark])) >= 0.97


def test_the_preview_on_a_screen_at_200_percent_is_what_is_exported(qapp):
    page = _gradient(SIZE, 1)
    shown = _preview(page, MARKS, zoom=2).reduce(2)
    assert ssim(shown, burn(page.copy(), MARKS)) >= 0.98


def test_redactions_cover_the_same_pixels_as_in_the_export(qapp):
    white = Image.new("RGB", SIZE, "white")
    bars = tuple(mark for mark in MARKS if isinstance(mark, Redaction))
    assert ImageChops.difference(_preview(white.copy(), bars), burn(white.copy(), bars)).getbbox() is None
    large = _preview(white.copy(), bars, zoom=2)
    exported = burn(white.copy(), bars).resize(large.size, Image.Resampling.NEAREST)
    assert ImageChops.difference(large, exported).getbbox() is None


def test_the_canvas_shows_inside_the_crop_what_is_exported(qtbot):
    page = _portal(SIZE, 1)
    data = page.tobytes("raw", "BGRX")
    image = QImage(data, *SIZE, SIZE[0] * 4, QImage.Format.Format_RGB32).copy()
    marks = (*MARKS, Crop(id="crop", x=100, y=60, width=420, height=380))
    made = Annotator(image, marks, caption="Messages, June")
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.canvas.zoom_whole_pixels()
    qtbot.waitUntil(lambda: made.canvas._resting)
    grabbed = made.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    shown = Image.frombytes(
        "RGB",
        (grabbed.width(), grabbed.height()),
        bytes(grabbed.constBits()),
        "raw",
        "RGB",
        grabbed.bytesPerLine(),
    )
    exported = burn(page.copy(), marks)
    box = crop_box(marks, SIZE)
    assert exported.size == (420, 380)
    left, top = (round(at) for at in made.canvas.view.to_widget(box[0], box[1]))
    # The line of the crop itself lies on its edge.
    inside = shown.crop((left + 2, top + 2, left + 418, top + 378))
    assert ssim(inside, exported.crop((2, 2, 418, 378))) >= 0.98
    outside = shown.getpixel((left - 20, top + 100))
    assert outside != page.getpixel((80, 160))

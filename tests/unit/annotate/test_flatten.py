"""The rendition: what is covered is gone, nothing but pixels remains, and marks are where they should be."""

import io
import math
import struct
import zlib
from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageDraw, ImageOps, PngImagePlugin

from mips_desk.annotate.flatten import (
    FILL,
    RedactionError,
    assert_redacted,
    burn,
    check_inside,
    flatten,
    rendition_png,
    thumbnail,
    upright,
)
from mips_desk.annotate.hit import moved
from mips_desk.annotate.marks import Arrow, Box, Crop, Ellipse, Freehand, Highlight, Line, Mark, Redaction, Step, Text
from mips_desk.annotate.shapes import bounds, crop_box, default_style, redaction_boxes, rendition_boxes
from mips_desk.errors import BadInputError

SIZE = (80, 60)
PAGE = (160, 120)
RED = (0xD9, 0x2D, 0x20)
CANARY = b"Canary Testperson"


def noise(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 80 + at) for at in range(3)]).convert(mode)


def png(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def jpeg(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def chunks(data: bytes) -> list[bytes]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        assert zlib.crc32(data[at + 4 : at + 8 + length]) == struct.unpack_from(">I", data, at + 8 + length)[0]
        kinds.append(kind)
        at += 12 + length
    assert at == len(data)
    return kinds


def covered(mark: Redaction, x: int, y: int) -> bool:
    """The plain definition: a pixel is covered when any part of it is inside the redaction."""
    return mark.x < x + 1 and mark.x + mark.width > x and mark.y < y + 1 and mark.y + mark.height > y


place = st.floats(-15, 90) | st.integers(-5, 85)
extent = st.floats(0.001, 100) | st.integers(1, 90) | st.just(1)
redaction = st.builds(Redaction, x=place, y=place, width=extent, height=extent)
point = st.floats(-40, 120)
angle = st.just(0.0) | st.floats(-360, 360)
other = st.one_of(
    st.builds(Box, x=point, y=point, width=extent, height=extent, angle=angle),
    st.builds(Ellipse, x=point, y=point, width=extent, height=extent, angle=angle),
    st.builds(Freehand, points=st.lists(st.tuples(point, point), min_size=1, max_size=5).map(tuple)),
    st.builds(Highlight, x=point, y=point, width=extent, height=extent),
    st.builds(Arrow, x1=point, y1=point, x2=point, y2=point, stroke=st.floats(0.5, 30)),
    st.builds(Line, x1=point, y1=point, x2=point, y2=point),
    st.builds(Text, x=point, y=point, text=st.text("Ag 1\n", max_size=8), size=st.floats(4, 60), angle=angle),
    st.builds(Step, x=point, y=point, number=st.integers(1, 1000)),
)
some_marks = st.lists(redaction, min_size=1, max_size=4).flatmap(
    lambda bars: st.lists(other, max_size=4).map(lambda marks: [*bars, *marks])
)


@settings(max_examples=80, deadline=None)
@given(some_marks)
@example([Redaction(x=0, y=0, width=80, height=60)])
@example([Redaction(x=79, y=59, width=1, height=1), Redaction(x=0, y=0, width=1, height=1)])
@example([Redaction(x=10.5, y=10.5, width=0.001, height=0.001), Arrow(x1=0, y1=0, x2=30, y2=30, stroke=20)])
def test_every_covered_pixel_is_solid_black(marks: Sequence[Mark]) -> None:
    result = flatten(ORIGINAL, marks)
    assert (result.mode, result.size) == ("RGB", SIZE)
    bars = [mark for mark in marks if isinstance(mark, Redaction)]
    mask = Image.new("1", SIZE)
    mask.putdata([any(covered(bar, x, y) for bar in bars) for y in range(SIZE[1]) for x in range(SIZE[0])])
    black = Image.new("RGB", SIZE, FILL)
    assert ImageChops.difference(Image.composite(result, black, mask), black).getbbox() is None
    assert_redacted(result, marks)
    # Bars alone change nothing but what they cover.
    only_bars = flatten(ORIGINAL, bars)
    only_bars.paste(upright(ORIGINAL), mask=mask)
    assert ImageChops.difference(only_bars, upright(ORIGINAL)).getbbox() is None


ORIGINAL = png(noise())


@settings(max_examples=40, deadline=None)
@given(some_marks, st.integers(1, 2**31))
def test_hidden_pixels_never_influence_the_result(marks: Sequence[Mark], seed: int) -> None:
    first = upright(ORIGINAL)
    second = first.copy()
    for box in redaction_boxes(marks, SIZE):
        secret = Image.frombytes("L", (7, 7), (seed.to_bytes(4, "big") * 13)[:49]).resize(
            (box[2] - box[0], box[3] - box[1])
        )
        second.paste(secret.convert("RGB"), box)
    assert rendition_png(png(first), marks) == rendition_png(png(second), marks)
    assert thumbnail(png(first), marks, (40, 40)) == thumbnail(png(second), marks, (40, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(other, max_size=5))
def test_marks_change_only_their_bounds(marks: list[Mark]) -> None:
    before, after = upright(ORIGINAL), flatten(ORIGINAL, marks)
    style = default_style(*SIZE)
    for mark in marks:
        # A letter can reach out of its label by less than the label's padding would; a pixel is for anti-aliasing.
        rect = bounds(mark, style).grown(8 if isinstance(mark, Text) else 1)
        box = (math.floor(rect.x), math.floor(rect.y), math.ceil(rect.right), math.ceil(rect.bottom))
        inside = (max(box[0], 0), max(box[1], 0), min(box[2], SIZE[0]), min(box[3], SIZE[1]))
        if inside[0] < inside[2] and inside[1] < inside[3]:
            before.paste((9, 9, 9), inside)
            after.paste((9, 9, 9), inside)
    assert ImageChops.difference(before, after).getbbox() is None


@settings(max_examples=40, deadline=None)
@given(other, st.integers(1, 130), st.integers(1, 130))
@example(Line(x1=50, y1=5, x2=50, y2=80, stroke=6), 56, 0)
@example(Line(x1=50, y1=5, x2=50, y2=80, stroke=6), 60, 0)
@example(Line(x1=5, y1=50, x2=80, y2=50, stroke=6), 0, 56)
@example(Line(x1=5, y1=50, x2=80, y2=50, stroke=6), 0, 60)
def test_a_mark_looks_the_same_wherever_it_is(mark: Mark, dx: int, dy: int) -> None:
    # Marks are painted in cells; where the borders of the cells lie must not show.
    style = default_style(300, 300)
    rect = bounds(mark, style).grown(1)
    near = moved(mark, math.ceil(-rect.x) + 2, math.ceil(-rect.y) + 2)
    there = moved(near, dx, dy)
    size = (300, 300)
    first = burn(Image.new("RGB", size, "white"), [near])
    second = burn(Image.new("RGB", size, "white"), [there])
    kept = (size[0] - dx, size[1] - dy)
    shifted = second.crop((dx, dy, *size))
    difference = ImageChops.difference(first.crop((0, 0, *kept)), shifted)
    # On an exact diagonal, rounding can tip the four sub-samples along an edge.
    assert max(high for _, high in difference.getextrema()) <= 64


def test_same_input_gives_same_bytes() -> None:
    marks = [Redaction(x=3, y=3, width=20, height=9), Arrow(x1=0, y1=0, x2=99, y2=70), Text(x=9, y=9, text="Åé 10:32")]
    assert rendition_png(ORIGINAL, marks) == rendition_png(ORIGINAL, marks)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_only_pixels_leave(kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = CANARY.decode()
    exif[ExifTags.Base.Orientation] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if kind == "png":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", CANARY.decode())
        text.add_itxt("Patient", CANARY.decode())
        original = png(noise(), pnginfo=text, exif=exif, icc_profile=profile, dpi=(96, 96)) + CANARY
    else:
        original = jpeg(noise(), exif=exif, comment=CANARY, icc_profile=profile, dpi=(96, 96), quality=90) + CANARY
    assert original.count(CANARY) >= 3
    for result in (rendition_png(original, []), thumbnail(original, [], (50, 50))):
        kinds = chunks(result)
        assert (kinds[0], set(kinds[1:-1]), kinds[-1]) == (b"IHDR", {b"IDAT"}, b"IEND")
        assert CANARY not in result
        assert result[25] == 2  # IHDR: truecolor, no alpha
        assert Image.open(io.BytesIO(result)).info == {}
    assert Image.open(io.BytesIO(rendition_png(original, []))).size == (SIZE[1], SIZE[0])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_marks_are_in_the_upright_picture(orientation: int) -> None:
    image = Image.new("RGB", (40, 20), "white")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    result = flatten(png(image, exif=exif), [Redaction(x=2, y=3, width=5, height=4)])
    assert result.size == ((20, 40) if orientation >= 5 else (40, 20))
    assert ImageChops.invert(result).getbbox() == (2, 3, 7, 7)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", [png, jpeg])
def test_orientation_is_read_as_others_read_it(kind: Callable[..., bytes], orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera"
    exif[ExifTags.Base.Orientation] = orientation
    original = kind(noise(), exif=exif)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(original)))
    assert ImageChops.difference(upright(original), expected).getbbox() is None


def test_orientation_turns_the_pixels() -> None:
    image = Image.new("RGB", (40, 20), "white")
    image.putpixel((39, 0), (255, 0, 0))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # the first row is the right side: turn clockwise
    assert upright(png(image, exif=exif)).getpixel((19, 39)) == (255, 0, 0)


def test_transparent_pixels_become_white_and_lose_their_color() -> None:
    layer = Image.new("RGBA", (4, 4), (200, 10, 10, 0))
    layer.putpixel((1, 1), (10, 20, 30, 255))
    result = upright(png(layer))
    assert result.getpixel((0, 0)) == (255, 255, 255)
    assert result.getpixel((1, 1)) == (10, 20, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_shown_as_it_looks(mode: str) -> None:
    grey = Image.new("L", (9, 7), 0)
    ImageDraw.Draw(grey).rectangle((2, 2, 5, 4), fill=255)
    image = (
        grey.point([value * 257 for value in range(256)], "I").convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    result = upright(png(image))
    assert result.mode == "RGB"
    assert result.getpixel((3, 3)) == (255, 255, 255)
    assert result.getpixel((0, 0)) == (0, 0, 0)


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    assert upright(png(Image.new("I;16", (2, 2), 0x8000))).getpixel((0, 0)) == (128, 128, 128)


def test_palette_with_a_transparent_color() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 1), 1)
    result = upright(png(image, transparency=0))
    assert (result.getpixel((0, 0)), result.getpixel((1, 1))) == ((255, 255, 255), (0, 0, 200))


def test_cmyk_jpeg() -> None:
    red, green, blue = upright(jpeg(Image.new("RGB", (16, 16), (200, 40, 40)).convert("CMYK"), quality=95)).getpixel(
        (8, 8)
    )
    assert red > 180
    assert green < 80
    assert blue < 80


@pytest.mark.parametrize("data", [b"", b"text", ORIGINAL[:200], b"\xff\xd8\xff", b"GIF89a" + bytes(40)])
def test_what_cannot_be_decoded(data: bytes) -> None:
    with pytest.raises(BadInputError):
        flatten(data, [])


def test_box_has_crisp_edges() -> None:
    white = png(Image.new("RGB", PAGE, "white"))
    result = flatten(white, [Box(x=20.3, y=30.7, width=50.2, height=40.1, stroke=4)])
    colors = {result.getpixel((x, 50)) for x in range(PAGE[0])}
    assert colors == {(255, 255, 255), RED}
    assert [x for x in range(PAGE[0]) if result.getpixel((x, 50)) == RED] == [18, 19, 20, 21, 68, 69, 70, 71]
    assert result.getpixel((45, 50)) == (255, 255, 255)


def test_long_strokes_have_no_seams() -> None:
    size = (700, 500)
    white = png(Image.new("RGB", size, "white"))
    result = flatten(white, [Line(x1=10.3, y1=7.1, x2=690.2, y2=488.9, stroke=6)])
    for step in range(1, 1000):
        x, y = 10.3 + 679.9 * step / 1000, 7.1 + 481.8 * step / 1000
        assert result.getpixel((int(x), int(y))) == RED
    # The ink is as wide as the stroke all along: what one row holds is the same in all rows.
    rows = [sum(255 - result.getpixel((x, y))[2] for x in range(size[0])) for y in range(40, 460)]
    assert max(rows) - min(rows) <= 0.06 * max(rows)


def test_arrow_points_at_its_end() -> None:
    white = png(Image.new("RGB", PAGE, "white"))
    result = flatten(white, [Arrow(x1=10, y1=60, x2=150, y2=60, stroke=4)])
    ink = ImageChops.invert(result).getbbox()
    assert ink is not None
    assert 148 <= ink[2] <= 150
    assert ink[0] in (7, 8)

    def height(x: int) -> int:
        return sum(result.getpixel((x, y)) != (255, 255, 255) for y in range(PAGE[1]))

    assert height(60) == 4
    assert height(131) > 3 * height(60)
    assert height(147) < height(131)


def test_ellipse_is_an_outline() -> None:
    result = flatten(png(Image.new("RGB", PAGE, "white")), [Ellipse(x=20, y=20, width=100, height=60, stroke=4)])
    assert ImageChops.invert(result).getbbox() == (18, 18, 122, 82)
    assert result.getpixel((70, 50)) == (255, 255, 255)
    assert result.getpixel((70, 20)) == RED


def test_highlight_keeps_dark_text_readable() -> None:
    image = Image.new("RGB", PAGE, "white")
    image.putpixel((50, 50), (0, 0, 0))
    result = flatten(png(image), [Highlight(x=40, y=40, width=30, height=20)])
    assert result.getpixel((50, 50)) == (0, 0, 0)
    red, green, blue = result.getpixel((45, 45))
    assert red > 240
    assert green > 220
    assert blue < 160
    assert result.getpixel((39, 45)) == (255, 255, 255)


def test_label_and_step_show_light_on_color() -> None:
    white = png(Image.new("RGB", (400, 200), "white"))
    text = Text(x=20, y=20, text="answered", size=24)
    result = flatten(white, [text, Step(x=300, y=100, number=1, radius=30)])
    rect = bounds(text, default_style(400, 200))
    label = result.crop((20, 20, int(rect.right), int(rect.bottom)))
    share = {color: count / (label.width * label.height) for count, color in label.getcolors(100_000)}
    assert share[RED] > 0.5
    assert share[(255, 255, 255)] > 0.05
    assert result.getpixel((300, 72)) == RED
    assert result.getpixel((300, 100)) == (255, 255, 255)


def test_redactions_are_above_all_other_marks() -> None:
    bar = Redaction(x=20, y=20, width=60, height=40)
    marks = [
        bar,
        Text(x=10, y=10, text="over the bar", size=30),
        Step(x=50, y=40),
        Box(x=15, y=15, width=70, height=50),
    ]
    result = flatten(png(noise(PAGE)), marks)
    assert result.crop((20, 20, 80, 60)).getcolors() == [(60 * 40, FILL)]


def test_huge_and_far_marks_cost_nothing() -> None:
    far = 900_000.0
    marks: list[Mark] = [
        Arrow(x1=-far, y1=-far, x2=far, y2=far, stroke=200),
        Ellipse(x=-far, y=-far, width=2 * far, height=2 * far),
        Text(x=-far, y=0, text="W" * 500, size=400),
        Text(x=0, y=0, text="W " * 250, size=400, width=1),
        Step(x=far, y=far),
        Redaction(x=-far, y=-far, width=1, height=1),
    ]
    assert flatten(ORIGINAL, marks).size == SIZE


def test_thumbnail_fits_and_is_redacted_first() -> None:
    data = thumbnail(ORIGINAL, [Redaction(x=0, y=0, width=80, height=60)], (64, 64))
    image = Image.open(io.BytesIO(data))
    assert image.size == (64, 48)
    assert image.getcolors() == [(64 * 48, FILL)]
    assert Image.open(io.BytesIO(thumbnail(ORIGINAL, [], (999, 999)))).size == SIZE


def test_self_test_finds_what_is_not_covered() -> None:
    marks = [Redaction(x=10.5, y=10, width=20, height=10)]
    good = rendition_png(ORIGINAL, marks)
    assert_redacted(good, marks)
    image = Image.open(io.BytesIO(good))
    for spot in ((10, 10), (30, 19)):
        bad = image.copy()
        bad.putpixel(spot, (1, 0, 0))
        with pytest.raises(RedactionError):
            assert_redacted(bad, marks)
        with pytest.raises(RedactionError):
            assert_redacted(png(bad), marks)
    beside = image.copy()
    beside.putpixel((31, 19), (1, 0, 0))
    assert_redacted(beside, marks)


def test_self_test_refuses_more_than_pixels() -> None:
    good = rendition_png(ORIGINAL, [])
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x")
    for bad in (good + b"x", png(noise(), pnginfo=text), good[:-12], jpeg(noise())):
        with pytest.raises(RedactionError):
            assert_redacted(bad, [])
    with pytest.raises(RedactionError):
        assert_redacted(png(noise(mode="RGBA")), [])


def test_redaction_outside_the_picture_is_refused() -> None:
    check_inside([Redaction(x=-5, y=-5, width=6, height=6), Arrow(x1=900, y1=900, x2=999, y2=999)], SIZE)
    with pytest.raises(BadInputError, match="Mark 2") as caught:
        check_inside([Step(x=1, y=1), Redaction(x=320, y=10, width=5, height=5)], SIZE)
    assert "80 x 60" in str(caught.value)


crop = st.builds(Crop, x=place, y=place, width=extent, height=extent)


@settings(max_examples=80, deadline=None)
@given(some_marks, crop)
@example([Redaction(x=10, y=10, width=20, height=20)], Crop(x=29.5, y=29.5, width=0.2, height=0.2))
@example([Redaction(x=0, y=0, width=9, height=9)], Crop(x=500, y=500, width=5, height=5))
@example([], Crop(x=-500, y=3.5, width=5, height=5))
def test_a_cut_picture_is_a_part_of_the_whole_one(marks: list[Mark], cut: Crop) -> None:
    whole = flatten(ORIGINAL, marks)
    left, top, right, bottom = crop_box([cut], SIZE)
    assert 0 <= left < right <= SIZE[0]
    assert 0 <= top < bottom <= SIZE[1]
    result = flatten(ORIGINAL, [*marks, cut])
    assert result.tobytes() == whole.crop((left, top, right, bottom)).tobytes()
    assert_redacted(result, [*marks, cut], SIZE)
    for box in rendition_boxes([*marks, cut], SIZE):
        assert result.crop(box).getextrema() == ((0, 0),) * 3
    # Every pixel that is left lies wholly inside the crop, where the crop holds a whole pixel of the picture.
    if cut.x < left + 1 and right - left > 1:
        assert left >= cut.x
        assert right <= cut.x + cut.width


@settings(max_examples=40, deadline=None)
@given(crop, st.integers(1, 2**31))
def test_what_is_cut_away_never_influences_the_result(cut: Crop, seed: int) -> None:
    first = upright(ORIGINAL)
    second = Image.effect_noise(SIZE, seed % 90 + 9).convert("RGB")
    box = crop_box([cut], SIZE)
    second.paste(first.crop(box), box)
    marks = [Arrow(x1=0, y1=0, x2=70, y2=50), cut]
    assert rendition_png(png(first), marks) == rendition_png(png(second), marks)
    assert thumbnail(png(first), marks, (20, 20)) == thumbnail(png(second), marks, (20, 20))


def test_self_test_finds_a_picture_that_was_not_cut() -> None:
    marks = [Crop(x=10, y=10, width=20, height=20), Redaction(x=5, y=5, width=10, height=10)]
    good = flatten(ORIGINAL, marks)
    assert good.size == (20, 20)
    assert_redacted(good, marks)
    assert_redacted(good, marks, SIZE)
    for bad in (flatten(ORIGINAL, marks[1:]), good.crop((0, 0, 19, 20))):
        with pytest.raises(RedactionError):
            assert_redacted(bad, marks, SIZE)
    bare = good.copy()
    bare.putpixel((4, 4), (1, 0, 0))
    with pytest.raises(RedactionError):
        assert_redacted(bare, marks, SIZE)
    with pytest.raises(RedactionError):
        assert_redacted(flatten(ORIGINAL, marks[1:]), marks)


def test_crop_outside_the_picture_is_refused() -> None:
    check_inside([Crop(x=79, y=0, width=5, height=5)], SIZE)
    with pytest.raises(BadInputError, match="crop"):
        check_inside([Crop(x=80, y=0, width=5, height=5)], SIZE)


@pytest.mark.parametrize("degrees", [90.0, 180.0, -90.0, 270.0])
@pytest.mark.parametrize("kind", [Box, Ellipse, Text])
def test_a_quarter_turn_is_the_picture_turned(kind: type[Mark], degrees: float) -> None:
    size = (161, 161)
    if kind is Text:
        mark: Mark = Text(x=40.5, y=60.5, text="Ag 1", size=24, width=80, color="black")
        height = bounds(mark, default_style(*size)).height
        mark = msgspec.structs.replace(mark, y=80.5 - height / 2)
    else:
        mark = kind(x=40.5, y=60.5, width=80, height=40, stroke=5, color="black")
    upright_one = burn(Image.new("RGB", size, "white"), [mark])
    there = burn(Image.new("RGB", size, "white"), [msgspec.structs.replace(mark, angle=degrees)])
    difference = ImageChops.difference(upright_one.rotate(-degrees), there).convert("L")
    # Edges that lie on whole pixels one way can lie between them the other way.
    assert sum(difference.histogram()[110:]) < 40
    assert sum(there.convert("L").histogram()[:128]) == pytest.approx(
        sum(upright_one.convert("L").histogram()[:128]), rel=0.06
    )


def test_a_freehand_line_goes_through_its_points() -> None:
    points = ((10.0, 10.0), (60.0, 30.0), (110.0, 80.0))
    result = burn(Image.new("RGB", PAGE, "white"), [Freehand(points=points, stroke=4)])
    for x, y in points:
        assert result.getpixel((round(x), round(y))) == RED
    dot = burn(Image.new("RGB", PAGE, "white"), [Freehand(points=((50.5, 50.5),), stroke=6)])
    assert dot.getpixel((50, 50)) == RED

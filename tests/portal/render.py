"""Pages as pictures, with the true boxes of their identifiers."""

import base64
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image

from .browser import Browser
from .layouts import LAYOUTS, Page

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

#: Every word of every marked text, as far as it can be seen: kind, text and box in the picture's pixels.
SCRIPT = """(() => {
  const found = [], scale = window.devicePixelRatio;
  const add = (element, kind, text, r) => {
    const x0 = Math.max(0, r.left), y0 = Math.max(0, r.top);
    const x1 = Math.min(innerWidth, r.right), y1 = Math.min(innerHeight, r.bottom);
    if (x1 - x0 < 2 || (y1 - y0) < 0.6 * r.height) return;
    const on_top = document.elementFromPoint((x0 + x1) / 2, (y0 + y1) / 2);
    if (!on_top || !(element.contains(on_top) || on_top.contains(element))) return;
    found.push([kind, text, x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale]);
  };
  for (const element of document.querySelectorAll('[data-k]')) {
    const kind = element.dataset.k;
    if (kind === 'photo') { add(element, kind, '', element.getBoundingClientRect()); continue; }
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      for (const word of node.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        for (const rect of range.getClientRects()) add(element, kind, word[0], rect);
      }
    }
  }
  return found;
})()"""


@dataclass(frozen=True)
class Token:
    """A word (or photo) that identifies somebody; a box in pixels of the picture."""

    kind: str
    text: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """A page as a picture file with its truth."""

    page: Page
    data: bytes
    tokens: tuple[Token, ...]

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.data)).convert("RGB")


def font_face() -> str:
    data = base64.b64encode((FONTS / "Inter-Regular.ttf").read_bytes()).decode()
    return f"@font-face {{ font-family: Inter; src: url(data:font/ttf;base64,{data}); }}"


def on_usual_screen(page: Page, font: int) -> Page:
    """Return a page as a window of 1600 x 900 shows it, with text of another size in CSS pixels."""
    html = page.html.replace(f"font: {page.font}px/", f"font: {font}px/", 1)
    return replace(page, html=html, width=1600, height=900, scale=1, font=font)


def render(seeds: Iterable[int], *, usual_screen: bool = False) -> Iterator[Picture]:
    """Make the pages of these seeds; each layout comes in turn.

    Args:
        seeds: one a page.
        usual_screen: all are 1600 x 900 pixels, with text of 11 to 14 pixels.
    """
    face = font_face()
    with Browser() as browser:
        for seed in seeds:
            random = Random(seed)
            page = LAYOUTS[seed % len(LAYOUTS)](random)
            if usual_screen:
                page = on_usual_screen(page, 11 + seed // 3 % 4)
            html = page.html.replace("/*fonts*/", face)
            png, found = browser.photograph(html, page.width, page.height, page.scale, SCRIPT)
            if page.quality:
                file = io.BytesIO()
                Image.open(io.BytesIO(png)).convert("RGB").save(file, "JPEG", quality=page.quality)
                png = file.getvalue()
            yield Picture(page, png, tuple(Token(*each) for each in found))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(render(range(int(sys.argv[2]), int(sys.argv[3]))), int(sys.argv[2])):
        suffix = "jpg" if picture.page.quality else "png"
        (folder / f"{number:04}-{picture.page.layout}.{suffix}").write_bytes(picture.data)

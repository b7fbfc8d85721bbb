"""A small package for tests, and ways to look into one without the code that wrote it."""

import hashlib
import io
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from mips_desk.binder import signature
from mips_desk.binder.content import BinderContent, ExhibitSheet, PackageNote
from mips_desk.binder.package import PackageFile, exhibit_list, planned
from mips_desk.binder.package_write import write_package
from mips_desk.domain.evidence import Selection

from . import binder_sample

ID = "2CE4-ZK2E-YXPH-Z0AA"
VAULT = "01HKMSGHJM7QFGT2FGSW934V26"
PASSPHRASE = "heron tilt velvet moss"


@lru_cache(maxsize=1)
def identity() -> signature.Identity:
    return signature.new_identity("Riverside Family Practice", datetime(2025, 2, 14, tzinfo=UTC))


def small_content(exhibits: int = 2, size: tuple[int, int] = (320, 240), **changes: object) -> BinderContent:
    """A binder of one activity with small pictures; nothing of it is withheld."""
    option = binder_sample.PORTAL.guidance.options[0]
    selection = Selection("s1", binder_sample.YEAR, "IA_BE_4")
    sheets = tuple(binder_sample.sheet(selection, n, option, size, **changes) for n in range(1, exhibits + 1))
    content = binder_sample.content(binder_sample.portal_part(sheets=sheets))
    shown = [sheet for sheet in content.exhibits if not sheet.withheld]
    listed = hashlib.sha256(exhibit_list(shown)).hexdigest()
    return replace(content, package=PackageNote(listed, "exhibits.sha256"), journal_entries=())


def showing(sheet: ExhibitSheet, image: Image.Image) -> ExhibitSheet:
    """The same exhibit with another picture."""
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    data = stream.getvalue()
    return replace(sheet, load=lambda: data, rendition_sha256=hashlib.sha256(data).hexdigest())


def noisy_content(exhibits: int, size: tuple[int, int] = (400, 300)) -> BinderContent:
    """A binder with pictures that do not compress: 3 bytes a pixel."""
    content = small_content(exhibits, size, areas=())
    sheets = tuple(
        showing(sheet, Image.frombytes("RGB", size, random.Random(sheet.number).randbytes(3 * size[0] * size[1])))
        for sheet in content.exhibits
    )
    return replace(content, parts=(replace(content.parts[0], exhibits=sheets),))


def write(folder: Path, content: BinderContent, name: str = "p.zip", split: int = 0, **options: Any) -> PackageFile:
    plan = planned(content, ID, split)
    return write_package(plan, folder / name, vault=VAULT, identity=identity(), **options)


def contents(path: Path) -> dict[str, bytes]:
    """Name and bytes of every file in a ZIP, as Python's own reader finds them."""
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}

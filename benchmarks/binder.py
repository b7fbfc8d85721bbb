"""Writing a binder of screenshots, against img2pdf and against reportlab's drawImage with the same files.

Each figure comes from a process of its own. "pages" is our writer given the finished pictures, as img2pdf is given
them; "vault" is everything that `mips-desk report` does after the vault is open: reading, burning marks in, packing,
drawing the pages, sealing, and the proof that reads the written file back.

    .venv/bin/python benchmarks/binder.py [--exhibits 500] [--folder FOLDER] [--only pages,vault,...] [--grow]

With --grow the peak of memory for 100, 1,000 and 3,000 exhibits is shown, too; it needs 2 GB in the folder.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZE = (1920, 1080)
#: Pictures that differ; more exhibits show them again.
DIFFERENT = 500
EPOCH = 1_800_000_000
PASSPHRASE = "correct horse battery staple"
KINDS = ("img2pdf", "drawImage", "pages", "pages, covered", "vault", "vault, covered", "vault, signed", "verify")
_CENTER = (400, 400, 700, 430)


def picture(seed: int) -> bytes:
    """Return a synthetic page of a portal as a PNG file, about as full as a real one."""
    from PIL import Image, ImageDraw, ImageFont

    chance = random.Random(seed)
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(ROOT / "resources/fonts/Inter-Regular.ttf"), 17)
    draw.rectangle((0, 0, SIZE[0], 70), fill="#2B6CA3")
    draw.rectangle((0, 70, 230, SIZE[1]), fill="#EEF1F5")
    words = ("Refill request", "Lab result", "Visit follow-up", "Question", "answered", "by the team", "thread")
    for row in range(26):
        y = 100 + row * 37
        draw.line((250, y - 8, SIZE[0] - 20, y - 8), fill="#DFE3E8")
        for x in (260, 700, 1150, 1550):
            draw.text(
                (x, y), f"{chance.choice(words)} {chance.choice(words)} {chance.randrange(9999)}", "#28323C", font
            )
    for _ in range(6):  # photos of people
        x, y = chance.randrange(20, 180), chance.randrange(100, 1000)
        image.paste(Image.effect_noise((40, 40), 60).convert("RGB"), (x, y))
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def make_pictures(folder: Path, count: int) -> list[Path]:
    """Make the pictures that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:04d}.png" for number in range(min(count, DIFFERENT))]
    for number, file in enumerate(files):
        if not file.exists():
            file.write_bytes(picture(number))
    return files


def make_vault(folder: Path, files: list[Path], count: int, covered: bool) -> Path:
    """Make a vault with a number of exhibits; straight through the store, because services decode each picture."""
    from mips_desk.annotate.codec import encode
    from mips_desk.annotate.marks import Redaction
    from mips_desk.domain.evidence import Intake, Source
    from mips_desk.domain.practice import Clinician, Practice, YearProfile
    from mips_desk.services import signing
    from mips_desk.services.session import Session
    from mips_desk.store import Event, KeyCost, Vault

    place = folder / f"{count}{'-covered' if covered else ''}.mipsvault"
    if place.exists():
        return place
    at = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    vault = Vault.create(
        place,
        PASSPHRASE,
        practice=Practice("Cedar Hill Family Medicine", "12-3456789"),
        person_name="Ana Ruiz",
        now=lambda: at,
        key_cost=KeyCost(8, 1, 1),
    )
    with vault.write(Event.PROFILE_CHANGED) as tx:
        tx.put_clinician(Clinician("", "Abena Osei", "1234567893", "MD"))
        tx.put_profile(YearProfile(2026))
        selection = tx.add_selection(2026, "IA_BE_4")
    mark = encode([Redaction(x=_CENTER[0], y=_CENTER[1], width=300, height=30)])
    for start in range(0, count, 100):
        with vault.write(Event.EVIDENCE_ADDED) as tx:
            for number in range(start, min(start + 100, count)):
                item = tx.add_evidence(
                    selection.id,
                    files[number % len(files)].read_bytes(),
                    media_type="image/png",
                    width=SIZE[0],
                    height=SIZE[1],
                    intake=Intake(Source.CAPTURE, at, "Ana Ruiz", "FRONTDESK"),
                    caption=f"Messages answered by the care team, page {number + 1}",
                )
                if covered:
                    tx.add_marks(item.id, mark, redactions=1, other_marks=0)
                else:
                    tx.put_evidence(replace(item, no_identifiers=True))
    signing.make_practice_certificate(Session(vault, None))  # type: ignore[arg-type]  # the catalog is not asked
    vault.close()
    return place


def run_img2pdf(files: list[Path], out: Path) -> None:
    """Write a picture on each page, as small as it comes."""
    import img2pdf

    with out.open("wb") as stream:
        img2pdf.convert([str(file) for file in files], outputstream=stream)


def run_draw_image(files: list[Path], out: Path) -> None:
    """Write a picture on each page as most reports do."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(out))
    for file in files:
        canvas.drawImage(str(file), 50, 100, 500, 281)
        canvas.showPage()
    canvas.save()


def run_pages(files: list[Path], out: Path, covered: bool) -> None:
    """Our writer with finished pictures; covered ones are proved to be."""
    import hashlib

    from mips_desk.binder.content import RedactedArea
    from mips_desk.binder.write import write_binder
    from tests.unit.binder import binder_sample as sample

    option = sample.PORTAL.guidance.options[0]
    selection = sample.portal_part().selection
    template = sample.sheet(selection, 1, option, SIZE, areas=(RedactedArea(_CENTER, "name"),) if covered else ())
    sheets = tuple(
        replace(
            template,
            item=replace(template.item, id=f"e{number}", number=number),
            number=f"2024-IA_BE_4-{number:02d}",
            rendition_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            load=file.read_bytes,
        )
        for number, file in enumerate(files, 1)
    )
    write_binder(sample.content(sample.portal_part(sheets=sheets)), out)


def run_vault(place: Path, out: Path, signed: bool) -> None:
    """Write a binder as the command line does."""
    from mips_desk.binder.field import Signing
    from mips_desk.services import binding, signing
    from mips_desk.services.session import Session, now, opened
    from mips_desk.store import Vault

    session: Session = opened(Vault.open(place, PASSPHRASE, now=now, read_only=True))
    binder = binding.content(session, 2026)
    by = Signing(signing.practice_identity(session)) if signed else None
    binding.write(session, binder, out, signing=by)


def run_verify(out: Path) -> None:
    """Check a signed binder."""
    from mips_desk.binder.verify import verify_binder

    assert verify_binder(out).problems == ()


def child(kind: str, folder: Path, count: int) -> None:
    """Do one thing and print its seconds and the peak of memory in MB."""
    os.environ["SOURCE_DATE_EPOCH"] = str(EPOCH)
    files = [folder / "pictures" / f"{number % DIFFERENT:04d}.png" for number in range(count)]
    covered = [folder / "covered" / file.name for file in files]
    out = folder / f"{kind.replace(', ', '-')}.pdf"
    runs: dict[str, Callable[[], None]] = {
        "img2pdf": lambda: run_img2pdf(files, out),
        "drawImage": lambda: run_draw_image(files, out),
        "pages": lambda: run_pages(files, out, covered=False),
        "pages, covered": lambda: run_pages(covered, out, covered=True),
        "vault": lambda: run_vault(folder / f"{count}.mipsvault", out, signed=False),
        "vault, covered": lambda: run_vault(folder / f"{count}-covered.mipsvault", out, signed=False),
        "vault, signed": lambda: run_vault(folder / f"{count}.mipsvault", out, signed=True),
        "verify": lambda: run_verify(folder / "vault-signed.pdf"),
    }
    started, used = time.perf_counter(), time.process_time()
    runs[kind]()
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, processor, peak, out.stat().st_size if out.exists() else 0]))


def measure(kind: str, folder: Path, count: int) -> tuple[float, float, float, int]:
    """Return seconds, seconds of processor, peak of memory in MB, and bytes of the file."""
    command = [sys.executable, __file__, "--child", kind, "--folder", str(folder), "--exhibits", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(folder)})
    seconds, processor, peak, size = json.loads(done.stdout.splitlines()[-1])
    return seconds, processor, peak, size


def cover(files: list[Path], folder: Path) -> None:
    """Make the pictures with a black bar on them."""
    from mips_desk.annotate.flatten import rendition_png
    from mips_desk.annotate.marks import Redaction

    folder.mkdir(exist_ok=True)
    for file in files:
        if not (folder / file.name).exists():
            mark = Redaction(x=_CENTER[0], y=_CENTER[1], width=300, height=30)
            (folder / file.name).write_bytes(rendition_png(file.read_bytes(), [mark]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--exhibits", type=int, default=500)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--child")
    parser.add_argument("--only", default=",".join(kind.replace(", ", "+") for kind in KINDS))
    parser.add_argument("--grow", action="store_true")
    given = parser.parse_args()
    if given.child:
        child(given.child, given.folder, given.exhibits)
        return
    folder = given.folder or Path(tempfile.mkdtemp())
    kinds = [kind.replace("+", ", ") for kind in given.only.split(",")]
    for count in (100, 1000, 3000) if given.grow else (given.exhibits,):
        files = make_pictures(folder / "pictures", count)
        if any("covered" in kind for kind in kinds):
            cover(files, folder / "covered")
        for covered in (False, True):
            if any(kind.startswith("vault") and ("covered" in kind) == covered for kind in kinds):
                make_vault(folder, files, count, covered)
        bytes_in = sum(files[number % len(files)].stat().st_size for number in range(count))
        print(f"{count} pictures of {SIZE[0]} x {SIZE[1]}, {bytes_in / 1e6:.0f} MB")
        peer = 0.0
        for kind in kinds:
            seconds, processor, peak, size = measure(kind, folder, count)
            peer = peer or seconds
            print(
                f"{kind:16} {seconds:7.2f} s  {processor:7.2f} s of processor  {seconds / peer:5.2f} x"
                f"  {peak:5.0f} MB at most  {size / 1e6:8.1f} MB file",
                flush=True,
            )


if __name__ == "__main__":
    main()

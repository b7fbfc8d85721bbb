"""One whole session full of canaries: secrets that are found nowhere but where a person asked for them.

    python -m tests.faults.canary FOLDER

FOLDER is to be empty, and the places of the person and of temporary files must lie in it (`environment`). The session
goes through the services and the command line, meets a fault in a thread, and looks through every file below FOLDER
twice, while the vault is open and at the end. What a person asked for, the files in `asked`, is left out, but a binder
must not hold what was redacted or is private. It prints what it found as JSON, and every attempt to reach a network.
"""

import base64
import gc
import io
import json
import logging
import os
import random
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from mips_desk import cli, logs
from mips_desk.annotate.marks import Reason, Redaction
from mips_desk.domain.evidence import Source
from mips_desk.domain.practice import Clinician, Practice, Role, YearProfile
from mips_desk.services import (
    backups,
    binding,
    choose,
    collect,
    drafts,
    finding,
    handover,
    people,
    retention,
    setup,
    uses,
)
from mips_desk.services.drafts import Draft, DraftKind
from mips_desk.services.session import create_practice, open_practice

from . import acts

#: What was written where, by place.
TEXTS = {
    "caption": "Zebulon Quackenbush asks for a refill",
    "story": "Wilhelmina Featherstonehaugh was called",
    "private note": "Private: Ottoline Pumphrey complained",
    "note of a date": "Peregrine Wigglesworth, 14:05",
    "window title": "Chart of Araminta Throckmorton - MRN 77310924",
    "file name": "Barnaby Cholmondeley 1931.png",
    "address": "https://portal.example/patient/88420617",
    "reason for a date": "Euphemia Snodgrass came back in July",
    "reason of removal": "shows Thaddeus Bumblethwaite",
    "reason of destruction": "wrong patient: Clementina Higginbottom",
    "clinician": "Dr. Ignatius Poppleworth",
    "address of the practice": "4711 Canary Wharf Lane",
    "tax number": "98-7654321",
    "draft": "half a word about Leopoldina Fanshawe",
    "passphrase": "nightingale canary flamingo ostrich",
    "new passphrase": "albatross canary pelican kestrel",
    "passphrase of another": "cormorant canary heron bittern",
    "text of a fault": "cannot read the chart of Bartholomew Crumplehorn",
}
#: Two of them may stand in a binder only if nobody looks: they are never exported.
NEVER_EXPORTED = ("private note", "draft", "passphrase", "new passphrase", "passphrase of another", "text of a fault")
YEAR = 2025


def environment(folder: Path) -> dict[str, str]:
    """Return the places of a person who lives below a folder."""
    places = {name: str(folder / "home") for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        places[name] = str(folder / "home" / name.lower())
    return places | {name: str(folder / "temp") for name in ("TMPDIR", "TEMP", "TMP")}


def watch_network(found: list[str]) -> None:
    """Note every attempt to reach another program through a socket."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith("socket.") and event not in ("socket.gethostname",):
            found.append(f"{event} {arguments!r}")

    sys.addaudithook(hook)


def needles() -> dict[str, list[bytes]]:
    """Return the bytes to look for, by canary: UTF-8, UTF-16 and base64 at every alignment."""
    found: dict[str, list[bytes]] = {}
    for name, text in TEXTS.items():
        plain = text.encode()
        shifted = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
        found[name] = [
            plain,
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            *shifted,
            json.dumps(text)[1:-1].encode(),
        ]
    return found


def scan(folder: Path, wanted: dict[str, list[bytes]], leave_out: Path) -> list[str]:
    """Return where canaries are, in the content and in the names of all files below a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if leave_out in (path, *path.parents):
            continue
        data = os.fsencode(path.relative_to(folder))
        if path.is_file():
            data += b"\0" + path.read_bytes()
        found += [
            f"{name} in {path.relative_to(folder)}" for name, each in wanted.items() if any(n in data for n in each)
        ]
    return found


def scan_binder(path: Path, wanted: dict[str, list[bytes]]) -> list[str]:
    """Return which canaries a PDF holds, in its bytes or in any of its streams."""
    found = set()
    with pikepdf.open(path) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        pieces = [path.read_bytes(), *(each.read_bytes(pikepdf.StreamDecodeLevel.all) for each in streams)]
    for data in pieces:
        found |= {f"{name} in the binder" for name, each in wanted.items() if any(n in data for n in each)}
    return sorted(found)


def _screenshot(chance: random.Random) -> tuple[bytes, bytes]:
    """Return a picture with an area of noise to be redacted, and a run of pixels of it."""
    image = Image.new("RGB", (400, 300), "white")
    secret = Image.frombytes("RGB", (120, 40), chance.randbytes(120 * 40 * 3))
    image.paste(secret, (100, 80))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue(), secret.tobytes()[20 * 360 : 20 * 360 + 300]


def _fault() -> None:
    """Fail in a thread with a text that names a patient, while the log is on."""

    def work() -> None:
        try:
            raise ValueError(TEXTS["text of a fault"])
        except ValueError:
            logging.getLogger("mips_desk.canary").exception("A job failed")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def session(place: Path) -> list[str]:
    """Do everything; return the canaries that were found where none may be."""
    asked, work = place / "asked", place / "work"
    for each in (asked, work, work / "restored", place / "temp", place / "home"):
        each.mkdir(exist_ok=True)
    acts.cheapen()
    logs.start_log()
    chance = random.Random(77)
    wanted = needles()
    folder = work / "Cedar Hill.mipsvault"
    practice = Practice("Cedar Hill", TEXTS["tax number"], TEXTS["address of the practice"])
    opened = create_practice(folder, TEXTS["passphrase"], practice, "Ana Ruiz")
    setup.set_profile(opened, YearProfile(YEAR))
    setup.put_clinicians(opened, (Clinician("", TEXTS["clinician"]),))
    selection = choose.add(opened, YEAR, "IA_BE_4").id
    choose.set_story(opened, selection, TEXTS["story"])
    choose.set_private_note(opened, selection, TEXTS["private note"])
    original, pixels = _screenshot(chance)
    wanted["pixels"] = [pixels, base64.b64encode(pixels)]
    wanted["picture file"] = [original[200:280]]
    shot = collect.Incoming(original, Source.CAPTURE, TEXTS["window title"], TEXTS["file name"], 100)
    ids = collect.add_pictures(opened, selection, [shot, shot], caption=TEXTS["caption"]).changes.ids
    collect.describe(opened, ids[0], address=TEXTS["address"], outside_reason=TEXTS["reason for a date"])
    collect.set_marks(opened, ids[0], [Redaction(x=90.0, y=70.0, width=140.0, height=60.0, reason=Reason.NAME)])
    collect.look_at(opened, ids[0])
    item = opened.vault.evidence_item(ids[0])
    collect.thumbnail(opened, item, (96, 72))
    collect.pixels(opened, item)
    uses.log(opened, selection, [date(YEAR, 5, 6)], note=TEXTS["note of a date"])
    collect.remove(opened, [ids[1]], TEXTS["reason of removal"])
    confirmed = retention.confirmation_texts(opened, YEAR, ids[1])
    retention.purge_item(opened, ids[1], TEXTS["reason of destruction"], confirmed)
    drafts.keep(opened, [Draft(DraftKind.SELECTION, selection, {"story": TEXTS["draft"]}, YEAR)])
    assert finding.find(opened, "wilhelmina")
    people.change_passphrase(opened, TEXTS["passphrase"], TEXTS["new passphrase"])
    ben = people.add_person(opened, "Ben Ode", Role.HELPER, TEXTS["passphrase of another"]).id
    key = people.make_recovery(opened).key
    wanted["recovery key"] = [key.encode(), key.replace("-", "").encode(), key.encode("utf-16-le")]
    _fault()
    _write(opened, asked)
    backups.make_backup(opened, work / "one.mipsbackup")
    handover.write_file(opened, work / f"one{handover.SUFFIX}", everything=True)
    found = [f"{each}, while open" for each in scan(place, wanted, asked)]
    people.remove_person(opened, ben)
    opened.close()
    _command_line(folder, asked, chance)
    restored = backups.restore(work / "one.mipsbackup", work / "restored", TEXTS["new passphrase"])
    open_practice(restored, TEXTS["new passphrase"]).close()
    gc.collect()
    logs.stop_log()
    found += scan(place, wanted, asked)
    unseen = {name: each for name, each in wanted.items() if name in (*NEVER_EXPORTED, "pixels", "recovery key")}
    for binder in asked.glob("*.pdf"):
        found += scan_binder(binder, unseen)
    return found


def _write(opened: Any, asked: Path) -> None:
    binding.write(opened, binding.content(opened, YEAR), asked / "binder.pdf")


def _command_line(folder: Path, asked: Path, chance: random.Random) -> None:
    """Use the command line on the same vault; what it prints goes nowhere."""
    secret = asked / "secret.txt"
    secret.write_text(TEXTS["new passphrase"])
    picture = asked / TEXTS["file name"]
    picture.write_bytes(_screenshot(chance)[0])
    words = ["--passphrase-file", str(secret)]
    year = ["--year", str(YEAR)]
    for arguments in (
        ["verify", str(folder), *words],
        ["import", str(folder), *year, "--activity", "IA_BE_4", str(picture), *words],
        ["catalog", "list", *year],
        ["journal", str(folder), *words],
        ["report", str(folder), *year, "--out", str(asked / "other.pdf"), *words],
    ):
        code = cli.run(arguments)
        assert code == 0, (arguments[0], code)


def main() -> int:
    """Do it and print what was found as JSON, last."""
    place = Path(sys.argv[1]).resolve()
    network: list[str] = []
    watch_network(network)
    found = session(place)
    files = sum(path.is_file() for path in place.rglob("*"))
    print()
    print(json.dumps({"canaries": len(TEXTS) + 3, "files": files, "found": found, "network": network}))
    return 1 if found or network else 0


if __name__ == "__main__":
    sys.exit(main())

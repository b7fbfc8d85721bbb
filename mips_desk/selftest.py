"""Do the main job once, without a window: sample practice, binder, checks. The installed app proves itself with it,
and a machine without a display shows with it what the app makes.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from mips_desk.errors import MipsDeskError


def self_test(keep: Path | None = None) -> int:
    """Make the sample practice, write its binder, check both, and say where the file is.

    Args:
        keep: folder for the vault and the binder, which replace those of an earlier run; None: a temporary folder,
            removed afterwards.

    Returns:
        0 when everything is sound, else 1.
    """
    from mips_desk.sample.people import PRACTICE
    from mips_desk.sample.practice import make_sample
    from mips_desk.services import binding, verifying
    from mips_desk.services.session import open_practice, vault_folder

    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            return self_test(Path(folder))
    keep.mkdir(parents=True, exist_ok=True)
    try:
        # Only the sample's own: the folder may hold the vault of a real practice.
        shutil.rmtree(vault_folder(keep, PRACTICE.name), ignore_errors=True)
        made = make_sample(keep)
        print(f"Sample practice: {made.vault_folder}")
        print(f"Passphrase: {made.passphrase}")
        session = open_practice(made.vault_folder, made.passphrase)
        sound = True
        try:
            for year in session.vault.years():
                out = keep / f"Sample binder {year}.pdf"
                binder, _ = binding.write(session, binding.content(session, year), out)
                verdict = verifying.check_binder(out, session)
                sound &= verdict.sound
                print(f"Binder {year}: {out} ({binder.pages} pages, {binder.exhibits} exhibits). {verdict.record}")
        finally:
            session.close()
        verdict = verifying.check_vault(made.vault_folder, made.passphrase)
        sound &= verdict.sound
        print("The vault is sound." if verdict.sound else f"The vault is not sound: {verdict.findings[0].what}")
    except MipsDeskError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if sound else 1

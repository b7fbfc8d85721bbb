"""Write the audit package of a year: the binder, every exhibit as a file, and what a receiver needs to check them."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from mips_desk.binder.content import BinderContent, PackageNote
from mips_desk.binder.field import Signing
from mips_desk.binder.package import EXHIBIT_LIST, PackageFile, PackagePlan, digest, exhibit_list, planned
from mips_desk.binder.package_write import LEAST_PASSPHRASE, write_package
from mips_desk.binder.signature import Identity
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import Event, NotAllowedError
from mips_desk.store.people import vault_id

from . import binding, pending, signing
from .changes import Changed, Changes
from .out_files import refuse_place
from .session import Session

#: Smallest size of a part in bytes; smaller ones would hold hardly more than what is the same in all of them.
LEAST_SPLIT: Final = 1_000_000


def plan(binder: BinderContent, *, split: int = 0) -> PackagePlan:
    """Return what a package will hold, and what is missing from it with the reason; nothing is drawn or written.

    Args:
        binder: what it is made of, as `binding.content` returned it: its activities, edition and request count here
            too. The binder in the package gets an identifier of its own, because its cover names the package.
        split: largest size of one file in bytes; 0: never split.

    Raises:
        BadInputError: the size is too small for any part.
    """
    if split and split < LEAST_SPLIT:
        raise BadInputError(f"A part holds at least {LEAST_SPLIT // 1_000_000} MB. Nothing was written.")
    shown = [sheet for sheet in binder.exhibits if not sheet.withheld]
    note = PackageNote(digest(exhibit_list(shown)), EXHIBIT_LIST) if shown else None
    seed = f"{binder.binder_id}|{note.manifest_sha256 if note else ''}|{split}"
    inner = replace(binder, package=note, binder_id=_identifier("binder", seed))
    return planned(inner, _identifier("package", seed), split)


def _identifier(kind: str, seed: str) -> str:
    return binding.readable_id(hashlib.sha256(f"{kind}|{seed}".encode()).digest())


def write(
    session: Session,
    plan: PackagePlan,
    out: Path,
    *,
    passphrase: str = "",
    sign_binder: Signing | None = None,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> tuple[PackageFile, Changes]:
    """Write a package, read it back, put it in place and record it in the vault, with the binder in it.

    Its list of files is signed with the practice's own certificate, which is made when there is none yet.

    Args:
        session: the open practice.
        plan: what to write.
        out: the ZIP file to be. An incomplete package gets "-PARTIAL" at the end of its name and a part
            "-part-1-of-3"; `PackageFile.files` says which names were written.
        passphrase: encrypts the contents (AES-256); empty: they are not encrypted.
        sign_binder: how the binder in it is signed as well; None: not at all.
        progress: called with steps done and in all: each exhibit counts three times, once for the binder, once for
            the package, and once when it is read back.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault; something is larger than a part may be; the
            passphrase is too short; parts of an earlier package are in the way.
        RedactionProofError: a picture in the written package was not covered where it should be; no file was made.
        MipsDeskError: it could not be written, or was written and could not be recorded.
        VaultError: an original is damaged.
    """
    for target in {out, out.with_name(plan.file_name(out.name))}:
        refuse_place(target)
    if passphrase:
        refuse_weak(passphrase)
    identity = _identity(session)
    made = write_package(
        plan,
        out,
        vault=vault_id(session.vault),
        identity=identity,
        signing=sign_binder,
        passphrase=passphrase,
        progress=progress,
        check_cancel=check,
    )
    try:
        ids = _record(session, plan, made, identity.fingerprint, sign_binder)
    except MipsDeskError as error:
        raise MipsDeskError(
            f"“{made.files[0].name}” was written, but this vault could not record it and will not know it. {error}"
        ) from error
    return made, Changes(Changed.EXPORTS, f"Export package {plan.content.year}", ids)


def refuse_weak(passphrase: str) -> None:
    """Refuse a passphrase that would not protect a package, or that other programs could not be given.

    Raises:
        BadInputError: it is too short, or has characters that programs read differently.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BadInputError(
            f"The passphrase of a package needs at least {LEAST_PASSPHRASE} characters; some words that nobody guesses"
            " are best. Nothing was written."
        )
    if not (passphrase.isascii() and passphrase.isprintable()):
        raise BadInputError(
            "The programs that open packages agree on plain letters, digits and signs only. Leave out accents and other"
            " characters; nothing was written."
        )


def _identity(session: Session) -> Identity:
    """Return the practice's own certificate with its key; make them where that is allowed."""
    if signing.practice_certificate(session) is None:
        try:
            signing.make_practice_certificate(session)
        except NotAllowedError as error:
            raise BadInputError(
                "A package is signed with the practice’s certificate, and there is none yet. Nothing was written; a"
                " manager makes it once, by signing or packaging."
            ) from error
    return signing.practice_identity(session)


def inner_name(package: str) -> str:
    """Return under which name the binder inside of a package is recorded.

    Args:
        package: name of the package's first file.
    """
    return f"binder.pdf in {package}"


def _record(
    session: Session, plan: PackagePlan, made: PackageFile, signed_by: str, sign_binder: Signing | None
) -> tuple[str, ...]:
    """Record every file of a package, and the binder in it, which somebody may take out and ask about."""
    content = plan.content
    known = {export.id for export in session.vault.exports()}
    files = [
        (plan.package_id, "package", path.name, sha256, signed_by)
        for path, sha256 in zip(made.files, made.sha256, strict=True)
    ]
    inner = sign_binder.identity.fingerprint if sign_binder else ""
    kind = "answer" if content.request else "binder"
    files.append((content.binder_id, kind, inner_name(made.files[0].name), made.binder_sha256, inner))
    ids = []
    for base, kind, name, sha256, signer in files:
        export = Export(
            id=binding.free_id(base, known),
            year=content.year,
            at=content.made_at,
            person=session.person,
            file_name=name,
            sha256=sha256,
            pages=made.pages,
            exhibits=len(content.exhibits),
            journal_head=content.journal_head,
            edition=content.edition.value,
            kind=kind,
            reason=content.full_reason,
            signed_by=signer,
            request_id=content.request.id if content.request else "",
        )
        known.add(export.id)
        event = Event.PACKAGE_WRITTEN if kind == "package" else Event.BINDER_EXPORTED
        pending.witness(session.vault, event, session.now, export=export)
        ids.append(export.id)
    return tuple(ids)

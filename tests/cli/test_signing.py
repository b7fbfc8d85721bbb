"""Signed binders from the command line, and what programs of others say of the sample's binders."""

import datetime
import hashlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests import judges

from .conftest import Practice, Run

SECRET = "canary passphrase of the certificate"


@pytest.fixture(scope="module")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dr. Abena Osei")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=900))
        .not_valid_after(now + datetime.timedelta(days=900))
        .sign(key, hashes.SHA256())
    )
    hidden = serialization.BestAvailableEncryption(SECRET.encode())
    path = tmp_path_factory.mktemp("own") / "osei.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"", key, certificate, None, hidden))
    return path


def test_the_binders_of_the_sample_are_archival_signed_and_the_same_twice(
    practice: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    assert run("certificate", practice.vault, *practice.key).code == 1
    made = run("certificate", practice.vault, "--make", "--out", tmp_path / "own.pem", *practice.key)
    assert made.code == 0, made.err
    fingerprint = made.out.split("sha256 ")[1].strip()
    pem = x509.load_pem_x509_certificate((tmp_path / "own.pem").read_bytes())
    assert pem.fingerprint(hashes.SHA256()).hex() == fingerprint
    folder = tmp_path / "judged"
    folder.mkdir()
    for year in (2026, 2024):
        out = folder / f"{year}.pdf"
        seen = []
        for _ in range(2):
            done = run("report", practice.vault, "--year", year, "--out", out, "--sign-practice", *practice.key)
            assert done.code == 0, done.err
            assert f"signed with certificate {fingerprint}\n" in done.out
            seen.append(hashlib.sha256(out.read_bytes()).hexdigest())
        assert seen[0] == seen[1]
        known = run("verify", out, "--vault", practice.vault, *practice.key)
        assert known.code == 0, known.out + known.err
        assert "this practice’s own: unchanged since" in known.out
        assert "; nobody else vouches for it. It says: unchanged since" in run("verify", out).out
        assert "Signature is Valid." in judges.signature(out)
        assert judges.qpdf_complaints(out) == ""
        assert judges.fonts_outside(out) == []
    plain = run("report", practice.vault, "--year", 2026, "--out", folder / "plain.pdf", *practice.key)
    assert plain.code == 0
    assert judges.preflight(folder) == {"2024.pdf": [], "2026.pdf": [], "plain.pdf": []}


def test_a_persons_own_certificate_signs_and_is_not_kept(
    practice: Practice, run: Run, tmp_path: Path, own_file: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    out = tmp_path / "binder.pdf"
    words = ["report", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--out", out, *practice.key]
    done = run(*words, "--sign", own_file, "--sign-passphrase-file", secret)
    assert done.code == 0, done.err
    assert "Signed with a certificate in the name of Dr. Abena Osei" in run("verify", out).out
    assert "Dr. Abena Osei" in judges.signature(out)
    assert SECRET not in done.out + done.err
    before = out.read_bytes()
    secret.write_text("another\n", encoding="utf-8")
    wrong = run(*words, "--sign", own_file, "--sign-passphrase-file", secret)
    assert (wrong.code, wrong.out) == (2, "")
    assert "did not open" in wrong.err
    assert out.read_bytes() == before


def test_options_that_do_not_go_together(practice: Practice, run: Run, tmp_path: Path, own_file: Path) -> None:
    out = tmp_path / "binder.pdf"
    words = ["report", practice.vault, "--year", 2026, "--out", out, *practice.key]
    for more, said in (
        (["--sign", own_file, "--sign-practice"], "not both"),
        (["--time-stamp", "https://tsa.example"], "go with --sign"),
        (["--sign-practice", "--time-stamp", "tsa.example"], "begins with https://"),
        (["--sign-practice"], "no certificate of its own"),
        (["--sign", tmp_path / "absent.p12", "--sign-passphrase-file", practice.passphrase_file], "cannot be read"),
    ):
        done = run(*words, *more)
        assert done.code == 2
        assert said in done.err
    assert not out.exists()


def test_a_time_stamp_that_cannot_be_had_blocks_nothing(practice: Practice, run: Run, tmp_path: Path) -> None:
    assert run("certificate", practice.vault, "--make", *practice.key).code == 0
    out = tmp_path / "binder.pdf"
    done = run(
        "report", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--out", out, "--sign-practice",
        "--time-stamp", "http://127.0.0.1:9/", *practice.key,
    )  # fmt: skip
    assert done.code == 0
    assert "No time stamp could be had" in done.err
    assert "Signature is Valid." in judges.signature(out)


def test_a_package_says_too_that_no_time_stamp_could_be_had(practice: Practice, run: Run, tmp_path: Path) -> None:
    assert run("certificate", practice.vault, "--make", *practice.key).code == 0
    done = run(
        "package", practice.vault, "--year", 2026, "--activity", "IA_BE_14", "--out", tmp_path / "p.zip",
        "--sign-practice", "--time-stamp", "http://127.0.0.1:9/", *practice.key,
    )  # fmt: skip
    assert done.code == 0
    assert "No time stamp could be had" in done.err

"""Signatures: what signs, what is refused, time stamps, and no network but in a process of its own."""

import hashlib
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from mips_desk.binder import signature, stamping
from mips_desk.binder.field import Signing
from mips_desk.binder.signature import Identity, StampError, check, new_identity, read_pkcs12, sign
from mips_desk.binder.verify import verify_binder
from mips_desk.binder.write import write_binder
from mips_desk.errors import BadInputError
from tests import judges

from . import binder_sample as sample

AT = datetime(2025, 2, 14, 22, 0, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a file").digest()


@pytest.fixture(scope="module")
def identity() -> Identity:
    return new_identity("Riverside Family Practice", AT)


def issued(
    name: str, key: object, issuer: tuple[str, object] | None = None, usage: x509.KeyUsage | None = None
) -> x509.Certificate:
    def names(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    signer = issuer or (name, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(names(name))
        .issuer_name(names(signer[0]))
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=30))
        .not_valid_after(AT + timedelta(days=30))
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    algorithm = None if isinstance(signer[1], ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(signer[1], algorithm)  # type: ignore[arg-type]


def p12(key: object, certificate: x509.Certificate, passphrase: str, chain: tuple[x509.Certificate, ...] = ()) -> bytes:
    hidden = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"me", key, certificate, list(chain), hidden)  # type: ignore[arg-type]


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def test_the_same_key_and_file_give_the_same_signature(identity: Identity) -> None:
    made = sign(identity, DIGEST)
    assert sign(identity, DIGEST) == made
    found = check(made.cms + bytes(40), DIGEST)
    assert (found.name, found.own, found.problem) == ("Riverside Family Practice", True, "")
    assert "does not fit" in check(made.cms, hashlib.sha256(b"another").digest()).problem


def test_every_changed_byte_of_a_signature_shows(identity: Identity) -> None:
    made = sign(identity, DIGEST).cms
    rng = random.Random(4)
    for place in range(0, len(made), 5):
        data = bytearray(made)
        data[place] ^= 1 << rng.randrange(8)
        assert check(bytes(data), DIGEST).problem, place
    assert check(made + b"\0\1", DIGEST).problem
    for cut in (0, 1, 50, len(made) - 1):
        assert check(made[:cut], DIGEST).problem


def test_a_certificate_put_in_place_of_another_shows(identity: Identity) -> None:
    """The name of a signature cannot be exchanged, also not for another certificate of the same key."""
    made = sign(identity, DIGEST).cms
    key = serialization.load_der_private_key(identity.key, None)
    other = issued("Somebody Else of Riverside", key).public_bytes(serialization.Encoding.DER)
    assert check(made.replace(identity.certificate, other), DIGEST).problem


@pytest.mark.parametrize("passphrase", ["", "sésame 🔑"])
def test_a_pkcs12_file_signs_with_its_chain(passphrase: str) -> None:
    root_key, key = rsa_key(), rsa_key()
    root = issued("Office Authority", root_key)
    own = issued("Dr. Abena Osei", key, ("Office Authority", root_key))
    read = read_pkcs12(p12(key, own, passphrase, (root,)), passphrase)
    assert (read.name, len(read.chain)) == ("Dr. Abena Osei", 1)
    made = sign(read, DIGEST)
    found = check(made.cms, DIGEST)
    assert (found.name, found.own, found.problem) == ("Dr. Abena Osei", False, "")
    chain = made.cms.index(root.public_bytes(serialization.Encoding.DER))
    data = bytearray(made.cms)
    data[chain + 400] ^= 1
    assert check(bytes(data), DIGEST).problem


def test_an_elliptic_curve_signs_a_binder(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    read = read_pkcs12(p12(key, issued("Dr. Abena Osei", key), "x"), "x")
    out = tmp_path / "binder.pdf"
    made = write_binder(sample.content(parts=(), journal_entries=()), out, signing=Signing(read))
    assert made.signed_by == read.fingerprint
    assert verify_binder(out).problems == ()
    assert "Signature is Valid." in judges.signature(out)


def refused() -> list[tuple[str, bytes, str]]:
    edwards, short, good = ed25519.Ed25519PrivateKey.generate(), rsa_key(1024), rsa_key()
    others = "digital_signature content_commitment data_encipherment key_agreement key_cert_sign crl_sign"
    only = dict.fromkeys([*others.split(), "encipher_only", "decipher_only"], False)
    encipher = x509.KeyUsage(key_encipherment=True, **only)
    bare = pkcs12.serialize_key_and_certificates(
        b"", None, issued("X", good), None, serialization.BestAvailableEncryption(b"right")
    )
    return [
        ("did not open", p12(good, issued("X", good), "wrong"), "right"),
        ("did not open", b"no PKCS#12 at all", "right"),
        ("did not open", b"", ""),
        ("no certificate with its key", bare, "right"),
        ("cannot check", p12(edwards, issued("X", edwards), "right"), "right"),
        ("cannot check", p12(short, issued("X", short), "right"), "right"),
        ("not meant", p12(good, issued("X", good, usage=encipher), "right"), "right"),
    ]


def test_a_file_that_cannot_sign_is_refused_in_a_sentence() -> None:
    for words, data, passphrase in refused():
        with pytest.raises(BadInputError, match=words) as told:
            read_pkcs12(data, passphrase)
        assert "right" not in str(told.value)


def test_a_certificate_that_is_over_signs_nothing(tmp_path: Path) -> None:
    key = rsa_key()
    read = read_pkcs12(p12(key, issued("Dr. Abena Osei", key), ""), "")
    late = sample.content(parts=(), journal_entries=(), made_at=AT + timedelta(days=31))
    with pytest.raises(BadInputError, match="valid from"):
        write_binder(late, tmp_path / "binder.pdf", signing=Signing(read))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "\x00\n", "长" * 100, "A" * 500, "Ольга & <b>"])
def test_any_name_of_a_practice_gets_a_certificate(name: str) -> None:
    assert check(sign(new_identity(name, AT), DIGEST).cms, DIGEST).problem == ""


Answer = Callable[[bytes], tuple[int, bytes]]


@contextmanager
def service(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """A time-stamping service on this computer; gives its address and what it was sent."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            code, data = answer(asked[-1])
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            if code == 302:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/")  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join()


def authority() -> Answer:
    signature._pyhanko()
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    key = rsa_key()
    encoding = serialization.Encoding.DER
    pkcs8 = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(issued("Time Authority", key).public_bytes(encoding)),
        asn1_keys.PrivateKeyInfo.load(pkcs8),
        fixed_dt=AT + timedelta(minutes=1),
    )
    return lambda request: (200, stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump())


def test_a_time_stamp_is_asked_for_with_a_hash_only(identity: Identity, tmp_path: Path) -> None:
    content = sample.content(parts=(), journal_entries=())
    out = tmp_path / "binder.pdf"
    with service(authority()) as (address, asked):
        stamper = lambda request: stamping.ask(address, request)  # noqa: E731 - as the services make it
        made = write_binder(content, out, signing=Signing(identity, stamper))
    assert made.stamped
    (request,) = asked
    assert len(request) < 100
    found = verify_binder(out)
    assert found.problems == ()
    assert found.signature is not None
    assert found.signature.stamped_at == AT + timedelta(minutes=1)
    assert "Signature is Valid." in judges.signature(out)
    assert judges.qpdf_complaints(out) == ""
    assert judges.preflight(tmp_path) == {"binder.pdf": []}


def test_a_service_that_does_not_answer_well_never_blocks(identity: Identity) -> None:
    good = authority()
    other = sign(identity, DIGEST).cms
    answers: list[Answer] = [
        lambda request: (500, b"no"),
        lambda request: (200, b""),
        lambda request: (200, b"<html>"),
        lambda request: (200, other),
        lambda request: (302, b""),
        lambda request: (200, bytes(1 << 18)),
        lambda request: (200, good(request)[1][:-20]),
    ]
    for answer in answers:
        with service(answer) as (address, _asked):
            made = sign(identity, DIGEST, lambda request, to=address: stamping.ask(to, request))  # type: ignore[misc]
        assert not made.stamped
        assert check(made.cms, DIGEST).problem == ""


def test_no_answer_stops_a_signature_whatever_bytes_of_it_are_changed(identity: Identity) -> None:
    good = authority()
    chance = random.Random(6)

    def changed(request: bytes) -> bytes:
        answer = bytearray(good(request)[1])
        answer[chance.choice((-1, chance.randrange(len(answer))))] ^= chance.randrange(1, 256)
        return bytes(answer)

    for _ in range(25):
        assert check(sign(identity, DIGEST, changed).cms, DIGEST).problem == ""
    assert not sign(identity, DIGEST, lambda request: good(request)[1][:-1] + b"!").stamped


def test_a_certificate_of_an_unknown_version_is_a_damaged_signature(identity: Identity) -> None:
    odd = identity.certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09", 1)
    made = sign(replace(identity, certificate=odd), DIGEST)
    assert check(made.cms, DIGEST).problem == "The signature is damaged."


def test_a_stamp_of_something_else_is_not_taken(identity: Identity) -> None:
    good = authority()
    asked = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
            "cert_req": True,
        }
    ).dump()
    made = sign(identity, DIGEST, lambda request: good(asked)[1])
    assert not made.stamped


def test_nobody_there_and_no_answer_in_time(identity: Identity) -> None:
    with pytest.raises(StampError):
        stamping.ask("http://127.0.0.1:9/", b"request")
    with pytest.raises(StampError):
        stamping.ask("http://127.0.0.1:9/", b"request", patience=0.001)


@pytest.mark.parametrize(
    "address", ["", "tsa.example", "ftp://tsa.example/", "http://", "https://a b/", "http://me:pw@tsa.example/", "file:///etc/passwd"]
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInputError, match="https://"):
        stamping.refuse_bad_address(address)
    stamping.refuse_bad_address("https://tsa.example/stamp")


def test_signing_loads_no_network_client() -> None:
    """pyHanko brings aiohttp; signing and checking work without it, and the packaged app leaves it out."""
    code = (
        "import sys, hashlib, datetime\n"
        "import mips_desk.services.signing, mips_desk.services.binding, mips_desk.services.verifying, mips_desk.cli\n"
        "from mips_desk.binder import signature as s\n"
        "i = s.new_identity('A', datetime.datetime.now(datetime.UTC))\n"
        "d = hashlib.sha256(b'x').digest()\n"
        "assert s.check(s.sign(i, d).cms, d).problem == ''\n"
        "heads = {name.split('.')[0] for name, module in sys.modules.items() if module}\n"
        "assert not heads & {'aiohttp', 'requests', 'httpx', 'urllib3'}, heads\n"
        "assert 'mips_desk.stamp_child' not in sys.modules\n"
    )
    blocked = "import sys\nsys.modules.update(dict.fromkeys(('aiohttp', 'requests', 'urllib3', 'httpx')))\n"
    for start in ("", blocked):
        done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

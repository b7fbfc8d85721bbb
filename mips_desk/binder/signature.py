"""Digital signatures: detached CMS (RFC 5652) with the attributes of PAdES baseline B (ETSI EN 319 142-1), by pyHanko.

A signature shows that a file is unchanged since it was made with a certain key. It says nothing about the law.

With an RSA key the same key, certificate and file give the same bytes; a time stamp or a key on an elliptic curve
makes them differ. `check` does not use pyHanko: it takes the CMS apart by itself, and since it also rebuilds it, any
byte of it that was changed shows.
"""

import asyncio
import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import cms, core, parser, tsp
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mips_desk.errors import BadInputError, MipsDeskError

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_cms import SimpleSigner

#: Bits of the key of a practice's own certificate.
KEY_BITS: Final = 3072
#: How long a practice's own certificate lasts: longer than any binder must be kept.
_YEARS: Final = 20
_LEAST_BITS: Final = 2048
#: Room for a time stamp with the certificates of who gave it.
_STAMP_ROOM: Final = 20_000
#: Signatures on elliptic curves vary by a few bytes.
_SLACK: Final = 32
_DOCUMENT_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}

#: The modules of pyHanko that talk to a network, each with the name that others import from it.
_CLIENTS: Final = (
    ("pyhanko.sign.timestamps.aiohttp_client", "HTTPTimeStamper"),
    ("pyhanko_certvalidator.fetchers.aiohttp_fetchers", "AIOHttpFetcherBackend"),
)

#: Asks a time-stamping authority: given a DER request (RFC 3161), returns the DER response.
Stamper = Callable[[bytes], bytes]


class StampError(MipsDeskError):
    """No time stamp could be had."""


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A private key with its certificate.

    Attributes:
        key: PKCS#8, DER, not encrypted; never written anywhere but into the vault.
        certificate: X.509, DER.
        chain: certificates of who issued it, DER; empty for a practice's own.
    """

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        """Whose certificate it is, in words."""
        return _name(x509.load_der_x509_certificate(self.certificate))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate (hex)."""
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def until(self) -> datetime:
        """The moment up to which the certificate is valid."""
        return x509.load_der_x509_certificate(self.certificate).not_valid_after_utc

    def refuse_outdated(self, at: datetime) -> None:
        """Refuse a certificate that is not valid at a moment.

        Raises:
            BadInputError: it is over, or has not begun.
        """
        found = x509.load_der_x509_certificate(self.certificate)
        if not found.not_valid_before_utc <= at <= found.not_valid_after_utc:
            first, last = found.not_valid_before_utc.date(), found.not_valid_after_utc.date()
            raise BadInputError(f"The certificate is valid from {first} to {last} only. Nothing was signed or written.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was made.

    Attributes:
        cms: DER.
        stamped: it holds a time stamp.
    """

    cms: bytes
    stamped: bool


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a signature says.

    Attributes:
        name: whose certificate it is; empty when that cannot be read any more.
        fingerprint: SHA-256 of the certificate (hex); empty when that cannot be read any more.
        own: the certificate was issued by nobody but itself, as a practice's own is.
        stamped_at: moment of its time stamp, or None; who gave the stamp is not judged.
        problem: what is wrong, a sentence; empty when it is sound and fits the file.
    """

    name: str = ""
    fingerprint: str = ""
    own: bool = False
    stamped_at: datetime | None = None
    problem: str = ""


def new_identity(practice: str, at: datetime) -> Identity:
    """Make a key and a certificate for it that is signed with the key itself.

    Args:
        practice: name of the practice; its first 64 bytes in UTF-8 go into the certificate.
        at: now; the certificate is valid for 20 years, and from the start of the year before, so that a clock that was
            wrong stops nobody.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    shown = " ".join("".join(char if char.isprintable() else " " for char in practice).split())
    shown = shown.encode("utf-8", "ignore")[:64].decode("utf-8", "ignore").strip()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, shown or "Practice")])
    first = datetime(at.year - 1, 1, 1, tzinfo=UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    purposes = x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first.replace(year=at.year + _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(_key_bytes(key), certificate.public_bytes(serialization.Encoding.DER))


def read_pkcs12(data: bytes, passphrase: str) -> Identity:
    """Return the identity in a PKCS#12 file.

    Args:
        data: the file.
        passphrase: of the file; may be empty.

    Raises:
        BadInputError: it cannot be opened, or holds no key that PDF programs can check.
    """
    try:
        key, certificate, chain = _open_pkcs12(data, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInputError(
            "The file with your certificate did not open: it is damaged, or that is not its passphrase."
            " Nothing was signed or written."
        ) from error
    if key is None or certificate is None:
        raise BadInputError("The file holds no certificate with its key. Nothing was signed or written.")
    if not isinstance(key, ec.EllipticCurvePrivateKey) and not (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_BITS
    ):
        raise BadInputError(
            "PDF programs cannot check signatures of this kind of key; RSA with 2048 bits or more, or an elliptic"
            " curve of NIST is needed. Nothing was signed or written."
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise BadInputError("This certificate is not meant for signatures. Nothing was signed or written.")
    encoding = serialization.Encoding.DER
    return Identity(
        _key_bytes(key), certificate.public_bytes(encoding), tuple(each.public_bytes(encoding) for each in chain)
    )


def _open_pkcs12(data: bytes, passphrase: str) -> tuple[Any, x509.Certificate | None, list[x509.Certificate]]:
    if passphrase:
        return pkcs12.load_key_and_certificates(data, passphrase.encode())
    try:
        return pkcs12.load_key_and_certificates(data, None)
    except ValueError:
        return pkcs12.load_key_and_certificates(data, b"")


def _key_bytes(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def room(identity: Identity, *, stamped: bool) -> int:
    """Return the number of bytes to keep free for a signature.

    Args:
        identity: who will sign.
        stamped: a time stamp will be asked for.
    """
    return len(sign(identity, bytes(32)).cms) + _SLACK + (_STAMP_ROOM if stamped else 0)


def sign(identity: Identity, digest: bytes, stamper: Stamper | None = None) -> Signed:
    """Return a signature over a file.

    Args:
        identity: who signs.
        digest: SHA-256 of what is signed.
        stamper: asks for a time stamp; when none can be had, the signature goes without one.
    """
    if stamper is not None:
        try:
            return Signed(asyncio.run(_sign(identity, digest, stamper)), stamped=True)
        except StampError:
            pass
    return Signed(asyncio.run(_sign(identity, digest, None)), stamped=False)


def sign_data(identity: Identity, data: bytes) -> bytes:
    """Return a detached signature over some bytes as CMS in DER, as `openssl cms -verify -inform DER` checks it."""
    return sign(identity, hashlib.sha256(data).digest()).cms


def pem(certificate: bytes) -> bytes:
    """Return a certificate as a text file.

    Args:
        certificate: X.509, DER.
    """
    return x509.load_der_x509_certificate(certificate).public_bytes(serialization.Encoding.PEM)


async def _sign(identity: Identity, digest: bytes, stamper: Stamper | None) -> bytes:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509

    signers = _pyhanko()
    from pyhanko_certvalidator import registry

    store = registry.SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko gives it no types
    store.register_multiple([asn1_x509.Certificate.load(each) for each in identity.chain])
    signer: SimpleSigner = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(identity.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(identity.key),
        cert_registry=store,
    )
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ("data",)}),
            cms.CMSAttribute({"type": "message_digest", "values": (digest,)}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": (_named_certificates(identity),)}),
        ]
    )
    stamp = _time_stamper(stamper) if stamper is not None else None
    signed = await signer.async_sign_prescribed_attributes("sha256", attributes, timestamper=stamp)
    return bytes(signed.dump())


def _named_certificates(identity: Identity) -> Any:
    """Name the certificate and its whole chain in what is signed, so that none of them can be exchanged (RFC 5035)."""
    return tsp.SigningCertificateV2(
        {
            "certs": [
                tsp.ESSCertIDv2({"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": hashlib.sha256(each).digest()})
                for each in (identity.certificate, *sorted(identity.chain))
            ]
        }
    )


def _pyhanko() -> Any:
    """Return pyHanko's signers. Its clients for networks stay out, and with them aiohttp, which they import."""
    for client, name in _CLIENTS:
        if client not in sys.modules:
            empty = ModuleType(client)
            setattr(empty, name, None)
            sys.modules[client] = empty
    from pyhanko.sign.signers import pdf_cms

    return pdf_cms


def _time_stamper(ask: Stamper) -> Any:
    from pyhanko.sign.timestamps.api import TimeStamper

    class Asking(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(ask(req.dump()))

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                token = await super().async_timestamp(message_digest, md_algorithm)
                if _check_stamp(token, message_digest) is None:
                    raise ValueError("not a stamp of this signature")
            except Exception as error:  # whatever a service answers must not stop the signature
                raise StampError("The answer of the time-stamping service cannot be used.") from error
            if len(token.dump()) > _STAMP_ROOM:
                raise StampError("The answer of the time-stamping service is too long.")
            return token

    return Asking()  # type: ignore[no-untyped-call]  # pyHanko gives it no types


def check(contents: bytes, digest: bytes) -> SignatureCheck:
    """Check a signature: that it is whole, made with the key of its certificate, and over this file.

    Whether the certificate belongs to whom it names is for the reader to judge: no authority is asked.

    Args:
        contents: DER, with zeros after it where more room was kept.
        digest: SHA-256 of what should have been signed.
    """
    try:
        return _check(contents, digest)
    except Exception:  # noqa: BLE001 - parts that somebody made up fail in the ways of three libraries
        return SignatureCheck(problem="The signature is damaged.")


def _check(contents: bytes, digest: bytes) -> SignatureCheck:
    found = parser.peek(contents)
    data, rest = contents[:found], contents[found:]
    info = cms.ContentInfo.load(data)
    signed = info["content"]
    signer = signed["signer_infos"][0]
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    named = [each["cert_hash"].native for each in attributes["signing_certificate_v2"][0]["certs"]]
    held = {hashlib.sha256(each.chosen.dump()).digest(): each.chosen.dump() for each in signed["certificates"]}
    certificate = x509.load_der_x509_certificate(held[named[0]])
    fingerprint = named[0].hex()
    own = certificate.issuer == certificate.subject
    stamped_at = None
    stamp_fits = True
    if isinstance(signer["unsigned_attrs"], cms.CMSAttributes):
        (unsigned,) = signer["unsigned_attrs"]
        (token,) = unsigned["values"]
        imprint = hashlib.sha256(signer["signature"].native).digest()
        stamped_at = _check_stamp(token, imprint) if unsigned["type"].native == "signature_time_stamp_token" else None
        stamp_fits = stamped_at is not None
    whole = (
        not any(rest)
        and _rebuilt(signed, signer) == data
        and set(named) == set(held)
        and stamp_fits
        and _fits(certificate, signer)
    )
    problem = ""
    if not whole:
        problem = "The signature is damaged."
    elif attributes["message_digest"][0].native != digest:
        problem = "The signature does not fit: the file was changed since it was signed."
    return SignatureCheck(_name(certificate), fingerprint, own, stamped_at, problem)


def _rebuilt(signed: Any, signer: Any) -> bytes:
    """Return the CMS put together again from the parts that are signed, or name themselves in what is signed."""
    digest_algorithm = {"algorithm": "sha256"}
    parts = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": signer["sid"].chosen.copy()}),
        "digest_algorithm": digest_algorithm,
        "signature_algorithm": signer["signature_algorithm"].copy(),
        "signed_attrs": cms.CMSAttributes(list(signer["signed_attrs"])),
        "signature": signer["signature"].native,
    }
    if isinstance(signer["unsigned_attrs"], cms.CMSAttributes):
        parts["unsigned_attrs"] = signer["unsigned_attrs"].copy()
    again = {
        "version": "v1",
        "digest_algorithms": [digest_algorithm],
        "encap_content_info": {"content_type": "data"},
        "certificates": [
            cms.CertificateChoices(name="certificate", value=each.chosen) for each in signed["certificates"]
        ],
        "signer_infos": [parts],
    }
    info = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(again)})
    return bytes(info.dump())


def _fits(certificate: x509.Certificate, signer: Any) -> bool:
    """Tell whether a CMS signer's attributes were signed with the key of a certificate, and name it."""
    issuer = signer["sid"].chosen
    if issuer["serial_number"].native != certificate.serial_number:
        return False
    if issuer["issuer"].dump() != certificate.issuer.public_bytes():
        return False
    data = signer["signed_attrs"].untag().dump()
    algorithm = signer["signature_algorithm"]
    key = certificate.public_key()
    digest = _HASHES[signer["digest_algorithm"]["algorithm"].native]()
    signature = signer["signature"].native
    if isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pkcs1v15":
        key.verify(signature, data, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
        key.verify(signature, data, ec.ECDSA(digest))
    else:
        return False
    # An algorithm may be written in several ways; ours is the plain one.
    return isinstance(algorithm["parameters"], core.Null | core.Void)


def _check_stamp(token: Any, imprint: bytes) -> datetime | None:
    """Return the moment of a time stamp, or None when it is not sound or stamps something else."""
    signed = token["content"]
    info = signed["encap_content_info"]["content"]
    facts = info.parsed
    if facts["message_imprint"]["hashed_message"].native != imprint:
        return None
    (signer,) = signed["signer_infos"]
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    algorithm = _HASHES[signer["digest_algorithm"]["algorithm"].native]()
    digest = hashes.Hash(algorithm)
    digest.update(bytes(info))
    if attributes["message_digest"][0].native != digest.finalize():
        return None
    serial = signer["sid"].chosen["serial_number"].native
    for each in signed["certificates"]:
        certificate = x509.load_der_x509_certificate(each.chosen.dump())
        if certificate.serial_number == serial and _fits(certificate, signer):
            moment: datetime = facts["gen_time"].native
            return moment
    return None


def _name(certificate: x509.Certificate) -> str:
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.EMAIL_ADDRESS)
    found: Sequence[x509.NameAttribute[Any]] = [
        each for kind in kinds for each in certificate.subject.get_attributes_for_oid(kind)
    ]
    return str(found[0].value) if found else certificate.subject.rfc4514_string()

"""The metadata of a binder as XMP, with its seal and the digests that tell where a file was changed.

PDF/A-1 wants the properties of our own described in the packet itself (ISO 19005-1, 6.7.8).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from mmap import mmap
from typing import Final
from xml.sax.saxutils import escape

NAMESPACE: Final = "https://mips-desk.invalid/ns/binder/1/"
BLANK: Final = "0" * 64
PRODUCER: Final = "MIPS Desk"

_PROPERTIES: Final = (
    ("binderId", "Identifier of the binder"),
    ("year", "Performance year"),
    ("practice", "Name of the practice"),
    ("edition", "Edition"),
    ("journalHead", "Hash of the newest journal entry"),
    ("digests", "SHA-256 of the content of each page and of each picture"),
    ("seal", "SHA-256 of the file with this value and the digits of a signature read as zeros"),
)
# On a line of its own: no text that a person typed holds one in the metadata or in the document information.
_SEAL = re.compile(rb"\n<binder:seal>([^<]{0,200})</binder:seal>\n")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the metadata of a binder say.

    Attributes:
        digests: "page 12" or "exhibit 2026-IA_BE_4-03" with a SHA-256 (hex).
    """

    binder_id: str
    year: int
    practice: str
    edition: str
    journal_head: str
    title: str
    producer: str
    made_at: datetime
    digests: tuple[tuple[str, str], ...]


def stamp(at: datetime) -> str:
    """Return a moment as XMP and PDF/A want it: 2026-06-11T09:14:22-05:00."""
    return at.replace(microsecond=0).isoformat()


def packet(facts: Facts) -> bytes:
    """Return the XMP packet with a blank seal.

    Args:
        facts: what it says.
    """

    described = "".join(
        f"<rdf:li rdf:parseType='Resource'><pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>\n"
        for name, meaning in _PROPERTIES
    )
    digests = "; ".join(f"{where}: {value}" for where, value in facts.digests)
    own = f"""\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>MIPS Desk binder</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>binder</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{described}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:binder="{NAMESPACE}">
<binder:binderId>{_text(facts.binder_id)}</binder:binderId>
<binder:year>{facts.year}</binder:year>
<binder:practice>{_text(facts.practice)}</binder:practice>
<binder:edition>{_text(facts.edition)}</binder:edition>
<binder:journalHead>{_text(facts.journal_head)}</binder:journalHead>
<binder:digests>{_text(digests)}</binder:digests>
<binder:seal>{BLANK}</binder:seal>
</rdf:Description>
"""
    return plain_packet(facts.title, facts.producer, facts.made_at, own)


def plain_packet(title: str, producer: str, made_at: datetime, own: str = "") -> bytes:
    """Return the XMP packet that every archival file needs (ISO 19005-1, 6.7).

    Args:
        title: of the document.
        producer: name and version of the app.
        made_at: time stamp, with its UTC offset.
        own: further descriptions, as XML.
    """
    body = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>1</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_text(title)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreateDate>{stamp(made_at)}</xmp:CreateDate>
<xmp:ModifyDate>{stamp(made_at)}</xmp:ModifyDate>
<pdf:Producer>{_text(producer)}</pdf:Producer>
</rdf:Description>
{own}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
    return body.encode()


def _text(value: str) -> str:
    return escape(re.sub(r"\s+", " ", value))


def find_seal(data: bytes | mmap) -> tuple[int, bytes] | None:
    """Return where the seal's value starts and the value, or None when there is not exactly one.

    Args:
        data: the file, or the part of it that holds the metadata.
    """
    found = list(_SEAL.finditer(data))
    return (found[0].start(1), found[0].group(1)) if len(found) == 1 else None


def read_property(packet_text: str, name: str) -> str:
    """Return one of our own properties from a packet, or an empty text.

    Args:
        packet_text: the XMP packet.
        name: for example "binderId".
    """
    found = re.search(f"<binder:{name}>([^<]*)</binder:{name}>", packet_text)
    if found is None:
        return ""
    return found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_digests(packet_text: str) -> Sequence[tuple[str, str]]:
    """Return the digests of a packet: "page 12" or "exhibit ..." with a SHA-256 (hex)."""
    pairs = [entry.partition(": ") for entry in read_property(packet_text, "digests").split("; ") if entry]
    return [(where, value) for where, _colon, value in pairs]

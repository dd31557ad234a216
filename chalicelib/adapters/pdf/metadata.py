"""What a file says of itself, as XMP: title and author, and the standards that it keeps (ISO 19005-3, ISO 14289-1)."""

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from chalicelib.adapters.pdf.attachments import FACTUR_X
from chalicelib.domain.values import dataclass
from chalicelib.ports import Attachment

MAKER = "Quittance"
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_UA = "http://www.aiim.org/pdfua/ns/id/"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """language: BCP 47; dated: the document's own date."""

    title: str
    author: str
    language: str
    dated: datetime


def xmp(about: About, attachments: Iterable[Attachment] = ()) -> str:
    """The packet's content. PDF/A knows no other properties than its own, so others bring their schema along."""
    invoices = [attachment for attachment in attachments if attachment.name == FACTUR_X]
    schemas = [_schema("PDF/UA identification schema", _UA, "pdfuaid", [_UA_PART])]
    schemas += [_schema("Factur-X PDFA Extension Schema", _FX, "fx", _FX_PROPERTIES) for _ in invoices]
    return "\n".join(
        [
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
            _description(about),
            *map(_hybrid, invoices),
            _extension(schemas),
            "</rdf:RDF></x:xmpmeta>",
        ]
    )


def _description(about: About) -> str:
    title, author, dated = escape(about.title), escape(about.author), about.dated.isoformat(timespec="seconds")
    return f"""\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="{_UA}">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{escape(about.language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{MAKER}</xmp:CreatorTool><xmp:CreateDate>{dated}</xmp:CreateDate>
<xmp:ModifyDate>{dated}</xmp:ModifyDate><xmp:MetadataDate>{dated}</xmp:MetadataDate>
<pdf:Producer>{MAKER}</pdf:Producer>
</rdf:Description>"""


def _hybrid(attachment: Attachment) -> str:
    """That the file holds an invoice for machines as well (Factur-X 1.0, 6.4)."""
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{_FX}"><fx:DocumentType>INVOICE</fx:DocumentType>'
        f"<fx:DocumentFileName>{FACTUR_X}</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
        f"<fx:ConformanceLevel>{escape(attachment.conformance)}</fx:ConformanceLevel></rdf:Description>"
    )


def _extension(schemas: list[str]) -> str:
    return (
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
        'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
        'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        f"<pdfaExtension:schemas><rdf:Bag>{''.join(schemas)}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def _schema(name: str, uri: str, prefix: str, properties: list[str]) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{name}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{''.join(properties)}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _property(name: str, description: str, *, type: str = "Text", category: str = "external") -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{type}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
    )


_UA_PART = _property("part", "The part of ISO 14289 that the file keeps", type="Integer", category="internal")
_FX_PROPERTIES = [
    _property("DocumentFileName", "The name of the embedded XML document"),
    _property("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    _property("Version", "The actual version of the standard applying to the embedded XML document"),
    _property("ConformanceLevel", "The conformance level of the embedded XML document"),
]

"""What a file says of itself, as XMP: title and author, and the standards that it keeps (ISO 19005-3, ISO 14289-1)."""

from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

MAKER = "Quittance"
_UA = "http://www.aiim.org/pdfua/ns/id/"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """language: BCP 47; dated: the document's own date."""

    title: str
    author: str
    language: str
    dated: datetime


def xmp(about: About) -> str:
    """The packet's content. PDF/A knows no other properties than its own, so others bring their schema along."""
    return "\n".join(
        [
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
            _description(about),
            _extension([_schema("PDF/UA identification schema", _UA, "pdfuaid", [_UA_PART])]),
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

"""Files within the file, each associated with the document (ISO 19005-3, 6.8; ISO 32000-2, 14.13)."""

import hashlib

from chalicelib.adapters.pdf.packing import deflated
from chalicelib.adapters.pdf.syntax import date, name, text_string
from chalicelib.ports import Attachment

FACTUR_X = "factur-x.xml"
"""The name that makes a PDF a hybrid invoice (Factur-X 1.0, 6.2.2)."""

NOT_THE_WHOLE_INVOICE = {"MINIMUM", "BASIC WL"}
"""Profiles that lack the lines: they are no other form of the invoice (Factur-X 1.0, 6.2.3)."""


def checked(attachment: Attachment) -> Attachment:
    """The attachment, unless it claims to be what it is not: no validator of PDF notices a wrong relationship."""
    if attachment.name == FACTUR_X:
        wanted = "Data" if attachment.conformance in NOT_THE_WHOLE_INVOICE else "Alternative"
        if attachment.relationship != wanted:
            raise ValueError(f"A {FACTUR_X} of {attachment.conformance} is {wanted}, not {attachment.relationship}.")
    return attachment


def file_of(attachment: Attachment) -> tuple[str, bytes]:
    """The dictionary and the content of the embedded file."""
    checksum = hashlib.md5(attachment.body, usedforsecurity=False).hexdigest()
    parameters = f"/Size {len(attachment.body)}/ModDate{date(attachment.modified)}/CheckSum<{checksum}>"
    dictionary = f"/Type/EmbeddedFile/Subtype{name(attachment.mime_type)}/Params<<{parameters}>>"
    return dictionary, deflated(attachment.body)


def specification_of(attachment: Attachment, file: str) -> str:
    """The dictionary that names an embedded file, which is referred to as ``file``."""
    named = text_string(attachment.name)
    return (
        f"/Type/Filespec/F{named}/UF{named}/Desc{text_string(attachment.described)}"
        f"/AFRelationship{name(attachment.relationship)}/EF<</F {file}/UF {file}>>"
    )

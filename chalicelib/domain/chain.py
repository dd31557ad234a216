"""The chain of a series: each number holds what was issued under it, and the hash of the number before.

Whoever changes an issued document, a number or a date afterwards would have to change the hash of every later number
too, of which some are in other hands: on the days' heads that are kept apart, in exports, with auditors.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.figures import Figures
from chalicelib.domain.fingerprint import canonical, fingerprint
from chalicelib.domain.numbering import Link, Number, Series
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.values import dataclass

FORM = "quittance chain 1"
"""Of the text that is hashed; it is its first line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What is never changed of a document once it is issued: all that its pages say is read from it."""

    content: Content
    parties: Parties


def tied(series: Series, number: Number, *, figures: Figures, issued: Issued, pdf_sha256: str) -> tuple[Series, Number]:
    """A number just taken from its series, as the next link of the series' chain.

    pdf_sha256: of the PDF that bears this number, hex.
    """
    link = Link(
        total=figures.total,
        tax_total=figures.tax_total,
        content=fingerprint(text_of(issued)),
        pdf=pdf_sha256,
        previous=series.head,
    )
    hashed = replace(link, hash=hash_of(number, link))
    return replace(series, head=hashed.hash), replace(number, link=hashed)


def text_of(issued: Issued) -> str:
    """What is hashed of a document, in one line."""
    return canonical(issued)


def hash_of(number: Number, link: Link) -> str:
    """SHA-256, in hex, of the number's own lines, the hashes of its content and its PDF, and the hash before it."""
    return fingerprint("\n".join(lines_of(number, link)))


def lines_of(number: Number, link: Link) -> Sequence[str]:
    """The lines that are hashed, in their order; the PDF's is missing where none was drawn beforehand."""
    return (
        FORM,
        number.series,
        number.id,
        number.issue_date.isoformat(),
        number.document_id,
        f"{link.total.decimal} {link.total.currency}",
        f"{link.tax_total.decimal} {link.tax_total.currency}",
        link.content,
        *([link.pdf] if link.pdf else []),
        link.previous,
    )

"""What a quote says on paper."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.document import Document, Fact, Panel, Template, Total
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice_document import columns_of, groups_of, passages_of
from chalicelib.domain.invoice_totals import schedule_offered, totals_of
from chalicelib.domain.letterhead import buyer_of, letterhead, places_of, seller_of
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import legal_notices
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.wording import Wording

ANSWERS = {
    QuoteStatus.APPROVED: "Approved",
    QuoteStatus.INVOICED: "Approved",
    QuoteStatus.DECLINED: "Declined",
    QuoteStatus.EXPIRED: "Expired",
}
"""What became of it."""


def quote_document(
    quote: Quote, content: Content, parties: Parties, *, template: Template, dated: date, wording: Wording
) -> Document:
    """The quote as a document in one language; one without a number yet is stamped as a draft, a past one as such.

    dated: the day on which it was written.
    """
    text, seller = wording.text, parties.seller
    valid = wording.day(quote.valid_until) if quote.valid_until else ""
    return Document(
        **letterhead(seller, wording),
        template=template,
        dated=dated,
        title=text("Quote"),
        number=text("No. {number}", number=quote.number) if quote.number else "",
        heading=text("Quote {number}", number=quote.number) if quote.number else text("Quote"),
        stamp=_stamp(quote, wording),
        parties=(
            seller_of(quote.figures, parties, wording),
            buyer_of(parties, text("For"), wording),
            *places_of(parties, wording),
        ),
        panel=Panel(
            label=text("Total"),
            amount=wording.money(quote.figures.total),
            note=text("Valid until {day}", day=valid) if valid else "",
        ),
        facts=_facts(dated, valid, wording),
        columns=columns_of(content, seller, wording),
        groups=groups_of(content, seller, wording),
        totals=totals_offered(quote.figures, wording),
        schedule=schedule_offered(quote.schedule, wording),
        passages=(
            *passages_of(content, wording),
            *legal_notices(case_of_quote(quote, parties, on=dated), wording),
        ),
    )


def case_of_quote(quote: Quote, parties: Parties, *, on: date) -> Case:
    """The quote as the law looks at it on a day."""
    return Case(kind=PaperKind.QUOTE, figures=quote.figures, parties=parties, on=on)


def _stamp(quote: Quote, wording: Wording) -> str:
    said = ANSWERS.get(quote.status, "") if quote.number else "Draft"
    return wording.text(said).upper() if said else ""


def _facts(dated: date, valid: str, wording: Wording) -> tuple[Fact, ...]:
    facts = ((wording.text("Quote date"), wording.day(dated)), (wording.text("Valid until"), valid))
    return tuple(Fact(label=label, value=value) for label, value in facts if value)


def totals_offered(figures: Figures, wording: Wording) -> tuple[Total, ...]:
    """Nothing of a quote is due yet: its last figure is its total."""
    *others, last = totals_of(figures, wording)
    return (*others, last if figures.amount_due != figures.total else replace(last, label=wording.text("Total")))

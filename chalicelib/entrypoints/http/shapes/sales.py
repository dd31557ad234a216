"""Quotes, invoices and payments as they are sent to us."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib.domain.lines import MOST_LINES
from chalicelib.domain.schedule import MOST_INSTALMENTS
from chalicelib.entrypoints.http.shapes.addresses import AddressesIn, Language
from chalicelib.entrypoints.http.shapes.documents import (
    DocumentAdjustments,
    DocumentIn,
    InstalmentIn,
    LineIn,
    PreviewIn,
    Rounding,
    lines_that_fit,
)
from chalicelib.entrypoints.http.shapes.items import ItemsChosen
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    Day,
    LongText,
    Percent,
    Quantity,
    Shape,
    ShortText,
    TemplateName,
    one_of,
    refusal,
)

Sending = Literal["manual", "on_date", "at_once"]
Schedule = Annotated[list[InstalmentIn], Field(max_length=MOST_INSTALMENTS)]
Lines = Annotated[list[LineIn], BeforeValidator(lines_that_fit)]


class Information(Shape):
    """Section 1 of a document: what is not items and not schedule."""

    language: Language | None = None
    template: TemplateName | None = None
    notes: LongText | None = None
    terms: LongText | None = None
    addresses: AddressesIn | None = None
    job_id: Code | None = None


class InvoiceInformation(Information):
    purchase_order: ShortText | None = None
    due_date: Day | None = None
    send_on: Day | None = None


class InvoiceIn(DocumentIn, InvoiceInformation):
    """A draft to be written.

    items: what of the client's published items it bills, before the lines. A line may name an item itself, by
    ``item_id``; whatever such a line leaves out is taken from the item.
    """

    client_id: Code
    lines: Lines = Field(default_factory=list)
    items: ItemsChosen | None = None


class InvoicePreviewIn(PreviewIn, InvoiceInformation):
    """An invoice to be worked out without being saved; it needs no client."""

    client_id: Code | None = None


class InvoicingIn(Shape):
    """What the approval of this quote makes, whatever the business's automation says."""

    mode: Literal["off", "single", "per_instalment"]
    send: Sending = "manual"
    send_on: Day | None = None


class QuoteInformation(Information):
    valid_until: Day | None = None
    invoicing: InvoicingIn | None = None


class QuoteIn(DocumentIn, QuoteInformation):
    client_id: Code


class DocumentPatch(Shape):
    """What of a document's items and schedule is to be changed; what is left out stays."""

    lines: Lines | None = None
    discount_percent: Percent | None = None
    discount_amount: Amount | None = None
    allowances: DocumentAdjustments | None = None
    charges: DocumentAdjustments | None = None
    rounding: Rounding | None = None
    prepaid_total: Amount | None = None
    rounding_adjustment: Amount | None = None
    schedule: Schedule | None = None

    @model_validator(mode="after")
    def _one_discount(self) -> Self:
        one_of(self, "discount_percent", "discount_amount", "allowances", at_least=0)
        return self


class InvoicePatch(DocumentPatch, InvoiceInformation):
    pass


class QuotePatch(DocumentPatch, QuoteInformation):
    pass


class Approval(Shape):
    by: ShortText
    signature: LongText | None = None


class Decline(Shape):
    by: ShortText
    reason: LongText | None = None


class PortionIn(Shape):
    """So much of one line."""

    line_id: Code
    quantity: Quantity


Portions = Annotated[list[PortionIn], Field(min_length=1, max_length=MOST_LINES)]


class Conversion(Shape):
    """How a quote is turned into invoices: in one, one per instalment, or in parts by the quantities of its lines."""

    mode: Literal["single", "per_instalment"] = "single"
    send_on: Day | None = None
    lines: Portions | None = None

    @model_validator(mode="after")
    def _parts_are_single(self) -> Self:
        if self.lines and self.mode != "single":
            raise refusal("one_of", "Chosen lines make one invoice, not one per instalment.")
        return self


class DepositIn(Shape):
    """A deposit on a quote: a percentage of its total, an amount, or the first instalment of its schedule.

    tax: ``on_receipt`` gives it an invoice with its part of every tax, which the final one takes off by its number;
    ``when_applied`` asks for it without tax, and it is paid of the final invoice, which taxes the whole. Left out, it
    is as the country of the business wants.
    """

    percent: Percent | None = None
    amount: Amount | None = None
    tax: Literal["on_receipt", "when_applied"] | None = None
    label: ShortText | None = None
    send_on: Day | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        one_of(self, "percent", "amount", at_least=0)
        return self


class IssueIn(Shape):
    send: bool = False


class SendIn(Shape):
    """In which template the PDF of this mail is; left out, in the document's own."""

    template: TemplateName | None = None


class ScheduleIn(Shape):
    """The day on which a draft goes out by itself; null takes it away."""

    send_on: Day | None


class WorkDoneIn(Shape):
    """The day on which the work was done, or accepted; today, where it is left out."""

    on: Day | None = None


class VoidIn(Shape):
    reason: LongText | None = None


class PaymentIn(Shape):
    amount: Amount
    method: Literal["cash", "cheque", "transfer", "card_terminal", "other"]
    received_on: Day | None = None
    reference: ShortText | None = None
    instalment_id: Code | None = None
    overpayment: Literal["credit"] | None = None


class PaymentLinkIn(Shape):
    """Which amount the link asks for: the next instalment, or everything."""

    choice: Literal["due", "all"] = "all"


class PortalLinkIn(Shape):
    """The document that the link opens at; without one it opens at the client's list of documents."""

    document_id: Code | None = None


class Nothing(Shape):
    """A verb that needs no words."""

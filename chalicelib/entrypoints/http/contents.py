"""What requests say of a document's content, joined with what the business has set up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.exemption import CODE as EXEMPTION
from chalicelib.domain.exemption import TaxExemption
from chalicelib.domain.figures import not_negative
from chalicelib.domain.item import Item
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.party import Addresses
from chalicelib.domain.sales import Content
from chalicelib.domain.tax import TaxRate
from chalicelib.entrypoints.http.contract import Call
from chalicelib.entrypoints.http.seeing import seen_items
from chalicelib.entrypoints.http.shapes.addresses import AddressesIn
from chalicelib.entrypoints.http.shapes.documents import DocumentIn, LineIn
from chalicelib.entrypoints.http.shapes.orders import SaleIn
from chalicelib.entrypoints.http.shapes.plans import PlanIn, PlanPatch
from chalicelib.entrypoints.http.shapes.reading import to_allowances, to_charges, to_lines, to_money, to_terms
from chalicelib.entrypoints.http.shapes.sales import DocumentPatch, InvoiceIn, InvoicePatch, PortionIn, QuoteIn
from chalicelib.entrypoints.http.shapes.work import VisitInvoiceIn
from chalicelib.usecases.claiming import as_agreed
from chalicelib.usecases.pricing import sold_to

MOST_LINE_BREAKS = 10_000  # some 170 pages; a request of line breaks alone would be drawn on 15,000


def content_of(
    call: Call,
    body: InvoiceIn | PlanIn | QuoteIn | SaleIn | VisitInvoiceIn,
    *,
    chosen: Iterable[Item] = (),
    client_id: str | None = None,
) -> Content:
    """The content of a new document, checked as far as it can be without saving it.

    chosen: the items that it bills, before its lines; client_id: whom it is for, where the body does not say.
    Raises Invalid with the place of what is wrong, also for a total below zero.
    """
    business = call.business
    currency = body.currency or business.currency
    defaults = business.invoice_defaults
    lines = [*(LineIn(item_id=item.id) for item in chosen), *body.lines]
    client_id = client_id or getattr(body, "client_id", None)
    exemption = exemption_for(call, lines, client_id)
    content = Content(
        currency=currency,
        lines=_lines(call, lines, currency, body, client_id, exemption),
        allowances=to_allowances(body, currency=currency),
        charges=to_charges(body, currency=currency),
        rounding=body.rounding or defaults.rounding,
        prepaid=to_money(body.prepaid_total, currency=currency, at="/prepaid_total"),
        rounding_adjustment=to_money(body.rounding_adjustment, currency=currency, at="/rounding_adjustment"),
        schedule=to_terms(body.schedule, currency=currency),
        notes=body.notes if body.notes is not None else defaults.notes,
        terms=body.terms if body.terms is not None else defaults.terms,
        addresses=body.addresses.joined_to(Addresses()) if body.addresses else Addresses(),
    )
    return sound(_with_rates(content, business, exemption))


def patched(call: Call, content: Content, patch: DocumentPatch, *, client_id: str | None = None) -> Content:
    """The content with what a patch gives; whatever moves figures that were allotted ends them.

    client_id: whose prices new lines bear where they name the catalogue.
    """
    given = patch.model_fields_set
    currency = content.currency
    whole = _as_document(patch)
    changed: dict[str, Any] = {}
    exemption = exemption_for(call, patch.lines or (), client_id)
    if "lines" in given and patch.lines is not None:
        changed |= {"lines": _lines(call, patch.lines, currency, patch, client_id, exemption), "given": None}
    if given & {"discount_percent", "discount_amount", "allowances"}:
        changed |= {"allowances": to_allowances(whole, currency=currency), "given": None}
    if "charges" in given:
        changed |= {"charges": to_charges(whole, currency=currency), "given": None}
    if "rounding" in given and patch.rounding:
        changed |= {"rounding": patch.rounding, "given": None}
    if "prepaid_total" in given:
        prepaid = to_money(patch.prepaid_total, currency=currency, at="/prepaid_total")
        changed |= {"prepaid": prepaid, "given": None}
    if "rounding_adjustment" in given:
        adjustment = to_money(patch.rounding_adjustment, currency=currency, at="/rounding_adjustment")
        changed |= {"rounding_adjustment": adjustment, "given": None}
    if "schedule" in given:
        changed["schedule"] = to_terms(patch.schedule or [], currency=currency)
    changed |= {name: getattr(patch, name) for name in ("notes", "terms") if name in given}
    if "addresses" in given:
        addresses: AddressesIn | None = getattr(patch, "addresses", None)
        changed["addresses"] = addresses.joined_to(content.addresses) if addresses else Addresses()
    return sound(_with_rates(replace(content, **changed), call.business, exemption, known=content.rates))


def quantities(lines: list[PortionIn] | None) -> dict[str, Decimal] | None:
    """What is wanted of each line. Raises Invalid for a line that is named twice."""
    if lines is None:
        return None
    wanted: dict[str, Decimal] = {}
    for place, line in enumerate(lines):
        if line.line_id in wanted:
            raise Invalid("line_twice", f"Line {line.line_id} is named twice.", at=f"/lines/{place}/line_id")
        wanted[line.line_id] = line.quantity
    return wanted


def sound(content: Content) -> Content:
    """The same content.

    Raises Invalid when its figures cannot be worked out, come to less than zero, or its texts would fill a book.
    """
    not_negative(content.figures())
    texts = (*(line.description for line in content.lines), content.notes or "", content.terms or "")
    if sum(text.count("\n") for text in texts) > MOST_LINE_BREAKS:
        raise Invalid("too_long", f"The texts of a document cannot break more than {MOST_LINE_BREAKS} lines.")
    return content


def catalogue_for(
    call: Call, lines: Sequence[LineIn], client_id: str | None, *, currency: str
) -> dict[str, CatalogueEntry]:
    """The catalogue entries that lines name, each at the price agreed with the client, if there is one.

    currency: the document's. Raises Invalid for a line that would bear a price of the business's own currency as one
    of another.
    """
    for index, line in enumerate(lines):
        if line.catalog_code and not line.item_id and line.unit_price is None and currency != call.business.currency:
            detail = f"A price in {currency} is needed here, because the catalogue's are in {call.business.currency}."
            raise Invalid("currency_mismatch", detail, at=f"/lines/{index}/unit_price")
    codes = {line.catalog_code for line in lines if line.catalog_code}
    return sold_to(codes, holders=[client_id] if client_id else [], store=call.store)


def exemption_for(call: Call, lines: Iterable[LineIn], client_id: str | None) -> TaxExemption | None:
    """Why the client is not charged tax, where a line leaves its taxes to that."""
    if client_id is None or all(line.taxes is not None and EXEMPTION not in line.taxes for line in lines):
        return None
    client = call.store.find(Client, client_id)
    return client.tax_exempt if client else None


def items_for(call: Call, lines: Iterable[LineIn]) -> dict[str, Item]:
    """The items that lines bill, taxed as agreed. Raises NotFound for one that is not there for the caller."""
    ids = dict.fromkeys(id for line in lines for id in (line.item_id, *line.item_ids) if id)
    seen = seen_items(call, call.store.many(Item, ids)) if ids else ()
    found = {item.id: item for item in as_agreed(seen, call.store)}
    for missing in sorted(ids.keys() - found.keys()):
        raise NotFound("item", missing)
    return found


def must_be_taxes(call: Call, codes: Iterable[str], *, at: str) -> None:
    """Raise Invalid (``unknown_tax``) for what is neither a tax nor a tax group of the business. at: of the codes."""
    for place, code in enumerate(codes):
        if not set(call.business.taxes_named((code,))) <= call.business.rates.keys():
            raise Invalid("unknown_tax", f"There is no tax {code!r}.", at=f"{at}/{place}")


def _as_document(patch: DocumentPatch) -> DocumentIn:
    """The adjustments of a patch where a document has them; they were validated when they were read."""
    return DocumentIn.model_construct(
        lines=[],
        discount_percent=patch.discount_percent,
        discount_amount=patch.discount_amount,
        allowances=patch.allowances or [],
        charges=patch.charges or [],
    )


def _lines(
    call: Call,
    lines: Sequence[LineIn],
    currency: str,
    document: DocumentIn | DocumentPatch,
    client_id: str | None,
    exemption: TaxExemption | None,
) -> tuple[Line, ...]:
    business = call.business
    _may_name_items(lines, document)
    written = to_lines(
        lines,
        currency=currency,
        catalogue=catalogue_for(call, lines, client_id, currency=currency),
        default_taxes=business.default_taxes,
        instead=None if isinstance(document, PlanIn | PlanPatch) else _instead(exemption, business),
        items=items_for(call, lines),
    )
    named = tuple(replace(line, taxes=business.taxes_named(line.taxes)) for line in written)
    _must_be_registered(lines, named, business)
    return named


def _instead(exemption: TaxExemption | None, business: Business) -> Callable[[tuple[str, ...]], tuple[str, ...]] | None:
    """How an exempt client's lines bear their usual taxes; of a plan that is asked anew for each invoice."""
    if exemption is None:
        return None
    return lambda names: exemption.in_place_of(business.taxes_named(names), business.rates)


def _must_be_registered(asked: Sequence[LineIn], lines: Sequence[Line], business: Business) -> None:
    """Raise Invalid for a tax that a line chooses, of a business that holds no number for taxes (H44)."""
    for index, (line, written) in enumerate(zip(asked, lines, strict=True)):
        charging = [code for code in written.taxes if code in business.rates and business.rates[code].charges]
        if line.taxes and charging and not business.may_tax:
            detail = f"You cannot choose {charging[0]!r} because the business has no registration number for taxes."
            raise Invalid("tax_unregistered", detail, at=f"/lines/{index}/taxes")


def _may_name_items(lines: Sequence[LineIn], document: DocumentIn | DocumentPatch) -> None:
    for index, line in enumerate(lines):
        if (line.item_id or line.item_ids) and not isinstance(document, InvoiceIn | InvoicePatch | VisitInvoiceIn):
            detail = "You cannot name an item here because only an invoice bills items."
            raise Invalid("not_an_invoice", detail, at=f"/lines/{index}/item_id")


def _with_rates(
    content: Content, business: Business, exemption: TaxExemption | None, known: tuple[TaxRate, ...] = ()
) -> Content:
    """The content with a copy of each tax rate it names, so that it stays what it was when rates change."""
    rates = {rate.code: rate for rate in known} | business.rates
    rates |= {EXEMPTION: exemption.rate} if exemption else {}
    codes = dict.fromkeys(code for line in content.lines for code in line.taxes)
    codes |= dict.fromkeys(_codes_of(content.allowances + content.charges))
    return replace(content, rates=tuple(rates[code] for code in codes if code in rates))


def _codes_of(adjustments: Iterable[Adjustment]) -> list[str]:
    return [code for adjustment in adjustments for code in adjustment.taxes or ()]

"""An e-invoice out of XML that somebody sent: read without entities, DTDs or the network."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from facturx import parse_ubl_cii_xml
from lxml import etree

from chalicelib.domain.e_invoice import (
    ZERO,
    EInvoice,
    ELine,
    Identifier,
    Level,
    Levy,
    Note,
    Paying,
    Preceding,
    Sums,
    TaxPoint,
    Trader,
    VatGroup,
)
from chalicelib.domain.e_invoicing import Profile
from chalicelib.domain.errors import Invalid
from chalicelib.domain.lines import MOST_LINES
from chalicelib.domain.party import Address
from chalicelib.domain.service_period import ServicePeriod

FLAVOURS = {
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": "factur-x",
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "ubl-2.1-invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "ubl-2.1-creditnote",
}
CURRENCIES = tuple(f"{{*}}{name}" for name in ("InvoiceCurrencyCode", "DocumentCurrencyCode", "TaxCurrencyCode"))
CURRENCY = re.compile(r"[A-Z]{3}")
LINES = tuple(f"{{*}}{name}" for name in ("IncludedSupplyChainTradeLineItem", "InvoiceLine", "CreditNoteLine"))
FIGURE = re.compile(r"[+-]?(?=\.?\d)\d{0,20}(\.\d{0,20})?")
"""A decimal of XML Schema, of no more digits than can be meant."""
FRENCH_CASE = re.compile(r"[BSM][1-9]")
LEVELS = {"minimum": Level.TOTALS, "basicwl": Level.NO_LINES, "extended": Level.EXTENDED}
"""By the last word of what a Factur-X follows (BT-24)."""
LONGEST_SHOWN = 40
MOST_GROUPS = 200
"""Of VAT: a category at a rate each."""
Terms = Mapping[str, Any]


def parsed(xml: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    """The document's first element. Raises Invalid for what is no XML, or brings definitions of its own."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid("e_invoice_unreadable", "This is neither XML nor a PDF.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("e_invoice_unreadable", "An e-invoice does not define entities of its own.")
    if root.tag not in FLAVOURS:
        raise Invalid("e_invoice_unreadable", "This XML is neither a CII nor a UBL invoice.")
    return root


def invoice_in(root: Any) -> EInvoice:  # noqa: ANN401 - lxml has no types
    """Raises Invalid (``e_invoice_unreadable``) where a day or a figure is none, or one that must be there is not."""
    if sum(1 for _ in root.iter(*LINES)) > MOST_LINES:
        raise Invalid("too_many_lines", f"An e-invoice is read with up to {MOST_LINES} lines.")
    try:
        _must_name_its_currencies(root)
        terms = parse_ubl_cii_xml(root, flavor=FLAVOURS[root.tag], level="extended", check_xsd=False)
        return _invoice(terms)
    except (ValueError, KeyError, TypeError) as error:  # a TypeError is factur-x's, of what stands twice
        detail = f"This e-invoice lacks a term, or has one that cannot be read: {error}."
        raise Invalid("e_invoice_unreadable", detail) from error


def _must_name_its_currencies(root: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Raise ValueError for one that is no code, or told twice: factur-x writes them into its XPaths as they are."""
    for name in CURRENCIES:
        told = ["".join(one.itertext()).strip() for one in root.iter(name)]
        if len(told) > 1 or not all(map(CURRENCY.fullmatch, told)):
            raise ValueError(f"a currency is {', '.join(told)[:LONGEST_SHOWN]}")


def _invoice(terms: Terms) -> EInvoice:
    return EInvoice(
        number=_text(terms, "BT-1"),
        issued_on=_issued_on(terms),
        type_code=_text(terms, "BT-3"),
        currency=terms["BT-5"],
        profile=_profile(_text(terms, "BT-24"), process=_text(terms, "BT-23")),
        level=_level(_text(terms, "BT-24"), process=_text(terms, "BT-23")),
        tax_point=_tax_point(_text(terms, "BT-8")),
        due_on=_day(terms, "BT-9"),
        buyer_reference=_text(terms, "BT-10"),
        purchase_order=_text(terms, "BT-13"),
        terms=_text(terms, "BT-20"),
        process=_text(terms, "BT-23"),
        notes=tuple(Note(text=_text(one, "BT-22"), subject=_text(one, "BT-21")) for one in _many(terms, "BG-1")),
        preceding=tuple(
            Preceding(number=_text(one, "BT-25"), issued_on=_day(one, "BT-26")) for one in _many(terms, "BG-3")
        ),
        seller=_trader(terms.get("BG-4") or {}),
        buyer=_trader(terms.get("BG-7") or {}),
        delivered_to=_address(terms["BG-13"]) if terms.get("BG-13") else None,
        delivered_on=_day(terms, "BT-72"),
        period=_period(terms),
        paying=_paying(terms),
        allowances=tuple(_levy(one) for one in _many(terms, "BG-20")),
        charges=tuple(_levy(one) for one in _many(terms, "BG-21")),
        vat=_groups(terms),
        sums=_sums(terms),
        lines=tuple(_line(one) for one in _many(terms, "BG-25")),
    )


def _profile(named: str, *, process: str) -> Profile:
    """process: France's platforms know the cases of billing by a letter and a digit, in every profile."""
    is_french = bool(FRENCH_CASE.fullmatch(process))
    if "extended-ctc-fr" in named or (is_french and named.endswith(":extended")):
        return Profile.EXTENDED_CTC_FR
    if "peppol" in named:
        return Profile.PEPPOL
    return Profile.EN16931_FR if is_french else Profile.EN16931


def _level(named: str, *, process: str) -> Level:
    """France's extension, of which ours are, has nothing here beyond the norm."""
    known = LEVELS.get(named.rpartition(":")[2], Level.WHOLE)
    return Level.WHOLE if known is Level.EXTENDED and FRENCH_CASE.fullmatch(process) else known


def _tax_point(told: str) -> TaxPoint | None:
    return TaxPoint(told) if told in set(TaxPoint) else None


def _one(value: Any) -> Any:  # noqa: ANN401 - as factur-x found it
    """The first, where a term stands several times that may stand once."""
    return value[0] if isinstance(value, list) and value else value


def _text(terms: Terms, name: str) -> str:
    return str(_one(terms.get(name)) or "")


def _day(terms: Terms, name: str) -> date | None:
    value = _one(terms.get(name))
    return value if isinstance(value, date) else None


def _issued_on(terms: Terms) -> date:
    day = _day(terms, "BT-2")
    if day is None:
        raise KeyError("BT-2")
    return day


def _many(terms: Terms, name: str) -> Sequence[Terms]:
    return terms.get(name) or ()


def _figure(terms: Terms, name: str) -> Decimal:
    """Zero where it is not told."""
    return _told_figure(terms, name) or ZERO


def _told_figure(terms: Terms, name: str) -> Decimal | None:
    value = _one(terms.get(name))
    if value is None:
        return None
    if not FIGURE.fullmatch(text := str(value).strip()):
        raise ValueError(f"{name} is {text[:LONGEST_SHOWN]}")
    return Decimal(text)


def _trader(terms: Terms) -> Trader:
    contact: Terms = next(iter(_many(terms, "contacts")), {})
    return Trader(
        name=_text(terms, "name"),
        trading_name=_text(terms, "biz_name"),
        identifiers=tuple(
            Identifier(value=value, scheme=scheme or "") for scheme, value in (terms.get("identifiers") or {}).items()
        ),
        legal_id=_identifier(terms, "legal_identifier"),
        vat_id=_text(terms, "vat_identifier"),
        tax_id=_text(terms, "tax_identifier"),
        address=_address(terms),
        endpoint=_identifier(terms, "einvoicing_addr"),
        email=_text(contact, "email"),
        phone=_text(contact, "phone"),
    )


def _identifier(terms: Terms, name: str) -> Identifier | None:
    value = _text(terms, name)
    return Identifier(value=value, scheme=_text(terms, f"{name}_schemeid")) if value else None


def _address(terms: Terms) -> Address:
    lines = (_text(terms, name) for name in ("addr_l1", "addr_l2", "addr_l3"))
    return Address(
        lines=tuple(filter(None, lines)),
        city=_text(terms, "city") or None,
        region=_text(terms, "country_subdivision") or None,
        postal_code=_text(terms, "postcode") or None,
        country=_text(terms, "country_code") or None,
    )


def _period(terms: Terms) -> ServicePeriod | None:
    start, end = _day(terms, "BT-73"), _day(terms, "BT-74")
    return ServicePeriod(start=start or end or date.min, end=end or start or date.max) if start or end else None


def _paying(terms: Terms) -> Paying | None:
    if not _text(terms, "BT-81"):
        return None
    return Paying(
        code=_text(terms, "BT-81"),
        reference=_text(terms, "BT-83"),
        account=_text(terms, "BT-84"),
        holder=_text(terms, "BT-85"),
        bic=_text(terms, "BT-86"),
    )


def _levy(terms: Terms) -> Levy:
    return Levy(
        amount=_figure(terms, "amount"),
        base=_told_figure(terms, "base_amount"),
        percent=_told_figure(terms, "rate"),
        reason=_text(terms, "reason"),
        reason_code=_text(terms, "reason_code"),
        category=_text(terms, "vat_category_code"),
        rate=_told_figure(terms, "vat_rate"),
    )


def _groups(terms: Terms) -> tuple[VatGroup, ...]:
    told = _many(terms, "BG-23")
    if len(told) > MOST_GROUPS:
        raise ValueError(f"there are more than {MOST_GROUPS} groups of VAT")
    return tuple(map(_group, told))


def _group(terms: Terms) -> VatGroup:
    return VatGroup(
        category=_text(terms, "BT-118"),
        rate=_told_figure(terms, "BT-119"),
        base=_figure(terms, "BT-116"),
        tax=_figure(terms, "BT-117"),
        reason=_text(terms, "BT-120"),
        reason_code=_text(terms, "BT-121"),
    )


def _sums(terms: Terms) -> Sums:
    return Sums(
        lines=_figure(terms, "BT-106"),
        allowances=_figure(terms, "BT-107"),
        charges=_figure(terms, "BT-108"),
        net=_figure(terms, "BT-109"),
        tax=_figure(terms, "BT-110"),
        total=_figure(terms, "BT-112"),
        paid=_figure(terms, "BT-113"),
        rounding=_figure(terms, "BT-114"),
        due=_figure(terms, "BT-115"),
    )


def _base_quantity(terms: Terms) -> Decimal:
    told = _told_figure(terms, "BT-149")
    if told == 0:
        raise ValueError("BT-149 is 0")
    return Decimal(1) if told is None else told


def _line(terms: Terms) -> ELine:
    return ELine(
        id=_text(terms, "BT-126"),
        name=_text(terms, "BT-153"),
        description=_text(terms, "BT-154"),
        quantity=_figure(terms, "BT-129"),
        unit=_text(terms, "BT-130"),
        net=_figure(terms, "BT-131"),
        price=_figure(terms, "BT-146"),
        base_quantity=_base_quantity(terms),
        allowances=tuple(_levy(one) for one in _many(terms, "BG-27")),
        charges=tuple(_levy(one) for one in _many(terms, "BG-28")),
        category=_text(terms, "BT-151"),
        rate=_told_figure(terms, "BT-152"),
        code=_text(terms, "BT-155"),
    )

"""An e-invoice as the dict of business terms that factur-x writes from."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.e_invoice import EInvoice, ELine, Identifier, Levy, Paying, Trader, VatGroup
from chalicelib.domain.money import exponent
from chalicelib.domain.party import Address

Terms = dict[str, Any]
"""Of one group: terms by their BT, BG or a party's own names, as factur-x has them."""

RATE_DECIMALS = 2
NO_NAME = "-"


def terms_of(invoice: EInvoice) -> Terms:
    """factur-x changes what it is given, so each call makes it anew."""
    digits = exponent(invoice.currency)
    return _told(
        {
            "BT-1": invoice.number,
            "BT-2": invoice.issued_on,
            "BT-3": invoice.type_code,
            "BT-5": invoice.currency,
            "BT-8": invoice.tax_point.value if invoice.tax_point else None,
            "BT-9": invoice.due_on,
            "BT-10": invoice.buyer_reference,
            "BT-13": invoice.purchase_order,
            "BT-20": invoice.terms,
            "BT-23": invoice.process,
            "BT-72": invoice.delivered_on,
            "BT-73": invoice.period.start if invoice.period else None,
            "BT-74": invoice.period.end if invoice.period else None,
            "BG-1": [_told({"BT-21": note.subject, "BT-22": note.text}) for note in invoice.notes],
            "BG-3": [_told({"BT-25": one.number, "BT-26": one.issued_on}) for one in invoice.preceding],
            "BG-4": _trader(invoice.seller),
            "BG-7": _trader(invoice.buyer),
            "BG-13": _delivered(invoice.delivered_to, invoice.buyer),
            **(_paying(invoice.paying) if invoice.paying else {}),
            "BG-20": [_levy(levy, digits) for levy in invoice.allowances],
            "BG-21": [_levy(levy, digits) for levy in invoice.charges],
            "BG-23": [_group(group, digits) for group in invoice.vat],
            **_sums(invoice, digits),
            "BG-25": [_line(line, digits) for line in invoice.lines],
        }
    )


def _told(terms: Mapping[str, Any]) -> Terms:
    """Without what is not told; text without what XML cannot hold."""
    plain = {name: _legible(value) if isinstance(value, str) else value for name, value in terms.items()}
    return {name: value for name, value in plain.items() if value not in (None, "", [], {})}


def _legible(text: str) -> str:
    """Without the control characters that XML 1.0 has no place for (2.2 Characters)."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))


def _plain(number: Decimal) -> str:
    normal = number.normalize()
    return f"{normal:f}" if normal else "0"


def _money(amount: Decimal, digits: int) -> str:
    return f"{amount:.{digits}f}" if amount == round(amount, digits) else _plain(amount)


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else _money(rate, RATE_DECIMALS)


def _trader(one: Trader) -> Terms:
    contact = _told({"name": one.name if one.email or one.phone else "", "phone": one.phone, "email": one.email})
    return _told(
        {
            "name": one.name,
            "biz_name": one.trading_name,
            "identifiers": {id.scheme or None: _legible(id.value) for id in one.identifiers},
            **_identifier("legal_identifier", one.legal_id),
            "vat_identifier": one.vat_id,
            "tax_identifier": one.tax_id,
            **_identifier("einvoicing_addr", one.endpoint),
            **_address(one.address),
            "contacts": [contact] if contact else [],
        }
    )


def _identifier(name: str, one: Identifier | None) -> Terms:
    return {name: one.value, f"{name}_schemeid": one.scheme} if one else {}


def _address(address: Address) -> Terms:
    first, second, *rest = (*address.lines, "", "")
    return _told(
        {
            "addr_l1": first,
            "addr_l2": second,
            "addr_l3": ", ".join(filter(None, rest)),
            "city": address.city,
            "postcode": address.postal_code,
            "country_subdivision": address.region,
            "country_code": address.country,
        }
    )


def _delivered(address: Address | None, buyer: Trader) -> Terms:
    """A place of delivery is a party's to factur-x, and CII asks for a party's name: it is the buyer's place."""
    return {"name": _legible(buyer.name) or NO_NAME, **_address(address)} if address else {}


def _paying(paying: Paying) -> Terms:
    return {
        "BT-81": paying.code,
        "BT-83": paying.reference,
        "BT-84": paying.account,
        "BT-85": paying.holder,
        "BT-86": paying.bic,
    }


def _levy(levy: Levy, digits: int) -> Terms:
    return _told(
        {
            "amount": _money(levy.amount, digits),
            "base_amount": None if levy.base is None else _money(levy.base, digits),
            "rate": None if levy.percent is None else _plain(levy.percent),
            "reason": levy.reason,
            "reason_code": levy.reason_code,
            "vat_category_code": levy.category,
            "vat_rate": _rate(levy.rate),
        }
    )


def _group(group: VatGroup, digits: int) -> Terms:
    return _told(
        {
            "BT-116": _money(group.base, digits),
            "BT-117": _money(group.tax, digits),
            "BT-118": group.category,
            "BT-119": _rate(group.rate),
            "BT-120": group.reason,
            "BT-121": group.reason_code,
        }
    )


def _sums(invoice: EInvoice, digits: int) -> Terms:
    """The totals; of those that may be left out the ones that say something."""
    sums = invoice.sums
    always = {"BT-106": sums.lines, "BT-109": sums.net, "BT-110": sums.tax, "BT-112": sums.total, "BT-115": sums.due}
    optional = (
        ("BT-107", sums.allowances, invoice.allowances),
        ("BT-108", sums.charges, invoice.charges),
        ("BT-113", sums.paid, ()),
        ("BT-114", sums.rounding, ()),
    )
    told = always | {name: amount for name, amount, parts in optional if amount or parts}
    return {name: _money(amount, digits) for name, amount in told.items()} | {"BT-110-1": invoice.currency}


def _line(line: ELine, digits: int) -> Terms:
    return _told(
        {
            "BT-126": line.id,
            "BT-129": _plain(line.quantity),
            "BT-130": line.unit,
            "BT-131": _money(line.net, digits),
            "BT-146": _money(line.price, digits),
            "BT-149": None if line.base_quantity == 1 else _plain(line.base_quantity),
            "BT-151": line.category,
            "BT-152": _rate(line.rate),
            "BT-153": line.name,
            "BT-154": line.description,
            "BT-155": line.code,
            "BG-27": [_levy(levy, digits) for levy in line.allowances],
            "BG-28": [_levy(levy, digits) for levy in line.charges],
            "BG-32": _unit_word(line.unit_word),
        }
    )


def _unit_word(word: str) -> Sequence[Terms]:
    """A unit without a code is named as an attribute of what is sold."""
    return [{"BT-160": "unit", "BT-161": word}] if word else []

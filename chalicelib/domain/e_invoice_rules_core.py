"""EN 16931's rules that concern every invoice: what must be there (BR), what must add up (BR-CO), and how (BR-DEC)."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from chalicelib.domain.countries import COUNTRIES
from chalicelib.domain.currencies import MINOR_UNITS
from chalicelib.domain.e_invoice import ZERO, EInvoice, Trader
from chalicelib.domain.e_invoice_rules import CENTS, Places, Rule, decimals, levies_in, levies_on_lines, unless

CATEGORIES = frozenset({"AE", "L", "M", "E", "S", "Z", "G", "O", "K", "B"})
TRANSFERS = frozenset({"30", "58"})
PREFIXES = COUNTRIES | {"EL", "XI", "1A"}


def _each_line(broken: Callable[[EInvoice, int], object], field: str) -> Callable[[EInvoice], Places]:
    return lambda invoice: (f"/lines/{place}/{field}" for place in range(len(invoice.lines)) if broken(invoice, place))


def _no_reason(*, charges: bool, on_lines: bool) -> Callable[[EInvoice], Places]:
    levies = levies_on_lines if on_lines else levies_in
    return lambda invoice: (
        f"{at}/reason"
        for at, is_charge, levy in levies(invoice)
        if is_charge is charges and not levy.reason and not levy.reason_code
    )


def _no_category(*, charges: bool) -> Callable[[EInvoice], Places]:
    return lambda invoice: (
        f"{at}/category" for at, is_charge, levy in levies_in(invoice) if is_charge is charges and not levy.category
    )


def _traders(invoice: EInvoice) -> tuple[tuple[str, Trader], ...]:
    return ("/seller", invoice.seller), ("/buyer", invoice.buyer)


def _odd_prefix(invoice: EInvoice) -> Places:
    for at, one in _traders(invoice):
        if one.vat_id and one.vat_id[:2] not in PREFIXES:
            yield f"{at}/vat_id"


def _odd_country(invoice: EInvoice) -> Places:
    for at, one in _traders(invoice):
        if one.address.country and one.address.country not in PREFIXES:
            yield f"{at}/address/country"


def _is_identified(one: Trader) -> bool:
    return bool(one.vat_id or one.identifiers or one.legal_id)


def _tax_is_near(base: Decimal, tax: Decimal, rate: Decimal | None) -> bool:
    """BR-CO-17 with the tolerance that the Schematron has: less than one unit of the currency."""
    if not rate:
        return round(tax) == 0
    return abs(abs(tax) - abs(base) * rate / 100) < 1


def _amounts(invoice: EInvoice) -> Iterator[tuple[str, str, Decimal]]:
    """Every amount: the rule that limits its decimals, its place, and itself."""
    for at, charges, levy in levies_in(invoice):
        yield "BR-DEC-05" if charges else "BR-DEC-01", f"{at}/amount", levy.amount
        yield "BR-DEC-06" if charges else "BR-DEC-02", f"{at}/base", levy.base or ZERO
    sums = invoice.sums
    for id, name, amount in (
        ("09", "lines", sums.lines),
        ("10", "allowances", sums.allowances),
        ("11", "charges", sums.charges),
        ("12", "net", sums.net),
        ("13", "tax", sums.tax),
        ("14", "total", sums.total),
        ("16", "paid", sums.paid),
        ("17", "rounding", sums.rounding),
        ("18", "due", sums.due),
    ):
        yield f"BR-DEC-{id}", f"/sums/{name}", amount
    for number, group in enumerate(invoice.vat):
        yield "BR-DEC-19", f"/vat/{number}/base", group.base
        yield "BR-DEC-20", f"/vat/{number}/tax", group.tax
    for number, line in enumerate(invoice.lines):
        yield "BR-DEC-23", f"/lines/{number}/net", line.net
    for at, charges, levy in levies_on_lines(invoice):
        yield "BR-DEC-27" if charges else "BR-DEC-24", f"{at}/amount", levy.amount
        yield "BR-DEC-28" if charges else "BR-DEC-25", f"{at}/base", levy.base or ZERO


def _too_fine(id: str) -> Callable[[EInvoice], Places]:
    return lambda invoice: (at for rule, at, amount in _amounts(invoice) if rule == id and decimals(amount) > CENTS)


PRESENT = (
    Rule("BR-02", "An invoice has a number.", lambda e: unless(e.number.strip(), "/number")),
    Rule("BR-06", "The seller has a name.", lambda e: unless(e.seller.name.strip(), "/seller/name")),
    Rule("BR-07", "The buyer has a name.", lambda e: unless(e.buyer.name.strip(), "/buyer/name")),
    Rule(
        "BR-09",
        "The seller's address names its country.",
        lambda e: unless(e.seller.address.country, "/seller/address"),
    ),
    Rule(
        "BR-11", "The buyer's address names its country.", lambda e: unless(e.buyer.address.country, "/buyer/address")
    ),
    Rule("BR-16", "An invoice has at least one line.", lambda e: unless(e.lines, "/lines")),
    Rule("BR-21", "A line has an identifier.", _each_line(lambda e, n: not e.lines[n].id, "id")),
    Rule("BR-25", "What a line sells has a name.", _each_line(lambda e, n: not e.lines[n].name.strip(), "name")),
    Rule("BR-27", "A price is not below zero.", _each_line(lambda e, n: e.lines[n].price < 0, "price")),
    Rule("BR-CO-04", "A line has a category of VAT.", _each_line(lambda e, n: not e.lines[n].category, "category")),
    Rule(
        "BR-29",
        "A period ends on the day it begins or later.",
        lambda e: unless(e.period is None or e.period.end >= e.period.start, "/period/end"),
    ),
    Rule("BR-32", "An allowance has a category of VAT.", _no_category(charges=False)),
    Rule("BR-33", "An allowance has a reason.", _no_reason(charges=False, on_lines=False)),
    Rule("BR-37", "A charge has a category of VAT.", _no_category(charges=True)),
    Rule("BR-38", "A charge has a reason.", _no_reason(charges=True, on_lines=False)),
    Rule("BR-42", "An allowance on a line has a reason.", _no_reason(charges=False, on_lines=True)),
    Rule("BR-44", "A charge on a line has a reason.", _no_reason(charges=True, on_lines=True)),
    Rule(
        "BR-48",
        "A group of VAT has a rate, unless nothing is subject to it.",
        lambda e: (f"/vat/{n}/rate" for n, one in enumerate(e.vat) if one.rate is None and one.category != "O"),
    ),
    Rule(
        "BR-55",
        "An invoice that is corrected is named by its number.",
        lambda e: (f"/preceding/{n}/number" for n, one in enumerate(e.preceding) if not one.number),
    ),
    Rule(
        "BR-57",
        "Where it is delivered to has a country.",
        lambda e: unless(e.delivered_to is None or e.delivered_to.country, "/delivered_to/country"),
    ),
    Rule(
        "BR-61",
        "A transfer names the account.",
        lambda e: unless(e.paying is None or e.paying.code not in TRANSFERS or e.paying.account, "/paying/account"),
    ),
    Rule(
        "BR-62",
        "The seller's electronic address has a scheme.",
        lambda e: unless(e.seller.endpoint is None or e.seller.endpoint.scheme, "/seller/endpoint"),
    ),
    Rule(
        "BR-63",
        "The buyer's electronic address has a scheme.",
        lambda e: unless(e.buyer.endpoint is None or e.buyer.endpoint.scheme, "/buyer/endpoint"),
    ),
    Rule("BR-CL-04", "The currency is one of ISO 4217.", lambda e: unless(e.currency in MINOR_UNITS, "/currency")),
    Rule("BR-CL-14", "Countries are those of ISO 3166-1.", _odd_country),
    Rule(
        "BR-CL-18",
        "A category of VAT is one of UNTDID 5305.",
        _each_line(lambda e, n: e.lines[n].category not in CATEGORIES, "category"),
    ),
    Rule("BR-CO-09", "A VAT number begins with the code of its country.", _odd_prefix),
    Rule(
        "BR-CO-26",
        "The seller is identified by a VAT number, a register's number or another one.",
        lambda e: unless(_is_identified(e.seller), "/seller"),
    ),
)

ADDING_UP = (
    Rule(
        "BR-CO-10",
        "The sum of the lines is the sum of their nets.",
        lambda e: unless(e.sums.lines == sum((line.net for line in e.lines), ZERO), "/sums/lines"),
    ),
    Rule(
        "BR-CO-11",
        "The sum of the allowances is what they come to.",
        lambda e: unless(e.sums.allowances == sum((one.amount for one in e.allowances), ZERO), "/sums/allowances"),
    ),
    Rule(
        "BR-CO-12",
        "The sum of the charges is what they come to.",
        lambda e: unless(e.sums.charges == sum((one.amount for one in e.charges), ZERO), "/sums/charges"),
    ),
    Rule(
        "BR-CO-13",
        "The net is the lines, less the allowances, plus the charges.",
        lambda e: unless(e.sums.net == e.sums.lines - e.sums.allowances + e.sums.charges, "/sums/net"),
    ),
    Rule(
        "BR-CO-14",
        "The VAT is the sum of its groups.",
        lambda e: unless(e.sums.tax == sum((group.tax for group in e.vat), ZERO), "/sums/tax"),
    ),
    Rule(
        "BR-CO-15",
        "The total is the net plus the VAT.",
        lambda e: unless(e.sums.total == e.sums.net + e.sums.tax, "/sums/total"),
    ),
    Rule(
        "BR-CO-16",
        "What is due is the total, less what is paid, plus the rounding.",
        lambda e: unless(e.sums.due == e.sums.total - e.sums.paid + e.sums.rounding, "/sums/due"),
    ),
    Rule(
        "BR-CO-17",
        "The VAT of a group is its base times its rate.",
        lambda e: (f"/vat/{n}/tax" for n, one in enumerate(e.vat) if not _tax_is_near(one.base, one.tax, one.rate)),
    ),
    Rule("BR-CO-18", "There is at least one group of VAT.", lambda e: unless(e.vat, "/vat")),
)

DECIMAL_RULES = (1, 2, 5, 6, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 23, 24, 25, 27, 28)
FINE = tuple(
    Rule(f"BR-DEC-{number:02}", "Amounts have at most two decimals.", _too_fine(f"BR-DEC-{number:02}"))
    for number in DECIMAL_RULES
)
CORE = PRESENT + ADDING_UP + FINE

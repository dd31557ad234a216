"""EN 16931's rules for each category of VAT: the same ten, with what differs as data.

S standard, Z zero, E exempt, AE reverse charge, K within the EU, G export, O outside the scope of tax.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from chalicelib.domain.e_invoice import ZERO, EInvoice, VatGroup
from chalicelib.domain.e_invoice_rules import Places, Rule, levies_in, unless
from chalicelib.domain.values import dataclass

Borne = Iterator[tuple[str, Decimal | None, Decimal]]
"""What of an invoice is of one category: its place, its rate, what it adds to the base."""
Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What is wanted of a category of VAT.

    letters: in the names of its rules; seller: whether it must be registered ("any", or by "vat" number; "none": must
    not be); buyer: the same; taxed: whether its rate is above zero; reasoned: whether it says why there is no tax.
    """

    code: str
    name: str
    letters: str
    seller: str
    buyer: str = ""
    taxed: bool = False
    reasoned: bool = True


KNOWN = (
    Category(code="S", name="standard", letters="S", seller="any", taxed=True, reasoned=False),
    Category(code="Z", name="zero rated", letters="Z", seller="any", reasoned=False),
    Category(code="E", name="exempt", letters="E", seller="any"),
    Category(code="AE", name="reverse charge", letters="AE", seller="any", buyer="any"),
    Category(code="K", name="within the EU", letters="IC", seller="vat", buyer="vat"),
    Category(code="G", name="export", letters="G", seller="vat"),
    Category(code="O", name="outside the scope", letters="O", seller="none", buyer="none"),
)


def _on_lines(invoice: EInvoice, code: str) -> Borne:
    for number, line in enumerate(invoice.lines):
        if line.category == code:
            yield f"/lines/{number}", line.rate, line.net


def _on_allowances(invoice: EInvoice, code: str) -> Borne:
    return (
        (at, one.rate, -one.amount) for at, charges, one in levies_in(invoice) if not charges and one.category == code
    )


def _on_charges(invoice: EInvoice, code: str) -> Borne:
    return ((at, one.rate, one.amount) for at, charges, one in levies_in(invoice) if charges and one.category == code)


BORNE = (
    ("02", "05", "line", _on_lines),
    ("03", "06", "allowance", _on_allowances),
    ("04", "07", "charge", _on_charges),
)


def _all(invoice: EInvoice, code: str) -> list[tuple[str, Decimal | None, Decimal]]:
    return [one for _, _, _, borne in BORNE for one in borne(invoice, code)]


def _groups(invoice: EInvoice, code: str) -> list[tuple[str, VatGroup]]:
    return [(f"/vat/{number}", group) for number, group in enumerate(invoice.vat) if group.category == code]


def _is_known(invoice: EInvoice, kind: Category) -> bool:
    seller, buyer = invoice.seller, invoice.buyer
    sells = {
        "any": bool(seller.vat_id or seller.tax_id),
        "vat": bool(seller.vat_id),
        "none": not seller.vat_id,
    }[kind.seller]
    buys = {
        "": True,
        "any": bool(buyer.vat_id or buyer.legal_id),
        "vat": bool(buyer.vat_id),
        "none": not buyer.vat_id,
    }[kind.buyer]
    return sells and buys


def _rate_fits(rate: Decimal | None, kind: Category) -> bool:
    if kind.code == "O":
        return rate is None
    return rate is not None and (rate > 0 if kind.taxed else rate == 0)


def _base_fits(invoice: EInvoice, group: VatGroup, kind: Category) -> bool:
    """What bears the rate, to the cent, as the norm and the Schematron of CII have it; that of UBL lets 0.99 pass."""
    borne = (amount for _, rate, amount in _all(invoice, kind.code) if not kind.taxed or rate == group.rate)
    return group.base == sum(borne, ZERO)


def _tax_fits(group: VatGroup, kind: Category) -> bool:
    if not kind.taxed:
        return group.tax == 0
    return abs(abs(group.tax) - abs(group.base) * (group.rate or ZERO) / 100) < 1


def _grouped(kind: Category) -> Callable[[EInvoice], Places]:
    def broken(invoice: EInvoice) -> Places:
        groups, borne = len(_groups(invoice, kind.code)), bool(_all(invoice, kind.code))
        return unless(bool(groups) == borne and (kind.taxed or groups <= 1), "/vat")

    return broken


def _rules(kind: Category) -> tuple[Rule, ...]:
    return (
        Rule(
            f"BR-{kind.letters}-01",
            f"What is of category {kind.code} has its group of VAT, and only that.",
            _grouped(kind),
        ),
        *(rule for numbers in BORNE for rule in _borne_rules(kind, *numbers)),
        *_group_rules(kind),
    )


def _borne_rules(kind: Category, who: str, rate: str, what: str, borne: Callable[[EInvoice, str], Borne]) -> Rules:
    """Of lines, allowances or charges: who must be registered for them, and at what rate they are."""

    def unregistered(invoice: EInvoice) -> Places:
        return unless(_is_known(invoice, kind) or not list(borne(invoice, kind.code)), "/seller")

    def misrated(invoice: EInvoice) -> Places:
        return (f"{at}/rate" for at, rate, _ in borne(invoice, kind.code) if not _rate_fits(rate, kind))

    wanted = "not told" if kind.code == "O" else "above 0" if kind.taxed else "0"
    return (
        Rule(f"BR-{kind.letters}-{who}", f"For a {what} of category {kind.code} {_who(kind)}.", unregistered),
        Rule(f"BR-{kind.letters}-{rate}", f"The rate of a {what} of category {kind.code} is {wanted}.", misrated),
    )


def _group_rules(kind: Category) -> Rules:
    code, name = kind.code, f"BR-{kind.letters}"
    why = "says" if kind.reasoned else "does not say"
    return (
        Rule(
            f"{name}-08",
            f"The base of a group of category {code} is what bears it.",
            lambda e: (f"{at}/base" for at, one in _groups(e, code) if not _base_fits(e, one, kind)),
        ),
        Rule(
            f"{name}-09",
            f"The VAT of a group of category {code} is its base times its rate.",
            lambda e: (f"{at}/tax" for at, one in _groups(e, code) if not _tax_fits(one, kind)),
        ),
        Rule(
            f"{name}-10",
            f"A group of category {code} {why} why there is no tax.",
            lambda e: (
                f"{at}/reason" for at, one in _groups(e, code) if bool(one.reason or one.reason_code) != kind.reasoned
            ),
        ),
    )


def _who(kind: Category) -> str:
    seller = {
        "any": "the seller gives a number for taxes",
        "vat": "the seller gives its VAT number",
        "none": "neither seller nor buyer gives a VAT number",
    }[kind.seller]
    buyer = {"any": ", and the buyer a VAT or register's number", "vat": ", and the buyer its VAT number"}
    return seller + buyer.get(kind.buyer, "")


def _has(code: str) -> Callable[[EInvoice], bool]:
    return lambda invoice: bool(_groups(invoice, code))


def _only_outside(places: Callable[[EInvoice], Iterator[str]]) -> Callable[[EInvoice], Places]:
    return lambda invoice: places(invoice) if _has("O")(invoice) else ()


WITHIN_EU = (
    Rule(
        "BR-IC-11",
        "A supply within the EU tells the day of delivery or the period.",
        lambda e: unless(not _has("K")(e) or e.delivered_on or e.period, "/period"),
    ),
    Rule(
        "BR-IC-12",
        "A supply within the EU tells the country it goes to.",
        lambda e: unless(not _has("K")(e) or (e.delivered_to and e.delivered_to.country), "/delivered_to"),
    ),
)
OUTSIDE = (
    Rule(
        "BR-O-11",
        "What is outside the scope of VAT is alone on its invoice.",
        _only_outside(lambda e: (f"/vat/{n}" for n, one in enumerate(e.vat) if one.category != "O")),
    ),
    Rule(
        "BR-O-12",
        "Beside what is outside the scope of VAT no line is within it.",
        _only_outside(lambda e: (f"/lines/{n}/category" for n, one in enumerate(e.lines) if one.category != "O")),
    ),
    Rule(
        "BR-O-13",
        "Beside what is outside the scope of VAT no allowance is within it.",
        _only_outside(lambda e: (at for at, charges, one in levies_in(e) if not charges and one.category != "O")),
    ),
    Rule(
        "BR-O-14",
        "Beside what is outside the scope of VAT no charge is within it.",
        _only_outside(lambda e: (at for at, charges, one in levies_in(e) if charges and one.category != "O")),
    ),
)
VAT = tuple(rule for kind in KNOWN for rule in _rules(kind)) + WITHIN_EU + OUTSIDE

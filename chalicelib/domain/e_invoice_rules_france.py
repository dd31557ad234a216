"""What France's platforms want beyond EN 16931 (BR-FR-Flux2 1.4.0, for AFNOR XP Z12-012)."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from chalicelib.domain.e_invoice import CREDIT_NOTES, DEPOSITS, EInvoice, Identifier, Trader
from chalicelib.domain.e_invoice_rules import Places, Rule, decimals, levies_in, levies_on_lines, unless

NUMBER = re.compile(r"[A-Za-z0-9+\-_/]+")
DIRECTORY = re.compile(r"[A-Za-z0-9+\-_.]+")
SIREN = re.compile(r"\d{9}")
SIRET = re.compile(r"\d{14}")
TYPES = frozenset(
    {"380", "389", "393", "501", "386", "500", "384", "471", "472", "473", "261", "262", "381", "396", "502", "503"}
)
CORRECTING = frozenset({"384", "471", "472", "473"})
SELF_BILLED = frozenset({"389", "501", "500", "471", "473", "261", "502"})
PROCESSES = frozenset(
    {"B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6", "B7", "S7", "B8", "S8", "M8"}
    | {"B9", "S9", "M9"}
)
PAID, FINAL = frozenset({"B2", "S2", "M2"}), frozenset({"B4", "S4", "M4"})
CATEGORIES = frozenset({"S", "E", "AE", "K", "G", "O", "Z"})
_RATES = ("0", "0.9", "1.05", "1.75", "2.1", "5.5", "7", "8.5", "9.2", "9.6", "10", "13", "19.6", "20", "20.6")
RATES = frozenset(Decimal(rate) for rate in _RATES)
TREATMENTS = frozenset({"B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY"})
REMARKS = {"PMT": "the fee for recovery", "PMD": "the penalties for late payment", "AAB": "the discount"}
LONGEST_NUMBER, LONGEST_ADDRESS = 35, 125
CENTURY = (2000, 2099)
FRENCH_ADDRESS = "0225"


def _numbers(invoice: EInvoice) -> Iterator[tuple[str, str]]:
    yield "/number", invoice.number
    for place, one in enumerate(invoice.preceding):
        yield f"/preceding/{place}/number", one.number


def _days(invoice: EInvoice) -> Iterator[tuple[str, date | None]]:
    yield "/issued_on", invoice.issued_on
    yield "/due_on", invoice.due_on
    yield "/delivered_on", invoice.delivered_on
    if invoice.period:
        yield "/period/start", invoice.period.start
        yield "/period/end", invoice.period.end
    for place, one in enumerate(invoice.preceding):
        yield f"/preceding/{place}/issued_on", one.issued_on


def _traders(invoice: EInvoice) -> tuple[tuple[str, Trader], ...]:
    return ("/seller", invoice.seller), ("/buyer", invoice.buyer)


def _of_scheme(one: Trader, scheme: str) -> str:
    return next((id.value for id in one.identifiers if id.scheme == scheme), "")


def _siren(one: Trader) -> str:
    return one.legal_id.value if one.legal_id and one.legal_id.scheme == "0002" else ""


def _treatments(invoice: EInvoice) -> list[str]:
    return [note.text for note in invoice.notes if note.subject == "BAR"]


def _is_between_french(invoice: EInvoice) -> bool:
    return "B2B" in _treatments(invoice)


def _remarks(subject: str, fits: Callable[[int], bool]) -> Callable[[EInvoice], Places]:
    return lambda invoice: unless(fits(sum(note.subject == subject for note in invoice.notes)), "/notes")


def _odd_siret(invoice: EInvoice) -> Places:
    for at, one in _traders(invoice):
        siret = _of_scheme(one, "0009")
        if siret and not (SIRET.fullmatch(siret) and siret.startswith(_siren(one))):
            yield f"{at}/identifiers"


def _odd_legal_id(invoice: EInvoice) -> Places:
    for at, one in _traders(invoice):
        if one.legal_id and one.legal_id.scheme == "0002" and not SIREN.fullmatch(one.legal_id.value):
            yield f"{at}/legal_id"


def _leads_home(endpoint: Identifier | None, one: Trader) -> bool:
    """Whether an electronic address is in France's directory, under the SIREN."""
    return endpoint is not None and endpoint.scheme == FRENCH_ADDRESS and endpoint.value.startswith(_siren(one))


def _odd_endpoint(fits: Callable[[Identifier], object]) -> Callable[[EInvoice], Places]:
    return lambda invoice: (
        f"{at}/endpoint" for at, one in _traders(invoice) if one.endpoint and not fits(one.endpoint)
    )


def _rates(invoice: EInvoice) -> Iterator[tuple[str, Decimal | None]]:
    for place, group in enumerate(invoice.vat):
        yield f"/vat/{place}/rate", group.rate
    for place, line in enumerate(invoice.lines):
        yield f"/lines/{place}/rate", line.rate
    for at, _, levy in levies_in(invoice):
        yield f"{at}/rate", levy.rate


def _categories(invoice: EInvoice) -> Iterator[tuple[str, str]]:
    for place, group in enumerate(invoice.vat):
        yield f"/vat/{place}/category", group.category
    for place, line in enumerate(invoice.lines):
        yield f"/lines/{place}/category", line.category
    for at, _, levy in levies_in(invoice):
        yield f"{at}/category", levy.category


def _fractions(invoice: EInvoice, most: int, *names: str) -> Places:
    for place, line in enumerate(invoice.lines):
        for name in names:
            if decimals(getattr(line, name)) > most:
                yield f"/lines/{place}/{name}"


def _fine_amounts(invoice: EInvoice) -> Places:
    for levies in (levies_in, levies_on_lines):
        for at, _, levy in levies(invoice):
            if decimals(levy.amount) > 2:  # noqa: PLR2004 - cents
                yield f"{at}/amount"


IDENTIFYING = (
    Rule(
        "BR-FR-01",
        "A number has at most 35 characters.",
        lambda e: (at for at, number in _numbers(e) if len(number) > LONGEST_NUMBER),
    ),
    Rule(
        "BR-FR-02",
        "A number has letters, digits and + - _ / only.",
        lambda e: (at for at, number in _numbers(e) if not NUMBER.fullmatch(number)),
    ),
    Rule(
        "BR-FR-03",
        "A day is of this century.",
        lambda e: (at for at, day in _days(e) if day and not CENTURY[0] <= day.year <= CENTURY[1]),
    ),
    Rule("BR-FR-04", "The type is one that platforms take.", lambda e: unless(e.type_code in TYPES, "/type_code")),
    Rule("BR-FR-08", "The case of billing is told.", lambda e: unless(e.process in PROCESSES, "/process")),
    Rule("BR-FR-09", "A SIRET has 14 digits and begins with the SIREN.", _odd_siret),
    Rule("BR-FR-10", "The seller's SIREN is told.", lambda e: unless(SIREN.fullmatch(_siren(e.seller)), "/seller")),
    Rule(
        "BR-FR-11",
        "The buyer's SIREN is told to another French company.",
        lambda e: unless(not _is_between_french(e) or SIREN.fullmatch(_siren(e.buyer)), "/buyer/legal_id"),
    ),
    Rule("BR-FR-12", "The buyer has an electronic address.", lambda e: unless(e.buyer.endpoint, "/buyer/endpoint")),
    Rule("BR-FR-13", "The seller has an electronic address.", lambda e: unless(e.seller.endpoint, "/seller/endpoint")),
    Rule(
        "BR-FR-21",
        "A French company is reached in the directory, under its SIREN.",
        lambda e: unless(
            not _is_between_french(e) or e.type_code in SELF_BILLED or _leads_home(e.buyer.endpoint, e.buyer),
            "/buyer/endpoint",
        ),
    ),
    Rule(
        "BR-FR-23",
        "An address in the directory has letters, digits and + - _ . only.",
        _odd_endpoint(lambda one: one.scheme != FRENCH_ADDRESS or DIRECTORY.fullmatch(one.value)),
    ),
    Rule(
        "BR-FR-25",
        "An electronic address has at most 125 characters.",
        _odd_endpoint(lambda one: len(one.value) <= LONGEST_ADDRESS),
    ),
    Rule("BR-FR-32", "A SIREN has 9 digits.", _odd_legal_id),
)
REMARKING = (
    *(
        Rule("BR-FR-05", f"A remark tells {what} ({subject}).", _remarks(subject, bool))
        for subject, what in REMARKS.items()
    ),
    *(
        Rule("BR-FR-06", f"A remark of {subject} stands once.", _remarks(subject, lambda count: count <= 1))
        for subject in (*REMARKS, "TXD")
    ),
    Rule(
        "BR-FR-20",
        "A remark of BAR names a treatment.",
        lambda e: unless(TREATMENTS.issuperset(_treatments(e)), "/notes"),
    ),
    Rule("BR-FR-31", "A remark of BAR stands once.", lambda e: unless(len(_treatments(e)) <= 1, "/notes")),
)
FITTING = (
    Rule(
        "BR-FR-15",
        "A category of VAT is one of those of France.",
        lambda e: (at for at, category in _categories(e) if category not in CATEGORIES),
    ),
    Rule(
        "BR-FR-16",
        "A rate of VAT is one of those of France.",
        lambda e: (at for at, rate in _rates(e) if rate is not None and rate not in RATES),
    ),
    Rule(
        "BR-CO-25",
        "What is due has a day by which it is, or terms.",
        lambda e: unless(e.sums.due <= 0 or e.due_on or e.terms, "/due_on"),
    ),
    Rule(
        "BR-FR-CO-04",
        "A correcting invoice names the one that it corrects.",
        lambda e: unless(e.type_code not in CORRECTING or len(e.preceding) == 1, "/preceding"),
    ),
    Rule(
        "BR-FR-CO-05",
        "A credit note names an invoice and its day.",
        lambda e: unless(
            e.type_code not in CREDIT_NOTES - {"262"} or any(one.issued_on for one in e.preceding), "/preceding"
        ),
    ),
    Rule(
        "BR-FR-CO-07",
        "It is not due before it is issued.",
        lambda e: unless(
            e.due_on is None or e.due_on >= e.issued_on or e.type_code in DEPOSITS or e.process in PAID, "/due_on"
        ),
    ),
    Rule(
        "BR-FR-CO-08",
        "What follows a deposit is no deposit.",
        lambda e: unless(e.process not in FINAL or e.type_code not in DEPOSITS, "/process"),
    ),
    Rule(
        "BR-FR-CO-09",
        "What is paid already is paid wholly.",
        lambda e: unless(e.process not in PAID or (e.sums.paid == e.sums.total and e.due_on), "/process"),
    ),
    Rule("BR-FR-CO-12", "VAT is told in euros.", lambda e: unless(e.currency == "EUR", "/currency")),
    Rule("BR-FR-DEC-01", "Amounts have at most two decimals.", _fine_amounts),
    Rule(
        "BR-FR-DEC-02",
        "Quantities have at most four decimals.",
        lambda e: _fractions(e, 4, "quantity", "base_quantity"),
    ),
    Rule("BR-FR-DEC-03", "Prices have at most six decimals.", lambda e: _fractions(e, 6, "price")),
    Rule(
        "BR-FR-DEC-04",
        "Rates have at most two decimals.",
        lambda e: (at for at, rate in _rates(e) if rate is not None and decimals(rate) > 2),  # noqa: PLR2004
    ),
)
FRANCE = IDENTIFYING + REMARKING + FITTING

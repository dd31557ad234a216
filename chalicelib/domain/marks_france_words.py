"""What the marks of French law say, in the reader's language."""

from decimal import Decimal
from typing import Final

from chalicelib.domain.identifiers import siren_of, words_of
from chalicelib.domain.late_fee import LateFeeTerms, raised
from chalicelib.domain.legal import Operations
from chalicelib.domain.letterhead import styled
from chalicelib.domain.mark import Case
from chalicelib.domain.statutory_rates import STATUTES, StatutoryRate
from chalicelib.domain.wording import Wording

OPERATIONS: Final = {
    Operations.GOODS: "Delivery of goods",
    Operations.SERVICES: "Supply of services",
    Operations.MIXED: "Delivery of goods and supply of services",
}


def trade_register(case: Case) -> str | None:
    """As registered, such as RCS Paris B 732 829 320."""
    entries = (entry for entry in case.seller.registrations if "RCS" in words_of(entry.name, entry.number))
    return next((f"{entry.name} {entry.number}".strip() for entry in entries), None)


def identity(case: Case, wording: Wording) -> str:
    siren = siren_of(case.seller)
    parts = (f"SIREN {_grouped(siren)}" if siren else None, trade_register(case))
    return ", ".join((styled(case.seller, wording), *filter(None, parts))) + "."


def _grouped(siren: str) -> str:
    return f"{siren[:3]}\u00a0{siren[3:6]}\u00a0{siren[6:]}"


def penalties(case: Case, wording: Wording) -> str:
    """The rate that was agreed on, never under the least that the law allows; else the law's, as far as it is known."""
    terms, law = case.buyer.late_fee or case.seller.late_fee or LateFeeTerms(), STATUTES["FR"]
    known = next((rate for rate in (*terms.rates, *law.rates) if rate.since <= case.on <= rate.until), None)
    rate = _rate(terms.yearly_rate_percent, known, wording)
    return wording.text("Late payment penalties, from the day after the due date: {rate}.", rate=rate)


def recovery(_: Case, wording: Wording) -> str:
    law = STATUTES["FR"]
    words = "Fixed sum for the cost of collection where payment is late: {amount} ({law})."
    return wording.text(words, amount=wording.money(law.recovery), law=law.law)


def _rate(agreed: Decimal | None, known: StatutoryRate | None, wording: Wording) -> str:
    if agreed is not None:
        percent = raised(agreed, known.floor if known else None)
        return wording.text("{percent} a year", percent=wording.percent(percent))
    if known:
        words = "{percent} a year (refinancing rate of the European Central Bank plus 10 points)"
        return wording.text(words, percent=wording.percent(known.percent))
    return wording.text("the refinancing rate of the European Central Bank plus 10 points a year")


def discount(case: Case, wording: Wording) -> str:
    given = case.seller.legal.early_discount
    if given is None:
        return wording.text("Discount for early payment: none.")
    return wording.text("Discount for early payment: {terms}", terms=given)


def exempt_by_293_b(_: Case, wording: Wording) -> str:
    return wording.text("VAT not applicable, art. 293 B of the CGI.")


def exempt_since_2028(_: Case, wording: Wording) -> str:
    return wording.text("VAT not applicable, small business exemption.")


def debits(_: Case, wording: Wording) -> str:
    return wording.text("The seller has opted to pay VAT on debits.")


def operations(case: Case, wording: Wording) -> str:
    said = wording.text(OPERATIONS[case.seller.legal.operations or Operations.MIXED])
    return wording.text("Nature of the operation: {operations}.", operations=said)


def siren_of_buyer(case: Case, wording: Wording) -> str:
    return wording.text("SIREN of the client: {number}.", number=_grouped(siren_of(case.buyer) or ""))


def insurance(case: Case, wording: Wording) -> str:
    insured = case.seller.legal.insurance
    assert insured is not None
    contract = wording.text("contract {number}", number=insured.contract) if insured.contract else ""
    area = wording.text("covering {area}", area=insured.area) if insured.area else ""
    insurer = ", ".join(filter(None, (insured.insurer, contract, area)))
    return wording.text("Professional insurance: {insurer}.", insurer=insurer)

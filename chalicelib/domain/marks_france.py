"""What France wants on papers between businesses, and on those for consumers.

Sources: code de commerce (C. com.), code général des impôts (CGI) and its annexe II (Ann. II, art. 242 nonies A). The
articles on VAT went over to the code des impositions sur les biens et services on 2026-09-01 (ordonnance 2025-1247);
invoices may name those of the CGI until 2027-12-31. What e-invoicing adds is wanted from 2026-09-01 of large and
mid-size businesses, from 2027-09-01 of the others (loi 2023-1322, art. 91).
"""

from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.identifiers import siren_of, vat_number_of
from chalicelib.domain.late_fee import LateFeeTerms, raised
from chalicelib.domain.legal import Operations, Size, VatScheme
from chalicelib.domain.mark import ALL, BILLS, INVOICES, Case, Need, PaperKind, Rule
from chalicelib.domain.statutory_rates import STATUTES, StatutoryRate
from chalicelib.domain.wording import Wording

FRANCE: Final = frozenset({"FR"})
SMALL_INVOICE: Final = 150
"""Up to so many euros without VAT, the seller's VAT number may be left out."""
LAST_DAY_OF_CGI, FIRST_DAY_OF_CIBS = date(2027, 12, 31), date(2028, 1, 1)
E_INVOICES: Final = {Size.LARGE: date(2026, 9, 1), Size.SMALL: date(2027, 9, 1)}
OFFERS: Final = INVOICES | {PaperKind.QUOTE}
COMPANIES: Final = frozenset({"SARL", "EURL", "SAS", "SASU", "SA", "SNC", "SCS", "SCA", "SELARL", "SELAS", "SELAFA"})
"""Forms whose papers state their capital and where they are registered."""
OPERATIONS: Final = {
    Operations.GOODS: "Delivery of goods",
    Operations.SERVICES: "Supply of services",
    Operations.MIXED: "Delivery of goods and supply of services",
}
REGISTRATIONS: Final = "tax_registrations of the business"


def _is_company(case: Case) -> bool:
    return (case.seller.legal.form or "").upper().replace(".", "") in COMPANIES


def _trade_register(case: Case) -> str | None:
    """As registered, such as RCS Paris B 732 829 320."""
    entries = (entry for entry in case.seller.registrations if "RCS" in f"{entry.name} {entry.number}".upper())
    return next((f"{entry.name} {entry.number}" for entry in entries), None)


def _identity(case: Case, wording: Wording) -> str:
    seller, siren = case.seller, siren_of(case.seller)
    form, capital = seller.legal.form, seller.legal.capital
    if form and capital:
        form = wording.text("{form} with a capital of {amount}", form=form, amount=wording.money(capital))
    parts = (form, f"SIREN {_grouped(siren)}" if siren else None, _trade_register(case))
    return ", ".join((seller.legal_name or seller.name, *filter(None, parts))) + "."


def _grouped(siren: str) -> str:
    return f"{siren[:3]}\u00a0{siren[3:6]}\u00a0{siren[6:]}"


def _between_businesses(case: Case) -> bool:
    return not case.buyer.consumer


def _is_taxable_person(case: Case) -> bool:
    return bool(case.buyer.registrations) and not case.buyer.consumer


def _at_home(case: Case) -> bool:
    return case.buyer.address.country == "FR" and not case.buyer.consumer


def _has_siren(case: Case) -> bool:
    return _at_home(case) and siren_of(case.buyer) is not None


def _charges_vat(case: Case) -> bool:
    return bool(case.taxed) and case.figures.net_total.decimal > SMALL_INVOICE


def _in_franchise(case: Case) -> bool:
    return case.seller.legal.vat_scheme is VatScheme.FRANCHISE


def _on_debits(case: Case) -> bool:
    return case.seller.legal.vat_scheme is VatScheme.DEBITS and bool(case.taxed)


def _is_exempt(case: Case) -> bool:
    return "E" in case.categories and not _in_franchise(case)


def _is_insured(case: Case) -> bool:
    return case.seller.legal.insurance is not None


def _penalties(case: Case, wording: Wording) -> str:
    """The rate that was agreed on, never under the least that the law allows; else the law's, as far as it is known."""
    terms, law = case.buyer.late_fee or case.seller.late_fee or LateFeeTerms(), STATUTES["FR"]
    known = next((rate for rate in (*terms.rates, *law.rates) if rate.since <= case.on <= rate.until), None)
    rate = _rate(terms.yearly_rate_percent, known, wording)
    return wording.text("Late payment penalties, from the day after the due date: {rate}.", rate=rate)


def _recovery(_: Case, wording: Wording) -> str:
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


def _discount(case: Case, wording: Wording) -> str:
    given = case.seller.legal.early_discount
    if given is None:
        return wording.text("Discount for early payment: none.")
    return wording.text("Discount for early payment: {terms}", terms=given)


def _not_applicable(_: Case, wording: Wording) -> str:
    return wording.text("VAT not applicable, art. 293 B of the CGI.")


def _not_applicable_since(_: Case, wording: Wording) -> str:
    return wording.text("VAT not applicable, small business exemption.")


def _debits(_: Case, wording: Wording) -> str:
    return wording.text("The seller has opted to pay VAT on debits.")


def _operations(case: Case, wording: Wording) -> str:
    said = wording.text(OPERATIONS[case.seller.legal.operations or Operations.MIXED])
    return wording.text("Nature of the operation: {operations}.", operations=said)


def _siren_of_buyer(case: Case, wording: Wording) -> str:
    return wording.text("SIREN of the client: {number}.", number=_grouped(siren_of(case.buyer) or ""))


def _insurance(case: Case, wording: Wording) -> str:
    insured = case.seller.legal.insurance
    assert insured is not None
    contract = wording.text("contract {number}", number=insured.contract) if insured.contract else ""
    area = wording.text("covering {area}", area=insured.area) if insured.area else ""
    insurer = ", ".join(filter(None, (insured.insurer, contract, area)))
    return wording.text("Professional insurance: {insurer}.", insurer=insurer)


SIREN = Need(what="the SIREN of the business", at=REGISTRATIONS, known=lambda case: siren_of(case.seller) is not None)
ADDRESS = Need(
    what="the address of the business",
    at="address of the business",
    known=lambda case: bool(case.seller.address.printed),
)
BUYER_ADDRESS = Need(
    what="the client's address", at="address of the client", known=lambda case: bool(case.buyer.address.printed)
)
CAPITAL = Need(
    what="the capital of the company",
    at="legal.capital of the business",
    known=lambda case: case.seller.legal.capital is not None,
)
REGISTER = Need(
    what="the trade register and its town (RCS)",
    at=REGISTRATIONS,
    known=lambda case: _trade_register(case) is not None,
)
VAT_NUMBER = Need(
    what="the VAT number of the business",
    at=f"registration_number of the tax rate, or {REGISTRATIONS}",
    known=lambda case: any(tax.registration_number for tax in case.taxed) or vat_number_of(case.seller) is not None,
)
NO_VAT = Need(
    what="an invoice without VAT, because the business is in franchise",
    at="legal.vat_scheme of the business",
    known=lambda case: not case.taxed,
)
REASON = Need(
    what="the article that exempts from VAT",
    at="exemption_reason of the tax rate",
    known=lambda case: all(tax.exemption_reason for tax in case.figures.taxes if tax.category == "E"),
)
BUYER_SIREN = Need(
    what="the client's SIREN",
    at="registrations of the client",
    known=lambda case: siren_of(case.buyer) is not None,
)
NATURE = Need(
    what="whether goods, services or both are sold",
    at="legal.operations of the business",
    known=lambda case: case.seller.legal.operations is not None,
)


def _new_marks(size: Size) -> tuple[Rule, ...]:
    """What e-invoicing adds, for businesses of a size."""
    source, since = "Ann. II, art. 242 nonies A, I (décret 2022-1299)", E_INVOICES[size]
    return (
        Rule(
            id=f"fr.buyer_siren.{size}",
            source=source,
            sellers=FRANCE,
            since=since,
            applies=lambda case: case.seller.legal.size is size and _at_home(case),
            needs=(BUYER_SIREN,),
        ),
        Rule(
            id=f"fr.operations.{size}",
            source=source,
            sellers=FRANCE,
            since=since,
            applies=lambda case: case.seller.legal.size is size and _between_businesses(case),
            needs=(NATURE,),
        ),
    )


RULES: Final = (
    Rule(
        id="fr.identity",
        source="C. com., art. R123-237",
        sellers=FRANCE,
        kinds=ALL,
        needs=(SIREN,),
        said=_identity,
        subject="REG",
    ),
    Rule(
        id="fr.company",
        source="C. com., art. R123-237 and R123-238",
        sellers=FRANCE,
        kinds=ALL,
        applies=_is_company,
        needs=(CAPITAL, REGISTER),
    ),
    Rule(id="fr.address", source="Ann. II, art. 242 nonies A, I-1", sellers=FRANCE, kinds=BILLS, needs=(ADDRESS,)),
    Rule(
        id="fr.buyer_address",
        source="Ann. II, art. 242 nonies A, I-1",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_is_taxable_person,
        needs=(BUYER_ADDRESS,),
    ),
    Rule(
        id="fr.vat_number",
        source="Ann. II, art. 242 nonies A, I-2",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_charges_vat,
        needs=(VAT_NUMBER,),
    ),
    Rule(
        id="fr.franchise",
        source="CGI, art. 293 B and 293 E",
        sellers=FRANCE,
        until=LAST_DAY_OF_CGI,
        kinds=ALL,
        applies=_in_franchise,
        needs=(NO_VAT,),
        said=_not_applicable,
    ),
    Rule(
        id="fr.franchise.cibs",
        source="code des impositions sur les biens et services (ordonnance 2025-1247)",
        sellers=FRANCE,
        since=FIRST_DAY_OF_CIBS,
        kinds=ALL,
        applies=_in_franchise,
        needs=(NO_VAT,),
        said=_not_applicable_since,
    ),
    Rule(
        id="fr.exemption",
        source="Ann. II, art. 242 nonies A, I-12",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_is_exempt,
        needs=(REASON,),
    ),
    Rule(
        id="fr.debits",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299); CGI, art. 269-2 c",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_on_debits,
        said=_debits,
    ),
    Rule(
        id="fr.operations",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299)",
        sellers=FRANCE,
        applies=lambda case: case.seller.legal.operations is not None,
        said=_operations,
    ),
    Rule(
        id="fr.buyer_siren",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299)",
        sellers=FRANCE,
        applies=_has_siren,
        said=_siren_of_buyer,
    ),
    *_new_marks(Size.LARGE),
    *_new_marks(Size.SMALL),
    Rule(
        id="fr.penalties",
        source="C. com., art. L441-9 and L441-10",
        sellers=FRANCE,
        applies=_between_businesses,
        said=_penalties,
        subject="PMD",
    ),
    Rule(
        id="fr.recovery",
        source="C. com., art. L441-9 and D441-5",
        sellers=FRANCE,
        applies=_between_businesses,
        said=_recovery,
        subject="PMT",
    ),
    Rule(
        id="fr.early_discount",
        source="C. com., art. L441-9",
        sellers=FRANCE,
        applies=_between_businesses,
        said=_discount,
        subject="AAB",
    ),
    Rule(
        id="fr.insurance",
        source="loi 96-603, art. 22-2",
        sellers=FRANCE,
        kinds=OFFERS,
        applies=_is_insured,
        said=_insurance,
    ),
)

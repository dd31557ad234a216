"""What Canada and Quebec want on invoices, on credit notes, and on what is offered.

The thresholds are those of the Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3, since 2021-04-20;
Quebec's are the same. An amount in another currency counts by its figure. A credit note has none: it names the number
under which its tax was charged, whatever it comes to.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identifiers import GST_NAMES, QST_NAMES, gst_number_of, qst_number_of, words_of
from chalicelib.domain.late_fee_document import rate_in_words
from chalicelib.domain.mark import CREDIT_NOTES, PRICED, Case, Need, Rule
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.wording import Wording

CANADA: Final = frozenset({"CA"})
THRESHOLDS: Final = date(2021, 4, 20)
SUPPLIER, RECIPIENT = 100, 500
"""From so many dollars on the supplier's numbers are wanted, and the recipient with the terms."""
QST_RATE: Final = Decimal("9.975")
FORBIDDEN: Final = frozenset({Decimal("14.975"), Decimal("14.97"), Decimal("9.97")})
"""No document may show them (Revenu Québec, "Preparing invoices"): GST and QST in one, and QST cut off."""
WRITTEN = re.compile(r"(?<![0-9])(14[.,]975?|9[.,]97)\s*%")
REGISTRATIONS: Final = "registration_number of the tax rate, or tax_registrations of the business"


def _federal(case: Case) -> tuple[TaxLine, ...]:
    return tuple(tax for tax in case.taxed if words_of(tax.name, tax.code) & GST_NAMES)


def _quebec(case: Case) -> tuple[TaxLine, ...]:
    """Whatever it is called, no other tax has its rate."""
    return tuple(tax for tax in case.taxed if words_of(tax.name, tax.code) & QST_NAMES or tax.rate_percent == QST_RATE)


def _is_forbidden(tax: TaxLine | TaxRate) -> bool:
    return tax.rate_percent in FORBIDDEN or WRITTEN.search(tax.name) is not None


def _shows_forbidden(case: Case) -> bool:
    return any(_is_forbidden(tax) for tax in case.taxed)


def must_be_apart(rates: Sequence[TaxRate], *, country: str) -> None:
    """Raise Invalid (``combined_rate``) for a rate that no paper of a Canadian business may show."""
    for n, rate in enumerate(rates):
        if country in CANADA and _is_forbidden(rate):
            detail = "No document may show this rate: GST (5 %) and QST (9.975 %) are two taxes, each at its own rate."
            raise Invalid("combined_rate", detail, at=f"/tax_rates/{n}")


def _agreed_rate(case: Case) -> Decimal | None:
    """A yearly rate that was agreed on, not the law's."""
    terms = case.buyer.late_fee or case.seller.late_fee
    return terms.yearly_rate_percent if terms and terms.statutory is None else None


def _interest(case: Case, wording: Wording) -> str:
    rate = rate_in_words(_agreed_rate(case) or Decimal(0), wording)
    return wording.text("Interest for late payment: {rate}.", rate=rate)


GST_NUMBER = Need(
    what="the GST/HST registration number of the business",
    at=REGISTRATIONS,
    known=lambda case: any(tax.registration_number for tax in _federal(case)) or gst_number_of(case.seller) is not None,
)
QST_NUMBER = Need(
    what="the QST registration number of the business",
    at=REGISTRATIONS,
    known=lambda case: any(tax.registration_number for tax in _quebec(case)) or qst_number_of(case.seller) is not None,
)
BUYER_NAME = Need(
    what="the client's name", at="name of the client", own=False, known=lambda case: bool(case.buyer.name)
)
RATES_APART = Need(
    what="GST (5 %) and QST (9.975 %) each at its own rate",
    at="tax_rates of the business, and write the lines anew",
    own=False,
    known=lambda case: not _shows_forbidden(case),
)

RULES: Final = (
    Rule(
        id="ca.gst_number",
        source="Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3(b)",
        sellers=CANADA,
        since=THRESHOLDS,
        applies=lambda case: case.comes_to(SUPPLIER) and bool(_federal(case)),
        needs=(GST_NUMBER,),
    ),
    Rule(
        id="ca.recipient",
        source="Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3(c)",
        sellers=CANADA,
        since=THRESHOLDS,
        applies=lambda case: case.comes_to(RECIPIENT),
        needs=(BUYER_NAME,),
    ),
    Rule(
        id="ca.credit_note",
        source="Credit Note and Debit Note Information (GST/HST) Regulations, SOR/91-44, s. 3(b)",
        sellers=CANADA,
        kinds=CREDIT_NOTES,
        applies=lambda case: bool(_federal(case)),
        needs=(GST_NUMBER,),
    ),
    Rule(
        id="ca.interest",
        source="Interest Act, R.S.C. 1985, c. I-15, s. 4",
        sellers=CANADA,
        applies=lambda case: _agreed_rate(case) is not None,
        said=_interest,
    ),
    Rule(
        id="qc.qst_number",
        source="Act respecting the Québec sales tax, T-0.1, s. 201, and T-0.1, r. 2, s. 201R3",
        sellers=CANADA,
        since=THRESHOLDS,
        applies=lambda case: case.comes_to(SUPPLIER) and bool(_quebec(case)),
        needs=(QST_NUMBER,),
    ),
    Rule(
        id="qc.credit_note",
        source="Regulation respecting the Québec sales tax, T-0.1, r. 2, s. 449R1",
        sellers=CANADA,
        kinds=CREDIT_NOTES,
        applies=lambda case: bool(_quebec(case)),
        needs=(QST_NUMBER,),
    ),
    Rule(
        id="qc.no_combined_rate",
        source="Act respecting the Québec sales tax, T-0.1, s. 425",
        sellers=CANADA,
        kinds=PRICED,
        applies=_shows_forbidden,
        needs=(RATES_APART,),
    ),
)

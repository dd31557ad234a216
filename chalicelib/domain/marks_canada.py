"""What Canada and Quebec want on invoices.

The thresholds are those of the Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3, since 2021-04-20;
Quebec's are the same. An amount in another currency counts by its figure.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.identifiers import gst_number_of, qst_number_of
from chalicelib.domain.late_fee_document import rate_in_words
from chalicelib.domain.mark import BILLS, Case, Need, Rule
from chalicelib.domain.party import QUEBEC
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.wording import Wording

CANADA: Final = frozenset({"CA"})
THRESHOLDS: Final = date(2021, 4, 20)
SUPPLIER, RECIPIENT = 100, 500
"""From so many dollars on the supplier's numbers are wanted, and the recipient with the terms."""
FEDERAL, PROVINCIAL = frozenset({"GST", "HST", "TPS", "TVH"}), frozenset({"QST", "TVQ"})
COMBINED: Final = Decimal("14.975")
REGISTRATIONS: Final = "registration_number of the tax rate, or tax_registrations of the business"


def _charged(case: Case, names: frozenset[str]) -> tuple[TaxLine, ...]:
    return tuple(tax for tax in case.taxed if names & set(f"{tax.name} {tax.code}".upper().split()))


def _federal(case: Case) -> bool:
    return case.comes_to(SUPPLIER) and bool(_charged(case, FEDERAL))


def _quebec(case: Case) -> bool:
    return case.comes_to(SUPPLIER) and bool(_charged(case, PROVINCIAL))


def _is_combined(tax: TaxLine) -> bool:
    return tax.rate_percent == COMBINED


def _agreed_rate(case: Case) -> Decimal | None:
    """A yearly rate that was agreed on, not the law's."""
    terms = case.buyer.late_fee or case.seller.late_fee
    return terms.yearly_rate_percent if terms and terms.statutory is None else None


def _interest(case: Case, wording: Wording) -> str:
    rate = rate_in_words(_agreed_rate(case) or Decimal(0), wording)
    return wording.text("Interest for late payment: {rate}.", rate=rate)


RULES: Final = (
    Rule(
        id="ca.gst_number",
        source="Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3(b)",
        sellers=CANADA,
        since=THRESHOLDS,
        applies=_federal,
        needs=(
            Need(
                what="the GST/HST registration number of the business",
                at=REGISTRATIONS,
                known=lambda case: (
                    any(tax.registration_number for tax in _charged(case, FEDERAL)) or bool(gst_number_of(case.seller))
                ),
            ),
        ),
    ),
    Rule(
        id="ca.recipient",
        source="Input Tax Credit Information (GST/HST) Regulations, SOR/91-45, s. 3(c)",
        sellers=CANADA,
        since=THRESHOLDS,
        applies=lambda case: case.comes_to(RECIPIENT),
        needs=(Need(what="the client's name", at="name of the client", known=lambda case: bool(case.buyer.name)),),
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
        applies=_quebec,
        needs=(
            Need(
                what="the QST registration number of the business",
                at=REGISTRATIONS,
                known=lambda case: (
                    any(tax.registration_number for tax in _charged(case, PROVINCIAL))
                    or bool(qst_number_of(case.seller))
                ),
            ),
        ),
    ),
    Rule(
        id="qc.no_combined_rate",
        source="Act respecting the Québec sales tax, T-0.1, s. 425",
        sellers=CANADA,
        regions=QUEBEC,
        kinds=BILLS,
        applies=lambda case: any(_is_combined(tax) for tax in case.taxed),
        needs=(
            Need(
                what="GST (5 %) and QST (9.975 %), each at its own rate",
                at="tax_rates of the business",
                known=lambda case: not any(_is_combined(tax) for tax in case.taxed),
            ),
        ),
    ),
)

"""What an exempt client's documents bear in place of taxes."""

from decimal import Decimal

import pytest

from chalicelib.domain.exemption import CODE, NAMES, TaxExemption
from chalicelib.domain.lines import Line
from chalicelib.domain.sales import Content
from chalicelib.domain.tax import TaxRate, checked

GST = TaxRate(code="GST", rate_percent=Decimal(5))
HELD = TaxRate(code="IRPF", rate_percent=Decimal(15), withheld=True)
RATES = {"GST": GST, "IRPF": HELD}


@pytest.mark.parametrize(
    ("borne", "instead"),
    [
        pytest.param(("GST",), (CODE,), id="a tax"),
        pytest.param((), (CODE,), id="none"),
        pytest.param(("GST", "IRPF"), (CODE, "IRPF"), id="what is withheld stays"),
        pytest.param(("UNKNOWN",), (CODE,), id="a tax that was removed"),
    ],
)
def test_the_exemption_stands_in_place_of_taxes(borne, instead):
    assert TaxExemption(reason="Export").in_place_of(borne, RATES) == instead


@pytest.mark.parametrize("category", NAMES)
def test_its_rate_is_sound_and_charges_nothing(category):
    rate = TaxExemption(reason="art. 196", certificate="C-1", category=category).rate

    assert checked(rate) is rate
    assert not rate.charges
    assert (rate.category, rate.exemption_reason, rate.exemption_certificate) == (category, "art. 196", "C-1")


def test_the_tax_of_a_document_says_the_reason_and_the_certificate():
    exemption = TaxExemption(reason="art. 196", certificate="C-1", category="AE")
    line = Line(description="Work", unit_price=Decimal(100), taxes=(CODE,))

    (tax,) = Content(currency="EUR", lines=(line,), rates=(exemption.rate,)).figures().taxes

    assert (tax.name, tax.category, f"{tax.base}", f"{tax.amount}") == ("Reverse charge", "AE", "100.00", "0.00")
    assert (tax.exemption_reason, tax.exemption_certificate) == ("art. 196", "C-1")

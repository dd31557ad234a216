"""Documents of ours, told as e-invoices."""

import pytest

from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.errors import Invalid
from tests.e_invoices.building import (
    a_content,
    an_issued,
    terms_of,
    the_parties,
)
from tests.fakes.wording import PlainWording


def told(content=None, parties=None, terms=None, buyer_reference="", **more) -> EInvoice:
    issued, priced = an_issued(content or a_content(), **more)
    return written(
        issued,
        priced,
        parties or the_parties(),
        terms=terms or terms_of(),
        wording=PlainWording(),
        buyer_reference=buyer_reference,
    )


def refused(content, **more):
    with pytest.raises(Invalid) as invalid:
        told(content, **more)
    assert invalid.value.code == "not_en16931"
    return [(fault.at, fault.detail) for fault in invalid.value.faults]

"""Each business counts for itself, and an id that is none leads nowhere (C53); see also tests/proof/test_tenants.py."""

import pytest

from tests import builders as b
from tests.entrypoints.calling import opened

pytestmark = pytest.mark.row("C53")


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, stripe_account="acct_1"))


@pytest.fixture
def stranger(aws):
    return opened(b.a_business(id="biz_2", sandbox=True, stripe_account="acct_2"))


def test_each_business_has_its_own_numbers(owner, stranger):
    owner.an_issued_invoice()
    stranger.an_issued_invoice()
    numbers = [person.get("/v1/reports/numbers/invoice").json["numbers"] for person in (owner, stranger)]
    assert [[number["number"] for number in own] for own in numbers] == [["00001"], ["00001"]]
    assert numbers[0][0]["document_id"] != numbers[1][0]["document_id"]


@pytest.mark.parametrize("trick", ["..%2F..", "%23", "T%23biz_1%23CLI", "%00", "%E2%98%83", "x" * 3_000, "{client_id}"])
def test_an_id_that_is_none_is_not_found(owner, stranger, trick):
    for path in ("/v1/clients/", "/v1/invoices/", "/v1/catalog/", "/v1/keys/"):
        reply = stranger.get(path + trick)
        assert (reply.status, reply.code) == (404, "not_found"), (path, reply.body)

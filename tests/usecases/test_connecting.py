"""A key of one's own is given by several at once, and to a provider who does not answer."""

import pytest

from chalicelib.domain.business import Business
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Invalid, NotFound, Stale
from chalicelib.usecases import connecting
from chalicelib.usecases.checkouts import PAGE_LASTS
from tests import builders as b
from tests.fakes.seal import FakeSeal
from tests.usecases.till import Till, code_of

FIRST, SECOND = "rk_test_000000001", "rk_test_000000002"


@pytest.fixture
def till():
    return Till()


def kept(till):
    """The keys of the business, opened."""
    return [FakeSeal().open(key.sealed_key, of=b.BUSINESS) for key in till.store().get(Business).own_keys]


def test_two_owners_at_once_make_one_endpoint(till):
    till.tables.meanwhile(lambda: till.give_key(FIRST))
    business = till.give_key(SECOND, ["whsec_1"])

    assert kept(till) == [SECOND]
    assert business.payment_account == business.own_keys[0].endpoint


def test_a_secret_given_while_the_key_is_rolled_is_not_lost(till):
    given = till.give_key(FIRST)
    till.tables.meanwhile(lambda: till.give_key(secrets=["whsec_1"]))
    till.give_key(FIRST)

    business = till.store().get(Business)
    assert business.own_keys[0].is_complete
    assert (business.own_endpoint, business.version) == (given.own_endpoint, given.version + 2)


def test_nothing_is_kept_while_the_provider_does_not_answer(till):
    till.gateway.down = 1
    with pytest.raises(UnknownOutcome):
        till.give_key(FIRST)
    assert kept(till) == []


def test_a_key_that_lacks_permissions_is_refused_with_their_names(till, monkeypatch):
    monkeypatch.setattr(type(till.gateway), "lacking", lambda *_: ("Disputes (read)", "Refunds (read)"))
    with pytest.raises(Invalid, match=r"it does not allow Disputes \(read\), Refunds \(read\)") as refused:
        till.give_key(FIRST)
    assert (refused.value.code, kept(till)) == ("key_lacks_permissions", [])


def test_the_keys_of_five_accounts_are_followed_the_last_first(till):
    for n in range(7):
        till.give_key(f"rk_test_00000000{n}", ["whsec_1"])
        till.start(till.invoiced())

    assert kept(till) == [f"rk_test_00000000{n}" for n in (6, 5, 4, 3, 2)]
    assert len({key.endpoint for key in till.store().get(Business).own_keys}) == 5


@pytest.mark.parametrize("ended", [False, True])
def test_who_returns_from_an_account_that_took_nothing_finds_the_endpoint_as_it_was(till, ended):
    """Otherwise one account would be known by two endpoints, and clients could not pay until the secret came again."""
    first = till.give_key(FIRST, ["whsec_1"])
    till.start(till.invoiced())
    other = till.give_key(SECOND)
    till.gateway.refusing |= {other.own_endpoint: "key_refused"} if ended else {}

    back = till.give_key(FIRST)

    assert (back.own_endpoint, back.own_key) == (first.own_endpoint, first.own_key)
    assert kept(till) == [FIRST, SECOND]


def test_a_page_of_an_account_that_is_followed_no_more_is_forgotten(till):
    till.give_key(FIRST, ["whsec_1"])
    invoice = till.invoiced()
    till.start(invoice)
    till.change(own_endpoint=None, own_keys=())
    till.gateway.refusing[till.see(invoice).checkout.account_id] = "account_not_connected"

    till.close(invoice)

    assert till.see(invoice).checkout is None


def test_a_key_whose_seal_broke_locks_an_invoice_until_its_page_has_ended(till):
    endpoint = till.give_key(FIRST, ["whsec_1"]).own_endpoint
    invoice = till.invoiced()
    till.start(invoice)
    till.gateway.refusing[endpoint] = "seal_broken"

    assert code_of(lambda: till.void(invoice)) == "seal_broken"
    assert till.see(invoice).checkout is not None
    till.clock.at += PAGE_LASTS

    assert till.void(invoice).voided_at is not None
    assert till.see(invoice).checkout is None


def test_only_what_is_in_use_can_be_left_and_only_as_it_was_read(till):
    def leave(if_match=None):
        return connecting.leave_own_key(if_match=if_match, now=till.clock(), store=till.store())

    with pytest.raises(NotFound):
        leave()
    version = till.give_key(FIRST).version
    with pytest.raises(Stale):
        leave(if_match=version - 1)
    assert leave(if_match=version).own_key is None
    assert kept(till) == [FIRST]
    with pytest.raises(NotFound):
        leave()


def test_the_journal_tells_that_payments_changed_and_nothing_of_the_key(till):
    till.give_key(FIRST, ["whsec_1"])
    told = till.store().history(b.BUSINESS)[-1].event
    assert (told.type, told.fields) == ("business.changed", ("payments",))

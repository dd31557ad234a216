"""What is told of an account that no key opens is kept whatever happens at the same moment, and asked for once."""

from dataclasses import replace

import pytest

from chalicelib.domain.business import Business
from chalicelib.domain.errors import Conflict
from chalicelib.domain.own_key import Waiting
from chalicelib.ports import Filter
from chalicelib.usecases import recovering
from chalicelib.usecases.checkouts import account_named
from tests import builders as b
from tests.usecases.desk import Desk

FIRST, SECOND = "rk_test_000000001", "rk_test_000000002"


@pytest.fixture
def desk():
    """A business paid by a key of its own; another of its accounts has a key, too."""
    made = Desk(account=None)
    made.give_key(SECOND, ["whsec_2"])
    made.start(made.invoiced())
    made.give_key(FIRST, ["whsec_1"])
    return made


def roll(desk):
    """Another key of the account in use."""
    endpoint = business(desk).own_endpoint
    desk.change(
        own_keys=tuple(
            replace(key, sealed_key="rolled", refused=False) if key.endpoint == endpoint else key
            for key in business(desk).own_keys
        )
    )


def business(desk):
    return desk.store().get(Business)


def account(desk):
    return account_named(business(desk).own_endpoint, business(desk))


def refused(desk, payment, of=None):
    recovering.await_key(
        of or account(desk), payment_intent_id=payment, session_id=None, now=desk.clock(), store=desk.store()
    )


def waiting(desk):
    return [row.payment_intent_id for row in desk.store().page(Waiting, Filter(), limit=100).rows]


def recovered(desk, *, endpoint=None):
    """What is asked for, page by page."""
    key, asked, after = business(desk).own_key, [], None
    while True:
        after = recovering.recover(
            endpoint or key.endpoint,
            until=key.outages,
            queue=lambda row: asked.append(row.payment_intent_id),
            after=after,
            now=desk.clock(),
            store=desk.store(),
        )
        if after is None:
            return asked


def test_what_is_told_twice_is_kept_once_and_the_outage_is_one(desk):
    for payment in ("pi_1", "pi_2", "pi_1"):
        refused(desk, payment)
    key = business(desk).own_key
    assert sorted(waiting(desk)) == ["pi_1", "pi_2"]
    assert (key.refused, key.outages, key.is_to_recover) == (True, 1, False)


def test_what_was_refused_to_a_key_that_is_another_by_now_is_tried_again(desk):
    before = account(desk)
    roll(desk)
    with pytest.raises(Conflict):
        refused(desk, "pi_1", of=before)
    assert (waiting(desk), business(desk).own_key.refused) == ([], False)


def test_what_is_kept_just_after_a_key_was_given_is_tried_again(desk):
    """Whoever gave the key may have asked for all that waited before this did."""
    refused(desk, "pi_1")
    desk.tables.meanwhile(lambda: roll(desk))
    with pytest.raises(Conflict):
        refused(desk, "pi_2")


def test_pages_of_what_waits_are_asked_for_once_and_only_of_that_account(desk, monkeypatch):
    monkeypatch.setattr(recovering, "PAGE", 1)
    second = business(desk).own_keys[1]
    for payment in ("pi_1", "pi_2"):
        refused(desk, payment)
    refused(desk, "pi_elsewhere", of=account_named(second.endpoint, business(desk)))
    roll(desk)
    assert business(desk).own_key.is_to_recover

    assert sorted(recovered(desk)) == ["pi_1", "pi_2"]

    assert not business(desk).own_key.is_to_recover
    assert recovered(desk) == []
    assert business(desk).key_at(second.endpoint).outages == 1
    assert recovered(desk, endpoint="sep_of_a_key_that_is_gone") == []
    refused(desk, "pi_1")
    roll(desk)
    assert recovered(desk) == ["pi_1"]


def test_an_outage_ends_once(desk):
    refused(desk, "pi_1")
    for _ in range(2):
        recovering.end_outage(business(desk).own_endpoint, now=desk.clock(), store=desk.store())
    assert desk.events(b.BUSINESS)[-2:] == ["business.changed", "business.changed"]
    assert business(desk).own_key.is_to_recover


def test_a_business_without_an_address_is_told_nothing(desk):
    refused(desk, "pi_1")
    recovering.announce_outage(store=desk.store(), post=desk.post())
    recovering.announce_outage(store=desk.store(), post=desk.post())
    assert [template for template, _ in desk.letters()] == ["key_refused"]
    desk.change(email=None)
    recovering.announce_outage(store=desk.store(), post=desk.post())
    assert len(desk.letters()) == 1

"""What is looked up before the business is known, on every store."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.access import ApiKey
from chalicelib.domain.business import Business
from chalicelib.domain.errors import AlreadyDone, Conflict, Refused
from chalicelib.ports import Due, Keep
from tests import builders as b
from tests.adapters.deeds import added, saved


@pytest.fixture
def directory(tables):
    return DynamoDirectory(tables=tables)


# --- businesses


def test_every_business_is_found_once(store_of, tables):
    ids = [f"biz_{n}" for n in range(1, 40)]
    for id in ids:
        store_of(id).commit(added(b.a_business(id=id)))
    store_of("biz_1").commit(saved(store_of("biz_1").get(Business), name="Renamed"))

    for at_once in (1, 1000):
        assert sorted(DynamoDirectory(tables=tables, businesses_read=at_once).businesses()) == sorted(ids)


# --- credentials


def test_a_key_leads_to_its_business_and_to_itself(store, directory):
    store.commit(added(b.a_key()))

    assert directory.key("key_1") == ("biz_1", b.a_key())
    assert directory.key("key_2") is None


def test_a_key_that_was_revoked_is_read_revoked_at_once(store, directory):
    store.commit(added(b.a_key()))
    store.commit(saved(store.get(ApiKey, "key_1"), revoked_at=b.later(hours=1)))
    assert directory.key("key_1") == ("biz_1", store.get(ApiKey, "key_1"))
    assert directory.key("key_1")[1].revoked_at == b.later(hours=1)


def test_a_key_that_was_not_revoked_after_all_stays_as_it_was(store, directory):
    store.commit(added(b.a_key()))
    read = store.get(ApiKey, "key_1")
    store.commit(saved(read, name="of the shop"))

    with pytest.raises(Conflict):
        store.commit(saved(read, revoked_at=b.NOON))
    assert directory.key("key_1") == ("biz_1", store.get(ApiKey, "key_1"))
    assert directory.key("key_1")[1].revoked_at is None


def test_a_key_id_of_one_business_cannot_be_taken_by_another(store, store_of, directory):
    store.commit(added(b.a_key()))
    with pytest.raises(AlreadyDone, match="You cannot add key_1 because it is there already"):
        store_of("biz_2").commit(added(b.a_key()))
    assert directory.key("key_1") == ("biz_1", b.a_key())


def test_a_user_is_found_by_issuer_and_subject_together(store, directory):
    user = b.a_user()
    store.commit(added(user))

    assert directory.user(user.issuer, user.subject) == ("biz_1", user)
    assert directory.user("https://other.example", user.subject) is None
    assert directory.user(user.issuer, "auth0|2") is None


def test_a_link_is_found_by_the_hash_of_its_token(store, directory):
    store.commit(Keep(b.a_link()))
    assert directory.link("f" * 64) == ("biz_1", b.a_link())
    assert directory.link("e" * 64) is None


def test_a_payment_account_leads_to_its_business(store, directory):
    store.commit(added(b.a_business()))
    assert directory.business_of_account("acct_1") is None

    store.commit(saved(store.get(Business), stripe_account="acct_1"))
    assert directory.business_of_account("acct_1") == "biz_1"


def test_a_payment_account_may_be_given_with_the_business_itself(store, directory):
    store.commit(added(b.a_business(stripe_account="acct_1")))
    assert directory.business_of_account("acct_1") == "biz_1"


@pytest.mark.row("C53")
def test_a_payment_account_of_one_business_cannot_be_taken_by_another(store, store_of, directory):
    store.commit(added(b.a_business(stripe_account="acct_1")))
    thief = store_of("biz_2")
    thief.commit(added(b.a_business(id="biz_2")))

    with pytest.raises(Refused) as refused:
        thief.commit(saved(thief.get(Business), stripe_account="acct_1"))
    assert refused.value.code == "account_taken"
    assert directory.business_of_account("acct_1") == "biz_1"
    assert thief.get(Business).stripe_account is None
    store.commit(saved(store.get(Business), phone="1"))


# --- provider events


@pytest.mark.row("C12")
def test_a_providers_event_is_new_once_then_received_then_applied(directory):
    assert [directory.notice("acct_1#evt_1", at=b.NOON) for _ in range(2)] == ["new", "received"]
    directory.applied("acct_1#evt_1")
    assert directory.notice("acct_1#evt_1", at=b.later(days=1)) == "applied"
    assert directory.notice("acct_2#evt_1", at=b.NOON) == "new"


def test_a_providers_event_is_remembered_for_35_days(directory, tables):
    directory.notice("acct_1#evt_1", at=b.NOON)
    directory.applied("acct_1#evt_1")
    item = tables.get(Table.OPS, {"PK": "WH#acct_1#evt_1", "SK": "WH"})
    assert item["ttl"] == int((b.NOON + timedelta(days=35)).timestamp())


# --- what is due


def planned(id, at, **more):
    return b.an_invoice(id=id, send_on=at.date(), scheduled_for=at, **more)


def due_ids(directory, until):
    return [due.id for due in directory.due(until=until)]


@pytest.mark.row("P37")
def test_a_draft_is_due_from_its_instant_and_not_before(store, directory):
    store.commit(added(planned("inv_1", b.later(hours=2))))

    assert due_ids(directory, b.later(hours=2, seconds=-1)) == []
    assert list(directory.due(until=b.later(hours=2))) == [Due(business_id="biz_1", kind="send_invoice", id="inv_1")]


def test_what_waits_longest_comes_first_over_shards_hours_and_businesses(store, store_of, directory):
    for n in (5, 1, 4, 2, 3):
        (store if n % 2 else store_of("biz_2")).commit(added(planned(f"inv_{n}", b.later(minutes=40 * n))))

    assert due_ids(directory, b.later(hours=4)) == [f"inv_{n}" for n in (1, 2, 3, 4, 5)]


def test_what_was_done_is_not_due_any_more(store, directory):
    draft = planned("inv_1", b.NOON)
    store.commit(added(draft), added(planned("inv_2", b.NOON)))
    store.commit(saved(draft, issued_at=b.NOON, scheduled_for=None))
    assert due_ids(directory, b.later(minutes=1)) == ["inv_2"]


def test_what_failed_stays_due_however_long_it_waits(store, directory):
    store.commit(added(planned("inv_1", b.NOON)))
    for hours in (0, 1, 5, 24, 24 * 70):
        assert due_ids(directory, b.later(hours=hours)) == ["inv_1"]


@pytest.mark.row("C5")
def test_a_sweep_that_stood_still_for_seventy_days_finds_everything(store, directory):
    assert due_ids(directory, b.NOON) == []
    for day in range(1, 70, 10):
        store.commit(added(planned(f"inv_{day:02d}", b.later(days=day))))

    assert due_ids(directory, b.later(days=70)) == [f"inv_{day:02d}" for day in range(1, 70, 10)]


def test_what_is_planned_for_a_time_that_is_over_already_is_due_at_the_next_sweep(store, directory):
    assert due_ids(directory, b.later(days=3)) == []
    store.commit(added(planned("inv_1", b.NOON)))
    assert due_ids(directory, b.later(days=3, minutes=1)) == ["inv_1"]


def test_a_sweep_that_breaks_off_starts_again_where_it_started(store, directory):
    due_ids(directory, b.NOON)
    store.commit(*(added(planned(f"inv_{n}", b.later(hours=n))) for n in (1, 2, 3)))
    for due in directory.due(until=b.later(days=1)):
        assert due.id == "inv_1"
        break

    assert due_ids(directory, b.later(days=2)) == ["inv_1", "inv_2", "inv_3"]


def test_a_quote_is_due_to_expire(store, directory):
    store.commit(added(b.a_quote(expires_at=b.later(hours=1))))
    assert list(directory.due(until=b.later(hours=2))) == [Due(business_id="biz_1", kind="expire_quote", id="quo_1")]


# --- sandboxes


def test_a_sandbox_has_a_list_of_its_own_in_the_order_of_its_own_time(store_of, directory):
    sandbox = store_of("biz_2", sandbox=True)
    for n in (3, 1, 2):
        sandbox.commit(added(planned(f"inv_{n}", b.later(days=n))))

    assert directory.due_in_sandbox("biz_2", until=b.later(days=2)) == [
        (b.later(days=n), Due(business_id="biz_2", kind="send_invoice", id=f"inv_{n}")) for n in (1, 2)
    ]
    assert directory.due_in_sandbox("biz_1", until=b.later(days=9)) == []


def test_a_sandbox_is_asked_by_the_sweep_once_it_is_open(store_of, directory):
    sandbox = store_of("biz_2", sandbox=True)
    sandbox.commit(added(planned("inv_1", b.NOON)))
    assert due_ids(directory, b.NOON) == []

    sandbox.commit(added(b.a_business(id="biz_2", sandbox=True)))
    assert due_ids(directory, b.NOON) == ["inv_1"]


def test_two_sandboxes_are_both_asked(store_of, directory):
    for name in ("biz_2", "biz_3"):
        sandbox = store_of(name, sandbox=True)
        sandbox.commit(added(b.a_business(id=name, sandbox=True)), added(planned(f"inv_{name}", b.NOON)))
    assert due_ids(directory, b.NOON) == ["inv_biz_2", "inv_biz_3"]


# --- leases


def test_a_piece_of_work_is_claimed_by_one_until_its_time_is_over(store, store_of):
    rival = store_of()
    assert store.claim("sweep", now=b.NOON, seconds=60)
    assert not rival.claim("sweep", now=b.later(seconds=59), seconds=60)
    assert rival.claim("sweep", now=b.later(seconds=60), seconds=60)
    assert not store.claim("sweep", now=b.later(seconds=119), seconds=60)
    assert store.claim("other", now=b.NOON, seconds=60)
    assert store_of("biz_2").claim("other", now=b.NOON, seconds=60)

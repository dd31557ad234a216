"""Rows 2 to 13, 15, 19, 35, 39 and 40 of the 42 webhook cases: what is let in, and what it is about."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.domain.webhook_signature import LARGEST_BODY, Use, event_in, verify

NOW = 1_790_000_000
SECRET = "whsec_new"
OLD_SECRET = "whsec_old"
BODY = b'{"id": "evt_1", "amount": 12345}'


def signature(body=BODY, secret=SECRET, at=NOW):
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()


def signed(body=BODY, secret=SECRET, at=NOW):
    return f"t={at},v1={signature(body, secret, at)},v0={'0' * 64}"


def assert_refused(body, header, secrets=(SECRET,), now=NOW):
    with pytest.raises(Invalid) as refused:
        verify(body, header, secrets=secrets, now=now)
    assert refused.value.code == "bad_signature"


@pytest.mark.parametrize(
    ("header", "now"),
    [
        pytest.param(signed(), NOW, id="case 1: a valid signature"),
        pytest.param(signed(), NOW + 300, id="case 7: exactly 300 seconds old"),
        pytest.param(signed(), NOW - 300, id="300 seconds ahead of our clock"),
        pytest.param(f"t={NOW},v1={'0' * 64},v1={signature()}", NOW, id="case 10: the second of two signatures"),
        pytest.param(f"t={NOW}, v1={signature()}", NOW, id="a space after the comma"),
        pytest.param(f"v1={signature()},t={NOW},v2=x", NOW, id="another order, an unknown scheme"),
    ],
)
def test_what_was_signed_with_the_secret_at_this_time_is_let_in(header, now):
    verify(BODY, header, secrets=[SECRET], now=now)


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_during_a_rotation_both_secrets_are_good(secret):
    verify(BODY, signed(secret=secret), secrets=[SECRET, OLD_SECRET], now=NOW)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="case 2: no header"),
        pytest.param(signed(secret="whsec_other"), id="case 3: another secret"),
        pytest.param(signed(body=BODY.replace(b"12345", b"12346")), id="case 4: one byte changed"),
        pytest.param(signed(at=NOW - 301), id="case 6: 301 seconds old"),
        pytest.param(signed(at=NOW + 600), id="case 8: ten minutes in the future"),
        pytest.param(f"t={NOW},v0={signature()}", id="case 11: only v0"),
        pytest.param(f"t={NOW},v1=é{signature()[1:]}", id="case 12: not ASCII"),
        pytest.param(f"t=abc,v1={signature()}", id="case 12: a time that is no number"),
        pytest.param(f"t=+{NOW},v1={signature()}", id="case 12: a time with a sign"),
        pytest.param(f"t=١٢٣,v1={signature()}", id="case 12: a time in other digits"),
        pytest.param(f"t={NOW},t={NOW},v1={signature()}", id="case 12: two times"),
        pytest.param("x" * 10_000, id="case 12: a long header"),
        pytest.param(f"t={NOW}" + f",v1={signature()}" * 20, id="case 12: far too many signatures"),
        pytest.param(f"t={NOW}" + f",v1={signature()}" * 1000, id="case 12: a thousand signatures"),
        pytest.param(f"v1={signature()}", id="no time"),
        pytest.param(f"t={NOW},v1={signature().upper()}", id="upper-case hexadecimal"),
        pytest.param(f"t={NOW},v1={signature()[:-1]}", id="a signature cut short"),
    ],
)
def test_anything_else_is_refused(header):
    assert_refused(BODY, header)


def test_c15_a_body_that_was_decoded_and_encoded_again_is_refused():
    assert_refused(json.dumps(json.loads(BODY), separators=(",", ":")).encode(), signed())


def test_an_empty_secret_opens_nothing():
    assert_refused(BODY, signed(secret=""), secrets=["", SECRET])


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_can_be_verified_and_that_is_our_fault(secrets):
    with pytest.raises(ValueError, match="no webhook secret"):
        verify(BODY, signed(), secrets=secrets, now=NOW)


def test_case_14_a_body_of_more_than_256_kilobytes_is_not_read():
    large = b" " * (LARGEST_BODY + 1)
    with pytest.raises(TooLarge) as refused:
        verify(large, signed(body=large), secrets=[SECRET], now=NOW)
    assert refused.value.code == "body_too_large"


@given(body=st.binary(max_size=200), header=st.text(max_size=200))
def test_rubbish_is_refused_and_never_breaks_anything(body, header):
    assert_refused(body, header)


def an_event(**changed):
    return {
        "id": "evt_1",
        "object": "event",
        "type": "charge.succeeded",
        "account": "acct_A",
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "created": NOW,
        "data": {"object": a_charge()},
        **changed,
    }


def a_charge(**changed):
    return {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", **changed}


def read(event):
    return event_in(json.dumps(event).encode())


def test_an_event_says_what_it_is_about():
    event = read(an_event())
    assert (event.id, event.type, event.use) == ("evt_1", "charge.succeeded", Use.SETTLE)
    assert (event.account, event.livemode, event.api_version) == ("acct_A", False, "2026-10-28.endive")
    assert event.created == datetime.fromtimestamp(NOW, UTC)
    assert (event.object_type, event.object_id) == ("charge", "ch_1")
    assert (event.payment_intent_id, event.session_id) == ("pi_1", None)


@pytest.mark.parametrize(
    ("about", "intent", "session"),
    [
        pytest.param({"id": "pi_1", "object": "payment_intent"}, "pi_1", None, id="a payment is itself"),
        pytest.param(a_charge(payment_intent={"id": "pi_1"}), "pi_1", None, id="an expanded reference"),
        pytest.param({"id": "re_1", "object": "refund", "payment_intent": "pi_1"}, "pi_1", None, id="a refund"),
        pytest.param({"id": "dp_1", "object": "dispute", "payment_intent": "pi_1"}, "pi_1", None, id="a dispute"),
        pytest.param(
            {"id": "cs_test_1", "object": "checkout.session", "payment_intent": None},
            None,
            "cs_test_1",
            id="a page that nobody paid on",
        ),
        pytest.param(
            {"id": "cs_test_1", "object": "checkout.session", "payment_intent": "pi_1"},
            "pi_1",
            "cs_test_1",
            id="a page that was paid on",
        ),
    ],
)
def test_every_object_leads_to_its_payment(about, intent, session):
    event = read(an_event(data={"object": about}))
    assert (event.use, event.payment_intent_id, event.session_id) == (Use.SETTLE, intent, session)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(an_event(type="customer.created"), id="case 15: an unknown type"),
        pytest.param(an_event(data={"object": a_charge(payment_intent=None)}), id="a charge without a payment"),
    ],
)
def test_what_is_not_about_a_payment_is_ignored(event):
    assert read(event).use is Use.IGNORE


def test_case_19_an_event_without_an_account_says_so():
    event = an_event()
    del event["account"]
    assert read(event).account is None


@pytest.mark.parametrize(
    "about",
    [
        pytest.param(a_charge(id=None), id="no id"),
        pytest.param(a_charge(id="ch_1/../pi_2"), id="a path in the id"),
        pytest.param(a_charge(payment_intent=["pi_1"]), id="a list for a reference"),
        pytest.param(a_charge(payment_intent={}), id="a reference without id"),
        pytest.param(a_charge(payment_intent="pi_" + "1" * 300), id="a reference that is too long"),
        pytest.param({"id": "ch_1", "payment_intent": "pi_1"}, id="no kind"),
    ],
)
def test_case_35_an_object_of_an_unknown_shape_is_malformed_but_no_error(about):
    event = read(an_event(data={"object": about}))
    assert (event.use, event.payment_intent_id, event.session_id) == (Use.MALFORMED, None, None)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"hello", id="case 13: not JSON"),
        pytest.param(b"[]", id="case 13: an array"),
        pytest.param(b"null", id="case 13: null"),
        pytest.param(b"\xff\xfe{}", id="case 13: not UTF-8"),
        pytest.param(b"[" * 100_000, id="case 13: nested 100,000 deep"),
        pytest.param(json.dumps(an_event(id="evt_\x00")).encode(), id="case 13: NUL in the id"),
        pytest.param(json.dumps(an_event(object="v2.core.event")).encode(), id="case 39: a thin event"),
        pytest.param(json.dumps(an_event(id="\u0435vt_1")).encode(), id="case 40: a Cyrillic e"),
        pytest.param(json.dumps(an_event(id="evt_" + "1" * 300)).encode(), id="case 40: an id of 300 characters"),
        pytest.param(json.dumps(an_event(id=7)).encode(), id="an id that is a number"),
        pytest.param(json.dumps(an_event(type=None)).encode(), id="no type"),
        pytest.param(json.dumps(an_event(data=[])).encode(), id="no object"),
        pytest.param(json.dumps(an_event(created=True)).encode(), id="a time that is true"),
        pytest.param(json.dumps(an_event(created=10**20)).encode(), id="a time far beyond time"),
        pytest.param(json.dumps(an_event(created=1.5)).encode(), id="a time with a fraction"),
        pytest.param(b'{"object": "event", "created": ' + b"9" * 5000 + b"}", id="a number of 5,000 digits"),
    ],
)
def test_what_stripe_never_sends_is_refused(payload):
    with pytest.raises(Invalid) as refused:
        event_in(payload)
    assert refused.value.code == "not_an_event"


def test_case_40_of_two_keys_the_last_one_counts():
    payload = json.dumps(an_event())[:-1] + ', "livemode": true}'
    assert event_in(payload.encode()).livemode is True

"""Cursors of lists."""

import base64

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.cursors import LONGEST, open_, seal

SECRET = b"a secret of the tests"
DRAFTS = {"list": "/v1/invoices", "status": "draft"}
POSITION = '{"PK": "T#biz_1#LIST", "SK": "2026-03-01#é"}'


def a_cursor(position=POSITION):
    return seal(position, business_id="biz_1", query=DRAFTS, secret=SECRET)


def opened(cursor, *, business_id="biz_1", query=DRAFTS, secret=SECRET):
    return open_(cursor, business_id=business_id, query=query, secret=secret)


@pytest.mark.parametrize("position", [POSITION, "", "x", "xy", "xyz"])
def test_a_cursor_opens_to_the_position_sealed(position):
    assert opened(a_cursor(position)) == position


def test_a_cursor_needs_no_escaping_in_an_address():
    assert set(a_cursor()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_order_of_the_filters_does_not_matter():
    assert opened(a_cursor(), query=dict(reversed(DRAFTS.items()))) == POSITION


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"business_id": "biz_2"}, id="another business"),
        pytest.param({"query": {"list": "/v1/invoices", "status": "paid"}}, id="another filter"),
        pytest.param({"query": {"list": "/v1/invoices"}}, id="no filter"),
        pytest.param({"query": {"list": "/v1/quotes", "status": "draft"}}, id="another list"),
        pytest.param({"secret": b"another secret"}, id="another secret"),
    ],
)
def test_a_cursor_is_good_only_where_it_came_from(changed):
    with pytest.raises(Invalid) as refusal:
        opened(a_cursor(), **changed)
    assert refusal.value.code == "bad_cursor"
    assert [fault.at for fault in refusal.value.faults] == ["/cursor"]


def test_every_changed_byte_is_noticed():
    sealed = base64.urlsafe_b64decode(a_cursor() + "=" * (-len(a_cursor()) % 4))
    for place in range(len(sealed)):
        forged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Invalid):
            opened(base64.urlsafe_b64encode(forged).decode().rstrip("="))


@pytest.mark.parametrize("cursor", ["", "a", "=", "!!!!", "é", "AAAA", "A" * (LONGEST + 1), "\ud800", "a b c d"])
def test_what_we_did_not_make_is_refused(cursor):
    with pytest.raises(Invalid) as refusal:
        opened(cursor)
    assert refusal.value.code == "bad_cursor"

"""Which keys are taken, and where clients pay once there is one."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.own_key import OwnKey, livemode_of, names_an_endpoint
from tests import builders as b

KEY = OwnKey(endpoint="sep_1", sealed_key="sealed", sealed_secrets=("sealed too",), last4="abcd")
BARE = OwnKey(endpoint="sep_2", sealed_key="sealed", last4="efgh")


@pytest.mark.parametrize(("key", "here"), [("rk_live_51Hx0000", True), ("rk_test_51Hx0000", False)])
def test_a_restricted_key_of_this_installation_s_mode_is_taken(key, here):
    assert livemode_of(key, here=here) is here


@pytest.mark.parametrize(
    ("key", "here", "code"),
    [
        ("rk_live_51Hx0000", False, "key_of_other_mode"),
        ("rk_test_51Hx0000", True, "key_of_other_mode"),
        ("sk_live_51Hx0000", True, "not_a_restricted_key"),
        ("sk_test_51Hx0000", True, "not_a_restricted_key"),
        ("pk_live_51Hx0000", True, "not_a_restricted_key"),
        ("rk_prod_51Hx0000", True, "not_a_restricted_key"),
        ("rk_live_51Hx", True, "not_a_restricted_key"),
        (" rk_live_51Hx0000", True, "not_a_restricted_key"),
        ("rk_live_51Hx0000\r\nStripe-Account: acct_1", True, "not_a_restricted_key"),
        ("rk_live_" + "5" * 241, True, "not_a_restricted_key"),
    ],
)
def test_any_other_key_is_refused_where_it_stands_and_never_repeated(key, here, code):
    with pytest.raises(Invalid) as refused:
        livemode_of(key, here=here)
    assert (refused.value.code, refused.value.faults[0].at) == (code, "/restricted_key")
    assert key not in refused.value.detail


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        pytest.param({}, None, id="nothing is set up"),
        pytest.param({"stripe_account": "acct_1"}, "acct_1", id="a connected account"),
        pytest.param({"own_keys": (KEY,), "own_endpoint": "sep_1"}, "sep_1", id="an own key"),
        pytest.param(
            {"stripe_account": "acct_1", "own_keys": (KEY,), "own_endpoint": "sep_1"}, "sep_1", id="it goes first"
        ),
        pytest.param(
            {"stripe_account": "acct_1", "own_keys": (BARE, KEY), "own_endpoint": "sep_2"},
            "acct_1",
            id="but not before its events can be believed",
        ),
        pytest.param({"own_keys": (BARE,), "own_endpoint": "sep_2"}, None, id="nor alone"),
        pytest.param({"stripe_account": "acct_1", "own_keys": (KEY,)}, "acct_1", id="it was left"),
    ],
)
def test_clients_pay_where_money_can_be_seen_to_arrive(settings, account):
    assert b.a_business(**settings).payment_account == account


def test_the_key_of_an_endpoint_is_found_in_use_or_not():
    business = b.a_business(own_keys=(BARE, KEY), own_endpoint="sep_2")
    assert (business.own_key, business.key_at("sep_1"), business.key_at("sep_3")) == (BARE, KEY, None)


def test_no_connected_account_is_taken_for_an_endpoint():
    assert [names_an_endpoint(id) for id in ("sep_1", "acct_sep_1", "acct_1", "sep", "")] == [True] + [False] * 4


def test_what_is_sealed_is_not_shown_with_its_business():
    assert "sealed" not in repr(b.a_business(own_keys=(KEY,))).replace("sealed_", "")

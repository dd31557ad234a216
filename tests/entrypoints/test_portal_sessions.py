"""The signed cookie and the form token: what is not sealed by us opens nothing."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Forbidden, Unauthenticated
from chalicelib.entrypoints.portal import sessions
from tests.builders import NOON

LINK = "ab" * 32
SECRET = b"a secret of the test"


def a_cookie(*, secret=SECRET, secure=True):
    return sessions.set_cookie(sessions.begun(LINK, now=NOON), path="/portal", secure=secure, secret=secret)


def value_of(cookie):
    return cookie.partition(";")[0]


def test_the_cookie_is_for_the_portal_only_and_out_of_reach_of_scripts():
    assert a_cookie().partition("; ")[2] == "Path=/portal; Max-Age=1800; HttpOnly; SameSite=Lax; Secure"


def test_only_a_local_run_without_https_gets_an_insecure_cookie():
    assert "Secure" not in a_cookie(secure=False)


def test_a_session_comes_back_as_it_was_sealed():
    session = sessions.session_in(
        f'broken="{{;, x={{"a": 1}}; {value_of(a_cookie())}; other=1', now=NOON, secret=SECRET
    )

    assert session.link_id == LINK
    assert session.expires_at == NOON + timedelta(minutes=30)


def test_after_thirty_minutes_it_is_over():
    cookie = value_of(a_cookie())

    sessions.session_in(cookie, now=NOON + timedelta(minutes=29, seconds=59), secret=SECRET)
    with pytest.raises(Unauthenticated):
        sessions.session_in(cookie, now=NOON + timedelta(minutes=30), secret=SECRET)


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda value: value.replace("ab", "cd", 1), id="another link"),
        pytest.param(lambda value: value.replace(".1", ".9", 1), id="a later end"),
        pytest.param(lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"), id="another seal"),
        pytest.param(lambda value: value.rpartition(".")[0], id="no seal"),
        pytest.param(lambda value: value + "0", id="too long"),
        pytest.param(lambda value: value.replace(".1", ".\u0661", 1), id="another script's digit"),
        pytest.param(lambda _: "portal=" + "0" * 100_000, id="very long"),
        pytest.param(lambda _: 'portal="\\', id="a broken header"),
        pytest.param(lambda _: "", id="nothing"),
    ],
)
def test_a_tampered_cookie_opens_nothing(tamper):
    with pytest.raises(Unauthenticated):
        sessions.session_in(tamper(value_of(a_cookie())), now=NOON, secret=SECRET)


def test_a_cookie_sealed_with_another_secret_opens_nothing():
    with pytest.raises(Unauthenticated):
        sessions.session_in(value_of(a_cookie(secret=b"another")), now=NOON, secret=SECRET)


def test_a_form_token_is_good_for_its_own_session_and_action_only():
    session = sessions.begun(LINK, now=NOON)
    token = sessions.form_token(session, "/quotes/quo_1/approve", secret=SECRET)

    sessions.must_be_sent_from_here(token, session, "/quotes/quo_1/approve", secret=SECRET)
    for other, action in [
        (sessions.begun("cd" * 32, now=NOON), "/quotes/quo_1/approve"),
        (session, "/quotes/quo_1/decline"),
        (session, "/quotes/quo_2/approve"),
    ]:
        with pytest.raises(Forbidden):
            sessions.must_be_sent_from_here(token, other, action, secret=SECRET)


def test_the_seal_of_a_cookie_is_no_form_token():
    session = sessions.begun(LINK, now=NOON)
    seal = value_of(a_cookie()).rpartition(".")[2]

    with pytest.raises(Forbidden):
        sessions.must_be_sent_from_here(seal, session, str(int(session.expires_at.timestamp())), secret=SECRET)

"""The payer's pages of the stand-in: plain forms, with the ids that browser tests look for."""

import http.client
import urllib.parse

import pytest

from infra.local import stripe as stand_in
from infra.local.stripe import checkout


@pytest.fixture
def running():
    running = stand_in.start(accounts=["acct_a"])
    yield running
    running.stop()


@pytest.fixture
def opened(running):
    def opened(name="Hedge <b>&", **more):
        price = {"currency": "cad", "unit_amount": "123450", "product_data": {"name": name}}
        wanted = {
            "mode": "payment",
            "line_items": {"0": {"quantity": "1", "price_data": price}},
            "success_url": "https://portal.example/paid?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://portal.example/invoice?a=1&b=2",
            **more,
        }
        return checkout.create(running.api.shop("acct_a"), "", wanted)

    return opened


def asked(url, form=None):
    to = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(to.hostname, to.port, timeout=8)
    body = urllib.parse.urlencode(form) if form else None
    connection.request("POST" if form else "GET", to.path, body)
    answer = connection.getresponse()
    text, location = answer.read().decode(), answer.headers["Location"]
    connection.close()
    return answer.status, location, text


def test_the_page_says_what_is_paid_and_offers_cards(opened):
    status, _, page = asked(opened()["url"])

    assert status == 200
    assert '<p class="amount" id="amount">1,234.50\N{NO-BREAK SPACE}CAD</p>' in page
    assert "Hedge &lt;b&gt;&amp;" in page
    assert 'href="https://portal.example/invoice?a=1&amp;b=2"' in page
    for id_ in ("pm", "pay", "err", "cancel", "email"):
        assert f'id="{id_}"' in page
    assert '<option value="pm_card_visa">Visa: is accepted</option>' in page


def test_the_page_speaks_french(opened):
    _, _, page = asked(opened(locale="fr-CA")["url"])
    assert '<html lang="fr">' in page
    assert '<button id="pay">Payer</button>' in page
    assert "1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}CAD" in page
    assert "Visa : acceptée" in page


def test_a_good_card_leads_back_with_the_session_s_id(opened):
    session = opened()
    status, location, _ = asked(session["url"], {"pm": "pm_card_visa", "email": "ada@example.com"})

    assert (status, location) == (303, f"https://portal.example/paid?s={session['id']}")
    assert (session["status"], session["customer_details"]["email"]) == ("complete", "ada@example.com")


def test_a_declined_card_says_why_and_the_page_stays(opened):
    session = opened()
    url = session["url"]
    status, _, page = asked(url, {"pm": "pm_card_visa_chargeDeclinedInsufficientFunds"})

    assert status == 200
    assert '<p class="error" id="err" role="alert">Your card has insufficient funds.</p>' in page
    assert '<option value="pm_card_visa_chargeDeclinedInsufficientFunds" selected>' in page
    assert asked(url, {"pm": "pm_card_visa"})[0] == 303


def test_three_d_secure_asks_first(opened, running):
    session = opened()
    status, location, _ = asked(session["url"], {"pm": "pm_card_authenticationRequired"})
    assert (status, location.startswith(f"{running.url}/c/3ds/pi_")) == (303, True)
    page = asked(location)[2]
    assert 'id="ok"' in page
    assert 'id="fail"' in page

    assert asked(location, {"ok": "1"})[1] == f"https://portal.example/paid?s={session['id']}"
    assert session["payment_status"] == "paid"


def test_three_d_secure_that_is_refused_leads_back_to_the_cards(opened):
    session = opened()
    _, location, _ = asked(session["url"], {"pm": "pm_card_authenticationRequired"})
    status, _, page = asked(location, {"ok": "0"})

    assert (status, session["status"]) == (200, "open")
    assert "We are unable to authenticate your payment method." in page
    assert f'<form method="post" action="{session["url"]}">' in page


def test_a_page_that_was_used_is_gone(opened):
    session = opened()
    url = session["url"]
    asked(url, {"pm": "pm_card_visa"})
    assert [asked(url)[0], asked(url, {"pm": "pm_card_visa"})[0]] == [410, 410]


def test_a_page_that_never_was_is_gone(running):
    assert [asked(f"{running.url}{path}")[0] for path in ("/c/pay/cs_none", "/c/pay", "/c/x/y")] == [410, 404, 404]


def test_a_receipt_can_be_read(opened, running):
    session = opened(payment_intent_data={"description": "Invoice 1"})
    asked(session["url"], {"pm": "pm_card_visa"})
    shop = running.api.shop("acct_a")
    status, _, page = asked(shop.all("charge")[0]["receipt_url"])
    assert (status, "Receipt · Invoice 1" in page, "1,234.50\N{NO-BREAK SPACE}CAD" in page) == (200, True, True)

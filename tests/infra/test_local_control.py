"""The local run's own addresses, in front of a small app."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from chalice import Chalice

from infra.local.attention import Attention
from infra.local.control import Control, Identity
from infra.local.gateway import Gateway, Request
from infra.local.mail import MailSink
from infra.local.stripe_control import StripeControl
from infra.local.works import WorksHere

NOON = datetime(2026, 3, 2, 17, 0, 30, tzinfo=UTC)
MAIL = b"""Message-ID: <m-1@email.amazonses.com>\r\nFrom: Acme <billing@example.com>\r\nTo: zoe@example.com\r
Subject: Facture\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<a href="http://127.0.0.1/portal/l/1">Voir</a>"""


@pytest.fixture
def app():
    app = Chalice(app_name="small", configure_logs=False)
    app.told = []

    @app.route("/v1/sandbox/clock", methods=["GET", "POST"])
    def sandbox_clock():
        app.told.append(app.current_request.headers["authorization"])
        return app.current_request.json_body or {"now": "2026-03-02T17:00:00Z"}

    @app.schedule("rate(1 minute)")
    def sweep(event):
        app.told.append(event.to_dict()["time"])

    @app.on_cw_event({"source": ["aws.ses"]})
    def bounced(event):
        mail = event.detail["mail"]
        app.told.append((event.detail_type, mail["messageId"], event.detail["eventType"], mail["tags"]))

    return app


@pytest.fixture
def control(app, aws, tmp_path, monkeypatch):
    monkeypatch.setattr("infra.local.works._machine_time", lambda: NOON)
    attention = Attention()
    mails = MailSink(tmp_path / "mail", arrived=attention.announce)
    mails._add(MAIL)
    mails.note_tags("m-1@email.amazonses.com", {"document": ["inv_1"]})
    yield Control(
        identity=lambda: Identity(url="http://127.0.0.1:1", api_key="sk_test_1", business_id="biz_1"),
        gateway=Gateway(app),
        works=WorksHere(app, client=aws.client, folder=tmp_path, data=tmp_path, attention=attention),
        mails=mails,
        mail_is_in=lambda _: True,
        stripe=StripeControl(url=""),
    )
    mails.stop()


def ask(control, method, path, body=None, query=""):
    sent = b"" if body is None else json.dumps(body).encode()
    answer = control.answer(Request(method=method, path=path, query=query, headers={}, body=sent))
    return SimpleNamespace(status=answer.status, body=answer.body, headers=dict(answer.headers))


def test_the_page_for_people_is_served(control):
    page = ask(control, "GET", "/_local")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>Quittance</h1>" in page.body


def test_mail_is_listed_with_its_links(control):
    [mail] = json.loads(ask(control, "GET", "/_local/mail", query="to=zoe%40example.com").body)
    assert (mail["id"], mail["to"], mail["subject"]) == (1, ["zoe@example.com"], "Facture")
    assert mail["links"] == ["http://127.0.0.1/portal/l/1"]
    assert json.loads(ask(control, "GET", "/_local/mail", query="to=luc%40example.com").body) == []


def test_a_mail_is_shown_as_its_reader_sees_it_and_as_it_was_sent(control):
    assert b"<a href=" in ask(control, "GET", "/_local/mail/1").body
    assert ask(control, "GET", "/_local/mail/1/raw").body == MAIL
    assert ask(control, "GET", "/_local/mail/7").status == 422


def test_settling_an_idle_run_answers_the_counts(control):
    settled = json.loads(ask(control, "POST", "/_local/settle").body)
    assert {**settled, "took_ms": 0} == {"drained": True, "failures": 0, "dead_letters": 0, "took_ms": 0}


def test_the_clock_is_moved_through_the_api_and_the_sweep_follows(control, app):
    answer = json.loads(ask(control, "POST", "/_local/clock", {"now": "2026-04-01T12:00:00Z"}).body)
    assert (answer["now"], answer["drained"]) == ("2026-04-01T12:00:00Z", True)
    assert app.told == ["Bearer sk_test_1", "2026-03-02T17:00:30Z"]


@pytest.mark.parametrize("named", [{"mail": 1}, {"message_id": "m-1@email.amazonses.com"}])
def test_a_bounce_is_told_to_the_app_as_ses_would(control, app, named):
    assert ask(control, "POST", "/_local/bounce", named).status == 200
    assert app.told == [("Email Bounced", "m-1@email.amazonses.com", "Bounce", {"document": ["inv_1"]})]


def test_what_is_not_there_is_said(control):
    assert ask(control, "GET", "/_local/nothing").status == 404
    assert ask(control, "POST", "/_local/stripe/pay", {}).status == 422

"""Real answers of the whole API are as the OpenAPI document says: status, headers, type and every field."""

import base64
import json
import re
from urllib.parse import urlsplit

import pytest

from chalicelib import wiring
from chalicelib.domain import payout
from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.entrypoints import batcher, exporter
from chalicelib.entrypoints.http import openapi, operations  # noqa: F401 - the second registers them
from chalicelib.entrypoints.reactions import store_of
from chalicelib.ports import Add
from tests import builders as b
from tests.entrypoints.building import building
from tests.entrypoints.calling import HALVES, LINES, Person, opened
from tests.entrypoints.schemas import breaches
from tests.fakes.receiver import Receiver

DOCUMENT = openapi.document()
DESCRIBED = [(method, path, spec) for path, item in DOCUMENT["paths"].items() for method, spec in item.items()]

ASKING_OTHERS = {
    ("PUT", "/v1/business/accounting/{program}"),
    ("DELETE", "/v1/business/accounting/{program}"),
    ("POST", "/v1/invoices/{invoice_id}/payment-link"),
    ("PUT", "/v1/business/stripe-key"),
    ("DELETE", "/v1/business/stripe-key"),
    ("POST", "/v1/payments/{payment_id}/match"),
    ("POST", "/v1/clients/{client_id}/card"),
    ("DELETE", "/v1/clients/{client_id}/card"),
    ("POST", "/v1/clients/{client_id}/charge"),
    ("POST", "/v1/invoices/{invoice_id}/charge"),
}


@pytest.fixture
def owner(aws, monkeypatch):
    monkeypatch.setattr(wiring, "courier", Receiver)
    return opened(b.a_business(sandbox=True, clock=b.NOON, stripe_account="acct_1"))


class Watched(Person):
    """Somebody each of whose answers is held against the document."""

    __slots__ = ()
    seen: set[tuple[str, str, int]] = set()  # noqa: RUF012 - shared on purpose

    def ask(self, method, path, body=None, **more):
        reply = Person.ask(self, method, path, body, **more)
        template, spec = described(method, urlsplit(path).path)
        told = spec["responses"][str(reply.status)]
        content = told.get("content", {})
        kind = reply.headers["content-type"] if reply.body else None
        assert kind in content if kind else not content, (method, path)
        if kind and "json" in kind:
            assert breaches(reply.json, content[kind]["schema"], DOCUMENT) == [], (method, path)
        sent = {name for name in ("ETag", "Location", "Idempotent-Replay") if name.lower() in reply.headers}
        assert sent <= set(told.get("headers", {})), (method, path)
        owed = {"ETag", "Location"} & set(told.get("headers", {}))
        assert owed <= sent or "data" in reply.json, (method, path)
        self.seen.add((method, template, reply.status))
        return reply


def described(method, path):
    for template in sorted(DOCUMENT["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in DOCUMENT["paths"][template]:
            return template, DOCUMENT["paths"][template][method.lower()]
    raise AssertionError((method, path))


def test_real_answers_are_as_the_document_says(owner):
    me = Watched(credential=owner.credential, business=owner.business)
    client = me.a_client(address={"lines": ["1 rue"], "city": "Montréal", "country": "CA"})
    entry = {"code": "A1", "name": "Visite", "unit_price": "80", "taxes": ["TPS"]}
    me.made("/v1/catalog", entry)
    me.made("/v1/catalog/import", {"csv": "code;name;unit_price\nB2;Pose;9,50\nC3;;"})
    me.made("/v1/imports/clients", {"csv": "reference;name\nC-1;Ann\nC-2;"})
    me.made("/v1/imports/invoices", {"csv": "number;client_reference;issue_date;total\nOLD-1;C-1;2026-02-01;9,50\n;;;"})
    me.made("/v1/imports/numbers", {"csv": "series;last_number\nquote;Q-00007\nx;1"})
    assert me.ask("PUT", f"/v1/clients/{client}/prices/A1", {"unit_price": "75"}).status == 200
    letter = "/v1/business/letters/invoice_sent/fr"
    assert (
        me.ask("PUT", letter, {"subject": "Facture {number}", "paragraphs": ["Merci.", "À {due_date}."]}).status == 200
    )
    me.made(f"{letter}/preview", {"text": {"button": "Payer"}})
    me.made("/v1/users", {"subject": "a", "email": "a@b.ca", "name": "Ann", "role": "manager", "issuer": "i"})
    key = me.made("/v1/keys", {"name": "till"}, idempotency_key="k")
    me.made("/v1/keys", {"name": "till"}, idempotency_key="k")
    rich = [
        *LINES,
        {"catalog_code": "A1", "discount_percent": "10", "charges": [{"amount": "2", "reason": "péage"}]},
    ]
    quote = me.a_quote(client_id=client, lines=rich, schedule=HALVES, valid_until="2026-04-01")
    for verb, body in (("send", {}), ("approve", {"by": "Marie"})):
        me.made(f"/v1/quotes/{quote}/{verb}", body)
    me.made(f"/v1/quotes/{quote}/invoices", {"mode": "per_instalment"})
    me.made(f"/v1/quotes/{me.a_quote()}/invoices")
    me.made(f"/v1/quotes/{me.a_quote()}/decline", {"by": "Luc"})
    draft = me.an_invoice(lines=rich, discount_amount="5", schedule=HALVES)
    me.patch(f"/v1/invoices/{draft}", {"notes": "x"}, if_match='"1"')
    me.made(f"/v1/invoices/{draft}/schedule", {"send_on": "2026-05-01"})
    me.made(f"/v1/invoices/{draft}/send")
    issued = me.an_issued_invoice(client_id=client)
    reminded(me, issued)
    visit, item = worked(me, client), done(me, client)
    paid = me.made(f"/v1/invoices/{issued}/payments", {"amount": "10", "method": "cash"})
    refund, note = money(me, client, paid["id"]), credited(me, client)
    me.made(f"/v1/invoices/{me.an_issued_invoice()}/void", {"reason": "erreur"})
    me.made("/v1/invoices/preview", {"lines": rich, "schedule": HALVES})
    me.made(f"/v1/clients/{client}/portal-link")
    me.made(f"/v1/clients/{client}/statement/send")
    milestone(me)
    for path, body in (
        ("/v1/business", {"phone": "+1 514 555 0101", "invoice_defaults": {"due_days": 15}}),
        ("/v1/business/tax-rates", {"tax_rates": [{"code": "TPS", "rate_percent": "5"}]}),
        (f"/v1/clients/{client}", {"language": "fr"}),
        ("/v1/catalog/A1", {"unit_price": "90"}),
        (f"/v1/quotes/{me.a_quote()}", {"notes": "x"}),
        (f"/v1/users/{me.get('/v1/users').json['data'][0]['id']}", {"role": "owner"}),
    ):
        assert me.patch(path, body).status == 200, path
    ids = {"invoice_id": issued, "client_id": client, "quote_id": quote, "payment_id": paid["id"], "code": "A1"}
    ids |= {
        "kind": "invoice_sent",
        "language": "fr",
        "refund_id": refund,
        "credit_note_id": note,
        "item_id": item,
        "key_id": key["id"],
        "series": "invoice",
        "visit_id": visit["id"],
        "job_id": visit["job_id"],
        "reminder_id": me.get("/v1/reminders").json["data"][0]["id"],
        "user_id": me.get("/v1/users").json["data"][0]["id"],
        **sales(me, client),
        "plan_id": recurring(me, client),
        **contracted(me, client),
        "webhook_id": webhooks(me),
        "export_id": exported(me),
        "payout_id": paid_out(me),
    }
    machine_read = ids | e_invoiced(me, client)
    for method, path, _ in DESCRIBED:
        if method == "get":
            known = machine_read if path.endswith(("/e-invoice", "/facturx")) else ids
            assert me.get(path.format(**known)).status == 200, path
    me.made("/v1/sandbox/clock", {"now": "2026-03-03T00:00:00Z"})
    ended = f"/v1/invoices/{me.an_invoice()}", f"/v1/quotes/{me.a_quote()}", f"/v1/clients/{me.a_client()}"
    for path in (
        *ended,
        f"/v1/clients/{client}/portal-link",
        f"/v1/clients/{client}/prices/A1",
        "/v1/catalog/A1",
        letter,
        f"/v1/keys/{key['id']}",
    ):
        assert me.delete(path).status == 204
    refused(me, client, issued)
    unseen = {(method.upper(), path) for method, path, _ in DESCRIBED} - {(method, path) for method, path, _ in me.seen}
    assert unseen == ASKING_OTHERS, "what asks the provider is told in the flows"


def reminded(me, issued):
    """A promise, an invoice reminded of no more, and a fee for paying late."""
    me.made(f"/v1/invoices/{issued}/remind")
    me.made(f"/v1/invoices/{issued}/promise", {"on": "2026-04-20", "note": "x"})
    assert me.patch(f"/v1/invoices/{issued}/reminders", {"reminders": "off"}).status == 200
    assert me.patch("/v1/business", {"reminders": [{"days": 1}]}).status == 200
    assert me.patch("/v1/business", {"late_fee": {"flat": "15"}}).status == 200
    late = me.an_invoice(due_date="2026-03-01")
    me.made(f"/v1/invoices/{late}/issue")
    me.made(f"/v1/invoices/{late}/late-fees")
    plan = me.made("/v1/reminders/preview")
    me.made("/v1/reminders/run", {"plan_hash": plan["plan_hash"]})


def paid_out(me):
    """A payout that was booked."""
    store = wiring.store(b.a_caller(me.business.id))
    movement = Movement(
        account="acct_1", kind=MovementKind.PAYOUT, id="txn_1", source="po_1", payment_intent_id="", amount=b.cad("-9")
    )
    unheard = payout.blank(movement, parts=(), today=b.TODAY, at=b.NOON)
    store.commit(Add(*payout.moved(unheard, movement, at=b.NOON)))
    return unheard.id


def done(me, client):
    """Items written, changed, published, waived, billed and deleted; the id of one."""
    wanted = {"client_id": client, "catalog_code": "A1", "visibility": "internal"}
    one, two, gone = (me.made("/v1/items", wanted)["id"] for _ in range(3))
    assert me.patch(f"/v1/items/{one}", {"notes": "x"}).status == 200
    for id in (one, two):
        me.made(f"/v1/items/{id}/publish")
    me.made(f"/v1/items/{two}/waive")
    me.made("/v1/invoices", {"client_id": client, "items": {"all_due": True}})
    assert me.delete(f"/v1/items/{gone}").status == 204
    return one


def milestone(me):
    """A deposit that is kept; and an issued invoice whose payments are agreed anew, and one of them called done."""
    deposit = me.made(f"/v1/quotes/{me.a_quote()}/deposit", {"amount": "30"})["id"]
    me.made(f"/v1/invoices/{deposit}/issue")
    me.made(f"/v1/invoices/{deposit}/payments", {"amount": "30", "method": "cash"})
    me.made(f"/v1/invoices/{deposit}/forfeit")
    one = me.an_invoice()
    me.made(f"/v1/invoices/{one}/issue")
    waiting = {"percent": "50", "due": {"days_after": "completion", "months": 1}}
    agreed = [waiting, {"remainder": True, "holdback": True}]
    assert me.patch(f"/v1/invoices/{one}", {"schedule": agreed}).status == 200
    me.made(f"/v1/invoices/{one}/instalments/1/complete", {"on": "2026-03-01"})


def worked(me, client):
    """A visit that was changed, billed and completed, one that is billed with a draft, and one deleted, of one job."""
    job = me.made("/v1/jobs", {"client_id": client, "title": "Toit"})
    assert me.patch(f"/v1/jobs/{job['id']}", {"status": "open"}).status == 200
    planned = {"client_id": client, "job_id": job["id"], "starts_at": "2026-03-03T14:00:00Z"}
    one, two, gone = (me.made("/v1/visits", planned) for _ in range(3))
    assert me.patch(f"/v1/visits/{one['id']}", {"status": "in_progress"}).status == 200
    me.made(f"/v1/visits/{one['id']}/invoices", {"lines": LINES, "send": True})
    me.made(f"/v1/visits/{one['id']}/complete")
    draft = me.an_invoice(client_id=client)
    assert me.ask("PUT", f"/v1/visits/{two['id']}/invoices", {"invoice_id": draft}).status == 200
    assert me.delete(f"/v1/visits/{gone['id']}").status == 204
    empty = me.made("/v1/jobs", {"client_id": client})
    assert me.delete(f"/v1/jobs/{empty['id']}").status == 204
    return one


def sales(me, client):
    """Every verb of deals, orders and delivery notes; the ids of one of each."""
    wish, ids = {"client_id": client, "lines": LINES}, {}
    for place, name in (("deals", "deal_id"), ("orders", "order_id"), ("deliveries", "delivery_id")):
        made = [me.made(f"/v1/{place}", wish)["id"] for _ in range(3)]
        ids[name], cancelled, gone = made
        assert me.patch(f"/v1/{place}/{gone}", {"notes": "x"}).status == 200
        assert me.delete(f"/v1/{place}/{gone}").status == 204
        me.made(f"/v1/{place}/{cancelled}/cancel")
        me.made(f"/v1/{place}/{ids[name]}/invoices", {"lines": [{"line_id": "1", "quantity": "1"}]})
    me.made(f"/v1/deals/{ids['deal_id']}/orders")
    me.made(f"/v1/deals/{ids['deal_id']}/deliveries")
    me.made(f"/v1/orders/{ids['order_id']}/deliveries")
    me.made(f"/v1/quotes/{me.a_quote()}/orders")
    return ids


def recurring(me, client):
    """Every verb of plans; the id of one."""
    wish = {"client_id": client, "lines": LINES, "interval": {"unit": "month"}, "start_on": "2026-04-01"}
    one, gone = (me.made("/v1/plans", wish)["id"] for _ in range(2))
    assert me.patch(f"/v1/plans/{one}", {"end_on": "2027-03-31"}).status == 200
    me.made(f"/v1/plans/{one}/preview", {"count": 3})
    me.made(f"/v1/plans/{one}/pause")
    me.made(f"/v1/plans/{one}/resume")
    assert me.delete(f"/v1/plans/{gone}").status == 204
    return one


def contracted(me, client):
    """Every verb of contracts and batches; the ids of one of each."""
    wish = {"client_id": client, "name": "Parc", "starts_on": "2026-03-01", "billing_period": {"months": 1}}
    wish |= {"taxable": False}
    fees = [{"description": "Parc", "unit_price": "500"}]
    one, other, third, gone = (me.made("/v1/contracts", wish | {"fees": fees})["id"] for _ in range(4))
    path = f"/v1/contracts/{one}"
    assert me.patch(path, {"grace_days": 2}).status == 200
    assert me.delete(f"/v1/contracts/{gone}").status == 204
    for id in (one, other, third):
        me.made(f"/v1/contracts/{id}/activate")
    assert me.ask("PUT", f"{path}/prices/A1", {"unit_price": "80"}).status == 200
    meter = {"code": "API", "name": "Appels", "tiers": [{"unit_price": "0.01"}]}
    assert me.patch(path, {"meters": [meter]}).status == 200
    told = {"transaction_id": "t1", "meter": "API", "quantity": "3", "occurred_at": "2026-03-02T15:00:00Z"}
    me.made(f"{path}/usage", {"events": [told]})
    me.made(f"{path}/invoices", {"period": 0})
    me.made(f"{path}/close-period", {"period": 0})
    me.made(f"{path}/end", {"on": "2026-03-31"})
    plan = me.made("/v1/batches/preview", {"invoice_per": "contract"})["plan_hash"]
    batch, held = (me.made("/v1/batches", {"name": "Mars", "plan_hash": plan})["id"] for _ in range(2))
    me.made(f"/v1/batches/{held}/run")
    for verb in ("pause", "resume", "cancel"):
        me.made(f"/v1/batches/{held}/{verb}")
    me.made(f"/v1/batches/{batch}/run")
    batcher.run({"body": json.dumps({"business": me.business.id, "id": batch})})
    drafts = me.get("/v1/invoices", query={"batch_id": batch}).json["data"]
    assert me.delete(f"/v1/batches/{batch}/invoices/{drafts[0]['id']}").status == 204
    me.made(f"/v1/batches/{batch}/issue")
    batcher.run({"body": json.dumps({"business": me.business.id, "id": batch})})
    me.made(f"/v1/batches/{batch}/exports", {"format": "csv"})
    assert me.delete(f"{path}/prices/A1").status == 204
    assert me.ask("PUT", f"{path}/prices/A1", {"unit_price": "80"}).status == 200
    return {"contract_id": building(me, client), "batch_id": batch}


def webhooks(me):
    """Every verb of webhooks; the id of one."""
    wish = {"url": "https://erp.example.com/hook", "event_types": ["invoice.paid"]}
    one, gone = (me.made("/v1/webhooks", wish)["id"] for _ in range(2))
    assert me.patch(f"/v1/webhooks/{one}", {"event_types": "all"}).status == 200
    me.made(f"/v1/webhooks/{one}/rotate-secret")
    me.made(f"/v1/webhooks/{one}/replay", {"after_sequence": 0})
    me.made(f"/v1/webhooks/{one}/test")
    assert me.delete(f"/v1/webhooks/{gone}").status == 204
    return one


def exported(me):
    """An export whose file is there; its id."""
    assert me.patch("/v1/business", {"accounting": {"xero": {"accounts": {"revenue": "200"}}}}).status == 200
    export = me.made("/v1/exports", {"format": "csv", "options": {"separator": ";"}})["id"]
    exporter.go_on({"business": me.business.id, "id": export}, store=store_of(me.business.id))
    return export


def credited(me, client):
    """A credit note that was tried, made and sent; its id."""
    path, body = f"/v1/invoices/{me.an_issued_invoice(client_id=client)}/credit-notes", {"reason": "erreur"}
    assert me.post(path, body, query={"dry_run": "true"}).status == 200
    note = me.made(path, body | {"lines": [{"line_id": "1", "amount": "1"}]})["id"]
    me.made(f"/v1/credit-notes/{note}/send")
    return note


def e_invoiced(me, client):
    """An invoice and a credit note of one tax each, which EN 16931 can tell; and one that somebody sent."""
    number = {"name": "TVA", "number": "FR83404833048"}
    assert me.patch("/v1/business", {"tax_registrations": [number]}).status == 200
    lines = [{"description": "Visite", "unit_price": "80", "taxes": ["TPS"]}]
    invoice = me.an_issued_invoice(client_id=client, lines=lines)
    note = me.made(f"/v1/invoices/{invoice}/credit-notes", {"reason": "erreur"})["id"]
    xml = me.get(f"/v1/invoices/{invoice}/e-invoice").body
    me.made("/v1/e-invoices/preview", {"file": base64.b64encode(xml).decode()})
    return {"invoice_id": invoice, "credit_note_id": note}


def money(me, client, payment):
    """Money on account, put on an invoice, taken off it, and given back; debts given up and taken up; a refund's id."""
    invoice = me.an_issued_invoice(client_id=client)
    received = {"amount": "10", "method": "cash"}
    credit = me.made(f"/v1/clients/{client}/payments", received | {"allocations": []})["id"]
    me.made(f"/v1/clients/{client}/payments", received | {"allocations": [{"invoice_id": invoice, "amount": "1"}]})
    me.made(f"/v1/payments/{credit}/allocations", {"invoice_id": invoice})
    assert me.delete(f"/v1/payments/{credit}/allocations/{invoice}").status == 204
    me.made(f"/v1/invoices/{invoice}/write-off", {"reason": "faillite"})
    assert me.delete(f"/v1/invoices/{invoice}/write-off").status == 204
    return me.made(f"/v1/payments/{payment}/refunds", {"amount": "1", "reason": "geste"})["id"]


def refused(me, client, issued):
    """Refusals of every status."""
    assert me.post("/v1/clients", b"{").status == 400
    assert me.post("/v1/clients", {}).status == 422
    assert me.post("/v1/clients", {}, content_type="text/plain").status == 415
    assert me.post("/v1/clients", b" " * 2_000_001).status == 413
    assert me.get("/v1/clients/unknown").status == 404
    assert me.patch(f"/v1/clients/{client}", {}, if_match='"9"').status == 412
    assert me.post(f"/v1/invoices/{issued}/issue").status == 409
    assert Watched(credential=None).get("/v1/clients").status == 401
    assert Watched(credential=me.as_role("technician").credential).post("/v1/keys", {"name": "x"}).status == 403

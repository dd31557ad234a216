"""Lists: their limits, their cursors, what they are narrowed to, and their walk while others write."""

from functools import partial

import pytest

from chalicelib import wiring
from tests import builders as b
from tests.entrypoints.calling import LINES, Person, opened


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, clock=b.NOON))


def ids(reply):
    return [row["id"] for row in reply.json["data"]]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "x", "", "1e1", "٣"])
def test_a_limit_out_of_bounds_is_refused(owner, limit):
    reply = owner.get("/v1/invoices", query={"limit": limit})
    assert (reply.status, [at for at, _ in reply.faults]) == (422, ["/limit"])


def test_a_page_holds_25_rows_and_up_to_100(owner):
    client_id = owner.a_client()
    for _ in range(30):
        owner.an_invoice(client_id=client_id)
    assert len(owner.get("/v1/invoices").json["data"]) == 25
    page = owner.get("/v1/invoices", query={"limit": "100"}).json
    assert (len(page["data"]), page["next_cursor"]) == (30, None)


def test_an_empty_list_is_a_page_too(owner):
    assert owner.get("/v1/invoices").json == {"data": [], "next_cursor": None}


def test_a_page_that_is_just_full_is_the_last(owner):
    client_id = owner.a_client()
    made = [owner.an_invoice(client_id=client_id) for _ in range(2)]
    page = owner.get("/v1/invoices", query={"limit": "2"})
    assert (ids(page), page.json["next_cursor"]) == (made[::-1], None)


@pytest.mark.row("C54")
def test_a_walk_of_300_invoices_shows_each_once_while_others_come(owner):
    client_id = owner.a_client()
    known = [owner.an_invoice(client_id=client_id) for _ in range(300)]
    rows = owner.walk("/v1/invoices", limit=37, between=lambda: owner.an_invoice(client_id=client_id))
    assert [row["id"] for row in rows] == known[::-1]


@pytest.mark.row("C54")
def test_a_walk_of_a_narrowed_list_shows_each_once(owner):
    first, second = owner.a_client(), owner.a_client()
    mine = [owner.an_invoice(client_id=client) for client in (first, second) * 10][::2]
    for query in ({"client_id": first}, {"client_id": first, "status": "draft"}):
        assert [row["id"] for row in owner.walk("/v1/invoices", limit=3, **query)] == mine[::-1]


@pytest.mark.row("C54")
def test_a_filter_that_fits_little_is_walked_in_short_pages_to_the_end(owner, monkeypatch):
    client_id = owner.a_client()
    drafts = [owner.an_invoice(client_id=client_id) for _ in range(28)]
    for draft in drafts[4::9]:
        owner.made(f"/v1/invoices/{draft}/issue")
    monkeypatch.setattr(wiring, "BusinessStore", partial(wiring.BusinessStore, most_read=10))
    pages = []

    rows = owner.walk("/v1/invoices", limit=4, status="issued", between=lambda: pages.append(1))
    assert [row["id"] for row in rows] == drafts[4::9][::-1]
    assert len(pages) == 2
    unfitting = owner.get("/v1/invoices", query={"q": "nobody", "limit": "4"}).json
    assert (unfitting["data"], unfitting["next_cursor"] is None) == ([], False)
    assert owner.walk("/v1/invoices", limit=4, q="nobody") == []


# --- cursors


@pytest.fixture
def cursor(owner):
    client_id = owner.a_client()
    for _ in range(3):
        owner.an_invoice(client_id=client_id)
    return owner.get("/v1/invoices", query={"limit": "1"}).json["next_cursor"]


def test_the_limit_may_change_from_page_to_page(owner, cursor):
    assert len(owner.get("/v1/invoices", query={"cursor": cursor, "limit": "2"}).json["data"]) == 2


def refused(person, path, **query):
    reply = person.get(path, query=query)
    assert reply.faults == [("/cursor", "bad_cursor")]
    return (reply.status, reply.code) == (422, "bad_cursor")


def test_a_cursor_is_opaque_and_tells_no_key(cursor):
    assert "#" not in cursor
    assert cursor.isascii()


@pytest.mark.parametrize("change", ["x", "cut", "swap"])
def test_a_cursor_that_was_tampered_with_is_refused(owner, cursor, change):
    forged = {"x": "x", "cut": cursor[:-2], "swap": cursor[:40] + ("A" if cursor[40] != "A" else "B") + cursor[41:]}
    assert refused(owner, "/v1/invoices", cursor=forged[change])


def test_a_cursor_of_another_query_is_refused(owner, cursor):
    assert refused(owner, "/v1/invoices", cursor=cursor, status="draft")
    assert refused(owner, "/v1/invoices", cursor=cursor, q="x")


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/payments", "/v1/clients", "/v1/catalog", "/v1/keys", "/v1/users"])
def test_a_cursor_of_another_list_is_refused(owner, cursor, path):
    assert refused(owner, path, cursor=cursor)


def test_a_cursor_of_one_plain_list_does_not_open_another(owner):
    for name in ("a", "b"):
        owner.made("/v1/keys", {"name": name})
    cursor = owner.get("/v1/keys", query={"limit": "1"}).json["next_cursor"]
    assert refused(owner, "/v1/users", cursor=cursor)
    assert refused(owner, "/v1/catalog", cursor=cursor)


def test_a_cursor_of_one_invoices_payments_does_not_open_anothers(owner):
    first, second = owner.an_issued_invoice(), owner.an_issued_invoice()
    for _ in range(2):
        owner.made(f"/v1/invoices/{first}/payments", {"amount": "1", "method": "cash"})
    cursor = owner.get(f"/v1/invoices/{first}/payments", query={"limit": "1"}).json["next_cursor"]
    assert len(owner.get(f"/v1/invoices/{first}/payments", query={"cursor": cursor}).json["data"]) == 1
    assert refused(owner, f"/v1/invoices/{second}/payments", cursor=cursor)


@pytest.mark.row("C53")
def test_a_cursor_of_another_business_is_refused(owner, cursor):
    assert refused(opened(b.a_business(id="biz_2", sandbox=True)), "/v1/invoices", cursor=cursor)


def test_a_cursor_works_for_another_person_of_the_business(owner, cursor):
    accountant: Person = owner.as_role("accountant")
    assert accountant.get("/v1/invoices", query={"cursor": cursor}).status == 200


# --- what lists are narrowed to


@pytest.fixture
def books(owner):
    """Three invoices: one issued of Marie's, due on 20 March; one draft of hers; one draft of a quote of Luc's."""
    marie, luc = owner.a_client(), owner.a_client(name="Luc Roy", email="luc@example.com")
    issued = owner.an_issued_invoice(client_id=marie, due_date="2026-03-20")
    job = owner.made("/v1/jobs", {"client_id": marie})["id"]
    draft = owner.an_invoice(client_id=marie, job_id=job)
    quote = owner.a_quote(client_id=luc)
    quoted = owner.made(f"/v1/quotes/{quote}/invoices")["id"]
    people = {"marie": marie, "luc": luc}
    return people | {"job": job, "quote": quote, "bill": issued, "sketch": draft, "quoted": quoted}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, {"bill", "sketch", "quoted"}),
        ({"client_id": "marie"}, {"bill", "sketch"}),
        ({"client_id": "marie", "status": "draft"}, {"sketch"}),
        ({"quote_id": "quote"}, {"quoted"}),
        ({"quote_id": "quote", "client_id": "marie"}, set()),
        ({"quote_id": "quote", "number": "00001"}, set()),
        ({"status": "draft"}, {"sketch", "quoted"}),
        ({"status": "issued"}, {"bill"}),
        ({"status": "overdue"}, set()),
        ({"number": "00001"}, {"bill"}),
        ({"number": "00002"}, set()),
        ({"number": "00001", "status": "draft"}, set()),
        ({"number": "00001", "client_id": "luc"}, set()),
        ({"job_id": "job"}, {"sketch"}),
        ({"job_id": "job", "client_id": "luc"}, set()),
        ({"job_id": "job", "status": "issued"}, set()),
        ({"job_id": "nobody"}, set()),
        ({"contract_id": "con_1"}, set()),
        ({"batch_id": "bat_1"}, set()),
        ({"from": "2026-03-02", "to": "2026-03-02"}, {"bill", "sketch", "quoted"}),
        ({"from": "2026-03-03"}, set()),
        ({"to": "2026-03-01"}, set()),
        ({"due_before": "2026-03-21"}, {"bill"}),
        ({"due_before": "2026-03-20"}, set()),
        ({"due_before": "2026-03-21", "status": "issued"}, {"bill"}),
        ({"due_before": "2026-03-21", "status": "overdue"}, set()),
        ({"due_before": "2027-03-21", "status": "draft"}, set()),
        ({"due_before": "2026-03-21", "client_id": "luc"}, set()),
        ({"status": "draft", "q": "gagnon"}, {"sketch"}),
        ({"q": "LUC"}, {"quoted"}),
        ({"q": "gagnon marie"}, {"bill", "sketch"}),
        ({"q": "00001"}, {"bill"}),
        ({"client_id": "nobody"}, set()),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else str(value),
)
def test_invoices_are_narrowed(owner, books, query, wanted):
    found = ids(owner.get("/v1/invoices", query={name: books.get(value, value) for name, value in query.items()}))
    assert {name for name, id in books.items() if id in found} == wanted
    assert len(found) == len(wanted)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"client_id": "luc"}, 1),
        ({"client_id": "marie"}, 0),
        ({"status": "invoiced"}, 1),
        ({"status": "draft"}, 0),
        ({"q": "roy"}, 1),
        ({"q": "roy gagnon"}, 0),
        ({"from": "2026-03-02"}, 1),
        ({"to": "2026-03-01"}, 0),
        ({"number": "Q-00001"}, 0),
    ],
    ids=str,
)
def test_quotes_are_narrowed(owner, books, query, found):
    asked = {name: books.get(value, value) for name, value in query.items()}
    assert len(owner.get("/v1/quotes", query=asked).json["data"]) == found


def test_clients_and_payments_are_narrowed(owner, books):
    paid = {"amount": "1", "method": "cheque", "reference": "Chèque 42", "received_on": "2026-03-01"}
    payment = owner.made(f"/v1/invoices/{books['bill']}/payments", paid)["id"]
    assert ids(owner.get("/v1/clients", query={"q": "luc@example"})) == [books["luc"]]
    assert ids(owner.get("/v1/payments", query={"client_id": books["marie"]})) == [payment]
    assert ids(owner.get("/v1/payments", query={"client_id": books["luc"]})) == []
    assert ids(owner.get("/v1/payments", query={"q": "chèque 42"})) == [payment]
    assert ids(owner.get("/v1/payments", query={"to": "2026-02-28"})) == []
    assert ids(owner.get("/v1/payments", query={"status": "quarantined"})) == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/invoices", {"status": "unheard of"}),
        ("/v1/invoices", {"from": "2026-02-30"}),
        ("/v1/invoices", {"due_before": "yesterday"}),
        ("/v1/invoices", {"client_id": ""}),
        ("/v1/quotes", {"due_before": "2026-03-01"}),
        ("/v1/clients", {"status": "draft"}),
        ("/v1/payments", {"status": "paid"}),
        ("/v1/catalog", {"q": "x"}),
    ],
    ids=str,
)
def test_a_filter_that_a_list_does_not_know_is_refused_rather_than_ignored(owner, path, query):
    reply = owner.get(path, query=query)
    assert (reply.status, [at for at, _ in reply.faults]) == (422, [f"/{name}" for name in query])


def test_a_list_leaves_the_lines_out_and_keeps_the_figures(owner):
    owner.an_invoice(lines=LINES)
    (row,) = owner.get("/v1/invoices").json["data"]
    assert (row["lines"], row["subtotal"], row["total"]) == (None, "100.00", "114.98")

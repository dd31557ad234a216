"""Hostile names and words through the whole life of a job: what its client, its business and its provider are shown."""

import io
import re
from email import message_from_bytes, policy

import pikepdf
import pypdfium2
import pytest

from tests.proof import hostile
from tests.proof.hostile import ALL_SHOWN, MARK, SHOWN, TURNED

OFFICE, CLIENT = "bureau@plomberie.example", "marie@example.com"
HEADERS = {"from", "to", "subject", "reply-to", "content-type", "content-transfer-encoding", "mime-version"}
LONG = "\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}" * 3_333
SAFE_NAME = re.compile(r'(inline|attachment); filename="[A-Za-z0-9-]{1,80}\.pdf"')
SAFE_KEY = re.compile(r"biz_[0-9A-Z]{26}/invoices/inv_[0-9A-Z]{26}/[0-9a-f]{64}\.pdf")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
MOST_PAGES = {"words": 6, "long": 12}


@pytest.fixture(params=["words", "long"])
def lived(world, request):
    """A job of a hostile business, for a hostile client: quoted, approved, invoiced, paid by hand, then online."""
    words = f"{ALL_SHOWN}"
    long = LONG if request.param == "long" else f"{ALL_SHOWN}\n{TURNED}"
    _settle_in(world, words, long)
    client = world.client(name=words, contact=words, phone=words, notes=long, tax_number=words, address=_place(words))
    line = {"description": long, "unit_price": "1000.00", "unit": words, "group": words, "allowances": [_less(words)]}
    told = {"notes": long, "terms": long, "schedule": _halves(words), "invoicing": {"mode": "single"}}
    quote = world.quote(client, lines=[line], **told)
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()
    browser = world.portal(world.mails_to(CLIENT)[-1].portal_link)
    pages = [browser.page]
    browser.send("approve", name=words[:200], signature=words[:200])
    pages.append(browser.page)
    assert browser.status == 200
    world.settle()
    invoice = world.invoices_of(quote)[0]
    world.ok("PATCH", f"/v1/invoices/{invoice['id']}", {"purchase_order": words})
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {})
    world.settle()
    cash = {"amount": "1.00", "method": "cash", "reference": words}
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", cash)
    browser = world.portal(world.mails_to(CLIENT)[-1].portal_link)
    pages.append(browser.page)
    pages.append(browser.visit("/portal"))
    browser.visit(f"/portal/invoices/{invoice['id']}")
    world.pay_at_checkout(browser.pay())
    world.deliver_events()
    world.settle()
    pages.append(browser.visit(f"/portal/invoices/{invoice['id']}"))
    declined = world.quote(client, lines=[line])
    world.ok("POST", f"/v1/quotes/{declined['id']}/decline", {"by": words, "reason": long})
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"diagnosticCode": f"550 {words}\r\nBcc: {MARK}\x00"}]}
    world.mail_news(invoice, "Email Bounced", bounce=bounce)
    world.settle()
    return world, invoice, pages, request.param


def test_a_hostile_life_harms_nobody_who_is_shown_it(lived):
    world, invoice, pages, length = lived

    for page in pages:
        _page_is_words_only(page)
    subjects = [_mail_is_words_only(raw, MOST_PAGES[length]) for raw in world.aws.mails]
    assert len(subjects) >= 7
    assert max(map(len, subjects)) <= 201
    assert all(SAFE_KEY.fullmatch(key) for key in world.files())
    answer = world.ok("GET", f"/v1/invoices/{invoice['id']}/pdf")
    assert SAFE_NAME.fullmatch(answer.headers["content-disposition"])
    _pdf_is_words_only(answer.raw, MOST_PAGES[length])
    _provider_is_told_plain_words(world)


def test_a_document_of_line_breaks_alone_is_refused_before_it_fills_a_room_with_paper(world):
    lines = [{"description": "\n" * 9_999, "unit_price": "1"} for _ in range(2)]
    answer = world.api("POST", "/v1/invoices", {"client_id": world.client()["id"], "lines": lines})

    assert answer.problem == (422, "too_long")


def _page_is_words_only(page):
    read = hostile.read(page)
    said = "".join(read.told)
    assert read.broken == []
    assert not TURNS.search(page)
    assert SHOWN["an element"] in said, "the words themselves are shown"


def _mail_is_words_only(raw, most_pages):
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in {b" ", b"\t"}]
    assert set(names) <= HEADERS
    assert len(names) == len(set(names))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = message_from_bytes(raw, policy=policy.default)
    assert message.defects == []
    assert [len(message[name].addresses) for name in ("from", "to", "reply-to")] == [1, 1, 1]
    assert message["to"].addresses[0].addr_spec in {CLIENT, OFFICE}
    page, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    _page_is_words_only(page)
    assert "\0" not in text
    assert not TURNS.search(text + message["subject"])
    for part in message.iter_attachments():
        assert re.fullmatch(r"[A-Za-z0-9-]{1,80}\.pdf", part.get_filename())
        _pdf_is_words_only(part.get_payload(decode=True), most_pages)
    return message["subject"]


def _pdf_is_words_only(body, most_pages):
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert 1 <= len(pdf.pages) <= most_pages
        assert {"/AA", "/Names", "/AcroForm", "/AF"} & set(pdf.Root.keys()) == set()
        assert isinstance(pdf.Root.OpenAction, pikepdf.Array), "a page to open at, which is no action"
        objects = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        assert {"/JavaScript", "/Launch", "/URI", "/GoToR"} & {str(each.get("/S", "")) for each in objects} == set()
        assert {"/Filespec", "/EmbeddedFile", "/Annot"} & {str(each.get("/Type", "")) for each in objects} == set()
    read = pypdfium2.PdfDocument(body)
    assert MARK in "".join(page.get_textpage().get_text_bounded() for page in read)


def _provider_is_told_plain_words(world):
    events = world.stripe.control.answer("GET", "events", {})["data"]
    (charge,) = [
        event["data"]["object"]
        for event in events
        if event["account"] == world.house.account and event["type"] == "charge.succeeded"
    ]
    assert MARK in charge["description"]
    assert charge["description"].isprintable()
    assert len(charge["description"]) <= 250
    assert re.fullmatch(r"[A-Za-z0-9 .-]{1,10}", charge["statement_descriptor_suffix"])


def _settle_in(world, words, long):
    address = _place(words)
    registrations = [{"name": words, "number": words}, {"name": f"RBQ {words[:200]}", "number": words}]
    defaults = {"notes": long, "terms": long}
    told = {"name": words, "legal_name": words, "address": address, "phone": words, "email": OFFICE}
    world.ok("PATCH", "/v1/business", told | {"tax_registrations": registrations, "invoice_defaults": defaults})


def _place(words):
    return {"line1": words, "line2": words, "city": words, "region": words, "postal_code": words, "country": "CA"}


def _less(words):
    return {"percent": "1", "reason": words}


def _halves(words):
    return [{"label": words, "percent": "50"}, {"label": words, "remainder": True}]

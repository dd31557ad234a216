"""What the flows do again and again, at the business's desk and at the client's."""

import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2

MARIE, OFFICE = "marie@example.com", "bureau@plomberie.example"
HALVES = [
    {"label": "Acompte", "percent": "50", "due": {"days_after": "issue", "days": 0}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "issue", "days": 30}},
]
LEASE = {"seconds": 301}  # after so long, a mail that somebody had under way is sent by the next


def at_once(*deeds):
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]


def sent(world, client=None, **more):
    draft = world.draft(client, **more)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()
    return draft


def visitor(world):
    return world.portal(world.mails_to(MARIE)[-1].portal_link)


def pay_online(world, choice="all", card="pm_card_visa"):
    page = visitor(world)
    world.pay_at_checkout(page.pay(choice), card=card)
    world.deliver_events()
    world.settle()


def take(world, invoice, amount, **more):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": amount, "method": "cash"} | more)


def payments(world, invoice):
    return world.ok("GET", f"/v1/invoices/{invoice['id']}/payments")["data"]


def standing(world, invoice):
    seen = world.see(invoice)
    return seen["status"], seen["paid_total"], seen["amount_due"]


def open_sessions(world):
    sessions = world.stripe.control.answer("GET", "sessions", {})["data"]
    return [session for session in sessions if session["account"] == world.house.account]


def send(world, invoice, **more):
    return world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {}, **more)


def delivery(world, invoice):
    seen = world.see(invoice)
    return seen["status"], seen["delivery"]["state"], seen["sent_at"] is not None


def paper(world, document, kind="invoices"):
    """What its PDF says, in one line."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(world.ok("GET", f"/v1/{kind}/{document['id']}/pdf").raw))
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())

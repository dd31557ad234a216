"""Clients in the portal: they follow the link of a mail, answer a quote, look at an invoice, pay it."""

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.quotes import quoted
from tests.simulation.people import Person


@deed(weight=3)
def a_client_answers_a_mailed_quote(person: Person, client: str) -> None:
    quote = quoted(person, client)
    person.post(f"/v1/quotes/{quote['id']}/send")
    link = person.wait(lambda: person.mailed_link(quote["id"]))
    if link is None:
        return
    portal = person.browser(link)
    if 'action="' in portal.page and "/approve" in portal.page:
        portal.send("/approve", name="Marie Gagnon")


@deed(weight=3)
def a_client_pays_a_mailed_invoice(person: Person, client: str) -> None:
    draft = person.draft(client)
    person.post(f"/v1/invoices/{draft['id']}/send")
    link = person.wait(lambda: person.mailed_link(draft["id"]))
    if link is None:
        return
    portal = person.browser(link)
    if "/pay" not in portal.page:
        return
    page = portal.pay("all")
    if page and person.world.payers.pay(page, "pm_card_visa") and person.chance.random() < 0.6:
        session = page.partition("?")[0].rpartition("/")[2]
        portal.visit(f"/portal/invoices/{draft['id']}/paid?session={session}")

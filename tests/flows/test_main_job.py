"""The main job, from the quote to the payment, told once in full."""

import pytest

MARIE, OFFICE = "marie@example.com", "bureau@plomberie.example"


@pytest.mark.row("P1", "P3", "P23", "P24", "P25", "P26", "P27", "P28")
def test_a_quote_is_approved_and_in_the_end_its_invoice_is_paid(world):
    client = world.client()
    quote = world.quote(client, invoicing={"mode": "single", "send": "at_once"})
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()

    page = world.portal(world.mails_to(MARIE)[0].portal_link)
    page.send("/approve", name="Marie Gagnon")
    world.settle()

    (invoice,) = world.invoices_of(quote)
    assert (invoice["number"], invoice["status"], invoice["total"]) == ("00001", "sent", "1149.75")
    assert world.balance(client)["amount_due"] == "1149.75"

    page = world.portal(world.mails_to(MARIE)[1].portal_link)
    world.pay_at_checkout(page.pay())
    assert {answer.status for answer in world.deliver_events()} == {200}
    world.settle()

    paid = world.see(invoice)
    assert (paid["status"], paid["paid_total"], paid["amount_due"]) == ("paid", "1149.75", "0.00")
    assert world.balance(client)["amount_due"] == "0.00"
    assert [(mail.to, mail.subject) for mail in world.mails] == [
        (MARIE, "Plomberie Tremblay : devis Q-00001"),
        (OFFICE, "Marie Gagnon a approuvé le devis Q-00001"),
        (MARIE, "Plomberie Tremblay : facture 00001"),
        (OFFICE, "Marie Gagnon a payé 1 149,75 $ (facture 00001)"),
        (MARIE, "Votre paiement de 1 149,75 $ pour la facture 00001"),
    ]
    assert world.timeline(invoice) == [
        "invoice.drafted",
        "invoice.issued",
        "invoice.rendered",
        "invoice.sent",
        "invoice.viewed",
        "invoice.checkout_reserved",
        "invoice.checkout_opened",
        "invoice.paid",
    ]

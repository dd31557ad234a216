"""Books with credit notes: sound ones are, and what somebody changes by hand is found (I1, I2, I4, I10, I13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import credit_note as notes
from chalicelib.domain import numbering
from chalicelib.domain import payment_life as payments
from chalicelib.domain.books import Books
from chalicelib.domain.credit_parts import Wish, part, so_far
from chalicelib.domain.invariants import check
from chalicelib.domain.journal import Account
from chalicelib.domain.payment import Method
from chalicelib.domain.sales import Body, worked_out
from tests import builders as b
from tests.domain import ledger
from tests.domain.ledger import details


def books() -> Books:
    """An invoice over 114.98, paid, of which 57.49 was credited: half of it, which is the client's credit now."""
    events = []
    invoice, series, number = ledger.issued(events, "inv_1", numbering.opened("invoice", b.a_business().numbering))
    paid, invoice = ledger.opened(events, amount="114.98", method=Method.CASH, id="pay_1", invoice=invoice)
    sold = worked_out(b.content())[0]
    content, figures = worked_out(part("inv_1", sold, so_far(sold, ()), {"1": Wish(amount=b.cad("50.00"))}))
    own, given = numbering.take(
        numbering.opened(notes.SERIES, notes.numbering_of(b.a_business())), document_id="crn_1", on=b.TODAY
    )
    note, issued = notes.issued("crn_1", invoice, figures, number=given, reason="Trop cher", send=False, at=ledger.AT)
    after, credited = notes.credited(invoice, note, at=ledger.AT)
    freed, moved = payments.freed(paid, invoice.id, note.freed, at=ledger.AT)
    events += [issued, credited, moved]
    caller = b.a_caller()
    return Books(
        invoices=(after,),
        credit_notes=(note,),
        payments=(freed,),
        bodies={
            ("inv_1", 1): Body(id="inv_1", revision=1, content=sold),
            ("crn_1", 1): Body(id="crn_1", revision=1, content=content),
        },
        series=(series, own),
        numbers=(number, given),
        envelopes=tuple(ledger.Envelope.around(event, caller) for event in events),
    )


SOUND = books()


def wrong(**changed):
    """What is found wrong when the credit note is changed by hand."""
    (note,) = SOUND.credit_notes
    return details(check(replace(SOUND, credit_notes=(replace(note, **changed),))))


def test_books_with_a_credit_note_are_sound():
    assert check(SOUND) == ()
    (note,), (payment,), (invoice,) = SOUND.credit_notes, SOUND.payments, SOUND.invoices
    assert (f"{note.freed}", f"{payment.credited}", f"{invoice.amount_due}") == ("57.49", "57.49", "0.00")


def test_a_credit_note_that_is_gone():
    found = details(check(replace(SOUND, credit_notes=())))
    assert ("I4", "invoice 00001 because its credit notes come to 0.00 CAD and of it is credited 57.49 CAD.") in found
    assert any(invariant == "I1" and "CN-00001" in told for invariant, told in found)
    assert any(invariant == "I11" and "crn_1" in told for invariant, told in found)


def test_a_cent_more_than_its_invoice_says():
    figures = SOUND.credit_notes[0].figures
    dearer = replace(figures, amount_due=b.cad("57.50"))
    found = wrong(figures=dearer)
    assert ("I2", "credit note CN-00001 because what is payable of it is 57.49 CAD and it asks for 57.50 CAD.") in found
    assert ("I4", "invoice 00001 because its credit notes come to 57.50 CAD and of it is credited 57.49 CAD.") in found
    assert (
        "I10",
        "credit note CN-00001 because the journal's receivable for it is -57.49 CAD and it should be -57.50 CAD.",
    ) in found


def test_more_freed_than_is_credited():
    assert wrong(freed=b.cad("57.50")) == [
        ("I4", "credit note CN-00001 because it frees 57.50 and takes 57.49 off what is due.")
    ]


def test_more_of_a_line_than_it_comes_to():
    body = SOUND.bodies["crn_1", 1]
    (line,) = body.content.lines
    over = replace(body, content=replace(body.content, lines=(replace(line, net=b.cad("100.01")),)))
    found = details(check(replace(SOUND, bodies={**SOUND.bodies, ("crn_1", 1): over})))
    assert ("I4", "invoice 00001 because of its line 1 100.01 is credited, and it comes to 100.00.") in found


@pytest.mark.row("C18")
def test_a_number_that_another_credit_note_bears():
    assert ("I1", "number CN-00002 because it is borne by crn_1 and the register gives it to nothing.") in wrong(
        number="CN-00002"
    )


def test_an_invoice_credited_and_void():
    (invoice,) = SOUND.invoices
    void = replace(invoice, voided_at=ledger.AT)
    found = details(check(replace(SOUND, invoices=(void,))))
    assert ("I4", "invoice 00001 because it is not in force and is credited.") in found


def test_a_posting_that_names_another_invoice():
    told = []
    for envelope in SOUND.envelopes:
        event = envelope.event
        postings = tuple(
            replace(p, code="inv_9") if p.account is Account.RECEIVABLE and event.subject == "crn_1" else p
            for p in event.postings
        )
        told.append(replace(envelope, event=replace(event, postings=postings)))
    found = details(check(replace(SOUND, envelopes=tuple(told))))
    assert (
        "I10",
        "invoice 00001 because the journal's receivable for it is 57.49 CAD and it should be 0.00 CAD.",
    ) in found


def test_a_credit_note_that_nobody_drew_or_sent():
    late = ledger.AT + timedelta(hours=1)
    drawn = replace(SOUND.credit_notes[0], pdf=ledger.PDF)
    assert details(check(replace(SOUND, credit_notes=(drawn,)), now=late)) == []
    (found,) = details(check(SOUND, now=late))
    assert found[0] == "I13"
    assert "undrawn" in found[1]

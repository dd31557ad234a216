"""A business's books gone through a page at a time, while others write in them."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.tables import Overwrite, Table
from chalicelib.domain.audit import MOST_KEPT, Audit, Finding, noted
from chalicelib.domain.books import LONGEST_DETAIL, Thing, Violation
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.promises import INVARIANTS
from chalicelib.domain.quote import Quote
from chalicelib.ports import Filter
from chalicelib.usecases import auditing, configuring, invoicing, judging, paying, quoting, registering
from chalicelib.usecases.auditing import audit_on, keep_audit
from tests import builders as b
from tests.usecases.desk import Desk


@pytest.fixture
def desk():
    """A business with one of everything."""
    desk = Desk()
    desk.quoted()
    desk.drafted()
    desk.deliver(desk.invoiced())
    paid = desk.invoiced()
    desk.deliver(paid)
    take(desk, paid)
    configuring.add_entry(b.an_entry(), business=b.a_business(), now=b.NOON, store=desk.store())
    return desk


def take(desk, invoice, amount="200"):
    return paying.take_payment(
        invoice.id,
        amount=b.cad(amount),
        method=Method.CASH,
        received_on=b.TODAY,
        overpayment="credit",
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
    )


def audited(desk, *, pages=1000, audit=None):
    """The audit after so many pages."""
    left = iter(range(1, pages))
    begun = audit or Audit(checked_at=b.NOON)
    return audit_on(begun, enough=lambda _: next(left, None) is None, now=b.NOON, store=desk.store())


def violations(audit):
    return [violation for finding in audit.findings for violation in finding.violations]


def listed(desk, kind):
    return desk.store().page(kind, Filter(), limit=10).rows


def test_everything_is_gone_through_and_found_sound(desk):
    audit = audited(desk)
    assert (audit.complete, audit.violated, violations(audit)) == (True, 0, [])
    # business, key, entry, four jobs, two numbers, quote, three invoices, payment, client
    assert audit.things == 15


def test_whoever_goes_on_page_by_page_finds_the_same(desk, monkeypatch):
    one_by_one = {name: replace(step, page=1) for name, step in auditing.STEPS.items()}
    monkeypatch.setattr(auditing, "STEPS", one_by_one)
    audit, pages = audited(desk, pages=1), 1
    while not audit.complete:
        audit, pages = audited(desk, pages=1, audit=audit), pages + 1
    assert audit == audited(desk)
    assert pages > len(auditing.STEPS)


def test_clients_are_gone_through_one_by_one_since_each_may_have_a_thousand_invoices(desk):
    registering.add_client(b.a_client(id="cli_2"), now=b.NOON, store=desk.store())
    audit, at_clients = Audit(checked_at=b.NOON, step="clients"), []
    while not audit.complete:
        audit = audited(desk, pages=1, audit=audit)
        at_clients.append(audit.things)
    assert at_clients == [1, 2]


def test_a_business_that_changed_since_the_audit_began_is_sound(desk):
    """A store that has entered the business remembers it as it was then."""
    store = desk.store()
    store.enter()
    desk.change(name="Quincaillerie")
    audit = audit_on(Audit(checked_at=b.NOON), enough=lambda _: False, now=b.NOON, store=store)
    assert violations(audit) == []


def test_what_was_wrong_for_a_moment_only_is_no_violation(desk, monkeypatch):
    """A payment comes between the readings of an invoice and of its payments, at the first reading and the second."""
    read, amounts = judging.invariants.of_body, iter(["1", "2"])

    def of_body(id, body):
        if amount := next(amounts, None):
            take(desk, next(one for one in listed(desk, Invoice) if one.issued_at), amount)
        return read(id, body)

    monkeypatch.setattr(judging.invariants, "of_body", of_body)
    assert violations(audited(desk)) == []


def test_what_is_wrong_at_every_reading_is_a_violation(desk):
    client = listed(desk, Client)[0]
    row = {"PK": f"T#{b.BUSINESS}#C#{client.id}", "SK": "BALANCE"}
    balance = desk.tables.get(Table.CORE, row)
    desk.tables.write([Overwrite(table=Table.CORE, item=balance | {"amount_due:CAD": 1})])
    (violation,) = violations(audited(desk))
    assert (violation.invariant, violation.subject) == ("I6", client.id)


def test_a_client_billed_in_two_currencies_owes_each(desk):
    euros = desk.invoiced(b.content(b.a_line(taxes=()), currency="EUR"))
    take_euros = replace(b.cad("30"), currency="EUR")
    paying.take_payment(
        euros.id,
        amount=take_euros,
        method=Method.CASH,
        received_on=b.TODAY,
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
    )
    assert desk.store().balance(b.CLIENT, "EUR").amount_due.minor == 7000
    assert violations(audited(desk)) == []


def test_an_aggregate_in_a_currency_in_which_nothing_was_billed_is_found(desk):
    row = {"PK": f"T#{b.BUSINESS}#C#{b.CLIENT}", "SK": "BALANCE"}
    balance = desk.tables.get(Table.CORE, row)
    desk.tables.write([Overwrite(table=Table.CORE, item=balance | {"credit_total:USD": 500})])
    (violation,) = violations(audited(desk))
    assert (violation.invariant, violation.subject) == ("I6", b.CLIENT)


def test_a_client_is_judged_by_as_many_reads_however_many_invoices_it_has(desk, monkeypatch):
    asked = []
    for way in ("get", "many", "query"):
        read = getattr(desk.tables, way)
        monkeypatch.setattr(desk.tables, way, lambda *what, read=read: asked.append(read) or read(*what))

    def reads():
        asked.clear()
        assert violations(audited(desk, audit=Audit(checked_at=b.NOON, step="clients"))) == []
        return len(asked)

    few = reads()
    for _ in range(20):
        take(desk, desk.invoiced(), "114.98")
    assert reads() == few


@pytest.mark.parametrize("kind", [Quote, Invoice])
def test_what_was_taken_away_since_it_was_listed_is_gone(desk, kind, monkeypatch):
    draft = next(one for one in listed(desk, kind) if kind is Quote or not one.issued_at)
    remove = quoting.remove_quote if kind is Quote else invoicing.remove_invoice
    remove(draft.id, if_match=None, now=desk.clock(), store=desk.store())
    store = desk.store()
    judge = judging.quote if kind is Quote else judging.invoice
    assert list(judge(draft, now=b.NOON, store=store)) == []


def test_a_payment_that_vanished_is_named(desk):
    vanished = replace(listed(desk, Payment)[0], id="pay_9")
    (violation,) = judging.payment(vanished, now=b.NOON, store=desk.store())
    assert (violation.invariant, violation.subject) == ("I11", "pay_9")


def test_an_invoice_that_nobody_draws_is_named_after_a_while(desk):
    undrawn = desk.invoiced()
    for minutes, wanted in ((14, []), (16, [("I13", undrawn.id)])):
        audit = audit_on(
            Audit(checked_at=b.NOON), enough=lambda _: False, now=b.later(minutes=minutes), store=desk.store()
        )
        assert [(violation.invariant, violation.subject) for violation in violations(audit)] == wanted


def test_what_is_late_by_a_clock_that_was_moved_is_not_judged(desk):
    desk.invoiced()
    desk.change(sandbox=True, clock=b.later(days=3))
    audit = audit_on(Audit(checked_at=b.NOON), enough=lambda _: False, now=b.later(days=3), store=desk.store())
    assert violations(audit) == []
    assert [finding.checked for finding in audit.findings if finding.invariant == "I13"] == [0]


def test_a_list_longer_than_a_chunk_is_read_to_its_end(desk, monkeypatch):
    monkeypatch.setattr(judging, "CHUNK", 1)
    assert violations(audited(desk)) == []


# --- what is kept


def test_the_latest_audit_takes_the_place_of_the_one_before(desk):
    for hours in (0, 24):
        audit = audited(desk, audit=Audit(checked_at=b.later(hours=hours)))
        kept = keep_audit(audit, now=b.later(hours=hours), store=desk.store())
    assert desk.store().get(Audit, "audit") == kept
    assert (kept.version, kept.checked_at) == (2, b.later(hours=24))
    assert [envelope.event.violated for envelope in desk.store().history("audit")] == [0, 0]


def test_the_first_audit_kept_twice_at_once_is_kept_twice(desk):
    audit = audited(desk)
    desk.tables.meanwhile(lambda: keep_audit(audit, now=b.NOON, store=desk.store()))
    assert keep_audit(audit, now=b.NOON, store=desk.store()).version == 2


def test_all_violations_are_counted_and_the_first_are_kept():
    found = [Violation(invariant="I3", subject=f"inv_{n}", detail="") for n in range(MOST_KEPT + 7)]
    audit = noted(Audit(checked_at=b.NOON), {"I2", "I3"}, found)
    finding = next(one for one in audit.findings if one.invariant == "I3")
    assert (finding.checked, finding.violated, len(finding.violations)) == (1, MOST_KEPT + 7, MOST_KEPT)
    assert (audit.violated, [f.checked for f in audit.findings].count(1)) == (MOST_KEPT + 7, 2)


def test_an_audit_of_books_that_are_all_wrong_fits_a_message():
    (violation,) = Thing(b.CLIENT, "of a long history").unless(False, "I11", f"it differs at {[*range(1000)]}")
    wrong = tuple(
        Finding(invariant=id, violations=(replace(violation, subject="i" * 30),) * MOST_KEPT) for id in INVARIANTS
    )
    assert len(codec.dumps(Audit(checked_at=b.NOON, findings=wrong))) < 256 * 1024 - 200
    assert (len(violation.detail), violation.detail[-3:]) == (LONGEST_DETAIL, "...")


def test_every_invariant_but_the_providers_own_is_judged():
    """I12 needs the provider's report."""
    judged = {id for step in auditing.STEPS.values() for id in step.invariants}
    assert set(INVARIANTS) - judged == {"I12"}

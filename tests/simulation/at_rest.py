"""What must be true when nothing is left to do: what was asked for was done, once, and those concerned were told."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.card_events import ChargeDeclined, ChargeGivenUp
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.events import CheckoutClosed
from chalicelib.domain.export import Export
from chalicelib.domain.export_events import CreditNoteExported, InvoiceExported
from chalicelib.domain.export_format import Target
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Caller
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding
from chalicelib.domain.statement_events import StatementRequested
from chalicelib.domain.webhook import Webhook
from chalicelib.usecases.stating import Period, state_account
from tests.simulation.mirror import CURRENCY, Mirror

if TYPE_CHECKING:
    from tests.simulation.world import House, World

LONG_AGO = date(2026, 1, 1)
STATEMENT = "statement of account"


def of_world(
    world: "World", promises: Mapping[tuple[str, str], int], removed: set[str], mirrors: Mapping[str, Mirror]
) -> Iterator[str]:
    """promises, removed: what somebody was told to be in a version, or to be gone."""
    yield from (f"given up: {name} {content}" for name, content in world.waking.given_up)
    for (business, id), version in promises.items():
        kept = [each for kind in mirrors[business].kinds.values() for each in kind.values()]
        found = next((each.version for each in kept if getattr(each, "version", 0) and each.id == id), 0)
        if found < version and id not in removed:
            yield f"promise: {id} was answered in version {version}, and is in {found}"
    for row in world.services.rows("ops"):
        if row["PK"]["S"].startswith("WH#") and row["state"]["S"] != "applied":
            yield f"webhook: {row['PK']['S']} was never applied"
    yield from (f"contract: {error}" for error in world.stripe.contract_errors)
    yield from (f"webhook: {each}" for each in world.receivers.verdict())


def of_house(world: "World", house: "House", mirror: Mirror, *, planned: set[str]) -> Iterator[str]:
    """planned: the drafts that were to go out by themselves."""
    yield from _differences(mirror)
    for draft in mirror.all(Invoice):
        if draft.id in planned and not draft.issued_at:
            yield f"planned: {draft.id} was to go out by itself, and did not"
    yield from _wishes(mirror)
    yield from _mails(world, mirror)
    yield from _statements(world, house, mirror)
    yield from _webhooks(world, house, mirror)
    yield from _charges(world, house, mirror)
    yield from _exports(world, house, mirror)
    yield from (f"refunded twice: {refund}" for refund in world.payers.refunded_twice(house.account))
    yield from (f"charged twice: {attempt}" for attempt in world.payers.charged_twice(house.account))


def _differences(mirror: Mirror) -> Iterator[str]:
    """A finding tells of a payment as its own event of that moment has made it, once."""
    healed = [one for one in mirror.all(Finding) if one.after]
    changes = Counter((one.payment_id, one.before, one.after) for one in healed)
    for (payment, before, after), times in changes.items():
        if times > 1 and before is None:
            yield f"healed {times} times: {payment} {after}"
        if before == after:
            yield f"nothing was healed: {payment} {after}"


def _wishes(mirror: Mirror) -> Iterator[str]:
    """One wish has one effect."""
    marks = [payment.reference or "" for payment in mirror.all(Payment)]
    marks += [invoice.purchase_order or "" for invoice in mirror.all(Invoice)]
    marks += [note.reason for note in mirror.all(CreditNote)]
    for mark, times in Counter(marks).items():
        if mark.startswith("wish-") and times > 1:
            yield f"one wish, {times} effects: {mark}"


def _mails(world: "World", mirror: Mirror) -> Iterator[str]:
    """What was sent was mailed."""
    accepted = {mail.message_id for mail in world.services.ses.mails}
    for document in (*mirror.all(Invoice), *mirror.all(CreditNote), *mirror.all(Quote)):
        if document.sent_at and document.delivery.message_id not in accepted:
            yield f"sent and not mailed: {document.id} {document.delivery}"


def _statements(world: "World", house: "House", mirror: Mirror) -> Iterator[str]:
    """A client's statement tells of what the client owes and holds, and each that was asked for was mailed."""
    store = wiring.store(Caller(business_id=house.id, actor="clerk"), sandbox=house.sandbox)
    business = store.get(Business)
    everything = Period(since=LONG_AGO, until=business.today(world.now(business)), currency=CURRENCY)
    balances = {balance.id: balance for balance in mirror.all(dict)}
    asked = Counter(each.event.subject for each in mirror.envelopes.values() if type(each.event) is StatementRequested)
    for client in (one for one in mirror.all(Client) if not one.removed_at):
        stated, known = state_account(client.id, everything, business=business, store=store), balances.get(client.id)
        told = (stated.receivable.minor, stated.credit.minor)
        owed = (known.amount_due.minor, known.credit_total.minor) if known else (0, 0)
        if told != owed:
            yield f"statement: {client.id} owes and holds {owed}, and is told {told}"
        if sum(part.minor for part in stated.aging.parts) != stated.receivable.minor:
            yield f"statement: what {client.id} owes by age comes not to {stated.receivable}"
        mails = [mail for mail in world.services.ses.mails if mail.destinations == (client.email,)]
        sent = sum(STATEMENT.encode() in mail.raw.partition(b"\n\n")[0] for mail in mails)
        if sent < asked[client.id]:
            yield f"statement: {asked[client.id]} of {client.id} were asked for, and {sent} mailed"


def _webhooks(world: "World", house: "House", mirror: Mirror) -> Iterator[str]:
    """What came after a webhook was made has been taken there, each event in its turn."""
    for one in mirror.all(Webhook):
        server = world.receivers.servers[one.url]
        missing = [
            row.sequence
            for row in mirror.all(Told)
            if row.sequence > one.begins_after and server.taken.get(row.sequence) != row.event_id
        ]
        if one.enabled and missing:
            yield f"webhook: {one.url} of {house.id} was never told {missing}"


def _exports(world: "World", house: "House", mirror: Mirror) -> Iterator[str]:
    """Every export is over; each file says just what is marked, and no program has anything twice."""
    files = world.services.s3.buckets["documents"]
    marked: dict[str, list[str]] = defaultdict(list)
    for event in (envelope.event for envelope in mirror.envelopes.values()):
        if isinstance(event, InvoiceExported | CreditNoteExported):
            marked[event.export_id].append(event.subject)
    numbers = {one.id: one.number for one in (*mirror.all(Invoice), *mirror.all(CreditNote))}
    there = world.programs.booked(house.id.replace("_", "-"))
    yield from (f"booked twice: {id}" for id, times in there.items() if times > 1)
    for export in mirror.all(Export):
        if not export.is_over:
            yield f"export: {export.id} is {export.status} for ever"
        elif export.target is Target.XERO:
            yield from (f"export: {id} is marked and was never booked" for id in marked[export.id] if id not in there)
        elif export.file:
            rows = csv.DictReader(io.StringIO(files[f"{house.id}/exports/{export.id}"].body.decode(), newline=""))
            told = sorted({(row["number"]) for row in rows})
            if told != sorted(numbers[id] for id in marked[export.id]):
                yield f"export: the file of {export.id} tells of {told}, and marked are {sorted(marked[export.id])}"


def _charges(world: "World", house: "House", mirror: Mirror) -> Iterator[str]:
    """No card stays under way for ever, and none was charged of which we believe that it was not.

    A sandbox, whose clock may stand still, looks again when it is moved.
    """
    for invoice in () if house.sandbox else mirror.all(Invoice):
        if invoice.checkout and invoice.checkout.is_charge:
            yield f"charge: {invoice.id}/{invoice.checkout.attempt} is never known"
    taken = world.payers.charged(house.account)
    for event in (envelope.event for envelope in mirror.envelopes.values()):
        if isinstance(event, ChargeDeclined | ChargeGivenUp | CheckoutClosed):
            attempt = f"{event.subject}/{event.attempt}"
            if attempt in taken:
                yield f"charge: {attempt} was taken, and is {event.type}"

"""The books of every business in a world, checked when a test is over: what must hold whatever happened."""

from collections import defaultdict
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.adapters.dynamodb import rows
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number
from chalicelib.domain.payment import Payment
from chalicelib.domain.quote import Quote
from chalicelib.ports import Filter

ALL = 100_000


def check(store: Any, journal: list[Envelope]) -> None:
    """Raises AssertionError when a business's state and its journal do not say the same."""
    invoices: list[Invoice] = list(store.page(Invoice, Filter(), limit=ALL).rows)
    payments: list[Payment] = list(store.page(Payment, Filter(), limit=ALL).rows)
    quotes: list[Quote] = list(store.page(Quote, Filter(), limit=ALL).rows)
    _every_version_has_its_event([*invoices, *payments, *quotes], journal)
    _every_event_balances(journal)
    _every_number_is_borne_once(invoices, store.page(Number, Filter(series="invoice"), limit=ALL).rows)
    owed = _receivables(journal, {payment.id: payment.invoice_id for payment in payments})
    for invoice in invoices:
        due = invoice.amount_due if invoice.issued_at else Money.zero(invoice.currency)
        assert due.minor >= 0, f"{invoice.id} is owed less than nothing"
        assert owed.get(invoice.id, 0) == due.minor, f"the journal says that {owed[invoice.id]} is due of {invoice.id}"
    for client in store.page(Client, Filter(), limit=ALL).rows:
        _the_client_owes_what_the_invoices_say(client, [i for i in invoices if i.client_id == client.id], store)


def envelopes(items: list[dict[str, Any]], business_id: str) -> list[Envelope]:
    """The events of a business, of the journal's raw items."""
    read = TypeDeserializer()
    own = [item for item in items if item["PK"]["S"].startswith(f"T#{business_id}#")]
    return [rows.envelope_in({name: read.deserialize(value) for name, value in item.items()}) for item in own]


def _every_version_has_its_event(entities: list[Any], journal: list[Envelope]) -> None:
    versions = defaultdict(list)
    for envelope in journal:
        versions[envelope.event.subject].append(envelope.event.version)
    for entity in entities:
        assert sorted(versions[entity.id]) == list(range(1, entity.version + 1)), entity.id


def _every_event_balances(journal: list[Envelope]) -> None:
    for envelope in journal:
        assert sum(posting.amount.minor for posting in envelope.event.postings) == 0, envelope.event


def _every_number_is_borne_once(invoices: list[Invoice], numbers: tuple[Number, ...]) -> None:
    borne = {invoice.id: invoice.number for invoice in invoices if invoice.number}
    assert borne == {number.document_id: number.id for number in numbers}
    assert len(set(borne.values())) == len(borne)
    in_order = sorted(numbers, key=lambda number: (number.year or 0, number.seq))
    days = [number.issue_date for number in in_order if number.year is None]
    assert days == sorted(days)


def _receivables(journal: list[Envelope], invoice_of: dict[str, str | None]) -> dict[str, int]:
    """What the journal's postings leave to be paid of each invoice."""
    owed: dict[str, int] = defaultdict(int)
    for envelope in journal:
        subject = envelope.event.subject
        for posting in envelope.event.postings:
            if posting.account is Account.RECEIVABLE:
                owed[invoice_of.get(subject) or subject] += posting.amount.minor
    return owed


def _the_client_owes_what_the_invoices_say(client: Client, invoices: list[Invoice], store: Any) -> None:
    for currency in {invoice.currency for invoice in invoices}:
        due = sum(i.amount_due.minor for i in invoices if i.currency == currency and i.issued_at)
        assert store.balance(client.id, currency).amount_due.minor == due, client.id

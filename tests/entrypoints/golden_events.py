"""The stored events of tests/data/events: reads them, and adds those that are missing.

``python -m tests.entrypoints.golden_events`` after a new type or ``v`` of an event; it never rewrites a file.
"""

import json
import sys
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

from chalicelib.adapters.dynamodb import rows
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.schedule import DaysAfter, DueOn, EndOfMonth, Instalment, UnderTerms
from chalicelib.domain.terms import DaysThenEndOfMonth
from tests import builders as b

FOLDER = Path(__file__).parents[1] / "data" / "events"

SUBJECTS = {
    "accounting": "accounting:xero",
    "batch": "bat_1",
    "business": b.BUSINESS,
    "catalog": "catalog:VISIT",
    "client": b.CLIENT,
    "contract": "con_1",
    "credit_note": "crn_1",
    "export": "exp_1",
    "invoice": "inv_1",
    "item": "itm_1",
    "job": "job_1",
    "key": "key_1",
    "letter": "letter:invoice_sent/fr",
    "payment": "pay_1",
    "payout": "po_1",
    "plan": "pln_1",
    "quote": "quo_1",
    "refund": "ref_1",
    "reminder": "rem_1",
    "sale": "ord_1",
    "tally": "con_1.00003",
    "user": "usr_1",
    "visit": "vis_1",
    "webhook": "whk_1",
}
"""What an event is about, by the first word of its type."""

_SCHEDULE = (
    Instalment(id="1", label="Acompte", amount=b.cad("34.49"), due=DueOn(on=date(2026, 4, 1)), due_on=date(2026, 4, 1)),
    Instalment(id="2", amount=b.cad("20.00"), due=UnderTerms(terms=DaysThenEndOfMonth(days=30, on_day=10))),
    Instalment(id="4", amount=b.cad("54.74"), due=EndOfMonth(end_of_month=1), due_on=date(2026, 5, 31)),
    Instalment(id="5", amount=b.cad("5.75"), due=DaysAfter(days_after="completion", days=0, months=12), holdback=True),
)

FIELDS = {
    "account": "acct_1",
    "after_sequence": 41,
    "allocated": ("inv_2",),
    "allowed_automatic": True,
    "amount": b.cad("57.49"),
    "amount_due": b.cad("57.49"),
    "arrives_on": date(2026, 3, 11),
    "attempt": 2,
    "automatic": True,
    "booked_in": ("xero",),
    "brand": "visa",
    "by": "Marie Gagnon",
    "charge_at": b.NOON,
    "claims_left": 960,
    "client_id": b.CLIENT,
    "code": "insufficient_funds",
    "contract_id": "con_1",
    "count": 12,
    "credit_note_id": "crn_1",
    "currency": "CAD",
    "credited": b.cad("7.49"),
    "day": date(2026, 4, 11),
    "days": 10,
    "difference": b.cad("0.01"),
    "disputed": b.cad("5.00"),
    "document_id": "dln_1",
    "done": 50,
    "due_date": date(2026, 4, 1),
    "due_on": date(2026, 4, 1),
    "ends": date(2026, 5, 1),
    "ends_on": date(2026, 12, 31),
    "export_id": "exp_1",
    "facts": (("Facture", "00043"), ("Montant à payer", "57,49 $")),
    "failed": 1,
    "fields": ("name", "email"),
    "format": "csv",
    "instalment_id": "2",
    "invoice": True,
    "invoice_id": "inv_1",
    "invoice_ids": ("inv_1", "inv_2"),
    "job_id": "job_1",
    "kind": "soft",
    "language": "fr",
    "last4": "4242",
    "late_fee_id": "inv_2",
    "left_out": 2,
    "last_number": "00042",
    "message_id": "0100018e-0000",
    "method": "cash",
    "milestone_id": "2",
    "missing_glyphs": ("\N{GRINNING FACE}", "\N{HIRAGANA LETTER A}"),
    "name": "Mars",
    "next_at": b.NOON,
    "next_number": "F-2026-0001",
    "note": "Vendredi, promis",
    "number": "00043",
    "on": date(2026, 6, 1),
    "online": True,
    "off": True,
    "part": 2,
    "passed_over": (-3, 1),
    "paid_total": b.cad("57.49"),
    "parked": True,
    "payment_id": "pay_1",
    "period": 3,
    "promised_on": date(2026, 4, 20),
    "quote_id": "quo_1",
    "reason": "Trop cher",
    "received": b.cad("57.49"),
    "refund_id": "ref_1",
    "refunded": b.cad("10.00"),
    "retry_at": b.NOON,
    "revision": 2,
    "remote_id": "a1b2",
    "reminder_id": "rem_1",
    "schedule": _SCHEDULE,
    "send": True,
    "send_on": date(2026, 3, 9),
    "seq": 4711,
    "series": "invoice",
    "sha256": "f" * 64,
    "since": date(2026, 4, 2),
    "situation": 3,
    "source_id": "quo_1",
    "starts": date(2026, 4, 1),
    "status": "succeeded",
    "step": "issue",
    "target": "file",
    "template": "reminder_firm",
    "through": date(2026, 5, 14),
    "to": "marie@example.com",
    "tries": 2,
    "total": b.cad("114.98"),
    "until": date(2026, 3, 31),
    "unit_price": Decimal("85.50"),
    "version": 7,
    "violated": 3,
    "visit_id": "vis_1",
}
"""A value for every field that an event may have, and none that is a default."""

CALLER = b.a_caller(correlation_id="req_1", causation_id="7c9d2d4e-0000-5000-8000-000000000000")


def stored():
    """Every item as it once was stored, by its file's name: ``invoice.issued.v1``."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def missing():
    """The name of each file to be added, and its event: one for each (type, v), and one more for fields added since."""
    known = stored()
    for kind in EVENTS.values():
        stem = f"{kind.type}.v{kind.v}"
        own = [json.loads(item["doc"]) for item in known.values() if (item["type"], item["v"]) == (kind.type, kind.v)]
        if not {field.name for field in fields(kind)} <= {name for document in own for name in document}:
            yield f"{stem}-{len(own) + 1}" if own else stem, kind


def filled(kind):
    """An event with every field filled in."""
    own = {field.name: FIELDS[field.name] for field in fields(kind) if field.name not in ("subject", "at", "postings")}
    return kind(subject=SUBJECTS[kind.type.partition(".")[0]], at=b.NOON, postings=_postings(), **own)


def _postings():
    """One for each account, so that none of them can be forgotten or renamed; they sum to zero."""
    *accounts, last = Account
    rest = tuple(Posting(account, b.cad("1.00"), "TPS" if account is Account.TAX else "") for account in accounts)
    return *rest, Posting(last, b.cad(f"-{len(accounts)}.00"))


def write_missing():
    for name, kind in missing():
        item = rows._event(filled(kind), CALLER, None).item
        with (FOLDER / f"{name}.json").open("x") as file:
            file.write(json.dumps(item, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    write_missing()

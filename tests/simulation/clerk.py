"""Who watches a world: every write is checked against the invariants, and every promise is remembered."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamodb import codec, rows
from chalicelib.domain import invariants
from chalicelib.domain.access import ApiKey
from chalicelib.domain.balance import Movement
from chalicelib.domain.books import Books, Violation
from chalicelib.domain.business import Business
from chalicelib.domain.card_events import ChargeDeclined, ChargeGivenUp
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import CheckoutClosed
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from tests.simulation.remembering import Sound

if TYPE_CHECKING:
    from tests.flows.things import Answer
    from tests.simulation.world import House, World

PAGE = re.compile(rb"cs_test_\w+")
OTHERS = (ApiKey, Business, Contract, Item, Job, Payout, Plan, Refund, Reminder, Visit, Webhook)
KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (Invoice, CreditNote, Quote, SalesDocument, Payment, Client, *OTHERS)
}
CURRENCY = "CAD"
JUDGED = ("invoice", "credit_note")
AT_REST = timedelta(0)


class Broken(AssertionError):
    """An invariant does not hold, or a promise was not kept."""


@dataclass(slots=True)
class Mirror:
    """A business's rows, each read once, when it was written; sound: what was judged of them."""

    kinds: dict[type, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))
    envelopes: dict[Any, Any] = field(default_factory=dict)
    sound: Sound = field(default_factory=dict)

    def all(self, kind: type) -> tuple[Any, ...]:
        return tuple(self.kinds[kind].values())

    def books(self, movements: tuple[Movement, ...] | None = None) -> Books:
        return Books(
            invoices=self.all(Invoice),
            credit_notes=self.all(CreditNote),
            quotes=self.all(Quote),
            sales=self.all(SalesDocument),
            payments=self.all(Payment),
            clients=self.all(Client),
            others=tuple(one for kind in OTHERS for one in self.all(kind)),
            bodies={(body.id, body.revision): body for body in self.kinds[Body].values()},
            balances=tuple(self.kinds[dict].values()),
            series=tuple(series for series in self.all(Series) if series.id in JUDGED),
            numbers=tuple(number for number in self.all(Number) if number.series in JUDGED),
            envelopes=tuple(self.envelopes.values()),
            told=self.all(Told),
            movements=movements,
            automation=next((business.automation for business in self.all(Business)), None),
        )

    def note(self, key: Any, kind: type | None, value: Any) -> None:
        if kind is None:
            return
        if value is None:
            self.kinds[kind].pop(key, None)
        else:
            self.kinds[kind][key] = value


@dataclass(slots=True)
class Clerk:
    """broken: what was found wrong, first things first; checks: how often the books were looked at.

    promises: the version of each entity that somebody was told of; planned: the drafts that go out on their day,
    since somebody was told so and nobody took it back; shown: the payment pages whose address somebody got;
    sound: what need not be judged again while this business's books are looked at.
    """

    world: "World"
    broken: list[Broken] = field(default_factory=list)
    checks: int = 0
    promises: dict[str, tuple[str, int]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)
    shown: set[bytes] = field(default_factory=set)
    sound: Sound = field(default_factory=dict)
    _mirrors: dict[str, Mirror] = field(default_factory=lambda: defaultdict(Mirror))

    def heard(self, method: str, path: str, status: int, answer: bytes) -> None:
        """An answer was given: only a fault excuses a failure."""
        self.shown.update(PAGE.findall(answer))
        running = self.world.scheduler.running()
        if status >= 500 and not (running and running.struck):
            self.broken.append(Broken(f"fails without a fault: {method} {path}: {status} {answer[:300]!r}"))

    def logged(self, message: str, error: BaseException | None) -> None:
        """The product wrote a failure into its log: only a fault, or a race that goes on elsewhere, excuses it."""
        running = self.world.scheduler.running()
        self.world.note(message, repr(error))
        if not isinstance(error, Conflict) and not (running and running.struck):
            self.broken.append(Broken(f"fails without a fault: {message}: {error!r}"))

    def promised(self, house: "House", method: str, path: str, answer: "Answer") -> None:
        """What was said to have been done must be there in the end."""
        if answer.status >= 300 or method == "GET":
            return
        if method == "DELETE":
            self.removed.add(path.rpartition("/")[2])
        elif isinstance(answer.body, dict) and "version" in answer.body:
            id, version = answer.body["id"], answer.body["version"]
            _, known = self.promises.get(id, (house.id, 0))
            self.promises[id] = house.id, max(version, known)

    def watch(self, writes: list[Any]) -> None:
        """Look at what was written, and at the books of whom it concerns."""
        concerned = {business for write in writes if (business := self._entered(write))}
        for business in sorted(concerned):
            self._check(business)

    def verdict(self) -> None:
        """Raises Broken for the first thing that was found wrong."""
        if self.broken:
            raise self.broken[0]

    def is_booked(self, business: str, invoice_id: str) -> bool:
        """Whether a payment of this invoice was booked."""
        return any(payment.invoice_id == invoice_id for payment in self._mirrors[business].all(Payment))

    def unmatched(self, business: str, intent: str) -> str | None:
        """The id of the payment that waits for a person, once this one was booked."""
        waiting = (one for one in self._mirrors[business].all(Payment) if one.quarantine and one.facts)
        return next((one.id for one in waiting if one.facts.payment_intent_id == intent), None)

    def look_at_the_pages(self) -> None:
        """Whatever page somebody can still pay, we know of: nobody may pay what is not due."""
        for house in self.world.houses:
            known = {i.checkout.session_id for i in self._mirrors[house.id].all(Invoice) if i.checkout}
            for page in self.payable_pages(house.account):
                if page["id"] not in known:
                    self.broken.append(Broken(f"page: {page['id']} of {page['metadata']['invoice_id']} can be paid"))

    def payable_pages(self, account: str) -> list[dict[str, Any]]:
        """The open pages that somebody can get at; of others, only a crashed function knew the address."""
        return [page for page in self.world.payers.open_pages(account) if page["id"].encode() in self.shown]

    def close(self) -> None:
        """Everything is at rest: what was asked for must have been done, and all is judged anew. Raises Broken."""
        self.verdict()
        self._nothing_was_given_up()
        self._every_promise_is_kept()
        self._every_event_of_stripe_was_applied()
        self.broken += [Broken(f"webhook: {each}") for each in self.world.receivers.verdict()]
        for house in self.world.houses:
            mirror = self._mirrors[house.id]
            now = next(iter(mirror.all(Business))).clock or self.world.instant
            movements = self.world.payers.movements(house.account)
            self.sound = {}
            self._complain(invariants.check(mirror.books(movements), now=now, grace=AT_REST))
            self._each_difference_is_found_once(mirror)
            self._what_was_planned_went_out(mirror)
            self._one_wish_has_one_effect(mirror)
            self._what_was_sent_was_mailed(mirror)
            self._every_webhook_was_told(house, mirror)
            self._every_charge_is_known(house, mirror)
            for refund in self.world.payers.refunded_twice(house.account):
                self.broken.append(Broken(f"refunded twice: {refund}"))
            for attempt in self.world.payers.charged_twice(house.account):
                self.broken.append(Broken(f"charged twice: {attempt}"))
        self.verdict()

    def _nothing_was_given_up(self) -> None:
        for name, content in self.world.waking.given_up:
            self.broken.append(Broken(f"given up: {name} {content}"))

    def _every_promise_is_kept(self) -> None:
        for id, (business, version) in self.promises.items():
            kept = [each for kind in self._mirrors[business].kinds.values() for each in kind.values()]
            found = next((each.version for each in kept if getattr(each, "version", 0) and each.id == id), 0)
            if found < version and id not in self.removed:
                self.broken.append(Broken(f"promise: {id} was answered in version {version}, and is in {found}"))

    def _every_event_of_stripe_was_applied(self) -> None:
        for row in self.world.services.rows("ops"):
            if row["PK"]["S"].startswith("WH#") and row["state"]["S"] != "applied":
                self.broken.append(Broken(f"webhook: {row['PK']['S']} was never applied"))
        for error in self.world.stripe.contract_errors:
            self.broken.append(Broken(f"contract: {error}"))

    def _each_difference_is_found_once(self, mirror: Mirror) -> None:
        """A finding tells of a payment as its own event of that moment has made it."""
        healed = [one for one in mirror.all(Finding) if one.after]
        changes = Counter((one.payment_id, one.before, one.after) for one in healed)
        for (payment, before, after), times in changes.items():
            if times > 1 and before is None:
                self.broken.append(Broken(f"healed {times} times: {payment} {after}"))
            if before == after:
                self.broken.append(Broken(f"nothing was healed: {payment} {after}"))

    def _what_was_planned_went_out(self, mirror: Mirror) -> None:
        for draft in mirror.all(Invoice):
            if draft.id in self.planned and not draft.issued_at:
                self.broken.append(Broken(f"planned: {draft.id} was to go out by itself, and did not"))

    def _one_wish_has_one_effect(self, mirror: Mirror) -> None:
        marks = [payment.reference or "" for payment in mirror.all(Payment)]
        marks += [invoice.purchase_order or "" for invoice in mirror.all(Invoice)]
        marks += [note.reason for note in mirror.all(CreditNote)]
        for mark, times in Counter(marks).items():
            if mark.startswith("wish-") and times > 1:
                self.broken.append(Broken(f"one wish, {times} effects: {mark}"))

    def _what_was_sent_was_mailed(self, mirror: Mirror) -> None:
        accepted = {mail.message_id for mail in self.world.services.ses.mails}
        for document in (*mirror.all(Invoice), *mirror.all(CreditNote), *mirror.all(Quote)):
            if document.sent_at and document.delivery.message_id not in accepted:
                self.broken.append(Broken(f"sent and not mailed: {document.id} {document.delivery}"))

    def _every_webhook_was_told(self, house: "House", mirror: Mirror) -> None:
        """What came after a webhook was made has been taken there, each event in its turn."""
        for one in mirror.all(Webhook):
            server = self.world.receivers.servers[one.url]
            missing = [
                row.sequence
                for row in mirror.all(Told)
                if row.sequence > one.begins_after and server.taken.get(row.sequence) != row.event_id
            ]
            if one.enabled and missing:
                self.broken.append(Broken(f"webhook: {one.url} of {house.id} was never told {missing}"))

    def _every_charge_is_known(self, house: "House", mirror: Mirror) -> None:
        """No card stays under way for ever, and none was charged of which we believe that it was not.

        A sandbox, whose clock may stand still, looks again when it is moved.
        """
        for invoice in () if house.sandbox else mirror.all(Invoice):
            if invoice.checkout and invoice.checkout.is_charge:
                self.broken.append(Broken(f"charge: {invoice.id}/{invoice.checkout.attempt} is never known"))
        taken = self.world.payers.charged(house.account)
        for envelope in mirror.envelopes.values():
            event = envelope.event
            if (
                isinstance(event, ChargeDeclined | ChargeGivenUp | CheckoutClosed)
                and f"{event.subject}/{event.attempt}" in taken
            ):
                self.broken.append(Broken(f"charge: {event.subject}/{event.attempt} was taken, and is {event.type}"))

    def _check(self, business: str) -> None:
        self.checks += 1
        mirror = self._mirrors[business]
        self.sound = mirror.sound
        self._complain(invariants.check(mirror.books()))

    def _complain(self, found: tuple[Violation, ...]) -> None:
        self.broken += [Broken(f"{each.invariant}: {each.detail}") for each in found]

    def _entered(self, write: Any) -> str | None:
        """Bring the mirror up to date; answers the business if something that is checked changed."""
        item = write.new or write.old
        pk, sk = item["PK"]["S"], item["SK"]["S"]
        if write.table == "ops" or not pk.startswith("T#"):
            return None
        business = pk.split("#")[1]
        mirror = self._mirrors[business]
        if write.table == "journal":
            plain = {name: typed.get("S") or typed.get("N") for name, typed in item.items()}
            mirror.envelopes[pk, sk] = rows.envelope_in(plain)
            return business
        kind = _kind_of(item, pk, sk)
        if kind is dict:
            totals = {name: int(typed["N"]) for name, typed in item.items() if "N" in typed}
            mirror.note((pk, sk), kind, rows.balance_in(totals, pk.rpartition("#")[2], CURRENCY))
        elif kind:
            mirror.note((pk, sk), kind, codec.loads(kind, item["doc"]["S"]) if write.new else None)
        return business


def _kind_of(item: dict[str, Any], pk: str, sk: str) -> type | None:
    if "kind" in item:
        return KINDS.get(item["kind"]["S"])
    if sk == "BALANCE":
        return dict
    if sk == "CTR":
        return Series
    if sk.startswith("N#"):
        return Number
    if sk.startswith("FOUND#"):
        return Finding
    if pk.endswith("#FEED#0"):
        return Told
    return Body if sk.startswith("BODY#") else None

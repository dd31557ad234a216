"""What the comparison with the payment provider found, and what it paid out."""

from chalicelib.domain import reconciliation
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.reconciliation import (
    ComparedOut,
    FindingOut,
    PayoutDetailOut,
    PayoutOut,
    ReconciliationOut,
    UnmatchedOut,
)
from chalicelib.ports import Filter, Unfinished
from chalicelib.usecases.suggesting import suggest

MOST_ACCOUNTS = 50
MOST_FINDINGS = 200
MOST_UNMATCHED = 200


@operation("GET", "/reports/reconciliation", needs="reports.read", answer=ReconciliationOut)
def report_reconciliation(call: Call) -> ReconciliationOut:
    """How the books compare with the payment provider, account by account: what was healed, and what is unmatched.

    Every account is compared every 15 minutes by the provider's events and movements, and once a day payment by
    payment. The latest 200 findings of all accounts are shown. A payment that belongs to nobody comes with the invoices
    that it may be for; ``POST /v1/payments/{payment_id}/match`` puts it where it belongs.
    """
    standings: tuple[Standing, ...] = call.store.page(Standing, Filter(), limit=MOST_ACCOUNTS).rows
    findings: tuple[Finding, ...] = call.store.page(Finding, Filter(), limit=MOST_FINDINGS).rows
    wanted = Filter(unfinished=Unfinished.UNMATCHED)
    stray: tuple[Payment, ...] = call.store.page(Payment, wanted, limit=MOST_UNMATCHED).rows
    suggested = suggest(stray, store=call.store)
    unmatched: dict[str, list[UnmatchedOut]] = {}
    for payment in stray:
        account = payment.facts.account if payment.facts else ""
        shown = UnmatchedOut.of(payment, suggested[payment.id], now=call.now)
        unmatched.setdefault(account, []).append(shown)
    new = unmatched.keys() - {one.id for one in standings}
    every = [*standings, *(reconciliation.never_compared(account, opened=call.business.created_at) for account in new)]
    return ReconciliationOut(
        checked_at=min((one.checked_at for one in standings if one.checked_at), default=None),
        accounts=[
            ComparedOut.of(one, [found for found in findings if found.account == one.id], unmatched.get(one.id, []))
            for one in sorted(every, key=lambda one: one.id)
        ],
    )


@operation("GET", "/reports/reconciliation/findings", needs="reports.read", query=PageQuery, answer=Listed[FindingOut])
def list_findings(call: Call) -> Listed[FindingOut]:
    """Every difference that was ever found, the latest first."""
    return listed(call, Finding, Filter(), FindingOut.of)


@operation("GET", "/payouts", needs="reports.read", query=PageQuery, answer=Listed[PayoutOut])
def list_payouts(call: Call) -> Listed[PayoutOut]:
    """What the payment provider paid out to the bank, the latest arrival first."""
    return listed(call, Payout, Filter(), PayoutOut.of)


@operation("GET", "/payouts/{payout_id}", needs="reports.read", answer=PayoutDetailOut, refusals=(404,))
def get_payout(call: Call, payout_id: str) -> PayoutDetailOut:
    """One payout, with the payments in it where the provider tells."""
    payout = call.store.get(Payout, payout_id)
    intents = dict.fromkeys(part.payment_intent_id for part in payout.parts)
    known = [payment for intent in intents for payment in call.store.page(Payment, Filter(parent=intent), limit=1).rows]
    ids = {payment.facts.payment_intent_id: payment.id for payment in known if payment.facts}
    return PayoutDetailOut.with_payments(payout, ids)

"""Telling the business what a comparison with the provider brought to light."""

from chalicelib.domain.business import Business
from chalicelib.domain.letter import to_business
from chalicelib.domain.payment import Payment
from chalicelib.domain.reconciliation import Finding, What
from chalicelib.domain.wording import Wording
from chalicelib.ports import Filter, Store
from chalicelib.usecases.mailing import Post

MOST_NAMED = 20
"""Findings named in a mail; the report has all."""
_WORDS = {
    What.MISSING: "Payment that was missing",
    What.DIFFERENT: "Payment that was different",
    What.FEE: "Fee that was missing",
    What.MOVEMENT: "Not booked",
}


def announce_findings(account: str, *, after: str, until: str, store: Store, post: Post) -> None:
    """Tell the business what was found of an account, each finding once; fees alone are nothing to write about.

    after, until: the last finding that was told of, and the last that is told of now.
    """
    business = store.get(Business)
    wanted = Filter(fits=lambda one: one.account == account and after < one.id <= until and one.what is not What.FEE)
    found: tuple[Finding, ...] = store.page(Finding, wanted, limit=MOST_NAMED).rows
    if not found or not business.email:
        return
    wording = post.wording_of(business)
    letter = to_business(
        "reconciled",
        business,
        values={},
        facts=tuple((wording.text(_WORDS[one.what]), _told(one, wording)) for one in found),
    )
    post.send_once(f"reconciled:{account}:{found[-1].id}", lambda: letter, store=store)


def announce_unmatched(payment_id: str, *, store: Store, post: Post) -> None:
    """Tell the business once of a payment that still belongs to nobody."""
    payment, business = store.get(Payment, payment_id), store.get(Business)
    if payment.quarantine is None or not business.email:
        return
    wording = post.wording_of(business)
    letter = to_business(
        "payment_unmatched",
        business,
        values={"amount": wording.money(payment.amount), "day": wording.day(payment.received_on)},
        facts=((wording.text("To be matched by hand"), payment.quarantine),),
    )
    post.send_once(f"unmatched:{payment.id}", lambda: letter, store=store)


def _told(one: Finding, wording: Wording) -> str:
    if one.after is None:
        return f"{one.because}: {wording.money(one.amount)}" if one.amount else one.because
    figures = [wording.money(one.after.amount)]
    if one.after.refunded:
        figures.append(f"\N{MINUS SIGN} {wording.money(one.after.refunded)}")
    if one.after.disputed:
        figures.append(f"\N{MINUS SIGN} {wording.money(one.after.disputed)}")
    return f"{' '.join(figures)} ({one.payment_intent_id})"

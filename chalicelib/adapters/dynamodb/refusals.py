"""Why a transaction could not be: which of its changes did not meet what it was on condition of."""

from chalicelib.adapters.dynamodb.tables import Cancelled, Own, Write
from chalicelib.domain.errors import AlreadyDone, Conflict, DomainError, Refused
from chalicelib.ports import Add, Advance, Change, Note, Point, Remove, Save


def _told(change: Change | None) -> str:
    """What a change would have done, and why it cannot."""
    if isinstance(change, Add):
        return f"add {change.entity.id} because it is there"
    return "do this because it was done"


def refusal(plan: list[tuple[Change | None, Write]], cancelled: Cancelled) -> DomainError:
    """The domain error for the change whose condition did not hold; the request's own marker comes first.

    A lost race comes before a repetition: whoever runs again from the first read learns which it was.
    """
    failed = [planned for planned, refused in zip(plan, cancelled.refused, strict=True) if refused]
    refused = [change for change, _ in failed]
    if None in refused:
        return AlreadyDone("request_repeated", "This request was carried out already.")
    if any(isinstance(write, Own) for _, write in failed):
        return Refused("account_taken", "You cannot use this payment account because another business does.")
    if any(isinstance(change, Save | Remove | Advance | Point | Note) for change in refused):
        return Conflict("conflict", "Somebody else changed this at the same moment; try again.")
    if refused:
        return AlreadyDone("already_done", f"You cannot {_told(refused[0])} already.")
    return Conflict("conflict", "Others were writing at the same moment; try again.")

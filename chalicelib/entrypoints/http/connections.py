"""/v1/business/accounting: the accounting programs that are connected."""

from chalicelib import wiring
from chalicelib.domain.connection import Connection, id_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.export_format import Target
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.shapes.connections import ConnectionIn, ConnectionOut, ConnectionsOut
from chalicelib.usecases import booking

PROGRAMS = {str(target): target for target in Target if target is not Target.FILE}


def _books(call: Call) -> booking.Books:
    return booking.Books(
        clock=wiring.now, now=call.now, store=call.store, accounting=wiring.accounting, seal=wiring.seal
    )


def _target(program: str) -> Target:
    if program not in PROGRAMS:
        raise NotFound("accounting program", program)
    return PROGRAMS[program]


@operation("GET", "/business/accounting", needs="exports.read", answer=ConnectionsOut)
def list_connections(call: Call) -> ConnectionsOut:
    """The accounting programs that are connected."""
    found = (call.store.find(Connection, id_of(target)) for target in PROGRAMS.values())
    return ConnectionsOut(data=[ConnectionOut.of(one) for one in found if one])


@operation(
    "PUT",
    "/business/accounting/{program}",
    needs="accounting.connect",
    body=ConnectionIn,
    answer=ConnectionOut,
    refusals=(404, 409, 412, 503),
    again=lambda call, id: ConnectionOut.of(call.store.get(Connection, id)),
)
def connect_accounting(call: Call, program: str, body: ConnectionIn) -> ConnectionOut:
    """Connect QuickBooks Online (`quickbooks`) or Xero (`xero`); what lets us in is tried, kept sealed, never shown.

    Every export there looks for a document by our own id before it makes one, so that none is there twice.
    """
    wish = booking.Wish(
        target=_target(program),
        organisation_id=body.organisation_id,
        client_id=body.app_id,
        client_secret=body.app_secret.get_secret_value(),
        refresh_token=body.refresh_token.get_secret_value(),
        automatic=body.automatic,
    )
    return ConnectionOut.of(booking.connect(wish, if_match=call.if_match, books=_books(call)))


@operation("DELETE", "/business/accounting/{program}", needs="accounting.connect", status=204, refusals=(404, 409, 412))
def disconnect_accounting(call: Call, program: str) -> Answer:
    """Write to an accounting program no more; what let us in is forgotten."""
    booking.disconnect(_target(program), if_match=call.if_match, books=_books(call))
    return Answer()

"""/v1/clients/{id}/statement: a client's account over a period, as JSON, as PDF, and by mail."""

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.client import Client
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.printing import printed
from chalicelib.entrypoints.http.shapes.statements import (
    PeriodShape,
    StatementOut,
    StatementQuery,
    StatementSendIn,
    StatementSentOut,
)
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.stating import (
    Period,
    ask_for_statement,
    last_asked_for,
    period_of,
    state_account,
    statement_name,
    statement_pdf,
)


def _period(call: Call, asked: PeriodShape) -> Period:
    return period_of(asked.since, asked.until, asked.currency, business=call.business, now=call.now)


@operation(
    "GET",
    "/clients/{client_id}/statement",
    needs="payments.read",
    query=StatementQuery,
    answer=StatementOut,
    refusals=(404, 422),
)
def get_statement(call: Call, client_id: str) -> StatementOut | Response:
    """A client's account over a period: what it owed before, every movement, what it owes after, and how long since."""
    statement = state_account(client_id, _period(call, call.query), business=call.business, store=call.store)
    if call.query.format == "json":
        return StatementOut.of(statement)
    body = statement_pdf(
        statement,
        call.store.get(Client, client_id),
        call.business,
        template=call.query.template,
        language=call.query.language,
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return printed(call, body, statement_name(statement).removesuffix(".pdf"))


def _asked_again(call: Call, client_id: str) -> StatementSentOut:
    client = present_client(client_id, call.store)
    return StatementSentOut.of(client.id, client.email or "", last_asked_for(client.id, store=call.store))


@operation(
    "POST",
    "/clients/{client_id}/statement/send",
    needs="invoices.send",
    body=StatementSendIn,
    answer=StatementSentOut,
    status=202,
    refusals=(404, 409, 412, 422),
    again=_asked_again,
)
def send_statement(call: Call, client_id: str, body: StatementSendIn) -> StatementSentOut:
    """Mail a client its statement of a period, with the PDF."""
    period = _period(call, body)
    asked = ask_for_statement(
        client_id, period, template=body.template, if_match=call.if_match, now=call.now, store=call.store
    )
    return StatementSentOut.of(asked.id, asked.email or "", period)

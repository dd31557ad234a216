"""/v1/clients."""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.domain import ladder, late_fee
from chalicelib.domain.client import Client
from chalicelib.domain.ladder import Ladder
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.words import words_in
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import (
    Listed,
    PageQuery,
    SearchQuery,
    cursor_of,
    listed,
    matches,
    position_of,
)
from chalicelib.entrypoints.http.seeing import seen_events, seen_items
from chalicelib.entrypoints.http.shapes.clients import (
    BalanceOut,
    ClientFields,
    ClientIn,
    ClientOut,
    ClientPatch,
)
from chalicelib.entrypoints.http.shapes.explanations import BalanceQuery
from chalicelib.entrypoints.http.shapes.legal import to_registrations
from chalicelib.entrypoints.http.shapes.payments import PortalLinkOut
from chalicelib.entrypoints.http.shapes.reminders import to_steps
from chalicelib.entrypoints.http.shapes.sales import PortalLinkIn
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import registering
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.claiming import waits_of
from chalicelib.usecases.explaining_accounts import Asked, balance_at
from chalicelib.usecases.linking import VALID_FOR, end_links, give_link, landing_of
from chalicelib.usecases.reckoning import reckon

TOKEN_BYTES = 32
APART = {"address", "late_fee", "registrations", "reminders", "tax_exempt"}
"""Fields that are read before they are kept."""


def _client(call: Call, client_id: str) -> ClientOut:
    return ClientOut.of(present_client(client_id, call.store))


@operation("GET", "/clients", needs="clients.read", query=SearchQuery, answer=Listed[ClientOut])
def list_clients(call: Call) -> Listed[ClientOut]:
    """The clients, newest first; those searched for by ``q`` by the word that was found."""

    def fits(client: Client) -> bool:
        return client.removed_at is None and matches(call.query, client.name, client.email, client.reference)

    asked = words_in(call.query.q)
    return listed(call, Client, Filter(word=max(asked, key=len, default=None), fits=fits), ClientOut.of)


@operation(
    "POST",
    "/clients",
    needs="clients.write",
    body=ClientIn,
    answer=ClientOut,
    status=201,
    place="/clients",
    again=_client,
)
def add_client(call: Call, body: ClientIn) -> ClientOut:
    """Add a client."""
    client = _with(Client(id=call.ids("cli"), created_at=call.now, name=body.name), body, call)
    added = registering.add_client(client, now=call.now, store=call.store)
    return ClientOut.of(added)


@operation("GET", "/clients/{client_id}", needs="clients.read", answer=ClientOut, refusals=(404,))
def get_client(call: Call, client_id: str) -> ClientOut:
    """One client."""
    return _client(call, client_id)


@operation(
    "PATCH",
    "/clients/{client_id}",
    needs="clients.write",
    body=ClientPatch,
    answer=ClientOut,
    refusals=(404, 412),
    again=_client,
)
def change_client(call: Call, client_id: str, body: ClientPatch) -> ClientOut:
    """Change a client; documents that were issued keep what they said."""
    changed = registering.change_client(
        client_id,
        lambda client: _with(client, body, call),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return ClientOut.of(changed)


@operation("DELETE", "/clients/{client_id}", needs="clients.write", status=204, refusals=(404, 409, 412))
def remove_client(call: Call, client_id: str) -> Answer:
    """Delete a client that no document names."""
    registering.remove_client(client_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "GET",
    "/clients/{client_id}/balance",
    needs="clients.read",
    query=BalanceQuery,
    answer=BalanceOut,
    refusals=(404, 422),
)
def get_balance(call: Call, client_id: str) -> BalanceOut:
    """What a client owes and holds in a currency: not billed yet, billed and unpaid, billed and paid.

    Now, or its totals as of any instant, told from the journal.
    """
    query: BalanceQuery = call.query
    client, currency = present_client(client_id, call.store), query.currency or call.business.currency
    if query.at:
        asked = Asked(client_id=client.id, currency=currency, at=query.at)
        balance, overdue = balance_at(asked, business=call.business, now=call.now, store=call.store)
        return BalanceOut.totalled(balance, overdue, at=query.at)
    today = call.business.today(call.now)
    account = reckon(client.id, currency=currency, today=today, store=call.store)
    account = replace(account, unbilled=tuple(seen_items(call, account.unbilled)))
    return BalanceOut.of(account, at=call.now, today=today, waits=waits_of(account.unbilled, call.store))


@operation(
    "GET",
    "/clients/{client_id}/timeline",
    needs="clients.read",
    query=PageQuery,
    answer=Listed[EventOut],
    refusals=(404,),
)
def get_client_timeline(call: Call, client_id: str) -> Listed[EventOut]:
    """What happened to a client and to all that belongs to it, newest first: deleted drafts and void invoices too."""
    call.store.get(Client, client_id)
    page = call.store.timeline(client_id, limit=call.query.limit, after=position_of(call))
    told = [EventOut.of(one) for one in seen_events(call, page.rows)]
    return Listed[EventOut](data=told, next_cursor=None if page.next is None else cursor_of(call, page.next))


@operation(
    "POST",
    "/clients/{client_id}/portal-link",
    needs="portal.link",
    body=PortalLinkIn,
    answer=PortalLinkOut,
    status=201,
    refusals=(404,),
    harmless=True,
)
def give_portal_link(call: Call, client_id: str, body: PortalLinkIn) -> PortalLinkOut:
    """Make a link with which the client sees and pays; whoever has it can use it."""
    now = wiring.now()
    url = give_link(
        client_id,
        landing=landing_of(client_id, body.document_id, store=call.store),
        now=now,
        random=wiring.random_bytes(TOKEN_BYTES),
        store=call.store,
        public_url=wiring.config().public_url,
    )
    return PortalLinkOut(url=url, expires_at=now + VALID_FOR)


@operation(
    "DELETE",
    "/clients/{client_id}/portal-link",
    needs="portal.link",
    status=204,
    refusals=(404, 412),
)
def end_portal_links(call: Call, client_id: str) -> Answer:
    """End every portal link the client was given; those who use one now are shut out at once."""
    end_links(client_id, if_match=call.if_match, now=call.now, real_now=wiring.now(), store=call.store)
    return Answer()


def _with(client: Client, body: ClientIn | ClientPatch, call: Call) -> Client:
    """The client with the fields that were sent."""
    plain = body.model_fields_set & set(ClientFields.model_fields) - APART
    given: dict[str, Any] = {name: getattr(body, name) for name in plain}
    if body.name is not None:
        given["name"] = body.name
    if body.address is not None:
        given["address"] = body.address.address()
    if body.registrations is not None:
        given["registrations"] = to_registrations(body.registrations)
    if "tax_exempt" in body.model_fields_set:
        given["tax_exempt"] = body.tax_exempt.exemption() if body.tax_exempt else None
    if "reminders" in body.model_fields_set:
        given["reminders"] = _ladder(client, body, call)
    if "late_fee" in body.model_fields_set:
        given["late_fee"] = _late_fee(client, body, call)
    return replace(client, **given)


def _late_fee(client: Client, body: ClientFields, call: Call) -> LateFeeTerms | None:
    """The client's own terms for paying late, without any if it owes nothing; None follows the business's."""
    if body.late_fee is None:
        return None
    if body.late_fee == "off":
        return LateFeeTerms()
    terms = body.late_fee.terms(client.late_fee, today=call.business.today(call.now))
    return late_fee.checked(terms, country=call.business.country)


def _ladder(client: Client, body: ClientFields, call: Call) -> Ladder | None:
    """The client's own ladder, one without steps if it is never to be reminded; None follows the business's."""
    if body.reminders is None:
        return None
    steps = () if body.reminders == "off" else to_steps(body.reminders)
    checked = ladder.checked(steps, languages=call.business.languages)
    return ladder.set_up(client.reminders, checked, today=call.business.today(call.now))

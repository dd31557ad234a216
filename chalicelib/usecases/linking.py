"""Giving a client a link to the portal, following it, and ending it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.access import PortalLink, new_token, sha256_hex
from chalicelib.domain.client import Client
from chalicelib.domain.errors import NotFound, Unauthenticated
from chalicelib.domain.events import ClientLinksEnded
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.ports import Directory, Keep, Save, Store
from chalicelib.usecases.checking import present_client, unchanged

VALID_FOR = timedelta(days=90)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def give_link(client_id: str, *, landing: str, now: datetime, random: bytes, store: Store, public_url: str) -> str:
    """The address of a new link for a client; only the hash of its token is kept.

    landing: id of the document that it opens at; any other id opens at the list of documents.
    now:     the real time, also for a sandbox: 90 days later the link ends.
    random:  32 bytes.
    Raises NotFound for a client that is not of this business.
    """
    client = present_client(client_id, store)
    token, digest = new_token(random)
    link = PortalLink(id=digest, client_id=client.id, landing=landing, created_at=now, expires_at=now + VALID_FOR)
    store.commit(Keep(link))
    return f"{public_url}/portal/l/{token}"


def landing_of(client_id: str, document_id: str | None, *, store: Store) -> str:
    """Where a link for a client opens: at a document of theirs, or without one at the list of documents.

    Raises NotFound for a document that is not this client's.
    """
    if document_id is None:
        return client_id
    kind: type[Quote | Invoice] = Quote if document_id.startswith("quo_") else Invoice
    document = store.get(kind, document_id)
    if document.client_id != client_id:
        raise NotFound("document", document_id)
    return document.id


def follow_link(token: str, *, now: datetime, directory: Directory) -> tuple[str, PortalLink]:
    """The business and the link that a token opens; nothing is changed, so a mail scanner may look first.

    Raises NotFound for a token that never was one of ours, Unauthenticated (``link_over``) for a link that has ended.
    """
    return standing_link(sha256_hex(token) if TOKEN.fullmatch(token) else "", now=now, directory=directory)


def standing_link(link_id: str, *, now: datetime, directory: Directory) -> tuple[str, PortalLink]:
    """The business and the link of an id, as long as it stands. Raises as ``follow_link`` does."""
    found = directory.link(link_id) if link_id else None
    if found is None:
        raise NotFound("link", "of this address")
    if not found[1].stands(now=now):
        raise Unauthenticated("link_over", "You cannot use this link because it has ended.")
    return found


def open_link(link: PortalLink, *, store: Store) -> Client:
    """The client a link lets act. Raises Unauthenticated (``link_over``) once the client's links were ended."""
    client = store.get(Client, link.client_id)
    if client.links_ended_at and link.created_at <= client.links_ended_at:
        raise Unauthenticated("link_over", "You cannot use this link because it has ended.")
    return client


def end_links(client_id: str, *, if_match: int | None, now: datetime, real_now: datetime, store: Store) -> Client:
    """End every link the client was ever given, with every session they opened; new ones may be made at once."""

    def deed() -> Client:
        client = unchanged(present_client(client_id, store), if_match)
        ended = replace(client, version=client.version + 1, links_ended_at=real_now)
        store.commit(Save(ended, ClientLinksEnded(subject=client.id, version=ended.version, at=now)))
        return ended

    return store.persistently(deed)

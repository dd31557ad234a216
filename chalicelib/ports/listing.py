"""What a list is narrowed to, and the pages it comes in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.values import dataclass


class Unfinished(StrEnum):
    """What an invoice waits for: to be issued, its day, or its money; a payment, to be matched."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    DUE = "due"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; None does not narrow.

    job_id: what is filed to one job; it goes before client_id.
    account_of: the client of whom only what is open is wanted, the earliest first: items to be billed and on no
    document; of invoices, by ``unfinished``, the drafts that claim items or those with money due.
    It goes before job_id.
    collected: the contract whose items to be billed are wanted, the earliest first; empty, those of all contracts,
    contract by contract. It goes before job_id.
    parent: the id of the quote or invoice whose children are wanted; it goes before all that follow.
    number_begins: the documents, or the numbers, of a series whose numbers begin so.
    client_ids: the clients whose documents are wanted; newest first over all of them.
    word: the clients who have a word that begins so, by that word.
    begins: what the ids begin with, where one kind of entity has several, or those wanted share their moment.
    number: the document that bears it; series: the numbers of one, where they are not those of invoices.
    after_sequence: of the feed, what comes after it, in its order; webhook_id: whose deliveries.
    unfinished: the invoices that wait for one thing, unless a client's are wanted: scheduled and due ones by
    their day, the earliest first; due_day_before: of the due ones, those with an earlier day.
    fits: what the stores cannot index; asked of each row read.
    sift: those that are wanted of some rows that fit, where that takes other reads; asked of what is read at once.
    """

    client_id: str | None = None
    job_id: str | None = None
    account_of: str | None = None
    collected: str | None = None
    parent: str | None = None
    number_begins: str | None = None
    client_ids: tuple[str, ...] = ()
    word: str | None = None
    begins: str | None = None
    number: str | None = None
    series: str | None = None
    after_sequence: int | None = None
    webhook_id: str | None = None
    unfinished: Unfinished | None = None
    due_day_before: date | None = None
    fits: Callable[[Any], bool] = field(default=lambda _: True)
    sift: Callable[[Sequence[Any]], Sequence[Any]] = field(default=lambda rows: rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a list, in its order, and where the next page begins (None: there is none).

    A page may be short, even empty, and yet not be the last: where many rows do not fit, a store stops to read
    before the page is full.
    """

    rows: tuple[Any, ...]
    next: Mapping[str, str] | None = None

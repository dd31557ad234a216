"""Exports asked for: by somebody, or by a batch that is issued."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from chalicelib.domain import export as exports
from chalicelib.domain.accounting import unmapped
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection, id_of
from chalicelib.domain.errors import AlreadyDone, Refused
from chalicelib.domain.export import Export
from chalicelib.domain.export_choice import Wanted
from chalicelib.domain.export_format import FORMAT_OF, Format, Options, Target
from chalicelib.domain.export_layouts import Setting
from chalicelib.ports import Add, Ids, Once, Store
from chalicelib.usecases import booking
from chalicelib.usecases.export_reading import Look, chosen
from chalicelib.usecases.export_words import look_for_words, setting_of

OURSELVES = "quittance"
"""Who asks for exports that nobody asked for."""
CHECKED_AT_ONCE = 100
"""Documents that are looked at for words that the settings lack before an export is accepted."""
PAGES_AT_ONCE = 5
"""Of lists, each of some thousand documents, that are looked at meanwhile; the worker looks at all."""


def ask_for_export(
    *,
    format: Format,
    target: Target = Target.FILE,
    wanted: Wanted,
    options: Options,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Export:
    """An export that a worker will make.

    Raises NotFound for an unknown document, client or batch; Invalid (``unmapped``) with all that the settings lack for
    the first documents; Refused (``nothing_to_export``, ``not_connected``).
    """
    if target is not Target.FILE:
        booking.connected(target, store)
    if wanted.client_id:
        store.get(Client, wanted.client_id)
    look = Look(pages=PAGES_AT_ONCE)
    first = chosen(wanted, format, target, store, most=CHECKED_AT_ONCE, look=look)
    if not first and not look.is_cut:
        raise Refused("nothing_to_export", "You cannot export because nothing fits that was not exported before.")
    _must_be_mapped(first, setting_of(format, options, store.get(Business)), format, target, store)
    export, event = exports.requested(
        ids(exports.PREFIX),
        format=format,
        target=target,
        wanted=wanted,
        options=options,
        by=store.caller.actor,
        at=now,
    )
    store.commit(Add(export, event))
    return export


def export_batch_automatically(
    batch_id: str, *, issued_at: datetime, now: datetime, ids: Ids, store: Store
) -> tuple[Export, ...]:
    """What follows by itself once a batch is issued: an export to each program that is connected for it (A47).

    Once for each, and once more where the rest of the batch was issued later. What its settings lack, or that it lets
    us in no more, is told on the export and by mail.
    """
    made = []
    for target, format in FORMAT_OF.items():
        connection = store.find(Connection, id_of(target))
        if connection is None or not connection.automatic:
            continue
        wanted = Wanted(batch_id=batch_id)
        asked = exports.requested(
            ids(exports.PREFIX), format=format, target=target, wanted=wanted, options=Options(), by=OURSELVES, at=now
        )
        with suppress(AlreadyDone):
            store.commit(Add(*asked), Once(f"export:{batch_id}:{target}:{issued_at.isoformat()}"))
            made.append(asked[0])
    return tuple(made)


def _must_be_mapped(ids: Sequence[str], setting: Setting, format: Format, target: Target, store: Store) -> None:
    if format.program:
        look_for_words(ids, setting, format, target, store.aside())
        if setting.words.lacks:
            raise unmapped(setting.words.lacks, format.program)

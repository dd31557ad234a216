"""Changing how a business bills, and what it sells."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.errors import Invalid
from chalicelib.domain.events import BusinessChanged, CatalogueChanged, SeriesChanged
from chalicelib.domain.marks_canada import must_be_apart
from chalicelib.domain.numbering import Series, next_to_give, opened, renumbered
from chalicelib.ports import Add, Advance, Remove, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.continuing_series import INVOICE, beyond_imported


def change_business(
    change: Callable[[Business], Business],
    *,
    fields: tuple[str, ...],
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Business:
    """The business with some settings changed; new numbering rules reach the series at once (C22).

    change: gives the business as wanted; it may raise Invalid. fields: their names, for the journal.
    Raises Invalid for a tax group of unknown taxes, and for rates that the law lets nobody show (``combined_rate``).
    """

    def deed() -> Business:
        business = unchanged(store.get(Business), if_match)
        wanted = replace(change(business), version=business.version + 1)
        _must_make_sense(wanted)
        if "tax_rates" in fields:
            must_be_apart(wanted.tax_rates, country=wanted.country)
        following = _following(wanted, now=now, store=store) if "numbering" in fields else None
        if following is None:
            store.commit(
                Save(wanted, BusinessChanged(subject=business.id, version=wanted.version, at=now, fields=fields))
            )
            return wanted
        event = SeriesChanged(
            subject=business.id,
            version=wanted.version,
            at=now,
            fields=fields,
            last_number=following.last,
            next_number=next_to_give(following),
        )
        store.commit(Save(wanted, event), Advance(following))
        return wanted

    return store.persistently(deed)


def add_entry(entry: CatalogueEntry, *, business: Business, now: datetime, store: Store) -> CatalogueEntry:
    """A new entry of the catalogue; a code that was removed may come back, with its history.

    Raises AlreadyDone if the code is taken.
    """
    taxes_exist(entry, business)
    reused = replace(entry, version=len(store.history(subject_of(entry))) + 1)
    store.commit(Add(reused, CatalogueChanged(subject=subject_of(entry), version=reused.version, at=now)))
    return reused


def change_entry(
    code: str,
    change: Callable[[CatalogueEntry], CatalogueEntry],
    *,
    business: Business,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> CatalogueEntry:
    def deed() -> CatalogueEntry:
        entry = unchanged(store.get(CatalogueEntry, code), if_match)
        wanted = replace(change(entry), version=entry.version + 1)
        taxes_exist(wanted, business)
        store.commit(Save(wanted, CatalogueChanged(subject=subject_of(entry), version=wanted.version, at=now)))
        return wanted

    return store.persistently(deed)


def remove_entry(code: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take an entry away; documents that used it keep what they say."""

    def deed() -> None:
        entry = unchanged(store.get(CatalogueEntry, code), if_match)
        gone = CatalogueChanged(subject=subject_of(entry), version=entry.version + 1, at=now)
        store.commit(Remove(entry, gone))

    store.persistently(deed)


def _following(wanted: Business, *, now: datetime, store: Store) -> Series | None:
    """The series under the new rules, beyond what was imported; None where they change nothing of its count."""
    series = store.find(Series, INVOICE)
    if series and series.numbering == wanted.numbering:
        return None
    renewed = renumbered(series or opened(INVOICE, wanted.numbering), wanted.numbering)
    following = beyond_imported(renewed, this_year=wanted.today(now).year, store=store)
    return following if series or following != renewed else None


def _must_make_sense(business: Business) -> None:
    known = set(business.rates)
    for n, group in enumerate(business.tax_groups):
        unknown = [code for code in group.codes if code not in known]
        if unknown:
            raise Invalid("unknown_tax", f"There is no tax {unknown[0]!r}.", at=f"/tax_groups/{n}/codes")


def taxes_exist(entry: CatalogueEntry, business: Business) -> None:
    """Raise Invalid (``unknown_tax``) for a tax that the business does not have."""
    for n, code in enumerate(entry.taxes or ()):
        if code not in business.rates:
            raise Invalid("unknown_tax", f"There is no tax {code!r}.", at=f"/taxes/{n}")


def subject_of(entry: CatalogueEntry) -> str:
    """Under what the journal tells of an entry."""
    return f"catalog:{entry.id}"

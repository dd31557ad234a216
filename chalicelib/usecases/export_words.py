"""The words that an export takes of the business's settings."""

from collections.abc import Sequence
from contextlib import suppress

from chalicelib.domain.accounting import Chart, Words
from chalicelib.domain.bookkeeping import bill_of
from chalicelib.domain.business import Business
from chalicelib.domain.errors import DomainError
from chalicelib.domain.export_format import Format, Options, Target
from chalicelib.domain.export_layouts import LAYOUTS, Setting
from chalicelib.ports import Store
from chalicelib.usecases.export_reading import papers

UNWRITABLE = (DomainError, ArithmeticError, LookupError, ValueError)
"""What may be wrong with one document, so that it cannot be exported; the others can."""


def setting_of(format: Format, options: Options, business: Business) -> Setting:
    chart = business.accounting.get(format.program) if format.program else None
    return Setting(words=Words(chart or Chart()), country=business.country, currency=business.currency, options=options)


def look_for_words(ids: Sequence[str], setting: Setting, format: Format, target: Target, store: Store) -> None:
    """Ask for every word that documents take; what is wrong with one of them is found when it is written."""
    for paper in papers(ids, store):
        with suppress(*UNWRITABLE):
            if target is Target.FILE:
                LAYOUTS[format].text(paper, setting, 1)
            else:
                bill_of(paper, setting.words, with_items=with_items(target))


def with_items(target: Target) -> bool:
    return target is Target.QUICKBOOKS

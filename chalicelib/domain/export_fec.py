"""Entries in the layout of the French *fichier des écritures comptables* (LPF art. A47 A-1).

An invoicing program is no accounting system: this is what it has to book, not the legal file itself.
"""

import re
from collections.abc import Iterator
from datetime import date

from chalicelib.domain.accounting import Words
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Refused
from chalicelib.domain.export import Export
from chalicelib.domain.export_cells import disarmed, in_one_line
from chalicelib.domain.export_entries import Side, sides
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)
NOTHING = "-"
"""Where a text must be and there is none."""
SIREN = re.compile(r"[0-9]{9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """amount: a debit is positive; party: the client's account and name, on the line of the client."""

    account: str
    account_name: str
    amount: Money
    party: str = ""
    party_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a journal: its lines sum to zero. reference, label: empty for none."""

    journal: str
    journal_name: str
    number: str
    on: date
    posted_on: date
    reference: str = ""
    label: str = ""
    lines: tuple[EntryLine, ...]


def opening() -> str:
    return "\t".join(COLUMNS) + "\r\n"


def text(paper: Paper, words: Words, number: int, *, currency: str) -> str:
    """The entry of a document, the so-and-so-many-th of its file.

    Raises Refused (``other_currency``): debits and credits are in the currency of the books, and no rate is known;
    (``nothing_to_book``): its number would be missing in the file.
    """
    document = paper.document
    if document.currency != currency:
        raise Refused("other_currency", f"You cannot book {paper.number} because it is in {document.currency}.")
    on = document.issue_date or document.created_at.date()
    code, name = (*words.chart.journal, "")[:2]
    buyer = paper.parties.buyer.name
    lines = tuple(_line(side, paper, words) for side in _summed(sides(paper, words)))
    if not lines:
        raise Refused("nothing_to_book", f"You cannot book {paper.number} because it comes to nothing.")
    entry = Entry(
        journal=code,
        journal_name=name,
        number=f"{number}",
        on=on,
        posted_on=on,
        reference=paper.number,
        label=f"{'Avoir' if paper.is_credit else 'Facture'} {paper.number} {buyer}",
        lines=lines,
    )
    return "".join(f"{row}\r\n" for row in rows(entry))


def rows(entry: Entry) -> Iterator[str]:
    """The 18 columns of each line, between tabs."""
    for line in entry.lines:
        debit, credit = (line.amount, _nothing(line)) if line.amount.minor > 0 else (_nothing(line), -line.amount)
        yield "\t".join(
            (
                *map(_text, (entry.journal, entry.journal_name, entry.number)),
                _day(entry.on),
                *map(_text, (line.account, line.account_name, line.party, line.party_name)),
                _text(entry.reference) or NOTHING,
                _day(entry.on),
                _text(entry.label) or NOTHING,
                _amount(debit),
                _amount(credit),
                *("", ""),
                _day(entry.posted_on),
                *("", ""),
            )
        )


def name_of(export: Export, business: Business) -> str:
    """What the law calls the file: SIREN, FEC and the last day; without the SIREN where none is registered."""
    numbers = (found[0] for one in business.tax_registrations if (found := _siren(one.name, one.number)))
    last = export.wanted.until or business.today(export.created_at)
    return f"{next(numbers, '')}FEC{_day(last)}.txt"


def _siren(name: str, number: str) -> re.Match[str] | None:
    return SIREN.match(number.replace(" ", "")) if name.upper().startswith("SIRE") else None


def _summed(all_sides: tuple[Side, ...]) -> Iterator[Side]:
    """One side for each account: an entry has no lines of its own for what was sold."""
    by_account: dict[tuple[str, bool], list[Side]] = {}
    for side in all_sides:
        by_account.setdefault((side.account, side.of_client), []).append(side)
    for some in by_account.values():
        total = Money(sum(side.amount.minor for side in some), some[0].amount.currency)
        if total:
            yield Side(
                account=some[0].account,
                amount=total,
                label=some[0].label if len(some) == 1 and some[0].line is None else _label(some[0]),
                of_client=some[0].of_client,
            )


def _label(side: Side) -> str:
    return "Ventes" if side.line else side.label


def _line(side: Side, paper: Paper, words: Words) -> EntryLine:
    party = (paper.reference or paper.document.client_id, paper.parties.buyer.name) if side.of_client else ("", "")
    return EntryLine(
        account=side.account,
        account_name=words.chart.names.get(side.account) or side.label,
        amount=side.amount,
        party=party[0],
        party_name=party[1],
    )


def _nothing(line: EntryLine) -> Money:
    return Money.zero(line.amount.currency)


def _text(text: str) -> str:
    return disarmed(in_one_line(text))


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(amount: Money) -> str:
    return f"{amount}".replace(".", ",")

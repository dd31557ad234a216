"""What an invoice says on paper. It reads only what was frozen at issue, so it says the same for ever."""

from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib.domain.appearance import Column
from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.document import Columns, Document, Fact, Group, Panel, Passage, Row, Schedule
from chalicelib.domain.invoice import Invoice, covered
from chalicelib.domain.invoice_asking import next_part
from chalicelib.domain.invoice_totals import schedule_of, schedule_offered, totals_of
from chalicelib.domain.letterhead import DOT, buyer_of, letterhead, places_of, seller_of
from chalicelib.domain.lines import Adjustment, Line, subtotals_of
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import legal_notices
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.schedule import next_to_pay, wait_for_work
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.wording import Wording

TITLES = {DepositTax.ON_RECEIPT: "Deposit invoice", DepositTax.WHEN_APPLIED: "Deposit request"}
"""A deposit that is not taxed yet is no invoice to the tax office."""


def invoice_document(
    invoice: Invoice, content: Content, parties: Parties, *, wording: Wording, pay_url: str = ""
) -> Document:
    """The invoice as a document in one language; a draft is stamped as such.

    content: priced, as `worked_out` leaves it.
    pay_url: where it can be paid online; empty leaves the button and the QR code out.
    """
    text, seller = wording.text, parties.seller
    dated = invoice.issue_date or invoice.created_at.date()
    heading = text("Invoice {number}", number=invoice.number) if invoice.number else text("Invoice")
    title = text(TITLES[invoice.deposit]) if invoice.deposit else text("Invoice")
    return Document(
        **letterhead(seller, wording),
        template=invoice.template,
        dated=dated,
        title=title,
        number=text("No. {number}", number=invoice.number) if invoice.number else "",
        heading=heading,
        stamp="" if invoice.number else text("Draft").upper(),
        parties=(
            seller_of(invoice.figures, parties, wording),
            buyer_of(parties, wording.text("Billed to"), wording),
            *places_of(parties, wording),
        ),
        panel=_panel(invoice, wording) if invoice.number and invoice.figures.amount_due.minor > 0 else None,
        facts=_facts(invoice, wording),
        columns=columns_of(content, seller, wording),
        groups=groups_of(content, seller, wording),
        totals=totals_of(invoice.figures, wording, deposits=invoice.deposits),
        schedule=_schedule(invoice, wording),
        passages=(
            *passages_of(content, wording),
            *legal_notices(case_of(invoice, parties, on=dated), wording),
        ),
        pay_url=pay_url if invoice.number else "",
    )


def case_of(invoice: Invoice, parties: Parties, *, on: date) -> Case:
    """The invoice as the law looks at it on a day."""
    return Case(kind=PaperKind.INVOICE, figures=invoice.figures, parties=parties, on=on)


def _panel(invoice: Invoice, wording: Wording) -> Panel:
    whole, settled = invoice.figures.amount_due, covered(invoice.schedule, invoice.figures)
    following = next_to_pay(invoice.schedule, settled)
    part = next_part(invoice.schedule, settled, whole)
    waits = wait_for_work(invoice.schedule, settled)
    due_on = following.due_on if following else None if waits else invoice.due_date
    return asking(part[1] if part else whole, whole=whole, due_on=due_on, wording=wording)


def _schedule(invoice: Invoice, wording: Wording) -> Schedule | None:
    """Of a draft nothing is due yet."""
    if not invoice.number:
        return schedule_offered(invoice.schedule, wording)
    return schedule_of(invoice.schedule, wording, paid=covered(invoice.schedule, invoice.figures))


def asking(amount: Money, *, whole: Money, due_on: date | None, wording: Wording) -> Panel:
    """What is asked for now of the whole, and by when; the rest is told."""
    note = [wording.text("by {day}", day=wording.day(due_on))] if due_on else []
    if amount != whole:
        note.append(wording.text("Total balance: {amount}", amount=wording.money(whole)))
    return Panel(
        label=wording.text("Instalment due") if amount != whole else wording.text("Amount due"),
        amount=wording.money(amount),
        note=DOT.join(note),
        action=wording.text("Pay online"),
        scan=wording.text("Or scan this code"),
    )


def _facts(invoice: Invoice, wording: Wording) -> tuple[Fact, ...]:
    facts = (
        (wording.text("Issue date"), wording.day(invoice.issue_date) if invoice.issue_date else ""),
        (wording.text("Due date"), wording.day(invoice.due_date) if invoice.due_date else ""),
        (wording.text("Service period"), invoice.service_period.in_short(wording) if invoice.service_period else ""),
        (wording.text("Purchase order"), invoice.purchase_order or ""),
    )
    return tuple(Fact(label=label, value=value) for label, value in facts if value)


def columns_of(content: Content, seller: Party, wording: Wording) -> Columns:
    """As the business chose them; France wants every line's quantity and price (Ann. II, art. 242 nonies A, I-8)."""
    text, shows, bound = wording.text, seller.appearance.shows, seller.home == "FR"
    has_units = any(line.unit for line in content.lines)
    return Columns(
        description=text("Description"),
        quantity=text("Qty") if bound or shows(Column.QUANTITY, usually=True) else "",
        unit=text("Unit") if has_units and shows(Column.UNIT, usually=True) else "",
        unit_price=text("Unit price") if bound or shows(Column.UNIT_PRICE, usually=True) else "",
        taxes=text("Taxes") if says_taxes(content, seller) else "",
        net=text("Amount"),
    )


def says_taxes(content: Content, seller: Party) -> bool:
    """Whether each line says its taxes."""
    return _taxed_apart(content) or seller.appearance.shows(Column.TAXES, usually=False)


def _taxed_apart(content: Content) -> bool:
    """Lines bear different taxes, so that each must say its own (Canada's Input Tax Credit Regulations, s. 3)."""
    return len({frozenset(line.taxes) for line in content.lines}) > 1


def groups_of(content: Content, seller: Party, wording: Wording) -> tuple[Group, ...]:
    """Lines of one group together, under its subtotal; lines without a group first."""
    subtotals = {"": None} if any(not line.group for line in content.lines) else {}
    named = {**subtotals, **subtotals_of(content.lines, currency=content.currency)}
    taxes = _named(content.rates, wording) if says_taxes(content, seller) else {}
    return tuple(_group(name, subtotal, content, taxes, wording) for name, subtotal in named.items())


def _named(rates: Sequence[TaxRate], wording: Wording) -> dict[str, str]:
    """What each tax is called on a line, by its code: with its rate where others are called the same.

    France wants the rate of each line (Ann. II, art. 242 nonies A, I-8).
    """
    names = {rate.code: wording.text(rate.name or rate.code) for rate in rates}
    known = list(names.values())
    rated = (rate for rate in rates if rate.kind == "percent" and rate.category in {"S", "Z"})
    percents = {rate.code: wording.percent(rate.rate_percent) for rate in rated if known.count(names[rate.code]) > 1}
    return {code: f"{name} {percents.get(code, '')}".strip() for code, name in names.items()}


def _group(name: str, subtotal: Money | None, content: Content, taxes: Mapping[str, str], wording: Wording) -> Group:
    lines = [line for line in content.lines if (line.group or "") == name]
    return Group(
        title=name,
        subtotal=wording.money(subtotal) if subtotal is not None else "",
        rows=tuple(_row(line, content.currency, taxes, wording) for line in lines),
    )


def _row(line: Line, currency: str, taxes: Mapping[str, str], wording: Wording) -> Row:
    description, _, rest = line.description.partition("\n")
    price = wording.price(line.unit_price, currency)
    return Row(
        description=description,
        detail="\n".join([*([rest] if rest else []), *_adjustments(line, wording)]),
        quantity=wording.number(line.quantity),
        unit=line.unit or "",
        unit_price=price if line.base_quantity == 1 else f"{price} / {wording.number(line.base_quantity)}",
        taxes=", ".join(taxes[code] for code in line.taxes if code in taxes),
        net=wording.money(line.net) if line.net is not None else "",
    )


def _adjustments(line: Line, wording: Wording) -> list[str]:
    return [
        *_worded("Discount {value}", line.allowances, wording),
        *_worded("Charge {value}", line.charges, wording),
    ]


def _worded(key: str, adjustments: Sequence[Adjustment], wording: Wording) -> list[str]:
    sentences = []
    for adjustment in adjustments:
        amount = wording.money(adjustment.amount) if adjustment.amount else ""
        value = wording.percent(adjustment.percent) if adjustment.percent is not None else amount
        reason = f"{DOT}{adjustment.reason}" if adjustment.reason else ""
        sentences.append(wording.text(key, value=value) + reason)
    return sentences


def passages_of(content: Content, wording: Wording) -> tuple[Passage, ...]:
    passages = ((wording.text("Notes"), content.notes), (wording.text("Terms"), content.terms))
    return tuple(Passage(title=title, paragraphs=tuple(body.splitlines())) for title, body in passages if body)

"""Exports as use-case tests ask for them, go on with them, and read what became of them."""

import csv
import io

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.adapters.sheets import XlsxSheets
from chalicelib.domain.export import Export
from chalicelib.domain.export_choice import Wanted
from chalicelib.domain.export_format import Format, Options
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Filter
from chalicelib.usecases import export_steps, exporting
from tests import builders as b
from tests.fakes.seal import FakeSeal


def ask(desk, format=Format.CSV, **wanted):
    return exporting.ask_for_export(
        format=format,
        wanted=Wanted(**wanted),
        options=Options(),
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
    )


def hands(desk):
    return export_steps.Hands(
        clock=desk.clock,
        now=desk.clock(),
        store=desk.store(),
        files=desk.files,
        sheets=XlsxSheets,
        renderer=lambda: desk.renderer,
        wordings=desk.post().wordings,
        e_invoices=FacturXInvoices,
        accounting=lambda _: desk.books,
        seal=FakeSeal,
    )


def go_on(desk, export, *, steps=None):
    """So many steps of it, or all."""
    left = iter(range(steps or 1_000))
    return export_steps.go_on(export.id, enough=lambda: next(left) == (steps or 0) - 1, hands=hands(desk))


def now(desk, export):
    return desk.store().get(Export, export.id)


def numbers(desk, export):
    text = desk.files.get(f"{b.BUSINESS}/exports/{export.id}").decode()
    return [row["number"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def marked(desk, export):
    """What the journal and the heads say is in it."""
    said = [one.event.subject for one in desk.tables.journal() if getattr(one.event, "export_id", None) == export.id]
    heads = desk.store().page(Invoice, Filter(), limit=100).rows
    assert sorted(said) == sorted(one.id for one in heads if export.id in one.exports)
    return said

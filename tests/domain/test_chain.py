"""The chain of a series: what was issued cannot be changed afterwards without its being found."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from chalicelib.domain import sound_chains
from chalicelib.domain.business import Numbering
from chalicelib.domain.chain import Issued, hash_of, text_of, tied
from chalicelib.domain.events import InvoiceRendered
from chalicelib.domain.fingerprint import canonical, fingerprint
from chalicelib.domain.invoice import Pdf
from chalicelib.domain.numbering import opened, take
from chalicelib.domain.sales import Body, parties_of, worked_out
from tests import builders as b
from tests.domain.ledger import enveloped

DAY = date(2026, 11, 22)


def issued(id="inv_1", **of_line):
    content, figures = worked_out(b.content(**of_line))
    parties = parties_of(id, content, seller=b.a_business().as_seller(), buyer=b.a_client().as_buyer())
    return Issued(content=content, parties=parties), figures


PDF = "ab" * 32


def given(series, id, what, figures, pdf_sha256=PDF):
    """The next number of a series, tied to what is issued under it."""
    series, number = take(series, document_id=id, on=DAY)
    return tied(series, number, figures=figures, issued=what, pdf_sha256=pdf_sha256)


def three_numbers():
    series, numbers = opened("invoice", Numbering()), []
    for position in range(3):
        what, figures = issued(f"inv_{position}")
        series, number = given(series, f"inv_{position}", what, figures)
        numbers.append(number)
    return series, numbers


def found(series, numbers):
    return [violation.detail for violation in sound_chains.of_chain(series, numbers)]


@pytest.mark.row("Part4-6")
def test_each_number_holds_the_hash_of_the_one_before():
    series, (first, second, third) = three_numbers()

    assert (first.link.previous, second.link.previous) == ("", first.link.hash)
    assert (third.link.previous, series.head) == (second.link.hash, third.link.hash)
    assert found(series, [first, second, third]) == []


def test_the_hash_is_that_of_ten_lines_that_anybody_can_write_down():
    _, (first, _, _) = three_numbers()
    what, _ = issued("inv_0")
    lines = [
        "quittance chain 1",
        "invoice",
        "00001",
        "2026-11-22",
        "inv_0",
        "114.98 CAD",
        "14.98 CAD",
        sha256(text_of(what).encode()).hexdigest(),
        PDF,
        "",
    ]

    assert first.link.hash == sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda number: replace(number, issue_date=date(2026, 11, 21)),
        lambda number: replace(number, document_id="inv_9"),
        lambda number: replace(number, id="00009"),
        lambda number: replace(number, link=replace(number.link, total=b.cad("0.01"))),
        lambda number: replace(number, link=replace(number.link, tax_total=b.cad("0.01"))),
        lambda number: replace(number, link=replace(number.link, content="0" * 64)),
        lambda number: replace(number, link=replace(number.link, pdf="0" * 64)),
        lambda number: replace(number, link=replace(number.link, pdf="")),
        lambda number: replace(number, link=replace(number.link, previous="0" * 64)),
        lambda number: replace(number, link=None),
    ],
)
def test_whatever_is_changed_of_a_number_is_found(change):
    series, (first, second, third) = three_numbers()

    assert found(series, [first, change(second), third])


def test_a_number_that_is_made_anew_with_its_hash_is_found_by_the_next():
    series, (first, second, third) = three_numbers()
    link = replace(second.link, total=b.cad("0.01"))
    forged = replace(second, link=replace(link, hash=hash_of(second, link)))

    assert [told for told in found(series, [first, forged, third]) if "number 00003" in told]


def test_a_last_number_that_is_made_anew_is_found_by_the_counter():
    series, (first, second, third) = three_numbers()
    link = replace(third.link, total=b.cad("0.01"))
    forged = replace(third, link=replace(link, hash=hash_of(third, link)))

    assert [told for told in found(series, [first, second, forged]) if "series invoice" in told]


def test_a_document_that_says_something_else_than_was_issued_is_found():
    invoice = replace(b.an_issued_invoice(), id="inv_1")
    what, figures = issued("inv_1")
    _, number = given(opened("invoice", Numbering()), "inv_1", what, figures)
    invoice = replace(invoice, figures=figures)
    body = Body(id="inv_1", revision=1, content=what.content)

    def judged(body, parties):
        return list(sound_chains.of_issued(invoice, number, body=body, parties=parties, envelopes=()))

    dearer = replace(what.content, notes="Paid in cash.")
    other = replace(what.parties, buyer=replace(what.parties.buyer, name="Somebody else"))
    assert judged(body, what.parties) == []
    assert judged(replace(body, parties=what.parties), None) == []
    assert judged(replace(body, content=dearer), what.parties)
    assert judged(body, other)
    assert judged(None, what.parties)


def test_a_kept_pdf_that_is_neither_what_was_issued_nor_what_the_journal_tells_of_is_found():
    what, figures = issued("inv_1")
    _, number = given(opened("invoice", Numbering()), "inv_1", what, figures)
    body = Body(id="inv_1", revision=1, content=what.content)
    other = "00" * 32

    def judged(kept, *events):
        invoice = replace(b.an_issued_invoice(), id="inv_1", figures=figures, pdf=Pdf(sha256=kept))
        told = [enveloped(event) for event in events]
        return [
            one.detail
            for one in sound_chains.of_issued(invoice, number, body=body, parties=what.parties, envelopes=told)
        ]

    drawn_anew = InvoiceRendered(subject="inv_1", version=3, at=b.NOON, sha256=other)
    assert judged(PDF) == judged(other, drawn_anew) == []
    assert judged(other) == [
        f"You cannot trust document 00001 because its PDF's hash is {other} and its number holds {PDF}."
    ]


def test_a_field_that_stands_as_it_does_by_default_leaves_no_trace():
    what, _ = issued()

    assert "purchase" not in canonical(what)
    assert canonical(what) == canonical(replace(what, content=replace(what.content, notes=None)))
    assert canonical({"b": Decimal("1.00"), "a": (DAY, b.cad("1"))}) == '{"a":["2026-11-22","100 CAD"],"b":"1.00"}'
    assert fingerprint("é") == sha256(b"\xc3\xa9").hexdigest()


def test_the_fingerprint_of_what_was_issued_never_changes():
    """A field that is renamed, or a default that is changed, would break every chain there is."""
    what, _ = issued("inv_1")

    assert fingerprint(text_of(what)) == "bc5ad4a059b5089b915cfd9ff2989c96e47fd54519ef7306e149621d50b8cf52"
    assert text_of(what).startswith(
        '{"content":{"currency":"CAD","lines":[{"description":"Remplacement du chauffe-eau"'
    )

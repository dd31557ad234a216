"""Papers as the law looks at them, for the tests of its marks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import legal_notices, missing_marks
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from tests import builders as b
from tests.fakes.wording import PlainWording

SPRING, SUMMER = date(2026, 3, 2), date(2026, 8, 1)
LYON = replace(b.PARIS, city="Lyon", postal_code="69001")
BERLIN = Address(lines=("Unter den Linden 1",), city="Berlin", country="DE")
VAT = Registration(name="TVA", number="FR44 732 829 320")
TVA = b.a_rate("TVA", "20", registration_number="FR44732829320")
BARE = b.a_rate("TVA", "20")


def agreed(percent):
    return LateFeeTerms(yearly_rate_percent=Decimal(percent))


def french(**more):
    plain = {"name": "Dupont", "address": b.PARIS, "registrations": (b.SIREN,)}
    return Party(**plain | more)


def buyer(**more):
    return Party(**{"name": "Durand", "address": LYON} | more)


def case(seller, client=None, *, rate=TVA, price="1000", on=SPRING, kind=PaperKind.INVOICE, currency="EUR"):
    rates = rate if isinstance(rate, tuple) else (rate,)
    line = b.a_line(unit_price=Decimal(price), taxes=tuple(one.code for one in rates))
    _, figures = worked_out(Content(currency=currency, lines=(line,), rates=rates))
    return Case(kind=kind, figures=figures, parties=Parties(id="inv_1", seller=seller, buyer=client or buyer()), on=on)


def said(*args, **more):
    return [line for passage in notices(*args, **more) for line in passage.paragraphs]


def notices(*args, **more):
    return legal_notices(case(*args, **more), PlainWording())


def missing(*args, **more):
    return [one.rule.id for one in missing_marks(case(*args, **more))]


def of_category(category, **more):
    return b.a_rate(category, "0", category=category, **more)

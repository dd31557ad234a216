"""What our accounts, taxes and services are called in a business's accounting programs, as JSON."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.accounting import SALES, Chart, Program, must_be_of_french_plan
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText

MOST_WORDS = 500
Words = Annotated[dict[ShortText, ShortText], Field(max_length=MOST_WORDS)]


class JournalShape(Shape):
    code: ShortText
    name: ShortText


class ChartShape(Shape):
    """The words of one program; nothing is guessed that is missing here.

    accounts: by code of the catalogue; ``revenue`` for all other sales, ``receivable``, ``prepaid``, ``withheld``,
    ``rounding``. tax_codes: by the taxes of a line (``TPS+TVQ``), ``none`` for untaxed lines. tax_accounts: by tax, for
    the formats that book taxes. items: products or services by code of the catalogue, ``default`` for all others.
    names: of accounts, by account. journal: of sales, in a FEC.
    """

    accounts: Words | None = None
    tax_codes: Words | None = None
    tax_accounts: Words | None = None
    items: Words | None = None
    names: Words | None = None
    journal: JournalShape | None = None

    def chart(self) -> Chart:
        return Chart(
            accounts=self.accounts or {},
            tax_codes=self.tax_codes or {},
            tax_accounts=self.tax_accounts or {},
            items=self.items or {},
            names=self.names or {},
            journal=(self.journal.code, self.journal.name) if self.journal else SALES,
        )

    @classmethod
    def of(cls, chart: Chart) -> "ChartShape":
        code, name = chart.journal
        return cls(
            accounts=dict(chart.accounts),
            tax_codes=dict(chart.tax_codes),
            tax_accounts=dict(chart.tax_accounts),
            items=dict(chart.items),
            names=dict(chart.names),
            journal=JournalShape(code=code, name=name),
        )


class AccountingShape(Shape):
    """By program; one that is left out stays as it is, null takes its words away."""

    quickbooks_online: ChartShape | None = None
    quickbooks_desktop: ChartShape | None = None
    xero: ChartShape | None = None
    fec: ChartShape | None = None

    def charts(self, before: Mapping[str, Chart]) -> dict[str, Chart]:
        """The charts as they are to be. Raises Invalid for a FEC's accounts that the law does not know."""
        if self.fec:
            must_be_of_french_plan(self.fec.chart())
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        kept = {name: chart for name, chart in before.items() if name not in given}
        return kept | {name: shape.chart() for name, shape in given.items() if shape}

    @classmethod
    def of(cls, charts: Mapping[str, Chart]) -> "AccountingShape":
        return cls(**{name: ChartShape.of(charts[name]) for name in set(Program) & {*charts}})

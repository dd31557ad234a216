"""The public EN 16931 invoices as documents of ours, and whether the official Schematrons find what our rules do.

python -m tests.e_invoices.goldens          checks all of them, in both syntaxes and profiles
"""

import sys
from dataclasses import replace
from decimal import Decimal

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.adapters.wording import wording
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_checks import violations
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import FRENCH, Profile, Syntax
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.domain.tax import TaxRate
from tests.e_invoices.building import BUYER, LYON, MARCH, SELLER, an_issued, terms_of, the_parties
from tests.e_invoices.schematron import broken_rules
from tests.golden_en16931 import computable, requested

OUTSIDE = "O"


def told(invoice, profile: Profile) -> EInvoice:
    """A golden invoice as an e-invoice of ours; who sells and who buys is ours, too: they have figures only."""
    content = content_of(invoice)
    nobody = any(rate.category == OUTSIDE for rate in content.rates)
    seller, buyer = (replace(one, registrations=one.registrations[:1]) if nobody else one for one in (SELLER, BUYER))
    issued, priced = an_issued(content, service_period=MARCH)
    return written(
        issued,
        priced,
        the_parties(seller, buyer, delivery=LYON),
        terms=terms_of(profile),
        wording=wording("fr", "FR"),
        buyer_reference="CH-114",
    )


def content_of(invoice) -> Content:
    body, currency = requested(invoice), invoice["cur"]

    def money(amount):
        return Money.exactly(Decimal(amount or 0), currency)

    def adjustments(entries):
        return tuple(
            Adjustment(amount=money(one["amount"]), taxes=tuple(one["taxes"]) if "taxes" in one else None)
            for one in entries
        )

    return Content(
        currency=currency,
        lines=tuple(
            Line(
                description=line["description"],
                quantity=Decimal(line.get("quantity", 1)),
                unit="h",
                unit_price=Decimal(line["unit_price"]),
                base_quantity=Decimal(line.get("base_quantity", 1)),
                allowances=adjustments(line.get("allowances", ())),
                charges=adjustments(line.get("charges", ())),
                taxes=tuple(line["taxes"]),
            )
            for line in body["lines"]
        ),
        allowances=adjustments(body["allowances"]),
        charges=adjustments(body["charges"]),
        rates=tuple(rate_of(rate) for rate in body["tax_rates"]),
        prepaid=money(body["prepaid_total"]),
        rounding_adjustment=money(body["rounding_adjustment"]),
    )


def rate_of(rate) -> TaxRate:
    return TaxRate(
        code=rate["code"],
        rate_percent=Decimal(rate["rate_percent"]),
        category=rate["category"],
        exemption_reason=None if rate["category"] in {"S", "Z"} else "Article 261 du CGI",
    )


def disagreements(invoice, profile: Profile, syntax: Syntax) -> dict[str, set[str]]:
    """What only we, or only they find broken, and what of it the schema does not allow; empty where all is as it is."""
    one, exchange = told(invoice, profile), FacturXInvoices()
    ours = {found.rule for found in violations(one)}
    found: dict[str, set[str]] = {"ours": set(), "theirs": set(), "schema": set()}
    for within_pdf in {False, syntax is Syntax.CII and profile in FRENCH}:
        xml = exchange.write(one, syntax=syntax, within_pdf=within_pdf)
        theirs = broken_rules(xml, profile, syntax)
        found["ours"] |= ours - theirs
        found["theirs"] |= theirs - ours
        found["schema"] |= set(exchange.schema_faults(xml))
    return {who: rules for who, rules in found.items() if rules}


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def main() -> int:
    failed = 0
    for profile in (Profile.EN16931, Profile.EN16931_FR, Profile.EXTENDED_CTC_FR):
        for syntax in Syntax:
            found = {file: disagreements(one, profile, syntax) for file, one in computable().items()}
            bad = {file: rules for file, rules in found.items() if rules}
            failed += len(bad)
            say(f"{profile} {syntax}: {len(found) - len(bad)} of {len(found)} agree")
            for file, rules in bad.items():
                say(f"  {file}: {rules}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

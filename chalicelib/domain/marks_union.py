"""What the European Union wants on invoices: directive 2006/112/EC, articles 226 and 226b."""

from typing import Final

from chalicelib.domain.identifiers import EUROPEAN_UNION, country_of, vat_number_of
from chalicelib.domain.legal import VatScheme
from chalicelib.domain.mark import BILLS, Case, Need, Rule
from chalicelib.domain.wording import Wording


def _has_none(case: Case) -> bool:
    """A small business that owes no VAT needs a number only for what it sells to other states."""
    return case.seller.legal.vat_scheme is VatScheme.FRANCHISE and not case.is_abroad


SELLER_NUMBER = Need(
    what="the VAT number of the business",
    at="registration_number of the tax rate, or tax_registrations of the business",
    known=lambda case: vat_number_of(case.seller) is not None or _has_none(case),
)
BUYER_NUMBER = Need(
    what="the client's VAT number, as its country writes it",
    at="tax_number of the client",
    own=False,
    known=lambda case: vat_number_of(case.buyer) is not None,
)


def is_reversed(case: Case) -> bool:
    """Whether the buyer owes the tax."""
    return "AE" in case.categories


def _is_reversed_in_the_union(case: Case) -> bool:
    """A buyer elsewhere owes no tax of a member state, so that it has no number there."""
    return is_reversed(case) and country_of(case.buyer) in {None, *EUROPEAN_UNION}


def crosses(case: Case) -> bool:
    """Whether a client in another member state owes the tax there."""
    return is_reversed(case) and case.is_abroad and country_of(case.buyer) in EUROPEAN_UNION


def _across(_: Case, wording: Wording) -> str:
    return wording.text("Reverse charge (article 196 of Directive 2006/112/EC).")


def _at_home(_: Case, wording: Wording) -> str:
    return wording.text("Reverse charge")


def _supplied(_: Case, wording: Wording) -> str:
    return wording.text("Exempt intra-Community supply (article 138 of Directive 2006/112/EC).")


def _exported(_: Case, wording: Wording) -> str:
    return wording.text("Exempt export (article 146 of Directive 2006/112/EC).")


RULES: Final = (
    Rule(
        id="eu.reverse_charge.numbers",
        source="directive 2006/112/EC, art. 226(3) and (4)",
        sellers=EUROPEAN_UNION,
        kinds=BILLS,
        applies=_is_reversed_in_the_union,
        needs=(SELLER_NUMBER, BUYER_NUMBER),
    ),
    Rule(
        id="eu.reverse_charge.across",
        source="directive 2006/112/EC, art. 196 and 226(11a)",
        sellers=EUROPEAN_UNION,
        kinds=BILLS,
        applies=crosses,
        said=_across,
    ),
    Rule(
        id="eu.reverse_charge",
        source="directive 2006/112/EC, art. 226(11a)",
        sellers=EUROPEAN_UNION,
        kinds=BILLS,
        applies=lambda case: is_reversed(case) and not crosses(case),
        said=_at_home,
    ),
    Rule(
        id="eu.intra_community",
        source="directive 2006/112/EC, art. 138 and 226(4) and (11)",
        sellers=EUROPEAN_UNION,
        kinds=BILLS,
        applies=lambda case: "K" in case.categories,
        needs=(SELLER_NUMBER, BUYER_NUMBER),
        said=_supplied,
    ),
    Rule(
        id="eu.export",
        source="directive 2006/112/EC, art. 146 and 226(11)",
        sellers=EUROPEAN_UNION,
        kinds=BILLS,
        applies=lambda case: "G" in case.categories,
        said=_exported,
    ),
)

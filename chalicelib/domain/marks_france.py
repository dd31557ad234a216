"""What France wants on papers between businesses, and on those for consumers.

Sources: code de commerce (C. com.), code général des impôts (CGI) and its annexe II (Ann. II, art. 242 nonies A). The
articles on VAT went over to the code des impositions sur les biens et services on 2026-09-01 (ordonnance 2025-1247);
invoices may name those of the CGI until 2027-12-31. What e-invoicing adds is wanted from 2026-09-01 of large and
mid-size businesses, from 2027-09-01 of the others (loi 2023-1322, art. 91).
"""

from datetime import date
from typing import Final

from chalicelib.domain import marks_france_words as words
from chalicelib.domain.identifiers import siren_of, vat_number_of
from chalicelib.domain.legal import Size, VatScheme
from chalicelib.domain.mark import ALL, BILLS, INVOICES, PRICED, Case, Need, PaperKind, Rule
from chalicelib.domain.marks_union import crosses

FRANCE: Final = frozenset({"FR"})
SMALL_INVOICE: Final = 150
"""Up to so many euros without VAT, the seller's VAT number may be left out."""
LAST_DAY_OF_CGI, FIRST_DAY_OF_CIBS = date(2027, 12, 31), date(2028, 1, 1)
E_INVOICES: Final = {Size.LARGE: date(2026, 9, 1), Size.SMALL: date(2027, 9, 1)}
OFFERS: Final = INVOICES | {PaperKind.QUOTE}
COMPANIES: Final = frozenset({"SARL", "EURL", "SAS", "SASU", "SA", "SNC", "SCS", "SCA", "SELARL", "SELAS", "SELAFA"})
"""Forms whose papers state their capital and where they are registered."""
REGISTRATIONS: Final = "tax_registrations of the business"


def _is_company(case: Case) -> bool:
    return (case.seller.legal.form or "").upper().replace(".", "") in COMPANIES


def _between_businesses(case: Case) -> bool:
    return not case.buyer.consumer


def _is_taxable_person(case: Case) -> bool:
    return bool(case.buyer.registrations) and not case.buyer.consumer


def _at_home(case: Case) -> bool:
    """A client who does not say where it is, is in the country of the business."""
    return not case.is_abroad and not case.buyer.consumer


def _has_siren(case: Case) -> bool:
    return _at_home(case) and siren_of(case.buyer) is not None


def _charges_vat(case: Case) -> bool:
    return bool(case.taxed) and case.figures.net_total.decimal > SMALL_INVOICE


def _in_franchise(case: Case) -> bool:
    return case.seller.legal.vat_scheme is VatScheme.FRANCHISE


def _says_franchise(case: Case) -> bool:
    """What is taxed where the client is, is outside its reach; a credit note gives back the VAT that was charged."""
    gives_back_vat = case.kind is PaperKind.CREDIT_NOTE and bool(case.taxed)
    return _in_franchise(case) and not crosses(case) and not gives_back_vat


def _is_untaxed(case: Case) -> bool:
    """A business at home is charged nothing, and nothing says why."""
    nothing_said = not case.figures.taxes and case.figures.net_total.minor > 0
    return nothing_said and _is_taxable_person(case) and not case.is_abroad and not _in_franchise(case)


def _on_debits(case: Case) -> bool:
    return case.seller.legal.vat_scheme is VatScheme.DEBITS and bool(case.taxed)


def _is_exempt(case: Case) -> bool:
    return "E" in case.categories and not _in_franchise(case)


def _is_insured(case: Case) -> bool:
    return case.seller.legal.insurance is not None


SIREN = Need(what="the SIREN of the business", at=REGISTRATIONS, known=lambda case: siren_of(case.seller) is not None)
ADDRESS = Need(
    what="the address of the business",
    at="address of the business",
    known=lambda case: bool(case.seller.address.printed),
)
BUYER_ADDRESS = Need(
    what="the client's address",
    at="address of the client, or consumer if it is a person",
    own=False,
    known=lambda case: bool(case.buyer.address.printed),
)
CAPITAL = Need(
    what="the capital of the company",
    at="legal.capital of the business",
    known=lambda case: case.seller.legal.capital is not None,
)
REGISTER = Need(
    what="the trade register and its town (RCS)",
    at=REGISTRATIONS,
    known=lambda case: words.trade_register(case) is not None,
)
VAT_NUMBER = Need(
    what="the VAT number of the business",
    at=f"registration_number of the tax rate, or {REGISTRATIONS}",
    known=lambda case: any(tax.registration_number for tax in case.taxed) or vat_number_of(case.seller) is not None,
)
NO_VAT = Need(
    what="no VAT charged by a business in franchise",
    at="legal.vat_scheme of the business, or write the lines without taxes",
    own=False,
    known=lambda case: not case.taxed,
)
REASON = Need(
    what="the article that exempts from VAT",
    at="exemption_reason of the tax rate",
    own=False,
    known=lambda case: all(tax.exemption_reason for tax in case.figures.taxes if tax.category == "E"),
)
BUYER_SIREN = Need(
    what="the client's SIREN",
    at="registrations of the client, or consumer if it is a person",
    own=False,
    known=lambda case: siren_of(case.buyer) is not None,
)
TAXED = Need(
    what="VAT, or what frees from it",
    at="taxes of the lines, a rate of 0 % with its exemption_reason, or legal.vat_scheme of the business",
    own=False,
    known=lambda _: False,
)
NATURE = Need(
    what="whether goods, services or both are sold",
    at="legal.operations of the business",
    known=lambda case: case.seller.legal.operations is not None,
)


def _new_marks(size: Size) -> tuple[Rule, ...]:
    """What e-invoicing adds, for businesses of a size."""
    source, since = "Ann. II, art. 242 nonies A, I (décret 2022-1299)", E_INVOICES[size]
    return (
        Rule(
            id=f"fr.buyer_siren.{size}",
            source=source,
            sellers=FRANCE,
            since=since,
            applies=lambda case: case.seller.legal.size is size and _at_home(case),
            needs=(BUYER_SIREN,),
        ),
        Rule(
            id=f"fr.operations.{size}",
            source=source,
            sellers=FRANCE,
            since=since,
            applies=lambda case: case.seller.legal.size is size and _between_businesses(case),
            needs=(NATURE,),
        ),
    )


RULES: Final = (
    Rule(
        id="fr.identity",
        source="C. com., art. R123-237",
        sellers=FRANCE,
        kinds=ALL,
        needs=(SIREN,),
        said=words.identity,
        subject="REG",
    ),
    Rule(
        id="fr.company",
        source="C. com., art. R123-237 and R123-238",
        sellers=FRANCE,
        kinds=ALL,
        applies=_is_company,
        needs=(CAPITAL, REGISTER),
    ),
    Rule(
        id="fr.address",
        source="C. com., art. R123-237; Ann. II, art. 242 nonies A, I-1",
        sellers=FRANCE,
        kinds=PRICED,
        needs=(ADDRESS,),
    ),
    Rule(
        id="fr.buyer_address",
        source="Ann. II, art. 242 nonies A, I-1",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_is_taxable_person,
        needs=(BUYER_ADDRESS,),
    ),
    Rule(
        id="fr.vat_number",
        source="Ann. II, art. 242 nonies A, I-2",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_charges_vat,
        needs=(VAT_NUMBER,),
    ),
    Rule(
        id="fr.franchise",
        source="CGI, art. 293 B and 293 E",
        sellers=FRANCE,
        until=LAST_DAY_OF_CGI,
        kinds=ALL,
        applies=_says_franchise,
        needs=(NO_VAT,),
        said=words.exempt_by_293_b,
    ),
    Rule(
        id="fr.franchise.cibs",
        source="code des impositions sur les biens et services (ordonnance 2025-1247)",
        sellers=FRANCE,
        since=FIRST_DAY_OF_CIBS,
        kinds=ALL,
        applies=_says_franchise,
        needs=(NO_VAT,),
        said=words.exempt_since_2028,
    ),
    Rule(
        id="fr.exemption",
        source="Ann. II, art. 242 nonies A, I-12",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_is_exempt,
        needs=(REASON,),
    ),
    Rule(
        id="fr.untaxed",
        source="CGI, art. 293 E; Ann. II, art. 242 nonies A, I-11 and I-12",
        sellers=FRANCE,
        applies=_is_untaxed,
        needs=(TAXED,),
    ),
    Rule(
        id="fr.debits",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299); CGI, art. 269-2 c",
        sellers=FRANCE,
        kinds=BILLS,
        applies=_on_debits,
        said=words.debits,
    ),
    Rule(
        id="fr.operations",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299)",
        sellers=FRANCE,
        applies=lambda case: case.seller.legal.operations is not None,
        said=words.operations,
    ),
    Rule(
        id="fr.buyer_siren",
        source="Ann. II, art. 242 nonies A, I (décret 2022-1299)",
        sellers=FRANCE,
        applies=_has_siren,
        said=words.siren_of_buyer,
    ),
    *_new_marks(Size.LARGE),
    *_new_marks(Size.SMALL),
    Rule(
        id="fr.penalties",
        source="C. com., art. L441-9 and L441-10",
        sellers=FRANCE,
        applies=_between_businesses,
        said=words.penalties,
        subject="PMD",
    ),
    Rule(
        id="fr.recovery",
        source="C. com., art. L441-9 and D441-5",
        sellers=FRANCE,
        applies=_between_businesses,
        said=words.recovery,
        subject="PMT",
    ),
    Rule(
        id="fr.early_discount",
        source="C. com., art. L441-9",
        sellers=FRANCE,
        applies=_between_businesses,
        said=words.discount,
        subject="AAB",
    ),
    Rule(
        id="fr.insurance",
        source="loi 96-603, art. 22-2",
        sellers=FRANCE,
        kinds=OFFERS,
        applies=_is_insured,
        said=words.insurance,
    ),
)

"""Seller and buyer of a document as e-invoices identify them: by the numbers that they are registered under.

Schemes: ISO 6523 ICD (0002 SIREN, 0009 SIRET), CEF EAS for electronic addresses (0225 France's directory).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.e_invoice import Identifier, Trader
from chalicelib.domain.identifiers import SIRET, numbers_of, siren_of, vat_number_of
from chalicelib.domain.party import Party

SIREN_LIST, SIRET_LIST, FRENCH_ADDRESS, EMAIL = "0002", "0009", "0225", "EM"
NEIGHBOURS = re.compile(r"(GB|XI|NO|CHE)[0-9A-Z]{5,13}")
"""VAT numbers of states beside the Union that are written with their country."""
_NATIONAL = (
    "HU:9910 BA:9924 BE:9925 BG:9926 CH:9927 CY:9928 CZ:9929 DE:9930 EE:9931 GB:9932 GR:9933 HR:9934 "
    "IE:9935 LI:9936 LT:9937 LU:9938 LV:9939 MC:9940 ME:9941 MK:9942 MT:9943 NL:9944 PL:9945 PT:9946 "
    "RO:9947 RS:9948 SI:9949 SK:9950 SM:9951 TR:9952 VA:9953 FR:9957 ES:9920 AT:9914 "
)
NATIONAL_VAT: Mapping[str, str] = dict(pair.split(":") for pair in _NATIONAL.split())
"""By country, the scheme under which a VAT number is an electronic address."""


def trader(party: Party, *, home: str) -> Trader:
    """A party as an e-invoice names it; home: the country of whoever does not say where it is."""
    address = replace(party.address, country=party.address.country or home or None)
    numbers = [number for _, number in numbers_of(party)]
    vat_id = vat_number_of(party) or next(filter(NEIGHBOURS.fullmatch, numbers), "")
    siren = (siren_of(party) or "") if address.country == "FR" else ""
    sirets = [number for number in numbers if siren and SIRET.fullmatch(number)]
    known = Trader(
        name=party.legal_name or party.name,
        trading_name=party.name if party.legal_name and party.legal_name != party.name else "",
        identifiers=tuple(Identifier(value=number, scheme=SIRET_LIST) for number in sirets[:1]),
        legal_id=Identifier(value=siren, scheme=SIREN_LIST) if siren else None,
        vat_id=vat_id,
        tax_id="" if vat_id else siren or next(iter(numbers), ""),
        address=address,
        email=party.email or "",
        phone=party.phone or "",
    )
    return replace(known, endpoint=_endpoint(known))


def _endpoint(one: Trader) -> Identifier | None:
    """Where its e-invoices go: by SIREN in France, by VAT number elsewhere, else by mail."""
    if one.legal_id and one.legal_id.scheme == SIREN_LIST:
        return Identifier(value=one.legal_id.value, scheme=FRENCH_ADDRESS)
    scheme = NATIONAL_VAT.get(one.address.country or "")
    if one.vat_id and scheme:
        return Identifier(value=one.vat_id, scheme=scheme)
    return Identifier(value=one.email, scheme=EMAIL) if one.email else None

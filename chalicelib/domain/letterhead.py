"""What every document of a business has alike: whose paper it is, in which language, what stands on each page."""

from dataclasses import replace
from typing import TypedDict

from chalicelib.domain.document import ACCENT, Paper
from chalicelib.domain.document import Party as Block
from chalicelib.domain.figures import Figures
from chalicelib.domain.identifiers import is_trade_licence, licence_number
from chalicelib.domain.logo import Logo
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Parties
from chalicelib.domain.wording import Wording

LETTER_COUNTRIES = frozenset({"CA", "US", "MX", "PH", "CO", "CL", "VE", "CR", "GT", "NI", "PA", "PR", "SV", "DO"})
"""Where paper is cut to ANSI Letter, not ISO 216 (CLDR supplemental data, measurementData/paperSize US)."""
DOT = "  ·  "


class Letterhead(TypedDict):
    """The fields of a ``Document`` that follow from who writes it, and in which language."""

    language: str
    paper: Paper
    continued: str
    group_continued: str
    brand: str
    brand_note: str
    monogram: str
    footer: str
    page: str
    accent: str
    logo: Logo | None


def letterhead(seller: Party, wording: Wording) -> Letterhead:
    return Letterhead(
        language=wording.tag,
        paper=_paper_of(seller),
        continued=wording.text("continued"),
        group_continued=wording.text("{title} (continued)"),
        brand=seller.name,
        brand_note=_licence_of(seller, wording),
        monogram=initials_of(seller.name),
        footer=_footer_of(seller, wording),
        page=wording.text("Page {page} of {pages}"),
        accent=seller.appearance.accent or ACCENT,
        logo=seller.appearance.logo,
    )


def _paper_of(seller: Party) -> Paper:
    return Paper.LETTER if seller.address.country in LETTER_COUNTRIES else Paper.A4


def _licence_of(seller: Party, wording: Wording) -> str:
    """A trade licence beside the name, as Quebec's Building Act asks of contractors (s. 57.1)."""
    numbers = (licence_number(entry) for entry in seller.registrations if is_trade_licence(entry))
    return DOT.join(wording.text("RBQ licence: {number}", number=number) for number in numbers)


def _footer_of(seller: Party, wording: Wording) -> str:
    registrations = (_registration(registration, wording) for registration in seller.registrations)
    own = (seller.appearance.footer,) if seller.appearance.footer else ()
    return DOT.join((*own, styled(seller, wording), *registrations))


def styled(seller: Party, wording: Wording) -> str:
    """The name under which it trades; of a French business with its form and its capital.

    Those stand on its letters, too (C. com., art. R123-237 and R123-238).
    """
    name, form, capital = seller.legal_name or seller.name, seller.legal.form, seller.legal.capital
    if not form or seller.home != "FR":
        return name
    if capital:
        form = wording.text("{form} with a capital of {amount}", amount=wording.money(capital), form=form)
    return f"{name.removesuffix(f' {seller.legal.form}')}, {form}"


def _registration(registration: Registration, wording: Wording) -> str:
    name = wording.text(registration.name) if registration.name else ""
    return f"{name} {registration.number}".strip().replace(" ", "\u00a0")


def initials_of(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def seller_of(figures: Figures, parties: Parties, wording: Wording) -> Block:
    seller = parties.seller
    beside_taxes = {tax.registration_number for tax in figures.taxes}
    others = [entry for entry in seller.registrations if entry.number not in beside_taxes]
    numbers = (_registration(entry, wording) for entry in others if not is_trade_licence(entry))
    sender = sender_of(parties, wording)
    return replace(sender, lines=(*sender.lines, *numbers))


def sender_of(parties: Parties, wording: Wording) -> Block:
    """Whose paper it is, where it taxes nothing; the foot names the registrations.

    Who is abroad is told the country, too.
    """
    seller = parties.seller
    contact = (part for part in (seller.phone, seller.email) if part)
    country = [wording.country(seller.home)] if seller.home and _is_abroad(parties.buyer.address, seller) else []
    return Block(
        label=wording.text("From"),
        name=seller.legal_name or seller.name,
        lines=(*seller.address.printed_in(seller.home), *country, *contact),
    )


def buyer_of(parties: Parties, label: str, wording: Wording) -> Block:
    buyer = parties.buyer
    return Block(
        label=label,
        name=buyer.legal_name or buyer.name,
        lines=(
            *([buyer.name] if buyer.legal_name and buyer.legal_name != buyer.name else []),
            *_lines(buyer.address, parties.seller, wording),
            *(_registration(registration, wording) for registration in buyer.registrations),
        ),
    )


def _lines(address: Address, seller: Party, wording: Wording) -> tuple[str, ...]:
    """With its country, where that is not the seller's."""
    abroad = [wording.country(address.country)] if address.country and _is_abroad(address, seller) else []
    return (*address.printed_in(seller.home), *abroad)


def _is_abroad(address: Address, seller: Party) -> bool:
    return address.country not in {None, seller.home}


def places_of(parties: Parties, wording: Wording) -> tuple[Block, ...]:
    """Where the work was done and things were delivered to, as far as that is not where it is billed to."""
    places = (("Service address", parties.service_site), ("Delivery address", parties.delivery))
    return tuple(
        _place(wording.text(label), address, parties.seller, wording)
        for label, address in places
        if address and address.printed and address != parties.buyer.address
    )


def _place(label: str, address: Address, seller: Party, wording: Wording) -> Block:
    first, *rest = _lines(address, seller, wording)
    return Block(label=label, name=first, lines=tuple(rest))

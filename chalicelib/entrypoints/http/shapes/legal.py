"""What the law has a business say of itself, and the numbers it is registered under, as JSON."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, model_validator

from chalicelib.domain.identifiers import is_siren, is_siret, words_of
from chalicelib.domain.legal import Insurance, Legal, Operations, Size, VatScheme
from chalicelib.domain.money import Money
from chalicelib.domain.party import Registration
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import Amount, Figure, Shape, ShortText, refusal

CHECKS = {"SIREN": is_siren, "SIRET": is_siret}
Scheme = Literal["normal", "franchise", "debits"]
Sold = Literal["goods", "services", "mixed"]


class RegistrationShape(Shape):
    """A number and what it is called; a SIREN and a SIRET have the check digit that they must have."""

    name: ShortText
    number: ShortText

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        kinds = sorted(words_of(self.name) & CHECKS.keys())
        digits = "".join(sign for sign in self.number if sign.isdecimal())
        if kinds and not any(CHECKS[kind](digits) for kind in kinds):
            raise refusal(
                "not_a_registration", f"{self.number} is no {' or '.join(kinds)}: its check digit is another."
            )
        return self

    @classmethod
    def of(cls, entry: Registration) -> "RegistrationShape":
        """As it was registered, whatever is checked today."""
        return cls.model_construct(name=entry.name, number=entry.number)


def to_registrations(given: Iterable[RegistrationShape]) -> tuple[Registration, ...]:
    return tuple(Registration(name=one.name, number=one.number) for one in given)


class InsuranceShape(Shape):
    """Who insures a trade, under which contract, and where it holds."""

    insurer: ShortText
    contract: ShortText | None = None
    area: ShortText | None = None


def _not_below_nothing(amount: Decimal) -> Decimal:
    if amount < 0:
        raise refusal("not_positive", "A capital is not below 0.")
    return amount


class LegalShape(Shape):
    """What invoices and quotes must say by law; what is left out stays, null takes it away.

    form: such as SARL, EI, inc. capital: in the business's currency. vat_scheme: franchise charges no VAT, debits owes
    it when it is invoiced. operations: what is sold. size: large or mid-size businesses tell more, sooner (France).
    early_discount: for paying early, in the business's own words; left out, there is none. dwelling_works: what it does
    at 10 % or 5.5 % is work on dwellings, as the client certifies on the quote or the invoice (France).
    """

    form: ShortText | None = None
    capital: Annotated[Amount, AfterValidator(_not_below_nothing)] | None = None
    vat_scheme: Scheme | None = None
    operations: Sold | None = None
    size: Literal["small", "large"] | None = None
    early_discount: ShortText | None = None
    insurance: InsuranceShape | None = None
    dwelling_works: bool | None = None

    def joined_to(self, known: Legal, *, currency: str) -> dict[str, Any]:
        """The fields that were sent, as the domain has them."""
        made: dict[str, Any] = {
            "form": self.form,
            "capital": None if self.capital is None else Money.exactly(self.capital, currency, at="/legal/capital"),
            "vat_scheme": VatScheme(self.vat_scheme or known.vat_scheme),
            "operations": Operations(self.operations) if self.operations else None,
            "size": Size(self.size or known.size),
            "early_discount": self.early_discount,
            "insurance": Insurance(**self.insurance.model_dump()) if self.insurance else None,
            "dwelling_works": bool(self.dwelling_works),
        }
        return {name: made[name] for name in self.model_fields_set}


class LegalOut(Shape):
    form: str | None
    capital: Figure | None
    vat_scheme: Scheme
    operations: Sold | None
    size: Literal["small", "large"]
    early_discount: str | None
    insurance: InsuranceShape | None
    dwelling_works: bool

    @classmethod
    def of(cls, legal: Legal) -> "LegalOut":
        insured = legal.insurance
        return cls(
            form=legal.form,
            capital=plain(legal.capital.decimal) if legal.capital else None,
            vat_scheme=legal.vat_scheme.value,
            operations=legal.operations.value if legal.operations else None,
            size=legal.size.value,
            early_discount=legal.early_discount,
            insurance=(
                InsuranceShape(insurer=insured.insurer, contract=insured.contract, area=insured.area)
                if insured
                else None
            ),
            dwelling_works=legal.dwelling_works,
        )

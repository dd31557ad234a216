"""Postal addresses as JSON."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field

from chalicelib.domain.countries import COUNTRIES
from chalicelib.domain.party import Address, Addresses
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText, refusal


def _country(code: str) -> str:
    if code.upper() not in COUNTRIES:
        raise refusal("unknown_country", "A country is written as in ISO 3166-1 alpha-2, such as CA.")
    return code.upper()


def _as_address(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """A plain text is an address of so many lines."""
    return {"lines": value.splitlines()} if isinstance(value, str) else value


Country = Annotated[ShortText, AfterValidator(_country)]
Language = Annotated[
    str,
    Field(
        pattern=r"^[a-z]{2}(-[A-Z]{2})?(\+[a-z]{2}(-[A-Z]{2})?)?$",
        description="ISO 639, or two of them for documents in both, such as fr+en.",
    ),
]


def _as_written(value: object) -> object:
    """A plus sign that a query string was given as it is arrives as a space (application/x-www-form-urlencoded)."""
    return value.replace(" ", "+") if isinstance(value, str) else value


LanguageAsked = Annotated[Language, BeforeValidator(_as_written)]
"""Of a query string."""


class AddressIn(Shape):
    """A postal address; a plain text is taken line by line; ``state`` is another word for ``region``."""

    line1: ShortText | None = None
    line2: ShortText | None = None
    line3: ShortText | None = None
    lines: Annotated[list[ShortText], Field(max_length=6)] = Field(default_factory=list)
    city: ShortText | None = None
    region: ShortText | None = Field(default=None, validation_alias=AliasChoices("region", "state"))
    postal_code: ShortText | None = None
    country: Country | None = None

    def address(self) -> Address:
        own = tuple(line for line in (self.line1, self.line2, self.line3) if line)
        return Address(
            lines=own + tuple(self.lines),
            city=self.city,
            region=self.region,
            postal_code=self.postal_code,
            country=self.country,
        )


AddressField = Annotated[AddressIn, BeforeValidator(_as_address, json_schema_input_type=AddressIn | str)]


class AddressOut(Shape):
    lines: list[str]
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None

    @classmethod
    def of(cls, address: Address) -> "AddressOut":
        return cls(
            lines=list(address.lines),
            city=address.city,
            region=address.region,
            postal_code=address.postal_code,
            country=address.country,
        )


class AddressesIn(Shape):
    """Where a document is billed to, done and delivered; null takes one away, what is left out of a patch stays."""

    billing: AddressField | None = None
    service_site: AddressField | None = None
    delivery: AddressField | None = None

    def joined_to(self, known: Addresses) -> Addresses:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return replace(known, **{name: one.address() if one else None for name, one in given.items()})


class AddressesOut(Shape):
    """``billing`` is null on a draft that is billed to the client's own address."""

    billing: AddressOut | None
    service_site: AddressOut | None
    delivery: AddressOut | None

    @classmethod
    def of(cls, addresses: Addresses) -> "AddressesOut":
        places = (addresses.billing, addresses.service_site, addresses.delivery)
        billing, service_site, delivery = (AddressOut.of(one) if one else None for one in places)
        return cls(billing=billing, service_site=service_site, delivery=delivery)

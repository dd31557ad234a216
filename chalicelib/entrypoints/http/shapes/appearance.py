"""How documents look, as JSON."""

import base64
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from chalicelib.domain.appearance import Appearance, Column
from chalicelib.domain.logo import Logo
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText, refusal

FILE = WithJsonSchema({"type": "string", "format": "byte", "description": "PNG or JPEG."})
ColumnName = Annotated[Column, Field(strict=False)]


def _file(value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except ValueError:
        raise refusal("not_base64", "A picture is sent as base64.") from None


class AppearanceIn(Shape):
    """The business's colour, a line at the foot of each page, the columns beside description and amount, and its logo.

    logo: a PNG of at most 1,000,000 pixels, or a JPEG in grey or RGB, of 300 kB at most, as base64.
    What is left out stays; null goes back to what is usual. A colour that text would not be legible in is darkened.
    Lines that bear different taxes say them in any case; in France every line says its quantity and its price.
    """

    accent: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$", examples=["#0b5d4e"])] | None = None
    footer: ShortText | None = None
    columns: Annotated[list[ColumnName], Field(max_length=len(Column))] | None = None
    logo: Annotated[bytes, PlainValidator(_file), FILE] | None = None

    def given(self, logo: Logo | None) -> dict[str, Any]:
        """The fields that were sent, as the domain has them; logo: where its file is kept."""
        columns = None if self.columns is None else tuple(dict.fromkeys(self.columns))
        accent = self.accent.lower() if self.accent else None
        made = {"accent": accent, "footer": self.footer, "columns": columns, "logo": logo}
        return {name: made[name] for name in self.model_fields_set}


class LogoOut(Shape):
    """In pixels."""

    width: int
    height: int


class AppearanceOut(Shape):
    accent: str | None
    footer: str | None
    columns: list[Column] | None
    logo: LogoOut | None

    @classmethod
    def of(cls, appearance: Appearance) -> "AppearanceOut":
        columns, logo = appearance.columns, appearance.logo
        return cls(
            accent=appearance.accent,
            footer=appearance.footer,
            columns=None if columns is None else list(columns),
            logo=LogoOut(width=logo.width, height=logo.height) if logo else None,
        )

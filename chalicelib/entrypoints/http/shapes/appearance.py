"""How documents look, as JSON."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.appearance import Appearance, Column
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText

ColumnName = Annotated[Column, Field(strict=False)]


class AppearanceShape(Shape):
    """The business's colour, a line at the foot of each page, and the columns beside description and amount.

    What is left out stays; null goes back to what is usual. A colour that text would not be legible in is darkened.
    Lines that bear different taxes say them in any case; in France every line says its quantity and its price.
    """

    accent: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$", examples=["#0b5d4e"])] | None = None
    footer: ShortText | None = None
    columns: Annotated[list[ColumnName], Field(max_length=len(Column))] | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as the domain has them."""
        columns = None if self.columns is None else tuple(dict.fromkeys(self.columns))
        made = {"accent": self.accent.lower() if self.accent else None, "footer": self.footer, "columns": columns}
        return {name: made[name] for name in self.model_fields_set}

    @classmethod
    def of(cls, appearance: Appearance) -> "AppearanceShape":
        columns = None if appearance.columns is None else list(appearance.columns)
        return cls(accent=appearance.accent, footer=appearance.footer, columns=columns)

"""How a business's documents look and what stands on each page, beside what a template settles."""

from enum import StrEnum

from chalicelib.domain.logo import Logo
from chalicelib.domain.values import dataclass


class Column(StrEnum):
    """What of a line may be left out of the table, or shown where it would not be."""

    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    TAXES = "taxes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """accent: the business's colour, "#rrggbb", darkened where text would not be legible in it.

    footer:  a line at the foot of every page.
    columns: of the table, beside the description and the amount; None shows what the lines have. The taxes of a line
        are shown in any case where lines bear different ones, as Canada wants it.
    """

    accent: str | None = None
    footer: str | None = None
    columns: tuple[Column, ...] | None = None
    logo: Logo | None = None

    def shows(self, column: Column, *, usually: bool) -> bool:
        """Whether a column is in the table; usually: whether it is where nothing was chosen."""
        return usually if self.columns is None else column in self.columns

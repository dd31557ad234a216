"""What is sold, what was agreed on its price, and price lists, as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.scalars import Code, Figure, LongText, Price, Shape, ShortText, refusal
from chalicelib.usecases.importing import Came, Outcome


def _path_safe(code: str) -> str:
    if set(code) & set("/#?%"):
        raise refusal("unsafe_code", "A code has none of the characters / # ? %.")
    return code


Kind = Literal["product", "service", "intervention"]
CatalogCode = Annotated[Code, AfterValidator(_path_safe)]


class EntryFields(Shape):
    description: LongText | None = None
    unit: ShortText | None = None
    taxes: Codes | None = None


class EntryIn(EntryFields):
    code: CatalogCode
    name: ShortText
    unit_price: Price
    kind: Kind = "service"


class EntryPatch(EntryFields):
    name: ShortText | None = None
    unit_price: Price | None = None
    kind: Kind | None = None


class EntryOut(Shape):
    id: str
    version: int
    code: str
    name: str
    description: str | None
    unit: str | None
    unit_price: Figure
    taxes: list[str] | None
    kind: str

    @classmethod
    def of(cls, entry: CatalogueEntry) -> "EntryOut":
        return cls(
            id=entry.id,
            version=entry.version,
            code=entry.id,
            name=entry.name,
            description=entry.description,
            unit=entry.unit,
            unit_price=plain(entry.unit_price),
            taxes=None if entry.taxes is None else list(entry.taxes),
            kind=entry.kind,
        )


class PriceIn(Shape):
    unit_price: Price


class PriceOut(Shape):
    """A price agreed with a client, in the business's currency."""

    id: str
    version: int
    code: str
    unit_price: Figure

    @classmethod
    def of(cls, price: AgreedPrice) -> "PriceOut":
        return cls(id=price.id, version=price.version, code=price.code, unit_price=plain(price.unit_price))


class ImportIn(Shape):
    """A price list as CSV."""

    csv: Annotated[str, WithJsonSchema({"type": "string", "format": "csv", "examples": ["code;name;unit_price"]})]


def truth(value: Any) -> Any:  # noqa: ANN401 - a query string holds text
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class ImportQuery(Shape):
    """``dry_run=true`` reports what would be done, and does nothing."""

    dry_run: Annotated[bool, BeforeValidator(truth)] = False


class ImportedLine(Shape):
    """What became of one line; ``line`` counts from 1, the names of the columns included."""

    line: int
    code: str | None
    outcome: Came
    reason: str | None


class ImportOut(Shape):
    dry_run: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    lines: list[ImportedLine]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], *, dry_run: bool) -> "ImportOut":
        came = Counter(outcome.came for outcome in outcomes)
        lines = [
            ImportedLine(line=one.line, code=one.code or None, outcome=one.came, reason=one.reason or None)
            for one in outcomes
        ]
        counts = {f"{kind}": came[kind] for kind in Came}
        return cls(dry_run=dry_run, lines=lines, **counts)

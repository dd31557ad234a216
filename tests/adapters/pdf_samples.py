"""Ten documents that have all that a PDF can have, of ready strings, so that only the renderer decides how they look.

`python -m tests.adapters.pdf_samples` writes down anew what they come to, when the look was changed on purpose.
"""
# ruff: noqa: RUF001 - letters of other scripts are meant

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

from chalicelib.adapters.pdf import PdfRenderer, embedding
from chalicelib.domain.document import (
    Columns,
    Document,
    Emphasis,
    Fact,
    Group,
    Instalment,
    Panel,
    Paper,
    Party,
    Passage,
    Row,
    Schedule,
    Standing,
    Template,
    Total,
)
from chalicelib.ports import Attachment

KNOWN = Path(__file__).parents[1] / "data" / "pdf_hashes.json"
WORDS = [
    "Montants",
    "d’acier",
    "de",
    "41",
    "mm",
    "pour",
    "la charpente",
    "du",
    "deuxième",
    "étage,",
    "posés",
    "et",
    "vissés",
]
XML = Attachment(
    name="factur-x.xml",
    mime_type="text/xml",
    body=b'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice/>',
    relationship="Alternative",
    described="Facture électronique",
    modified=datetime(2026, 11, 21, 14, 5, 6, tzinfo=UTC),
    conformance="EN 16931",
)


def a_sample(template: Template, count: int, **changes: object) -> Document:
    rows = tuple(
        Row(
            description=" ".join(WORDS[: 3 + number % 9]),
            detail="Deux visites" if number % 3 == 0 else "",
            quantity=f"{number % 40},5",
            unit="h",
            unit_price=f"{number % 97},00 $",
            net=f"{number % 7} {number % 1000:03},40 $",
        )
        for number in range(1, count + 1)
    )
    document = Document(
        language="fr-CA",
        template=template,
        dated=date(2026, 11, 21),
        title="Facture",
        number="Nº\u00a02026-00042",
        heading="Facture 2026-00042",
        continued="suite",
        group_continued="{title} (suite)",
        brand="Rénovation Boréale inc.",
        brand_note="Licence RBQ 5798-1234-01",
        monogram="RB",
        parties=(
            Party(
                label="Émetteur", name="Rénovation Boréale inc.", lines=("4820, rue de Bordeaux", "Montréal H2H 2A1")
            ),
            Party(label="Facturé à", name="Copropriété Les Érables", lines=("1275, avenue Laurier Est",)),
        ),
        panel=Panel(label="Montant à payer", amount="762,28 $", note="au plus tard le 21 décembre 2026"),
        facts=(Fact(label="Date", value="21 novembre 2026"), Fact(label="Échéance", value="21 décembre 2026")),
        columns=Columns(description="Description", quantity="Qté", unit="Unité", unit_price="Prix", net="Montant"),
        groups=(Group(rows=rows),),
        totals=(
            Total(label="Sous-total", value="663,00 $"),
            Total(label="TPS 5 %", value="33,15 $", detail="Nº 123456789 RT0001"),
            Total(label="Total à payer", value="762,28 $", emphasis=Emphasis.FINAL),
        ),
        passages=(Passage(title="Conditions", paragraphs=(" ".join(WORDS * 3),)),),
        footer="Rénovation Boréale inc.  ·  TPS 123456789 RT0001",
        page="Page {page} de {pages}",
    )
    return replace(document, **changes)  # type: ignore[arg-type]  # as the caller says


def _row(description: str) -> Row:
    return Row(description=description, quantity="1", unit_price="5,00 $", net="5,00 $")


ONLINE = {"pay_url": "https://pay.example.com/i/3fJ9tQ7vK2"}
ASKED = Panel(label="Amount due", amount="$762.28", note="by June 1", action="Pay online", scan="Or scan this code")
PLAN = Schedule(
    title="Échéancier",
    instalments=(
        Instalment(label="Acompte", detail="21 nov.", amount="50 $", state="Payé", standing=Standing.PAID, share=500),
        Instalment(label="Solde", detail="21 déc.", amount="50 $", state="Dû", standing=Standing.DUE, share=500),
    ),
)
SCRIPTS = (
    "Reçu שלום (בדיקה) 45,50 $ مرحبا بالعالم ١٢٣",
    "請求書 リフォーム株式会社 · 서울특별시 · 北京市装修",
    "Αθήνα · Москва · Łódź · Nguyễn",
)
GROUPS = tuple(
    Group(title=title, subtotal="15,00 $", rows=tuple(map(_row, SCRIPTS)))
    for title in ("Charpente", "Finition", "נגרות")
)

SAMPLES: dict[str, tuple[Document, tuple[Attachment, ...]]] = {
    "one line": (a_sample(Template.MODERN, 1), ()),
    "online, with its invoice for machines": (a_sample(Template.MODERN, 5, panel=ASKED, **ONLINE), (XML,)),
    "a letter in the classic look": (a_sample(Template.CLASSIC, 4, panel=ASKED, **ONLINE), ()),
    "small and dense": (a_sample(Template.COMPACT, 25, panel=ASKED, **ONLINE), (XML,)),
    "by instalments": (a_sample(Template.COMPACT, 3, schedule=PLAN), ()),
    "five hundred lines": (a_sample(Template.MODERN, 500), ()),
    "every script, modern": (a_sample(Template.MODERN, 0, groups=GROUPS, schedule=PLAN), ()),
    "every script, classic": (a_sample(Template.CLASSIC, 0, groups=GROUPS), (XML,)),
    "English on A4, a draft": (
        a_sample(
            Template.CLASSIC, 60, language="en-GB", paper=Paper.A4, stamp="DRAFT", number="", page="{page}/{pages}"
        ),
        (),
    ),
    "a bright colour, and what no typeface has": (
        a_sample(Template.COMPACT, 2, accent="#ffd400", groups=(Group(rows=(_row("🚿 ไทย"),)),)),
        (),
    ),
}


def hashed() -> dict[str, str]:
    return {
        name: hashlib.sha256(PdfRenderer().render(document, attachments).pdf).hexdigest()
        for name, (document, attachments) in SAMPLES.items()
    }


@contextmanager
def uncompressed() -> Iterator[None]:
    """Files whose streams are wrapped but not compressed, so that they are the same whichever zlib is installed."""
    embedding.embedded.cache_clear()
    with patch.object(zlib, "compress", _stored):
        yield
    embedding.embedded.cache_clear()


def _stored(content: bytes, level: int = -1) -> bytes:
    """As RFC 1950 and 1951 lay down for content that is stored as it is."""
    del level
    starts = range(0, len(content) or 1, 0xFFFF)
    blocks = [content[start : start + 0xFFFF] for start in starts]
    last = len(blocks) - 1
    lengths = [
        struct.pack("<BHH", place == last, len(block), len(block) ^ 0xFFFF) for place, block in enumerate(blocks)
    ]
    body = b"".join(length + block for length, block in zip(lengths, blocks, strict=True))
    return b"\x78\x01" + body + zlib.adler32(content).to_bytes(4, "big")


def main() -> None:
    with uncompressed():
        drawn = hashed()
    known = {"zlib": zlib.ZLIB_RUNTIME_VERSION, "files": hashed(), "uncompressed": drawn}
    KNOWN.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

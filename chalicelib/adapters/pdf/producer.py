"""Writing the file: fpdf2's producer, with ready font objects in place of its own font subsetting.

This overrides private methods of fpdf2 2.8.9: the version is pinned, and a test renders and checks with every upgrade.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.pdf.container import (
    FPDF,
    OutputProducer,
    PDFObject,
    PDFResourceType,
    ResourceAccessPolicy,
    ViewerPreferences,
)
from chalicelib.adapters.pdf.embedding import Subset, subset
from chalicelib.adapters.pdf.fontpack import Face
from chalicelib.adapters.pdf.lettering import Lettering


class _Ready(PDFObject):
    """An object that is written as it is."""

    def __init__(self, dictionary: str, stream: bytes | None = None) -> None:
        super().__init__()
        self._dictionary, self._stream = dictionary, stream

    def serialize(  # type: ignore[override]  # fpdf2 takes bytes as well, and says so in OutputProducer._out
        self, obj_dict: Mapping[str, object] | None = None, _security_handler: object = None
    ) -> bytes:
        del obj_dict
        if self._stream is None:
            return f"{self.id} 0 obj\n<<{self._dictionary}>>\nendobj".encode()
        start = f"{self.id} 0 obj\n<<{self._dictionary}/Filter/FlateDecode/Length {len(self._stream)}>>\nstream\n"
        return start.encode() + self._stream + b"\nendstream\nendobj"


class Container(FPDF):
    """An fpdf2 document that takes ready pages and reads neither files nor the network."""

    def __init__(self, width: float, height: float, *, letterings: list[Lettering]) -> None:
        super().__init__(unit="pt", format=(width, height))
        self.set_auto_page_break(auto=False)
        self.str_alias_nb_pages = ""
        self.letterings = letterings
        self.resource_access_policy = ResourceAccessPolicy.NONE
        self.allow_images_transparency = False
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_producer("Quittance")

    def add_leaf(self, number: int, content: bytes, fonts: set[int]) -> None:
        self.add_page()
        self.pages[number].contents = bytearray(content)
        for font in fonts:
            self._resource_catalog.add(PDFResourceType.FONT, font, number)


class Producer(OutputProducer):
    def _add_fonts(self, *_: object) -> dict[int, Any]:
        assert isinstance(self.fpdf, Container)
        return {lettering.index: self._font(lettering) for lettering in self.fpdf.letterings}

    def _font(self, lettering: Lettering) -> _Ready:
        face, part = lettering.face, subset(lettering.face, lettering.characters())
        file = self._added(f"/Length1 {part.length}", part.file)
        to_unicode = self._added("", part.to_unicode)
        descriptor = self._added(_descriptor(face, part, file.ref))
        descendant = self._added(
            f"/Type/Font/Subtype/CIDFontType2/BaseFont/{part.name}"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor.ref}/DW {face.widths[0]}/W{part.widths}/CIDToGIDMap/Identity"
        )
        return self._added(
            f"/Type/Font/Subtype/Type0/BaseFont/{part.name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant.ref}]/ToUnicode {to_unicode.ref}"
        )

    def _added(self, dictionary: str, stream: bytes | None = None) -> _Ready:
        ready = _Ready(dictionary, stream)
        self._add_pdf_obj(ready, "fonts")
        return ready


def _descriptor(face: Face, part: Subset, file: str) -> str:
    metrics = face.metrics
    stem = round(50 + (metrics.weight / 65) ** 2)
    return (
        f"/Type/FontDescriptor/FontName/{part.name}/Flags 4/ItalicAngle {metrics.italic}/StemV {stem}"
        f"/FontBBox[{metrics.x_min} {metrics.y_min} {metrics.x_max} {metrics.y_max}]"
        f"/Ascent {metrics.ascent}/Descent {metrics.descent}"
        f"/CapHeight {metrics.cap_height}/XHeight {metrics.x_height}/FontFile2 {file}"
    )

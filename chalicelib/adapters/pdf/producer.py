"""Writing the file: fpdf2's producer, with ready fonts in place of its font subsetting, and our structure tree.

This overrides private methods of fpdf2 2.8.9: the version is pinned, and tests check the file with every upgrade.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.adapters.pdf.attachments import checked, file_of, specification_of
from chalicelib.adapters.pdf.container import (
    FPDF,
    DocumentCompliance,
    OutputProducer,
    PDFAnnotation,
    PDFObject,
    PDFPage,
    ResourceAccessPolicy,
    URIAction,
    ViewerPreferences,
)
from chalicelib.adapters.pdf.embedding import Subset, subset
from chalicelib.adapters.pdf.fontpack import Face
from chalicelib.adapters.pdf.lettering import Lettering
from chalicelib.adapters.pdf.metadata import MAKER, About, xmp
from chalicelib.adapters.pdf.packing import deflated, ended, stream
from chalicelib.adapters.pdf.structure import Structure, Unstructured, objects
from chalicelib.adapters.pdf.syntax import text_string
from chalicelib.domain.logo import Picture
from chalicelib.ports import Attachment


class _Ready(PDFObject):
    """An object that is written as it is; its stream, if any, is deflated already."""

    def __init__(self, dictionary: str, content: bytes | None = None) -> None:
        super().__init__()
        self._dictionary, self._content = dictionary, content

    def serialize(  # type: ignore[override]  # fpdf2 takes bytes as well, and says so in OutputProducer._out
        self, obj_dict: Mapping[str, object] | None = None, _security_handler: object = None
    ) -> bytes:
        del obj_dict
        if self._content is None:
            return f"{self.id} 0 obj\n<<{self._dictionary}>>\nendobj".encode()
        return stream(self.id, self._dictionary, self._content).removesuffix(b"\n")


class _Leaf(PDFPage):
    """A page that is ready; fpdf2 would look for what else could be said of it, attribute by attribute."""

    def __init__(self, number: int, content: bytes, *, size: tuple[float, float], structured: bool) -> None:
        self.ready = _Ready("", deflated(content))
        super().__init__(duration=None, transition=None, contents=bytearray(), index=number)
        self.set_dimensions(*size)
        self._tagged = f"/StructParents {number - 1}/Tabs/S" if structured else ""

    def serialize(  # type: ignore[override]  # as _Ready's
        self, obj_dict: Mapping[str, object] | None = None, _security_handler: object = None
    ) -> bytes:
        del obj_dict
        links = f"/Annots[{' '.join(link.ref for link in self.annots)}]" if self.annots else ""
        assert self.parent is not None
        assert self.resources is not None
        return (
            f"{self.id} 0 obj\n<</Type/Page/Parent {self.parent.ref}/Resources {self.resources.ref}"
            f"/Contents {self.ready.ref}{links}{self._tagged}>>\nendobj"
        ).encode()


class Container(FPDF):
    """An fpdf2 document that takes ready pages and reads neither files nor the network.

    With a structure it becomes PDF/A-3a and PDF/UA-1. fpdf2 knows of PDF/A-3b, which asks for the same but structure.
    """

    def __init__(
        self,
        width: float,
        height: float,
        *,
        letterings: Sequence[Lettering],
        structure: Structure,
        about: About,
        attachments: Sequence[Attachment] = (),
        image: Picture | None = None,
    ) -> None:
        self.structured = not isinstance(structure, Unstructured)
        level = DocumentCompliance.PDFA_3B if self.structured else None
        super().__init__(unit="pt", format=(width, height), enforce_compliance=level)
        self.set_auto_page_break(auto=False)
        self.str_alias_nb_pages = ""
        self.letterings, self.structure, self.picture = letterings, structure, image
        self.attachments = sorted(map(checked, attachments), key=lambda attachment: attachment.name)
        self.links_drawn: list[PDFAnnotation] = []
        self.resource_access_policy = ResourceAccessPolicy.NONE
        self.allow_images_transparency = False
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._introduce(about)

    def _introduce(self, about: About) -> None:
        self.set_lang(about.language)
        self.set_creation_date(about.dated)
        if self.structured:
            self.set_xmp_metadata(xmp(about, self.attachments))
        else:
            self.set_title(about.title)
            self.set_author(about.author)
            self.set_producer(MAKER)

    def file_id(self) -> None:
        """None of fpdf2's: the file that `packing` ends has one of its whole content."""

    def add_leaf(self, number: int, content: bytes) -> None:
        size = self.default_page_dimensions
        self.page, self.pages[number] = number, _Leaf(number, content, size=size, structured=self.structured)

    def add_link(  # type: ignore[override]  # of our own, with what PDF/UA asks for; fpdf2's is for its own pages
        self, number: int, *, x: float, y: float, width: float, height: float, url: str, said: str
    ) -> None:
        """y: from the bottom to the upper edge."""
        link = PDFAnnotation("Link", x, y, width, height, action=URIAction(url), contents=said)
        if self.structured:
            link.struct_parent = len(self.structure.marks) + len(self.links_drawn)  # type: ignore[attr-defined]
        self.links_drawn.append(link)
        self.pages[number].add_annotation(link)


class Producer(OutputProducer):
    fpdf: Container

    def bufferize(self) -> bytearray:
        self._packed: dict[int, str] = {}
        self._root = 0
        file = super().bufferize()
        if not self._packed:
            return file
        table = int(file[file.rindex(b"startxref\n") + 10 : file.rindex(b"\n%%EOF")])
        return bytearray(ended(bytes(file[:table]), self.offsets, self._packed, root=self._root))

    def _add_pages(self, _slice: slice = slice(0)) -> list[Any]:
        pages = list(self._iter_pages_in_order())
        for page in pages:
            assert isinstance(page, _Leaf)
            self._add_pdf_obj(page)
            self._add_pdf_obj(page.ready)
        return pages

    def _finalize_catalog(self, catalog_obj: Any, *args: Any, **parts: Any) -> None:  # noqa: ANN401 - as fpdf2's
        container, self._root = self.fpdf, catalog_obj.id
        if container.structured:
            first = self.obj_id + 1
            pages = [container.pages[number].ref for number in range(1, container.pages_count + 1)]
            links = [link.ref for link in container.links_drawn]
            tree = objects(container.structure, first=first, pages=pages, links=links)
            self._packed = dict(enumerate(tree, first))
            parts["struct_tree_root_obj"] = _Ready("")
            parts["struct_tree_root_obj"].id = first
        super()._finalize_catalog(catalog_obj, *args, **parts)
        self._attach(catalog_obj)

    def _attach(self, catalog_obj: Any) -> None:  # noqa: ANN401 - as fpdf2's
        if self._specifications:
            names = zip(self.fpdf.attachments, self._specifications, strict=True)
            entries = " ".join(f"{text_string(attachment.name)} {specification}" for attachment, specification in names)
            catalog_obj.names = f"<</EmbeddedFiles<</Names[{entries}]>>>>"
            catalog_obj.a_f = f"[{' '.join(self._specifications)}]"

    def _insert_resources(self, page_objs: list[Any]) -> None:
        fonts = [(lettering.index, self._font(lettering)) for lettering in self.fpdf.letterings]
        shown = f"/Font<<{''.join(f'/F{index} {font.ref}' for index, font in fonts)}>>"
        if self.fpdf.picture:
            shown += f"/XObject<</Logo {self._added(*_image_of(self.fpdf.picture)).ref}>>"
        resources = self._added(shown)
        for page in page_objs:
            page.resources = resources
        files = [(attachment, self._added(*file_of(attachment))) for attachment in self.fpdf.attachments]
        self._specifications = [self._added(specification_of(attachment, file.ref)).ref for attachment, file in files]

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

    def _added(self, dictionary: str, content: bytes | None = None) -> _Ready:
        ready = _Ready(dictionary, content)
        self._add_pdf_obj(ready)
        return ready


def _image_of(picture: Picture) -> tuple[str, bytes]:
    """As it is kept: a JPEG's own file, or the deflated rows of a PNG."""
    space = "/DeviceRGB" if picture.colours > 1 else "/DeviceGray"
    width, height = picture.stored
    rows = f"/DecodeParms<</Predictor 15/Colors {picture.colours}/Columns {width}>>"
    return (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{space}"
        f"/BitsPerComponent 8{'/Filter/DCTDecode' if picture.is_jpeg else rows}"
    ), picture.content


def _descriptor(face: Face, part: Subset, file: str) -> str:
    metrics = face.metrics
    stem = round(50 + (metrics.weight / 65) ** 2)
    return (
        f"/Type/FontDescriptor/FontName/{part.name}/Flags 4/ItalicAngle {metrics.italic}/StemV {stem}"
        f"/FontBBox[{metrics.x_min} {metrics.y_min} {metrics.x_max} {metrics.y_max}]"
        f"/Ascent {metrics.ascent}/Descent {metrics.descent}"
        f"/CapHeight {metrics.cap_height}/XHeight {metrics.x_height}/FontFile2 {file}"
    )

"""fpdf2, imported without what it loads for parsing fonts, pictures and HTML, libraries and modules of its own.

They are most of its import time and nearly all of its size, and none of their code is reached here: typefaces come
from packs, drawings are operators. While fpdf2 is imported, empty names stand in for them; afterwards everybody else
in the process imports the real ones as ever. `infra/package.py` leaves its modules out of the zip.

What another thread may import meanwhile is not stood in for: cryptography, which seals and verifies, is imported.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

ABSENT = {"fontTools", "PIL", "numpy", "uharfbuzz"}
ABSENT_MODULES = {
    "fpdf.drawing",
    "fpdf.encryption",
    "fpdf.font_type_3",
    "fpdf.fonts",
    "fpdf.html",
    "fpdf.image_parsing",
    "fpdf.line_break",
    "fpdf.linearization",
    "fpdf.outline",
    "fpdf.pattern",
    "fpdf.recorder",
    "fpdf.sign",
    "fpdf.svg",
    "fpdf.table",
    "fpdf.template",
    "fpdf.transitions",
    "fpdf.unicode_script",
}


class _Named(type):
    """A class of which any attribute is another such class: enough for imports, base classes and annotations."""

    def __getattr__(cls, name: str) -> "_Named":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> _Named:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})


class _Finder:
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] not in ABSENT and fullname not in ABSENT_MODULES:
            return None
        return ModuleSpec(fullname, cast("Loader", self), is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


@contextmanager
def _stand_ins() -> Iterator[None]:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _StandIn)]:
            del sys.modules[name]
            package, _, module = name.rpartition(".")
            if package in sys.modules:
                vars(sys.modules[package]).pop(module, None)


with _stand_ins():
    from fpdf import FPDF, ViewerPreferences
    from fpdf.actions import URIAction
    from fpdf.annotations import PDFAnnotation
    from fpdf.bidi import BIDI_BRACKETS, BidiParagraph
    from fpdf.enums import DocumentCompliance, ResourceAccessPolicy
    from fpdf.output import OutputProducer, PDFPage
    from fpdf.syntax import Name, PDFObject

__all__ = [
    "BIDI_BRACKETS",
    "FPDF",
    "BidiParagraph",
    "DocumentCompliance",
    "Name",
    "OutputProducer",
    "PDFAnnotation",
    "PDFObject",
    "PDFPage",
    "ResourceAccessPolicy",
    "URIAction",
    "ViewerPreferences",
]

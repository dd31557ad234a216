"""Documents as PDF: fpdf2 as the container, text and lines as ready operators, typefaces from packs."""

from chalicelib.adapters.pdf.renderer import PdfRenderer

__all__ = ["PdfRenderer"]

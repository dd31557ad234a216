"""E-invoices as XML, by the factur-x library; lxml, factur-x and pypdf are known here alone."""

from chalicelib.adapters.e_invoices.exchange import FacturXInvoices

__all__ = ["FacturXInvoices"]

"""The client's pages: quotes to approve, invoices to view and to pay."""

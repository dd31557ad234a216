"""Accounting programs that businesses connect, each over its own HTTP."""

from chalicelib.adapters.accounting.calls import Calls
from chalicelib.adapters.accounting.quickbooks import QuickBooks
from chalicelib.adapters.accounting.xero import Xero

__all__ = ["Calls", "QuickBooks", "Xero"]

"""Every operation of /v1: importing its module registers it."""

from chalicelib.entrypoints.http import businesses, clients, invoices, own_keys, payments, quotes, reminders, reports
from chalicelib.entrypoints.http.contract import blueprint

__all__ = ["blueprint", "businesses", "clients", "invoices", "own_keys", "payments", "quotes", "reminders", "reports"]

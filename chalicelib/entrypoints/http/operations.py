"""Every operation of /v1: importing its module registers it."""

from chalicelib.entrypoints.http import (
    businesses,
    catalogue,
    clients,
    conversions,
    invoices,
    items,
    jobs,
    own_keys,
    payments,
    quotes,
    reminders,
    reports,
    sales,
    visits,
)
from chalicelib.entrypoints.http.contract import blueprint

__all__ = [
    "blueprint",
    "businesses",
    "catalogue",
    "clients",
    "conversions",
    "invoices",
    "items",
    "jobs",
    "own_keys",
    "payments",
    "quotes",
    "reminders",
    "reports",
    "sales",
    "visits",
]

"""Every operation of /v1: importing its module registers it."""

from chalicelib.entrypoints.http import (
    allocations,
    businesses,
    catalogue,
    clients,
    conversions,
    invoices,
    items,
    jobs,
    own_keys,
    payments,
    printing,
    quotes,
    reminders,
    reports,
    sales,
    visits,
)
from chalicelib.entrypoints.http.contract import blueprint

__all__ = [
    "allocations",
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
    "printing",
    "quotes",
    "reminders",
    "reports",
    "sales",
    "visits",
]

"""Accounting programs beside a world, spoken to in its own process."""

import json
from typing import Any

from chalicelib.adapters.accounting import QuickBooks, Xero
from chalicelib.adapters.accounting.calls import Answered
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.export_format import Target
from infra.local.accounting import Program

WORDS = {
    "xero": {
        "accounts": {"revenue": "200"},
        "tax_codes": {"TPS+TVQ": "GST/QST QC - 9.975", "none": "Exempt"},
    },
    "quickbooks": {
        "items": {"default": "Services"},
        "tax_codes": {"TPS+TVQ": "GST/QST QC - 9.975", "none": "Exempt"},
    },
}
CHARTS = {"xero": "xero", "quickbooks": "quickbooks_online"}
KINDS = {"xero": ("Invoices", "CreditNotes"), "quickbooks": ("Invoice", "CreditMemo")}
GRANT = {"organisation_id": "org-1", "app_id": "app", "app_secret": "secret", "refresh_token": "refresh-1"}


class Wire:
    """``Calls`` that end at a program in this process."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def __call__(self, method: str, url: str, *, headers: Any, body: Any = None) -> Answered:
        sent = json.dumps(body).encode() if isinstance(body, dict) else body or b""
        answered = self._program.answer(method, url, headers, sent)
        if answered is None:
            raise UnknownOutcome("program_silent", "The accounting program did not answer; try again.")
        status, said = answered
        return Answered(status=status, body=said)


class Programs:
    """Both programs, as wiring gives them."""

    def __init__(self) -> None:
        self.programs = {name: Program(name) for name in WORDS}
        adapters = {"xero": Xero, "quickbooks": QuickBooks}
        self._adapters = {name: adapters[name](calls=Wire(one)) for name, one in self.programs.items()}  # type: ignore[abstract]

    def __call__(self, target: Target) -> Any:
        return self._adapters[target]

    def documents(self, name: str, *, credit: bool = False) -> list[Any]:
        return self.programs[name].rows(KINDS[name][credit])


def connect(world: Any, name: str, **more: Any) -> Any:
    """The business connects a program and says what things are called in it."""
    world.ok("PATCH", "/v1/business", {"accounting": {CHARTS[name]: WORDS[name]}})
    return world.ok("PUT", f"/v1/business/accounting/{name}", GRANT | more).body

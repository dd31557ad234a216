"""Xero's accounting API 2.0: an invoice bears our id as its reference, and is looked for by it before it is made."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from chalicelib.adapters.accounting.calls import Answered, Calls, Json, must_let_in, refused, refused_with, traded
from chalicelib.domain.bookkeeping import Bill, BillLine, Booked, Tokens
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

API: Final = "https://api.xero.com"
IDENTITY: Final = "https://identity.xero.com"


@dataclass(slots=True, kw_only=True)
class Xero:
    """``Accounting`` in Xero.

    base: of a stand-in, in the place of Xero's own addresses.
    """

    calls: Calls = field(default_factory=Calls)
    base: str = ""
    _tax_types: dict[str, dict[str, str]] = field(default_factory=dict)

    def renew(self, *, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
        url = f"{self.base or IDENTITY}/connect/token"
        return traded(self.calls, url, client_id=client_id, client_secret=client_secret, refresh_token=refresh_token)

    def find(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked | None:
        return self._found(bill, _place(access_token, organisation_id))

    def book(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked:
        place = _place(access_token, organisation_id)
        return self._found(bill, place) or self._made(bill, place, organisation_id)

    def _found(self, bill: Bill, place: "_Place") -> Booked | None:
        kind, number = _names(bill)
        where = quote(f'{number}=="{_quoted(bill.number)}" AND Reference=="{bill.external_id}"')
        rows = self._read(f"{kind}?where={where}", place).get(kind, [])
        ours = [row for row in rows if row.get("Reference") == bill.external_id and row.get("Status") != "DELETED"]
        return _booked(ours[0], bill, found=True) if ours else None

    def _made(self, bill: Bill, place: "_Place", organisation_id: str) -> Booked:
        kind, _ = _names(bill)
        types = self._types(place, organisation_id)
        once = _Place(headers={**place.headers, "Idempotency-Key": bill.external_id})
        answer = self._asked("PUT", f"{kind}?unitdp=4", once, {kind: [_document(bill, types)]})
        rows = answer.body.get(kind, [])
        if not answer.is_done or not rows:
            raise refused_with(answer, _reason(answer))
        return _booked(rows[0], bill, found=False)

    def _types(self, place: "_Place", organisation_id: str) -> Mapping[str, str]:
        """What each tax rate is called in the API, by the name that people see, and by itself."""
        if organisation_id not in self._tax_types:
            rates = self._read("TaxRates", place).get("TaxRates", [])
            names = {str(rate["Name"]): str(rate["TaxType"]) for rate in rates}
            self._tax_types[organisation_id] = {kind: kind for kind in names.values()} | names
        return self._tax_types[organisation_id]

    def _read(self, path: str, place: "_Place") -> Json:
        """What is not answered is not taken for nothing: it would be made twice. Raises Refused."""
        answer = self._asked("GET", path, place)
        if not answer.is_done:
            raise refused_with(answer, _reason(answer))
        return answer.body

    def _asked(self, method: str, path: str, place: "_Place", body: Json | None = None) -> Answered:
        url = f"{self.base or API}/api.xro/2.0/{path}"
        return must_let_in(self.calls(method, url, headers=place.headers, body=body))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    headers: Mapping[str, str]


def _place(access_token: str, organisation_id: str) -> _Place:
    return _Place(headers={"Authorization": f"Bearer {access_token}", "Xero-tenant-id": organisation_id})


def _names(bill: Bill) -> tuple[str, str]:
    """What such documents are called, and their numbers."""
    return ("CreditNotes", "CreditNoteNumber") if bill.is_credit else ("Invoices", "InvoiceNumber")


def _document(bill: Bill, types: Mapping[str, str]) -> Json:
    _, number = _names(bill)
    contact = {"Name": bill.buyer.name} | ({"EmailAddress": bill.buyer.email} if bill.buyer.email else {})
    dated = {"Date": bill.issued_on.isoformat()} | ({} if bill.is_credit else {"DueDate": bill.due_on.isoformat()})
    return {
        "Type": "ACCRECCREDIT" if bill.is_credit else "ACCREC",
        "Contact": contact,
        number: bill.number,
        "Reference": bill.external_id,
        "CurrencyCode": bill.currency,
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "LineItems": [_line(line, types) for line in bill.lines],
        **dated,
    }


def _line(line: BillLine, types: Mapping[str, str]) -> Json:
    """Raises Refused (``refused_by_program``) for a tax rate that the organisation does not have."""
    if line.tax_code not in types:
        raise refused(f"there is no tax rate {line.tax_code!r}.")
    return {
        "Description": line.description,
        "Quantity": f"{line.quantity:f}",
        "UnitAmount": f"{line.unit_price:f}",
        "LineAmount": f"{line.net}",
        "AccountCode": line.account,
        "TaxType": types[line.tax_code],
    }


def _booked(row: Mapping[str, Any], bill: Bill, *, found: bool) -> Booked:
    id = row["CreditNoteID" if bill.is_credit else "InvoiceID"]
    total = Money.rounded(Decimal(str(row.get("Total", bill.total))), bill.currency)
    return Booked(remote_id=str(id), total=total, found=found)


def _reason(answer: Answered) -> str:
    elements = answer.body.get("Elements", [{}])
    errors = [error.get("Message", "") for element in elements for error in element.get("ValidationErrors", [])]
    return "; ".join(filter(None, errors)) or str(answer.body.get("Detail") or answer.body.get("Message") or "")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

"""QuickBooks Online's API v3: an invoice bears our id in its private note, and is looked for before it is made."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from chalicelib.adapters.accounting.calls import Answered, Calls, Json, must_let_in, refused, refused_with, traded
from chalicelib.domain.bookkeeping import Bill, BillLine, Booked, Tokens
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

API: Final = "https://quickbooks.api.intuit.com"
IDENTITY: Final = "https://oauth.platform.intuit.com"
MINOR_VERSION: Final = "75"
OF_THE_UNITED_STATES: Final = frozenset({"TAX", "NON"})
"""Tax codes that no query finds: a line there is taxable or not, and the program works the tax out."""
LONGEST_NAME: Final = 500
LONGEST_REQUEST_ID: Final = 50


@dataclass(slots=True, kw_only=True)
class QuickBooks:
    """``Accounting`` in QuickBooks Online.

    base: of a stand-in, in the place of Intuit's own addresses.
    """

    calls: Calls = field(default_factory=Calls)
    base: str = ""
    _known: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def renew(self, *, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
        url = f"{self.base or IDENTITY}/oauth2/v1/tokens/bearer"
        return traded(self.calls, url, client_id=client_id, client_secret=client_secret, refresh_token=refresh_token)

    def find(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked | None:
        return self._found(bill, self._company(access_token, organisation_id))

    def book(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked:
        company = self._company(access_token, organisation_id)
        return self._found(bill, company) or self._made(bill, company)

    def _company(self, access_token: str, organisation_id: str) -> "_Company":
        return _Company(calls=self.calls, base=self.base or API, token=access_token, realm=organisation_id)

    def _found(self, bill: Bill, company: "_Company") -> Booked | None:
        rows = company.query(_kind(bill), "DocNumber", bill.number)
        ours = [row for row in rows if _note(bill) in str(row.get("PrivateNote", ""))]
        return _booked(ours[0], bill, found=True) if ours else None

    def _made(self, bill: Bill, company: "_Company") -> Booked:
        lines = [self._line(line, company) for line in bill.lines]
        document = {
            "DocNumber": bill.number,
            "TxnDate": bill.issued_on.isoformat(),
            "PrivateNote": " ".join(filter(None, (_note(bill), bill.purchase_order))),
            "CustomerRef": {"value": self._customer(bill, company)},
            "CurrencyRef": {"value": bill.currency},
            "GlobalTaxCalculation": "TaxExcluded",
            "Line": lines,
        } | ({} if bill.is_credit else {"DueDate": bill.due_on.isoformat()})
        made = company.create(_kind(bill), document, request_id=bill.external_id)
        return _booked(made, bill, found=False)

    def _line(self, line: BillLine, company: "_Company") -> Json:
        detail: Json = {  # a double's shortest digits are those of the decimal that it was made from
            "ItemRef": {"value": self._named("Item", line.item, company)},
            "TaxCodeRef": {"value": self._tax_code(line.tax_code, company)},
            "Qty": float(line.quantity),
            "UnitPrice": float(line.unit_price),
        }
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": float(line.net.decimal),
            "Description": line.description,
            "SalesItemLineDetail": detail,
        }

    def _tax_code(self, name: str, company: "_Company") -> str:
        return name if name in OF_THE_UNITED_STATES else self._named("TaxCode", name, company)

    def _named(self, kind: str, name: str, company: "_Company") -> str:
        """The id of what people know by a name. Raises Refused (``refused_by_program``) where there is none."""
        if (company.realm, kind, name) not in self._known:
            rows = company.query(kind, "Name", name)
            if not rows:
                raise refused(f"there is no {kind} {name!r}.")
            self._known[company.realm, kind, name] = str(rows[0]["Id"])
        return self._known[company.realm, kind, name]

    def _customer(self, bill: Bill, company: "_Company") -> str:
        """The customer of the buyer's name, made where there is none."""
        name = bill.buyer.name.replace(":", " ")[:LONGEST_NAME]  # a colon stands for a customer within another there
        rows = company.query("Customer", "DisplayName", name)
        if rows:
            return str(rows[0]["Id"])
        customer: Json = {"DisplayName": name, "CurrencyRef": {"value": bill.currency}}
        if bill.buyer.email:
            customer["PrimaryEmailAddr"] = {"Address": bill.buyer.email}
        return str(company.create("Customer", customer, request_id=f"c{bill.external_id}")["Id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    """The books of one company, by its realm."""

    calls: Calls
    base: str
    token: str = field(repr=False)
    realm: str

    def query(self, kind: str, attribute: str, value: str) -> list[Mapping[str, Any]]:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        wanted = f"select * from {kind} where {attribute} = '{escaped}'"  # noqa: S608 - Intuit's words, no database's
        asked = {"query": wanted, "minorversion": MINOR_VERSION}
        answer = self._asked("GET", f"query?{urlencode(asked, quote_via=quote)}")
        if not answer.is_done:
            raise refused_with(answer, _reason(answer))
        found: list[Mapping[str, Any]] = answer.body.get("QueryResponse", {}).get(kind, [])
        return found

    def create(self, kind: str, body: Json, *, request_id: str) -> Mapping[str, Any]:
        """What was made; the same request id makes nothing twice."""
        asked = {"requestid": request_id[:LONGEST_REQUEST_ID], "minorversion": MINOR_VERSION}
        answer = self._asked("POST", f"{kind.lower()}?{urlencode(asked)}", body)
        made: Mapping[str, Any] | None = answer.body.get(kind)
        if not answer.is_done or made is None:
            raise refused_with(answer, _reason(answer))
        return made

    def _asked(self, method: str, path: str, body: Json | None = None) -> Answered:
        url = f"{self.base}/v3/company/{quote(self.realm, safe='')}/{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return must_let_in(self.calls(method, url, headers=headers, body=body))


def _kind(bill: Bill) -> str:
    return "CreditMemo" if bill.is_credit else "Invoice"


def _note(bill: Bill) -> str:
    return f"[{bill.external_id}]"


def _booked(row: Mapping[str, Any], bill: Bill, *, found: bool) -> Booked:
    total = Money.rounded(Decimal(str(row.get("TotalAmt", bill.total))), bill.currency)
    return Booked(remote_id=str(row["Id"]), total=total, found=found)


def _reason(answer: Answered) -> str:
    errors = answer.body.get("Fault", {}).get("Error", [])
    return "; ".join(str(error.get("Detail") or error.get("Message") or "") for error in errors)

"""Stand-ins for QuickBooks Online and Xero: as much of their HTTP as an export speaks, kept in memory.

Written after Intuit's and Xero's public descriptions of their APIs; nothing of theirs is in it.
"""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]
CENT = Decimal("0.01")
QUERY = re.compile(r"select \* from (\w+) where (\w+) = '((?:[^'\\]|\\.)*)'")
WHERE = re.compile(r'(\w+)=="((?:[^"\\]|\\.)*)"')
RATES = {"GST/QST QC - 9.975": Decimal("14.975"), "Exempt": Decimal(0)}
UNLISTED = {"TAX": Decimal(8), "NON": Decimal(0)}
"""What lines bear in the United States; QuickBooks knows no entity for them."""


@dataclass(slots=True)
class Program:
    """One program with one organisation in it.

    documents: by kind, in the order in which they were made. creations: so many were asked for.
    lost: so many answers to creations are lost after they were carried out.
    refreshes, accesses: the tokens that it takes; of those that were traded, too, for a while.
    refused_names: buyers whose documents are refused. silent_about: what bears one of these is never answered.
    takes_no_token: it trades them, and lets nobody in. organisation: the only one that it lets us into, if any is said.
    """

    name: str
    documents: dict[str, list[Json]] = field(default_factory=dict)
    creations: int = 0
    lost: int = 0
    accesses: set[str] = field(default_factory=lambda: {"access-1"})
    refreshes: set[str] = field(default_factory=lambda: {"refresh-1"})
    traded: int = 0
    refused_names: set[str] = field(default_factory=set)
    silent_about: set[str] = field(default_factory=set)
    takes_no_token: bool = False
    organisation: str = ""
    _answers: dict[str, Json] = field(default_factory=dict)

    def rows(self, kind: str) -> list[Json]:
        return self.documents.setdefault(kind, [])

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Json] | None:
        """Status and JSON; None where the answer is lost."""
        parts = urlsplit(url)
        if any(text in unquote(url) or text in body.decode() for text in self.silent_about):
            return None
        if parts.path.endswith(("/tokens/bearer", "/connect/token")):
            return self._trade(parse_qs(body.decode()))
        given = {name.lower(): value for name, value in headers.items()}
        if self.takes_no_token or given.get("authorization", "").removeprefix("Bearer ") not in self.accesses:
            return 401, {"Detail": "AuthenticationUnsuccessful"}
        if self.organisation not in given.get("xero-tenant-id", parts.path):
            return 403, {"fault": {"type": "AUTHENTICATION"}}
        answered = (self._xero if "/api.xro/" in parts.path else self._quickbooks)(method, url, given, body)
        if method != "GET" and self.lost:
            self.lost -= 1
            return None
        return answered

    def end_access(self) -> None:
        """No access token is good for anything any more; refresh tokens still are."""
        self.accesses.clear()

    def revoke(self) -> None:
        """Nobody is let in any more."""
        self.accesses.clear()
        self.refreshes.clear()

    def _trade(self, asked: Mapping[str, list[str]]) -> tuple[int, Json]:
        if not self.refreshes & {*asked.get("refresh_token", ())}:
            return 400, {"error": "invalid_grant"}
        self.traded += 1
        access, refresh = f"access-{self.traded + 1}", f"refresh-{self.traded + 1}"
        self.accesses.add(access)
        self.refreshes.add(refresh)
        return 200, {"access_token": access, "refresh_token": refresh, "expires_in": 1800}

    # Xero

    def _xero(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Json]:
        parts = urlsplit(url)
        kind = parts.path.rpartition("/")[2]
        if kind == "TaxRates":
            return 200, {"TaxRates": [{"Name": name, "TaxType": f"TAX{n:03d}"} for n, name in enumerate(RATES)]}
        if method == "GET":
            wanted = dict(WHERE.findall(parse_qs(parts.query)["where"][0]))
            return 200, {kind: [row for row in self.rows(kind) if all(row[n] == v for n, v in wanted.items())]}
        key = headers.get("idempotency-key", "")
        if key not in self._answers:
            document = json.loads(body, parse_float=Decimal)[kind][0]
            if document["Contact"]["Name"] in self.refused_names:
                return 400, {"Elements": [{"ValidationErrors": [{"Message": "Account code is not valid"}]}]}
            self.creations += 1
            types = {f"TAX{n:03d}": rate for n, rate in enumerate(RATES.values())}
            nets = [(Decimal(line["LineAmount"]), types[line["TaxType"]]) for line in document["LineItems"]]
            number = "CreditNoteID" if kind == "CreditNotes" else "InvoiceID"
            made = document | {number: f"{kind}-{self.creations}", "Total": str(_with_tax(nets))}
            self.rows(kind).append(made)
            self._answers[key] = {kind: [made]}
        return 200, self._answers[key]

    # QuickBooks Online

    def _quickbooks(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Json]:  # noqa: ARG002
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        if method == "GET":
            found = QUERY.fullmatch(asked["query"][0])
            kind, attribute, value = found.groups() if found else ("", "", "")
            plain = re.sub(r"\\(.)", r"\1", value)
            if kind in {"Item", "TaxCode"}:
                known = RATES if kind == "TaxCode" else {"Services": None}
                return 200, {"QueryResponse": {kind: [{"Id": plain}] if plain in known else []}}
            return 200, {"QueryResponse": {kind: [row for row in self.rows(kind) if row.get(attribute) == plain]}}
        key = asked["requestid"][0]
        if key not in self._answers:
            document = json.loads(body, parse_float=Decimal)
            kind = {"invoice": "Invoice", "creditmemo": "CreditMemo", "customer": "Customer"}[
                parts.path.rpartition("/")[2]
            ]
            if document.get("DisplayName") in self.refused_names:
                return 400, {"Fault": {"Error": [{"Detail": "Invalid customer"}]}}
            self.creations += kind != "Customer"
            made = document | {"Id": f"{len(self.rows(kind)) + 1}"}
            if "Line" in document:
                details = [
                    (line["Amount"], line["SalesItemLineDetail"]["TaxCodeRef"]["value"]) for line in document["Line"]
                ]
                made |= {
                    "TotalAmt": str(_with_tax([(Decimal(net), (RATES | UNLISTED)[code]) for net, code in details]))
                }
            self.rows(kind).append(made)
            self._answers[key] = {kind: made}
        return 200, self._answers[key]


def _with_tax(nets: list[tuple[Decimal, Decimal]]) -> Decimal:
    total = sum((net + net * rate / 100 for net, rate in nets), Decimal(0))
    return total.quantize(CENT, ROUND_HALF_UP)


def served(program: Program) -> ThreadingHTTPServer:
    """The program at a free port of this machine; a lost answer ends the connection without a word."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answered = program.answer(self.command, self.path, dict(self.headers.items()), body)
            if answered is None:
                self.close_connection = True
                return
            status, said = answered
            text = json.dumps(said, default=str).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is told of what is tried."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

"""A former system's lists, and how they are taken in."""

CLIENTS = (
    "reference;name;email;line1;city;country\n"
    "C-1;Marie Gagnon;marie@example.com;1 rue Haute;Québec;CA\n"
    "C-2;Jean Roy;;;;\n"
)
INVOICES = (
    "number;client_reference;issue_date;due_date;total;taxes;amount_paid\n"
    "2025-0410;C-1;2026-01-15;2026-02-14;1 149,75;TPS=50,00 TVQ=99,75;149,75\n"
    "2025-0411;C-2;2026-02-20;2026-03-22;80;;\n"
)


def take_in(world, what, text, query="", **headers):
    return world.ok("POST", f"/v1/imports/{what}{query}", text.encode(), content_type="text/csv", **headers)


def outcomes(report):
    return [(one["line"], one["outcome"], one["code"]) for one in report["lines"]]


def imported(world, text=INVOICES, query=""):
    """The invoices of a list, in its order."""
    take_in(world, "clients", CLIENTS)
    return [world.see(one["invoice_id"]) for one in take_in(world, "invoices", text, query)["lines"]]


def issued_number(world):
    return world.invoice()["number"]

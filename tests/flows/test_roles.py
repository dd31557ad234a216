"""Who may do what with work and its bills: each role's answer to each operation."""

import pytest

OFFICE, FIELD, BOOKS, ALL = "om", "omt", "oma", "omta"
ROLES = {"o": "owner", "m": "manager", "t": "technician", "a": "accountant"}
NOBODYS = "none"

WORK = {
    ("GET", "/jobs"): BOOKS,
    ("POST", "/jobs"): OFFICE,
    ("GET", "/jobs/{id}"): ALL,
    ("GET", "/jobs/{id}/space"): ALL,
    ("GET", "/jobs/{id}/timeline"): ALL,
    ("PATCH", "/jobs/{id}"): OFFICE,
    ("DELETE", "/jobs/{id}"): OFFICE,
    ("GET", "/visits"): ALL,
    ("POST", "/visits"): OFFICE,
    ("GET", "/visits/{id}"): ALL,
    ("GET", "/visits/{id}/timeline"): ALL,
    ("PATCH", "/visits/{id}"): FIELD,
    ("DELETE", "/visits/{id}"): OFFICE,
    ("POST", "/visits/{id}/complete"): FIELD,
    ("POST", "/visits/{id}/invoices"): FIELD,
    ("PUT", "/visits/{id}/invoices"): FIELD,
    ("GET", "/items"): ALL,
    ("POST", "/items"): FIELD,
    ("GET", "/items/{id}"): ALL,
    ("GET", "/items/{id}/timeline"): ALL,
    ("PATCH", "/items/{id}"): FIELD,
    ("DELETE", "/items/{id}"): FIELD,
    ("POST", "/items/{id}/publish"): FIELD,
    ("POST", "/items/{id}/waive"): FIELD,
}
CATALOGUE = {
    ("GET", "/catalog"): ALL,
    ("GET", "/catalog/{id}"): ALL,
    ("POST", "/catalog"): OFFICE,
    ("PATCH", "/catalog/{id}"): OFFICE,
    ("DELETE", "/catalog/{id}"): OFFICE,
    ("POST", "/catalog/import"): OFFICE,
    ("POST", "/imports/clients"): OFFICE,
    ("POST", "/imports/invoices"): OFFICE,
    ("POST", "/imports/numbers"): OFFICE,
    ("GET", "/clients/{id}/prices"): ALL,
    ("PUT", "/clients/{id}/prices/PR"): OFFICE,
    ("DELETE", "/clients/{id}/prices/PR"): OFFICE,
}
SALES = {
    (method, f"/{kind}{path}"): may
    for kind in ("deals", "orders", "deliveries")
    for method, path, may in (
        ("GET", "", ALL),
        ("GET", "/{id}", ALL),
        ("GET", "/{id}/timeline", ALL),
        ("POST", "", OFFICE),
        ("PATCH", "/{id}", OFFICE),
        ("DELETE", "/{id}", OFFICE),
        ("POST", "/{id}/cancel", OFFICE),
        ("POST", "/{id}/invoices", OFFICE),
    )
}
BILLS = {
    ("GET", "/clients/{id}/balance"): ALL,
    ("GET", "/clients/{id}/timeline"): ALL,
    ("POST", "/clients/{id}/portal-link"): OFFICE,
    ("DELETE", "/clients/{id}/portal-link"): OFFICE,
    ("POST", "/invoices"): OFFICE,
    ("PATCH", "/invoices/{id}"): OFFICE,
    ("DELETE", "/invoices/{id}"): OFFICE,
    ("POST", "/invoices/{id}/issue"): OFFICE,
    ("POST", "/invoices/{id}/send"): OFFICE,
    ("POST", "/invoices/{id}/remind"): OFFICE,
    ("POST", "/invoices/{id}/void"): OFFICE,
    ("POST", "/invoices/{id}/payment-link"): OFFICE,
    ("POST", "/invoices/{id}/credit-notes"): OFFICE,
    ("GET", "/invoices/{id}/credit-notes"): BOOKS,
    ("GET", "/credit-notes"): BOOKS,
    ("GET", "/credit-notes/{id}"): BOOKS,
    ("GET", "/credit-notes/{id}/timeline"): BOOKS,
    ("GET", "/credit-notes/{id}/pdf"): BOOKS,
    ("POST", "/credit-notes/{id}/send"): OFFICE,
    ("POST", "/invoices/{id}/payments"): ALL,
    ("GET", "/invoices/{id}/payments"): ALL,
}


@pytest.mark.row("P40", "P44")
@pytest.mark.parametrize("table", [WORK, CATALOGUE, SALES, BILLS], ids=["work", "catalogue", "sales", "bills"])
def test_each_role_may_do_what_it_is_for_and_is_refused_all_else(world, table):
    keys = {letter: world.key(role) for letter, role in ROLES.items()}
    before = world.everything()["core"]

    for (method, path), may in table.items():
        body = None if method in {"GET", "DELETE"} else {}
        let_in = ""
        for letter, key in keys.items():
            answer = world.api(method, "/v1" + path.replace("{id}", NOBODYS), body, key=key)
            assert answer.status != 405, (method, path)
            let_in += "" if answer.problem_code == "forbidden" else letter
        assert let_in == may, (method, path)
    assert world.everything()["core"] == before

"""Sales documents billed in parts: nothing twice, nothing lost, every cent of every line, discount and tax."""

from decimal import Decimal

import pytest

from tests.flows.desk import at_once
from tests.flows.selling import TILES, billed, left, made_of, now, place_of, sold, told, tried, wanted

TOTALS = ("subtotal", "discount_total", "charge_total", "net_total", "tax_total", "total", "amount_due")
EVERY_KIND = pytest.mark.parametrize("place", ["deals", "orders", "deliveries"])


def figures(*documents):
    """What documents come to together: their totals, and each tax's base and amount."""
    sums = dict.fromkeys(TOTALS, Decimal(0))
    for document in documents:
        for name in TOTALS:
            sums[name] += Decimal(document[name])
        for tax in document["taxes"]:
            for name in ("base", "amount"):
                key = f"{tax['code']} {name}"
                sums[key] = sums.get(key, Decimal(0)) + Decimal(tax[name])
    return sums


def of_line(line_id, *invoices):
    """The nets of the lines that were made of one line."""
    return sum(Decimal(line["net"]) for invoice in invoices for line in invoice["lines"] if line["group"] == line_id)


@EVERY_KIND
@pytest.mark.row("K7", "K8", "K9")
def test_parts_come_to_the_whole_to_the_cent(world, place):
    document = sold(world, place)

    first = billed(world, document, _1="3")
    assert (left(world, document), now(world, document)["status"]) == (["7", "3"], "partly_invoiced")
    second = billed(world, document, _1="3.5", _2="1")
    third = billed(world, document, _2="0.5")
    rest = billed(world, document)

    assert [invoice["total"] for invoice in (first, second, third, rest)] == ["113.50", "152.80", "10.22", "163.03"]
    assert [invoice["discount_total"] for invoice in (first, second, third, rest)] == ["1.29", "1.74", "0.12", "1.85"]
    assert figures(first, second, third, rest) == figures(document)
    assert [Decimal(line["quantity"]) for line in rest["lines"]] == [Decimal("3.5"), Decimal("1.5")]
    assert now(world, document)["status"] == "invoiced"
    assert now(world, document)["made"] == [invoice["id"] for invoice in (first, second, third, rest)]


@pytest.mark.row("K8")
@pytest.mark.parametrize("rounding", ["document", "line"])
def test_thirds_of_odd_prices_with_every_kind_of_adjustment_come_to_the_whole(world, rounding):
    lines = [
        {"description": "A", "group": "1", "quantity": "7", "unit_price": "0.07", "charges": [{"amount": "0.10"}]},
        {"description": "B", "group": "2", "quantity": "-3", "unit_price": "0.335", "taxes": ["TPS"]},
        {"description": "C", "group": "3", "quantity": "9", "unit_price": "11.111", "discount_amount": "3.33"},
        {"description": "Forfait", "group": "4", "quantity": "0", "unit_price": "5", "charges": [{"amount": "1.00"}]},
    ]
    charges = [{"amount": "2.01", "taxes": ["TVQ"]}, {"percent": "1.5"}]
    order = sold(world, lines=lines, charges=charges, rounding=rounding, prepaid_total="10.00")

    parts = [billed(world, order, _1="1", _2="-1", _3="1"), billed(world, order, _1="5", _3="7")]
    parts += [billed(world, order, _3="0.5"), billed(world, order)]

    assert figures(*parts) == figures(order)
    assert [of_line(line["group"], *parts) for line in lines] == [Decimal(line["net"]) for line in order["lines"]]
    assert [line["group"] for line in parts[-1]["lines"]] == ["1", "2", "3", "4"]


@pytest.mark.row("K8")
@pytest.mark.parametrize("end", ["delete", "void"])
def test_a_part_that_is_deleted_or_void_can_be_billed_again(world, end):
    order = sold(world)
    first, second = billed(world, order, _1="3"), billed(world, order, _1="5", _2="1")
    if end == "delete":
        world.ok("DELETE", f"/v1/invoices/{first['id']}")
    else:
        world.ok("POST", f"/v1/invoices/{first['id']}/issue", {})
        world.ok("POST", f"/v1/invoices/{first['id']}/void", {"reason": "erreur"})

    assert (left(world, order), now(world, order)["status"]) == (["5", "2"], "partly_invoiced")
    rest = billed(world, order)

    assert figures(second, rest) == figures(order)
    made = [second["id"], rest["id"]] if end == "delete" else [first["id"], second["id"], rest["id"]]
    assert now(world, order)["made"] == made
    assert told(world, order) == ["sale.drafted", *["sale.billed"] * 4]


@pytest.mark.row("K9")
def test_what_a_delivery_note_gives_back_its_order_gets_back_too(world):
    order = sold(world)
    delivery = made_of(world, order, "deliveries", _1="4", _2="1")
    draft = billed(world, delivery)
    assert [left(world, one) for one in (order, delivery)] == [["6", "2"], ["0", "0"]]

    world.ok("DELETE", f"/v1/invoices/{draft['id']}")

    assert [left(world, one) for one in (order, delivery)] == [["10", "3"], ["4", "1"]]
    assert [now(world, one)["status"] for one in (order, delivery)] == ["open", "open"]
    assert billed(world, order)["total"] == order["total"]
    assert tried(world, delivery) == (409, "nothing_left")


@pytest.mark.row("K24")
def test_an_edited_draft_bills_what_it_was_made_for(world):
    order = sold(world)
    draft = billed(world, order, _1="4")
    travel = [{"description": "Déplacement", "unit_price": "80"}]

    edited = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": travel, "discount_amount": None})

    assert edited["net_total"] == "80.00"
    assert left(world, order) == ["6", "3"]
    world.ok("DELETE", f"/v1/invoices/{draft['id']}")
    assert left(world, order) == ["10", "3"]


@pytest.mark.row("K8")
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([{"line_id": "9", "quantity": "1"}], (422, "unknown_line")),
        ([{"line_id": "1", "quantity": "1"}, {"line_id": "1", "quantity": "1"}], (422, "line_twice")),
        ([{"line_id": "1", "quantity": "0"}], (422, "quantity_out_of_range")),
        ([{"line_id": "1", "quantity": "-1"}], (422, "quantity_out_of_range")),
        ([{"line_id": "1", "quantity": "10.000001"}], (422, "quantity_out_of_range")),
        ([{"line_id": "1", "quantity": "8"}], (409, "beyond_quantity")),
        ([], (422, "invalid")),
    ],
)
def test_what_is_not_there_is_not_billed(world, lines, problem):
    order = sold(world)
    billed(world, order, _1="3")
    before = world.everything()

    answer = world.api("POST", f"{place_of(order)}/invoices", {"lines": lines})

    assert answer.problem == problem
    assert world.everything() == before


def test_a_discount_alone_is_no_invoice(world):
    order = sold(world, lines=[{"description": "A", "unit_price": "50"}, {"description": "Rabais", "unit_price": "-9"}])

    assert tried(world, order, _2="1") == (422, "negative_total")
    assert left(world, order) == ["1", "1"]


def test_an_order_of_nothing_has_nothing_to_bill(world):
    order = sold(world, lines=[], discount_amount=None)

    assert tried(world, order) == (409, "nothing_left")


@pytest.mark.row("K8", "C11")
def test_twenty_conversions_at_once_make_one_invoice(world):
    order = sold(world)

    answers = at_once(*[lambda: world.api("POST", f"{place_of(order)}/invoices", {})] * 20)

    assert sorted(answer.status for answer in answers) == [201, *[409] * 19]
    assert {answer.problem_code for answer in answers} == {"", "nothing_left"}
    assert len(world.ok("GET", "/v1/invoices")["data"]) == 1
    assert left(world, order) == ["0", "0"]


@pytest.mark.row("K8", "C11")
def test_parts_at_once_never_go_beyond_the_quantity(world):
    order = sold(world)

    answers = at_once(*[lambda: world.api("POST", f"{place_of(order)}/invoices", wanted(_1="3"))] * 8)

    assert sorted(answer.status for answer in answers) == [*[201] * 3, *[409] * 5]
    assert left(world, order) == ["1", "3"]
    parts = [answer.body for answer in answers if answer.status == 201]
    assert figures(*parts, billed(world, order)) == figures(order)


@pytest.mark.row("K8", "K9", "C11")
def test_an_order_and_its_delivery_note_at_once_bill_each_quantity_once(world):
    for _ in range(4):
        order = sold(world)
        delivery = made_of(world, order, "deliveries")

        answers = at_once(
            *[lambda one=one: world.api("POST", f"{place_of(one)}/invoices", {}) for one in (order, delivery)]
        )

        assert sorted(answer.status for answer in answers) == [201, 409]
        assert left(world, order) == ["0", "0"]


@pytest.mark.row("K8", "C11")
def test_the_same_request_again_is_the_same_part(world):
    order = sold(world)
    path = f"{place_of(order)}/invoices"

    first, again = (world.ok("POST", path, wanted(_1="3"), Idempotency_Key="k") for _ in range(2))

    assert first.body == again.body
    assert left(world, order) == ["7", "3"]


@pytest.mark.row("K6")
def test_a_quote_is_billed_in_parts_through_its_order(world):
    quote = world.quote(lines=TILES, discount_amount="5.00", invoicing={"mode": "single"})

    first = billed(world, quote, _1="4")
    world.approve(quote)
    world.settle()
    second = billed(world, quote, _1="6", _2="1")
    rest = billed(world, quote)

    (order_id,) = world.see(quote)["made"]
    order = world.ok("GET", f"/v1/orders/{order_id}").body
    assert {invoice["source_id"] for invoice in (first, second, rest)} == {order_id}
    assert (order["source_id"], order["status"]) == (quote["id"], "invoiced")
    assert figures(first, second, rest) == figures(quote)
    assert {row["id"] for row in world.invoices_of(quote)} == {first["id"], second["id"], rest["id"]}
    assert tried(world, quote) == (409, "nothing_left")
    assert tried(world, quote, _1="1") == (409, "beyond_quantity")
    for path in ("orders", "invoices"):
        body = {"mode": "per_instalment"} if path == "invoices" else {}
        assert world.api("POST", f"/v1/quotes/{quote['id']}/{path}", body).problem == (409, "quote_ordered")


@pytest.mark.row("K6", "C11")
def test_a_part_that_cannot_be_makes_no_order(world):
    quote, whole = world.quote(lines=TILES), world.quote(lines=TILES)
    world.ok("POST", f"/v1/quotes/{whole['id']}/invoices", {})
    before = world.everything()

    for document, quantities in ((quote, {"_9": "1"}), (quote, {"_1": "11"}), (whole, {"_1": "1"})):
        assert tried(world, document, **quantities)[0] in {409, 422}
    split = wanted(_1="1") | {"mode": "per_instalment"}
    assert world.api("POST", f"/v1/quotes/{quote['id']}/invoices", split).problem == (422, "invalid")
    in_the_field = world.api("POST", f"/v1/quotes/{quote['id']}/invoices", wanted(_1="1"), key=world.key("technician"))
    assert in_the_field.problem == (403, "forbidden")
    assert world.ok("GET", "/v1/orders")["data"] == []
    assert len(world.everything()["core"]) == len(before["core"]) + 1, "but for the technician's key"


@pytest.mark.row("K6", "C11")
def test_parts_of_a_quote_at_once_and_a_whole_one_bill_each_quantity_once(world):
    quote = world.quote(lines=TILES)
    path = f"/v1/quotes/{quote['id']}/invoices"

    answers = at_once(
        *[lambda: world.api("POST", path, wanted(_1="6"))] * 3, lambda: world.api("POST", path, {"mode": "single"})
    )

    made = [answer.body for answer in answers if answer.status == 201]
    assert {answer.status for answer in answers} <= {201, 409}
    assert sum(Decimal(line["quantity"]) for one in made for line in one["lines"][:1]) <= 10
    assert len(world.invoices_of(quote)) == len(made) >= 1


@pytest.mark.row("K6", "C11")
def test_a_crash_between_the_order_and_its_first_part_is_made_up_for(world):
    quote = world.quote(lines=TILES)
    path = f"/v1/quotes/{quote['id']}/invoices"

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    crashed = world.api("POST", path, wanted(_1="4"), Idempotency_Key="k")
    again = world.ok("POST", path, wanted(_1="4"), Idempotency_Key="k")

    assert crashed.status == 500
    (order_id,) = world.see(quote)["made"]
    assert left(world, {"id": order_id}) == ["6", "3"]
    assert [row["id"] for row in world.invoices_of(quote)] == [again["id"]]


@pytest.mark.row("K7", "K8", "K9", "C16")
@EVERY_KIND
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_the_one_transaction_of_a_part_is_made_good_by_asking_again(world, place, when):
    document = sold(world, place)
    path = f"{place_of(document)}/invoices"

    getattr(world.faults, f"crash_{when}")("dynamodb", "TransactWriteItems")
    crashed = world.api("POST", path, wanted(_1="4"), Idempotency_Key="k")
    made = now(world, document)["made"]
    first, second = (world.ok("POST", path, wanted(_1="4"), Idempotency_Key="k") for _ in range(2))

    assert crashed.status == 500
    assert made == ([] if when == "before" else [first["id"]])
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    assert left(world, document) == ["6", "3"]
    assert now(world, document)["made"] == [first["id"]]
    assert [row["id"] for row in world.ok("GET", "/v1/invoices")["data"]] == [first["id"]]

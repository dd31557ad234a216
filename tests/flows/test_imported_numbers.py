"""A former system's numbers: ours go on after them, and none is given again (C23)."""

import pytest

from tests.flows.importing import CLIENTS, issued_number, outcomes, take_in


@pytest.mark.row("C23")
def test_after_history_up_to_4711_the_next_issued_number_is_4712(world):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F-", "padding": 4}})

    report = take_in(
        world, "numbers", "series,last_number,issue_date\ninvoice,F-4711,2026-02-27\ncredit_note,CN-F-0012,\n"
    )

    assert [(one["series"], one["outcome"], one["next_number"]) for one in report["lines"]] == [
        ("invoice", "updated", "F-4712"),
        ("credit_note", "updated", "CN-F-0013"),
    ]
    assert issued_number(world) == "F-4712"
    again = take_in(world, "numbers", "series,last_number\ninvoice,F-4711\ncredit_note,12\n")
    assert [(one["outcome"], one["next_number"]) for one in again["lines"]] == [
        ("same", "F-4713"),
        ("same", "CN-F-0013"),
    ]
    assert issued_number(world) == "F-4713"
    noted = world.ok("POST", f"/v1/invoices/{world.invoice()['id']}/credit-notes", {"reason": "Erreur"})
    assert noted["number"] == "CN-F-0013"


@pytest.mark.row("C23")
def test_numbers_that_were_given_already_are_followed_by_those_after_the_import(world):
    assert issued_number(world) == "00001"
    take_in(world, "numbers", "series,last_number\ninvoice,4711\n")
    take_in(world, "numbers", "series,last_number\ninvoice,04720\n")

    assert [issued_number(world), issued_number(world)] == ["04721", "04722"]


@pytest.mark.row("C23")
def test_a_year_is_counted_on_where_it_is_this_one_and_begun_anew_where_it_is_past(world):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F", "padding": 3, "yearly_reset": True}})

    report = take_in(world, "numbers", "series,last_number\ninvoice,F2025-900\n")
    assert [(one["outcome"], one["next_number"]) for one in report["lines"]] == [("same", "F001")]
    take_in(world, "numbers", "series,last_number\ninvoice,F2026-041\n")

    assert issued_number(world) == "F2026-042"
    world.time.move_to("2027-01-04T12:00:00Z")
    assert issued_number(world) == "F2027-001"


@pytest.mark.row("C23")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("invoice,X-4711,", "not_of_series"),
        ("invoice,0,", "not_of_series"),
        ("letters,1,", "unknown_series"),
        ("invoice,,", "missing"),
        ("invoice,12,2026-03-09", "in_the_future"),
        ("invoice,12,9/3/2026", "not_a_date"),
    ],
)
def test_a_last_number_that_cannot_be_is_refused_and_stops_no_other(world, line, code):
    report = take_in(world, "numbers", f"series,last_number,issue_date\n{line}\nquote,Q-00007,\n")

    assert outcomes(report) == [(2, "refused", code), (3, "updated", None)]
    assert issued_number(world) == "00001"


@pytest.mark.row("C23")
def test_an_imported_number_can_never_be_issued_again_not_even_under_other_rules(world):
    take_in(world, "clients", CLIENTS)
    numbers = ("00004", "A-7", "B-2026-003")
    lines = "".join(f"{number},C-1,2026-02-01,10\n" for number in numbers)
    take_in(world, "invoices", f"number,client_reference,issue_date,total\n{lines}")

    assert issued_number(world) == "00005"
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "A-", "padding": 1}})
    assert issued_number(world) == "A-8"
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "B-", "padding": 3, "yearly_reset": True}})
    assert issued_number(world) == "B-2026-009"
    given = "number,client_reference,issue_date,total\nA-8,C-1,2026-02-01,10\n"
    assert outcomes(take_in(world, "invoices", given)) == [(2, "refused", "number_given")]


@pytest.mark.row("C23")
def test_a_new_prefix_before_the_first_invoice_passes_imported_numbers_over(world):
    take_in(world, "clients", CLIENTS)
    take_in(world, "invoices", "number,client_reference,issue_date,total\nA-7,C-1,2026-02-01,10\n")

    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "A-", "padding": 1}})

    assert issued_number(world) == "A-8"

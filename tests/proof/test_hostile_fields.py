"""Every free text field of every request, read from the OpenAPI document, against what hostile users write."""

import json
from string import ascii_lowercase, digits

import pytest

from tests.flows.selling import sold
from tests.proof import hostile
from tests.proof.hostile import ALL_SHOWN, MARK, OF_ONE_LINE, REFUSED, SHOWN, STRAIGHT, TURNED, every_place
from tests.proof.writes import DEEDS

LONG = 10_000
DIGITS = digits + ascii_lowercase
KINDS = {"deal": "deals", "order": "orders", "delivery": "deliveries"}
SCHEDULED = {"quotes": "quote", "invoices": "invoice", "plans": "plan"} | {place: kind for kind, place in KINDS.items()}
"""An instalment's id is for an issued invoice only: a new schedule gives its instalments their own."""
UNSAID = {
    "POST /v1/invoices schedule.[].label",  # nothing is sold in the smallest body, and nothing has no parts
    *(f"POST /v1/{place} schedule.[].id" for place in SCHEDULED),
    *(f"PATCH /v1/{place}/{{{kind}_id}} schedule.[].id" for place, kind in SCHEDULED.items()),
    *(f"POST /v1/batches {chosen}.[]" for chosen in ("client_ids", "exclude_contracts", "exclude_items")),
    "POST /v1/quotes/{quote_id}/approve signature",
    "POST /v1/quotes/{quote_id}/decline reason",
    "POST /v1/invoices/{invoice_id}/void reason",
}
"""What the answer does not repeat, since it goes to the journal, or only narrows."""
ONCE = ("approve", "decline", "void")
ADDRESSES = {"address", "billing", "service_site", "delivery"}
"""A plain text is taken line by line."""


def asked(world, operation, place, text, known):
    path = operation.path.format(**_things(world, operation, known))
    return world.api(operation.method, path, hostile.sent(operation.body_with(place, text, known)))


@pytest.fixture
def known(world):
    world.business(sandbox=True)
    world.ok("POST", "/v1/catalog", {"code": "visit", "name": "Visit", "unit_price": "1"})
    client, draft, quote, issued = world.client(), world.draft(), world.quote(), world.invoice()
    return {
        "code": "visit",
        "invoice_id": draft["id"],
        "issued": issued["id"],
        "quote_id": quote["id"],
        "job_id": draft["job_id"],
        **DEEDS["POST /v1/visits/{visit_id}/complete"].made(world),
        **DEEDS["DELETE /v1/items/{item_id}"].made(world),
        **DEEDS["PATCH /v1/plans/{plan_id}"].made(world),
        **DEEDS["PATCH /v1/webhooks/{webhook_id}"].made(world),
        **DEEDS["POST /v1/payments/{payment_id}/refunds"].made(world),
        **DEEDS["PATCH /v1/contracts/{contract_id}"].made(world),
        **DEEDS["POST /v1/batches/{batch_id}/run"].made(world),
        **DEEDS["PATCH /v1/plans/{plan_id}"].made(world),
        "milestone_id": "1",
        "program": "xero",
        "kind": "invoice_sent",
        "language": "fr",
        "client_id": client["id"],
        **{f"{kind}_id": sold(world, place, client)["id"] for kind, place in KINDS.items()},
    }


@pytest.mark.parametrize("kind", [*REFUSED, *OF_ONE_LINE])
def test_what_is_no_text_is_refused_with_its_place_and_nothing_is_written(world, known, kind):
    text, before = (REFUSED | OF_ONE_LINE)[kind], world.everything()
    for operation, place, longest in every_place():
        if kind in OF_ONE_LINE and (longest == LONG or place[-1] in ADDRESSES or "paragraphs" in place):
            continue
        path = operation.path.format(**known)
        answer = world.api(operation.method, path, hostile.sent(operation.body_with(place, text, known)))

        assert answer.status == 422, (operation, place, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        pointers = [fault["at"] for fault in answer.body["errors"]]
        assert any(pointer.startswith(f"/{place[0]}") for pointer in pointers) if place else pointers, (place, pointers)

    assert world.everything() == before


def test_what_is_only_words_comes_back_as_it_was_or_is_refused_as_no_such_thing(world, known):
    unsaid = set()
    for number, (operation, place, longest) in enumerate(every_place()):
        for text in [*SHOWN.values()][number % 3 :: 3] if 0 < longest < len(ALL_SHOWN) else [ALL_SHOWN]:
            words = text.replace(MARK, own_mark(number))
            answer = asked(world, operation, place, words, known)
            if not is_said(answer, words, own_mark(number)) and not operation.path.endswith("/preview"):
                unsaid.add(f"{operation} {'.'.join(place)}")

    assert unsaid == UNSAID


def test_a_turn_of_direction_is_left_out(world, known):
    for number, (operation, place, _) in enumerate(every_place()):
        mark = own_mark(number)
        answer = asked(world, operation, place, TURNED.replace(MARK, mark), known)
        is_said(answer, STRAIGHT.replace(MARK, mark), mark)


def own_mark(number):
    """As long as the common one, and found in this place only."""
    return f"q{DIGITS[number // len(DIGITS)]}{DIGITS[number % len(DIGITS)]}"


def is_said(answer, text, mark):
    """Whether a text that was taken is part of the answer, which then says it as it was."""
    assert answer.status in {200, 201, 202, 404, 409, 422}, answer.text
    assert "json" in answer.headers["content-type"]
    if answer.status >= 300:
        return True
    body = json.loads(answer.raw)
    if "html" in body:  # a mail, of which it is a part
        assert mark not in body["text"] or text in body["text"], body["text"]
        return mark in body["text"] + body["subject"]
    said = [found for found in hostile.strings(body) if mark in found]
    assert said == [] or text in said, said
    return bool(said)


def test_there_are_free_fields_to_write_into():
    assert 180 < len(every_place()) < len(DIGITS) ** 2, "beyond, marks need more digits"


def _things(world, operation, known):
    """What the path names; what can be done only once is done to a thing of its own."""
    verb = operation.path.rpartition("/")[2]
    if verb in {"void", "payments"}:
        return known | {"invoice_id": world.invoice()["id"] if verb in ONCE else known["issued"]}
    return known | ({"quote_id": world.quote()["id"]} if verb in ONCE else {})

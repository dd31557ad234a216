"""What is one business's does not exist for another: on no route, in no body, query, header or cursor.

The routes and their fields are those of the OpenAPI document. A new one is asked as it comes; where it takes an id of
which nobody knows an example, a test fails until ``moved_in`` gives one.
"""

import itertools
import json
import re
from urllib.parse import quote, urlencode

import pytest

from tests.proof.neighbours import moved_in
from tests.proof.operations import every_operation

pytestmark = pytest.mark.row("C53")
OPERATIONS = every_operation()
OURS_ALONE = {"series": ["invoice", "quote"], "instalment_id": ["1"], "milestone_id": ["1"]}
OURS_ALONE |= {"program": ["quickbooks", "xero"], "kind": ["invoice_sent", "reminder_firm"], "language": ["fr"]}
"""Parameters of a path that are words of ours."""
FREE_WORDS = {
    "app_id", "app_secret", "organisation_id", "refresh_token",
    "code", "codes", "id", "instalment_id", "language", "number", "postal_code", "reference",
    "line_id", "meter", "person", "registration_number", "restricted_key", "tax_number", "template", "transaction_id",
    "webhook_secrets",
}  # fmt: skip
"""Fields that look like ids, and are words that the caller chooses: they lead to nothing kept elsewhere.

Whoever knows a key or a secret of Stripe's may use it; two businesses can be of one owner.
"""
KNOWN_AS = {
    "ids": "document_id",
    "catalog_code": "code",
    "items": "item_id",
    "taxes": "tax",
    "item_ids": "item_id",
    "exclude_items": "item_id",
    "client_ids": "client_id",
    "after": "contract_id",
    "contracts": "contract_id",
    "exclude_contracts": "contract_id",
}
REFUSED = {404, 409, 422}
NOT_LOOKED_AT = {("POST /v1/invoices/preview", "client_id"), ("POST /v1/invoices/preview", "job_id")}
NOT_LOOKED_AT |= {
    (f"POST /v1/batches{verb}", name)
    for verb in ("", "/preview")
    for name in ("client_ids", "exclude_contracts", "exclude_items")
}
NOT_LOOKED_AT |= {("POST /v1/batches/{batch_id}/run", "plan_hash")}
"""What is worked out for nobody in particular, and what only narrows what is ours."""
NOTHING_TO_READ = {"/v1/sandbox/clock", "/v1/invoices/{invoice_id}/late-fee", "/v1/payments/{payment_id}/receipt"}
NOTHING_TO_READ |= {"/v1/contracts/{contract_id}/billing-plan", "/v1/invoices/{invoice_id}/reminder"}
NOTHING_TO_READ |= {
    f"/v1/{place}/{shown}"
    for place in ("invoices/{invoice_id}", "credit-notes/{credit_note_id}")
    for shown in ("e-invoice", "facturx")
}
"""What is refused where there is no such thing: no clock, no fee agreed on, no payer, no project, nothing due yet;
and of taxes that EN 16931 cannot tell no e-invoice."""
ONE_OF = {"POST /v1/payments/{payment_id}/match": "client_id"}
"""What the smallest body lacks: it takes one of several fields, and no schema says that."""
UNKNOWN = "unknown"


@pytest.fixture
def theirs(world):
    return moved_in(world, "Zorbulax", telephone="+1 418 555 0177")


@pytest.fixture
def ours(world, theirs):
    """A neighbour of theirs, and who asks from now on."""
    return moved_in(world, "Quenby", telephone="+1 418 555 0188")


def values_of(neighbour, name):
    """What they have that goes by this name; fails where nothing is known of it."""
    known = neighbour.ids | OURS_ALONE
    name = KNOWN_AS.get(name, name)
    assert name in known, f"no example of a {name} yet: give one to moved_in, or say that it is a free word"
    return known[name]


def addresses(operation, neighbour, **instead):
    """Each address of an operation with what the neighbour has, or with this instead."""
    names = operation.ids("path")
    for values in itertools.product(*(instead.get(name) or values_of(neighbour, name) for name in names)):
        path = operation.path
        for name, value in zip(names, values, strict=True):
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        yield path


def foreign(operation, ours, theirs):
    """Each address with one thing of theirs in it and whatever else it takes of ours; and what that thing is."""
    for name in set(operation.ids("path")) - set(OURS_ALONE):
        for value in values_of(theirs, name):
            for path in addresses(operation, ours, **{name: [value]}):
                yield path, name, value


def plain(answer, *ids):
    """A refusal without what differs from one request to the next."""
    words = [*ids, answer.body["request_id"]]
    return re.sub("|".join(map(re.escape, words)), "", re.sub(r"There is no \w+", "", answer.text))


def test_anothers_id_exists_on_no_path(world, ours, theirs):
    before, wrong, asked = world.everything(), [], 0
    for operation in OPERATIONS:
        body = operation.body(ours.first())
        if field := ONE_OF.get(str(operation)):
            body = body | {field: ours.first()[field]}
        for path, name, value in foreign(operation, ours, theirs):
            never = world.api(operation.method, next(addresses(operation, ours, **{name: [UNKNOWN]})), body)
            for condition in ({}, {"If_Match": '"1"'}, {"If_Match": '"2"'}):
                answer = world.api(operation.method, path, body, **condition)
                told = theirs.told_in(str(answer), sent=(value,))
                asked += 1
                if answer.status != 404 or told or plain(answer, value) != plain(never, UNKNOWN):
                    wrong.append((str(operation), path, condition, answer.text, told))
    assert wrong == []
    assert world.everything() == before
    assert asked > 500, "a rich neighbour was asked for"


def test_what_one_reads_tells_only_ones_own(world, ours, theirs):
    before = world.everything()
    for operation in OPERATIONS:
        if operation.method == "GET":
            for path in addresses(operation, ours):
                answer = world.api("GET", path)
                assert answer.status == 200 or (answer.status == 409 and operation.path in NOTHING_TO_READ), path
                assert theirs.told_in(str(answer)) == set(), path
    assert world.everything() == before


def test_no_query_finds_what_is_anothers(world, ours, theirs):
    for operation in OPERATIONS:
        names = set(operation.ids("query")) - {"cursor"}
        looked_for = [(name, value) for name in sorted(names) for value in values_of(theirs, name)]
        looked_for += [("q", theirs.mark)] if "q" in operation.parameters("query") else []
        for (name, value), path in itertools.product(looked_for, addresses(operation, ours)):
            answer = world.ok("GET", f"{path}?{urlencode({name: value})}")
            assert answer["data"] == [], (path, name)
            assert theirs.told_in(str(answer), sent=(value,)) == set(), (path, name)


def named(place):
    """The field at a place of a body, or the list that it is in."""
    return next(step for step in reversed(place) if step != "[]")


def test_no_field_of_a_body_names_what_is_anothers(world, ours, theirs):
    before, wrong = theirs.rows(world), []
    for operation in OPERATIONS:
        for place in operation.ids_in_body():
            for value in [] if named(place) in FREE_WORDS else values_of(theirs, named(place)):
                body = operation.body_with(place, value, ours.first())
                answers = [world.api(operation.method, path, body) for path in addresses(operation, ours)]
                told = {word for answer in answers for word in theirs.told_in(str(answer), sent=(value,))}
                statuses = {answer.status for answer in answers}
                is_refused = statuses <= REFUSED and (statuses != {409} or named(place) == "stripe_account")
                if told or not (is_refused or (str(operation), named(place)) in NOT_LOOKED_AT):
                    wrong.append((str(operation), place, statuses, told))
    assert wrong == []
    assert theirs.rows(world) == before


def test_a_word_that_another_uses_too_leads_nowhere(world, ours, theirs):
    before = theirs.rows(world)
    for operation in OPERATIONS:
        for place in operation.ids_in_body():
            if named(place) in FREE_WORDS:
                word = theirs.ids.get(named(place), [theirs.mark])[0]
                body = operation.body_with(place, word, ours.first())
                for path in addresses(operation, ours):
                    answer = world.api(operation.method, path, body)
                    assert answer.status < 500, (operation, place)
                    assert theirs.told_in(str(answer), sent=(word, theirs.mark)) == set(), (operation, place)
    assert theirs.rows(world) == before


def test_a_request_repeated_by_another_is_not_answered_with_what_they_were_told(world, ours, theirs):
    for operation in OPERATIONS:
        if operation.method != "GET":
            path, body = next(addresses(operation, theirs)), operation.body(theirs.first())
            first = world.api(operation.method, path, body, key=theirs.house.key, Idempotency_Key="the same")
            before = theirs.rows(world)
            second = world.api(operation.method, path, body, Idempotency_Key="the same")
            assert "idempotent-replay" not in second.headers, (operation, first.status)
            assert theirs.told_in(str(second), sent=(*path.split("/"), json.dumps(body))) == set(), operation
            assert theirs.rows(world) == before, operation


def cursors(world, operation, neighbour):
    """A cursor of each list of the operation that has more than one row, by the list's address."""
    firsts = {
        path: world.ok("GET", f"{path}?limit=1", key=neighbour.house.key)["next_cursor"]
        for path in addresses(operation, neighbour)
    }
    return {path: cursor for path, cursor in firsts.items() if cursor}


def with_one_letter_changed(cursor):
    for place in (0, len(cursor) // 2, len(cursor) - 3):
        yield cursor[:place] + ("B" if cursor[place] == "A" else "A") + cursor[place + 1 :]


@pytest.mark.row("C54")
def test_a_cursor_is_good_for_the_list_it_came_from_and_for_nothing_else(world, ours, theirs):
    lists = [each for each in OPERATIONS if "cursor" in each.parameters("query")]
    own = {path: cursor for operation in lists for path, cursor in cursors(world, operation, ours).items()}
    for operation in lists:
        given = cursors(world, operation, theirs).values()
        assert given, f"{operation}: they have no list of two yet"
        mine = [own[path] for path in addresses(operation, ours) if path in own]
        forged = [changed for cursor in mine for changed in with_one_letter_changed(cursor)]
        for path, cursor in itertools.product(addresses(operation, ours), [*given, *forged]):
            answer = world.api("GET", f"{path}?limit=1&cursor={cursor}")
            assert (answer.problem, theirs.told_in(str(answer))) == ((422, "bad_cursor"), set()), path
    for path, (elsewhere, cursor) in itertools.product(own, own.items()):
        status = world.api("GET", f"{path}?limit=1&cursor={cursor}").status
        assert status == (200 if path == elsewhere else 422), (path, elsewhere)

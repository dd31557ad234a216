"""Numbers: given at issue, without holes, without doubles, however many ask at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.business import Numbering

THREADS = 16


def at_once(deeds):
    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]


def issuing(world, draft):
    return lambda: world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})


def report(world):
    return world.ok("GET", "/v1/reports/numbers/invoice")


def numbers(world):
    return [number["number"] for number in report(world)["numbers"]]


def expected(count, *, first=1, prefix=""):
    return [f"{prefix}{n:05}" for n in range(first, first + count)]


@pytest.mark.row("C17")
def test_drafts_that_come_and_go_leave_no_hole(world):
    client = world.client()
    for n in range(30):
        draft = world.draft(client)
        if n % 3:
            world.ok("DELETE", f"/v1/invoices/{draft['id']}")
        else:
            world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})

    assert numbers(world) == expected(10)


@pytest.mark.row("C18")
def test_nothing_frees_a_number(world):
    client = world.client()
    first, second = world.invoice(client), world.invoice(client)

    assert world.api("DELETE", f"/v1/invoices/{first['id']}").problem == (409, "invoice_issued")
    world.ok("POST", f"/v1/invoices/{first['id']}/void", {})
    third = world.invoice(client)

    assert third["number"] == "00003"
    fates = [(one["number"], one["status"], one["document_id"]) for one in report(world)["numbers"]]
    assert fates == [
        ("00001", "void", first["id"]),
        ("00002", "issued", second["id"]),
        ("00003", "issued", third["id"]),
    ]


@pytest.mark.row("C19")
def test_two_hundred_issues_at_once_all_get_a_number(world):
    client = world.client()
    drafts = [world.draft(client) for _ in range(200)]

    answers = at_once([issuing(world, draft) for draft in drafts])

    assert Counter(answer.status for answer in answers) == {200: 200}
    assert sorted(answer["number"] for answer in answers) == expected(200)
    assert numbers(world) == expected(200)
    assert world.balance(client)["amount_due"] == "229950.00"


@pytest.mark.row("C20")
def test_rounds_of_a_hundred_parallel_issues_never_give_a_number_twice(world):
    clients = [world.client() for _ in range(4)]
    for turn in (1, 2):
        drafts = [world.draft(clients[n % 4]) for n in range(100)]
        impatient = drafts[:20]  # these are asked for twice

        answers = at_once([issuing(world, draft) for draft in drafts + impatient])

        assert Counter(answer.status for answer in answers) == {200: 100, 409: 20}
        assert numbers(world) == expected(100 * turn)
        world.time.pass_(days=1)


@pytest.mark.row("C21")
def test_the_numbering_transaction_touches_only_what_belongs_to_it(world):
    draft = world.draft()
    writes = world.faults.watch("dynamodb", "TransactWriteItems")
    heavy = [world.faults.watch(service, call) for service, call in (("s3", "PutObject"), ("ses", "SendRawEmail"))]

    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})

    (one,) = writes
    touched = [(action[verb]["TableName"], key_of(action[verb])) for action in one["TransactItems"] for verb in action]
    assert sorted(touched) == [
        ("core", "client's balance"),
        ("core", "head"),
        ("core", "number"),
        ("core", "parties"),
        ("core", "series"),
        ("journal", "event"),
    ]
    assert heavy == [[], []]


def key_of(action):
    """What an action of the numbering transaction writes; the keys are told in adapters/dynamodb/keys.py."""
    key = action.get("Key") or action["Item"]
    kind, sort = text(key["PK"]).split("#")[2], text(key["SK"]).partition("#")[0]
    meanings = {
        ("I", "META"): "head",
        ("C", "BALANCE"): "client's balance",
        ("D", "PARTIES"): "parties",
        ("SER", "CTR"): "series",
        ("SER", "N"): "number",
    }
    return "event" if sort == "E" else meanings[kind, sort]


def text(value):
    return value["S"] if isinstance(value, dict) else value


@pytest.mark.row("C22")
def test_a_new_prefix_in_mid_year_goes_on_counting(world):
    client = world.client()
    before = [world.invoice(client)["number"] for _ in range(2)]
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F-", "padding": 4}})
    after = [world.invoice(client)["number"] for _ in range(2)]

    assert before + after == ["00001", "00002", "F-0003", "F-0004"]
    assert sorted(one["seq"] for one in report(world)["numbers"]) == [1, 2, 3, 4]
    world.settle()
    (link,) = [one["data"] for one in world.ok("GET", "/v1/events")["data"] if one["type"] == "business.series_changed"]
    assert (link["last_number"], link["next_number"]) == ("00002", "F-0003")


@pytest.mark.row("C22")
def test_yearly_numbers_begin_again_and_a_change_of_policy_makes_no_double(world):
    world.business(numbering=Numbering(yearly_reset=True))
    client = world.client()
    given = [world.invoice(client)["number"] for _ in range(3)]
    world.time.move_to("2027-01-05T17:00:00Z")
    given.append(world.invoice(client)["number"])
    world.ok("PATCH", "/v1/business", {"numbering": {"yearly_reset": False}})
    given += [world.invoice(client)["number"] for _ in range(2)]
    world.ok("PATCH", "/v1/business", {"numbering": {"yearly_reset": True}})
    given.append(world.invoice(client)["number"])

    assert given == ["2026-00001", "2026-00002", "2026-00003", "2027-00001", "00004", "00005", "2027-00006"]
    assert len(set(given)) == len(given)


@pytest.mark.row("C23")
def test_a_history_up_to_4711_goes_on_with_4712(world):
    world.ok("PATCH", "/v1/business", {"numbering": {"start": 4712}})

    client = world.client()
    assert [world.invoice(client)["number"] for _ in range(2)] == ["04712", "04713"]

    world.ok("PATCH", "/v1/business", {"numbering": {"start": 1}})
    assert world.invoice(client)["number"] == "04714"


@pytest.mark.row("C18")
def test_the_issue_date_never_goes_back_within_a_series(world):
    world.business(time_zone="Pacific/Kiritimati")  # a day ahead of Montreal
    client = world.client()
    first = world.invoice(client)
    world.ok("PATCH", "/v1/business", {"time_zone": "America/Toronto"})

    second = world.invoice(client)

    assert [first["issue_date"], second["issue_date"]] == ["2026-03-03", "2026-03-03"]


@pytest.mark.row("C17", "C19")
def test_a_refused_issue_uses_no_number(world):
    client = world.client()
    draft = world.draft(client)

    world.faults.crash_before("dynamodb", "TransactWriteItems")
    assert world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}).status == 500
    assert world.see(draft)["number"] is None

    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["number"] == "00001"


@pytest.mark.row("C7", "C19")
def test_an_issue_whose_answer_was_lost_is_repeated_under_its_key(world):
    draft = world.draft()
    path = f"/v1/invoices/{draft['id']}/issue"

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    assert world.api("POST", path, {}, Idempotency_Key="issue-1").status == 500
    again = world.ok("POST", path, {}, Idempotency_Key="issue-1")

    assert (again["number"], again.headers["idempotent-replay"]) == ("00001", "true")
    assert numbers(world) == ["00001"]

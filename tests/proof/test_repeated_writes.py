"""Every write of the API, sent up to fifty times at once and again: one effect, one answer; and after a crash.

Over the local API Gateway in this process; the operations are those of the OpenAPI document.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.entrypoints.schemas import breaches
from tests.proof.operations import DOCUMENT
from tests.proof.writes import DEEDS, is_remembered, is_remembered_for_ever, prepared, status, taking_a_key

TIMES, SOME, FEWER = 50, 15, 5
SOMETHING_ELSE = {"method": "POST", "path": "/v1/quotes/quo_1/decline", "body": {"by": "Marie"}}
WRITES = taking_a_key()
REMEMBERED = [asked for asked in WRITES if is_remembered(asked)]
HARMLESS = [asked for asked in WRITES if not is_remembered(asked)]


def times_of(asked):
    """How often it is sent at once: the most where money moves or a number is given."""
    if is_remembered_for_ever(asked):
        return TIMES
    return SOME if asked.method == "POST" else FEWER


def area_of(asked):
    return asked.path.split("/")[2]


def prepared_in_a_house_of_its_own(world, asked):
    world.business()
    return prepared(world, asked)


def at_once(*requests):
    """The answers of requests that begin at one moment, in their order."""
    ready = Barrier(len(requests))

    def sent(request):
        ready.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(sent, requests))


def happened(world):
    """The types of all events of the house spoken of, of the month in which all of it happens."""
    month = f"T#{world.house.id}#{world.time.instant:%Y%m}#0"
    events = world.aws.client("dynamodb").query(
        TableName="journal",
        IndexName="activity",
        KeyConditionExpression="activity_pk = :month",
        ExpressionAttributeValues={":month": {"S": month}},
    )
    return [event["type"]["S"] for event in events["Items"]]


def since(before, world):
    """What happened since, in alphabetical order."""
    left = happened(world)
    for known in before:
        left.remove(known)
    return tuple(sorted(left))


def is_replay(answer):
    return answer.headers.get("idempotent-replay") == "true"


def tells_a_secret(answer):
    return bool(answer.text) and answer.body.get("secret") is not None


def told(answer):
    """All that one is told, but for a secret, which is told once."""
    body = answer.body | {"secret": None} if tells_a_secret(answer) else answer.body
    return answer.status, json.dumps(body), *(answer.headers.get(name) for name in ("etag", "location", "content-type"))


def breaches_of(asked, answer):
    """Where an answer is not as the document says."""
    content = asked.spec["responses"][str(answer.status)].get("content")
    return breaches(answer.body, content["application/json"]["schema"], DOCUMENT) if content else []


def post_client(world, name):
    return world.api("POST", "/v1/clients", {"name": name}, Idempotency_Key="the key")


def forget_what_expired(world):
    """As DynamoDB does, some time after."""
    now = world.time.instant.timestamp()
    for row in world.aws.rows("ops"):
        if "ttl" in row and float(row["ttl"]["N"]) < now:
            world.aws.client("dynamodb").delete_item(TableName="ops", Key={name: row[name] for name in ("PK", "SK")})


def test_every_write_has_a_line_in_the_table():
    assert sorted(map(str, WRITES)) == sorted(DEEDS)
    assert {asked.method for asked in WRITES} >= {"POST", "PATCH", "DELETE"}


@pytest.mark.row("C6", "C7", "C8", "C9", "C11")
@pytest.mark.parametrize("area", sorted({area_of(asked) for asked in REMEMBERED}))
def test_many_at_once_and_more_later_have_one_effect_and_one_answer(world, subtests, area):
    for asked in (asked for asked in REMEMBERED if area_of(asked) == area):
        times = times_of(asked)
        with subtests.test(str(asked)):
            request = prepared_in_a_house_of_its_own(world, asked)
            before = happened(world)
            answers = at_once(*[request.send] * times)
            assert since(before, world) == DEEDS[str(asked)].events
            assert answers[0].status == status(asked), answers[0].text
            assert [told(answer) for answer in answers] == [told(answers[0])] * times
            assert sum(not is_replay(answer) for answer in answers) == 1
            assert not any(tells_a_secret(answer) for answer in answers if is_replay(answer))
            if location := answers[0].headers.get("location"):
                assert world.ok("GET", location)["id"] == answers[0]["id"]

            world.settle()
            at_rest = world.everything()
            later = at_once(*[request.send] * 2)
            assert [(told(answer), is_replay(answer)) for answer in later] == [(told(answers[0]), True)] * 2
            assert world.everything() == at_rest


@pytest.mark.row("C16")
def test_a_crash_before_or_after_the_effect_is_made_good_by_asking_again(world, subtests):
    for asked in REMEMBERED:
        with subtests.test(str(asked)):
            request = prepared_in_a_house_of_its_own(world, asked)
            before = happened(world)
            world.faults.crash_before("dynamodb", "TransactWriteItems")
            assert request.send().status == 500
            assert since(before, world) == ()

            world.faults.crash_after("dynamodb", "TransactWriteItems")
            assert request.send().status == 500
            assert since(before, world) == (DEEDS[str(asked)].begun or DEEDS[str(asked)].events)

            answers = at_once(*[request.send] * 3)
            assert answers[0].status == status(asked), answers[0].text
            assert breaches_of(asked, answers[0]) == []
            assert [(told(answer), is_replay(answer)) for answer in answers] == [(told(answers[0]), True)] * 3
            assert since(before, world) == DEEDS[str(asked)].events


def test_a_key_that_was_used_is_refused_for_another_body_and_at_another_address(world, subtests):
    for asked in REMEMBERED:
        with subtests.test(str(asked)):
            request = prepared_in_a_house_of_its_own(world, asked)
            assert request.send().status == status(asked)
            before = happened(world)
            for other in ({"body": {"other": 1}}, SOMETHING_ELSE):
                assert request.send(**other).problem == (422, "idempotency_key_reused")
            assert since(before, world) == ()


def test_a_request_is_known_for_ever_where_money_moves_or_a_number_is_given_and_for_a_day_elsewhere(world):
    requests = {str(asked): prepared_in_a_house_of_its_own(world, asked) for asked in REMEMBERED}
    first = {name: told(request.send()) for name, request in requests.items()}

    def repeated():
        forget_what_expired(world)
        answers = {name: request.send() for name, request in requests.items()}
        return {name: told(answer) for name, answer in answers.items() if is_replay(answer)}

    world.time.pass_(hours=23, minutes=59)
    assert repeated() == first
    world.time.pass_(days=400)
    assert repeated() == {str(asked): first[str(asked)] for asked in REMEMBERED if is_remembered_for_ever(asked)}


def test_two_requests_with_one_key_at_once_have_the_effect_of_one(world):
    names = ["Marie", "Luc"] * 10
    before = happened(world)
    answers = at_once(*[lambda name=name: post_client(world, name) for name in names])
    assert since(before, world) == ("client.added",)
    (made,) = {answer.text for answer in answers if answer.status == 201}
    refused = {name for name, answer in zip(names, answers, strict=True) if answer.status == 422}
    assert refused == {"Marie", "Luc"} - {json.loads(made)["name"]}
    assert {answer["code"] for answer in answers if answer.status == 422} == {"idempotency_key_reused"}


def test_what_is_as_good_again_is_not_remembered_and_has_one_effect_at_most(world, subtests):
    for asked in HARMLESS:
        with subtests.test(str(asked)):
            request = prepared_in_a_house_of_its_own(world, asked)
            before = happened(world)
            answers = at_once(*[request.send] * (TIMES if DEEDS[str(asked)].events else FEWER))
            assert {answer.status for answer in answers} == {status(asked)}
            assert not any(is_replay(answer) for answer in answers)
            assert since(before, world) == DEEDS[str(asked)].events

"""The local pumps, with functions that fail on demand."""

import json

import pytest
from chalice import Chalice

from infra.local.attention import Attention
from infra.local.pumps import Pumps


class Work:
    """What the functions of the small app saw, and what they shall refuse."""

    def __init__(self):
        self.reactions, self.documents, self.posts = [], [], []
        self.refused, self.explode = set(), False

    def take(self, seen, batch, name_of, id_of):
        if self.explode:
            raise RuntimeError("told to")
        failed = []
        for record in batch:
            seen.append(name_of(record))
            if name_of(record) in self.refused:
                failed.append({"itemIdentifier": id_of(record)})
        return {"batchItemFailures": failed}


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def app(work):
    app = Chalice(app_name="small", configure_logs=False)

    @app.on_dynamodb_record(stream_arn="set-by-infra", batch_size=3)
    def react(event):
        return work.take(work.reactions, list(event.to_dict()["Records"]), _key, _sequence)

    @app.on_sqs_message(queue_arn="set-by-infra", batch_size=5)
    def deliver(event):
        return work.take(work.documents, event.to_dict()["Records"], lambda each: each["body"], _message_id)

    @app.on_sqs_message(queue_arn="set-by-infra", batch_size=1)
    def notify(event):
        return work.take(work.posts, event.to_dict()["Records"], lambda each: each["body"], _message_id)

    return app


@pytest.fixture
def pumped(app, aws, tmp_path):
    """Starts the pumps of the app, as often as asked; each start ends the pumps before."""
    running = []

    def start():
        for pumps in running:
            pumps.stop()
        running[:] = [Pumps(app, client=aws.client, folder=tmp_path, data=tmp_path, attention=Attention())]
        running[0].start()
        return running[0]

    yield start
    for pumps in running:
        pumps.stop()


def _key(record):
    return record["dynamodb"]["Keys"]["SK"]["S"]


def _sequence(record):
    return record["dynamodb"]["SequenceNumber"]


def _message_id(record):
    return record["messageId"]


def write(aws, *names):
    for name in names:
        aws.client("dynamodb").put_item(TableName="journal", Item={"PK": {"S": "T#1"}, "SK": {"S": name}})


def send(aws, *bodies):
    for body in bodies:
        aws.client("sqs").send_message(QueueUrl=aws.environment["DOCUMENTS_QUEUE_URL"], MessageBody=body)


def post(aws, group, *bodies):
    for body in bodies:
        sqs, url = aws.client("sqs"), aws.environment["HOOKS_QUEUE_URL"]
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group)


def test_records_arrive_in_order_and_once(aws, work, pumped):
    names = [f"{place:03}" for place in range(20)]
    pumps = pumped()
    write(aws, *names)
    assert pumps.settle(at_most_s=10).drained
    assert work.reactions == names


def test_a_stream_goes_on_from_the_first_record_that_failed(aws, work, pumped):
    work.refused = {"b"}
    write(aws, "a", "b", "c")
    pumps = pumped()
    pumps._attention.wait_until(lambda: work.reactions.count("b") > 1, at_most_s=10)
    work.refused = set()
    settled = pumps.settle(at_most_s=10)
    assert settled.drained
    assert settled.failures >= 1
    assert settled.dead_letters == 0
    assert work.reactions.count("a") == 1
    assert work.reactions[-2:] == ["b", "c"]


def test_a_record_is_given_up_after_its_retries_and_kept(aws, work, pumped, tmp_path, monkeypatch):
    monkeypatch.setattr("infra.local.stream_pump.LONGEST_PAUSE_S", 0.01)
    work.refused = {"b"}
    write(aws, "a", "b", "c")
    settled = pumped().settle(at_most_s=20)
    assert (settled.drained, settled.failures, settled.dead_letters) == (True, 11, 1)
    assert work.reactions.count("b") == 11
    kept = [json.loads(line) for line in (tmp_path / "dead-letters" / "react.jsonl").read_text().splitlines()]
    assert [_key(record) for record in kept] == ["b"]


@pytest.mark.filterwarnings("ignore")
def test_an_exception_fails_the_batch_and_nothing_is_lost(aws, work, pumped):
    work.explode = True
    write(aws, "a", "b")
    pumps = pumped()
    pumps._attention.wait_until(lambda: pumps._streams[0].failures > 0, at_most_s=10)
    work.explode = False
    assert pumps.settle(at_most_s=10).drained
    assert work.reactions == ["a", "b"]


def test_a_new_start_delivers_what_was_not_delivered_and_nothing_else(aws, work, pumped):
    write(aws, "a", "b")
    pumped().settle(at_most_s=10)
    pumps = pumped()
    write(aws, "c")
    assert pumps.settle(at_most_s=10).drained
    assert work.reactions == ["a", "b", "c"]


def test_a_message_that_failed_comes_again_and_the_others_do_not(aws, work, pumped):
    work.refused = {"two"}
    send(aws, "one", "two", "three")
    pumps = pumped()
    pumps._attention.wait_until(lambda: work.documents.count("two") > 1, at_most_s=10)
    work.refused = set()
    assert pumps.settle(at_most_s=10).drained
    assert work.documents.count("one") == work.documents.count("three") == 1


def test_a_message_that_keeps_failing_ends_among_the_dead_letters(aws, work, pumped, monkeypatch):
    monkeypatch.setattr("infra.local.queue_pump.LONGEST_RETRY_S", 0)
    work.refused = {"bad"}
    send(aws, "bad", "good")
    pumps = pumped()
    settled = pumps.settle(at_most_s=20)
    assert (settled.drained, settled.failures, settled.dead_letters) == (True, 5, 1)
    given_up = {name: count for name, count in pumps.dead_letters().items() if count}
    assert given_up == {"documents-dead-letters": 1}
    assert {"react", "payments-dead-letters", "hooks-dead-letters.fifo"} < set(pumps.dead_letters())
    assert aws.messages("documents-dead-letters") == ["bad"]


def test_a_group_of_a_fifo_queue_comes_in_order_and_what_fails_holds_back_its_own_group_only(aws, work, pumped):
    work.refused = {"a2"}
    post(aws, "a", "a1", "a2", "a3")
    post(aws, "b", "b1", "b2")
    post(aws, "b", "b1")  # the same within five minutes is one
    pumps = pumped()
    pumps._attention.wait_until(lambda: work.posts.count("a2") > 1 and "b2" in work.posts, at_most_s=10)
    assert "a3" not in work.posts
    work.refused = set()
    assert pumps.settle(at_most_s=10).drained
    assert [body for body in work.posts if body != "a2" and body[0] == "a"] == ["a1", "a3"]
    assert [body for body in work.posts if body[0] == "b"] == ["b1", "b2"]

"""Queues, files and mail of the simulator, through boto3 and the adapters that use them."""

import json
from types import SimpleNamespace

import pytest

from chalicelib.adapters.s3 import S3Files
from chalicelib.adapters.ses import SesMailer
from chalicelib.adapters.sqs import SqsQueue
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.letter import Mail
from infra.local import resources
from tests.simulation.aws.clients import services, simulated_clients

SENDER = "billing@example.com"


@pytest.fixture(scope="module")
def clients():
    """Clients whose AWS can be changed for another: making clients takes longest here."""
    parts = {}
    client = simulated_clients(parts)
    return SimpleNamespace(parts=parts, client=client)


@pytest.fixture
def aws(clients):
    clients.parts.update(services(now=lambda: 0.0))
    environment = resources.create(clients.client)
    return SimpleNamespace(client=clients.client, environment=environment, **clients.parts)


# --- queues


def test_a_message_waits_with_its_group(aws):
    SqsQueue(url=aws.environment["DOCUMENTS_QUEUE_URL"], client=aws.client("sqs")).put({"name": "Zoé"}, group="biz_1")

    (message,) = aws.sqs.queues["documents"].waiting
    assert (json.loads(message.body), message.group, message.receives) == ({"name": "Zoé"}, "biz_1", 0)
    assert aws.sqs.queues["payments"].waiting == []


def test_a_message_taken_too_often_goes_to_the_dead_letters(aws):
    aws.client("sqs").send_message(QueueUrl=aws.environment["PAYMENTS_QUEUE_URL"], MessageBody="poison")
    queue = aws.sqs.queues["payments"]
    (message,) = queue.waiting
    assert (queue.most_receives, queue.dead_letters) == (5, "payments-dead-letters")

    assert [aws.sqs.taken("payments", message) for _ in range(6)] == [True] * 5 + [False]
    assert queue.waiting == []
    assert aws.sqs.queues["payments-dead-letters"].waiting == [message]


def test_a_message_that_is_done_is_gone(aws):
    aws.client("sqs").send_message(QueueUrl=aws.environment["PAYMENTS_QUEUE_URL"], MessageBody="done")
    (message,) = aws.sqs.queues["payments"].waiting
    aws.sqs.deleted("payments", message)
    aws.sqs.deleted("payments", message)
    assert aws.sqs.queues["payments"].waiting == []


def test_a_fifo_queue_takes_the_same_of_a_group_once_in_five_minutes(clients):
    seconds = [0.0]
    clients.parts.update(services(now=lambda: seconds[0]))
    sqs = clients.client("sqs")
    queue = SqsQueue(url=resources.create(clients.client)["HOOKS_QUEUE_URL"], client=sqs)

    def waiting():
        sent = clients.parts["sqs"].queues["hooks.fifo"].waiting
        return [(message.group, json.loads(message.body)["n"]) for message in sent]

    for group, n in (("a", 1), ("b", 1), ("a", 1), ("a", 2)):
        queue.put({"n": n}, group=group)
    assert waiting() == [("a", 1), ("b", 1), ("a", 2)]
    seconds[0] = 300.0
    queue.put({"n": 1}, group="a")
    assert waiting()[-1] == ("a", 1)
    with pytest.raises(sqs.exceptions.ClientError, match="MessageGroupId"):
        sqs.send_message(QueueUrl=queue.url, MessageBody="{}")


def test_a_queue_that_is_not_there_is_refused(aws):
    sqs = aws.client("sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.send_message(QueueUrl="https://sqs.ca-central-1.amazonaws.com/000000000000/nothing", MessageBody="a")


def test_an_empty_or_too_large_message_is_refused(aws):
    sqs = aws.client("sqs")
    for body in ("", "x" * (1024 * 1024 + 1)):
        with pytest.raises(sqs.exceptions.ClientError, match=r"MissingParameter|InvalidParameterValue"):
            sqs.send_message(QueueUrl=aws.environment["PAYMENTS_QUEUE_URL"], MessageBody=body)


# --- files


def test_a_file_is_read_as_it_was_put(aws):
    files = S3Files(bucket="documents", client=aws.client("s3"))
    files.put("biz_1/facture é 1.pdf", b"%PDF\x00", content_type="application/pdf")

    assert files.get("biz_1/facture é 1.pdf") == b"%PDF\x00"
    assert aws.s3.buckets["documents"]["biz_1/facture é 1.pdf"].content_type == "application/pdf"
    with pytest.raises(NotFound):
        files.get("biz_2/facture é 1.pdf")


def test_a_file_is_put_only_where_none_is_when_that_is_asked(aws):
    s3 = aws.client("s3")
    s3.put_object(Bucket="documents", Key="a", Body=b"first", IfNoneMatch="*")
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="documents", Key="a", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket="documents", Key="a")["Body"].read() == b"first"


def test_a_file_is_put_only_over_what_was_read_when_that_is_asked(aws):
    s3 = aws.client("s3")
    read = s3.put_object(Bucket="documents", Key="a", Body=b"first")["ETag"]
    s3.put_object(Bucket="documents", Key="a", Body=b"second", IfMatch=read)
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="documents", Key="a", Body=b"third", IfMatch=read)


def test_files_are_listed_by_prefix_page_by_page(aws):
    s3 = aws.client("s3")
    for key in ("b/1", "a/3", "a/1", "a/2"):
        s3.put_object(Bucket="documents", Key=key, Body=key.encode())
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="documents", Prefix="a/", PaginationConfig={"PageSize": 2}
    )
    assert [[found["Key"] for found in page["Contents"]] for page in pages] == [["a/1", "a/2"], ["a/3"]]


def test_a_bucket_that_is_not_there_is_refused(aws):
    s3 = aws.client("s3")
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.get_object(Bucket="nothing", Key="a")


# --- mail


def a_mail(to="marie@example.com"):
    return Mail(
        to=to, from_name="Zoé", reply_to=None, subject="Invoice", text="Hello", html="<p>Hello</p>", tags={"id": "i1"}
    )


def test_a_mail_is_kept_as_it_was_sent_under_an_id_that_counts(aws):
    mailer = SesMailer(sender=SENDER, client=aws.client("ses"))
    ids = [mailer.send(a_mail()) for _ in range(2)]

    first, second = aws.ses.mails
    assert [first.message_id, second.message_id] == ids
    assert ids[1] == "0000000000000002-00000000-0000-4000-8000-000000000000-000000"
    assert (first.source, first.destinations, first.tags) == (SENDER, ("marie@example.com",), {"id": "i1"})
    assert b"Subject: Invoice" in first.raw


@pytest.mark.parametrize("to", ["nobody", "a" * 320 + "@example.com"])
def test_a_mail_to_no_address_is_rejected(aws, to):
    raw = {"Data": b"Subject: x\r\n\r\nx"}
    ses = aws.client("ses")
    with pytest.raises(ses.exceptions.ClientError, match="InvalidParameterValue"):
        ses.send_raw_email(Source=SENDER, Destinations=[to], RawMessage=raw)


def test_only_verified_senders_send_once_there_are_some(aws):
    ses = aws.client("ses")
    ses.verify_email_identity(EmailAddress=SENDER)
    SesMailer(sender=SENDER, client=ses).send(a_mail())
    with pytest.raises(Refused):
        SesMailer(sender="other@example.com", client=ses).send(a_mail())
    assert len(aws.ses.mails) == 1

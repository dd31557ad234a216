"""The local AWS as a child process: what it accepted is there after kill -9, exactly as often."""

import functools
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import boto3
import pytest

from infra.local import emulator, resources
from infra.local.attention import Attention
from infra.local.mail import MailSink


class Machine:
    """One folder, and the emulator that is started on it again and again."""

    def __init__(self, data):
        self.data, self.words, self.aws = data, [], None

    def start(self):
        self.aws = emulator.start(self.data, accepted=self.words.append)
        return self

    def client(self, service):
        return local_client(service, self.aws.url)

    def put(self, **item):
        self.client("dynamodb").put_item(TableName="core", Item=row(**item))

    def rows(self, table="core"):
        return self.client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]

    def queue(self):
        return self.client("sqs").get_queue_url(QueueName="documents")["QueueUrl"]

    def bodies(self):
        messages = self.client("sqs").receive_message(QueueUrl=self.queue(), MaxNumberOfMessages=10)
        return sorted(message["Body"] for message in messages.get("Messages", []))


@functools.cache
def local_client(service, url):
    return boto3.client(service, endpoint_url=url)


def row(**values):
    return {"PK": {"S": "T#1"}, "SK": {"S": "A"}, **{name: {"S": value} for name, value in values.items()}}


@pytest.fixture
def machine(tmp_path):
    machine = Machine(tmp_path).start()
    resources.create(machine.client)
    yield machine
    if machine.aws.process.poll() is None:
        machine.aws.kill()


def test_data_is_there_after_kill_9(machine):
    machine.put(colour="green")
    machine.client("s3").put_object(Bucket="documents", Key="a/b.pdf", Body=b"%PDF")
    machine.aws.kill()
    machine.start()
    assert machine.rows() == [row(colour="green")]
    assert machine.client("s3").get_object(Bucket="documents", Key="a/b.pdf")["Body"].read() == b"%PDF"


def test_a_write_is_repeated_once_over_snapshots_and_crashes(machine):
    counted = {"TableName": "core", "Key": {"PK": {"S": "T#1"}, "SK": {"S": "N"}}}
    for end in ("kill", "stop", "kill", "kill", "stop", "stop"):
        machine.client("dynamodb").update_item(
            **counted, UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": {"N": "1"}}
        )
        getattr(machine.aws, end)()
        machine.start()
    assert machine.client("dynamodb").get_item(**counted)["Item"]["n"] == {"N": "6"}


def test_a_refused_write_is_not_repeated(machine):
    machine.put(colour="green")
    dynamodb = machine.client("dynamodb")
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(TableName="core", Item=row(colour="red"), ConditionExpression="attribute_not_exists(PK)")
    machine.aws.kill()
    assert machine.start().rows() == [row(colour="green")]


def test_a_line_torn_by_the_crash_is_left_out(machine):
    machine.put(colour="green")
    machine.aws.kill()
    with (machine.aws.folder / "journal.jsonl").open("a") as journal:
        journal.write('{"call":"DynamoDB_20120810.PutItem","bo')
    machine.start().put(colour="blue")
    machine.aws.kill()
    assert machine.start().rows() == [row(colour="blue")]


def test_messages_survive_and_those_that_were_deleted_stay_away(machine):
    sqs, url = machine.client("sqs"), machine.queue()
    sqs.send_message(QueueUrl=url, MessageBody="done")
    done = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=done["ReceiptHandle"])
    sqs.send_message(QueueUrl=url, MessageBody="one")
    sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": "2", "MessageBody": "two"}, {"Id": "3", "MessageBody": "three"}]
    )
    for end in ("kill", "kill", "stop"):
        getattr(machine.aws, end)()
        machine.start()
    assert machine.bodies() == ["one", "three", "two"]


def test_the_stream_comes_again_after_a_crash(machine):
    machine.client("dynamodb").put_item(TableName="journal", Item=row())
    machine.aws.kill()
    machine.start()
    streams = machine.client("dynamodbstreams")
    arn = machine.client("dynamodb").describe_table(TableName="journal")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [each["eventName"] for each in streams.get_records(ShardIterator=start)["Records"]] == ["INSERT"]


def test_each_accepted_write_is_announced(machine):
    machine.words.clear()
    machine.put(colour="green")
    machine.client("sqs").send_message(QueueUrl=machine.queue(), MessageBody="one")
    machine.rows()
    deadline = time.monotonic() + 5
    while len(machine.words) < 2 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert machine.words == ["DynamoDB/core", "AmazonSQS/documents"]


def test_it_listens_to_this_machine_only_and_ends_with_its_parent(tmp_path):
    """The parent dies without a word; the child must neither hold the port nor the folder."""
    program = (
        "import os, pathlib, sys; from infra.local import emulator\n"
        f"aws = emulator.start(pathlib.Path({str(tmp_path)!r}), accepted=print)\n"
        "print(aws.process.pid, aws.url, flush=True); os.kill(os.getpid(), 9)"
    )
    answered = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid, url = answered.stdout.split()
    assert url.startswith("http://127.0.0.1:")
    deadline = time.monotonic() + 10
    while _runs(int(pid)) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert not _runs(int(pid))


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_mail_sent_through_ses_arrives_whole(tmp_path):
    attention = Attention()
    sink = MailSink(tmp_path / "mail", arrived=attention.announce)
    heard = []

    def hear(word):
        heard.append(word)
        attention.announce()

    aws = emulator.start(tmp_path / "aws", accepted=hear, smtp=sink.address)
    try:
        ses = local_client("ses", aws.url)
        ses.verify_email_identity(EmailAddress="billing@example.com")
        raw = (
            b"From: Acme <billing@example.com>\r\nTo: zoe@example.com\r\nSubject: =?utf-8?q?Facture_n=C2=B0_1?=\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
            b'Content-Type: text/html; charset=utf-8\r\n\r\n<a href="http://127.0.0.1/p?a=1&amp;b=2">Payer</a>\r\n--x\r\n'
            b"Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n"
        )
        sent = ses.send_raw_email(RawMessage={"Data": raw}, Tags=[{"Name": "document", "Value": "inv_1"}])
        assert attention.wait_until(lambda: sink.count() == len(heard) == 1, at_most_s=10)
        mail = sink.mails(to="ZOE@example.com")[0].summary()
        assert mail["message_id"] == sent["MessageId"]
        assert mail["subject"] == "Facture n° 1"
        assert mail["links"] == ["http://127.0.0.1/p?a=1&b=2"]
        assert [(each["name"], each["content_type"], each["size"]) for each in mail["attachments"]] == [
            ("a.pdf", "application/pdf", 4)
        ]
        said = json.loads(heard[0].removeprefix("SES "))
        assert said == {"message_id": sent["MessageId"], "tags": {"document": ["inv_1"]}}
        assert sink.mails(to="nobody@example.com") == []
    finally:
        aws.kill()
        sink.stop()

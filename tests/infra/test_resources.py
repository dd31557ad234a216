"""What the emulator gets is what resources.yaml defines."""

import json

from infra.local import resources
from tests.aws import client


def test_the_tables_have_the_keys_indexes_and_the_one_stream(aws):
    tables = {name: client("dynamodb").describe_table(TableName=name)["Table"] for name in ("core", "journal", "ops")}

    assert {index["IndexName"] for index in tables["core"]["GlobalSecondaryIndexes"]} == {
        "list",
        "open",
        "client",
        "due",
        "job",
        "account",
    }
    assert {index["IndexName"] for index in tables["journal"]["GlobalSecondaryIndexes"]} == {"activity", "client"}
    assert "GlobalSecondaryIndexes" not in tables["ops"]
    streams = {name: table.get("StreamSpecification", {}).get("StreamViewType") for name, table in tables.items()}
    assert streams == {"core": None, "journal": "NEW_IMAGE", "ops": None}
    expiry = client("dynamodb").describe_time_to_live(TableName="ops")["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "ttl"


def test_a_queue_gives_up_after_five_attempts(aws):
    for queue in ("documents", "payments"):
        url = aws.environment[f"{queue.upper()}_QUEUE_URL"]
        attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        redrive = json.loads(attributes["RedrivePolicy"])
        assert redrive["deadLetterTargetArn"].endswith(f":{queue}-dead-letters")
        assert int(redrive["maxReceiveCount"]) == 5


def test_creating_what_is_there_changes_nothing(aws):
    client("dynamodb").put_item(TableName="core", Item={"PK": {"S": "a"}, "SK": {"S": "b"}})
    assert resources.create(client) == aws.environment
    assert len(aws.rows("core")) == 1


def test_every_test_finds_it_empty(aws):
    assert [aws.rows(table) for table in ("core", "journal", "ops")] == [[], [], []]
    assert aws.messages("documents") == aws.mails == []

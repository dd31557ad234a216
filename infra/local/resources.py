"""The tables, queues and buckets of resources.yaml, created in an emulator."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

DEFINITION = Path(__file__).parents[1] / "resources.yaml"
TABLE, QUEUE, BUCKET = "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"
ONLY_IN_THE_CLOUD = {
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "TimeToLiveSpecification",
    "StreamSpecification",
}


@cache
def defined() -> dict[str, Any]:
    """The resources of the definition by logical name, short tags written out (`!Ref X` is {"Ref": "X"})."""
    resources: dict[str, Any] = YAMLTemplateSerializer().load_template(DEFINITION.read_text())["Resources"]
    return resources


def create(client: Callable[[str], Any], *, kinds: Iterable[str] = (TABLE, QUEUE, BUCKET)) -> dict[str, str]:
    """Make what is missing and leave alone what is there.

    client: gives a boto3 client for the name of a service.
    Returns the environment of the functions, as far as it names what was made (CORE_TABLE, DOCUMENTS_QUEUE_URL...).
    """
    make = {TABLE: _table, QUEUE: _queue, BUCKET: _bucket}
    references = {
        logical: make[resource["Type"]](client, named(logical), resource["Properties"])
        for logical, resource in sorted(defined().items(), key=_has_dead_letters)
        if resource.get("Type") in kinds
    }
    variables = defined()["APIHandler"]["Properties"]["Environment"]["Variables"]
    return {name: references[value["Ref"]] for name, value in variables.items() if value["Ref"] in references}


def named(logical: str) -> str:
    """What an emulator calls a resource: `core`, `documents`, `documents-dead-letters`, `hooks.fifo`."""
    plain = "-".join(re.findall("[A-Z][a-z]+", re.sub("(Queue|Bucket)$", "", logical))).lower()
    return f"{plain}.fifo" if defined()[logical].get("Properties", {}).get("FifoQueue") else plain


def _has_dead_letters(entry: tuple[str, Mapping[str, Any]]) -> bool:
    return "RedrivePolicy" in entry[1].get("Properties", {})


def _table(client: Callable[[str], Any], name: str, properties: Mapping[str, Any]) -> str:
    dynamodb = client("dynamodb")
    if name in dynamodb.list_tables()["TableNames"]:
        return name
    schema = {key: value for key, value in properties.items() if key not in ONLY_IN_THE_CLOUD}
    if stream := properties.get("StreamSpecification"):
        schema["StreamSpecification"] = {"StreamEnabled": True, **stream}
    dynamodb.create_table(TableName=name, **schema)
    if expiry := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    return name


def _queue(client: Callable[[str], Any], name: str, properties: Mapping[str, Any]) -> str:
    sqs = client("sqs")
    kind = {"FifoQueue": "true"} if properties.get("FifoQueue") else {}
    url: str = sqs.create_queue(QueueName=name, Attributes=kind)["QueueUrl"]
    attributes = {key: _written(value) for key, value in properties.items() if key not in {"RedrivePolicy", *kind}}
    if redrive := properties.get("RedrivePolicy"):
        attributes["RedrivePolicy"] = _redrive(client, redrive)
    sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    return url


def _written(value: object) -> str:
    """As SQS wants attributes: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _redrive(client: Callable[[str], Any], policy: Mapping[str, Any]) -> str:
    sqs = client("sqs")
    dead_letters = named(policy["deadLetterTargetArn"]["Fn::GetAtt"][0])
    url = sqs.get_queue_url(QueueName=dead_letters)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {policy["maxReceiveCount"]}}}'


def _bucket(client: Callable[[str], Any], name: str, _: Mapping[str, Any]) -> str:
    s3 = client("s3")
    if name not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        region = s3.meta.region_name
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
    return name

"""Two tables to try a DynamoDB on, made once per backend and module; tests keep to partitions of their own."""

from types import SimpleNamespace

import pytest

from tests.infra.tables import create_table


@pytest.fixture(scope="module")
def dynamo(backend, emulator):
    """The client under test: its tables `things` (two indexes, a stream) and `plain`."""
    emulator.reset()
    client = backend("dynamodb")
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    create_table(client, "things", indexes=True, stream=True)
    create_table(client, "plain", indexes=False, stream=False)
    return client


@pytest.fixture(scope="module")
def streams(backend, dynamo):
    return SimpleNamespace(
        client=backend("dynamodbstreams"),
        arn=dynamo.describe_table(TableName="things")["Table"]["LatestStreamArn"],
    )

"""The stores that must all keep the same promises."""

import os

import boto3
import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import DynamoTables, Table
from infra.local import resources
from tests import aws as emulated
from tests import builders as b
from tests.conftest import DYNAMODB_LOCAL
from tests.fakes.tables import MemoryTables

REAL = ["ministack", *(["dynamodb-local"] if DYNAMODB_LOCAL else [])]


@pytest.fixture(params=["memory", *REAL])
def tables(request):
    """Empty tables: in memory, in ministack, and in Amazon's DynamoDB Local where one listens."""
    return MemoryTables() if request.param == "memory" else real_tables(request.param, request)


@pytest.fixture(params=REAL)
def dynamo_tables(request):
    """Empty tables of each DynamoDB at hand, for what only a real one can show."""
    return real_tables(request.param, request)


def real_tables(name, request):
    request.getfixturevalue("emulator").reset()
    client = emulated.client("dynamodb") if name == "ministack" else _dynamodb_local()
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    resources.create(lambda _: client, kinds=[resources.TABLE])
    return DynamoTables(client=client, names={table: table.value for table in Table})


def _dynamodb_local():
    return boto3.client(
        "dynamodb",
        endpoint_url=DYNAMODB_LOCAL,
        aws_access_key_id=f"contract{os.getpid()}",
        aws_secret_access_key="test",
    )


@pytest.fixture
def store_of(tables):
    """``store_of("biz_2")``: the store of a business, on the tables of this test."""

    def make(business=b.BUSINESS, **more):
        return DynamoStore(tables=tables, caller=b.a_caller(business), **more)

    return make


@pytest.fixture
def store(store_of):
    return store_of()

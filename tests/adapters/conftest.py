"""The stores that must all keep the same promises."""

import functools

import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import DynamoTables, Table
from infra.local import resources
from tests import builders as b
from tests.conftest import BACKENDS, clients_of
from tests.fakes.tables import MemoryTables


@pytest.fixture(params=["memory", *BACKENDS])
def tables(request):
    """Empty tables: in memory, and in each DynamoDB at hand."""
    return MemoryTables() if request.param == "memory" else real_tables(request.param, request)


@pytest.fixture(params=BACKENDS)
def dynamo_tables(request):
    """Empty tables of each DynamoDB at hand, for what only a real one can show."""
    return real_tables(request.param, request)


def real_tables(name, request):
    request.getfixturevalue("emulator").reset()
    client = _client(name)
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    resources.create(lambda _: client, kinds=[resources.TABLE])
    return DynamoTables(client=client, names={table: table.value for table in Table})


@functools.cache
def _client(name):
    return clients_of(name, "contract")("dynamodb")


@pytest.fixture
def store_of(tables):
    """``store_of("biz_2")``: the store of a business, on the tables of this test."""

    def make(business=b.BUSINESS, **more):
        return DynamoStore(tables=tables, caller=b.a_caller(business), **more)

    return make


@pytest.fixture
def store(store_of):
    return store_of()

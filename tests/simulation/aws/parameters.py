"""Which parameters of each operation the simulator's DynamoDB heeds; whoever sends another is told, not misled."""

from collections.abc import Mapping
from typing import Any

_WRITE = {"TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_ANSWERED = _WRITE | {"ReturnValues", "ReturnValuesOnConditionCheckFailure", "ReturnConsumedCapacity"}
_TRANSACTED = _WRITE | {"ReturnValuesOnConditionCheckFailure"}
_READ = {"TableName", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames", "ReturnConsumedCapacity"}
_PAGE = _READ | {"IndexName", "FilterExpression", "ExpressionAttributeValues", "Limit", "ExclusiveStartKey", "Select"}

HEEDED = {
    "GetItem": _READ | {"Key"},
    "PutItem": _ANSWERED | {"Item"},
    "UpdateItem": _ANSWERED | {"Key", "UpdateExpression"},
    "DeleteItem": _ANSWERED | {"Key"},
    "BatchGetItem": {"RequestItems", "ReturnConsumedCapacity"},
    "BatchWriteItem": {"RequestItems", "ReturnConsumedCapacity"},
    "TransactWriteItems": {"TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"},
    "TransactGetItems": {"TransactItems", "ReturnConsumedCapacity"},
    "Query": _PAGE | {"KeyConditionExpression", "ScanIndexForward"},
    "Scan": _PAGE,
    "Put": _TRANSACTED | {"Item"},
    "Update": _TRANSACTED | {"Key", "UpdateExpression"},
    "Delete": _TRANSACTED | {"Key"},
    "ConditionCheck": _TRANSACTED | {"Key"},
}


def check(operation: str, request: Mapping[str, Any]) -> None:
    heeded = HEEDED.get(operation)
    if heeded is not None and not request.keys() <= heeded:
        raise NotImplementedError(f"the simulator's {operation} does not heed {sorted(request.keys() - heeded)}")

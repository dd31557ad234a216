"""DynamoDB Streams' own operations, over one shard for each table."""

from datetime import UTC, datetime
from typing import Any

from tests.simulation.aws.dynamodb import Dynamo
from tests.simulation.aws.errors import AwsError
from tests.simulation.aws.streams import Record, Stream

SHARD = "shardId-00000000000000000000-00000000"
MOST_RECORDS = 1000


class Reader:
    """Places in the streams of a Dynamo; a place is written ``table:number of the next record``."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        match operation:
            case "DescribeStream":
                stream = self._stream(request["StreamArn"])
                shards = [{"ShardId": SHARD, "SequenceNumberRange": {"StartingSequenceNumber": f"{0:021d}"}}]
                told = {"StreamArn": stream.arn, "StreamStatus": "ENABLED", "StreamViewType": stream.view}
                return {"StreamDescription": {**told, "TableName": stream.table.name, "Shards": shards}}
            case "GetShardIterator":
                stream = self._stream(request["StreamArn"])
                return {"ShardIterator": f"{stream.table.name}:{_start(stream, request)}"}
            case "GetRecords":
                return self._records(request)
        raise NotImplementedError(f"the simulator's streams have no {operation}")

    def _stream(self, arn: str) -> Stream:
        for stream in self._dynamo.streams.values():
            if stream.arn == arn:
                return stream
        raise AwsError("ResourceNotFoundException", f"Requested resource not found: Stream: {arn} not found")

    def _records(self, request: dict[str, Any]) -> dict[str, Any]:
        table, _, at = request["ShardIterator"].rpartition(":")
        first, most = int(at), request.get("Limit", MOST_RECORDS)
        records = self._dynamo.stream(table)[first : first + most]
        return {"Records": list(map(_shown, records)), "NextShardIterator": f"{table}:{first + len(records)}"}


def _start(stream: Stream, request: dict[str, Any]) -> int:
    sequences = [record.sequence for record in stream.records]
    match request["ShardIteratorType"]:
        case "TRIM_HORIZON":
            return 0
        case "LATEST":
            return len(sequences)
        case "AT_SEQUENCE_NUMBER":
            return sum(sequence < int(request["SequenceNumber"]) for sequence in sequences)
    return sum(sequence <= int(request["SequenceNumber"]) for sequence in sequences)


def _shown(record: Record) -> dict[str, Any]:
    told = record.record["dynamodb"]
    at = datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC)
    return {**record.record, "dynamodb": {**told, "ApproximateCreationDateTime": at}}

"""What the reactions rely on DynamoDB's streams for, tried on every DynamoDB at hand."""

from tests.infra.tables import eventually, key, number, put, refused


class Reader:
    """A place in the stream, from the newest record on (or the oldest)."""

    def __init__(self, streams, start="LATEST"):
        self.streams = streams
        shards = streams.client.describe_stream(StreamArn=streams.arn)["StreamDescription"]["Shards"]
        self.places = [self._place(shard["ShardId"], start) for shard in shards]

    def _place(self, shard, start):
        asked = {"StreamArn": self.streams.arn, "ShardId": shard, "ShardIteratorType": start}
        return self.streams.client.get_shard_iterator(**asked)["ShardIterator"]

    def read(self):
        answers = [self.streams.client.get_records(ShardIterator=place) for place in self.places]
        self.places = [answer["NextShardIterator"] for answer in answers if answer.get("NextShardIterator")]
        return [record for answer in answers for record in answer["Records"]]

    def read_until(self, last):
        """All records up to the one whose partition is `last`."""
        seen = []

        def came():
            seen.extend(self.read())
            return any(record["dynamodb"]["Keys"]["PK"]["S"] == last for record in seen)

        assert eventually(came)
        return [record for record in seen if record["dynamodb"]["Keys"]["PK"]["S"] != last]


def names(records):
    return [record["eventName"] for record in records]


def test_changes_of_an_item_come_in_order_with_their_images(dynamo, streams):
    reader = Reader(streams)
    dynamo.put_item(TableName="things", Item={**key("ordered"), "v": number(1)})
    dynamo.put_item(TableName="things", Item={**key("ordered"), "v": number(2)})
    dynamo.delete_item(TableName="things", Key=key("ordered"))
    dynamo.put_item(TableName="things", Item=key("ordered-end"))

    records = reader.read_until("ordered-end")

    assert names(records) == ["INSERT", "MODIFY", "REMOVE"]
    _, modified, removed = (record["dynamodb"] for record in records)
    assert (modified["OldImage"]["v"], modified["NewImage"]["v"]) == (number(1), number(2))
    assert modified["Keys"] == key("ordered")
    assert removed["OldImage"]["v"] == number(2)
    assert "NewImage" not in removed
    sequence = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert sequence == sorted(sequence)


def test_a_put_that_changes_nothing_makes_no_record(dynamo, streams):
    reader = Reader(streams)
    for v in (1, 1, 2):
        dynamo.put_item(TableName="things", Item={**key("same"), "v": number(v)})
    dynamo.put_item(TableName="things", Item=key("same-end"))
    assert names(reader.read_until("same-end")) == ["INSERT", "MODIFY"]


def test_a_cancelled_transaction_leaves_no_trace_and_the_reader_goes_on(dynamo, streams):
    reader = Reader(streams)
    dynamo.transact_write_items(TransactItems=[put("committed", str(n)) for n in range(3)])
    taken = put("committed", "0")
    taken["Put"]["ConditionExpression"] = "attribute_not_exists(PK)"
    refused("TransactionCanceledException", dynamo.transact_write_items, TransactItems=[put("ghost"), taken])
    dynamo.put_item(TableName="things", Item=key("committed-end"))

    records = reader.read_until("committed-end")

    assert [record["dynamodb"]["Keys"] for record in records] == [key("committed", str(n)) for n in range(3)]


def test_a_reader_goes_on_after_a_sequence_number(dynamo, streams):
    reader = Reader(streams)
    for n in range(5):
        dynamo.put_item(TableName="things", Item=key("resumed", str(n)))
    dynamo.put_item(TableName="things", Item=key("resumed-end"))
    second = reader.read_until("resumed-end")[1]["dynamodb"]["SequenceNumber"]

    shard = streams.client.describe_stream(StreamArn=streams.arn)["StreamDescription"]["Shards"][-1]["ShardId"]
    place = streams.client.get_shard_iterator(
        StreamArn=streams.arn, ShardId=shard, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=second
    )["ShardIterator"]
    rest = streams.client.get_records(ShardIterator=place)["Records"]

    assert [record["dynamodb"]["Keys"]["SK"]["S"] for record in rest] == ["2", "3", "4", "1"]

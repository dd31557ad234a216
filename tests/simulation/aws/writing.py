"""One write, alone or in a transaction: whether its condition holds, and the row it would leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulation.aws.conditions import Test, check_placeholders, condition, named
from tests.simulation.aws.errors import AwsError, invalid
from tests.simulation.aws.tables import Key, Row, Table
from tests.simulation.aws.updates import Update, changed, update
from tests.simulation.aws.values import Item

NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Action:
    """A Put, Update, Delete or ConditionCheck, read and found well-formed."""

    kind: str
    table: Table
    key: Key
    request: Mapping[str, Any]
    holds: Test | None
    update: Update | None
    put: Row | None

    @property
    def old(self) -> Row | None:
        return self.table.rows.get(self.key)

    def outcome(self) -> Row | None:
        """The row this leaves. Raises AwsError: ConditionalCheckFailedException, or what else is wrong."""
        old = self.old
        item = old.item if old else {}
        if self.holds is not None and not self.holds(item, self.request.get("ExpressionAttributeValues", {})):
            stood: dict[str, Any] = {"Item": old.item} if old and self._shows_what_stood() else {}
            raise AwsError("ConditionalCheckFailedException", "The conditional request failed", **stood)
        match self.kind:
            case "Put":
                return self.put
            case "Update":
                return self._updated(item)
            case "Delete":
                return None
        return old

    def _shows_what_stood(self) -> bool:
        return bool(self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD")

    def _updated(self, item: Item) -> Row:
        new = item or dict(self.request["Key"])
        if self.update:
            new = self.update.of(new, self.request.get("ExpressionAttributeValues", {}))
        return self.table.row(self.key, new, too_large="Item size to update has exceeded the maximum allowed size")

    def returned(self, old: Row | None, new: Row | None) -> Item | None:
        """The attributes that ReturnValues asks for."""
        before, after = old.item if old else {}, new.item if new else {}
        match self.request.get("ReturnValues", "NONE"):
            case "ALL_OLD":
                return before or None
            case "ALL_NEW":
                return after
            case "UPDATED_OLD" if self.update:
                return changed(self.update, before, after)[0] or None
            case "UPDATED_NEW" if self.update:
                return changed(self.update, before, after)[1] or None
        return None


def action(kind: str, table: Table, request: Mapping[str, Any]) -> Action:
    """Read a write. Raises AwsError for what no state of the table would make right."""
    key = table.key_of(request["Item"]) if kind == "Put" else table.key(request["Key"])
    put = table.row(key, request["Item"]) if kind == "Put" else None
    names, used_names, used_values, holds, change = named(request), NOTHING, NOTHING, None, None
    text = request.get("ConditionExpression")
    if text is not None:
        asked = condition("ConditionExpression", text, names)
        holds, used_names, used_values = asked.holds, asked.names, asked.values
    text = request.get("UpdateExpression")
    if text is not None:
        change = update(text, names)
        _check_targets(table, change)
        used_names, used_values = used_names | change.names, used_values | change.values
    if used_values or used_names or "ExpressionAttributeValues" in request or "ExpressionAttributeNames" in request:
        check_placeholders(request, used_names, used_values, "UpdateExpression" if change else "ConditionExpression")
    return Action(kind=kind, table=table, key=key, request=request, holds=holds, update=change, put=put)


def _check_targets(table: Table, change: Update) -> None:
    for attribute in table.base.attributes:
        if any(path[0] == attribute for path in change.targets):
            invalid(f"One or more parameter values were invalid: Cannot update attribute {attribute}. "
                    "This attribute is part of the key")  # fmt: skip

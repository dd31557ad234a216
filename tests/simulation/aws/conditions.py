"""Conditions and filters as functions of an item, compiled once for each text."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.simulation.aws.errors import invalid
from tests.simulation.aws.grammar import Path, Reader, Tree
from tests.simulation.aws.values import Item, Value, comparable

Values = Mapping[str, Value]
Names = tuple[tuple[str, str], ...]
Test = Callable[[Item, Values], bool]
Operand = Callable[[Item, Values], Value | None]

ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
ORDERED = {"S", "N"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A compiled condition; ``holds(item, values)``, where the item is {} when there is none."""

    tree: Tree
    holds: Test
    names: frozenset[str]
    values: frozenset[str]
    paths: frozenset[Path]


@lru_cache(4096)
def condition(kind: str, text: str, names: Names = ()) -> Condition:
    reader = Reader(kind, text, dict(names))
    tree = reader.condition()
    reader.finish()
    return Condition(
        tree=tree,
        holds=_test(tree),
        names=frozenset(reader.used_names),
        values=frozenset(reader.used_values),
        paths=frozenset(reader.paths),
    )


def named(request: Mapping[str, Any]) -> Names:
    """The names of a request, as a key of what is compiled."""
    given = request.get("ExpressionAttributeNames")
    return tuple(sorted(given.items())) if given else ()


def check_placeholders(request: Mapping[str, Any], names: frozenset[str], values: frozenset[str], kind: str) -> None:
    """Refuse a value that is used and not defined, or a name or value that is defined and not used."""
    given: Mapping[str, Any] = request.get("ExpressionAttributeValues", {})
    if given.keys() != values:
        for missing in sorted(values - given.keys()):
            invalid(
                f"Invalid {kind}: An expression attribute value used in expression is not defined; "
                f"attribute value: {missing}"
            )
        unused = ", ".join(sorted(given.keys() - values))
        invalid(f"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{unused}}}")
    if unused_names := request.get("ExpressionAttributeNames", {}).keys() - names:
        unused = ", ".join(sorted(unused_names))
        invalid(f"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{unused}}}")


def found(item: Item, path: Path) -> Value | None:
    """What is at a path of an item."""
    here: Value | None = item.get(str(path[0]))
    for part in path[1:]:
        if here is None:
            return None
        if isinstance(part, int):
            row = here.get("L", ())
            here = row[part] if part < len(row) else None
        else:
            here = here.get("M", {}).get(part)
    return here


def operand(tree: Tree) -> Operand:
    match tree:
        case ("value", name):
            return lambda _, values: values[name]
        case ("size", inner):
            return _size(operand(inner))
        case ("path", (name,)):
            return lambda item, _: item.get(name)
    path = tree[1]
    return lambda item, _: found(item, path)


def _size(inner: Operand) -> Operand:
    def size(item: Item, values: Values) -> Value | None:
        value = inner(item, values)
        if value is None or value.keys() & {"N", "BOOL", "NULL"}:
            return None
        return {"N": str(len(next(iter(value.values()))))}

    return size


def _test(tree: Tree) -> Test:
    match tree:
        case ("and", a, b):
            one, other = _test(a), _test(b)
            return lambda item, values: one(item, values) and other(item, values)
        case ("or", a, b):
            one, other = _test(a), _test(b)
            return lambda item, values: one(item, values) or other(item, values)
        case ("not", a):
            one = _test(a)
            return lambda item, values: not one(item, values)
        case ("between", x, low, high):
            return _between(operand(x), operand(low), operand(high))
        case ("in", x, choices):
            return _in(operand(x), [operand(choice) for choice in choices])
        case ("=" | "<>", x, y):
            return _equal(operand(x), operand(y), equal=tree[0] == "=")
        case ("<" | "<=" | ">" | ">=", x, y):
            return _ordered(ORDERS[tree[0]], operand(x), operand(y))
    return _function(tree)


def _function(tree: Tree) -> Test:
    name, first, *rest = tree
    it = operand(first)
    match name:
        case "attribute_exists":
            return lambda item, values: it(item, values) is not None
        case "attribute_not_exists":
            return lambda item, values: it(item, values) is None
    other = operand(rest[0])
    match name:
        case "attribute_type":
            return lambda item, values: (other(item, values) or {}).get("S") in (it(item, values) or {})
        case "begins_with":
            return _begins_with(it, other)
    return _contains(it, other)


def _equal(x: Operand, y: Operand, *, equal: bool) -> Test:
    def same(item: Item, values: Values) -> bool:
        left, right = x(item, values), y(item, values)
        if left is None or right is None:
            return not equal
        return (left == right or comparable(left) == comparable(right)) is equal

    return same


def _ordered(order: Callable[[Any, Any], bool], x: Operand, y: Operand) -> Test:
    def compared(item: Item, values: Values) -> bool:
        left, right = x(item, values), y(item, values)
        return left is not None and right is not None and _in_order(order, left, right)

    return compared


def _in_order(order: Callable[[Any, Any], bool], left: Value, right: Value) -> bool:
    (kind, one), (other_kind, other) = comparable(left), comparable(right)
    return kind == other_kind and kind in ORDERED and order(one, other)


def _between(x: Operand, low: Operand, high: Operand) -> Test:
    at_least, at_most = _ordered(operator.ge, x, low), _ordered(operator.le, x, high)
    return lambda item, values: at_least(item, values) and at_most(item, values)


def _in(x: Operand, choices: list[Operand]) -> Test:
    tests = [_equal(x, choice, equal=True) for choice in choices]
    return lambda item, values: any(test(item, values) for test in tests)


def _begins_with(x: Operand, y: Operand) -> Test:
    def begins(item: Item, values: Values) -> bool:
        whole, start = (x(item, values) or {}).get("S"), (y(item, values) or {}).get("S")
        return whole is not None and start is not None and whole.startswith(start)

    return begins


def _contains(x: Operand, y: Operand) -> Test:
    def contains(item: Item, values: Values) -> bool:
        whole, part = x(item, values), y(item, values)
        if whole is None or part is None:
            return False
        ((kind, content),) = whole.items()
        match kind:
            case "S" | "SS":
                return "S" in part and part["S"] in content
            case "NS":
                return "N" in part and comparable(part)[1] in comparable(whole)[1]
            case "L":
                return any(comparable(one) == comparable(part) for one in content)
        return False

    return contains

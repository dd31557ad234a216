"""DynamoDB's typed values: which are valid, how they are kept, what they weigh, how they compare."""

import re
from collections.abc import Callable
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from tests.simulation.aws.errors import AwsError, invalid

Value = dict[str, Any]
Item = dict[str, Value]

LARGEST_ITEM = 400 * 1024
DEEPEST = 32
MOST_DIGITS = 38

_plain_integer: Callable[[str], Any] = re.compile(r"0|-?[1-9]\d{0,37}").fullmatch
_arithmetic = Context(prec=MOST_DIGITS)


def kept(item: Item) -> tuple[Item, int]:
    """An item as DynamoDB keeps it, and what it weighs in bytes; the very item given when nothing is rewritten."""
    size, rewritten = 0, {}
    for name, value in item.items():
        text = value.get("S")
        if text is not None and len(value) == 1:
            size += length(name) + length(text)
            continue
        again, weight = _kept(value, 1)
        size += length(name) + weight
        if again is not value:
            rewritten[name] = again
    return {**item, **rewritten} if rewritten else item, size


def weight(item: Item) -> int:
    return kept(item)[1]


def length(text: str) -> int:
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise AwsError("SerializationException", "Unable to parse the text: it is not Unicode") from error


def _kept(value: Value, depth: int) -> tuple[Value, int]:
    if len(value) != 1:
        invalid(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported ones"
        )
    if depth > DEEPEST:
        invalid("Nesting Levels have exceeded supported limits")
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return value, length(content)
        case "N":
            number = content if _plain_integer(content) else written(_number(content))
            return (value if number == content else {"N": number}), _weight_of_number(number)
        case "BOOL" | "NULL":
            return value, 1
        case "M":
            inner = {name: _kept(one, depth + 1) for name, one in content.items()}
            size = sum(length(name) + weight + 1 for name, (_, weight) in inner.items())
            return {"M": {name: one for name, (one, _) in inner.items()}}, 3 + size
        case "L":
            row = [_kept(one, depth + 1) for one in content]
            return {"L": [one for one, _ in row]}, 3 + sum(weight + 1 for _, weight in row)
        case "SS" | "NS":
            return _kept_set(kind, content)
    raise NotImplementedError(f"the simulator's DynamoDB keeps no {kind}")


def _kept_set(kind: str, content: list[str]) -> tuple[Value, int]:
    if not content:
        invalid("One or more parameter values were invalid: An string set  may not be empty")
    members = sorted(content) if kind == "SS" else [written(number) for number in sorted(map(_number, content))]
    if len(set(members)) < len(members):
        invalid(
            f"One or more parameter values were invalid: Input collection [{', '.join(content)}] contains duplicates."
        )
    weigh = length if kind == "SS" else _weight_of_number
    return {kind: members}, sum(map(weigh, members))


def _weight_of_number(number: str) -> int:
    return (len(number.lstrip("-").replace(".", "")) + 1) // 2 + 1 + number.startswith("-")


def _number(content: str) -> Decimal:
    try:
        number = Decimal(content)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        invalid(f"The parameter cannot be converted to a numeric value: {content}")
    number = number.normalize(Context(prec=max(1, len(content))))
    if len(number.as_tuple().digits) > MOST_DIGITS:
        invalid("Attempting to store more than 38 significant digits in a Number")
    if number and number.adjusted() > 125:
        invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if number and number.adjusted() < -130:
        invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    return number


def written(number: Decimal) -> str:
    return format(number.normalize(_arithmetic), "f") if number else "0"


def added(one: Value, other: Value, *, sign: int = 1) -> Value:
    """The sum of two numbers, or their difference; of 38 digits, as DynamoDB's."""
    if "N" not in one or "N" not in other:
        invalid("An operand in the update expression has an incorrect data type")
    return {"N": written(_arithmetic.add(Decimal(one["N"]), sign * Decimal(other["N"])))}


def comparable(value: Value) -> tuple[str, Any]:
    """What is equal for equal values; within one kind of scalar it is ordered as DynamoDB orders."""
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return kind, Decimal(content)
        case "NS":
            return kind, frozenset(map(Decimal, content))
        case "SS":
            return kind, frozenset(content)
        case "L":
            return kind, tuple(map(comparable, content))
        case "M":
            return kind, frozenset((name, comparable(one)) for name, one in content.items())
    return kind, content

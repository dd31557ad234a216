"""Update expressions as functions from an item to the next one, compiled once for each text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.simulation.aws.conditions import Names, Operand, Values, found, operand
from tests.simulation.aws.errors import invalid
from tests.simulation.aws.grammar import Path, Reader
from tests.simulation.aws.values import Item, Value, added, kept

Step = Callable[[Item, Item, Values], None]
"""Changes the new item, reading the old one."""

CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
SETS = {"SS", "NS"}
NO_SUCH_PATH = "The document path provided in the update expression is invalid for update"
NO_SUCH_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"
WRONG_OPERAND = "An operand in the update expression has an incorrect data type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    steps: tuple[Step, ...]
    targets: tuple[Path, ...]
    names: frozenset[str]
    values: frozenset[str]

    def of(self, item: Item, values: Values) -> Item:
        """The item as the update leaves it; the one given stays as it was."""
        new = dict(item)
        for step in self.steps:
            step(new, item, values)
        return new


@lru_cache(4096)
def update(text: str, names: Names = ()) -> Update:
    reader = Reader("UpdateExpression", text, dict(names))
    steps, targets, clauses = [], [], set()
    while clause := reader.met(*CLAUSES):
        if clause in clauses:
            reader.refuse(f'The "{clause}" section can only be used once in an update expression;')
        clauses.add(clause)
        while True:
            path = reader.path()
            targets.append(path)
            steps.append(_step(clause, path, reader))
            if not reader.met(","):
                break
    if not clauses:
        reader.refuse_token()
    reader.finish()
    _check_overlaps(reader, targets)
    order = sorted(range(len(steps)), key=lambda n: -len(targets[n]))  # inner elements of a list before it moves
    return Update(
        steps=tuple(steps[n] for n in order),
        targets=tuple(targets),
        names=frozenset(reader.used_names),
        values=frozenset(reader.used_values),
    )


def _check_overlaps(reader: Reader, targets: list[Path]) -> None:
    for n, one in enumerate(targets):
        for other in targets[n + 1 :]:
            shared = min(len(one), len(other))
            if one[:shared] == other[:shared]:
                reader.refuse(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    f"path one: {_written(one)}, path two: {_written(other)}"
                )


def _written(path: Path) -> str:
    return "[" + ", ".join(f"[{part}]" if isinstance(part, int) else part for part in path) + "]"


def _step(clause: str, path: Path, reader: Reader) -> Step:
    match clause:
        case "SET":
            reader.expect("=")
            return _set(path, _sum(reader))
        case "REMOVE":
            return lambda new, _, __: _put(new, path, None)
        case "ADD":
            return _add(path, operand(reader.operand()))
    return _delete(path, operand(reader.operand()))


# --- what SET puts in


def _sum(reader: Reader) -> Operand:
    first = _term(reader)
    sign = {"+": 1, "-": -1}.get(reader.token)
    if sign is None:
        return first
    reader.take()
    second = _term(reader)
    return lambda item, values: added(_there(first(item, values)), _there(second(item, values)), sign=sign)


def _term(reader: Reader) -> Operand:
    if reader.met("("):
        inner = _sum(reader)
        reader.expect(")")
        return inner
    if reader.met("IF_NOT_EXISTS"):
        path, other = _arguments(reader)
        return lambda item, values: path(item, values) or other(item, values)
    if reader.met("LIST_APPEND"):
        one, other = _arguments(reader)
        return lambda item, values: _joined(_there(one(item, values)), _there(other(item, values)))
    return operand(reader.operand())


def _arguments(reader: Reader) -> tuple[Operand, Operand]:
    reader.expect("(")
    first = _term(reader)
    reader.expect(",")
    second = _term(reader)
    reader.expect(")")
    return first, second


def _joined(one: Value, other: Value) -> Value:
    if "L" not in one or "L" not in other:
        invalid(WRONG_OPERAND)
    return {"L": [*one["L"], *other["L"]]}


def _there(value: Value | None) -> Value:
    if value is None:
        invalid(NO_SUCH_ATTRIBUTE)
    return value


# --- steps


def _set(path: Path, term: Operand) -> Step:
    return lambda new, old, values: _put(new, path, _there(term(old, values)))


def _add(path: Path, step: Operand) -> Step:
    def add(new: Item, old: Item, values: Values) -> None:
        by, before = _there(step(old, values)), found(old, path)
        if not by.keys() & {"N", *SETS}:
            invalid(f"Invalid UpdateExpression: {WRONG_OPERAND}")
        if before is not None and before.keys() != by.keys():
            invalid(WRONG_OPERAND)
        _put(new, path, by if before is None else _more(before, by))

    return add


def _more(before: Value, by: Value) -> Value:
    if "N" in by:
        return added(before, by)
    (kind,) = by
    return {kind: sorted({*_members(before), *_members(by)})}


def _delete(path: Path, members: Operand) -> Step:
    def delete(new: Item, old: Item, values: Values) -> None:
        gone, before = _there(members(old, values)), found(old, path)
        if not gone.keys() & SETS:
            invalid(f"Invalid UpdateExpression: {WRONG_OPERAND}")
        if before is None:
            return
        if before.keys() != gone.keys():
            invalid(WRONG_OPERAND)
        (kind,) = gone
        left = sorted({*_members(before)} - {*_members(gone)})
        _put(new, path, {kind: left} if left else None)

    return delete


def _members(value: Value) -> list[str]:
    """The members of a set in the form they are kept in."""
    item, _ = kept({"set": value})
    members: list[str] = next(iter(item["set"].values()))
    return members


def _put(item: Item, path: Path, value: Value | None) -> None:
    """Put a value at a path, or take away what is there; whatever the item shares with another is copied first."""
    first, *rest = path
    if not rest:
        _place(item, str(first), value)
        return
    here = _inner(item.get(str(first)))
    item[str(first)] = here
    for part, following in zip(rest, [*rest[1:], None], strict=True):
        inside: Any = here["L"] if isinstance(part, int) else here["M"] if "M" in here else invalid(NO_SUCH_PATH)
        if following is None:
            _place_in_row(inside, part, value) if isinstance(part, int) else _place(inside, part, value)
            return
        here = _inner(inside[part] if not isinstance(part, int) or part < len(inside) else None)
        inside[part] = here


def _inner(value: Value | None) -> Value:
    match value:
        case {"M": inner}:
            return {"M": dict(inner)}
        case {"L": inner}:
            return {"L": list(inner)}
    return invalid(NO_SUCH_PATH)


def _place(item: Item, name: str, value: Value | None) -> None:
    if value is None:
        item.pop(name, None)
    else:
        item[name] = value


def _place_in_row(row: list[Value], at: int, value: Value | None) -> None:
    if value is not None:
        row[at : at + 1] = [value]
    elif at < len(row):
        del row[at]


def changed(update: Update, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Item, Item]:
    """The attributes an update named, before and after (UPDATED_OLD, UPDATED_NEW)."""
    if any(len(path) > 1 for path in update.targets):
        raise NotImplementedError("the simulator's DynamoDB does not return what was updated inside an attribute")
    named = {str(path[0]) for path in update.targets}
    return tuple({name: item[name] for name in item if name in named} for item in (old, new))  # type: ignore[return-value]

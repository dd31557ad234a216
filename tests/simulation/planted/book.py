"""The book of planted bugs: each by its name, with what somebody did wrong."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore


@dataclass(frozen=True, slots=True)
class Bug:
    """says: what somebody did wrong.

    where, when: the deeds and the kind of fault in which it shows, where others would only take longer.
    """

    says: str
    plant: Callable[[], AbstractContextManager[Any]]
    where: tuple[str, ...] = ()
    when: str | None = None


BUGS: dict[str, Bug] = {}


def bug(says: str, *where: str, when: str | None = None) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Enter a bug."""

    def enter(plant: Callable[[], Any]) -> Callable[[], Any]:
        BUGS[plant.__name__] = Bug(says, plant, where, when)
        return plant

    return enter


def commits(instead: Callable[[DynamoStore, tuple[Any, ...], Callable[..., None]], None]) -> Any:
    """Another way to commit; it gets the right one."""
    right = DynamoStore.commit
    return patch.object(DynamoStore, "commit", lambda store, *changes: instead(store, changes, right))


@contextmanager
def both(one: AbstractContextManager[Any], other: AbstractContextManager[Any]) -> Iterator[None]:
    with one, other:
        yield

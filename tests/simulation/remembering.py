"""Invariants asked again only of what changed since: what was sound is sound, as long as it is made of the same things.

What is judged is immutable, and each judgment depends on nothing but what it is given.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import is_
from types import ModuleType
from typing import Any

from chalicelib.domain.books import Violation

Judgment = Callable[..., Iterable[Violation]]
DEAR = (
    *("of_invoice", "of_quote", "of_sale", "of_payment", "of_credit_note", "of_credits"),
    *("of_client", "of_claims", "of_series", "of_steps", "of_journal", "of_feed"),
)
"""Those that cost more to ask than to remember."""

Sound = dict[tuple[str, str], tuple[Any, ...]]
"""What each judgment was last given of each thing, and found nothing wrong with."""


def judgments(module: ModuleType) -> dict[str, Judgment]:
    """The judgments of a module that are worth being remembered, by their names there."""
    return {name: getattr(module, name) for name in DEAR}


def remembering(name: str, judge: Judgment, sound: Callable[[], Sound]) -> Judgment:
    """The same judgment, which does not look again at the very things that it found sound."""

    def judged(*given: Any, **named: Any) -> Iterable[Violation]:
        known, about = sound(), (name, _called(given[0]))
        parts = tuple(_parts((*given, *named.values())))
        before = known.get(about)
        if before is not None and len(before) == len(parts) and all(map(is_, before, parts)):
            return ()
        found = tuple(judge(*given, **named))
        if not found:
            known[about] = parts
        return found

    return judged


def _called(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(getattr(thing, "id", ""))


def _parts(given: Iterable[Any]) -> Iterator[Any]:
    """Everything that is given, one after another; a row begins with its length."""
    for each in given:
        if isinstance(each, list | tuple):
            yield len(each)
            yield from each
        elif isinstance(each, dict):
            yield len(each)
            yield from each.keys()
            yield from each.values()
        else:
            yield each

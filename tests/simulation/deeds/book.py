"""The book of deeds: each by its name, with how often it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.people import Person

Act = Callable[[Person, str], None]
"""What a person does for a client, by the client's id."""


@dataclass(frozen=True, slots=True)
class Deed:
    name: str
    act: Act
    weight: int


DEEDS: dict[str, Deed] = {}


def deed(*, weight: int = 2) -> Callable[[Act], Act]:
    """Enter a function into the book; weight: how often it is drawn, beside the others."""

    def enter(act: Act) -> Act:
        DEEDS[act.__name__] = Deed(act.__name__, act, weight)
        return act

    return enter

"""Cards stored, told of late or twice, and forgotten."""

import pytest

from chalicelib.usecases import storing
from tests import builders as b
from tests.usecases.purse import client, learn, stored
from tests.usecases.till import Till


@pytest.fixture
def till() -> Till:
    return Till()


def test_an_event_that_comes_late_does_not_bring_back_an_older_card(till: Till) -> None:
    stored(till, last4="1111")
    till.clock.move(minutes=1)
    stored(till, last4="2222")
    learn(till)

    assert client(till).card.last4 == "2222"  # type: ignore[union-attr]


def test_a_card_that_was_forgotten_does_not_come_back(till: Till) -> None:
    stored(till)
    storing.forget_card(b.CLIENT, if_match=None, now=till.clock(), store=till.store(), gateway=lambda: till.gateway)
    learn(till)

    assert client(till).card is None


def test_learning_of_the_same_card_again_changes_nothing(till: Till) -> None:
    stored(till)
    version = client(till).version
    learn(till)

    assert client(till).version == version

"""Events: balanced, numbered, and always under the same id."""

from types import ModuleType

import pytest

from chalicelib.domain import event_types
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.events import ClientAdded
from chalicelib.domain.journal import Account, Envelope, Event, Posting, balanced
from tests import builders as b

CASH, DUE = Posting(Account.CASH, b.cad("10")), Posting(Account.RECEIVABLE, b.cad("-10"))
ADDED = ClientAdded(subject="cli_1", version=1, at=b.NOON)


def test_postings_that_sum_to_nothing_are_kept_without_those_of_nothing():
    assert balanced(CASH, Posting(Account.TAX, b.cad("0"), "TPS"), DUE) == (CASH, DUE)
    assert balanced() == ()


def test_an_unbalanced_booking_is_our_own_mistake():
    with pytest.raises(ValueError, match="postings do not sum to zero"):
        balanced(CASH, Posting(Account.RECEIVABLE, b.cad("-9.99")))


def test_postings_of_two_currencies_are_never_balanced():
    euros = Posting(Account.RECEIVABLE, b.Money(-10_00, "EUR"))
    with pytest.raises(ValueError, match="postings do not sum to zero"):
        balanced(CASH, euros)


@pytest.mark.row("C6")
def test_an_event_has_the_same_id_however_often_and_by_whom_it_is_told():
    again = Envelope.around(ADDED, b.a_caller(actor="system", correlation_id="r2"))
    assert Envelope.around(ADDED, b.a_caller()).id == again.id == "cf586760-409c-5dc9-b41c-58d3f0c85568"


@pytest.mark.parametrize(
    ("event", "caller"),
    [
        pytest.param(ClientAdded(subject="cli_2", version=1, at=b.NOON), b.a_caller(), id="another entity"),
        pytest.param(ClientAdded(subject="cli_1", version=2, at=b.NOON), b.a_caller(), id="another version"),
        pytest.param(ADDED, b.a_caller("biz_2"), id="another business"),
    ],
)
def test_another_event_has_another_id(event, caller):
    assert Envelope.around(event, caller).id != Envelope.around(ADDED, b.a_caller()).id


def test_every_kind_of_event_has_a_name_of_its_own():
    modules = [module for module in vars(event_types).values() if isinstance(module, ModuleType)]
    told = {name: kind for module in modules for name, kind in vars(module).items()}
    kinds = [kind for kind in told.values() if isinstance(kind, type) and issubclass(kind, Event)]
    kinds.remove(Event)
    assert len(EVENTS) == len(kinds)
    assert all(EVENTS[kind.type] is kind for kind in kinds)
    assert all(name.count(".") == 1 and name == name.lower() for name in EVENTS)

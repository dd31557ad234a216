"""A value is a dataclass, whenever its methods are written."""

import copy
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from threading import Barrier, Thread
from typing import ClassVar

import pytest

from chalicelib.domain import values
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    kind: ClassVar[str] = "parcel"
    to: str
    weight: int = 1
    stamps: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Parcel):
    number: str


@dataclass(frozen=True, slots=True)
class Point:
    """Somewhere."""

    x: int
    y: int = 0

    def __post_init__(self):
        if self.x < 0:
            raise ValueError("x is below 0")


def test_it_is_made_by_name_and_has_its_defaults():
    parcel = Parcel(to="Ada")
    assert (parcel.to, parcel.weight, parcel.stamps, parcel.kind) == ("Ada", 1, {}, "parcel")
    assert Parcel(to="Bo").stamps is not parcel.stamps


def test_it_is_made_by_place_where_it_is_not_keyword_only():
    assert (Point(3, 4).x, Point(3, 4).y, Point(3).y) == (3, 4, 0)


def test_what_is_missing_or_unknown_is_named():
    with pytest.raises(TypeError, match=r"Parcel.__init__\(\) missing 1 required keyword-only argument: 'to'"):
        Parcel()
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Parcel(to="Ada", colour="red")


def test_it_is_looked_at_after_it_is_made():
    with pytest.raises(ValueError, match="x is below 0"):
        Point(-1)


def test_it_equals_what_has_the_same_fields_and_class():
    assert Parcel(to="Ada") == Parcel(to="Ada", stamps={"CA": 1})
    assert Parcel(to="Ada") != Parcel(to="Bo")
    assert Parcel(to="Ada") != Registered(to="Ada", number="1")
    assert Parcel(to="Ada") != "Ada"
    assert {Parcel(to="Ada"): 1}[Parcel(to="Ada")] == 1


def test_it_shows_its_fields():
    assert repr(Registered(to="Ada", number="7")) == "Registered(to='Ada', weight=1, number='7')"


def test_it_is_never_changed():
    parcel = Parcel(to="Ada")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'to'"):
        parcel.to = "Bo"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'to'"):
        del parcel.to
    with pytest.raises(FrozenInstanceError):
        parcel.colour = "red"
    assert parcel == Parcel(to="Ada")


def test_a_change_is_another_value():
    assert replace(Registered(to="Ada", number="7"), weight=2) == Registered(to="Ada", number="7", weight=2)


def test_it_is_copied_and_kept_whole():
    parcel = Registered(to="Ada", number="7", stamps={"CA": 1})
    for same in (copy.deepcopy(parcel), pickle.loads(pickle.dumps(parcel))):
        assert same == parcel
        assert same.stamps == {"CA": 1}


def test_it_takes_no_other_room_than_its_fields():
    assert not hasattr(Parcel(to="Ada"), "__dict__")
    assert [each.name for each in fields(Registered)] == ["to", "weight", "stamps", "number"]
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_its_methods_are_written_when_one_is_first_asked_for_and_then_are_its_own():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Letter:
        to: str

    before = Letter.__init__
    assert before is values._Unwritten.__init__
    assert Letter(to="Ada") == Letter(to="Ada")
    assert Letter.__init__ is not before
    assert Letter.__init__.__annotations__ == {"to": str, "return": None}


def test_threads_that_meet_it_unwritten_all_make_it():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Letter:
        to: str

    made, barrier = [], Barrier(8)

    def make():
        barrier.wait()
        made.append(Letter(to="Ada"))

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [Letter(to="Ada")] * 8


def test_what_is_ordered_or_not_frozen_is_a_dataclass_as_ever():
    @dataclass(frozen=True, slots=True, order=True)
    class Rank:
        place: int

    @dataclass(slots=True)
    class Cursor:
        place: int

    cursor = Cursor(1)
    cursor.place += 1
    assert cursor == Cursor(2)
    assert Rank(1) < Rank(2)
    assert Money(1, "CAD") == Money(1, "CAD")

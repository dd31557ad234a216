"""Every interleaving of the steps of several participants on the same tables, deaths included, breadth first.

A participant is a run of real code on a ``DynamoStore``. Its tables are a ``Script``: what it read so far is told to
it again, and at the first question beyond that the run stops there. So a participant's place is the answers it was
given, and one step is one question: an item read, or one transaction.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.dynamodb.tables import Cancelled, Delete, Increase, Item, Key, Query, Table, Write
from chalicelib.domain.errors import DomainError
from tests.fakes.tables import MemoryTables

Place = tuple[int, ...] | None
"""The answers given since the run began, by their ids; None when it is over."""

State = tuple[int, tuple[Place, ...]]
"""The tables' contents by their id, and where each participant is."""

BEGUN: Place = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who works on the tables.

    run:      one turn of the work; answers whether there is more to do.
    repeated: whether it may be asked to run again after it has ended, as by a message delivered twice.
    """

    name: str
    run: Callable[["Script"], bool]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    table: Table
    key: Key


@dataclass(frozen=True, slots=True)
class Transaction:
    writes: Sequence[Write]


Question = Read | Transaction


class Asked(BaseException):
    """A run came to a question that has no answer yet."""

    def __init__(self, question: Question) -> None:
        self.question = question


class Again(BaseException):
    """A run lost a race and begins anew."""


class Broken(AssertionError):
    """A rule does not hold in a state that can be reached; ``history`` is the shortest way to it."""

    def __init__(self, rule: str, history: Sequence[str]) -> None:
        self.rule, self.history = rule, tuple(history)
        super().__init__("\n".join([rule, *(f"{n}. {step}" for n, step in enumerate(history, start=1))]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """states: of everything; contents: of the tables alone; steps: from a state to another, deaths among them."""

    states: int
    contents: int
    steps: int


@dataclass(slots=True)
class Script:
    """``Tables`` of a run that is told again what it read.

    quiet: items that nobody writes: reading them is no step, since its moment makes no difference.
    """

    answers: Iterator[Any]
    quiet: Mapping[tuple[str, str], Item]

    def get(self, table: Table, key: Key) -> Item | None:
        if (found := self.quiet.get((key["PK"], key["SK"]))) is not None:
            return dict(found)
        answer = self._answer(Read(table, key))
        return dict(answer) if answer is not None else None

    def many(self, table: Table, keys: Sequence[Key]) -> list[Item]:
        """Each is a step: a batch of reads shows no single moment."""
        return [item for key in keys if (item := self.get(table, key)) is not None]

    def query(self, query: Query) -> tuple[list[Item], Key | None]:
        raise NotImplementedError(query)

    def put(self, table: Table, item: Item) -> bool:
        raise NotImplementedError(table, item)

    def write(self, writes: Sequence[Write]) -> None:
        refused = self._answer(Transaction(tuple(writes)))
        if any(refused):
            raise Cancelled(refused)

    def pause(self, attempt: int) -> None:
        raise Again(attempt)

    def _answer(self, question: Question) -> Any:
        for answer in self.answers:
            return answer
        raise Asked(question)


@dataclass(slots=True, kw_only=True)
class Exploration:
    """sound: raises AssertionError for contents that must never be; ended: the same, once all have ended."""

    participants: Sequence[Participant]
    quiet: Mapping[tuple[str, str], Item]
    sound: Callable[[MemoryTables], None]
    ended: Callable[[MemoryTables], None]
    told: Callable[[Question], str]
    _pool: list[Any] = field(default_factory=list)
    _ids: dict[str, int] = field(default_factory=dict)
    _contents: list[MemoryTables] = field(default_factory=list)
    _contents_ids: dict[frozenset[tuple[Table, int]], int] = field(default_factory=dict)
    _questions: dict[tuple[int, Place], Question | None] = field(default_factory=dict)
    _places: dict[tuple[int, Place], Place] = field(default_factory=dict)
    _effects: dict[tuple[int, int, Place], tuple[int, int]] = field(default_factory=dict)
    _sound: set[int] = field(default_factory=set)
    _came_from: dict[State, tuple[State, int, str] | None] = field(default_factory=dict)

    def run(self, start: MemoryTables) -> Explored:
        """Raises Broken with the shortest history to a state that breaks a rule, or from which nobody can end."""
        first: State = (self._kept(start), (BEGUN,) * len(self.participants))
        self._came_from[first] = None
        waiting, steps = deque([first]), 0
        alive: dict[State, list[State]] = {}
        goals: list[State] = []
        while waiting:
            state = waiting.popleft()
            self._must_hold(state, goals)
            for after, who, how in self._next(state):
                steps += 1
                if how != "dies":
                    alive.setdefault(after, []).append(state)
                if after not in self._came_from:
                    self._came_from[after] = state, who, how
                    waiting.append(after)
        self._all_can_end(goals, alive)
        return Explored(states=len(self._came_from), contents=len(self._contents), steps=steps)

    # --- rules

    def _must_hold(self, state: State, goals: list[State]) -> None:
        contents, places = state
        over = all(place is None for place in places)
        if over:
            goals.append(state)
        try:
            if contents not in self._sound:
                self.sound(self._contents[contents])
                self._sound.add(contents)
            if over:
                self.ended(self._contents[contents])
        except AssertionError as error:
            raise Broken(str(error).partition("\n")[0], self._history(state)) from None

    def _all_can_end(self, goals: Iterable[State], before: Mapping[State, list[State]]) -> None:
        can = set(goals)
        waiting = deque(can)
        while waiting:
            for state in before.get(waiting.popleft(), ()):
                if state not in can:
                    can.add(state)
                    waiting.append(state)
        stuck = next((state for state in self._came_from if state not in can), None)
        if stuck is not None:
            raise Broken("nobody can end from here, though nobody dies", self._history(stuck))

    def _history(self, state: State) -> list[str]:
        lines: list[str] = []
        while (came := self._came_from[state]) is not None:
            before, who, how = came
            lines.append(self._line(before, who, how))
            state = before
        return lines[::-1]

    def _line(self, state: State, who: int, how: str) -> str:
        name, question = self.participants[who].name, self._question(who, state[1][who])
        if question is None or how == "dies":
            return f"{name} {how}"
        _, answer = self._effect(state[0], who, state[1][who], question)
        refused = isinstance(question, Transaction) and any(self._pool[answer])
        return f"{name} {self.told(question)}{', which is refused' if refused else ''}{how}"

    # --- steps

    def _next(self, state: State) -> Iterator[tuple[State, int, str]]:
        contents, places = state
        for who, place in enumerate(places):

            def moved(to: Place, now: int = contents, who: int = who) -> State:
                return now, (*places[:who], to, *places[who + 1 :])

            question = self._question(who, place)
            if question is None:
                if self.participants[who].repeated:
                    yield moved(BEGUN), who, "is asked to run again"
                continue
            after, answer = self._effect(contents, who, place, question)
            yield moved(self._settled(who, (*(place or ()), answer)), after), who, ""
            if after != contents:
                yield moved(BEGUN, after), who, ", and dies before it hears of it"
            if place:
                yield moved(BEGUN), who, "dies"

    def _settled(self, who: int, place: Place) -> Place:
        """Where a run is after an answer: at its next question, at its beginning, or at its end."""
        if (who, place) not in self._places:
            try:
                self._places[who, place] = place if self._question(who, place) is not None else None
            except Again:
                self._places[who, place] = BEGUN
        return self._places[who, place]

    def _question(self, who: int, place: Place) -> Question | None:
        if place is None:
            return None
        known = who, place
        if known not in self._questions:
            self._questions[known] = self._asked(who, place)
        return self._questions[known]

    def _asked(self, who: int, place: tuple[int, ...]) -> Question | None:
        try:
            more = self.participants[who].run(Script((self._pool[id] for id in place), self.quiet))
        except Asked as asked:
            return asked.question
        except DomainError:
            return None
        if more:
            raise Again
        return None

    def _effect(self, contents: int, who: int, place: Place, question: Question) -> tuple[int, int]:
        """The contents afterwards, and the answer."""
        known = contents, who, place
        if known not in self._effects:
            self._effects[known] = self._carried_out(contents, question)
        return self._effects[known]

    def _carried_out(self, contents: int, question: Question) -> tuple[int, int]:
        before = self._contents[contents]
        if isinstance(question, Read):
            return contents, self._id(before.get(question.table, question.key))
        assert not set(map(identity_of, question.writes)) & set(self.quiet), "what is quiet is written"
        after = _copy(before)
        try:
            after.write(question.writes)
        except Cancelled as cancelled:
            return contents, self._id(cancelled.refused)
        return self._kept(after), self._id((False,) * len(question.writes))

    # --- what is the same is kept once

    def _id(self, value: Any) -> int:
        text = json.dumps(value, sort_keys=True)
        if text not in self._ids:
            self._ids[text] = len(self._pool)
            self._pool.append(value)
        return self._ids[text]

    def _kept(self, tables: MemoryTables) -> int:
        identity = frozenset((table, self._id(item)) for table in Table for item in tables.rows(table))
        if identity not in self._contents_ids:
            self._contents_ids[identity] = len(self._contents)
            self._contents.append(tables)
        return self._contents_ids[identity]


def identity_of(write: Write) -> tuple[str, str]:
    key = write.key if isinstance(write, Delete | Increase) else write.item
    return key["PK"], key["SK"]


def _copy(tables: MemoryTables) -> MemoryTables:
    """Items are never changed in place, so the copy shares them."""
    copy = MemoryTables()
    copy._items = {table: dict(items) for table, items in tables._items.items()}
    return copy

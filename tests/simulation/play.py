"""One seed, played: a world is set up, people do what the seed says, and all comes to rest and is checked."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from unittest.mock import patch

from chalicelib import wiring
from chalicelib.adapters.stripe import lists
from chalicelib.domain import batch_plan
from chalicelib.domain.journal import Caller
from chalicelib.entrypoints import batcher
from chalicelib.usecases import batching, claiming, opening, packing
from infra.local.gateway import Gateway
from tests import builders as b
from tests.flows.world import application
from tests.simulation.deeds import DEEDS
from tests.simulation.faults import Faults
from tests.simulation.people import Person
from tests.simulation.stage import Stage
from tests.simulation.world import House, World

ALMOST_MIDNIGHT = datetime(2026, 3, 3, 4, 59, 58, tzinfo=UTC)  # in Montreal
FEW_WRITES, MOST_WRITES = 10, 100  # of a transaction that issues invoices of a batch
A_MOMENT = timedelta(milliseconds=300)  # in which a batch goes on before it is a message again
THROUGH_BOTO = 20  # one seed in so many goes through botocore itself


@dataclass(frozen=True, slots=True)
class Plan:
    """What a seed means, and what was taken out of it to make its history shorter.

    deeds: (place, name) of what people do; budget: how many faults may strike; None as drawn.
    salt: makes other chances of the same seed.
    """

    seed: int
    deeds: tuple[tuple[int, str], ...]
    budget: int | None = None
    kinds: frozenset[str] | None = None
    jumps: tuple[float, ...] = ()
    houses: int = 1
    begins: datetime = b.NOON
    salt: str = ""

    @classmethod
    def of(cls, seed: int, *, only: tuple[str, ...] = ()) -> "Plan":
        """only: the deeds that are drawn from; all, or a few by chance, if none are named."""
        chance = Random(f"{seed}/plan")
        names = only or (tuple(DEEDS) if chance.random() < 0.5 else tuple(chance.sample(list(DEEDS), 2)))
        drawn = chance.choices(names, [DEEDS[name].weight for name in names], k=chance.randint(1, 5))
        jumps = tuple(chance.choice((0.02, 0.5, 3, 30)) for _ in range(chance.randint(0, 4)))
        return cls(
            seed=seed,
            deeds=tuple(enumerate(drawn)),
            jumps=jumps,
            houses=chance.choice((1, 1, 2)),
            begins=chance.choice((b.NOON, ALMOST_MIDNIGHT)),
        )


class Failure(AssertionError):
    """A plan that ends in something that must not be."""

    def __init__(self, plan: Plan, world: World, error: BaseException) -> None:
        super().__init__(f"seed {plan.seed}: {error}")
        self.plan, self.world, self.error = plan, world, error


def play(plan: Plan) -> World:
    """Raises Failure. The process must be on stage."""
    faults = Faults.drawn(Random(f"{plan.seed}{plan.salt}/faults"))
    if plan.budget is not None:
        faults.budget, faults.for_receivers = plan.budget, min(plan.budget, faults.for_receivers)
    if plan.kinds is not None:
        faults.kinds, faults.focused = plan.kinds, True
    app, _ = application()
    world = World(
        seed=f"{plan.seed}{plan.salt}",
        gateway=Gateway(app, clock=count().__next__),
        app=app,
        faults=faults,
        instant=plan.begins,
        through_boto=plan.seed % THROUGH_BOTO == 0,
    )
    Stage.world = world
    at_once = Random(f"{plan.seed}/items at once").choice((2, claiming.AT_ONCE))
    listed = Random(f"{plan.seed}/listed").choice((1, 3, 10))  # by Stripe at once, so that there are pages
    together = Random(f"{plan.seed}/invoices at once").choice((1, 2, 24))  # of a batch, so that there are parts
    try:
        with (
            patch.object(claiming, "AT_ONCE", at_once),
            patch.object(lists, "_AT_ONCE", listed),
            patch.object(batch_plan, "AT_ONCE", together),
            patch.object(batching, "AT_ONCE", together),
            patch.object(packing, "WRITES", MOST_WRITES if together == 24 else FEW_WRITES),
            patch.object(batcher, "RUN_AT_ONCE", A_MOMENT),
            patch.object(batcher, "BREATH_S", 0),
        ):
            _set_up(world, plan)
            world.run()
            world.come_to_rest()
            world.clerk.close()
    except (AssertionError, Exception) as error:
        raise Failure(plan, world, error) from error
    return world


def _set_up(world: World, plan: Plan) -> None:
    chance = Random(f"{world.seed}/houses")
    clients = {house: _clients(world, house) for house in (_house(world, n, chance) for n in range(plan.houses))}
    for place, name in plan.deeds:
        own = Random(f"{world.seed}/deed/{place}")
        house = own.choice(world.houses)
        person, client = Person(world, house, own), own.choice(clients[house])
        deed = DEEDS[name]
        world.waking.deeds.append((name, lambda deed=deed, person=person, client=client: deed.act(person, client)))
    world.waking.jumps.extend(timedelta(days=days) for days in plan.jumps)
    world.calm = False


def _house(world: World, n: int, chance: Random) -> House:
    account = f"acct_{n}"
    world.payers.open_account(account)
    sandbox = chance.random() < 0.2
    business = replace(
        b.a_business(id=wiring.ids("biz"), stripe_account=account, created_at=world.now(), sandbox=sandbox),
        clock=world.now() if sandbox else None,
    )
    store = wiring.store(Caller(business_id=business.id, actor="seed"), sandbox=sandbox)
    opened, key = opening.open_business(
        business, key_name="owner", random=wiring.random_bytes(32), now=world.now(), ids=wiring.ids, store=store
    )
    world.houses.append(House(opened.id, key, account, sandbox))
    return world.houses[-1]


def _clients(world: World, house: House) -> list[str]:
    person = Person(world, house, Random(f"{world.seed}/{house.id}"))
    return [
        person.post("/v1/clients", {"name": name, "email": f"{name}@example.com", "language": "en"})["id"]
        for name in ("marie", "luc")
    ]

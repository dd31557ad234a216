"""A client's stored card at the till, and charging it."""

from datetime import timedelta

from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.usecases import charging, storing
from chalicelib.usecases.charging import Charged, ChargeWish, Hands
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.fakes.wording import PlainWording
from tests.usecases.till import ACCOUNT, BACK, Till


def hands(till: Till, *, real: timedelta = timedelta()) -> Hands:
    return Hands(
        now=till.clock(),
        real_now=till.clock() + real,
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
    )


def stored(till: Till, *, automatic: bool = False, last4: str = "4242") -> None:
    """The client stores a card on the provider's page, and its event arrives."""
    url = storing.ask_for_card(
        b.CLIENT,
        allowed_automatic=automatic,
        wordings=lambda *_: PlainWording(),
        success_url=BACK,
        cancel_url=BACK,
        store=till.store(),
        gateway=till.gateway,
    )
    customer = url.rpartition("/")[2]
    till.gateway.store_card(customer, at=till.clock(), last4=last4)
    learn(till, customer)


def learn(till: Till, customer: str = f"cus_{b.CLIENT}") -> None:
    storing.learn_of_customer(
        customer, account=connected(ACCOUNT), now=till.clock(), store=till.store(), gateway=till.gateway
    )


def client(till: Till) -> Client:
    return till.store().get(Client, b.CLIENT)


def charge(till: Till, invoice: Invoice, **wish: object) -> Charged:
    return charging.charge(invoice.id, ChargeWish(**wish), hands=hands(till))  # type: ignore[arg-type]


def go_on(till: Till, invoice: Invoice, *, later: timedelta = timedelta()) -> None:
    charging.go_on(invoice.id, hands=hands(till, real=later))

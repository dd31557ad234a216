"""What clients do with the cards that a business may keep."""

from typing import Any

from infra.local.stripe import customers
from tests.flows import till
from tests.flows.world import World

LOST = "pm_card_visa_chargeDeclinedLostCard"
POOR = "pm_card_visa_chargeDeclinedInsufficientFunds"
CAREFUL = "pm_card_authenticationRequired"


def stores_card(world: World, client: Any, *, automatic: bool = False, card: str = till.CARD) -> str:
    """The client follows the link and stores a card; its id at the provider. Everything is told and worked off."""
    method = str(world.pay_at_checkout(page(world, client, automatic=automatic), card=card)["payment_method"])
    till.arrived(world)
    return method


def page(world: World, client: Any, *, automatic: bool = False) -> str:
    """The address of the provider's page on which the client stores a card."""
    return str(world.ok("POST", f"/v1/clients/{client['id']}/card", {"automatic": automatic})["url"])


def becomes(world: World, method: str, card: str) -> None:
    """A stored card is lost, or has no money any more."""
    world.stripe.control.card({"payment_method": method, "card": card})


def charge(world: World, invoice: Any, **wish: Any) -> Any:
    return world.ok("POST", f"/v1/invoices/{invoice['id']}/charge", wish).body


def charges_at_the_provider(world: World) -> list[int]:
    """What was really taken, in cents, oldest first."""
    charges = world.stripe.api.books.all(world.house.account, "charge")
    return [charge["amount"] for charge in charges if charge["status"] == "succeeded"]


def kept_at_the_provider(world: World) -> list[str]:
    """The last digits of the cards that are still attached to somebody."""
    methods = world.stripe.api.books.all(world.house.account, "payment_method")
    return [method["card"]["last4"] for method in methods if method["customer"]]


def is_detached(world: World, method: str, *, account: str = "") -> None:
    """Somebody takes a card away in the provider's dashboard."""
    customers.detach(world.stripe.api.shop(account or world.house.account), method, {})

"""Events, as they can be listed for 30 days."""

from infra.local.stripe.books import Object
from infra.local.stripe.shop import Parameters, Shop, page

_KEPT_S = 30 * 86_400


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("event", id)


def events(shop: Shop, _: str, parameters: Parameters) -> Object:
    wanted = set(parameters.get("types", {}).values()) or {parameters.get("type")}
    recent = [event for event in shop.all("event") if shop.now() - event["created"] <= _KEPT_S]
    chosen = [event for event in recent if wanted == {None} or event["type"] in wanted]
    return page(chosen, parameters, url="/v1/events")

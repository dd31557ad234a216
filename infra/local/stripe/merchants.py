"""Merchants on nobody's platform: an account with a restricted key and webhook endpoints of its own."""

import secrets

from infra.local.stripe.api import PLATFORM, Api
from infra.local.stripe.books import MERCHANT, Books, Object
from infra.local.stripe.customers import open_account
from infra.local.stripe.webhooks import Courier, Endpoint


def open_merchant(api: Api, *, account: str, key: str) -> Object:
    """Make an account whose owner has this restricted key; again, the new key ends the old one (it is rolled)."""
    if account not in api.books.accounts():
        open_account(api.shop(PLATFORM), account)
    kept = _kept(api.books, account) or {"id": account, "object": MERCHANT, "endpoints": {}}
    api.keys.pop(kept.get("key", ""), None)
    api.keys[key] = account
    api.books.save(account, kept | {"key": key})
    return {"account": account, "restricted_key": key}


def new_key(books: Books) -> str:
    return f"rk_{'live' if books.livemode else 'test'}_{secrets.token_hex(24)}"


def add_endpoint(api: Api, courier: Courier, *, account: str, url: str) -> Object:
    """Register an address for the account's events; its secret. Again, the secret is rolled: both sign from then on."""
    kept = _kept(api.books, account)
    if kept is None:
        raise ValueError(f"{account} is no merchant")
    secret = f"whsec_{secrets.token_hex(16)}"
    kept["endpoints"][url] = [secret, *kept["endpoints"].get(url, [])[:1]]
    api.books.save(account, kept)
    others = [each for each in courier.endpoints if (each.account, each.url) != (account, url)]
    courier.endpoints = [*others, _endpoint(account, url, kept)]
    return {"secret": secret}


def reopen(api: Api, *, site: str) -> list[Endpoint]:
    """What merchants had before the last stop: their keys open again; their endpoints, on the site as it is now.

    site: what addresses begin with.
    """
    endpoints = []
    for account in api.books.accounts():
        kept = _kept(api.books, account)
        if kept is None:
            continue
        api.keys[kept["key"]] = account
        kept["endpoints"] = {_moved(url, site): signing for url, signing in kept["endpoints"].items()}
        endpoints += [_endpoint(account, url, api.books.save(account, kept)) for url in kept["endpoints"]]
    return endpoints


def _kept(books: Books, account: str) -> Object | None:
    return next(iter(books.all(account, MERCHANT)), None)


def _endpoint(account: str, url: str, kept: Object) -> Endpoint:
    return Endpoint(url=url, secrets=tuple(kept["endpoints"][url]), connect=False, account=account)


def _moved(url: str, site: str) -> str:
    """The same path where the site is served today."""
    return site + "/" + url.split("/", 3)[3] if site and url.count("/") > 2 else url  # noqa: PLR2004 - of scheme://host/

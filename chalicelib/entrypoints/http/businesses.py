"""/v1/business, /v1/keys, /v1/users and /v1/sandbox/clock."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.domain.access import ApiKey, User, require
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Refused
from chalicelib.domain.logo import Logo, made_ready
from chalicelib.entrypoints.http.changing import changed_by
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.businesses import (
    BusinessOut,
    BusinessPatch,
    TaxRateOut,
    TaxRatesOut,
    TaxRatesPatch,
)
from chalicelib.entrypoints.http.shapes.credentials import (
    ClockIn,
    ClockOut,
    KeyIn,
    KeyOut,
    UserIn,
    UserOut,
    UserPatch,
)
from chalicelib.entrypoints.http.shapes.reading import to_rates
from chalicelib.ports import Filter
from chalicelib.usecases import configuring, opening
from chalicelib.usecases.sweeping import move_clock as moving

KEY_BYTES = 32


def _business(call: Call, _: str) -> BusinessOut:
    return _told(call.store.get(Business))


def _told(business: Business) -> BusinessOut:
    return BusinessOut.of(business, public_url=wiring.config().public_url)


@operation("GET", "/business", needs="business.read", answer=BusinessOut)
def get_business(call: Call) -> BusinessOut:
    """The settings of the caller's business."""
    return _told(call.business)


@operation(
    "PATCH",
    "/business",
    needs="business.write",
    body=BusinessPatch,
    answer=BusinessOut,
    refusals=(412, 422),
    again=_business,
)
def change_business(call: Call, body: BusinessPatch) -> BusinessOut:
    """Change settings of the business; what is left out stays. Where payments go, only the owner changes."""
    if body.payments is not None:
        require(call.role, "payments.connect")
    logo = _kept(body, call.business.id)
    changed = configuring.change_business(
        lambda business: changed_by(body, business, logo=logo, today=business.today(call.now)),
        fields=tuple(sorted(body.model_fields_set)),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return _told(changed)


def _kept(body: BusinessPatch, business_id: str) -> Logo | None:
    """The logo that was sent, its file kept under its hash: keeping it again, or for nothing, changes nothing."""
    if body.appearance is None or body.appearance.logo is None:
        return None
    logo, file = made_ready(body.appearance.logo, business_id)
    wiring.files().put(logo.key, file, content_type="application/octet-stream")
    return logo


def _tax_rates(business: Business) -> TaxRatesOut:
    return TaxRatesOut(version=business.version, tax_rates=[TaxRateOut.of(rate) for rate in business.tax_rates])


@operation("GET", "/business/tax-rates", needs="business.read", answer=TaxRatesOut)
def get_tax_rates(call: Call) -> TaxRatesOut:
    """The tax rates of the business."""
    return _tax_rates(call.business)


@operation(
    "PATCH",
    "/business/tax-rates",
    needs="business.write",
    body=TaxRatesPatch,
    answer=TaxRatesOut,
    refusals=(412, 422),
    again=lambda call, _: _tax_rates(call.store.get(Business)),
)
def change_tax_rates(call: Call, body: TaxRatesPatch) -> TaxRatesOut:
    """Replace the tax rates; documents written before keep theirs."""
    rates = to_rates(body.tax_rates)
    changed = configuring.change_business(
        lambda business: replace(business, tax_rates=rates),
        fields=("tax_rates",),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return _tax_rates(changed)


@operation("GET", "/keys", needs="keys.manage", query=PageQuery, answer=Listed[KeyOut])
def list_keys(call: Call) -> Listed[KeyOut]:
    """The API keys, by their last four characters."""
    return listed(call, ApiKey, Filter(), KeyOut.of)


@operation(
    "POST",
    "/keys",
    needs="keys.manage",
    body=KeyIn,
    answer=KeyOut,
    status=201,
    place="/keys",
    again=lambda call, id: KeyOut.of(call.store.get(ApiKey, id)),
    secret=True,
)
def create_key(call: Call, body: KeyIn) -> KeyOut:
    """Make an API key; its secret is in this answer and nowhere else."""
    key, secret = opening.create_key(
        name=body.name,
        role=body.role,
        sandbox=call.business.sandbox,
        random=wiring.random_bytes(KEY_BYTES),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return KeyOut.of(key, secret)


@operation("GET", "/keys/{key_id}", needs="keys.manage", answer=KeyOut, refusals=(404,))
def get_key(call: Call, key_id: str) -> KeyOut:
    """One API key."""
    return KeyOut.of(call.store.get(ApiKey, key_id))


@operation("DELETE", "/keys/{key_id}", needs="keys.manage", status=204, refusals=(404, 409, 412))
def revoke_key(call: Call, key_id: str) -> Answer:
    """Revoke an API key; requests with it are refused from now on."""
    opening.end_key(key_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation("GET", "/users", needs="users.manage", query=PageQuery, answer=Listed[UserOut])
def list_users(call: Call) -> Listed[UserOut]:
    """The people of the business."""
    return listed(call, User, Filter(), UserOut.of)


@operation(
    "POST",
    "/users",
    needs="users.manage",
    body=UserIn,
    answer=UserOut,
    status=201,
    place="/users",
    refusals=(409,),
    again=lambda call, id: UserOut.of(call.store.get(User, id)),
)
def add_user(call: Call, body: UserIn) -> UserOut:
    """Let a person in who signs in with the OIDC provider."""
    issuer = body.issuer or wiring.config().oidc_issuer
    if not issuer:
        raise Refused("oidc_off", "You cannot add users because no OIDC issuer is configured.")
    user = User(
        id=call.ids("usr"),
        issuer=issuer,
        subject=body.subject,
        email=body.email,
        name=body.name,
        role=body.role,
        created_at=call.now,
    )
    added = opening.add_user(user, now=call.now, store=call.store)
    return UserOut.of(added)


@operation("GET", "/users/{user_id}", needs="users.manage", answer=UserOut, refusals=(404,))
def get_user(call: Call, user_id: str) -> UserOut:
    """One person of the business."""
    return UserOut.of(call.store.get(User, user_id))


@operation(
    "PATCH",
    "/users/{user_id}",
    needs="users.manage",
    body=UserPatch,
    answer=UserOut,
    refusals=(404, 412),
    again=lambda call, id: UserOut.of(call.store.get(User, id)),
)
def change_user(call: Call, user_id: str, body: UserPatch) -> UserOut:
    """Give a person another role, or shut them out or let them in again."""
    changed = opening.change_user(
        user_id, role=body.role, disabled=body.disabled, if_match=call.if_match, now=call.now, store=call.store
    )
    return UserOut.of(changed)


@operation("GET", "/sandbox/clock", needs="sandbox.clock", answer=ClockOut, refusals=(409,))
def get_clock(call: Call) -> ClockOut:
    """The time of a sandbox business."""
    if not call.business.sandbox:
        raise Refused("not_a_sandbox", "You cannot read a clock because this business is not a sandbox.")
    return ClockOut(now=call.now, frozen=call.business.clock is not None)


@operation(
    "POST",
    "/sandbox/clock",
    needs="sandbox.clock",
    body=ClockIn,
    answer=ClockOut,
    refusals=(409,),
    again=lambda call, _: ClockOut(now=call.now, frozen=True),
)
def move_clock(call: Call, body: ClockIn) -> ClockOut:
    """Move a sandbox's clock forward; everything due in between happens in order."""
    business = moving(body.now, now=call.now, directory=wiring.directory(), store=call.store, press=wiring.press())
    return ClockOut(now=business.clock or body.now, frozen=True)

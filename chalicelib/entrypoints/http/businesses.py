"""/v1/business, /v1/keys, /v1/users and /v1/sandbox/clock."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib import wiring
from chalicelib.domain import ladder, late_fee
from chalicelib.domain.access import ApiKey, User, require
from chalicelib.domain.business import Business, InvoicingMode, Sending, TaxGroup
from chalicelib.domain.errors import Refused
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.party import Registration
from chalicelib.domain.terms import NetDays
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.businesses import (
    AutomationShape,
    BusinessOut,
    BusinessPatch,
    InvoiceDefaultsShape,
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
from chalicelib.entrypoints.http.shapes.reminders import to_steps
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
    changed = configuring.change_business(
        lambda business: _with(business, body, today=business.today(call.now)),
        fields=tuple(sorted(body.model_fields_set)),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return _told(changed)


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


def _with(business: Business, patch: BusinessPatch, *, today: date) -> Business:
    given = patch.model_fields_set
    plain = {
        "name",
        "legal_name",
        "email",
        "phone",
        "logo",
        "country",
        "currency",
        "time_zone",
        "locale",
    }
    needed = {"name", "country", "currency", "time_zone", "locale"}
    changed: dict[str, Any] = {
        name: getattr(patch, name) for name in given & plain if getattr(patch, name) is not None or name not in needed
    }
    if patch.address is not None:
        changed["address"] = patch.address.address()
    if patch.languages is not None:
        changed["languages"] = tuple(patch.languages)
    if patch.tax_rates is not None:
        changed["tax_rates"] = to_rates(patch.tax_rates)
    if patch.tax_groups is not None:
        changed["tax_groups"] = tuple(TaxGroup(name=one.name, codes=tuple(one.codes)) for one in patch.tax_groups)
    if patch.tax_registrations is not None:
        changed["tax_registrations"] = tuple(
            Registration(name=one.name, number=one.number) for one in patch.tax_registrations
        )
    if patch.numbering is not None:
        changed["numbering"] = replace(business.numbering, **patch.numbering.model_dump(exclude_unset=True))
    if patch.invoice_defaults is not None:
        changed["invoice_defaults"] = replace(business.invoice_defaults, **_defaults(patch.invoice_defaults))
    if patch.automation is not None:
        changed["automation"] = replace(business.automation, **_automation(patch.automation))
    if patch.payments is not None:
        changed["stripe_account"] = patch.payments.stripe_account
    return _reminded(replace(business, **changed), patch, today=today)


def _reminded(business: Business, patch: BusinessPatch, *, today: date) -> Business:
    """The business with what it does about late payers: its reminders, the hours of its mails, and its fees."""
    if patch.reminders is not None:
        steps = ladder.checked(to_steps(patch.reminders), languages=business.languages)
        business = replace(business, reminders=ladder.set_up(business.reminders, steps, today=today))
    if patch.reminder_window is not None:
        business = replace(business, reminder_window=patch.reminder_window.window())
    if "late_fee" in patch.model_fields_set:
        terms = patch.late_fee.terms(business.late_fee, today=today) if patch.late_fee else LateFeeTerms()
        business = replace(business, late_fee=late_fee.checked(terms, country=business.country))
    return business


def _defaults(patch: InvoiceDefaultsShape) -> dict[str, Any]:
    changed: dict[str, Any] = {name: getattr(patch, name) for name in patch.model_fields_set & {"notes", "terms"}}
    changed |= {name: value for name in ("template", "rounding") if (value := getattr(patch, name)) is not None}
    if patch.due_terms is not None:
        changed["due"] = patch.due_terms.due_terms()
    elif patch.due_days is not None:
        changed["due"] = NetDays(days=patch.due_days)
    return changed


def _automation(patch: AutomationShape) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if patch.invoice_on_quote_approval is not None:
        changed["invoice_on_quote_approval"] = InvoicingMode(patch.invoice_on_quote_approval)
    if patch.send is not None:
        changed["send"] = Sending(patch.send)
    if patch.auto_charge is not None:
        changed["auto_charge"] = patch.auto_charge
    if patch.remind is not None:
        changed["remind"] = patch.remind
    return changed


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
    business = moving(
        body.now, now=call.now, directory=wiring.directory(), store=call.store, wordings=wiring.wording
    )
    return ClockOut(now=business.clock or body.now, frozen=True)

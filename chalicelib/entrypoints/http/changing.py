"""The settings of a business as a request wants them."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain import ladder, late_fee
from chalicelib.domain.business import Business, InvoicingMode, Sending, TaxGroup
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.logo import Logo
from chalicelib.domain.terms import NetDays
from chalicelib.entrypoints.http.shapes.businesses import AutomationShape, BusinessPatch, InvoiceDefaultsShape
from chalicelib.entrypoints.http.shapes.legal import to_registrations
from chalicelib.entrypoints.http.shapes.reading import to_rates
from chalicelib.entrypoints.http.shapes.reminders import to_steps


def changed_by(patch: BusinessPatch, business: Business, *, logo: Logo | None, today: date) -> Business:
    """The business as it is wanted; what is left out stays. Raises Invalid.

    logo: the one that was sent, whose file is kept.
    """
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
    changed |= _lists(patch) | _parts(patch, business, logo)
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


def _lists(patch: BusinessPatch) -> dict[str, Any]:
    """What is given whole, or not at all."""
    changed: dict[str, Any] = {}
    if patch.address is not None:
        changed["address"] = patch.address.address()
    if patch.languages is not None:
        changed["languages"] = tuple(patch.languages)
    if patch.tax_rates is not None:
        changed["tax_rates"] = to_rates(patch.tax_rates)
    if patch.tax_groups is not None:
        changed["tax_groups"] = tuple(TaxGroup(name=one.name, codes=tuple(one.codes)) for one in patch.tax_groups)
    if patch.tax_registrations is not None:
        changed["tax_registrations"] = to_registrations(patch.tax_registrations)
    if patch.payments is not None:
        changed["stripe_account"] = patch.payments.stripe_account
    return changed


def _parts(patch: BusinessPatch, business: Business, logo: Logo | None) -> dict[str, Any]:
    """What may be given in part."""
    changed: dict[str, Any] = {}
    if patch.numbering is not None:
        changed["numbering"] = replace(business.numbering, **patch.numbering.model_dump(exclude_unset=True))
    if patch.invoice_defaults is not None:
        changed["invoice_defaults"] = replace(business.invoice_defaults, **_defaults(patch.invoice_defaults))
    if patch.automation is not None:
        changed["automation"] = replace(business.automation, **_automation(patch.automation))
    if patch.appearance is not None:
        changed["appearance"] = replace(business.appearance, **patch.appearance.given(logo))
    if patch.legal is not None:
        currency = patch.currency or business.currency
        changed["legal"] = replace(business.legal, **patch.legal.joined_to(business.legal, currency=currency))
    if patch.e_invoicing is not None:
        changed["e_invoicing"] = replace(business.e_invoicing, **patch.e_invoicing.changed())
    if patch.accounting is not None:
        changed["accounting"] = patch.accounting.charts(business.accounting)
    return changed

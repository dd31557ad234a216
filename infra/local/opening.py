"""The local run's own business: opened once per data folder, a plumber in Montreal with both taxes set up."""

import json
import secrets
from decimal import Decimal
from pathlib import Path

from chalicelib import wiring
from chalicelib.domain.access import SECRET_BYTES
from chalicelib.domain.business import Automation, Business, InvoicingMode, Numbering, Sending
from chalicelib.domain.journal import Caller
from chalicelib.domain.party import Address
from chalicelib.domain.tax import TaxRate
from chalicelib.usecases import opening
from infra.local.control import Identity
from infra.local.surroundings import STRIPE_ACCOUNT


def identity(data: Path, *, url: str) -> Identity:
    """The business of this folder and its owner's key; the first time they are made."""
    path = data / "business.json"
    if not path.exists():
        business_id, api_key = _open()
        path.touch(mode=0o600)
        path.write_text(json.dumps({"business_id": business_id, "api_key": api_key}))
    return Identity(url=url, **json.loads(path.read_text()))


def _open() -> tuple[str, str]:
    business = _business(wiring.ids("biz"))
    store = wiring.store(Caller(business_id=business.id, actor="local run"), sandbox=True)
    opened, api_key = opening.open_business(
        business,
        key_name="Local run",
        random=secrets.token_bytes(SECRET_BYTES),
        now=wiring.now(),
        ids=wiring.ids,
        store=store,
    )
    return opened.id, api_key


def _business(business_id: str) -> Business:
    return Business(
        id=business_id,
        name="Plomberie Tremblay",
        legal_name="Plomberie Tremblay inc.",
        country="CA",
        currency="CAD",
        time_zone="America/Toronto",
        address=Address(
            lines=("123 rue Principale",), city="Montréal", region="QC", postal_code="H2X 1Y4", country="CA"
        ),
        email="bureau@plomberie.example",
        phone="+1 514 555 0100",
        locale="fr-CA",
        languages=("fr", "en"),
        tax_rates=(
            TaxRate(code="TPS", name="TPS", rate_percent=Decimal(5), registration_number="123456789 RT0001"),
            TaxRate(code="TVQ", name="TVQ", rate_percent=Decimal("9.975"), registration_number="1234567890 TQ0001"),
        ),
        numbering=Numbering(prefix="F-"),
        automation=Automation(invoice_on_quote_approval=InvoicingMode.PER_INSTALMENT, send=Sending.ON_DATE),
        stripe_account=STRIPE_ACCOUNT,
        sandbox=True,
        created_at=wiring.now(),
    )

"""What the environment says; read once, and only here."""

import os

from chalicelib.domain.errors import Refused
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are, and the names of secrets.

    heads_bucket: where what is put cannot be changed; empty: no heads of chains are kept.
    events_take_s: so long the provider has to tell of something before it is asked; less where people try things.
    local_webhooks: events may be posted to this very machine, over http; never where strangers are served.
    """

    core_table: str
    journal_table: str
    ops_table: str
    documents_bucket: str
    heads_bucket: str
    documents_queue_url: str
    payments_queue_url: str
    hooks_queue_url: str
    batches_queue_url: str
    sender: str
    configuration_set: str
    public_url: str
    stripe_api_base: str
    quickbooks_base: str
    xero_base: str
    oidc_issuer: str
    oidc_audience: str
    local_webhooks: bool
    events_take_s: int
    preload: str


def from_environment() -> Settings:
    return Settings(
        core_table=os.environ.get("CORE_TABLE", "core"),
        journal_table=os.environ.get("JOURNAL_TABLE", "journal"),
        ops_table=os.environ.get("OPS_TABLE", "ops"),
        documents_bucket=os.environ.get("DOCUMENTS_BUCKET", "documents"),
        heads_bucket=os.environ.get("HEADS_BUCKET", ""),
        documents_queue_url=os.environ.get("DOCUMENTS_QUEUE_URL", ""),
        payments_queue_url=os.environ.get("PAYMENTS_QUEUE_URL", ""),
        hooks_queue_url=os.environ.get("HOOKS_QUEUE_URL", ""),
        batches_queue_url=os.environ.get("BATCHES_QUEUE_URL", ""),
        sender=os.environ.get("SENDER", ""),
        configuration_set=os.environ.get("CONFIGURATION_SET", ""),
        public_url=os.environ.get("PUBLIC_URL", "").rstrip("/"),
        stripe_api_base=os.environ.get("STRIPE_API_BASE", ""),
        quickbooks_base=os.environ.get("QUICKBOOKS_BASE", "").rstrip("/"),
        xero_base=os.environ.get("XERO_BASE", "").rstrip("/"),
        oidc_issuer=os.environ.get("OIDC_ISSUER", ""),
        oidc_audience=os.environ.get("OIDC_AUDIENCE", ""),
        local_webhooks=os.environ.get("LOCAL_WEBHOOKS") == "allowed",
        events_take_s=int(os.environ.get("EVENTS_TAKE_S", "300")),
        preload=os.environ.get("PRELOAD", ""),
    )


def secret_place(name: str) -> tuple[str | None, str | None]:
    """A secret's own value (local runs, tests), or the ARN under which Secrets Manager keeps it."""
    return os.environ.get(name), os.environ.get(f"{name}_ARN")


def missing_secret(name: str) -> Refused:
    return Refused("secret_missing", f"You cannot go on because neither {name} nor {name}_ARN is set.")

"""Who stands behind each port.

Adapters are imported inside the functions, so a Lambda function pays only for those it
asks for. ``preload()`` moves that cost into its init phase.
"""

import gc
import os
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from chalicelib import settings
from chalicelib.adapters.dynamodb import codec, feed
from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.requests import REMEMBERED_S, Request
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import DynamoTables, Table
from chalicelib.domain.audit import Audit
from chalicelib.domain.business import Business
from chalicelib.domain.export_format import Target
from chalicelib.domain.feed import Told
from chalicelib.domain.ids import ULID_RANDOM_BYTES, new_id
from chalicelib.domain.journal import Caller, Envelope
from chalicelib.domain.reconciliation import Round
from chalicelib.domain.wording import Wording
from chalicelib.ports import (
    Accounting,
    Courier,
    EInvoices,
    Files,
    Gateway,
    Mailer,
    Press,
    Queue,
    Renderer,
    Seal,
    Sheets,
    TokenVerifier,
    Writer,
)
from chalicelib.ports.pictures import Pictures

BusinessStore = DynamoStore
Repeatable = Request
REQUESTS_ARE_REMEMBERED_S = REMEMBERED_S

config = cache(settings.from_environment)


def now(business: Business | None = None) -> datetime:
    """The time; a sandbox business may have its own."""
    if business and business.clock:
        return business.clock
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the clock


def random_bytes(count: int) -> bytes:
    return os.urandom(count)


def ids(prefix: str) -> str:
    """A new id; ids sort by the real time at which they were made, also under a sandbox's clock."""
    return new_id(prefix, at=now(), random=random_bytes(ULID_RANDOM_BYTES))


def store(caller: Caller, *, sandbox: bool = False, request: Repeatable | None = None) -> BusinessStore:
    return BusinessStore(tables=tables(), caller=caller, sandbox=sandbox, request=request)


def envelope_in(record: Mapping[str, Any]) -> Envelope | None:
    """The event that a record of the journal's stream announces."""
    return feed.envelope_in(record)


def place_wanted_by(record: Mapping[str, Any]) -> tuple[str, Told] | None:
    """A record of the journal's stream as an event that has no place in the feed yet, and whose it is."""
    return feed.place_wanted_by(record)


def audit_in(text: str) -> Audit:
    """An audit on its way, as ``packed`` wrote it."""
    return codec.loads(Audit, text)


def round_in(text: str) -> Round:
    """A comparison on its way, as ``packed`` wrote it."""
    return codec.loads(Round, text)


def packed(work: Audit | Round) -> str:
    return codec.dumps(work)


def directory() -> DynamoDirectory:
    return DynamoDirectory(tables=tables())


@cache
def tables() -> DynamoTables:
    names = {Table.CORE: config().core_table, Table.JOURNAL: config().journal_table, Table.OPS: config().ops_table}
    return DynamoTables(client=aws("dynamodb"), names=names, sleep=time.sleep)


@cache
def files() -> Files:
    from chalicelib.adapters.s3 import S3Files

    return S3Files(bucket=config().documents_bucket, client=aws("s3"))


@cache
def heads() -> Files | None:
    """Where the heads of chains are kept, and nobody can change them; None where there is no such place."""
    from chalicelib.adapters.s3 import S3Files

    return S3Files(bucket=config().heads_bucket, client=aws("s3")) if config().heads_bucket else None


@cache
def accounting(target: Target) -> Accounting:
    """The program that a business connected; its clients and its tokens are the business's own."""
    from chalicelib.adapters.accounting import QuickBooks, Xero

    if target is Target.XERO:
        return Xero(base=config().xero_base)
    return QuickBooks(base=config().quickbooks_base)


@cache
def sheets() -> Sheets:
    from chalicelib.adapters.sheets import XlsxSheets

    return XlsxSheets()


@cache
def mailer() -> Mailer:
    from chalicelib.adapters.ses import SesMailer

    return SesMailer(sender=config().sender, client=aws("ses"))


@cache
def writer() -> Writer:
    from chalicelib.adapters.letters import LetterWriter

    return LetterWriter(wording=wording)


@cache
def renderer() -> Renderer:
    from chalicelib.adapters.pdf import PdfRenderer

    return PdfRenderer(fetch=lambda key: files().get(key))


def press() -> Press:
    return Press(renderer=renderer, wordings=wording, e_invoices=e_invoices)


@cache
def pictures() -> Pictures:
    from chalicelib.adapters.pictures import PdfiumPictures

    return PdfiumPictures()


@cache
def e_invoices() -> EInvoices:
    from chalicelib.adapters.e_invoices import FacturXInvoices

    return FacturXInvoices()


@cache
def gateway() -> Gateway:
    from chalicelib.adapters.stripe.gateway import StripeGateway

    return StripeGateway(platform_key=secret("STRIPE_API_KEY"), seal=seal, api_base=config().stripe_api_base)


def seal() -> Seal:
    """Not kept: its keys may be rolled."""
    from chalicelib.adapters.sealing import FernetSeal

    return FernetSeal(_several("SEALING_KEYS"))


def wording(language: str, country: str | None) -> Wording:
    from chalicelib.adapters import wording as wordings

    return wordings.wording(language, country)


@cache
def access_tokens() -> TokenVerifier:
    from chalicelib.adapters.oidc import AccessTokens, fetch_json

    audiences = [audience.strip() for audience in config().oidc_audience.split(",")]
    return AccessTokens(issuer=config().oidc_issuer, audiences=audiences, fetch=fetch_json)


@cache
def documents() -> Queue:
    from chalicelib.adapters.sqs import SqsQueue

    return SqsQueue(url=config().documents_queue_url, client=aws("sqs"))


@cache
def payments() -> Queue:
    from chalicelib.adapters.sqs import SqsQueue

    return SqsQueue(url=config().payments_queue_url, client=aws("sqs"))


@cache
def hooks() -> Queue:
    """First in, first out for each group; the same body within five minutes is taken once."""
    from chalicelib.adapters.sqs import SqsQueue

    return SqsQueue(url=config().hooks_queue_url, client=aws("sqs"))


@cache
def batches() -> Queue:
    """First in, first out for each business."""
    from chalicelib.adapters.sqs import SqsQueue

    return SqsQueue(url=config().batches_queue_url, client=aws("sqs"))


@cache
def courier() -> Courier:
    from chalicelib.adapters.courier import HttpsCourier

    return HttpsCourier(locally=config().local_webhooks)


SECRETS_ARE_KEPT_S = 300


def secret(name: str) -> str:
    """A secret from the environment, or from Secrets Manager; asked for again after five minutes: it may be rolled.

    Raises Refused (``secret_missing``): nothing runs unsigned or unverified for want of a secret.
    """
    return _secret(name, int(time.monotonic() // SECRETS_ARE_KEPT_S))


@lru_cache(maxsize=16)
def _secret(name: str, _spell: int) -> str:
    value, arn = settings.secret_place(name)
    if value is None and arn:
        value = aws("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    if not value:
        raise settings.missing_secret(name)
    return str(value)


def livemode() -> bool:
    """Whether real money moves here, as the provider's key says; events of the other mode are not ours."""
    return "_live_" in secret("STRIPE_API_KEY")


def webhook_secrets() -> Sequence[str]:
    """The endpoint secrets that are valid now; two while one is being rolled."""
    return _several("STRIPE_WEBHOOK_SECRETS")


def _several(name: str) -> tuple[str, ...]:
    """The parts of a secret that is a list, the newest first."""
    return tuple(filter(None, map(str.strip, secret(name).split(","))))


@cache
def aws(service: str) -> Any:  # noqa: ANN401 - boto3's clients have no types
    import boto3
    from botocore.config import Config

    options = Config(
        max_pool_connections=64,
        retries={"mode": "standard"},
        user_agent="quittance",  # botocore's own is put together anew for every call, at a quarter of the call's cost
    )
    return boto3.client(service, config=options)


def preload() -> None:
    """Build now what PRELOAD names, e.g. ``PRELOAD=tables,renderer``; no collection of garbage looks at it again."""
    for name in filter(None, config().preload.split(",")):
        globals()[name]()
    gc.freeze()  # boto3's descriptions of AWS alone take each full collection some 60 ms

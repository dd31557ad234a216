"""Whatever has a version and a history of its own."""

from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.audit import Audit
from chalicelib.domain.batch import Batch
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook

Entity = (
    AgreedPrice
    | ApiKey
    | Audit
    | Batch
    | Business
    | CatalogueEntry
    | Client
    | Connection
    | Contract
    | CreditNote
    | Export
    | Invoice
    | Item
    | Job
    | OwnLetter
    | Payment
    | Payout
    | Plan
    | Quote
    | Refund
    | Reminder
    | SalesDocument
    | Tally
    | User
    | Visit
    | Webhook
)

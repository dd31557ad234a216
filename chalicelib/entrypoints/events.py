"""What wakes us besides HTTP: the journal's stream, the queues, the clock, and the mail provider's news."""

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent, Cron, DynamoDBEvent, Rate, SQSEvent

from chalicelib import wiring
from chalicelib.domain.texts import legible
from chalicelib.entrypoints import batcher, metrics, posts, reactions, reconciler, workers
from chalicelib.entrypoints.runtime import each_record, logger, observed
from chalicelib.usecases.sweeping import sweep as sweep_all

blueprint = Blueprint(__name__)

EVERY_MINUTE = Rate(1, unit=Rate.MINUTES)
EVERY_QUARTER = Rate(15, unit=Rate.MINUTES)
EVERY_NIGHT = Cron(17, 3, "*", "*", "?", "*")  # UTC; off the hour, when everybody's clocks strike
STREAM = "arn:aws:dynamodb:ca-central-1:000000000000:table/journal/stream/placeholder"
DOCUMENTS = "arn:aws:sqs:ca-central-1:000000000000:documents"
PAYMENTS = "arn:aws:sqs:ca-central-1:000000000000:payments"
HOOKS = "arn:aws:sqs:ca-central-1:000000000000:hooks.fifo"
BATCHES = "arn:aws:sqs:ca-central-1:000000000000:batches.fifo"
"""Placeholders: resources.yaml puts the real ones in, since Chalice cannot refer to what it did not make."""

MAIL_NEWS = {
    "source": ["aws.ses"],
    "detail-type": ["Email Bounced", "Email Rejected", "Email Delivered", "Email Rendering Failed"],
}
LONGEST_REASON = 500
OUTCOMES = {"Email Bounced": "bounced", "Email Delivered": "delivered"}


@blueprint.on_dynamodb_record(stream_arn=STREAM, batch_size=100, starting_position="TRIM_HORIZON", name="react")
@observed
def react(batch: DynamoDBEvent) -> Any:  # noqa: ANN401 - Lambda's partial answer
    """Tell each event of the journal to the outside and follow it up; what fails comes again, in order."""
    records = batch.to_dict()["Records"]
    telling = posts.Telling.of(records)

    def tell_and_follow(record: dict[str, Any]) -> None:
        telling.tell(record)
        reactions.follow(record)

    answer = each_record(records, tell_and_follow, id_of="SequenceNumber")
    telling.wake_webhooks()
    return answer


@blueprint.on_sqs_message(queue_arn=DOCUMENTS, batch_size=5, name="deliver")
@observed
def deliver(batch: SQSEvent) -> Any:  # noqa: ANN401
    """Draw, keep and mail documents, and tell people what happened."""
    return each_record(batch.to_dict()["Records"], workers.deliver, id_of="messageId")


@blueprint.on_sqs_message(queue_arn=PAYMENTS, batch_size=5, name="settle")
@observed
def settle(batch: SQSEvent) -> Any:  # noqa: ANN401
    """Book what the payment provider says, and close pages that must not be paid any more."""
    return each_record(batch.to_dict()["Records"], workers.settle, id_of="messageId")


@blueprint.on_sqs_message(queue_arn=HOOKS, batch_size=1, name="notify")
@observed
def notify(batch: SQSEvent) -> Any:  # noqa: ANN401
    """Post what a webhook was not told yet."""
    return each_record(batch.to_dict()["Records"], posts.notify, id_of="messageId")


@blueprint.on_sqs_message(queue_arn=BATCHES, batch_size=1, name="run")
@observed
def run(batch: SQSEvent) -> Any:  # noqa: ANN401
    """Go on with a batch of invoices: draft them, issue them."""
    return each_record(batch.to_dict()["Records"], batcher.run, id_of="messageId")


@blueprint.schedule(EVERY_MINUTE, name="sweep")
@observed
def sweep(tick: CloudWatchEvent) -> None:  # noqa: ARG001
    """Do what has become due, for every business by its own clock."""
    swept = sweep_all(
        now=wiring.now(),
        directory=wiring.directory(),
        store_of=reactions.store_of,
        clock_of=wiring.now,
        post=posts.wake_again,
        press=wiring.press(),
    )
    logger.info("swept", count=swept.done, failed=len(swept.failed))
    for due, code in swept.failed:
        logger.warning("not done", kind=due.kind, business=due.business_id, id=due.id, code=code)
    if not_billed := sum(due.kind == "bill_plan" for due, _ in swept.failed):
        metrics.count("PlansNotBilled", not_billed, at=wiring.now())


@blueprint.schedule(EVERY_QUARTER, name="reconcile")
@observed
def reconcile(tick: CloudWatchEvent) -> None:  # noqa: ARG001
    """Have every payment account compared with what the provider says of it; where each stands is kept with it."""
    logger.info("comparisons asked for", count=reconciler.ask())


@blueprint.schedule(EVERY_NIGHT, name="audit")
@observed
def audit(tick: CloudWatchEvent) -> None:  # noqa: ARG001
    """Have the books of every business gone through; each is a message of its own, and comes again if it fails."""
    count = 0
    for business_id in wiring.directory().businesses():
        wiring.documents().put({"deed": "audit", "business": business_id, "id": business_id}, group=business_id)
        count += 1
    logger.info("audits asked for", count=count)


@blueprint.on_cw_event(MAIL_NEWS, name="bounced")
@observed
def bounced(event: CloudWatchEvent) -> None:
    """Queue what became of a mail: the news may be quicker than our own note of its sending, and must wait for it."""
    said = event.to_dict()
    mail = said["detail"]["mail"]
    tags = mail.get("tags", {})
    if not tags.get("business") or not tags.get("document"):
        logger.info("mail of no document", mail=mail["messageId"])
        return
    business = tags["business"][0]
    news = {
        "deed": "news",
        "business": business,
        "id": tags["document"][0],
        "message": mail["messageId"],
        "outcome": OUTCOMES.get(said["detail-type"], "failed"),
        "reason": _reason(said["detail"]),
    }
    wiring.documents().put(news, group=business)


def _reason(detail: dict[str, Any]) -> str:
    """The mail server's own words where there are some."""
    bounce = detail.get("bounce", {})
    words = [recipient.get("diagnosticCode", "") for recipient in bounce.get("bouncedRecipients", [])]
    given = "; ".join(filter(None, words)) or bounce.get("bounceType", "") or detail.get("reject", {}).get("reason", "")
    return legible(str(given), longest=LONGEST_REASON) or "rejected"

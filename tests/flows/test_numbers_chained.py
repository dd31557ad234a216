"""Numbers as links of a chain that anybody can check offline, without us."""

import json
from hashlib import sha256

import pytest

from infra import verify
from infra.local.clock import scheduled

CHAIN = "/v1/reports/numbers/invoice/chain"


def links(world, path=CHAIN):
    """Every link of a chain, read a page at a time."""
    found, more = [], f"{path}?limit=2"
    while more:
        page = world.ok("GET", more)
        found += page["data"]
        cursor = page["next_cursor"]
        more = f"{path}?limit=2&cursor={cursor}" if cursor else None
    return found


@pytest.mark.row("Part4-6")
def test_every_number_is_a_link_that_can_be_checked_without_us(world):
    invoices = [world.invoice() for _ in range(3)]
    world.ok("POST", f"/v1/invoices/{invoices[1]['id']}/void", {"reason": "twice"})
    world.ok("POST", f"/v1/invoices/{invoices[2]['id']}/credit-notes", {"reason": "broken"})
    world.settle()

    chain, notes = links(world), links(world, "/v1/reports/numbers/credit_note/chain")

    assert [one["number"] for one in chain] == ["00003", "00002", "00001"]
    assert [*verify.unsound(chain), *verify.unsound(notes)] == []
    assert '"buyer"' in chain[0]["content"]
    assert (len(notes), notes[0]["total"]) == (1, invoices[2]["total"])


@pytest.mark.row("Part4-6")
def test_a_number_holds_the_hash_of_its_pdf_before_anybody_keeps_that(world):
    invoice = world.invoice()
    (given,) = links(world)
    world.settle()

    (link,) = links(world)

    pdf = world.ok("GET", f"/v1/invoices/{invoice['id']}/pdf").raw
    assert (given["pdf_sha256"], given["kept_pdf_sha256"]) == (sha256(pdf).hexdigest(), None)
    assert link == given | {"kept_pdf_sha256": given["pdf_sha256"]}
    assert verify.compared_pdfs([link], {"00001.pdf": link["pdf_sha256"]}) == (1, [])


def test_only_what_is_issued_is_chained(world):
    quote = world.quote()
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})

    assert links(world, "/v1/reports/numbers/quote/chain") == []
    assert world.api("GET", "/v1/reports/numbers/unknown/chain").problem == (422, "unknown_series")


@pytest.mark.row("Part4-6")
def test_every_night_the_newest_hashes_are_put_where_nobody_can_change_them(world):
    world.invoice()
    world.settle()

    for _ in range(2):  # a night that comes twice puts the same
        world.wake("audit", scheduled("audit", world.time.instant))
        world.settle()

    (link,) = links(world)
    (head,) = kept_heads(world)
    assert head["links"] == [{name: link[name] for name in ("series", "number", "hash")}]
    assert (head["business"], head["form"]) == (world.house.id, "quittance head 1")
    assert [*verify.unlike_heads([link], head["links"])] == []


def kept_heads(world):
    s3, bucket = world.aws.client("s3"), world.aws.environment["HEADS_BUCKET"]
    begins = f"{world.house.id}/"
    found = s3.list_objects_v2(Bucket=bucket, Prefix=begins).get("Contents", [])
    return [json.loads(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()) for one in found]

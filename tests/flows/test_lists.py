"""Lists: walked page by page while others write, and filtered."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def walk(world, path, limit, between=lambda: None):
    """The ids on all pages; ``between`` happens after each page."""
    ids, cursor = [], None
    while True:
        page = world.ok("GET", f"{path}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        ids += [row["id"] for row in page["data"]]
        between()
        cursor = page["next_cursor"]
        if cursor is None:
            return ids


def made(world, count, client):
    with ThreadPoolExecutor(8) as pool:
        return {draft["id"] for draft in pool.map(lambda _: world.draft(client), range(count))}


@pytest.mark.row("C54", "P21")
def test_every_old_row_is_seen_once_while_new_ones_are_written(world):
    client = world.client()
    old = made(world, 120, client)
    new = []

    seen = walk(world, "/v1/invoices?", 7, between=lambda: new.extend(world.draft(client)["id"] for _ in range(3)))

    assert len(new) > 40
    assert len(seen) == len(set(seen))
    assert old <= set(seen)
    assert set(seen) <= old | set(new)


@pytest.mark.row("C54")
@pytest.mark.parametrize("filtered", ["status=issued&", "q=gagnon&", "client_id={client}&"])
def test_every_old_row_of_a_filter_is_seen_once(world, filtered):
    client, other = world.client(), world.client(name="Jean Roy")
    wanted = set()
    for n in range(24):
        if n % 3 == 0:
            wanted.add(world.invoice(client)["id"])
        else:
            world.draft(other)

    seen = walk(world, f"/v1/invoices?{filtered.format(client=client['id'])}", 2, between=lambda: world.draft(other))

    assert len(seen) == len(set(seen))
    assert set(seen) == wanted


@pytest.mark.row("C54")
def test_a_row_deleted_meanwhile_makes_no_other_one_vanish(world):
    client = world.client()
    drafts = [world.draft(client)["id"] for _ in range(12)]
    doomed = iter(drafts[::-1])

    seen = walk(world, "/v1/invoices?", 3, between=lambda: world.api("DELETE", f"/v1/invoices/{next(doomed)}"))

    assert seen == drafts[::-1]


def test_lists_are_newest_first(world):
    client = world.client()
    drafts = [world.draft(client)["id"] for _ in range(5)]

    assert walk(world, "/v1/invoices?", 2) == drafts[::-1]


@pytest.mark.row("C54")
def test_a_cursor_of_another_query_or_no_cursor_at_all_is_refused(world):
    for _ in range(3):
        world.client()
    cursor = world.ok("GET", "/v1/clients?limit=1")["next_cursor"]

    for query in (f"clients?limit=1&q=x&cursor={cursor}", f"invoices?limit=1&cursor={cursor}", "clients?cursor=abc"):
        assert world.api("GET", f"/v1/{query}").status == 422
    tampered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    assert world.api("GET", f"/v1/clients?limit=1&cursor={tampered}").status == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "from=2026-02-30", "unknown=1"])
def test_a_query_that_makes_no_sense_is_refused(world, query):
    assert world.api("GET", f"/v1/invoices?{query}").status == 422


@pytest.mark.row("P3", "P4", "P5", "P6", "P7", "P35")
def test_documents_are_found_by_the_job_they_belong_to(world):
    client = world.client()
    quote = world.quote(client, invoicing={"mode": "single"})
    bathroom = quote["job_id"]
    world.approve(quote)
    world.settle()
    extra = world.draft(client, job_id=bathroom)
    world.draft(client)
    linked = world.ok("PATCH", f"/v1/invoices/{world.draft(client)['id']}", {"job_id": bathroom})

    (generated,) = world.invoices_of(quote)
    found = world.ok("GET", f"/v1/invoices?job_id={bathroom}")["data"]

    assert {invoice["id"] for invoice in found} == {generated["id"], extra["id"], linked["id"]}
    assert [one["id"] for one in world.ok("GET", f"/v1/quotes?job_id={bathroom}")["data"]] == [quote["id"]]


@pytest.mark.row("P21")
def test_the_grid_is_filtered_as_the_api_says(world):
    marie, jean = world.client(), world.client(name="Jean Roy")
    first, second = world.invoice(marie), world.invoice(jean)
    world.time.pass_(days=10)
    third = world.draft(marie, purchase_order="PO-9")

    def found(query):
        return [invoice["id"] for invoice in world.ok("GET", f"/v1/invoices?{query}")["data"]]

    assert found("number=00002") == [second["id"]]
    assert found("q=roy") == [second["id"]]
    assert found("from=2026-03-05") == [third["id"]]
    assert found("to=2026-03-05") == [second["id"], first["id"]]
    assert found("due_before=2026-04-02&status=issued") == [first["id"], second["id"]]
    assert found("status=draft") == [third["id"]]
    assert found(f"client_id={marie['id']}") == [third["id"], first["id"]]

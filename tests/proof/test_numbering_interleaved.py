"""The numbering under every interleaving of its writers, with deaths before and after every step, without end.

Each step is a read of one item or one transaction, carried out by the product's own store. In every state that can be
reached the numbers are 1 to next - 1, without a gap or a double, borne one to one, in the order of their dates; and
from every state all can end, though nobody dies any more.
"""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.business import Numbering
from tests.proof import issuing
from tests.proof.interleaving import Broken
from tests.proof.issuing import Writer, cancellation, click, sweep
from tests.proof.numbers import explored

SYLVESTER = datetime(2026, 12, 31, 17, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 17, tzinfo=UTC)
YEARLY = Numbering(yearly_reset=True)


def writer(batch, *, most=2, again=False, kind=Writer):
    return kind(batch=batch, most=most).participant(f"the {'second ' if again else ''}writer of {batch}")


def both(batch, **more):
    """The writer of a batch, and the same once more: its message was delivered twice."""
    return writer(batch, **more), writer(batch, again=True, **more)


def shown(what):
    """For ``pytest -rP``: how many states were seen, or the shortest way to what is wrong."""
    print(what)  # noqa: T201
    return what


# --- the product's own use-cases; contents: how many different states the tables can come to


def test_clicks_and_sweeps_on_the_same_drafts_number_each_once():
    seen = shown(explored(click("a"), click("a"), sweep("a"), click("b"), drafts="a b"))
    assert seen.contents == 8


def test_clicks_and_the_sweep_across_new_year_begin_again_at_one():
    who = click("a"), click("b"), sweep("c")
    seen = shown(explored(*who, drafts="a b c", today=SYLVESTER, tomorrow=NEW_YEAR, numbering=YEARLY))
    assert seen.contents == 95


# --- with batch writers


def test_two_batch_writers_and_a_click():
    batches = {"x": "x1 x2 x3", "y": "y1 y2 y3"}
    seen = shown(explored(writer("x"), writer("y"), click("c"), drafts="c", batches=batches))
    assert seen.contents == 236


def test_a_batch_writer_that_runs_twice_another_one_and_a_click():
    seen = shown(explored(*both("x"), writer("y"), click("c"), drafts="c", batches={"x": "x1 x2", "y": "y1"}))
    assert seen.contents == 46


def test_a_click_on_a_draft_of_the_batch():
    seen = shown(explored(*both("x"), click("x2"), batches={"x": "x1 x2 x3"}))
    assert seen.contents == 7


def test_a_batch_that_is_cancelled_on_the_way_stays_as_the_canceller_was_told():
    seen = shown(explored(*both("x", most=1), cancellation("x"), batches={"x": "x1 x2"}))
    assert seen.contents == 7


@pytest.mark.parametrize(
    "numbering", [pytest.param(YEARLY, id="beginning again"), pytest.param(Numbering(), id="going on")]
)
def test_a_day_that_ends_on_the_way(numbering):
    who = writer("x", most=1), click("c")
    days = {"today": SYLVESTER, "tomorrow": NEW_YEAR}
    seen = shown(explored(*who, drafts="c", batches={"x": "x1 x2"}, numbering=numbering, **days))
    assert seen.contents == 66


# --- what would be wrong is found


CLICK = [click("x1")]
PLANTED = [
    pytest.param(
        issuing.TakesNumbersFirst,
        CLICK,
        "the counter is not after the last number",
        id="the counter moved in a write of its own before",
    ),
    pytest.param(
        issuing.MovesTheCounterLater,
        CLICK,
        "the counter is not after the last number",
        id="the counter moved in a write of its own after",
    ),
    pytest.param(
        issuing.OverwritesNumbers,
        CLICK,
        "two invoices bear one number",
        id="the number taken before, on no condition",
    ),
    pytest.param(
        issuing.OverwritesHeads, CLICK, "the register is not what is borne", id="no condition on the head's version"
    ),
    pytest.param(
        issuing.DoesNotAskTheBatch,
        [cancellation("x")],
        "a batch goes on after it was cancelled",
        id="no condition on the batch's status",
    ),
    pytest.param(issuing.DatesByItsOwnDay, CLICK, "dates go back", id="the writer's own day"),
    pytest.param(
        issuing.LocksTheBatch, [], "nobody can end from here, though nobody dies", id="a lock that the dead keep"
    ),
]


@pytest.mark.parametrize(("kind", "others", "rule"), PLANTED)
def test_what_a_batch_writer_could_get_wrong_is_found(kind, others, rule):
    days = {"today": SYLVESTER, "tomorrow": NEW_YEAR if kind is issuing.DatesByItsOwnDay else None}
    with pytest.raises(Broken) as found:
        explored(writer("x", kind=kind), click("c"), *others, drafts="c", batches={"x": "x1 x2"}, **days)
    assert shown(found.value).rule == rule


@pytest.mark.parametrize("kind", [issuing.HeadsAlone, issuing.CounterAlone, issuing.RegisterAlone])
def test_each_condition_is_backed_by_another(kind):
    """The head by its event, the counter by the register, the register by the counter."""
    assert shown(explored(*both("x", kind=kind), click("x1"), batches={"x": "x1 x2"})).contents == 6

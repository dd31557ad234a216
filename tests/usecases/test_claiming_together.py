"""Items that one line bills together are claimed as the line was written from them, or not at all."""

from dataclasses import replace

from chalicelib.domain.itemised import Grouping, Itemiser
from chalicelib.usecases.claiming import Wanted, named_in
from tests import builders as b


def test_a_line_for_several_items_knows_the_version_of_each():
    items = [replace(b.an_item(id=f"itm_{n}"), version=n) for n in (2, 3)]
    itemiser = Itemiser(business=b.a_business(), grouping=Grouping.TICKET, titles={items[0].job_id or "": "Roof"})

    content = itemiser.content(items, b.a_client(), currency="CAD")

    assert sorted(named_in(content), key=lambda one: one.id) == [Wanted("itm_2", 2), Wanted("itm_3", 3)]


def test_items_that_somebody_named_together_by_hand_are_taken_as_they_are():
    line = replace(b.a_line(), item_ids=("itm_1", "itm_2"))

    assert named_in(b.content(line)) == [Wanted("itm_1"), Wanted("itm_2")]

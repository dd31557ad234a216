"""/v1/deals, /v1/orders and /v1/deliveries: one implementation, registered for each; and what is made of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from chalicelib.domain.errors import Invalid
from chalicelib.domain.lines import Line
from chalicelib.domain.sales import Content
from chalicelib.domain.sales_document import PREFIXES, SERIES, SalesDocument, SalesKind
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints.http.contents import content_of, patched
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, SaleQuery, listed, matches, within
from chalicelib.entrypoints.http.searches import searched
from chalicelib.entrypoints.http.shapes.orders import (
    SaleIn,
    SaleInformation,
    SaleOut,
    SalePatch,
)
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import reading, selling
from chalicelib.usecases.selling import Sale

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One kind of sales document in the API.

    all, one: what many and one of them are called; into: the kinds of what can be made of one, in one call.
    """

    kind: SalesKind
    all: str
    one: str
    into: tuple[SalesKind, ...] = ()

    @property
    def path(self) -> str:
        return f"/{self.all}/{{{self.kind}_id}}"


INFORMATION = {"schedule", *SaleInformation.model_fields}
"""What can be changed of a document without changing what is billed of it: its taxes stay as they were, too."""

PLACES = {
    SalesKind.DEAL: Place(kind=SalesKind.DEAL, all="deals", one="deal", into=(SalesKind.ORDER, SalesKind.DELIVERY)),
    SalesKind.ORDER: Place(kind=SalesKind.ORDER, all="orders", one="order", into=(SalesKind.DELIVERY,)),
    SalesKind.DELIVERY: Place(kind=SalesKind.DELIVERY, all="deliveries", one="delivery note"),
}


def shown(call: Call, document: SalesDocument) -> SaleOut:
    content = reading.content_of(document, call.store)
    return SaleOut.of(document, content)


def sale(call: Call, id: str) -> SaleOut:
    return shown(call, call.store.get(SalesDocument, id))


def named(name: str, told: str) -> Callable[[View], View]:
    """Give a view that is registered several times its own name, and its sentence in the reference."""

    def name_it(view: View) -> View:
        view.__name__, view.__doc__ = name, told
        return view

    return name_it


def _lists_and_writes(place: Place) -> None:
    kind, needs = place.kind, "sales.write"

    @operation("GET", f"/{place.all}", needs="sales.read", query=SaleQuery, answer=Listed[SaleOut])
    @named(f"list_{place.all}", f"The {place.one}s, newest first, without their lines.")
    def _(call: Call) -> Listed[SaleOut]:
        return _listed(call, place)

    @operation(
        "POST",
        f"/{place.all}",
        needs=needs,
        body=SaleIn,
        answer=SaleOut,
        status=201,
        place=f"/{place.all}",
        refusals=(404, 409, 422),
        again=sale,
        forever=True,
    )
    @named(f"create_{kind}", f"Write a {place.one}; it has its number at once, if its kind is numbered.")
    def _(call: Call, body: SaleIn) -> SaleOut:
        return _created(call, place, body)

    @operation(
        "PATCH",
        place.path,
        needs=needs,
        body=SalePatch,
        answer=SaleOut,
        refusals=(404, 409, 412, 422),
        again=sale,
    )
    @named(f"edit_{kind}", f"Change a {place.one}; its lines and amounts while nothing is billed or made of it.")
    def _(call: Call, body: SalePatch, **id: str) -> SaleOut:
        return _edited(call, place, id[f"{kind}_id"], body)

    @operation("DELETE", place.path, needs=needs, status=204, refusals=(404, 409, 412))
    @named(f"remove_{kind}", f"Delete a {place.one} of which nothing was made.")
    def _(call: Call, **id: str) -> Answer:
        selling.remove_sale(kind, id[f"{kind}_id"], if_match=call.if_match, now=call.now, store=call.store)
        return Answer()


def _reads_and_verbs(place: Place) -> None:
    kind = place.kind

    @operation("GET", place.path, needs="sales.read", answer=SaleOut, refusals=(404,))
    @named(f"get_{kind}", f"One {place.one} with its lines, and how far each is billed.")
    def _(call: Call, **id: str) -> SaleOut:
        return shown(call, selling.of_kind(kind, id[f"{kind}_id"], call.store))

    @operation("GET", f"{place.path}/timeline", needs="sales.read", answer=Listed[EventOut], refusals=(404,))
    @named(f"get_{kind}_timeline", f"Everything that happened to a {place.one}, oldest first.")
    def _(call: Call, **id: str) -> Listed[EventOut]:
        return _timeline(call, kind, id[f"{kind}_id"])

    @operation(
        "POST",
        f"{place.path}/cancel",
        needs="sales.write",
        body=Nothing,
        answer=SaleOut,
        refusals=(404, 409, 412),
        again=sale,
    )
    @named(f"cancel_{kind}", f"Cancel a {place.one}: nothing more is billed of it; what is billed stays.")
    def _(call: Call, body: Nothing, **id: str) -> SaleOut:  # noqa: ARG001
        ended = selling.cancel_sale(kind, id[f"{kind}_id"], if_match=call.if_match, now=call.now, store=call.store)
        return shown(call, ended)


for each in PLACES.values():
    _lists_and_writes(each)
    _reads_and_verbs(each)


def _listed(call: Call, place: Place) -> Listed[SaleOut]:
    query = call.query

    def fits(document: SalesDocument) -> bool:
        return (
            (query.status is None or document.status == query.status)
            and (query.client_id is None or document.client_id == query.client_id)
            and (query.number is None or document.number == query.number)
            and within(call.business.today(document.created_at), query)
            and matches(query, document.number, document.client_name, ids=[document.id])
        )

    wanted = Filter(
        client_id=query.client_id,
        job_id=query.job_id,
        number=query.number,
        series=place.kind,
        begins=f"{PREFIXES[place.kind]}_",
        fits=fits,
    )
    prefix = SERIES[place.kind].prefix if place.kind in SERIES else ""
    found = searched(call, wanted, series=place.kind, prefix=prefix)
    return listed(call, SalesDocument, found, lambda document: SaleOut.of(document, None))


def _created(call: Call, place: Place, body: SaleIn) -> SaleOut:
    sale = Sale(
        kind=place.kind,
        client_id=body.client_id,
        content=content_of(call, body),
        language=body.language,
        template=body.template,
        purchase_order=body.purchase_order,
        job_id=body.job_id,
    )
    document = selling.draft_sale(sale, business=call.business, now=call.now, ids=call.ids, store=call.store)
    return shown(call, document)


def _edited(call: Call, place: Place, id: str, patch: SalePatch) -> SaleOut:
    def change(known: SalesDocument, content: Content) -> tuple[SalesDocument, Content]:
        after = patched(call, content, patch, client_id=known.client_id)
        if patch.model_fields_set <= INFORMATION:
            after = replace(after, rates=content.rates)
        if patch.lines is not None:
            after = replace(after, lines=_kept(content.lines, after.lines, [line.id for line in patch.lines]))
        return _informed(call, known, patch), after

    edited = selling.edit_sale(place.kind, id, change, if_match=call.if_match, now=call.now, store=call.store)
    return shown(call, edited)


def _timeline(call: Call, kind: SalesKind, id: str) -> Listed[EventOut]:
    """A deleted one's story stays."""
    history = call.store.history(id) if id.startswith(f"{PREFIXES[kind]}_") else ()
    if not history:
        selling.of_kind(kind, id, call.store)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _kept(known: tuple[Line, ...], lines: tuple[Line, ...], ids: list[str | None]) -> tuple[Line, ...]:
    """The lines, those that were there under their ids and with where they come from, new ones under new ids.

    Raises Invalid for an id that was not there, or is given twice.
    """
    origins = {line.id: line.origins for line in known}
    for place, id in enumerate(ids):
        if id is not None and (id not in origins or id in ids[:place]):
            raise Invalid("unknown_line", f"There is no such line {id!r} to be kept.", at=f"/lines/{place}/id")
    highest = max((int(line.id) for line in known), default=0)
    kept = []
    for line, id in zip(lines, ids, strict=True):
        highest += id is None
        kept.append(replace(line, id=id or f"{highest}", origins=origins[id] if id else ()))
    return tuple(kept)


def _informed(call: Call, document: SalesDocument, patch: SalePatch) -> SalesDocument:
    given = patch.model_fields_set
    changed: dict[str, Any] = {"template": patch.template} if patch.template else {}
    changed |= {"language": call.business.speaks(patch.language)} if patch.language else {}
    changed |= {name: getattr(patch, name) for name in given & {"job_id", "purchase_order"}}
    return replace(document, **changed)

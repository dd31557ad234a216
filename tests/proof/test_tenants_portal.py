"""A visitor of the portal sees and does what is their own, for as long as their link and their session stand.

The pages are those that the app has: a new one is tried as it comes, with the token that its forms would carry.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import wiring
from chalicelib.domain.access import sha256_hex
from chalicelib.entrypoints.portal import sessions
from tests.flows.portal import FORM
from tests.proof.neighbours import Neighbour

pytestmark = pytest.mark.row("C53")
OPEN = {
    "/portal/l/{token}",
    "/portal/static/{name}",
    "/portal/thanks",
    "/portal/not-paid",
    "/portal/card-stored",
    "/portal/card-not-stored",
}
"""What takes no session."""
LEADS_ON = {"/portal/card", "/portal/card/stored", "/portal/card/forget"}
"""What is done, and then another page is shown."""
SHUT = {403, 410}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever followed this link of the neighbour's; ``cookie`` is what their browser was given."""

    world: Any
    of: Neighbour
    link_id: str
    cookie: str

    def ask(self, method: str, path: str, cookie: str | None = None) -> Any:
        """A page, or a form of ours sent from it: filled in, and with the right token."""
        session = sessions.begun(self.link_id, now=self.world.time.instant)
        action = path.removeprefix("/portal")
        token = sessions.form_token(session, action, secret=wiring.secret("SIGNING_SECRET").encode())
        fields = {"token": token, "name": "Somebody", "choice": "all", "revision": "1"}
        headers = {"cookie": self.cookie if cookie is None else cookie}
        if method == "GET":
            return self.world.request(method, path, b"", headers)
        return self.world.request(method, path, urlencode(fields).encode(), headers | {"content-type": FORM})


def visitor(world, neighbour, link):
    """Whoever follows a link."""
    token = link.rpartition("/")[2]
    answer = world.request("GET", f"/portal/l/{token}", b"", {})
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return Visitor(world=world, of=neighbour, link_id=sha256_hex(token), cookie=cookie)


@pytest.fixture
def visitors(world, ours, theirs):
    """Two clients of each business."""
    return [visitor(world, neighbour, link) for neighbour in (ours, theirs) for link in neighbour.links]


def pages(world):
    """Each page and deed that takes a session."""
    for path, methods in world.app.routes.items():
        if path.startswith("/portal") and path not in OPEN:
            yield from ((method, path) for method in methods)


def addresses(path, ids):
    names = re.findall(r"\{(\w+)\}", path)
    assert set(names) <= set(ids), f"no example of {names} yet: give one to moved_in"
    for values in itertools.product(*(ids[name] for name in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def documents_of_another_business(world, visitors):
    """Nobody sees or does anything with them."""
    for who in visitors:
        other = next(each.of for each in visitors if each.of is not who.of)
        for method, page in pages(world):
            for path in addresses(page, other.ids) if "{" in page else ():
                answer = who.ask(method, path)
                assert answer.status == 404, (method, path)
                assert other.told_in(answer.text) == set(), (method, path)


def documents_of_another_client(world, visitors):
    """Two clients of one business do not see each other's."""
    one, two = visitors[:2]
    for method, page in pages(world):
        for path in addresses(page, one.of.ids) if "{" in page else ():
            shown = ("GET", "/".join(page.split("/")[:4])) in {*pages(world)}
            document = "/".join(path.split("/")[:4]) if shown else path
            strangers = [who for who in (one, two) if who.ask("GET", document).status == 404]
            assert strangers, document
            for who in strangers:
                assert who.ask(method, path).status == 404, (method, path)


def test_the_list_shows_only_ones_own(world, ours, theirs, visitors):
    for who in visitors:
        other = theirs if who.of is ours else ours
        for method, page in pages(world):
            if "{" not in page:
                answer = who.ask(method, page)
                assert answer.status == (303 if page in LEADS_ON else 200), (method, page)
                assert other.told_in(answer.text + answer.headers.get("location", "")) == set(), (method, page)
                if answer.status == 200 and answer.headers["content-type"] != "application/pdf":
                    assert who.of.mark in answer.text


def tampered(cookie):
    """The cookie with a letter of each of its parts changed, cut, and in other hands."""
    name, _, value = cookie.partition("=")
    link, ends, seal = value.split(".")
    changed = (link[:-1] + ("0" if link[-1] != "0" else "1"), str(int(ends) + 1), seal[::-1])
    yield from (f"{name}={one}.{two}.{three}" for one, two, three in [
        (changed[0], ends, seal), (link, changed[1], seal), (link, ends, changed[2]), (link, ends, ""),
    ])  # fmt: skip
    yield from ("", f"{name}=", f"{name}=nonsense", f"other={value}")


def own_documents_of(who):
    return {name: values[:2] for name, values in who.of.ids.items()}


def pages_with_a_tampered_cookie(world, visitors):
    """Or with one put together from two: none opens."""
    one, stranger = visitors[0], visitors[2]
    mixed = f"{one.cookie.partition('.')[0]}.{stranger.cookie.partition('.')[2]}"
    for method, page in pages(world):
        for path in addresses(page, own_documents_of(one)):
            for cookie in [*tampered(one.cookie), mixed]:
                answer = one.ask(method, path, cookie)
                assert answer.status in SHUT, (method, path, cookie)
                assert one.of.told_in(answer.text) == set(), (method, path, cookie)
                assert "set-cookie" not in answer.headers


def passed(world, who):
    """Half an hour passes, in which nobody looks."""
    world.time.pass_(minutes=31)


def over(world, who):
    """The link's ninety days pass, however often somebody looks."""
    world.time.pass_(days=91)
    session = sessions.begun(who.link_id, now=world.time.instant)
    secret = wiring.secret("SIGNING_SECRET").encode()
    return sessions.set_cookie(session, path="/portal", secure=True, secret=secret).partition(";")[0]


def ended(world, who):
    """The business ends the links of its client."""
    for client in who.of.ids["client_id"]:
        world.ok("DELETE", f"/v1/clients/{client}/portal-link", key=who.of.house.key)


def test_no_page_opens_once_the_session_or_the_link_has_ended(world, visitors):
    one, _, stranger, last = visitors
    for ends, who in ((ended, one), (passed, stranger), (over, last)):
        cookie = ends(world, who) or who.cookie
        before = world.everything()
        for method, page in pages(world):
            for path in addresses(page, own_documents_of(who)):
                answer = who.ask(method, path, cookie)
                assert answer.status in SHUT, (ends, method, path)
                assert who.of.told_in(answer.text) == set(), (ends, method, path)
        assert world.everything() == before, ends


def test_a_link_opens_for_its_own_token_only(world, ours, visitors):
    token = ours.links[0].rpartition("/")[2]
    link_id, session_id = sha256_hex(token), visitors[0].cookie.partition("=")[2]
    wrong = [token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1], token[:-1], f"{token}A", link_id, session_id]
    for other in [*wrong, ours.house.key, ours.house.id, ours.ids["client_id"][0]]:
        answer = world.request("GET", f"/portal/l/{other}", b"", {})
        assert (answer.status, "set-cookie" in answer.headers) == (404, False), other
        assert ours.told_in(answer.text) == set()
    world.time.pass_(days=91)
    assert world.request("GET", f"/portal/l/{token}", b"", {}).status == 410


def forms_made_for_another_session(world, visitors):
    """A form is good for the session and the deed it was made for."""
    one, two = visitors[:2]
    for method, page in pages(world):
        for path in addresses(page, own_documents_of(one)) if method == "POST" else ():
            assert two.ask("POST", path, one.cookie).status == 403, path


def test_nothing_opens_to_a_stranger_and_nothing_is_written(world, visitors):
    """In one world: making two neighbours takes longer than all that is asked of them."""
    before = world.everything()
    documents_of_another_business(world, visitors)
    documents_of_another_client(world, visitors)
    pages_with_a_tampered_cookie(world, visitors)
    forms_made_for_another_session(world, visitors)
    assert world.everything() == before

"""Sending a mail once, as far as that can be had: a lost mail is worse than a second one."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.errors import AlreadyDone, Conflict, Refused
from chalicelib.domain.letter import Letter
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording, first_of
from chalicelib.ports import Mailer, Once, Store, Wordings, Writer
from chalicelib.usecases.linking import give_link
from chalicelib.usecases.own_letters import in_own_words

LEASE_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What mails are made and sent with.

    real_now: the real time, whatever a sandbox's clock says: links and leases end by it.
    random:   gives so many random bytes.
    """

    mailer: Mailer
    writer: Writer
    wordings: Wordings
    public_url: str
    real_now: datetime
    random: Callable[[int], bytes]

    def wording_of(self, business: Business) -> Wording:
        """The words for the business itself."""
        return self.wordings(business.languages[0], business.country)

    def words_in(self, language: str, business: Business) -> Wording:
        """The words of a mail, in the first of a document's languages."""
        return self.wordings(first_of(language), business.country)

    def link_to(self, landing: str, *, client_id: str, store: Store) -> str:
        """A fresh portal link for a client, opening at a document."""
        return give_link(
            client_id,
            landing=landing,
            now=self.real_now,
            random=self.random(32),
            store=store,
            public_url=self.public_url,
        )

    def send(self, key: str, letter: Callable[[], Letter], *, store: Store) -> str:
        """Compose and send under a lease, in the business's own words where it wrote some; answers the message id.

        Raises Conflict while somebody else is at it: come again.
        """
        if not store.claim(f"mail:{key}", now=self.real_now, seconds=LEASE_S):
            raise Conflict("mail_under_way", "This mail is being sent right now.")
        return self.mailer.send(self.writer.compose(in_own_words(letter(), store)))

    def send_once(self, key: str, letter: Callable[[], Letter], *, store: Store) -> None:
        """Send a mail that nothing else remembers; once it went out it is not sent again.

        One that the provider rejects counts as done: trying again would not mend it, and would hold up others.
        """
        once = Once(f"mail:{key}")
        if store.seen(once):
            return
        try:
            self.send(key, letter, store=store)
        except Refused as refused:
            if refused.code != "mail_rejected":
                raise
        try:
            store.commit(once)
        except AlreadyDone:
            return

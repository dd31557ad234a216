"""Requests with an Idempotency-Key: their marker goes into the effect's transaction, their answer is kept beside it.

A crash between the two is harmless: whoever asks again finds the marker, and gives the answer anew.
"""

import hashlib
from collections.abc import Sequence

from chalicelib.adapters.dynamodb import keys
from chalicelib.adapters.dynamodb.tables import Cancelled, Item, Overwrite, Put, Table, Tables
from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Change, Remove, Save

REMEMBERED_S = 24 * 3_600
LARGEST_ANSWER = 300_000
"""Bytes; an item may hold 400 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One idempotent request.

    key: the caller's Idempotency-Key; fingerprint: a hash of method, path and body;
    gone_at: epoch seconds after which it is forgotten, REMEMBERED_S from now; None for ever (money, numbers).
    """

    key: str
    fingerprint: str
    gone_at: int | None = None

    @classmethod
    def of(cls, key: str, method: str, path: str, body: bytes, *, gone_at: int | None) -> "Request":
        said = hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()
        return cls(key=key, fingerprint=said, gone_at=gone_at)

    def marker(self, business: str, changes: Sequence[Change]) -> Put:
        """What says that this request took effect, and on what."""
        target = next((c.entity.id for c in changes if isinstance(c, Add | Save | Remove)), "")
        item: Item = {**self._key(business), "fingerprint": self.fingerprint, "target": target}
        return Put(table=Table.OPS, item=item | self._ttl())

    def target(self, tables: Tables, business: str) -> str | None:
        """The id of what this request changed when it took effect; None if it did not.

        Raises Invalid (``idempotency_key_reused``) when the key came with another request before.
        """
        marker = tables.get(Table.OPS, self._key(business))
        if marker is None:
            return None
        if marker["fingerprint"] != self.fingerprint:
            raise Invalid(
                "idempotency_key_reused",
                "You cannot use this Idempotency-Key because another request was made with it.",
                at="/headers/Idempotency-Key",
            )
        return str(marker["target"])

    def kept(self, tables: Tables, business: str) -> str | None:
        """The answer that was given first."""
        answer = tables.get(Table.OPS, self._answer_key(business))
        return str(answer["answer"]) if answer else None

    def keep(self, tables: Tables, business: str, answer: str) -> str:
        """Keep an answer unless one is kept already; answers the one that counts."""
        if len(answer.encode()) > LARGEST_ANSWER:
            return answer
        item: Item = {**self._answer_key(business), "answer": answer}
        if tables.put(Table.OPS, item | self._ttl()):
            return answer
        known = tables.get(Table.OPS, self._answer_key(business))
        if known is None or self._outlived(known):
            tables.write([Overwrite(table=Table.OPS, item=item | self._ttl())])
            return answer
        return str(known["answer"])

    def settle(self, tables: Tables, business: str, answer: str) -> bool:
        """Remember a request that changed nothing, with its answer; False if it was made before, or is being made.

        An answer too large to keep is given anew each time.
        """
        if len(answer.encode()) > LARGEST_ANSWER:
            return True
        kept: Item = {**self._answer_key(business), "answer": answer}
        try:
            tables.write([self.marker(business, ()), Put(table=Table.OPS, item=kept | self._ttl())])
        except Cancelled:
            return False
        return True

    def _key(self, business: str) -> keys.Key:
        return keys.idempotency(business, hashlib.sha256(self.key.encode()).hexdigest())

    def _answer_key(self, business: str) -> keys.Key:
        return self._key(business) | {"SK": "ANSWER"}

    def _outlived(self, known: Item) -> bool:
        """Whether an answer is of an earlier use of the key: DynamoDB forgets items days late, and in any order."""
        return bool(self.gone_at and known.get("ttl", self.gone_at) <= self.gone_at - REMEMBERED_S)

    def _ttl(self) -> Item:
        return {"ttl": self.gone_at} if self.gone_at else {}

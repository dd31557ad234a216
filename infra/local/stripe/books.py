"""All objects of all accounts, kept in memory and, if wanted, in one append-only file."""

import json
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from infra.local.stripe.refusals import missing

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"

MERCHANT = "_merchant"

Object = dict[str, Any]
"""An object as Stripe shows it, and under ``_private`` what only the stand-in knows of it."""


class Books:
    """Objects by account, kind and id, in the order in which they were made.

    clock: seconds since 1970.
    file:  one line for each save; the last line of an object counts, and a torn last line is dropped.
    """

    def __init__(self, *, clock: Callable[[], float], file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.livemode = False
        self._clock = clock
        self._kept: dict[str, dict[str, dict[str, Object]]] = {}
        self._file = self._reopened(file) if file else None

    def now(self) -> int:
        return int(self._clock())

    def accounts(self) -> list[str]:
        return list(self._kept)

    def save(self, account: str, object: Object) -> Object:
        """Keep an object as it is now."""
        with self.lock:
            self._kept.setdefault(account, {}).setdefault(object["object"], {})[object["id"]] = object
            if self._file:
                self._file.write(json.dumps([account, object]) + "\n")
                self._file.flush()
        return object

    def find(self, account: str, kind: str, id: str, *, param: str = "id") -> Object:
        """Raises Refusal (404, ``resource_missing``)."""
        found = self._kept.get(account, {}).get(kind, {}).get(id)
        if found is None:
            raise missing(kind, id, param=param)
        return found

    def all(self, account: str, kind: str) -> list[Object]:
        return list(self._kept.get(account, {}).get(kind, {}).values())

    def anything(self, account: str, id: str) -> Object | None:
        """The object with this id, whatever its kind."""
        return next((kept[id] for kept in self._kept.get(account, {}).values() if id in kept), None)

    def is_merchant(self, account: str) -> bool:
        """Whether an account is on its own: with a key and endpoints of its owner's, and on no platform."""
        return bool(self.all(account, MERCHANT))

    def readdress(self, account: str, url: str) -> None:
        """Let every page that was kept be found at the address of now."""
        kept = self._kept.get(account, {}).get("_address", {}).get("pages")
        if kept and kept["url"] != url:
            for owner, object_ in self._everything():
                self.save(owner, _replaced(object_, kept["url"], url))
        self.save(account, {"id": "pages", "object": "_address", "url": url})

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _reopened(self, file: Path) -> IO[str]:
        """Read what was kept, write it once more without what was outdated, and go on from there."""
        file.parent.mkdir(parents=True, exist_ok=True)
        for line in file.read_text().splitlines() if file.exists() else ():
            try:
                account, object_ = json.loads(line)
            except ValueError:
                break  # torn by a crash
            self._kept.setdefault(account, {}).setdefault(object_["object"], {})[object_["id"]] = object_
        fresh = file.with_suffix(".fresh")
        with fresh.open("w") as written:
            written.writelines(json.dumps([account, object_]) + "\n" for account, object_ in self._everything())
        fresh.replace(file)
        return file.open("a")

    def _everything(self) -> list[tuple[str, Object]]:
        return [
            (account, object_)
            for account, kinds in self._kept.items()
            for kept in kinds.values()
            for object_ in kept.values()
        ]


def new_id(prefix: str) -> str:
    return f"{prefix}_" + "".join(secrets.choice(_SIGNS) for _ in range(24))


def _replaced(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    if isinstance(value, dict):
        return {name: _replaced(part, old, new) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, old, new) for part in value]
    return value.replace(old, new) if isinstance(value, str) else value


def shown(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """A copy without what is private."""
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items() if name != "_private"}
    if isinstance(value, list):
        return [shown(part) for part in value]
    return value

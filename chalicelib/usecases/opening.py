"""Opening a business, and giving out and ending credentials."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.access import ApiKey, Role, User, new_key, revoke_key
from chalicelib.domain.business import Business
from chalicelib.domain.events import BusinessOpened, KeyCreated, KeyRevoked, UserAdded, UserChanged
from chalicelib.ports import Add, Ids, Save, Store
from chalicelib.usecases.checking import unchanged


def open_business(
    business: Business, *, key_name: str, random: bytes, now: datetime, ids: Ids, store: Store
) -> tuple[Business, str]:
    """A new business with the key of its owner; answers the key's secret, which is shown this once.

    store: of the new business's own id. random: 32 bytes.
    """
    key, secret = new_key(
        ids("key"), name=key_name, role=Role.OWNER, sandbox=business.sandbox, at=now, by="opening", random=random
    )
    store.commit(
        Add(business, BusinessOpened(subject=business.id, version=1, at=now)),
        Add(key, KeyCreated(subject=key.id, version=1, at=now)),
    )
    return business, secret


def create_key(
    *, name: str, role: Role, sandbox: bool, random: bytes, now: datetime, ids: Ids, store: Store
) -> tuple[ApiKey, str]:
    """A new API key and its secret, which is shown this once."""
    key, secret = new_key(
        ids("key"), name=name, role=role, sandbox=sandbox, at=now, by=store.caller.actor, random=random
    )
    store.commit(Add(key, KeyCreated(subject=key.id, version=1, at=now)))
    return key, secret


def end_key(key_id: str, *, if_match: int | None, now: datetime, store: Store) -> ApiKey:
    """Revoke a key; requests with it are refused from now on."""

    def deed() -> ApiKey:
        ended = revoke_key(unchanged(store.get(ApiKey, key_id), if_match), at=now)
        store.commit(Save(ended, KeyRevoked(subject=ended.id, version=ended.version, at=now)))
        return ended

    return store.persistently(deed)


def add_user(user: User, *, now: datetime, store: Store) -> User:
    """Let a person in, who signs in with an OIDC provider.

    Raises AlreadyDone if that person is a user of a business already.
    """
    store.commit(Add(user, UserAdded(subject=user.id, version=1, at=now)))
    return user


def change_user(
    user_id: str, *, role: Role | None, disabled: bool | None, if_match: int | None, now: datetime, store: Store
) -> User:
    """Give a user another role, or shut them out or let them in again."""

    def deed() -> User:
        user = unchanged(store.get(User, user_id), if_match)
        disabled_at = user.disabled_at if disabled is None else (now if disabled else None)
        changed = replace(user, version=user.version + 1, role=role or user.role, disabled_at=disabled_at)
        store.commit(Save(changed, UserChanged(subject=user.id, version=changed.version, at=now)))
        return changed

    return store.persistently(deed)

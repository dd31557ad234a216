"""What the local run keeps beside its data, and what it tells the app by the environment."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

SENDER = "billing@quittance.test"  # RFC 6761: this domain belongs to nobody
STRIPE_ACCOUNT = "acct_local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Made once for a folder, so that links and sessions outlive a restart."""

    signing: str
    sealing: str
    stripe_key: str
    stripe_webhook: str


def kept_secrets(data: Path) -> Secrets:
    """The folder's secrets; the first time they are made up."""
    path = data / "secrets.json"
    made = Secrets(
        signing=secrets.token_urlsafe(48),
        sealing=secrets.token_urlsafe(48),
        stripe_key=f"sk_test_local{secrets.token_hex(16)}",
        stripe_webhook=f"whsec_{secrets.token_hex(24)}",
    )
    known = json.loads(path.read_text()) if path.exists() else {}
    if known.keys() != asdict(made).keys():  # a folder of an earlier version lacks what came since
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(made) | known, indent=2))
    return Secrets(**json.loads(path.read_text()))


def own(data: Path) -> IO[str]:
    """Take the folder for this process, for as long as the answer stays open.

    Raises SystemExit if another run has it.
    """
    data.mkdir(parents=True, exist_ok=True)
    holder = (data / "lock").open("w")
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"You cannot run on {data} because another local run does; give it another --data.") from None
    return holder


def real_stripe_key() -> str:
    """A test key of Stripe's that the developer configured, or nothing. A live key is refused."""
    key = os.environ.get("STRIPE_API_KEY", "")
    if key.startswith(("sk_live_", "rk_live_")):
        raise SystemExit("You cannot use a live Stripe key here because the local run plays with payments.")
    return key


def environment(*, url: str, secrets: Secrets, stripe_url: str, made: Mapping[str, str]) -> dict[str, str]:
    """The app's settings, as chalicelib/settings.py reads them.

    stripe_url: the stand-in's; empty means Stripe itself, with the developer's own key and webhook secret.
    made: what resources.py created.
    """
    stripe = {
        "STRIPE_API_KEY": secrets.stripe_key,
        "STRIPE_WEBHOOK_SECRETS": secrets.stripe_webhook,
        "STRIPE_API_BASE": stripe_url,
    }
    return {
        **made,
        "SENDER": SENDER,
        "PUBLIC_URL": url,
        "SIGNING_SECRET": secrets.signing,
        "SEALING_KEYS": secrets.sealing,
        "LOCAL_WEBHOOKS": "allowed",
        "EVENTS_TAKE_S": "0",
        **(stripe if stripe_url else {}),
    }

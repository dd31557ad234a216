"""``python -m infra.local.stripe``: the stand-in alone, until it is interrupted."""

import argparse
import contextlib
import threading
from pathlib import Path

from infra.local.stripe.server import start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--data", type=Path, help="a folder in which everything is kept")
    parser.add_argument("--webhook-url", help="where events go")
    parser.add_argument("--account", action="append", default=["acct_demo"], help="a connected account")
    options = parser.parse_args()
    stand_in = start(port=options.port, webhook_url=options.webhook_url, accounts=options.account, data=options.data)
    print(f"Stripe's stand-in serves on {stand_in.url}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    stand_in.stop()


if __name__ == "__main__":
    main()

"""What every try of one attempt says in the same words."""

import hashlib
import json

_LONGEST_SUFFIX = 10  # with the account's own prefix and "* " it must fit 22 characters


def idempotency_key(purpose: str, *identity: str) -> str:
    """From business identity alone, so that the same try is the same key after a crash or a deploy."""
    told = json.dumps([purpose, *identity], separators=(",", ":"))
    return f"v1:{purpose}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def suffix(number: str) -> str:
    """What a card statement may show: Latin letters and digits, at least one letter."""
    shown = "".join(sign for sign in number if sign.isascii() and (sign.isalnum() or sign in "-. "))[:_LONGEST_SUFFIX]
    return shown if any(sign.isalpha() for sign in shown) else f"INV{shown}"[:_LONGEST_SUFFIX]

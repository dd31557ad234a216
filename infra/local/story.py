"""The main job as a short live story over HTTP: each step with its request, its result and a link."""

from collections.abc import Callable

from infra.local.control import Identity


def play(identity: Identity, *, say: Callable[[str], None]) -> str:
    say(f"story for {identity.business_id}")
    return ""

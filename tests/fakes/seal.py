"""A seal that anybody could break, but that keeps its promises."""

from dataclasses import dataclass

from chalicelib.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class FakeSeal:
    """``Seal``: what is sealed cannot be read as it stands, and opens for its business only."""

    def seal(self, text: str, *, of: str) -> str:
        return f"sealed for {of}: {text[::-1]}"

    def open(self, sealed: str, *, of: str) -> str:
        whose = f"sealed for {of}: "
        if not sealed.startswith(whose):
            raise Refused("seal_broken", "You cannot use what was sealed here because it does not open; give it anew.")
        return sealed.removeprefix(whose)[::-1]

"""A language of which every message is its key."""

from chalicelib.domain.wording import Keys as PlainWording

__all__ = ["PlainWording"]

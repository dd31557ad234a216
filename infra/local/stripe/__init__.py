"""A stand-in for Stripe: speaks its HTTP to the unchanged SDK, and checks both sides against the SDK's own types."""

from infra.local.stripe.server import StandIn, start
from infra.local.stripe.webhooks import sign

__all__ = ["StandIn", "sign", "start"]

"""Neighbours that behave like the real ones, without a network."""

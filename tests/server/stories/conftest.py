"""A house, and who lives in it."""

from tests.support.inhabitants import clock, house

__all__ = ["clock", "house"]

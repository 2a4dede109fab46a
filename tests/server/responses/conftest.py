"""A house, and who lives in it; and a hub that runs, with who visits it."""

from tests.server.experiments.visiting import network, visits, ward
from tests.support.inhabitants import clock, house

__all__ = ["clock", "house", "network", "visits", "ward"]

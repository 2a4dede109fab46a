"""A house and a hub, with who is there."""

from tests.server.experiments.visiting import network, visits, ward
from tests.support.inhabitants import clock, house

__all__ = ["clock", "house", "network", "visits", "ward"]

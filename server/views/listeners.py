"""What happens to accounts and letters and means something to views, and what is done in time."""

from datetime import timedelta

from server.house import House
from server.jobs import Registry
from server.mail import Ended
from server.people.events import Closed
from server.views import service

ROUND = timedelta(minutes=15)
"""How often it is seen which letters are due."""


def register_hooks(house: House) -> None:
    """Hear of accounts that are closed, and of letters that are not wanted any more."""
    house.hooks.on(Closed, service.on_closed)
    house.hooks.on(Ended, service.on_ended)


def register_jobs(registry: Registry) -> None:
    """Have letters sent."""
    registry.on(service.ROUND_JOB, service.make_round)
    registry.on(service.JOB, service.send)
    registry.every(service.ROUND_JOB, ROUND)

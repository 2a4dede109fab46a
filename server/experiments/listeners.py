"""What happens elsewhere and means something to experiments. Their Notes come in as all posts do
(server.posts), by way of their kinds.
"""

from server.experiments import service
from server.house import House
from server.jobs import Registry
from server.people.events import Closed
from server.posts.events import Erased, Linked
from server.responses.events import ThankedFor


def register_hooks(house: House) -> None:
    """Hear of posts that are taken back, of what goes back to an experiment, of accounts that
    are closed, and of thanks.
    """
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(Linked, service.on_linked)
    house.hooks.on(Closed, service.on_closed)
    house.hooks.on(ThankedFor, service.on_thanked)


def register_jobs(registry: Registry) -> None:
    """Ask other hubs how an idea travelled."""
    registry.on(service.TRACE_JOB, service.trace)

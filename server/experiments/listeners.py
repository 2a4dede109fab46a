"""What happens elsewhere and means something to experiments. Their Notes come in as all posts do
(server.posts), by way of their kinds.
"""

from server.experiments import service
from server.house import House
from server.people.events import Closed
from server.posts.events import Erased


def register_hooks(house: House) -> None:
    """Hear of posts that are taken back, and of accounts that are closed."""
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(Closed, service.on_closed)

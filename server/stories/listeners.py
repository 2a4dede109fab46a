"""What happens elsewhere and means something to stories."""

from server.house import House
from server.posts.events import Erased, Linked
from server.stories import service


def register_hooks(house: House) -> None:
    """Hear of posts that are taken back, and of what goes back to a story."""
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(Linked, service.on_linked)

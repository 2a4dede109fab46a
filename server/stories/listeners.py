"""What happens elsewhere and means something to stories."""

from server.house import House
from server.posts.events import Erased
from server.stories import service


def register_hooks(house: House) -> None:
    """Hear of posts that are taken back."""
    house.hooks.on(Erased, service.on_erased)

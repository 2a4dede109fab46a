"""What happens to posts and means something to channels."""

from server.channels import service
from server.follows.service import Asked, Parted
from server.house import House
from server.posts.events import Erased, Linked, Published, Reworded


def register_hooks(house: House) -> None:
    """Hear of what is published, changed, made of something, and taken back, after the experiments,
    which acknowledge; of who wants to follow, and of who wants nothing to do with whom.
    """
    house.hooks.on(Published, service.on_published)
    house.hooks.on(Reworded, service.on_reworded)
    house.hooks.on(Linked, service.on_linked)
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(Asked, service.on_asked)
    house.hooks.on(Parted, service.on_parted)

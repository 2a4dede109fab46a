"""What happens to posts, and to those who publish them, changes what can be found."""

from server.actors.events import Judged, Profiled
from server.follows.service import FollowAnswered, LetGo
from server.house import House
from server.jobs import Registry
from server.people.events import Closed
from server.posts.events import Arrived, AuthorGone, Erased, Passed, Published, Renewed, Reworded
from server.search import service


def register_hooks(house: House) -> None:
    """Hear of posts that are written, passed on and taken back, of authors who are gone or may be
    found no longer, of whom the hub follows and whom its stewards turn away.
    """
    house.hooks.on(Arrived, service.on_written)
    house.hooks.on(Renewed, service.on_written)
    house.hooks.on(Passed, service.on_passed)
    house.hooks.on(Published, service.on_written)
    house.hooks.on(Reworded, service.on_written)
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(AuthorGone, service.on_author_gone)
    house.hooks.on(Closed, service.on_closed)
    house.hooks.on(Profiled, service.on_profiled)
    house.hooks.on(Judged, service.on_judged)
    house.hooks.on(FollowAnswered, service.on_answered)
    house.hooks.on(LetGo, service.on_let_go)


def register_jobs(registry: Registry) -> None:
    """Go over what was known before."""
    registry.on(service.JOB, service.go_over_next)

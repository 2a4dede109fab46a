"""What happens elsewhere and means something to the network, and the work it has to do."""

from datetime import timedelta

from server.follows.service import FollowAnswered, LetGo
from server.house import House
from server.inbox.registry import Listeners
from server.jobs import Registry
from server.network.rules.finding import EVERY
from server.network.service import catalogues, finding, hubs, polling, stepping
from server.posts.events import Arrived, AuthorGone, Linked


def register_hooks(house: House) -> None:
    """Hear what those answer whom we ask to follow, who is gone, and who has to do with us."""
    house.hooks.on(FollowAnswered, stepping.on_answered)
    house.hooks.on(FollowAnswered, catalogues.on_answered)
    house.hooks.on(FollowAnswered, hubs.on_answered)
    house.hooks.on(AuthorGone, hubs.on_gone)
    house.hooks.on(LetGo, catalogues.on_let_go)
    house.hooks.on(Arrived, finding.on_arrived)
    house.hooks.on(Linked, finding.on_linked)


def register_jobs(registry: Registry, listeners: Listeners) -> None:
    """Look up and follow whom lists name, and follow along with lists elsewhere; take in what those
    had published who are followed, by way of those who claim what comes in.
    """
    registry.on(stepping.JOB, stepping.go_on)
    registry.on(stepping.ROUND_JOB, stepping.prime_all)
    registry.every(stepping.ROUND_JOB, timedelta(hours=1))
    registry.on(polling.JOB, polling.poll)
    registry.on(polling.ROUND_JOB, polling.poll_due)
    registry.every(polling.ROUND_JOB, timedelta(minutes=10))
    catalogues.register_jobs(registry, listeners)
    registry.on(finding.MEET_JOB, finding.meet)
    registry.every(finding.MEET_JOB, EVERY)

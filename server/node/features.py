"""What the node is made of: the tables and pages of each feature, and how it adds itself to those
below.
"""

from collections.abc import Sequence

from aiohttp import web

from server import jobs
from server.actors import hosts, rotation
from server.actors import pages as actor_pages
from server.channels import listeners as channel_listeners
from server.channels import pages as channel_pages
from server.delivery import service as delivery
from server.experiments import listeners as experiment_listeners
from server.experiments import pages as experiment_pages
from server.follows import listeners as follow_listeners
from server.follows import pages as follow_pages
from server.front import pages as front_pages
from server.house import House
from server.hub import pages as hub_pages
from server.inbox import pages as inbox_pages
from server.inbox import service as inbox
from server.inbox.registry import Listeners
from server.learning import pages as learning_pages
from server.mail import pages as mail_pages
from server.media import pages as media_pages
from server.media import service as media
from server.network import listeners as network_listeners
from server.network import pages as network_pages
from server.network import service as network
from server.network.service import finding
from server.people import pages as people_pages
from server.people import service as people
from server.posts import listeners as post_listeners
from server.posts import pages as post_pages
from server.posts import service as posts
from server.responses import listeners as response_listeners
from server.responses import pages as response_pages
from server.safety import listeners as safety_listeners
from server.safety import pages as safety_pages
from server.safety import service as safety
from server.search import listeners as search_listeners
from server.search import pages as search_pages
from server.search import service as search
from server.stories import listeners as story_listeners
from server.stories import pages as story_pages
from server.views import listeners as view_listeners
from server.views import pages as view_pages

MODELS = [
    f"server.{feature}.tables"
    for feature in (
        "actors", "delivery", "experiments", "follows", "hub", "inbox", "jobs", "media", "network",
        "people", "posts", "responses", "safety", "search", "stories", "views",
    )
]  # fmt: skip
ROUTES: Sequence[web.RouteTableDef] = (
    people_pages.routes,
    hub_pages.routes,
    *story_pages.routes,
    *experiment_pages.routes,
    channel_pages.routes,
    learning_pages.routes,
    *network_pages.routes,
    *search_pages.routes,
    *view_pages.routes,
    *front_pages.routes,
    *safety_pages.routes,
    *response_pages.routes,
    post_pages.routes,
    follow_pages.routes,
    inbox_pages.routes,
    mail_pages.routes,
    media_pages.routes,
    actor_pages.routes,
)
SWEPT = (inbox, jobs, delivery, posts, rotation, network, finding, search, safety)
"""Rooms that forget now and then what nobody needs any more."""


def register_hooks(house: House, listeners: Listeners) -> None:
    """Have each feature claim the activities that concern it, and hear what happens below it."""
    follow_listeners.register_listeners(listeners)
    follow_listeners.register_hooks(house)
    post_listeners.register_listeners(listeners)
    post_listeners.register_hooks(house)
    response_listeners.register_listeners(listeners)
    response_listeners.register_hooks(house)
    story_listeners.register_hooks(house)
    experiment_listeners.register_hooks(house)
    channel_listeners.register_hooks(house)
    network_listeners.register_hooks(house)
    search_listeners.register_hooks(house)
    view_listeners.register_hooks(house)
    safety_listeners.register_listeners(listeners)
    people.register_hooks(house.hooks)


def register_jobs(registry: jobs.Registry, listeners: Listeners) -> None:
    """Have each feature's work done by it."""
    hosts.register_jobs(registry)
    search_listeners.register_jobs(registry)
    follow_listeners.register_jobs(registry)
    post_listeners.register_jobs(registry)
    response_listeners.register_jobs(registry)
    experiment_listeners.register_jobs(registry)
    network_listeners.register_jobs(registry, listeners)
    view_listeners.register_jobs(registry)
    people.register_jobs(registry)
    media.register_jobs(registry)

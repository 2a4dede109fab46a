"""What happens at one place of the script: each act is a use case of the node."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from federation.ports import SystemClock
from server import jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.cli.demo.folder import Site
from server.cli.demo.script import (
    MADE_UP,
    Act,
    Adapted,
    Celebrated,
    Counted,
    Learned,
    Picture,
    Resident,
    Revised,
    Said,
    Thanked,
    Told,
    Tried,
    Withdrawn,
)
from server.delivery import service as delivery
from server.errors import NotFoundError, RefusedError
from server.experiments import service as experiments
from server.experiments.rules.measures import Point, Rebase
from server.follows import service as follows
from server.follows.rules import FollowState
from server.house import House
from server.hub import service as hub
from server.hub.rules import Page
from server.hub.service import FirstSteward, Look
from server.media import service as media
from server.people import service as people
from server.people.service import Profile
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from server.stories import service as stories
from server.views import service as views

PASSWORD = "in fine fettle"  # noqa: S105 - of made-up people, and printed
FOUNDED = 30.0
"""How many days ago the hubs were set up."""
PATIENCE = 90
"""Seconds that anything may take to arrive."""
LOOK = 0.1
NUDGE = 2.0
"""Seconds between two looks; between two rounds of trying again."""


class NothingArrivedError(RefusedError):
    """{name} waited {seconds} seconds for {what}. See {log}, then start again with --fresh."""


@dataclass(slots=True)
class PastClock:
    """The real clock, turned back by `days` while somebody acts, so that stories have ages."""

    days: float = 0

    def now(self) -> datetime:
        """Return the moment that is acted in."""
        return SystemClock().now() - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Known:
    """What the places know of each other beside the network: the ids behind the script's keys."""

    sites: Sequence[Site]
    uris: dict[str, str] = field(default_factory=dict)

    def handle(self, whom: str) -> str:
        """Return the handle of a place, or of `place/name`."""
        key, _, name = whom.partition("/")
        site = next(one for one in self.sites if one.place.key == key)
        return f"@{name}@localhost:{site.port}" if name else site.handle

    def filled(self, text: str) -> str:
        """Return a text with handles where it says `{place}` or `{place/name}`."""
        for site in self.sites:
            names = (f"{site.place.key}/{one.name}" for one in site.place.residents)
            for whom in chain([site.place.key], names):
                text = text.replace(f"{{{whom}}}", self.handle(whom))
        return text


@dataclass(slots=True, kw_only=True)
class Scene:
    """One place, its node open beside its server."""

    site: Site
    house: House
    clock: PastClock
    known: Known

    async def found(self) -> None:
        """Set the hub up, with its words and its people."""
        self.clock.days = FOUNDED
        place, first = self.site.place, self.site.place.residents[0]
        deep, bright = place.colours
        look = Look(
            name=place.name, tagline=place.tagline, words=f"{place.words}\n\n*{MADE_UP}*",
            footer=f"{place.name}. {MADE_UP}", colour_hub=deep, colour_hub_2=bright,
        )  # fmt: skip
        steward = FirstSteward(name=first.name, password=PASSWORD, display_name=first.display_name)
        await hub.set_up(look, handle=place.key, steward=steward, house=self.house)
        await hub.save_pages({Page.ABOUT: f"**{MADE_UP}**\n\n{place.about}"}, house=self.house)
        here = [await self._move_in(resident) for resident in place.residents]
        for saying in place.views:
            await views.save(saying, by=here[0], house=self.house)
        self.clock.days = 0

    async def _move_in(self, resident: Resident) -> Person:
        person = await people.by_name(resident.name)
        if person is None:
            person = await people.add_person(
                name=resident.name, display_name=resident.display_name, password=PASSWORD,
                house=self.house,
            )  # fmt: skip
        profile = Profile(
            display_name=resident.display_name, summary=resident.summary, lines=resident.lines
        )
        await people.edit(person.id, profile, house=self.house)
        return person

    async def follow_all(self) -> None:
        """Have the hub follow every other one, and its people whom they like; wait for each yes."""
        ours = await hub.hub_actor(house=self.house)
        if ours is None:
            raise NotFoundError
        asked = [
            await self._follow(ours, site.place.key)
            for site in self.known.sites
            if site is not self.site
        ]
        for resident in self.site.place.residents:
            person = await self._person(resident.name)
            actor = await Actor.get(id=person.actor_id)
            asked += [await self._follow(actor, whom) for whom in resident.follows]
        for follower, followed in asked:
            await self._until(
                partial(_accepted, follower, followed), what=f"{followed.handle} to accept"
            )

    async def _follow(self, follower: Actor, whom: str) -> tuple[Actor, Actor]:
        followed = await actors.find(self.known.handle(whom), house=self.house)
        await follows.follow(follower, followed, house=self.house)
        return follower, followed

    async def do(self, act: Act) -> None:
        """Do one act of the script, once what it needs has arrived here."""
        person = await self._person(act.by.partition("/")[2])
        needed = await self._needed(act)
        self.clock.days = act.ago
        await self._do(act, person, needed)
        self.clock.days = 0

    async def _needed(self, act: Act) -> Post | Actor | None:
        """Return what an act is about, or whom it thanks: looked for now, for whoever is asked
        elsewhere minds what the clock says.
        """
        if isinstance(act, Celebrated):
            if "/" not in act.whom:
                return None
            return await actors.find(self.known.handle(act.whom), house=self.house)
        return await self._arrived(act.needs) if act.needs is not None else None

    async def _do(self, act: Act, person: Person, needed: Post | Actor | None) -> None:
        match act, needed:
            case Told(), None:
                await self._tell(act, person)
            case Said(), Post():
                await self._respond(act, person, needed)
            case ((Tried() | Learned() | Counted() | Adapted()), Post()):
                await self._experiment(act, person, needed)
            case Thanked(), Post():
                await responses.thank(needed, by=person, house=self.house)
            case Celebrated(), Actor() | None:
                await self._celebrate(act, person, needed)
            case Withdrawn(), Post():
                await stories.withdraw(needed, by=person, house=self.house)
            case Revised(), Post():
                await self._revise(act, person, needed)
            case _:
                raise NotFoundError

    async def _experiment(
        self, act: Tried | Learned | Counted | Adapted, person: Person, needed: Post
    ) -> None:
        match act:
            case Tried():
                await self._try(act, person, needed)
            case Learned():
                await self._learn(act, person, needed)
            case Counted():
                await self._count(act, person, needed)
            case Adapted():
                await self._adapt(act, person, needed)

    async def _tell(self, act: Told, person: Person) -> None:
        story = replace(
            act.story,
            what_happened=self.known.filled(act.story.what_happened),
            what_people_tried=self.known.filled(act.story.what_people_tried),
        )
        draft = await stories.draft(person, story, house=self.house)
        if act.picture is not None:
            await self._attach(draft, act.picture, person)
        post = await stories.publish(draft, by=person, house=self.house)
        self.known.uris[act.key] = str(post.uri)

    async def _attach(self, draft: Post, picture: Picture, person: Person) -> None:
        data = await asyncio.to_thread(picture.draw)
        kept = await media.keep(data, owner_id=person.id, house=self.house)
        await posts.attach(draft, kept, alt=picture.alt)

    async def _try(self, act: Tried, person: Person, about: Post) -> None:
        tried = replace(act.experiment, inspired_by=(str(about.uri),))
        draft = await experiments.draft(person, tried, house=self.house)
        post = await experiments.publish(draft, by=person, house=self.house)
        self.known.uris[act.key] = str(post.uri)

    async def _learn(self, act: Learned, person: Person, post: Post) -> None:
        if act.update is not None:
            await experiments.record(post, act.update, by=person, house=self.house)
        if act.cycle is not None:
            await experiments.keep_cycle(post, act.cycle, by=person, house=self.house)
            await posts.tell(post, house=self.house)

    async def _count(self, act: Counted, person: Person, post: Post) -> None:
        number = await experiments.keep_measure(post, act.measure, by=person, house=self.house)
        last, many = self.clock.now().date(), len(act.values)
        days = [last - timedelta(weeks=many - 1 - place) for place in range(many)]
        points = [Point(at=at, value=value) for at, value in zip(days, act.values, strict=True)]
        if act.rebase is not None:
            place, why = act.rebase
            rebase = Rebase(at=days[place], why=why)
            await experiments.draw_again(post, number, rebase, by=person, house=self.house)
        brought = experiments.Brought(points, text=act.text)
        await experiments.add_points(post, number, brought, by=person, house=self.house)

    async def _adapt(self, act: Adapted, person: Person, original: Post) -> None:
        found = await posts.by_id(original.id)
        if found is None:
            raise NotFoundError
        draft = await experiments.adapt(
            found, act.how, by=person, words=act.experiment, house=self.house
        )
        post = await experiments.publish(draft, by=person, house=self.house)
        self.known.uris[act.key] = str(post.uri)

    async def _respond(self, act: Said, person: Person, to: Post) -> None:
        response = replace(act.response, text=self.known.filled(act.response.text))
        if act.due is not None:
            when = SystemClock().now() + timedelta(days=act.due)
            response = replace(response, when=when.date())
        reply = await responses.respond(to, response, by=person, house=self.house)
        if act.key:
            self.known.uris[act.key] = str(reply.uri)

    async def _celebrate(self, act: Celebrated, person: Person, whom: Actor | None) -> None:
        response = Response(
            text=act.text, kind=ResponseKind.THANKS, thanked=whom.uri if whom else act.whom,
            thanked_for=act.thanked_for,
        )  # fmt: skip
        await responses.thank_somebody(
            response, whom, by=person, visibility=Visibility.PUBLIC, house=self.house
        )

    async def _revise(self, act: Revised, person: Person, post: Post) -> None:
        await stories.revise(post, act.story, by=person, why=act.why, house=self.house)
        await posts.tell(post, house=self.house)

    async def _person(self, name: str) -> Person:
        person = await people.by_name(name)
        if person is None:
            raise NotFoundError
        return person

    async def _arrived(self, key: str) -> Post:
        """Wait until this hub knows what the script calls by that key."""
        found: list[Post] = []

        async def there() -> bool:
            post = await posts.by_uri(self.known.uris[key]) if key in self.known.uris else None
            found.extend([post] if post is not None else [])
            return bool(found)

        await self._until(there, what=f"“{key}”")
        return found[0]

    async def sent(self) -> None:
        """Wait until everything has left."""

        async def empty() -> bool:
            return (await delivery.counts(house=self.house))["waiting"] == 0

        await self._until(empty, what="its deliveries to be taken")

    async def taken_in(self) -> None:
        """Wait until everything that came has been read."""

        async def idle() -> bool:
            queue = await jobs.counts(house=self.house)
            return queue.due == queue.running == 0

        await self._until(idle, what="what came to be read")

    async def nudge_for_ever(self) -> None:
        """Try again what failed on its way: what was told long ago would be given up at once."""
        while True:
            await asyncio.sleep(NUDGE)
            for lane in await delivery.failing(house=self.house):
                await delivery.try_now(lane.host, house=self.house)

    async def _until(self, there: Callable[[], Awaitable[bool]], *, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not await there():  # noqa: ASYNC110 - another process makes it true
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            raise NothingArrivedError(
                name=self.site.place.name, seconds=PATIENCE, what=what, log=self.site.log
            ) from None


async def _accepted(follower: Actor, followed: Actor) -> bool:
    row = await follows.between(follower, followed)
    return row is not None and row.state is FollowState.ACCEPTED

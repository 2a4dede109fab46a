"""Believable content for a hub, so that every kind of page has something to show."""

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta

from PIL import Image

from federation import vocab
from server import mail
from server.actors.tables import Actor
from server.delivery.rules import DeliveryState
from server.delivery.tables import Delivery, KnownInbox, Lane, OutgoingActivity
from server.experiments import service as experiments
from server.experiments.rules.adaptation import Adaptation, Change, Result
from server.experiments.rules.cycles import Act, Cycle
from server.experiments.rules.experiment import Aim, Experiment
from server.experiments.rules.measures import Direction, Measure, Point, Rebase
from server.experiments.rules.stages import Reason, Stage
from server.experiments.rules.updates import Update
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.house import House
from server.hub import service as hub
from server.jobs.tables import Job
from server.media import service as media
from server.network import service as network
from server.network.formats.reading import read
from server.network.rules.subscribing import EntryState
from server.network.rules.walking import Standing
from server.network.tables import Catalogue, Entry, TakenList
from server.people import service as people
from server.people.service import invitations
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import Organisation, State, Visibility
from server.posts.tables import Boost, Post, Tag
from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from server.safety import service as safety
from server.search.rules.filter import Filter
from server.stories import service as stories
from server.stories.rules import AuthorRole, Story
from server.views import service as views
from server.views.rules.saving import Saying
from tests.browser.hub import PASSWORD
from tests.server.experiments.series import MISSED

BAG = Story(
    title="The bag of tablets",
    what_happened="Mum came home on a Friday with a bag of tablets and a letter.\n\nOn Monday the"
    " **district nurse** went through the bag, one packet at a time.",
    what_people_tried="The nurse drew a sun and a moon on the packets. We still use it.",
    what_might_help="- one list\n- in big letters",
    author_role=AuthorRole.RELATIVE,
    feelings=("worried", "cared-for"),
    when_approx="Autumn 2026",
    organisations=(Organisation(name_then="Cottage hospital", kind="trust"),),
    places=("Kelderby",),
    topics=("discharge", "HomeCare"),
    interests="I volunteer at the hospital.",
)
CALL = Experiment(
    title="The four o’clock call", problem="Nobody looks at tomorrow until *tomorrow*.",
    idea="At four, two of us look at tomorrow’s list together.",
    aim=Aim(what="missed visits", how_much="from 41 to 30", by="December 2026"),
    who="Tarn Street home care", lived_experience="Ida asked for a name instead of a time.",
    learning="The looking matters more than the ringing.", topics=("HomeCare",),
    help_wanted="Do you run visits at weekends?", interests="We are paid for these visits.",
)  # fmt: skip
ROUND = Cycle(
    number=0, question="Can it run without who started it?", prediction="It would slip a little.",
    observed="It held for one week.", learned="Put it on the rota.", act=Act.ADAPT,
)  # fmt: skip
BUS = Story(title="The bus stops a mile short", what_happened="The 14 turns round at the quarry.")


@dataclass(frozen=True, kw_only=True)
class Village:
    """Where the pages are that have addresses of their own."""

    story: str
    story_uri: str
    experiment: str
    entry: str
    stopped: str
    tried: str
    experiment_elsewhere: str
    adapted: str
    compared: str
    stopped_uri: str
    reply: str
    draft: str
    elsewhere: str
    neighbour: str
    invitation: str
    withdrawn: str
    thanks: str
    way_out: str


async def settle_in(house: House) -> Village:
    """Fill a hub that has been set up: Colm tells and answers, two neighbours live elsewhere."""
    ida = await _person("ida")
    colm = await people.add_person(
        name="colm", display_name="Colm Brady", password=PASSWORD, house=house
    )
    await _tell(ida, BUS, house)
    story = await _tell(colm, BAG, house, picture=True)
    longer = replace(BAG, what_was_good="She sat down.")
    await stories.revise(story, longer, by=colm, why="I had left that out.", house=house)
    planned = Response(
        text="", kind=ResponseKind.CHANGE_PLANNED, change="One name and one number on each letter.",
        when=date(2024, 2, 29), interests="We are paid for the letters.",
        on_behalf_of="Beck Lane surgery",
    )  # fmt: skip
    await responses.respond(story, planned, by=ida, house=house)
    stickers = Response(text="Thank you. Which stickers stay on in the bath?")
    reply = await responses.respond(story, stickers, by=colm, house=house)
    await responses.thank(story, by=ida, house=house)
    thanked = await _thank(ida, colm, story, house)
    marsh = await _neighbour("hello", "low-marsh.example", "Low Marsh carers and friends", house)
    bram = await _neighbour("bram", "mastodon.example", "Bram Oyelade-Kirk", house)
    for person in (ida, colm):
        await _acquaint(await Actor.get(id=person.actor_id), marsh, bram, house)
    actor = await hub.hub_actor(house=house)
    assert actor is not None
    await _acquaint(actor, marsh, bram, house)
    letter = await _from_elsewhere(marsh, "Three letters in one day", house)
    note = await _from_elsewhere(bram, "", house, warning="About the end of a life")
    await Boost.create(
        post=note, actor=marsh, uri=f"{marsh.uri}/boosts/1", created_at=house.clock.now()
    )
    gone = await _tell(colm, Story(title="Too soon", what_happened="I have thought again."), house)
    await stories.withdraw(gone, by=colm, house=house)
    await _trouble(house, story)
    await _keep_safe(ida, colm, bram, note, house)
    draft = await stories.draft(colm, Story(title="A chair every forty steps"), house=house)
    made = await invitations.invite(ida.id, note="For the choir", uses=3, house=house)
    tried, entry, stopped, half, copied = await _try(ida, colm, marsh, story, house)
    adapted = await _adapt(copied, colm, house)
    return Village(
        story_uri=str(story.uri), experiment=_path(tried), entry=_path(entry),
        stopped=_path(stopped), adapted=_path(adapted),
        compared=f"/compare?of={copied.id}&of={adapted.id}", tried=f"/try/{half.id}",
        experiment_elsewhere=f"/elsewhere/{copied.id}", story=_path(story),
        reply=_path(reply), draft=f"/drafts/{draft.id}", stopped_uri=str(stopped.uri),
        elsewhere=f"/elsewhere/{letter.id}", neighbour=f"/authorize_interaction?uri={marsh.uri}",
        invitation="/" + made.link.split("/", 3)[3], withdrawn=_path(gone),
        thanks=_path(thanked), way_out=await _keep_an_eye(colm, house),
    )  # fmt: skip


async def _keep_an_eye(colm: Person, house: House) -> str:
    """Have Colm save a view; return the way out of a letter to him."""
    saying = Saying(name="Getting home", about="", chosen=Filter(), is_public=True)
    await views.save(saying, by=colm, house=house)
    return mail.way_out("notifications", colm.id, house=house).removeprefix(house.address)


async def _thank(ida: Person, colm: Person, story: Post, house: House) -> Post:
    """Have Ida thank Colm and learn from his story, and him thank a team; return that."""
    learning = Response(text="", kind=ResponseKind.LEARNING_FROM_THIS)
    await responses.respond(story, learning, by=ida, house=house)
    said = Response(
        text="I slept.", kind=ResponseKind.THANKS, thanked_for="ringing at ten past four"
    )
    whom = await Actor.get(id=colm.actor_id)
    named = replace(said, thanked=whom.uri)
    await responses.thank_somebody(named, whom, by=ida, visibility=Visibility.PUBLIC, house=house)
    team = replace(said, thanked="the night team on ward 4", text="")
    return await responses.thank_somebody(
        team, None, by=colm, visibility=Visibility.PUBLIC, house=house
    )


def _path(post: Post) -> str:
    return "/" + str(post.uri).split("/", 3)[3]


async def _person(name: str) -> Person:
    found = await people.by_name(name)
    assert found is not None
    return found


async def _tell(person: Person, story: Story, house: House, *, picture: bool = False) -> Post:
    draft = await stories.draft(person, story, house=house)
    if picture:
        file = io.BytesIO()
        Image.new("RGB", (320, 200), "#6a2450").save(file, "PNG")
        kept = await media.keep(file.getvalue(), owner_id=person.id, house=house)
        await posts.attach(draft, kept, alt="A paper bag with a sun drawn on it")
    return await stories.publish(draft, by=person, house=house)


async def _neighbour(name: str, host: str, shown: str, house: House) -> Actor:
    uri, now = f"https://{host}/people/{name}", house.clock.now()
    actor = await Actor.create(
        uri=uri, host=host, local=False, type="Person", username=name, name=shown, url=uri,
        summary="<p>We drive people to the memory clinic.</p>", inbox=f"{uri}/inbox",
        created_at=now, fetched_at=now,
    )  # fmt: skip
    standing = Standing.RESTING if name == "hello" else Standing.WALKING
    await Catalogue.create(
        actor=actor, lane=0, standing=standing, followed_at=now, taken=12, total=340,
        due_ms=int(now.timestamp() * 1000), oldest_at=now, heard_at=now,
        finished_at=now if standing is Standing.RESTING else None,
        problem="It can’t be reached just now: it took too long.",
    )  # fmt: skip
    return actor


async def _acquaint(ours: Actor, marsh: Actor, bram: Actor, house: House) -> None:
    for follower, followed, state in (
        (ours, marsh, FollowState.ACCEPTED), (ours, bram, FollowState.REQUESTED),
        (marsh, ours, FollowState.ACCEPTED), (bram, ours, FollowState.REQUESTED),
    ):  # fmt: skip
        await Follow.create(
            follower=follower, followed=followed, state=state, created_at=house.clock.now(),
            uri=f"{follower.uri}/follows/{followed.id}",
        )  # fmt: skip


async def _from_elsewhere(author: Actor, title: str, house: House, *, warning: str = "") -> Post:
    at = house.clock.now() - timedelta(hours=5)
    uri = f"{author.uri}/posts/1"
    post = await Post.create(
        uri=uri, url=uri, kind="story" if title else "note", author=author, local=False,
        state=State.PUBLISHED, visibility=Visibility.PUBLIC, title=title, language="cy",
        html="<p>Dywedodd un ddydd Mawrth, un arall yr wythnos wedyn.</p>", document=b"{}",
        content_warning=warning, created_at=at, published_at=at,
    )  # fmt: skip
    await Tag.create(post=post, name="discharge", shown="discharge", published_at=post.published_at)
    return post


async def _try(
    ida: Person, colm: Person, marsh: Actor, story: Post, house: House
) -> tuple[Post, Post, Post, Post, Post]:
    """Have Colm try something about his story, Ida stop something, and the neighbours try too."""
    draft = await experiments.draft(colm, replace(CALL, inspired_by=(str(story.uri),)), house=house)
    tried = await experiments.publish(draft, by=colm, house=house)
    begun = Update(text="The clerks said **yes**.", stage=Stage.TRYING)
    entry = await experiments.record(tried, begun, by=colm, warning="Telephones", house=house)
    await experiments.reword(entry, begun.text, by=colm, house=house)
    await experiments.keep_cycle(tried, ROUND, by=colm, house=house)
    await _measure(tried, colm, house)
    await experiments.ask(tried, "ida", by=colm, house=house)
    await experiments.answer(tried, yes=True, by=ida, house=house)
    tea = Experiment(title="Tea and tablets", problem="Nobody came.", idea="Tea on Thursdays.")
    draft = await experiments.draft(ida, tea, house=house)
    stopped = await experiments.publish(draft, by=ida, house=house)
    learned = "People came for the tea. Talk about tablets went better at home."
    end = Update(text=learned, stage=Stage.STOPPED, reason=Reason.DID_NOT_HELP)
    await experiments.record(stopped, end, by=ida, house=house)
    half = await experiments.draft(colm, Experiment(title="A chair"), house=house)
    copied = await posts.keep(_note(marsh, str(story.uri)), marsh, house=house)
    assert copied is not None
    return tried, entry, stopped, half, copied


async def _adapt(original: Post, by: Person, house: House) -> Post:
    """Have Colm adapt what the neighbours try."""
    how = Adaptation(
        kept="The list.", context_reason="We are three villages.",
        changed=(Change(what="We ring at four", why="the shift ends then"),), advice="Sit down.",
        result=Result.MIXED,
    )  # fmt: skip
    found = await posts.by_id(original.id)
    assert found is not None
    draft = await experiments.adapt(found, how, by=by, house=house)
    return await experiments.publish(draft, by=by, house=house)


async def _measure(post: Post, by: Person, house: House) -> None:
    """Have Colm count for twenty weeks, with new limits half-way, and once in his log."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(len(MISSED))]
    points = [Point(at=at, value=value) for at, value in zip(weeks, MISSED, strict=True)]
    late = Measure(name="Late discharges", unit="a week", direction=Direction.DOWN, target=30)
    await experiments.keep_measure(post, late, by=by, house=house)
    await experiments.add_points(post, 1, experiments.Brought(points[:-1]), by=by, house=house)
    last = experiments.Brought(points[-1:], text="Twenty weeks now.")
    await experiments.add_points(post, 1, last, by=by, house=house)
    rebase = Rebase(at=weeks[12], why="The clerks began to ring")
    await experiments.draw_again(post, 1, rebase, by=by, house=house)


def _note(by: Actor, about: str) -> vocab.Note:
    """Return an experiment of the neighbours, whose log was rewritten."""
    uri = f"{by.uri}/experiments/1"
    return vocab.parse_note(
        {
            "@context": vocab.CONTEXT, "id": uri, "type": "Note", "attributedTo": by.uri,
            "to": [vocab.PUBLIC], "content": "<p>x</p>", "published": "2026-10-02T09:00:00Z",
            "fettle:experiment": {
                "title": "Half past three", "problem": "The school run.", "idea": "Ring earlier.",
                "stage": "learning", "inspiredBy": [about, "https://far.example/stories/1"],
                "stages": [
                    {"stage": "idea", "at": "2026-10-02"},
                    {"stage": "learning", "at": "2026-11-02", "why": "Fewer, by a little."},
                ],
            },
        }
    )  # fmt: skip


async def _keep_safe(ida: Person, colm: Person, bram: Actor, note: Post, house: House) -> None:
    """Have a report wait and another be decided, and a server and somebody blocked."""
    me = await Actor.get(id=colm.actor_id)
    waits = "It gives my mother’s name and the street that she lives in."
    await safety.report(bram, by=me, posts=[note], reason=waits, house=house)
    steward = await Actor.get(id=ida.actor_id)
    done = await safety.report(bram, by=steward, reason="The same link, ten times", house=house)
    await safety.decide(done.id, decision="They took it down.", by=ida, house=house)
    await safety.turn_away("spam.example", reason="Nothing but advertisements", house=house)
    pest = await _neighbour("pest", "mastodon.example", "Pest", house)
    await safety.block(me, pest, house=house)
    await Actor.filter(id=pest.id).update(blocked=True, block_reason="Writes to everybody")


async def _give_a_list(house: House) -> None:
    """Have a list be looked up, of which one is a hub and one of other software, and one is
    nobody.
    """
    marsh, bram = await Actor.get(username="hello"), await Actor.get(username="bram")
    text = f"{marsh.handle}\n{bram.handle}\n@una@nowhere.example\nquarry.example\nJust some words"
    batch = await network.begin(read(text), title="hubs in the north.csv", by="Ida", house=house)
    for number, columns in enumerate((
        {"state": EntryState.KNOWN, "actor_id": marsh.id},
        {"state": EntryState.FOUND, "actor_id": bram.id},
        {"state": EntryState.FAILED, "reason": "nowhere.example does not answer just now."},
    ), 1):  # fmt: skip
        await Entry.filter(batch_id=batch.id, line=number).update(waiting=False, **columns)
    await TakenList.create(
        uri="https://low-marsh.example/lists/us", batch_id=batch.id, due_at=house.clock.now(),
        again_at=house.clock.now(), error="There is no list at this address any more.", failures=1,
    )  # fmt: skip
    shared = await network.share("Hubs in the north", "Ask *Ida* to be put in.", house=house)
    await network.put_in(shared, [marsh], house=house)


async def _trouble(house: House, story: Post) -> None:
    """Have two hosts not take what was sent, one of them for good, and a job given up; and of a
    list some be found.
    """
    await _give_a_list(house)
    ms = int(house.clock.now().timestamp() * 1_000)
    activity = await OutgoingActivity.filter(object_uri=story.uri).order_by("-id").first()
    assert activity is not None
    refused = "422: the digest differs from the one in the signature headers"
    for host, state, error in (
        ("netherby-row.example", DeliveryState.WAITING, "the connection was refused"),
        ("low-marsh.example", DeliveryState.REJECTED, refused),
    ):
        inbox = await KnownInbox.create(url=f"https://{host}/inbox", host=host)
        await Delivery.create(
            activity=activity, host=host, inbox=inbox, state=state, not_before_ms=ms,
            expires_ms=ms + 10**9, attempts=4, error=error,
            done_ms=None if state is DeliveryState.WAITING else ms,
        )  # fmt: skip
    await Lane.create(
        host="netherby-row.example", due_ms=ms + 10**7, failures=4, tried_ms=ms - 10**6,
        failing_since_ms=ms - 3 * 86_400_000, last_error="the connection was refused",
    )  # fmt: skip
    await Job.create(
        kind="inbox.process", payload="{}", attempts=12, dead_ms=ms, created_ms=ms,
        last_error="KeyError: 'published'",
    )  # fmt: skip

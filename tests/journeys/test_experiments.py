"""A story inspires an experiment on another hub; both hubs, and a third, show how it goes."""

from dataclasses import replace
from typing import Any

from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Reason, Stage
from server.experiments.rules.updates import Update
from server.people.tables import Notification
from server.posts import service as posts
from server.posts.rules import RESTED
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer

TRIED = Experiment(
    title="A knock before six", problem="People come home to nobody.", idea="Ring at **four**."
)


async def share(node: LiveNode, about: str = "") -> str:
    """Have Ida try something, about a story as she finds it by its address; return its id."""
    ida = await node.person()

    async def work() -> str:
        viewer = await ida.actor
        if about:
            assert await experiments.origin(about, viewer, house=node.house) is not None
        tried = replace(TRIED, inspired_by=(about,) if about else ())
        draft = await experiments.draft(ida, tried, house=node.house)
        return str((await experiments.publish(draft, by=ida, house=node.house)).uri)

    return await node.run(work)


async def record(node: LiveNode, uri: str, update: Update) -> None:
    """Have Ida say what happened."""
    ida = await node.person()

    async def work() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        await experiments.record(post, update, by=ida, house=node.house)

    await node.run(work)


async def withdraw(node: LiveNode, uri: str) -> None:
    """Have Ida take it back."""
    ida = await node.person()

    async def work() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        await experiments.withdraw(post, by=ida, house=node.house)

    await node.run(work)


async def page_of(node: LiveNode, uri: str) -> str:
    """Return the page of a post, ours or our copy of it."""
    if uri.startswith(node.origin):
        return (await node.get(uri.removeprefix(node.origin))).text
    copy = await node.post(uri)
    assert copy is not None
    return (await node.get(f"/elsewhere/{copy.id}")).text


async def test_both_ends_show_it_on_both_hubs(hub: Hub) -> None:
    """The story's hub follows nobody: the experiment is addressed to the story's author, who is
    told, and so hears of all that follows.
    """
    ward, council = await hub("ward.test"), await hub("council.test")
    story = await ward.publish_story(title="Home by six", what_happened="Nobody was told.")
    await settle(ward)
    uri = await share(council, story)
    await settle(ward, council)
    for node in (ward, council):
        shown = await page_of(node, story)
        assert "What came of it" in shown
        assert "A knock before six" in shown
        tried = await page_of(node, uri)
        assert "Home by six" in tried
        assert "<strong>four</strong>" in tried
    await record(council, uri, Update(text="We **rang** ten people."))
    await record(council, uri, Update(text="The clerks said yes.", stage=Stage.TRYING))
    learned = Update(text="It needs two people.", stage=Stage.STOPPED, reason=Reason.RAN_OUT)
    await record(council, uri, learned)
    await settle(ward, council)
    for node in (ward, council):
        shown, tried = await page_of(node, story), await page_of(node, uri)
        assert "<strong>rang</strong>" in tried
        assert "We rang ten people." in shown
        for words in ("The clerks said yes.", "It needs two people."):
            assert words in shown
            assert words in tried
        assert "Time, money or people ran out" in tried


async def test_a_third_hub_learns_of_it_from_the_story(hub: Hub, network: Network) -> None:
    """Which names it, once its edits travel; whoever does not know it is led there."""
    ward, council, third = [await hub(f"{name}.test") for name in ("ward", "council", "third")]
    await third.follow(ward.handle)
    await settle(ward, third)
    story = await ward.publish_story(title="Home by six")
    await settle(ward, third)
    uri = await share(council, story)
    await settle(ward, council, third)
    network.clock.move(RESTED)
    await settle(ward, council, third)
    note = await ward.fetch(story.removeprefix(ward.origin))
    assert note["fettle:story"]["inspired"] == [uri]
    shown = await page_of(third, story)
    assert "Something is being tried about this on council.test" in shown
    assert f'href="{uri}"' in shown
    for node in (ward, third):
        assert "changed since" not in await page_of(node, story), "its words are as they were"
    await withdraw(council, uri)
    await settle(ward, council)
    network.clock.move(RESTED)
    await settle(ward, third)
    assert uri not in await page_of(third, story)


async def test_what_was_shared_already_is_linked_to_a_story(hub: Hub, network: Network) -> None:
    """Once, with the edits that follow; whoever told the story is told, and both ends show it."""
    ward, council = await hub("ward.test"), await hub("council.test")
    story = await ward.publish_story(title="Home by six")
    uri = await share(council)
    await settle(ward, council)
    ida = await council.person()

    async def link() -> None:
        post, about = await posts.by_uri(uri), await posts.fetch(story, house=council.house)
        assert post is not None
        assert about is not None
        for _ in range(2):
            await experiments.go_back_to(post, about, by=ida, house=council.house)

    await council.run(link)
    network.clock.move(RESTED)
    await settle(ward, council)
    for node in (ward, council):
        assert (await page_of(node, story)).count("A knock before six") == 1
        assert "Home by six" in await page_of(node, uri)
    told = await ward.run(lambda: Notification.all().order_by("id"))
    assert [row.text for row in told] == ["is trying something about “Home by six”"]


async def test_taken_back_it_is_gone_from_both(hub: Hub) -> None:
    """With its log, and from the story's page."""
    ward, council = await hub("ward.test"), await hub("council.test")
    story = await ward.publish_story(title="Home by six")
    uri = await share(council, story)
    await settle(ward, council)
    await record(council, uri, Update(text="Mrs Able rang."))
    await settle(ward, council)
    assert "Mrs Able" in await page_of(ward, story)
    await withdraw(council, uri)
    await settle(ward, council)
    held = await ward.post(uri)
    assert held is not None
    assert (held.state, held.title, held.html) == ("withdrawn", "", "")
    for words in ("Mrs Able", "A knock"):
        assert words not in await page_of(ward, story)
        assert words not in await page_of(council, story)


async def test_a_follower_elsewhere_reads_each_step_whole(hub: Hub, network: Network) -> None:
    """As Notes: what happened, the stage, one link; then the experiment anew."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, ida = peer.actor("ann"), f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    story = await ward.publish_story(title="Home by six")
    uri = await share(ward, story)
    await record(ward, uri, Update(text="The clerks said yes.", stage=Stage.TRYING))
    await settle(ward)
    creates: list[dict[str, Any]] = [one["object"] for one in peer.activities("Create")]
    tried, entry = creates[1:]
    assert tried["content"].startswith("<p><strong>A knock before six</strong></p>")
    assert entry["inReplyTo"] == tried["id"] == uri
    for words in ("The clerks said yes.", "Now <strong>trying</strong>", "A knock before six</a>"):
        assert words in entry["content"]
    [anew] = [one["object"] for one in peer.activities("Update") if one["object"]["id"] == uri]
    assert anew["fettle:experiment"]["stage"] == "trying"
    assert anew == await ward.fetch(uri.removeprefix(ward.origin))

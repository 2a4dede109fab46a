"""Somebody is thanked on another hub: it is shown there, and goes when it is taken back."""

from dataclasses import replace

from server.actors import service as actors
from server.people.tables import Notification
from server.posts import service as posts
from server.posts.rules import Visibility
from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle

SAID = Response(
    text="I slept.", kind=ResponseKind.THANKS, thanked_for="ringing at ten past four"
)  # fmt: skip


async def thank(node: LiveNode, uri: str, visibility: Visibility) -> str:
    """Have Ida thank somebody; return the id of what says so."""
    ida = await node.person()

    async def say() -> str:
        whom = await actors.find(uri, house=node.house)
        said = replace(SAID, thanked=whom.uri)
        post = await responses.thank_somebody(
            said, whom, by=ida, visibility=visibility, house=node.house
        )
        return str(post.uri)

    return await node.run(say)


async def told(node: LiveNode) -> list[str]:
    """Return what people on a hub were told."""
    rows = await node.run(lambda: Notification.all().order_by("id"))
    return [row.text for row in rows]


async def test_somebody_elsewhere_is_thanked(hub: Hub) -> None:
    """For everybody to read, on both hubs; or for them alone, in no list."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await ward.add_person("una", display_name="Una Fell")
    una = f"{ward.origin}/people/una"
    uri = ""
    for visibility in (Visibility.DIRECT, Visibility.PUBLIC):
        uri = await thank(council, una, visibility)
        await settle(ward, council)
        shown = visibility is Visibility.PUBLIC
        for node, path in ((ward, "/people/una"), (ward, "/thanks"), (ward, "/"),
                           (council, "/thanks"), (council, "/thanks.atom")):  # fmt: skip
            text = (await node.get(path, accept="*/*")).text
            assert ("ten past four" in text) is shown, (node.origin, path, visibility)
    assert "I slept." in (await ward.get("/people/una")).text
    copy = await ward.post(uri)
    assert copy is not None
    assert "ten past four" in (await ward.get(f"/elsewhere/{copy.id}")).text
    assert await told(ward) == ["thanked you for ringing at ten past four"] * 2

    async def take_back() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        await responses.withdraw(post, by=await council.person(), house=council.house)

    await council.run(take_back)
    await settle(ward, council)
    for node in (ward, council):
        assert "ten past four" not in (await node.get("/thanks")).text
    assert await told(ward) == ["thanked you for ringing at ten past four"]


async def test_thanks_in_words_come_home_as_one(hub: Hub) -> None:
    """A favourite and a reply: one thank-you, with what was said."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward, council)
    said = Response(text="We do it now.", kind=ResponseKind.THANKS)
    ida = await council.person()

    async def answer() -> None:
        copy = await posts.by_uri(uri)
        assert copy is not None
        await responses.respond(copy, said, by=ida, house=council.house)

    await council.run(answer)
    await settle(ward, council)
    found = await ward.run(responses.listed)
    assert [(one.called, one.words) for one in found] == [("Ida Fennimore", "We do it now.")]
    likes = await ward.fetch(uri.removeprefix(ward.origin) + "/likes")
    assert likes["totalItems"] == 1

"""An idea travels over three hubs: adapted, acknowledged, told how it went; all see the same."""

import re
from datetime import timedelta
from typing import Any

from server.experiments import service as experiments
from server.experiments.rules.adaptation import Adaptation, Change, Result
from server.experiments.rules.measures import Direction, Measure
from server.experiments.service import tracing
from server.experiments.tables import AdaptationRow
from server.posts import service as posts
from tests.journeys.conftest import Hub
from tests.journeys.test_experiments import TRIED, page_of, share
from tests.server.experiments.series import MISSED, weekly
from tests.server.experiments.test_adapting import OURS
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer, collection

HOW = Adaptation(
    kept="The <b>list</b>.", context_reason="<script>x</script>",
    changed=(Change(what="We <i>text</i>", why="nobody picks up"),), advice="<img src=x>",
)  # fmt: skip


def chart_in(page: str) -> str:
    """Return the chart of a page, without where its numbers can be downloaded."""
    found = re.search(r'<figure class="chart".*?</figure>', page, re.DOTALL)
    assert found is not None
    return re.sub(r'href="/[^"]*csv"', "", found[0])


async def measure(node: LiveNode, uri: str) -> str:
    """Have Ida count for twenty weeks, and tell of it; return the id of what tells it."""
    ida = await node.person()
    points = weekly(MISSED).points

    async def work() -> str:
        post, house = await posts.by_uri(uri), node.house
        assert post is not None
        late = Measure(name="Late discharges", direction=Direction.DOWN, baseline=12)
        await experiments.keep_measure(post, late, by=ida, house=house)
        said = experiments.Brought(points, text="Twenty weeks.")
        entry = await experiments.add_points(post, 1, said, by=ida, house=house)
        assert entry is not None
        return str(entry.uri)

    return await node.run(work)


async def numbers_of(node: LiveNode, uri: str) -> str:
    """Return the numbers as CSV, of ours or of our copy."""
    if uri.startswith(node.origin):
        return (await node.get(f"{uri.removeprefix(node.origin)}/measures/1.csv")).text
    copy = await node.post(uri)
    assert copy is not None
    return (await node.get(f"/elsewhere/{copy.id}/measures/1.csv")).text


async def adapt(node: LiveNode, original: str, **how: Any) -> str:
    """Have Ida adapt an experiment, as she finds it by its address; return the id of hers."""
    ida = await node.person()

    async def work() -> str:
        found = await experiments.original(original, await ida.actor, house=node.house)
        draft = await experiments.adapt(found, HOW, by=ida, house=node.house)
        return str((await experiments.publish(draft, by=ida, house=node.house)).uri)

    return await node.run(work)


async def tell(node: LiveNode, uri: str, result: Result) -> None:
    """Have Ida say how it went."""
    ida = await node.person()

    async def work() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        how = Adaptation(kept=HOW.kept, result=result)
        await experiments.tell_how(post, how, by=ida, house=node.house)

    await node.run(work)


async def lineage_of(node: LiveNode, uri: str) -> list[str]:
    """Return what a hub shows of a lineage, row by row."""
    if uri.startswith(node.origin):
        path = uri.removeprefix(node.origin).replace("/experiments/", "/lineage/")
    else:
        copy = await node.post(uri)
        assert copy is not None, f"{node.origin} does not know {uri}"
        path = f"/elsewhere/{copy.id}/lineage"
    page = (await node.get(path)).text
    leaves = re.findall(r'<div class="leaf".*?</div>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", leaf).split()) for leaf in leaves]


async def seen_by(*asked: tuple[LiveNode, str]) -> list[list[str]]:
    """Return what each of several hubs shows of a lineage, once those that were looked at for the
    first time have asked the others.
    """
    for node, uri in asked:
        await lineage_of(node, uri)
    await settle(*(node for node, _ in asked))
    return [await lineage_of(node, uri) for node, uri in asked]


async def test_an_idea_travels_and_all_see_the_same(hub: Hub) -> None:
    """From a story to what is tried about it, its numbers, what a second hub makes of that and a
    third of that again, where it failed; and so it stays when the first hub is gone.
    """
    ward, council, third = [await hub(f"{name}.test") for name in ("ward", "council", "third")]
    await council.follow(ward.handle)
    await settle(ward, council)
    story = await ward.publish_story(title="Home by six")
    first = await share(ward, story)
    await settle(ward, council)
    entry = await measure(ward, first)
    await settle(ward, council)
    for node in (ward, council):
        assert TRIED.title in await page_of(node, story)
        assert "Home by six" in await page_of(node, first)
    await both_draw(ward, council, first)
    await it_travels_as_a_picture(ward, entry)

    second = await adapt(council, first)
    for _ in range(2):  # the second time it is held
        assert "have not answered yet" in await page_of(council, second)
    await settle(ward, council)
    await is_acknowledged(ward, council, first, second)
    later = await adapt(third, second)
    await settle(ward, council, third)
    for node, uri, result in ((council, second, Result.BETTER), (third, later, Result.WORSE)):
        await tell(node, uri, result)
    await settle(ward, council, third)
    seen = await seen_by((ward, first), (council, second), (third, later))
    assert seen[0] == seen[1] == seen[2]
    went = [re.findall(r"It went (\w+) than there", row) for row in seen[0]]
    assert went == [[], ["better"], ["worse"]]
    assert "have not answered" not in " ".join(seen[0])

    await ward.stop()
    assert await seen_by((council, second), (third, later)) == seen[1:]
    for node, uri in ((council, second), (third, later)):
        assert TRIED.title in await page_of(node, uri)


async def both_draw(ward: LiveNode, council: LiveNode, uri: str) -> None:
    """Each computes the chart from the numbers that travelled, and finds the same."""
    drawn = [chart_in(await page_of(node, uri)) for node in (ward, council)]
    assert drawn[0] == drawn[1]
    for words in ("Late discharges", "unlikely to be chance", 'class="plot"'):
        assert words in drawn[0]
    read = [await numbers_of(node, uri) for node in (ward, council)]
    assert read[0] == read[1]
    assert len(read[0].splitlines()) == len(MISSED) + 1
    shown = await page_of(council, uri)
    assert "Twenty weeks." in shown
    assert "Last number: 27" in shown, "the picture says so"


async def it_travels_as_a_picture(ward: LiveNode, entry: str) -> None:
    """For whoever has no charts: with what it shows, in the same words."""
    [picture] = (await ward.fetch(entry.removeprefix(ward.origin)))["attachment"]
    assert (picture["mediaType"], picture["width"], picture["height"]) == ("image/png", 1200, 675)
    for words in ("Late discharges", "unlikely to be chance", "Last number: 27"):
        assert words in picture["name"]
    assert (await ward.get(picture["url"], accept="*/*")).status == 200


async def is_acknowledged(ward: LiveNode, council: LiveNode, first: str, second: str) -> None:
    """Both say so; and what somebody wrote is nowhere markup."""
    assert "Tried elsewhere" in await page_of(ward, first)
    shown = await page_of(council, second)
    assert "Those who shared the original know of this." in shown
    for bad in ("<script>x", "<img src=x", "<i>text"):
        assert bad not in shown
        assert bad not in await page_of(ward, second)


async def test_it_makes_sense_when_the_originals_hub_is_gone(hub: Hub) -> None:
    """What was known of it stays with those who adapted it; nothing else changes."""
    ward, council, third = [await hub(f"{name}.test") for name in ("ward", "council", "third")]
    first = await share(ward)
    second = await adapt(council, first)
    await settle(ward, council)
    await ward.stop()
    later = await adapt(third, second)
    await settle(council, third)
    seen = await seen_by((council, second), (third, later))
    assert seen[0][1:] == seen[1][1:]
    assert "A knock before six" in seen[0][0]
    assert "A knock before six" in seen[1][0]
    assert "what those remember who adapted it" in seen[1][0]
    shown = await page_of(third, later)
    assert "A knock before six" in shown


async def test_what_is_taken_back_is_taken_out_everywhere(hub: Hub) -> None:
    """Of the snapshot of whoever adapted it, and of all copies of that."""
    ward, council, third = [await hub(f"{name}.test") for name in ("ward", "council", "third")]
    await third.follow(council.handle)
    await settle(council, third)
    first = await share(ward)
    second = await adapt(council, first)
    await settle(ward, council, third)
    assert TRIED.title in await page_of(third, second)
    ida = await ward.person()

    async def take_back() -> None:
        post = await posts.by_uri(first)
        assert post is not None
        await experiments.withdraw(post, by=ida, house=ward.house)

    await ward.run(take_back)
    await settle(ward, council, third)
    for node in (council, third):
        shown = await page_of(node, second)
        assert "Its authors have taken it back" in shown


async def test_what_another_hub_no_longer_lists_it_acknowledges_no_longer(
    hub: Hub, network: Network
) -> None:
    """Where its list was read to the end; one that can't be read, or is cut, takes nothing back."""
    ward, peer = await hub("ward.test"), await Peer.at(network, "there.test")
    ann, path = peer.actor("ann"), "/made"
    terms = {"title": "A knock", "problem": "Late.", "idea": "Ring.", "stage": "trying"}
    where = {"adaptations": peer.origin + path}
    first = ann.note("<p>x</p>", **OURS, **{"fettle:experiment": terms | where})
    ours = await adapt(ward, first["id"])
    post = await ward.post(ours)
    assert post is not None

    async def listed() -> bool:
        await ward.run(tracing.trace, {"post": post.id}, ward.house)
        return bool((await ward.run(lambda: AdaptationRow.get(post_id=post.id))).listed)

    more = [f"{peer.origin}/gone/{number}" for number in range(tracing.WALK.items + 1)]
    for answer, expected in (
        ([], False), ([ours], True), (None, True), (more, True), ([], False),
    ):  # fmt: skip
        if answer is None:
            peer.gone(path)
        else:
            peer.answers(path, body=collection(peer.origin + path, answer))
        network.clock.move(timedelta(days=1))
        assert await listed() is expected

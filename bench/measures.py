"""What is measured, and how. Each measure has a new hub of its own and returns its figures."""

import asyncio
import tempfile
from pathlib import Path

from bench import wire
from bench.catalogue import catalogue
from bench.charts import charts
from bench.child import PATIENCE, Child
from bench.command import starts
from bench.least import least
from bench.live import live
from bench.measured import experiment
from bench.outside import Request, Sink, WrongAnswerError, fire
from bench.report import Figure
from bench.rounds import DOCUMENT, HUB, PAGE, Measure, Scale, Seen, asked, meeting, signed
from bench.searching import search

LOOK = 0.1
"""Seconds between looks whether the hub is done."""
FEW = 2_000
"""Posts in a database that is not full: enough for lists to be."""
REPLIES = 10
"""Replies below the story that is read."""

TAKEN_IN = "activity verified, stored, answered"
RESPONDED = "activity until it is a response"
FILLINGS = 10
"""Parts in which a database is filled."""


async def _crowd(scale: Scale, child: Child) -> tuple[list[str], list[wire.Sender]]:
    """Publish the stories that are answered, and have the hub know everybody who answers."""
    posts = [await child.ask("publish") for _ in range(scale.posts)]
    crowd = await asyncio.to_thread(wire.senders, scale.senders)
    await child.ask("meet", documents=[one.document for one in crowd])
    return posts, crowd


async def inbox(scale: Scale) -> list[Figure]:
    """Activities verified, stored and answered, and nothing else: no worker runs."""
    seen = Seen()
    async with meeting(scale) as (child, _):
        crowd = await _crowd(scale, child)
        await _take_in(scale, child, seen, crowd, name="inbox", words=TAKEN_IN)
        took = (await child.ask("count"))["received"]
        if took != scale.activities * (scale.rounds + 1):
            raise WrongAnswerError(took)
    return seen.figures()


async def response(scale: Scale) -> list[Figure]:
    """Activities until each is a response on a page: the worker runs beside the inbox."""
    seen = Seen()
    async with meeting(scale) as (child, _):
        crowd = await _crowd(scale, child)
        await child.ask("work")
        await _take_in(scale, child, seen, crowd, name="response", words=RESPONDED)
        seen.add(
            "memory.load", "memory under load, web and worker", "MiB", await child.ask("memory")
        )
        said = (await child.ask("count"))["responses"]
        if said != scale.activities * (scale.rounds + 1):
            raise WrongAnswerError(said)
    return seen.figures()


async def full(scale: Scale) -> list[Figure]:
    """The same two with a great many posts in the database."""
    seen, many = Seen(), f", {scale.filled:,} posts"
    async with meeting(scale) as (child, _):
        crowd = await _crowd(scale, child)
        for _ in range(FILLINGS):
            await child.ask("fill", number=scale.filled // FILLINGS)
        await _take_in(scale, child, seen, crowd, name="full.inbox", words=TAKEN_IN + many)
        await child.ask("work")
        await _until_read(child)
        await _take_in(scale, child, seen, crowd, name="full.response", words=RESPONDED + many)
    return seen.figures()


async def _take_in(
    scale: Scale,
    child: Child,
    seen: Seen,
    crowd: tuple[list[str], list[wire.Sender]],
    *,
    name: str,
    words: str,
) -> None:
    """Send replies by the crowd, a round at a time, and wait until those that are worked on are
    done.
    """
    works = name.endswith("response")
    for number in range(scale.rounds + 1):
        requests = await signed(scale.activities, *crowd)
        await seen.pace(child)
        before = await child.cpu()
        answers = await fire(child.address, requests, at_once=64, expected=202)
        spent = await _until_read(child) if works else 0.0
        used = await child.cpu() - before
        if number:  # the first met every key, and is not counted
            seen.add(f"{name}.cpu", words, "ms CPU", used / scale.activities * 1000)
            rate = scale.activities / (answers.seconds + spent)
            seen.add(f"{name}.rate", "  of these a second", "/s", rate)


async def strangers(scale: Scale) -> list[Figure]:
    """Follows from as many unknown hosts: each key is fetched, each Accept delivered, by TLS."""
    seen = Seen()
    crowd = wire.strangers(scale.strangers)
    async with meeting(scale, actors=[one.document for one in crowd]) as (child, peers):
        await child.ask("work")
        requests = await asyncio.to_thread(lambda: list(wire.follows(crowd, hub=HUB)))
        everybody = peers.expect(scale.strangers)
        loop = asyncio.get_running_loop()
        await seen.pace(child)
        before, began = await child.cpu(), loop.time()
        await fire(child.address, requests, at_once=64, expected=202)
        took = await asyncio.wait_for(everybody, PATIENCE) - began
        await asyncio.sleep(0.5)  # so that the hub has written down what came of it
        words = f"Follows from {scale.strangers} unknown hosts, all accepted"
        seen.add("strangers.cpu", words, "s CPU", await child.cpu() - before)
        seen.add("strangers.last", "  the last of them after", "s", took)
        accepted = (await child.ask("count"))["followers"]
        if accepted != scale.strangers:
            raise WrongAnswerError(accepted)
    return seen.figures()


async def _until_read(child: Child) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while await child.ask("unread"):  # noqa: ASYNC110 - another process: asking is the only way
        await asyncio.sleep(LOOK)
    return loop.time() - began


async def delivery(scale: Scale) -> list[Figure]:
    """A story to followers on hosts that were never sent anything: each needs a TLS handshake."""
    seen = Seen()
    async with meeting(scale) as (child, peers):
        await child.ask("work")
        loop = asyncio.get_running_loop()
        for number in range(scale.rounds + 1):
            name = f"author{number}"
            await child.ask("author", name=name, followers=wire.followers(number, scale.hosts))
            everybody = peers.expect(scale.hosts)
            await seen.pace(child)
            await seen.signature(child)
            before, began = await child.cpu(), loop.time()
            await child.ask("publish", by=name)
            took = await asyncio.wait_for(everybody, PATIENCE) - began
            await asyncio.sleep(0.3)  # so that the hub has written down what came of it
            used = await child.cpu() - before
            if number:
                each = used / scale.hosts * 1000
                seen.add("delivery.cpu", "delivery to a new host, TLS", "ms CPU", each)
                words = f"  last of {scale.hosts} hosts reached after"
                seen.add("delivery.last", words, "s", took)
                kept = await _again(child, peers, name, scale.hosts)
                seen.add("kept.cpu", "delivery over a kept connection", "ms CPU", kept)
    return seen.figures()


async def _again(child: Child, peers: Sink, author: str, hosts: int) -> float:
    """Publish once more to hosts that were just sent something; return CPU ms a delivery."""
    everybody = peers.expect(hosts)
    before = await child.cpu()
    await child.ask("publish", by=author)
    await asyncio.wait_for(everybody, PATIENCE)
    await asyncio.sleep(0.3)
    return (await child.cpu() - before) / hosts * 1000


async def enqueue(scale: Scale) -> list[Figure]:
    """A story to followers on very many hosts, written down to be delivered: no worker runs."""
    seen = Seen()
    async with meeting(scale) as (child, _):
        await child.ask("crowd", name="crowded", number=scale.followers)
        for number in range(scale.rounds + 1):
            await seen.pace(child)
            found = await child.ask("enqueue", by="crowded")
            if found["number"] != scale.followers:
                raise WrongAnswerError(found["number"])
            many = f"{scale.followers:,} deliveries"
            if number:
                seen.add("enqueue.time", f"{many} enqueued within", "s", found["seconds"])
                seen.add("enqueue.cpu", "  CPU time of that", "s", found["cpu"])
            else:
                words = "  the first time, with as many new inboxes"
                seen.add("enqueue.first", words, "s", found["seconds"])
    return seen.figures()


async def story(scale: Scale) -> list[Figure]:
    """A story with replies, for strangers and for somebody signed in; as JSON, with its author."""
    seen = Seen()
    async with meeting(scale) as (child, _):
        uri = await child.ask("publish", replies=REPLIES)
        await child.ask("author", name="member", followers=[])
        signed_in = PAGE | {"Cookie": await child.ask("session", of="member")}
        path = uri.removeprefix(HUB)
        for name, words, where, headers in (
            ("story", f"story page, {REPLIES} replies", path, PAGE),
            ("member", "the same, signed in", path, signed_in),
            ("front", "front page", "/", PAGE),
            ("document", "story as JSON", path, DOCUMENT),
            ("author", "its author as JSON", "/people/ida", DOCUMENT),
        ):
            for number in range(scale.rounds + 1):
                await seen.pace(child)
                each, answers = await asked(scale, child, Request("GET", where, headers))
                if number:
                    seen.add(f"{name}.cpu", words, "ms CPU", each)
                    rate = scale.pages / answers.seconds
                    seen.add(f"{name}.rate", "  of these a second", "/s", rate)
                    seen.add(f"{name}.p50", "  half answered within", "ms", answers.percentile(50))
                    seen.add(f"{name}.p95", "  95 % answered within", "ms", answers.percentile(95))
    return seen.figures()


async def crowded(scale: Scale) -> list[Figure]:
    """What is read with a million posts in the database, against the same with a few: two hubs,
    asked in turn.
    """
    seen = Seen()
    async with meeting(scale) as (small, _), meeting(scale) as (large, _):
        few, many = await _filled(small, FEW), await _filled(large, scale.filled)
        for number in range(scale.rounds + 1):
            await seen.pace(large)
            for name, request in few.items():
                less, _ = await asked(scale, small, request)
                more, _ = await asked(scale, large, many[name])
                if number:
                    words = f"{name}, {scale.filled:,} posts against {FEW:,}"
                    seen.add(f"crowded.{name}", words, "×", more / less)
    return seen.figures()


async def _filled(child: Child, posts: int) -> dict[str, Request]:
    """Fill a hub, and return what is asked of it."""
    path = (await child.ask("publish", replies=REPLIES)).removeprefix(HUB)
    await child.ask("author", name="member", followers=[])
    signed_in = PAGE | {"Cookie": await child.ask("session", of="member")}
    await child.ask("fill", number=posts)
    return {
        "story": Request("GET", path, PAGE), "member": Request("GET", path, signed_in),
        "front": Request("GET", "/", PAGE), "document": Request("GET", path, DOCUMENT),
        "list": Request("GET", "/stories?role=relative", PAGE),
    }  # fmt: skip


async def start(scale: Scale) -> list[Figure]:
    """The real command on a folder that was used before: from exec to an answer, then at rest."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder:
        found = await asyncio.to_thread(starts, Path(folder), scale.rounds, rest=scale.rest)
    for one in found:
        seen.add("start.time", "start to serving", "s", one.seconds)
        seen.add("start.cpu", "  CPU time of that", "s", one.cpu)
        seen.add("memory.idle", "idle memory, web and worker", "MiB", one.memory)
    return seen.figures()


async def processes(scale: Scale) -> list[Figure]:
    """The work of `response` on PostgreSQL, by one process and by four."""
    from bench.cluster import cluster  # it needs what the tests need, which the others do not

    return await cluster(rounds=scale.rounds, activities=scale.activities, senders=scale.senders)


MEASURES: dict[str, Measure] = {
    "inbox": inbox,
    "response": response,
    "full": full,
    "strangers": strangers,
    "delivery": delivery,
    "enqueue": enqueue,
    "story": story,
    "crowded": crowded,
    "experiment": experiment,
    "charts": charts,
    "catalogue": catalogue,
    "search": search,
    "live": live,
    "least": least,
    "start": start,
    "cluster": processes,
}

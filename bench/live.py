"""What it costs to keep up: many hubs that are followed publish at a steady pace."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import count, cycle

import aiohttp
import orjson

from bench import wire
from bench.catalogue import announced, shown
from bench.child import PATIENCE, Child
from bench.outside import PEERS, Sink, WrongAnswerError
from bench.report import Figure
from bench.rounds import HUB, Scale, Seen, meeting
from federation import vocab
from federation.keys import SigningKey, generate_rsa
from federation.ports import SystemClock

RATES = (10, 25, 50)
"""Things a second, of all hubs together."""
SECONDS = 20
LOOK = 0.1
"""Seconds between looks whether all is known."""
NUMBERS = count(1)


async def live(scale: Scale) -> list[Figure]:
    """Hubs announce stories of theirs, one after another, each of which is fetched from its hub:
    how far behind what is known here is, and what that costs.
    """
    seen, seconds = Seen(), SECONDS if scale.rounds > 1 else 1
    key = await asyncio.to_thread(generate_rsa)
    uris = [f"https://live{index}.{PEERS}/hub" for index in range(scale.senders)]
    hubs = [wire.Sender(uri, SigningKey(f"{uri}#main-key", key)) for uri in uris]
    async with meeting(scale) as (child, peers):
        peers.documents = {
            uri: body for one in hubs for uri, body in shown(one.uri.split("/")[2], 1).items()
        } | {one.uri: orjson.dumps(one.document | {"type": "Organization"}) for one in hubs}
        await child.ask("work")
        await child.ask("backfill", hubs=[orjson.loads(peers.documents[uri]) for uri in uris])
        for rate in RATES:
            number = rate * seconds
            await seen.pace(child)
            cpu, size = await child.cpu(), await child.ask("size")
            lags = await _published(child, peers, hubs, rate=rate, number=number)
            cpu, size = await child.cpu() - cpu, await child.ask("size") - size
            name = f"live.{rate}"
            seen.add(f"{name}.cpu", f"thing at {rate} a second", "ms CPU", cpu / number * 1e3)
            seen.add(f"{name}.lag", "  known here after (p95)", "s", lags[int(len(lags) * 0.95)])
            seen.add(f"{name}.size", "  database for each", "KiB", size / number / 1024)
    return seen.figures()


async def _published(
    child: Child, peers: Sink, hubs: Sequence[wire.Sender], *, rate: int, number: int
) -> list[float]:
    """Have the hubs announce so many stories, each when it is due; return how many seconds after it
    was told each was known here, sorted.
    """
    loop, before = asyncio.get_running_loop(), await child.ask("elsewhere")
    began = loop.time()
    async with aiohttp.ClientSession(child.address, cookie_jar=aiohttp.DummyCookieJar()) as session:
        sent = []
        for index, hub in zip(range(number), cycle(hubs), strict=False):
            await asyncio.sleep(began + index / rate - loop.time())
            sent.append(asyncio.create_task(_announce(session, peers, hub)))
        answers = Counter(await asyncio.gather(*sent))
    if set(answers) != {202}:
        raise WrongAnswerError(answers)
    async with asyncio.timeout(PATIENCE):
        while await child.ask("elsewhere") < before + number:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)
    return sorted(await child.ask("lags", number=number))


async def _announce(session: aiohttp.ClientSession, peers: Sink, hub: wire.Sender) -> int:
    person = f"https://{hub.uri.split('/')[2]}/people/p0"
    activity = announced(hub.uri, person, next(NUMBERS), at=SystemClock().now())
    note = activity["object"]
    peers.documents[note["id"]] = orjson.dumps({"@context": vocab.CONTEXT, **note})
    told = {"@context": vocab.CONTEXT, **activity, "object": note["id"]}
    request = wire.delivered(orjson.dumps(told), hub, HUB)
    async with session.post(request.path, headers=request.headers, data=request.body) as answer:
        return answer.status

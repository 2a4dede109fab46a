"""The least that the work can cost on this machine, for `report.py` to hold ours against."""

import asyncio
import tempfile
from pathlib import Path

from bench import wire
from bench.child import Child, running
from bench.outside import PEERS, Request, WrongAnswerError, fire, sink
from bench.report import Figure
from bench.rounds import DOCUMENT, HOST, HUB, Scale, Seen, asked, signed

LEAST = {
    "inbox.cpu": "the least: verified and stored by the libraries alone",
    "delivery.cpu": "the least: signed and sent to a new host, TLS",
    "kept.cpu": "the least: signed and sent over a kept connection",
    "document.cpu": "the least: 3 KB of bytes answered",
}


async def least(scale: Scale) -> list[Figure]:
    """The same requests and deliveries by the libraries alone: the least that they can cost."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            sink() as peers,
            running(
                "bench.bare", Path(folder), peers=peers.port, authority=peers.authority
            ) as child,
        ):
            crowd = await asyncio.to_thread(wire.senders, scale.senders)
            pems = {one.key.key_id: one.document["publicKey"]["publicKeyPem"] for one in crowd}
            await child.ask("meet", pems=pems)
            for number in range(scale.rounds + 1):
                found = await _least(scale, child, crowd, number)
                if number:
                    for name, cpu in found.items():
                        seen.add(f"least.{name}", LEAST[name], "ms CPU", cpu)
    return seen.figures()


async def _least(
    scale: Scale, child: Child, crowd: list[wire.Sender], lot: int
) -> dict[str, float]:
    """Return the CPU ms that each of them took in one round."""
    found, posts = {}, [f"{HUB}/stories/{number}" for number in range(scale.posts)]
    requests = [
        Request(one.method, one.path, {"Host": HOST, **one.headers}, one.body)
        for one in await signed(scale.activities, posts, crowd)
    ]
    before = await child.cpu()
    await fire(child.address, requests, at_once=64, expected=202)
    found["inbox.cpu"] = (await child.cpu() - before) / scale.activities * 1000
    hosts = [f"least{lot}-{number}.{PEERS}" for number in range(scale.hosts)]
    for name in ("delivery.cpu", "kept.cpu"):
        before = await child.cpu()
        if await child.ask("deliver", hosts=hosts) != scale.hosts:
            raise WrongAnswerError(name)
        found[name] = (await child.cpu() - before) / scale.hosts * 1000
    found["document.cpu"], _ = await asked(scale, child, Request("GET", "/", DOCUMENT))
    return found

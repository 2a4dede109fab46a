"""What it costs to look for something among all that is known: a first page, for strangers."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from bench.child import Child
from bench.known import MADE_UP, words
from bench.outside import Request, fire
from bench.report import Figure
from bench.rounds import PAGE, Scale, Seen, meeting
from server.search.rules.filter import Filter

ANEW = 5
"""Pages that are made anew in a round, one by one."""
CHOICES = (
    Filter(kind="experiment", stage="working", topic="discharge"),
    Filter(kind="experiment", measured=True, topic="sleep"),
    Filter(kind="story", role="carer", topic="home"),
    Filter(stage="stopped", topic="letters"),
    Filter(hub="hub7.peers.test"),
    Filter(place="place3", topic="waiting"),
)


async def search(scale: Scale) -> list[Figure]:
    """First pages of the network's list: the newest, by words, by what is chosen, and one that was
    asked for a moment ago. The database's work is counted with the hub's.
    """
    seen, many = Seen(), f"{scale.filled:,} things known"
    async with meeting(scale) as (child, _):
        made = min(scale.filled, MADE_UP)
        before = await child.ask("cpu_in_all")
        await child.ask("know", number=made)
        spent = (await child.ask("cpu_in_all")) - before
        seen.add("search.index.cpu", "a thing made up and indexed", "ms CPU", spent / made * 1000)
        for which in range(1, scale.filled // made):
            await child.ask("know_more", number=made, which=which)
        await child.ask("settle")
        for number in range(scale.rounds + 1):
            await seen.pace(child)
            for name, said, asked in _asked(scale, number):
                each = await _cpu(child, asked, anew=name == "newest")
                if number:
                    seen.add(f"search.{name}.cpu", f"{said}, {many}", "ms CPU", each)
    return seen.figures()


def _asked(scale: Scale, seed: int) -> list[tuple[str, str, list[Request]]]:
    chance, times = Random(seed), max(scale.pages // 10, 2)  # noqa: S311 - no secret
    # Another word each time, so that nothing is held from the one before.
    by_words = [Filter(text=" ".join(words(chance, 2))) for _ in range(times)]
    by_choice = [replace(chance.choice(CHOICES), text=words(chance, 1)[0]) for _ in range(times)]
    return [
        ("newest", "newest first page", [_request(Filter())] * ANEW),
        ("words", "first page of two words", [*map(_request, by_words)]),
        ("chosen", "first page by choice and a word", [*map(_request, by_choice)]),
        ("held", "newest first page, held", [_request(Filter())] * times),
    ]


def _request(chosen: Filter) -> Request:
    return Request("GET", chosen.address("/network"), PAGE)


async def _cpu(child: Child, asked: Sequence[Request], *, anew: bool) -> float:
    """Return CPU ms of each request, where `anew` with nothing held from the one before."""
    spent = 0.0
    for some in [[one] for one in asked] if anew else [asked]:
        if anew:
            await child.ask("forget")
        before = await child.ask("cpu_in_all")
        await fire(child.address, some, at_once=2, expected=200)
        spent += await child.ask("cpu_in_all") - before
    return spent / len(asked) * 1000

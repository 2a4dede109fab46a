"""What it costs to look for something among all that is known: first pages, for strangers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from bench.child import Child
from bench.known import MADE_UP
from bench.outside import Request, fire
from bench.report import Figure
from bench.rounds import PAGE, Scale, Seen, meeting
from federation.ports import SystemClock
from server.search.rules.cards import number
from server.search.rules.filter import Filter

FREQUENT, MIDDLING, RARE = (20, 100), (500, 1_500), (15_000, 20_000)
"""Words by how often they are said: each in about a tenth, a hundredth and a ten-thousandth of all
things.
"""
CHOICES = (
    Filter(kind="experiment", stage="working", topic="discharge"),
    Filter(kind="experiment", measured=True, topic="sleep"),
    Filter(kind="story", role="carer", topic="home"),
    Filter(stage="stopped", topic="letters"),
    Filter(hub="hub7.peers.test"),
    Filter(place="place3", topic="waiting"),
)
NEXT = timedelta(days=200)
"""How far back somebody has gone who asks for one more page."""


async def search(scale: Scale) -> list[Figure]:
    """First pages of the network's list: the newest, by words, by what is chosen, and one that was
    asked for a moment ago. The database's work is counted with the hub's; but for the last,
    nothing at all is held from the page before.
    """
    seen, many = Seen(), f"{scale.filled:,} things known"
    async with meeting(scale) as (child, _):
        await _fill(scale, child, seen)
        for round_ in range(scale.rounds + 1):
            await seen.pace(child)
            for name, (said, asked) in _asked(scale, round_).items():
                each = await _cpu(child, asked, anew=name != "held")
                if round_:
                    seen.add(f"search.{name}.cpu", f"{said}, {many}", "ms CPU", each)
    return seen.figures()


async def _fill(scale: Scale, child: Child, seen: Seen) -> None:
    made = min(scale.filled, MADE_UP)
    before = await child.ask("cpu_in_all")
    await child.ask("know", number=scale.filled)
    spent = (await child.ask("cpu_in_all")) - before
    seen.add("search.index.cpu", "a thing made up and indexed", "ms CPU", spent / made * 1000)
    for which in range(1, scale.filled // made):
        await child.ask("know_more", number=scale.filled, which=which)
    await child.ask("settle")


def _asked(scale: Scale, seed: int) -> dict[str, tuple[str, list[Request]]]:
    chance, times = Random(seed), max(scale.pages // 50, 2)  # noqa: S311 - no secret

    def word(among: tuple[int, int]) -> str:
        return f"word{chance.randrange(*among)}"

    def by(text: str) -> Filter:
        return Filter(text=text)

    every, common, usual, seldom = range(times), FREQUENT, MIDDLING, RARE
    chosen = [replace(chance.choice(CHOICES), text=word(common)) for _ in every]
    tried = Filter(kind="experiment", stage="working", measured=True)
    then = str(number(SystemClock().now() - NEXT, 0))
    several: dict[str, tuple[str, list[Filter]]] = {
        "newest": ("newest first page", [Filter()] * times),
        "word": ("a frequent word", [by(word(common)) for _ in every]),
        "rare": ("a rare word", [by(word(seldom)) for _ in every]),
        "words": (
            "two words, seldom together", [by(f"{word(usual)} {word(usual)}") for _ in every]
        ),
        "phrase": (
            "a quoted phrase", [by(f'"word{chance.randrange(9)} {word(common)}"') for _ in every]
        ),
        "prefix": ("a beginning of a hundred words", [by(f"{word((100, 200))}*") for _ in every]),
        "measured": (
            "a word, stage and measured", [replace(tried, text=word(common)) for _ in every]
        ),
        "chosen": ("a choice and a word", chosen),
        "topic": ("a topic", [Filter(topic="discharge")] * times),
    }  # fmt: skip
    requests = {name: (said, [*map(_request, some)]) for name, (said, some) in several.items()}
    return requests | {
        "next": ("a page further back", [_request(Filter(), before=then)] * times),
        "held": ("newest first page, held", [_request(Filter())] * times),
    }


def _request(chosen: Filter, **place: str) -> Request:
    return Request("GET", f"/network?{urlencode(chosen.as_query() | place)}".rstrip("?"), PAGE)


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

"""What the page of an experiment costs that measures much: five measures of 200 numbers each."""

from dataclasses import replace

from bench.outside import Request
from bench.report import Figure
from bench.rounds import HUB, PAGE, Scale, Seen, asked, meeting

MEASURES, POINTS = 5, 200
ANEW = 5
"""Pages that are made anew in a round."""


async def experiment(scale: Scale) -> list[Figure]:
    """An experiment's page for strangers (held), for somebody signed in, for its author, and for
    its author with every chart drawn again.
    """
    seen, one = Seen(), replace(scale, pages=1)
    async with meeting(scale) as (child, _):
        path = (await child.ask("measure")).removeprefix(HUB)
        await child.ask("author", name="member", followers=[])
        member = PAGE | {"Cookie": await child.ask("session", of="member")}
        author = PAGE | {"Cookie": await child.ask("session")}
        for number in range(scale.rounds + 1):
            await seen.pace(child)
            for name, words, headers in (
                ("experiment", f"experiment page, {MEASURES} measures of {POINTS}", PAGE),
                ("experiment.member", "  the same, signed in", member),
                ("experiment.author", "  the same, its author, charts held", author),
            ):
                each, _ = await asked(scale, child, Request("GET", path, headers))
                if number:
                    seen.add(f"{name}.cpu", words, "ms CPU", each)
            anew = 0.0
            for _ in range(ANEW):
                await child.ask("forget")
                each, _ = await asked(one, child, Request("GET", path, author))
                anew += each / ANEW
            if number:
                words = "  the same, every chart judged and drawn"
                seen.add("experiment.anew.cpu", words, "ms CPU", anew)
    return seen.figures()

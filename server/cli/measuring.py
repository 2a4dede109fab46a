"""Measure from a script: measure, points."""

import asyncio
from typing import Annotated

import typer

from server.cli.app import Json, answer, command, opened
from server.cli.people import UnknownUserError
from server.cli.publishing import read
from server.errors import NotFoundError, RefusedError
from server.experiments import service as experiments
from server.experiments.rules.measures import ChartKind, Direction, Frequency, Measure
from server.experiments.rules.sheets import Sheet, read_sheet
from server.house import House
from server.people import service as people
from server.people.tables import Person
from server.posts import service as posts
from server.posts.tables import Post

Of = Annotated[str, typer.Argument(help="The id of an experiment of this hub.")]
By = Annotated[str, typer.Option("--as", help="An account that looks after it.")]


class UnclearError(RefusedError):
    """{unclear} Write it so that it can only be read in one way, or say --sure."""


class NothingReadError(RefusedError):
    """{problems}"""


async def _found(uri: str, by: str, *, house: House) -> tuple[Post, Person]:
    person, post = await people.by_name(by), await posts.by_uri(uri)
    if person is None:
        raise UnknownUserError(name=by)
    if post is None or not post.local or post.kind != experiments.KIND:
        raise NotFoundError
    return post, person


@command("measure")
async def measure(
    experiment: Of,
    by: By,
    name: Annotated[str, typer.Option("--name", help="What is measured.")],
    unit: Annotated[str, typer.Option("--unit", help="What stands behind a number.")] = "",
    direction: Annotated[
        Direction, typer.Option("--better", help="Which way is better.")
    ] = Direction.NEUTRAL,
    frequency: Annotated[
        Frequency | None, typer.Option("--every", help="How often there is a number.")
    ] = None,
    chart: Annotated[ChartKind, typer.Option("--chart", help="How it is drawn.")] = ChartKind.XMR,
    as_json: Json = False,
) -> None:
    """Begin to measure something about an experiment; prints the measure's number."""
    what = Measure(name=name, unit=unit, direction=direction, frequency=frequency, chart=chart)
    async with opened() as node:
        post, person = await _found(experiment, by, house=node.house)
        number = await experiments.keep_measure(post, what, by=person, house=node.house)
    told = {"number": number, "id": f"{experiment}/measures/{number}", "name": name}
    answer(f"Measure {number}: {name}", told, as_json=as_json)


@command("points")
async def points(
    experiment: Of,
    number: Annotated[int, typer.Argument(help="The number of the measure.")],
    file: Annotated[str, typer.Argument(help="A table or CSV file; - for standard input.")],
    by: By,
    text: Annotated[str, typer.Option("--text", help="What happened, for the log.")] = "",
    instead: Annotated[
        bool, typer.Option("--instead", help="Numbers of a day that has one take its place.")
    ] = False,
    sure: Annotated[
        bool, typer.Option("--sure", help="Keep them as they are read, whatever is unclear.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add numbers to a measure: a line for each, its date and the number; see docs/numbers.md."""
    table = await asyncio.to_thread(read, file)
    async with opened() as node:
        post, person = await _found(experiment, by, house=node.house)
        one = await experiments.measure_at(post, number)
        sheet = read_sheet(
            table, today=node.house.clock.now().date(),
            frequency=one.measure.frequency or Frequency.WEEKLY,
        )  # fmt: skip
        _check(sheet, sure=sure)
        brought = experiments.Brought(sheet.points, text=text, instead=instead)
        entry = await experiments.add_points(post, number, brought, by=person, house=node.house)
        total = len((await experiments.measure_at(post, number)).measure.points)
    told = {
        "added": len(sheet.points), "points": total, "left_out": sheet.unread,
        "entry": entry.uri if entry else None,
    }  # fmt: skip
    answer(f"{len(sheet.points)} added, {total} in all.", told, as_json=as_json)


def _check(sheet: Sheet, *, sure: bool) -> None:
    """Raise NothingReadError where there is no number, UnclearError where one may be read wrong."""
    problems = [problem.words for problem in sheet.problems]
    if not sheet.points:
        raise NothingReadError(problems=" ".join([*sheet.doubts, *problems]))
    if not sure and (sheet.doubts or problems):
        raise UnclearError(unclear=" ".join([*sheet.doubts, *problems]))

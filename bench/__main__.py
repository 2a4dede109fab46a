"""The command: `python -m bench [--quick] [--only NAME] [--filled NUMBER] [--json]
[--engine postgres]`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from bench.engines import postgres
from bench.measures import MEASURES
from bench.report import Figure, Report
from bench.rounds import FULL, QUICK, Scale


def main(words: Sequence[str] | None = None) -> None:
    """Measure what was asked for, and say what was seen."""
    asked = _parser().parse_args(words)
    names = asked.only or list(MEASURES)
    scale = QUICK if asked.quick else FULL
    scale = replace(scale, filled=asked.filled or scale.filled)
    with ExitStack() as stack:
        if asked.engine == "postgres":
            scale = replace(scale, database_url=stack.enter_context(postgres()))
        figures = asyncio.run(_measure(names, scale))
    report = Report(engine=asked.engine, quick=asked.quick, figures=figures)
    path = report.write()
    if asked.json:
        print(report.document().decode())
    else:
        print(report.table())
        print(f"\nWritten to {path}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure a hub's speed.")
    parser.add_argument("--quick", action="store_true", help="little of everything, once")
    parser.add_argument(
        "--only", action="append", choices=MEASURES, help="only this (may be given again)"
    )
    parser.add_argument("--filled", type=int, help="posts, or things, in a database that is full")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    return parser


async def _measure(names: Sequence[str], scale: Scale) -> list[Figure]:
    found: dict[str, Figure] = {}
    for name in names:
        print(f"measuring: {name}", file=sys.stderr)
        for figure in await MEASURES[name](scale):
            known = found.pop(figure.name, None)  # the machine's pace is looked at by every measure
            rounds = [*(known.rounds if known else ()), *figure.rounds]
            found[figure.name] = replace(figure, rounds=rounds)
    return sorted(found.values(), key=lambda figure: figure.name in {"pace", "signature"})


if __name__ == "__main__":
    main()

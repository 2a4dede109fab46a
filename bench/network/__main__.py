"""The command: `python -m bench.network [--engine postgresql] [--hubs 500] [--things 200] ...`."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.network.course import Course, Scale
from bench.network.hubs import hubs
from bench.network.report import NetworkReport
from bench.network.team import ENGINES, Way, team
from server import db
from server.node import MODELS

STOPPED = 130


def main(words: Sequence[str] | None = None) -> None:
    """Run it, print and write the figures; the exit status says whether all came in, once each."""
    asked = vars(_parser().parse_args(words))
    as_json, scale = asked.pop("json"), Scale(**asked)
    folder = Path(tempfile.mkdtemp(prefix="fettle-network-"))
    folder.chmod(0o755)
    try:
        well = asyncio.run(_run(folder, scale, as_json=as_json))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(STOPPED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if well else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.network", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Subscribe to many hubs that are played, take in what they told before, and"
        " keep up with what they publish.",
    )  # fmt: skip
    parser.add_argument("--engine", choices=ENGINES, default="sqlite", help="the database")
    parser.add_argument("--hubs", type=_some, default=500, help="hubs that are played")
    parser.add_argument("--things", type=_some, default=200, help="that each told before")
    parser.add_argument(
        "--rates", type=_rates, default="50,100", help="things a second, one pace after another"
    )
    parser.add_argument("--seconds", type=_some, default=300, help="at each of these rates")
    parser.add_argument(
        "--workers", type=_some, default=2, help="on PostgreSQL; on SQLite one process does it all"
    )
    parser.add_argument(
        "--patience", type=_some, default=900, help="seconds that the past may take to come in, and"
        " what was published at one rate after its time",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    return parser


def _some(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")  # noqa: EM101, TRY003 - as argparse has it
    return number


def _rates(text: str) -> tuple[int, ...]:
    return tuple(map(_some, text.split(",")))


async def _run(folder: Path, scale: Scale, *, as_json: bool) -> bool:
    """Go through it; what was seen until it ended or broke off is told before all is taken down."""
    task = asyncio.current_task()
    if task is not None:  # `timeout` ends what it runs in this way
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    way = Way()
    async with (
        team(folder, scale.engine, scale.workers) as subscriber,
        way.to(subscriber.ports[subscriber.names[0]]),
        hubs(scale.hubs, scale.things, way=way, authority=subscriber.network.ca) as played,
        db.Database(subscriber.database_url, modules=MODELS),
    ):
        course = Course(scale, played, subscriber)
        try:
            await course.run()
        except BaseException as error:
            course.faults.append(f"it broke off: {error!r}")
            raise
        finally:
            _tell(course, as_json=as_json)
    return not course.faults


def _tell(course: Course, *, as_json: bool) -> None:
    """Print and write what was seen."""
    report = NetworkReport(
        engine=course.scale.engine, quick=False, figures=course.figures(),
        scale=asdict(course.scale), faults=course.faults, memory=course.memory,
    )  # fmt: skip
    path = report.write()
    print(report.document().decode() if as_json else f"{report.table()}\n\nWritten to {path}")


if __name__ == "__main__":
    main()

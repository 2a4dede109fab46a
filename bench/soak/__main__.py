"""The command: `python -m bench.soak [--seconds 600] [--peers 200] [--dead 60] [--json]`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.soak.course import Scale, soaked
from bench.soak.report import Report


def main(words: Sequence[str] | None = None) -> None:
    """Run it, print and write the figures; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="A long bad day.")
    parser.add_argument("--seconds", type=float, default=600, help="how long things go wrong")
    parser.add_argument("--peers", type=int, default=200, help="other servers")
    parser.add_argument("--dead", type=int, default=60, help="how many of them are down")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    asked = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="fettle-soak-"))
    folder.chmod(0o755)
    try:
        scale = Scale(seconds=asked.seconds, peers=asked.peers, dead=asked.dead)
        report: Report = asyncio.run(soaked(folder, scale))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    path = report.write()
    if asked.json:
        print(report.document().decode())
    else:
        print(report.table())
        print(f"\nWritten to {path}")
    sys.exit(0 if report.well else 1)


if __name__ == "__main__":
    main()

"""Look for input that breaks what reads from strangers, with atheris, for a bounded time.

    python -m tests.fuzz [--seconds 60] [--keep] [TARGET...]

Each target begins with what it is known by (tests/fuzz/corpus) and goes on with what earlier runs
on this machine found (.fuzz/). `--keep` adds what reaches new code, if it is small, to the corpus.
What breaks a target is left in .fuzz/; put it into the corpus with the mend.
"""

import argparse
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.targets import TARGETS

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
WIRE = HERE.parent / "wire"
WORK = HERE.parent.parent / ".fuzz"
LONGEST = 8_192
"""Bytes of an input."""
KEPT = 40
"""Inputs of one target in the corpus, and the bytes that each may have."""
KEPT_BYTES = 2_048


def run(name: str, seconds: int) -> bool:
    """Fuzz one target in a process of its own; return whether nothing was found."""
    found = WORK / name
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=10", "-rss_limit_mb=2048",
        f"-artifact_prefix={WORK}/{name}-", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    command = [sys.executable, "-m", "tests.fuzz.one", name, *options, str(found)]
    seeds = [str(CORPUS / name), str(WIRE)]
    done = subprocess.run([*command, *seeds], check=False, capture_output=True, text=True)  # noqa: S603
    well = done.returncode == 0
    runs = re.search(r"stat::number_of_executed_units:\s*([0-9]+)", done.stderr)
    reached = re.findall(r"cov: ([0-9]+)", done.stderr)
    print(  # noqa: T201
        f"{name}: {runs[1] if runs else 'no'} inputs in {seconds} s, {reached[-1:]} edges,"
        f" {'nothing found' if well else 'BROKEN'}"
    )
    if not well:
        print(done.stderr[-4_000:])  # noqa: T201
    return well


def keep(name: str) -> None:
    """Add to the corpus of a target what reached new code: the smallest, while there is room."""
    kept = CORPUS / name
    room = KEPT - len(list(kept.iterdir()))
    found = sorted((WORK / name).iterdir(), key=lambda one: one.stat().st_size)
    for one in [one for one in found if one.stat().st_size <= KEPT_BYTES][: max(room, 0)]:
        shutil.copy(one, kept / one.name)


def main() -> int:
    """Fuzz the targets one after another; return 1 where one is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="in all")
    parser.add_argument("--keep", action="store_true", help="add what is new to the corpus")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], metavar="TARGET")
    asked = parser.parse_args()
    names = asked.targets or list(TARGETS)
    if find_spec("atheris") is None:
        print("There is no atheris for this machine or this Python; its corpus is in `make test`.")  # noqa: T201
        return 1
    well = [run(name, max(asked.seconds // len(names), 1)) for name in names]
    if asked.keep:
        for name in names:
            keep(name)
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())

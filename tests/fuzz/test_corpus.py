"""What fuzzing found, and what real servers sent, again and again (see tests/fuzz/__main__.py)."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
WIRE = Path(__file__).parent.parent / "wire"
FEWEST = 5


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_nothing_in_the_corpus_breaks_what_reads_it(name: str) -> None:
    """Not its own, nor that of any other target, nor a captured document."""
    inputs = [*(CORPUS / name).iterdir()]
    assert len(inputs) >= FEWEST
    for one in [*CORPUS.glob("*/*"), *WIRE.glob("*.json")]:
        TARGETS[name](one.read_bytes())

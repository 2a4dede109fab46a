"""Modules and functions stay small enough to read in one sitting."""

import pytest

from tests.architecture.sources import PACKAGES, ROOT, functions, modules

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 50


def test_there_is_something_to_measure() -> None:
    """The rules below would hold for an empty tree."""
    assert len(modules("federation")) > 5
    assert len(modules("server")) > 5


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_is_longer_than_400_lines(package: str) -> None:
    """A room that outgrows 400 lines becomes a folder of that name."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(package)
        if (lines := len(path.read_text().splitlines())) > MOST_LINES_OF_A_MODULE
    }
    assert long == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_function_is_longer_than_50_lines(package: str) -> None:
    """Functions aim at 30 lines and never pass 50."""
    long = [
        str(function)
        for path in modules(package)
        for function in functions(path)
        if function.lines > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []

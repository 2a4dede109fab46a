"""Where the sources are, for the tests that read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("federation", "server", "bench", "tests")


@dataclass(frozen=True)
class Function:
    """A function as it stands in a file; `lines` counts from `def` to its last line."""

    path: Path
    name: str
    line: int
    lines: int
    documented: bool

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.name} ({self.lines} lines)"


def modules(*packages: str) -> list[Path]:
    """Return the packages' Python files; migrations, which a machine writes, are left out."""
    return sorted(
        path
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts and "migrations" not in path.parts
    )


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or node.lineno
            documented = ast.get_docstring(node) is not None
            yield Function(path, node.name, node.lineno, end - node.lineno + 1, documented)

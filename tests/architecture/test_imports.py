"""The import rules of pyproject.toml hold, and would be seen to break."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree, without its cache."""
    return subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [*LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_imports_go_one_way() -> None:
    """Layers are exhaustive, rules are pure, federation knows nothing of the server."""
    ran = lint(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_library_that_imports_the_server_is_caught(tmp_path: Path) -> None:
    """The guard is awake: one forbidden import in a copy of the tree fails it."""
    for package in ("federation", "server"):
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "federation" / "errors.py").open("a") as module:
        module.write("\nimport server.errors\n")
    ran = lint(tmp_path)
    assert ran.returncode != 0
    assert "federation.errors -> server.errors" in ran.stdout

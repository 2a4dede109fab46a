"""Names say what a thing is; the top level holds what a newcomer expects."""

import subprocess

import pytest

from tests.architecture.sources import PACKAGES, ROOT, functions, modules

TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "FEDERATION.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "bench",
    "docker-compose.yml",
    "docs",
    "federation",
    "pyproject.toml",
    "server",
    "templates",
    "tests",
    "uv.lock",
}
BANNED = {"common", "helper", "helpers", "manager", "managers", "misc", "shared", "util", "utils"}


def tracked() -> list[str]:
    """Return the paths that git knows, or skip where the tree is no clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("this tree is not a git clone")
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the git that CI and developers have
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [name for name in listing.stdout.decode().split("\0") if name]


def test_the_top_level_holds_only_what_a_newcomer_expects() -> None:
    """A new file or folder at the top is a decision, made by adding it here."""
    assert {path.split("/")[0] for path in tracked()} - TOP_LEVEL == set()


def test_no_module_is_named_for_being_handy() -> None:
    """There are no utils, helpers or managers: a thing is named for what it does."""
    named = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        if {*path.relative_to(ROOT).with_suffix("").parts} & BANNED
    ]
    assert named == []


def test_every_test_has_a_docstring() -> None:
    """A test's name states a fact, its docstring says why it matters."""
    silent = [
        str(function)
        for path in modules("tests")
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_") and not function.documented
    ]
    assert silent == []

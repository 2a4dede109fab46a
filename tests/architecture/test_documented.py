"""What the program offers, the documentation names: settings, commands, our vocabulary."""

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import typer.main

from server import config
from server.views.rules.columns import COLUMNS
from tests.architecture.sources import ROOT


def landed(name: str) -> ModuleType:
    """Import a module of ours."""
    return importlib.import_module(name)


def page(name: str) -> str:
    """Return a page of docs/."""
    return (ROOT / "docs" / name).read_text()


def headings(text: str) -> set[str]:
    """Return what a page's headings name in backticks."""
    return set(re.findall(r"^#+ .*?`([^`]+)`", text, re.MULTILINE))


def settings() -> set[str]:
    """Return the environment variables that the program reads."""
    return {config.FILE_VARIABLE, *(setting.variable for setting in config.describe())}


Command = Any  # typer brings its own copy of click and does not publish its types


def commands() -> Iterator[tuple[str, Command]]:
    """Yield each command of the command line with its full name, groups left out."""
    app: Any = getattr(landed("server.cli.commands"), "app", None)
    assert app is not None
    yield from walk("fettle", typer.main.get_command(app))


def walk(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    """Yield the leaves under a command."""
    children: dict[str, Command] = getattr(command, "commands", {})
    if not children:
        yield name, command
    for child, below in children.items():
        yield from walk(f"{name} {child}", below)


def test_every_setting_is_documented_and_no_other() -> None:
    """docs/settings.md has a heading for each setting, and none that the program does not read."""
    known = settings()
    documented = headings(page("settings.md"))
    assert known - documented == set(), "settings that docs/settings.md does not name"
    assert documented - known == set(), "settings that docs/settings.md makes up"


def test_every_default_is_documented() -> None:
    """What a setting is without being set stands under its heading."""
    text = page("settings.md")
    missing = [
        f"{setting.variable} = {setting.default}"
        for setting in config.describe()
        if setting.default and f"`{setting.default}`" not in section(text, setting.variable)
    ]
    assert missing == []


def test_every_command_is_documented_and_no_other() -> None:
    """docs/commands.md has a heading for each command, and none that does not exist."""
    known = {name for name, _ in commands()}
    assert known
    documented = headings(page("commands.md"))
    assert known - documented == set(), "commands that docs/commands.md does not name"
    assert documented - known == set(), "commands that docs/commands.md makes up"


def test_every_option_of_a_command_is_documented_in_its_section() -> None:
    """Somebody who scripts a command finds each of its options under its heading."""
    known = list(commands())
    text = page("commands.md")
    missing = [
        f"{name} {spelling}"
        for name, command in known
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.hidden
        for spelling in [max(parameter.opts, key=len)]
        if spelling not in section(text, name)
    ]
    assert missing == []


def section(text: str, name: str) -> str:
    """Return what stands under the heading of that name, up to the next heading."""
    found = re.search(rf"^#+ `{re.escape(name)}`.*?(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(0) if found else ""


def test_every_term_of_our_namespace_is_documented() -> None:
    """docs/namespace.md has a heading for each term that our JSON-LD context defines."""
    context = landed("federation.vocab.context").CONTEXT
    terms = {
        term
        for part in context
        if isinstance(part, dict)
        for term in part
        if term.startswith("fettle:")
    }
    assert terms
    documented = {name for name in headings(page("namespace.md")) if name.startswith("fettle:")}
    assert documented == terms


def test_every_field_of_the_files_of_a_view_is_documented_and_no_other() -> None:
    """Whoever computes with them looks there."""
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", page("views.md"), re.MULTILINE)
    assert Counter(re.findall(r"[a-z_]+", " ".join(rows))) == Counter(COLUMNS)

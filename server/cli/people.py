"""Set up, and look after accounts: setup, user."""

import sys
from typing import Annotated

import typer

from server.cli.app import Json, answer, command, opened
from server.errors import RefusedError
from server.hub import service as hub
from server.hub.rules import DEFAULT_HANDLE
from server.hub.service import FirstSteward, Look
from server.people import service as people


class NoPasswordError(RefusedError):
    """Give a password on standard input with --password-stdin, or start this on a terminal."""


class UnknownUserError(RefusedError):
    """There is nobody called {name} here."""


def password(*, from_stdin: bool) -> str:
    """Return a password from standard input, or ask for one on a terminal.

    Raises NoPasswordError where neither can be.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise NoPasswordError
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@command("setup")
async def set_up(
    name: Annotated[str, typer.Option(help="What the hub is called.")],
    steward: Annotated[str, typer.Option(help="The first account's name, such as ida.")],
    address: Annotated[
        str | None, typer.Option(help="The public address; the setting `address` when left out.")
    ] = None,
    handle: Annotated[str, typer.Option(help="The hub's own handle.")] = DEFAULT_HANDLE,
    email: Annotated[str, typer.Option(help="The first account's e-mail address.")] = "",
    tagline: Annotated[str, typer.Option(help="One line on what the hub is for.")] = "",
    password_stdin: FromStdin = False,
    as_json: Json = False,
) -> None:
    """Set the hub up without a browser."""
    secret = password(from_stdin=password_stdin)
    async with opened(address=address) as node:
        first = FirstSteward(name=steward, password=secret, email=email)
        look = Look(name=name, tagline=tagline)
        person = await hub.set_up(look, handle=handle, steward=first, house=node.house)
        actor = await hub.hub_actor(house=node.house)
    found = actor.handle if actor else ""
    answer(
        f"{name} is set up. Its handle is {found}, and {person.name} looks after it.",
        {"address": node.house.address, "handle": found, "steward": person.name},
        as_json=as_json,
    )


@command("user")
async def user(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    add: Annotated[bool, typer.Option("--add", help="Make the account.")] = False,
    email: Annotated[str, typer.Option(help="Its e-mail address, with --add.")] = "",
    display_name: Annotated[str, typer.Option(help="What to call them, with --add.")] = "",
    steward: Annotated[
        bool | None, typer.Option("--steward/--no-steward", help="Give or take the duty.")
    ] = None,
    set_password: Annotated[bool, typer.Option("--set-password", help="Set a password.")] = False,
    password_stdin: FromStdin = False,
    as_json: Json = False,
) -> None:
    """Show an account, make one, or change its password or duty."""
    secret = password(from_stdin=password_stdin) if add or set_password else ""
    async with opened() as node:
        if add:
            await people.add_person(
                name=name, display_name=display_name, email=email, password=secret, house=node.house
            )
        person = await people.by_name(name)
        if person is None:
            raise UnknownUserError(name=name)
        if set_password and not add:
            await people.set_password(person.id, password=secret)
        if steward is not None:
            person = await people.make_steward(person.id, steward=steward)
    duty = "looks after this hub" if person.is_steward else "has an account here"
    answer(
        f"{person.name} {duty}.",
        {"name": person.name, "steward": person.is_steward, "email": person.email},
        as_json=as_json,
    )

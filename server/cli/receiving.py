"""What came in and could not be taken in, and other work that was given up: inbox."""

from typing import Annotated

import typer

from server import db, jobs
from server.cli.app import Json, answer, command, opened
from server.inbox import aside
from server.inbox.aside import SetAside


@command("inbox")
async def inbox(
    number: Annotated[
        int | None, typer.Argument(help="Of one that was set aside; without it all are listed.")
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Do it again.")] = False,
    before: Annotated[
        int | None, typer.Option(help="List those with a lower number than this.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what failed again and again and was set aside, show one of it, or do it again."""
    async with opened() as node:
        if number is None:
            found = await aside.listed(db.Span(before=before))
            data = {"aside": [_data(one) for one in found[: jobs.PAGE]]}
            lines = [_line(one) for one in found[: jobs.PAGE]]
            if len(found) > jobs.PAGE:
                lines.append(f"There is more: --before {found[jobs.PAGE - 1].job.id}")
            answer("\n".join(lines) or "Nothing has been set aside.", data, as_json=as_json)
            return
        one = await aside.one(number)
        if replay:
            await jobs.replay(number, house=node.house)
            answer(f"{number} is being done again.", {"replayed": number}, as_json=as_json)
            return
        body = None if one.activity is None else bytes(one.activity.body).decode("utf-8", "replace")
        text = _line(one) if body is None else f"{_line(one)}\n{body}"
        answer(text, {**_data(one), "body": body}, as_json=as_json)


def _line(one: SetAside) -> str:
    what = one.job.kind
    if one.activity is not None:
        what = f"{one.activity.type} from {one.activity.actor_uri}"
    return f"{one.job.id}  {what}  tried {one.job.attempts} times  {one.job.error}"


def _data(one: SetAside) -> dict[str, object]:
    found = one.activity
    return {
        "number": one.job.id, "kind": one.job.kind, "tries": one.job.attempts,
        "reason": one.job.error, "since": one.job.created_at, "set_aside": one.job.died_at,
        "type": found.type if found else None, "actor": found.actor_uri if found else None,
        "activity": found.activity_uri if found else None,
    }  # fmt: skip

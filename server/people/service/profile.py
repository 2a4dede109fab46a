"""What people say of themselves."""

from dataclasses import dataclass
from html import escape

import orjson

from federation import html, uris
from server import db
from server.actors import service as actors
from server.house import House
from server.media import service as media
from server.people import rules
from server.people.rules import FieldRefusedError
from server.people.service import accounts, announcing
from server.people.tables import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A picture that was kept, as the profile needs it: `url` is a path of this node."""

    picture_id: int
    url: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile as its person writes it: a summary in Markdown, lines in plain text."""

    display_name: str
    summary: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    manually_approves: bool = False
    discoverable: bool = True
    indexable: bool = True


KEEP = object()
"""Leave the picture as it is."""


def of(person: Person) -> Profile:
    """Return the profile as it was last written. `person.actor` must be there."""
    actor = person.actor
    return Profile(
        display_name=actor.name, summary=person.summary_source, lines=lines_of(person),
        manually_approves=actor.manually_approves, discoverable=actor.discoverable,
        indexable=actor.indexable,
    )  # fmt: skip


def lines_of(person: Person) -> tuple[tuple[str, str], ...]:
    """Return the lines of the profile as they were written."""
    return tuple((str(name), str(value)) for name, value in orjson.loads(person.fields_source))


def checked(profile: Profile) -> Profile:
    """Return the profile without empty lines and stray white space. Raises FieldRefusedError."""
    if len(profile.summary) > rules.SUMMARY_LIMIT:
        raise FieldRefusedError(
            field="summary", reason=f"Use at most {rules.SUMMARY_LIMIT:,} characters."
        )
    lines = [(name.strip(), value.strip()) for name, value in profile.lines]
    for number, (name, value) in enumerate(lines[: rules.FIELDS], start=1):
        if bool(name) != bool(value):
            raise FieldRefusedError(
                field=f"line_{number}_{'value' if name else 'name'}",
                reason=f"Line {number} needs both what it is and what it says, or neither.",
            )
        if len(name) > rules.FIELD_NAME_LIMIT or len(value) > rules.FIELD_VALUE_LIMIT:
            raise FieldRefusedError(
                field=f"line_{number}_value", reason=f"Line {number} is too long."
            )
    return Profile(
        display_name=rules.checked_display_name(profile.display_name),
        summary=profile.summary.strip(),
        lines=tuple(line for line in lines[: rules.FIELDS] if all(line)),
        manually_approves=profile.manually_approves,
        discoverable=profile.discoverable,
        indexable=profile.indexable,
    )


async def edit(
    person_id: int, profile: Profile, *, portrait: object = KEEP, house: House
) -> Person:
    """Write somebody's profile and tell those who follow them. `portrait` None takes the picture
    away.

    Raises FieldRefusedError.
    """
    profile = checked(profile)
    async with db.transaction():
        person = await accounts.by_id(person_id)
        actor = person.actor
        person.summary_source = profile.summary
        person.fields_source = orjson.dumps(profile.lines).decode()
        before = actors.found_by(actor)
        actor.name = profile.display_name or person.name
        actor.summary = html.from_markdown(profile.summary) if profile.summary else ""
        actor.fields_json = orjson.dumps(
            [[escape(name), _linked(value)] for name, value in profile.lines]
        ).decode()
        actor.manually_approves = profile.manually_approves
        actor.discoverable, actor.indexable = profile.discoverable, profile.indexable
        if portrait is not KEEP:
            await _hang(person, portrait, house=house)
        actor.fetched_at = house.clock.now()
        await person.save()
        await actor.save()
        await actors.tell_if_found_otherwise(actor, before, house=house)
        await announcing.announce_change(actor, house=house)
    return person


async def _hang(person: Person, portrait: object, *, house: House) -> None:
    shown = portrait if isinstance(portrait, Portrait) else None
    if person.picture_id is not None and (not shown or shown.picture_id != person.picture_id):
        await media.delete(person.picture_id, house=house)
    person.picture_id = shown.picture_id if shown else None
    person.picture_alt = shown.alt if shown else ""
    person.actor.icon_url = shown.url if shown else None


def _linked(value: str) -> str:
    """Return a line's value as clean HTML: a web address becomes a link."""
    if uris.is_web_uri(value):
        return html.clean(f'<a href="{escape(value)}">{escape(value)}</a>')
    return escape(value)

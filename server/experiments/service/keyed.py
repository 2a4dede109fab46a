"""Keys with which a program adds numbers to one measure, and to nothing else."""

from server import db
from server.errors import KeyRefusedError
from server.experiments.service.editors import is_editor, require_editor
from server.experiments.service.reading import measure_at
from server.experiments.tables import MeasureKeyRow
from server.house import House
from server.people.service import tokens
from server.people.tables import Person
from server.posts.tables import Post


async def make_key(post: Post, number: int, *, by: Person, house: House) -> str:
    """Make the key of a measure, which is shown this once; one that it had is no good any more.

    Raises NotYoursError, NotFoundError.
    """
    await require_editor(post, by)
    await measure_at(post, number)
    key = tokens.minted(house)
    async with db.transaction():
        await MeasureKeyRow.filter(post_id=post.id, number=number).delete()
        await MeasureKeyRow.create(
            post_id=post.id, number=number, person_id=by.id, made_at=house.clock.now(),
            key_hash=house.vault.hash_token(key),
        )  # fmt: skip
    return key


async def end_key(post: Post, number: int, *, by: Person) -> None:
    """End the key of a measure, if it has one. Raises NotYoursError."""
    await require_editor(post, by)
    await MeasureKeyRow.filter(post_id=post.id, number=number).delete()


async def key_of(post: Post, number: int) -> MeasureKeyRow | None:
    """Return when the key of a measure was made and by whom, None where it has none."""
    return await MeasureKeyRow.get_or_none(post_id=post.id, number=number).select_related(
        "person", "person__actor"
    )


async def holder(post: Post, number: int, key: str, *, house: House) -> Person:
    """Return whoever made the key of a measure, in whose name its numbers come.

    Raises KeyRefusedError where it is another's, has ended, or they no longer look after the
    experiment.
    """
    row = await MeasureKeyRow.get_or_none(
        post_id=post.id, number=number, key_hash=house.vault.hash_token(key)
    ).select_related("person")
    if row is None or row.person.deactivated_at or not await is_editor(post, row.person_id):
        raise KeyRefusedError
    return row.person

"""All that things say, for files: a few statements for many."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import orjson

from federation import html
from server import db
from server.db import Model
from server.experiments.tables import AdaptationRow, ExperimentRow, UpdateRow
from server.posts.tables import Place, Post
from server.responses.cards import Seen, cards_of
from server.stories.tables import StoryRow
from server.views.rules.columns import NOTHING

M = TypeVar("M", bound=Model)
Said = dict[str, object]


async def told(posts: Sequence[Post]) -> list[Said]:
    """Return all that posts say, whose authors and tags have been read with them, by the names of
    `rules.columns`.
    """
    ids = [post.id for post in posts]
    more = await _of_their_kinds(ids)
    for place in await _rows(Place, "places", ids):
        more[place.post_id].setdefault("places", []).append(place.shown)  # type: ignore[attr-defined]
    return [NOTHING | _of_all(seen) | more[seen.card.post.id] for seen in await cards_of(posts)]


async def _of_their_kinds(ids: Sequence[int]) -> dict[int, Said]:
    """Return what only things of their kinds say, by their rows."""
    more: dict[int, Said] = {one: {} for one in ids}
    for story in await _rows(StoryRow, "stories", ids):
        more[story.post_id] |= _of_story(story)
    for tried in await _rows(ExperimentRow, "experiments", ids):
        more[tried.post_id] |= _of_experiment(tried)
    for adaptation in await _rows(AdaptationRow, "experiment_adaptations", ids):
        more[adaptation.post_id]["adapted_from"] = adaptation.original_uri
    for update in await _rows(UpdateRow, "experiment_updates", ids):
        more[update.post_id]["stage"] = update.stage
    return more


async def _rows(model: type[M], table: str, ids: Sequence[int]) -> list[M]:
    if not ids:
        return []
    sql = f"SELECT * FROM {table} WHERE post_id IN ({db.marks(len(ids))}) ORDER BY id"  # noqa: S608
    return await db.read(model, sql, *ids)


def _of_all(seen: Seen) -> Said:
    card, post = seen.card, seen.card.post
    return {
        "id": post.uri,
        "address": post.url,
        "kind": post.kind,
        "title": post.title,
        "text": html.text_of(post.html),
        "before_you_read": post.content_warning,
        "language": post.language,
        "published": _moment(card.published_at),
        "changed": _moment(post.updated_at),
        "by": card.author.shown_name,
        "by_address": card.author.uri,
        "hub": card.author.host,
        "topics": [tag.shown for tag in post.tags],
        "replies": seen.replies,
        "thanks": seen.thanks,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None


def _of_story(row: StoryRow) -> Said:
    """Return what a story says; its consent is nobody else's."""
    return {
        "what_happened": row.what_happened,
        "what_people_tried": row.what_people_tried,
        "what_might_help": row.what_might_help,
        "what_was_good": row.what_was_good,
        "role": row.author_role,
        "feelings": orjson.loads(row.feelings),
        "when": row.when_approx,
        "organisations": [str(one["nameThen"]) for one in orjson.loads(row.organisations)],
        "interests": row.interests,
    }


def _of_experiment(row: ExperimentRow) -> Said:
    return {
        "stage": row.stage,
        "measured": row.measured,
        "problem": row.problem,
        "idea": row.idea,
        "aim": row.aim_what,
        "aim_how_much": row.aim_how_much,
        "aim_by": row.aim_by,
        "aim_for_whom": row.aim_for_whom,
        "team": row.who,
        "lived_experience": row.lived_experience,
        "setting": row.setting,
        "cost": row.cost,
        "equity": row.equity,
        "learning": row.learning,
        "help_wanted": row.help_wanted,
        "inspired_by": orjson.loads(row.inspired_by),
        "interests": row.interests,
    }

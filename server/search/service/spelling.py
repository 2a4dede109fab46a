"""How people write what can be chosen, which in an address stands in small letters."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from server import db
from server.house import House
from server.hub.rules import HUB_PATH

_TAGGED = (
    "SELECT t.shown FROM {table} t JOIN posts p ON p.id = t.post_id WHERE t.name = ?"
    " AND p.state = 'published' AND p.visibility = 'public'"
    " ORDER BY t.published_at DESC, t.post_id DESC LIMIT 1"
)
_ASKED = {
    "topic": _TAGGED.format(table="tags"),
    "place": _TAGGED.format(table="places"),
    "hub": "SELECT a.name FROM actors a WHERE a.uri = ?",
}


async def spelled(
    choices: Iterable[tuple[str, str]], *, house: House
) -> dict[tuple[str, str], str]:  # fmt: skip
    """Return how people write these, as (name of the choice, value): topics and places as in the
    newest that names them, organisations in words, hubs as they call themselves. What nobody wrote
    is left out. One statement.
    """
    several = list(choices)
    found = {
        (name, value): value.replace("-", " ") for name, value in several if name == "organisation"
    }
    asked = [(name, value) for name, value in several if name in _ASKED]
    if not asked:
        return found
    scheme = urlsplit(house.address).scheme
    sql = " UNION ALL ".join(
        f"SELECT {number} AS number, ({_ASKED[name]}) AS shown"
        for number, (name, _) in enumerate(asked)
    )
    values = [f"{scheme}://{value}{HUB_PATH}" if name == "hub" else value for name, value in asked]
    rows = await db.rows(sql, *values)
    return found | {asked[row["number"]]: str(row["shown"]) for row in rows if row["shown"]}

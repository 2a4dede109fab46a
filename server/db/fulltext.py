"""What is found by its words: one index of tokens, FTS5's on SQLite and a GIN of tsvectors on
PostgreSQL, with the same answers from both.

Its rows are those of `cards` (server.search), whose numbers sort by time: a row goes with its card.
The engines only keep tokens that were made elsewhere, with their places; they know no language.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from server.db.database import connection, dialect, executemany, marks, rows
from server.db.slices import TOP, Span

WALKED = 512
"""The newest rows that PostgreSQL looks through one by one before it asks its index, which knows
no order."""
FURTHER = 8_192
"""So many, where the first of them say that a page is to be had by that."""
_SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS card_words USING fts5
  (held, columnsize = 0, prefix = '3', tokenize = "ascii tokenchars '=:%._~-'");
CREATE TRIGGER IF NOT EXISTS card_words_gone AFTER DELETE ON cards
  BEGIN DELETE FROM card_words WHERE rowid = old.number; END
"""
# 'ascii' lets every letter beyond ASCII be; what else may be in a token is named.
_POSTGRES = """
CREATE TABLE IF NOT EXISTS card_words
  (id BIGINT PRIMARY KEY REFERENCES cards (number) ON DELETE CASCADE, held TSVECTOR NOT NULL);
CREATE INDEX IF NOT EXISTS card_words_held ON card_words USING gin (held)
  WITH (gin_pending_list_limit = 256)
"""
# What waits to be put into the index is read through by every search: little may.


class Phrase(Protocol):
    """Tokens that have to follow one another; of the last only the beginning, if so said."""

    @property
    def tokens(self) -> Sequence[str]:
        """The tokens."""

    @property
    def beginning(self) -> bool:
        """Whether any token will do that begins as the last one."""


async def make() -> None:
    """Make the index, where there is none."""
    script = _SQLITE if dialect() == "sqlite" else _POSTGRES
    await connection().execute_script(script)


async def put_many(several: Iterable[tuple[int, str]]) -> None:
    """Keep the tokens of rows, as `held` puts them, in place of those before."""
    await executemany(_PUT_SQLITE if dialect() == "sqlite" else _PUT_POSTGRES, several)


def held(said: Sequence[str], marks: Iterable[str], *, gap: str) -> str:
    """Return a row's tokens as the engine takes them: `said` in their places, of which `gap` says
    that nothing is there, and marks.
    """
    if dialect() == "sqlite":
        return " ".join([*said, *marks])
    places: dict[str, list[str]] = {}
    for place, token in enumerate(said, 1):
        places.setdefault(token, []).append(str(place))
    places.pop(gap, None)
    return " ".join([
        *(f"{_quoted(token)}:{','.join(at)}" for token, at in places.items()),
        *(_quoted(one) for one in marks),
    ])  # fmt: skip


_PUT_SQLITE = "INSERT OR REPLACE INTO card_words (rowid, held) VALUES (?, ?)"
_PUT_POSTGRES = (
    "INSERT INTO card_words (id, held) VALUES (?, CAST(CAST(? AS TEXT) AS TSVECTOR))"
    " ON CONFLICT (id) DO UPDATE SET held = excluded.held"
)


async def newest(
    phrases: Sequence[Phrase], none: Sequence[str], *, at: Span = TOP, limit: int,
    windows: Sequence[Sequence[str]],
) -> list[int]:  # fmt: skip
    """Return the rows that hold all phrases and none of some marks, the last first; after a mark
    those next to it first.

    `windows` are marks one of which every row bears that is not further from where one begins than
    some time, the shortest time first: PostgreSQL looks for a page in one after the other, and
    without them at last.
    """
    if dialect() == "sqlite":
        where, given = at.sql("rowid")
        sql = f"SELECT rowid AS id FROM card_words WHERE card_words MATCH ?{where} LIMIT ?"  # noqa: S608
        return _ids(await rows(sql, _match(phrases, none), *given, limit))
    query = _query(phrases, none)
    found = await _walked(query, at, limit)
    where, given = at.sql("id")
    for one in (*windows, ()):
        if len(found) == limit:
            break
        found = await rows(_FETCH.format(where=where), _within(query, one), *given, limit)
    return _ids(found)


async def _walked(query: str, at: Span, limit: int) -> list[dict[str, Any]]:
    """Return what is found among the next few rows; where they say that a page is to be had by
    going somewhat further, what is found there.
    """
    where, given = at.sql("id")
    sql = _WALK.format(where=where, order="id" if at.after is not None else "id DESC")
    found = await rows(sql, *given, WALKED, query, limit)
    if found and len(found) < limit:
        further = WALKED * limit * 5 // (len(found) * 4)
        if further <= FURTHER:
            return await rows(sql, *given, further, query, limit)
    return found


def _ids(found: Sequence[Mapping[str, Any]]) -> list[int]:
    return [int(row["id"]) for row in found]


async def among(ids: Sequence[int], phrases: Sequence[Phrase], none: Sequence[str]) -> set[int]:
    """Return which of some rows hold all phrases and none of some marks."""
    if not ids:
        return set()
    sql, query = (
        ("rowid AS id FROM card_words WHERE card_words MATCH ? AND rowid", _match(phrases, none))
        if dialect() == "sqlite"
        else (f"id FROM card_words WHERE {_ASKED} AND id", _query(phrases, none))
    )
    found = await rows(f"SELECT {sql} IN ({marks(len(ids))})", query, *ids)
    return {int(row["id"]) for row in found}


async def counts(
    several: Sequence[Sequence[Phrase]], none: Sequence[str], *, most: int,
    windows: Sequence[Sequence[str]],
) -> list[int]:  # fmt: skip
    """Return how many rows hold all of some phrases, for several such, and none of some marks; each
    is counted up to `most`.
    """
    if dialect() == "sqlite":
        return await _counted([_match(one, none) for one in several], most)
    queries = [_query(one, none) for one in several]
    found = await _counted([_within(one, windows[0]) for one in queries], most)
    left = [place for place, n in enumerate(found) if n < most]
    for place, n in zip(left, await _counted([queries[one] for one in left], most), strict=True):
        found[place] = n
    return found


async def _counted(queries: Sequence[str], most: int) -> list[int]:
    if not queries:
        return []
    one = "SELECT count(*) AS n FROM (SELECT 1 FROM card_words WHERE {asked} LIMIT ?) AS those"
    asked = "card_words MATCH ?" if dialect() == "sqlite" else _ASKED
    sql = " UNION ALL ".join([one.format(asked=asked)] * len(queries))
    found = await rows(sql, *[value for query in queries for value in (query, most)])
    return [int(row["n"]) for row in found]


# What is asked for is hidden from the planner, which else takes the rows to come as often as they
# are in all, and goes through a million newest ones for two words that never meet.
_ASKED = "held @@ (SELECT CAST(CAST(? AS TEXT) AS TSQUERY))"
_WALK = (
    "SELECT id FROM (SELECT id, held FROM card_words WHERE TRUE{where} LIMIT ?) AS w"  # noqa: S608
    f" WHERE {_ASKED} ORDER BY {{order}} LIMIT ?"
)
_FETCH = (
    f"WITH found AS MATERIALIZED (SELECT id FROM card_words WHERE {_ASKED})"  # noqa: S608
    " SELECT id FROM found WHERE TRUE{where} LIMIT ?"
)


def _match(phrases: Sequence[Phrase], none: Sequence[str]) -> str:
    """Return a query as FTS5 reads it."""
    all_of = " AND ".join(
        f'"{" ".join(one.tokens)}"{" *" if one.beginning else ""}' for one in phrases
    )
    if not none:
        return all_of
    none_of = " OR ".join(f'"{one}"' for one in none)
    return f"({all_of}) NOT ({none_of})"


def _query(phrases: Sequence[Phrase], none: Sequence[str]) -> str:
    """Return a query as PostgreSQL reads it."""
    return " & ".join([*map(_followed, phrases), *(f"!{_quoted(one)}" for one in none)])


def _followed(phrase: Phrase) -> str:
    tokens = " <-> ".join(map(_quoted, phrase.tokens))
    return f"({tokens}{':*' if phrase.beginning else ''})"


def _within(query: str, window: Sequence[str]) -> str:
    return f"{query} & ({' | '.join(map(_quoted, window))})" if window else query


def _quoted(token: str) -> str:
    return f"'{token}'"

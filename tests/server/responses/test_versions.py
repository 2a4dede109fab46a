"""The version of a page is asked for at every request: it must cost the same on a hub that knows a
million actors.
"""

from server import db
from server.house import House
from server.responses import versions


async def test_who_is_turned_away_is_found_by_an_index(house: House) -> None:
    """No table of actors or hosts is read through."""
    if db.dialect() == "postgres":
        return
    uri = house.uri("/stories/1")
    for sql, rest in ((versions.POST, []), (versions.MEMBER, [1] * 8)):
        plan = await db.rows(f"EXPLAIN QUERY PLAN {sql}", uri, *versions.AWAY, *rest)
        details = [str(row["detail"]) for row in plan]
        assert not [one for one in details if one.startswith(("SCAN actors", "SCAN hosts"))]
        assert len([one for one in details if "(blocked=?)" in one]) == 4

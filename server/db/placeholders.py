"""Our SQL has `?` for its arguments; PostgreSQL wants `$1`, `$2`, ..."""

import re
from functools import lru_cache
from itertools import count

_QUOTED_OR_MARK = re.compile(r"""'[^']*'|"[^"]*"|\?""")


@lru_cache(maxsize=4_096)
def numbered(sql: str) -> str:
    """Return the statement with numbered arguments.

    A `?` within quotes stays; comments may not hold quotes.
    """
    numbers = count(1)

    def replaced(found: re.Match[str]) -> str:
        return f"${next(numbers)}" if found[0] == "?" else found[0]

    return _QUOTED_OR_MARK.sub(replaced, sql)

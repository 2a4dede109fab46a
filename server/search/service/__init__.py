"""What can be found, and finding it.

For features above: `find(Filter(...), before=..., limit=..., house=...)` is a page of what was
chosen, the newest first; the number of the last thing found is `before` of the next page. `count`
says how many there are, up to a thousand; `facets` what else could be chosen, with how many.
"""

from server.search.service.alike import LOOKED_AT as LIKELY
from server.search.service.alike import Alike, Cluster, Pair, alike, clusters, pairs
from server.search.service.finding import (
    PAGE,
    Count,
    Found,
    count,
    find,
    known,
    left_out,
    posts_of,
)
from server.search.service.indexing import (
    JOB,
    go_over,
    go_over_next,
    on_answered,
    on_author_gone,
    on_closed,
    on_erased,
    on_judged,
    on_let_go,
    on_passed,
    on_profiled,
    on_written,
)
from server.search.service.naming import people, topics
from server.search.service.offering import LOOKED_AT, Facets, Option, facets
from server.search.service.spelling import spelled
from server.search.service.turning import sweep, turned

__all__ = [
    "JOB",
    "LIKELY",
    "LOOKED_AT",
    "PAGE",
    "Alike",
    "Cluster",
    "Count",
    "Facets",
    "Found",
    "Option",
    "Pair",
    "alike",
    "clusters",
    "count",
    "facets",
    "find",
    "go_over",
    "go_over_next",
    "known",
    "left_out",
    "on_answered",
    "on_author_gone",
    "on_closed",
    "on_erased",
    "on_judged",
    "on_let_go",
    "on_passed",
    "on_profiled",
    "on_written",
    "pairs",
    "people",
    "posts_of",
    "spelled",
    "sweep",
    "topics",
    "turned",
]

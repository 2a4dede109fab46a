"""What can be done in answer to a post, respond, promise and say what became of it, thank; and
thank somebody for what is no post.
"""

from server.responses.service.celebrating import PAGE as THANK_YOUS
from server.responses.service.celebrating import (
    RECENT,
    ThankYou,
    hide,
    hide_all,
    listed,
    thank_somebody,
    to_me,
)
from server.responses.service.citing import PAGE as CITATIONS
from server.responses.service.citing import Cited, citations
from server.responses.service.promises import ASK_JOB, PAGE, Promise, ask, overdue, settled
from server.responses.service.responding import (
    KIND,
    Said,
    meaning,
    on_arrived,
    on_erased,
    respond,
    revise,
    said_under,
    withdraw,
)
from server.responses.service.telling import Happened, tell_writer
from server.responses.service.thanking import (
    FOR_IT,
    THANKED,
    forget_between,
    has_thanked,
    likes_of,
    on_author_gone,
    on_leaving,
    thank,
    thanked,
    thanks_counts,
    thanks_for,
    unthank,
    unthanked,
)

__all__ = [
    "ASK_JOB",
    "CITATIONS",
    "FOR_IT",
    "KIND",
    "PAGE",
    "RECENT",
    "THANKED",
    "THANK_YOUS",
    "Cited",
    "Happened",
    "Promise",
    "Said",
    "ThankYou",
    "ask",
    "citations",
    "forget_between",
    "has_thanked",
    "hide",
    "hide_all",
    "likes_of",
    "listed",
    "meaning",
    "on_arrived",
    "on_author_gone",
    "on_erased",
    "on_leaving",
    "overdue",
    "respond",
    "revise",
    "said_under",
    "settled",
    "tell_writer",
    "thank",
    "thank_somebody",
    "thanked",
    "thanks_counts",
    "thanks_for",
    "to_me",
    "unthank",
    "unthanked",
    "withdraw",
]

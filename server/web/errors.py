"""What goes wrong on the way in, and which status each error of the house has.

Only this module knows.
"""

from aiohttp import web

from federation import errors as between
from server import db
from server import errors as here


class CrossSiteError(here.FettleError):
    """This was sent from a page that is not ours, so we did nothing."""


class StaleFormError(here.FettleError):
    """This page had been open for a long time, or you have signed in or out since."""


class UnfitRequestError(here.FettleError):
    """This request can't be read."""


STATUS: dict[type[Exception], int] = {
    CrossSiteError: 403,
    StaleFormError: 403,
    UnfitRequestError: 400,
    here.RefusedError: 409,
    here.NotFoundError: 404,
    here.WithdrawnError: 410,
    here.NotYoursError: 403,
    here.SignInNeededError: 401,
    here.KeyRefusedError: 401,
    here.TooManyError: 429,
    between.MalformedError: 400,
    between.TooLargeError: 413,
    between.UnacceptableTypeError: 415,
    between.UnauthenticatedError: 401,
    between.UnauthorisedError: 403,
    between.FetchError: 502,
}
"""The nearest ancestor counts, so that a child needs no line of its own.

What is not listed is a 503 where the database is away or full, else a 500.
"""


def status_of(error: BaseException) -> int:
    """Return the status that answers an error."""
    if isinstance(error, web.HTTPException):
        return error.status
    for ancestor in type(error).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return 503 if db.is_away(error) else 500

"""What the node refuses and why. The docstring of an error is its message; only `server.web` knows
status codes.
"""

from federation.errors import ExplainedError


class FettleError(ExplainedError):
    """Something went wrong on this node."""


class RefusedError(FettleError):
    """That can't be done: {reason}."""


class NotFoundError(FettleError):
    """There is nothing here."""


class WithdrawnError(NotFoundError):
    """Whoever wrote it has taken it back."""


class NotYoursError(FettleError):
    """Only the person who made this, or a steward, can do that."""


class SignInNeededError(FettleError):
    """Please sign in first."""


class KeyRefusedError(FettleError):
    """This key opens nothing here."""


class TooManyError(FettleError):
    """That was tried too often. Please wait {retry_after} seconds and try again."""


class ConfigurationError(FettleError):
    """The setting {setting} is not right: {reason}"""

"""What can go wrong between servers. The docstring of an error is its message."""


class ExplainedError(Exception):
    """Something went wrong."""

    def __init__(self, **facts: object) -> None:
        """Fill the class's docstring with `facts`, which stay readable as attributes of `facts`."""
        self.facts = facts
        super().__init__(" ".join((type(self).__doc__ or "").split()).format(**facts))


class FederationError(ExplainedError):
    """Something went wrong between this server and another."""


class MalformedError(FederationError):
    """What came is not well formed: {term}."""


class TooLargeError(FederationError):
    """What came is larger than {limit}."""


class UnacceptableTypeError(FederationError):
    """What came is of the media type {media_type}, which is not read here."""


class UnauthenticatedError(FederationError):
    """Nothing proves who sent this."""


class UnauthorisedError(FederationError):
    """The sender may not say this: {reason}."""


class FetchError(FederationError):
    """{url} could not be fetched: {reason}."""


class GoneError(FetchError):
    """{url} is gone: {reason}."""


class ForbiddenAddressError(FetchError):
    """{url} may not be fetched: {reason}."""


class RefusedDocumentError(FetchError):
    """What {url} answered is not accepted: {reason}."""


class UnreachableError(FetchError):
    """{url} cannot be reached just now: {reason}."""

"""Why a signature is not believed."""

from federation.errors import FederationError, MalformedError, UnauthenticatedError


class MalformedSignatureError(MalformedError):
    """The signature is not well formed: {reason}."""


class SignatureError(UnauthenticatedError):
    """The signature proves nothing: {reason}."""


class InsufficientSignatureError(SignatureError):
    """The signature does not cover what it must: {reason}."""


class StaleSignatureError(SignatureError):
    """The signature is of another time: {reason}."""


class BadDigestError(SignatureError):
    """The digest is not that of the body: {reason}."""


class WrongSignatureError(SignatureError):
    """The signature was not made with {key_id}."""


class UnsuitableKeyError(FederationError):
    """A key of this kind does not sign by {scheme}."""

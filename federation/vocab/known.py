"""Which members of a document are read into fields of their own; all others stay in `extra`."""

from federation.vocab.types import ActivityType

_NEVER_KEPT = frozenset({"@context", "bto", "bcc"})


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split()) | _NEVER_KEPT


ACTOR = _named(
    "id type inbox preferredUsername name summary url outbox followers following featured endpoints"
    " icon image publicKey assertionMethod attachment alsoKnownAs movedTo published"
    " manuallyApprovesFollowers discoverable indexable webfinger"
)
NOTE = _named(
    "id type attributedTo content contentMap name summary sensitive published updated url to cc"
    " inReplyTo context tag attachment replies likes shares"
)
ACTOR_COLLECTIONS = ("outbox", "followers", "following", "featured")
TOMBSTONE = _named("id type formerType deleted")
COLLECTION = _named("id type totalItems items orderedItems first next prev partOf attributedTo")
ACTIVITY = _named("id type actor object target to cc published content")
OF_SOME = {ActivityType.QUOTE_REQUEST: {"instrument"}, ActivityType.ACCEPT: {"result"}}
STAMP = _named("id type attributedTo interactingObject interactionTarget")

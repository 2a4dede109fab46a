"""The tables of posts, ours and our copies of others'."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.delivery.tables import KnownInbox, OutgoingActivity
from server.media.tables import Picture
from server.posts.rules import Relation, State, Visibility


class Post(Model):
    """One published thing, or a draft of one. What its kind adds is in that feature's own table."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True, null=True)
    """Null while it is a draft: a ULID tells the time, so it is minted at publication."""
    url = fields.CharField(max_length=2048, null=True)
    kind = fields.CharField(max_length=16)
    """The name of a registered kind (`story`, `response`), or `note` for what is none."""
    facet = fields.CharField(max_length=32, default="")
    """What lists of its kind may be narrowed by, as the kind says: of a story its teller's role."""
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="posts", on_delete=fields.CASCADE
    )
    author_id: int
    written_by_id = fields.BigIntField(null=True)
    """The person (people.Person) who wrote it here; may differ from the author, who can be the hub.
    """
    local = fields.BooleanField()
    state = fields.CharEnumField(State, max_length=16)
    visibility = fields.CharEnumField(Visibility, max_length=16)
    title = fields.CharField(max_length=500, default="")
    html = fields.TextField(default="")
    """The whole content, clean: what a page may show as it is."""
    language = fields.CharField(max_length=35, default="en-GB")
    content_warning = fields.CharField(max_length=500, default="")
    sensitive = fields.BooleanField(default=False)
    licence = fields.CharField(max_length=500, default="")
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField(null=True)
    """Of the last edit; strictly newer each time."""
    untold_since = fields.DatetimeField(null=True)
    """When the first of those edits was made, for ours, that no Update has told of yet."""
    version = fields.IntField(default=1)
    in_reply_to = fields.CharField(max_length=2048, null=True)
    parent: fields.ForeignKeyNullableRelation["Post"] = fields.ForeignKeyField(
        "node.Post", related_name="children", null=True, on_delete=fields.SET_NULL
    )
    parent_id: int | None
    root_id = fields.BigIntField(null=True)
    """The post at the head of the conversation, where it is known here; null for a head itself."""
    conversation = fields.CharField(max_length=2048, null=True)
    """ActivityStreams' `context`."""
    document = fields.BinaryField(null=True)
    """The Note's exact bytes: as we serve them, or as they came."""

    tags: fields.ReverseRelation["Tag"]
    placed: fields.ReverseRelation["Place"]
    attachments: fields.ReverseRelation["Attachment"]

    class Meta:
        """Lists are newest first by publication."""

        table = "posts"
        indexes = (
            ("author_id", "state", "published_at"),
            ("kind", "local", "state", "visibility", "published_at"),
            ("kind", "facet", "local", "state", "visibility", "published_at"),
            ("state", "published_at"),
            ("root_id", "state", "published_at"),
            ("parent_id",),
            ("in_reply_to",),
            ("conversation",),
            ("written_by_id",),
        )


class Revision(Model):
    """What a post said before an edit."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="revisions", on_delete=fields.CASCADE
    )
    post_id: int
    version = fields.IntField()
    title = fields.CharField(max_length=500, default="")
    html = fields.TextField()
    source = fields.TextField()
    """The fields as they were written (JSON), for ours; empty for others'."""
    why = fields.CharField(max_length=500, default="")
    written_at = fields.DatetimeField()
    """When this version was published."""

    class Meta:
        """Numbered within its post."""

        table = "revisions"
        unique_together = (("post", "version"),)


class Tag(Model):
    """A hashtag that a post bears."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="tags", on_delete=fields.CASCADE
    )
    post_id: int
    name = fields.CharField(max_length=100)
    """Folded to lower case, without `#`."""
    shown = fields.CharField(max_length=100)
    """As it was written."""
    published_at = fields.DatetimeField()
    """That of the post, which never changes: a topic's page is a stretch of an index."""

    class Meta:
        """A post bears a tag once; a topic's page reads by name, the newest first."""

        table = "tags"
        unique_together = (("post", "name"),)
        indexes = (("name", "published_at", "post_id"),)


class Place(Model):
    """A place that a post is about."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="placed", on_delete=fields.CASCADE
    )
    post_id: int
    name = fields.CharField(max_length=100)
    """As it stands in an address (`rules.slug`)."""
    shown = fields.CharField(max_length=100)
    """As people call it."""
    published_at = fields.DatetimeField()
    """That of the post, which never changes."""

    class Meta:
        """Named once by a post; a place's page reads by name, the newest first."""

        table = "places"
        unique_together = (("post", "name"),)
        indexes = (("name", "published_at", "post_id"),)


class Mention(Model):
    """Somebody a post speaks to: named in it, or addressed by it."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="mentions", on_delete=fields.CASCADE
    )
    post_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="mentioned_in", on_delete=fields.CASCADE
    )
    actor_id: int

    class Meta:
        """Direct and followers-only posts are shown to those addressed."""

        table = "mentions"
        unique_together = (("post", "actor"),)
        indexes = (("actor_id", "post_id"),)


class Link(Model):
    """What a published post goes back to: a story that an experiment began with, say."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="links", on_delete=fields.CASCADE
    )
    post_id: int
    relation = fields.CharEnumField(Relation, max_length=16)
    target_uri = fields.CharField(max_length=2048)
    """The other's id; it need not be known here."""

    class Meta:
        """Said once; the other's page asks what goes back to it."""

        table = "links"
        unique_together = (("post", "relation", "target_uri"),)
        indexes = (("target_uri", "post_id"),)


class Attachment(Model):
    """A picture that goes with a post: one of ours, or the address of somebody else's."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="attachments", on_delete=fields.CASCADE
    )
    post_id: int
    position = fields.IntField()
    picture: fields.ForeignKeyNullableRelation[Picture] = fields.ForeignKeyField(
        "node.Picture", related_name="attachments", null=True, on_delete=fields.CASCADE
    )
    picture_id: int | None
    remote_url = fields.CharField(max_length=2048, null=True)
    alt = fields.CharField(max_length=1500, default="")
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    blurhash = fields.CharField(max_length=128, null=True)

    class Meta:
        """In order; a picture's own address asks who shows it."""

        table = "attachments"
        unique_together = (("post", "position"),)
        indexes = (("picture_id",), ("remote_url",))


class Boost(Model):
    """Somebody passed a post on (`Announce`)."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="boosts", on_delete=fields.CASCADE
    )
    post_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="boosts", on_delete=fields.CASCADE
    )
    actor_id: int
    uri = fields.CharField(max_length=2048, db_index=True)
    """The id of the Announce; not unique, since whoever boosts elsewhere may give one twice."""
    created_at = fields.DatetimeField()

    class Meta:
        """An actor boosts a post once; a timeline reads by time."""

        table = "boosts"
        unique_together = (("post", "actor"),)
        indexes = (("actor_id", "created_at"), ("created_at", "post_id"))


class Pin(Model):
    """Somebody shows a post first: ours, or an actor elsewhere that is followed here."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="pins", on_delete=fields.CASCADE
    )
    actor_id: int
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="pins", on_delete=fields.CASCADE
    )
    post_id: int

    class Meta:
        """A few for each actor, the last pinned first."""

        table = "pins"
        unique_together = (("actor", "post"),)
        indexes = (("post_id",),)


class Quote(Model):
    """Somebody elsewhere was allowed to quote a post of ours (FEP-044f)."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="quotes", on_delete=fields.CASCADE
    )
    post_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="quotes", on_delete=fields.CASCADE
    )
    actor_id: int
    """Who quotes it."""
    quote_uri = fields.CharField(max_length=2048)
    """The id of what quotes it."""
    uri = fields.CharField(max_length=255, unique=True)
    """The id of the stamp."""
    created_at = fields.DatetimeField()

    class Meta:
        """A quote has one stamp."""

        table = "quotes"
        indexes = (("post_id",), ("quote_uri",))


class Sent(Model):
    """Where a post of ours was ever sent, so that its withdrawal reaches every copy."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="sent", on_delete=fields.CASCADE
    )
    post_id: int
    inbox: fields.ForeignKeyRelation[KnownInbox] = fields.ForeignKeyField(
        "node.KnownInbox", related_name="sent", on_delete=fields.CASCADE
    )
    inbox_id: int

    class Meta:
        """One row of three numbers for each inbox, as long as the post lives."""

        table = "sent"
        unique_together = (("post", "inbox"),)


class OutboxEntry(Model):
    """An activity that an actor's outbox shows: what it published and passed on (`thing`), and what
    became of that, whoever of ours said so.
    """

    id = fields.BigIntField(primary_key=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="outbox_entries", on_delete=fields.CASCADE
    )
    actor_id: int
    activity: fields.ForeignKeyRelation[OutgoingActivity] = fields.ForeignKeyField(
        "node.OutgoingActivity", related_name="outbox_entries", on_delete=fields.CASCADE
    )
    activity_id: int
    thing = fields.BooleanField()

    class Meta:
        """A page is a stretch of an index, the things are counted in another; an entry goes with
        its activity.
        """

        table = "outbox_entries"
        unique_together = (("actor", "activity"),)
        indexes = (("actor_id", "thing"), ("activity_id",))


class Tombstone(Model):
    """The id of something deleted, so that a late copy of it stays out."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    actor_uri = fields.CharField(max_length=2048)
    """Who deleted it: only their word counts (case 11)."""
    deleted_at = fields.DatetimeField()
    known = fields.BooleanField()
    """Whether the thing had been here; if not, the row is swept after 30 days."""

    class Meta:
        """Looked up by id when something arrives."""

        table = "tombstones"
        indexes = (("deleted_at",),)

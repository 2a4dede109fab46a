"""The tables of responses and of thanks."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.posts.tables import Post
from server.responses.rules import Reference, Response, ResponseKind


class ResponseRow(Model):
    """What a response adds to its post."""

    id = fields.BigIntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="response", on_delete=fields.CASCADE
    )
    post_id: int
    text = fields.TextField(default="")
    """As it was written; empty for those from elsewhere."""
    kind = fields.CharField(max_length=32, default="")
    change = fields.TextField(default="")
    when = fields.DateField(null=True)
    promised_for = fields.DateField(null=True)
    """By when a change is planned, for a promise that was made here; null for all else."""
    asked = fields.BooleanField(default=False)
    """Whether its writer was asked how it is going, once that day had passed."""
    by_steward = fields.BooleanField(default=False)
    """Whether its writer was a steward of this hub as they wrote it."""
    experiment = fields.CharField(max_length=2048, default="")
    on_behalf_of = fields.CharField(max_length=500, default="")
    interests = fields.TextField(default="")
    thanked = fields.CharField(max_length=2048, default="")
    thanked_for = fields.CharField(max_length=500, default="")

    class Meta:
        """One row at most: a plain reply from elsewhere has none."""

        table = "responses"
        indexes = (("promised_for", "id"), ("asked", "promised_for"))

    def response(self) -> Response:
        """Return the row as the pure thing that the rules speak of."""
        return Response(
            text=self.text,
            kind=ResponseKind(self.kind) if self.kind in set(ResponseKind) else None,
            change=self.change,
            when=self.when,
            experiment=self.experiment,
            on_behalf_of=self.on_behalf_of,
            interests=self.interests,
            thanked=self.thanked,
            thanked_for=self.thanked_for,
        )

    def promise(self) -> None:
        """Have its writer asked once a promised day has passed; the caller saves."""
        planned = self.when if self.kind == ResponseKind.CHANGE_PLANNED else None
        if planned != self.promised_for:
            self.promised_for, self.asked = planned, False

    def write(self, response: Response) -> None:
        """Take over what a response says; the caller saves."""
        self.text = response.text
        self.kind = response.kind or ""
        self.change = response.change
        self.when = response.when
        self.experiment = response.experiment
        self.on_behalf_of = response.on_behalf_of
        self.interests = response.interests
        self.thanked = response.thanked
        self.thanked_for = response.thanked_for


class Thanks(Model):
    """Somebody thanks: for a post, here, by a favourite from elsewhere or by an answer that says
    so; or for what is no post, and then `post` is what says it.
    """

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="thanks", on_delete=fields.CASCADE
    )
    post_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="thanked", on_delete=fields.CASCADE
    )
    actor_id: int
    whom: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="was_thanked", null=True, on_delete=fields.CASCADE
    )
    """Who is thanked; null where they are only named in words."""
    whom_id: int | None
    said_id = fields.BigIntField(null=True, db_index=True)
    """The post that says more: an answer, or for what is no post the row's own."""
    uri = fields.CharField(max_length=2048, default="", db_index=True)
    """The id of the Like; not unique, since whoever thanks elsewhere may give one twice. Empty
    where it was only said.
    """
    public = fields.BooleanField(default=False)
    """Whether everybody may see it in lists, as far as who thanks is concerned."""
    hidden = fields.BooleanField(default=False)
    """Whether whoever is thanked keeps it out of lists."""
    listed = fields.BooleanField(default=False)
    """Whether it is in lists: public, not hidden, and whoever is thanked lists any."""
    created_at = fields.DatetimeField()

    class Meta:
        """Somebody thanks for a post once; lists are by row, the newest first."""

        table = "thanks"
        unique_together = (("post", "actor"),)
        indexes = (("listed", "id"), ("whom_id", "id"), ("actor_id",))


class Citation(Model):
    """What somebody here says they are learning from, as it was that day."""

    id = fields.BigIntField(primary_key=True)
    said: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="citation", on_delete=fields.CASCADE
    )
    """The response that says so."""
    said_id: int
    cited_id = fields.BigIntField(db_index=True)
    """The post that they are learning from."""
    uri = fields.CharField(max_length=2048)
    title = fields.CharField(max_length=500, default="")
    people = fields.CharField(max_length=500, default="")
    hub = fields.CharField(max_length=255)
    published_at = fields.DatetimeField(null=True)
    snapshot = fields.TextField(default="")
    """HTML, cleaned: what it said. Here only; empty once it was taken back."""
    cited_at = fields.DatetimeField()

    class Meta:
        """Listed by row, the newest first."""

        table = "citations"

    def reference(self) -> Reference:
        """Return the row as the pure thing that the rules speak of."""
        return Reference(
            uri=self.uri, title=self.title, people=self.people, hub=self.hub,
            published=self.published_at.date() if self.published_at else None,
            seen=self.cited_at.date(),
        )  # fmt: skip

"""The table of cards: each thing that is known here and is for everybody, in the order of time."""

from tortoise import fields

from server.db import Model
from server.posts.tables import Post


class Card(Model):
    """One thing that can be found, or somebody who published one. What it is found by is in
    `card_words` (server.db.fulltext), which goes with it.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.BigIntField(unique=True)
    """Sorts by publication (`rules.cards.number`): lists are by it, newest first."""
    post: fields.OneToOneNullableRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="card", null=True, on_delete=fields.CASCADE
    )
    post_id: int | None
    """Null: it is its author who is found."""
    author_id = fields.BigIntField()
    """The post's author: all that somebody published goes at once."""
    marks = fields.TextField(default="")
    """What it is found by besides its words, with spaces between (`rules.filter.mark`)."""

    class Meta:
        """Few columns: a million of them are passed through."""

        table = "cards"
        indexes = (("author_id", "post_id"),)


class Turn(Model):
    """When something that was known already came to be found by a mark that changes as work goes
    on (`rules.cards.TURNING`): where it stands, that its numbers got better. The last time of each.
    """

    id = fields.BigIntField(primary_key=True)
    card: fields.ForeignKeyRelation[Card] = fields.ForeignKeyField(
        "node.Card", related_name="turns", on_delete=fields.CASCADE
    )
    card_id: int
    mark = fields.CharField(max_length=32)
    at = fields.DatetimeField()

    class Meta:
        """Read by when it was, and by mark."""

        table = "card_turns"
        unique_together = (("card", "mark"),)
        indexes = (("mark", "at"), ("at",))

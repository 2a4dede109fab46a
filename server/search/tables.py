"""The table of cards: each thing that is known here and is for everybody, in the order of time."""

from tortoise import fields

from server.db import Model
from server.posts.tables import Post


class Card(Model):
    """One thing that can be found. What it is found by is in `card_words` (server.db.fulltext),
    which goes with it.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.BigIntField(unique=True)
    """Sorts by publication (`rules.cards.number`): lists are by it, newest first."""
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="card", on_delete=fields.CASCADE
    )
    post_id: int
    author_id = fields.BigIntField(db_index=True)
    """The post's author: all that somebody published goes at once."""
    marks = fields.TextField(default="")
    """What it is found by besides its words, with spaces between (`rules.filter.mark`)."""

    class Meta:
        """Few columns: a million of them are passed through."""

        table = "cards"

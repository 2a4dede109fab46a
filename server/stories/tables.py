"""The table of stories."""

import orjson
from tortoise import fields

from server.db import Model
from server.posts.tables import Post
from server.posts.terms import organisations_held, organisations_to_wire
from server.stories.rules import AuthorRole, Story


class StoryRow(Model):
    """What a story adds to its post: ours as it was written, others' as they sent it."""

    id = fields.BigIntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="story", on_delete=fields.CASCADE
    )
    post_id: int
    title = fields.CharField(max_length=500, default="")
    what_happened = fields.TextField(default="")
    what_people_tried = fields.TextField(default="")
    what_might_help = fields.TextField(default="")
    what_was_good = fields.TextField(default="")
    author_role = fields.CharField(max_length=32, default="")
    feelings = fields.TextField(default="[]")
    when_approx = fields.CharField(max_length=100, default="")
    places = fields.TextField(default="[]")
    organisations = fields.TextField(default="[]")
    topics = fields.TextField(default="[]")
    interests = fields.TextField(default="")
    consent = fields.TextField(default="{}")
    """Private: never on the wire, never in an export to others."""
    inspired = fields.TextField(default="[]")
    """Ids of experiments that a peer's story names."""

    class Meta:
        """One row a story."""

        table = "stories"

    def story(self) -> Story:
        """Return the row as the pure thing that the rules speak of."""
        role = self.author_role
        return Story(
            title=self.title,
            what_happened=self.what_happened,
            what_people_tried=self.what_people_tried,
            what_might_help=self.what_might_help,
            what_was_good=self.what_was_good,
            author_role=AuthorRole(role) if role in set(AuthorRole) else None,
            feelings=tuple(orjson.loads(self.feelings)),
            when_approx=self.when_approx,
            places=tuple(orjson.loads(self.places)),
            organisations=organisations_held(self.organisations),
            topics=tuple(orjson.loads(self.topics)),
            interests=self.interests,
            consent=orjson.loads(self.consent),
        )

    def write(self, story: Story) -> None:
        """Take over what a story says; the caller saves."""
        self.title = story.title
        self.what_happened = story.what_happened
        self.what_people_tried = story.what_people_tried
        self.what_might_help = story.what_might_help
        self.what_was_good = story.what_was_good
        self.author_role = story.author_role or ""
        self.feelings = _dumped(story.feelings)
        self.when_approx = story.when_approx
        self.places = _dumped(story.places)
        self.organisations = _dumped(organisations_to_wire(story.organisations))
        self.topics = _dumped(story.topics)
        self.interests = story.interests
        self.consent = _dumped(dict(story.consent))


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()

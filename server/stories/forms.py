"""What people fill in to tell a story."""

from server.posts.forms import (
    LATER,
    ORGANISATION_KINDS,
    SEEN_BY,
    before_reading,
    first_organisation,
    listed,
    organisation_of,
    topics,
)
from server.posts.rules import TITLE_LIMIT, Visibility
from server.stories.rules import FEELINGS, AuthorRole, Story
from server.web.forms import Area, Choice, Choices, Form, Hidden, Text, Tick

ROLES = (
    (AuthorRole.PATIENT, "the patient"),
    (AuthorRole.CARER, "a carer"),
    (AuthorRole.RELATIVE, "a relative or friend"),
    (AuthorRole.STAFF, "at work"),
    (AuthorRole.VOLUNTEER, "a volunteer"),
    (AuthorRole.ADVOCATE, "an advocate"),
    (AuthorRole.OTHER, "somebody else"),
)
FELT = (
    ("worried", "worried"),
    ("not-listened-to", "not listened to"),
    ("tired", "tired"),
    ("sad", "sad"),
    ("safe", "safe"),
    ("cared-for", "cared for"),
    ("grateful", "grateful"),
    ("hopeful", "hopeful"),
)
ABOUT = (
    ("self", "me"),
    ("child", "my child"),
    ("someone-else", "somebody else, and they know I am telling it"),
    ("group", "many people, nobody could be picked out"),
)


class StoryForm(Form):
    """A story, whole or in part. `do` says which button was pressed."""

    do = Hidden(limit=20)
    title = Text(
        "What would you call it?",
        hint="A few words, like the name of a song.",
        required="Give your story a title",
        limit=TITLE_LIMIT,
    )
    what_happened = Area(
        "What happened?",
        hint="If it is about somebody who was at work, use their job and not their name.",
        rows=7,
    )
    what_people_tried = Area(
        "What did people try?",
        hint="You, the people with you, or the people looking after you. "
        "It is fine to leave this empty.",
        rows=3,
    )
    what_might_help = Area("What might help next time?", rows=3)
    what_was_good = Area("What was good?", rows=3)
    author_role = Choice("In this story, I was…", ROLES, hint="Choose one, or none.")
    feelings = Choices("How did it feel?", FELT)
    when_approx = Text(
        "About when was it?", hint="A month or a season. We never ask for the day.", limit=100
    )
    organisation = Text(
        "Where was it?", hint="As the place or team was called then. You can leave this out.",
        limit=200,
    )  # fmt: skip
    organisation_kind = Choice("What kind of place is that?", ORGANISATION_KINDS, as_list=True)
    places = Text("Which town or area?", hint="More than one? Put commas between.", limit=300)
    topics = Text(
        "What is it about?",
        hint="A few topics with commas between, such as: home care, discharge. "
        "People find your story by them.",
        limit=300,
    )
    warning = before_reading()
    interests = Area(
        "Is there anything people should know about you?",
        hint="Say so if you work there, are paid by somebody, or stand to gain. It is shown.",
        rows=2,
        limit=2_000,
    )
    about = Choice(
        "Who is it about?", ABOUT, hint="Only you and the stewards ever see this answer."
    )
    visibility = Choice("Who may read it?", SEEN_BY)
    consent = Tick(
        "I am happy for this to be read by anybody, and copied by other hubs that follow this one.",
        required="Tick the box if you are happy for it to be read and copied",
    )

    def check(self) -> None:
        """Ask for one text at least; what is kept for later may be as unready as it likes."""
        if self.do == LATER:
            for name in ("title", "consent"):
                self.errors.pop(name, None)
        elif not any(self.story().texts):
            self.wrong(
                "what_happened", "Say at least one thing: here, or in one of the boxes below"
            )

    def story(self) -> Story:
        """Return what was filled in."""
        return Story(
            title=self.title,
            what_happened=self.what_happened,
            what_people_tried=self.what_people_tried,
            what_might_help=self.what_might_help,
            what_was_good=self.what_was_good,
            author_role=AuthorRole(self.author_role) if self.author_role else None,
            feelings=self.feelings[:FEELINGS],
            when_approx=self.when_approx,
            places=listed(self.places),
            organisations=organisation_of(self.organisation, self.organisation_kind),
            topics=topics(self.topics),
            interests=self.interests,
            warning=self.warning,
            consent={
                **({"about": self.about} if self.about else {}),
                **({"shared": "yes"} if self.consent else {}),
            },
        )

    @classmethod
    def of(cls, story: Story, *, visibility: Visibility) -> "StoryForm":
        """Return the form that shows a story, to be changed."""
        return cls.filled(
            title=story.title, what_happened=story.what_happened,
            what_people_tried=story.what_people_tried, what_might_help=story.what_might_help,
            what_was_good=story.what_was_good, author_role=story.author_role or "",
            feelings=story.feelings, when_approx=story.when_approx, places=", ".join(story.places),
            topics=", ".join(story.topics), interests=story.interests, warning=story.warning,
            about=story.consent.get("about", ""), visibility=visibility,
            consent="shared" in story.consent, **first_organisation(story.organisations),
        )  # fmt: skip


class ReviseForm(StoryForm):
    """A published story, with a line on why it changes."""

    why = Text(
        "Why did you change it?", hint="Shown in its history. You can leave this empty.", limit=300
    )


class AltForm(Form):
    """What a picture shows, said otherwise."""

    alt = Text(
        "What can be seen on it?",
        required="Say in a few words what can be seen on the picture",
        limit=1_000,
    )

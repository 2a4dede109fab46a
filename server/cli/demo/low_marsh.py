"""Low Marsh: a carers' group by the sea, and its hub."""

from dataclasses import replace

from server.cli.demo.script import Place, Resident, Revised, Told
from server.posts.rules import Organisation
from server.stories.rules import AuthorRole, Story

PLACE = Place(
    key="lowmarsh",
    name="Low Marsh Carers",
    tagline="Who looks after the lookers-after?",
    words=(
        "We are people who care for somebody at home: a husband, a mum, a son, the man next door. "
        "Here we tell each other what works, at any hour, in any state of the washing-up."
    ),
    about=(
        "We meet on the first Wednesday in the old lifeboat house, and here the rest of the time. "
        "You don’t have to call yourself a carer. Most of us didn’t for years."
    ),
    colours=("#0b4f57", "#f2b263"),
    residents=(
        Resident(
            name="joan",
            display_name="Joan Pellowby",
            summary="Wife of a stubborn man, and his carer since he forgot that he was.",
            lines=(("Tea", "strong"), ("Up at", "five, usually")),
            follows=("kelderby", "mossrigg", "kelderby/ida"),
        ),
        Resident(
            name="amir",
            display_name="Amir Haddon",
            summary="Dad to Sami, who is nine, funny, and doesn’t use words to say so.",
            follows=("mossrigg", "kelderby"),
        ),
        Resident(
            name="bev",
            display_name="Bev Tansley",
            summary="Daughter of Ron at Otterside House. I drive the Wednesday minibus.",
            follows=("kelderby/desmond",),
        ),
    ),
)

FOLDER = Story(
    title="The red folder",
    what_happened=(
        "Sami was in hospital four times in a year. Every time, on every shift, I told the whole "
        "of him again: what he can eat, that he signs, that he must never be held by the left arm. "
        "At three in the morning I got a bit of it wrong."
    ),
    what_people_tried="So we made a red folder. It has one page in it.",
    author_role=AuthorRole.RELATIVE,
    feelings=("tired", "not-listened-to", "hopeful"),
    when_approx="this year",
    places=("Low Marsh", "Mossrigg"),
    organisations=(Organisation(name_then="Mossrigg Community Hospital", kind="trust"),),
    topics=("Children", "Hospital", "LearningDisability"),
    consent={"about": "child"},
)

ACTS = (
    Told(
        ago=18.3,
        by="lowmarsh/joan",
        key="key-safe",
        story=Story(
            title="The key, the kettle and the code",
            what_happened=(
                "When carers come in to help my husband, it is a different person most mornings. "
                "He wouldn’t let them past the hall. To be fair to him, I wouldn’t either, if a "
                "stranger came at me with a flannel before seven."
            ),
            what_people_tried=(
                "One of them, on her own account, started with the kettle. She comes in, says her "
                "name, and asks him how he takes his tea. He has told her every day for a year, "
                "and every day he is pleased to be asked. Then the flannel. I wrote it on a card "
                "and stuck it inside the key safe, under the code: **kettle first**."
            ),
            what_was_good=(
                "It takes four minutes longer and saves half an hour. And he gets his tea."
            ),
            author_role=AuthorRole.CARER,
            feelings=("tired", "cared-for"),
            when_approx="over the last year",
            places=("Low Marsh",),
            organisations=(Organisation(name_then="the council’s home care team", kind="council"),),
            topics=("HomeCare", "Dementia", "Carers"),
            consent={"about": "someone-else"},
        ),
    ),
    Told(
        ago=14.1,
        by="lowmarsh/bev",
        key="swap",
        story=Story(
            title="We swap Thursdays",
            what_happened=(
                "None of us could get to our own appointments. I had a tooth that wanted out since "
                "Easter. There is help you can ask for, and it was eleven weeks away."
            ),
            what_people_tried=(
                "Four of us wrote down what we *could* do, instead of what we couldn’t. I can "
                "drive. Joan can sit with anybody. Amir can do forms. So now we swap: I take "
                "Amir’s two to school on a Tuesday, and on Thursdays somebody sits with my dad."
            ),
            what_might_help=(
                "Somebody to hold the list who isn’t in it. We are all too tired to be the "
                "organiser as well."
            ),
            author_role=AuthorRole.CARER,
            feelings=("tired", "hopeful"),
            when_approx="over some months",
            places=("Low Marsh",),
            organisations=(
                Organisation(name_then="Low Marsh carers’ group", kind="informal-group"),
            ),
            topics=("Carers", "Breaks", "Company"),
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=10.5,
        by="lowmarsh/amir",
        key="folder",
        story=FOLDER,
    ),
    Revised(
        ago=8.9,
        by="lowmarsh/amir",
        needs="folder",
        why="Bev asked what is on the page, so I wrote it down.",
        story=replace(
            FOLDER,
            what_people_tried=(
                "So we made a red folder. It has **one page** in it, and nothing else may go "
                "in:\n\n"
                "- what Sami likes (trains, being sung to, the window)\n"
                "- how he says yes, no, and *it hurts*\n"
                "- what he can eat, and how\n"
                "- never by the left arm\n"
                "- who we are, and that one of us would like to stay\n\n"
                "His sister drew the cover. It hangs on the end of the bed."
            ),
            what_was_good="On the last stay a night nurse sang to him. It was on the page.",
        ),
    ),
    Told(
        ago=4.4,
        by="lowmarsh/bev",
        key="what-dad-likes",
        story=Story(
            title="They asked me what Dad likes",
            what_happened=(
                "When my dad moved into Otterside House I had my answers ready: his tablets, his "
                "falls, his date of this and that. The first thing they asked was *what did he do "
                "for a living, and does he miss it?*"
            ),
            what_people_tried=(
                "He was a postman for forty years. So he takes the letters round, every morning, "
                "with a bag. It takes him two hours, because everybody talks to him."
            ),
            what_was_good="He complained of his feet last week. Like old times.",
            author_role=AuthorRole.RELATIVE,
            feelings=("safe", "grateful"),
            when_approx="last summer",
            places=("Low Marsh",),
            organisations=(Organisation(name_then="Otterside House", kind="care-home"),),
            topics=("CareHomes", "Dementia", "Welcome"),
            consent={"about": "someone-else"},
        ),
    ),
    Told(
        ago=2.3,
        by="lowmarsh/joan",
        key="slippers",
        story=Story(
            title="One slipper",
            what_happened=(
                "My husband came home from the ward with somebody else’s glasses and one slipper. "
                "It sounds like nothing. But he can’t see with those glasses, and he won’t walk in "
                "socks, and so he fell."
            ),
            what_might_help=(
                "A bag with his name on it, at the end of the bed, from the first day. And to have "
                "it checked *with* somebody, not for them."
            ),
            what_was_good="The porter who ran after the car with his cap.",
            author_role=AuthorRole.CARER,
            feelings=("sad", "worried"),
            when_approx="last month",
            places=("Mossrigg", "Low Marsh"),
            organisations=(Organisation(name_then="Mossrigg Community Hospital", kind="trust"),),
            topics=("GoingHome", "Hospital", "Falls"),
            consent={"about": "someone-else"},
        ),
    ),
    Told(
        ago=0.3,
        by="lowmarsh/amir",
        key="night-line",
        story=Story(
            title="Whoever is awake",
            what_happened=(
                "Between two and four in the morning everybody else in the world is asleep. That "
                "is when it is hardest, and when I am worst at remembering that it gets light."
            ),
            what_people_tried=(
                "Seven of us have a group on our phones that is called *Whoever is awake*. You "
                "send a lamp. If anybody is up, they send a lamp back. That is the whole of it. "
                "Nobody has to say a word."
            ),
            what_was_good="Last night there were four lamps.",
            author_role=AuthorRole.CARER,
            feelings=("tired", "safe"),
            when_approx="these last weeks",
            places=("Low Marsh",),
            topics=("Carers", "Nights", "Company"),
            consent={"about": "group"},
        ),
    ),
)

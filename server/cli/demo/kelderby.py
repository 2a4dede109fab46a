"""Kelderby: a small town's hub, kept by neighbours from a table in the library."""

from server.cli.demo import pictures
from server.cli.demo.script import Picture, Place, Resident, Told, Withdrawn
from server.posts.rules import Organisation
from server.stories.rules import AuthorRole, Story

PLACE = Place(
    key="kelderby",
    name="Kelderby Together",
    tagline="How is care in Kelderby?",
    words=(
        "Tell us what happened, what you tried, and what might help the next person. "
        "Six neighbours look after this hub, from a table in the library. Pull up a chair."
    ),
    about=(
        "Kelderby is a market town with a practice, a pharmacy, a library and a great many "
        "opinions. We began this hub because good ideas were being told once, in a queue, and "
        "then lost.\n\n"
        "## Who we are\n\n"
        "Six neighbours. None of us is in charge of anybody. We read what comes in to see that it "
        "is safe and kind, and we pass it on to those who can do something with it."
    ),
    colours=("#6a2450", "#e6a91f"),
    residents=(
        Resident(
            name="ida",
            display_name="Ida Fennimore",
            summary="Was the librarian here for thirty-one years. Now I keep the quiet table.",
            lines=(("Find me", "Kelderby library, most mornings"), ("Good at", "finding things")),
            follows=("lowmarsh", "mossrigg", "lowmarsh/bev"),
        ),
        Resident(
            name="wilf",
            display_name="Wilf Garthwick",
            summary="Eighty-one. Retired from the buses, not from talking.",
            lines=(("Sings", "bass, when let"),),
            follows=("mossrigg/grace",),
        ),
        Resident(
            name="priya",
            display_name="Priya Nandra",
            summary="I work at the practice on Fennel Row, and I live two doors up from it.",
            lines=(("Interest", "I am paid by the practice"),),
            follows=("mossrigg", "lantern"),
        ),
        Resident(
            name="desmond",
            display_name="Desmond Achley",
            summary="Son, dad, driver of the whole family to everywhere.",
            follows=("lowmarsh",),
        ),
    ),
)

PACKETS = Picture(
    draw=pictures.packets,
    alt=(
        "A drawing of two paper packets side by side on a wooden table. One has a smiling yellow "
        "sun on it, the other a dark blue moon with three stars."
    ),
)

ACTS = (
    Told(
        ago=19.2,
        by="kelderby/wilf",
        key="packets",
        picture=PACKETS,
        story=Story(
            title="A sun and a moon on the packets",
            what_happened=(
                "After my stroke I came home with nine sorts of tablet and a sheet of paper. The "
                "sheet was right. I just couldn’t make it hold still long enough to read it. Twice "
                "I took the evening ones at breakfast, and slept through my own daughter’s visit."
            ),
            what_people_tried=(
                "I told the pharmacist, feeling a fool. She didn’t say *have you tried a chart*. "
                "She took two paper packets, drew a sun on one and a moon on the other, and put "
                "each day’s tablets into them while we talked about the buses."
            ),
            what_might_help=(
                "Ask people to *show* you how they take their tablets at home. Nobody had. It "
                "takes two minutes and a felt pen."
            ),
            what_was_good="I haven’t mixed them up since. The moon has got quite artistic.",
            author_role=AuthorRole.PATIENT,
            feelings=("worried", "cared-for", "safe"),
            when_approx="last winter",
            places=("Kelderby",),
            organisations=(Organisation(name_then="Fennel Row Pharmacy", kind="pharmacy"),),
            topics=("Medicines", "Stroke", "HomeCare"),
            consent={"about": "self"},
        ),
    ),
    Told(
        ago=15.4,
        by="kelderby/ida",
        key="quiet-table",
        story=Story(
            title="The quiet table",
            what_happened=(
                "A man used to bring his wife to the library and leave again within five minutes. "
                "One day I asked why. She has dementia, he said, and she gets upset by the noise, "
                "and then he gets upset by people looking."
            ),
            what_people_tried=(
                "We moved one table behind the local history shelves, away from the door and the "
                "printer. A lamp instead of the strip light. Old photographs of the town in a box "
                "that anybody may rummage in. No sign that says who it is for: it just says "
                "**the quiet table**."
            ),
            what_was_good=(
                "They stay for an hour now. So do a student, a new dad, and somebody who told me "
                "it is the only place she doesn’t feel hurried."
            ),
            author_role=AuthorRole.VOLUNTEER,
            feelings=("hopeful",),
            when_approx="last spring",
            places=("Kelderby",),
            organisations=(Organisation(name_then="Kelderby Library", kind="council"),),
            topics=("Dementia", "Carers", "Libraries"),
            interests="I volunteer at the library, and used to be paid by it.",
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=11.3,
        by="kelderby/desmond",
        key="three-buses",
        story=Story(
            title="Three buses to the eye clinic",
            what_happened=(
                "Dad’s eye appointments at Mossrigg are always at nine. From Kelderby that is "
                "three buses, and the first one that gets you there goes at ten to six. He is "
                "seventy-eight and can’t see the numbers on the front of them. Twice he missed "
                "it and was marked down as *did not attend*."
            ),
            what_people_tried=(
                "I drive him when my shifts allow. Once I rang and asked for a later one. The "
                "person on the phone was lovely, and surprised: nobody had told her that anybody "
                "was coming from this side of the hill."
            ),
            what_might_help=(
                "Look at the postcode before you choose the time. Or just ask: *how will you get "
                "here?*"
            ),
            author_role=AuthorRole.RELATIVE,
            feelings=("tired", "not-listened-to"),
            when_approx="since last autumn",
            places=("Kelderby", "Mossrigg"),
            organisations=(
                Organisation(name_then="Mossrigg Community Hospital, eye clinic", kind="trust"),
            ),
            topics=("Transport", "Appointments", "Eyes"),
            consent={"about": "someone-else"},
        ),
    ),
    Told(
        ago=7.6,
        by="kelderby/priya",
        key="say-my-name",
        story=Story(
            title="How do you say it?",
            what_happened=(
                "At the practice we call people in from the waiting room. I watched a woman not "
                "get up, twice, because what I had called out was nothing like her name."
            ),
            what_people_tried=(
                "Now whoever books somebody in asks *how do you say it?* and writes it down the "
                "way it sounds, in the note that comes up when we call. We practise, out loud, at "
                "the Monday meeting. There is a lot of laughing, mostly at me."
            ),
            what_might_help=(
                "A box for it on the form, so that it travels with people when they are sent to "
                "the hospital."
            ),
            what_was_good="She told me it was the first time in four years. It costs nothing.",
            author_role=AuthorRole.STAFF,
            feelings=("hopeful",),
            when_approx="last summer",
            places=("Kelderby",),
            organisations=(Organisation(name_then="Fennel Row practice", kind="practice"),),
            topics=("Welcome", "Language", "Appointments"),
            interests="I am paid by the practice that this is about.",
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=6.1,
        by="kelderby/desmond",
        key="letter",
        story=Story(
            title="Waiting for a letter",
            what_happened="We were told a letter would come. I am writing this down while I wait.",
            author_role=AuthorRole.RELATIVE,
            feelings=("worried",),
            places=("Kelderby",),
            topics=("Letters",),
            consent={"about": "self"},
        ),
    ),
    Withdrawn(ago=5.8, by="kelderby/desmond", needs="letter"),
    Told(
        ago=1.2,
        by="kelderby/wilf",
        key="choir",
        story=Story(
            title="They saved me a chair at choir",
            what_happened=(
                "I stopped going to choir when I couldn’t stand for a whole song any more. Nobody "
                "said anything, and that was the trouble: I thought nobody had noticed."
            ),
            what_people_tried=(
                "Then the alto who lives opposite came over with my folder. They had put one chair "
                "at the end of the basses and *everybody* takes turns on it, so that it isn’t "
                "mine, it’s just the chair."
            ),
            what_was_good=(
                "My physio says singing is good for my breath. I say it is good for the rest of me."
            ),
            author_role=AuthorRole.PATIENT,
            feelings=("cared-for", "grateful"),
            when_approx="this month",
            places=("Kelderby",),
            organisations=(Organisation(name_then="Thursday choir", kind="informal-group"),),
            topics=("Stroke", "Company", "Singing"),
            consent={"about": "self"},
        ),
    ),
)

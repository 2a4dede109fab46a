"""Mossrigg: a community hospital up the valley, and the people who pass through it."""

from server.cli.demo import pictures
from server.cli.demo.script import Picture, Place, Resident, Told
from server.posts.rules import Organisation
from server.stories.rules import AuthorRole, Story

HOSPITAL = Organisation(name_then="Mossrigg Community Hospital", kind="trust")

PLACE = Place(
    key="mossrigg",
    name="Mossrigg Hospital & Valley",
    tagline="Thirty beds, one valley, a lot of good ideas",
    words=(
        "This hub belongs to everybody who has slept, worked, visited or mopped here. Say how it "
        "was. If we can mend it by Friday, we will, and we’ll say so underneath."
    ),
    about=(
        "Mossrigg has thirty beds, an eye clinic on Tuesdays, and a garden. Patients, neighbours "
        "and people who work here look after this hub together.\n\n"
        "## What we promise\n\n"
        "Somebody answers every story within a week. We say what we will change and by when, or "
        "why not."
    ),
    colours=("#2f4a2c", "#e9c46a"),
    residents=(
        Resident(
            name="morag",
            display_name="Morag Rennick",
            summary="I work nights and days on Heron Ward. Knits in meetings.",
            lines=(("Interest", "I am paid by the hospital"),),
            follows=("kelderby", "lowmarsh", "lowmarsh/amir"),
        ),
        Resident(
            name="femi",
            display_name="Femi Holloway",
            summary="Porter. I know every wheel in this building by its squeak.",
            lines=(("Steps a day", "about nineteen thousand"),),
            follows=("kelderby/wilf",),
        ),
        Resident(
            name="grace",
            display_name="Grace Penhallow",
            summary="Had the bed by the window for seven weeks. Visits the garden still.",
            follows=("kelderby", "lowmarsh"),
        ),
        Resident(
            name="col",
            display_name="Col Braithe",
            summary="Physiotherapist. Measures staircases for fun.",
            lines=(("Interest", "I am paid by the hospital"),),
            follows=("lantern",),
        ),
    ),
)

BENCH = Picture(
    draw=pictures.bench,
    alt=(
        "A drawing of a wooden bench with a small brass plate, under a tree, with daisies in the "
        "grass, green hills behind and a low sun."
    ),
)

ACTS = (
    Told(
        ago=17.5,
        by="mossrigg/morag",
        key="home-by-six",
        story=Story(
            title="Home before the lamps go on",
            what_happened=(
                "A lady went home from our ward at nine in the evening. All her papers were "
                "right. Nobody had told her sister, the house was cold, and there was no milk. "
                "She sat in her coat until morning."
            ),
            what_people_tried=(
                "We asked ourselves what *ready* means, and stopped counting papers. Now nobody "
                "leaves Heron Ward without three things said out loud: **who knows, who’s there, "
                "what’s for tea?** If we can’t answer all three by four o’clock, it is tomorrow."
            ),
            what_might_help=(
                "The transport desk could ask the three questions too. They see everybody."
            ),
            what_was_good=(
                "It made two people’s stays a night longer, and nobody has sat in their coat since."
            ),
            author_role=AuthorRole.STAFF,
            feelings=("sad", "hopeful"),
            when_approx="since last winter",
            places=("Mossrigg",),
            organisations=(HOSPITAL,),
            topics=("GoingHome", "Hospital", "HomeCare"),
            interests="I am paid by the hospital.",
            consent={"about": "someone-else"},
        ),
    ),
    Told(
        ago=13.2,
        by="mossrigg/femi",
        key="squeak",
        story=Story(
            title="Quiet after ten",
            what_happened=(
                "I push things along the corridor at night: beds, linen, the bins. A gentleman "
                "told me, very politely, that he had counted my squeaks. Forty-one, between ten "
                "and six."
            ),
            what_people_tried=(
                "I walked my own round in my socks and wrote down every noise. Felt pads under "
                "the bin lids. Oil on nine wheels. The linen cage goes round by the kitchen now. "
                "It took me one shift and about twelve pounds, and nobody’s permission."
            ),
            what_was_good="He counted again before he went home. Six. He shook my hand.",
            author_role=AuthorRole.STAFF,
            feelings=("hopeful",),
            when_approx="last spring",
            places=("Mossrigg",),
            organisations=(HOSPITAL,),
            topics=("Sleep", "Hospital", "Nights"),
            interests="I am paid by the hospital. The felt was my own.",
            consent={"about": "self"},
        ),
    ),
    Told(
        ago=9.7,
        by="mossrigg/grace",
        key="bench",
        picture=BENCH,
        story=Story(
            title="As far as the bench",
            what_happened=(
                "After seven weeks in bed my legs were not mine. Every day I did my exercises "
                "with the physio in the gym, and every day I hated it, because there is nowhere to "
                "*get to* in a gym."
            ),
            what_people_tried=(
                "So one morning he put my coat round me and pointed out of the window. “As far as "
                "the bench,” he said. It was eleven steps. I sat there like the Queen of Sheba. "
                "The next day there was somebody else on it and I had to go on to the gate."
            ),
            what_might_help="A second bench, past the gate. For the second week.",
            author_role=AuthorRole.PATIENT,
            feelings=("tired", "hopeful", "grateful"),
            when_approx="last summer",
            places=("Mossrigg",),
            organisations=(HOSPITAL,),
            topics=("GettingStronger", "Gardens", "Hospital"),
            consent={"about": "self"},
        ),
    ),
    Told(
        ago=5.2,
        by="mossrigg/col",
        key="four-steps",
        story=Story(
            title="Draw me your stairs",
            what_happened=(
                "We send people home when they can climb four steps, because our practice "
                "staircase has four steps. Nobody’s house has four steps."
            ),
            what_people_tried=(
                "I ask people, or whoever lives with them, to draw me their stairs: how many, "
                "which side the rail is, where the cat sleeps. Then we practise *that*, with tape "
                "on the floor for the turn."
            ),
            what_might_help=(
                "We don’t know yet if it makes for fewer falls. I am keeping count. If you do the "
                "same, let’s count together."
            ),
            author_role=AuthorRole.STAFF,
            feelings=("hopeful",),
            when_approx="these last two months",
            places=("Mossrigg",),
            organisations=(HOSPITAL,),
            topics=("GoingHome", "Falls", "GettingStronger"),
            interests="I am paid by the hospital.",
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=0.8,
        by="mossrigg/grace",
        key="letter-to-me",
        story=Story(
            title="A letter that was written to me",
            what_happened=(
                "All my life, letters about me have been written to somebody else, with a copy "
                "for my trouble. This week one came that began *Dear Grace, it was good to see "
                "how far you walked.*"
            ),
            what_people_tried=(
                "I asked the doctor about it. She writes to the patient now, and copies in the "
                "practice. It takes her no longer, she says, and she has stopped writing "
                "*pleasant lady* in things."
            ),
            what_was_good="I understood every word. I have put it on the fridge.",
            author_role=AuthorRole.PATIENT,
            feelings=("grateful", "safe"),
            when_approx="this week",
            places=("Mossrigg",),
            organisations=(HOSPITAL,),
            topics=("Letters", "PlainWords"),
            consent={"about": "self"},
        ),
    ),
)

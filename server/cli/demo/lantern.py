"""Lantern: a national team's node. It follows, reads, learns and answers; it has no other power."""

from server.cli.demo.script import Place, Resident, Told
from server.posts.rules import Organisation
from server.search.rules.filter import Filter
from server.stories.rules import AuthorRole, Story
from server.views.rules.saving import Saying

TEAM = Organisation(name_then="Lantern, a national learning team", kind="other")

PLACE = Place(
    key="lantern",
    name="Lantern, national learning team",
    tagline="What are people finding out, and where?",
    words=(
        "We are a small team that reads what local hubs publish and carries it to others who are "
        "trying the same. We can’t tell anybody what to do, and it is better for it."
    ),
    about=(
        "Lantern follows local hubs, reads what people there try, and asks them before it draws "
        "conclusions. Nothing here is ranked.\n\n"
        "## Follow us, or let us follow you\n\n"
        "Any hub may. Any hub may stop, and owes us no reason."
    ),
    colours=("#3a2f6b", "#f0b64c"),
    residents=(
        Resident(
            name="noor",
            display_name="Noor Ellerby",
            summary="I read stories for a living, and still cry at the good ones.",
            lines=(("Interest", "Paid by the Lantern team"),),
            follows=("kelderby", "lowmarsh", "mossrigg", "mossrigg/col"),
        ),
        Resident(
            name="hamish",
            display_name="Hamish Dovercote",
            summary="Counts things, then asks whether they were worth counting.",
            lines=(("Interest", "Paid by the Lantern team"),),
            follows=("kelderby", "lowmarsh", "mossrigg"),
        ),
        Resident(
            name="sian",
            display_name="Siân Pritherch",
            summary="Carer for my sister, three days a week with Lantern.",
            follows=("lowmarsh", "lowmarsh/amir"),
        ),
    ),
    views=(
        Saying(
            name="Getting home from hospital",
            about="What people tell about it, wherever they are. We read it on Tuesdays.",
            chosen=Filter(topic="goinghome"),
            is_public=True,
        ),
        Saying(
            name="What hubs are trying",
            about="Every experiment that we hear of, those that stopped among them.",
            chosen=Filter(kind="experiment"),
            is_public=True,
        ),
    ),
)

ACTS = (
    Told(
        ago=16.2,
        by="lantern/sian",
        key="chair",
        story=Story(
            title="A relative in the room",
            what_happened=(
                "I joined this team as the person *with lived experience*. At my first meeting "
                "there were eleven people with job titles, and me. I said one thing. It was "
                "written down as *noted*."
            ),
            what_people_tried=(
                "I said so, over the biscuits. So now two of us come, never one. We get the papers "
                "in words, a week before. We are paid. And the meeting begins with a story, before "
                "anybody shows a number."
            ),
            what_was_good="Last month a decision was changed by it. Out loud, in the room.",
            author_role=AuthorRole.CARER,
            feelings=("not-listened-to", "hopeful"),
            when_approx="since last year",
            organisations=(TEAM,),
            topics=("Involvement", "Meetings"),
            interests="I am paid by the team for three days a week.",
            consent={"about": "self"},
        ),
    ),
    Told(
        ago=12.4,
        by="lantern/hamish",
        key="spreadsheet",
        story=Story(
            title="We stopped sending the spreadsheet",
            what_happened=(
                "Every quarter we sent forty places a spreadsheet with sixty-one columns. It took "
                "somebody in each of them a day. I asked what we had ever done with column "
                "nineteen. Nobody knew, and I had invented it."
            ),
            what_people_tried=(
                "We stopped. We follow what people publish anyway, and we ask three questions by "
                "phone when something looks interesting. If a number is needed, we say what for."
            ),
            what_might_help="Ask it of every form that you send: who reads this, and then what?",
            what_was_good="Forty days a quarter, given back. That is somebody’s whole job.",
            author_role=AuthorRole.STAFF,
            feelings=("hopeful",),
            when_approx="last spring",
            organisations=(TEAM,),
            topics=("Paperwork", "Measuring"),
            interests="I am paid by the team, and made the spreadsheet.",
            consent={"about": "self"},
        ),
    ),
    Told(
        ago=6.6,
        by="lantern/noor",
        key="going-home",
        story=Story(
            title="What three hubs know about going home",
            what_happened=(
                "Three places, none of which had heard of the others, wrote about the same hour: "
                "the one when somebody comes home from hospital. {mossrigg} asks who knows, who is "
                "there and what is for tea. {lowmarsh} wrote a card about the kettle. {kelderby} "
                "drew a sun and a moon."
            ),
            what_people_tried=(
                "We rang all of them. What they share is that somebody asked *how will it be when "
                "the door closes?* and then did one small thing about it, on the same day."
            ),
            what_might_help=(
                "Don’t roll it out. Borrow one, try it on one ward or in one street this week, and "
                "tell the rest of us how it went, above all if it didn’t work."
            ),
            author_role=AuthorRole.STAFF,
            feelings=("hopeful", "grateful"),
            when_approx="this month",
            places=("Mossrigg", "Low Marsh", "Kelderby"),
            organisations=(TEAM,),
            topics=("GoingHome", "Learning"),
            interests="I am paid by the team. We have no money to give to anybody in this.",
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=3.4,
        by="lantern/noor",
        key="tuesday",
        story=Story(
            title="Two hours on a Tuesday, with the phone off",
            what_happened=(
                "We were so busy writing guidance that nobody on the team had read anything a "
                "patient wrote since the winter."
            ),
            what_people_tried=(
                "On Tuesdays from ten to twelve everybody reads stories. No notes, no themes. At "
                "twelve each of us says which one they can’t stop thinking about, and we write to "
                "whoever told it, to say thank you."
            ),
            what_was_good="Fewer documents. Better ones. People write back.",
            author_role=AuthorRole.STAFF,
            feelings=("grateful",),
            when_approx="since the spring",
            organisations=(TEAM,),
            topics=("Learning", "Listening"),
            interests="I am paid by the team.",
            consent={"about": "group"},
        ),
    ),
    Told(
        ago=1.7,
        by="lantern/hamish",
        key="nan",
        story=Story(
            title="My own nan, and the blue line",
            what_happened=(
                "I have read a hundred reports on falls. Then my nan fell, in the corridor of her "
                "flats, where the carpet changes to a floor of the same grey. She thought it was a "
                "step. So did I, once I looked."
            ),
            what_people_tried="Her neighbour put a strip of blue tape where it changes.",
            what_was_good="That’s it. A pound’s worth of tape. She waves at it as she goes by.",
            author_role=AuthorRole.RELATIVE,
            feelings=("worried", "grateful"),
            when_approx="this month",
            topics=("Falls", "Home"),
            consent={"about": "someone-else"},
        ),
    ),
)

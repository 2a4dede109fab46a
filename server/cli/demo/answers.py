"""What people of one hub answer to people of another, and what they thank them for."""

from server.cli.demo.script import Said, Thanked
from server.responses.rules import Response, ResponseKind

ACTS = (
    # A sun and a moon on the packets
    Said(
        ago=18.6,
        by="lowmarsh/joan",
        needs="packets",
        response=Response(
            kind=ResponseKind.I_TRIED_THIS_TOO,
            text=(
                "I did this on Sunday with two of Arthur’s old seed packets. He asked why the "
                "moon was smiling. I said because you’re asleep by then. It works, Wilf."
            ),
        ),
    ),
    Said(
        ago=18.1,
        by="mossrigg/col",
        needs="packets",
        key="packets-question",
        response=Response(
            text="Does anybody check what goes into the packets, or is it just you and the pen?"
        ),
    ),
    Said(
        ago=17.9,
        by="kelderby/wilf",
        needs="packets-question",
        response=Response(
            text=(
                "The pharmacist fills them and I carry them. My daughter looks on Sundays. I only "
                "do the artwork."
            )
        ),
    ),
    Said(
        ago=15.1,
        by="lantern/noor",
        needs="packets",
        response=Response(
            kind=ResponseKind.THANKS,
            text=(
                "This is the one I couldn’t stop thinking about this week. *Ask people to show "
                "you*: I have written it on my wall."
            ),
        ),
    ),
    Thanked(ago=16.0, by="mossrigg/grace", needs="packets"),
    Thanked(ago=15.0, by="lantern/noor", needs="packets"),
    Thanked(ago=18.5, by="lowmarsh/joan", needs="packets"),
    Thanked(ago=19.0, by="kelderby/ida", needs="packets"),
    # The quiet table
    Said(
        ago=13.9,
        by="lowmarsh/joan",
        needs="quiet-table",
        response=Response(
            text="Arthur lasted fifty minutes with the box of photographs. I read a whole chapter."
        ),
    ),
    Thanked(ago=13.8, by="lowmarsh/joan", needs="quiet-table"),
    Thanked(ago=6.5, by="lantern/sian", needs="quiet-table"),
    # Three buses to the eye clinic
    Said(
        ago=10.2,
        by="mossrigg/morag",
        needs="three-buses",
        key="buses-change",
        due=24,
        response=Response(
            kind=ResponseKind.CHANGE_PLANNED,
            change="Whoever books for the eye clinic asks “how will you get here?” first.",
            text=(
                "Thank you for telling us, and I’m sorry about those mornings. I took this to the "
                "clinic’s desk. Anybody from over the hill will be offered eleven o’clock or "
                "later, and the two marks against your dad’s name are gone."
            ),
            on_behalf_of="Mossrigg eye clinic’s booking desk",
        ),
    ),
    Said(
        ago=9.9,
        by="kelderby/desmond",
        needs="buses-change",
        response=Response(
            text="He read this out to me himself, with the big glass. Thank you. We’ll be there."
        ),
    ),
    Said(
        ago=9.0,
        by="lowmarsh/bev",
        needs="three-buses",
        response=Response(
            kind=ResponseKind.SIGNPOST,
            text=(
                "Our Wednesday minibus goes past the top of your road on its way back from "
                "Mossrigg. It isn’t only for carers, whatever the sign says. Ask for me."
            ),
        ),
    ),
    Thanked(ago=10.1, by="mossrigg/morag", needs="three-buses"),
    Thanked(ago=9.1, by="lowmarsh/bev", needs="three-buses"),
    # How do you say it?
    Said(
        ago=6.9,
        by="lowmarsh/amir",
        needs="say-my-name",
        response=Response(
            kind=ResponseKind.THANKS,
            text="From a man who has been Mr Haddock in four waiting rooms: thank you.",
        ),
    ),
    Thanked(ago=6.8, by="lowmarsh/amir", needs="say-my-name"),
    Thanked(ago=3.1, by="mossrigg/femi", needs="say-my-name"),
    # They saved me a chair at choir
    Said(
        ago=0.9,
        by="mossrigg/grace",
        needs="choir",
        response=Response(
            text="“It’s just the chair.” Oh, that is kindly done. Is there room for a soprano?"
        ),
        key="soprano",
    ),
    Said(
        ago=0.6,
        by="kelderby/wilf",
        needs="soprano",
        response=Response(text="Thursdays at seven. Bring your own lozenges."),
    ),
    Thanked(ago=0.9, by="mossrigg/grace", needs="choir"),
    Thanked(ago=0.5, by="lantern/hamish", needs="choir"),
    Thanked(ago=0.7, by="kelderby/ida", needs="choir"),
    # The key, the kettle and the code
    Said(
        ago=16.9,
        by="kelderby/ida",
        needs="key-safe",
        response=Response(text="**Kettle first.** That would do for most things, wouldn’t it?"),
    ),
    Thanked(ago=16.9, by="kelderby/ida", needs="key-safe"),
    Thanked(ago=7.0, by="lantern/noor", needs="key-safe"),
    # We swap Thursdays
    Said(
        ago=12.8,
        by="kelderby/ida",
        needs="swap",
        response=Response(
            text=(
                "I could hold the list. I am not in it, I own a very good pencil, and I miss "
                "having a catalogue."
            )
        ),
    ),
    Thanked(ago=12.0, by="mossrigg/morag", needs="swap"),
    # The red folder
    Said(
        ago=9.4,
        by="lowmarsh/bev",
        needs="folder",
        response=Response(text="What’s on the page, Amir? I’d like to make one for Dad."),
    ),
    Said(
        ago=7.2,
        by="mossrigg/morag",
        needs="folder",
        due=-8,
        response=Response(
            kind=ResponseKind.CHANGE_MADE,
            change="There is a hook for a folder on every bed on Heron Ward.",
            text=(
                "Femi put them up in an afternoon. We ask for the page when somebody arrives, and "
                "give out a red folder where there isn’t one."
            ),
            on_behalf_of="Heron Ward",
        ),
    ),
    Thanked(ago=7.3, by="mossrigg/morag", needs="folder"),
    Thanked(ago=6.2, by="kelderby/desmond", needs="folder"),
    Thanked(ago=6.0, by="lantern/sian", needs="folder"),
    # They asked me what Dad likes
    Said(
        ago=3.8,
        by="kelderby/wilf",
        needs="what-dad-likes",
        response=Response(text="If Otterside ever wants a bus conductor, I am open to offers."),
    ),
    Thanked(ago=3.8, by="kelderby/wilf", needs="what-dad-likes"),
    Thanked(ago=3.0, by="mossrigg/grace", needs="what-dad-likes"),
    # One slipper
    Said(
        ago=1.6,
        by="mossrigg/morag",
        needs="slippers",
        response=Response(
            kind=ResponseKind.APOLOGY,
            text=(
                "I’m sorry, Joan. He should have come home with what he came in with, and he fell "
                "because of us. We have found the glasses. From Monday there’s a named bag at the "
                "end of each bed, and whoever goes home unpacks it with us before they leave. "
                "Will you come and tell us if that is right?"
            ),
        ),
        key="sorry",
    ),
    Said(
        ago=1.1,
        by="lowmarsh/joan",
        needs="sorry",
        response=Response(text="I will. Thank you for not saying *procedure*. Keep the slipper."),
    ),
    Said(
        ago=1.0,
        by="mossrigg/femi",
        needs="slippers",
        response=Response(text="It was me with the cap. It’s a good cap."),
    ),
    Thanked(ago=1.0, by="mossrigg/femi", needs="slippers"),
    Thanked(ago=0.9, by="kelderby/desmond", needs="slippers"),
    # Whoever is awake
    Thanked(ago=0.2, by="mossrigg/morag", needs="night-line"),
    Thanked(ago=0.1, by="lantern/sian", needs="night-line"),
    Said(
        ago=0.15,
        by="mossrigg/morag",
        needs="night-line",
        response=Response(text="There are always lamps on a ward. I’ll send you one at three."),
    ),
    # Home before the lamps go on
    Said(
        ago=16.5,
        by="kelderby/priya",
        needs="home-by-six",
        response=Response(
            kind=ResponseKind.EXPLANATION,
            text=(
                "From the practice: we hear of it the next day, by letter. If you rang our desk "
                "when somebody leaves, we could answer “who knows?” for you."
            ),
        ),
        key="ring-us",
    ),
    Said(
        ago=16.1,
        by="mossrigg/morag",
        needs="ring-us",
        response=Response(text="Then we’ll ring. Starting with this afternoon’s two."),
    ),
    Thanked(ago=16.4, by="kelderby/priya", needs="home-by-six"),
    Thanked(ago=15.9, by="lowmarsh/joan", needs="home-by-six"),
    Thanked(ago=6.9, by="lantern/noor", needs="home-by-six"),
    # Quiet after ten
    Said(
        ago=11.8,
        by="lantern/hamish",
        needs="squeak",
        response=Response(
            kind=ResponseKind.THANKS,
            text="Forty-one to six, for twelve pounds. Best chart I have read all year.",
        ),
    ),
    Thanked(ago=11.8, by="lantern/hamish", needs="squeak"),
    Thanked(ago=11.0, by="kelderby/wilf", needs="squeak"),
    # As far as the bench
    Said(
        ago=9.1,
        by="kelderby/wilf",
        needs="bench",
        response=Response(
            text="I know that bench. I drove past it for thirty years and never once got to sit."
        ),
    ),
    Thanked(ago=9.0, by="kelderby/wilf", needs="bench"),
    Thanked(ago=2.9, by="lowmarsh/bev", needs="bench"),
    Thanked(ago=8.0, by="mossrigg/col", needs="bench"),
    # Draw me your stairs
    Said(
        ago=4.1,
        by="lantern/noor",
        needs="four-steps",
        response=Response(
            text=(
                "Two other places are counting the same thing. May I put you in touch? Nobody "
                "will ask you for a spreadsheet."
            )
        ),
    ),
    Said(
        ago=3.6,
        by="lowmarsh/amir",
        needs="four-steps",
        response=Response(
            kind=ResponseKind.I_TRIED_THIS_TOO,
            text="Sami drew ours. There are forty steps, a slide and a dragon. It still helped.",
        ),
    ),
    Thanked(ago=4.0, by="lantern/noor", needs="four-steps"),
    Thanked(ago=3.5, by="lowmarsh/amir", needs="four-steps"),
    # A letter that was written to me
    Thanked(ago=0.6, by="lowmarsh/joan", needs="letter-to-me"),
    Thanked(ago=0.5, by="kelderby/priya", needs="letter-to-me"),
    Thanked(ago=0.4, by="lantern/hamish", needs="letter-to-me"),
    Said(
        ago=0.5,
        by="kelderby/priya",
        needs="letter-to-me",
        response=Response(text="We get the copy now, and we understand every word of it too."),
    ),
    # Of the national team
    Said(
        ago=5.9,
        by="mossrigg/femi",
        needs="going-home",
        response=Response(
            kind=ResponseKind.NO_CHANGE_BECAUSE,
            text=(
                "We did try the sun and moon on Heron Ward, for a week. It didn’t take here: with "
                "four beds to a trolley the packets got muddled. It wants one person and one pen. "
                "Better at home than on a round."
            ),
        ),
        key="not-here",
    ),
    Said(
        ago=5.4,
        by="lantern/noor",
        needs="not-here",
        response=Response(
            text="That is worth as much to us as if it had worked. Thank you for saying."
        ),
    ),
    Thanked(ago=6.0, by="mossrigg/col", needs="going-home"),
    Thanked(ago=5.9, by="lowmarsh/joan", needs="going-home"),
    Thanked(ago=12.0, by="kelderby/priya", needs="spreadsheet"),
    Thanked(ago=11.5, by="mossrigg/morag", needs="spreadsheet"),
    Thanked(ago=15.5, by="lowmarsh/amir", needs="chair"),
    Said(
        ago=1.4,
        by="mossrigg/col",
        needs="nan",
        response=Response(text="Edges! People see edges. I’ll look at our corridor with her eyes."),
    ),
    Thanked(ago=1.3, by="lowmarsh/bev", needs="nan"),
    Thanked(ago=3.0, by="kelderby/ida", needs="tuesday"),
)

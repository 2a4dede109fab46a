"""Whom people of the four hubs thank for what nobody has told a story of."""

from server.cli.demo.script import Celebrated

ACTS = (
    Celebrated(
        ago=4.8,
        by="mossrigg/femi",
        whom="kelderby/priya",
        thanked_for="sitting down when she asks something",
        text="I have begun to do it too. It takes no longer.",
    ),
    Celebrated(
        ago=2.2,
        by="kelderby/desmond",
        whom="lowmarsh/bev",
        thanked_for="the seat by the door on the Wednesday bus",
        text="She keeps it for Dad, and says that it is the draughty one, so that he may take it.",
    ),
    Celebrated(
        ago=1.4,
        by="mossrigg/grace",
        whom="the night porters",
        thanked_for="carrying the lamps up when the lift stood still",
        text="Four floors, twice, and they whistled.",
    ),
    Celebrated(
        ago=1.2,
        by="lantern/noor",
        whom="kelderby/wilf",
        thanked_for="calling it a look and not a review",
        text="We have changed the word in everything that we write.",
    ),
    Celebrated(
        ago=0.8,
        by="lowmarsh/joan",
        whom="mossrigg/femi",
        thanked_for="running after our car with a cap",
        text="He ran the whole length of the hospital drive. Arthur still tells people.",
    ),
)

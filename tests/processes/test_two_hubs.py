"""Two processes of the real command, in development mode, worked by the command line alone."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes.hubs import PASSWORD, Hub, at_once, eventually, hubs
from tests.support.engines import Engines

STORY = """\
# Home by six, with nobody told

Mum was discharged late one evening, and nobody had told *us*.

## What people tried

The ward clerk rang round the neighbours.

## What might help

A list of three numbers by the phone.
"""

Pair = tuple[Hub, Hub]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Pair]:
    """The ward, and the council that follows it: both served."""
    folder = tmp_path_factory.mktemp("pair")
    with hubs(folder, "ward", "council", engines=engines) as [ward, council]:
        at_once(lambda: ward.set_up("The ward"), lambda: council.set_up("The council"))
        at_once(ward.serve, council.serve)
        asked = council.told("follow", f"@hub@localhost:{ward.port}")
        assert asked == {
            "actor": f"{ward.address}/hub",
            "handle": f"@hub@localhost:{ward.port}",
            "state": "requested",
        }
        eventually(lambda: council.told("status")["following"] == 1, what="yes to the follow")
        yield ward, council


def arrived(hub: Hub, uri: str) -> Any:
    """Return a story as the hub shows it, once it is there."""

    def look() -> Any:
        shown = hub.run("show", uri, "--json")
        return shown.answer if shown.status == 0 else None

    return eventually(look, what=uri)


def test_a_follow_is_known_on_both_sides(pair: Pair) -> None:
    """`follow` on one hub shows in `followers` and `status` on the other."""
    ward, council = pair
    listed, status = at_once(lambda: ward.told("followers"), lambda: ward.told("status"))
    assert listed == {
        "total": 1,
        "followers": [
            {"handle": f"@hub@localhost:{council.port}", "actor": f"{council.address}/hub"}
        ],
    }
    assert status["address"] == ward.address
    assert (status["set_up"], status["followers"], status["jobs_dead"]) == (True, 1, 0)
    said = ward.run("status").out
    assert "set up: yes\n" in said
    assert "{" not in said


def test_a_story_from_a_markdown_file_is_read_on_the_other_hub(pair: Pair) -> None:
    """`publish` on one hub, `show` on the other: title, teller and every part of the text."""
    ward, council = pair
    (ward.folder / "story.md").write_text(STORY)
    told = ward.told("publish", "story.md", "--as", "ida")
    assert told["title"] == "Home by six, with nobody told"
    shown = arrived(council, told["id"])
    assert shown["title"] == told["title"]
    assert shown["author"] == f"@ida@localhost:{ward.port}"
    assert shown["state"] == "published"
    for part in ("nobody had told us", "The ward clerk rang round", "A list of three numbers"):
        assert part in shown["text"]
    newest = council.told("show")["stories"]
    assert told["id"] in [story["id"] for story in newest]
    assert f"{told['id']}\n" in council.run("show").out


def test_an_experiment_from_a_markdown_file_goes_back_to_a_story(pair: Pair) -> None:
    """`try` on the other hub, about the story; where the story was told it is read whole."""
    ward, council = pair
    told = ward.told("publish", "-", "--as", "ida", said="# A late bus\n\nIt stops short.")
    words = "# A lift\n\nIt stops short.\n\n## What we are trying\n\nA minibus."
    tried = council.told(
        "try", "-", "--as", "ida", "--about", told["id"], "--stage", "trying", said=words
    )
    assert "A minibus." in arrived(ward, tried["id"])["text"]
    refused = council.refused(
        "try", "-", "--as", "ida", "--about", "http://localhost:9/x", said=words
    )
    assert "nothing here" in refused or "localhost:9" in refused


def test_numbers_from_a_script_are_read_on_the_page(pair: Pair) -> None:
    """`measure` and `points`; what could be read otherwise is said, and kept only if sure."""
    ward, _ = pair
    words = "# A rota\n\nNobody knows.\n\n## What we are trying\n\nA list."
    tried = ward.told("try", "-", "--as", "ida", said=words)["id"]
    begun = ward.told("measure", tried, "--as", "ida", "--name", "Calls", "--better", "down")
    assert begun == {"number": 1, "id": f"{tried}/measures/1", "name": "Calls"}
    add = ("points", tried, "1", "-", "--as", "ida")
    told = ward.told(*add, said="Date,Calls\n2026-01-05,42\n2026-01-12,44\n")
    assert told == {"added": 2, "points": 2, "left_out": 0, "entry": None}
    refused = ward.refused(*add, said="02/03/2026,7\n")
    assert "day first" in refused
    assert "already: 42" in ward.refused(*add, said="2026-01-05,40\n")
    table = "2026-01-05,40\n2026-01-19,41\nx,y\n"
    told = ward.told(*add, "--instead", "--sure", "--text", "Late.", said=table)
    assert (told["added"], told["points"], told["left_out"]) == (2, 3, 1)
    assert "/updates/" in told["entry"]
    for wrong in (("points", tried, "9", "-", "--as", "ida"),
                  ("points", f"{tried}x", "1", "-", "--as", "ida"),
                  ("points", tried, "1", "-", "--as", "nobody")):  # fmt: skip
        assert ward.refused(*wrong, said="2026-01-05,1\n")


def test_what_a_killed_process_had_not_sent_arrives_after_its_restart(pair: Pair) -> None:
    """SIGKILL between the commit of a publication and its sending loses nothing."""
    ward, council = pair
    ward.signalled(signal.SIGSTOP)
    told = ward.told("publish", "-", "--as", "ida", said="# Held back\n\nNobody has sent this yet.")
    assert ward.told("status")["deliveries_waiting"] > 0
    ward.killed()
    assert "nothing here" in council.refused("show", told["id"])
    ward.serve()
    assert arrived(council, told["id"])["text"].strip() == "Nobody has sent this yet."


def test_many_are_looked_up_then_followed_by_one_command(pair: Pair) -> None:
    """`subscribe` says what each is, and in a dry run follows nobody; what it asks is answered."""
    ward, council = pair
    listed = f"{council.address}\n@nobody@localhost:{council.port}\nno words at all\n"
    told = ward.told("subscribe", "--file", "-", "--dry-run", said=listed)
    assert [one["state"] for one in told["entries"]] == ["found", "failed"]
    assert told["entries"][0]["kind"] == "a hub"
    assert told["entries"][0]["software"] == "fettle"
    assert told["problems"][0]["line"] == 3
    assert ward.told("status")["following"] == 0
    told = ward.told("subscribe", council.address)
    assert told["entries"][0]["state"] in {"asked", "accepted"}
    eventually(lambda: ward.told("status")["following"] == 1, what="yes to the follow")
    assert "followed before, a hub on Fettle" in ward.run("subscribe", council.address).out
    ward.told("follow", council.address, "--undo")


def test_new_keys_are_used_at_once_by_a_running_server(pair: Pair) -> None:
    """The command writes beside it; what is told afterwards arrives at those who knew the old."""
    ward, council = pair
    rotated = ward.told("rotate-keys", "--all")["rotated"]
    assert {f"@hub@localhost:{ward.port}", f"@ida@localhost:{ward.port}"} <= set(rotated)
    told = ward.told("publish", "-", "--as", "ida", said="# With new keys\n\nStill heard.")
    assert arrived(council, told["id"])["text"].strip() == "Still heard."


def test_the_doctor_finds_a_served_hub_well(pair: Pair) -> None:
    """Every finding is well, by status too; the clock was compared with the other hub's."""
    ward, council = pair
    examined = ward.told("doctor")
    assert examined["well"] is True
    names = [finding["name"] for finding in examined["findings"]]
    assert names == ["settings", "database", "set-up", "queue", "reachable", "clock"]
    assert f"that of localhost:{council.port}" in examined["findings"][-1]["words"]


def test_accounts_are_made_and_changed_beside_the_server(pair: Pair) -> None:
    """`user` makes an account, gives it a duty, and the running server knows it at once."""
    ward, _ = pair
    words = ["user", "tom", "--add", "--display-name", "Tom Arkwright", "--password-stdin"]
    made = ward.told(*words, said=PASSWORD)
    assert made == {"name": "tom", "steward": False, "email": None}
    assert ward.told("user", "tom", "--steward")["steward"] is True
    assert "Tom Arkwright" in ward.page("/people/tom")


def test_following_can_be_taken_back(pair: Pair) -> None:
    """`follow --undo` as a person: the follower is gone on the other side too."""
    ward, council = pair
    whom = f"@ida@localhost:{ward.port}"
    council.told("follow", whom, "--as", "ida")
    eventually(lambda: ward.told("followers", "--as", "ida")["total"] == 1, what="follower")
    assert council.told("follow", whom, "--as", "ida", "--undo")["state"] == "none"
    eventually(lambda: ward.told("followers", "--as", "ida")["total"] == 0, what="undoing")


def test_a_hub_set_up_twice_is_refused(pair: Pair) -> None:
    """The second set-up changes nothing and says what to do instead."""
    ward, _ = pair
    words = ["setup", "--name", "Another", "--steward", "eve", "--password-stdin"]
    assert "set up already" in ward.refused(*words, said=PASSWORD)
    assert "The ward" in ward.page("/")

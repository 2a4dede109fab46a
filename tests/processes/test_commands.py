"""Commands that can't do what they are told: one line, in JSON if asked, and status 1."""

from collections.abc import Iterator

import pytest

from tests.processes.hubs import PASSWORD, Hub, hubs

REFUSED = {
    "publish missing.md --as ida": "missing.md can't be read",
    "publish empty.md --as ida": "Say at least one thing",
    "try empty.md --as ida": "Say what the problem is",
    "show http://localhost:9/stories/1": "There is nothing here",
    "user eve --add": "Give a password",
    "follow @hub@localhost:9": "localhost:9",
    "inbox 7": "There is nothing here",
    "queue nowhere.example": "Nothing was ever sent to nowhere.example",
    "queue nowhere.example --drop x": "Nothing was ever sent to nowhere.example",
    "queue --retry": "Name a server",
    "subscribe": "Give handles or addresses",
    "subscribe nobody": "There is no address in it",
    "subscribe --file missing.csv": "missing.csv can't be read",
    "followers --as eve": "There is nobody called eve here",
}


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that is not served, and whose first command sets it up."""
    with hubs(tmp_path_factory.mktemp("quiet"), "hub", engines=None) as [hub]:
        hub.set_up()
        (hub.folder / "empty.md").write_text("# A title alone")
        yield hub


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(quiet: Hub, words: str) -> None:
    """A script reads the reason, and sees the status."""
    assert REFUSED[words] in quiet.refused(*words.split(), said=PASSWORD)


def test_nothing_has_been_set_aside(quiet: Hub) -> None:
    """Which is said too."""
    assert quiet.told("inbox") == {"aside": []}


def test_what_can_be_found_is_gone_over_on_demand(quiet: Hub) -> None:
    """And how much that is before is said."""
    assert quiet.told("index") == {"known": 0}


def test_the_doctor_says_what_is_amiss_by_its_exit_status(quiet: Hub) -> None:
    """A hub that is not served can't be found by others: status 1, and the finding says so."""
    ended = quiet.run("doctor", "--json")
    assert ended.status == 1
    amiss = [one["name"] for one in ended.answer["findings"] if not one["well"]]
    assert amiss == ["reachable"]


def test_a_hub_without_a_setup_says_how_to_begin(hub: Hub) -> None:
    """Commands that need the hub name the command that makes it; the doctor points there too."""
    assert "fettle setup" in hub.refused("followers")
    examined = hub.run("doctor")
    assert examined.status == 1
    assert "BAD   set-up: not yet: run `fettle setup`" in examined.out


def test_a_command_that_is_not_understood_ends_with_status_2(hub: Hub) -> None:
    """As everywhere on a command line."""
    assert hub.run("publish").status == 2


def test_migrating_sqlite_twice_is_harmless(quiet: Hub) -> None:
    """Starting has done it; the command has nothing left to do."""
    assert quiet.told("migrate") == {"applied": []}

"""Two processes of the real command meet over HTTP; everything is done by the command line."""

from tests.interop.hub import Hub, Json
from tests.interop.processes import eventually

WORDS = "The ward clerk rang round the neighbours, and Mum was home by six."


async def test_a_story_told_here_is_read_there(here: Hub, there: Hub) -> None:
    """Set up, follow, accept, publish, received: what a newcomer tries with two terminals."""
    asked = await there.command("follow", here.handle)
    assert asked["handle"] == here.handle

    async def accepted() -> bool:
        followed = await there.command("status")
        return bool(followed["following"] == 1) and there.hub_actor in await here.followers()

    await eventually(accepted, what="accepted follow")
    story = await here.tell("Home by six", WORDS)

    async def received() -> Json | None:
        return await there.known(story)

    read = await eventually(received, what="story at the other hub")
    assert read["title"] == "Home by six"
    assert WORDS in read["text"]
    assert read["author"] == f"@ada@{here.host}"
    assert story in [one["id"] for one in (await there.command("show"))["stories"]]


async def test_whoever_stops_following_is_forgotten(here: Hub, there: Hub) -> None:
    """An account follows and leaves; the hub's own following is another matter."""
    await there.command("follow", here.handle, "--as", "ada")

    async def followed() -> bool:
        return there.steward in await here.followers()

    await eventually(followed, what="follower")
    await there.command("follow", here.handle, "--as", "ada", "--undo")

    async def forgotten() -> bool:
        return there.steward not in await here.followers()

    await eventually(forgotten, what="leave-taking")


async def test_new_keys_are_used_at_once_by_a_running_server(here: Hub, there: Hub) -> None:
    """The command writes beside it; what is told afterwards arrives at those who knew the old."""
    await there.command("follow", here.handle)

    async def accepted() -> bool:
        return there.hub_actor in await here.followers()

    await eventually(accepted, what="accepted follow")
    rotated = await here.command("rotate-keys", "--all")
    assert set(rotated["rotated"]) >= {here.handle, f"@ada@{here.host}"}
    story = await here.tell("With new keys", WORDS)

    async def received() -> Json | None:
        return await there.known(story)

    await eventually(received, what="story at the other hub")


async def test_a_running_hub_is_found_well(here: Hub) -> None:
    """The doctor finds nothing amiss, its own WebFinger included."""
    told = await here.command("doctor")
    assert told["well"], told
    assert {finding["name"] for finding in told["findings"]} >= {"database", "reachable", "queue"}


async def test_a_hub_is_set_up_once(here: Hub) -> None:
    """A second set-up is refused with a sentence, in JSON for programs."""
    words = ["setup", "--name", "Again", "--steward", "eve", "--password-stdin"]
    status, printed = await here.run(*words, given="a long enough password\n")
    assert status == 1
    assert "error" in printed


async def test_another_address_is_refused(here: Hub) -> None:
    """The address is part of every link: a start with another one stops, and says which setting."""
    status, printed = await here.run("status", FETTLE_ADDRESS="http://localhost:1")
    assert status == 1
    assert "address" in printed
    assert here.address in printed


async def test_a_wrong_setting_is_named(here: Hub) -> None:
    """A misspelt or impossible setting stops the command, with its name."""
    for setting, value in (("FETTLE_ADRESS", here.address), ("FETTLE_PORT", "many")):
        status, printed = await here.run("status", **{setting: value})
        assert status == 1
        assert setting.removeprefix("FETTLE_").lower() in printed.lower()


async def test_development_mode_is_refused_for_a_public_address(here: Hub) -> None:
    """What is for localhost cannot slip onto the internet."""
    status, printed = await here.run("status", FETTLE_ADDRESS="https://hub.example")
    assert status == 1
    assert "development" in printed


async def test_nothing_is_asked_without_a_terminal(here: Hub) -> None:
    """A script that forgot the password is told so at once."""
    status, printed = await here.run("user", "bob", "--add")
    assert status == 1
    assert "password" in printed

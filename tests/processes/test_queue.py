"""`fettle queue`: what does not get through, by the command line, beside a server that runs."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes.hubs import Hub, at_once, eventually, hubs
from tests.support.engines import Engines


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[tuple[Hub, str]]:
    """The ward, served, and what it calls the council, which followed it and is down now."""
    folder = tmp_path_factory.mktemp("queue")
    with hubs(folder, "ward", "council", engines=engines) as [ward, council]:
        at_once(lambda: ward.set_up("The ward"), lambda: council.set_up("The council"))
        at_once(ward.serve, council.serve)
        council.told("follow", f"@hub@localhost:{ward.port}")
        eventually(lambda: council.told("status")["following"] == 1, what="yes to the follow")
        council.stopped()
        (ward.folder / "story.md").write_text("# Home by six\n\nIt was late.\n")
        ward.told("publish", "story.md", "--as", "ida")
        yield ward, f"localhost:{council.port}"


def test_a_queue_is_listed_shown_tried_and_given_up(pair: tuple[Hub, str]) -> None:
    """The reason is kept and shown; what it says to a person holds the same."""
    ward, host = pair

    def failing() -> Any:
        found = ward.told("queue")
        return found if found["lanes"] else None

    listed = eventually(failing, what="a lane that fails")
    [lane] = listed["lanes"]
    assert (lane["host"], lane["state"], listed["failing_hosts"]) == (host, "failing", 1)
    assert lane["waiting"] == listed["waiting"] > 0
    assert lane["error"]
    assert f"{host}: failing since" in ward.run("queue").out

    shown = ward.told("queue", host)
    assert {one["type"] for one in shown["deliveries"]} <= {"Create", "Announce"}
    assert len(shown["deliveries"]) == lane["waiting"]
    failures = shown["failures"]
    assert ward.told("queue", host, "--retry") == {"host": host, "retried": True}
    eventually(lambda: ward.told("queue", host)["failures"] > failures, what="another try")

    given_up = ward.told("queue", host, "--drop", "It closed in May")
    assert given_up == {"host": host, "dropped": lane["waiting"]}
    after = ward.told("queue", host)
    assert (after["waiting"], after["deliveries"]) == (0, [])
    [drop] = after["drops"]
    assert (drop["by"], drop["reason"]) == ("command line", "It closed in May")
    assert drop["number"] == lane["waiting"]

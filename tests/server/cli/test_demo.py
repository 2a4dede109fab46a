"""The demonstration: its script holds together, its folder is safe, and it really runs."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from server.cli.demo import folder
from server.cli.demo.folder import NotADemonstrationError, OtherPortsError
from server.cli.demo.network import SCRIPT
from server.cli.demo.script import Adapted, Celebrated, Said, Told, Tried, Withdrawn
from server.media import images
from server.responses.rules import ResponseKind
from server.web.colours import bright_enough, deep_enough
from tests.interop.processes import bare_environment, free_port
from tests.processes.hubs import FETTLE, SECONDS, Process

STORIES = [act for act in SCRIPT.acts if isinstance(act, Told)]
ANSWERS = [act for act in SCRIPT.acts if isinstance(act, Said)]
pytestmark = pytest.mark.long
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


# The script


def test_everybody_who_acts_lives_somewhere() -> None:
    """Whoever tells, answers, thanks or is followed is a resident, or a place."""
    residents = {f"{place.key}/{one.name}" for place in SCRIPT.places for one in place.residents}
    assert {act.by for act in SCRIPT.acts} <= residents
    thanked = {act.whom for act in SCRIPT.acts if isinstance(act, Celebrated)}
    assert {whom for whom in thanked if "/" in whom} <= residents
    followed = {whom for place in SCRIPT.places for one in place.residents for whom in one.follows}
    assert followed <= residents | {place.key for place in SCRIPT.places}


def test_nothing_is_answered_before_it_was_said() -> None:
    """Each act needs something older than itself, so that no hub waits for ever."""
    ages = {act.key: act.ago for act in STORIES}
    ages |= {act.key: act.ago for act in ANSWERS if act.key}
    ages |= {act.key: act.ago for act in SCRIPT.acts if isinstance(act, Tried | Adapted)}
    assert all(ages[act.needs] > act.ago for act in SCRIPT.acts if act.needs is not None)


def test_every_place_is_alive() -> None:
    """Five or six stories each, seen from several sides, and an answer from another hub."""
    for place in SCRIPT.places:
        told = [one for one in STORIES if one.by.startswith(f"{place.key}/")]
        taken_back = [act.needs for act in SCRIPT.acts if isinstance(act, Withdrawn)]
        assert 5 <= len([one for one in told if one.key not in taken_back]) <= 6
        assert len({one.story.author_role for one in told}) >= 2
        assert all(one.story.topics and one.story.feelings for one in told)
        keys = {one.key for one in told}
        assert any(act.needs in keys and not act.by.startswith(place.key) for act in ANSWERS)
    kinds = {act.response.kind for act in ANSWERS}
    assert kinds >= {ResponseKind.THANKS, ResponseKind.CHANGE_PLANNED, ResponseKind.APOLOGY}


def test_colours_can_be_read_and_pictures_are_described() -> None:
    """What the demonstration shows keeps to what a steward is asked for."""
    assert all(deep_enough(p.colours[0]) and bright_enough(p.colours[1]) for p in SCRIPT.places)
    shown = [one.picture for one in STORIES if one.picture is not None]
    assert shown
    for picture in shown:
        assert len(picture.alt) > 50
        assert images.cleaned(picture.draw()).width == 1200


def test_nobody_could_be_rung_or_written_to() -> None:
    """No telephone number, no e-mail address, no link out of the demonstration."""
    texts = [text for one in STORIES for text in one.story.texts]
    texts += [one.response.text for one in ANSWERS]
    texts += [one.text for one in SCRIPT.acts if isinstance(one, Celebrated)]
    assert not [text for text in texts if re.search(r"\d{4}|\S@\S|https?:", text)]


# Its folder


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """`--folder ~ --fresh` must not empty somebody's home."""
    (tmp_path / "letter.txt").write_text("Dear Sam")
    with pytest.raises(NotADemonstrationError):
        folder.open_folder(tmp_path, base_port=8001, fresh=True)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_a_finished_folder_is_used_again_until_it_is_to_be_fresh(tmp_path: Path) -> None:
    """Only --fresh, or a preparation that did not finish, begins anew."""
    home = tmp_path / "demo"
    assert folder.open_folder(home, base_port=8001, fresh=False) is False
    (home / "half").write_text("")
    assert folder.open_folder(home, base_port=8001, fresh=False) is False
    assert not (home / "half").exists()
    folder.mark(home, base_port=8001, finished=True)
    assert folder.open_folder(home, base_port=8001, fresh=False) is True
    with pytest.raises(OtherPortsError, match="--base-port 8001"):
        folder.open_folder(home, base_port=9001, fresh=False)
    assert folder.open_folder(home, base_port=9001, fresh=True) is False


def test_a_hub_of_the_demonstration_hears_no_setting_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is set for somebody's own hub must not reach the demonstration."""
    monkeypatch.setenv("FETTLE_DATABASE_URL", "postgres://own.example/hub")
    [site, *_] = folder.sites(SCRIPT.places, folder=tmp_path, base_port=8001)
    folder.furnish([site])
    config = folder.config_of(site)
    assert config.database_url == f"sqlite://{tmp_path}/{site.place.key}/fettle.db"
    assert [name for name in folder.environment(site) if name.startswith("FETTLE_")] == [
        "FETTLE_CONFIG"
    ]


# The real thing


@dataclass
class Demo:
    """The command, running."""

    process: Process
    facts: Any
    home: Path

    def address(self, number: int) -> str:
        """Return a hub's address."""
        return str(self.facts["hubs"][number]["address"])

    @property
    def port(self) -> int:
        """Return the first of its ports."""
        return int(self.address(0).rpartition(":")[2])


def started(home: Path, *words: str, port: int) -> Demo:
    """Start the command, and return once it has said where the hubs are."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [FETTLE, "demo", "--json", "--folder", home, "--base-port", str(port), *words],
        cwd=home.parent,
        env=bare_environment(home.parent, {"FETTLE_ADDRESS": "https://own.example"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return Demo(process, json.loads(line), home)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration in a folder of its own, prepared once."""
    running = started(tmp_path_factory.mktemp("demo") / "hubs", port=four_ports())
    try:
        yield running
    finally:
        closed(running)


@pytest.fixture
def demo(prepared: Demo) -> Demo:
    """The demonstration, running: started again where a test has ended it."""
    if prepared.process.poll() is not None:
        closed(prepared)
        prepared.process = started(prepared.home, port=prepared.port).process
    return prepared


def four_ports() -> int:
    """Return the first of four free ports in a row."""
    while True:
        port = free_port()
        try:
            folder.check_ports(folder.sites(SCRIPT.places, folder=Path(), base_port=port))
        except (folder.PortTakenError, OverflowError):
            continue
        return port


def closed(demo: Demo) -> None:
    """End it, and close what was read from."""
    if demo.process.poll() is None:
        demo.process.terminate()
        demo.process.wait(SECONDS)
    for stream in (demo.process.stdout, demo.process.stderr):
        assert stream is not None
        stream.close()


def page(url: str) -> str:
    """Return a page as a visitor gets it."""
    with build_opener().open(url, timeout=SECONDS) as answer:
        text: str = answer.read().decode()
        return text


def link_to(title: str, *, at: str) -> str:
    """Return the address of a hub's story."""
    found = re.search(rf'<a href="(/stories/[^"]+)"[^>]*>{re.escape(title)}', page(f"{at}/stories"))
    assert found, title
    return at + found[1]


def test_stories_and_answers_have_travelled(demo: Demo) -> None:
    """A hub shows what another one answered, thanked for and passed on, with its picture; and
    says on every page that it is made up.
    """
    kelderby, low_marsh = demo.address(0), demo.address(1)
    front = page(f"{kelderby}/")
    assert "This is a demonstration" in front
    assert "Development mode" in front
    assert "They saved me a chair at choir" in front
    assert "Grace Penhallow" in front
    buses = page(link_to("Three buses to the eye clinic", at=kelderby))
    assert "A change is planned" in buses
    assert "Morag Rennick" in buses
    assert "Bev Tansley" in buses
    assert "A drawing of two paper packets" in page(
        link_to("A sun and a moon on the packets", at=kelderby)
    )
    folder_page = link_to("The red folder", at=low_marsh)
    assert "Bev asked what is on the page" in page(f"{folder_page}/history")
    assert "Waiting for a letter" not in page(f"{kelderby}/stories")


def test_what_is_tried_shows_at_both_ends(demo: Demo) -> None:
    """On the story that it began with, with how it went; on its own page, also on another hub."""
    kelderby = demo.address(0)
    packets = page(link_to("A sun and a moon on the packets", at=kelderby))
    for words in ("Show me how you take them", "Eleven people so far", "People came for the tea"):
        assert words in packets
    assert "A bag with your name on it" in page(link_to("One slipper", at=demo.address(1)))
    tried = page(f"{kelderby}/experiments?stage=stopped")
    assert "Tea and tablets on Thursdays" in tried
    assert "Show me how" not in tried


def test_people_are_celebrated_at_both_ends(demo: Demo) -> None:
    """On the page of whoever is thanked, and where whoever thanks is; teams by their name."""
    kelderby, mossrigg, lantern = (demo.address(number) for number in (0, 2, 3))
    for at in (f"{kelderby}/people/wilf/thanks", f"{lantern}/"):
        thanked = page(at)
        assert "Wilf Garthwick" in thanked
        assert "calling it a look and not a review" in thanked
    assert "the night porters" in page(f"{mossrigg}/thanks")
    assert "running after our car with a cap" in page(f"{mossrigg}/people/femi/thanks")


def test_a_team_keeps_an_eye_on_what_other_hubs_tell(demo: Demo) -> None:
    """In views with a name, of what has come from there."""
    lantern = demo.address(3)
    assert "One slipper" in page(f"{lantern}/views/getting-home-from-hospital")
    tried = page(f"{lantern}/views/what-hubs-are-trying")
    assert "Tea and tablets on Thursdays" in tried
    assert "One slipper" not in tried


def test_each_hub_follows_the_others_and_nothing_is_left_waiting(demo: Demo) -> None:
    """Beside it, inside a hub's folder, every command works on that hub."""
    for hub in (demo.facts["hubs"][0], demo.facts["hubs"][3]):
        told = subprocess.run(  # noqa: S603 - our own command
            [FETTLE, "status", "--json"],
            cwd=Path(hub["settings"]).parent,
            env=bare_environment(demo.home, {}),
            capture_output=True,
            text=True,
            check=True,
        )
        status = json.loads(told.stdout)
        assert status["following"] == 3
        assert status["followers"] >= 3
        assert (status["deliveries_waiting"], status["jobs_dead"]) == (0, 0)


def test_one_browser_is_signed_in_to_all_four_at_once(demo: Demo) -> None:
    """Cookies know no ports, so each hub's bear its own name."""
    browser = build_opener(HTTPCookieProcessor())

    def get(url: str, form: dict[str, str] | None = None) -> str:
        data = urlencode(form).encode() if form is not None else None
        with browser.open(url, data, timeout=SECONDS) as answer:
            text: str = answer.read().decode()
            return text

    for hub in demo.facts["hubs"]:
        url = f"{hub['address']}/sign-in"
        token = TOKEN.search(get(url))
        assert token is not None
        person, password = hub["people"][0], demo.facts["password"]
        get(url, {"csrf": token[1], "account": person, "password": password})
    for hub in demo.facts["hubs"]:
        assert "Looking after" in get(f"{hub['address']}/home")
        assert "new" in get(f"{hub['address']}/notifications")


def test_a_second_one_on_the_same_ports_is_refused(demo: Demo) -> None:
    """It says which port, and touches nothing."""
    where = ["--folder", str(demo.home), "--base-port", str(demo.port)]
    refused = subprocess.run(  # noqa: S603 - our own command
        [FETTLE, "demo", "--json", "--fresh", *where],
        cwd=demo.home.parent,
        env=bare_environment(demo.home, {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert f"Port {demo.port} is in use" in json.loads(refused.stdout)["error"]
    assert "How is care in Kelderby?" in page(demo.address(0))


def children(process: Process) -> list[int]:
    """Return a process's children, in the order they were started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listed.exists():
        pytest.skip("this machine does not list a process's children")
    return [int(pid) for pid in listed.read_text().split()]


def gone(pids: list[int]) -> bool:
    """Say whether none of the processes is left."""
    return not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_it_ends_whole_and_comes_back_as_it_was(demo: Demo) -> None:
    """SIGTERM ends all five processes; a second start prepares nothing; when a hub dies, it is
    named, and the others end too.
    """
    pids = children(demo.process)
    assert len(pids) == len(SCRIPT.places)
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(SECONDS) == 0
    assert gone(pids)
    again = started(demo.home, port=demo.port)
    assert again.facts == demo.facts
    pids = children(again.process)
    os.kill(pids[2], signal.SIGKILL)
    out, err = again.process.communicate(timeout=SECONDS)
    assert again.process.returncode == 1
    assert "Mossrigg Hospital & Valley has stopped" in json.loads(out)["error"]
    assert "They are new here" not in err
    assert gone(pids)
    closed(again)


def test_a_hub_that_does_not_start_says_why(tmp_path: Path) -> None:
    """What its own process says is passed on, with a way out; nothing is left running."""
    port, home = four_ports(), tmp_path / "demo"
    folder.open_folder(home, base_port=port, fresh=False)
    folder.mark(home, base_port=port, finished=True)
    (home / "lantern").mkdir()
    (home / "lantern" / "fettle.db").write_text("This is no database." * 100)
    refused = started(home, port=port)
    assert refused.process.wait(SECONDS) == 1
    closed(refused)
    assert "Lantern, national learning team does not start" in refused.facts["error"]
    assert "database_url" in refused.facts["error"]
    assert "--fresh" in refused.facts["error"]
    folder.check_ports(folder.sites(SCRIPT.places, folder=home, base_port=port))

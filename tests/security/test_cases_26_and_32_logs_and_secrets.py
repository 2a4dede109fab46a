"""Cases 26 and 32: what is written down about people, and where secrets lie."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.posts.rules import Visibility
from tests.security.conftest import Scene, on_sqlite
from tests.support.live import KEY, PASSWORD

LOG = """
import sys
import structlog
from server.cli.app import log_as
from server.config import Config
log_as(Config(address="https://hub.example", log_format=sys.argv[1], log_level="info"))
structlog.get_logger().info("inbox.no_effect", reason=sys.argv[2], actor=sys.argv[2] + " x")
"""
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
HOSTILE = "a\x1b[2J\nrequest.answered\r\x07\x9b\u2028\u202e"


@on_sqlite
@pytest.mark.parametrize("form", ["json", "console"])
async def test_case_26_log_lines_escape_control_characters(engine: str, form: str) -> None:
    """What strangers send can move no cursor, and begins no line of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOG, form, HOSTILE,
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    _, written = await process.communicate()
    text = written.decode()
    assert "inbox.no_effect" in text
    assert text.count("\n") == 1
    assert CONTROL.findall(text.rstrip("\n")) == []


async def test_case_26_nothing_private_is_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """No password, token, cookie, key, body or private word: neither when it works nor when not."""
    wrong = "not the right one at all"
    with capture_logs() as events, caplog.at_level("INFO"):
        browser = scene.browser()
        await browser.sign_in("ida", wrong)
        await browser.sign_in()
        token = browser.session_cookie
        page = await browser.get("/home/following")
        await browser.post("/home/following", {"csrf": "forged", "whom": "@secret@there.test"})
        await browser.get("/reset/a-secret-token")
        uri = await scene.ward.publish_story(title="Home by six")
        note = scene.ann.reply(uri, "<p>Between the two of us</p>") | {"to": [scene.ida], "cc": []}
        await scene.ann.post(scene.inbox, scene.ann.create(note))
        await scene.settle()
        direct = Visibility.DIRECT
        await scene.ward.respond(note["id"], "Private answer", visibility=direct)
        await scene.settle()
        broken = b'{"content": "Broken words", "id": \xff'
        await scene.ann.post(scene.inbox, broken)
        await scene.ann.post(scene.inbox, scene.ann.create(note), scheme=None)
        await browser.send("/sign-out", page="/home")
    written = repr(events) + caplog.text
    assert "request.answered" in written
    for private in (
        PASSWORD, wrong, token or "", page.token, "a-secret-token", "Between the two", KEY,
        "Private answer", "Broken words", "PRIVATE KEY", "signature=", "@secret@",
    ):  # fmt: skip
        assert private not in written


@pytest.mark.usefixtures("real_passwords")
async def test_case_32_private_keys_are_sealed_at_rest(scene: Scene) -> None:
    """The database holds no key that can be read, no password and no token."""
    browser = scene.browser()
    await browser.sign_in()
    everything = repr(await scene.stored())
    token = browser.session_cookie
    assert token
    for secret in ("PRIVATE KEY", PASSWORD, KEY, token):
        assert secret not in everything
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in everything
    keys = (await scene.stored())["actor_keys"]
    assert len(keys) == 6
    assert all("'sealed': b" in key for key in keys)


@on_sqlite
async def test_case_32_a_secret_that_others_may_read_stops_the_start(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node key, the database's address, the password for e-mail: from files with 0600."""
    for name, line in {
        "node_key_file": 'node_key_file = "{secret}"',
        "smtp_password_file": 'smtp_password_file = "{secret}"\nsmtp_host = "mail.test"\n'
        f'smtp_from = "hub@hub.example"\nsmtp_username = "hub"\nnode_key = "{KEY}"',
        "node_key": f'node_key = "{KEY}"',
    }.items():
        for mode, is_fine in ((0o600, True), (0o640, False), (0o604, False)):
            secret, settings = tmp_path / f"{name}{mode}", tmp_path / f"{name}{mode}.toml"
            secret.write_text(KEY)
            lines = line.replace("{secret}", str(secret))
            settings.write_text(f'address = "https://hub.example"\n{lines}\n')
            inline = name == "node_key"
            secret.chmod(0o600 if inline else mode)
            settings.chmod(mode if inline else 0o600)
            monkeypatch.setenv("FETTLE_CONFIG", str(settings))
            status, said = await _loaded()
            assert (name, oct(mode), status == 0) == (name, oct(mode), is_fine), said
            if not is_fine:
                assert "chmod 600" in said
            assert KEY not in said


async def _loaded() -> tuple[int | None, str]:
    work = "from server.config import load\nload().node_key or load().secret_key()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", work, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, said.decode()

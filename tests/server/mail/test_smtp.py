"""Messages as a real mail server gets them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from server.mail import MailServer, SmtpMailer
from tests.support.clock import MovableClock


@dataclass
class PostOffice:
    """Keeps what it is handed, or refuses it."""

    port: int = 0
    refuses: bool = False
    letters: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return "550 nobody of that name"
        letter = message_from_bytes(cast(bytes, envelope.content), policy=default)
        sender = envelope.mail_from or ""
        self.letters.append((sender, list(envelope.rcpt_tos), letter))
        return "250 taken"

    def login(
        self, server: SMTP, session: Session, way: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret", handled=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@asynccontextmanager
async def open_office(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    closed: bool = False,
) -> AsyncIterator[PostOffice]:
    """Serve mail on loopback."""
    office = PostOffice()

    def protocol() -> SMTP:
        return SMTP(
            office,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=closed,
            authenticator=office.login,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()


def mailer(office: PostOffice, trust: ssl.SSLContext, **options: Any) -> SmtpMailer:
    """Return a mailer that hands in there."""
    server = MailServer(host="localhost", port=office.port, **options)
    name = "Ward 7, Ünîts"
    return SmtpMailer(server, sender="hub@hub.test", clock=MovableClock(), name=name, trust=trust)


async def test_a_message_arrives_as_it_was_written(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """In any script, with what a message needs, over TLS."""
    text = "Grüße,\n.\n" + "long " * 300 + "\n手紙 ✉\n"
    async with open_office(starttls=server_tls) as office:
        sender = mailer(office, trust)
        await sender.send("ada@example.org", subject="Somebody\r\nBcc: x@y.z answered ✓", text=text)
    [(sender_address, recipients, letter)] = office.letters
    assert (sender_address, recipients) == ("hub@hub.test", ["ada@example.org"])
    assert letter.get_content().replace("\r\n", "\n") == text
    assert letter["Subject"] == "Somebody Bcc: x@y.z answered ✓"
    assert letter["Bcc"] is None
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == '"Ward 7, Ünîts" <hub@hub.test>'
    assert letter["Date"] == "Mon, 01 Mar 2027 09:00:00 +0000"
    assert letter["Message-ID"].endswith("@hub.test>")
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_tls_may_stand_from_the_beginning(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """As on port 465."""
    async with open_office(tls=server_tls) as office:
        await mailer(office, trust, encryption="tls").send("a@b.test", subject="s", text="t")
    assert len(office.letters) == 1


async def test_a_server_without_tls_gets_nothing(trust: ssl.SSLContext) -> None:
    """Unless it was asked for; a man in the middle can't take the encryption away."""
    async with open_office() as office:
        with pytest.raises(OSError, match="mail server did not take"):
            await mailer(office, trust).send("a@b.test", subject="s", text="t")
        assert office.letters == []
        await mailer(office, trust, encryption="none").send("a@b.test", subject="s", text="t")
        assert len(office.letters) == 1


async def test_a_server_with_a_strange_certificate_gets_nothing(
    server_tls: ssl.SSLContext,
) -> None:
    """It is not the one that was meant."""
    async with open_office(starttls=server_tls) as office:
        with pytest.raises(OSError, match=r"."):
            await mailer(office, ssl.create_default_context()).send(
                "a@b.test", subject="s", text="t"
            )
    assert office.letters == []


async def test_the_mailer_signs_in(trust: ssl.SSLContext, server_tls: ssl.SSLContext) -> None:
    """And is turned away with the wrong password."""
    async with open_office(starttls=server_tls, closed=True) as office:
        login = {"username": "hub", "password": "s3cret"}
        await mailer(office, trust, **login).send("a@b.test", subject="s", text="t")
        assert office.logins == [(b"hub", b"s3cret")]
        with pytest.raises(OSError, match="SMTPAuthenticationError") as caught:
            await mailer(office, trust, **{**login, "password": "wr0ng"}).send(
                "a@b.test", subject="s", text="t"
            )
    assert "wr0ng" not in str(caught.value)
    assert len(office.letters) == 1


async def test_a_server_that_refuses_or_is_away_is_an_oserror(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """So that the job is tried again; the text names no address."""
    async with open_office(starttls=server_tls) as office:
        office.refuses = True
        with pytest.raises(OSError, match="did not take") as caught:
            await mailer(office, trust).send("ada@b.test", subject="s", text="t")
    assert "ada" not in str(caught.value)
    with pytest.raises(OSError, match=r"."):
        await mailer(office, trust).send("ada@b.test", subject="s", text="t")


@pytest.mark.parametrize("to", ["a@b.test\r\nBcc: x@y.z", "a@b.test\nx", "a@b.test\r"])
async def test_an_address_cannot_smuggle_headers_in(to: str, trust: ssl.SSLContext) -> None:
    """Nothing is sent at all."""
    async with open_office() as office:
        with pytest.raises(ValueError, match=r"."):
            await mailer(office, trust, encryption="none").send(to, subject="s", text="t")
    assert office.letters == []

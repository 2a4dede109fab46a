"""Messages as a real mail server gets them."""

import ssl
from typing import Any

import pytest
import trustme

from server.house import Letter
from server.mail import MailServer, SmtpMailer
from tests.support.clock import MovableClock
from tests.support.post_office import PostOffice, open_office


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


def mailer(office: PostOffice, trust: ssl.SSLContext, **options: Any) -> SmtpMailer:
    """Return a mailer that hands in there."""
    server = MailServer(host="localhost", port=office.port, **options)
    name = "Ward 7, Ünîts"
    return SmtpMailer(server, sender="hub@hub.test", clock=MovableClock(), name=name, trust=trust)


def letter_to(to: str = "a@b.test", **parts: str) -> Letter:
    """Return a letter that says little."""
    return Letter(to=to, **{"subject": "s", "text": "t", "html": "<p>t</p>", **parts})


async def test_a_message_arrives_as_it_was_written(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """In any script, with what a message needs, over TLS."""
    text = "Grüße,\n.\n" + "long " * 300 + "\n手紙 ✉\n"
    async with open_office(starttls=server_tls) as office:
        sender = mailer(office, trust)
        subject = "Somebody\r\nBcc: x@y.z answered ✓"
        html = "<p>Grüße, <b>手紙</b></p>\n"
        await sender.send(letter_to("ada@example.org", subject=subject, text=text, html=html))
    [(sender_address, recipients, letter)] = office.letters
    assert (sender_address, recipients) == ("hub@hub.test", ["ada@example.org"])
    assert letter.get_content_type() == "multipart/alternative"
    plain, rich = letter.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == text
    assert rich.get_content().replace("\r\n", "\n") == html
    assert letter["Subject"] == "Somebody Bcc: x@y.z answered ✓"
    assert letter["Bcc"] is None
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == '"Ward 7, Ünîts" <hub@hub.test>'
    assert letter["Date"] == "Mon, 01 Mar 2027 09:00:00 +0000"
    assert letter["Message-ID"].endswith("@hub.test>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None


async def test_a_mail_program_is_told_the_way_out(trust: ssl.SSLContext) -> None:
    """In the two headers that make it one click (RFC 8058 §3.1)."""
    way_out = "https://hub.test/letters/digest/7/" + "t" * 43
    async with open_office() as office:
        await mailer(office, trust, encryption="none").send(letter_to(way_out=way_out))
    [(_, _, letter)] = office.letters
    assert letter["List-Unsubscribe"] == f"<{way_out}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_tls_may_stand_from_the_beginning(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """As on port 465."""
    async with open_office(tls=server_tls) as office:
        await mailer(office, trust, encryption="tls").send(letter_to())
    assert len(office.letters) == 1


async def test_a_server_without_tls_gets_nothing(trust: ssl.SSLContext) -> None:
    """Unless it was asked for; a man in the middle can't take the encryption away."""
    async with open_office() as office:
        with pytest.raises(OSError, match="mail server did not take"):
            await mailer(office, trust).send(letter_to())
        assert office.letters == []
        await mailer(office, trust, encryption="none").send(letter_to())
        assert len(office.letters) == 1


async def test_a_server_with_a_strange_certificate_gets_nothing(
    server_tls: ssl.SSLContext,
) -> None:
    """It is not the one that was meant."""
    async with open_office(starttls=server_tls) as office:
        with pytest.raises(OSError, match=r"."):
            await mailer(office, ssl.create_default_context()).send(letter_to())
    assert office.letters == []


async def test_the_mailer_signs_in(trust: ssl.SSLContext, server_tls: ssl.SSLContext) -> None:
    """And is turned away with the wrong password."""
    async with open_office(starttls=server_tls, closed=True) as office:
        login = {"username": "hub", "password": "s3cret"}
        await mailer(office, trust, **login).send(letter_to())
        assert office.logins == [(b"hub", b"s3cret")]
        with pytest.raises(OSError, match="SMTPAuthenticationError") as caught:
            await mailer(office, trust, **{**login, "password": "wr0ng"}).send(letter_to())
    assert "wr0ng" not in str(caught.value)
    assert len(office.letters) == 1


async def test_a_server_that_refuses_or_is_away_is_an_oserror(
    trust: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    """So that the job is tried again; the text names no address."""
    async with open_office(starttls=server_tls) as office:
        office.refuses = True
        with pytest.raises(OSError, match="did not take") as caught:
            await mailer(office, trust).send(letter_to("ada@b.test"))
    assert "ada" not in str(caught.value)
    with pytest.raises(OSError, match=r"."):
        await mailer(office, trust).send(letter_to("ada@b.test"))


@pytest.mark.parametrize("to", ["a@b.test\r\nBcc: x@y.z", "a@b.test\nx", "a@b.test\r"])
async def test_an_address_cannot_smuggle_headers_in(to: str, trust: ssl.SSLContext) -> None:
    """Nothing is sent at all."""
    async with open_office() as office:
        with pytest.raises(ValueError, match=r"."):
            await mailer(office, trust, encryption="none").send(letter_to(to))
    assert office.letters == []

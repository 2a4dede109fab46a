"""E-mail over SMTP."""

import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Literal

import aiosmtplib

from federation.ports import Clock
from server.house import Letter

TIMEOUT = 30.0
"""Seconds for each step."""
SUBJECT_LIMIT = 200
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where messages are handed in, and how."""

    host: str
    port: int = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class SmtpMailer:
    """Hands one message at a time to a mail server; fulfils `server.house.Mailer`."""

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        clock: Clock,
        name: str = "",
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare; nothing is connected.

        `name` is shown beside the sender's address; `trust` says whose certificates are believed
        (unless given, those the machine believes). Raises ValueError where `sender` is no address.
        """
        self._server, self._clock = server, clock
        self._sender = Address(display_name=_one_line(name), addr_spec=sender)
        self._trust = trust or ssl.create_default_context()

    async def send(self, letter: Letter) -> None:
        """Send one message to one address.

        Raises OSError where the server cannot be reached or does not take it, and ValueError where
        `letter.to` is no address.
        """
        message, server = self._written(letter), self._server
        try:
            await aiosmtplib.send(
                message,
                sender=self._sender.addr_spec,
                recipients=[letter.to],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.encryption == "tls",
                start_tls=server.encryption == "starttls",
                tls_context=None if server.encryption == "none" else self._trust,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPException as error:
            # Its text may hold the address; the name of the class says enough.
            reason = f"the mail server did not take the message ({type(error).__name__})"
            raise OSError(reason) from error

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = _one_line(letter.subject)[:SUBJECT_LIMIT]
        message["Date"] = format_datetime(self._clock.now())
        made = make_msgid(domain=self._sender.domain)
        message["Message-ID"] = f"<{letter.key}@{self._sender.domain}>" if letter.key else made
        # So that out-of-office programs keep quiet (RFC 3834 §5).
        message["Auto-Submitted"] = "auto-generated"
        if letter.way_out:  # RFC 2369 §3.2, RFC 8058 §3.1
            message["List-Unsubscribe"] = f"<{letter.way_out}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        return message


def _one_line(text: str) -> str:
    return " ".join(text.split())

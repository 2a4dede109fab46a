"""A real mail server on loopback that keeps what it is handed."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


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

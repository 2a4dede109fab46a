"""E-mail: letters from templates, over SMTP, with a way to get no more of them."""

from server.mail.letters import written
from server.mail.service import Ended, end, is_way_out, way_out
from server.mail.smtp import MailServer, SmtpMailer

__all__ = [
    "Ended", "MailServer", "SmtpMailer", "end", "is_way_out", "way_out", "written",
]  # fmt: skip
